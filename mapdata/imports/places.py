"""The gazetteer: from any file of points with names, and the one that is shipped (mapdata/data/places.csv.gz)."""

import csv
import gzip
import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from mapdata.basemap import LANGUAGES
from mapdata.imports import matching
from mapdata.imports.decisions import Decision
from mapdata.imports.fields import text_of
from mapdata.imports.files import Feature, Reading
from mapdata.imports.geojson import Unreadable
from mapdata.imports.plans import Plan, Refusal, of_reading, split
from mapdata.models import Place, Region, SituationMap
from mapdata.models.places import folded
from newsroom.names import first_language, in_language

SHIPPED = Path(__file__).resolve().parent.parent / "data" / "places.csv.gz"
_LIMITS = {"name": 150, "kind": 50}
_FIELDS = ("name", "kind", "lon", "lat", "population", "region_id", "folded")
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
    regions = _regions()
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


def store(plan: PlacesPlan, by=None, progress: Callable[[int, int], None] | None = None) -> dict[str, int]:
    """Write all places or none; how many were added, changed and unchanged. Raises Undecided."""
    plan.refuse_undecided()
    with transaction.atomic():
        return write(plan.places, progress)


def write(places: Sequence[Place], progress: Callable[[int, int], None] | None = None) -> dict[str, int]:
    """Add places, and bring those up to date that the table has by their code; within the caller's transaction."""
    count = {"added": 0, "changed": 0, "unchanged": 0}
    for start in range(0, len(places), _BATCH):
        batch = places[start : start + _BATCH]
        there = {place.code: place for place in Place.objects.filter(code__in=[place.code for place in batch])}
        new = [place for place in batch if place.code not in there]
        changed = []
        for place in batch:
            old = there.get(place.code)
            if old:
                # A name in a language that the file does not speak stays.
                place.name = {**old.name, **place.name}
                place.fold()
            if old and any(getattr(old, name) != getattr(place, name) for name in _FIELDS):
                for name in _FIELDS:
                    setattr(old, name, getattr(place, name))
                changed.append(old)
        Place.objects.bulk_create(new)
        Place.objects.bulk_update(changed, [name.removesuffix("_id") for name in _FIELDS], batch_size=200)
        count["added"] += len(new)
        count["changed"] += len(changed)
        count["unchanged"] += len(batch) - len(new) - len(changed)
        if progress:
            progress(min(start + _BATCH, len(places)), len(places))
    return count


def shipped() -> Iterator[Place]:
    """The places that come with the product, unsaved, with the regions that the table has."""
    regions = _regions()
    with gzip.open(SHIPPED, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            place = Place(
                code=f"geonames:{row['geonameid']}",
                name={language: row[f"name_{language}"] for language in LANGUAGES},
                lon=float(row["lon"]),
                lat=float(row["lat"]),
                population=int(row["population"] or 0),
                region_id=regions.get(folded(row["region"])),
            )
            place.fold()
            yield place


def _regions() -> dict[str, int]:
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
