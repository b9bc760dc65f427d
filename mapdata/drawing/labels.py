"""Names on a map: which, and where, so that they cover no dot, no border where it can be helped, and not each other.

Method: point-feature label placement (Imhof, "Positioning Names on Maps", 1975; Christensen, Marks and Shieber, 1995),
greedily: each name has a few positions, which cost more the less a cartographer likes them and the more border they
would cover (`name_candidates`, computed once for a view); the most important name chooses first among those that are
free (`place_names`, at each request, since the dots change).

All coordinates are units of the viewBox; sizes are CSS pixels at the width that a view is designed for.
"""

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from mapdata.drawing import basemap
from mapdata.drawing.backdrop import Backdrop, backdrop
from mapdata.drawing.cropping import View
from mapdata.drawing.dots import RADIUS, Spread
from mapdata.drawing.projection import Frame

Box = tuple[float, float, float, float]  # left, top, right, bottom

# Widths of letters in em, a little wider than the common system fonts have them: a name that turns out narrower
# does no harm.
NARROW_LETTERS, WIDE_LETTERS = frozenset("ijlI.,'’|!: іїІЇ"), frozenset("mwMWшщжюмфыШЩЖЮМФЫ")
# The same sizes stand in map.css.
TEXT = {"major": 15.5, "city": 14, "town": 13, "country": 12, "sea": 13, "area": 12.5}
TEXT_NARROW = {"major": 13.5, "city": 12, "town": 11.5, "country": 10.5, "sea": 11.5, "area": 11}
SPACING = {"country": 0.12, "sea": 0.03, "area": 0.12}  # em between letters
CAPITALS, BOLD = {"country", "area"}, {"major", "area"}
BOLDER = 1.1  # how much wider bold letters are
MARK = 2.5  # pixels: radius of a city's point
BETWEEN = 6  # pixels between two names in one line, or they would read as one
MARK_ROOM = 6  # pixels around a city's point in which no other name stands, or it would seem to be that city's
GAPS = (MARK + 3, RADIUS + 3)  # pixels from a city's place to its name, the second where a dot stands on the place
LIMIT = {"wide": 32, "narrow": 14}  # cities
AT_EVENT = 14  # pixels: a town this near to an event's true place is the one that a reader looks for
BESIDE = 40  # pixels: a name beside a dot further away than this would not be found
# Prices of what a name covers, for each pixel of length; and of each step from the best of its positions.
PRICES = {"border": 3.0, "coast": 2.0, "oblasts": 0.7}
PRICE_POSITION = 2.0
PRICE_FURTHER = 25.0  # for the second of the gaps
TOO_DEAR = {1: 999, 2: 999, 3: 200, 4: 120}
TOO_DEAR_TOWN = 60
SMALL_TOWN = 6  # towns of this rank are named only in a close view, or where there is an event
GREAT_CITY = 3  # cities of this rank and above come before all others
CALLED_FOR = 1.1  # ranks by which a town with an event comes earlier
AREA_RANK, COUNTRY_RANK, SEA_RANK = 3.5, 3.6, 3.7
SEA_REACH = 70  # pixels from a sea's point within which its name stands
KM_FOR_SMALL_TOWNS = 0.9  # a pixel spans less than so many km: the view is close enough for small towns


@dataclass(frozen=True, slots=True)
class Name:
    """A name in one place: `x`, `y` is where the text is anchored (`anchor`: start, middle or end; y its baseline)."""

    text: str
    kind: str
    x: float
    y: float
    anchor: str
    box: Box


@dataclass(frozen=True)
class Candidate:
    """A name with its positions, cheapest first. `point`: a city's place, or None. The least rank chooses first."""

    rank: float
    point: tuple[float, float] | None
    names: tuple[Name, ...]


def text_width(text: str, size: float, spacing: float = 0) -> float:
    """About how wide a text is, in the unit of `size`."""
    width = spacing * len(text)
    for letter in text:
        if letter in NARROW_LETTERS:
            width += 0.32
        elif letter in WIDE_LETTERS:
            width += 0.92
        else:
            width += 0.72 if letter.isupper() else 0.6
    return size * width


