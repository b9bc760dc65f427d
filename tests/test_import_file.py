"""`manage.py import_file`: what becomes of a file of each kind, all of it or nothing, and what somebody can say."""

import json
import tempfile
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import TestCase, override_settings
from django.test.utils import CaptureQueriesContext
from shapely.geometry import Point, box, mapping

from mapdata.ground import Holding, area_km2, is_partition
from mapdata.imports import kinds
from mapdata.imports.decisions import Decision
from mapdata.imports.plans import Undecided
from mapdata.models import Edition, Event, EventVersion, Place, Region
from newsroom.models import Source
from tests.makers import make_event, make_map, make_party, make_place, make_region, make_user
from tests.shared_data import shared

SQUARE = box(37, 48, 38, 49)
BOW_TIE = {"type": "Polygon", "coordinates": [[[30, 50], [31, 51], [31, 50], [30, 51], [30, 50]]]}
EVENTS = """titel,datum,lat,lon,soort,bron
Beschieting van Charkiv,2022-04-06,49.99,36.23,shelling,https://example.org/a
Gevecht bij Izjoem,2022-04-07,49.2,37.25,battle,https://example.org/a
"""


def feature(geometry=SQUARE, **properties) -> dict:
    geometry = geometry if isinstance(geometry, dict) or geometry is None else mapping(geometry)
    return {"type": "Feature", "properties": properties, "geometry": geometry}


