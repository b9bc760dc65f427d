"""The database itself keeps published versions as they are: triggers, on SQLite and PostgreSQL alike.

Allowed on a released version: recording its withdrawal, once. Allowed on a scheduled one: taking it back, which is
deleting it, or making it a draft again where versions are their own drafts. Nothing else: not by the admin, not by a
migration, not by a script. Rows that are part of a version (their model says `frozen_with`) are frozen with it, and so
are the rows by which it is found (its many-to-many relations), once it is released.

The triggers are put in place after every `migrate`, because SQLite drops a table's triggers when a migration rebuilds
the table (docs/decisions/0002-triggers-after-migrate.md). `manage.py verify` says when one is missing or altered.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.apps import AppConfig, apps
from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from newsroom.publishing.refusals import REFUSAL
from newsroom.publishing.versions import Version

# Whether a row (alias) is released. SQLite's clock has milliseconds and Django stores microseconds, as text in UTC:
# without the cut a version would not count as released in the millisecond in which it was published.
RELEASED = {
    "postgresql": "{row}.published_at <= clock_timestamp()",
    "sqlite": "substr({row}.published_at, 1, 23) <= strftime('%Y-%m-%d %H:%M:%f', 'now')",
}
DIFFERENT = {"postgresql": "IS DISTINCT FROM", "sqlite": "IS NOT"}

# pg_trigger.tgtype: 1 for each row, 2 before, 4 insert, 8 delete, 16 update, 32 truncate.
POSTGRESQL_TYPES = {"insert": 7, "delete": 11, "update": 19, "truncate": 34}


def versions() -> list[type[Version]]:
    return [model for model in apps.get_models() if issubclass(model, Version)]


def parts() -> list[tuple[type[models.Model], str]]:
    """Models that say `frozen_with`, and what they say: the foreign key to the version that they are part of."""
    return [(model, name) for model in apps.get_models() if (name := getattr(model, "frozen_with", ""))]


def links() -> list[tuple[Any, str]]:
    """Tables of versions' many-to-many relations, each with its column that names the version."""
    fields = [field for model in versions() for field in model._meta.local_many_to_many]
    return [(field.remote_field.through, field.m2m_column_name()) for field in fields]


@dataclass(frozen=True)
class Trigger:
    """Refuses an event (insert, update, delete, truncate) on a table where a condition holds."""

    table: str
    event: str
    condition: str

    @property
    def name(self) -> str:
        return f"{self.table}_no_{self.event}"

    @property
    def sqlite(self) -> str:
        """The statement that makes it, spelt as SQLite keeps it."""
        return (
            f'CREATE TRIGGER "{self.name}" BEFORE {self.event} ON "{self.table}" WHEN {self.condition} '
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )

    @property
    def postgresql_body(self) -> str:
        returned = {"delete": "OLD", "truncate": "NULL"}.get(self.event, "NEW")
        return (
            f"BEGIN IF ({self.condition}) THEN "
            f"RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; "
            f"END IF; RETURN {returned}; END"
        )

    @property
    def postgresql(self) -> str:
        each = "STATEMENT" if self.event == "truncate" else "ROW"
        body = self.postgresql_body
        return (
            f'CREATE OR REPLACE FUNCTION "{self.name}"() RETURNS trigger LANGUAGE plpgsql AS $${body}$$;'
            f'CREATE TRIGGER "{self.name}" BEFORE {self.event} ON "{self.table}" '
            f'FOR EACH {each} EXECUTE FUNCTION "{self.name}"()'
        )

    def statement(self, vendor: str) -> str:
        return self.sqlite if vendor == "sqlite" else self.postgresql

    def mark(self, vendor: str) -> str:
        """What the database's own catalogue must say of it."""
        return self.sqlite if vendor == "sqlite" else f"{POSTGRESQL_TYPES[self.event]} {self.postgresql_body}"


def triggers(vendor: str) -> list[Trigger]:
    """All that should be there, as the models are now."""
    conditions = {model._meta.db_table: _version_conditions(model, vendor) for model in versions()}
    conditions |= {model._meta.db_table: _part_conditions(model, name, vendor) for model, name in parts()}
    conditions |= {model._meta.db_table: _link_conditions(model, column, vendor) for model, column in links()}
    return [
        Trigger(table, event, condition) for table, events in conditions.items() for event, condition in events.items()
    ]


def _version_conditions(model: type[Version], vendor: str) -> dict[str, str]:
    released = RELEASED[vendor]
    kept = [field.column for field in model._meta.local_concrete_fields if field.column not in model.WITHDRAWAL_FIELDS]
    changed = " OR ".join(f'OLD."{column}" {DIFFERENT[vendor]} NEW."{column}"' for column in kept)
    update = (
        "OLD.published_at IS NOT NULL AND CASE"
        f" WHEN {released.format(row='OLD')} THEN OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_at IS NULL OR {changed}"
        " ELSE NEW.published_at IS NOT NULL END"
    )
    delete = f"OLD.published_at IS NOT NULL AND {released.format(row='OLD')}"
    if vendor == "postgresql":
        return {"update": update, "delete": delete, "truncate": "true"}
    subject = _foreign_key(model, model.subject_field).column
    same = f'(o.id = NEW.id OR (o."{subject}" = NEW."{subject}" AND o.number = NEW.number))'
    displaced = f'EXISTS (SELECT 1 FROM "{model._meta.db_table}" o WHERE {same} AND {released.format(row="o")}'
    return {
        "insert": f"{displaced})",
        "update": f"({update}) OR {displaced} AND o.id IS NOT OLD.id)",
        "delete": delete,
    }


