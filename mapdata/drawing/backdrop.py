"""What lies beneath: land, sea, borders and rivers in the units of one frame, simplified for its size.

Computed once for a frame in a process (about 0.2 s) and then shared; nothing in it may be changed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from mapdata.drawing import basemap
from mapdata.drawing.projection import Frame

# Units: bends lower than this are left out, of ground and country alike, so that ground ends where the country does.
TOLERANCE = 1.75
QUIET_TOLERANCE = 3  # lines and land that are only there to find one's way
QUIET_GRID = 2.5  # units: their grid; they are pale and thin, and half of what a drawing weighs were they not coarse
GRID = 0.5  # units: the grid of the country's outline and the ground
MARGIN = 12  # units beyond the frame, where cut edges cannot be seen
UNDER = 8  # units that the land reaches under the country, instead of following its coast
RIVER_RANK, RIVER_RANK_ABROAD = 8, 5  # lesser rivers are left out


@dataclass(frozen=True)
class Backdrop:
    """Shapes in units of the frame, cut a little outside it."""

    land: BaseGeometry  # all land; under the country it ends somewhere inside the coast
    country: BaseGeometry
    oblasts: BaseGeometry  # lines between regions
    border: BaseGeometry  # lines between this country and others
    coast: BaseGeometry  # lines between land and sea
    borders_abroad: BaseGeometry  # lines between other countries
    rivers: BaseGeometry
    abroad: dict[str, BaseGeometry]  # other countries, by code
    window: BaseGeometry


@lru_cache(maxsize=8)
def backdrop(frame: Frame) -> Backdrop:
    window = shapely.box(-MARGIN, -MARGIN, frame.width + MARGIN, frame.height + MARGIN)
    regions = [frame.transform(region.boundary) for region in basemap.regions()]
    neighbours = [(country.code, frame.transform(country.boundary)) for country in basemap.countries()]
    neighbours = [(code, shape) for code, shape in neighbours if shape.intersects(window)]
    shapes = [*regions, *(shape for _, shape in neighbours)]
    simple = [_on_grid(shape) for shape in shapely.coverage_simplify(shapes, TOLERANCE)]
    inside, outside = simple[: len(regions)], simple[len(regions) :]
    country, abroad = _together(inside), _together(outside)
    land = _together([country, abroad])
    coast, outline = shapely.boundary(land), shapely.boundary(country)
    between = shapely.difference(_borders(outside), shapely.union(shapely.boundary(abroad), outline))
    return Backdrop(
        land=_quiet_land(_without_coast(land, abroad, country, coast), window),
        country=_polygons(shapely.intersection(country, window)),
        oblasts=_quiet(shapely.difference(_borders(inside), outline), window),
        border=_lines(shapely.intersection(shapely.difference(outline, coast), window)),
        coast=_lines(shapely.intersection(coast, window)),
        borders_abroad=_quiet(between, window),
        rivers=_rivers(frame, country, land, window),
        abroad={
            code: _polygons(shapely.intersection(shape, window))
            for (code, _), shape in zip(neighbours, outside, strict=True)
        },
        window=window,
    )


def _on_grid(shape: BaseGeometry) -> BaseGeometry:
    """Rounded; what that breaks is mended."""
    return _polygons(shapely.make_valid(shapely.transform(shape, lambda xy: np.rint(xy / GRID) * GRID)))


def _together(shapes: Sequence[BaseGeometry]) -> BaseGeometry:
    return _polygons(shapely.unary_union(shapes, grid_size=GRID))


def _borders(shapes: Sequence[BaseGeometry]) -> BaseGeometry:
    return shapely.unary_union(shapely.boundary(list(shapes)), grid_size=GRID)


def _without_coast(
    land: BaseGeometry, abroad: BaseGeometry, country: BaseGeometry, coast: BaseGeometry
) -> BaseGeometry:
    """The land without the detail of the country's own coast, which the country itself is drawn over."""
    own_coast = shapely.intersection(coast, shapely.boundary(country))
    strip = shapely.simplify(shapely.buffer(own_coast, UNDER, quad_segs=1), UNDER / 2)
    return shapely.union(abroad, shapely.difference(country, strip), grid_size=GRID)


def _polygons(shape: BaseGeometry) -> BaseGeometry:
    return MultiPolygon([part for part in _parts(shape) if isinstance(part, Polygon) and part.area > 0])


def _parts(shape: BaseGeometry) -> list[BaseGeometry]:
    """Single geometries; a collection may hold collections."""
    return list(shapely.get_parts(shapely.get_parts(shape)))


def _lines(shape: BaseGeometry) -> BaseGeometry:
    parts = [part for part in _parts(shape) if isinstance(part, LineString) and part.length > 0]
    merged = shapely.line_merge(MultiLineString(parts))
    return MultiLineString([line for line in shapely.get_parts(merged) if not line.is_empty])


def _quiet(shape: BaseGeometry, window: BaseGeometry) -> BaseGeometry:
    simple = shapely.simplify(_lines(shapely.intersection(shape, window)), QUIET_TOLERANCE)
    return MultiLineString([line for line in shapely.get_parts(simple) if line.length > 3])


def _quiet_land(shape: BaseGeometry, window: BaseGeometry) -> BaseGeometry:
    return _polygons(shapely.simplify(shapely.intersection(shape, window), QUIET_TOLERANCE / 2))


def _rivers(frame: Frame, country: BaseGeometry, land: BaseGeometry, window: BaseGeometry) -> BaseGeometry:
    """The main rivers: of the country more than of others; not across the sea."""
    shown = _polygons(shapely.intersection(land, window))
    near = shapely.buffer(country, 2)
    found = []
    for river in basemap.rivers():
        if river.rank > RIVER_RANK:
            continue
        course = shapely.intersection(frame.transform(river.course), shown)
        found.append(course if river.rank <= RIVER_RANK_ABROAD else shapely.intersection(course, near))
    lines = _lines(shapely.union_all(found))
    simple = shapely.simplify(lines, QUIET_TOLERANCE)
    return MultiLineString([line for line in shapely.get_parts(simple) if line.length > 12])
