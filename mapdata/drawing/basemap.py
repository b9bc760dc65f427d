"""The map that every drawing stands on, and the first-level regions: read from one compact file that is shipped.

`data/basemap.topo.json.gz` is TopoJSON; data/ORIGIN.md says where it comes from, tools/make_basemap.py makes it. All
that is given out is WGS84 longitude/latitude in degrees. Borders that two shapes share have the same vertices in both
(a coverage). Read once in a process; what comes out is shared and must not be changed.
"""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import MultiLineString, MultiPolygon, Point

FILE = Path(__file__).resolve().parent.parent / "data" / "basemap.topo.json.gz"
LANGUAGES = ("nl", "en", "uk")


@dataclass(frozen=True)
class RegionShape:
    """A first-level unit. `code` is ISO 3166-2; `kind` is oblast, city or autonomous republic; `label` lies inside."""

    code: str
    names: Mapping[str, str]
    kind: str
    boundary: MultiPolygon
    label: Point
    level: int = 1


@dataclass(frozen=True)
class CountryShape:
    """A neighbouring country, as far as the file reaches. `code` is ISO 3166-1."""

    code: str
    names: Mapping[str, str]
    boundary: MultiPolygon


@dataclass(frozen=True)
class River:
    names: Mapping[str, str]
    rank: int
    course: MultiLineString


@dataclass(frozen=True)
class City:
    """A town that may be named; rank 1 is the capital, 6 a small town. `abroad`: in another country."""

    names: Mapping[str, str]
    rank: int
    lon: float
    lat: float
    abroad: bool = False


@dataclass(frozen=True)
class Span:
    """The name of something without a point (a sea, a part of the country), and where it may stand."""

    names: Mapping[str, str]
    lon: float
    lat: float


def language_of_names(*languages: str | None) -> str:
    """The language in which names are given to who reads these ("nl", "en-gb", ...), the first that there is; else
    English."""
    known = [short for language in languages if (short := (language or "").split("-")[0]) in LANGUAGES]
    return known[0] if known else "en"


@cache
def _topology() -> dict[str, Any]:
    return json.loads(gzip.decompress(FILE.read_bytes()))


@cache
def _arcs() -> list[np.ndarray]:
    """Each arc as an array of lon/lat. Divided, not multiplied by the scale: 0.0001 has no exact binary form, and
    the division gives the same floats as parsing the decimals would."""
    units = [round(1 / scale) for scale in _topology()["transform"]["scale"]]
    return [np.cumsum(np.array(arc, dtype=np.int64), axis=0) / units for arc in _topology()["arcs"]]


def _layer(name: str) -> list[dict[str, Any]]:
    return _topology()["objects"][name]["geometries"]


def _line(numbers: list[int]) -> np.ndarray:
    """Arcs joined end to start; ~n means arc n the other way round."""
    parts = [_arcs()[n] if n >= 0 else _arcs()[~n][::-1] for n in numbers]
    return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])


def _polygons(item: dict[str, Any]) -> MultiPolygon:
    return MultiPolygon(
        [shapely.Polygon(_line(rings[0]), [_line(hole) for hole in rings[1:]]) for rings in item["arcs"]]
    )


def _lonlat(item: dict[str, Any]) -> tuple[float, float]:
    lon, lat = item["coordinates"]
    return lon / 10_000, lat / 10_000


@cache
def regions() -> tuple[RegionShape, ...]:
    """The 27 first-level units of Ukraine, by code."""
    found = []
    for item in _layer("regions"):
        properties = item["properties"]
        found.append(
            RegionShape(
                code=properties["code"],
                names=properties["names"],
                kind=properties["kind"],
                level=properties["level"],
                boundary=_polygons(item),
                label=Point(properties["label"]),
            )
        )
    return tuple(found)


@cache
def countries() -> tuple[CountryShape, ...]:
    return tuple(
        CountryShape(item["properties"]["code"], item["properties"]["names"], _polygons(item))
        for item in _layer("countries")
    )


@cache
def rivers() -> tuple[River, ...]:
    return tuple(
        River(
            item["properties"]["names"],
            item["properties"]["rank"],
            MultiLineString([_line(numbers) for numbers in item["arcs"]]),
        )
        for item in _layer("rivers")
    )


@cache
def cities() -> tuple[City, ...]:
    """Cities, the most important first."""
    found = [City(lon=lon, lat=lat, **item["properties"]) for item in _layer("cities") for lon, lat in [_lonlat(item)]]
    return tuple(sorted(found, key=lambda city: (city.rank, city.abroad)))


@cache
def seas() -> tuple[Span, ...]:
    return tuple(Span(item["properties"]["names"], *_lonlat(item)) for item in _layer("seas"))


@cache
def areas() -> tuple[Span, ...]:
    """Parts of the country that go by a name of their own in the news."""
    return tuple(Span(item["properties"]["names"], *_lonlat(item)) for item in _layer("areas"))
