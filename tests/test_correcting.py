"""Correcting what was published, also of an older moment, and carrying the correction into later editions."""

from datetime import timedelta

import shapely
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test import TestCase, override_settings
from django.urls import reverse
from django.utils import timezone, translation
from shapely import box

from mapdata.ground.areas import Holding, is_partition
from mapdata.models import Edition, corrections, drafting
from newsroom.publishing import Kind, Refused
from newsroom.publishing.immutability import missing
from tests.makers import (
    EAST,
    SQUARE,
    day,
    held_by,
    make_map,
    make_party,
    make_region,
    make_source,
    make_user,
    publish_edition,
)

BLUE = Holding("oekraine", "liberated")
WEST_HALF = box(37, 47, 37.5, 48)


def holder(edition: Edition, lon: float, lat: float) -> Holding | None:
    point = shapely.Point(lon, lat)
    return next((area.holding for area in edition.ground_areas() if area.ground.intersects(point)), None)


@override_settings(SINGLE_EDITOR=False)
class CorrectingCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.map = make_map("situatie")
        cls.source, cls.other = make_source("ISW"), make_source("NOS")
        make_region("UA-14", boundary=SQUARE)
        make_party("oekraine")
        red = [held_by("rusland", SQUARE)]
        cls.first = publish_edition(cls.map, day(1), red, source=cls.source)
        # The same ground, then half of what will be corrected, then all of it again.
        cls.second = publish_edition(cls.map, day(2), [*red, held_by("rusland", EAST, "contested")], source=cls.source)
        half = [held_by("rusland", box(37.25, 47, 38, 48)), held_by("oekraine", box(37, 47, 37.25, 48))]
        cls.third = publish_edition(cls.map, day(3), half, source=cls.source)
        cls.fourth = publish_edition(cls.map, day(4), red, source=cls.source)
        cls.map_editor = make_user("wim", groups=["map editor"])
        cls.editor = make_user("eva", groups=["editor"])

    def correct(self, edition: Edition | None = None) -> Edition:
        """A draft that says of the western half that it was liberated."""
        draft, _ = corrections.begin_correction(edition or self.first, self.map_editor)
        drafting.give(draft, WEST_HALF, BLUE, self.map_editor)
        draft.sources.add(self.other)
        return Edition.objects.get(pk=draft.pk)

    def carry(self, draft: Edition) -> list[Edition]:
        return corrections.carry_forward(draft, self.map_editor, {later.pk for later, _ in corrections.reach(draft)})

    def shown(self, number: int) -> Edition:
        return self.map.editions.showing(at=day(number))


class BeginningTests(CorrectingCase):
    def test_it_begins_as_the_edition_was_published_at_the_same_moment(self):
        draft, begun = corrections.begin_correction(self.first, self.map_editor)
        self.assertTrue(begun)
        self.assertEqual((draft.situation_at, draft.default_kind()), (day(1), Kind.CORRECTION))
        self.assertEqual(draft.ground_areas(), self.first.ground_areas())
        self.assertEqual([*draft.sources.all()], [self.source])
        self.assertEqual(draft.corrected(), self.first)

    def test_one_that_was_begun_is_gone_on_with(self):
        draft = self.correct()
        self.assertEqual(corrections.begin_correction(self.first, self.editor), (draft, False))

    def test_what_was_corrected_already_is_not_corrected_but_its_correction_is(self):
        correction = self.correct()
        correction.publish(self.editor, note="Fout.")
        with self.assertRaisesMessage(Refused, str(correction.number)):
            corrections.begin_correction(self.first, self.map_editor)
        again, _ = corrections.begin_correction(correction, self.map_editor)
        self.assertEqual(holder(again, 37.2, 47.5), BLUE)

    def test_what_readers_cannot_see_is_not_corrected(self):
        draft = self.correct()
        self.fourth.withdraw(self.editor, "Gevaarlijk.")
        for edition in (draft, self.fourth):
            with self.assertRaises(Refused):
                corrections.begin_correction(edition, self.map_editor)


