"""The database refuses to change what was published, whoever asks: raw SQL, on SQLite and on PostgreSQL."""

import time
from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.test import TestCase, TransactionTestCase
from django.utils import timezone

from articles.models import StoryVersion
from mapdata.models import ControlArea, Edition, EventVersion
from newsroom.publishing import Refused, immutability
from newsroom.publishing.immutability import REFUSAL, missing, protection_off
from tests.makers import (
    EAST,
    day,
    editor,
    held_by,
    make_edition,
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

ANOTHER = {
    "DateTimeField": "'2001-02-03 04:05:06'",
    "JSONField": """'["Anders"]'""",
    "BooleanField": "NOT {column}",
}
SQLITE = connection.vendor == "sqlite"
# The scheduled release that the tests wait for lies this far ahead: enough to write it and look at it before.
SOON = timedelta(seconds=0.6)


def sql(statement: str, *parameters) -> int:
    """Rows changed. In a savepoint, so that the test can go on after a refusal."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters or None)
        return cursor.rowcount


def _clock_at(moment):
    return time_machine.travel(moment, tick=True)


def _app(label: str):
    return apps.get_app_config(label)


def other_value(field: models.Field) -> str:
    """SQL for a value of the column that is not the one it has."""
    kind = field.get_internal_type()
    column = f'"{field.column}"'
    if kind in {"CharField", "TextField", "SlugField"}:
        return f"'x' || substr({column}, 1, 6)"
    return ANOTHER.get(kind, "COALESCE({column}, 0) + 1").format(column=column)


class DatabaseTestCase(TestCase):
    def assert_refused(self, statement: str, *parameters) -> None:
        with self.assertRaisesMessage(IntegrityError, REFUSAL):
            sql(statement, *parameters)

    def assert_impossible(self, statement: str) -> None:
        """Refused by a trigger or by a constraint that comes first."""
        with self.assertRaises(DatabaseError):
            sql(statement)


class ReleasedVersionsTests(DatabaseTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.map = make_map()
        cls.edition = publish_edition(cls.map, areas=[held_by()])
        cls.event = publish_event(make_event(cls.map, image=make_image()))
        cls.story = publish_story(make_story(blocks=["Het is dag 42.", make_quote(), make_image()]))
        cls.versions = [cls.edition, cls.event, cls.story]
        # Published by the import of an archive, long ago.
        cls.old = publish_story(published_before=day(6))

    def test_no_column_can_be_changed(self):
        for version in [*self.versions, self.old]:
            table = version._meta.db_table
            for field in version._meta.local_concrete_fields:
                if field.name == "withdrawn_at":
                    continue
                with self.subTest(table=table, column=field.column):
                    self.assert_refused(
                        f'UPDATE "{table}" SET "{field.column}" = {other_value(field)} WHERE id = {version.pk}'
                    )

    def test_no_column_can_be_emptied(self):
        for version in self.versions:
            for field in version._meta.local_concrete_fields:
                if field.null and field.name not in {"withdrawn_at", "withdrawn_by"}:
                    with self.subTest(column=field.column):
                        self.assert_refused(
                            f'UPDATE "{version._meta.db_table}" SET "{field.column}" = NULL WHERE id = {version.pk}'
                        )

    def test_a_withdrawal_can_be_recorded_once_and_never_undone(self):
        for version in self.versions:
            with self.subTest(version=version):
                table = f'"{version._meta.db_table}"'
                withdrawal = f"withdrawn_at = '2022-04-07 10:00:00', withdrawn_by_id = {editor().pk}"
                sql(f"UPDATE {table} SET {withdrawal}, withdrawal_note = 'De rechter.' WHERE id = {version.pk}")
                version.refresh_from_db()
                self.assertTrue(version.is_withdrawn)
                self.assertEqual(version.withdrawal_note, "De rechter.")
                for again in (
                    "withdrawn_at = NULL",
                    "withdrawn_at = NULL, withdrawn_by_id = NULL, withdrawal_note = ''",
                    "withdrawn_at = '2022-04-08 10:00:00'",
                    "withdrawal_note = 'Anders.'",
                    "withdrawn_by_id = NULL",
                ):
                    self.assert_refused(f"UPDATE {table} SET {again} WHERE id = {version.pk}")
                self.assert_refused(f"DELETE FROM {table} WHERE id = {version.pk}")

    def test_a_withdrawal_carries_no_other_change(self):
        for version in self.versions:
            table = f'"{version._meta.db_table}"'
            for field in version._meta.local_concrete_fields:
                if not field.column.startswith("withdraw"):
                    with self.subTest(table=table, column=field.column):
                        self.assert_refused(
                            f"UPDATE {table} SET withdrawn_at = '2022-04-07 10:00:00',"
                            f' "{field.column}" = {other_value(field)} WHERE id = {version.pk}'
                        )

    def test_none_can_be_deleted(self):
        for version in self.versions:
            with self.subTest(version=version):
                self.assert_refused(f'DELETE FROM "{version._meta.db_table}" WHERE id = {version.pk}')

    def test_models_are_refused_like_everybody(self):
        with self.assertRaisesMessage(IntegrityError, REFUSAL), transaction.atomic():
            StoryVersion.objects.update(note="Anders.")
        with self.assertRaisesMessage(IntegrityError, REFUSAL), transaction.atomic():
            self.event.delete()
        with self.assertRaisesMessage(IntegrityError, REFUSAL), transaction.atomic():
            self.story.save()

    def test_control_areas_of_a_published_edition_are_frozen(self):
        area = self.edition.areas.get()
        table = ControlArea._meta.db_table
        for field in ControlArea._meta.local_concrete_fields:
            value = "ground || ground" if field.name == "ground" else other_value(field)
            with self.subTest(column=field.column):
                self.assert_refused(f'UPDATE "{table}" SET "{field.column}" = {value} WHERE id = {area.pk}')
        self.assert_refused(f'DELETE FROM "{table}" WHERE id = {area.pk}')
        columns = "party_id, status, basis, claimed_by_id, ground"
        self.assert_refused(
            f"INSERT INTO {table} (edition_id, {columns}) SELECT edition_id, party_id, 'contested', basis,"
            f" claimed_by_id, ground FROM {table} WHERE id = {area.pk}"
        )

    def test_no_area_of_a_draft_can_be_moved_into_a_published_edition(self):
        draft = make_edition(self.map, areas=[held_by("oekraine", EAST)])
        table = ControlArea._meta.db_table
        self.assert_refused(f"UPDATE {table} SET edition_id = {self.edition.pk} WHERE edition_id = {draft.pk}")
        sql(f"UPDATE {table} SET status = 'contested' WHERE edition_id = {draft.pk}")
        sql(f"DELETE FROM {table} WHERE edition_id = {draft.pk}")

    def test_the_rows_by_which_a_version_is_found_stay(self):
        for version, field in [
            (self.story, "people"),
            (self.story, "images"),
            (self.event, "images"),
            (self.edition, "sources"),
        ]:
            through = version._meta.get_field(field).remote_field.through
            column = version._meta.get_field(field).m2m_column_name()
            with self.subTest(table=through._meta.db_table):
                self.assertGreater(through.objects.filter(**{column: version.pk}).count(), 0)
                where = f'WHERE "{column}" = {version.pk}'
                self.assert_refused(f'DELETE FROM "{through._meta.db_table}" {where}')
                self.assert_refused(f'UPDATE "{through._meta.db_table}" SET "{column}" = {self.old.pk} {where}')

    def test_a_picture_that_was_published_cannot_be_deleted(self):
        picture = self.story.images.get()
        with self.assertRaises(DatabaseError), transaction.atomic():
            picture.delete()

    def test_nothing_can_be_put_in_the_place_of_a_version(self):
        """SQLite's REPLACE deletes what is in its way without asking the triggers for deletion."""
        self.assertTrue(publish_story(self.story.story))
        table = f'"{StoryVersion._meta.db_table}"'
        names = [field.column for field in StoryVersion._meta.local_concrete_fields]
        columns = ", ".join(f'"{name}"' for name in names)
        changed = columns.replace('"note"', "'Anders.'")
        same = f"SELECT {changed} FROM {table} WHERE id = {self.story.pk}"
        if not SQLITE:
            upsert = "ON CONFLICT (id) DO UPDATE SET note = excluded.note"
            self.assert_refused(f"INSERT INTO {table} ({columns}) {same} {upsert}")
            return
        self.assert_refused(f"INSERT OR REPLACE INTO {table} ({columns}) {same}")
        other_id = same.replace('"id"', "999")
        self.assert_refused(f"REPLACE INTO {table} ({columns}) {other_id}")
        self.assert_refused(f"INSERT INTO {table} ({columns}) {same} ON CONFLICT (id) DO UPDATE SET note = 'Anders.'")
        self.assert_refused(f"UPDATE OR IGNORE {table} SET note = 'Anders.' WHERE id = {self.story.pk}")
        draft = make_edition(self.map)
        sealed = f"number = 1, digest = 'x', published_at = '2022-04-06', published_by_id = {editor().pk}"
        self.assert_refused(f"UPDATE OR REPLACE mapdata_edition SET {sealed} WHERE id = {draft.pk}")
        self.assert_refused(f"UPDATE OR REPLACE mapdata_edition SET id = {self.edition.pk} WHERE id = {draft.pk}")
        area = self.edition.areas.get()
        self.assert_refused(
            "REPLACE INTO mapdata_controlarea (id, edition_id, party_id, status, basis, ground)"
            f" SELECT {area.pk}, edition_id, party_id, status, basis, ground FROM mapdata_controlarea"
            f" WHERE edition_id = {draft.pk}"
        )

    def test_nothing_protected_can_be_truncated(self):
        if SQLITE:
            self.skipTest("SQLite has no TRUNCATE: a DELETE without a condition is tried instead.")
        tables = {trigger.table for trigger in immutability.triggers("postgresql")}
        self.assertGreater(len(tables), 6)
        for table in tables:
            with self.subTest(table=table):
                connection.check_constraints()
                self.assert_refused(f'TRUNCATE "{table}" CASCADE')
        self.assert_refused("TRUNCATE articles_story CASCADE")

    def test_not_even_all_of_them_can_be_deleted_at_once(self):
        for table in ("articles_storyversion", "mapdata_eventversion", "mapdata_controlarea", "mapdata_edition"):
            self.assert_impossible(f"DELETE FROM {table}")

    def test_the_triggers_leave_drafts_alone(self):
        draft = make_edition(self.map)
        sql(f"UPDATE mapdata_edition SET situation_at = '2022-04-01 00:00:00' WHERE id = {draft.pk}")
        draft.delete()
        story = make_story()
        story.delete()


class ScheduledVersionsTests(DatabaseTestCase):
    """Until its release a version can be taken back, and nothing else."""

    @classmethod
    def setUpTestData(cls):
        cls.later = timezone.now() + timedelta(days=1)
        cls.map = make_map()
        cls.edition = publish_edition(cls.map, release_at=cls.later)
        cls.event = publish_event(make_event(cls.map, image=make_image()), release_at=cls.later)
        cls.story = publish_story(make_story(blocks=[make_quote(), make_image()]), release_at=cls.later)
        cls.versions = [cls.edition, cls.event, cls.story]

    def test_no_column_can_be_changed(self):
        for version in self.versions:
            table = version._meta.db_table
            for field in version._meta.local_concrete_fields:
                with self.subTest(table=table, column=field.column):
                    self.assert_refused(
                        f'UPDATE "{table}" SET "{field.column}" = {other_value(field)} WHERE id = {version.pk}'
                    )

    def test_its_release_can_be_neither_hastened_nor_put_off(self):
        for version in self.versions:
            for moment in ("2022-04-06 10:00:00", "2100-01-01 00:00:00"):
                self.assert_refused(
                    f"UPDATE \"{version._meta.db_table}\" SET published_at = '{moment}' WHERE id = {version.pk}"
                )

    def test_it_cannot_be_withdrawn(self):
        for version in self.versions:
            with self.assertRaisesMessage(Refused, "take a scheduled version back"):
                version.withdraw(editor())
            self.assert_refused(
                f"UPDATE \"{version._meta.db_table}\" SET withdrawn_at = '2022-04-06' WHERE id = {version.pk}"
            )

    def test_it_can_be_taken_back(self):
        self.story.story.take_back()
        self.event.event.take_back()
        self.edition.take_back()
        self.assertFalse(StoryVersion.objects.exists())
        self.assertFalse(EventVersion.objects.exists())
        self.assertTrue(self.edition.is_draft)
        self.edition.set_areas([held_by("oekraine", EAST)])

    def test_it_can_be_deleted(self):
        for version in (self.event, self.story):
            type(version).objects.filter(pk=version.pk).delete()
            self.assertFalse(type(version).objects.exists())

    def test_its_areas_are_frozen_already(self):
        self.assert_refused(f"DELETE FROM mapdata_controlarea WHERE edition_id = {self.edition.pk}")
        self.assert_refused(f"UPDATE mapdata_controlarea SET status = 'contested' WHERE edition_id = {self.edition.pk}")
        with self.assertRaises(IntegrityError), transaction.atomic():
            sql(f"DELETE FROM mapdata_edition WHERE id = {self.edition.pk}")
            connection.check_constraints()
        sql(
            "UPDATE mapdata_edition SET published_at = NULL, published_by_id = NULL, number = NULL, digest = ''"
            f" WHERE id = {self.edition.pk}"
        )
        sql(f"DELETE FROM mapdata_controlarea WHERE edition_id = {self.edition.pk}")


class ClockTests(TransactionTestCase):
    """The triggers go by the database's clock, whatever the program believes."""

    def test_from_the_moment_of_its_release_a_scheduled_version_is_frozen(self):
        version = publish_story(release_at=timezone.now() + SOON)
        self.assertEqual(sql("UPDATE articles_story SET standfirst = 'x'"), 1)
        time.sleep((SOON + timedelta(seconds=0.05)).total_seconds())
        with self.assertRaisesMessage(IntegrityError, REFUSAL):
            sql("DELETE FROM articles_storyversion")
        with self.assertRaises(Refused):
            version.take_back()
        version.withdraw(editor())

    def test_a_version_is_frozen_in_the_very_millisecond_of_its_publication(self):
        for _attempt in range(20):
            version = publish_story()
            with self.assertRaisesMessage(IntegrityError, REFUSAL):
                sql(f"UPDATE articles_storyversion SET published_at = NULL WHERE id = {version.pk}")
            version.withdraw(editor())

    def test_a_whole_second_is_released_when_it_comes(self):
        """Django writes no fraction for a whole second on SQLite."""
        moment = timezone.now().replace(microsecond=0)
        version = publish_story(published_before=moment)
        with self.assertRaisesMessage(IntegrityError, REFUSAL):
            sql(f"DELETE FROM articles_storyversion WHERE id = {version.pk}")

    def test_a_process_whose_clock_is_behind_is_refused_clearly(self):
        version = publish_story()
        story, edition = version.story, publish_edition()
        behind = timezone.now() - timedelta(minutes=1)
        with _clock_at(behind):
            self.assertFalse(StoryVersion.objects.known().exists())
            with self.assertRaises(Refused):
                version.withdraw(editor())
            with self.assertRaisesMessage(Refused, "a moment ago"):
                version.take_back()
            with self.assertRaisesMessage(Refused, "a moment ago"):
                story.take_back()
            with self.assertRaisesMessage(Refused, "a moment ago"):
                edition.take_back()
            with self.assertRaisesMessage(Refused, "waits for its release"):
                publish_story(story)
        self.assertEqual(StoryVersion.objects.known().count(), 1)

    def test_what_a_process_ahead_publishes_is_frozen_at_once(self):
        if SQLITE:
            self.skipTest("SQLite's processes share one machine and one clock.")
        with _clock_at(timezone.now() + timedelta(minutes=1)):
            version = publish_story()
            self.assertTrue(version.is_released)
        self.assertTrue(StoryVersion.objects.known().exists())
        with self.assertRaisesMessage(IntegrityError, REFUSAL):
            sql("DELETE FROM articles_storyversion")


class TriggersTests(TransactionTestCase):
    def test_all_are_there_after_migrate(self):
        self.assertEqual(missing(connection), [])

    def test_one_that_is_missing_is_named_and_migrate_puts_it_back(self):
        on = "" if SQLITE else " ON articles_storyversion"
        sql(f"DROP TRIGGER articles_storyversion_no_update{on}")
        self.assertEqual(missing(connection), ["articles_storyversion_no_update"])
        call_command("migrate", verbosity=0)
        self.assertEqual(missing(connection), [])

    def test_one_that_says_something_else_is_named(self):
        if SQLITE:
            sql("DROP TRIGGER mapdata_edition_no_delete")
            sql("CREATE TRIGGER mapdata_edition_no_delete BEFORE DELETE ON mapdata_edition BEGIN SELECT 1; END")
        else:
            sql(
                "CREATE OR REPLACE FUNCTION mapdata_edition_no_delete() RETURNS trigger LANGUAGE plpgsql"
                " AS $$BEGIN RETURN OLD; END$$"
            )
        self.assertEqual(missing(connection), ["mapdata_edition_no_delete"])
        immutability.protect(connection)
        self.assertEqual(missing(connection), [])

    def test_one_of_its_name_on_another_table_is_not_it(self):
        on = "" if SQLITE else " ON mapdata_edition"
        sql(f"DROP TRIGGER mapdata_edition_no_delete{on}")
        body = "BEGIN SELECT 1; END" if SQLITE else "FOR EACH ROW EXECUTE FUNCTION mapdata_edition_no_delete()"
        sql(f"CREATE TRIGGER mapdata_edition_no_delete BEFORE DELETE ON mapdata_party {body}")
        try:
            self.assertEqual(missing(connection), ["mapdata_edition_no_delete"])
        finally:
            sql(f"DROP TRIGGER mapdata_edition_no_delete{'' if SQLITE else ' ON mapdata_party'}")
        immutability.protect(connection)
        self.assertEqual(missing(connection), [])

    def test_one_that_is_switched_off_is_named(self):
        if SQLITE:
            self.skipTest("SQLite cannot switch a trigger off.")
        sql("ALTER TABLE mapdata_edition DISABLE TRIGGER mapdata_edition_no_update")
        self.assertEqual(missing(connection), ["mapdata_edition_no_update"])
        immutability.protect(connection)
        self.assertEqual(missing(connection), [])

    def test_a_table_can_be_rebuilt_and_is_protected_afterwards(self):
        """What a migration that alters a column does on SQLite: it makes the table anew."""
        edition = publish_edition()
        immutability.before_migrate(_app("newsroom"), "default")
        wider = models.CharField(max_length=20, default="draft")
        wider.set_attributes_from_name("stage")
        wider.model = Edition
        with connection.constraint_checks_disabled(), connection.schema_editor() as editor_of_schema:
            editor_of_schema.alter_field(Edition, Edition._meta.get_field("stage"), wider, strict=True)
            editor_of_schema.alter_field(Edition, wider, Edition._meta.get_field("stage"), strict=True)
        immutability.after_migrate(_app("articles"), "default")
        self.assertEqual(missing(connection), [])
        with self.assertRaisesMessage(IntegrityError, REFUSAL):
            sql(f"UPDATE mapdata_edition SET note = 'x' WHERE id = {edition.pk}")

    def test_protection_can_be_off_for_a_test(self):
        party = make_party("anders")
        edition = publish_edition()
        with protection_off(connection):
            sql(f"UPDATE mapdata_controlarea SET party_id = {party.pk}")
        with self.assertRaisesMessage(IntegrityError, REFUSAL):
            sql(f"DELETE FROM mapdata_edition WHERE id = {edition.pk}")
