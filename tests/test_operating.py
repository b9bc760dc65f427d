"""Operations on a draft: recorded, safe to ask twice, refused where others were first, undone without limit."""

import random
import uuid
from datetime import timedelta

import shapely
from django.test import TestCase
from django.utils import timezone
from shapely import box

from mapdata.ground.areas import Holding, area_km2, give, is_partition
from mapdata.ground.redrawing import CannotBeDone
from mapdata.models import Conflict, Edition, Operation, OperationGround, Presence, drafting
from newsroom.publishing import Refused
from tests.makers import (
    EAST,
    SQUARE,
    day,
    editor,
    held_by,
    make_edition,
    make_map,
    make_party,
    make_region,
    make_source,
    make_user,
)

RED, BLUE = Holding("rusland"), Holding("oekraine")
KIND = Operation.Kind.GROUND


class OperationCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        make_party("rusland")
        cls.wim, cls.ada = make_user("wim"), make_user("ada")
        cls.region = make_region("UA-14", boundary=SQUARE)
        cls.draft = make_edition(make_map(), day(6), [held_by("oekraine", EAST)], written_by=cls.wim)

    def setUp(self):
        self.draft = Edition.objects.get(pk=self.draft.pk)

    def give(self, shape, holding=RED, by=None, **options) -> Operation | None:
        return drafting.operate(self.draft, by or self.wim, KIND, lambda areas: give(areas, shape, holding), **options)

    def km2(self) -> dict:
        return {area.holding: round(area_km2(area.ground)) for area in self.draft.ground_areas()}


class RecordingTests(OperationCase):
    def test_it_says_who_when_what_from_whom_in_which_region_and_on_what_grounds(self):
        source = make_source("Reuters")
        before = timezone.now()
        done = self.give(box(37.5, 47, 38.5, 48), sources=[source], note="Volgens de gouverneur.")
        self.assertEqual((done.by, done.kind, done.note), (self.wim, "ground", "Volgens de gouverneur."))
        self.assertGreaterEqual(done.at, before)
        self.assertEqual(list(done.sources.all()), [source])
        flows = {flow.before: flow for flow in done.moved}
        half = area_km2(box(38, 47, 38.5, 48))
        self.assertEqual(set(flows), {None, BLUE})
        self.assertAlmostEqual(flows[BLUE].km2, half, delta=0.01)
        self.assertAlmostEqual(flows[None].km2, half, delta=0.01)
        self.assertAlmostEqual(flows[None].regions["UA-14"], half, delta=0.01)
        self.assertEqual(flows[BLUE].regions, {})
        self.assertTrue(done.changed.equals(box(37.5, 47, 38.5, 48)))

    def test_its_sources_become_the_editions(self):
        source = make_source("Reuters")
        self.give(SQUARE, sources=[source])
        self.assertIn(source, self.draft.sources.all())

    def test_what_changes_nothing_is_not_recorded(self):
        revision = self.draft.revision
        self.assertIsNone(self.give(EAST, BLUE))
        self.draft.refresh_from_db()
        self.assertEqual(self.draft.revision, revision)
        self.assertFalse(Operation.objects.exists())

    def test_areas_that_it_does_not_touch_keep_their_rows(self):
        self.give(box(30, 50, 31, 51), RED)
        far = self.draft.areas.get(party__slug="oekraine")
        self.give(box(31, 50, 32, 51), RED)
        self.assertEqual(self.draft.areas.get(party__slug="oekraine").pk, far.pk)

    def test_one_that_cannot_be_done_leaves_everything_as_it_was(self):
        def refuse(areas):
            raise CannotBeDone("no")

        before = self.draft.ground_areas()
        with self.assertRaises(CannotBeDone):
            drafting.operate(self.draft, self.wim, KIND, refuse)
        self.assertEqual(self.draft.ground_areas(), before)

    def test_a_published_edition_is_not_operated_on(self):
        self.draft.publish(editor())
        with self.assertRaises(Refused):
            self.give(SQUARE)

    def test_publishing_keeps_the_record_and_not_the_pictures(self):
        self.give(SQUARE)
        self.draft.publish(editor())
        self.assertEqual(self.draft.operations.count(), 1)
        self.assertFalse(OperationGround.objects.exists())


class AskingTwiceTests(OperationCase):
    def test_the_same_key_is_done_once_and_answered_the_same(self):
        key = uuid.uuid4()
        first = self.give(SQUARE, key=key)
        again = self.give(SQUARE, key=key)
        self.assertEqual(first, again)
        self.assertEqual(Operation.objects.count(), 1)

    def test_undoing_twice_with_one_key_undoes_once(self):
        self.give(SQUARE)
        self.give(box(30, 50, 31, 51))
        key = uuid.uuid4()
        for _ in range(2):
            drafting.undo(self.draft, self.wim, key=key)
        self.assertEqual(self.km2()[RED], round(area_km2(SQUARE)))


