"""A draft may wait for its date: what it will state once the date is known."""

from django.db import migrations, models

PRECISIONS = [
    ("day", "具体日期"),
    ("month", "月份"),
    ("quarter", "季度"),
    ("half_year", "半年"),
    ("year", "全年"),
    ("unknown", "时间未载明"),
]


def drop_triggers(apps, schema_editor):
    """SQLite makes the tables anew, and fails where a trigger of another table reads them; all come back after ``migrate``."""
    if schema_editor.connection.vendor != "sqlite":
        return
    find = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%branches_hospitalchange%'"
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(find)
        names = [name for (name,) in cursor.fetchall()]
    for name in names:
        schema_editor.execute(f'DROP TRIGGER "{name}"')


def _awaited(model: str) -> migrations.AddField:
    field = models.CharField(
        blank=True, choices=PRECISIONS, db_default="", default="", editable=False, max_length=10
    )
    return migrations.AddField(model_name=model, name="date_awaited", field=field)


class Migration(migrations.Migration):
    dependencies = [("branches", "0016_tallies_of_everybody")]

    operations = [
        migrations.RunPython(drop_triggers, drop_triggers),
        _awaited("activity"),
        _awaited("periodreport"),
    ]
