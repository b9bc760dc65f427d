"""Giving and taking on real ground: published control maps of 7,000 to 12,000 vertices, and oblasts."""

import json

import pytest
import shapely
from shapely import box
from shapely.geometry import shape

from mapdata.ground.areas import Area, Holding, area_km2, clean, give, is_partition, merged, partition, take
from tests.shared_data import shared

# Where a border of 40 km is crossed, it bends to the grid by half a metre: about a hectare each.
GRID_KM2 = 0.05
FREED = Holding("oekraine", "liberated")


pytestmark = pytest.mark.slow


def features(name):
    return json.loads(shared(name).read_text())["features"]


def edition(name):
    by_status = {}
    for feature in features(name):
        by_status.setdefault(feature["properties"]["status"], []).append(shape(feature["geometry"]))
    ground = partition(by_status.items()).ground
    return merged(Area(Holding("rusland" if "occupied" in key else key), part) for key, part in ground.items())


@pytest.fixture(scope="module")
def oblasts():
    return [clean(shape(feature["geometry"])) for feature in features("admin/ukraine-oblasts-full.geojson")]


@pytest.fixture(scope="module", params=["deepstate-2022/2022-11-30", "liveuamap-nzz/2022-03-26"])
def areas(request):
    return edition(f"control/{request.param}.geojson")


def test_each_oblast_can_be_given_in_turn(areas, oblasts):
    for oblast in oblasts:
        areas = give(areas, oblast, FREED)
        assert is_partition(areas)
    freed = next(area.ground for area in areas if area.holding == FREED)
    lost = shapely.union_all(oblasts).difference(freed)
    assert area_km2(lost) < GRID_KM2 * len(oblasts)


def test_ground_is_conserved_but_for_what_the_grid_bends(areas, oblasts):
    held = shapely.union_all([area.ground for area in areas])
    for oblast in oblasts[:6]:
        after = shapely.union_all([area.ground for area in give(areas, oblast, FREED)])
        assert area_km2(after.symmetric_difference(held.union(oblast))) < GRID_KM2


def test_what_lies_elsewhere_stays_to_the_last_digit(areas):
    window = box(37.2, 48.1, 37.9, 48.6)
    after = {area.holding: area.ground for area in give(areas, window, FREED)}
    for area in areas:
        for polygon in area.ground.geoms:
            if not polygon.intersects(window.buffer(0.01)):
                assert polygon in after[area.holding].geoms


def test_giving_and_taking_twice_changes_nothing(areas, oblasts):
    for oblast in oblasts[:8]:
        given = give(areas, oblast, FREED)
        assert give(given, oblast, FREED) == given
        taken = take(given, oblast)
        assert take(taken, oblast) == taken