class ReachTests(CorrectingCase):
    def test_the_later_editions_that_still_show_the_ground_are_told_with_how_much(self):
        found = {later: round(km2) for later, km2 in corrections.reach_km2(self.correct())}
        self.assertEqual(found, {self.second: 4188, self.third: 2094, self.fourth: 2094})

    def test_a_draft_that_corrects_nothing_reaches_nothing(self):
        draft, _ = corrections.begin_correction(self.first, self.map_editor)
        self.assertEqual(corrections.reach_km2(draft), [])
        update = Edition.begin(self.map, self.map_editor, day(1, 18), copy_of=self.first)
        drafting.give(update, WEST_HALF, BLUE, self.map_editor)
        self.assertEqual(corrections.reach_km2(update), [])

    def test_it_is_told_anew_when_the_draft_or_a_later_edition_changes(self):
        draft = self.correct()
        self.assertEqual(len(corrections.reach_km2(draft)), 3)
        publish_edition(self.map, day(2), [held_by("oekraine", SQUARE)], source=self.source)
        self.assertEqual(corrections.reach_km2(draft), [])
        drafting.give(draft, box(37.9, 47, 38, 48), Holding("oekraine", "contested"), self.map_editor)
        self.assertEqual(corrections.reach_km2(draft), [])


class CarryingTests(CorrectingCase):
    def test_each_later_edition_gets_a_draft_that_differs_only_where_it_was_still_wrong(self):
        correction = self.correct()
        second, third, fourth = self.carry(correction)
        self.assertEqual([draft.situation_at for draft in (second, third, fourth)], [day(2), day(3), day(4)])
        self.assertEqual(holder(second, 37.1, 47.5), BLUE)
        self.assertEqual(holder(second, 38.5, 47.5), Holding("rusland", "contested"))
        # What had been won there by then is not the correction's to say.
        self.assertEqual(holder(third, 37.1, 47.5), Holding("oekraine"))
        self.assertEqual(holder(third, 37.4, 47.5), BLUE)
        # Nor is what was lost again.
        self.assertEqual(holder(fourth, 37.1, 47.5), Holding("rusland"))
        self.assertEqual(holder(fourth, 37.4, 47.5), BLUE)
        for draft in (second, third, fourth):
            self.assertTrue(is_partition(draft.ground_areas()))
            self.assertEqual({*draft.sources.all()}, {self.source, self.other})
            self.assertEqual((draft.carries, draft.written_by), (correction, self.map_editor))

    def test_only_the_chosen_ones_get_one(self):
        drafts = corrections.carry_forward(self.correct(), self.map_editor, {self.third.pk})
        self.assertEqual([draft.situation_at for draft in drafts], [day(3)])

    def test_where_nothing_is_to_be_carried_nothing_is_made(self):
        correction = self.correct()
        with self.assertRaises(Refused):
            corrections.carry_forward(correction, self.map_editor, {self.first.pk})
        self.assertEqual(correction.carried.count(), 0)

    def test_carried_again_a_draft_makes_way_for_the_new_one(self):
        correction = self.correct()
        self.carry(correction)
        drafting.give(correction, WEST_HALF, Holding("oekraine", "contested"), self.map_editor)
        self.carry(Edition.objects.get(pk=correction.pk))
        self.assertEqual(
            [draft.situation_at for draft in corrections.carried_drafts(correction)], [day(2), day(3), day(4)]
        )
        self.assertEqual(
            holder(corrections.carried_drafts(correction)[0], 37.1, 47.5), Holding("oekraine", "contested")
        )

    def test_thrown_away_it_takes_its_carried_drafts_along(self):
        correction = self.correct()
        self.carry(correction)
        correction.delete()
        self.assertFalse(Edition.objects.filter(published_at=None).exists())


