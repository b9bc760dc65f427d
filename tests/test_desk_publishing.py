"""What the desk does on the way from draft to version, and what it says when it cannot."""

from datetime import timedelta

import time_machine
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import TestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.models import Quote, Story
from mapdata.models import Event
from newsroom.publishing import Kind, Stage
from tests.makers import (
    make_edition,
    make_event,
    make_image,
    make_map,
    make_quote,
    make_source,
    make_story,
    make_user,
    publish,
)


def address(obj, page: str) -> str:
    return reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_{page}", args=[obj.pk])


def filled_in(response) -> dict:
    """What a browser would send of a change form that nobody touched."""
    forms = [response.context["adminform"].form]
    for formset in response.context["inline_admin_formsets"]:
        forms += [formset.formset.management_form, *formset.formset.forms]
    data = {}
    for form in forms:
        for field in form:
            value = field.value()
            if value is not None and value is not False:
                data[field.html_name] = value
    return data


@override_settings(SINGLE_EDITOR=False)
class DeskTestCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.reporter = make_user("vera", groups=["reporter"])
        cls.editor = make_user("emma", groups=["editor"])

    def setUp(self):
        self.client.force_login(self.editor)

    def opened(self, obj) -> dict:
        return filled_in(self.client.get(address(obj, "change")))

    def save(self, obj, data: dict, button: str = "_save"):
        return self.client.post(address(obj, "change"), data | {button: "1"})

    def words(self, response) -> list[str]:
        return [str(message) for message in response.wsgi_request._messages]

    def publish(self, obj, **data):
        seen = self.client.get(address(obj, "publish")).context["form"].initial["seen"]
        return self.client.post(address(obj, "publish"), {"seen": seen} | data)


class SavingTests(DeskTestCase):
    def test_a_save_that_changes_nothing_counts_as_none(self):
        story = make_story(written_by=self.reporter)
        publish(story, by=self.editor)
        response = self.save(story, self.opened(story))
        self.assertEqual(response.status_code, 302)
        story.refresh_from_db()
        self.assertFalse(story.has_changes)
        self.assertEqual(story.written_by, self.reporter)

    def test_a_save_notes_who_begins_the_next_version(self):
        story = make_story(written_by=self.reporter)
        publish(story, by=self.editor)
        self.save(story, self.opened(story) | {"headline": "Anders"})
        story.refresh_from_db()
        self.assertTrue(story.has_changes)
        self.assertEqual(story.written_by, self.editor)

    def test_a_changed_block_is_a_change_of_the_story(self):
        story = make_story(written_by=self.reporter)
        publish(story, by=self.editor)
        self.save(story, self.opened(story) | {"articles_text_set-0-text": "<p>Anders.</p>"})
        story.refresh_from_db()
        self.assertTrue(story.has_changes)
        self.assertEqual(story.blocks()[0].text, "<p>Anders.</p>")

    def test_a_save_over_what_somebody_else_saved_is_refused_and_keeps_what_was_typed(self):
        story = make_story()
        mine, theirs = self.opened(story), self.opened(story)
        self.save(story, theirs | {"headline": "Van de ander"})
        response = self.save(story, mine | {"headline": "Van mij", "articles_text_set-0-text": "<p>Mijn tekst.</p>"})
        self.assertContains(response, "Van mij")
        self.assertContains(response, "Mijn tekst.")
        self.assertContains(response, "desk-overwrite")
        story.refresh_from_db()
        self.assertEqual(story.headline, "Van de ander")

    def test_whoever_has_seen_the_others_words_may_save_over_them(self):
        story = make_story()
        mine, theirs = self.opened(story), self.opened(story)
        self.save(story, theirs | {"headline": "Van de ander"})
        story.refresh_from_db()
        self.save(story, mine | {"headline": "Te vroeg gezien", "overwrite": story.revision - 1})
        self.save(story, mine | {"headline": "Van mij", "overwrite": story.revision})
        story.refresh_from_db()
        self.assertEqual(story.headline, "Van mij")

    def test_text_in_a_block_that_somebody_else_deleted_is_not_lost(self):
        story = make_story(blocks=["Eerste.", "Tweede."])
        mine, theirs = self.opened(story), self.opened(story)
        self.save(story, theirs | {"articles_text_set-0-DELETE": "on"})
        story.refresh_from_db()
        response = self.save(story, mine | {"articles_text_set-0-text": "<p>Mijn.</p>", "overwrite": story.revision})
        self.assertContains(response, "Mijn.")
        self.assertContains(response, "errorlist")

    def test_a_page_of_the_desk_carries_no_inline_script_without_the_nonce(self):
        response = self.client.get(address(make_story(), "change"))
        self.assertContains(response, '<script type="importmap" nonce="')
        self.assertRegex(response.headers["Content-Security-Policy"], r"script-src 'self' 'nonce-")
        self.assertNotIn("unsafe", response.headers["Content-Security-Policy"])


