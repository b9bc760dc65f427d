"""`manage.py import_file`: what becomes of a file of each kind, all of it or nothing, and what somebody can say."""

import json
from datetime import UTC, datetime
from io import StringIO

from django.core.management import call_command
from django.test import TestCase, override_settings
from shapely.geometry import Point, box

from mapdata.ground.areas import Holding, area_km2, is_partition
from mapdata.imports import kinds
from mapdata.imports.decisions import Decision
from mapdata.imports.plans import Undecided
from mapdata.models import Edition, Place, Region
from tests.importing import BOW_TIE, EVENTS, SQUARE, Importing, feature
from tests.makers import make_region
from tests.shared_data import shared


class ReportTests(Importing):
    def test_it_has_what_was_promised(self):
        report = self.run_import(self.file(feature(status="bezet")), "control", dry_run=True)
        promised = ["features", "imported", "repaired", "refused", "proposals", "bounds", "area_km2", "encoding", "crs"]
        self.assertLessEqual(set(promised), set(report))
        self.assertEqual((report["features"], report["imported"], report["refused"]), (1, 1, []))
        self.assertEqual(report["bounds"], [37, 48, 38, 49])
        self.assertAlmostEqual(report["area_km2"], area_km2(SQUARE), delta=1)
        self.assertEqual(self.error, "")
        self.nothing_written()

    def test_the_report_for_people_names_what_a_person_must_know(self):
        path = self.file(feature(BOW_TIE, status="bezet"), feature(None), feature(Point(30, 50)))
        text = self.run_import(path, "control", dry_run=True, report="text")["text"]
        for words in (
            "3 features, 1 imported, 1 repaired",
            "2: It has no geometry",
            "3: It is a point",
            "crossed",
            "“bezet”",
        ):
            self.assertIn(words, text)

    def test_what_was_asked_wrongly_is_told_before_anything_is_read(self):
        path = self.folder / "is there not.geojson"
        for arguments, reason in (
            (["--as", "bezet"], "VALUE=PARTY"),
            (["--as", "bezet=mars:controlled"], "no party mars"),
            (["--as", "a=rusland:controlled", "--skip", "a"], "named twice"),
            (["--match", "titel"], "FIELD=COLUMN"),
        ):
            self.run_import(path, "control", *arguments)
            self.assertIn(reason, self.error)
        self.run_import(path, "events", "--as", "x=boem")
        self.assertIn("no type of event", self.error)
        self.run_import(path, "control", map="weg")
        self.assertIn("There is no map", self.error)

    @override_settings(IMPORT_MAX_FEATURES=1)
    def test_limits_are_settings(self):
        self.run_import(self.file(feature(), feature()), "control", dry_run=True)
        self.assertIn("more than 1 features", self.error)

    def test_nothing_that_can_be_imported_is_an_error_in_one_line(self):
        report = self.run_import(self.file(feature(Point(30, 50)), feature(None)), "control", dry_run=True)
        self.assertEqual(report["outcome"], "refused")
        self.assertIn("Nothing in it can be imported", self.error)
        self.assertEqual(len(self.error.splitlines()), 1)


