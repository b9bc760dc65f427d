"""From draft to version: what publishing writes, and what it refuses."""

from datetime import UTC, timedelta
from unittest import mock

import pytest
import time_machine
from django.test import TestCase, override_settings
from django.utils import timezone

from articles.models import Story, StoryVersion, Text
from newsroom.publishing import Kind, Refused, Stage
from newsroom.publishing.public_changes import PublicChange
from tests.makers import (
    EAST,
    day,
    editor,
    held_by,
    make_edition,
    make_event,
    make_map,
    make_quote,
    make_story,
    make_user,
    publish_edition,
    publish_event,
    publish_story,
    writer,
)

pytestmark = pytest.mark.usefixtures("english")


class VersionTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.story = make_story(headline="Dag 42", blocks=["Het is dag 42.", make_quote()])

    def test_a_version_says_everything_that_was_published(self):
        before = timezone.now()
        version = self.story.publish(editor(), kind=Kind.FIRST, note=" Nieuw. ", note_en="New.")
        self.assertEqual(version.number, 1)
        self.assertEqual((version.kind, version.note, version.note_en), (Kind.FIRST, "Nieuw.", "New."))
        self.assertEqual((version.written_by, version.published_by), (writer(), editor()))
        self.assertTrue(before <= version.published_at <= timezone.now())
        self.assertEqual(version.content["headline"], "Dag 42")
        self.assertEqual([block["type"] for block in version.content["blocks"]], ["text", "quote"])
        self.assertEqual(version.previous_digest, "")

    def test_a_version_stays_as_it_was_when_its_draft_changes(self):
        version = publish_story(self.story)
        self.story.headline = "Dag 43"
        Text.objects.filter(parent=self.story).update(text="<p>Anders.</p>")
        second = publish_story(self.story, kind=Kind.CORRECTION, note="Het was dag 43.")
        version.refresh_from_db()
        self.assertEqual(version.content["headline"], "Dag 42")
        self.assertEqual(version.content["blocks"][0]["html"], "<p>Het is dag 42.</p>")
        self.assertEqual(second.content["blocks"][0]["html"], "<p>Anders.</p>")

    def test_versions_are_a_chain(self):
        versions = [publish_story(self.story) for _ in range(3)]
        self.assertEqual([version.number for version in versions], [1, 2, 3])
        for before, version in zip(versions, versions[1:], strict=False):
            self.assertEqual(version.previous_digest, before.digest)
            self.assertGreater(version.published_at, before.published_at)
        for version in versions:
            version.refresh_from_db()
            self.assertEqual(version.digest, version.computed_digest())

    def test_a_digest_covers_microseconds(self):
        moment = day(6).replace(microsecond=123_456)
        version = publish_story(self.story, published_before=moment)
        version.refresh_from_db()
        self.assertEqual(version.published_at, moment)
        self.assertEqual(version.digest, version.computed_digest())
        self.assertEqual(version.published_at.astimezone(UTC).isoformat(), "2022-04-06T12:00:00.123456+00:00")

    def test_two_versions_of_the_same_words_have_different_digests(self):
        first, second = publish_story(self.story), publish_story(self.story)
        self.assertEqual(first.content, second.content)
        self.assertNotEqual(first.digest, second.digest)

    def test_what_cannot_be_stored_is_refused_before_anything_is_written(self):
        with (
            mock.patch.object(Story, "content", return_value={"headline": "a\0"}),
            self.assertRaisesMessage(Refused, "cannot be stored"),
        ):
            publish_story(self.story)
        self.assertFalse(StoryVersion.objects.exists())
        self.assertFalse(PublicChange.objects.exists())

    def test_publishing_leaves_the_draft_without_changes(self):
        self.story.submit()
        publish_story(self.story)
        self.story.refresh_from_db()
        self.assertFalse(self.story.has_changes)
        self.assertEqual(self.story.stage, Stage.DRAFT)


class RefusalTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.story = make_story()

    def test_every_reason_is_given_at_once(self):
        self.story.authors.clear()
        self.story.blocks()[0].delete()
        with self.assertRaises(Refused) as caught:
            publish_story(self.story)
        self.assertEqual(len(caught.exception.reasons), 2)
        self.assertFalse(StoryVersion.objects.exists())

    def test_a_quote_without_attribution_is_refused_and_its_block_is_named(self):
        story = make_story(blocks=["Het is dag 42.", make_quote(speaker=None), make_quote(said_at=None, source=None)])
        with self.assertRaises(Refused) as caught:
            publish_story(story)
        self.assertEqual(len(caught.exception.reasons), 2)
        self.assertIn("Block 2", caught.exception.reasons[0])
        self.assertIn("speaker", caught.exception.reasons[0])
        self.assertIn("Block 3", caught.exception.reasons[1])
        self.assertIn("day and no source", caught.exception.reasons[1])

    def test_the_first_version_is_a_first_publication(self):
        for kind in set(Kind) - {Kind.FIRST}:
            with self.assertRaisesMessage(Refused, "first publication"):
                publish_story(self.story, kind=kind)

    def test_a_later_version_says_what_kind_of_change_it_is(self):
        publish_story(self.story)
        with self.assertRaisesMessage(Refused, "published before"):
            publish_story(self.story, kind=Kind.FIRST)

    def test_a_correction_tells_readers_what_was_wrong(self):
        publish_story(self.story)
        for kind in (Kind.CORRECTION, Kind.CLARIFICATION, Kind.RETRACTION):
            with self.assertRaisesMessage(Refused, "what was wrong"):
                publish_story(self.story, kind=kind, note="  ")
            publish_story(self.story, kind=kind, note="De dag klopte niet.")

    def test_a_draft_without_changes_is_not_published_again(self):
        publish_story(self.story)
        for act in (lambda: self.story.publish(editor(), kind=Kind.UPDATE), self.story.submit):
            with self.assertRaisesMessage(Refused, "Nothing has changed"):
                act()

    def test_a_changed_quote_is_a_change_of_the_story_that_places_it(self):
        quote = make_quote()
        story = make_story(blocks=[quote])
        publish_story(story)
        quote.text = "Dit wordt dé cruciale fase."
        quote.save()
        self.assertFalse(story.has_changes)
        self.assertTrue(story.says_something_new())
        story.submit()
        version = story.publish(editor(), kind=Kind.CORRECTION, note="Het citaat was onvolledig.")
        self.assertEqual(version.content["blocks"][0]["text"], quote.text)

    def test_a_release_time_lies_in_the_future(self):
        with self.assertRaisesMessage(Refused, "in the past"):
            publish_story(self.story, release_at=timezone.now() - timedelta(seconds=1))

    def test_what_was_published_elsewhere_comes_before_nothing_that_is_here(self):
        publish_story(self.story, published_before=day(6))
        with self.assertRaisesMessage(Refused, "later than that"):
            publish_story(self.story, published_before=day(5))
        self.assertEqual(publish_story(self.story, published_before=day(7)).number, 2)

    def test_an_edition_without_ground_or_source_or_in_the_future_is_refused(self):
        edition = make_edition(situation_at=timezone.now() + timedelta(days=1), areas=[])
        edition.sources.clear()
        with self.assertRaises(Refused) as caught:
            edition.publish(editor())
        self.assertEqual(len(caught.exception.reasons), 3)

    def test_an_edition_is_published_once(self):
        edition = publish_edition()
        with self.assertRaisesMessage(Refused, "published already"):
            edition.publish(editor())
        with self.assertRaisesMessage(Refused, "published"):
            edition.set_areas([held_by("oekraine", EAST)])


