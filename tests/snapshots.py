"""The whole database as it is, and that put back: in a moment, with every key and without a trigger."""

import sqlite3

from django.contrib.contenttypes.models import ContentType
from django.db import connection


class Snapshot:
    """Of all rows of all tables, the project's own and Django's."""

    def __init__(self) -> None:
        connection.ensure_connection()
        self.is_file = connection.vendor == "sqlite"
        (self._copy_file if self.is_file else self._copy_tables)()

    def put_back(self) -> None:
        """Nobody else may be in a transaction."""
        connection.ensure_connection()
        if self.is_file:
            self.kept.backup(connection.connection)
        else:
            self._fill_tables()
        ContentType.objects.clear_cache()

    def _copy_file(self) -> None:
        self.kept = sqlite3.connect(":memory:", check_same_thread=False)
        connection.connection.backup(self.kept)

    def _copy_tables(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT quote_ident(table_name), string_agg(quote_ident(column_name), ', ') "
                "FROM information_schema.columns WHERE table_schema = 'public' AND is_generated = 'NEVER' GROUP BY table_name"
            )
            self.tables = dict(cursor.fetchall())  # with the columns that can be written
            cursor.execute("CREATE SCHEMA snapshot")
            for table in self.tables:
                cursor.execute(f"CREATE TABLE snapshot.{table} AS TABLE public.{table}")

    def _fill_tables(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")  # neither triggers nor foreign keys
            cursor.execute(f"TRUNCATE {', '.join(self.tables)}")
            for table, columns in self.tables.items():
                cursor.execute(f"INSERT INTO public.{table} ({columns}) SELECT {columns} FROM snapshot.{table}")
            cursor.execute("SET session_replication_role = DEFAULT")
            cursor.execute(
                "SELECT pg_get_serial_sequence(quote_ident(table_name), column_name), table_name, column_name "
                "FROM information_schema.columns WHERE table_schema = 'public' AND is_identity = 'YES'"
            )
            for sequence, table, column in cursor.fetchall():
                cursor.execute(f'SELECT setval(%s, coalesce(max("{column}"), 0) + 1, false) FROM "{table}"', [sequence])