class TwoEditorsTests(OperationCase):
    def test_ground_that_another_just_changed_is_refused_with_what_they_did(self):
        seen = self.draft.revision
        theirs = self.give(box(38, 47, 38.6, 48), by=self.ada)
        before = self.draft.ground_areas()
        with self.assertRaises(Conflict) as refused:
            self.give(box(38.4, 47, 39, 48), Holding("rusland", "contested"), seen=seen)
        self.assertEqual(refused.exception.operations, [theirs])
        self.assertIn("ada", str(refused.exception))
        self.assertEqual(self.draft.ground_areas(), before)

    def test_ground_elsewhere_is_given_although_the_page_is_behind(self):
        seen = self.draft.revision
        self.give(box(38, 47, 38.4, 48), by=self.ada)
        self.give(box(38.6, 47, 39, 48), seen=seen)
        self.assertEqual(self.km2()[RED], round(2 * area_km2(box(38, 47, 38.4, 48))))

    def test_ground_that_only_touches_theirs_is_given(self):
        seen = self.draft.revision
        self.give(box(38, 47, 38.5, 48), by=self.ada)
        self.assertIsNotNone(self.give(box(38.5, 47, 39, 48), seen=seen))

    def test_who_has_looked_may_change_it(self):
        self.give(box(38, 47, 38.5, 48), by=self.ada)
        self.assertIsNotNone(self.give(EAST, Holding("rusland", "contested"), seen=self.draft.revision))

    def test_what_another_undid_is_a_change_too(self):
        self.give(box(38, 47, 38.5, 48), by=self.ada)
        seen = self.draft.revision
        drafting.undo(self.draft, self.ada)
        with self.assertRaises(Conflict):
            self.give(box(38.2, 47, 39, 48), Holding("rusland", "contested"), seen=seen)

    def test_only_what_the_person_saw_as_the_last_is_undone(self):
        mine = self.give(box(38, 47, 38.5, 48))
        theirs = self.give(box(30, 50, 31, 51), by=self.ada)
        with self.assertRaises(Conflict) as refused:
            drafting.undo(self.draft, self.wim, of=mine.pk)
        self.assertEqual(refused.exception.operations, [theirs])
        drafting.undo(self.draft, self.wim, of=theirs.pk)

    def test_others_are_seen_as_long_as_their_page_is_open(self):
        now = timezone.now()
        Presence.note(self.draft, self.wim, now)
        Presence.note(self.draft, self.ada, now - timedelta(seconds=30))
        self.assertEqual(list(Presence.objects.others(self.draft, self.wim)), [])
        Presence.note(self.draft, self.ada, now)
        (ada,) = Presence.objects.others(self.draft, self.wim)
        self.assertEqual((ada.user, ada.since), (self.ada, now))


class UndoingTests(OperationCase):
    def test_without_limit_and_done_again(self):
        pictures = [self.draft.ground_areas()]
        for step in range(8):
            self.give(box(30 + step, 50, 31 + step, 51), RED if step % 2 else BLUE)
            pictures.append(self.draft.ground_areas())
        for picture in reversed(pictures[:-1]):
            drafting.undo(self.draft, self.wim)
            self.assertEqual(self.draft.ground_areas(), picture)
        with self.assertRaises(Refused):
            drafting.undo(self.draft, self.wim)
        for picture in pictures[1:]:
            drafting.redo(self.draft, self.wim)
            self.assertEqual(self.draft.ground_areas(), picture)
        with self.assertRaises(Refused):
            drafting.redo(self.draft, self.wim)

    def test_what_was_undone_is_gone_once_something_else_is_done(self):
        self.give(SQUARE)
        drafting.undo(self.draft, self.wim)
        self.give(box(30, 50, 31, 51))
        with self.assertRaises(Refused):
            drafting.redo(self.draft, self.wim)

    def test_undoing_is_on_record_with_what_it_changed(self):
        done = self.give(SQUARE)
        undone = drafting.undo(self.draft, self.ada)
        self.assertEqual((undone.kind, undone.of, undone.by), ("undo", done, self.ada))
        self.assertEqual([(flow.before, flow.after) for flow in undone.moved], [(RED, None)])

    def test_what_was_changed_in_another_way_is_not_undone(self):
        self.give(SQUARE)
        self.draft.set_areas([held_by("rusland", EAST)])
        with self.assertRaises(Refused):
            drafting.undo(self.draft, self.wim)
        self.assertEqual(self.draft.ground_areas(), (held_by("rusland", EAST),))

    def test_at_random_every_picture_comes_back(self):
        hand = random.Random(2022)
        standing, undone = [self.draft.ground_areas()], []
        for _ in range(60):
            action = hand.choice(["give", "give", "give", "undo", "redo"])
            if action == "undo" and len(standing) > 1:
                drafting.undo(self.draft, hand.choice([self.wim, self.ada]))
                undone.append(standing.pop())
            elif action == "redo" and undone:
                drafting.redo(self.draft, hand.choice([self.wim, self.ada]))
                standing.append(undone.pop())
            else:
                west, south = hand.uniform(36, 39), hand.uniform(46, 48)
                shape = box(west, south, west + hand.uniform(0.1, 1.5), south + hand.uniform(0.1, 1))
                holding = Holding(hand.choice(["rusland", "oekraine"]), hand.choice(["controlled", "contested"]))
                if self.give(shape, holding, by=hand.choice([self.wim, self.ada])):
                    standing.append(self.draft.ground_areas())
                    undone.clear()
            self.assertEqual(self.draft.ground_areas(), standing[-1])
            self.assertTrue(is_partition(standing[-1]))
        while len(standing) > 1:
            standing.pop()
            drafting.undo(self.draft, self.wim)
            self.assertEqual(self.draft.ground_areas(), standing[-1])

    def test_the_ground_is_stored_to_the_last_digit(self):
        self.give(box(38.12345678, 47.1, 38.7, 47.76543219))
        (after,) = [area for area in self.draft.ground_areas() if area.holding == RED]
        drafting.undo(self.draft, self.wim)
        drafting.redo(self.draft, self.wim)
        (again,) = [area for area in self.draft.ground_areas() if area.holding == RED]
        self.assertEqual(shapely.to_wkb(again.ground), shapely.to_wkb(after.ground))
