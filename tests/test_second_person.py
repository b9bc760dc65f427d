"""Nobody takes over a colleague's story, and nobody publishes words that they alone have read.

Each test is a way round that somebody might try (docs/decisions/0008-every-word-is-read-by-a-second-person.md).
"""

from datetime import timedelta

from django.apps import apps
from django.contrib import messages
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import override_settings
from django.utils import timezone
from shapely import box

from articles.models import Story
from mapdata.ground.areas import Holding
from mapdata.models import Edition, Event, drafting
from newsroom.desk.archiving import keep
from newsroom.migrations._contributors import note_on_drafts
from newsroom.publishing import Refused, Stage
from newsroom.publishing.immutability import protection_off
from tests.makers import (
    make_author,
    make_edition,
    make_event,
    make_image,
    make_quote,
    make_source,
    make_story,
    make_user,
    publish,
    publish_edition,
    publish_event,
)
from tests.test_desk_publishing import DeskTestCase, address


class SecondPersonCase(DeskTestCase):
    """Vera reports; Emma and Eric are editors. Everything is done at the desk, as they would."""

    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.colleague = make_user("ruben", groups=["reporter"])
        cls.other_editor = make_user("eric", groups=["editor"])

    def change(self, user, obj, **data):
        self.client.force_login(user)
        return self.client.post(address(obj, "change"), self.opened(obj) | data)

    def step(self, user, obj, name: str):
        self.client.force_login(user)
        return self.client.post(address(obj, name))

    def may_write(self, user, obj) -> bool:
        self.client.force_login(user)
        return self.client.post(address(obj, "change")).status_code == 200

    def publishes(self, user, obj, **data) -> bool:
        """Whether this person can publish it now; and then it is."""
        self.client.force_login(user)
        kinds = {"kind": "update"} if type(obj)._meta.label != "mapdata.Edition" and obj.versions.exists() else {}
        return self.publish(obj, **(kinds | data)).status_code == 302


class WhoseDraftTests(SecondPersonCase):
    """A story is its author's; whoever changes a record that it shows does not become its writer."""

    def test_a_changed_quote_does_not_make_a_story_somebody_elses(self):
        quote = make_quote()
        story = make_story(blocks=[quote], written_by=self.reporter)
        publish(story, by=self.editor)
        self.change(self.colleague, quote, text="Wat hij echt zei.")
        story.refresh_from_db()
        self.assertTrue(story.has_changes)
        self.assertEqual(story.written_by, self.reporter)
        self.assertFalse(self.may_write(self.colleague, story))
        self.assertTrue(self.may_write(self.reporter, story))

    def test_neither_does_a_changed_source(self):
        source = make_source()
        story = make_story(blocks=[make_quote(source=source)], written_by=self.reporter)
        publish(story, by=self.editor)
        self.change(self.colleague, source, title="Een andere titel")
        story.refresh_from_db()
        self.assertTrue(story.has_changes)
        self.assertFalse(self.may_write(self.colleague, story))
        self.assertEqual(self.client.post(address(story, "delete"), {"post": "yes"}).status_code, 403)

    def test_a_copy_in_an_archive_makes_it_nobody_elses(self):
        source = make_source(url="https://example.org/1")
        story = make_story(blocks=[make_quote(source=source)], written_by=self.reporter)
        publish(story, by=self.editor)
        keep(source, "https://archive.example/1", "")
        story.refresh_from_db()
        self.assertTrue(story.has_changes)
        self.assertEqual(story.written_by, self.reporter)
        self.assertTrue(self.publishes(self.editor, story))


