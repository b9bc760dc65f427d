"""Several people at once, each with a connection of their own: whole versions or clear refusals, never torn ones."""

import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event

import pytest
from django.db import connection, connections, transaction
from django.test import TransactionTestCase
from django.utils import timezone, translation

from articles.models import Story, StoryVersion, Text
from mapdata.models import Edition
from newsroom.publishing import Kind, Refused
from newsroom.publishing.public_changes import PublicChange
from newsroom.publishing.verification import verify
from tests.makers import (
    EAST,
    day,
    editor,
    held_by,
    make_edition,
    make_map,
    make_story,
    make_user,
    publish_edition,
    publish_story,
    writer,
)

PEOPLE = 5


pytestmark = pytest.mark.usefixtures("english")


def at_once(*acts: Callable[[], object]) -> list:
    """Do all at the same moment, each in a thread; what each gave back, or the Refused that it raised."""
    start = Barrier(len(acts))

    def run(act):
        try:
            with translation.override("en"):
                connection.ensure_connection()
                start.wait(timeout=20)
                return act()
        except Refused as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


class ConcurrencyTestCase(TransactionTestCase):
    def setUp(self):
        self.people = [make_user() for _ in range(PEOPLE)]
        writer(), editor()

    def assert_whole(self) -> None:
        report = verify(connection)
        self.assertEqual([str(link) for link in report.broken], [])


class PublishingTests(ConcurrencyTestCase):
    def test_of_those_who_publish_the_same_draft_at_once_one_does(self):
        story = make_story()

        def publish(person):
            return lambda: Story.objects.get(pk=story.pk).publish(person, kind=Kind.FIRST, revision=0)

        results = at_once(*[publish(person) for person in self.people])
        refusals = [result for result in results if isinstance(result, Refused)]
        self.assertEqual(len(refusals), PEOPLE - 1)
        for refusal in refusals:
            self.assertIn("Nothing has changed", str(refusal))
        self.assertEqual(StoryVersion.objects.get().number, 1)
        self.assertEqual(PublicChange.objects.count(), 1)
        self.assert_whole()

    def test_of_those_who_publish_the_same_edition_at_once_one_does(self):
        edition = make_edition()

        def publish(person):
            return lambda: Edition.objects.get(pk=edition.pk).publish(person)

        results = at_once(*[publish(person) for person in self.people])
        self.assertEqual(sum(isinstance(result, Refused) for result in results), PEOPLE - 1)
        self.assertEqual(Edition.objects.known().get().number, 1)
        self.assert_whole()

    def test_editions_of_one_map_that_are_published_at_once_get_a_number_each(self):
        map_ = make_map()
        editions = [make_edition(map_, day(number + 1)) for number in range(PEOPLE)]

        def publish(edition, person):
            return lambda: Edition.objects.get(pk=edition.pk).publish(person, note="Nieuw.").number

        numbers = at_once(*[publish(*pair) for pair in zip(editions, self.people, strict=True)])
        self.assertEqual(sorted(numbers), list(range(1, PEOPLE + 1)))
        self.assertEqual(Edition.objects.filter(kind=Kind.FIRST).count(), 1)
        self.assert_whole()

    def test_different_stories_do_not_get_in_each_others_way(self):
        stories = [make_story() for _ in range(PEOPLE)]

        def publish_three_times(story, person):
            def act():
                for _ in range(3):
                    publish_story(Story.objects.get(pk=story.pk), person)

            return act

        at_once(*[publish_three_times(*pair) for pair in zip(stories, self.people, strict=True)])
        self.assertEqual(StoryVersion.objects.count(), 3 * PEOPLE)
        self.assertEqual({version.number for version in StoryVersion.objects.newest()}, {3})
        self.assert_whole()

    def test_a_version_holds_all_of_what_somebody_saves_at_that_moment_or_nothing(self):
        story = make_story(headline="0", blocks=["0"])
        text = Text.objects.get()
        publish_story(story)

        def save_both():
            """As the desk does: the story first, then its blocks, in one transaction."""
            for number in range(1, 9):
                with transaction.atomic():
                    draft = Story.objects.get(pk=story.pk)
                    draft.changed_by(writer())
                    draft.headline = str(number)
                    draft.save()
                    time.sleep(0.01)
                    Text.objects.filter(pk=text.pk).update(text=f"<p>{number}</p>")

        def publish():
            published = 0
            for _ in range(12):
                try:
                    Story.objects.get(pk=story.pk).publish(editor(), kind=Kind.UPDATE)
                    published += 1
                except Refused:
                    time.sleep(0.005)
            return published

        _saved, published = at_once(save_both, publish)
        self.assertGreater(published, 0)
        for version in StoryVersion.objects.all():
            headline, html = version.content["headline"], version.content["blocks"][0]["html"]
            self.assertEqual(html, f"<p>{headline}</p>")
        self.assert_whole()

    def test_ground_given_while_an_edition_is_published_is_in_it_or_refused(self):
        edition = make_edition(areas=[held_by()])
        revision = edition.revision

        def give():
            Edition.objects.get(pk=edition.pk).set_areas([held_by("oekraine", EAST)])

        def publish():
            return Edition.objects.get(pk=edition.pk).publish(editor(), revision=revision)

        gave, published = at_once(give, publish)
        self.assertEqual(sum(isinstance(result, Refused) for result in (gave, published)), 1)
        self.assert_whole()


