"""The database as it stood at some moment, to be put back: what every test begins with is what migrations leave.

A test that commits leaves its rows, and the tests come in any order, on several processes; so what migrations made (the
groups, the content types) is put back at once, by each engine's fastest way. Django's own, at the beginning of the next
test that commits, makes them row by row, and leaves the tests between with nothing. The demo is kept in the same way.
"""

import io
import sqlite3

from django.db import connections, transaction

from newsroom.publishing.immutability import protection_off


class SQLite:
    """Page by page: what takes the rows back takes the triggers and the numbers of rows back too."""

    def __init__(self, connection) -> None:
        self.kept = sqlite3.connect(":memory:", check_same_thread=False)
        connection.ensure_connection()
        connection.connection.backup(self.kept)

    def put_back(self, connection) -> None:
        connection.ensure_connection()
        self.kept.backup(connection.connection)


class PostgreSQL:
    """Whatever tables have rows are emptied; then the rows that were there are copied in."""

    def __init__(self, connection) -> None:
        self.tables = connection.introspection.table_names()
        with connection.cursor() as cursor:
            self.kept = dict(copied(cursor, table) for table in self.filled(cursor))

    def put_back(self, connection) -> None:
        # Its triggers would refuse.
        with protection_off(connection), transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            for table in self.filled(cursor):
                cursor.execute(f'DELETE FROM "{table}"')
            for name, rows in self.kept.items():
                cursor.copy_expert(f"COPY {name} FROM STDIN", io.BytesIO(rows))

    def filled(self, cursor) -> list[str]:
        asked = (f"SELECT '{table}' WHERE EXISTS (SELECT FROM \"{table}\")" for table in self.tables)
        cursor.execute(" UNION ALL ".join(asked))
        return [table for (table,) in cursor.fetchall()]


def copied(cursor, table: str) -> tuple[str, bytes]:
    """The table with its columns, by name, as a test of migrations may bring them in another order; and its rows."""
    cursor.execute(f'SELECT * FROM "{table}" LIMIT 0')
    columns = ", ".join(f'"{column.name}"' for column in cursor.description)
    rows = io.BytesIO()
    cursor.copy_expert(f'COPY "{table}" ({columns}) TO STDOUT', rows)
    return f'"{table}" ({columns})', rows.getvalue()


Kept = SQLite | PostgreSQL


def keep() -> Kept:
    connection = connections["default"]
    return (SQLite if connection.vendor == "sqlite" else PostgreSQL)(connection)
