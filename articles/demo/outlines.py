"""The demo map's ground: pieces drawn by hand in rough outline, put together into pictures without overlap.

Coordinates are WGS84 longitude/latitude in degrees. A piece is a polygon of few vertices that may run over the border;
its corners are cut (Chaikin's algorithm: each corner is replaced by points at a quarter and three quarters of its
edges), because a sharp corner would say that somebody knows the front to the metre. Then it is cut to its regions.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import shapely
from shapely import MultiPolygon
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from mapdata.ground.areas import ASSESSED, CLAIMED, GRID, Area, Holding, clean, merged, partition

SMOOTHING_ROUNDS = 1
SPARED = "spared"


def smooth(ring: Sequence[tuple[float, float]], rounds: int = SMOOTHING_ROUNDS) -> list[tuple[float, float]]:
    """A closed ring (first point = last) with its corners cut by Chaikin's algorithm; each round doubles its points."""
    points = list(ring)
    for _ in range(rounds):
        cut = []
        for (x1, y1), (x2, y2) in zip(points, points[1:], strict=False):
            cut += [(0.75 * x1 + 0.25 * x2, 0.75 * y1 + 0.25 * y2), (0.25 * x1 + 0.75 * x2, 0.25 * y1 + 0.75 * y2)]
        points = [*cut, cut[0]]
    return points


def pieces(collection: Mapping[str, Any], regions: Mapping[str, BaseGeometry]) -> dict[str, MultiPolygon]:
    """The pieces of a FeatureCollection by id: smoothed, and cut to `regions` (by code; default: the whole country).

    A feature without geometry is its regions as they are. Raises KeyError for a region that is not there.
    """
    country = shapely.union_all(list(regions.values()), grid_size=GRID)
    drawn = {}
    for feature in collection["features"]:
        codes = feature["properties"].get("regions")
        limits = shapely.union_all([regions[code] for code in codes], grid_size=GRID) if codes else country
        if feature["geometry"] is None:
            drawn[feature["id"]] = clean(limits)
            continue
        polygon = shape(feature["geometry"])
        rounded = shapely.Polygon(smooth(polygon.exterior.coords))
        drawn[feature["id"]] = clean(shapely.intersection(rounded, limits, grid_size=GRID))
    return drawn


def picture(edition: Mapping[str, Any], drawn: Mapping[str, MultiPolygon]) -> tuple[Area, ...]:
    """The areas of one edition as it stands in editions.toml: a partition in each layer.

    Of claimed ground only what goes beyond the claimant's assessed control is kept: the rest is no news.
    Raises KeyError for a piece that is not there.
    """
    assessed = _layer(edition.get("areas", ()), drawn, ASSESSED, edition.get("spared", ()))
    beyond = [
        Area(area.holding, clean(shapely.difference(area.ground, _controlled(assessed, area.holding), grid_size=GRID)))
        for area in _layer(edition.get("claimed", ()), drawn, CLAIMED)
    ]
    return merged([*assessed, *beyond])


def _layer(
    entries: Iterable[Mapping[str, Any]], drawn: Mapping[str, MultiPolygon], basis: str, spared: Iterable[str] = ()
) -> list[Area]:
    claims: list[tuple[Any, list[BaseGeometry]]] = [(SPARED, [drawn[name] for name in spared])]
    holdings = {}
    for place, entry in enumerate(entries):
        holdings[place] = Holding(entry["party"], entry["status"], basis, entry.get("claimed_by", ""))
        claims.append((place, _ground_of(entry, drawn)))
    ground = partition(claims).ground
    return [Area(holding, ground[place]) for place, holding in holdings.items()]


def _controlled(assessed: Iterable[Area], claim: Holding) -> BaseGeometry:
    held = [a.ground for a in assessed if (a.holding.party, a.holding.status) == (claim.claimed_by, "controlled")]
    return shapely.union_all(held, grid_size=GRID)


def _ground_of(entry: Mapping[str, Any], drawn: Mapping[str, MultiPolygon]) -> list[BaseGeometry]:
    parts: list[BaseGeometry] = [drawn[name] for name in entry["ground"]]
    if "within" in entry:
        limits = shapely.union_all([drawn[name] for name in entry["within"]], grid_size=GRID)
        parts = [shapely.intersection(part, limits, grid_size=GRID) for part in parts]
    return parts
