"""How large ground is: areas add up, and are those of the ellipsoid."""

import pytest
import shapely
import shapely.ops
from hypothesis import given
from hypothesis import strategies as st
from shapely import GeometryCollection, LineString, MultiPolygon, Point, Polygon, box

from mapdata.ground.measuring import ELLIPSOID, area_km2, perimeter_km, rough_km2

longitudes = st.floats(-170, 160)
latitudes = st.floats(-75, 70)


def by_geodesics(polygon: Polygon, longest: float = 0.002) -> float:
    """km² by GeographicLib, whose edges are geodesics; cut so short (degrees) they are straight in degrees too."""
    return abs(ELLIPSOID.geometry_area_perimeter(shapely.segmentize(polygon, longest))[0]) / 1e6


@pytest.mark.parametrize(
    "polygon",
    [
        box(0, 0, 1, 1),
        box(22, 44, 40, 52),
        box(-3, -2, 4, 5),
        Polygon([(30, 50), (37, 46), (39, 51)]),
        Polygon([(-70, -54), (-68, -33), (-60, -40)]),
    ],
)
def test_an_area_is_that_of_the_ellipsoid(polygon):
    assert area_km2(polygon) == pytest.approx(by_geodesics(polygon), rel=1e-8)


@given(longitudes, latitudes, st.floats(0.01, 8), st.floats(0.01, 8), st.floats(0.05, 0.95), st.floats(-0.9, 0.9))
def test_what_is_cut_in_two_is_as_large_as_before(west, south, width, height, share, slant):
    whole = box(west, south, west + width, south + height)
    middle = west + share * width
    lean = slant * min(share, 1 - share) * width
    cut = LineString([(middle - lean, south - 1), (middle + lean, south + height + 1)])
    parts = shapely.ops.split(whole, cut).geoms
    assert len(parts) == 2
    assert sum(map(area_km2, parts)) == pytest.approx(area_km2(whole), rel=1e-9)


@given(longitudes, latitudes, st.floats(0.1, 5))
def test_another_vertex_on_a_border_changes_nothing(west, south, size):
    polygon = Polygon([(west, south), (west + size, south), (west + size / 2, south + size)])
    assert area_km2(shapely.segmentize(polygon, size / 7)) == pytest.approx(area_km2(polygon), rel=1e-9)


def test_holes_are_subtracted_whichever_way_the_rings_turn():
    shell, hole = box(30, 48, 31, 49).exterior, box(30.2, 48.2, 30.4, 48.4).exterior
    expected = area_km2(Polygon(shell)) - area_km2(Polygon(hole))
    for outer in (shell, shell.reverse()):
        for inner in (hole, hole.reverse()):
            assert area_km2(Polygon(outer, [inner])) == pytest.approx(expected)


def test_parts_are_added_however_deep_they_lie():
    parts = [box(30, 48, 31, 49), Polygon(box(32, 48, 33, 49).exterior, [box(32.2, 48.2, 32.4, 48.4).exterior])]
    nested = GeometryCollection([Point(1, 1), GeometryCollection([MultiPolygon(parts)]), LineString([(0, 0), (1, 1)])])
    assert area_km2(nested) == pytest.approx(sum(map(area_km2, parts)))


@pytest.mark.parametrize("nothing", [MultiPolygon(), Polygon(), Point(30, 50), LineString([(0, 0), (1, 1)])])
def test_what_is_no_ground_has_no_area(nothing):
    assert area_km2(nothing) == 0


def test_a_perimeter_is_measured_along_all_rings():
    with_hole = Polygon(box(30, 48, 31, 49).exterior, [box(30.2, 48.2, 30.4, 48.4).exterior])
    # A degree of latitude there is 111.2 km, one of longitude 74.6 and 73.2 (tables of the ellipsoid).
    assert perimeter_km(box(30, 48, 31, 49)) == pytest.approx(2 * 111.2 + 74.6 + 73.2, abs=0.3)
    assert perimeter_km(with_hole) > perimeter_km(box(30, 48, 31, 49)) + 2 * 0.2 * (111.2 + 73)


def test_the_rough_area_is_within_a_per_cent():
    squares = [box(30, 44 + north, 30.01, 44.01 + north) for north in range(10)]
    for square, rough in zip(squares, rough_km2(squares), strict=True):
        assert rough == pytest.approx(area_km2(square), rel=0.01)
