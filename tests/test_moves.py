"""What an operation did: pieces of ground, from whom to whom, and nothing that only rounding brings about."""

import json

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPolygon, box

from mapdata.ground.areas import Area, Holding, area_km2, clean, give, take
from mapdata.ground.moves import MeasuredMove, ground_of, moved

OURS, THEIRS, CLAIM = Holding("a"), Holding("b", "contested"), Holding("b", basis="claimed", claimed_by="b")
WEST, EAST = MultiPolygon([box(30, 50, 31, 51)]), MultiPolygon([box(31, 50, 32, 51)])
BOTH = (Area(OURS, WEST), Area(THEIRS, EAST))

tenths = st.integers(min_value=0, max_value=30).map(lambda number: number / 10)
boxes = st.tuples(tenths, tenths, tenths, tenths).filter(lambda sides: sides[0] < sides[2] and sides[1] < sides[3])


def sides(moves):
    return [(move.before, move.after) for move in moves]


def test_what_one_gains_another_loses():
    (move,) = moved(BOTH, give(BOTH, EAST, OURS))
    assert move.before == THEIRS
    assert move.after == OURS
    assert move.ground.equals(EAST)


def test_ground_of_nobody_is_a_move_of_its_own():
    after = give((Area(OURS, WEST),), box(30.5, 50, 32, 51), THEIRS)
    assert set(sides(moved((Area(OURS, WEST),), after))) == {(OURS, THEIRS), (None, THEIRS)}


def test_ground_goes_back_to_nobody():
    assert sides(moved(BOTH, take(BOTH, WEST))) == [(OURS, None)]


def test_a_claim_takes_nothing_from_what_is_assessed():
    before = (Area(OURS, WEST),)
    assert sides(moved(before, give(before, WEST, CLAIM))) == [(None, CLAIM)]


def test_nothing_is_nothing():
    assert moved(BOTH, BOTH) == []
    assert moved(BOTH, give(BOTH, WEST, OURS)) == []
    assert ground_of([]).is_empty


def test_a_border_that_bends_to_the_grid_has_moved_nothing():
    # The line crosses the long border at a place that is not on the grid.
    before = (Area(OURS, clean(shapely.Polygon([(30, 50), (31, 50), (31.0000003, 51), (30, 51)]))),)
    after = give(before, box(30.9, 50.33333333, 33, 50.77777777), THEIRS)
    assert set(sides(moved(before, after))) == {(OURS, THEIRS), (None, THEIRS)}


@given(boxes)
def test_the_moves_are_what_the_areas_differ_by(corners):
    west, south, east, north = corners
    after = give(BOTH, box(29.5 + west, 49 + south, 29.5 + east, 49 + north), OURS)
    moves = moved(BOTH, after)
    for holding, was in ((OURS, area_km2(WEST)), (THEIRS, area_km2(EAST))):
        now = sum(area_km2(area.ground) for area in after if area.holding == holding)
        gained = sum(area_km2(move.ground) for move in moves if move.after == holding)
        lost = sum(area_km2(move.ground) for move in moves if move.before == holding)
        assert now - was == pytest.approx(gained - lost, abs=0.01)
    assert area_km2(ground_of(moves)) == pytest.approx(sum(area_km2(move.ground) for move in moves), abs=0.01)


@pytest.mark.parametrize(
    "flow",
    [
        MeasuredMove(OURS, CLAIM, 1.5, {"UA-32": 1.0}),
        MeasuredMove(None, OURS, 2.0, {}),
        MeasuredMove(OURS, None, 0.1, {}),
    ],
)
def test_a_flow_is_stored_as_plain_values(flow):
    assert MeasuredMove.from_json(json.loads(json.dumps(flow.as_json()))) == flow
