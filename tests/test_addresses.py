"""Addresses that changed, that lost what they led to, or that nobody would write: each has one clear answer."""

from datetime import datetime, timedelta
from unittest import mock
from zoneinfo import ZoneInfo

from django.test import Client, SimpleTestCase, TestCase

from newsroom import moments
from tests.makers import (
    EAST,
    SQUARE,
    day,
    editor,
    held_by,
    make_map,
    make_story,
    make_user,
    publish_edition,
    publish_story,
)
from tests.markup import attribute, every, one, page
from tests.small_site import make_site


class ChangedAddressTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.story = make_story("oud")
        publish_story(cls.story, published_before=day(5))
        cls.story.slug = "nieuw"
        cls.story.save()
        publish_story(cls.story, published_before=day(8))

    def test_every_page_of_the_story_leads_to_its_new_address_for_good(self):
        for rest in ("", "versions/", "versions/1/"):
            response = self.client.get(f"/stories/oud/{rest}?lang=en&x=1")
            self.assertRedirects(response, f"/stories/nieuw/{rest}?lang=en", 301)

    def test_a_moment_before_the_change_leads_to_the_address_it_had_then_but_not_for_good(self):
        for rest in ("", "versions/", "versions/1/"):
            response = self.client.get(f"/stories/nieuw/{rest}?as_of=2022-04-06")
            self.assertRedirects(response, f"/stories/oud/{rest}?as_of=2022-04-06", 302)

    def test_no_cache_keeps_a_redirect_unasked(self):
        self.assertEqual(self.client.get("/stories/oud/").headers["Cache-Control"], "no-cache")

    def test_before_it_was_published_there_is_none(self):
        for slug in ("oud", "nieuw"):
            self.assertEqual(self.client.get(f"/stories/{slug}/?as_of=2022-04-04").status_code, 404)

    def test_an_address_that_is_scheduled_is_not_told(self):
        self.story.slug = "geheim"
        self.story.save()
        publish_story(self.story, release_at=datetime(2999, 1, 1, tzinfo=ZoneInfo("UTC")))
        for address in ("/stories/geheim/", "/stories/geheim/?as_of=2022-04-06", "/stories/geheim/versions/3/"):
            self.assertEqual(self.client.get(address).status_code, 404)


class WithdrawnTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.site = make_site()
        for version in cls.site.story.versions.all():
            version.withdraw(editor(), "Op last van de rechter.")
        for edition in cls.site.editions:
            edition.withdraw(editor(), "Te gevaarlijk.")

    def test_every_address_of_what_is_withdrawn_has_the_stub_and_not_a_word_more(self):
        map_ = f"/maps/{self.site.map.slug}/"
        addresses = ["/stories/na-kyiv/", "/stories/na-kyiv/versions/", "/stories/na-kyiv/versions/2/"]
        addresses += [map_, f"{map_}changes/", f"{map_}editions/2/", f"{map_}editions/2/card.png"]
        for address in addresses:
            with self.subTest(address):
                response = self.client.get(address)
                self.assertEqual(response.status_code, 410)
                self.assertNotContains(response, "Na Kyiv", status_code=410)
                self.assertNotContains(response, "Wij noemden hem burgemeester", status_code=410)

    def test_a_number_that_never_was_is_not_found(self):
        self.assertEqual(self.client.get("/stories/na-kyiv/versions/9/").status_code, 404)


class OddAddressTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.map = publish_edition(make_map("kaart"), day(1), published_before=day(2)).map

    def test_a_number_too_large_for_any_database_is_not_found(self):
        huge = "9" * 20
        for address in (f"/events/{huge}/", f"/maps/kaart/editions/{huge}/", f"/maps/kaart/editions/{huge}/card.png"):
            self.assertEqual(self.client.get(address).status_code, 404)

    def test_a_host_that_is_not_ours_is_refused_without_talk_of_moments(self):
        response = Client(raise_request_exception=False).get("/", headers={"host": "evil.example"})
        self.assertEqual(response.status_code, 400)
        self.assertNotContains(response, "tijdstip", status_code=400)

    def test_kept_pages_have_the_same_headers_of_safety(self):
        for _ in range(2):
            response = self.client.get("/maps/kaart/")
            self.assertEqual(response.headers["X-Frame-Options"], "DENY")
            self.assertEqual(response.headers["X-Content-Type-Options"], "nosniff")
            self.assertNotIn("unsafe", response.headers["Content-Security-Policy"])

    def test_who_logs_in_goes_to_the_desk_and_not_to_another_site(self):
        make_user("redacteur", groups=["editor"])
        for elsewhere in ("https://evil.example/", "//evil.example/"):
            form = {"username": "redacteur", "password": "geheim", "next": elsewhere}
            self.assertRedirects(self.client.post("/admin/login/", form), "/admin/")


class LongLogTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.map = make_map("kaart")
        for number in range(7):
            at = day(1) + timedelta(days=number)
            publish_edition(cls.map, at, [held_by(ground=[EAST, SQUARE][number % 2])], published_before=at)

    def numbers(self, address: str):
        root = page(self.client.get(address))
        ways = {attribute(link, "rel"): attribute(link, "href") for link in every(one(root, "main"), "a", rel=True)}
        entries = every(one(root, "ol", class_="log"), "li", id=True)
        return [int(attribute(entry, "id").removeprefix("edition-")) for entry in entries], ways

    def test_the_log_is_read_part_by_part_and_nothing_is_left_out(self):
        with mock.patch("mapdata.reading.changelog.MOST", 3):
            newest, ways = self.numbers("/maps/kaart/changes/")
            self.assertEqual((newest, set(ways)), ([7, 6, 5], {"prev"}))
            middle, ways = self.numbers(ways["prev"])
            self.assertEqual((middle, set(ways)), ([4, 3, 2], {"prev", "next"}))
            oldest, back = self.numbers(ways["prev"])
            self.assertEqual((oldest, set(back)), ([1], {"next"}))
            self.assertEqual(self.numbers(ways["next"])[0], newest)

    def test_the_last_on_a_page_is_compared_with_the_one_before_it_too(self):
        with mock.patch("mapdata.reading.changelog.MOST", 3):
            root = page(self.client.get("/maps/kaart/changes/"))
            self.assertTrue(one(one(root, id="edition-5"), class_="balance"))

    def test_before_the_first_edition_it_says_that_there_is_none(self):
        self.assertEqual(self.client.get("/maps/kaart/changes/?at=2022-03-01").status_code, 404)


class TextOfMomentTests(SimpleTestCase):
    def test_it_reads_back_as_the_same_moment_also_in_the_hour_that_comes_twice(self):
        zone = ZoneInfo("Europe/Kyiv")
        for text in (
            "2022-04-06T23:59:59.999999+03:00",
            "2022-10-30T03:30:00+03:00",
            "2022-10-30T03:30:00+02:00",
            "2022-12-31T23:59:59.999999+02:00",
            "2022-04-06T18:05:00+03:00",
        ):
            moment = datetime.fromisoformat(text)
            self.assertEqual(moments.parse(moments.text_of(moment, zone), zone), moment)

    def test_the_end_of_a_day_is_that_day(self):
        zone = ZoneInfo("Europe/Kyiv")
        moment = datetime.fromisoformat("2022-04-06T23:59:59.999999+03:00")
        self.assertEqual(moments.text_of(moment, zone), "2022-04-06")


class ExpiredFormTests(TestCase):
    def test_a_form_without_its_token_is_answered_in_words_and_without_styles_of_its_own(self):
        response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "x"})
        self.assertEqual(response.status_code, 403)
        self.assertContains(response, "Dit formulier is verlopen", status_code=403)
        self.assertNotContains(response, "<style", status_code=403)
