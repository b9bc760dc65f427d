"""The change sheet: what an edition changes, compared with what readers have, before it is handed in and published."""

import re

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import TestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from shapely import box

from mapdata.admin.sheet.sheet import sheet_of
from mapdata.ground.areas import Holding
from mapdata.models import Edition, corrections, drafting
from newsroom.publishing import Kind, Stage
from tests.makers import (
    EAST,
    SQUARE,
    day,
    held_by,
    make_edition,
    make_event,
    make_map,
    make_party,
    make_region,
    make_source,
    make_user,
    publish_edition,
    publish_event,
)

WEST_HALF = box(37, 47, 37.5, 48)


class SheetCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.map = make_map("situatie")
        cls.source = make_source("ISW", url="https://isw.example/1", archived_url="https://archive.example/1")
        make_region("UA-14", name_nl="Donetsk", name_en="Donetsk Oblast", boundary=SQUARE)
        make_region("UA-09", name_nl="Luhansk", name_en="Luhansk Oblast", boundary=EAST)
        make_party("oekraine", name_nl="Oekraïne", name_en="Ukraine", colour="blue")
        make_party("rusland", name_nl="Rusland", name_en="Russia")
        cls.first = publish_edition(cls.map, day(1), [held_by("rusland", SQUARE)], source=cls.source)
        cls.map_editor = make_user("wim", groups=["map editor"])
        cls.editor = make_user("eva", groups=["editor"])
        cls.draft = make_edition(
            cls.map, day(3), [held_by("rusland", SQUARE)], written_by=cls.map_editor, source=cls.source
        )

    def give(self, ground, holding: Holding, draft: Edition | None = None) -> None:
        drafting.give(draft or self.draft, ground, holding, self.map_editor)

    def sheet(self, draft: Edition | None = None):
        return sheet_of(Edition.objects.get(pk=(draft or self.draft).pk))


