"""Event dots: where each is drawn, so that all can be told apart and touched.

A dot stands on its true place where there is room. One that would touch another stands on the nearest free place, and a
thin leader runs from it to its true place. Method: the dots choose in turn, on a grid of whole units in which each that
has chosen takes the disc around it (greedy displacement, as cartographers do it by hand). Nothing is random: the same
dots are drawn at the same places.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from mapdata.drawing.cropping import View
from mapdata.drawing.projection import Frame

# CSS pixels at the width that a view is designed for.
# Between two dots, from centre to centre. Each is to have 24 px to touch (WCAG 2.5.8) at the least width too that shows
# the view: 27 * 320 / 360 on a phone, 36 * 704 / 1040 on a wide screen (static/mapdata/map.css).
DISTANCE = {"narrow": 27, "wide": 36}
RADIUS = 7.5  # of a dot with its ring
EDGE = 14  # nothing stands nearer to the edge of the view
# More dots than this are drawn smaller and stand closer, so that their leaders stay short; but none covers another.
MANY = 48
CLOSEST = 12


class Spot(NamedTuple):
    """What is to be known of an event to place its dot: `lon`, `lat` in degrees."""

    id: str
    lon: float
    lat: float


@dataclass(frozen=True)
class Dot:
    """An event on a map: `lon`, `lat` in degrees (the public place), `when` its day in words, `url` its page."""

    id: str
    lon: float
    lat: float
    title: str
    when: str
    url: str
    precision: str = "locality"

    @property
    def rough(self) -> bool:
        """Known to a district only: drawn as an open ring, since the place is not the point."""
        return self.precision == "district"


@dataclass(frozen=True)
class Spread:
    """The dots in one view, in units of the viewBox: `places` (n, 2) whole numbers, `anchors` the true places."""

    places: np.ndarray
    anchors: np.ndarray
    distance: float


def spread_dots(dots: Sequence[Dot | Spot], frame: Frame, view: View) -> Spread:
    """Places for the dots, in their order, never nearer to each other than `Spread.distance`, inside the view.

    A dot whose true place is outside the view stands at the edge, its leader points out.
    """
    lonlat = np.array([(dot.lon, dot.lat) for dot in dots], dtype=float).reshape(-1, 2)
    anchors = np.column_stack(view.to_screen(*frame.to_xy(lonlat[:, 0], lonlat[:, 1])))
    left, top, right, bottom = view.box
    edge = EDGE * view.pixel
    box = np.array([[left + edge, top + edge], [right - edge, bottom - edge]])
    distance = max(CLOSEST, DISTANCE[view.name] * min(1, MANY / max(len(dots), 1))) * view.pixel
    # In the order of their ids, so that a dot's place does not depend on the order of a query.
    order = sorted(range(len(dots)), key=lambda index: dots[index].id)
    places = np.zeros(anchors.shape, dtype=int)
    places[order] = _settle(anchors[order], distance, box)
    return Spread(places, anchors, distance)


def _settle(places: np.ndarray, distance: float, box: np.ndarray) -> np.ndarray:
    """Whole units; each dot in turn keeps its place if that is free, else takes the nearest that is."""
    reach = math.ceil(distance)
    low = np.ceil(box[0]).astype(int) - reach
    width, height = np.floor(box[1]).astype(int) - low + 1
    # A cell for each unit; what lies outside the box is taken.
    taken = np.ones((height + reach, width + reach), dtype=bool)
    taken[reach:height, reach:width] = False
    disc = _squares(reach, reach, 2 * reach + 1, 2 * reach + 1) < distance**2
    settled = np.empty(places.shape, dtype=int)
    starts = np.clip(np.rint(places) - low, reach, (width - 1, height - 1)).astype(int)
    for index, (x, y) in enumerate(starts.tolist()):
        settled[index] = x, y = _nearest_free(taken, x, y, reach)
        taken[y - reach : y + reach + 1, x - reach : x + reach + 1] |= disc
    return settled + low


def _nearest_free(taken: np.ndarray, x: int, y: int, reach: int) -> tuple[int, int]:
    """The nearest cell that is free, looked for further and further away; the same one where all are taken."""
    while taken[y, x] and reach < 2 * max(taken.shape):
        reach *= 2
        left, top = max(x - reach, 0), max(y - reach, 0)
        window = taken[top : y + reach + 1, left : x + reach + 1]
        away = np.where(window, np.inf, _squares(x - left, y - top, *window.shape[::-1]))
        down, across = divmod(int(away.argmin()), window.shape[1])
        # What is seen in a corner may be further away than what lies just outside a side.
        if away[down, across] <= reach**2:
            return left + across, top + down
    return x, y


def _squares(x: int, y: int, width: int, height: int) -> np.ndarray:
    """The square of the distance to (x, y) for each cell of a grid."""
    return (np.arange(height)[:, None] - y) ** 2.0 + (np.arange(width) - x) ** 2.0


def leaders(spread: Spread, view: View) -> tuple[str, str]:
    """Path data: the lines from the dots that had to move to their true places; and a point at each such place."""
    lines, points = [], []
    for (x, y), anchor in zip(spread.places, spread.anchors, strict=True):
        dx, dy = (round(step) for step in anchor - (x, y))
        if math.hypot(dx, dy) > RADIUS * view.pixel:
            lines.append(f"M{x} {y}l{dx} {dy}".replace(" -", "-"))
            points.append(f"M{x + dx} {y + dy}h0")
    return "".join(lines), "".join(points)
