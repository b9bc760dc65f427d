"""The import wizard: a file is uploaded, looked at, and becomes a draft edition, drafts of events, or nothing."""

import json
from datetime import timedelta
from html.parser import HTMLParser

import pytest
import shapely
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone
from shapely import Point, Polygon, to_geojson

from mapdata.models import Edition, Event, Import, ImportPreset, Place, Region
from mapdata.wizard import jobs
from newsroom.jobs import State
from newsroom.models import Job
from tests.makers import EAST, SQUARE, day, held_by, make_map, make_party, make_region, make_user, publish_edition
from tests.shared_data import shared

pytestmark = pytest.mark.usefixtures("english")


def geojson(*features: tuple[dict, object], **members) -> bytes:
    """A FeatureCollection of (properties, shapely geometry)."""
    listed = [
        {"type": "Feature", "properties": properties, "geometry": json.loads(to_geojson(geometry))}
        for properties, geometry in features
    ]
    return json.dumps({"type": "FeatureCollection", "features": listed} | members).encode()


CONTROL = geojson(({"status": "occupied"}, SQUARE), ({"status": "liberated"}, EAST))


class Controls(HTMLParser):
    """What the fields of a page's forms hold, by name, as a browser sends it; buttons are left out."""

    def __init__(self):
        super().__init__()
        self.values: dict = {}
        self.select = ""

    @classmethod
    def of(cls, markup: str) -> dict:
        parser = cls()
        parser.feed(markup)
        return parser.values

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        kind, name, value = said.get("type", "text"), said.get("name", ""), said.get("value") or ""
        if tag == "input" and name and kind not in {"submit", "radio", "checkbox", "hidden"}:
            self.values[name] = value
        elif tag == "input" and kind in {"radio", "checkbox"} and "checked" in said:
            self.add(name, value)
        elif tag == "input" and kind == "hidden" and name not in {"csrfmiddlewaretoken", "next"}:
            self.values[name] = value
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in said:
            self.add(self.select, value)

    def handle_endtag(self, tag):
        if tag == "select":
            self.select = ""

    def add(self, name: str, value: str) -> None:
        self.values[name] = [*self.values[name], value] if name in self.values else [value]


class WizardCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.map_editor, cls.administrator = make_user(groups=["map editor"]), make_user(groups=["administrator"])
        cls.map = make_map(west=36, south=46, east=40, north=49)
        make_region("UA-14", name_nl="Donetsk", name_en="Donetsk", boundary=SQUARE)
        make_party("oekraine", name_en="Ukraine")
        make_party("rusland", name_en="Russia")
        publish_edition(cls.map, day(3), [held_by("rusland", EAST)])

    def setUp(self):
        self.log_in(self.map_editor)

    def log_in(self, person):
        self.client.force_login(person)
        self.client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    def upload(self, data: bytes, name: str = "front-2022-04-06.geojson", kind: str = "control", **answers):
        """What the page answers to an upload; where it was taken, the page of the import."""
        answers = {"kind": kind, "map": self.map.pk, "file": SimpleUploadedFile(name, data)} | answers
        return self.client.post(reverse("admin:mapdata_import_add"), answers, follow=True)

    @property
    def row(self) -> Import:
        return Import.objects.latest("id")

    @property
    def address(self) -> str:
        return reverse("admin:mapdata_import_change", args=[self.row.pk])

    def answers(self, page, **changes) -> dict:
        """What a browser would send of the page's form."""
        return Controls.of(page.content.decode()) | changes

    def look(self, page, **changes):
        return self.client.post(self.address, self.answers(page, _look="1", **changes), follow=True)

    def make(self, page, **changes):
        return self.client.post(self.address, self.answers(page, _make="1", **changes), follow=True)


