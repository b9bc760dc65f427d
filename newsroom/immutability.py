"""The database itself keeps published versions as they are: triggers, on SQLite and PostgreSQL alike.

Allowed on a released version: recording its withdrawal, once. Allowed on a scheduled one: taking it back. Nothing else,
not by the admin, not by a migration, not by a script. Rows that are part of a version (they say `frozen_with`) are frozen with it.

The triggers are put in place after every `migrate`, because SQLite drops a table's triggers when a migration rebuilds
the table. `manage.py verify` says when one is missing.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import connections, models


def versions() -> list[type[models.Model]]:
    """Models that say `subject_field`: what they are versions of."""
    return [model for model in apps.get_models() if hasattr(model, "subject_field")]


def parts() -> list[type[models.Model]]:
    """Models that say `frozen_with`: the foreign key to the version that they are part of."""
    return [model for model in apps.get_models() if hasattr(model, "frozen_with")]


REFUSAL = "a published version is never changed or deleted"

# "Now" as Django stores moments: a timestamptz, or on SQLite a text in UTC.
NOW = {"postgresql": "clock_timestamp()", "sqlite": "strftime('%Y-%m-%d %H:%M:%f', 'now')"}


def _trigger_names(model: type[models.Model]) -> list[str]:
    events = ["update", "delete"] if hasattr(model, "subject_field") else ["insert", "update", "delete"]
    return [f"{model._meta.db_table}_no_{event}" for event in events]


def _released(alias: str, now: str) -> str:
    return f"{alias}.published_at IS NOT NULL AND {alias}.published_at <= {now}"


def _pending(alias: str, now: str) -> str:
    return f"{alias}.published_at IS NOT NULL AND {alias}.published_at > {now}"


def _columns(model: type[models.Model], without: tuple[str, ...] = ()) -> list[str]:
    return [field.column for field in model._meta.local_concrete_fields if field.column not in without]


def _forbidden_update(model: type[models.Model], vendor: str) -> str:
    """The condition under which an UPDATE of a version's row is refused."""
    now, different = NOW[vendor], "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    written = _columns(model, model.WITHDRAWAL_FIELDS)
    changed = " OR ".join(f'OLD."{name}" {different} NEW."{name}"' for name in written)
    return (
        f"({_released('OLD', now)} AND (OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_at IS NULL OR {changed}))"
        f" OR ({_pending('OLD', now)} AND NEW.published_at IS NOT NULL)"
    )


def _conditions(model: type[models.Model], vendor: str) -> dict[str, str]:
    if hasattr(model, "subject_field"):
        return {"update": _forbidden_update(model, vendor), "delete": _released("OLD", NOW[vendor])}
    field = model._meta.get_field(model.frozen_with)
    sealed = (
        f'EXISTS (SELECT 1 FROM "{field.related_model._meta.db_table}" v'
        f' WHERE v.id = {{row}}."{field.column}" AND v.published_at IS NOT NULL)'
    )
    old, new = sealed.format(row="OLD"), sealed.format(row="NEW")
    return {"insert": new, "update": f"{old} OR {new}", "delete": old}


def _statements(model: type[models.Model], vendor: str) -> Iterator[str]:
    table = model._meta.db_table
    for event, condition in _conditions(model, vendor).items():
        name = f"{table}_no_{event}"
        if vendor == "sqlite":
            yield f"""CREATE TRIGGER IF NOT EXISTS "{name}" BEFORE {event} ON "{table}" WHEN {condition}
                BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"""
            continue
        result = "OLD" if event == "delete" else "NEW"
        yield f"""CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN IF {condition} THEN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
            END IF; RETURN {result}; END $$"""
        yield f"""CREATE OR REPLACE TRIGGER "{name}" BEFORE {event} ON "{table}"
            FOR EACH ROW EXECUTE FUNCTION "{name}"()"""
    if vendor == "postgresql":
        yield f"""CREATE OR REPLACE FUNCTION "{table}_no_truncate"() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$"""
        yield f"""CREATE OR REPLACE TRIGGER "{table}_no_truncate" BEFORE TRUNCATE ON "{table}"
            FOR EACH STATEMENT EXECUTE FUNCTION "{table}_no_truncate"()"""


def _protected_tables(connection) -> list[type[models.Model]]:
    existing = set(connection.introspection.table_names())
    return [model for model in [*versions(), *parts()] if model._meta.db_table in existing]


def _drop(connection, models_: list[type[models.Model]]) -> None:
    with connection.cursor() as cursor:
        for model in models_:
            table = model._meta.db_table
            for name in [*_trigger_names(model), f"{table}_no_truncate"]:
                on = f' ON "{table}"' if connection.vendor == "postgresql" else ""
                cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"{on}')


def protect(connection) -> None:
    """Put every trigger in place, as the models are now. Safe to repeat."""
    models_ = _protected_tables(connection)
    _drop(connection, models_)
    with connection.cursor() as cursor:
        for model in models_:
            for statement in _statements(model, connection.vendor):
                cursor.execute(statement)


def missing(connection) -> list[str]:
    """The names of triggers that should be there and are not."""
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {name for (name,) in cursor.fetchall()}
    expected = [name for model in [*versions(), *parts()] for name in _trigger_names(model)]
    return [name for name in expected if name not in present]


@contextmanager
def protection_off(connection) -> Iterator[None]:
    """For tests that empty the database between them; nothing else has a reason to use it."""
    _drop(connection, _protected_tables(connection))
    try:
        yield
    finally:
        protect(connection)


def before_migrate(sender, using, **kwargs) -> None:
    """SQLite cannot rename a table while a trigger on another table mentions it: those give way during a migration."""
    connection = connections[using]
    if sender.label == "newsroom" and connection.vendor == "sqlite":
        _drop(connection, [model for model in _protected_tables(connection) if hasattr(model, "frozen_with")])


def after_migrate(sender, using, **kwargs) -> None:
    # The signal comes once for each app; the last of ours that has versions to protect finds every table there.
    if sender.label in {model._meta.app_label for model in versions()}:
        protect(connections[using])
