"""What the correction of one picture means for later ones. Pure; coordinates and units as in `mapdata.ground`."""

from collections.abc import Hashable, Iterable, Sequence

import shapely
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from mapdata.ground.areas import GRID, Area, Holding, Layer, hand_over
from mapdata.ground.moves import Move, without_strips


def still_so(
    corrected: Sequence[Move], later: Iterable[tuple[Hashable, Sequence[Area]]]
) -> list[tuple[Hashable, tuple[Move, ...]]]:
    """Which later pictures still show what a correction says was wrong: the key of each, and that ground.

    `corrected` is what the correction moves; `later` are the pictures after it, in the order of their moments. Ground
    counts as long as each picture in between shows it as it was before the correction: where it has changed since,
    later pictures show news of their own, even if it was lost or retaken again.
    """
    left, found = list(corrected), []
    for key, areas in later:
        left = [move for move in (_still(move, areas) for move in left) if not move.ground.is_empty]
        if not left:
            break
        found.append((key, tuple(left)))
    return found


def carried(areas: Sequence[Area], moves: Iterable[Move]) -> tuple[Area, ...]:
    """A later picture with the corrected ground (as `still_so` found it there) held as the correction has it."""
    gifts: dict[Layer, list[tuple[Holding | None, MultiPolygon]]] = {}
    for move in moves:
        gifts.setdefault(move.layer, []).append((move.after, move.ground))
    for layer, given in gifts.items():
        areas = hand_over(areas, layer, given)
    return tuple(areas)


def _still(move: Move, areas: Sequence[Area]) -> Move:
    """The move, of the ground that these areas show as it was before it."""
    layer = move.layer
    ground: BaseGeometry = move.ground
    shapely.prepare(ground)
    near = [area for area in areas if area.holding.layer == layer and ground.intersects(area.ground)]
    if move.before is None:
        for area in near:
            ground = shapely.difference(ground, area.ground, grid_size=GRID)
    else:
        held = next((area.ground for area in near if area.holding == move.before), MultiPolygon())
        ground = shapely.intersection(ground, held, grid_size=GRID)
    return Move(move.before, move.after, without_strips(ground))
