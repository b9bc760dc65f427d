"""What must come out of each file of `imports/`, by the table that lies beside them.

The table's numbers hold but where `OTHERWISE` says why they cannot; each of those is a test of its own.
"""

import csv
import json
from io import StringIO
from pathlib import Path

import pytest
import shapely
from django.core.management import CommandError, call_command
from django.test import TestCase

from mapdata.imports.decisions import Decision
from mapdata.models import Edition, Event, Place, Region
from tests.makers import make_map
from tests.shared_data import shared

KINDS = {
    "isw-control-2022-06-04.zip": "control",
    "isw-advances-2022-06-04.zip": "control",
    "deepstate-2022-04-06-raw.geojson": "control",
    "nzz-2022-04-05-wrapped.json": "control",
    "control-2024-06-01.kml": "control",
    "control-wkt.csv": "control",
    "invalid-rings.geojson": "control",
    "mixed-geometries.geojson": "control",
    "huge-deepstate-2024-2026.geojson.gz": "control",
    "truncated.geojson": "control",
    "empty.geojson": "control",
    "hostile-zip-paths.zip": "control",
    "hostile-entities.kml": "events",
    "ucdp-ukraine-cp1252.csv": "events",
    "firms-viirs-2023-raw.csv": "events",
    "cir-events-dirty.csv": "events",
    "airraid-no-coordinates.csv": "events",
    "events.gpx": "events",
    "geonames-luhansk-dms.csv": "places",
    "places-dutch-excel.csv": "places",
    "powerplants-wri.csv": "places",
    "oblasts.topo.json": "regions",
    "oblasts-bom-crlf.geojson": "regions",
    "oblasts-latlon-swapped.geojson": "regions",
    "oblasts-3857-crs-member.geojson": "regions",
    "oblasts-utm36n-cp1251.zip": "regions",
    "oblasts.kmz": "regions",
}
REFUSED = {
    # Its one point is in the table; that it is refused is too.
    "hostile-entities.kml": "DOCTYPE",
    "hostile-zip-paths.zip": "../../evil.shp",
    "truncated.geojson": "cut off",
    "empty.geojson": "no features",
    "airraid-no-coordinates.csv": "No column has coordinates",
}
OTHERWISE = {
    # The table's figure of the features together is not the sum of their areas; that of their union is, but for 5 km².
    "deepstate-2022-04-06-raw.geojson": {"area"},
    # The table makes a hole where the parts of feature 8 overlap, and asks in the file for their union.
    "invalid-rings.geojson": {"area"},
    # As the table says, it gives the bounds of another file of oblasts, which was simplified.
    "oblasts.topo.json": {"bounds"},
    # The right reading is the accepted one.
    "oblasts-latlon-swapped.geojson": {"bounds", "area"},
    # 297 rows have complete coordinates; see `test_the_register_has_one_coordinate_that_was_cut_off`.
    "geonames-luhansk-dms.csv": {"usable"},
}
NAMES = {"Windows-1252": "Windows-1252", "Windows-1251": "Windows-1251", "ASCII": "UTF-8", "UTF-8": "UTF-8"}


