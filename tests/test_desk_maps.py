"""The desk's pages for maps, parties, regions and events: all open, and mistakes are told beside the field."""

import re

import pytest
from django.conf import settings
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mapdata.models import Event, Party, Region, SituationMap
from tests.makers import (
    day,
    make_edition,
    make_event,
    make_image,
    make_map,
    make_party,
    make_region,
    make_source,
    make_user,
    make_view,
    publish_edition,
    publish_event,
)

MODELS = ("situationmap", "party", "region", "edition", "event")


def errors(response, field: str) -> list[str]:
    """What the page says beside a field."""
    found = re.search(rf'id="id_{field}_error">(.*?)</ul>', response.content.decode(), re.DOTALL)
    return re.findall(r"<li>(.*?)</li>", found[1]) if found else []


class DeskCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.administrator = make_user("ada", groups=["administrator"])
        cls.map_editor = make_user("wim", groups=["map editor"])
        cls.reporter = make_user("vera", groups=["reporter"])
        cls.map = make_map("situatie")

    def setUp(self):
        self.log_in(self.administrator)

    def log_in(self, person):
        self.client.force_login(person)
        # The tests read the words as they stand in the source.
        self.client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    def page(self, model: str, view: str, *args) -> str:
        return reverse(f"admin:mapdata_{model}_{view}", args=args)


