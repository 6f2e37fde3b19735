"""What a search needs of the database for a table (PostgreSQL only), as an operation for migrations.

Migrations are history: what this makes stays as it is. Another kind of index gets an operation of its own.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def search_indexes(*tables: str, titled: tuple[str, ...] = ()) -> migrations.RunPython:
    """Which texts have which pairs of characters, and, of tables that are ``titled``, which begin with which title.

    ``publishing.bigrams`` asks in the same words: an index of another expression or collation would not be used.
    """

    def add(apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        if schema_editor.connection.vendor != "postgresql":
            return
        for table in tables:
            # Without a pending list, which every search would have to read through as well.
            schema_editor.execute(
                f"CREATE INDEX {table}_search ON {table} "
                'USING gin ((publishing_pairs(search_text)) COLLATE "C") WITH (fastupdate = off)',
                params=None,
            )
            # How frequent each pair is takes long to count and would never speak against this index.
            schema_editor.execute(f"ALTER INDEX {table}_search ALTER COLUMN 1 SET STATISTICS 0", params=None)
        for table in titled:
            schema_editor.execute(
                f"CREATE INDEX {table}_title ON {table} USING hash (split_part(search_text, E'\\n', 1))", params=None
            )

    def drop(apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        if schema_editor.connection.vendor != "postgresql":
            return
        names = [*(f"{table}_search" for table in tables), *(f"{table}_title" for table in titled)]
        for name in names:
            schema_editor.execute(f"DROP INDEX {name}", params=None)

    return migrations.RunPython(add, drop)
