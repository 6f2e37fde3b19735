"""Sums of what is unpublished, for staff, in a table of their own; and notes of what was written say whether it was published.

The triggers go first: those that come after ``migrate`` say so.
"""

import django.db.models.deletion
from django.db import migrations, models

FUNCTION = """
CREATE OR REPLACE FUNCTION branches_note_hospitals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'INSERT INTO branches_hospitalchange (key, {columns}) SELECT txid_current(), {columns} FROM ('
        || TG_ARGV[0] || ') AS hospitals ({columns}) GROUP BY {columns} ORDER BY {columns} ON CONFLICT DO NOTHING';
    RETURN NULL;
END
$$
"""


def drop_triggers(apps, schema_editor):
    find = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%branches_hospitalchange%'"
    drop = 'DROP TRIGGER "{0}"'
    if schema_editor.connection.vendor == "postgresql":
        find = (
            "SELECT tgname, tgrelid::regclass FROM pg_trigger WHERE NOT tgisinternal AND tgfoid = "
            "'branches_note_hospitals'::regproc"
        )
        drop = 'DROP TRIGGER "{0}" ON {1}'
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(find)
        for names in cursor.fetchall():
            cursor.execute(drop.format(*names))


def note(columns):
    def define(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(FUNCTION.format(columns=columns), params=None)

    return define


def forget_notes_of_the_unpublished(apps, schema_editor):
    """Without the column they would say that something public was written, twice."""
    apps.get_model("branches", "HospitalChange").objects.filter(is_published=False).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("branches", "0017_awaited_dates"),
        ("hospitals", "0006_uploads"),
    ]

    operations = [
        migrations.RunPython(drop_triggers, migrations.RunPython.noop),
        migrations.RunPython(note("hospital_id, is_published"), note("hospital_id")),
        migrations.RemoveConstraint(model_name="hospitalchange", name="branches_hospitalchange_unique"),
        migrations.AddField(
            model_name="hospitalchange",
            name="is_published",
            field=models.BooleanField(default=True, verbose_name="已发布的"),
        ),
        migrations.AddConstraint(
            model_name="hospitalchange",
            constraint=models.UniqueConstraint(
                fields=("is_published", "key", "hospital"), name="branches_hospitalchange_unique"
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, forget_notes_of_the_unpublished),
        migrations.CreateModel(
            name="UnpublishedTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(default=0, help_text="0是全部年份。", verbose_name="年份")),
                ("sums", models.JSONField(verbose_name="合计")),
                ("group", models.PositiveSmallIntegerField(verbose_name="组")),
                (
                    "measure",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        help_text="空着的是活动条数。",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="branches.measure",
                        verbose_name="指标",
                    ),
                ),
            ],
            options={
                "verbose_name": "成组医院未发布合计",
                "verbose_name_plural": "成组医院未发布合计",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("measure__isnull", False)),
                        fields=("year", "measure", "group"),
                        name="branches_unpublishedtally_one_of_measure",
                        violation_error_message="这组医院这一年的这项指标已经有合计，请用 rebuild_tallies 重算。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("measure__isnull", True)),
                        fields=("year", "group"),
                        name="branches_unpublishedtally_one_of_activities",
                        violation_error_message="这组医院这一年的活动条数已经有合计，请用 rebuild_tallies 重算。",
                    ),
                ],
            },
        ),
        migrations.RunPython(migrations.RunPython.noop, drop_triggers),
    ]
