"""Sums that are kept of each hospital, and the notes of what was written; the triggers themselves come after ``migrate``."""

import django.db.models.deletion
from django.db import migrations, models

# ``written``: the rows of the statement. Each transaction has its own rows, so that no writer waits for another.
FUNCTION = """
CREATE FUNCTION branches_note_hospitals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'INSERT INTO branches_hospitalchange (key, hospital_id) SELECT txid_current(), id FROM ('
        || TG_ARGV[0] || ') AS hospitals (id) GROUP BY id ORDER BY id ON CONFLICT DO NOTHING';
    RETURN NULL;
END
$$
"""


def add_function(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FUNCTION, params=None)


def drop_triggers(apps, schema_editor):
    """They write into the table that is about to go."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION branches_note_hospitals() CASCADE")
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%branches_hospitalchange%'")
        names = [name for (name,) in cursor.fetchall()]
    for name in names:
        schema_editor.execute(f'DROP TRIGGER "{name}"')


class Migration(migrations.Migration):
    dependencies = [
        ("branches", "0010_ledger_profiles"),
        ("hospitals", "0005_search_index"),
    ]

    operations = [
        migrations.CreateModel(
            name="HospitalChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.BigIntegerField(verbose_name="事务")),
                (
                    "hospital",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="hospitals.hospital",
                        verbose_name="医院",
                    ),
                ),
            ],
            options={
                "verbose_name": "医院内容变动",
                "verbose_name_plural": "医院内容变动",
                "constraints": [
                    models.UniqueConstraint(fields=("key", "hospital"), name="branches_hospitalchange_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(default=0, help_text="0是全部年份。", verbose_name="年份")),
                ("sums", models.JSONField(verbose_name="合计")),
                (
                    "due",
                    models.DateTimeField(
                        help_text="下一条定时发布的活动公开的时间，只记在全部年份的活动条数上。",
                        null=True,
                        verbose_name="到时重算",
                    ),
                ),
                (
                    "hospital",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="hospitals.hospital",
                        verbose_name="医院",
                    ),
                ),
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
                "verbose_name": "分医院合计",
                "verbose_name_plural": "分医院合计",
                "indexes": [models.Index(fields=["year", "measure", "hospital"], name="branches_tally_of_year")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("measure__isnull", False)),
                        fields=("hospital", "year", "measure"),
                        name="branches_tally_one_of_measure",
                        violation_error_message="这家医院这一年的这项指标已经有合计，请用 rebuild_tallies 重算。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("measure__isnull", True)),
                        fields=("hospital", "year"),
                        name="branches_tally_one_of_activities",
                        violation_error_message="这家医院这一年的活动条数已经有合计，请用 rebuild_tallies 重算。",
                    ),
                ],
            },
        ),
        migrations.RunPython(add_function, drop_triggers),
    ]