@lru_cache(maxsize=32)
def name_candidates(frame: Frame, view: View, language: str) -> tuple[Candidate, ...]:
    """All names that a view might carry, the most important first: half a megabyte for a large view."""
    ground = backdrop(frame)
    found = [*_cities(frame, view, language, ground), *_spans(frame, view, language, ground)]
    return tuple(sorted(found, key=lambda candidate: candidate.rank))


def _on_screen(view: View, shape: BaseGeometry) -> BaseGeometry:
    return shapely.transform(shape, lambda xy: np.column_stack(view.to_screen(xy[:, 0], xy[:, 1])))


def _size(view: View, kind: str) -> float:
    return (TEXT_NARROW if view.name == "narrow" else TEXT)[kind] * view.pixel


def _name(view: View, text: str, kind: str, x: float, y: float, anchor: str) -> Name:
    """A text whose middle is at the height `y`."""
    size = _size(view, kind)
    text = text.upper() if kind in CAPITALS else text
    width = text_width(text, size, SPACING.get(kind, 0)) * (BOLDER if kind in BOLD else 1)
    left = {"start": x, "middle": x - width / 2, "end": x - width}[anchor]
    box = (left, y - 0.55 * size, left + width, y + 0.5 * size)
    return Name(text, kind, round(x), round(y + 0.35 * size), anchor, box)


# Around a point, best first: anchor of the text, and the direction in which it stands (x, y down).
POSITIONS = (
    ("start", 1, 0),
    ("end", -1, 0),
    ("start", 0.8, -0.7),
    ("start", 0.8, 0.7),
    ("end", -0.8, -0.7),
    ("end", -0.8, 0.7),
    ("middle", 0, -1),
    ("middle", 0, 1),
)


def _cities(frame: Frame, view: View, language: str, ground: Backdrop) -> Iterable[Candidate]:
    left, top, right, bottom = view.box
    edge = 6 * view.pixel
    close = frame.km_per_unit(49) * view.pixel / view.scale < KM_FOR_SMALL_TOWNS
    found = []
    for city in basemap.cities():
        x, y = (float(value) for value in view.to_screen(*frame.to_xy(city.lon, city.lat)))
        if left + edge < x < right - edge and top + edge < y < bottom - edge:
            rank = city.rank + (0.5 if city.abroad else 0)
            kind = "major" if city.rank <= 2 else "city" if city.rank <= 4 and not city.abroad else "town"
            names = [(name, extra) for name, extra in _priced_around(view, city.names[language], kind, x, y)]
            found.append((rank if rank < SMALL_TOWN or close else rank + 3, (x, y), names))
    boxes = [name.box for _, _, names in found for name, _ in names]
    prices = iter(_prices(view, ground, boxes))
    for rank, point, names in found:
        priced = [(next(prices) + extra, name) for name, extra in names]
        affordable = [item for item in priced if item[0] < TOO_DEAR.get(int(rank), TOO_DEAR_TOWN)]
        affordable.sort(key=lambda item: item[0])
        if affordable:
            yield Candidate(rank, point, tuple(name for _, name in affordable))


def _priced_around(view: View, text: str, kind: str, x: float, y: float) -> list[tuple[Name, float]]:
    """The positions near a point that lie in the view, and what they cost before any border is counted."""
    return [
        (name, number * PRICE_FURTHER + step * PRICE_POSITION)
        for number, gap in enumerate(GAPS)
        for step, name in enumerate(_around(view, text, kind, x, y, gap))
        if _inside(name.box, view)
    ]


def _around(view: View, text: str, kind: str, x: float, y: float, gap: float) -> list[Name]:
    height = _size(view, kind) * 0.5
    found = []
    for anchor, across, down in POSITIONS:
        rise = down * (gap * view.pixel + height * (1 if anchor == "middle" else 0.6))
        found.append(_name(view, text, kind, x + across * gap * view.pixel, y + rise, anchor))
    return found


