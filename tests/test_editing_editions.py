"""The desk: an edition is begun from another one, and changed by giving ground; when published it stays as it is."""

import json
from datetime import timedelta

import shapely
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from shapely import box

from mapdata import ground
from mapdata.models import Edition
from tests.makers import (
    EAST,
    SQUARE,
    day,
    held_by,
    make_edition,
    make_map,
    make_party,
    make_region,
    make_source,
    make_user,
    publish_edition,
)

BOW_TIE = json.dumps({"type": "Polygon", "coordinates": [[[37, 47], [38, 48], [38, 47], [37, 48], [37, 47]]]})


def geojson(geometry) -> str:
    return shapely.to_geojson(geometry)


class DeskCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.map = make_map()
        cls.map_editor = make_user("wim", groups=["map editor"])
        cls.editor = make_user("eva", groups=["editor"])

    def setUp(self):
        self.client.force_login(self.map_editor)
        # The tests read the words as they stand in the source.
        self.client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"


class BeginningAnEditionTests(DeskCase):
    def begin(self, **fields):
        moment = timezone.localtime(day(6))
        posted = {
            "map": self.map.pk,
            "situation_at_0": moment.strftime("%Y-%m-%d"),
            "situation_at_1": moment.strftime("%H:%M"),
            "start_from": "newest",
            "other": "",
        }
        return self.client.post(reverse("admin:mapdata_edition_add"), posted | fields)

    def begun(self) -> Edition:
        return Edition.objects.get(published_at=None)

    def test_it_starts_from_a_copy_of_the_newest_edition_and_opens(self):
        publish_edition(self.map, day(2), [held_by(ground=EAST)])
        newest = publish_edition(self.map, day(3), [held_by(ground=SQUARE)])
        response = self.begin()
        draft = self.begun()
        self.assertRedirects(response, reverse("admin:mapdata_edition_change", args=[draft.pk]))
        self.assertEqual(draft.ground_areas(), newest.ground_areas())
        self.assertEqual(list(draft.sources.all()), list(newest.sources.all()))
        self.assertEqual(draft.situation_at, day(6))
        self.assertEqual(draft.written_by, self.map_editor)

    def test_it_starts_from_a_copy_of_another_edition(self):
        older = publish_edition(self.map, day(2), [held_by(ground=EAST)])
        publish_edition(self.map, day(3), [held_by(ground=SQUARE)])
        self.begin(start_from="other", other=older.pk)
        self.assertEqual(self.begun().ground_areas(), older.ground_areas())

    def test_it_starts_from_an_empty_map(self):
        publish_edition(self.map, day(3))
        self.begin(start_from="empty")
        self.assertEqual(self.begun().ground_areas(), ())

    def test_the_first_edition_of_a_map_is_empty(self):
        self.begin()
        self.assertEqual(self.begun().ground_areas(), ())

    def refused(self, message: str, **fields):
        response = self.begin(**fields)
        self.assertContains(response, message)
        self.assertFalse(Edition.objects.filter(published_at=None).exists())

    def test_it_cannot_show_a_moment_in_the_future(self):
        tomorrow = timezone.localtime() + timedelta(days=1)
        self.refused("lies in the future", situation_at_0=tomorrow.strftime("%Y-%m-%d"))

    def test_a_copy_of_another_edition_must_say_which_and_of_this_map(self):
        other = publish_edition(make_map(), day(2))
        self.refused("Say which edition to copy", start_from="other")
        self.refused("edition of another map", start_from="other", other=other.pk)
        self.refused("say that you start from another edition", start_from="newest", other=other.pk)

    def test_the_zone_of_the_clock_stands_beside_the_field(self):
        self.assertContains(self.client.get(reverse("admin:mapdata_edition_add")), "Dutch time")


STATUSES = ground.STATUSES


