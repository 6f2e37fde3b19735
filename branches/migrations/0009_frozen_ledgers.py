"""Ledgers as they were handed in. On PostgreSQL the database itself refuses to change or delete one."""

import django.db.models.deletion
import publishing.constraints
from django.conf import settings
from django.db import migrations, models

TABLE = "branches_frozenledger"


def refuse_changes(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":  # its function is from publishing.0002_append_only
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_append_only BEFORE UPDATE OR DELETE ON {TABLE} "
            "FOR EACH ROW EXECUTE FUNCTION publishing_refuse_change()"
        )


def allow_changes(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER {TABLE}_append_only ON {TABLE}")


class Migration(migrations.Migration):

    dependencies = [
        ('branches', '0008_obligations'),
        ('hospitals', '0005_search_index'),
        ('publishing', '0002_append_only'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FrozenLedger',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit', models.CharField(help_text='封存时的名称。', max_length=200, verbose_name='填报单位')),
                ('start', models.DateField(verbose_name='开始日期')),
                ('end', models.DateField(verbose_name='结束日期')),
                ('precision', models.CharField(choices=[('day', '具体日期'), ('month', '月份'), ('quarter', '季度'), ('half_year', '半年'), ('year', '全年'), ('unknown', '时间未载明')], max_length=10, verbose_name='期间写到')),
                ('year', models.PositiveSmallIntegerField(verbose_name='封存年份')),
                ('number', models.PositiveIntegerField(verbose_name='本年第几次')),
                ('note', models.TextField(blank=True, max_length=500, verbose_name='说明')),
                ('made_by_name', models.CharField(max_length=150, verbose_name='封存人姓名')),
                ('made_at', models.DateTimeField(verbose_name='封存时间')),
                ('content', models.TextField(verbose_name='内容')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('row_count', models.PositiveIntegerField(verbose_name='条数')),
                ('branch', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='frozen_ledgers', to='branches.branch', verbose_name='支部')),
                ('hospital', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='frozen_ledgers', to='hospitals.hospital', verbose_name='医院')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='封存人')),
            ],
            options={
                'verbose_name': '报送',
                'verbose_name_plural': '报送',
                'ordering': ['-made_at', '-id'],
                'abstract': False,
                'default_permissions': ('add', 'view'),
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['hospital', '-made_at'], name='branches_frozenledger_latest')],
                'constraints': [models.UniqueConstraint(fields=('hospital', 'year', 'number'), name='branches_frozenledger_unique_number', violation_error_message='这个报送编号已经有了，请重新点“封存”。'), models.UniqueConstraint(condition=models.Q(('branch__isnull', True)), fields=('hospital', 'start', 'end', 'sha256'), name='branches_frozenledger_once_of_hospital', violation_error_message='同样的内容已经封存过，不用再封存一份。'), models.UniqueConstraint(fields=('branch', 'start', 'end', 'sha256'), name='branches_frozenledger_once_of_branch', violation_error_message='同样的内容已经封存过，不用再封存一份。'), models.CheckConstraint(condition=models.Q(('end__gte', models.F('start')), models.Q(('precision', 'unknown'), _negated=True)), name='branches_frozenledger_dates_in_order', violation_error_message='结束日期早于开始日期，请检查这两个日期。'), publishing.constraints.SameParent(field='branch', name='branches_frozenledger_branch_of_hospital', parent='hospital', violation_error_message='这个支部不属于所选医院，请重新选择支部。')],
            },
        ),
        migrations.RunPython(refuse_changes, allow_changes),
    ]
