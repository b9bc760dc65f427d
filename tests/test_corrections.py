"""Carrying a correction forward: only ground that later pictures still show as it was, and never a broken picture."""

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from mapdata.ground.areas import SLIVER_KM2, Holding, area_km2, give, is_partition, take
from mapdata.ground.carrying import carried, still_so
from mapdata.ground.moves import changed_ground, share_held
from tests.properties import examples

RED, BLUE = Holding("rusland"), Holding("oekraine", "liberated")
CLAIM = Holding("rusland", "controlled", "claimed", "rusland")
WHOLE, WEST, EAST = box(37, 48, 39, 49), box(37, 48, 38, 49), box(38, 48, 39, 49)
MIDDLE = box(37.5, 48.2, 38.5, 48.8)


def held(*pairs):
    areas = ()
    for ground, holding in pairs:
        areas = give(areas, ground, holding)
    return areas


def ground_of(areas, holding):
    return shapely.union_all([area.ground for area in areas if area.holding == holding])


class TestStillSo:
    def test_a_later_picture_that_shows_the_same_is_found_with_its_ground(self):
        wrong = held((WHOLE, RED))
        right = give(wrong, MIDDLE, BLUE)
        ((key, (move,)),) = still_so(changed_ground(wrong, right), [("next", wrong)])
        assert (key, move.before, move.after) == ("next", RED, BLUE)
        assert area_km2(move.ground) == pytest.approx(area_km2(MIDDLE), abs=SLIVER_KM2)

    def test_only_the_part_that_is_still_so_counts(self):
        wrong = held((WHOLE, RED))
        right = give(wrong, MIDDLE, BLUE)
        later = give(wrong, WEST, BLUE)
        ((_, (move,)),) = still_so(changed_ground(wrong, right), [("next", later)])
        assert area_km2(move.ground) == pytest.approx(area_km2(MIDDLE) / 2, rel=0.001)

    def test_ground_that_changed_in_between_is_news_of_its_own(self):
        wrong = held((WHOLE, RED))
        right = give(wrong, MIDDLE, BLUE)
        lost = give(wrong, MIDDLE, Holding("oekraine"))
        assert still_so(changed_ground(wrong, right), [("lost", lost), ("taken again", wrong)]) == []

    def test_ground_that_was_nobodys_and_ground_that_goes_to_nobody(self):
        wrong = held((WEST, RED))
        right = take(give(wrong, EAST, BLUE), MIDDLE)
        later = give(wrong, box(38.5, 48, 39, 49), RED)
        ((_, found),) = still_so(changed_ground(wrong, right), [("next", later)])
        assert {(move.before, move.after) for move in found} == {(None, BLUE), (RED, None)}
        after = carried(later, found)
        assert is_partition(after)
        assert not ground_of(after, RED).intersects(box(37.6, 48.3, 37.9, 48.7))
        assert ground_of(after, RED).contains(box(38.6, 48.3, 38.9, 48.7))

    def test_claims_are_carried_in_their_own_layer(self):
        wrong = held((WHOLE, RED))
        right = give(wrong, MIDDLE, CLAIM)
        ((_, found),) = still_so(changed_ground(wrong, right), [("next", wrong)])
        after = carried(wrong, found)
        assert ground_of(after, CLAIM).equals(shapely.normalize(MIDDLE))
        assert ground_of(after, RED).equals(ground_of(wrong, RED))

    def test_the_same_picture_corrects_nothing(self):
        assert still_so(changed_ground(held((WHOLE, RED)), held((WHOLE, RED))), [("next", held((WHOLE, RED)))]) == []


holdings = st.sampled_from([RED, BLUE, Holding("oekraine"), Holding("rusland", "contested"), CLAIM])
lines = st.integers(0, 20).map(lambda step: 37 + step / 10)


@st.composite
def rectangles(draw):
    west, east = sorted(draw(st.lists(lines, min_size=2, max_size=2, unique=True)))
    south, north = sorted(draw(st.lists(lines, min_size=2, max_size=2, unique=True)))
    return box(west, south + 11, east, north + 11)


gifts = st.lists(st.tuples(rectangles(), st.none() | holdings), max_size=4)


def changed(areas, given_):
    for ground, holding in given_:
        areas = take(areas, ground) if holding is None else give(areas, ground, holding)
    return areas


@examples(60)
@given(gifts, gifts, gifts, gifts)
def test_a_carried_picture_is_whole_and_differs_only_where_it_was_still_wrong(first, mended, then, last):
    wrong = changed((), first)
    right = changed(wrong, mended)
    later = [changed(wrong, then)]
    later.append(changed(later[0], last))
    corrected = changed_ground(wrong, right)
    found = still_so(corrected, enumerate(later))
    assert [key for key, _ in found] == list(range(len(found)))
    for key, standing in found:
        after = carried(later[key], standing)
        assert is_partition(after)
        # What carrying changed is exactly what was said to be still so.
        done = {(move.before, move.after): move.ground for move in changed_ground(later[key], after)}
        said = {(move.before, move.after): move.ground for move in standing}
        assert done.keys() == said.keys()
        for pair, ground in said.items():
            assert area_km2(shapely.symmetric_difference(done[pair], ground)) < SLIVER_KM2
        # And it lies within what the correction itself changed in that way.
        for move in standing:
            whole = next(one.ground for one in corrected if one[:2] == move[:2])
            assert area_km2(shapely.difference(move.ground, whole)) < SLIVER_KM2


class TestShareHeld:
    def test_ground_held_in_one_picture_or_another_adds_up(self):
        pictures = [held((box(37.5, 48.2, 38, 48.8), BLUE)), held((EAST, Holding("oekraine")))]
        assert share_held(shapely.MultiPolygon([MIDDLE]), "oekraine", pictures, 1) == pytest.approx(1)
        assert share_held(shapely.MultiPolygon([MIDDLE]), "oekraine", pictures[:1], 1) == pytest.approx(0.5, abs=0.01)
        assert share_held(shapely.MultiPolygon([MIDDLE]), "rusland", pictures, 1) == 0

    def test_claimed_and_contested_ground_was_not_held(self):
        pictures = [held((WHOLE, CLAIM)), held((WHOLE, Holding("rusland", "contested")))]
        assert share_held(shapely.MultiPolygon([MIDDLE]), "rusland", pictures, 1) == 0

    def test_no_more_pictures_are_looked_at_than_needed(self):
        def endless():
            yield held((WHOLE, RED))
            raise AssertionError("enough was seen")

        assert share_held(shapely.MultiPolygon([MIDDLE]), "rusland", endless(), 0.5) == pytest.approx(1)