class WordsAndFiguresTests(SheetCase):
    def test_it_tells_in_both_languages_what_changed_since_what_readers_have(self):
        self.give(WEST_HALF, Holding("oekraine", "liberated"))
        sheet = self.sheet()
        self.assertEqual(sheet.before, self.first)
        self.assertEqual(sheet.sentences("nl"), ["Oekraïne herovert 4.190 km² in de oblast Donetsk"])
        self.assertEqual(sheet.note("en"), "Ukraine retakes 4,190 km² in Donetsk Oblast.")

    def test_gains_and_losses_add_up_by_party_and_region(self):
        self.give(WEST_HALF, Holding("oekraine", "liberated"))
        self.give(EAST, Holding("rusland"))
        everywhere, *regions = self.sheet().shown.balance
        lines = {line.party: (line.gained, line.lost, f"{line.sign}{line.size}") for line in everywhere.lines}
        self.assertEqual(lines, {"Rusland": (8377, 4188, "+4188"), "Oekraïne": (4188, 0, "+4188")})
        self.assertEqual([part.where for part in regions], ["Luhansk", "Donetsk"])
        for name in ("gained", "lost"):
            total = sum(getattr(line, name) for part in regions for line in part.lines)
            self.assertAlmostEqual(total, sum(getattr(line, name) for line in everywhere.lines), delta=2)

    def test_ground_that_a_party_held_in_an_earlier_edition_is_retaken(self):
        publish_edition(self.map, day(2), [held_by("oekraine", SQUARE)], source=self.source)
        self.assertEqual(self.sheet().sentences("nl"), ["Rusland herovert 8.380 km² in de oblast Donetsk"])

    def test_ground_that_nobody_ever_saw_a_party_hold_is_taken(self):
        self.give(EAST, Holding("rusland"))
        self.assertEqual(self.sheet().sentences("nl"), ["Rusland verovert 8.380 km² in de oblast Luhansk"])

    def test_who_liberated_ground_once_retakes_what_others_hold_in_the_country(self):
        publish_edition(
            self.map, day(2), [held_by("rusland", SQUARE), held_by("oekraine", EAST, "liberated")], source=self.source
        )
        self.draft.set_areas([held_by("oekraine", SQUARE), held_by("oekraine", EAST, "liberated")])
        self.assertEqual(self.sheet().sentences("nl"), ["Oekraïne herovert 8.380 km² in de oblast Donetsk"])

    def test_what_is_only_claimed_is_told_as_that_and_counts_for_nothing(self):
        self.give(EAST, Holding("rusland", "controlled", "claimed", "rusland"))
        sheet = self.sheet()
        self.assertEqual(sheet.shown.balance, [])
        self.assertEqual(
            sheet.sentences("nl"), ["Rusland claimt 8.380 km² in de oblast Luhansk; dat is niet bevestigd"]
        )

    def test_a_correction_is_compared_with_what_it_corrects_and_says_what_was_wrong(self):
        publish_edition(self.map, day(4), [held_by("rusland", EAST)], source=self.source)
        correction, _ = corrections.begin_correction(self.first, self.map_editor)
        self.give(WEST_HALF, Holding("oekraine", "liberated"), correction)
        sheet = self.sheet(correction)
        self.assertTrue(sheet.is_correction)
        self.assertEqual(sheet.before, self.first)
        self.assertEqual(
            sheet.sentences("nl"),
            ["Gecorrigeerd: 4.190 km² in de oblast Donetsk is heroverd door Oekraïne, niet in handen van Rusland"],
        )

    def test_the_sheet_of_a_published_edition_is_still_the_one_that_was_approved(self):
        self.give(WEST_HALF, Holding("oekraine", "liberated"))
        told = self.sheet().sentences("nl")
        self.draft.refresh_from_db()
        self.draft.publish(self.editor, note="Nieuw.")
        publish_edition(self.map, day(2), [held_by("oekraine", EAST)], source=self.source)
        self.assertEqual(self.sheet().before, self.first)
        self.assertEqual(self.sheet().sentences("nl"), told)

    def test_the_first_edition_of_a_map_changes_nothing(self):
        sheet = self.sheet(make_edition(make_map("nieuw"), day(3)))
        self.assertIsNone(sheet.before)
        self.assertEqual((sheet.note("nl"), sheet.events, sheet.shown.balance), ("", [], []))

    def test_it_is_computed_once_for_a_revision(self):
        self.give(WEST_HALF, Holding("oekraine", "liberated"))
        self.sheet()
        with CaptureQueriesContext(connection) as again:
            self.sheet()
        self.assertEqual([query["sql"] for query in again if "controlarea" in query["sql"]], [])
        self.assertLessEqual(len(again), 6)
        self.give(EAST, Holding("rusland"))
        self.assertEqual(len(self.sheet().sentences("nl")), 2)

    def test_names_are_those_of_now(self):
        self.give(WEST_HALF, Holding("oekraine", "liberated"))
        self.sheet()
        make_party("oekraine").__class__.objects.filter(slug="oekraine").update(
            name={"nl": "De Oekraïne", "en": "Ukraine"}
        )
        self.assertIn("De Oekraïne herovert", self.sheet().note("nl"))


class PictureTests(SheetCase):
    def test_what_comes_and_what_goes_is_drawn_over_the_last_edition(self):
        self.give(WEST_HALF, Holding("oekraine", "liberated"))
        drafting.take(self.draft, box(37.8, 47.2, 38, 47.4), self.map_editor)
        areas = self.sheet().picture.areas
        self.assertEqual(
            [(area.party, area.style.kind) for area in areas],
            [("rusland", "solid"), ("rusland", "lost"), ("oekraine", "liberated m-gained")],
        )
        self.assertEqual(
            {pattern.id for pattern in self.sheet().picture.patterns}, {"sheet-liberated-blue", "sheet-lost-red"}
        )

    def test_a_small_change_is_seen_from_nearby(self):
        self.give(box(37.2, 47.2, 37.3, 47.3), Holding("oekraine", "liberated"))
        west, south, east, north = map(float, self.sheet().picture.bounds.split(","))
        self.assertLess(east - west, 4)
        self.assertTrue(west < 37.2 and south < 47.2 and east > 37.3 and north > 47.3)

    def test_a_change_outside_of_the_maps_bounds_is_shown_too(self):
        self.give(box(60, 60, 61, 61), Holding("rusland"))
        west, south, east, north = map(float, self.sheet().picture.bounds.split(","))
        self.assertTrue(west < 60 and east > 61 and south < 60 and north > 61)


