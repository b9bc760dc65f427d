"""Spherical Web Mercator, and frames that look at the world through it."""

import math
import unittest

import numpy as np
import pyproj
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from mapdata.drawing.projection import Frame

UKRAINE = Frame((22.2, 44.2, 40.4, 52.5))
LONGITUDES, LATITUDES = st.floats(-180, 180), st.floats(-85, 85)


@st.composite
def frames(draw):
    west, east = sorted(draw(st.tuples(st.floats(-179, 179), st.floats(-179, 179))))
    south, north = sorted(draw(st.tuples(st.floats(-80, 80), st.floats(-80, 80))))
    assume(east - west > 0.01 and north - south > 0.01)
    return Frame((west, south, east, north), draw(st.integers(100, 2000)), draw(st.integers(100, 2000)))


class ProjectionTests(unittest.TestCase):
    def test_it_is_web_mercator_as_the_register_has_it(self):
        official = pyproj.Transformer.from_crs(4326, 3857, always_xy=True)
        points = [(22.0, 44.0), (30.52, 50.45), (36.25, 49.98), (40.5, 52.5)]
        metres = np.array([official.transform(*point) for point in points])
        units = np.array([UKRAINE.to_xy(*point) for point in points])
        scale = (units[1, 0] - units[0, 0]) / (metres[1, 0] - metres[0, 0])
        expected = (metres - metres[0]) * [scale, -scale] + units[0]
        np.testing.assert_allclose(units, expected, atol=1e-6)

    @given(frames(), LONGITUDES, LATITUDES)
    def test_from_degrees_to_units_and_back_changes_nothing(self, frame, lon, lat):
        back = frame.to_lonlat(*frame.to_xy(lon, lat))
        np.testing.assert_allclose(back, (lon, lat), atol=1e-7)

    @given(frames())
    def test_all_of_the_bounds_is_in_the_drawing_and_fills_it_one_way(self, frame):
        west, south, east, north = frame.bounds
        left, top = frame.to_xy(west, north)
        right, bottom = frame.to_xy(east, south)
        tight = 1e-6 * max(frame.width, frame.height)
        self.assertGreaterEqual(min(left, top), -tight)
        self.assertLessEqual(right, frame.width + tight)
        self.assertLessEqual(bottom, frame.height + tight)
        self.assertTrue(abs(right - left - frame.width) < tight or abs(bottom - top - frame.height) < tight)

    def test_the_extent_is_what_the_corners_show(self):
        west, south, east, north = UKRAINE.extent
        np.testing.assert_allclose(UKRAINE.to_xy(west, north), (0, 0), atol=1e-9)
        np.testing.assert_allclose(UKRAINE.to_xy(east, south), (1040, 700), atol=1e-9)

    def test_a_geometry_goes_the_way_of_its_points_and_loses_its_height(self):
        line = UKRAINE.transform(shapely.LineString([(30, 50, 100), (31, 51, 200)]))
        self.assertFalse(line.has_z)
        np.testing.assert_allclose(line.coords[0], UKRAINE.to_xy(30, 50))

    def test_a_unit_is_as_long_as_the_geodesic_says(self):
        for latitude in (45, 49, 52):
            ends = [UKRAINE.to_lonlat(x, UKRAINE.to_xy(31, latitude)[1]) for x in (500, 510)]
            _, _, metres = pyproj.Geod(ellps="sphere").inv(*ends[0], *ends[1])
            self.assertAlmostEqual(UKRAINE.km_per_unit(latitude) * 10, metres / 1000 * 6378.137 / 6370.997, delta=0.05)

    def test_what_encloses_nothing_is_refused(self):
        for bounds in [(5, 0, 5, 1), (6, 0, 5, 1), (0, 3, 1, 2), (0, 0, 200, 1), (0, -90, 1, 1), (math.nan, 0, 1, 1)]:
            with self.subTest(bounds=bounds), self.assertRaises(ValueError):
                Frame(bounds)
        with self.assertRaises(ValueError):
            Frame((0, 0, 1, 1), width=0)
