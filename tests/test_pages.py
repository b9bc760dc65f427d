"""Readers' pages: every address opens, and says what the contract (docs/addresses.md) says it does."""

import re
from datetime import timedelta
from urllib.parse import quote_plus
from xml.etree import ElementTree

import pytest
from django.test import TestCase
from django.utils import timezone

from newsroom.downloads.download import everything, make_missing
from newsroom.publishing import Kind
from tests.makers import (
    add_block,
    day,
    editor,
    make_event,
    make_map,
    make_story,
    make_user,
    publish_edition,
    publish_event,
    publish_story,
)
from tests.markup import attribute, every, one, page, text
from tests.small_site import make_site

ATOM = "{http://www.w3.org/2005/Atom}"


class SiteTestCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.site = make_site()

    def page(self, address: str, status: int = 200):
        response = self.client.get(address)
        self.assertEqual(response.status_code, status, address)
        return page(response)


@pytest.mark.slow
class EveryPageTests(SiteTestCase):
    def every_page(self):
        """Address, language and tree of each."""
        asked = [(address, language) for address in self.site.addresses for language in ("nl", "en")]
        return [(address, language, self.page(f"{address}?lang={language}")) for address, language in asked]

    def test_each_address_opens_in_both_languages(self):
        for address, language, root in self.every_page():
            if not address.startswith("/stories/"):
                self.assertEqual(attribute(root, "lang"), language)

    def test_head_answers_as_get_does_without_the_page(self):
        for address in [*self.site.addresses, "/feed/"]:
            with self.subTest(address):
                got, asked = self.client.get(address), self.client.head(address)
                self.assertEqual(asked.content, b"")
                for name in ("Content-Length", "Content-Type", "ETag", "Cache-Control", "Content-Security-Policy"):
                    self.assertEqual(asked.headers[name], got.headers[name])

    def test_what_is_not_read_is_refused(self):
        for address in self.site.addresses:
            self.assertEqual(self.client.post(address).status_code, 405)

    def test_there_is_one_first_heading_and_no_level_is_skipped(self):
        for _address, _language, root in self.every_page():
            levels = [int(found.name[1]) for found in every(root) if re.fullmatch("h[1-6]", found.name)]
            self.assertEqual(levels.count(1), 1)
            self.assertEqual(levels[0], 1)
            self.assertTrue(all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False)), levels)

    def test_landmarks_of_a_kind_have_names_of_their_own(self):
        for _address, _language, root in self.every_page():
            for kind in ("nav", "aside"):
                names = [
                    attribute(found, "aria-label") or attribute(found, "aria-labelledby") for found in every(root, kind)
                ]
                self.assertNotIn(None, names)
                self.assertEqual(len(names), len(set(names)))

    def test_nothing_is_styled_or_scripted_in_the_page_itself(self):
        for _address, _language, root in self.every_page():
            self.assertEqual([*every(root, "style"), *every(root, style=True)], [])
            self.assertTrue(all(attribute(script, "src") for script in every(root, "script")))
            self.assertEqual(
                [found for found in every(root) for name, _ in found.attributes if name.startswith("on")], []
            )

    def test_ids_are_given_once_and_what_refers_to_them_finds_them(self):
        for _address, _language, root in self.every_page():
            ids = [attribute(found, "id") for found in every(root, id=True)]
            self.assertEqual(len(ids), len(set(ids)))
            for link in every(root, "a", href=True):
                if attribute(link, "href").startswith("#"):
                    self.assertIn(attribute(link, "href")[1:], ids)
            labels = {
                name
                for found in every(root, aria_labelledby=True)
                for name in attribute(found, "aria-labelledby").split()
            }
            self.assertLessEqual(labels, set(ids))

    def test_every_internal_link_opens(self):
        make_missing(everything())
        followed = set()
        for _address, _language, root in self.every_page():
            followed |= {attribute(link, "href").partition("#")[0] for link in every(root, "a", href=True)}
        for address in sorted(followed):
            if address.startswith("/"):
                self.assertEqual(self.client.get(address).status_code, 200, address)

    def test_the_feed_is_announced_in_the_head(self):
        for _address, _language, root in self.every_page():
            self.assertTrue(attribute(one(root, "link", type_="application/atom+xml"), "href").startswith("/feed/"))