class EventsAndSourcesTests(SheetCase):
    def test_events_since_the_last_edition_are_listed_drafts_too(self):
        old = publish_event(make_event(self.map, self.source, happened_at=day(1, 9)), published_before=day(1, 10)).event
        new = publish_event(make_event(self.map, self.source, happened_at=day(2)), published_before=day(2, 13)).event
        draft = make_event(self.map, self.source, happened_at=day(3, 9))
        later = make_event(self.map, self.source, happened_at=day(4))
        elsewhere = make_event(make_map(), self.source, happened_at=day(2))
        rows = self.sheet().events
        self.assertEqual([(row.event, row.published) for row in rows], [(draft, False), (new, True)])
        self.assertNotIn(old, rows)
        self.assertTrue({later, elsewhere, old}.isdisjoint({row.event for row in rows}))

    def test_for_a_correction_they_are_those_since_the_edition_before(self):
        event = make_event(self.map, self.source, happened_at=day(2))
        second = publish_edition(self.map, day(2), [held_by("rusland", EAST)], source=self.source)
        correction, _ = corrections.begin_correction(second, self.map_editor)
        self.assertEqual([row.event for row in self.sheet(correction).events], [event])

    def wanting(self) -> list[str]:
        return [one.words for one in self.sheet().wanting]

    def test_nothing_is_missing_where_nothing_changed_and_all_has_sources(self):
        self.assertEqual(self.wanting(), [])

    @override_settings(LANGUAGE_CODE="en")
    def test_what_is_missing_is_named_and_leads_to_where_it_is_mended(self):
        self.give(WEST_HALF, Holding("oekraine", "liberated"))
        event = make_event(self.map, self.source, title_nl="Raketten", happened_at=day(2))
        event.sources.clear()
        lost = make_source("Telegram", url="https://t.me/1")
        other = make_event(self.map, lost, happened_at=day(2))
        other.sources.add(make_source("Een getuige"))
        found = {(one.model, one.pk) for one in self.sheet().wanting}
        self.assertEqual(found, {("", None), ("event", event.pk), ("source", lost.pk)})
        self.draft.sources.add(make_source("NOS"))
        self.assertNotIn(("", None), {(one.model, one.pk) for one in self.sheet().wanting})
        self.draft.sources.clear()
        self.assertIn(("", None), {(one.model, one.pk) for one in self.sheet().wanting})


