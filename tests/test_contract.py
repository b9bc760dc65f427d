"""Whatever is published keeps one contract, and its states have one vocabulary."""

from datetime import timedelta
from typing import ClassVar

from django.core.checks import run_checks
from django.db import models
from django.test import TestCase
from django.test.utils import isolate_apps
from django.urls import reverse
from django.utils import timezone

from articles.models import Story, StoryVersion
from mapdata.models import Edition, Event, EventVersion
from newsroom.publishing import Draft, Publishable, Refused, Stage, Version, VersionQuerySet
from newsroom.publishing.checks import faults_of
from newsroom.publishing.immutability import versions
from tests.makers import (
    editor,
    make_edition,
    make_event,
    make_map,
    make_story,
    make_user,
    publish,
    publish_edition,
    publish_story,
    writer,
)


def found(model) -> set[str]:
    return {fault.id for fault in faults_of(model)}


class CheckTests(TestCase):
    def test_everything_that_is_published_keeps_the_contract(self):
        self.assertEqual([fault for fault in run_checks() if (fault.id or "").startswith("newsroom")], [])

    @isolate_apps("newsroom")
    def test_a_draft_that_leaves_part_of_it_out_is_refused(self):
        class Podcast(Draft):
            class Meta:
                app_label = "newsroom"

        lacking = {fault.msg.split()[0] for fault in faults_of(Podcast) if fault.id == "newsroom.E001"}
        self.assertEqual(lacking, {"begun_version", "content", "problems"})
        self.assertEqual(found(Podcast), {"newsroom.E001", "newsroom.E007", "newsroom.E008"})

    @isolate_apps("newsroom")
    def test_what_is_its_own_version_says_the_rest_itself(self):
        class Podcast(Publishable, Version):
            class Meta:
                app_label = "newsroom"

        lacking = {fault.msg.split()[0] for fault in faults_of(Podcast) if fault.id == "newsroom.E001"}
        self.assertLessEqual({"chain", "is_open", "has_changes", "new_version", "note_published", "take_back"}, lacking)
        self.assertIn("newsroom.E009", found(Podcast))

    @isolate_apps("newsroom")
    def test_a_version_says_of_what_and_its_numbers_are_given_once(self):
        class PodcastVersion(Version):
            subject_field: ClassVar[str] = "podcast"

            objects = models.Manager()

            class Meta:
                app_label = "newsroom"

        self.assertEqual(found(PodcastVersion), {"newsroom.E001", "newsroom.E002", "newsroom.E003"})

    @isolate_apps("newsroom")
    def test_what_is_frozen_is_frozen_with_a_version(self):
        class Chapter(models.Model):
            frozen_with = "of"
            of = models.ForeignKey("self", models.CASCADE)

            class Meta:
                app_label = "newsroom"

        self.assertEqual(found(Chapter), {"newsroom.E005"})


class OneLifeCycleTests(TestCase):
    """The same steps, refused for the same reasons, whatever it is."""

    def drafts(self) -> list[Publishable]:
        return [make_story(), make_event(), make_edition()]

    def test_what_has_nothing_new_is_not_handed_in(self):
        for draft in self.drafts():
            with self.subTest(draft=draft):
                draft.publish(editor(), note="Nieuw.")
                with self.assertRaises(Refused):
                    draft.submit(writer())

    def test_a_step_of_what_does_not_exist_leads_back_with_a_word(self):
        self.client.force_login(make_user(groups=["editor"]))
        for model in ("articles_story", "mapdata_event", "mapdata_edition"):
            for pk in ("999999", "abc"):
                for step in ("publish", "withdraw", "submit"):
                    response = self.client.post(reverse(f"admin:{model}_{step}", args=[pk]))
                    self.assertRedirects(response, reverse("admin:index"), fetch_redirect_response=False)

    def test_what_is_scheduled_is_not_handed_in_or_sent_back_where_it_is_its_own_version(self):
        edition = publish_edition(release_at=timezone.now() + timedelta(hours=1))
        for step in (edition.submit, edition.send_back):
            with self.assertRaises(Refused):
                step()
        self.assertEqual(Edition.objects.get(pk=edition.pk).stage, Stage.DRAFT)

    def test_a_change_is_counted_in_the_database_and_undoes_no_decision(self):
        for draft in self.drafts():
            with self.subTest(draft=draft):
                stale = type(draft).objects.get(pk=draft.pk)
                draft.submit(editor())
                stale.changed_by(writer())
                stale.save()
                now = type(draft).objects.get(pk=draft.pk)
                self.assertEqual((now.stage, now.revision), (Stage.IN_REVIEW, draft.revision + 1))

    def test_what_a_version_would_say_is_what_it_says(self):
        for draft in self.drafts():
            with self.subTest(draft=draft):
                said = draft.complete_content()
                self.assertEqual(draft.publish(editor(), note="Nieuw.").content, said)

    def test_taken_back_it_is_in_review(self):
        for draft in self.drafts():
            with self.subTest(draft=draft):
                draft.publish(editor(), note="Nieuw.", release_at=timezone.now() + timedelta(hours=1))
                self.assertTrue(draft.sealed_versions().get().is_pending)
                draft.take_back()
                self.assertTrue(draft.is_open and draft.has_changes)
                self.assertEqual((draft.stage, list(draft.sealed_versions())), (Stage.IN_REVIEW, []))

    def test_its_drafts_are_what_has_something_to_publish(self):
        for draft in self.drafts():
            with self.subTest(draft=draft):
                self.assertIn(draft, type(draft).objects.drafts())
                draft.publish(editor(), note="Nieuw.")
                self.assertNotIn(draft, type(draft).objects.drafts())


class StatesTests(TestCase):
    """sealed > standing, released > known; each counts what the one before does, and less."""

    def test_each_state_is_part_of_the_one_before(self):
        story = make_story()
        withdrawn, known = publish_story(story), publish_story(story)
        pending = publish_story(story, release_at=timezone.now() + timedelta(hours=1))
        withdrawn.withdraw(editor(), "Een lek.")
        states = {
            "sealed": {withdrawn, known, pending},
            "standing": {known, pending},
            "released": {withdrawn, known},
            "known": {known},
            "pending": {pending},
            "drafts": set(),
            "not_withdrawn": {known, pending},
        }
        for name, expected in states.items():
            with self.subTest(name):
                self.assertEqual(set(getattr(story.versions, name)()), expected)

    def test_an_edition_is_a_draft_until_it_is_sealed(self):
        map_ = make_map()
        draft, sealed = make_edition(map_), publish_edition(map_)
        self.assertEqual(list(map_.editions.drafts()), [draft])
        self.assertEqual(list(map_.editions.sealed()), [sealed])
        self.assertEqual(set(map_.editions.not_withdrawn()), {draft, sealed})

    def test_every_version_knows_them(self):
        self.assertEqual(set(versions()), {StoryVersion, EventVersion, Edition})
        for model in versions():
            self.assertIsInstance(model.objects.all(), VersionQuerySet)

    def test_every_version_leads_back_to_what_is_worked_on_and_to_its_page(self):
        story, event, edition = make_story(), make_event(), make_edition()
        versions_made = [publish(story), publish(event), edition.publish(editor(), note="Nieuw.")]
        for draft, version in zip((story, event, edition), versions_made, strict=True):
            self.assertEqual(version.draft, draft)
            self.assertTrue(version.get_absolute_url().startswith("/"))
            self.assertEqual(type(draft).version_model(), type(version))
        self.assertEqual((type(story), type(event)), (Story, Event))