class OtherStepsTests(ConcurrencyTestCase):
    def test_of_those_who_withdraw_at_once_one_does(self):
        version = publish_story()

        def withdraw(person):
            return lambda: StoryVersion.objects.get(pk=version.pk).withdraw(person, person.username)

        results = at_once(*[withdraw(person) for person in self.people])
        self.assertEqual(sum(isinstance(result, Refused) for result in results), PEOPLE - 1)
        version.refresh_from_db()
        self.assertEqual(version.withdrawal_note, version.withdrawn_by.username)

    def test_of_those_who_take_back_at_once_one_does(self):
        story = make_story()
        publish_story(story, release_at=timezone.now() + timedelta(hours=1))
        results = at_once(*[lambda: Story.objects.get(pk=story.pk).take_back()] * PEOPLE)
        self.assertEqual(sum(isinstance(result, Refused) for result in results), PEOPLE - 1)
        self.assertEqual(publish_story(Story.objects.get(pk=story.pk)).number, 1)
        self.assert_whole()

    def test_of_taking_back_and_publishing_at_once_neither_tears_the_other(self):
        story = make_story()
        publish_story(story)
        publish_story(story, release_at=timezone.now() + timedelta(hours=1))

        def publish():
            return publish_story(Story.objects.get(pk=story.pk)).number

        taken, published = at_once(lambda: Story.objects.get(pk=story.pk).take_back(), publish)
        self.assertIsNone(taken)
        if isinstance(published, Refused):
            self.assertIn("waits for its release", str(published))
            self.assertEqual(publish_story(Story.objects.get(pk=story.pk)).number, 2)
        self.assertEqual(story.versions.count(), 2)
        self.assert_whole()

    def test_changes_made_at_once_are_all_counted(self):
        story = make_story()

        def change(person):
            def act():
                for _ in range(4):
                    with transaction.atomic():
                        draft = Story.objects.get(pk=story.pk)
                        draft.changed_by(person)
                        draft.save()

            return act

        at_once(*[change(person) for person in self.people])
        story.refresh_from_db()
        self.assertEqual(story.revision, 4 * PEOPLE)

    def test_whoever_submits_while_another_saves_loses_nothing_of_it(self):
        story = make_story(headline="Oud")

        def save():
            with transaction.atomic():
                draft = Story.objects.get(pk=story.pk)
                draft.changed_by(writer())
                draft.headline = "Nieuw"
                time.sleep(0.05)
                draft.save()

        at_once(save, *[lambda: Story.objects.get(pk=story.pk).submit()] * 3)
        story.refresh_from_db()
        self.assertEqual((story.headline, story.revision), ("Nieuw", 1))


class TokenTests(ConcurrencyTestCase):
    def test_one_word_never_names_two_states_of_the_site(self):
        """Also when a transaction that began first is the last to become visible."""
        map_ = make_map()
        publish_edition(map_, day(1))
        stories = [make_story() for _ in range(PEOPLE - 1)]
        done = Event()
        seen = defaultdict(set)

        def publish(story, person, pause):
            def act():
                for _ in range(4):
                    with transaction.atomic():
                        version = publish_story(Story.objects.get(pk=story.pk), person)
                        time.sleep(pause)
                    version.withdraw(person)

            return act

        def look():
            while not done.is_set():
                token = PublicChange.token()
                visible = frozenset(StoryVersion.objects.known().values_list("pk", flat=True))
                if PublicChange.token() == token:
                    seen[token].add(visible)

        acts = [publish(*pair, 0.01 * index) for index, pair in enumerate(zip(stories, self.people, strict=False))]
        with ThreadPoolExecutor(1) as pool:
            looking = pool.submit(lambda: (look(), connections.close_all()))
            try:
                at_once(*acts)
            finally:
                done.set()
            looking.result(timeout=30)
        self.assertGreater(len(seen), 3)
        for token, states in seen.items():
            self.assertEqual(len(states), 1, token)
