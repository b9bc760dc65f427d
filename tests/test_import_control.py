"""`manage.py import_control`: files become editions of a map, one a file."""

import csv
import json
import tempfile
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import shapely
import time_machine
from django.core.management import CommandError, call_command
from django.test import TestCase
from shapely.geometry import box, mapping

from mapdata.ground.areas import area_km2, clean, is_partition
from mapdata.models import ControlArea, Edition
from newsroom import moments
from newsroom.models import Source
from tests.makers import make_map, make_party, make_user, publish_edition
from tests.shared_data import shared

KYIV = ZoneInfo("Europe/Kyiv")
RED = "occupied=rusland:controlled"
BLUE = "liberated=oekraine:liberated"
BOW_TIE = {"type": "Polygon", "coordinates": [[[30, 50], [31, 51], [31, 50], [30, 51], [30, 50]]]}


def feature(status="occupied", geometry=None, **properties) -> dict:
    shape = mapping(box(37, 48, 38, 49)) if geometry is None else geometry
    return {"type": "Feature", "properties": {"status": status} | properties, "geometry": shape}


def point(status="occupied") -> dict:
    return feature(status, {"type": "Point", "coordinates": [37, 48]})


class Importing(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.map = make_map("oekraine", time_zone="Europe/Kyiv")
        make_party("rusland")
        make_party("oekraine")

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def file(self, *features, name="2022-04-06.geojson") -> Path:
        path = self.folder / name
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        return path

    def run_import(self, *args, **options) -> list[dict]:
        """The JSON reports; a refusal ends the command with an error, which `self.error` keeps."""
        said, self.said_aside, self.error = StringIO(), StringIO(), None
        arguments = [str(argument) for argument in args]
        try:
            call_command(
                "import_control",
                *arguments,
                map="oekraine",
                report="json",
                stdout=said,
                stderr=self.said_aside,
                **options,
            )
        except CommandError as error:
            self.error = error
        return json.loads(said.getvalue())

    def imported(self, *args, **options) -> dict:
        (report,) = self.run_import(*args, "--as", RED, "--as", BLUE, **options)
        return report

    def nothing_written(self):
        self.assertFalse(Edition.objects.exists())
        self.assertFalse(Source.objects.exists())


class EditionTests(Importing):
    def test_a_file_becomes_a_draft(self):
        report = self.imported(self.file(feature()))
        edition = Edition.objects.get()
        self.assertTrue(edition.is_draft)
        self.assertEqual(report["outcome"], "drafted")
        self.assertIsNone(report["edition"])
        self.assertEqual(edition.areas.get().ground, clean(box(37, 48, 38, 49)))
        self.assertEqual([source.title for source in edition.sources.all()], ["2022-04-06.geojson"])
        self.assertIsNone(self.error)

    def test_the_report_has_what_was_promised(self):
        report = self.imported(self.file(feature(), feature("liberated", mapping(box(37.5, 48, 39, 49)))))
        promised = {"file", "edition", "situation_at", "features", "repaired", "refused", "overlap_km2", "area_km2"}
        self.assertLessEqual(promised, set(report))
        self.assertEqual((report["features"], report["repaired"], report["refused"]), (2, 0, []))
        self.assertTrue(report["file"].endswith("2022-04-06.geojson"))
        self.assertAlmostEqual(report["overlap_km2"], area_km2(box(37.5, 48, 38, 49)), delta=0.1)
        self.assertAlmostEqual(report["area_km2"]["occupied"], area_km2(box(37, 48, 38, 49)), delta=0.2)
        self.assertAlmostEqual(report["area_km2"]["liberated"], area_km2(box(38, 48, 39, 49)), delta=0.2)

    def test_it_is_published_on_request(self):
        report = self.imported(self.file(feature()), publish=True)
        edition = Edition.objects.known().get()
        self.assertEqual((report["outcome"], report["edition"], edition.number), ("published", 1, 1))
        self.assertNotEqual(edition.written_by, edition.published_by)

    def test_who_publishes_can_be_named(self):
        anna = make_user("anna")
        self.imported(self.file(feature()), publish=True, by="anna")
        self.assertEqual(Edition.objects.get().published_by, anna)

    def test_the_source_can_be_named(self):
        self.imported(self.file(feature()), source="DeepStateMap: kaart van 6 april")
        source = Edition.objects.get().sources.get()
        self.assertEqual((source.publisher, source.title), ("DeepStateMap", "kaart van 6 april"))

    def test_claimed_ground_lies_above_assessed_ground_and_has_a_claimant(self):
        path = self.file(feature(), feature("claim", mapping(box(37.5, 48, 39, 49))))
        (report,) = self.run_import(path, "--as", RED, "--as", "claim=rusland:advance:claimed")
        claim = ControlArea.objects.get(basis="claimed")
        self.assertEqual(claim.claimed_by.slug, "rusland")
        self.assertEqual(report["overlap_km2"], 0)
        self.assertEqual(claim.ground, clean(box(37.5, 48, 39, 49)))

    def test_two_values_of_one_meaning_are_one_area(self):
        path = self.file(feature(), feature("before", mapping(box(36, 48, 37, 49))))
        (report,) = self.run_import(path, "--as", RED, "--as", "before=rusland:controlled")
        self.assertEqual(ControlArea.objects.get().ground.bounds, (36, 48, 38, 49))
        self.assertEqual(set(report["area_km2"]), {"occupied", "before"})

    def test_a_dry_run_writes_nothing_and_says_what_would_happen(self):
        report = self.imported(self.file(feature()), dry_run=True, publish=True)
        self.assertEqual(report["outcome"], "would be published")
        self.assertGreater(report["area_km2"]["occupied"], 0)
        self.nothing_written()

    def test_a_folder_is_all_its_files(self):
        self.file(feature(), name="2022-04-05.geojson")
        self.file(feature(), name="2022-04-06.geojson")
        reports = self.run_import(self.folder, "--as", RED)
        self.assertEqual(
            [Path(report["file"]).name for report in reports], ["2022-04-05.geojson", "2022-04-06.geojson"]
        )

    def test_progress_does_not_mix_with_the_report(self):
        self.imported(self.file(feature()))
        self.assertEqual(self.said_aside.getvalue(), "1/1 2022-04-06.geojson: drafted\n")

    def test_the_report_for_people_names_repairs_and_areas(self):
        said = StringIO()
        call_command(
            "import_control", str(self.file(feature(geometry=BOW_TIE))), "--as", RED, map="oekraine",
            stdout=said, stderr=StringIO(),
        )  # fmt: skip
        self.assertIn("2022-04-06 23:59", said.getvalue())
        self.assertIn("km²", said.getvalue())


class TwiceTests(Importing):
    def test_importing_a_draft_twice_changes_nothing(self):
        path = self.file(feature())
        self.imported(path)
        self.assertEqual(self.imported(path)["outcome"], "unchanged")
        self.assertEqual(Edition.objects.count(), 1)

    def test_importing_what_is_published_twice_changes_nothing_and_names_the_edition(self):
        path = self.file(feature())
        self.imported(path, publish=True)
        for publish in (True, False):
            report = self.imported(path, publish=publish)
            self.assertEqual((report["outcome"], report["edition"]), ("unchanged", 1))
        self.assertEqual(Edition.objects.count(), 1)

    def test_a_draft_that_was_imported_can_be_published_by_importing_again(self):
        path = self.file(feature())
        self.imported(path)
        self.assertEqual(self.imported(path, publish=True)["edition"], 1)
        self.assertEqual(Edition.objects.count(), 1)

    def test_a_file_that_changed_is_a_correction_that_says_so(self):
        self.imported(self.file(feature()), publish=True)
        report = self.imported(self.file(feature(geometry=mapping(box(37, 48, 38.5, 49)))), publish=True)
        edition = Edition.objects.get(number=2)
        self.assertEqual((report["edition"], edition.kind), (2, "correction"))
        self.assertTrue(edition.note and edition.note_en)

    def test_two_sources_of_one_day_do_not_correct_one_another_again_and_again(self):
        first = self.file(feature(), name="2022-04-06.geojson")
        second = self.file(feature(geometry=mapping(box(37, 48, 38.5, 49))), name="other-2022-04-06.geojson")
        self.run_import(first, second, "--as", RED, publish=True)
        reports = self.run_import(first, second, "--as", RED, publish=True)
        self.assertEqual([report["edition"] for report in reports], [1, 2])
        self.assertEqual(Edition.objects.count(), 2)

    def test_a_picture_that_was_withdrawn_can_be_imported_again(self):
        path = self.file(feature())
        self.imported(path, publish=True)
        Edition.objects.get().withdraw(make_user(), "fout")
        self.assertEqual(self.imported(path, publish=True)["edition"], 2)

    def test_today_imported_twice_is_one_edition(self):
        path = self.file(feature(), name="2022-04-06.geojson")
        with time_machine.travel(datetime(2022, 4, 6, 12, tzinfo=UTC), tick=False):
            self.imported(path, publish=True)
        with time_machine.travel(datetime(2022, 4, 7, 12, tzinfo=UTC), tick=False):
            self.assertEqual(self.imported(path, publish=True)["edition"], 1)


class MomentTests(Importing):
    def situation(self, *args, **options) -> str:
        return self.imported(*args, **options)["situation_at"]

    def test_a_date_in_the_name_is_the_end_of_that_day_in_the_maps_time_zone(self):
        self.assertEqual(self.situation(self.file(feature())), "2022-04-06T23:59:59+03:00")

    def test_asking_for_the_date_shows_the_file_of_that_date(self):
        self.imported(self.file(feature(), name="2022-04-05.geojson"), publish=True)
        self.imported(self.file(feature(), name="2022-04-06.geojson"), publish=True)
        for number, day in ((1, "2022-04-05"), (2, "2022-04-06"), (2, "2022-04-07")):
            self.assertEqual(Edition.objects.showing(at=moments.parse(day, KYIV)).number, number)

    def test_a_date_in_the_file_counts_where_the_name_has_none(self):
        self.assertEqual(
            self.situation(self.file(feature(date="2022-04-03"), name="control.geojson")), "2022-04-03T23:59:59+03:00"
        )

    def test_a_date_that_is_given_counts_before_both(self):
        path = self.file(feature(date="2022-04-03"))
        self.assertEqual(self.situation(path, "--at", "2022-04-02"), "2022-04-02T23:59:59+03:00")

    def test_a_moment_without_time_zone_is_in_the_maps(self):
        self.assertEqual(self.situation(self.file(feature()), "--at", "2022-04-02T18:05"), "2022-04-02T18:05:00+03:00")

    def test_today_is_not_shown_as_its_end_while_it_lasts(self):
        with time_machine.travel(datetime(2022, 4, 6, 12, tzinfo=UTC), tick=False):
            self.assertEqual(self.situation(self.file(feature()), publish=True), "2022-04-06T15:00:00+03:00")

    def test_a_day_that_is_still_to_come_is_not_published(self):
        report = self.imported(self.file(feature(), name="2999-01-01.geojson"), publish=True)
        self.assertEqual(report["outcome"], "refused")
        self.nothing_written()

    def test_no_date_anywhere_refuses_the_file(self):
        report = self.imported(self.file(feature(), name="control.geojson"))
        self.assertIn("--at", report["refused"][0]["reason"])
        self.nothing_written()


class RefusalTests(Importing):
    def test_values_that_are_neither_named_nor_skipped_refuse_the_file_and_are_listed(self):
        report = self.imported(self.file(feature(), feature("unknown"), feature("lost")))
        self.assertEqual(report["refused"][0]["feature"], None)
        for value in ("lost", "unknown"):
            self.assertIn(value, report["refused"][0]["reason"])
        self.assertIn("1", str(self.error))
        self.nothing_written()

    def test_skipped_values_are_left_out(self):
        report = self.imported(self.file(feature(), feature("lost"), point("lost")), "--skip", "lost")
        self.assertEqual((report["outcome"], set(report["area_km2"])), ("drafted", {"occupied"}))

    def test_a_property_that_no_feature_has_is_told_with_those_there_are(self):
        report = self.imported(self.file(feature()), field="owner")
        for name in ("owner", "status"):
            self.assertIn(name, report["refused"][0]["reason"])

    def test_a_feature_that_cannot_be_read_refuses_the_file_unless_its_value_is_skipped(self):
        path = self.file(feature(), feature("lost", geometry={"type": "Polygon", "coordinates": []}))
        (report,) = self.run_import(path, "--as", RED, "--as", "lost=oekraine:liberated")
        self.assertEqual([refusal["feature"] for refusal in report["refused"]], [2])
        self.assertEqual(self.imported(path, "--skip", "lost")["outcome"], "drafted")

    def test_a_file_of_which_everything_is_skipped_is_refused(self):
        (report,) = self.run_import(self.file(feature()), "--as", BLUE, "--skip", "occupied")
        self.assertEqual(report["outcome"], "refused")
        self.assertEqual(len(report["refused"]), 1)
        self.nothing_written()

    def test_repairs_of_skipped_features_do_not_count(self):
        path = self.file(feature(), feature("lost", BOW_TIE))
        self.assertEqual(self.imported(path, "--skip", "lost", dry_run=True)["repaired"], 0)
        (report,) = self.run_import(path, "--as", RED, "--as", "lost=oekraine:liberated")
        self.assertEqual([repair["feature"] for repair in report["repairs"]], [2])

    def test_every_feature_that_cannot_be_read_is_named_and_nothing_is_written(self):
        report = self.imported(self.file(feature(), point(), feature(geometry=BOW_TIE), point()))
        self.assertEqual([refusal["feature"] for refusal in report["refused"]], [2, 4])
        self.assertEqual((report["repaired"], report["edition"]), (1, None))
        self.nothing_written()

    def test_another_file_that_is_right_is_imported_all_the_same(self):
        good = self.file(feature(), name="2022-04-05.geojson")
        bad = self.file(point(), name="2022-04-06.geojson")
        outcomes = [report["outcome"] for report in self.run_import(bad, good, "--as", RED)]
        self.assertEqual(outcomes, ["refused", "drafted"])
        self.assertIsNotNone(self.error)

    def test_swapped_axes_are_noticed(self):
        report = self.imported(self.file(feature(geometry=mapping(box(48, 37, 49, 38)))))
        self.assertEqual(report["outcome"], "refused")
        self.nothing_written()

    def test_ground_elsewhere_is_imported_with_a_note(self):
        report = self.imported(self.file(feature(geometry=mapping(box(-60, -30, -59, -29)))))
        self.assertEqual((report["outcome"], len(report["notes"])), ("drafted", 1))

    def test_what_publishing_refuses_leaves_no_draft(self):
        scheduled = publish_edition(self.map, release_at=datetime(2999, 1, 1, tzinfo=UTC))
        report = self.imported(self.file(feature()), publish=True)
        self.assertEqual(report["outcome"], "refused")
        self.assertEqual(list(Edition.objects.all()), [scheduled])

    def test_what_was_asked_wrongly_is_said_before_any_file_is_read(self):
        path = str(self.file(feature()))
        wrong = {
            "no map": ["--map", "mars", "--as", RED],
            "no party": ["--map", "oekraine", "--as", "occupied=mars:controlled"],
            "no status": ["--map", "oekraine", "--as", "occupied=rusland:held"],
            "no basis": ["--map", "oekraine", "--as", "occupied=rusland:controlled:sure"],
            "VALUE=PARTY": ["--map", "oekraine", "--as", "occupied"],
            "twice": ["--map", "oekraine", "--as", RED, "--skip", "occupied"],
            "--as": ["--map", "oekraine"],
            "not a date": ["--map", "oekraine", "--as", RED, "--at", "yesterday"],
            "several": ["--map", "oekraine", "--as", RED, "--at", "2022-04-06"],
            "no user": ["--map", "oekraine", "--as", RED, "--by", "nobody"],
        }
        for reason, arguments in wrong.items():
            with self.subTest(reason), self.assertRaisesRegex(CommandError, reason):
                call_command("import_control", path, path, *arguments)
        self.nothing_written()

    def test_the_dirty_files_that_are_shared_are_refused_with_a_reason_or_imported(self):
        expected = {
            "truncated.geojson": "refused",
            "empty.geojson": "refused",
            "oblasts.topo.json": "refused",
            "huge-deepstate-2024-2026.geojson.gz": "refused",
            "oblasts-latlon-swapped.geojson": "refused",
            "oblasts-bom-crlf.geojson": "would be drafted",
            "oblasts-3857-crs-member.geojson": "would be drafted",
        }
        for name, outcome in expected.items():
            (report,) = self.run_import(
                shared(f"imports/{name}"),
                "--as",
                "=oekraine:controlled",
                "--at",
                "2022-04-06",
                "--field",
                "none",
                dry_run=True,
            )
            with self.subTest(name):
                self.assertEqual(report["outcome"], outcome)
                self.assertEqual(report["refused"] == [], outcome != "refused")


MEANINGS = {
    "occupied": "rusland:controlled",
    "occupied_before_2022": "rusland:controlled",
    "occupied_elsewhere": "rusland:unknown",
    "unknown": "rusland:contested",
    "liberated": "oekraine:liberated",
    "lost": "oekraine:liberated",
}


@pytest.mark.slow
class AllControlFilesTests(Importing):
    """Every published control map that is shared, through the command, into the database and back."""

    @classmethod
    def source_km2(cls, path: Path) -> dict[str, float]:
        """km² by value as the file has it: the union of its features, repaired by shapely alone."""
        by_value: dict[str, list] = {}
        for item in json.loads(path.read_text())["features"]:
            ground = shapely.make_valid(
                shapely.geometry.shape(item["geometry"]), method="structure", keep_collapsed=False
            )
            by_value.setdefault(item["properties"]["status"], []).append(ground)
        return {value: area_km2(shapely.union_all(parts)) for value, parts in by_value.items()}

    @classmethod
    def listed_km2(cls, path: Path) -> dict[str, float]:
        """The same as it was measured when the data was collected."""
        with shared("control/index.csv").open() as file:
            for row in csv.DictReader(file):
                if (row["series"], row["date"]) == (path.parent.name, path.stem):
                    return {name[4:]: float(km2) for name, km2 in row.items() if name.startswith("km2_") and km2}
        raise AssertionError(f"{path} is not in index.csv")

    def check_series(self, series: str):
        files = sorted(shared(f"control/{series}").glob("*.geojson"))
        named = [part for value, held in MEANINGS.items() for part in ("--as", f"{value}={held}")]
        reports = self.run_import(*files, *named, publish=True)
        self.assertIsNone(self.error)
        self.assertEqual([report["edition"] for report in reports], list(range(1, len(files) + 1)))
        for path, report in zip(files, reports, strict=True):
            with self.subTest(path.name):
                self.check_edition(path, report)
        before = [(edition.pk, edition.digest) for edition in Edition.objects.order_by("pk")]
        again = self.run_import(*files, *named, publish=True)
        self.assertEqual({report["outcome"] for report in again}, {"unchanged"})
        self.assertEqual([report["edition"] for report in again], [report["edition"] for report in reports])
        self.assertEqual(before, [(edition.pk, edition.digest) for edition in Edition.objects.order_by("pk")])

    def check_edition(self, path: Path, report: dict):
        day = date.fromisoformat(path.stem)
        shown = Edition.objects.showing(at=moments.parse(day.isoformat(), KYIV))
        self.assertEqual(shown.number, report["edition"])
        grounds = [area.ground for area in shown.areas.filter(basis="assessed")]
        self.assertTrue(shapely.coverage_is_valid(grounds))
        self.assertTrue(all(ground.is_valid for ground in grounds))
        self.assertTrue(is_partition(shown.ground_areas()))
        source, listed = self.source_km2(path), self.listed_km2(path)
        self.assertEqual(set(source), set(report["area_km2"]))
        for value, km2 in source.items():
            # What features of two values both had went to one of them, and is reported.
            spare = 0.005 * km2 + report["overlap_km2"] + 0.01
            self.assertAlmostEqual(report["area_km2"][value], km2, delta=spare)
            self.assertAlmostEqual(report["area_km2"][value], listed[value], delta=spare)
        self.assertAlmostEqual(sum(area_km2(ground) for ground in grounds), sum(report["area_km2"].values()), delta=0.1)

    def test_deepstate(self):
        self.check_series("deepstate-2022")

    def test_liveuamap(self):
        self.check_series("liveuamap-nzz")