def _foreign_key(model: type[models.Model], name: str) -> Any:
    return model._meta.get_field(name)


def _part_conditions(model: type[models.Model], name: str, vendor: str) -> dict[str, str]:
    field = _foreign_key(model, name)
    sealed = (
        f'EXISTS (SELECT 1 FROM "{field.related_model._meta.db_table}" v'
        f' WHERE v.id = {{row}}."{field.column}" AND v.published_at IS NOT NULL)'
    )
    old, new = sealed.format(row="OLD"), sealed.format(row="NEW")
    return _with_displaced({"insert": new, "update": f"{old} OR {new}", "delete": old}, model, sealed, vendor)


def _link_conditions(model: type[models.Model], column: str, vendor: str) -> dict[str, str]:
    field: Any = next(field for field in model._meta.local_concrete_fields if field.column == column)
    released = (
        f'EXISTS (SELECT 1 FROM "{field.related_model._meta.db_table}" v'
        f' WHERE v.id = {{row}}."{column}" AND {RELEASED[vendor].format(row="v")})'
    )
    old, new = released.format(row="OLD"), released.format(row="NEW")
    # A version is found by these only after it is sealed, so adding one is allowed; `verify` compares them.
    return _with_displaced({"update": f"{old} OR {new}", "delete": old}, model, released, vendor)


def _with_displaced(conditions: dict[str, str], model: type[models.Model], kept: str, vendor: str) -> dict[str, str]:
    """REPLACE on SQLite deletes the row that is in its way without asking the triggers for deletion."""
    if vendor == "postgresql":
        return conditions | {"truncate": "true"}
    displaced = f'EXISTS (SELECT 1 FROM "{model._meta.db_table}" o WHERE o.id = NEW.id AND {kept.format(row="o")}'
    insert = f"{displaced})"
    return conditions | {
        "insert": f"{conditions['insert']} OR {insert}" if "insert" in conditions else insert,
        "update": f"{conditions['update']} OR {displaced} AND o.id IS NOT OLD.id)",
    }


def _present(connection: BaseDatabaseWrapper) -> dict[tuple[str, str], str]:
    """The triggers that are there and at work: by table and name, their marks."""
    query = "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'"
    if connection.vendor == "postgresql":
        query = """
            SELECT c.relname, t.tgname, t.tgtype::text || ' ' || p.prosrc
            FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid
            WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND t.tgqual IS NULL AND t.tgattr::text = ''
            AND pg_table_is_visible(t.tgrelid)"""
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {(table, name): mark for table, name, mark in cursor.fetchall()}


def _wanting(connection: BaseDatabaseWrapper) -> list[Trigger]:
    present = _present(connection)
    return [
        trigger
        for trigger in triggers(connection.vendor)
        if present.get((trigger.table, trigger.name)) != trigger.mark(connection.vendor)
    ]


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of triggers that should be there and are not, are switched off, or say something else."""
    return [trigger.name for trigger in _wanting(connection)]


def _drop(connection: BaseDatabaseWrapper, names: list[Trigger]) -> None:
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for trigger in names:
            if trigger.table in tables:
                on = f' ON "{trigger.table}"' if connection.vendor == "postgresql" else ""
                cursor.execute(f'DROP TRIGGER IF EXISTS "{trigger.name}"{on}')


def protect(connection: BaseDatabaseWrapper) -> None:
    """Put every trigger in place that is not there as it should be. Safe to repeat, and then it changes nothing."""
    tables = set(connection.introspection.table_names())
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Web processes that start together do this one after the other.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('newsroom.immutability'))")
        wanting = [trigger for trigger in _wanting(connection) if trigger.table in tables]
        _drop(connection, wanting)
        for trigger in wanting:
            cursor.execute(trigger.statement(connection.vendor))


@contextmanager
def protection_off(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """For tests, which empty the database between them and tamper with it; nothing else has a reason to use it."""
    if connection.vendor == "postgresql":
        # Foreign keys that wait to be checked at the end of a transaction are in the way of dropping triggers.
        connection.check_constraints()
    _drop(connection, triggers(connection.vendor))
    try:
        yield
    finally:
        if connection.vendor == "postgresql":
            connection.check_constraints()
        protect(connection)


def before_migrate(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """SQLite cannot rename a table while a trigger on another table mentions it: those give way during a migration."""
    connection = connections[using]
    if sender.label == "newsroom" and connection.vendor == "sqlite":
        own = {model._meta.db_table for model in versions()}
        _drop(connection, [trigger for trigger in triggers("sqlite") if trigger.table not in own])


def after_migrate(sender: AppConfig, using: str, **kwargs: Any) -> None:
    # The signal comes once for each app; the last of ours that has versions to protect finds every table there.
    if sender.label in {model._meta.app_label for model in versions()}:
        protect(connections[using])