class StoryTests(SiteTestCase):
    def test_it_opens_with_headline_standfirst_byline_and_days(self):
        root = self.page("/stories/na-kyiv/")
        self.assertEqual(text(one(root, "h1")), "Na Kyiv de Donbas")
        self.assertEqual(text(one(root, class_="standfirst")), "Wat er nu gebeurt.")
        by = text(one(root, class_="by"))
        self.assertIn("Anna de Vries", by)
        self.assertIn("5 april 2022", by)
        self.assertIn("6 april 2022", by)

    def test_a_quote_shows_speaker_role_day_channel_and_source(self):
        figure = one(self.page("/stories/na-kyiv/"), "figure", class_="quote")
        self.assertIn("Dit wordt een cruciale fase.", text(one(figure, "blockquote")))
        caption = one(figure, "figcaption")
        self.assertEqual(
            attribute(one(caption, "a", href="/people/jens-stoltenberg/"), "href"), "/people/jens-stoltenberg/"
        )
        self.assertEqual(attribute(one(caption, "time"), "datetime"), "2022-04-05")
        for words in ("secretaris-generaal van de NAVO", "dinsdag 5 april 2022", "Brussel"):
            self.assertIn(words, text(caption))
        self.assertTrue(text(one(caption, class_="channel")))
        self.assertEqual(text(one(caption, "a", href="https://www.nato.int/x")), "NAVO: Persconferentie")
        self.assertEqual(text(one(caption, "p", lang="en")), "A crucial phase.")

    def test_a_map_is_drawn_with_its_ground_and_its_events(self):
        root = self.page("/stories/na-kyiv/")
        drawing = one(root, "svg", data_map=True)
        ground = {
            (attribute(area, "data-party"), attribute(area, "data-status"), attribute(area, "data-basis"))
            for area in every(drawing, "path", data_party=True)
        }
        self.assertEqual(
            ground,
            {
                ("rusland", "controlled", "assessed"),
                ("oekraine", "liberated", "assessed"),
                ("rusland", "contested", "claimed"),
            },
        )
        dots = {attribute(dot, "data-event"): attribute(dot, "href") for dot in every(drawing, "a", data_event=True)}
        self.assertEqual(dots, {str(event.pk): f"/events/{event.pk}/" for event in self.site.events})

    def test_the_map_says_when_it_is_of_what_it_shows_and_where_it_comes_from(self):
        section = one(self.page("/stories/na-kyiv/"), data_situation=True)
        self.assertIn("6 april 2022, 15.00 uur", text(one(section, class_="stamp")))
        self.assertTrue(one(section, class_="map-legend"))
        self.assertIn("Rood is bezet.", text(one(section, "figcaption")))
        self.assertIn("NAVO", text(one(section, "figcaption")))

    def test_an_entry_of_the_list_leads_to_the_event_and_to_its_dot(self):
        section = one(self.page("/stories/na-kyiv/"), data_situation=True)
        for event in self.site.events:
            entry = one(section, "li", data_entry=str(event.pk))
            self.assertTrue(one(entry, "a", href=f"/events/{event.pk}/"))
            self.assertTrue(one(section, "a", id=attribute(one(entry, class_="place"), "href")[1:]))

    def test_older_events_stand_behind_a_summary(self):
        for number in range(8):
            publish_event(make_event(self.site.map, title_nl=f"Nummer {number}"), published_before=day(6, 18))
        section = one(self.page("/stories/na-kyiv/"), data_situation=True)
        self.assertEqual(len(list(every(section, "li", data_entry=True))), 11)
        self.assertEqual(len(list(every(one(section, "details"), "li", data_entry=True))), 5)

    def test_a_correction_is_told_on_the_page(self):
        notice = one(self.page("/stories/na-kyiv/"), class_="notice")
        self.assertEqual(attribute(notice, "data-kind"), "correction")
        self.assertIn("Wij noemden hem burgemeester.", text(notice))

    def test_a_retraction_is_all_that_is_told(self):
        publish_story(self.site.story, kind=Kind.RETRACTION, note="Dit klopt niet.")
        notice = one(self.page("/stories/na-kyiv/"), class_="notice")
        self.assertEqual(attribute(notice, "data-kind"), "retraction")

    def test_its_language_is_the_pages_and_stays_in_its_links(self):
        root = self.page("/stories/after-kyiv/")
        self.assertEqual(attribute(root, "lang"), "en")
        dot = next(every(root, "a", data_event=True))
        self.assertTrue(attribute(dot, "href").endswith("?lang=en"))
        self.assertTrue(list(every(root, "a", href="/stories/na-kyiv/", hreflang="nl")))

    def test_an_address_that_it_had_before_leads_to_it_for_good(self):
        self.site.story.slug = "nieuw-adres"
        self.site.story.save()
        publish_story(self.site.story)
        response = self.client.get("/stories/na-kyiv/?at=2022-04-05&utm=x")
        self.assertRedirects(response, "/stories/nieuw-adres/?at=2022-04-05", 301)
        self.assertEqual(self.client.get("/stories/na-kyiv/?as_of=2022-04-06").status_code, 200)

    def test_every_version_keeps_its_page(self):
        root = self.page("/stories/na-kyiv/versions/1/")
        self.assertIn("De burgemeester riep op.", text(one(root, "article")))
        self.assertEqual(list(every(root, class_="notice")), [])
        self.assertTrue(one(one(root, class_="memory"), "a", href="/stories/na-kyiv/"))
        self.assertEqual(self.client.get("/stories/na-kyiv/versions/9/").status_code, 404)

    def test_the_list_of_versions_names_each_with_its_kind_and_note(self):
        entries = list(every(one(self.page("/stories/na-kyiv/versions/"), class_="log"), "li"))
        self.assertEqual(len(entries), 3)
        self.assertTrue(one(entries[1], data_kind="correction"))
        self.assertIn("Wij noemden hem burgemeester.", text(entries[1]))
        then = attribute(one(entries[2], class_="small").children[0], "href")
        self.assertIn("De burgemeester riep op.", self.client.get(then).content.decode())

    def test_what_was_withdrawn_keeps_a_stub_and_not_a_word(self):
        version = self.site.other.versions.get()
        version.withdraw(editor(), "Op last van de rechter.")
        for address in ("/stories/mariupol/", "/stories/mariupol/?as_of=2022-04-06"):
            response = self.client.get(address)
            self.assertEqual(response.status_code, 410)
            self.assertContains(response, "Op last van de rechter.", status_code=410)
            self.assertNotIn("Mariupol onder vuur", response.content.decode())
        self.assertNotIn("Mariupol onder vuur", self.client.get("/").content.decode())


