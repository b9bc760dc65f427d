"""What an operation on a picture did: pieces of ground that went from one holding to another. Pure.

Coordinates and units as in `mapdata.ground`. Unlike `changes`, which tells readers what is news between two editions,
this keeps account: every layer counts, claims too, and so does a piece of a hectare.
"""

from collections.abc import Iterable, Sequence
from dataclasses import astuple
from typing import NamedTuple

import shapely
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from mapdata.ground import GRID, Area, Holding, Layer, clean
from mapdata.measuring import area_km2, polygons_of, rough_km2

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
    old, new = (
        {area.holding: area.ground for area in areas if (area.holding, area.ground.wkb) not in same}
        for areas in (before, after)
    )
    nothing = MultiPolygon()
    layers: dict[Layer, tuple[dict, dict]] = {}
    for holding in sorted({*old, *new}, key=lambda holding: (holding.layer, holding)):
        was, now = old.get(holding, nothing), new.get(holding, nothing)
        gained, lost = layers.setdefault(holding.layer, ({}, {}))
        gained[holding] = shapely.difference(now, was, grid_size=GRID)
        lost[holding] = shapely.difference(was, now, grid_size=GRID)
    moves = [move for gained, lost in layers.values() for move in _between(gained, lost)]
    return sorted(moves, key=lambda move: -area_km2(move.ground))


def ground_of(moves: Iterable[Move]) -> MultiPolygon:
    """All the ground that changed hands."""
    return clean(shapely.union_all([move.ground for move in moves], grid_size=GRID))


def _between(gained: dict[Holding, BaseGeometry], lost: dict[Holding, BaseGeometry]) -> Iterable[Move]:
    for taker, gain in gained.items():
        for loser, loss in lost.items():
            yield from _move(loser, taker, shapely.intersection(gain, loss, grid_size=GRID))
        yield from _move(None, taker, shapely.difference(gain, shapely.union_all(list(lost.values())), grid_size=GRID))
    for loser, loss in lost.items():
        left = shapely.difference(loss, shapely.union_all(list(gained.values())), grid_size=GRID)
        yield from _move(loser, None, left)


def _move(before: Holding | None, after: Holding | None, ground: BaseGeometry) -> Iterable[Move]:
    pieces = polygons_of(ground)
    noticed = pieces[rough_km2(pieces) >= NOTICED_KM2]
    if len(noticed):
        yield Move(before, after, clean(MultiPolygon(list(noticed))))