class ReviewTests(DeskTestCase):
    def test_submitting_saves_first(self):
        story = make_story(written_by=self.reporter)
        self.client.force_login(self.reporter)
        response = self.save(story, self.opened(story) | {"headline": "Af"}, "_submit")
        self.assertRedirects(response, address(story, "change"))
        story.refresh_from_db()
        self.assertEqual((story.headline, story.stage), ("Af", Stage.IN_REVIEW))

    def test_sending_back_saves_first(self):
        story = make_story(stage=Stage.IN_REVIEW)
        self.save(story, self.opened(story) | {"standfirst": "Let op de bron."}, "_send_back")
        story.refresh_from_db()
        self.assertEqual((story.standfirst, story.stage), ("Let op de bron.", Stage.DRAFT))

    def test_a_refusal_is_said_and_the_page_comes_back(self):
        story = make_story(written_by=self.reporter)
        publish(story, by=self.editor)
        response = self.client.post(address(story, "submit"))
        self.assertRedirects(response, address(story, "change"), fetch_redirect_response=False)
        self.assertEqual(len(self.words(response)), 1)

    def test_each_step_is_in_the_history(self):
        story = make_story(written_by=self.reporter)
        self.client.force_login(self.reporter)
        self.client.post(address(story, "submit"))
        self.client.force_login(self.editor)
        self.client.post(address(story, "send_back"))
        self.publish(story)
        self.client.post(address(story, "withdraw"), {"versions": [story.versions.get().pk], "note": "De rechter."})
        entries = LogEntry.objects.filter(object_id=story.pk).order_by("pk")
        self.assertEqual([entry.user for entry in entries], [self.reporter, self.editor, self.editor, self.editor])
        self.assertIn("De rechter.", entries.last().change_message)

    def test_steps_take_no_get(self):
        story = make_story()
        for step in ("submit", "send_back", "take_back"):
            self.assertEqual(self.client.get(address(story, step)).status_code, 405)

    def test_whoever_may_not_is_told_why(self):
        self.client.force_login(self.reporter)
        page = self.client.get(address(make_story(), "publish"))
        self.assertContains(page, reverse("admin:index"), status_code=403)


