"""From ground, events and names to a picture: all that a template needs to write one SVG.

`draw_ground` is called when an edition is published, and what it makes is stored with it; `compose` is called when a
page is made. Both are pure: the same input gives the same picture, byte for byte. The template is
templates/mapdata/_map.html, colours and patterns are in static/mapdata/map.css.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import shapely
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from mapdata.backdrop import GRID, MARGIN, TOLERANCE, backdrop
from mapdata.cropping import PATH_UNITS, View, narrow_view, wide_view
from mapdata.dots import Dot, Spread, leaders, spread_dots
from mapdata.labels import Box, Placed, name_candidates, place_names
from mapdata.legend import LegendEntry, Pattern, Style, legend_of, style_of
from mapdata.paths import path_of_lines, path_of_polygons
from mapdata.projection import Frame

SMALLEST = 5  # square units: islands and holes smaller than this are not drawn
MOST_DOTS = 150
# Quiet ground first, then what was there before, then what is fought over; what is only claimed lies above all.
ORDER = ("unknown", "controlled", "liberated", "advance", "infiltration", "contested")
SCALE_KM = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


@dataclass(frozen=True)
class AreaShape:
    """Ground to draw: who holds it and how, in the party's colour (a name of the palette) and pattern.

    `ground` is WGS84 lon/lat. `since` is "before" for ground that was held before the map's baseline. `pattern` is the
    party's: solid, lines, dots, grid, or quiet for a party whose controlled ground is left as plain land.
    """

    party: str
    status: str
    basis: str
    ground: MultiPolygon
    claimed_by: str = ""
    colour: str = "red"
    pattern: str = "solid"
    since: str = ""


def draw_ground(areas: Sequence[AreaShape], frame: Frame) -> list[dict]:
    """The areas as JSON-able dicts with SVG path data (`d`, in half units of the frame), in the order to paint them.

    They are simplified together, so that neighbours keep the border they share; what is too small or outside the
    frame is left out, an area of which nothing remains too.
    """
    window = shapely.box(-MARGIN, -MARGIN, frame.width + MARGIN, frame.height + MARGIN)
    shapes = [_cut(frame.transform(area.ground), window) for area in areas]
    drawn = []
    for area, shape in zip(areas, simplify_together(shapes, TOLERANCE, GRID, SMALLEST), strict=True):
        if shape.is_empty:
            continue
        drawn.append(
            {
                "party": area.party,
                "status": area.status,
                "basis": area.basis,
                "claimed_by": area.claimed_by,
                "since": area.since,
                "colour": area.colour,
                "pattern": area.pattern,
                "d": path_of_polygons(_in_path_units(shape)),
            }
        )
    return sorted(drawn, key=_layer)
