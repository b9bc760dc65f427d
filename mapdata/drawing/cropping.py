"""The two views of one drawing: the whole frame on a wide screen, and on a phone the part where things happen.

One SVG serves both without a script. Its viewBox is the frame; on a phone a style sheet gives it a box of
`NARROW_SHAPE`, of which `preserveAspectRatio="xMidYMid slice"` fills the height, so that a strip in the middle of the
viewBox is seen. The group with the ground carries a `transform` that brings the chosen part into that strip; the style
sheet replaces it on a wide screen. What is not ground (dots, names) is placed twice, in units of the viewBox.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mapdata.drawing.paths import points_of_path
from mapdata.drawing.projection import Frame

# Path data is in half units: at the full width of a page a curve then looks like one.
PATH_UNITS = 2
NARROW_SHAPE = 9 / 10  # width / height of the box on a phone
NARROW_PIXELS = 360  # the phone's width, in CSS pixels, that sizes are meant for
# How much a phone may enlarge: a map with one small front is not shown as a country with a speck.
ZOOMS = (2.0, 1.75, 1.5, 1.3, 1.15, 1.0)
ENOUGH = 0.95  # of what happens must be in the part that is shown
WELL_INSIDE = 0.15  # of a view's width and height
CELL = 20  # units: what happens is counted in cells, and a part begins at the edge of one

# What a reader looks for first: where it is fought over. Ground held for years says less, quiet ground nothing.
WEIGHTS = {"contested": 3, "advance": 3, "infiltration": 3, "controlled": 2, "liberated": 0.6, "unknown": 1}
WEIGHT_BEFORE = 0.6
WEIGHT_DOT = 60


@dataclass(frozen=True)
class View:
    """A part of the frame (`x`, `y`, `width`, `height` in its units) and where in the viewBox it is shown.

    `scale`: units of the viewBox for one unit of the frame. `pixel`: units of the viewBox that are one CSS pixel at the
    width that the view is designed for.
    """

    name: str
    x: float
    y: float
    width: float
    height: float
    left: float
    top: float
    scale: float
    pixel: float

    def to_screen(self, x: ArrayLike, y: ArrayLike) -> tuple[Any, Any]:
        """Units of the frame to units of the viewBox."""
        return self.left + (np.asarray(x) - self.x) * self.scale, self.top + (np.asarray(y) - self.y) * self.scale

    @property
    def box(self) -> tuple[float, float, float, float]:
        """What is seen of the viewBox: left, top, right, bottom."""
        return self.left, self.top, self.left + self.width * self.scale, self.top + self.height * self.scale

    @property
    def transform(self) -> str:
        """From path data to the viewBox, as an SVG transform."""
        dx, dy = self.left - self.x * self.scale, self.top - self.y * self.scale
        return f"matrix({self.scale / PATH_UNITS:g} 0 0 {self.scale / PATH_UNITS:g} {dx:g} {dy:g})"


def wide_view(frame: Frame) -> View:
    return View("wide", 0, 0, frame.width, frame.height, 0, 0, 1, 1)


def narrow_view(
    frame: Frame,
    ground: Iterable[Mapping[str, str]],
    dots: Iterable[tuple[float, float]] = (),
    around: tuple[float, float] | None = None,
) -> View:
    """The part of the frame that a phone shows: the closest that still has nearly all that happens.

    `ground` is what `draw_ground` made; `dots` are points in units of the frame, of which each counts for little, so
    that a map seldom jumps when an event is added; `around` is a point that must be seen, whatever happens.
    """
    weighed = tuple((area["d"], _weight(area)) for area in ground if _weight(area))
    view = _narrow_view(frame, weighed, tuple(dots))
    return _with(view, frame, *around) if around else view


def _with(view: View, frame: Frame, x: float, y: float) -> View:
    """The view; moved as far as needed to have the point well inside, where it is not in it. In steps, so that names
    of one such view often do for another."""
    if 0 <= x - view.x <= view.width and 0 <= y - view.y <= view.height:
        return view
    across, down = view.width * WELL_INSIDE, view.height * WELL_INSIDE
    left = min(max(view.x, x - view.width + across), x - across)
    top = min(max(view.y, y - view.height + down), y - down)
    return _view(frame, view.scale, round(left / CELL) * CELL, round(top / CELL) * CELL)


def _weight(area: Mapping[str, str]) -> float:
    if area["pattern"] == "quiet" and area["status"] == "controlled":
        return 0
    return WEIGHT_BEFORE if area["since"] == "before" else WEIGHTS[area["status"]]


@lru_cache(maxsize=256)
def _narrow_view(frame: Frame, ground: tuple[tuple[str, float], ...], dots: tuple[tuple[float, float], ...]) -> View:
    columns, rows = round(frame.width / CELL), round(frame.height / CELL)
    happening = np.zeros((columns, rows))
    points = [(*_outline(path), weight) for path, weight in ground] + [
        (np.array([[x, y]]), np.ones(1), WEIGHT_DOT) for x, y in dots
    ]
    for places, lengths, weight in points:
        edges = [np.arange(columns + 1) * CELL, np.arange(rows + 1) * CELL]
        happening += np.histogram2d(places[:, 0], places[:, 1], bins=edges, weights=lengths)[0] * weight
    return _closest(frame, happening)


def _outline(path: str) -> tuple[np.ndarray, np.ndarray]:
    """Points along the outlines, in units of the frame, and for each the length of outline that it stands for."""
    rings = [ring / PATH_UNITS for ring in points_of_path(path)]
    if not rings:
        return np.zeros((0, 2)), np.zeros(0)
    places = np.concatenate([(ring[1:] + ring[:-1]) / 2 for ring in rings])
    return places, np.concatenate([np.hypot(*np.diff(ring, axis=0).T) for ring in rings])


def _closest(frame: Frame, happening: np.ndarray) -> View:
    total = happening.sum()
    sums = np.zeros((happening.shape[0] + 1, happening.shape[1] + 1))
    sums[1:, 1:] = happening.cumsum(axis=0).cumsum(axis=1)
    best = (0, 0)
    for zoom in ZOOMS if total else (1.0,):
        across = min(int(frame.height * NARROW_SHAPE / zoom / CELL), happening.shape[0])
        down = min(int(frame.height / zoom / CELL), happening.shape[1])
        inside = sums[across:, down:] - sums[:-across, down:] - sums[across:, :-down] + sums[:-across, :-down]
        # Of equal parts the one whose middle is nearest to the middle of what happens.
        best = _middle_of_best(inside)
        if total and inside[best] >= ENOUGH * total:
            break
    return _view(frame, zoom, best[0] * CELL, best[1] * CELL)


def _middle_of_best(inside: np.ndarray) -> tuple[int, int]:
    candidates = np.argwhere(inside >= inside.max() * 0.999)
    middle = candidates.mean(axis=0)
    nearest = np.abs(candidates - middle).sum(axis=1).argmin()
    return int(candidates[nearest][0]), int(candidates[nearest][1])


def _view(frame: Frame, zoom: float, x: float, y: float) -> View:
    width, height = frame.height * NARROW_SHAPE / zoom, frame.height / zoom
    x = min(max(x, 0), max(frame.width - width, 0))
    y = min(max(y, 0), frame.height - height)
    left = (frame.width - frame.height * NARROW_SHAPE) / 2
    return View("narrow", x, y, width, height, left, 0, zoom, frame.height * NARROW_SHAPE / NARROW_PIXELS)
