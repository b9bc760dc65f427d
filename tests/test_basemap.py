"""The map that is shipped: whole, spelt as a reader expects, and made by the script beside it."""

import gzip
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import shapely
from pyproj import Geod

from mapdata.drawing import basemap
from tests.shared_data import shared

ROOT = Path(__file__).resolve().parent.parent


def km2(shape) -> float:
    return abs(Geod(ellps="WGS84").geometry_area_perimeter(shapely.orient_polygons(shape))[0]) / 1e6


class RegionTests(unittest.TestCase):
    def test_all_27_first_level_units_are_there_with_names_in_three_languages(self):
        regions = basemap.regions()
        self.assertEqual(len(regions), 27)
        self.assertEqual(len({region.code for region in regions}), 27)
        for region in regions:
            self.assertRegex(region.code, r"^UA-\d\d$")
            self.assertTrue(set(region.names) == {"nl", "en", "uk"} and all(region.names.values()))
            self.assertIn(region.kind, {"oblast", "city", "autonomous republic"})
            self.assertTrue(shapely.contains(region.boundary, region.label), region.code)

    def test_names_are_spelt_as_the_dutch_press_of_2022_spelt_them(self):
        names = {region.code: region.names["nl"] for region in basemap.regions()}
        self.assertEqual(
            [names[code] for code in ("UA-09", "UA-14", "UA-63", "UA-65", "UA-32", "UA-43")],
            ["Luhansk", "Donetsk", "Kharkiv", "Cherson", "Kyiv", "Krim"],
        )

    def test_crimea_and_sevastopol_are_part_of_the_country_and_of_no_neighbour(self):
        codes = {region.code for region in basemap.regions()}
        self.assertLessEqual({"UA-43", "UA-40"}, codes)
        simferopol = shapely.Point(34.1, 44.95)
        self.assertFalse(any(country.boundary.contains(simferopol) for country in basemap.countries()))

    def test_regions_and_neighbours_fit_together_without_gap_or_overlap(self):
        shapes = [shape.boundary for shape in basemap.regions() + basemap.countries()]
        self.assertTrue(all(shape.is_valid for shape in shapes))
        self.assertTrue(shapely.coverage_is_valid(shapes))

    def test_their_area_is_that_of_the_source(self):
        self.assertAlmostEqual(sum(km2(region.boundary) for region in basemap.regions()), 599_095, delta=100)


class PlaceTests(unittest.TestCase):
    def test_who_reads_another_language_gets_english_names(self):
        asked = ("nl", "nl-be", "uk", "en-gb", "pl", None)
        self.assertEqual([basemap.language_of_names(code) for code in asked], ["nl", "nl", "uk", "en", "en", "en"])

    def test_cities_are_named_in_three_languages_the_capital_first(self):
        cities = basemap.cities()
        self.assertEqual(cities[0].names, {"nl": "Kyiv", "en": "Kyiv", "uk": "Київ"})
        self.assertGreater(len(cities), 140)
        names = {city.names["nl"] for city in cities}
        wanted = {"Kharkiv", "Luhansk", "Cherson", "Odesa", "Mariupol", "Bucha", "Hostomel", "Staryi Bykiv"}
        self.assertLessEqual(wanted, names)
        for city in cities:
            self.assertEqual(set(city.names), {"nl", "en", "uk"})
            self.assertTrue(all(city.names.values()), city)

    def test_each_city_lies_in_its_own_country(self):
        country = shapely.union_all([region.boundary for region in basemap.regions()]).buffer(0.02)
        for city in basemap.cities():
            self.assertEqual(country.contains(shapely.Point(city.lon, city.lat)), not city.abroad, city.names["en"])

    def test_seas_parts_of_the_country_and_rivers_have_names(self):
        self.assertIn("Zwarte Zee", {sea.names["nl"] for sea in basemap.seas()})
        self.assertEqual({area.names["nl"] for area in basemap.areas()}, {"Donbas", "Krim"})
        self.assertIn("Dnipro", {river.names["nl"] for river in basemap.rivers()})


class FileTests(unittest.TestCase):
    def test_the_file_is_small_and_plain_topojson(self):
        self.assertLess(basemap.FILE.stat().st_size, 60_000)
        content = json.loads(gzip.decompress(basemap.FILE.read_bytes()))
        self.assertEqual(content["type"], "Topology")

    def test_the_script_makes_the_same_file_from_the_same_sources(self):
        with tempfile.TemporaryDirectory() as folder:
            made = Path(folder) / "basemap.gz"
            subprocess.run(
                [
                    *(sys.executable, ROOT / "tools" / "make_basemap.py"),
                    *(shared("admin"), shared("places/ukraine-places.csv"), "--output", made),
                ],
                check=True,
                capture_output=True,
            )
            # Packed by another zlib the same text may take other bytes.
            self.assertEqual(gzip.decompress(made.read_bytes()), gzip.decompress(basemap.FILE.read_bytes()))

    def test_every_file_that_is_shipped_says_where_it_comes_from(self):
        origin = (basemap.FILE.parent / "ORIGIN.md").read_text()
        for path in basemap.FILE.parent.iterdir():
            self.assertIn(path.name, origin + "ORIGIN.md")
        self.assertIn("CC BY 4.0", origin)
