"""`manage.py verify` says that all is well, or names the first broken link of each chain."""

from contextlib import contextmanager
from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F
from django.test import TestCase
from django.utils import timezone

from articles.models import StoryVersion
from mapdata.models import ControlArea, Edition, EventVersion
from newsroom.pictures import rendition_name
from newsroom.publishing import Kind, verification
from newsroom.publishing.immutability import protection_off
from tests.makers import (
    EAST,
    day,
    editor,
    make_event,
    make_image,
    make_map,
    make_party,
    make_quote,
    make_story,
    publish_edition,
    publish_event,
    publish_story,
)

pytestmark = pytest.mark.usefixtures("english")


class VerifyTestCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.map = make_map()
        cls.image = make_image()
        cls.editions = [publish_edition(cls.map, day(number)) for number in (4, 5, 6)]
        cls.event = publish_event(make_event(cls.map, image=cls.image))
        story = make_story(blocks=["Het is dag 42.", make_quote(), cls.map, cls.image])
        cls.stories = [publish_story(story, kind=kind) for kind in (Kind.FIRST, Kind.UPDATE, Kind.CORRECTION)]
        cls.other = publish_story()

    def verify(self) -> str:
        out = StringIO()
        call_command("verify", stdout=out)
        return out.getvalue()

    def broken(self) -> str:
        """What it says, which must be that something is broken."""
        out = StringIO()
        with self.assertRaises(CommandError):
            call_command("verify", stdout=out)
        return out.getvalue()

    @contextmanager
    def tampering(self):
        with protection_off(connection):
            yield


class WholeTests(VerifyTestCase):
    def test_it_says_that_all_is_as_it_was_published(self):
        self.assertIn("8 versions in 4 chains are as they were published.", self.verify())

    def test_it_says_so_of_a_newsroom_that_published_nothing(self):
        with self.tampering():
            for model in (StoryVersion, EventVersion, Edition):
                model.objects.all().delete()
        self.assertIn("0 versions in 0 chains", self.verify())

    def test_a_withdrawal_and_a_scheduled_version_break_nothing(self):
        self.stories[1].withdraw(editor(), "De rechter.")
        publish_story(self.stories[0].story, release_at=timezone.now() + timedelta(days=1))
        self.assertIn("9 versions", self.verify())

    def test_the_digest_of_all_ends_shows_a_chain_that_was_cut_off(self):
        before = self.verify().splitlines()[-1]
        self.assertEqual(self.verify().splitlines()[-1], before)
        with self.tampering():
            self.stories[-1].delete()
        self.assertNotEqual(self.verify().splitlines()[-1], before)

    def test_what_was_sealed_long_ago_stays_whole_when_what_it_came_from_changes(self):
        story = self.stories[0].story
        story.headline = "Heel anders"
        story.slug = "heel-anders"
        story.save()
        story.blocks()[0].delete()
        self.image.alt = "Iets anders"
        self.image.save()
        self.map.title["nl"] = "Andere kaart"
        self.map.save()
        self.assertIn("as they were published", self.verify())