def _inside(box: Box, view: View) -> bool:
    left, top, right, bottom = view.box
    edge = 4 * view.pixel
    return box[0] > left + edge and box[1] > top + edge and box[2] < right - edge and box[3] < bottom - edge


def _prices(view: View, ground: Backdrop, boxes: Sequence[Box]) -> np.ndarray:
    """For each box the length of the lines that it covers, weighed."""
    prices = np.zeros(len(boxes))
    shapes = shapely.box(*np.array(boxes).reshape(-1, 4).T)
    for kind, price in PRICES.items():
        ends = [shapely.get_coordinates(line) for line in shapely.get_parts(_on_screen(view, getattr(ground, kind)))]
        if not ends:
            continue
        pairs = np.concatenate([np.stack((line[:-1], line[1:]), axis=1) for line in ends])
        segments = np.asarray(shapely.linestrings(pairs), dtype=object)
        which, hit = shapely.STRtree(segments).query(shapes, predicate="intersects")
        lengths = shapely.length(shapely.intersection(segments[hit], shapes[which])) / view.pixel
        np.add.at(prices, which, lengths * price)
    return prices


def _spans(frame: Frame, view: View, language: str, ground: Backdrop) -> Iterable[Candidate]:
    """Names of what has no point: countries, seas, parts of the country."""
    seen = shapely.box(*view.box)
    for country in basemap.countries():
        if country.code in ground.abroad:
            shape = shapely.intersection(_on_screen(view, ground.abroad[country.code]), seen)
            yield from _span(view, country.names[language], "country", COUNTRY_RANK, shape, None)
    water = shapely.difference(seen, shapely.union(_on_screen(view, ground.land), _on_screen(view, ground.country)))
    for sea in basemap.seas():
        near = view.to_screen(*frame.to_xy(sea.lon, sea.lat))
        if shapely.contains_xy(seen, *near):
            yield from _span(view, sea.names[language], "sea", SEA_RANK, water, near)
    for area in basemap.areas():
        x, y = view.to_screen(*frame.to_xy(area.lon, area.lat))
        step = 10 * view.pixel
        shifts = sorted(itertools.product(range(-4, 5), range(-4, 5)), key=lambda shift: (math.hypot(*shift), shift))
        names = [_name(view, area.names[language], "area", x + a * step, y + b * step, "middle") for a, b in shifts]
        names = [name for name in names if _inside(name.box, view)]
        if names:
            yield Candidate(AREA_RANK, None, tuple(names))


def _span(
    view: View, text: str, kind: str, rank: float, shape: BaseGeometry, near: Sequence[float] | None
) -> Iterable[Candidate]:
    """Positions in which the whole name lies within the shape, those nearest to its widest part (or `near`) first."""
    polygons = [part for part in shapely.get_parts(shape) if isinstance(part, Polygon) and not part.is_empty]
    if not polygons:
        return
    shape = MultiPolygon(polygons)
    if near is None:
        near = shapely.get_coordinates(shapely.maximum_inscribed_circle(shape, tolerance=4))[0]
    step = 14 * view.pixel
    left, top, right, bottom = shape.bounds
    xs, ys = np.meshgrid(np.arange(left, right, step), np.arange(top, bottom, step))
    centres = np.column_stack((xs.ravel(), ys.ravel()))
    centres = np.concatenate(([near], centres))
    boxes = np.array([_name(view, text, kind, x, y, "middle").box for x, y in centres])
    room = 3 * view.pixel
    outer = shapely.box(*(boxes + np.array([-room, -room, room, room])).T)
    shapely.prepare(shape)
    fits = centres[shapely.contains(shape, outer)]
    if kind == "sea":
        # Seas meet: far from its point the name would stand in the next one.
        fits = fits[np.hypot(*(fits - near).T) < SEA_REACH * view.pixel]
    fits = fits[np.argsort(np.hypot(*(fits - near).T), kind="stable")][:40:3]
    names = [_name(view, text, kind, x, y, "middle") for x, y in fits]
    names = [name for name in names if _inside(name.box, view)]
    if names:
        yield Candidate(rank, None, tuple(names))


