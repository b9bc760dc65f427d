"""What readers may see, as of any moment: the one definition, against a plain model of it."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from unittest import mock

import time_machine
from django.db import connection
from django.test import TestCase
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as PropertyTestCase

from articles.models import StoryVersion
from mapdata.models import Edition, derived
from newsroom.publishing import Kind, Refused
from newsroom.publishing.immutability import protection_off
from tests.makers import (
    day,
    editor,
    held_by,
    make_edition,
    make_map,
    make_story,
    publish_edition,
    publish_event,
    publish_story,
    writer,
)
from tests.properties import examples

RUSSIA, UKRAINE = "rusland", "oekraine"


class KnownTests(TestCase):
    def test_what_is_scheduled_is_known_at_no_moment_that_has_not_come(self):
        release = timezone.now() + timedelta(hours=1)
        publish_story(release_at=release)
        for as_of in (None, timezone.now(), release, release + timedelta(days=365), datetime.max.replace(tzinfo=UTC)):
            with self.subTest(as_of=as_of):
                self.assertFalse(StoryVersion.objects.known(as_of).exists())
                self.assertFalse(StoryVersion.objects.newest(as_of).exists())
                self.assertFalse(StoryVersion.objects.released(as_of).exists())

    def test_a_version_is_known_from_its_own_moment_on(self):
        version = publish_story(published_before=day(6))
        self.assertEqual(StoryVersion.objects.known(day(6)).get(), version)
        self.assertFalse(StoryVersion.objects.known(day(6) - timedelta(microseconds=1)).exists())

    def test_a_withdrawn_version_is_known_at_no_moment_and_still_released(self):
        story = make_story()
        first = publish_story(story, published_before=day(4))
        second = publish_story(story, published_before=day(6))
        first.withdraw(editor())
        for as_of in (day(4), day(5)):
            self.assertFalse(StoryVersion.objects.known(as_of).exists())
            self.assertEqual(list(StoryVersion.objects.released(as_of)), [first])
        self.assertEqual(list(StoryVersion.objects.known()), [second])
        self.assertEqual(set(StoryVersion.objects.released()), {first, second})

    def test_after_the_newest_is_withdrawn_the_one_before_it_is_shown(self):
        story = make_story()
        first, second = publish_story(story), publish_story(story)
        self.assertEqual(StoryVersion.objects.newest().get(), second)
        second.withdraw(editor())
        self.assertEqual(StoryVersion.objects.newest().get(), first)
        first.withdraw(editor())
        self.assertFalse(StoryVersion.objects.newest().exists())

    def test_of_each_subject_one_version_is_newest(self):
        stories = [make_story() for _ in range(3)]
        for moment in (day(4), day(5), day(6)):
            for story in stories:
                publish_story(story, published_before=moment)
        for as_of, number in ((day(4), 1), (day(5, 18), 2), (None, 3)):
            newest = StoryVersion.objects.newest(as_of)
            self.assertEqual([version.number for version in newest], [number] * 3)

    def test_a_later_filter_does_not_answer_about_the_past(self):
        story = make_story(slug="oud")
        publish_story(story)
        story.slug = "nieuw"
        publish_story(story)
        self.assertFalse(StoryVersion.objects.newest().filter(slug="oud").exists())
        self.assertFalse(StoryVersion.objects.filter(slug="oud").newest().exists())

    def test_it_is_one_query_however_many_there_are(self):
        for count in (1, 4):
            for _ in range(count):
                publish_event()
            with self.assertNumQueries(1):
                list(StoryVersion.objects.newest())
            with self.assertNumQueries(1):
                Edition.objects.showing()

    def test_a_version_that_becomes_due_between_two_looks_at_the_clock_is_no_second_newest(self):
        story = make_story()
        publish_story(story, published_before=day(4))
        second = publish_story(story, release_at=timezone.now() + timedelta(hours=1))
        ticks = [second.published_at + timedelta(seconds=offset) for offset in (-1, 1, 1, 1, 1, 1)]
        with mock.patch("newsroom.publishing.versions.timezone.now", side_effect=ticks):
            self.assertEqual(StoryVersion.objects.newest().count(), 1)


class ShowingTests(TestCase):
    """Of the editions known as of then: for each moment on the ground the one published last, of these the latest."""

    @classmethod
    def setUpTestData(cls):
        cls.map = make_map()

    def holder(self, at=None, as_of=None) -> str:
        edition = self.map.editions.showing(at, as_of)
        return edition.areas.get().party.slug if edition else ""

    def publish(self, situation_at: datetime, holder: str, published_before: datetime, **options) -> Edition:
        return publish_edition(
            self.map, situation_at, [held_by(holder)], published_before=published_before, **options
        )  # fmt: skip

    def test_a_correction_does_not_change_what_was_published_before(self):
        first = self.publish(day(6), RUSSIA, day(6, 18))
        self.publish(day(6), UKRAINE, day(7), kind=Kind.CORRECTION)
        self.assertEqual(self.holder(at=day(6)), UKRAINE)
        self.assertEqual(self.holder(at=day(6), as_of=first.published_at), RUSSIA)

    def test_a_correction_of_an_older_day_leaves_the_newest_day_alone(self):
        self.publish(day(4), RUSSIA, day(4, 18))
        self.publish(day(6), RUSSIA, day(6, 18))
        self.publish(day(4), UKRAINE, day(7))
        self.assertEqual(self.holder(), RUSSIA)
        self.assertEqual(self.holder(at=day(5)), UKRAINE)
        self.assertEqual(self.holder(at=day(5), as_of=day(6, 20)), RUSSIA)

    def test_an_older_day_that_is_added_later_is_shown_only_for_its_time(self):
        self.publish(day(6), RUSSIA, day(6, 18))
        self.publish(day(2), UKRAINE, day(7))
        self.assertEqual(self.holder(at=day(1)), "")
        self.assertEqual(self.holder(at=day(3)), UKRAINE)
        self.assertEqual(self.holder(at=day(3), as_of=day(6, 20)), "")
        self.assertEqual(self.holder(), RUSSIA)

    def test_a_withdrawn_correction_gives_the_day_back_to_the_edition_before_it(self):
        self.publish(day(6), RUSSIA, day(6, 18))
        correction = self.publish(day(6), UKRAINE, day(7))
        correction.withdraw(editor())
        self.assertEqual(self.holder(), RUSSIA)
        self.assertEqual(self.holder(as_of=day(8)), RUSSIA)

    def test_a_withdrawn_day_gives_way_to_the_day_before(self):
        self.publish(day(4), UKRAINE, day(4, 18))
        self.publish(day(6), RUSSIA, day(6, 18)).withdraw(editor())
        self.assertEqual(self.holder(), UKRAINE)
        self.assertEqual(self.holder(at=day(6), as_of=day(6, 20)), UKRAINE)

    def test_a_draft_is_shown_to_nobody(self):
        make_edition(self.map, day(6))
        self.assertEqual(self.holder(), "")
        self.assertFalse(self.map.editions.known().exists())

    def test_the_timeline_has_each_moment_once(self):
        self.publish(day(6), RUSSIA, day(6, 18))
        self.publish(day(4), RUSSIA, day(6, 19))
        self.publish(day(6), UKRAINE, day(7))
        self.assertEqual([edition.number for edition in self.map.editions.timeline()], [2, 3])
        self.assertEqual([edition.number for edition in self.map.editions.timeline(day(6, 18))], [1])
        self.assertEqual([edition.number for edition in self.map.editions.timeline(day(6, 20))], [2, 1])

    def test_another_map_has_its_own(self):
        self.publish(day(6), RUSSIA, day(6, 18))
        other = publish_edition(make_map(), day(6))
        self.assertEqual(other.map.editions.timeline().get(), other)
        self.assertEqual(self.map.editions.timeline().count(), 1)


# A plain model of what readers may see, and random newsrooms that must agree with it.

OPENING = datetime(2022, 4, 6, 6, tzinfo=UTC)
SITUATIONS = [OPENING - timedelta(days=days) for days in (3, 2, 1)]


@dataclass(frozen=True)
class Published:
    number: int
    situation: int
    published_at: datetime
    withdrawn: bool = False


class Newsroom:
    """What a chain of editions must be, in lists."""

    def __init__(self):
        self.versions: list[Published] = []

    def known(self, as_of: datetime, now: datetime) -> list[Published]:
        return [one for one in self.versions if one.published_at <= min(as_of, now) and not one.withdrawn]

    def timeline(self, as_of: datetime, now: datetime) -> list[int]:
        last = {one.situation: one.number for one in self.known(as_of, now)}
        return [last[situation] for situation in sorted(last)]

    def showing(self, at: datetime, as_of: datetime, now: datetime) -> int | None:
        last = {one.situation: one.number for one in self.known(as_of, now) if SITUATIONS[one.situation] <= at}
        return last[max(last)] if last else None

    def is_waiting(self, now: datetime) -> bool:
        return bool(self.versions) and self.versions[-1].published_at > now


minutes = st.integers(1, 600)
actions = st.one_of(
    st.tuples(st.just("publish"), st.integers(0, len(SITUATIONS) - 1), st.none() | minutes),
    st.tuples(st.just("wait"), minutes),
    st.tuples(st.just("take back")),
    st.tuples(st.just("withdraw"), st.integers(0, 5)),
)


class RandomNewsroomTests(PropertyTestCase):
    """Publishes, schedules, corrects, takes back and withdraws at random while the clock moves.

    The clock is the program's: the database's goes on, so its triggers would take every scheduled version for released.
    They are off here, and have tests of their own.
    """

    @examples(25)
    @given(st.lists(actions, min_size=1, max_size=10))
    def test_readers_see_what_a_plain_model_says(self, steps):
        self.map, self.story, self.model = make_map(), make_story(), Newsroom()
        self.area = held_by()
        # What is computed for drawing does not matter here, and takes its time.
        with (
            protection_off(connection),
            mock.patch.object(derived, "prepare"),
            mock.patch.object(derived, "compare_neighbours"),
            time_machine.travel(OPENING, tick=False) as clock,
        ):
            for name, *rest in steps:
                clock.shift(timedelta(seconds=1))
                getattr(self, name.replace(" ", "_"))(clock, *rest)
                self.compare()

    def publish(self, clock, situation: int, delay: int | None) -> None:
        release_at = delay and timezone.now() + timedelta(minutes=delay)
        edition = make_edition(self.map, SITUATIONS[situation], [self.area])
        self.story.changed_by(writer())
        self.story.save()
        try:
            edition.publish(editor(), note="Nieuw.", release_at=release_at)
        except Refused:
            self.assertTrue(self.model.is_waiting(timezone.now()))
            edition.delete()
            with self.assertRaises(Refused):
                publish_story(self.story, release_at=release_at)
            return
        self.assertFalse(self.model.is_waiting(timezone.now()))
        publish_story(self.story, release_at=release_at)
        number = len(self.model.versions) + 1
        self.model.versions.append(Published(number, situation, release_at or timezone.now()))

    def wait(self, clock, time: int) -> None:
        clock.shift(timedelta(minutes=time))

    def take_back(self, clock) -> None:
        editions = self.map.editions.filter(number__isnull=False).order_by("number")
        if self.model.is_waiting(timezone.now()):
            editions.last().take_back()
            self.story.take_back()
            self.model.versions.pop()
        elif last := editions.last():
            for taken in (last, self.story):
                with self.assertRaises(Refused):
                    taken.take_back()

    def withdraw(self, clock, index: int) -> None:
        if index >= len(self.model.versions):
            return
        version = self.model.versions[index]
        both = [self.map.editions.get(number=version.number), self.story.versions.get(number=version.number)]
        if version.withdrawn or version.published_at > timezone.now():
            for one in both:
                with self.assertRaises(Refused):
                    one.withdraw(editor())
            return
        for one in both:
            one.withdraw(editor())
        self.model.versions[index] = replace(version, withdrawn=True)

    def compare(self) -> None:
        now = timezone.now()
        moments = {one.published_at for one in self.model.versions}
        asked = {moment + delta for moment in moments for delta in (timedelta(0), -timedelta(microseconds=1))}
        editions, stories = self.map.editions, StoryVersion.objects
        for as_of in [now, OPENING, now + timedelta(days=1), *asked]:
            known = self.model.known(as_of, now)
            numbers = [one.number for one in known]
            self.assertEqual(list(editions.known(as_of).order_by("number").values_list("number", flat=True)), numbers)
            self.assertEqual(list(stories.known(as_of).order_by("number").values_list("number", flat=True)), numbers)
            self.assertEqual(list(stories.newest(as_of).values_list("number", flat=True)), numbers[-1:])
            self.assertEqual(
                list(editions.timeline(as_of).values_list("number", flat=True)), self.model.timeline(as_of, now)
            )
            for at in [*SITUATIONS, SITUATIONS[0] - timedelta(days=1), now]:
                shown = editions.showing(at, as_of)
                self.assertEqual(shown and shown.number, self.model.showing(at, as_of, now))