class TamperingTests(VerifyTestCase):
    def assert_named(self, version, *words: str) -> None:
        """Of all chains only this version's is broken, and it is the first broken link."""
        lines = self.broken().splitlines()
        self.assertEqual(len(lines), 1, lines)
        for word in (f"number {version.number} is broken", str(version.subject), *words):
            self.assertIn(word, lines[0])

    def test_a_changed_word_is_named(self):
        version = self.stories[1]
        content = version.content
        content["blocks"][0]["html"] = "<p>Het is dag 43.</p>"
        with self.tampering():
            StoryVersion.objects.filter(pk=version.pk).update(content=content)
        self.assert_named(version, "its digest is not that of what it says")

    def test_every_field_of_a_version_is_covered(self):
        version = self.stories[1]
        later = F("published_at") + timedelta(microseconds=1)
        for change in (
            {"kind": Kind.RETRACTION},
            {"note": "Anders."},
            {"note_en": "Different."},
            {"published_at": later},
            {"written_by": editor()},
            {"published_by": self.stories[0].written_by},
            {"slug": "anders"},
            {"original": self.other.story},
            {"content": {**version.content, "headline": "Anders"}},
            {"digest": "0" * 64},
            {"previous_digest": "0" * 64},
        ):
            with self.subTest(change=change):
                kept = StoryVersion.objects.filter(pk=version.pk).values(*change).get()
                with self.tampering():
                    StoryVersion.objects.filter(pk=version.pk).update(**change)
                self.assert_named(version)
                with self.tampering():
                    StoryVersion.objects.filter(pk=version.pk).update(**kept)
                self.verify()

    def test_content_that_makes_no_sense_is_named(self):
        with self.tampering():
            Edition.objects.filter(pk=self.editions[2].pk).update(content=[])
        self.assert_named(self.editions[2], "its digest is not that of what it says")

    def test_a_version_that_is_gone_is_named(self):
        with self.tampering():
            self.stories[1].delete()
        self.assert_named(self.stories[2], "number 2, which comes before it, is missing", "does not continue")

    def test_a_first_version_that_is_gone_is_named(self):
        with self.tampering():
            self.editions[0].areas.all().delete()
            self.editions[0].delete()
        self.assert_named(self.editions[1], "number 1, which comes before it, is missing")

    def test_a_version_that_was_made_up_anew_breaks_the_next_one(self):
        """Whoever changes a word and computes the digest too is betrayed by the version after it."""
        version = StoryVersion.objects.get(pk=self.stories[1].pk)
        version.content["headline"] = "Anders"
        version.digest = version.computed_digest()
        with self.tampering():
            version.save()
        self.assert_named(self.stories[2], "it does not continue the version before it")

    def test_only_the_first_broken_link_of_each_chain_is_named(self):
        with self.tampering():
            StoryVersion.objects.update(note="Anders.")
        lines = self.broken().splitlines()
        self.assertEqual(len(lines), 2)
        self.assertIn("number 1 is broken", lines[0])
        self.assertIn("number 1 is broken", lines[1])

    def test_a_moment_before_that_of_the_version_before_is_named(self):
        version = StoryVersion.objects.get(pk=self.stories[2].pk)
        version.published_at = self.stories[0].published_at - timedelta(days=1)
        version.digest = version.computed_digest()
        with self.tampering():
            version.save()
        self.assert_named(version, "it was published before the version before it")

    def test_changed_ground_is_named(self):
        edition = self.editions[1]
        with self.tampering():
            ControlArea.objects.filter(edition=edition).update(ground=EAST)
        self.assert_named(edition, "its control areas are not those that were published")

    def test_ground_of_another_holder_is_named(self):
        edition = self.editions[1]
        for change in ({"party": make_party("oekraine")}, {"status": "contested"}):
            with self.subTest(change=change):
                kept = ControlArea.objects.filter(edition=edition).values(*change).get()
                with self.tampering():
                    ControlArea.objects.filter(edition=edition).update(**change)
                self.assert_named(edition, "its control areas")
                with self.tampering():
                    ControlArea.objects.filter(edition=edition).update(**kept)

    def test_ground_that_is_gone_or_was_added_is_named(self):
        area = self.editions[1].areas.get()
        with self.tampering():
            area.pk, area.status = None, "contested"
            area.save(force_insert=True)
        self.assert_named(self.editions[1], "its control areas")
        with self.tampering():
            self.editions[1].areas.all().delete()
        self.assert_named(self.editions[1], "its control areas")

    def test_a_moment_on_the_ground_that_was_changed_is_named(self):
        with self.tampering():
            Edition.objects.filter(pk=self.editions[2].pk).update(situation_at=day(20))
        self.assert_named(self.editions[2], "its moment is not the one that was published")

    def test_an_event_that_was_moved_in_time_is_named(self):
        with self.tampering():
            EventVersion.objects.update(happened_at=day(1))
        self.assert_named(self.event, "its moment")

    def test_a_picture_by_which_nothing_is_found_any_more_is_named(self):
        with self.tampering():
            self.event.images.clear()
        self.assert_named(self.event, "its pictures")

    def test_a_picture_that_was_added_is_named(self):
        self.event.images.add(make_image())
        self.assert_named(self.event, "its pictures")

    def test_people_by_whom_it_is_found_are_compared(self):
        with self.tampering():
            self.stories[1].people.clear()
        self.assert_named(self.stories[1], "the people")

    def test_a_file_that_is_gone_is_named(self):
        one = self.image.renditions[0]
        name = rendition_name(self.image.digest, one["width"], one["format"])
        with default_storage.open(name) as file:
            data = file.read()
        self.addCleanup(lambda: default_storage.save(name, ContentFile(data)))
        default_storage.delete(name)
        lines = self.broken().splitlines()
        # The story's three versions and the event show it: the first of each chain is named.
        self.assertEqual(len(lines), 2)
        self.assertIn(name, lines[0])

    def test_a_missing_trigger_is_named(self):
        on = "" if connection.vendor == "sqlite" else " ON mapdata_edition"
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER mapdata_edition_no_update{on}")
        self.assertIn("The trigger mapdata_edition_no_update is missing or altered", self.broken())


def test_pictures_are_found_wherever_they_are():
    picture = {"digest": "a", "renditions": []}
    content = {"lead_image": picture, "blocks": [{"image": picture}, {"text": "a"}], "empty": None}
    assert list(verification.pictures_in(content)) == [picture, picture]