@dataclass(frozen=True)
class Placed:
    """What a view carries: the names, and the points of the named cities that no dot hides."""

    names: tuple[Name, ...]
    marks: tuple[tuple[float, float], ...]


def place_names(candidates: Sequence[Candidate], spread: Spread, view: View, taken: Sequence[Box] = ()) -> Placed:
    """The names that find a free place; none covers a dot, a city's point, another name, or what is `taken`."""
    reach = (RADIUS + 1) * view.pixel
    dots = [(float(x), float(y)) for x, y in spread.places]
    events = [(float(x), float(y)) for x, y in spread.anchors]
    near = AT_EVENT * view.pixel
    ordered = sorted((_called_for(candidate, events, near) for candidate in candidates), key=lambda item: item.rank)
    boxes, names, marks, cities = list(taken), [], [], 0
    mark, between = MARK_ROOM * view.pixel, BETWEEN * view.pixel
    for candidate in ordered:
        if candidate.point and (
            cities >= LIMIT[view.name] or candidate.rank > SMALL_TOWN + 0.5 or _hit(candidate.point, boxes)
        ):
            continue
        names_here = itertools.chain(candidate.names, _beside_its_dots(candidate, spread, view))
        name = next((name for name in names_here if _is_free(name.box, boxes, dots, reach)), None)
        if name is None:
            continue
        names.append(name)
        left, top, right, bottom = name.box
        boxes.append((left - between, top, right + between, bottom))
        if candidate.point:
            cities += 1
            x, y = candidate.point
            if not any((x - a) ** 2 + (y - b) ** 2 < reach**2 for a, b in dots):
                marks.append((round(x), round(y)))
            boxes.append((x - mark, y - mark, x + mark, y + mark))
    return Placed(tuple(names), tuple(marks))


def _called_for(candidate: Candidate, events: Sequence[tuple[float, float]], near: float) -> Candidate:
    """The place of an event is named before others of its size, a small town too."""
    if candidate.point is None or candidate.rank <= GREAT_CITY:
        return candidate
    x, y = candidate.point
    if not any(abs(x - a) < near and abs(y - b) < near for a, b in events):
        return candidate
    return replace(candidate, rank=max(min(candidate.rank, SMALL_TOWN) - CALLED_FOR, GREAT_CITY + 0.05))


def _beside_its_dots(candidate: Candidate, spread: Spread, view: View) -> Iterable[Name]:
    """Where dots of its own events crowd round a city, its name may stand beside one of those dots."""
    if candidate.point is None or not candidate.names:
        return
    near = np.hypot(*(spread.anchors - candidate.point).T) < AT_EVENT * view.pixel
    away = np.hypot(*(spread.places - candidate.point).T)
    own = np.flatnonzero(near & (away < BESIDE * view.pixel))
    name = candidate.names[0]
    for index in own[np.argsort(away[own], kind="stable")]:
        x, y = spread.places[index]
        beside = _around(view, name.text, name.kind, float(x), float(y), RADIUS + 3)
        yield from (other for other in beside if _inside(other.box, view))


def _hit(point: tuple[float, float], boxes: Iterable[Box]) -> bool:
    x, y = point
    return any(box[0] <= x <= box[2] and box[1] <= y <= box[3] for box in boxes)


def _is_free(box: Box, boxes: Iterable[Box], dots: Iterable[tuple[float, float]], reach: float) -> bool:
    left, top, right, bottom = box
    for other in boxes:
        if left < other[2] and other[0] < right and top < other[3] and other[1] < bottom:
            return False
    for x, y in dots:
        across = left - x if x < left else x - right if x > right else 0
        down = top - y if y < top else y - bottom if y > bottom else 0
        if across * across + down * down < reach * reach:
            return False
    return True
