"""Loading the demo gives a newsroom with a past, and loading it again changes nothing."""

from datetime import date, datetime, time
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.core.management import call_command
from django.test import TestCase

from articles.demo import content
from articles.models import Quote, Story, StoryVersion
from mapdata.models import Difference, Drawing, Edition, EventVersion, Region, SituationMap
from newsroom.accounts import DEMO_PASSWORD
from newsroom.publishing import Kind, PublicChange
from tests.weight import weight

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def moment(day: int, hour: int = 12, minute: int = 0) -> datetime:
    """A moment in April 2022 in Amsterdam."""
    return datetime(2022, 4, day, hour, minute, tzinfo=AMSTERDAM)


def everything() -> dict[str, list]:
    """All rows of the newsroom's own tables."""
    models = [model for app in ("newsroom", "mapdata", "articles") for model in apps.get_app_config(app).get_models()]
    return {model._meta.label: list(model.objects.order_by("pk").values()) for model in models}


def load() -> str:
    said = StringIO()
    call_command("load_demo", stdout=said)
    return said.getvalue()


@pytest.mark.slow
class DemoTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.said = load()
        cls.map = SituationMap.objects.get(slug="situatie-oekraine")

    def test_every_record_would_pass_the_desks_own_checks(self):
        unchecked = {Drawing, Difference, PublicChange}
        for app in ("newsroom", "mapdata", "articles"):
            for model in set(apps.get_app_config(app).get_models()) - unchecked:
                for record in model.objects.all():
                    with self.subTest(record=f"{model._meta.label} {record}"):
                        record.full_clean()

    def test_it_prints_each_person_with_the_password(self):
        for user in content.read("desk")["user"]:
            self.assertRegex(self.said, rf"{user['username']} +{user['group']} +password {DEMO_PASSWORD}")

    def test_its_story_leaves_room_under_what_a_page_may_weigh(self):
        """25 kB without script, 60 kB with it, before any picture: with room for a story that is longer."""
        for asked, reserve in (("", 1000), ("?at=2022-03-20", 0), ("?as_of=2022-04-05", 0)):
            plain, scripted = weight(self.client, f"/stories/na-kyiv-de-donbas/{asked}")
            self.assertLess(plain, 25_000 - 5 * reserve, asked)
            self.assertLess(scripted, 60_000 - reserve, asked)

    def test_loading_twice_changes_nothing(self):
        before = everything()
        self.assertIn("nothing was changed", load())
        self.assertEqual(everything(), before)

    def test_a_newsroom_that_has_regions_of_its_own_keeps_them(self):
        Region.objects.filter(code="UA-14").update(name={"nl": "Oblast Donetsk"})
        load()
        self.assertEqual(Region.objects.get(code="UA-14").name["nl"], "Oblast Donetsk")

    def test_everyone_can_log_in_and_has_one_role(self):
        for user in content.read("desk")["user"]:
            self.assertTrue(self.client.login(username=user["username"], password=DEMO_PASSWORD))
            groups = self.client.get("/admin/").wsgi_request.user.groups.values_list("name", flat=True)
            self.assertEqual(list(groups), [user["group"]])

    def test_nobody_can_log_in_in_production(self):
        with self.settings(PRODUCTION=True):
            self.assertFalse(self.client.login(username="eindredacteur", password=DEMO_PASSWORD))

    def test_all_of_it_was_published_before_the_demo_opens(self):
        for model in (StoryVersion, Edition, EventVersion):
            self.assertFalse(model.objects.filter(published_at=None).exists())
            self.assertFalse(model.objects.filter(published_at__gte=moment(7, 0)).exists())

    def test_every_chain_is_whole(self):
        for model in (StoryVersion, Edition, EventVersion):
            previous = {}
            for version in model.objects.order_by("number"):
                subject = getattr(version, f"{model.subject_field}_id")
                self.assertEqual(version.previous_digest, previous.get(subject, ""))
                self.assertEqual(version.digest, version.computed_digest())
                previous[subject] = version.digest

    def test_two_people_stand_behind_every_version(self):
        for model in (StoryVersion, Edition, EventVersion):
            for version in model.objects.all():
                self.assertNotEqual(version.written_by, version.published_by)

    def test_no_draft_has_changes_that_are_not_published(self):
        self.assertEqual([story.slug for story in Story.objects.all() if story.has_changes], [])

    def test_each_day_shows_its_own_picture(self):
        for drawn in content.editions():
            if drawn.key.endswith("correctie"):
                continue
            at = datetime.combine(date.fromisoformat(drawn.key), time(23, 59), self.map.zone)
            shown = self.map.editions.showing(at=at)
            self.assertEqual(shown.situation_at, drawn.record["situation_at"])

    def test_the_correction_of_an_edition_shows_only_from_when_it_was_made(self):
        at = moment(3, 22)
        first = self.map.editions.showing(at=at, as_of=moment(4, 9))
        corrected = self.map.editions.showing(at=at, as_of=moment(4, 11))
        self.assertEqual(corrected.content["corrects"], first.number)
        self.assertEqual(corrected.kind, Kind.CORRECTION)

    def test_the_story_of_wednesday_morning_still_has_the_mistake_that_was_corrected(self):
        story = Story.objects.get(slug="na-kyiv-de-donbas")
        newest = StoryVersion.objects.filter(story=story)
        morning, now = newest.newest(moment(6, 10)).get(), newest.newest().get()
        self.assertIn("burgemeester van Luhansk", morning.content["standfirst"])
        self.assertIn("gouverneur van Luhansk", now.content["standfirst"])
        self.assertEqual(newest.newest(moment(6, 13, 30)).get().kind, Kind.CORRECTION)

    def test_the_main_story_is_translated(self):
        version = StoryVersion.objects.at_address("na-kyiv-de-donbas")
        others = StoryVersion.objects.of_other_languages(version)
        self.assertEqual([other.slug for other in others], ["after-kyiv-the-donbas"])

    def test_every_quote_is_attributed(self):
        quotes = Quote.objects.all()
        self.assertGreaterEqual(quotes.filter(speaker__slug="serhiy-gaidai").count(), 2)
        self.assertEqual([quote.missing() for quote in quotes], [[] for _quote in quotes])

    def test_text_comes_out_of_the_sanitizer_as_it_went_in(self):
        for story in content.stories():
            version = StoryVersion.objects.at_address(story["slug"])
            shown = [block["html"] for block in version.content["blocks"] if block["type"] == "text"]
            written = [story["block"][name].get("html") for name in story["version"][-1]["body"]]
            self.assertEqual(
                [html.replace("\n", "") for html in shown],
                [html.strip().replace("\n", "") for html in written if html],
            )

    def test_an_event_that_grew_has_two_versions(self):
        versions = EventVersion.objects.filter(event__title__icontains="theater").order_by("number")
        self.assertEqual([version.content["casualties"]["best"] for version in versions], [None, 300])
