"""Which ground changed hands between two editions, as shapes: what is news. Pure.

Coordinates and units as in `mapdata.ground`. `moves.moved` keeps account of operations on one drawing; here two
drawings may be of different hands, so strips along their borders are not taken for news. Each layer is compared with
itself: a claim that is confirmed is a claim that went and ground that came.
"""

from collections.abc import Iterable, Sequence

import shapely
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from mapdata.ground.areas import ASSESSED, GRID, Area, Layer, are_slivers, area_km2, faces_of, first_of
from mapdata.ground.measuring import perimeter_km, polygons_of
from mapdata.ground.moves import Move

# Two drawings of a border that did not move differ by strips. A piece is such a strip, not news, where it is both
# under a km² and under 100 m wide on average (twice its area by its perimeter); or where it is under a hectare.
STRIP_KM2 = 1.0
STRIP_KM = 0.1


def changed_ground(before: Sequence[Area], after: Sequence[Area]) -> tuple[Move, ...]:
    """What went from whom to whom, in every layer; one move for each pair of holdings.

    The borders of both pictures are noded together, so that each face has one holding before and one after; the faces
    of each pair are merged, and of the pieces that result the strips are dropped (`STRIP_KM2`, `STRIP_KM`).
    """
    layers = sorted({area.holding.layer for area in (*before, *after)})
    return tuple(move for layer in layers for move in _moves(_of(before, layer), _of(after, layer)))


def layer_of(move: Move) -> Layer:
    return (move.before or move.after).layer


def without_strips(geometry: BaseGeometry) -> MultiPolygon:
    """The pieces of it that are more than a difference between two drawings of one border."""
    pieces = polygons_of(geometry)
    return MultiPolygon([piece for piece in pieces[~are_slivers(pieces)] if not _is_strip(piece)])


def share_held(ground: MultiPolygon, party: str, pictures: Iterable[Sequence[Area]], enough: float) -> float:
    """Which part of the ground (0 to 1) a party was assessed to hold in one picture or another, in whatever way but as
    contested; no further picture is looked at once it is `enough`."""
    whole, left = area_km2(ground), ground
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


def _moves(old: Sequence[Area], new: Sequence[Area]) -> list[Move]:
    if old == new:
        return []
    faces, covered = faces_of([area.ground for area in (*old, *new)])
    was, now = first_of(covered[: len(old)]), first_of(covered[len(old) :])
    found = []
    for i, j in sorted(set(zip(was.tolist(), now.tolist(), strict=True))):
        before, after = (old[i].holding if i >= 0 else None), (new[j].holding if j >= 0 else None)
        if before == after:
            continue
        moved = without_strips(shapely.coverage_union_all(faces[(was == i) & (now == j)]))
        if not moved.is_empty:
            found.append(Move(before, after, moved))
    return found


def _of(areas: Sequence[Area], layer: Layer) -> list[Area]:
    return [area for area in areas if area.holding.layer == layer and not area.ground.is_empty]


def _is_strip(piece: BaseGeometry) -> bool:
    km2 = area_km2(piece)
    return km2 < STRIP_KM2 and 2 * km2 / perimeter_km(piece) < STRIP_KM