class PublishTests(DeskTestCase):
    def test_every_problem_is_on_the_page_in_words(self):
        story = make_story(blocks=[make_quote(speaker=None, said_at=None)], written_by=self.reporter)
        story.authors.clear()
        page = self.client.get(address(story, "publish"))
        self.assertEqual(page.context["problems"], story.problems())
        self.assertEqual(len(page.context["problems"]), 2)

    def test_a_refusal_keeps_what_was_filled_in(self):
        story = make_story(written_by=self.reporter)
        publish(story, by=self.editor)
        self.save(story, self.opened(story) | {"headline": "Anders"})
        self.client.force_login(make_user("eric", groups=["editor"]))
        response = self.publish(story, kind=Kind.CORRECTION, note="", note_en="Wrong.", release_at="2999-01-01T12:00")
        self.assertContains(response, "errorlist nonfield")
        self.assertContains(response, "Wrong.")
        self.assertContains(response, "2999-01-01T12:00")
        self.assertEqual(story.versions.count(), 1)

    def test_what_changed_after_the_page_was_opened_is_not_published_unseen(self):
        quote = make_quote()
        story = make_story(blocks=[quote], written_by=self.reporter)
        seen = self.client.get(address(story, "publish")).context["form"].initial["seen"]
        Quote.objects.update(text="Iets anders.")
        response = self.client.post(address(story, "publish"), {"seen": seen})
        self.assertContains(response, "errorlist nonfield")
        self.assertFalse(story.versions.exists())
        # Having looked again, the editor publishes from the same page.
        self.client.post(address(story, "publish"), {"seen": response.context["form"]["seen"].value()})
        self.assertEqual(story.versions.get().content["blocks"][0]["text"], "Iets anders.")

    def test_a_scheduled_version_can_be_taken_back_until_it_is_released(self):
        story = make_story(written_by=self.reporter)
        moment = timezone.localtime() + timedelta(hours=2)
        self.publish(story, release_at=f"{moment:%Y-%m-%dT%H:%M}")
        self.assertTrue(story.versions.get().is_pending)
        self.assertContains(self.client.get(address(story, "change")), "desk-badge scheduled")
        self.client.post(address(story, "take_back"))
        self.assertFalse(story.versions.exists())
        self.publish(story, release_at=f"{moment:%Y-%m-%dT%H:%M}")
        with time_machine.travel(moment + timedelta(hours=1)):
            self.client.force_login(self.editor)
            self.client.post(address(story, "take_back"))
            self.assertTrue(story.versions.get().is_released)

    def test_events_and_editions_go_the_same_way(self):
        for draft in (make_event(written_by=self.reporter), make_edition(written_by=self.reporter)):
            with self.subTest(draft=draft):
                self.client.post(address(draft, "submit"))
                response = self.publish(draft)
                self.assertRedirects(response, address(draft, "change"))
                self.assertContains(self.client.get(address(draft, "change")), "desk-badge published")
                self.assertContains(self.client.get(address(draft, "versions")), "<code")

    def test_the_button_of_the_form_saves_and_goes_on_to_the_page(self):
        story = make_story(written_by=self.reporter)
        response = self.save(story, self.opened(story) | {"headline": "Af"}, "_publish")
        self.assertRedirects(response, address(story, "publish"))
        self.assertEqual(Story.objects.get().headline, "Af")

    def test_readers_are_linked_to_only_when_there_is_something_to_read(self):
        story = make_story(written_by=self.reporter)
        self.assertNotContains(self.client.get(address(story, "change")), "viewsitelink")
        self.publish(story)
        Story.objects.update(slug="nog-niet-bekend")
        page = self.client.get(address(story, "change"))
        self.assertContains(page, story.versions.get().get_absolute_url())


class WithdrawTests(DeskTestCase):
    def setUp(self):
        super().setUp()
        self.story = make_story(written_by=self.reporter)
        self.versions = [publish(self.story, by=self.editor) for _time in range(3)]

    def test_a_story_is_withdrawn_whole_unless_one_chooses(self):
        form = self.client.get(address(self.story, "withdraw")).context["form"]
        self.assertCountEqual(form["versions"].value(), [version.pk for version in self.versions])
        chosen = [version.pk for version in self.versions]
        self.client.post(address(self.story, "withdraw"), {"versions": chosen, "note": "Een lek."})
        self.assertFalse(self.story.versions.filter(withdrawn_at=None).exists())
        self.assertContains(self.client.get(address(self.story, "change")), "desk-badge withdrawn")

    def test_it_asks_why(self):
        response = self.client.post(address(self.story, "withdraw"), {"versions": [self.versions[0].pk], "note": " "})
        self.assertEqual(response.status_code, 200)
        self.assertFalse(self.story.versions.exclude(withdrawn_at=None).exists())

    def test_another_storys_version_cannot_be_named(self):
        other = publish(make_story(written_by=self.reporter), by=self.editor)
        self.client.post(address(self.story, "withdraw"), {"versions": [other.pk], "note": "Een lek."})
        other.refresh_from_db()
        self.assertFalse(other.is_withdrawn)


