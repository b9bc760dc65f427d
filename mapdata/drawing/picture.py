"""From ground, events and names to a picture: all that a template needs to write one SVG.

`draw_ground` is called when an edition is published, and what it makes is stored with it; `compose` is called when a
page is made. Both are pure: the same input gives the same picture, byte for byte. The template is
templates/mapdata/_map.html; colours and patterns are in static/mapdata/map.css.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from mapdata.drawing.backdrop import GRID, MARGIN, QUIET_GRID, TOLERANCE, backdrop
from mapdata.drawing.basemap import language_of_names
from mapdata.drawing.cropping import PATH_UNITS, View, narrow_view, wide_view
from mapdata.drawing.dots import MANY, Dot, Spot, leaders, spread_dots
from mapdata.drawing.labels import Box, Name, name_candidates, place_names
from mapdata.drawing.legend import LegendEntry, Pattern, Style, legend_of, patterns_of, style_of
from mapdata.drawing.paths import path_of_lines, path_of_polygons
from mapdata.drawing.projection import Frame
from mapdata.drawing.simplifying import simplify_together

SMALLEST = 5  # square units: islands and holes smaller than this are not drawn
MOST_DOTS = 150
# What is fought over is painted over what is quiet; what is only claimed lies above all.
PAINT_ORDER = ("unknown", "controlled", "liberated", "advance", "infiltration", "contested")
SCALE_KM = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000)
SCALE_PIXELS = 110  # a scale bar is at most so long


@dataclass(frozen=True)
class AreaShape:
    """Ground to draw: who holds it and how, with the party's colour (of `legend.PALETTE`) and pattern.

    `ground` is WGS84 lon/lat. `since` is "before" for ground that was held before the map's baseline, else "".
    """

    party: str
    status: str
    basis: str
    ground: MultiPolygon
    claimed_by: str = ""
    colour: str = "red"
    pattern: str = "solid"
    since: str = ""


@dataclass(frozen=True)
class DrawnArea:
    party: str
    status: str
    basis: str
    style: Style
    d: str


@dataclass(frozen=True)
class DrawnDot:
    """`wide` and `narrow` are where it is drawn (x, y) on a wide screen and on a phone, which may not show its place
    (None); `name` is read aloud and shown on hovering.

    `place` is the event's public place, "lon,lat" in degrees, for the map that a script puts in the drawing's place.
    """

    id: str
    place: str
    url: str
    name: str
    symbol: str
    wide: tuple[int, int]
    narrow: tuple[int, int] | None


@dataclass(frozen=True)
class Layout:
    """What is placed for one view: dots by the id of the event, their leaders, names, points of cities, a scale."""

    view: str
    dots: Mapping[str, tuple[int, int]]
    names: tuple[Name, ...]
    marks: str
    leaders: str
    pins: str
    scale: str
    scale_text: str
    scale_at: tuple[int, int]


@dataclass(frozen=True)
class Picture:
    """One drawn map. `bounds` and `narrow_bounds` (west, south, east, north) are what each view shows."""

    prefix: str
    title: str
    width: int
    height: int
    transform: str
    bounds: str
    narrow_bounds: str
    base: Mapping[str, str]
    areas: tuple[DrawnArea, ...]
    patterns: tuple[Pattern, ...]
    legend: tuple[LegendEntry, ...]
    dots: tuple[DrawnDot, ...]
    has_rough: bool
    crowded: bool
    layouts: tuple[Layout, ...]


def draw_ground(areas: Sequence[AreaShape], frame: Frame) -> list[dict[str, str]]:
    """The areas as JSON-able dicts with SVG path data (`d`, in half units of the frame), in the order to paint them.

    They are simplified together, so that neighbours keep the border they share. What is too small to see or outside the
    frame is left out; so is an area of which nothing remains.
    """
    window = shapely.box(-MARGIN, -MARGIN, frame.width + MARGIN, frame.height + MARGIN)
    shapes = [_cut(frame.transform(area.ground), window) for area in areas]
    drawn = [
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
        for area, shape in zip(areas, simplify_together(shapes, TOLERANCE, GRID, SMALLEST), strict=True)
        if not shape.is_empty
    ]
    return sorted(drawn, key=_layer)


def _layer(area: Mapping[str, str]) -> tuple[bool, int, bool, str, str]:
    order = PAINT_ORDER.index(area["status"])
    return area["basis"] == "claimed", order, area["since"] != "before", area["party"], area["claimed_by"]


def _cut(shape: BaseGeometry, window: BaseGeometry) -> BaseGeometry:
    cut = shape if shapely.contains(window, shape) else shapely.intersection(shape, window)
    return MultiPolygon([part for part in shapely.get_parts(cut) if isinstance(part, Polygon)])


def _in_path_units(shape: BaseGeometry) -> BaseGeometry:
    return shapely.transform(shape, lambda xy: xy * PATH_UNITS)


def _in_quiet_units(shape: BaseGeometry) -> BaseGeometry:
    return shapely.transform(shape, lambda xy: xy / QUIET_GRID)


@lru_cache(maxsize=64)
def draw_base(frame: Frame) -> Mapping[str, str]:
    """Path data of what lies beneath: `country` in half units like the ground; what is quiet, in double ones.

    Computed once for a frame in a process; must not be changed.
    """
    ground = backdrop(frame)
    return {
        "land": path_of_polygons(_in_quiet_units(ground.land)),
        "country": path_of_polygons(_in_path_units(ground.country)),
        "oblasts": path_of_lines(_in_quiet_units(ground.oblasts)),
        "borders": path_of_lines(_in_quiet_units(ground.borders_abroad)),
        "rivers": path_of_lines(_in_quiet_units(ground.rivers)),
    }


def compose(
    ground: Sequence[Mapping[str, str]],
    dots: Sequence[Dot],
    frame: Frame,
    language: str,
    *,
    title: str,
    prefix: str = "map",
    parties: Mapping[str, str] | None = None,
    one_event: bool = False,
) -> Picture:
    """The picture of one map at one moment.

    `ground` is what `draw_ground` gave for the same frame; `dots` the newest first, of which those that lie in the
    frame are drawn, MOST_DOTS at most; `parties` are names by slug, for the legend; `prefix` makes the ids of this map
    unlike those of another on the page. `one_event`: the map is there to show where its one event was, which it does on
    a phone too, and from its edge where the event lies outside.
    """
    wide = wide_view(frame)
    dots = [dot for dot in dots if one_event or _shows(wide, frame, dot)][:MOST_DOTS]
    spots = tuple(Spot(dot.id, dot.lon, dot.lat) for dot in dots)
    places = [_place(frame, spot) for spot in spots]
    narrow = narrow_view(frame, ground, around=places[0]) if one_event else narrow_view(frame, ground, places)
    names = language_of_names(language)
    layouts = tuple(_layout(frame, view, names, spots, one_event) for view in (wide, narrow))
    areas = [
        DrawnArea(area["party"], area["status"], area["basis"], style_of(area, prefix), area["d"]) for area in ground
    ]
    return Picture(
        prefix=prefix,
        title=title,
        width=frame.width,
        height=frame.height,
        transform=narrow.transform,
        bounds=_bounds(frame, wide),
        narrow_bounds=_bounds(frame, narrow),
        base=draw_base(frame),
        areas=tuple(areas),
        patterns=tuple(patterns_of(area.style for area in areas)),
        legend=tuple(legend_of(ground, prefix, parties or {})),
        dots=tuple(_drawn_dot(dot, *layouts) for dot in dots),
        has_rough=any(dot.rough for dot in dots),
        crowded=len(dots) > MANY,
        layouts=layouts,
    )


def _place(frame: Frame, spot: Spot) -> tuple[float, float]:
    x, y = frame.to_xy(spot.lon, spot.lat)
    return float(x), float(y)


def _drawn_dot(dot: Dot, wide: Layout, narrow: Layout) -> DrawnDot:
    return DrawnDot(
        id=dot.id,
        place=f"{dot.lon:.7g},{dot.lat:.7g}",
        url=dot.url,
        name=f"{dot.title}, {dot.when}",
        symbol="rough" if dot.rough else "dot",
        wide=wide.dots[dot.id],
        narrow=narrow.dots.get(dot.id),
    )


def _shows(view: View, frame: Frame, spot: Dot | Spot) -> bool:
    x, y = frame.to_xy(spot.lon, spot.lat)
    return view.x <= x <= view.x + view.width and view.y <= y <= view.y + view.height


def _bounds(frame: Frame, view: View) -> str:
    return ",".join(f"{degrees:.4f}" for degrees in frame.bounds_of(view.x, view.y, view.width, view.height))


@lru_cache(maxsize=128)
def _layout(frame: Frame, view: View, language: str, spots: tuple[Spot, ...], one_event: bool) -> Layout:
    """Kept, as many pages and many questions show the same events. Those that the view does not show are left out."""
    shown = [spot for spot in spots if one_event or _shows(view, frame, spot)]
    spread = spread_dots(shown, frame, view)
    scale, text, at, box = scale_bar(frame, view, spread.places)
    placed = place_names(name_candidates(frame, view, language), spread, view, taken=[box])
    lines, pins = leaders(spread, view)
    return Layout(
        view=view.name,
        dots={spot.id: (x, y) for spot, (x, y) in zip(shown, spread.places.tolist(), strict=True)},
        leaders=lines,
        pins=pins,
        names=placed.names,
        marks="".join(f"M{x} {y}h0" for x, y in placed.marks),
        scale=scale,
        scale_text=text,
        scale_at=at,
    )


def scale_bar(frame: Frame, view: View, dots: Iterable[Sequence[float]] = ()) -> tuple[str, str, tuple[int, int], Box]:
    """Path data of a bar in a lower corner, its text, where that stands, and the box that both take.

    In the left corner, or the right one where a dot stands in the left. True at the middle of the view: Mercator's
    scale changes with the latitude.
    """
    left, top, right, bottom = view.box
    _, south, _, north = frame.bounds_of(view.x, view.y, view.width, view.height)
    km = frame.km_per_unit((south + north) / 2) / view.scale
    longest = SCALE_PIXELS * view.pixel * km
    length = max((step for step in SCALE_KM if step <= longest), default=SCALE_KM[0])
    width, tick = round(length / km), round(4 * view.pixel)
    edge, above = 14 * view.pixel, 20 * view.pixel
    x, y = round(left + edge), round(bottom - edge)
    if any(a < x + width + edge and b > y - above - edge / 2 for a, b in dots):
        x = round(right - edge - width)
    box = (x, y - above, x + width, y + 2 * view.pixel)
    return f"M{x} {y - tick}v{tick}h{width}v-{tick}", f"{length} km", (x + width // 2, round(y - 5 * view.pixel)), box