@pytest.mark.usefixtures("english")
class Importing(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.map = make_map("oekraine")
        make_party("rusland")
        make_party("oekraine")

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def file(self, *features, name="2022-04-06.geojson", text: str = "") -> Path:
        path = self.folder / name
        path.write_text(text or json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
        return path

    def run_import(self, path: Path, kind: str, *arguments: str, **options) -> dict:
        """The JSON report; what the command ended with is in `self.error`."""
        said, self.aside, self.error = StringIO(), StringIO(), ""
        options = {"map": "oekraine", "report": "json"} | options
        call = [str(path), "--kind", kind, *arguments]
        try:
            call_command("import_file", *call, stdout=said, stderr=self.aside, **options)
        except CommandError as error:
            self.error = str(error)
        return json.loads(said.getvalue()) if said.getvalue().startswith("{") else {"text": said.getvalue()}

    def decided(self, path: Path, **said):
        """The plan for a file, as a wizard would make it."""
        decision = Decision(**said)
        return kinds.plan(decision.open(path, self.map.bounds), self.map, decision)

    def nothing_written(self):
        for model in (Edition, Event, Place, Region, Source):
            self.assertFalse(model.objects.exists(), model)


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
        self.assertEqual(Region.objects.get(code="UA-14").name_uk, "Донецька область")
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
        self.assertEqual(Place.objects.get().name_nl, "Kyiv")

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


class EventTests(Importing):
    def test_rows_become_drafts_that_nobody_reads_yet(self):
        anna = make_user("anna")
        path = self.file(text=EVENTS, name="gebeurtenissen.csv")
        plan = self.decided(path, kind="events")
        self.assertEqual(kinds.store(plan, by=anna), {"added": 2})
        first = Event.objects.get(title_nl="Beschieting van Charkiv")
        self.assertEqual((first.type, first.lon, first.lat, first.written_by), ("explosion", 36.23, 49.99, anna))
        self.assertEqual((first.stage, first.time_precision, first.has_changes), ("draft", "day", True))
        self.assertEqual(f"{first.happened_at.astimezone(self.map.zone):%Y-%m-%d %H}", "2022-04-06 12")
        self.assertEqual({source.publisher for source in first.sources.all()}, {"example.org", "Imported file"})
        self.assertFalse(EventVersion.objects.exists())
        self.assertEqual(Source.objects.count(), 2)

    def test_importing_twice_makes_nothing_twice_unless_somebody_wants_it(self):
        path = self.file(text=EVENTS, name="gebeurtenissen.csv")
        self.run_import(path, "events")
        report = self.run_import(path, "events")
        self.assertIn("there already", self.error)
        self.assertEqual([twin["feature"] for twin in report["duplicates"]], [1, 2])
        self.assertEqual(Event.objects.count(), 2)
        self.run_import(path, "events", "--duplicates")
        self.assertEqual(Event.objects.count(), 4)

    def test_a_duplicate_is_of_that_day_that_place_and_a_similar_title(self):
        there = {"happened_at": datetime(2022, 4, 6, 20, tzinfo=UTC), "lon": 36.24, "lat": 49.99}
        event = make_event(self.map, title_nl="Zware beschieting van Charkiv", **there)
        for other in (
            {"lon": 36.4},
            {"happened_at": datetime(2022, 4, 5, 12, tzinfo=UTC)},
            {"title_nl": "Bezoek van een minister"},
        ):
            make_event(self.map, **({"title_nl": "Beschieting van Charkiv"} | there | other))
        make_event(make_map("ander"), title_nl="Beschieting van Charkiv", **there)
        report = self.run_import(self.file(text=EVENTS, name="x.csv"), "events", dry_run=True)
        self.assertEqual([(twin["feature"], twin["event"]) for twin in report["duplicates"]], [(1, event.pk)])

    def test_ambiguous_dates_wait_for_a_word(self):
        path = self.file(text="titel,datum,lat,lon\nA,05/04/2022,50,30\nB,06/04/2022,50,31\n", name="x.csv")
        report = self.run_import(path, "events")
        self.assertIn("05/04/2022", self.error)
        self.assertEqual({proposal["accept"] for proposal in report["proposals"]}, {"day_first", "month_first"})
        self.assertFalse(Event.objects.exists())
        self.run_import(path, "events", "--accept", "day_first")
        self.assertEqual({event.happened_at.month for event in Event.objects.all()}, {4})

    def test_rows_without_a_date_are_refused_unless_one_is_given(self):
        path = self.file(text="titel,datum,lat,lon\nA,,50,30\nB,2022-04-06,50,31\n", name="x.csv")
        report = self.run_import(path, "events", dry_run=True)
        self.assertEqual((report["imported"], [refusal["feature"] for refusal in report["refused"]]), (1, [1]))
        self.assertEqual(self.run_import(path, "events", "--at", "2022-05-01")["imported"], 2)

    def test_a_file_without_dates_at_all_needs_one(self):
        path = self.file(text="titel,lat,lon\nA,50,30\n", name="x.csv")
        self.assertEqual(self.run_import(path, "events", dry_run=True)["imported"], 1)
        self.run_import(path, "events")
        self.assertIn("when it happened", self.error)
        self.run_import(path, "events", "--at", "2022-05-01T10:00")
        self.assertEqual(Event.objects.get().time_precision, "exact")

    def test_types_titles_and_places_that_are_not_there_are_made_up_and_told(self):
        make_place("Boetsja", name_en="Bucha", lon=30.22, lat=50.55, population=1)
        path = self.file(text="datum,lat,lon\n2022-04-06,50.54,30.2\n2022-04-06,48,25\n", name="x.csv")
        report = self.run_import(path, "events", "--as", "=battle")
        first, second = Event.objects.order_by("id")
        self.assertEqual((first.place_nl, first.place_en), ("Boetsja", "Bucha"))
        self.assertEqual(second.place_nl, "48.00, 25.00")
        self.assertIn("Boetsja", first.title_nl)
        self.assertTrue(any("Titles" in note for note in report["notes"]))

    def test_somebody_can_say_what_columns_and_values_mean(self):
        text = "a,b,c,lat,lon\nEen titel,2022-04-06,x,50,30\nNog een,2022-04-06,y,51,31\n"
        arguments = ["--match", "title_nl=a", "--match", "happened_at=b", "--match", "type=c", "--as", "x=riot"]
        self.run_import(self.file(text=text, name="x.csv"), "events", *arguments)
        self.assertEqual(list(Event.objects.order_by("id").values_list("title_nl", "type")), [
            ("Een titel", "riot"), ("Nog een", "strategic_development"),
        ])  # fmt: skip

    def test_numbers_of_casualties_are_attributed_or_left_out(self):
        rows = "A,2022-04-06,50,30,3,1,5\nB,2022-04-06,51,31,3,9,5\nC,2022-04-06,51,32,,,\n"
        text = f"titel,datum,lat,lon,best,low,high\n{rows}"
        report = self.run_import(self.file(text=text, name="x.csv"), "events", "--source", "UCDP: GED")
        first, second, third = Event.objects.order_by("id")
        self.assertEqual((first.casualties_low, first.casualties_high), (1, 5))
        self.assertEqual(first.casualties_according_to, "UCDP: GED")
        self.assertEqual((second.casualties_best, third.casualties_best), (None, None))
        self.assertEqual([warning["feature"] for warning in report["warnings"]], [2])

    def test_only_web_addresses_become_links(self):
        text = "titel,datum,lat,lon,link\nA,2022-04-06,50,30,javascript:alert(1) https://x.nl/a|http://y.nl\n"
        self.run_import(self.file(text=text, name="x.csv"), "events")
        urls = {source.url for source in Event.objects.get().sources.all()}
        self.assertEqual(urls, {"", "https://x.nl/a", "http://y.nl"})

    def test_whatever_a_file_says_fits_the_table_or_is_told(self):
        said = {"titel": "t" * 500, "plaats": "p" * 500, "soort": "s" * 500, "datum": "2022-04-06", "tekst": "a\0b"}
        self.run_import(self.file(feature(Point(30, 50), **said), feature(Point(30, 89), **said)), "events")
        event = Event.objects.get()
        event.full_clean(exclude=["written_by"])
        self.assertEqual((len(event.title_nl), len(event.place_nl), event.text_nl), (200, 100, "ab"))

    def test_rows_are_written_many_at_a_time(self):
        rows = "".join(f"Titel {n},2022-04-06,{45 + n / 100},30,https://x.nl/{n % 9}\n" for n in range(500))
        plan = self.decided(self.file(text=f"titel,datum,lat,lon,bron\n{rows}", name="x.csv"), kind="events")
        with CaptureQueriesContext(connection) as queries:
            kinds.store(plan)
        self.assertEqual(Event.objects.count(), 500)
        self.assertLess(len(queries), 50)


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
