"""What a file can become, by the kind that somebody chose."""

from collections.abc import Callable
from types import ModuleType

from mapdata.imports import areas, events, places, regions
from mapdata.imports.decisions import Decision
from mapdata.imports.files.reading import Reading
from mapdata.imports.plans import Plan
from mapdata.models import SituationMap

MODULES: dict[str, ModuleType] = {"control": areas, "regions": regions, "events": events, "places": places}


Progress = Callable[[int, int], None]


def plan(reading: Reading, map_: SituationMap, decision: Decision, progress: Progress | None = None) -> Plan:
    """What would be made; nothing is written. `progress(done, total)` may raise to stop."""
    return MODULES[decision.kind].plan(reading, map_, decision, progress)


def store(plan: Plan, by=None, progress: Progress | None = None):
    """Make it, all or nothing. Raises Undecided or Refused, or what `progress` raises to stop; then nothing is there.

    Answers an `editions.Report` for control, else how many rows were added (and changed, and unchanged).
    """
    return MODULES[plan.decision.kind].store(plan, by, progress)
