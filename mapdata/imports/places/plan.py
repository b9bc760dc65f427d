"""What a file of points with names would make: places of the gazetteer, known by their code."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.utils.text import slugify
from django.utils.translation import gettext as _

from mapdata.imports import matching
from mapdata.imports.decisions import Decision
from mapdata.imports.files.columns import text_of
from mapdata.imports.files.reading import Feature, Reading
from mapdata.imports.files.records import Refusal, Unreadable
from mapdata.imports.plans import Plan, of_reading, split
from mapdata.models import Place, Region, SituationMap
from mapdata.models.places import folded
from newsroom.texts.languages import first_language, in_language

_LIMITS = {"name": 150, "kind": 50}
_BATCH = 1000


@dataclass(frozen=True)
class PlacesPlan(Plan):
    """`places` are unsaved; `there` are the codes that the table has already."""

    places: tuple[Place, ...] = ()
    there: frozenset[str] = frozenset()

    def details(self) -> dict:
        return {"new": len(self.places) - len(self.there), "known": len(self.there)}


def plan(
    reading: Reading, map_: SituationMap | None, decision: Decision, progress: Callable[[int, int], None] | None = None
) -> PlacesPlan:
    """The places in the file. They belong to no map: `map_` is there because all kinds are planned alike."""
    features, left_out = split(reading, "point")
    match = matching.guess("places", [field.name for field in reading.fields], decision.match)
    undecided, offered = of_reading(reading)
    named = matching.named("name", match)
    if features and not named:
        undecided.append(_("Say which column has the name of a place."))
    found: dict[str, Place] = {}
    refused = list(reading.refused)
    regions = regions_by_name()
    for feature in features if named else ():
        try:
            place = _place(feature, match, reading.name, regions)
            if place.code in found:
                raise Unreadable(_("The same place was there before: %(code)s.") % {"code": place.code})
            found[place.code] = place
        except Unreadable as why:
            refused.append(Refusal(feature.number, str(why)))
    there = _present(list(found))
    return PlacesPlan(
        reading=reading, decision=decision, imported=len(found) if named else len(features),
        refused=tuple(refused), left_out=tuple(left_out), warnings=reading.warnings, undecided=tuple(undecided),
        notes=reading.notes, matching=match, proposals=tuple(offered), places=tuple(found.values()),
        there=frozenset(there),
    )  # fmt: skip


def regions_by_name() -> dict[str, int]:
    """Regions by their code and by their names, folded."""
    found: dict[str, int] = {}
    for pk, code, names in Region.objects.values_list("pk", "code", "name"):
        found |= {folded(name): pk for name in (code, *names.values())}
    return found


def _place(feature: Feature, match: dict[str, str], file: str, regions: dict[str, int]) -> Place:
    """Raises Unreadable, with the reason, for a feature that is no place."""

    def said(field: str) -> str:
        return text_of(feature.properties.get(match[field])) if field in match else ""

    names = matching.texts("name", {field: said(field) for field in match})
    if not names:
        raise Unreadable(_("It has no name."))
    for name in names.values():
        if len(name) > _LIMITS["name"]:
            words = _("“%(value)s” is longer than %(limit)s characters.")
            raise Unreadable(words % {"value": name[:40], "limit": _LIMITS["name"]})
    point = feature.point
    region = regions.get(folded(said("region"))) if said("region") else None
    place = Place(
        name=names, kind=said("kind")[: _LIMITS["kind"]],
        code=_code(said("code"), match.get("code", ""), file, in_language(names, first_language()), point),
        lon=point.x, lat=point.y, population=_number(said("population")), region_id=region,
    )  # fmt: skip
    place.fold()
    return place


def _code(said: str, column: str, file: str, name: str, point) -> str:
    """What the source calls it, with the source; without such a name, one of where it lies and how it is called."""
    if said:
        source = "geonames" if column.casefold().replace("_", "").startswith("geoname") else slugify(Path(file).stem)
        code = f"{source[:20]}:{said}"
        return code if len(code) <= 60 else f"{source[:20]}:{hashlib.sha256(said.encode()).hexdigest()[:32]}"
    where = f"{point.x:.4f},{point.y:.4f},{folded(name)}"
    return f"at:{hashlib.sha256(where.encode()).hexdigest()[:32]}"


def _number(text: str) -> int:
    """Inhabitants: 2.952.301, 2 952 301 and 2952301.0 alike; 0 for what is no number."""
    text = text.strip().replace("\u00a0", " ")
    if re.fullmatch(r"\d{1,3}([., '’]\d{3})+", text):
        text = re.sub(r"\D", "", text)
    found = re.fullmatch(r"(\d{1,9})([.,]\d+)?", text)
    return int(found[1]) if found else 0


def _present(codes: list[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(codes), _BATCH):
        wanted = codes[start : start + _BATCH]
        found |= set(Place.objects.filter(code__in=wanted).values_list("code", flat=True))
    return found
