"""The desk: an edition is begun from another one; when published it stays as it is."""

import json
from datetime import timedelta

import shapely
from django.conf import settings
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from shapely import box

from mapdata.ground.areas import STATUSES, is_partition
from mapdata.models import Edition, drafting
from tests.makers import (
    EAST,
    SQUARE,
    day,
    held_by,
    make_edition,
    make_map,
    make_region,
    make_source,
    make_user,
    publish_edition,
)


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
        self.assertRedirects(response, reverse("admin:mapdata_edition_draw", args=[draft.pk]))
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


class DraftTests(DeskCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
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
        } | fields

    def test_its_page_leads_to_where_the_ground_is_edited_and_says_what_was_done_last(self):
        draw = reverse("admin:mapdata_edition_draw", args=[self.draft.pk])
        self.assertContains(self.client.get(self.url), f'href="{draw}"')
        drafting.give(self.draft, SQUARE, held_by("rusland").holding, self.map_editor)
        self.assertContains(self.client.get(self.url), "To Rusland (controlled, assessed)")

    def test_the_moment_and_the_sources_are_saved(self):
        source = make_source("Reuters")
        self.client.post(self.url, self.posted(sources=[source.pk], situation_at_0="2022-04-05", _save="Save"))
        self.draft.refresh_from_db()
        self.assertEqual(self.draft.situation_at, day(5))
        self.assertEqual(list(self.draft.sources.all()), [source])

    def test_a_draft_can_be_thrown_away(self):
        drafting.give(self.draft, SQUARE, held_by("rusland").holding, self.map_editor)
        url = reverse("admin:mapdata_edition_delete", args=[self.draft.pk])
        self.assertContains(self.client.get(url), "wim, ")
        self.client.post(url, {"post": "yes"})
        self.assertFalse(Edition.objects.exists())

    def test_a_draft_is_submitted_and_published_by_another_person(self):
        drafting.give(self.draft, SQUARE, held_by("rusland").holding, self.map_editor)
        self.client.post(self.url, self.posted(_submit="Submit"))
        self.client.force_login(self.editor)
        url = reverse("admin:mapdata_edition_publish", args=[self.draft.pk])
        seen = self.client.get(url).context["form"].initial
        response = self.client.post(url, {"note": "", "note_en": "", "release_at": ""} | seen, follow=True)
        self.assertContains(response, "edition 1")
        self.draft.refresh_from_db()
        self.assertEqual(self.draft.number, 1)
        self.assertEqual(self.draft.published_by, self.editor)
        self.assertTrue(is_partition(self.draft.ground_areas()))

    def test_the_picture_is_sent_to_the_map(self):
        url = reverse("admin:mapdata_edition_areas", args=[self.draft.pk])
        (feature,) = self.client.get(url).json()["features"]
        self.assertEqual(feature["properties"]["kind"], "solid")
        self.assertEqual(feature["properties"]["key"], "oekraine/controlled/assessed/")
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
            for name in ("_do", "_save", "situation_at_0"):
                self.assertNotContains(response, f'name="{name}"')

    def test_everything_that_would_change_it_is_refused(self):
        self.client.force_login(self.editor)
        before = self.edition.ground_areas()
        for button in ("_save", "_publish"):
            response = self.client.post(self.url, {button: "1", "situation_at_0": "2022-04-01"})
            self.assertEqual(response.status_code, 403)
        self.edition.refresh_from_db()
        self.assertEqual(self.edition.ground_areas(), before)
        self.assertEqual(self.edition.situation_at, day(6))