@pytest.mark.slow
class EveryPageTests(DeskCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        make_view(cls.map)
        cls.rows = {
            "situationmap": [cls.map],
            "party": [make_party()],
            "region": [make_region()],
            "edition": [make_edition(cls.map), publish_edition(cls.map)],
            "event": [make_event(cls.map), publish_event(make_event(cls.map)).event],
        }

    def test_lists_searches_forms_and_histories_open_for_everybody_who_may_see_them(self):
        for person in (self.administrator, self.map_editor, self.reporter):
            self.log_in(person)
            for model in MODELS:
                addresses = [self.page(model, "changelist"), self.page(model, "changelist") + "?q=oekra"]
                for row in self.rows[model]:
                    addresses += [self.page(model, view, row.pk) for view in ("change", "history")]
                for address in addresses:
                    with self.subTest(person=person.username, address=address):
                        self.assertEqual(self.client.get(address).status_code, 200)

    def test_forms_to_add_open_for_whoever_may_add(self):
        may_add = {
            self.administrator: {"situationmap", "party", "edition", "event"},
            self.map_editor: {"edition", "event"},
            self.reporter: set(),
        }
        for person, allowed in may_add.items():
            self.log_in(person)
            for model in MODELS:
                with self.subTest(person=person.username, model=model):
                    status = self.client.get(self.page(model, "add")).status_code
                    self.assertEqual(status, 200 if model in allowed else 403)

    def test_lists_ask_no_more_of_the_database_with_more_rows(self):
        def queries() -> dict[str, int]:
            counts = {}
            for model in MODELS:
                with CaptureQueriesContext(connection) as captured:
                    self.client.get(self.page(model, "changelist"))
                counts[model] = len(captured)
            return counts

        queries()
        few = queries()
        for _ in range(4):
            other = make_map()
            make_edition(other)
            make_event(other)
            make_party(other.slug)
            make_region(parent=make_region())
        self.assertEqual(queries(), few)

    def test_every_inline_script_has_the_nonce_of_the_policy(self):
        for address in (
            self.page("edition", "change", self.rows["edition"][0].pk),
            self.page("edition", "change", self.rows["edition"][1].pk),
            self.page("event", "change", self.rows["event"][0].pk),
        ):
            response = self.client.get(address)
            nonce = re.search(r"'nonce-([^']+)'", response.headers["Content-Security-Policy"])[1]
            page = response.content.decode()
            inline = re.findall(r"<script(?![^>]*(?:src=|application/json))[^>]*>", page)
            self.assertTrue(inline)
            self.assertEqual([tag for tag in inline if f'nonce="{nonce}"' not in tag], [])
            self.assertNotRegex(page, r"<[a-z][^>]* style=")


class MapTests(DeskCase):
    def test_a_map_that_encloses_nothing_is_refused_beside_the_field(self):
        bounds = {"west": 30, "east": 20, "south": 44, "north": 52}
        response = self.client.post(self.page("situationmap", "change", self.map.pk), bounds)
        self.assertEqual(errors(response, "east"), ["West must lie west of east, and south below north."])

    def test_a_map_is_made_with_a_view(self):
        self.client.post(
            self.page("situationmap", "add"),
            {
                "title_nl": "Situatie elders", "slug": "elders", "time_zone": "Europe/Kyiv",
                "west": 20, "east": 30, "south": 44, "north": 52,
                "views-TOTAL_FORMS": 1, "views-INITIAL_FORMS": 0,
                "views-0-name_nl": "Het oosten", "views-0-slug": "oosten",
                "views-0-west": 25, "views-0-east": 30, "views-0-south": 44, "views-0-north": 52,
            },
        )  # fmt: skip
        made = SituationMap.objects.get(slug="elders")
        self.assertEqual(made.views.get().bounds, (25, 44, 30, 52))


class RegionTests(DeskCase):
    def test_its_names_change_but_neither_its_code_nor_its_boundary(self):
        region = make_region("UA-14")
        before = region.boundary
        response = self.client.get(self.page("region", "change", region.pk))
        self.assertContains(response, '<path d="m')
        self.client.post(
            self.page("region", "change", region.pk),
            {"name_nl": "Donetsk (oblast)", "level": 1, "code": "XX", "boundary": ""},
        )
        region = Region.objects.get(pk=region.pk)
        self.assertEqual((region.name["nl"], region.code, region.boundary), ("Donetsk (oblast)", "UA-14", before))


class PartyTests(DeskCase):
    def test_the_list_shows_how_it_is_drawn(self):
        Party.objects.create(slug="gestippeld", name={"nl": "Gestippeld"}, colour="green", pattern="dots")
        response = self.client.get(self.page("party", "changelist"))
        self.assertContains(response, 'class="m-area m-dots c-green" fill="url(#party-')


class EventTests(DeskCase):
    def setUp(self):
        self.log_in(self.map_editor)

    def post(self, event: Event | None = None, **fields):
        posted = {
            "map": self.map.pk,
            "title_nl": "Beschieting van een station",
            "place_nl": "Kramatorsk",
            "type": "explosion",
            "happened_at_0": "2022-04-08",
            "happened_at_1": "09:30",
            "time_precision": "exact",
            "lon": "37.55123",
            "lat": "48.72987",
            "location_precision": "locality",
            "verification": "verified",
            "_continue": "1",
        }
        url = self.page("event", "change", event.pk) if event else self.page("event", "add")
        return self.client.post(url, posted | fields, follow=True)

    def test_it_is_kept_exactly_and_the_page_says_what_readers_see_of_the_place(self):
        response = self.post(sources=[make_source().pk], image=make_image().pk)
        event = Event.objects.get()
        self.assertEqual((event.lon, event.lat), (37.55123, 48.72987))
        self.assertEqual(event.written_by, self.map_editor)
        self.assertEqual(event.sources.count(), 1)
        self.assertContains(response, "longitude 37.55, latitude 48.73")

    def test_the_clock_is_the_newsrooms_and_the_page_says_what_it_is_on_the_map(self):
        response = self.post()
        self.assertEqual(Event.objects.get().happened_at, day(8, 7).replace(minute=30))
        self.assertContains(response, "By the newsroom's clock: Dutch time.")
        self.assertContains(response, "10:30 (Kyiv time)")

    def mistake(self, field: str, message: str, **fields) -> None:
        response = self.post(**fields)
        self.assertEqual(errors(response, field), [message])
        self.assertContains(response, "Beschieting van een station")
        self.assertFalse(Event.objects.exists())

    def test_casualties_that_nobody_stands_for_are_refused_beside_the_field(self):
        self.mistake("casualties_according_to", "Say who gives the number of casualties.", casualties_best=52)

    def test_casualties_out_of_order_are_refused_beside_the_field(self):
        self.mistake(
            "casualties_low",
            "The lowest number of casualties is above the highest.",
            casualties_low=9,
            casualties_high=3,
            casualties_according_to="de gouverneur",
        )

    def test_a_place_off_the_globe_is_refused_beside_the_field(self):
        self.mistake("lat", "Ensure this value is less than or equal to 85.", lat="91")
        self.mistake("lon", "This field is required.", lon="")

    def test_an_unseen_change_is_not_written_over(self):
        event = make_event(self.map)
        url = self.page("event", "change", event.pk)
        opened = self.client.get(url).context["adminform"].form["revision"].value()
        self.post(event, revision=opened, title_nl="De eerste")
        response = self.post(event, revision=opened, title_nl="De tweede")
        self.assertContains(response, "Somebody saved this after you opened it")
        event.refresh_from_db()
        self.assertEqual(event.title["nl"], "De eerste")

    def test_sources_and_pictures_are_found_by_typing(self):
        source = make_source("Reuters", title="Station hit")
        picture = make_image(alt="Het station")
        for field, words, found in (("sources", "reut", source), ("image", "station", picture)):
            query = {"app_label": "mapdata", "model_name": "event", "field_name": field, "term": words}
            results = self.client.get(reverse("admin:autocomplete"), query).json()["results"]
            self.assertEqual([result["id"] for result in results], [str(found.pk)])