class TwoPersonsTests(TestCase):
    """Publishing takes a second person, unless SINGLE_EDITOR=1."""

    def test_nobody_publishes_what_they_wrote(self):
        for subject in (make_story(), make_event(), make_edition()):
            with self.subTest(subject=subject), self.assertRaisesMessage(Refused, "takes a second person"):
                subject.publish(writer())

    @override_settings(SINGLE_EDITOR=True)
    def test_a_single_editor_does(self):
        self.assertEqual(make_story().publish(writer()).published_by, writer())
        self.assertEqual(make_event().publish(writer()).published_by, writer())
        self.assertEqual(make_edition().publish(writer()).published_by, writer())

    def test_whoever_begins_the_next_version_wrote_it(self):
        story = make_story()
        publish_story(story)
        story.changed_by(editor())
        story.save()
        with self.assertRaisesMessage(Refused, "takes a second person"):
            story.publish(editor(), kind=Kind.UPDATE)
        other = make_user("third")
        self.assertEqual(story.publish(other, kind=Kind.UPDATE).written_by, editor())

    def test_whoever_adds_to_it_did_not_begin_it(self):
        story = make_story()
        story.changed_by(editor())
        story.save()
        version = story.publish(make_user("third"))
        self.assertEqual(version.written_by, writer())
        self.assertEqual(version.contributors, [writer().pk, editor().pk])

    def test_it_is_decided_by_the_draft_in_the_database(self):
        story = make_story()
        publish_story(story)
        stale = Story.objects.get(pk=story.pk)
        story.changed_by(editor())
        story.save()
        with self.assertRaisesMessage(Refused, "takes a second person"):
            stale.publish(editor(), kind=Kind.UPDATE)


class ScheduleTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.story = make_story(headline="Onder embargo")

    def setUp(self):
        self.release = timezone.now() + timedelta(hours=2)

    def test_it_is_written_in_full_and_read_when_its_moment_comes(self):
        version = publish_story(self.story, release_at=self.release)
        self.assertTrue(version.is_pending)
        self.assertEqual(version.content["headline"], "Onder embargo")
        self.assertFalse(StoryVersion.objects.known().exists())
        with time_machine.travel(self.release, tick=False):
            self.assertEqual(StoryVersion.objects.known().get(), version)

    def test_it_blocks_its_chain_until_then(self):
        publish_story(self.story, release_at=self.release)
        with self.assertRaisesMessage(Refused, "waits for its release"):
            publish_story(self.story)
        edition = publish_edition(release_at=self.release)
        with self.assertRaisesMessage(Refused, "waits for its release"):
            publish_edition(edition.map)

    def test_it_blocks_no_other_chain(self):
        publish_story(self.story, release_at=self.release)
        publish_edition(make_map(), release_at=self.release)
        publish_story()
        publish_edition()

    def test_taken_back_it_is_in_the_draft_and_in_review(self):
        publish_story(self.story)
        publish_story(self.story, release_at=self.release)
        self.story.take_back()
        self.story.refresh_from_db()
        self.assertEqual(self.story.stage, Stage.IN_REVIEW)
        self.assertTrue(self.story.has_changes)
        self.assertEqual(publish_story(self.story).number, 2)

    def test_taken_back_after_a_further_change_it_stays_with_whoever_changes_it(self):
        publish_story(self.story, release_at=self.release)
        self.story.changed_by(writer())
        self.story.save()
        self.story.take_back()
        self.assertEqual(self.story.stage, Stage.DRAFT)

    def test_nothing_scheduled_is_nothing_to_take_back(self):
        publish_story(self.story)
        with self.assertRaisesMessage(Refused, "Nothing is scheduled"):
            self.story.take_back()

    def test_an_edition_that_is_taken_back_is_a_draft_with_its_ground(self):
        edition = publish_edition(areas=[held_by(), held_by("oekraine", EAST)], release_at=self.release)
        edition.take_back()
        self.assertTrue(edition.is_draft)
        self.assertEqual((edition.number, edition.content, edition.digest), (None, {}, ""))
        self.assertEqual(edition.areas.count(), 2)
        edition.publish(editor())
        with self.assertRaisesMessage(Refused, "published already"):
            edition.take_back()

    def test_a_released_version_is_not_taken_back(self):
        version = publish_story(self.story)
        with self.assertRaisesMessage(Refused, "published already"):
            version.take_back()


class WithdrawalTests(TestCase):
    def test_it_says_who_when_and_why(self):
        for version in (publish_story(), publish_event(), publish_edition()):
            with self.subTest(version=version):
                version.withdraw(editor(), "De rechter verbood het.")
                stored = type(version).objects.get(pk=version.pk)
                self.assertEqual(stored.withdrawn_at, version.withdrawn_at)
                self.assertEqual(stored.withdrawn_by, editor())
                self.assertEqual(stored.withdrawal_note, "De rechter verbood het.")
                self.assertEqual(stored.digest, stored.computed_digest())

    def test_it_happens_once(self):
        version = publish_story()
        stale = StoryVersion.objects.get(pk=version.pk)
        version.withdraw(editor())
        for copy in (version, stale):
            with self.assertRaisesMessage(Refused, "withdrawn already"):
                copy.withdraw(editor())
        self.assertIsNone(stale.withdrawn_at)

    def test_the_next_version_continues_the_chain(self):
        story = make_story()
        publish_story(story).withdraw(editor())
        self.assertEqual(publish_story(story).number, 2)

    def test_the_same_words_are_not_published_again_unless_somebody_saves_them(self):
        story = make_story()
        publish_story(story).withdraw(editor())
        with self.assertRaisesMessage(Refused, "Nothing has changed"):
            story.publish(editor(), kind=Kind.UPDATE)