class QuestionTests(SiteTestCase):
    def test_as_of_shows_what_was_published_then_and_says_so(self):
        root = self.page("/stories/na-kyiv/?as_of=2022-04-05T20:00")
        self.assertIn("De burgemeester riep op.", text(one(root, "article")))
        self.assertEqual(list(every(root, class_="notice")), [])
        memory = one(root, class_="memory")
        self.assertIn("5 april 2022", text(memory))
        self.assertTrue(one(memory, "a", href="/stories/na-kyiv/"))

    def test_links_keep_the_question(self):
        asked = "as_of=" + quote_plus("2022-04-06T18:30")
        root = self.page(f"/stories/na-kyiv/?{asked}")
        self.assertTrue(one(root, "a", class_="site", href=f"/?{asked}"))
        for dot in every(root, "a", data_event=True):
            self.assertTrue(attribute(dot, "href").endswith(f"?{asked}"))
        for form in every(root, "form"):
            if list(every(form, "input", name="at", type_="date")):
                self.assertTrue(one(form, "input", type_="hidden", name="as_of", value="2022-04-06T18:30"))

    def test_at_shows_the_ground_and_the_events_of_that_day(self):
        for address in ("/maps/situatie-oekraine/", "/stories/na-kyiv/", "/"):
            with self.subTest(address):
                root = self.page(f"{address}?at=2022-04-02")
                statuses = {attribute(area, "data-status") for area in every(root, "path", data_party=True)}
                self.assertEqual(statuses, {"controlled"})
                dots = [attribute(dot, "data-event") for dot in every(root, "a", data_event=True)]
                self.assertEqual(dots, [str(self.site.events[0].pk)])
                self.assertIn("2 april 2022", text(one(root, class_="memory")))

    def test_the_way_to_other_dates_is_a_form_and_links(self):
        section = one(self.page("/maps/situatie-oekraine/?at=2022-04-04"), data_situation=True)
        form = one(section, "form")
        self.assertEqual(attribute(one(form, "input", type_="date"), "value"), "2022-04-04")
        ways = {attribute(link, "rel"): attribute(link, "href") for link in every(form, "a", rel=True)}
        self.assertEqual(set(ways), {"first", "prev", "next", "last"})
        earlier, newest = self.page(ways["prev"].partition("#")[0]), self.page(ways["last"].partition("#")[0])
        self.assertIn("1 april 2022", text(one(earlier, class_="stamp")))
        self.assertIn("6 april 2022", text(one(newest, class_="stamp")))

    def test_before_the_first_edition_a_map_says_that_there_is_none(self):
        root = self.page("/maps/situatie-oekraine/?at=2022-03-01", 404)
        self.assertTrue(one(one(root, "main"), "a", href="/maps/situatie-oekraine/"))

    def test_what_is_no_moment_is_refused_in_one_sentence(self):
        for address in self.site.addresses:
            for asked in ("at=gisteren", "as_of=2022-13-01", "at=2022-04-06&as_of=x%22%3E%3Cscript%3E"):
                root = self.page(f"{address}?{asked}", 400)
                sentence = one(one(root, "main"), class_="standfirst")
                self.assertRegex(text(sentence), "^“.+” .+[.]$")
                self.assertEqual(list(every(root, "script")), [])

    def test_what_is_not_there_is_not_found(self):
        for address in ("/stories/x/", "/maps/x/", "/maps/x/changes/", "/events/999/", "/people/x/", "/x/"):
            self.assertTrue(one(one(self.page(address, 404), "main"), "a", href="/"))

    def test_the_desk_has_the_same_page_for_what_is_not_there(self):
        self.client.force_login(make_user(is_superuser=True, is_staff=True))
        self.page("/admin/x/", 404)

    def test_unknown_parameters_are_ignored_and_in_no_link(self):
        self.assertNotIn("utm", self.client.get("/stories/na-kyiv/?utm_source=x").content.decode())


