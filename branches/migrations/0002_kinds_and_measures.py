"""The controlled lists an office starts with. ● asked for, ○ offered; an administrator may change all but the slugs."""

from django.db import migrations

MEASURES = """
sessions 场次 场
visits 服务人次 人次
audience 听众人次 人次
screened 筛查人数 人
positive 异常人数 人
expected 应到党员数 人
attended 实到党员数 人
party_members 参加党员数 人
volunteers 志愿者人数 人
medical_staff 医务人员数 人
hours 服务时长 小时
leaflets 发放资料 份
households 走访户数 户
trained 培训人数 人
cases 例数 例
contestants 参赛人数 人
villages 行政村 个
schools 学校 所
"""

KINDS = """
member_assembly 支部党员大会 A ●expected ●attended
branch_committee 支部委员会 A ●expected ●attended
group_meeting 党小组会 A ●expected ●attended
party_lecture 党课 A ●expected ●attended ○sessions
theme_day 主题党日 A ●expected ●attended ○party_members ○hours
org_life_review 组织生活会和民主评议党员 A ●expected ●attended
study 理论学习（第一议题、中心组） A ○attended ○sessions
red_education 党性教育 A ●party_members ○hours
integrity 廉洁与医德医风教育 A ○attended ○sessions
free_clinic 义诊 B ●sessions ●visits ○medical_staff ○volunteers ○party_members ○hours ○leaflets
screening 疾病筛查 B ●sessions ●screened ○positive ○medical_staff
health_talk 健康宣教 B ●sessions ●audience ○leaflets
first_aid 急救培训 B ●sessions ●audience ○hours
home_visit 送医上门 B ●households ○visits ○medical_staff
volunteer 志愿服务 B ●volunteers ●hours ○visits ○sessions
post_duty 先锋岗值守 B ●sessions ○visits ○hours
condolence 走访慰问 B ●households
festival 节日互动 B ○audience ○volunteers
support 对口帮扶（送技术） C ○sessions ○medical_staff ○trained
joint_building 结对共建 C ○party_members ○sessions
exchange 参观交流 C ○party_members
new_technique 新技术新项目 C ○cases
brand_event 品牌创建与展示 C ○attended
contest 竞赛与表彰 C ○contestants
emergency 急难险重任务 C ○party_members ○medical_staff ○hours
other 其他 C
"""


def add(apps, schema_editor):
    Measure = apps.get_model("branches", "Measure")
    ActivityKind = apps.get_model("branches", "ActivityKind")
    KindMeasure = apps.get_model("branches", "KindMeasure")
    measures = {}
    for position, line in enumerate(MEASURES.split("\n")[1:-1], start=1):
        slug, name, unit = line.split()
        measures[slug] = Measure.objects.create(slug=slug, name=name, unit=unit, position=position)
    for position, line in enumerate(KINDS.split("\n")[1:-1], start=1):
        slug, name, group, *asked = line.split()
        kind = ActivityKind.objects.create(slug=slug, name=name, group=group, position=position)
        wanted = asked or [f"○{measure}" for measure in measures]  # "other" offers every measure
        KindMeasure.objects.bulk_create(
            KindMeasure(kind=kind, measure=measures[mark[1:]], is_asked=mark[0] == "●", position=place)
            for place, mark in enumerate(wanted, start=1)
        )


class Migration(migrations.Migration):
    dependencies = [("branches", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
