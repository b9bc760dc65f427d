"""What a file of control areas would make: the areas of an edition, and what must still be said of them."""

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from shapely import box

from mapdata.ground.areas import Area
from mapdata.imports.control import guesses
from mapdata.imports.control.assigning import NOTHING, Assignment, assign, pieces_of
from mapdata.imports.decisions import NOWHERE, Decision
from mapdata.imports.files import dating
from mapdata.imports.files.columns import Field, fields_of, text_of
from mapdata.imports.files.proposals import AS_IT_IS, Bounds
from mapdata.imports.files.reading import Feature, Reading
from mapdata.imports.files.records import Refusal
from mapdata.imports.plans import Plan, of_reading, split
from mapdata.imports.provenance import situation_of
from mapdata.models import SituationMap

# As many as somebody reads through.
_LISTED = 50


@dataclass(frozen=True)
class ControlPlan(Plan):
    """`field` is the property that says who holds ground, `values` how many features say what.

    `wanted` are the features whose value is not skipped, `assignment` the areas of the edition, once all values have a
    meaning. `elsewhere` says that nothing of them lies on the map.
    """

    map: SituationMap | None = None
    field: str = ""
    values: Mapping[str, int] = dataclasses.field(default_factory=dict)
    wanted: tuple[Feature, ...] = ()
    assignment: Assignment = NOTHING
    elsewhere: bool = False

    @property
    def areas(self) -> tuple[Area, ...]:
        return self.assignment.areas

    @property
    def moment(self) -> dating.Moment | None:
        """Of when the picture is: as somebody said, or as the file says itself."""
        return self.decision.at or self.reading.moment

    @property
    def situation_at(self) -> datetime | None:
        return situation_of(self.moment, self.map) if self.moment else None

    @property
    def repaired(self) -> tuple[Feature, ...]:
        return tuple(feature for feature in self.wanted if feature.repairs)

    def details(self) -> dict:
        """Areas by value in km², and what overlapped."""
        return {
            "field": self.field,
            "values": self.values,
            "areas": self.rounded_areas(),
            "overlap_km2": round(self.assignment.overlap_km2, 2),
            "overlaps": self.rounded_overlaps(),
        }

    def rounded_areas(self) -> dict[str, float]:
        return {value: round(km2, 2) for value, km2 in self.assignment.area_km2.items()}

    def rounded_overlaps(self) -> list[dict]:
        return [
            {"kept": first, "lost": second, "km2": round(km2, 2)}
            for (first, second), km2 in self.assignment.overlaps.items()
        ]


def no_day() -> str:
    """What is said where nothing says which day the picture is of."""
    return _("Neither its name nor its content says which day it shows.")


def plan(
    reading: Reading, map_: SituationMap, decision: Decision, progress: Callable[[int, int], None] | None = None
) -> ControlPlan:
    """The areas that the file makes; without a meaning for each value it only says what is in it."""
    features, unfit = split(reading, "ground")
    name = _field_of(features, decision)

    def value_of(one: Feature | Refusal) -> str:
        return text_of(one.properties.get(name))

    def is_skipped(one: Feature | Refusal) -> bool:
        return value_of(one) in decision.skip

    values = Counter(map(value_of, features))
    wanted = tuple(feature for feature in features if not is_skipped(feature))
    # What is skipped need not be ground, nor anything that can be read.
    skipped = [Refusal(one.number, _skipped(value_of(one))) for one in features if is_skipped(one)]
    for one in (*reading.refused, *unfit):
        if one.feature and is_skipped(one):
            skipped.append(Refusal(one.feature, _skipped(value_of(one))))
    unread = [one for one in reading.refused if one.feature is None or not is_skipped(one)]
    unfit = [one for one in unfit if not is_skipped(one)]
    refused, left_out = (unread + unfit, skipped) if decision.whole else (unread, unfit + skipped)

    undecided, offered = of_reading(reading)
    unknown = [value for value in values if value not in decision.meanings and value not in decision.skip]
    if unknown:
        undecided.append(_who_holds_it(name, unknown, reading))
    if decision.at is None and reading.moment is None and reading.count:
        undecided.append(no_day())
    assignment, notes, elsewhere = NOTHING, list(reading.notes), False
    if not unknown and not (decision.whole and refused):
        assignment = assign(pieces_of(wanted, name), decision.meanings) if wanted else NOTHING
        if all(area.ground.is_empty for area in assignment.areas) and (features or decision.whole):
            refused.append(Refusal(None, _("There is no ground in the file that is to be imported.")))
        elif AS_IT_IS not in decision.accept and not offered and not _meets(assignment.areas, map_.bounds):
            elsewhere = True
            west, south, east, north = map_.bounds
            if _meets(assignment.areas, (south, west, north, east)):
                undecided.append(_("Latitude and longitude seem to be swapped: nothing lies on this map."))
            else:
                notes.append(_("Nothing in the file lies on this map."))
    imported = 0 if any(one.feature is None for one in refused) or (decision.whole and refused) else len(wanted)
    return ControlPlan(
        reading=reading, decision=decision, imported=imported, refused=_in_order(refused),
        left_out=_in_order(left_out), warnings=reading.warnings, undecided=tuple(undecided), notes=tuple(notes),
        matching={"field": name} if name else {}, proposals=tuple(offered), map=map_, field=name, values=dict(values),
        wanted=wanted, assignment=assignment, elsewhere=elsewhere,
    )  # fmt: skip


def ground_fields(reading: Reading) -> tuple[Field, ...]:
    """What stands in the columns of the features that are ground: those of others say nothing of who holds it."""
    return fields_of(feature.properties for feature in reading.features if feature.kind == "ground")


def _field_of(features: Sequence[Feature], decision: Decision) -> str:
    """The property that was named, or guessed; none where somebody said so, or gave all ground one meaning."""
    said = decision.field or decision.match.get("field")
    if said:
        return "" if said == NOWHERE else said
    if "field" in decision.match or set(decision.meanings) == {""}:
        return ""
    return guesses.column(fields_of(feature.properties for feature in features))


def _who_holds_it(name: str, unknown: Sequence[str], reading: Reading) -> str:
    """What must be said of values that nobody gave a meaning."""
    if not name:
        return _("Nothing in the file says who holds it. Say who holds this ground.")
    if reading.field(name) is None:
        listed = ", ".join(field.name for field in reading.fields) or "–"
        return _("No feature has a field “%(field)s”. There are: %(fields)s.") % {"field": name, "fields": listed}
    listed = ", ".join(f"“{value}”" for value in unknown[:_LISTED]) + (" …" if len(unknown) > _LISTED else "")
    words = _("Say what these values of “%(field)s” mean, or skip them: %(values)s.")
    return words % {"field": name, "values": listed}


def _skipped(value: str) -> str:
    return _("Its value “%(value)s” is skipped.") % {"value": value}


def _in_order(refusals: Iterable[Refusal]) -> tuple[Refusal, ...]:
    """By their numbers; what concerns the file as a whole comes last."""
    return tuple(sorted(refusals, key=lambda one: (one.feature is None, one.feature or 0)))


def _meets(areas: Sequence[Area], bounds: Bounds) -> bool:
    frame = box(*bounds)
    return any(area.ground.intersects(frame) for area in areas)
