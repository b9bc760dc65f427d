"""Files of events, regions and places in the import wizard: each row becomes one."""

import pytest
from django.urls import reverse

from mapdata.models import Event, Place, Region
from tests.makers import EAST, SQUARE
from tests.shared_data import shared
from tests.wizard import WizardCase, geojson

pytestmark = pytest.mark.usefixtures("english")


class RowsTests(WizardCase):
    EVENTS = (
        b"title,date,lat,lon,type,city\n"
        b"Raketinslag op het station,2022-04-08,48.5,37.5,missile strike,Kramatorsk\n"
        b"Gevecht om de brug,2022-04-09,47.5,37.2,clash,Marioepol\n"
        b"Nergens,2022-04-09,95,37.2,clash,Marioepol\n"
    )

    def upload_events(self, data: bytes = EVENTS, **answers):
        return self.upload(data, "events.csv", "events", **answers)

    def test_each_row_becomes_a_draft_of_an_event(self):
        page = self.upload_events()
        self.assertContains(page, "2 drafts")
        self.assertContains(page, "Will be refused (1)")
        self.assertFalse(Event.objects.exists())
        form = page.context["form"]
        self.assertEqual(form["column_title_nl"].value(), "title")
        self.assertEqual({row["value"]: row["field"].value() for row in form.values}["clash"], "battle")
        with self.captureOnCommitCallbacks(execute=True):
            page = self.make(page)
        self.assertContains(page, "2 drafts of events.")
        self.assertContains(page, reverse("admin:mapdata_event_changelist"))
        event = Event.objects.get(title__nl="Raketinslag op het station")
        self.assertEqual(
            (event.type, event.place["nl"], event.written_by), ("explosion", "Kramatorsk", self.map_editor)
        )
        self.assertFalse(event.versions.exists())

    def test_columns_and_types_are_for_a_person_to_overrule(self):
        page = self.upload_events()
        clash = [row["value"] for row in page.context["form"].values].index("clash")
        page = self.look(page, column_title_nl="city", **{f"type_{clash}": "riot"})
        self.assertEqual([row[1] for row in page.context["plan"]["made"]], ["Kramatorsk", "Marioepol"])
        self.make(page)
        self.assertEqual(Event.objects.get(title__nl="Marioepol").type, "riot")

    def test_what_is_there_already_is_skipped_unless_it_is_chosen(self):
        self.make(self.upload_events())
        page = self.upload_events()
        self.assertContains(page, "Seem to be there already (2)")
        self.assertEqual(page.context["plan"]["imported"], 0)
        page = self.look(page, again=["2"])
        self.assertEqual(page.context["plan"]["imported"], 1)
        self.assertContains(page, 'value="2" id="again_2" checked')
        self.make(page)
        self.assertEqual(Event.objects.count(), 3)
        page = self.look(self.upload_events(), duplicates="on")
        self.assertEqual(page.context["plan"]["imported"], 2)

    def test_more_types_than_can_be_asked_about_are_taken_as_they_were_guessed(self):
        rows = "".join(f"Inslag {n},2022-04-08,47,37,missile {n}\n" for n in range(100))
        page = self.upload_events(f"title,date,lat,lon,type\n{rows}".encode())
        self.assertEqual(page.context["form"].values, [])
        self.make(page)
        self.assertEqual(Event.objects.filter(type="explosion").count(), 100)

    def test_dates_that_can_be_read_in_two_ways_are_asked_about(self):
        page = self.upload_events(b"title,date,lat,lon\nA,03-04-2022,47,37\nB,05-04-2022,47,38\n")
        self.assertTrue(page.context["plan"]["problems"])
        self.assertContains(page, "the day first")
        page = self.look(page, date_order="month_first")
        self.assertEqual(page.context["plan"]["problems"], [])
        self.make(page)
        self.assertEqual({event.happened_at.month for event in Event.objects.all()}, {3, 5})

    def test_a_file_without_dates_gets_the_moment_that_is_said(self):
        page = self.upload_events(b"title,lat,lon\nA,47,37\n")
        self.assertTrue(page.context["plan"]["problems"])
        page = self.look(page, moment="2022-04-08T10:30")
        self.assertEqual(page.context["plan"]["problems"], [])

    def test_the_encoding_and_the_columns_of_coordinates_can_be_said(self):
        text = "naam;datum;eerste;tweede\nCafé Kyïv;2022-04-08;47,5;37,5\n"
        page = self.upload_events(text.encode("cp1252"))
        self.assertEqual(page.context["plan"]["imported"], 0)
        page = self.look(page, at_lat="eerste", at_lon="tweede", encoding="windows-1252")
        self.assertEqual(page.context["plan"]["imported"], 1)
        self.make(page)
        self.assertEqual((Event.objects.get().lat, Event.objects.get().title["nl"]), (47.5, "Café Kyïv"))

    def test_regions_are_brought_in_by_who_looks_after_them(self):
        self.log_in(self.administrator)
        data = geojson(
            ({"iso_3166_2": "UA-14", "name": "Donetsk"}, SQUARE), ({"iso_3166_2": "UA-09", "name": "Luhansk"}, EAST)
        )
        page = self.upload(data, kind="regions", map="")
        self.assertContains(page, "1 new, 1 there already")
        page = self.make(page)
        self.assertContains(page, "1 added")
        self.assertEqual(Region.objects.get(code="UA-09").name["nl"], "Luhansk")

    def test_places_are_brought_in(self):
        self.log_in(self.administrator)
        page = self.upload(shared("imports/places-dutch-excel.csv").read_bytes(), "places.csv", "places")
        self.assertEqual(page.context["plan"]["problems"], [])
        self.assertContains(page, "200 new")
        page = self.make(page)
        self.assertContains(page, "200 added")
        self.assertEqual(Place.objects.get(name__nl="Kyiv (Kiev)").population, 2_952_301)

    def test_the_map_shows_points_with_what_they_say_and_not_more_than_it_can(self):
        rows = "".join(f"Inslag {n},2022-04-08,{47 + n / 9000},{37 + n % 90 / 90}\n" for n in range(5000))
        page = self.upload_events(f"title,date,lat,lon\n{rows}".encode())
        self.assertEqual(page.context["plan"]["imported"], 5000)
        features = self.client.get(reverse("admin:mapdata_import_shapes", args=[self.row.pk])).json()["features"]
        self.assertTrue(200 < len(features) <= 1500)
        self.assertTrue(features[0]["properties"]["title"].startswith("1: Inslag 0"))

    def test_real_files_of_events_are_looked_at_and_made(self):
        for name in ("cir-events-dirty.csv", "ucdp-ukraine-cp1252.csv", "events.gpx"):
            with self.subTest(name):
                page = self.upload(shared(f"imports/{name}").read_bytes(), name, "events")
                changes = {"moment": "2022-04-08T10:30"}
                if page.context["plan"].get("ambiguous"):
                    changes["date_order"] = "month_first"
                page = self.look(page, **changes)
                self.assertEqual(page.context["plan"]["problems"], [])
                before = Event.objects.count()
                self.make(page)
                self.assertEqual(Event.objects.count() - before, page.context["plan"]["imported"])
                self.assertGreater(Event.objects.count(), before)
