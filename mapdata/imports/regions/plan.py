"""What a file of regions would make: rows with boundaries, known by their code."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import shapely
from django.utils.translation import gettext as _

from mapdata.drawing.basemap import RegionShape
from mapdata.imports import matching
from mapdata.imports.decisions import Decision
from mapdata.imports.files.columns import text_of
from mapdata.imports.files.reading import Feature, Reading
from mapdata.imports.files.records import Refusal, Unreadable
from mapdata.imports.plans import Plan, of_reading, split
from mapdata.models import Region, SituationMap

# Longest values that the table takes, by field.
LIMITS = {"code": 20, "name": 100, "kind": 50}


@dataclass(frozen=True)
class RegionsPlan(Plan):
    """`regions` are what the rows would become; `there` are the codes that the table has already."""

    regions: tuple[RegionShape, ...] = ()
    there: frozenset[str] = frozenset()

    def details(self) -> dict:
        return {"new": len(self.regions) - len(self.there), "known": len(self.there)}


def plan(
    reading: Reading, map_: SituationMap | None, decision: Decision, progress: Callable[[int, int], None] | None = None
) -> RegionsPlan:
    """The regions in the file. They belong to no map: `map_` is there because all kinds are planned alike."""
    features, left_out = split(reading, "ground")
    match = matching.guess("regions", [field.name for field in reading.fields], decision.match, _codes(features))
    undecided, offered = of_reading(reading)
    if features and "code" not in match:
        undecided.append(_("Say which column has the code of a region."))
    if features and not matching.named("name", match):
        undecided.append(_("Say which column has the name of a region."))
    found: dict[str, RegionShape] = {}
    refused: list[Refusal] = list(reading.refused)
    for feature in features if not undecided or offered else ():
        try:
            region = region_of(feature, match)
            if region.code in found:
                raise Unreadable(_("%(code)s was there before.") % {"code": region.code})
            found[region.code] = region
        except Unreadable as why:
            refused.append(Refusal(feature.number, str(why)))
    there = Region.objects.filter(code__in=list(found)).values_list("code", flat=True)
    return RegionsPlan(
        reading=reading, decision=decision, imported=len(found) if found or not undecided else len(features),
        refused=tuple(refused), left_out=tuple(left_out), warnings=reading.warnings, undecided=tuple(undecided),
        notes=reading.notes, matching=match, proposals=tuple(offered), regions=tuple(found.values()),
        there=frozenset(there),
    )  # fmt: skip


def _codes(features: Sequence[Feature]) -> Callable[[str, str], bool]:
    """A column in which a value comes twice has no codes."""

    def fits(field: str, column: str) -> bool:
        said = [text_of(feature.properties.get(column)) for feature in features]
        return field != "code" or len(set(said)) == len(said)

    return fits


def region_of(feature: Feature, match: Mapping[str, str]) -> RegionShape:
    """Raises Unreadable, with the reason, for a feature that is no region."""
    said = {field: text_of(feature.properties.get(column)) for field, column in match.items()}
    names = matching.texts("name", said)
    code, kind = said.get("code", ""), said.get("kind", "")
    for value, words in ((code, _("It has no code.")), (names, _("It has no name."))):
        if not value:
            raise Unreadable(words)
    for value, limit in (
        (code, LIMITS["code"]),
        *((name, LIMITS["name"]) for name in names.values()),
        (kind, LIMITS["kind"]),
    ):
        if len(value) > limit:
            words = _("“%(value)s” is longer than %(limit)s characters.")
            raise Unreadable(words % {"value": value[:40], "limit": limit})
    ground = feature.ground
    if ground.is_empty:
        raise Unreadable(_("Its outline encloses no ground."))
    return RegionShape(code=code, names=names, kind=kind, boundary=ground, label=shapely.point_on_surface(ground))