@override_settings(SINGLE_EDITOR=False)
class PageTests(SheetCase):
    def setUp(self):
        self.log_in(self.map_editor)

    def log_in(self, person):
        self.client.force_login(person)
        self.client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    def page(self, name: str, edition: Edition | None = None) -> str:
        return reverse(f"admin:mapdata_edition_{name}", args=[(edition or self.draft).pk])

    def test_the_page_shows_it_and_hands_the_edition_in(self):
        self.give(WEST_HALF, Holding("oekraine", "liberated"))
        page = self.client.get(self.page("sheet"))
        self.assertContains(page, 'data-party="oekraine"')
        self.assertContains(page, "Oekraïne herovert 4.190 km² in de oblast Donetsk.")
        self.assertContains(page, "Ukraine retakes 4,190 km² in Donetsk Oblast.")
        self.assertContains(page, f'action="{self.page("submit")}"')
        self.assertNotContains(page, self.page("publish"))
        self.client.post(self.page("submit"))
        self.draft.refresh_from_db()
        self.assertEqual(self.draft.stage, Stage.IN_REVIEW)
        self.assertNotContains(self.client.get(self.page("sheet")), f'action="{self.page("submit")}"')

    def test_whoever_wants_to_hand_in_sees_it_first(self):
        form = self.client.get(self.page("change")).context["adminform"].form
        data = {f"{name}_{part}": value for name in ("situation_at",) for part, value in
                enumerate(("2022-04-03", "12:00"))}  # fmt: skip
        data |= {"sources": [self.source.pk], "revision": form["revision"].value(), "_submit": "1"}
        self.assertRedirects(self.client.post(self.page("change"), data), self.page("sheet"))
        self.draft.refresh_from_db()
        self.assertEqual(self.draft.stage, Stage.DRAFT)

    def test_the_first_edition_of_a_map_has_a_page_too(self):
        page = self.client.get(self.page("sheet", make_edition(make_map("nieuw"), day(3))))
        self.assertContains(page, "nothing to compare it with")

    def test_an_edition_that_changes_nothing_says_so(self):
        self.assertContains(self.client.get(self.page("sheet")), "No ground changes hands.")

    def test_without_scripts_and_without_styles_in_the_page(self):
        self.give(WEST_HALF, Holding("oekraine", "liberated"))
        body = self.client.get(self.page("sheet")).content.decode()
        self.assertNotRegex(body, r"<[a-z][^>]* (style|onclick)=")

    def approve(self, **words):
        seen = self.client.get(self.page("publish")).context["form"].initial
        data = {"kind": seen["kind"], "seen": seen["seen"], "note": seen["note"], "note_en": seen["note_en"]}
        return self.client.post(self.page("publish"), data | words)

    def test_who_publishes_sees_the_same_and_approves_it(self):
        self.give(WEST_HALF, Holding("oekraine", "liberated"))
        self.log_in(self.editor)
        page = self.client.get(self.page("publish"))
        self.assertContains(page, 'data-party="oekraine"')
        self.assertContains(page, 'value="Approve and publish"')
        self.assertEqual(page.context["form"]["note"].value(), "Oekraïne herovert 4.190 km² in de oblast Donetsk.")
        self.approve()
        self.draft.refresh_from_db()
        self.assertEqual(self.draft.note_en, "Ukraine retakes 4,190 km² in Donetsk Oblast.")
        self.assertEqual(self.draft.kind, Kind.UPDATE)

    def test_the_offered_note_can_be_changed(self):
        self.give(WEST_HALF, Holding("oekraine", "liberated"))
        self.log_in(self.editor)
        self.approve(note="Anders gezegd.", note_en="")
        self.draft.refresh_from_db()
        self.assertEqual((self.draft.note, self.draft.note_en), ("Anders gezegd.", ""))

    def not_published(self, change) -> None:
        self.log_in(self.editor)
        seen = self.client.get(self.page("publish")).context["form"].initial
        change()
        data = {"kind": "update", "seen": seen["seen"], "note": "", "note_en": ""}
        response = self.client.post(self.page("publish"), data)
        self.assertContains(response, "Somebody changed this after you opened it")
        self.draft.refresh_from_db()
        self.assertTrue(self.draft.is_draft)
        again = re.search(r'name="seen" value="(\w+)"', response.content.decode())[1]
        self.client.post(self.page("publish"), data | {"seen": again})
        self.draft.refresh_from_db()
        self.assertFalse(self.draft.is_draft)

    def test_ground_that_was_given_meanwhile_is_not_published_unseen(self):
        self.not_published(lambda: self.give(WEST_HALF, Holding("oekraine", "liberated")))

    def test_an_edition_that_readers_got_meanwhile_makes_it_another_sheet(self):
        self.not_published(lambda: publish_edition(self.map, day(2), [held_by("rusland", EAST)], source=self.source))

    def test_its_queries_do_not_grow_with_events(self):
        def count() -> int:
            cache.clear()
            with CaptureQueriesContext(connection) as queries:
                self.client.get(self.page("sheet"))
            return len(queries)

        make_event(self.map, self.source, happened_at=day(2))
        few = count()
        for hour in range(5):
            make_event(self.map, self.source, happened_at=day(2, 13 + hour))
        self.assertLessEqual(count(), few)