class ControlTests(Importing):
    def test_a_file_becomes_a_draft_edition(self):
        path = self.file(feature(status="bezet"), feature(box(37.5, 48, 39, 49), status="vrij"))
        report = self.run_import(path, "control", "--as", "bezet=rusland:controlled", "--as", "vrij=oekraine:liberated")
        edition = Edition.objects.get()
        self.assertTrue(edition.is_draft)
        self.assertTrue(is_partition(edition.ground_areas()))
        self.assertEqual((report["outcome"], report["result"]["draft"]), ("imported", edition.pk))
        self.assertAlmostEqual(report["overlap_km2"], area_km2(box(37.5, 48, 38, 49)), delta=1)
        self.assertEqual(edition.sources.get().title, path.name)

    def test_all_ground_can_have_one_meaning_where_no_property_says_who_holds_it(self):
        path = self.file(feature(nummer=1), feature(box(38, 48, 39, 49), nummer=2))
        self.run_import(path, "control", "--as", "=rusland:controlled")
        self.assertEqual(self.error, "")
        self.assertEqual(Edition.objects.get().areas.get().ground.bounds, (37, 48, 39, 49))

    def test_a_value_without_a_meaning_and_a_file_without_a_day_wait_for_a_word(self):
        path = self.file(feature(status="bezet"), name="front.geojson")
        report = self.run_import(path, "control")
        self.assertIn("“bezet”", self.error)
        self.assertEqual(len(report["undecided"]), 2)
        self.nothing_written()
        self.run_import(path, "control", "--as", "bezet=rusland:controlled", "--at", "2022-04-06")
        self.assertEqual(self.error, "")

    def test_values_can_be_skipped_and_another_property_named(self):
        path = self.file(feature(wie="a", status="x"), feature(box(30, 48, 31, 49), wie="b", status="x"))
        report = self.run_import(path, "control", "--field", "wie", "--as", "a=rusland:controlled", "--skip", "b")
        self.assertEqual((report["imported"], [left["feature"] for left in report["left_out"]]), (1, [2]))
        self.assertEqual(Edition.objects.get().areas.get().ground.bounds, (37, 48, 38, 49))

    def test_features_that_cannot_be_used_are_told_and_the_others_imported(self):
        path = self.file(feature(status="bezet"), feature(None, status="bezet"))
        report = self.run_import(path, "control", "--as", "bezet=rusland:controlled")
        self.assertEqual([refusal["feature"] for refusal in report["refused"]], [2])
        self.assertEqual(Edition.objects.count(), 1)

    def test_importing_twice_makes_one_edition(self):
        path = self.file(feature(status="bezet"))
        for outcome in ("drafted", "unchanged"):
            report = self.run_import(path, "control", "--as", "bezet=rusland:controlled")
            self.assertEqual(report["result"]["outcome"], outcome)
        self.assertEqual(Edition.objects.count(), 1)

    def test_ground_with_swapped_axes_is_imported_only_when_somebody_said_how(self):
        path = self.file(feature(box(48, 37, 49, 38), status="bezet"))
        meaning = ("--as", "bezet=rusland:controlled")
        report = self.run_import(path, "control", *meaning)
        self.assertIn("swap_axes", self.error)
        self.assertEqual(report["outcome"], "refused")
        self.nothing_written()
        self.run_import(path, "control", *meaning, "--accept", "swap_axes")
        self.assertEqual(Edition.objects.get().areas.get().ground.bounds, (37, 48, 38, 49))

    def test_ground_that_is_right_although_it_lies_elsewhere_can_be_imported(self):
        path = self.file(feature(box(48, 37, 49, 38), status="bezet"))
        self.run_import(path, "control", "--as", "bezet=rusland:controlled", "--accept", "as_it_is")
        self.assertEqual(Edition.objects.get().areas.get().ground.bounds, (48, 37, 49, 38))

    def test_a_real_shapefile_becomes_the_ground_that_it_has(self):
        path = shared("imports/isw-control-2022-06-04.zip")
        report = self.run_import(path, "control", "--as", "=rusland:controlled")
        self.assertAlmostEqual(report["areas"][""], 116581.7, delta=5)
        (area,) = Edition.objects.get().ground_areas()
        self.assertAlmostEqual(area_km2(area.ground), 116581.7, delta=5)


class RegionTests(Importing):
    def test_regions_are_known_by_their_code(self):
        make_region("UA-14", name_nl="Oud")
        path = self.file(
            feature(iso_3166_2="UA-14", name_nl="Donetsk", name_uk="Донецька область"),
            feature(box(30, 48, 31, 49), iso_3166_2="UA-05", name_nl="Vinnytsja"),
        )
        report = self.run_import(path, "regions")
        self.assertEqual(report["result"], {"added": 1, "changed": 1, "unchanged": 0})
        self.assertEqual(Region.objects.get(code="UA-14").name["uk"], "Донецька область")
        self.assertEqual(self.run_import(path, "regions")["result"], {"added": 0, "changed": 0, "unchanged": 2})

    def test_a_column_in_which_values_come_twice_has_no_codes(self):
        path = self.file(feature(id="a", name="A"), feature(box(30, 48, 31, 49), id="a", name="B"))
        report = self.run_import(path, "regions")
        self.assertIn("code", self.error)
        self.assertEqual((report["matching"], Region.objects.count()), ({"name_nl": "name"}, 0))
        self.run_import(path, "regions", "--match", "code=name")
        self.assertEqual(set(Region.objects.values_list("code", flat=True)), {"A", "B"})

    def test_what_is_no_region_is_refused_by_number(self):
        path = self.file(feature(code="A", name="A"), feature(code="", name="B"), feature(code="C" * 21, name="C"))
        report = self.run_import(path, "regions")
        self.assertEqual([refusal["feature"] for refusal in report["refused"]], [2, 3])
        self.assertEqual(Region.objects.get().code, "A")