class ShownRecordTests(DeskTestCase):
    def change(self, obj, **data):
        return self.client.post(address(obj, "change"), self.opened(obj) | data)

    def test_a_changed_quote_gives_its_published_stories_something_to_publish(self):
        quote = make_quote()
        story, other = make_story(blocks=[quote], written_by=self.reporter), make_story(written_by=self.reporter)
        publish(story, by=self.editor)
        publish(other, by=self.editor)
        self.change(quote, text="Wat hij echt zei.")
        story.refresh_from_db()
        other.refresh_from_db()
        self.assertTrue(story.has_changes)
        self.assertFalse(other.has_changes)
        # It has the editor's words, and stays the reporter's story.
        self.assertEqual((story.written_by, story.contributors), (self.reporter, [self.editor.pk]))

    def test_a_changed_source_reaches_through_quotes_and_events(self):
        source = make_source()
        story = make_story(blocks=[make_quote(source=source)], written_by=self.reporter)
        event = make_event(source=source, written_by=self.reporter)
        publish(story, by=self.editor)
        publish(event, by=self.editor)
        self.change(source, title="Gecorrigeerde titel")
        story.refresh_from_db()
        event.refresh_from_db()
        self.assertTrue(story.has_changes)
        self.assertTrue(event.has_changes)

    def test_a_change_that_no_reader_would_see_is_none(self):
        image = make_image()
        story = make_story(lead_image=image, blocks=["Tekst.", image], written_by=self.reporter)
        publish(story, by=self.editor)
        self.change(image)
        story.refresh_from_db()
        self.assertFalse(story.has_changes)


class FirstPageTests(DeskTestCase):
    def test_it_says_what_matters_to_whom(self):
        mine = make_story(headline="Van mij", written_by=self.editor)
        waiting = make_story(headline="Wacht", written_by=self.reporter, stage=Stage.IN_REVIEW)
        event = make_event(title_nl="Gepubliceerd", written_by=self.reporter)
        publish(event, by=self.editor)
        edition = make_edition(make_map(title_nl="Kaart"), written_by=self.reporter)
        edition.publish(self.editor, note="Nieuw.", release_at=timezone.now() + timedelta(hours=1))
        lists = {found.name: found.items for found in self.client.get(reverse("admin:index")).context["worklists"]}
        titles = {name: [item.title for item in items] for name, items in lists.items()}
        self.assertEqual(titles["mine"], [str(mine)])
        self.assertEqual(titles["review"], [str(waiting)])
        self.assertEqual(titles["scheduled"], [str(edition)])
        self.assertEqual(titles["published"], [str(event)])

    def test_what_is_published_is_called_as_readers_know_it(self):
        story = make_story(headline="Wat lezers zien", written_by=self.reporter)
        publish(story, by=self.editor)
        event = make_event(title_nl="Beschieting", written_by=self.reporter)
        publish(event, by=self.editor)
        Story.objects.filter(pk=story.pk).update(headline="Nog niet waar")
        Event.objects.filter(pk=event.pk).update(title={"nl": "Nog niet waar"})
        lists = {found.name: found.items for found in self.client.get(reverse("admin:index")).context["worklists"]}
        self.assertCountEqual([item.title for item in lists["published"]], ["Wat lezers zien", "Beschieting"])

    def test_it_costs_the_same_however_much_there_is(self):
        def count() -> int:
            with CaptureQueriesContext(connection) as queries:
                self.client.get(reverse("admin:index"))
            return len(queries)

        self.client.get(reverse("admin:index"))
        publish(make_story(written_by=self.reporter), by=self.editor)
        few = count()
        for _time in range(3):
            publish(make_story(written_by=self.reporter), by=self.editor)
            make_story(written_by=self.editor)
        self.assertLessEqual(count(), few)

    def test_it_speaks_the_language_that_one_chose(self):
        self.assertContains(self.client.get(reverse("admin:index")), 'lang="nl"')
        response = self.client.post(reverse("set_language"), {"language": "en", "next": reverse("admin:index")})
        self.assertRedirects(response, reverse("admin:index"))
        self.assertContains(self.client.get(reverse("admin:index")), "The desk")
