"""Ground as paths: simplified for its size, and still a picture without gaps or overlaps."""

import json
import time
import unittest

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Polygon

from mapdata.drawing import basemap
from mapdata.drawing.cropping import PATH_UNITS
from mapdata.drawing.paths import path_of_lines, path_of_polygons, points_of_path, polygons_of_path
from mapdata.drawing.picture import AreaShape, draw_base, draw_ground
from mapdata.drawing.projection import Frame
from tests.properties import examples
from tests.shared_data import shared

FRAME = Frame((22.2, 44.2, 40.4, 52.5))
STATUS = {"occupied": "controlled", "occupied_before_2022": "controlled", "lost": "liberated"}


def held(ground, **more) -> AreaShape:
    given_ = {"party": "rusland", "status": "controlled", "basis": "assessed"} | more
    return AreaShape(ground=MultiPolygon([ground]) if isinstance(ground, Polygon) else ground, **given_)


def regions(*codes: str) -> list[AreaShape]:
    return [held(region.boundary, party=region.code) for region in basemap.regions() if region.code in codes]


def drawn(areas) -> dict[str, shapely.Geometry]:
    """By party, the ground inside the paths, in units of the frame."""
    return {
        area["party"]: shapely.transform(polygons_of_path(area["d"]), lambda xy: xy / PATH_UNITS)
        for area in draw_ground(areas, FRAME)
    }


def areas_of(name: str) -> list[AreaShape]:
    """A control file as areas, one for each status, repaired as an import would."""
    by_status: dict[str, list] = {}
    for feature in json.loads(shared(f"control/{name}.geojson").read_text(encoding="utf-8-sig"))["features"]:
        shape = shapely.make_valid(shapely.force_2d(shapely.from_geojson(json.dumps(feature["geometry"]))))
        by_status.setdefault(feature["properties"].get("status", "occupied"), []).append(shape)
    found, taken = [], MultiPolygon()
    for status, shapes in sorted(by_status.items()):
        ground = shapely.difference(shapely.union_all(shapes, grid_size=1e-5), taken, grid_size=1e-5)
        taken = shapely.union(taken, ground, grid_size=1e-5)
        ground = MultiPolygon([part for part in shapely.get_parts(ground) if isinstance(part, Polygon)])
        since = "before" if status == "occupied_before_2022" else ""
        status_ = STATUS.get(status, status if status in ("contested", "liberated") else "unknown")
        found.append(held(ground, status=status_, since=since, party=status))
    return found


@st.composite
def partitions(draw):
    """Ground cut up at random between three parties: cells round random points, each given to one of them."""
    places = st.tuples(st.integers(0, 150), st.integers(0, 70))
    points = np.array(draw(st.lists(places, min_size=4, max_size=25, unique=True))) / 10 + [24, 45]
    count = len(points)
    holders = draw(st.lists(st.integers(0, 2), min_size=count, max_size=count))
    points = shapely.MultiPoint(points)
    box = shapely.box(24, 45, 39, 52)
    cells = [
        shapely.intersection(cell, box) for cell in shapely.get_parts(shapely.voronoi_polygons(points, extend_to=box))
    ]
    found = []
    for holder in range(3):
        mine = [cell for index, cell in enumerate(cells) if holders[index % count] == holder]
        ground = shapely.union_all(mine, grid_size=1e-5) if mine else None
        if ground is not None and not ground.is_empty:
            found.append(held(MultiPolygon(list(shapely.get_parts(ground))), party=f"p{holder}"))
    return found


class GroundTests(unittest.TestCase):
    def test_neighbours_keep_the_border_that_they_share(self):
        luhansk, donetsk = drawn(regions("UA-09", "UA-14")).values()
        self.assertTrue(shapely.coverage_is_valid([luhansk, donetsk]))
        self.assertGreater(shapely.intersection(luhansk.boundary, donetsk.boundary).length, 50)

    def test_all_regions_together_are_the_country_without_sliver_or_gap(self):
        codes = [region.code for region in basemap.regions()]
        shapes = list(drawn(regions(*codes)).values())
        self.assertTrue(shapely.coverage_is_valid(shapes))
        whole = shapely.coverage_union_all(shapes)
        exact = FRAME.transform(shapely.union_all([region.boundary for region in basemap.regions()]))
        self.assertLess(abs(whole.area - exact.area), exact.area * 0.002)
        # A bay may be closed where its mouth is too narrow to see; but no land is open.
        holes = [Polygon(ring) for polygon in shapely.get_parts(whole) for ring in polygon.interiors]
        self.assertLess(sum(shapely.intersection(hole, exact).area / hole.area for hole in holes), 0.5)

    @examples(40)
    @given(partitions())
    def test_however_ground_is_cut_up_it_stays_a_partition(self, areas):
        shapes = list(drawn(areas).values())
        self.assertTrue(shapely.coverage_is_valid(shapes))
        together = shapely.union_all(shapes)
        self.assertAlmostEqual(together.area, sum(shape.area for shape in shapes), places=3)
        whole = FRAME.transform(shapely.union_all([area.ground for area in areas], grid_size=1e-5))
        self.assertLess(abs(together.area - whole.area), 150)

    def test_a_claim_that_ends_at_held_ground_ends_there_in_the_drawing_too(self):
        donetsk = next(region.boundary for region in basemap.regions() if region.code == "UA-14")
        east = MultiPolygon([shapely.intersection(donetsk, shapely.box(37.5, 45, 41, 51), grid_size=1e-5)])
        west = MultiPolygon([shapely.intersection(donetsk, shapely.box(35, 45, 37.5, 51), grid_size=1e-5)])
        areas = [held(east, party="held"), held(west, party="claim", basis="claimed", claimed_by="rusland")]
        shapes = drawn(areas)
        self.assertTrue(shapely.coverage_is_valid(list(shapes.values())))
        self.assertGreater(shapely.intersection(shapes["held"].boundary, shapes["claim"].boundary).length, 60)

    def test_claims_are_painted_last_and_what_was_held_before_first(self):
        square = shapely.box(30, 48, 31, 49)
        claim = held(square, basis="claimed", claimed_by="rusland")
        before, contested = (
            held(shapely.box(32, 48, 33, 49), since="before"),
            held(shapely.box(33, 48, 34, 49), status="contested"),
        )
        order = [
            (area["basis"], area["status"], area["since"]) for area in draw_ground([claim, contested, before], FRAME)
        ]
        self.assertEqual(
            order, [("assessed", "controlled", "before"), ("assessed", "contested", ""), ("claimed", "controlled", "")]
        )

    def test_specks_and_what_lies_outside_the_frame_are_left_out(self):
        speck = shapely.box(30, 48, 30.01, 48.01)
        elsewhere = shapely.box(20.5, 54.3, 22.5, 55.2)
        self.assertEqual(draw_ground([held(speck), held(elsewhere)], FRAME), [])

    def test_ground_with_lines_and_points_in_it_is_drawn_all_the_same(self):
        mixed = shapely.GeometryCollection([shapely.box(30, 48, 31, 49), shapely.LineString([(30, 48), (35, 48)])])
        self.assertEqual(len(draw_ground([held(mixed)], FRAME)), 1)

    def test_nothing_to_draw_is_no_error(self):
        self.assertEqual(draw_ground([], FRAME), [])
        self.assertEqual(draw_ground([held(MultiPolygon())], FRAME), [])

    def test_it_can_be_stored_and_is_the_same_each_time(self):
        areas = regions("UA-09", "UA-14", "UA-43")
        once = draw_ground(areas, FRAME)
        self.assertEqual(json.loads(json.dumps(once)), once)
        self.assertEqual(draw_ground(areas, FRAME), once)