class RevisionTests(TestCase):
    """An editor publishes what they read; nobody writes over what somebody else decided."""

    @classmethod
    def setUpTestData(cls):
        cls.story = make_story()

    def test_what_was_changed_after_it_was_opened_is_not_published(self):
        opened = self.story.revision
        self.story.changed_by(writer())
        self.story.save()
        with self.assertRaisesMessage(Refused, "after you opened it"):
            self.story.publish(editor(), revision=opened)
        self.assertEqual(self.story.publish(editor(), revision=self.story.revision).number, 1)

    def test_so_it_is_for_editions(self):
        edition = make_edition()
        opened = edition.revision
        edition.set_areas([held_by("oekraine", EAST)])
        with self.assertRaisesMessage(Refused, "after you opened it"):
            edition.publish(editor(), revision=opened)

    def test_changes_are_counted_in_the_database(self):
        one, other = Story.objects.get(pk=self.story.pk), Story.objects.get(pk=self.story.pk)
        for copy in (one, other):
            copy.changed_by(writer())
            copy.save()
        self.story.refresh_from_db()
        self.assertEqual(self.story.revision, 2)

    def test_a_save_does_not_undo_what_was_decided_since_it_was_opened(self):
        opened = Story.objects.get(pk=self.story.pk)
        publish_story(self.story)
        opened.standfirst = "Nieuw."
        opened.changed_by(editor())
        opened.save()
        opened.refresh_from_db()
        self.assertEqual(opened.published_revision, 0)
        self.assertEqual(opened.written_by, editor())
        opened.submit()
        again = Story.objects.get(pk=self.story.pk)
        again.changed_by(writer())
        again.save()
        again.refresh_from_db()
        self.assertEqual(again.stage, Stage.IN_REVIEW)

    def test_submitting_and_sending_back_write_nothing_else(self):
        stale = Story.objects.get(pk=self.story.pk)
        self.story.headline = "Beter"
        self.story.changed_by(writer())
        self.story.save()
        stale.submit()
        stale.send_back()
        self.story.refresh_from_db()
        self.assertEqual((self.story.headline, self.story.revision), ("Beter", 1))


class TokenTests(TestCase):
    """Whoever keeps a page asks by this word whether it is still what readers should see."""

    def test_it_changes_with_every_publication_and_withdrawal(self):
        tokens = [PublicChange.token()]
        story = make_story()
        tokens.append(PublicChange.token())
        self.assertEqual(tokens[0], tokens.pop())
        version = publish_story(story)
        tokens.append(PublicChange.token())
        publish_event()
        tokens.append(PublicChange.token())
        publish_edition()
        tokens.append(PublicChange.token())
        version.withdraw(editor())
        tokens.append(PublicChange.token())
        self.assertEqual(len(set(tokens)), len(tokens))

    def test_it_changes_when_a_scheduled_version_is_due_although_others_came_between(self):
        release = timezone.now() + timedelta(hours=1)
        publish_story(release_at=release)
        publish_story()
        before = PublicChange.token()
        with time_machine.travel(release - timedelta(seconds=1), tick=False):
            self.assertEqual(PublicChange.token(), before)
        with time_machine.travel(release, tick=False):
            self.assertNotEqual(PublicChange.token(), before)

    def test_what_was_published_long_ago_elsewhere_is_a_change_now(self):
        publish_story()
        before = PublicChange.token()
        publish_story(published_before=day(6))
        self.assertNotEqual(PublicChange.token(), before)

    def test_it_is_one_query(self):
        with self.assertNumQueries(1):
            PublicChange.token()
