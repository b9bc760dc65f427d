"""What a file of control areas would make: the areas of an edition, and what must still be said of them."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from mapdata.ground.areas import Area
from mapdata.imports import matching
from mapdata.imports.control import assigning
from mapdata.imports.control.assigning import Assignment
from mapdata.imports.decisions import Decision
from mapdata.imports.files.columns import fields_of, text_of
from mapdata.imports.files.reading import Feature, Reading
from mapdata.imports.files.records import Refusal
from mapdata.imports.plans import Plan, of_reading, split
from mapdata.models import SituationMap

# More values than this are names, not statuses.
_FEW = 12
NOTHING = Assignment(area_km2={}, overlaps={})


@dataclass(frozen=True)
class ControlPlan(Plan):
    """`field` is the property that says who holds ground, `values` how many features say what.

    `assignment` has the areas of the edition, once all values have a meaning or are skipped.
    """

    map: SituationMap | None = None
    field: str = ""
    values: Mapping[str, int] = dataclasses.field(default_factory=dict)
    assignment: Assignment = NOTHING

    @property
    def areas(self) -> tuple[Area, ...]:
        return self.assignment.areas

    def details(self) -> dict:
        """Areas by value in km², and what overlapped."""
        return {
            "field": self.field,
            "values": self.values,
            "areas": {value: round(km2, 2) for value, km2 in self.assignment.area_km2.items()},
            "overlap_km2": round(self.assignment.overlap_km2, 2),
            "overlaps": [
                {"kept": first, "lost": second, "km2": round(km2, 2)}
                for (first, second), km2 in self.assignment.overlaps.items()
            ],
        }


def plan(
    reading: Reading, map_: SituationMap, decision: Decision, progress: Callable[[int, int], None] | None = None
) -> ControlPlan:
    """The areas that the file makes; without a meaning for each value it only says what is in it."""
    features, left_out = split(reading, "ground")
    name = _field_of(features, decision)
    values: dict[str, int] = {}
    for feature in features:
        value = text_of(feature.properties.get(name))
        values[value] = values.get(value, 0) + 1
    left_out += [
        Refusal(
            feature.number, _("Its value “%(value)s” is skipped.") % {"value": text_of(feature.properties.get(name))}
        )
        for feature in features
        if text_of(feature.properties.get(name)) in decision.skip
    ]
    wanted = [feature for feature in features if text_of(feature.properties.get(name)) not in decision.skip]
    undecided, offered = of_reading(reading)
    unknown = [value for value in values if value not in decision.meanings and value not in decision.skip]
    if unknown and features:
        listed = ", ".join(f"“{value}”" for value in unknown[:10]) + (" …" if len(unknown) > 10 else "")
        words = _("Say what these values of “%(field)s” mean, or skip them: %(values)s.")
        nothing = _("No property says who holds the ground. Say it for all of it.")
        undecided.append(words % {"field": name, "values": listed} if name else nothing)
    if decision.at is None and reading.moment is None:
        undecided.append(_("Neither its name nor its content says which day it shows."))
    assignment = NOTHING
    if not unknown and wanted:
        assignment = assigning.assign(control_reading(reading, wanted, name), decision.meanings, decision.skip, name)
    return ControlPlan(
        reading=reading, decision=decision, imported=len(wanted), refused=reading.refused, left_out=tuple(left_out),
        warnings=reading.warnings, undecided=tuple(undecided), notes=reading.notes,
        matching={"field": name} if name else {}, proposals=tuple(offered), map=map_, field=name, values=values,
        assignment=assignment,
    )  # fmt: skip


def _field_of(features: Sequence[Feature], decision: Decision) -> str:
    """The property that was named, or guessed; none where somebody said so, or gave all ground one meaning."""
    if decision.field or decision.match.get("field"):
        return decision.field or decision.match["field"]
    if "field" in decision.match or set(decision.meanings) == {""}:
        return ""
    return _guessed_field(features)


def _guessed_field(features: Sequence[Feature]) -> str:
    """A property by its name; else the first that says only a few different things. Only what says something counts."""
    fields = [field for field in fields_of(feature.properties for feature in features) if field.filled]
    found = matching.guess("control", [field.name for field in fields], {}).get("field", "")
    few = [field.name for field in fields if 0 < len(field.values) <= _FEW]
    return found or (few[0] if few else "")


def control_reading(reading: Reading, features, name: str) -> assigning.Reading:
    """The same as `assigning.read` gives, without what is refused: that was said already."""
    return assigning.Reading(
        name=reading.name,
        digest=reading.digest,
        count=reading.count,
        features=tuple(
            assigning.Feature(
                feature.number,
                text_of(feature.properties.get(name)),
                feature.ground,
                feature.repairs,
                feature.changed_km2,
            )
            for feature in features
        ),
        notes=reading.notes,
        moment=reading.moment,
        fields=tuple(field.name for field in reading.fields),
    )
