"""On PostgreSQL: which texts have which pairs of characters, and which begin with which title."""

from django.db import migrations

TABLES = ("articles_article",)
TITLED = ("articles_article",)


def add_indexes(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for table in TABLES:
        # Without a pending list, which every search would have to read through as well.
        schema_editor.execute(
            f"CREATE INDEX {table}_search ON {table} "
            'USING gin ((publishing_pairs(search_text)) COLLATE "C") WITH (fastupdate = off)',
            params=None,
        )
        # How frequent each pair is takes long to count and would never speak against this index.
        schema_editor.execute(f"ALTER INDEX {table}_search ALTER COLUMN 1 SET STATISTICS 0", params=None)
    for table in TITLED:
        schema_editor.execute(
            f"CREATE INDEX {table}_title ON {table} USING hash (split_part(search_text, E'\\n', 1))", params=None
        )


def drop_indexes(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for table in TABLES:
        schema_editor.execute(f"DROP INDEX {table}_search", params=None)
    for table in TITLED:
        schema_editor.execute(f"DROP INDEX {table}_title", params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0003_desk_index"),
        ("publishing", "0007_search_pairs"),
    ]

    operations = [migrations.RunPython(add_indexes, drop_indexes)]