class PublishingTests(SecondPersonCase):
    def test_an_editor_who_rewrote_a_reporters_story_does_not_publish_it_alone(self):
        story = make_story(written_by=self.reporter)
        self.step(self.reporter, story, "submit")
        words = {"headline": "Alles anders", "articles_text_set-0-text": "<p>Elk woord is nieuw.</p>"}
        self.change(self.editor, story, **words)
        self.assertFalse(self.publishes(self.editor, story))
        self.assertFalse(story.versions.exists())
        self.assertTrue(self.publishes(self.other_editor, story))
        self.assertEqual(story.versions.get().contributors, [self.reporter.pk, self.editor.pk])

    def test_the_reporter_reads_it_by_handing_it_in_again(self):
        story = make_story(written_by=self.reporter, stage=Stage.IN_REVIEW)
        self.change(self.editor, story, headline="Alles anders")
        self.step(self.editor, story, "send_back")
        self.step(self.reporter, story, "submit")
        self.assertTrue(self.publishes(self.editor, story))

    def test_nobody_has_read_what_came_in_while_they_had_it_open(self):
        quote = make_quote()
        story = make_story(blocks=[quote], written_by=self.reporter)
        self.client.force_login(self.reporter)
        open_for_an_hour = self.opened(story) | {"standfirst": "Een uur later."}
        words = {"text": "Van de eindredacteur.", "said_at_0": "5-4-2022", "said_at_1": "12:00"}
        self.change(self.editor, quote, **words)
        self.client.force_login(self.reporter)
        response = self.save(story, open_for_an_hour, "_submit")
        story.refresh_from_db()
        self.assertEqual((story.standfirst, story.stage), ("Een uur later.", Stage.IN_REVIEW))
        self.assertIn(messages.WARNING, [message.level for message in response.wsgi_request._messages])
        self.assertFalse(self.publishes(self.editor, story))
        self.step(self.editor, story, "send_back")
        self.step(self.reporter, story, "submit")
        self.assertTrue(self.publishes(self.editor, story))

    def test_nor_what_was_drawn_while_they_looked_at_the_change_sheet(self):
        edition = make_edition(written_by=self.other_editor)
        self.client.force_login(self.other_editor)
        page = self.client.get(address(edition, "sheet"))
        seen = page.context["original"].state
        self.assertContains(page, f'name="seen" value="{seen}"')
        drafting.give(edition, box(37, 47, 37.5, 48), Holding("rusland", "contested"), self.editor)
        self.client.post(address(edition, "submit"), {"seen": seen})
        self.assertFalse(self.publishes(self.editor, edition))
        self.client.post(address(edition, "submit"), {"seen": Edition.objects.get(pk=edition.pk).state})
        self.client.force_login(self.other_editor)
        self.client.post(address(edition, "submit"), {"seen": Edition.objects.get(pk=edition.pk).state})
        self.assertTrue(self.publishes(self.editor, edition))

    def test_handing_in_what_one_wrote_oneself_is_not_reading(self):
        story = make_story(written_by=self.reporter)
        self.change(self.editor, story, headline="Alles anders")
        self.step(self.editor, story, "submit")
        self.assertFalse(self.publishes(self.editor, story))

    def test_what_is_changed_after_somebody_read_it_is_read_again(self):
        story = make_story(written_by=self.editor)
        self.step(self.other_editor, story, "submit")
        self.change(self.editor, story, headline="Nog even anders")
        self.assertFalse(self.publishes(self.editor, story))

    def test_an_editor_publishes_what_others_wrote_however_many_they_are(self):
        story = make_story(written_by=self.reporter)
        self.change(self.other_editor, story, headline="Van Eric")
        self.assertTrue(self.publishes(self.editor, story))
        self.assertEqual(story.versions.get().written_by, self.reporter)

    def test_a_colleague_who_mends_a_source_has_not_read_the_story(self):
        source = make_source()
        story = make_story(blocks=["Van Emma.", make_quote(source=source)], written_by=self.editor)
        self.change(self.colleague, source, title="Zonder tikfout")
        self.assertFalse(self.publishes(self.editor, story))

    def test_words_come_into_a_draft_through_the_records_that_it_shows(self):
        source, image, author = make_source(), make_image(), make_author("Anna")
        quote = make_quote(source=source)
        for record, words in (
            (quote, {"text": "Iets anders.", "said_at_0": "5-4-2022", "said_at_1": "12:00"}),
            (source, {"title": "Iets anders"}),
            (image, {"caption": "Iets anders"}),
            (quote.speaker, {"role_nl": "iemand anders"}),
            (author, {"name": "Iemand anders"}),
        ):
            for published in (False, True):
                with self.subTest(record=record, published=published):
                    story = make_story(blocks=[quote], lead_image=image, author=author, written_by=self.reporter)
                    if published:
                        publish(story, by=self.other_editor)
                    else:
                        self.step(self.reporter, story, "submit")
                    self.change(
                        self.editor,
                        record,
                        **words | {name: f"{word} {published}" for name, word in words.items() if "said" not in name},
                    )
                    self.assertFalse(self.publishes(self.editor, story))
                    self.assertTrue(self.publishes(self.other_editor, story))

    def test_so_it_is_for_an_event_and_for_an_edition(self):
        source = make_source()
        for draft in (
            make_event(source=source, written_by=self.reporter),
            make_edition(source=source, written_by=self.reporter),
        ):
            with self.subTest(draft=draft):
                self.change(self.editor, source, title=f"Anders {draft.pk} {draft._meta.label}")
                self.assertFalse(self.publishes(self.editor, draft))
                self.step(self.other_editor, draft, "submit")
                self.assertTrue(self.publishes(self.editor, draft))

    def test_an_editor_who_redrew_an_edition_does_not_publish_it_alone(self):
        edition = make_edition(written_by=self.reporter)
        drafting.give(
            Edition.objects.get(pk=edition.pk), box(37, 47, 37.5, 48), Holding("rusland", "contested"), self.editor
        )
        self.assertFalse(self.publishes(self.editor, edition))
        undone = make_edition(written_by=self.reporter)
        drafting.give(undone, box(37, 47, 37.5, 48), Holding("rusland", "contested"), self.other_editor)
        drafting.undo(Edition.objects.get(pk=undone.pk), self.editor)
        self.assertFalse(self.publishes(self.editor, undone))

    def test_an_editor_who_dates_an_edition_otherwise_does_not_publish_it_alone(self):
        edition = make_edition(written_by=self.reporter)
        self.change(self.editor, edition, situation_at_0="2022-04-05", situation_at_1="12:00")
        edition.refresh_from_db()
        self.assertEqual(edition.contributors, [self.reporter.pk, self.editor.pk])
        self.assertFalse(self.publishes(self.editor, edition))

    def test_what_was_scheduled_and_taken_back_is_read_again(self):
        release = {"release_at": f"{timezone.localtime() + timedelta(hours=2):%Y-%m-%dT%H:%M}"}
        for draft in (make_story(written_by=self.editor), make_edition(written_by=self.editor)):
            with self.subTest(draft=draft):
                self.assertTrue(self.publishes(self.other_editor, draft, **release))
                self.step(self.editor, draft, "take_back")
                self.assertFalse(self.publishes(self.editor, draft))
                self.assertTrue(self.publishes(self.other_editor, draft))

    def test_so_is_what_was_scheduled_before_contributors_were_noted(self):
        later = timezone.now() + timedelta(hours=2)
        story, edition = make_story(written_by=self.editor), make_edition(written_by=self.editor)
        for draft in (story, edition):
            draft.publish(self.other_editor, note="Nieuw.", release_at=later)
        with protection_off(connection):
            story.versions.update(contributors=[])
            Edition.objects.update(contributors=[])
        for draft in (story, edition):
            with self.subTest(draft=draft):
                self.step(self.editor, draft, "take_back")
                self.assertFalse(self.publishes(self.editor, draft))

    def test_the_page_names_who_changed_it_and_says_why_not(self):
        story = make_story(written_by=self.reporter)
        self.change(self.editor, story, headline="Alles anders")
        page = self.client.get(address(story, "publish"))
        self.assertEqual([str(person) for person in page.context["contributors"]], ["vera", "emma"])
        self.assertEqual(len(page.context["problems"]), 1)

    @override_settings(SINGLE_EDITOR=True)
    def test_a_single_editor_publishes_and_withdraws_what_they_wrote(self):
        story = make_story(written_by=self.editor)
        self.assertTrue(self.publishes(self.editor, story))
        story.versions.get().withdraw(self.editor, "Een lek.")

    def test_events_that_were_imported_are_their_importers(self):
        made = make_event()
        # As an import writes them: many at once, without saving each.
        made.pk, made.contributors, made.unchecked = None, [], []
        for name, value in Event.begun_by(self.editor).items():
            setattr(made, name, value)
        Event.objects.bulk_create([made])
        imported = Event.objects.latest("pk")
        imported.sources.add(make_source())
        self.assertFalse(self.publishes(self.editor, imported))
        self.assertTrue(self.publishes(self.other_editor, imported))


