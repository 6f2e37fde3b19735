"""Sums of groups of hospitals. What is kept of the hospitals has not all that there is now: it is made anew when read.

The triggers go as well: those that come after ``migrate`` note less, and on one more table.
"""

import django.db.models.deletion
from django.db import migrations, models


def forget_tallies(apps, schema_editor):
    apps.get_model("branches", "Tally").objects.all().delete()


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


class Migration(migrations.Migration):

    dependencies = [
        ('branches', '0012_intake_files'),
    ]

    operations = [
        migrations.CreateModel(
            name='GroupTally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(default=0, help_text='0是全部年份。', verbose_name='年份')),
                ('sums', models.JSONField(verbose_name='合计')),
                ('group', models.PositiveSmallIntegerField(verbose_name='组')),
                ('measure', models.ForeignKey(db_constraint=False, db_index=False, help_text='空着的是活动条数。', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='branches.measure', verbose_name='指标')),
            ],
            options={
                'verbose_name': '成组医院合计',
                'verbose_name_plural': '成组医院合计',
                'constraints': [models.UniqueConstraint(condition=models.Q(('measure__isnull', False)), fields=('year', 'measure', 'group'), name='branches_grouptally_one_of_measure', violation_error_message='这组医院这一年的这项指标已经有合计，请用 rebuild_tallies 重算。'), models.UniqueConstraint(condition=models.Q(('measure__isnull', True)), fields=('year', 'group'), name='branches_grouptally_one_of_activities', violation_error_message='这组医院这一年的活动条数已经有合计，请用 rebuild_tallies 重算。')],
            },
        ),
        migrations.RunPython(forget_tallies, migrations.RunPython.noop),
        migrations.RunPython(drop_triggers, migrations.RunPython.noop),
    ]
