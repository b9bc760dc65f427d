"""What the desk's Leaflet maps draw, as GeoJSON in WGS84 longitude/latitude."""

import hashlib
import json
from dataclasses import asdict
from functools import lru_cache
from typing import NamedTuple, Self

import shapely
from shapely.geometry.base import BaseGeometry

from mapdata.admin.draw.forms import key_of
from mapdata.drawing import basemap
from mapdata.drawing.legend import Style, style_of
from mapdata.ground.areas import BASES, STATUSES, Holding
from mapdata.ground.measuring import area_km2
from mapdata.models import ControlArea, Edition, Party, Region
from mapdata.reading.change import in_km2
from newsroom.serving import compression
from newsroom.texts.languages import in_language


def geometry(shape: BaseGeometry) -> dict:
    """A shape as GeoJSON."""
    return json.loads(shapely.to_geojson(shape))


def feature(shape: BaseGeometry, **properties) -> dict:
    return {"type": "Feature", "properties": properties, "geometry": geometry(shape)}


def regions_stamp() -> str:
    """Another one whenever a region changed."""
    stamp = hashlib.sha256()
    for region in Region.objects.order_by("pk"):
        stamp.update(f"{region.pk} {region.code} {region}\n".encode() + region.boundary.wkb)
    return stamp.hexdigest()[:16]


@lru_cache(maxsize=4)
def base(stamp: str, language: str) -> dict[str, bytes]:
    """The ground beneath: regions as they are in the table, neighbours, rivers and towns; by content coding."""
    layers = {
        "regions": [feature(region.boundary, pk=region.pk, name=str(region)) for region in Region.objects.all()],
        "countries": [feature(country.boundary) for country in basemap.countries()],
        "rivers": [feature(river.course) for river in basemap.rivers()],
        "cities": [
            {"name": in_language(city.names, language), "rank": city.rank, "lat": city.lat, "lon": city.lon}
            for city in basemap.cities()
        ],
    }
    body = json.dumps(layers, separators=(",", ":"), ensure_ascii=False).encode()
    return compression.compressed(body, "application/json")


def areas(edition: Edition) -> list[dict]:
    """An edition's control areas, claims last, so that they are drawn above."""
    found = edition.areas.select_related("party", "claimed_by").order_by("basis", "id")
    return [
        feature(
            area.ground,
            **asdict(style_of_area(area)),
            **asdict(area.holding),
            key=key_of(area),
            words=str(area),
            km2=round(area_km2(area.ground)),
        )
        for area in found
    ]


def style(party: Party, status: str = "controlled", basis: str = "assessed", prefix: str = "desk") -> Style:
    """How the desk draws ground: as readers see it, but for what a party held before the map's beginning."""
    look = {"basis": basis, "status": status, "since": "", "pattern": party.pattern, "colour": party.colour}
    return style_of(look, prefix)


def every_style() -> list[Style]:
    """Of all that a draft may come to show while it is edited."""
    parties = Party.objects.all()
    return [style(party, status, basis) for party in parties for status in STATUSES for basis in BASES]


class Holds(NamedTuple):
    """A row of the table of who holds what, in words."""

    style: Style
    party: str
    status: str
    basis: str
    claimed_by: str
    km2: str

    @classmethod
    def of(cls, holding: Holding, party: str, claimed_by: str, style: Style, km2: float) -> Self:
        status, basis = ControlArea.Status(holding.status).label, ControlArea.Basis(holding.basis).label
        return cls(style, party, status, basis, claimed_by, in_km2(km2))


def who_holds_what(edition: Edition) -> list[Holds]:
    found = edition.areas.select_related("party", "claimed_by").order_by("basis", "party", "status")
    return [
        Holds.of(area.holding, str(area.party), str(area.claimed_by or ""), style_of_area(area), area_km2(area.ground))
        for area in found
    ]


def style_of_area(area: ControlArea) -> Style:
    return style(area.party, area.status, area.basis)
