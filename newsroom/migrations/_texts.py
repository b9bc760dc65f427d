"""For migrations: a column for each language (`name_nl`, `name_en`) becomes one with all of them (`newsroom/texts/fields.py`).

Within the database, a statement a field, so that a large gazetteer takes a second. Empty texts are left out. The way
back finds a column for each of these languages again; texts in others have no place there, and are lost.
"""

from collections.abc import Sequence

from django.db import migrations

# {pairs}: 'nl', "name_nl", 'en', "name_en".
MERGED = {
    "sqlite": "SELECT json_group_object(said.key, said.value) FROM json_each(json_object({pairs})) AS said",
    "postgresql": "SELECT coalesce(jsonb_object_agg(said.key, said.value), '{{}}') "
    "FROM jsonb_each_text(jsonb_build_object({pairs})) AS said",
}
APART = {
    "sqlite": "coalesce(json_extract({texts}, '$.{language}'), '')",
    "postgresql": "coalesce({texts} ->> '{language}', '')",
}


def settle(connection) -> None:
    """PostgreSQL changes no table whose rows' foreign keys wait to be checked, as those of a row that is updated twice."""
    if connection.vendor == "postgresql":
        connection.check_constraints()


def merging(model: str, field: str, languages: Sequence[str]) -> migrations.RunPython:
    """The operation that fills the new column from those of the languages; it stands between adding and removing."""

    def merge(apps, schema_editor) -> None:
        connection = schema_editor.connection
        quote = connection.ops.quote_name
        pairs = ", ".join(f"'{language}', {quote(f'{field}_{language}')}" for language in languages)
        texts = MERGED[connection.vendor].format(pairs=pairs)
        table = quote(apps.get_model(model)._meta.db_table)
        # Not by `schema_editor.execute`, which keeps a % for itself.
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET {quote(field)} = ({texts} WHERE said.value <> '')")
        settle(connection)

    def part(apps, schema_editor) -> None:
        connection = schema_editor.connection
        quote = connection.ops.quote_name
        template = APART[connection.vendor]
        columns = ", ".join(
            f"{quote(f'{field}_{language}')} = {template.format(texts=quote(field), language=language)}"
            for language in languages
        )
        table = quote(apps.get_model(model)._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET {columns}")
        settle(connection)

    return migrations.RunPython(merge, part)