class MapTests(SiteTestCase):
    def test_an_edition_keeps_its_page(self):
        root = self.page("/maps/situatie-oekraine/editions/1/")
        self.assertIn("1 april 2022", text(one(root, class_="stamp")))
        self.assertIn("1", text(one(root, class_="memory")))

    def test_a_withdrawn_edition_keeps_a_stub(self):
        self.site.editions[2].withdraw(editor(), "Te gevaarlijk.")
        self.assertContains(self.client.get("/maps/situatie-oekraine/editions/3/"), "Te gevaarlijk.", status_code=410)
        self.assertIn("4 april 2022", text(one(self.page("/maps/situatie-oekraine/"), class_="stamp")))

    def test_the_changes_say_what_each_party_gained_and_lost(self):
        entries = list(every(one(self.page("/maps/situatie-oekraine/changes/"), class_="log"), "li", id=True))
        self.assertEqual([attribute(entry, "id") for entry in entries], ["edition-3", "edition-2", "edition-1"])
        balance = [text(line) for line in every(one(entries[1], class_="balance"), "li")]
        self.assertEqual(len(balance), 3)
        self.assertTrue(any(line.startswith("+8.") and "Oekraine" in line for line in balance), balance)
        self.assertTrue(any(line.startswith("−8.") and "Rusland" in line for line in balance), balance)
        self.assertIn("Donetsk", text(one(entries[1], "table")))

    def test_the_method_and_the_sources_stand_beneath_it(self):
        method = one(self.page("/maps/situatie-oekraine/"), id="method")
        self.assertIn("Zo doen wij dat.", text(method))
        self.assertTrue(one(method, "a", href="https://www.nato.int/x"))

    def test_a_name_that_is_not_in_the_pages_language_says_which_it_is_in(self):
        root = self.page("/maps/situatie-oekraine/?lang=en")
        dutch, english = (f"/events/{event.pk}/?lang=en" for event in self.site.events[1:])
        events = one(root, class_="events")
        self.assertEqual(attribute(one(events, "a", href=dutch), "lang"), "nl")
        self.assertIsNone(attribute(one(events, "a", href=english), "lang"))
        self.assertEqual(text(one(root, "h1")), "Situation in Ukraine")


