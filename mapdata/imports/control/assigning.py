"""One file that says who holds what, read and assigned to holdings; nothing is written.

`read` takes a GeoJSON file as it is found and says what it holds, what was repaired and what cannot be; `assign` says
what each value of a field means and makes the areas of an edition of it. Coordinates and units as in `mapdata.ground`.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from shapely import MultiPolygon

from mapdata.ground.areas import Area, Holding, area_km2, merged, partition
from mapdata.imports.files import dating, geojson
from mapdata.imports.files.records import Refusal, Unreadable


@dataclass(frozen=True)
class Feature:
    """One feature: its number (from 1), what the field says, its ground, and what was repaired."""

    number: int
    value: str
    ground: MultiPolygon
    repairs: tuple[str, ...] = ()
    changed_km2: float = 0.0


@dataclass(frozen=True)
class Reading:
    """What is in a file. `count` is of all features; `moment` is a date, or a moment with or without time zone."""

    name: str
    digest: str
    count: int = 0
    features: tuple[Feature, ...] = ()
    refused: tuple[Refusal, ...] = ()
    notes: tuple[str, ...] = ()
    moment: dating.Moment | None = None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Assignment:
    """The areas that a file makes, or why it makes none (`refused`); areas and overlaps in km²."""

    areas: tuple[Area, ...] = ()
    refused: tuple[Refusal, ...] = ()
    repaired: tuple[Feature, ...] = ()
    area_km2: Mapping[str, float] = ()
    overlaps: Mapping[tuple[str, str], float] = ()

    @property
    def overlap_km2(self) -> float:
        return sum(self.overlaps.values(), 0.0)


def read(path: Path, field: str = "status") -> Reading:
    """Read one file. Never raises for what is in it: what cannot be understood is in `refused`, all of it."""
    try:
        data = path.read_bytes()
    except OSError as error:
        return Reading(path.name, "", refused=(Refusal(None, _("The file cannot be read: %s") % error.strerror),))
    digest = hashlib.sha256(data).hexdigest()
    try:
        document = geojson.load(data)
    except Unreadable as why:
        return Reading(path.name, digest, refused=(Refusal(None, str(why)),))
    features: list[Feature] = []
    refused: list[Refusal] = []
    heights = 0
    for number, feature in enumerate(document.features, start=1):
        value = _value(feature, field)
        try:
            if not isinstance(feature, dict) or feature.get("type") != "Feature":
                raise Unreadable(_("It is no feature."))
            shape = geojson.shape_of(feature.get("geometry"), document.to_degrees)
        except Unreadable as why:
            refused.append(Refusal(number, str(why), value))
            continue
        heights += shape.has_heights
        features.append(Feature(number, value, shape.ground, shape.repairs, shape.changed_km2))
    if heights:
        document.notes.append(_("Heights were left out in %(count)s features.") % {"count": heights})
    properties = [_properties(feature) for feature in document.features]
    return Reading(
        name=path.name,
        digest=digest,
        count=len(document.features),
        features=tuple(features),
        refused=tuple(refused),
        notes=tuple(document.notes),
        moment=dating.from_name(path.stem) or dating.from_members(document.members) or dating.from_features(properties),
        fields=tuple(sorted({name for members in properties for name in members})),
    )


def assign(
    reading: Reading, meanings: Mapping[str, Holding], skip: Collection[str] = (), field: str = "status"
) -> Assignment:
    """The areas of an edition from what was read, given in order what each value of the field means.

    Where the ground of two values overlaps it goes to the one that comes first in `meanings`, within a layer (claims
    do not take assessed ground). A value in neither `meanings` nor `skip` refuses the file; so does a feature that
    could not be read, unless its value is skipped.
    """
    wanted = [feature for feature in reading.features if feature.value not in skip]
    refused = [refusal for refusal in reading.refused if refusal.value is None or refusal.value not in skip]
    refused += _unknown(reading, meanings, skip, field)
    if not refused and not any(not feature.ground.is_empty for feature in wanted):
        refused.append(Refusal(None, _("There is no ground in the file that is to be imported.")))
    repaired = tuple(feature for feature in wanted if feature.repairs)
    if refused:
        return Assignment(refused=tuple(refused), repaired=repaired, area_km2={}, overlaps={})
    areas: list[Area] = []
    by_value: dict[str, float] = {}
    overlaps: dict[tuple[str, str], float] = {}
    for layer in dict.fromkeys(holding.layer for holding in meanings.values()):
        claims = [
            (value, [feature.ground for feature in wanted if feature.value == value])
            for value, holding in meanings.items()
            if holding.layer == layer
        ]
        divided = partition((value, grounds) for value, grounds in claims if grounds)
        overlaps |= divided.overlap_km2
        by_value |= {value: area_km2(ground) for value, ground in divided.ground.items()}
        areas += [Area(meanings[value], ground) for value, ground in divided.ground.items()]
    return Assignment(merged(areas), (), repaired, by_value, overlaps)


def _unknown(reading: Reading, meanings: Mapping[str, Holding], skip: Collection[str], field: str) -> list[Refusal]:
    """Values that the file has and the caller did not mention."""
    said = {feature.value for feature in reading.features} | {refusal.value for refusal in reading.refused} - {None}
    unknown = sorted(said - set(meanings) - set(skip))
    if not unknown:
        return []
    if unknown == [""] and field not in reading.fields:
        return [
            Refusal(
                None,
                _("No feature has a field “%(field)s”. There are: %(fields)s.")
                % {"field": field, "fields": ", ".join(reading.fields) or "–"},
            )
        ]
    listed = ", ".join(f"“{value}”" for value in unknown)
    return [Refusal(None, _("Say what these values mean, or skip them: %(values)s.") % {"values": listed})]


def _properties(feature: Any) -> Mapping[str, Any]:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    return properties if isinstance(properties, dict) else {}


def _value(feature: Any, field: str) -> str:
    """What the field says, as text; empty where it says nothing."""
    value = _properties(feature).get(field)
    return "" if value is None else str(value).strip()
