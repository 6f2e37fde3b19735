"""The pairs of neighbouring characters of a text, for the indexes that a search uses on PostgreSQL."""

from django.db import migrations

# COST: it reads the whole text; the planner must rather use an index than ask it of every row.
FUNCTION = """
CREATE FUNCTION publishing_pairs(words text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1000 AS $$
    SELECT array(
        SELECT DISTINCT (one || next) COLLATE "C"
        FROM (SELECT string_to_array(words, NULL) AS characters) AS split,
             unnest(characters, characters[2:]) AS neighbours (one, next)
        WHERE next IS NOT NULL
    )
$$
"""


def add_function(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FUNCTION, params=None)


def drop_function(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION publishing_pairs(text)", params=None)


class Migration(migrations.Migration):
    dependencies = [("publishing", "0006_grey_period")]

    operations = [migrations.RunPython(add_function, drop_function)]