class EventTests(SiteTestCase):
    def test_it_says_how_sure_we_are_and_who_says_so(self):
        record = one(self.page(f"/events/{self.site.events[0].pk}/"), class_="record")
        self.assertTrue(one(record, data_verification="verified"))
        for words in ("Bucha", "300", "burgemeester van Bucha"):
            self.assertIn(words, text(record))
        self.assertIn("NAVO", text(one(self.page(f"/events/{self.site.events[0].pk}/"), class_="sources")))

    def test_a_picture_that_may_shock_is_shown_on_request(self):
        root = self.page(f"/events/{self.site.events[0].pk}/")
        self.assertTrue(one(one(root, "details", class_="graphic"), "img", alt="Een verlaten plein"))

    def test_only_its_own_dot_is_on_the_map(self):
        root = self.page(f"/events/{self.site.events[0].pk}/")
        self.assertEqual(len(list(every(root, "a", data_event=True))), 1)

    def test_the_exact_place_appears_nowhere(self):
        for address in self.site.addresses:
            body = self.client.get(address).content.decode()
            self.assertNotIn("30.2123", body)
            self.assertNotIn("50.5456", body)

    def test_a_withdrawn_event_keeps_a_stub(self):
        event = self.site.events[1]
        event.versions.get().withdraw(editor(), "Brengt iemand in gevaar.")
        response = self.client.get(f"/events/{event.pk}/")
        self.assertContains(response, "Brengt iemand in gevaar.", status_code=410)
        self.assertNotIn("Raketten op Odesa", self.client.get("/maps/situatie-oekraine/").content.decode())


class PersonTests(SiteTestCase):
    def test_everything_quoted_is_listed_once_with_the_story_it_stands_in(self):
        add_block(self.site.translation, self.site.story.blocks()[2].quote)
        publish_story(self.site.translation)
        root = self.page("/people/jens-stoltenberg/")
        self.assertEqual(text(one(root, "h1")), "Jens Stoltenberg")
        self.assertEqual(len(list(every(root, "blockquote"))), 1)
        self.assertTrue(one(root, "a", href="/stories/na-kyiv/"))

    def test_who_is_not_quoted_yet_is_not_found(self):
        self.page("/people/jens-stoltenberg/?as_of=2022-04-05", 404)


class FrontTests(SiteTestCase):
    def test_the_story_published_last_leads_with_its_picture(self):
        root = self.page("/")
        lead = one(root, class_="lead teaser")
        self.assertTrue(one(lead, "a", href="/stories/na-kyiv/"))
        image = one(lead, "img")
        self.assertEqual((attribute(image, "width"), attribute(image, "height")), ("6", "4"))
        self.assertTrue(one(root, data_situation=True))

    def test_stories_are_those_in_the_pages_language(self):
        titles = [text(heading) for heading in every(one(self.page("/?lang=en"), "main"), "h2")]
        self.assertEqual(titles, ["After Kyiv the Donbas", "Situation in Ukraine"])

    def test_stories_beyond_the_first_stand_in_their_sections(self):
        for number in range(3):
            publish_story(make_story(headline=f"Oud {number}"), published_before=day(1))
        section = one(self.page("/"), "section", class_="section")
        self.assertEqual(len(list(every(section, "article"))), 2)

    def test_an_empty_site_has_a_front_page(self):
        self.assertEqual(self.client.get("/?as_of=2022-01-01").status_code, 200)