class RealGroundTests(unittest.TestCase):
    def test_dirty_files_are_drawn_fast_small_and_as_a_partition(self):
        for name in ("deepstate-2022/2022-04-06", "deepstate-2022/2022-11-30", "liveuamap-nzz/2022-04-06"):
            with self.subTest(name):
                areas = areas_of(name)
                start = time.process_time()
                ground = draw_ground(areas, FRAME)
                self.assertLess(time.process_time() - start, 0.3)
                self.assertLess(len("".join(area["d"] for area in ground)), 18_000)
                shapes = [polygons_of_path(area["d"]) for area in ground]
                self.assertTrue(shapely.coverage_is_valid(shapes))

    def test_the_area_that_is_seen_is_the_area_that_is_held(self):
        areas = areas_of("viina-voronoi/2022-04-06")
        for party, shape in drawn(areas).items():
            exact = FRAME.transform(next(area.ground for area in areas if area.party == party))
            self.assertAlmostEqual(shape.area / exact.area, 1, delta=0.02 if exact.area > 5000 else 0.15)


class BaseTests(unittest.TestCase):
    def test_the_base_is_small_and_can_be_stored(self):
        base = draw_base(FRAME)
        self.assertEqual(set(base), {"land", "country", "oblasts", "borders", "rivers"})
        self.assertLess(len(json.dumps(dict(base))), 16_000)

    def test_ground_up_to_the_border_ends_where_the_country_is_drawn_to_end(self):
        whole = shapely.union_all([region.boundary for region in basemap.regions()])
        ground = drawn([held(MultiPolygon(list(shapely.get_parts(whole))))])["rusland"]
        country = shapely.transform(polygons_of_path(draw_base(FRAME)["country"]), lambda xy: xy / PATH_UNITS)
        self.assertLess(shapely.symmetric_difference(ground, country).area, country.area * 0.002)

    def test_a_view_of_a_part_shows_that_part(self):
        donbas = draw_base(Frame((36, 47, 40.5, 50)))
        self.assertTrue(donbas["country"] and donbas["oblasts"])


@st.composite
def rings(draw):
    corners = draw(st.lists(st.tuples(st.integers(-900, 900), st.integers(-900, 900)), min_size=3, max_size=12))
    return shapely.MultiPoint(corners).convex_hull


class PathTests(unittest.TestCase):
    @given(st.lists(rings(), max_size=4))
    def test_path_data_can_be_read_again(self, shapes):
        whole = shapely.union_all([shape for shape in shapes if isinstance(shape, Polygon)], grid_size=1)
        back = polygons_of_path(path_of_polygons(whole))
        self.assertAlmostEqual(shapely.symmetric_difference(back, whole).area, 0)

    @given(st.lists(st.tuples(st.integers(-999, 999), st.integers(-999, 999)), min_size=2, max_size=20, unique=True))
    def test_lines_too(self, points):
        (back,) = points_of_path(path_of_lines(shapely.LineString(points)))
        self.assertEqual([tuple(point) for point in back.tolist()], points)

    def test_it_is_written_as_short_as_svg_allows(self):
        self.assertEqual(path_of_polygons(shapely.box(3, 4, 10, 8)), "m10 4 0 4-7 0 0-4z")

    def test_a_hole_stays_a_hole(self):
        ring = Polygon([(0, 0), (90, 0), (90, 90), (0, 90)], [[(10, 10), (20, 10), (20, 20), (10, 20)]])
        self.assertEqual(polygons_of_path(path_of_polygons(ring)).area, ring.area)