class ControlTests(WizardCase):
    def test_a_file_is_looked_at_before_anything_is_made(self):
        page = self.upload(CONTROL)
        self.assertTemplateUsed(page, "admin/mapdata/import/choose.html")
        self.assertFalse(Edition.objects.filter(published_at=None).exists())
        self.assertContains(page, "Say what these values of “status” mean")
        # "occupied" names nobody: it is guessed to be who holds most of the newest edition.
        self.assertEqual(
            self.row.choices["decision"]["meanings"], [["occupied", ["rusland", "controlled", "assessed", ""]]]
        )
        page = self.look(page, party_1="oekraine", status_1="liberated")
        self.assertEqual(page.context["plan"]["problems"], [])
        self.assertContains(page, "Who holds what")
        self.assertContains(page, "from nobody named to Russia (controlled)")
        self.assertContains(page, "from Russia (controlled) to Ukraine (liberated)")
        self.assertFalse(Edition.objects.filter(published_at=None).exists())

    def test_one_click_makes_the_draft_edition(self):
        page = self.look(self.upload(CONTROL), party_1="oekraine", status_1="liberated", source="ISW: Front")
        name = self.row.file.name
        with self.captureOnCommitCallbacks(execute=True):
            page = self.make(page)
        self.assertTemplateUsed(page, "admin/mapdata/import/done.html")
        draft = Edition.objects.get(published_at=None)
        self.assertEqual(draft.written_by, self.map_editor)
        self.assertEqual(
            {(area.party.slug, area.status) for area in draft.areas.all()},
            {("rusland", "controlled"), ("oekraine", "liberated")},
        )
        self.assertEqual([str(source) for source in draft.sources.all()], ["ISW: Front"])
        self.assertEqual(draft.situation_at.date().isoformat(), "2022-04-06")
        self.assertContains(page, reverse("admin:mapdata_edition_change", args=[draft.pk]))
        self.assertFalse(default_storage.exists(name))

    def test_what_was_not_looked_at_is_not_made(self):
        page = self.look(self.upload(CONTROL), party_1="oekraine")
        page = self.make(page, status_1="contested")
        self.assertContains(page, "nothing is imported yet")
        self.assertFalse(Edition.objects.filter(published_at=None).exists())
        self.assertEqual(self.row.choices["decision"]["meanings"][1][1][1], "contested")
        self.make(page)
        self.assertTrue(Edition.objects.filter(published_at=None).exists())

    def test_while_something_must_be_said_nothing_is_made(self):
        page = self.make(self.upload(CONTROL))
        self.assertContains(page, "It cannot be imported yet")
        self.assertNotContains(page, "Make the draft edition")
        self.assertFalse(Edition.objects.filter(published_at=None).exists())

    def test_where_values_overlap_the_one_with_the_lowest_order_gets_it(self):
        page = self.upload(geojson(({"status": "russian"}, SQUARE), ({"status": "ukrainian"}, SQUARE.union(EAST))))
        self.assertContains(page, "overlap on")

        def holders(page):
            return {area["holding"]["party"] for area in page.context["plan"]["areas"]}

        self.assertEqual(holders(page), {"rusland", "oekraine"})
        page = self.look(page, order_0="5")
        self.assertEqual(holders(page), {"oekraine"})

    def test_a_value_can_be_left_out_or_claimed(self):
        page = self.upload(geojson(({"status": "claimed by Russia"}, SQUARE), ({"status": "noise"}, EAST)))
        page = self.look(page, party_1="-")
        areas = page.context["plan"]["areas"]
        self.assertEqual(
            [area["holding"] for area in areas],
            [{"party": "rusland", "status": "controlled", "basis": "claimed", "claimed_by": "rusland"}],
        )
        self.assertContains(page, "Its value “noise” is skipped.")

    def test_assessed_ground_has_no_claimant_and_what_was_typed_stays(self):
        page = self.look(self.upload(CONTROL), claimed_by_0="oekraine", source="ISW")
        self.assertContains(page, "Assessed ground is claimed by nobody")
        self.assertContains(page, 'value="ISW"')

    def test_a_file_that_says_nowhere_who_holds_it_is_held_alike(self):
        page = self.upload(geojson(({"FID": 1}, SQUARE), ({"FID": 2}, EAST)))
        self.assertContains(page, "Say who holds this ground.")
        page = self.look(page, party_0="rusland")
        self.assertEqual(len(page.context["plan"]["areas"]), 1)
        with self.captureOnCommitCallbacks(execute=True):
            self.make(page)
        self.assertEqual(Edition.objects.get(published_at=None).areas.count(), 1)

    def test_another_column_brings_its_own_values(self):
        page = self.upload(
            geojson(({"status": "x", "holder": "RU"}, SQUARE), ({"status": "y", "holder": "Ukraine"}, EAST))
        )
        page = self.look(page, field="holder")
        self.assertEqual([row["value"] for row in page.context["form"].values], ["RU", "Ukraine"])
        self.assertEqual(page.context["plan"]["problems"], [])

    def test_swapped_axes_are_proposed_and_corrected_only_when_chosen(self):
        swapped = geojson(({"status": "occupied"}, shapely.transform(SQUARE, lambda points: points[:, ::-1])))
        page = self.upload(swapped)
        self.assertContains(page, "Exchange latitude and longitude")
        self.assertTrue(page.context["plan"]["problems"])
        page = self.look(page, accept="swap_axes")
        self.assertEqual(page.context["plan"]["problems"], [])
        self.assertEqual(page.context["found"]["bounds"], list(SQUARE.bounds))

    def test_what_is_repaired_and_refused_is_told_by_number(self):
        bow = Polygon([(37, 47), (38, 48), (38, 47), (37, 48)])
        page = self.upload(geojson(({"status": "occupied"}, bow), ({"status": "occupied"}, Point(37, 47))))
        self.assertContains(page, "Was repaired (1)")
        self.assertContains(page, "Feature 2: It is a point, and has no ground.")

    def test_the_day_can_be_said_where_the_file_does_not(self):
        page = self.upload(CONTROL, name="front.geojson")
        self.assertContains(page, "which day it shows")
        page = self.look(page, party_1="oekraine", situation_at="2022-04-07T12:00")
        self.assertEqual(page.context["plan"]["problems"], [])
        page = self.look(page, situation_at="2122-04-07T12:00")
        self.assertContains(page, "This moment lies in the future.")

    def test_the_map_of_the_page_has_the_shapes_in_their_colours(self):
        self.look(self.upload(CONTROL), party_1="oekraine")
        address = reverse("admin:mapdata_import_shapes", args=[self.row.pk])
        features = self.client.get(address).json()["features"]
        self.assertEqual({feature["properties"]["colour"] for feature in features}, {"red"})
        self.assertEqual(len(features), 2)

    def test_what_values_mean_is_remembered_under_a_name(self):
        page = self.upload(CONTROL)
        page = self.look(page, party_0="-", party_1="oekraine", status_1="liberated", remember="DeepState")
        self.assertContains(page, "Remembered as “DeepState”.")
        preset = ImportPreset.objects.get()
        self.assertEqual((preset.kind, preset.by), ("control", self.map_editor))
        page = self.upload(CONTROL, name="front-2022-04-07.geojson", preset=preset.pk)
        decision = self.row.choices["decision"]
        self.assertEqual(decision["meanings"], [["liberated", ["oekraine", "liberated", "assessed", ""]]])
        self.assertEqual(decision["skip"], ["occupied"])
        # The day is that of the new file.
        self.assertTrue(decision["at"].startswith("2022-04-07"))

    def test_real_files_become_draft_editions(self):
        for name, km2 in (("isw-control-2022-06-04.zip", 116_582), ("control-wkt.csv", None)):
            with self.subTest(name):
                page = self.upload(shared(f"imports/{name}").read_bytes(), name)
                page = self.look(page, party_0="rusland", situation_at="2022-06-04T12:00")
                self.assertEqual(page.context["plan"]["problems"], [])
                if km2:
                    self.assertAlmostEqual(page.context["plan"]["areas"][0]["km2"], km2, delta=50)
                # A map to look at, not the whole file.
                self.assertLess(len(json.dumps(self.row.plan["shapes"])), 500_000)