class PlaceTests(Importing):
    def test_places_are_known_by_their_code_and_found_by_their_names(self):
        region = make_region("UA-63", name_nl="Charkiv")
        text = "geonameid;name_nl;name_uk;lat;lon;population;oblast_iso\n1;Charkiv;Харків;49,98;36,25;1.421.125;UA-63\n"
        path = self.file(text=text, name="plaatsen.csv")
        self.assertEqual(self.run_import(path, "places")["result"]["added"], 1)
        (place,) = Place.search("ХАРКІВ")
        self.assertEqual((place.code, place.population, place.region), ("geonames:1", 1_421_125, region))
        self.assertEqual(self.run_import(path, "places")["result"]["unchanged"], 1)
        path.write_text(text.replace("1.421.125", "9"), encoding="utf-8")
        self.assertEqual(self.run_import(path, "places")["result"]["changed"], 1)
        self.assertEqual(Place.objects.get().population, 9)

    def test_a_place_without_a_code_is_known_by_where_it_is_and_its_name(self):
        path = self.file(
            feature(Point(30, 50), name="A"), feature(Point(30, 50), name="B"), feature(Point(30, 50), name="A")
        )
        report = self.run_import(path, "places")
        self.assertEqual([refusal["feature"] for refusal in report["refused"]], [3])
        self.assertEqual(self.run_import(path, "places")["result"], {"added": 0, "changed": 0, "unchanged": 2})

    def test_a_file_without_names_waits_for_a_word(self):
        path = self.file(feature(Point(30, 50), x="Kyiv"))
        self.assertEqual(self.run_import(path, "places", dry_run=True)["imported"], 1)
        self.run_import(path, "places")
        self.assertIn("name of a place", self.error)
        self.run_import(path, "places", "--match", "name_nl=x")
        self.assertEqual(Place.objects.get().name["nl"], "Kyiv")

    def test_the_places_that_are_shipped_can_be_loaded_twice(self):
        make_region("UA-30", name_nl="Kyiv")
        call_command("import_places", stdout=StringIO())
        self.assertEqual(Place.objects.count(), 5489)
        said = StringIO()
        call_command("import_places", stdout=said)
        self.assertIn("0 added, 0 changed, 5489 unchanged", said.getvalue())
        for name in ("Kyiv", "Kiev", "Київ"):
            self.assertEqual(Place.search(name)[0].code, "geonames:703448", name)
        self.assertEqual(Place.search("kyiv")[0].region.code, "UA-30")


class AllOrNothingTests(Importing):
    def test_stopping_half_way_leaves_nothing(self):
        class Stopped(Exception):
            pass

        def stop(done: int, total: int) -> None:
            raise Stopped

        files = {
            "control": self.file(feature(status="x")),
            "regions": self.file(feature(code="A", name="A"), name="r.geojson"),
            "places": self.file(feature(Point(30, 50), name="A"), name="p.geojson"),
            "events": self.file(text=EVENTS, name="e.csv"),
        }
        for kind, path in files.items():
            plan = self.decided(path, kind=kind, meanings={"x": Holding("rusland")})
            self.assertGreater(plan.imported, 0)
            with self.assertRaises(Stopped):
                kinds.store(plan, progress=stop)
            self.nothing_written()

    def test_what_is_undecided_is_not_stored(self):
        for kind, path in (
            ("control", self.file(feature(status="x"))),
            ("events", self.file(text="titel,lat,lon\nA,50,30\n", name="e.csv")),
            ("places", self.file(feature(Point(50, 30), name="A"), name="p.geojson")),
        ):
            with self.assertRaises(Undecided):
                kinds.store(self.decided(path, kind=kind))
            self.nothing_written()

    def test_progress_counts_up_to_the_whole(self):
        told: list[tuple[int, int]] = []
        plan = self.decided(self.file(text=EVENTS, name="e.csv"), kind="events")
        kinds.store(plan, progress=lambda done, total: told.append((done, total)))
        self.assertEqual(told[-1], (2, 2))


class DecisionTests(TestCase):
    def test_what_was_decided_can_be_kept_as_json(self):
        decision = Decision(
            kind="events", encoding="cp1251", crs="EPSG:3857", layer="x", accept=("swap_axes", "day_first"),
            match={"title_nl": "Назва", "text_nl": ""}, field="status", skip=("y",), types={"a": "battle"},
            meanings={"x": Holding("rusland", "advance", "claimed", "rusland"), "z": Holding("oekraine")},
            at=datetime(2022, 4, 6, 10, tzinfo=UTC), source="ISW: kaart", duplicates=True,
        )  # fmt: skip
        kept = json.loads(json.dumps(decision.as_json()))
        self.assertEqual(Decision.from_json(kept), decision)
        self.assertEqual(list(Decision.from_json(kept).meanings), ["x", "z"])

    def test_what_is_missing_was_not_said_and_what_is_wrong_is_refused(self):
        self.assertEqual(Decision.from_json({}), Decision())
        for wrong in ([], None, {"match": 5}, {"meanings": [["x", 5]]}):
            with self.assertRaises(ValueError):
                Decision.from_json(wrong)
