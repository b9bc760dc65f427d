"""Event dots: where each is drawn, so that all can be told apart and touched.

A dot stands on its true place where there is room. Where several would touch, they move apart, as little as needed and
each in the direction in which it lies, and a thin leader runs from each to its true place. Method: pairs that are too
near push each other apart while a weak spring pulls each dot back (the usual relaxation of force-directed placement),
in a fixed number of steps; then, on whole units, whoever is still too near takes the nearest free place. Nothing is
random: the same dots are drawn at the same places.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mapdata.cropping import View
from mapdata.projection import Frame

# CSS pixels at the width that a view is designed for.
DISTANCE = 27  # between two dots, from centre to centre: an area to touch of 24 px for each, and some slack
RADIUS = 7.5  # of a dot with its ring
EDGE = 14  # nothing stands nearer to the edge of the view
# More dots than this are drawn smaller and stand closer, so that their leaders stay short; but none covers another.
MANY = 48
CLOSEST = 12
STEPS = 60
MOST_RINGS = 400
LOOK_AGAIN = 6  # steps after which it is seen anew who is near whom
SPRING = 0.04
GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))


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


def spread_dots(dots: Sequence[Dot], frame: Frame, view: View) -> Spread:
    """Places for the dots, in their order, never nearer to each other than `Spread.distance`, inside the view.

    A dot whose true place is outside the view stands at the edge, its leader points out.
    """
    lonlat = np.array([(dot.lon, dot.lat) for dot in dots], dtype=float).reshape(-1, 2)
    anchors = np.column_stack(view.to_screen(*frame.to_xy(lonlat[:, 0], lonlat[:, 1])))
    left, top, right, bottom = view.box
    edge = EDGE * view.pixel
    box = np.array([[left + edge, top + edge], [right - edge, bottom - edge]])
    distance = max(CLOSEST, DISTANCE * min(1, MANY / max(len(dots), 1))) * view.pixel
    # In the order of their ids, so that a dot's place does not depend on the order of a query.
    order = sorted(range(len(dots)), key=lambda index: str(dots[index].id))
    places = np.zeros_like(anchors)
    places[order] = _settle(_relax(anchors[order], distance + 1.5, box), distance, box)
    return Spread(places.astype(int), anchors, distance)


def _relax(anchors: np.ndarray, distance: float, box: np.ndarray) -> np.ndarray:
    start = np.clip(anchors, *box)
    # Dots on one spot need a direction to part in: each gets its own.
    turn = np.arange(len(anchors)) * GOLDEN_ANGLE
    places = start + 0.5 * np.column_stack((np.cos(turn), np.sin(turn)))
    for step in range(STEPS):
        if step % LOOK_AGAIN == 0:
            one, other = _near(places, 2 * distance)
        apart = places[one] - places[other]
        length = np.hypot(apart[:, 0], apart[:, 1])
        push = np.clip(distance - length, 0, None)
        if not push.any() and step % LOOK_AGAIN == 0:
            break
        apart *= (push / np.maximum(length, 1e-9) * 0.4)[:, None]
        pull = (start - places) * SPRING * (1 - step / STEPS)
        for axis in (0, 1):
            places[:, axis] += pull[:, axis] + np.bincount(one, apart[:, axis], len(places))
            places[:, axis] -= np.bincount(other, apart[:, axis], len(places))
        np.clip(places, *box, out=places)
    # Who met nobody stays exactly where it is.
    return np.where(np.hypot(*(places - start).T)[:, None] < 1, start, places)


def _near(places: np.ndarray, distance: float) -> tuple[np.ndarray, np.ndarray]:
    """Indexes of all pairs that are nearer than `distance`."""
    one, other = np.triu_indices(len(places), 1)
    apart = places[one] - places[other]
    near = (apart**2).sum(axis=1) < distance**2
    return one[near], other[near]


def _settle(places: np.ndarray, distance: float, box: np.ndarray) -> np.ndarray:
    """Whole units; each dot in turn keeps its place if that is free, else takes the nearest free one on rings."""
    low, high = np.ceil(box[0]), np.floor(box[1])
    settled = np.empty_like(places)
    for index, place in enumerate(places):
        taken = settled[:index]
        spot = np.clip(np.rint(place), low, high)
        ring = 0
        # A view holds several times as many dots as a picture has; the bound is only there to be one.
        while ring < MOST_RINGS and not _free(spot[None], taken, distance)[0]:
            ring += 1
            turn = np.arange(8 * ring) * (math.tau / (8 * ring))
            around = np.rint(place + ring * distance / 4 * np.column_stack((np.cos(turn), np.sin(turn))))
            around = around[((around >= low) & (around <= high)).all(axis=1)]
            free = around[_free(around, taken, distance)]
            if len(free):
                spot = free[np.hypot(*(free - place).T).argmin()]
                break
        settled[index] = spot
    return settled


def _free(spots: np.ndarray, taken: np.ndarray, distance: float) -> np.ndarray:
    apart = spots[:, None] - taken[None]
    return (np.hypot(apart[..., 0], apart[..., 1]) >= distance).all(axis=1)


def leaders(spread: Spread, view: View) -> tuple[str, str]:
    """Path data: the lines from the dots that had to move to their true places; and a point at each such place."""
    lines, points = [], []
    for (x, y), anchor in zip(spread.places, spread.anchors, strict=True):
        dx, dy = (round(step) for step in anchor - (x, y))
        if math.hypot(dx, dy) > RADIUS * view.pixel:
            lines.append(f"M{x} {y}l{dx} {dy}".replace(" -", "-"))
            points.append(f"M{x + dx} {y + dy}h0")
    return "".join(lines), "".join(points)
