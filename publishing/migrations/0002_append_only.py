"""On PostgreSQL the database itself refuses to change or delete a row of the trail, the log or an old version.

SQLite is for trying out: there the models refuse, and tests can still empty their tables.
"""

from django.db import migrations

TABLES = ["publishing_reviewentry", "publishing_version", "publishing_versionpicture", "publishing_logentry"]

FUNCTION = """
CREATE FUNCTION publishing_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% holds rows that are only added', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$
"""


def refuse_changes(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute(FUNCTION, params=None)  # the percent sign is the message's, not a parameter
    for table in TABLES:
        schema_editor.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION publishing_refuse_change()"
        )


def allow_changes(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for table in TABLES:
        schema_editor.execute(f"DROP TRIGGER {table}_append_only ON {table}")
    schema_editor.execute("DROP FUNCTION publishing_refuse_change()")


class Migration(migrations.Migration):
    dependencies = [("publishing", "0001_initial")]

    operations = [migrations.RunPython(refuse_changes, allow_changes)]
