"""What an operation on a picture did: pieces of ground that went from one holding to another. Pure.

Coordinates and units as in `mapdata.ground`. Unlike `changes`, which tells readers what is news between two editions,
this keeps account: every layer counts, claims too, and so does a piece of a hectare.
"""

from collections.abc import Iterable, Sequence
from dataclasses import astuple
from typing import NamedTuple

import numpy as np
import shapely
from shapely import MultiPolygon

from mapdata.ground.areas import GRID, Area, Holding, clean, faces_of, first_of
from mapdata.ground.measuring import area_km2, polygons_of, rough_km2

# km²: where a border bends to the grid, strips of less than a tenth of this change hands and nobody moved them.
NOTICED_KM2 = 0.001


class Move(NamedTuple):
    """Ground that went from one holding to another; None is nobody in particular."""

    before: Holding | None
    after: Holding | None
    ground: MultiPolygon


class Flow(NamedTuple):
    """A move without its ground: km², and km² by region code (ground outside every region is in none)."""

    before: Holding | None
    after: Holding | None
    km2: float
    regions: dict[str, float]

    def as_json(self) -> list:
        """Plain lists, for storage; `from_json` reads them back unchanged."""
        sides = [holding and list(astuple(holding)) for holding in (self.before, self.after)]
        return [*sides, self.km2, dict(self.regions)]

    @classmethod
    def from_json(cls, data: list) -> "Flow":
        before, after, km2, regions = data
        return cls(before and Holding(*before), after and Holding(*after), km2, regions)


def moved(before: Sequence[Area], after: Sequence[Area]) -> list[Move]:
    """What went from whom to whom between two pictures, the largest first; pieces under 0.001 km² are left out."""
    same = {(area.holding, area.ground.wkb) for area in before} & {(area.holding, area.ground.wkb) for area in after}
    old, new = ([area for area in areas if (area.holding, area.ground.wkb) not in same] for areas in (before, after))
    layers = dict.fromkeys(area.holding.layer for area in (*old, *new))
    moves = [
        move
        for layer in layers
        for move in _in_one_layer(*([area for area in areas if area.holding.layer == layer] for areas in (old, new)))
    ]
    return sorted(moves, key=lambda move: -area_km2(move.ground))


def ground_of(moves: Iterable[Move]) -> MultiPolygon:
    """All the ground that changed hands."""
    return clean(shapely.union_all([move.ground for move in moves], grid_size=GRID))


def _where(old: Sequence[Area], new: Sequence[Area]) -> tuple[float, float, float, float] | None:
    """A rectangle around all that changed: around the edges that a holding has in only one of the two pictures."""
    edges: dict[Holding, list[np.ndarray]] = {}
    for area in (*old, *new):
        edges.setdefault(area.holding, []).append(_edges(area.ground))
    changed = []
    for sides in edges.values():
        # An edge is known by its middle, whichever way it is drawn.
        middles = [begin + end for begin, end in sides]
        for (begin, end), middle, others in zip(sides, middles, reversed(middles), strict=True):
            gone = np.ones(len(middle), dtype=bool) if len(sides) == 1 else ~np.isin(middle, others)
            changed += [begin[gone], end[gone]]
    points = np.concatenate(changed)
    if not len(points):
        return None
    west, south, east, north = points.real.min(), points.imag.min(), points.real.max(), points.imag.max()
    return west - 2 * GRID, south - 2 * GRID, east + 2 * GRID, north + 2 * GRID


def _edges(ground: MultiPolygon) -> tuple[np.ndarray, np.ndarray]:
    """Begins and ends of all edges, longitude + latitude i."""
    points, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(ground)), return_index=True)
    numbers, edge = points[:, 0] + 1j * points[:, 1], ring[:-1] == ring[1:]
    return numbers[:-1][edge], numbers[1:][edge]


def _in_one_layer(old: Sequence[Area], new: Sequence[Area]) -> Iterable[Move]:
    """By the faces that the borders of both pictures make together: each had one holding, and has one."""
    if (where := _where(old, new)) is None:
        return
    faces, covered = faces_of([area.ground for area in (*old, *new)], within=where)
    was, now = first_of(covered[: len(old)]), first_of(covered[len(old) :])
    for i, j in sorted(set(zip(was.tolist(), now.tolist(), strict=True))):
        before, after = (old[i].holding if i >= 0 else None), (new[j].holding if j >= 0 else None)
        if before == after:
            continue
        pieces = polygons_of(shapely.coverage_union_all(faces[(was == i) & (now == j)]))
        noticed = pieces[rough_km2(pieces) >= NOTICED_KM2]
        if len(noticed):
            yield Move(before, after, clean(MultiPolygon(list(noticed))))
