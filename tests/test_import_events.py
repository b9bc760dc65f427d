"""Events in bulk: rows become drafts, in words that an editor can work with."""

from datetime import UTC, datetime

from django.db import connection
from django.test.utils import CaptureQueriesContext
from shapely.geometry import Point

from mapdata.imports import kinds
from mapdata.models import Event, EventVersion
from newsroom.models import Source
from tests.importing import EVENTS, Importing, feature
from tests.makers import make_event, make_map, make_place, make_user


class EventTests(Importing):
    def test_rows_become_drafts_that_nobody_reads_yet(self):
        anna = make_user("anna")
        path = self.file(text=EVENTS, name="gebeurtenissen.csv")
        plan = self.decided(path, kind="events")
        self.assertEqual(kinds.store(plan, by=anna), {"added": 2})
        first = Event.objects.get(title__nl="Beschieting van Charkiv")
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

    def test_a_column_of_moments_comes_before_one_of_days(self):
        text = "titel,date,started_at,lat,lon\nA,2022-04-06,2022-04-06 16:10:34+00:00,50,30\n"
        self.run_import(self.file(text=text, name="x.csv"), "events")
        event = Event.objects.get()
        self.assertEqual((event.happened_at.hour, event.time_precision), (16, "exact"))

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
        self.assertEqual(first.place, {"nl": "Boetsja", "en": "Bucha"})
        self.assertEqual(second.place["nl"], "48.00, 25.00")
        self.assertIn("Boetsja", first.title["nl"])
        self.assertTrue(any("Titles" in note for note in report["notes"]))

    def test_somebody_can_say_what_columns_and_values_mean(self):
        text = "a,b,c,lat,lon\nEen titel,2022-04-06,x,50,30\nNog een,2022-04-06,y,51,31\n"
        arguments = ["--match", "title_nl=a", "--match", "happened_at=b", "--match", "type=c", "--as", "x=riot"]
        self.run_import(self.file(text=text, name="x.csv"), "events", *arguments)
        self.assertEqual(list(Event.objects.order_by("id").values_list("title__nl", "type")), [
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
        self.assertEqual((len(event.title["nl"]), len(event.place["nl"]), event.text["nl"]), (200, 100, "ab"))

    def test_rows_are_written_many_at_a_time(self):
        rows = "".join(f"Titel {n},2022-04-06,{45 + n / 100},30,https://x.nl/{n % 9}\n" for n in range(500))
        plan = self.decided(self.file(text=f"titel,datum,lat,lon,bron\n{rows}", name="x.csv"), kind="events")
        with CaptureQueriesContext(connection) as queries:
            kinds.store(plan)
        self.assertEqual(Event.objects.count(), 500)
        self.assertLess(len(queries), 50)