class WithdrawingTests(SecondPersonCase):
    def test_nobody_withdraws_alone_what_nobody_else_wrote(self):
        for version in (
            publish(make_story(written_by=self.editor), by=self.other_editor),
            publish_event(make_event(written_by=self.editor), by=self.other_editor),
            publish_edition(written_by=self.editor, by=self.other_editor),
        ):
            with self.subTest(version=version):
                with self.assertRaises(Refused):
                    version.withdraw(self.editor, "Liever niet.")
                version.withdraw(self.other_editor, "De rechter.")

    def test_the_page_says_so_and_nothing_is_withdrawn(self):
        story = make_story(written_by=self.editor)
        version = publish(story, by=self.other_editor)
        self.client.force_login(self.editor)
        response = self.client.post(address(story, "withdraw"), {"versions": [version.pk], "note": "Liever niet."})
        self.assertContains(response, "errorlist nonfield")
        version.refresh_from_db()
        self.assertFalse(version.is_withdrawn)

    def test_one_of_several_who_wrote_it_does(self):
        story = make_story(written_by=self.reporter)
        self.change(self.editor, story, headline="Van ons beiden")
        publish(story, by=self.other_editor).withdraw(self.editor, "Een lek.")

    def test_of_a_version_whose_contributors_were_not_noted_its_writer_is_the_only_one(self):
        story = make_story(written_by=self.editor)
        version = publish(story, by=self.other_editor)
        version.contributors = []
        self.assertEqual(version.writers, [self.editor.pk])


class DraftsOfBeforeTests(SecondPersonCase):
    """What the migration finds of drafts that were begun before contributors were noted."""

    def test_who_saved_a_draft_is_found_in_the_history(self):
        story = make_story(written_by=self.reporter)
        self.change(self.editor, story, headline="Alles anders")
        self.step(self.other_editor, story, "submit")
        Story.objects.update(contributors=[], unchecked=[])
        note_on_drafts(apps, "articles.Story")
        story.refresh_from_db()
        self.assertEqual(story.contributors, [self.reporter.pk, self.editor.pk])
        self.assertEqual(LogEntry.objects.filter(user=self.other_editor).count(), 1)
        self.assertFalse(self.publishes(self.editor, story))

    def test_what_has_nothing_to_publish_is_nobodys(self):
        story = make_story(written_by=self.reporter)
        publish(story, by=self.editor)
        note_on_drafts(apps, "articles.Story")
        story.refresh_from_db()
        self.assertEqual(story.contributors, [])
