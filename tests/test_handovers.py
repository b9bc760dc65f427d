"""What an operation did: km² gained and lost, and nothing that only measuring brings about."""

import json

from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPolygon, box

from mapdata import ground
from mapdata.ground import Area, Holding
from mapdata.handovers import Handover, handover
from mapdata.models.steps import as_json, digest, from_json

OURS, THEIRS, CLAIM = Holding("a"), Holding("b", "contested"), Holding("b", basis="claimed", claimed_by="b")
WEST, EAST = MultiPolygon([box(30, 50, 31, 51)]), MultiPolygon([box(31, 50, 32, 51)])

tenths = st.integers(min_value=0, max_value=30).map(lambda number: number / 10)
boxes = st.tuples(tenths, tenths, tenths, tenths).filter(lambda sides: sides[0] < sides[2] and sides[1] < sides[3])


def test_what_one_gains_another_loses():
    before = (Area(OURS, WEST), Area(THEIRS, EAST))
    done = handover(before, ground.give(before, EAST, OURS))
    assert list(done.gained) == [OURS]
    assert list(done.lost) == [THEIRS]
    assert done.from_nobody_km2 == 0


def test_ground_of_nobody_is_counted_apart():
    done = handover((Area(OURS, WEST),), ground.give((Area(OURS, WEST),), EAST, THEIRS))
    assert done.lost == {}
    assert done.from_nobody_km2 == done.gained[THEIRS]


def test_ground_that_goes_back_to_nobody_is_counted_apart():
    before = (Area(OURS, WEST), Area(THEIRS, EAST))
    done = handover(before, ground.take(before, WEST))
    assert done.gained == {}
    assert done.from_nobody_km2 == -done.lost[OURS]


def test_a_claim_takes_nothing_from_what_is_assessed():
    before = (Area(OURS, WEST),)
    done = handover(before, ground.give(before, WEST, CLAIM))
    assert list(done.gained) == [CLAIM]
    assert done.lost == {}


def test_nothing_is_nothing():
    before = (Area(OURS, WEST),)
    assert not handover(before, before)
    assert not handover(before, ground.give(before, WEST, OURS))


@given(boxes)
def test_gains_and_losses_are_what_the_areas_differ_by(sides):
    before = (Area(OURS, WEST), Area(THEIRS, EAST))
    west, south, east, north = sides
    after = ground.give(before, box(29.5 + west, 49 + south, 29.5 + east, 49 + north), OURS)
    done = handover(before, after)
    total = sum(ground.area_km2(area.ground) for area in after) - sum(ground.area_km2(area.ground) for area in before)
    assert abs(sum(done.gained.values()) - sum(done.lost.values()) - total) < 0.02
    assert Handover.from_json(json.loads(json.dumps(done.as_json()))) == done


def test_a_picture_is_stored_and_read_back_to_the_last_digit():
    picture = (Area(OURS, WEST), Area(CLAIM, MultiPolygon([box(30.123456789, 50, 31, 50.987654321)])))
    stored = json.loads(json.dumps(as_json(picture)))
    assert from_json(stored) == picture
    assert digest(stored) == digest(as_json(picture[::-1]))
    assert digest(stored) != digest(as_json(picture[:1]))
