"""What may be wrong with all coordinates of a file at once: noticed, worked out and proposed, never done unasked.

Pure: arrays in, proposals out. A proposal is accepted by its `accept`, given to `files.open_file`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from mapdata.imports.files import reference
from mapdata.imports.files.records import Unreadable

Bounds = tuple[float, float, float, float]
Step = Callable[[np.ndarray], np.ndarray]

SWAP, WRAP, CRS, AS_IT_IS = "swap_axes", "wrap_longitudes", "crs", "as_it_is"
# Of metres without a name: Web Mercator, UTM, and the Soviet zones (SK-42, 6 degrees) that Ukrainian maps are in.
_METRES = (
    "EPSG:3857",
    *(f"EPSG:326{zone}" for zone in (34, 35, 36, 37, 38)),
    *(f"EPSG:2840{zone}" for zone in (4, 5, 6, 7)),
)
# Most of the features must come to lie well before it is worth saying.
_MOST, _FEW = 0.9, 0.1
_SAMPLE = 5000


@dataclass(frozen=True)
class Proposal:
    """`inside` of `count` features would lie on the map; `bounds` are then those of all (west, south, east, north)."""

    kind: str
    accept: str
    words: str
    bounds: Bounds
    inside: int
    count: int
    crs: str = ""

    def as_json(self) -> dict[str, Any]:
        said: dict[str, Any] = {
            "kind": self.kind,
            "accept": self.accept,
            "words": self.words,
            "bounds": rounded(self.bounds),
        }
        said |= {"inside": self.inside, "of": self.count}
        return said | ({"crs": self.crs} if self.crs else {})


def rounded(bounds: Bounds | None) -> list[float] | None:
    """Bounds for a report: to the nearest 0.000001 degree."""
    return None if bounds is None else [round(float(number), 6) for number in bounds]


def around(boxes: np.ndarray) -> Bounds:
    """The bounds of all boxes; those of what has none are left out."""
    west, south = np.nanmin(boxes[:, :2], axis=0).tolist()
    east, north = np.nanmax(boxes[:, 2:], axis=0).tolist()
    return west, south, east, north


def swapped(points: np.ndarray) -> np.ndarray:
    return points[:, ::-1]


def wrapped(points: np.ndarray) -> np.ndarray:
    """Longitudes counted from 0 to 360 as they are counted from -180 to 180."""
    return np.column_stack([np.where(points[:, 0] > 180, points[:, 0] - 360, points[:, 0]), points[:, 1]])


def propose(boxes: np.ndarray, frame: Bounds | None, declared: bool) -> list[Proposal]:
    """What would bring the features to the map, if they are not there as they were read.

    `boxes` are the bounds of the features [west, south, east, north] as read; `frame` is the map's, None for the whole
    globe; `declared` says that the file names its reference system, so that only the axes are in doubt.
    """
    if not len(boxes):
        return []
    as_read = _inside(boxes, frame)
    if as_read > _FEW * len(boxes):
        return []
    found = [*_found(boxes, frame, SWAP, _("Exchange latitude and longitude"), swapped)]
    if (boxes[:, [0, 2]].max() > 180) and boxes[:, [0, 2]].max() <= 360 and np.abs(boxes[:, [1, 3]]).max() <= 90:
        found += _found(boxes, frame, WRAP, _("Count longitudes over 180 from the west"), wrapped)
    if not declared and np.abs(boxes).max() > 360:
        for crs in _METRES:
            for swap in (False, True):
                found += _from_metres(boxes, frame, crs, swap)
    return sorted(found, key=lambda proposal: -proposal.inside)


def warn_of_single(boxes: np.ndarray, frame: Bounds | None) -> np.ndarray:
    """Which features lie off the map, and would lie on it with latitude and longitude exchanged."""
    if frame is None or not len(boxes):
        return np.zeros(len(boxes), dtype=bool)
    return ~_meets(boxes, frame) & _meets(boxes[:, [1, 0, 3, 2]], frame)


def _from_metres(boxes: np.ndarray, frame: Bounds | None, crs: str, swap: bool) -> Iterator[Proposal]:
    try:
        convert = reference.to_degrees(crs)
    except Unreadable:
        return
    if convert is None:
        return
    step = _north_first(convert) if swap else convert
    words = _("Read the coordinates as metres in %(crs)s") % {"crs": crs}
    accept = f"{CRS}:{crs}" + (f"+{SWAP}" if swap else "")
    yield from _found(boxes, frame, CRS, words + (_(", north before east") if swap else ""), step, crs, accept)


def _north_first(convert: Step) -> Step:
    return lambda points: convert(swapped(points))


def _found(
    boxes: np.ndarray, frame: Bounds | None, kind: str, words: str, step: Step, crs: str = "", accept: str = ""
) -> Iterator[Proposal]:
    with np.errstate(all="ignore"):
        after = _boxes_after(boxes, step)
    inside = _inside(after, frame)
    if inside >= _MOST * len(boxes):
        yield Proposal(kind, accept or kind, words + ".", around(after), inside, len(boxes), crs)


def _boxes_after(boxes: np.ndarray, step: Step) -> np.ndarray:
    """The boxes of the corners, moved; a box that was turned a little has bounds a little too wide."""
    corners = np.stack([step(boxes[:, pair]) for pair in ([0, 1], [2, 1], [2, 3], [0, 3])])
    return np.column_stack([corners.min(axis=0), corners.max(axis=0)])


def _inside(boxes: np.ndarray, frame: Bounds | None) -> int:
    return int(_meets(boxes, frame or (-180.0, -90.0, 180.0, 90.0), whole=frame is None).sum())


def _meets(boxes: np.ndarray, frame: Sequence[float], whole: bool = False) -> np.ndarray:
    west, south, east, north = frame
    if whole:
        fits = (boxes[:, 0] >= west) & (boxes[:, 2] <= east) & (boxes[:, 1] >= south) & (boxes[:, 3] <= north)
    else:
        on_globe = (np.abs(boxes[:, [0, 2]]) <= 180).all(axis=1) & (np.abs(boxes[:, [1, 3]]) <= 90).all(axis=1)
        fits = (
            (boxes[:, 2] >= west) & (boxes[:, 0] <= east) & (boxes[:, 3] >= south) & (boxes[:, 1] <= north) & on_globe
        )
    return fits & np.isfinite(boxes).all(axis=1)