def table() -> list[dict[str, str]]:
    with shared("imports/TRUTH.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.usefixtures("english")
class Truth(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.map = make_map("oekraine")

    def report(self, name: str, kind: str = "", *arguments: str) -> dict:
        """Of a dry run; what the command ended with is in `self.error`."""
        said, self.error = StringIO(), ""
        call = [str(shared(f"imports/{name}")), "--kind", kind or KINDS[name], *arguments]
        try:
            call_command(
                "import_file", *call, map="oekraine", dry_run=True, report="json", stdout=said, stderr=StringIO()
            )
        except CommandError as error:
            self.error = str(error)
        return json.loads(said.getvalue())

    def assert_row(self, row: dict[str, str], report: dict, otherwise: set[str]) -> None:
        self.assertEqual(report["features"], int(row["features"]))
        usable = int(row["features_with_usable_geometry"])
        if "usable" not in otherwise:
            self.assertEqual(report["usable"], usable)
            self.assertEqual(
                report["features"] - report["usable"], sum(bool(r["feature"]) for r in self.of_file(report))
            )
        if row["wgs84_bounds"] and "bounds" not in otherwise:
            for is_, should_be in zip(report["bounds"], map(float, row["wgs84_bounds"].split()), strict=True):
                self.assertAlmostEqual(is_, should_be, delta=1e-4)
        if "area" not in otherwise:
            self.assertAlmostEqual(
                report["area_km2"], float(row["area_km2_sum"]), delta=float(row["area_km2_sum"]) / 1000
            )
        self.assertEqual(report["encoding"], NAMES[row["encoding"].split()[0].strip(",")])
        crs = row["crs"].split()[0].strip(",")
        self.assertEqual(report["crs"], crs if crs.startswith("EPSG") else "EPSG:4326")

    def of_file(self, report: dict) -> list[dict]:
        """Refusals of geometry, not of what an event or a place wants besides."""
        return [refusal for refusal in report["refused"] if refusal["reason"] != "It has no date."]


@pytest.mark.slow
class TableTests(Truth):
    def test_every_file_of_the_table_is_thought_of(self):
        self.assertEqual({row["file"] for row in table()}, set(KINDS))

    def test_every_row_comes_out_as_the_table_says(self):
        for row in table():
            if row["file"] in REFUSED:
                continue
            with self.subTest(file=row["file"]):
                report = self.report(row["file"])
                self.assertEqual(self.error, "")
                self.assert_row(row, report, OTHERWISE.get(row["file"], set()))
        for model in (Edition, Event, Place, Region):
            self.assertFalse(model.objects.exists(), model)

    def test_as_many_are_imported_as_fit_the_kind(self):
        row = {row["file"]: row for row in table()}
        fewer = {
            "deepstate-2022-04-06-raw.geojson": 64,
            "mixed-geometries.geojson": 3,
            "events.gpx": 45,
            "cir-events-dirty.csv": 115,
            "geonames-luhansk-dms.csv": 297,
        }
        for name in set(KINDS) - set(REFUSED) - {"huge-deepstate-2024-2026.geojson.gz"}:
            report = self.report(name)
            expected = fewer.get(name, int(row[name]["features_with_usable_geometry"]))
            self.assertEqual(report["imported"], expected, name)
            said = len(report["refused"]) + len(report["left_out"])
            self.assertEqual(report["imported"] + said, report["features"], name)

    def test_what_cannot_be_imported_is_refused_in_one_line_and_with_an_exit_status(self):
        for name, reason in REFUSED.items():
            with self.subTest(file=name):
                report = self.report(name)
                self.assertIn(reason, self.error)
                self.assertNotIn("\n", self.error)
                self.assertEqual((report["imported"], report["outcome"]), (0, "refused"))
                self.assertIn(reason, report["refused"][0]["reason"])
        self.assertEqual(self.report("airraid-no-coordinates.csv")["features"], 400)

    def test_nothing_of_what_an_entity_stands_for_appears(self):
        said = json.dumps(self.report("hostile-entities.kml"))
        self.assertNotIn("aaaaaaaaaa", said)
        self.assertNotIn(Path("/etc/hostname").read_text().strip(), said)


class OddFileTests(Truth):
    def test_swapped_axes_are_proposed_with_the_right_bounds_and_done_when_accepted(self):
        report = self.report("oblasts-latlon-swapped.geojson")
        (proposal,) = report["proposals"]
        self.assertEqual((proposal["kind"], proposal["inside"], proposal["of"]), ("swap_axes", 27, 27))
        self.assertEqual(proposal["bounds"], [22.1328, 44.383, 40.1595, 52.3689])
        self.assertTrue(report["undecided"])
        accepted = self.report("oblasts-latlon-swapped.geojson", "", "--accept", proposal["accept"])
        self.assertEqual(accepted["bounds"], proposal["bounds"])
        self.assertAlmostEqual(accepted["area_km2"], 599094.3, delta=1)
        self.assertEqual((accepted["proposals"], accepted["undecided"]), ([], []))

    def test_each_invalid_ring_comes_out_as_its_feature_asks(self):
        report = self.report("invalid-rings.geojson")
        repaired = {repair["feature"]: "; ".join(repair["repairs"]) for repair in report["repairs"]}
        self.assertEqual(set(repaired), {1, 2, 3, 4, 5, 8})
        self.assertIn("closed", repaired[2])
        self.assertEqual([refusal["feature"] for refusal in report["refused"]], [6, 10, 11, 12, 13])
        reading = Decision().open(shared("imports/invalid-rings.geojson"))
        areas = {feature.number: feature.area_km2 for feature in reading.features}
        # Two triangles; a hole outside adds nothing; the spike is gone; the union of two parts of about 8,200 km² each.
        for number, km2 in {1: 3946, 3: 9875, 5: 8218, 7: 8218, 8: 14310, 9: 0, 14: 8218}.items():
            self.assertAlmostEqual(areas[number], km2, delta=5)

    def test_deepstates_areas_together_are_the_union_that_the_table_gives(self):
        report = self.report("deepstate-2022-04-06-raw.geojson")
        self.assertAlmostEqual(report["area_km2"], 132020.7, delta=132)
        self.assertEqual([left["feature"] for left in report["left_out"]], [65, 66, 67, 68, 69])

    def test_the_register_has_one_coordinate_that_was_cut_off(self):
        """The table counts nine rows as without coordinates. All but this one have degrees, minutes and seconds; nine
        rows have a comma within a cell, as in "річка, що пересихає", which is no fault of theirs in a table with
        semicolons. To refuse them would lose places that the register has."""
        report = self.report("geonames-luhansk-dms.csv")
        self.assertEqual([refusal["feature"] for refusal in report["refused"]], [171])
        self.assertIn("E 38° 24’", report["refused"][0]["reason"])
        self.assertEqual(report["usable"], 297)
        with shared("imports/geonames-luhansk-dms.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file, delimiter=";"))[1:]
        self.assertEqual(sum(any("," in cell for cell in row) for row in rows), 9)

    def test_the_topology_is_the_whole_country(self):
        report = self.report("oblasts.topo.json")
        self.assertEqual((report["format"], report["features"]), ("TopoJSON", 27))
        for is_, simplified in zip(report["bounds"], (22.1328, 44.3830, 40.1595, 52.3689), strict=True):
            self.assertAlmostEqual(is_, simplified, delta=0.01)

    def test_ambiguous_dates_are_told_and_wait_for_a_word(self):
        report = self.report("ucdp-ukraine-cp1252.csv")
        self.assertEqual({proposal["accept"] for proposal in report["proposals"]}, {"day_first", "month_first"})
        self.assertEqual({proposal["of"] for proposal in report["proposals"]}, {146})
        accepted = self.report("ucdp-ukraine-cp1252.csv", "", "--accept", "month_first")
        self.assertEqual((accepted["undecided"], accepted["imported"], accepted["proposals"]), ([], 200, []))

    def test_rows_that_look_wrong_are_named(self):
        report = self.report("cir-events-dirty.csv")
        self.assertEqual([refusal["feature"] for refusal in report["refused"]], [1, 2])
        self.assertIn(17, [warning["feature"] for warning in report["warnings"]])

    def test_the_mixed_file_gives_its_points_as_events_and_tells_what_it_left_out(self):
        report = self.report("mixed-geometries.geojson", "events")
        self.assertEqual((report["imported"], len(report["left_out"]), report["refused"]), (45, 5, []))

    def test_descriptions_lose_their_scripts_and_names_keep_their_letters(self):
        reading = Decision().open(shared("imports/oblasts.kmz"))
        self.assertEqual(reading.features[0].properties["description"], "Вінницька область")
        reading = Decision().open(shared("imports/oblasts-utm36n-cp1251.zip"))
        self.assertEqual(reading.features[0].properties["NAZVA"], "Вінницька область")
        reading = Decision().open(shared("imports/places-dutch-excel.csv"))
        self.assertEqual(reading.features[0].properties["Opmerking"], "één regel; met puntkomma")

    def test_a_hole_stays_a_hole(self):
        reading = Decision().open(shared("imports/oblasts.kmz"))
        kyiv = next(feature for feature in reading.features if feature.properties["iso"] == "UA-32")
        self.assertEqual(sum(len(part.interiors) for part in shapely.get_parts(kyiv.ground)), 1)
