"""What branches have to hold, who is let off it, and how long a branch exists; with the norms an office starts with.

The norms are those of the regulation on Party branches (支部工作条例), which came into force at the end of 2018. What it asks
of a branch is not asked of a 党总支, whose branches hold the meetings. An administrator may change all of it.
"""

from datetime import date

import django.core.validators
import django.db.models.deletion
import publishing.constraints
from django.conf import settings
from django.db import migrations, models

#: the kind of activity that proves it, and how often
NORMS = """
member_assembly quarter
branch_committee month
group_meeting month
party_lecture quarter
theme_day month
org_life_review year
"""


def add_norms(apps, schema_editor):
    ActivityKind = apps.get_model("branches", "ActivityKind")
    Obligation = apps.get_model("branches", "Obligation")
    if schema_editor.connection.vendor == "postgresql":
        # The indexes of the new tables are made after this, which no check that still waits may hinder.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for line in NORMS.split("\n")[1:-1]:
        slug, frequency = line.split()
        for kind in ActivityKind.objects.filter(slug=slug):
            norm = Obligation.objects.create(name=kind.name, frequency=frequency, valid_from=date(2019, 1, 1))
            norm.kinds.add(kind)


class Migration(migrations.Migration):

    dependencies = [
        ('branches', '0007_published_index'),
        ('hospitals', '0005_search_index'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Exemption',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='修改次数')),
                ('starts_on', models.DateField(help_text='免除期盖住一期的最后一天，这一期就免：免3月的，填3月1日到31日。', verbose_name='从')),
                ('ends_on', models.DateField(blank=True, help_text='还不知道到什么时候的，先不填。', null=True, verbose_name='到')),
                ('reason', models.CharField(help_text='只给本院工作人员看，不对外公开。', max_length=200, verbose_name='原因（内部）')),
                ('decided_at', models.DateTimeField(auto_now_add=True, verbose_name='登记时间')),
            ],
            options={
                'verbose_name': '应办免除',
                'verbose_name_plural': '应办免除',
                'ordering': ['-starts_on', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Obligation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='修改次数')),
                ('name', models.CharField(help_text='例如：主题党日。', max_length=40, verbose_name='名称')),
                ('frequency', models.CharField(choices=[('month', '每月'), ('quarter', '每季度'), ('half_year', '每半年'), ('year', '每年')], default='month', max_length=10, verbose_name='多久一次')),
                ('times', models.PositiveSmallIntegerField(default=1, help_text='每月、每季度……至少办几次。', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(31)], verbose_name='每期次数')),
                ('grace_days', models.PositiveSmallIntegerField(default=10, help_text='一期结束以后还有几天可以录入和审核，过了才算逾期。', validators=[django.core.validators.MaxValueValidator(92)], verbose_name='录入宽限天数')),
                ('for_branch', models.BooleanField(default=True, verbose_name='党支部要办')),
                ('for_general', models.BooleanField(default=False, verbose_name='党总支要办')),
                ('for_joint', models.BooleanField(default=True, verbose_name='联合支部要办')),
                ('for_retired', models.BooleanField(default=True, verbose_name='离退休支部要办')),
                ('valid_from', models.DateField(help_text='从哪天起要办；期末那天已经起用的，这一期就要办。', verbose_name='起用日期')),
                ('valid_to', models.DateField(blank=True, help_text='不再要求时填最后一天。改频次请给旧事项填上截止日期，再新建一条，否则以前的各期也会按新频次重算。', null=True, verbose_name='截止日期')),
                ('is_active', models.BooleanField(default=True, help_text='不启用的事项不在应办表里出现。', verbose_name='启用')),
            ],
            options={
                'verbose_name': '应办事项',
                'verbose_name_plural': '应办事项',
                'ordering': [models.OrderBy(models.F('hospital'), nulls_first=True), 'id'],
            },
        ),
        migrations.AddField(
            model_name='branch',
            name='dissolved_on',
            field=models.DateField(blank=True, help_text='应办事项算到这天为止；撤销以后请同时停用。', null=True, verbose_name='撤销日期'),
        ),
        migrations.AddField(
            model_name='branch',
            name='founded_on',
            field=models.DateField(blank=True, help_text='应办事项从这天起算；不填就从本院第一条公开的活动算起。', null=True, verbose_name='成立日期'),
        ),
        migrations.AddConstraint(
            model_name='branch',
            constraint=models.CheckConstraint(condition=models.Q(('founded_on__isnull', True), ('dissolved_on__isnull', True), ('dissolved_on__gte', models.F('founded_on')), _connector='OR'), name='branches_branch_dates_in_order', violation_error_message='撤销日期早于成立日期，请检查这两个日期。'),
        ),
        migrations.AddField(
            model_name='exemption',
            name='branch',
            field=models.ForeignKey(blank=True, help_text='不选支部，就是本院各支部都免。', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='exemptions', to='branches.branch', verbose_name='支部'),
        ),
        migrations.AddField(
            model_name='exemption',
            name='decided_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人'),
        ),
        migrations.AddField(
            model_name='exemption',
            name='hospital',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exemptions', to='hospitals.hospital', verbose_name='医院'),
        ),
        migrations.AddField(
            model_name='obligation',
            name='hospital',
            field=models.ForeignKey(blank=True, help_text='不选医院，就是各医院都要办的事项。', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='obligations', to='hospitals.hospital', verbose_name='医院'),
        ),
        migrations.AddField(
            model_name='obligation',
            name='kinds',
            field=models.ManyToManyField(help_text='办了其中任何一类活动都算，写成主要类别或兼有类别都可以。', related_name='obligations', to='branches.activitykind', verbose_name='算数的活动类别'),
        ),
        migrations.AddField(
            model_name='exemption',
            name='obligation',
            field=models.ForeignKey(blank=True, help_text='不选事项，就是全部事项都免。', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='exemptions', to='branches.obligation', verbose_name='应办事项'),
        ),
        migrations.AddConstraint(
            model_name='obligation',
            constraint=models.UniqueConstraint(fields=('hospital', 'name', 'valid_from'), name='branches_obligation_unique_name', violation_error_message='这家医院已经有同名、同一天起用的事项。'),
        ),
        migrations.AddConstraint(
            model_name='obligation',
            constraint=models.UniqueConstraint(condition=models.Q(('hospital__isnull', True)), fields=('valid_from', 'name'), name='branches_obligation_unique_platform_name', violation_error_message='全平台已经有同名、同一天起用的事项。'),
        ),
        migrations.AddConstraint(
            model_name='obligation',
            constraint=models.CheckConstraint(condition=models.Q(('times__gte', 1), ('times__lte', 31)), name='branches_obligation_times', violation_error_message='每期次数请填1到31。'),
        ),
        migrations.AddConstraint(
            model_name='obligation',
            constraint=models.CheckConstraint(condition=models.Q(('grace_days__lte', 92)), name='branches_obligation_grace', violation_error_message='录入宽限天数最多92天。'),
        ),
        migrations.AddConstraint(
            model_name='obligation',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='branches_obligation_dates_in_order', violation_error_message='截止日期早于起用日期，请检查这两个日期。'),
        ),
        migrations.AddConstraint(
            model_name='obligation',
            constraint=models.CheckConstraint(condition=models.Q(('for_branch', True), ('for_general', True), ('for_joint', True), ('for_retired', True), _connector='OR'), name='branches_obligation_for_somebody', violation_error_message='请至少勾选一类要办的支部。'),
        ),
        migrations.AddConstraint(
            model_name='exemption',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='branches_exemption_dates_in_order', violation_error_message='免除的最后一天早于第一天，请检查这两个日期。'),
        ),
        migrations.AddConstraint(
            model_name='exemption',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='branches_exemption_reason', violation_error_message='请写明免除的原因。'),
        ),
        migrations.AddConstraint(
            model_name='exemption',
            constraint=publishing.constraints.SameParent(field='branch', name='branches_exemption_branch_of_hospital', parent='hospital', violation_error_message='这个支部不属于所选医院，请重新选择支部。'),
        ),
        migrations.RunPython(add_norms, migrations.RunPython.noop),
    ]