class PublishingTests(CorrectingCase):
    def setUp(self):
        # The tests read the words as they stand in the source.
        self.enterContext(translation.override("en"))

    def refused(self, draft: Edition, words: str) -> None:
        with self.assertRaisesMessage(Refused, words):
            Edition.objects.get(pk=draft.pk).publish(self.editor, kind=Kind.CORRECTION, note="Fout.")

    def test_all_are_published_together_with_the_same_words(self):
        correction = self.correct()
        self.carry(correction)
        before = timezone.now()
        corrections.publish_with_carried(
            correction, self.editor, kind=Kind.CORRECTION, note="Het was bevrijd.", note_en="Freed."
        )
        for number in (1, 2, 3, 4):
            edition = self.shown(number)
            self.assertEqual(
                (edition.kind, edition.note, edition.note_en), ("correction", "Het was bevrijd.", "Freed.")
            )
            self.assertEqual(holder(edition, 37.4, 47.5), BLUE)
            self.assertEqual(self.map.editions.showing(at=day(number), as_of=before).number, number)
        self.assertEqual(corrections.reach_km2(self.shown(1)), [])

    def test_it_can_be_published_alone_and_the_others_one_by_one_later(self):
        correction = self.correct()
        second, _, fourth = self.carry(correction)
        self.refused(fourth, "is not published")
        correction.publish(self.editor, note="Fout.")
        Edition.objects.get(pk=fourth.pk).publish(self.editor, kind=Kind.CORRECTION, note="Fout.")
        self.assertEqual(self.shown(4).pk, fourth.pk)
        self.assertEqual([later for later, _ in corrections.reach_km2(correction)], [self.second, self.third])
        self.assertTrue(Edition.objects.get(pk=second.pk).is_draft)

    def test_one_that_cannot_be_published_keeps_all_back(self):
        correction = self.correct()
        self.carry(correction)
        corrections.carried_drafts(correction)[1].sources.clear()
        with self.assertRaisesMessage(Refused, "It names no source."):
            corrections.publish_with_carried(correction, self.editor, kind=Kind.CORRECTION, note="Fout.")
        self.assertEqual([self.shown(number) for number in (1, 2, 3, 4)],
                         [self.first, self.second, self.third, self.fourth])  # fmt: skip

    def test_whoever_carried_it_does_not_publish_it_alone(self):
        correction = self.correct()
        corrections.carry_forward(correction, self.editor, {self.second.pk})
        with self.assertRaisesMessage(Refused, "second person"):
            corrections.publish_with_carried(correction, self.editor, kind=Kind.CORRECTION, note="Fout.")
        self.assertEqual(self.shown(1), self.first)

    def test_together_they_are_not_scheduled(self):
        correction = self.correct()
        self.carry(correction)
        later = timezone.now() + timedelta(days=1)
        with self.assertRaisesMessage(Refused, "not scheduled"):
            corrections.publish_with_carried(
                correction, self.editor, kind=Kind.CORRECTION, note="Fout.", release_at=later
            )

    def test_what_carries_an_older_state_of_the_correction_is_not_published(self):
        correction = self.correct()
        (draft,) = corrections.carry_forward(correction, self.map_editor, {self.second.pk})
        drafting.give(correction, box(37.9, 47, 38, 48), BLUE, self.map_editor)
        Edition.objects.get(pk=correction.pk).publish(self.editor, note="Fout.")
        self.refused(draft, "has changed since")

    def test_nor_is_what_would_undo_a_correction_that_was_published_meanwhile(self):
        correction = self.correct()
        (draft,) = corrections.carry_forward(correction, self.map_editor, {self.second.pk})
        correction.publish(self.editor, note="Fout.")
        publish_edition(self.map, day(2), [held_by("oekraine", EAST)], source=self.source)
        self.refused(draft, "was published since")
        # Going on with the draft does not make it newer than that.
        drafting.give(draft, box(37.9, 47, 38, 48), BLUE, self.map_editor)
        self.refused(draft, "was published since")

    def test_the_database_keeps_whose_correction_it_carries(self):
        self.assertEqual(missing(connection), [])
        correction = self.correct()
        self.carry(correction)
        corrections.publish_with_carried(correction, self.editor, kind=Kind.CORRECTION, note="Fout.")
        for column, value in (("carries", None), ("carries_revision", 99), ("carries_into", 99)):
            with self.assertRaises(IntegrityError), transaction.atomic():
                Edition.objects.filter(pk=self.shown(2).pk).update(**{column: value})

    def test_what_was_published_before_there_were_corrections_is_still_whole(self):
        for edition in Edition.objects.filter(published_at__isnull=False):
            self.assertEqual(edition.digest, edition.computed_digest())
            self.assertNotIn("carries", edition.content)