class RowsTests(WizardCase):
    """Events, regions and places: each row of a file becomes one."""

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
        event = Event.objects.get(title_nl="Raketinslag op het station")
        self.assertEqual((event.type, event.place_nl, event.written_by), ("explosion", "Kramatorsk", self.map_editor))
        self.assertFalse(event.versions.exists())

    def test_columns_and_types_are_for_a_person_to_overrule(self):
        page = self.upload_events()
        clash = [row["value"] for row in page.context["form"].values].index("clash")
        page = self.look(page, column_title_nl="city", **{f"type_{clash}": "riot"})
        self.assertEqual([row[1] for row in page.context["plan"]["made"]], ["Kramatorsk", "Marioepol"])
        self.make(page)
        self.assertEqual(Event.objects.get(title_nl="Marioepol").type, "riot")

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
        self.assertEqual((Event.objects.get().lat, Event.objects.get().title_nl), (47.5, "Café Kyïv"))

    def test_regions_are_brought_in_by_who_looks_after_them(self):
        self.log_in(self.administrator)
        data = geojson(
            ({"iso_3166_2": "UA-14", "name": "Donetsk"}, SQUARE), ({"iso_3166_2": "UA-09", "name": "Luhansk"}, EAST)
        )
        page = self.upload(data, kind="regions", map="")
        self.assertContains(page, "1 new, 1 there already")
        page = self.make(page)
        self.assertContains(page, "1 added")
        self.assertEqual(Region.objects.get(code="UA-09").name_nl, "Luhansk")

    def test_places_are_brought_in(self):
        self.log_in(self.administrator)
        page = self.upload(shared("imports/places-dutch-excel.csv").read_bytes(), "places.csv", "places")
        self.assertEqual(page.context["plan"]["problems"], [])
        self.assertContains(page, "200 new")
        page = self.make(page)
        self.assertContains(page, "200 added")
        self.assertEqual(Place.objects.get(name_nl="Kyiv (Kiev)").population, 2_952_301)

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