class GivingGroundTests(DeskCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.russia, cls.ukraine = make_party("rusland"), make_party("oekraine")
        cls.region = make_region("UA-14", name_nl="Donetsk", boundary=SQUARE)
        cls.draft = make_edition(cls.map, day(6), [held_by("oekraine", EAST)], written_by=cls.map_editor)
        cls.url = reverse("admin:mapdata_edition_change", args=[cls.draft.pk])

    def posted(self, **fields) -> dict:
        moment = timezone.localtime(self.draft.situation_at)
        self.draft.refresh_from_db()
        return {
            "situation_at_0": moment.strftime("%Y-%m-%d"),
            "situation_at_1": moment.strftime("%H:%M"),
            "sources": [source.pk for source in self.draft.sources.all()],
            "revision": self.draft.revision,
            "ground": "",
            "region": "",
            "pasted": "",
            "to": "",
            "status": "controlled",
            "basis": "assessed",
            "claimed_by": "",
        } | fields

    def press(self, button: str = "_give", value: str = "Give", **fields):
        return self.client.post(self.url, self.posted(**fields) | {button: value})

    def held(self) -> dict:
        """km² by party, status and basis."""
        return {
            (area.holding.party, area.holding.status, area.holding.basis): round(ground.area_km2(area.ground))
            for area in self.draft.ground_areas()
        }

    def test_a_region_is_given_to_a_party(self):
        response = self.press(region=self.region.pk, to="rusland")
        self.assertRedirects(response, self.url)
        square = round(ground.area_km2(SQUARE))
        self.assertEqual(self.held()["rusland", "controlled", "assessed"], square)

    def test_drawn_ground_leaves_whoever_had_it(self):
        whole = round(ground.area_km2(EAST))
        self.press(ground=geojson(box(38.5, 47, 40, 48)), to="rusland", status="contested")
        held = self.held()
        self.assertLess(held["oekraine", "controlled", "assessed"], whole * 0.51)
        self.assertGreater(held["rusland", "contested", "assessed"], whole)
        self.assertTrue(ground.is_partition(self.draft.ground_areas()))

    def test_pasted_ground_is_given(self):
        collection = {
            "type": "FeatureCollection",
            "features": [
                {"type": "Feature", "properties": {}, "geometry": json.loads(geojson(part))}
                for part in (box(30, 50, 31, 51), box(32, 50, 33, 51))
            ],
        }
        self.press(pasted=json.dumps(collection), to="rusland")
        self.assertIn(("rusland", "controlled", "assessed"), self.held())

    def test_a_claim_lies_above_what_is_assessed(self):
        self.press(ground=geojson(EAST), to="rusland", basis="claimed", claimed_by=self.russia.pk)
        square = round(ground.area_km2(EAST))
        self.assertEqual(
            self.held(),
            {("oekraine", "controlled", "assessed"): square, ("rusland", "controlled", "claimed"): square},
        )

    def test_ground_goes_back_to_nobody(self):
        self.press(ground=geojson(box(38, 47, 38.5, 48)), to="nobody")
        self.assertAlmostEqual(self.held()["oekraine", "controlled", "assessed"], ground.area_km2(EAST) / 2, delta=1)

    def test_all_ground_of_an_area_is_taken_back(self):
        self.press("_take", str(self.draft.areas.get().pk))
        self.assertEqual(self.held(), {})

    def test_an_area_that_is_gone_is_not_taken_back_twice(self):
        pk = str(self.draft.areas.get().pk)
        self.press(ground=geojson(box(38, 47, 38.5, 48)), to="rusland")
        response = self.client.post(self.url, self.posted() | {"_take": pk}, follow=True)
        self.assertContains(response, "not there any more")
        self.assertEqual(len(self.held()), 2)

    def test_what_changed_hands_is_said_and_kept_in_the_history(self):
        response = self.client.post(
            self.url, self.posted(ground=geojson(box(38.5, 47, 39, 48)), to="rusland", _give="Give"), follow=True
        )
        self.assertContains(
            response, "To Rusland (controlled, assessed) 4,188 km²; from Oekraine (controlled, assessed) 4,188 km²."
        )
        self.assertIn("To Rusland", LogEntry.objects.latest("id").get_change_message())

    def test_giving_ground_that_they_have_already_changes_nothing(self):
        before = self.draft.ground_areas()
        response = self.client.post(
            self.url, self.posted(ground=geojson(EAST), to="oekraine", _give="Give"), follow=True
        )
        self.assertContains(response, "That changes nothing")
        self.assertEqual(self.draft.ground_areas(), before)

    def test_the_moment_and_the_sources_are_saved_with_it(self):
        source = make_source("Reuters")
        moment = timezone.localtime(day(5))
        self.press(region=self.region.pk, to="rusland", sources=[source.pk], situation_at_0=moment.strftime("%Y-%m-%d"))
        self.draft.refresh_from_db()
        self.assertEqual(self.draft.situation_at, day(5))
        self.assertEqual(list(self.draft.sources.all()), [source])

    def test_steps_are_undone_one_after_another(self):
        begun = self.draft.ground_areas()
        self.press(region=self.region.pk, to="rusland")
        given = self.draft.ground_areas()
        self.press("_take", str(self.draft.areas.first().pk))
        page = self.client.get(self.url)
        self.assertContains(page, "(wim, ")
        for picture in (given, begun):
            response = self.client.post(self.url, self.posted(_undo="1"), follow=True)
            self.assertContains(response, "Undone: To ")
            self.assertEqual(self.draft.ground_areas(), picture)
        response = self.client.post(self.url, self.posted(_undo="1"), follow=True)
        self.assertContains(response, "There is nothing to undo")

    def test_what_was_changed_in_another_way_is_not_undone(self):
        self.press(region=self.region.pk, to="rusland")
        self.draft.set_areas([held_by("rusland", EAST)])
        response = self.client.post(self.url, self.posted(_undo="1"), follow=True)
        self.assertContains(response, "this cannot be undone")
        self.assertEqual(self.draft.ground_areas(), (held_by("rusland", EAST),))

    def test_a_draft_can_be_thrown_away(self):
        self.press(region=self.region.pk, to="rusland")
        url = reverse("admin:mapdata_edition_delete", args=[self.draft.pk])
        self.assertContains(self.client.get(url), "wim, ")
        self.client.post(url, {"post": "yes"})
        self.assertFalse(Edition.objects.exists())

    def refused(self, message: str, button: str = "_give", **fields):
        before = self.draft.ground_areas()
        response = self.press(button, **fields)
        self.assertContains(response, message)
        self.assertEqual(self.draft.ground_areas(), before)
        return response

    def test_a_shape_that_crosses_itself_comes_back_with_a_message(self):
        response = self.refused("crosses itself", ground=BOW_TIE, to="rusland")
        self.assertContains(response, BOW_TIE.replace('"', "&quot;"))
        self.assertContains(response, '<option value="rusland" selected>', html=False)

    def test_pasted_text_that_is_no_ground_comes_back_with_a_message(self):
        for text in ("here", "{}", "[]", "5", '{"type": "Point", "coordinates": [37, 47]}', '{"type": "Polygon"}'):
            with self.subTest(text):
                response = self.refused("errorlist", pasted=text, to="rusland")
                self.assertContains(response, text.replace('"', "&quot;"))

    def test_latitude_before_longitude_is_noticed(self):
        self.refused("the wrong way round", pasted=geojson(box(47, 37, 48, 38)), to="rusland")

    def test_one_way_to_say_which_ground_is_enough_and_needed(self):
        self.refused("Say which ground", to="rusland")
        self.refused("in one way only", to="rusland", region=self.region.pk, ground=geojson(EAST))

    def test_it_must_be_said_who_gets_it(self):
        self.refused("Say who gets this ground", region=self.region.pk)

    def test_a_claim_has_a_claimant_and_only_a_claim(self):
        self.refused("Say who claims this ground", region=self.region.pk, to="rusland", basis="claimed")
        self.refused("claimed by nobody", region=self.region.pk, to="rusland", claimed_by=self.russia.pk)

    def test_saving_with_ground_that_is_drawn_but_not_given_says_so(self):
        for button in ("_save", "_continue", "_submit"):
            with self.subTest(button):
                response = self.refused("not given to anybody yet", button, ground=geojson(EAST))
                self.assertContains(response, geojson(EAST).replace('"', "&quot;"))

    def test_ground_given_by_somebody_else_meanwhile_is_not_written_over(self):
        page = self.client.get(self.url)
        posted = self.posted(region=self.region.pk, to="rusland", _give="Give")
        posted["revision"] = page.context["adminform"].form["revision"].value()
        self.press(ground=geojson(box(38.5, 47, 39, 48)), to="rusland")
        before = self.draft.ground_areas()
        response = self.client.post(self.url, posted)
        self.assertContains(response, "Somebody saved this after you opened it")
        self.assertEqual(self.draft.ground_areas(), before)

    def test_a_draft_is_submitted_and_published_by_another_person(self):
        self.press(region=self.region.pk, to="rusland")
        self.press("_submit", "Submit")
        self.client.force_login(self.editor)
        url = reverse("admin:mapdata_edition_publish", args=[self.draft.pk])
        seen = self.client.get(url).context["form"].initial
        response = self.client.post(url, {"note": "", "note_en": "", "release_at": ""} | seen, follow=True)
        self.assertContains(response, "edition 1")
        self.draft.refresh_from_db()
        self.assertEqual(self.draft.number, 1)
        self.assertEqual(self.draft.published_by, self.editor)
        self.assertTrue(ground.is_partition(self.draft.ground_areas()))
        self.assertFalse(self.draft.steps.exists())

    def test_the_picture_is_sent_to_the_map(self):
        url = reverse("admin:mapdata_edition_areas", args=[self.draft.pk])
        (feature,) = self.client.get(url).json()["features"]
        self.assertEqual(feature["properties"]["kind"], "solid")
        self.assertEqual(shapely.from_geojson(json.dumps(feature["geometry"])), EAST)

    def test_the_ground_beneath_comes_from_this_site_and_is_sent_once(self):
        url = reverse("admin:mapdata_edition_base")
        response = self.client.get(url, headers={"accept-encoding": "gzip"})
        self.assertEqual(response.headers["Content-Encoding"], "gzip")
        layers = self.client.get(url).json()
        self.assertEqual([region["properties"]["name"] for region in layers["regions"]], ["Donetsk"])
        self.assertTrue(layers["countries"] and layers["rivers"] and layers["cities"])
        again = self.client.get(url, headers={"if-none-match": response.headers["ETag"]})
        self.assertEqual(again.status_code, 304)

    def test_the_desk_alone_gets_them(self):
        self.client.logout()
        for url in (
            self.url,
            reverse("admin:mapdata_edition_base"),
            reverse("admin:mapdata_edition_areas", args=[self.draft.pk]),
        ):
            self.assertRedirects(
                self.client.get(url), f"{reverse('admin:login')}?next={url}", fetch_redirect_response=False
            )

    def test_queries_do_not_grow_with_areas(self):
        def count() -> int:
            with CaptureQueriesContext(connection) as queries:
                self.client.get(self.url)
            return len(queries)

        few = count()
        self.draft.set_areas([held_by(ground=box(30 + n, 50, 31 + n, 51), status=s) for n, s in enumerate(STATUSES)])
        self.assertLessEqual(count(), few)


class PublishedEditionTests(DeskCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        make_region("UA-14", boundary=SQUARE)
        cls.edition = publish_edition(cls.map, day(6), [held_by("oekraine", EAST)], written_by=cls.map_editor)
        cls.url = reverse("admin:mapdata_edition_change", args=[cls.edition.pk])

    def test_it_can_be_looked_at_and_has_no_buttons_to_change_it(self):
        for person in (self.map_editor, self.editor):
            self.client.force_login(person)
            response = self.client.get(self.url)
            self.assertContains(response, 'id="edition-map"')
            self.assertContains(response, "controlled")
            for name in ("_give", "_take", "_save", "situation_at_0"):
                self.assertNotContains(response, f'name="{name}"')

    def test_everything_that_would_change_it_is_refused(self):
        self.client.force_login(self.editor)
        before = self.edition.ground_areas()
        for button in ("_give", "_take", "_save", "_publish"):
            response = self.client.post(
                self.url, {button: "1", "to": "oekraine", "pasted": geojson(SQUARE), "situation_at_0": "2022-04-01"}
            )
            self.assertEqual(response.status_code, 403)
        self.edition.refresh_from_db()
        self.assertEqual(self.edition.ground_areas(), before)
        self.assertEqual(self.edition.situation_at, day(6))