class PageTests(CorrectingCase):
    def setUp(self):
        self.log_in(self.map_editor)

    def log_in(self, person):
        self.client.force_login(person)
        self.client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    def page(self, name: str, edition: Edition) -> str:
        return reverse(f"admin:mapdata_edition_{name}", args=[edition.pk])

    def test_the_page_of_a_published_edition_has_the_button_and_a_drafts_has_not(self):
        button = f'action="{self.page("correct", self.first)}"'
        self.assertContains(self.client.get(self.page("change", self.first)), button)
        draft = self.correct()
        self.assertNotContains(self.client.get(self.page("change", draft)), self.page("correct", draft))
        self.log_in(make_user(groups=["reporter"]))
        self.assertNotContains(self.client.get(self.page("change", self.first)), button)

    def test_correcting_carrying_and_publishing_from_page_to_page(self):
        response = self.client.post(self.page("correct", self.first))
        draft = Edition.objects.get(published_at=None)
        self.assertRedirects(response, self.page("change", draft))
        drafting.give(draft, WEST_HALF, BLUE, self.map_editor)
        page = self.client.get(self.page("sheet", draft))
        self.assertContains(page, "A correction, compared with what it corrects")
        for later in (self.second, self.third, self.fourth):
            self.assertContains(page, f'name="edition" value="{later.pk}" checked')
        response = self.client.post(
            self.page("carry", draft), {"edition": [self.second.pk, self.fourth.pk, "no number"]}, follow=True
        )
        self.assertContains(response, "2 drafts were made")
        carried = list(corrections.carried_drafts(draft))
        for one in carried:
            self.assertContains(response, self.page("sheet", one))
            self.assertContains(self.client.get(self.page("sheet", one)), "It carries a correction forward.")

        self.log_in(self.editor)
        form = self.client.get(self.page("publish", draft)).context["form"]
        self.assertTrue(form["carried"].value())
        self.assertIn("Gecorrigeerd: 4.190 km²", form["note"].value())
        data = {name: form.initial[name] for name in ("kind", "seen", "note", "note_en")} | {"carried": "on"}
        self.client.post(self.page("publish", draft), data)
        self.assertEqual([self.shown(n).pk for n in (1, 2, 4)], [draft.pk, *(one.pk for one in carried)])
        history = self.client.get(self.page("history", carried[0]))
        self.assertContains(history, "is published")

    def test_unticked_the_later_ones_stay_drafts(self):
        draft = self.correct()
        self.carry(draft)
        self.log_in(self.editor)
        form = self.client.get(self.page("publish", draft)).context["form"]
        data = {name: form.initial[name] for name in ("kind", "seen", "note", "note_en")}
        self.client.post(self.page("publish", draft), data)
        self.assertEqual(self.shown(1), draft)
        self.assertEqual(corrections.carried_drafts(draft).count(), 3)

    def test_a_carried_draft_that_changed_meanwhile_is_not_published_unseen(self):
        draft = self.correct()
        (carried,) = corrections.carry_forward(draft, self.map_editor, {self.second.pk})
        self.log_in(self.editor)
        form = self.client.get(self.page("publish", draft)).context["form"]
        drafting.give(carried, EAST, BLUE, self.map_editor)
        data = {name: form.initial[name] for name in ("kind", "seen", "note", "note_en")} | {"carried": "on"}
        response = self.client.post(self.page("publish", draft), data)
        self.assertContains(response, "Somebody changed this after you opened it")
        self.assertEqual(self.shown(1), self.first)

    def test_an_edition_that_carries_nothing_has_nothing_to_tick(self):
        draft = self.correct()
        self.log_in(self.editor)
        self.assertNotIn("carried", self.client.get(self.page("publish", draft)).context["form"].fields)

    def test_refusals_are_told_and_nothing_happens(self):
        draft = self.correct()
        response = self.client.post(self.page("carry", draft), follow=True)
        self.assertContains(response, "No later edition that was chosen")
        response = self.client.post(self.page("correct", draft), follow=True)
        self.assertContains(response, "Only an edition that readers can see is corrected.")
        self.assertRedirects(self.client.post(self.page("correct", self.first)), self.page("change", draft))
        self.assertEqual(Edition.objects.filter(published_at=None).count(), 1)

    def test_looking_changes_nothing(self):
        for name in ("correct", "carry"):
            self.assertEqual(self.client.get(self.page(name, self.first)).status_code, 405)
        self.assertEqual(self.client.get(self.page("sheet", self.first)).status_code, 200)
        gone = reverse("admin:mapdata_edition_sheet", args=[999])
        self.assertEqual(self.client.get(gone).status_code, 302)
