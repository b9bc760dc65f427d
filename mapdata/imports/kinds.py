"""What a file can become, by the kind that somebody chose."""

from collections.abc import Callable
from typing import Any, NamedTuple

from mapdata.imports.control.plan import plan as plan_control
from mapdata.imports.control.store import store as store_control
from mapdata.imports.decisions import Decision
from mapdata.imports.events.plan import plan as plan_events
from mapdata.imports.events.store import store as store_events
from mapdata.imports.files.reading import Progress, Reading
from mapdata.imports.places.plan import plan as plan_places
from mapdata.imports.places.store import store as store_places
from mapdata.imports.plans import Plan
from mapdata.imports.regions.plan import plan as plan_regions
from mapdata.imports.regions.store import store as store_regions
from mapdata.models import SituationMap


class Kind(NamedTuple):
    """Both are told of progress, which may raise to stop."""

    plan: Callable[..., Plan]
    store: Callable[..., Any]


KINDS = {
    "control": Kind(plan_control, store_control),
    "regions": Kind(plan_regions, store_regions),
    "events": Kind(plan_events, store_events),
    "places": Kind(plan_places, store_places),
}


def plan(reading: Reading, map_: SituationMap, decision: Decision, progress: Progress | None = None) -> Plan:
    """What would be made; nothing is written. `progress(done, total)` may raise to stop."""
    return KINDS[decision.kind].plan(reading, map_, decision, progress)


def store(plan: Plan, by=None, progress: Progress | None = None):
    """Make it, all or nothing. Raises Undecided or Refused, or what `progress` raises to stop; then nothing is there.

    Answers a `Report` for control, else how many rows were added (and changed, and unchanged).
    """
    return KINDS[plan.decision.kind].store(plan, by, progress)