class FeedTests(SiteTestCase):
    def feed(self, query: str = ""):
        response = self.client.get(f"/feed/{query}")
        self.assertTrue(response.headers["Content-Type"].startswith("application/atom+xml"))
        return ElementTree.fromstring(response.content)

    def test_it_has_the_newest_of_each_story_with_absolute_addresses(self):
        entries = self.feed().findall(f"{ATOM}entry")
        self.assertEqual(
            [entry.findtext(f"{ATOM}title") for entry in entries], ["Na Kyiv de Donbas", "Mariupol onder vuur"]
        )
        links = {link.get("rel"): link.get("href") for link in entries[0].findall(f"{ATOM}link")}
        self.assertEqual(links["alternate"], "http://testserver/stories/na-kyiv/")
        self.assertEqual(links["enclosure"], "http://testserver/maps/situatie-oekraine/editions/3/card.png")
        self.assertEqual(entries[0].findtext(f"{ATOM}updated"), "2022-04-06T16:00:00+00:00")

    def test_the_picture_is_that_of_the_newest_moment_and_not_of_the_last_correction(self):
        publish_edition(self.site.map, day(4), note="Er klopte iets niet.")
        self.assertIn("/editions/3/card.png", self.client.get("/feed/").content.decode())

    def test_it_honours_as_of_and_language(self):
        titles = [entry.findtext(f"{ATOM}title") for entry in self.feed("?as_of=2022-04-05T15:00").iter(f"{ATOM}entry")]
        self.assertEqual(titles, ["Mariupol onder vuur"])
        titles = [entry.findtext(f"{ATOM}title") for entry in self.feed("?lang=en").iter(f"{ATOM}entry")]
        self.assertEqual(titles, ["After Kyiv the Donbas"])

    def test_what_is_scheduled_is_not_in_it(self):
        publish_story(make_story(headline="Straks"), release_at=timezone.now() + timedelta(hours=1))
        self.assertNotIn("Straks", self.client.get("/feed/").content.decode())

    def test_every_entry_has_an_id_that_no_change_of_address_changes(self):
        before = [entry.findtext(f"{ATOM}id") for entry in self.feed().iter(f"{ATOM}entry")]
        self.site.story.slug = "nieuw-adres"
        self.site.story.save()
        publish_story(self.site.story)
        self.assertEqual([entry.findtext(f"{ATOM}id") for entry in self.feed().iter(f"{ATOM}entry")], before)


class TwoMapsTests(TestCase):
    def test_two_maps_on_a_page_do_not_mix(self):
        first, second = make_map("noord", title_nl="Noord"), make_map("zuid", title_nl="Zuid")
        for map_ in (first, second):
            publish_edition(map_, day(1), published_before=day(1, 14))
            publish_event(make_event(map_, title_nl=f"In {map_.slug}", happened_at=day(1)), published_before=day(2))
        publish_story(make_story("twee", [first, second]))
        root = page(self.client.get("/stories/twee/"))
        names = [
            [text(one(dot, "title")) for dot in every(drawing, "a", data_event=True)]
            for drawing in every(root, "svg", data_map=True)
        ]
        self.assertEqual([len(drawn) for drawn in names], [1, 1])
        self.assertIn("In noord", names[0][0])
        self.assertIn("In zuid", names[1][0])

    def test_one_map_twice_has_ids_of_its_own_each_time(self):
        map_ = publish_edition(situation_at=day(1), published_before=day(1, 14)).map
        publish_story(make_story("twee", [map_, map_]))
        root = page(self.client.get("/stories/twee/"))
        ids = [attribute(found, "id") for found in every(root, id=True)]
        self.assertEqual(len(ids), len(set(ids)))
