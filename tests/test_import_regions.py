"""`manage.py import_regions`: the regions that are shipped, or those of a file."""

import json
import tempfile
from io import StringIO
from pathlib import Path

import shapely
from django.core.management import CommandError, call_command
from django.test import TestCase
from django.utils import translation

from mapdata.ground.areas import area_km2
from mapdata.models import Region
from tests.shared_data import shared

SQUARE = {"type": "Polygon", "coordinates": [[[30, 50], [31, 50], [31, 51], [30, 51], [30, 50]]]}
BOW_TIE = {"type": "Polygon", "coordinates": [[[30, 50], [31, 51], [31, 50], [30, 51], [30, 50]]]}


def feature(code="UA-XX", geometry=SQUARE, **properties) -> dict:
    named = {"iso_3166_2": code, "name_nl": "Ergens", "name_en": "Somewhere", "name_uk": "Десь", "type": "oblast"}
    return {"type": "Feature", "properties": named | properties, "geometry": geometry}


class ImportRegionsTests(TestCase):
    def load(self, *args) -> str:
        said = StringIO()
        # The tests read the words as they stand in the source.
        with translation.override("en"):
            call_command("import_regions", *args, stdout=said)
        return said.getvalue().strip()

    def load_features(self, *features) -> str:
        return self.load_text(json.dumps({"type": "FeatureCollection", "features": features}))

    def load_text(self, text: str) -> str:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "regions.geojson")
            path.write_text(text, encoding="utf-8")
            return self.load(str(path))

    def test_the_regions_that_are_shipped_are_the_27_first_level_units(self):
        self.assertEqual(self.load(), "27 added, 0 changed, 0 unchanged.")
        self.assertEqual(Region.objects.count(), 27)
        luhansk = Region.objects.get(code="UA-09")
        self.assertEqual(set(luhansk.name), {"nl", "en", "uk"})
        self.assertTrue(shapely.coverage_is_valid([region.boundary for region in Region.objects.all()]))

    def test_loading_twice_changes_nothing(self):
        self.load()
        self.assertEqual(self.load(), "0 added, 0 changed, 27 unchanged.")

    def test_a_region_that_changed_in_the_file_is_changed_and_others_stay(self):
        self.load_features(feature("UA-01"), feature("UA-02"))
        self.assertEqual(self.load_features(feature("UA-01", name_nl="Nieuw")), "0 added, 1 changed, 0 unchanged.")
        self.assertEqual(set(Region.objects.values_list("code", "name__nl")), {("UA-01", "Nieuw"), ("UA-02", "Ergens")})

    def test_a_byte_order_mark_does_not_matter(self):
        text = json.dumps({"type": "FeatureCollection", "features": [feature()]})
        self.assertEqual(self.load_text("\N{BOM}" + text), "1 added, 0 changed, 0 unchanged.")

    def test_a_ring_that_crosses_itself_is_repaired(self):
        self.load_features(feature(geometry=BOW_TIE))
        self.assertTrue(Region.objects.get().boundary.is_valid)

    def test_a_file_with_a_mistake_says_which_feature_and_why_and_changes_nothing(self):
        mistakes = {
            "has no iso_3166_2": feature(iso_3166_2=None),
            "has no name_nl": feature(name_nl=" "),
            "longer than 100": feature(name_uk="x" * 101),
            "no ground": feature(geometry={"type": "Point", "coordinates": [30, 50]}),
            "has no geometry": feature(geometry=None),
            "has no coordinates": feature(geometry={"type": "Polygon", "coordinates": "here"}),
            "longitude and latitude": feature(
                geometry={"type": "Polygon", "coordinates": [[[3e6, 6e6], [4e6, 6e6], [4e6, 7e6], [3e6, 6e6]]]}
            ),
            "was there before": feature("UA-01"),
        }
        for reason, wrong in mistakes.items():
            with self.subTest(reason), self.assertRaisesRegex(CommandError, f"feature 2: .*{reason}"):
                self.load_features(feature("UA-01"), wrong)
        self.assertFalse(Region.objects.exists())

    def test_a_file_that_is_no_collection_is_refused(self):
        for text in ("", "[]", "{}", '{"features": []}', '{"features": 3}', "<kml/>"):
            with self.subTest(text), self.assertRaises(CommandError):
                self.load_text(text)

    def test_a_file_that_is_not_there_is_refused(self):
        with self.assertRaisesRegex(CommandError, "cannot be read"):
            self.load("nowhere.geojson")

    def test_the_shared_file_of_oblasts_can_be_loaded(self):
        path = shared("admin/ukraine-oblasts.geojson")
        self.assertEqual(self.load(str(path)), "27 added, 0 changed, 0 unchanged.")
        total = sum(area_km2(region.boundary) for region in Region.objects.all())
        self.assertAlmostEqual(total, 599_000, delta=600)
