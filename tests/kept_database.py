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
        self.kept = {table: rows(connection, table) for table in self.filled(connection)}

    def put_back(self, connection) -> None:
        # Its triggers would refuse.
        with protection_off(connection), transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            for table in self.filled(connection):
                cursor.execute(f'DELETE FROM "{table}"')
            for table, lines in self.kept.items():
                cursor.copy_expert(f'COPY "{table}" FROM STDIN', io.BytesIO(lines))

    def filled(self, connection) -> list[str]:
        asked = " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT FROM \"{table}\")" for table in self.tables)
        with connection.cursor() as cursor:
            cursor.execute(asked)
            return [table for (table,) in cursor]


def rows(connection, table: str) -> bytes:
    lines = io.BytesIO()
    with connection.cursor() as cursor:
        cursor.copy_expert(f'COPY "{table}" TO STDOUT', lines)
    return lines.getvalue()


Kept = SQLite | PostgreSQL


def keep() -> Kept:
    connection = connections["default"]
    return (SQLite if connection.vendor == "sqlite" else PostgreSQL)(connection)