class UnreadableTests(WizardCase):
    def test_a_hostile_or_broken_file_is_refused_in_words_and_leaves_nothing(self):
        for name in ("hostile-entities.kml", "hostile-zip-paths.zip", "truncated.geojson"):
            with self.subTest(name):
                page = self.upload(shared(f"imports/{name}").read_bytes(), name)
                self.assertTemplateUsed(page, "admin/mapdata/import/unread.html")
                self.assertContains(page, '<p class="errornote">')
                self.assertEqual(self.row.job.state, State.FAILED)
        self.assertFalse(Edition.objects.filter(published_at=None).exists())

    def test_it_can_be_tried_again_or_thrown_away(self):
        self.upload(b"{", "broken.geojson")
        name = self.row.file.name
        page = self.client.post(self.address, {"_look": "1"}, follow=True)
        self.assertTemplateUsed(page, "admin/mapdata/import/unread.html")
        with self.captureOnCommitCallbacks(execute=True):
            self.client.post(reverse("admin:mapdata_import_delete", args=[self.row.pk]), {"post": "yes"})
        self.assertFalse(Import.objects.exists())
        self.assertFalse(default_storage.exists(name))

    def test_a_file_that_is_too_large_is_refused_beside_its_field(self):
        with self.settings(IMPORT_MAX_MB=0):
            page = self.upload(CONTROL)
        self.assertIn("file", page.context["form"].errors)
        self.assertFalse(Import.objects.exists())

    def test_an_upload_needs_a_file_a_map_and_a_kind_of_ones_own(self):
        page = self.client.post(reverse("admin:mapdata_import_add"), {"kind": "regions"})
        self.assertEqual(set(page.context["form"].errors), {"kind", "file"})
        page = self.upload(CONTROL, map="")
        self.assertContains(page, "Say for which situation map this is.")
        preset = ImportPreset.remember("events", "GDELT", {}, self.map_editor)
        self.assertContains(self.upload(CONTROL, preset=preset.pk), "of files of another kind")
        self.assertFalse(Import.objects.exists())


