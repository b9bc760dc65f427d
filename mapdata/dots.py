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
# Where there are so many dots that they would cover this part of the view, they stand closer.
FULLEST = 0.4
STEPS = 60
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
    room = np.prod(box[1] - box[0])
    distance = min(DISTANCE * view.pixel, math.sqrt(FULLEST * room / max(len(dots), 1)))
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
        apart = places[:, None] - places[None]
        length = np.hypot(apart[..., 0], apart[..., 1])
        np.fill_diagonal(length, np.inf)
        push = np.clip(distance - length, 0, None)
        if not push.any():
            break
        spring = SPRING * (1 - step / STEPS)
        move = (apart * (push / np.maximum(length, 1e-9))[..., None]).sum(axis=1) * 0.4
        places = np.clip(places + move + (start - places) * spring, *box)
    # Who met nobody stays exactly where it is.
    return np.where(np.hypot(*(places - start).T)[:, None] < 1, start, places)


def _settle(places: np.ndarray, distance: float, box: np.ndarray) -> np.ndarray:
    """Whole units; each dot in turn keeps its place if that is free, else takes the nearest free one on rings."""
    low, high = np.ceil(box[0]), np.floor(box[1])
    settled = np.empty_like(places)
    for index, place in enumerate(places):
        taken = settled[:index]
        spot = np.clip(np.rint(place), low, high)
        ring = 0
        while not _free(spot[None], taken, distance)[0]:
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
