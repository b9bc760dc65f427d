"""Pieces of ground that went from one holding to another between two pictures, in every layer, claims too. Pure.

Each layer is compared with itself: a claim that is confirmed is a claim that went and ground that came. What counts as
moved depends on whose pictures they are: `moved` keeps account of an operation on one drawing, where a hectare counts;
`changed_ground` tells what is news between two editions, which may be of different hands.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import astuple
from typing import Any, NamedTuple

import numpy as np
import shapely
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from mapdata.ground.areas import ASSESSED, GRID, Area, Holding, Layer, are_slivers, clean, faces_of, first_of
from mapdata.ground.measuring import area_km2, perimeter_km, polygons_of, rough_km2

# km²: where a border bends to the grid, strips of less than a tenth of this change hands and nobody moved them.
NOTICED_KM2 = 0.001
# Two drawings of a border that did not move differ by strips. A piece is such a strip, not news, where it is both
# under a km² and under 100 m wide on average (twice its area by its perimeter); or where it is under a hectare.
STRIP_KM2 = 1.0
STRIP_KM = 0.1


class Move(NamedTuple):
    """Ground that went from one holding to another; None is nobody in particular."""

    before: Holding | None
    after: Holding | None
    ground: MultiPolygon

    @property
    def layer(self) -> Layer:
        holding = self.before or self.after
        assert holding, "nothing moved from nobody to nobody"
        return holding.layer


class MeasuredMove(NamedTuple):
    """A move without its ground: km², and km² by region code (ground outside every region is in none)."""

    before: Holding | None
    after: Holding | None
    km2: float
    regions: dict[str, float]

    def as_json(self) -> list[Any]:
        """Plain lists, for storage; `from_json` reads them back unchanged."""
        sides = [holding and list(astuple(holding)) for holding in (self.before, self.after)]
        return [*sides, self.km2, dict(self.regions)]

    @classmethod
    def from_json(cls, data: list[Any]) -> "MeasuredMove":
        before, after, km2, regions = data
        return cls(before and Holding(*before), after and Holding(*after), km2, regions)


def moved(before: Sequence[Area], after: Sequence[Area]) -> list[Move]:
    """What went from whom to whom in an operation, the largest first; pieces under 0.001 km² are left out."""
    return _compared(before, after, _noticed)


def changed_ground(before: Sequence[Area], after: Sequence[Area]) -> list[Move]:
    """What is news between two editions, the largest first: strips along their borders are left out
    (`STRIP_KM2`, `STRIP_KM`)."""
    return _compared(before, after, without_strips)


def without_strips(geometry: BaseGeometry) -> MultiPolygon:
    """The pieces of it that are more than a difference between two drawings of one border."""
    pieces = polygons_of(geometry)
    return MultiPolygon([piece for piece in pieces[~are_slivers(pieces)] if not _is_strip(piece)])


def ground_of(moves: Iterable[Move]) -> MultiPolygon:
    """All the ground that changed hands."""
    return clean(shapely.union_all([move.ground for move in moves], grid_size=GRID))


def share_held(ground: MultiPolygon, party: str, pictures: Iterable[Sequence[Area]], enough: float) -> float:
    """Which part of the ground (0 to 1) a party was assessed to hold in one picture or another, in whatever way but as
    contested; no further picture is looked at once it is `enough`."""
    whole = area_km2(ground)
    left: BaseGeometry = ground
    shapely.prepare(ground)
    for areas in pictures:
        held = [
            area.ground
            for area in areas
            if area.holding.party == party
            and area.holding.basis == ASSESSED
            and area.holding.status != "contested"
            and ground.intersects(area.ground)
        ]
        if held:
            left = shapely.difference(left, shapely.union_all(held), grid_size=GRID)
        if area_km2(left) <= (1 - enough) * whole:
            break
    return 1 - area_km2(left) / whole if whole else 0.0


def _compared(
    before: Sequence[Area], after: Sequence[Area], counted: Callable[[BaseGeometry], MultiPolygon]
) -> list[Move]:
    """One move for each pair of holdings and layer, with the pieces of its ground that are `counted`."""
    same = {(area.holding, area.ground.wkb) for area in before} & {(area.holding, area.ground.wkb) for area in after}
    old, new = (
        [area for area in areas if not area.ground.is_empty and (area.holding, area.ground.wkb) not in same]
        for areas in (before, after)
    )
    layers = sorted({area.holding.layer for area in (*old, *new)})
    moves = [move for layer in layers for move in _in_one_layer(_of(layer, old), _of(layer, new), counted)]
    return sorted(moves, key=lambda move: -area_km2(move.ground))


def _where(old: Sequence[Area], new: Sequence[Area]) -> tuple[float, float, float, float] | None:
    """A rectangle around all that changed: around the edges that a holding has in only one of the two pictures."""
    edges: dict[Holding, list[tuple[np.ndarray, np.ndarray]]] = {}
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


def _of(layer: Layer, areas: Sequence[Area]) -> list[Area]:
    return [area for area in areas if area.holding.layer == layer]


def _in_one_layer(
    old: Sequence[Area], new: Sequence[Area], counted: Callable[[BaseGeometry], MultiPolygon]
) -> Iterator[Move]:
    """By the faces that the borders of both pictures make together: each had one holding, and has one."""
    if (where := _where(old, new)) is None:
        return
    faces, covered = faces_of([area.ground for area in (*old, *new)], within=where)
    was, now = first_of(covered[: len(old)]), first_of(covered[len(old) :])
    for i, j in sorted(set(zip(was.tolist(), now.tolist(), strict=True))):
        before, after = (old[i].holding if i >= 0 else None), (new[j].holding if j >= 0 else None)
        if before == after:
            continue
        ground = counted(shapely.coverage_union_all(faces[(was == i) & (now == j)]))
        if not ground.is_empty:
            yield Move(before, after, ground)


def _noticed(geometry: BaseGeometry) -> MultiPolygon:
    pieces = polygons_of(geometry)
    return clean(MultiPolygon(list(pieces[rough_km2(pieces) >= NOTICED_KM2])))


def _is_strip(piece: BaseGeometry) -> bool:
    km2 = area_km2(piece)
    return km2 < STRIP_KM2 and 2 * km2 / perimeter_km(piece) < STRIP_KM