class StageTests(WizardCase):
    """What lies between the steps: a worker at work, a closed tab, somebody else, time."""

    def begun(self, **fields) -> Import:
        """An import of which a worker still reads the file."""
        with self.settings(TASKS={"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}):
            self.upload(CONTROL)
        Import.objects.filter(pk=self.row.pk).update(**fields)
        return self.row

    def test_while_it_is_read_the_page_shows_how_far_it_is_and_takes_nothing(self):
        self.begun()
        Job.objects.update(state=State.RUNNING, done=20, total=80)
        page = self.client.get(self.address)
        self.assertTemplateUsed(page, "admin/mapdata/import/busy.html")
        self.assertContains(page, 'max="80" value="20"')
        self.assertContains(self.client.post(self.address, {"_make": "1"}, follow=True), "It is still at work")

    def test_cancelling_leads_back_to_the_import(self):
        upload = self.begun()
        page = self.client.post(reverse("admin:job_cancel", args=[upload.job_id]), follow=True)
        self.assertTemplateUsed(page, "admin/mapdata/import/unread.html")
        self.assertContains(page, "Cancelled before it was read.")
        page = self.client.post(self.address, {"_look": "1"}, follow=True)
        self.assertTemplateUsed(page, "admin/mapdata/import/choose.html")

    def test_cancelling_while_it_is_made_leaves_nothing_and_the_choices(self):
        page = self.look(self.upload(CONTROL), party_1="oekraine")
        with self.settings(TASKS={"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}):
            self.make(page)
        Job.objects.filter(pk=self.row.job_id).update(state=State.RUNNING)
        self.client.post(reverse("admin:job_cancel", args=[self.row.job_id]))
        Job.objects.filter(pk=self.row.job_id).update(state=State.WAITING)
        jobs.make.call(self.row.job_id)
        self.assertFalse(Edition.objects.filter(published_at=None).exists())
        self.assertEqual(self.row.job.state, State.CANCELLED)
        page = self.client.get(self.address)
        self.assertTemplateUsed(page, "admin/mapdata/import/choose.html")
        self.assertContains(page, "Make the draft edition")

    def test_throwing_away_cancels_what_is_under_way(self):
        upload = self.begun()
        self.client.post(reverse("admin:mapdata_import_delete", args=[upload.pk]), {"post": "yes"})
        self.assertEqual(Job.objects.get().state, State.CANCELLED)
        # A worker that had taken it finds nothing to do.
        Job.objects.update(state=State.WAITING)
        jobs.look.call(Job.objects.get().pk)
        self.assertEqual(Job.objects.get().state, State.FAILED)
        self.assertIn("thrown away", Job.objects.get().error)

    def test_what_is_unfinished_is_found_again(self):
        self.upload(CONTROL)
        for page in (reverse("admin:mapdata_import_add"), reverse("admin:mapdata_import_changelist")):
            self.assertContains(self.client.get(page), self.address)

    def test_it_is_only_ones_own_but_for_administrators(self):
        self.upload(CONTROL)
        others = [self.address, reverse("admin:mapdata_import_delete", args=[self.row.pk])]
        self.log_in(make_user(groups=["map editor"]))
        for address in others:
            self.assertEqual(self.client.get(address).status_code, 302)
        self.assertEqual(self.client.get(reverse("admin:mapdata_import_shapes", args=[self.row.pk])).status_code, 403)
        self.assertNotContains(self.client.get(reverse("admin:mapdata_import_changelist")), self.row.name)
        self.log_in(self.administrator)
        for address in others:
            self.assertEqual(self.client.get(address).status_code, 200)

    def test_the_upload_is_not_served_under_any_address(self):
        self.upload(CONTROL, name="secret-plan.geojson")
        self.assertNotIn("secret", self.row.file.name)
        for address in (f"/{self.row.file.name}", f"/static/{self.row.file.name}", f"/media/{self.row.file.name}"):
            self.assertEqual(self.client.get(address).status_code, 404)

    def test_what_nobody_came_back_for_is_removed(self):
        self.upload(CONTROL)
        old, name = self.row, self.row.file.name
        Import.objects.update(at=timezone.now() - timedelta(days=settings.IMPORT_KEEP_DAYS, hours=1))
        self.upload(CONTROL)
        with self.captureOnCommitCallbacks(execute=True):
            Import.objects.tend()
        self.assertFalse(Import.objects.filter(pk=old.pk).exists())
        self.assertFalse(default_storage.exists(name))
        self.assertTrue(default_storage.exists(self.row.file.name))

    def test_lists_lead_to_an_import_for_who_may(self):
        for model, kind in (("edition", "control"), ("event", "events"), ("region", "regions"), ("place", "places")):
            address = reverse(f"admin:mapdata_{model}_changelist")
            link = f"{reverse('admin:mapdata_import_add')}?kind={kind}"
            for person in (self.map_editor, self.administrator, make_user(groups=["reporter"])):
                self.log_in(person)
                may = person.has_perm(Import.PERMISSIONS[kind]) and person.has_perm("mapdata.add_import")
                self.assertEqual(link in self.client.get(address).content.decode(), may, (model, person))

    def test_a_preset_is_renamed_and_forgotten(self):
        preset = ImportPreset.remember("control", "DeepState", {}, self.map_editor)
        address = reverse("admin:mapdata_importpreset_change", args=[preset.pk])
        self.client.post(address, {"name": "DeepStateMap"})
        self.assertEqual(ImportPreset.objects.get().name, "DeepStateMap")
        self.client.post(reverse("admin:mapdata_importpreset_delete", args=[preset.pk]), {"post": "yes"})
        self.assertFalse(ImportPreset.objects.exists())
