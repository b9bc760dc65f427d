"""What changed between two pictures: who gained and who lost how much ground, and where."""

import json
import math
import time

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import Polygon, box
from shapely.geometry import shape

from mapdata.ground.areas import Holding, area_km2, clean, give, take
from mapdata.ground.changes import Change, Side, difference
from tests.shared_data import shared

RED = Holding("rusland")
BLUE = Holding("oekraine", "liberated")
CLAIM = Holding("rusland", "advance", "claimed", "rusland")
RED_SIDE, BLUE_SIDE = Side("rusland", "controlled"), Side("oekraine", "liberated")

WHOLE, EAST, WEST = box(37, 48, 39, 49), box(38, 48, 39, 49), box(37, 48, 38, 49)
REGIONS = [("UA-14", clean(EAST)), ("UA-09", clean(WEST))]


def held(*pairs):
    areas = ()
    for ground, holding in pairs:
        areas = give(areas, ground, holding)
    return areas


class TestFlows:
    def test_ground_that_changed_hands_is_one_flow(self):
        before = held((WHOLE, RED))
        change = difference(before, give(before, EAST, BLUE), REGIONS)
        (flow,) = change.flows
        assert (flow.before, flow.after) == (RED_SIDE, BLUE_SIDE)
        assert flow.km2 == pytest.approx(area_km2(EAST), abs=0.02)
        assert flow.regions == {"UA-14": flow.km2}

    def test_ground_that_nobody_held_or_nobody_holds_is_a_flow_too(self):
        before = held((WEST, RED))
        change = difference(before, held((EAST, RED)), REGIONS)
        assert {(flow.before, flow.after): set(flow.regions) for flow in change.flows} == {
            (None, RED_SIDE): {"UA-14"},
            (RED_SIDE, None): {"UA-09"},
        }

    def test_the_same_picture_twice_is_no_change(self):
        assert not difference(held((WHOLE, RED)), held((WHOLE, RED)), REGIONS)
        assert not difference((), (), REGIONS)

    def test_claims_are_not_counted(self):
        before = held((WEST, RED))
        assert not difference(before, give(before, EAST, CLAIM), REGIONS)

    def test_regions_are_measured_for_their_part(self):
        change = difference((), held((box(37.5, 48, 38.5, 49), RED)), REGIONS)
        half = area_km2(box(37.5, 48, 38, 49))
        assert change.regions() == {"UA-14": pytest.approx(half, abs=0.1), "UA-09": pytest.approx(half, abs=0.1)}

    def test_ground_outside_every_region_counts_in_all_alone(self):
        change = difference((), held((box(50, 48, 51, 49), RED)), REGIONS)
        assert change.flows[0].regions == {}
        assert change.flows[0].km2 > 0

    def test_a_border_that_was_drawn_again_is_no_news(self):
        # The same line of 100 km, digitised twice: every 2 km with an error of 50 m, and at other places every 3 km.
        first = [(37 + east / 40, 48.5 + 0.0004 * math.sin(east)) for east in range(41)]
        second = [(37 + east / 27, 48.5 + 0.0004 * math.cos(east)) for east in range(28)]
        pictures = []
        for line in (first, second):
            south = Polygon([*line, (38, 48), (37, 48)])
            pictures.append(held((box(37, 48, 38, 49), BLUE), (south, RED)))
        assert not difference(*pictures, REGIONS)

    def test_a_village_is_news(self):
        before = held((WHOLE, RED))
        village = box(37.5, 48.5, 37.51, 48.51)
        assert 0.5 < area_km2(village) < 1
        assert difference(before, give(before, village, BLUE)).gains() == {
            "oekraine": pytest.approx(area_km2(village), abs=0.01)
        }


class TestParties:
    def test_gains_and_losses_are_by_party(self):
        before = held((WHOLE, RED))
        change = difference(before, take(give(before, EAST, BLUE), box(37, 48, 37.5, 49)), REGIONS)
        assert change.gains() == {"oekraine": pytest.approx(area_km2(EAST), abs=0.02)}
        assert change.losses() == {"rusland": pytest.approx(area_km2(box(37, 48, 37.5, 49)) + area_km2(EAST), abs=0.1)}
        assert change.gains("UA-09") == {}
        assert set(change.losses("UA-09")) == {"rusland"}

    def test_another_status_of_the_same_party_is_neither_gain_nor_loss(self):
        before = held((WHOLE, RED))
        change = difference(before, give(before, EAST, Holding("rusland", "contested")), REGIONS)
        assert len(change.flows) == 1
        assert change.gains() == change.losses() == {}


class TestStorage:
    def test_a_change_survives_storage_as_json(self):
        change = difference(held((WHOLE, RED)), held((EAST, BLUE)), REGIONS)
        assert Change.from_json(json.loads(json.dumps(change.as_json()))) == change
        assert change

    def test_no_change_does_too(self):
        assert Change.from_json(Change().as_json()) == Change()


squares = st.builds(
    lambda east, north, side: box(37 + east / 20, 48 + north / 20, 37 + (east + side) / 20, 48 + (north + side) / 20),
    st.integers(0, 20),
    st.integers(0, 15),
    st.integers(1, 6),
)
pictures = st.lists(st.tuples(squares, st.sampled_from([RED, BLUE, CLAIM])), max_size=4).map(lambda s: held(*s))


class TestProperties:
    @given(pictures, pictures)
    def test_what_one_side_gains_net_is_the_growth_of_its_ground(self, before, after):
        change = difference(before, after, REGIONS)
        for holding, side in ((RED, RED_SIDE), (BLUE, BLUE_SIDE)):
            came = sum(flow.km2 for flow in change.flows if flow.after == side)
            went = sum(flow.km2 for flow in change.flows if flow.before == side)
            assert came - went == pytest.approx(km2_of(after, holding) - km2_of(before, holding), abs=0.5)

    @given(pictures, pictures)
    def test_the_way_back_is_the_way_there_turned_round(self, before, after):
        there, back = difference(before, after, REGIONS), difference(after, before, REGIONS)
        assert there.gains() == back.losses()
        assert {(f.before, f.after, f.km2) for f in there.flows} == {(f.after, f.before, f.km2) for f in back.flows}


def km2_of(areas, holding):
    return sum(area_km2(area.ground) for area in areas if area.holding == holding)


def test_twenty_seven_regions_are_measured_within_300_ms():
    oblasts = json.loads(shared("admin/ukraine-oblasts.geojson").read_text())["features"]
    regions = [(oblast["properties"]["iso_3166_2"], clean(shape(oblast["geometry"]))) for oblast in oblasts]
    before = held(*[(ground, RED) for _, ground in regions[:12]])
    after = held(*[(shapely.buffer(ground, -0.1), RED) for _, ground in regions[:14]])
    started = time.process_time()
    change = difference(before, after, regions)
    assert time.process_time() - started < 0.3
    assert len(change.regions()) >= 12
