"""The ledger keeps the office's headers, types and secrets."""

from datetime import date, time
from decimal import Decimal

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from branches.ledger import COLUMNS, FULL_LEDGER, PUBLIC_LEDGER, SHORT_LEDGER
from branches.models import Activity
from publishing.models import Version
from tests.factories import (
    make_activity,
    make_article,
    make_branch,
    make_brand,
    make_figure,
    make_hospital,
    make_partner,
    make_period_figure,
    make_report,
    make_user,
)

pytestmark = pytest.mark.django_db

FULL = """
序号 活动编号 医院名称 党组织名称 参与支部 联合单位 活动大类 活动类别 活动主题 活动日期
结束日期 活动时间 活动地点 行政区划代码 主持人 记录人 应到党员数 实到党员数 到会率 参加党员数
志愿者人数 医务人员数 场次 服务人次 筛查人数 听众人次 服务时长(小时) 发放资料(份) 数据性质
数据原文 主要内容 活动成效 所属品牌 所属举措 义诊备案 照片数 新闻链接 状态 填报人 填报日期
初审人 复审人 终审人 备注
"""
SHORT = """
序号 党组织名称 活动类别 活动主题 活动日期 活动地点 主持人 参加党员数 志愿者人数 服务人次
服务时长(小时) 主要内容 填报人 填报日期
"""
# Sessions, persons, visits and hours.
TOTALLED = "应到党员数 实到党员数 参加党员数 志愿者人数 医务人员数 场次 服务人次 筛查人数 听众人次 服务时长(小时)"


def ledger_row(profile=FULL_LEDGER) -> dict:
    """The only row of the ledger, by header."""
    (row,) = profile.rows(Activity.objects.all())
    return {column.header: column.value(row) for column in profile.columns}


def test_the_full_ledger_has_exactly_the_columns_offices_hand_in():
    assert [column.header for column in COLUMNS] == FULL.split()


def test_the_short_ledger_is_the_marked_columns_in_the_same_order():
    assert [column.header for column in SHORT_LEDGER.columns] == SHORT.split()


@pytest.mark.parametrize("header", ["备注", "填报人", "记录人", "初审人", "终审人", "状态"])
def test_the_public_download_leaves_out_what_is_internal(header):
    assert header not in {column.header for column in PUBLIC_LEDGER.columns}


def test_only_sessions_persons_visits_and_hours_are_totalled():
    assert [column.header for column in COLUMNS if column.total] == TOTALLED.split()


def test_a_figure_stands_in_its_measures_column_as_a_number():
    make_figure(make_activity(), measure="visits", stated="60余人次")
    assert ledger_row()["服务人次"] == Decimal(60)


def test_a_figure_that_was_not_given_stays_empty_and_is_not_zero():
    make_activity()
    assert ledger_row()["服务人次"] is None


@pytest.mark.parametrize(("stated", "nature"), [("60余", "含约数"), ("60", "准确"), ("几百", "含约数")])
def test_the_ledger_says_whether_its_figures_are_exact(stated, nature):
    make_figure(make_activity(), measure="visits", stated=stated)
    assert ledger_row()["数据性质"] == nature


def test_the_words_of_the_source_are_kept():
    make_figure(make_activity(), measure="visits", stated="60余")
    assert ledger_row()["数据原文"] == "服务人次60余人次"


def test_announced_numbers_are_named_and_in_no_column():
    summary = make_activity(nature=Activity.Nature.SUMMARY)
    make_period_figure(make_report(hospital=summary.hospital), activity=summary)
    row = ledger_row()
    assert row["场次"] is None
    assert row["数据原文"] == "阶段报数（不计入合计）：场次193场"


def test_a_day_is_a_real_date_and_a_period_is_in_words():
    activity = make_activity(start=date(2023, 6, 1), end=date(2023, 6, 1))
    assert ledger_row()["活动日期"] == date(2023, 6, 1)
    Activity.objects.filter(pk=activity.pk).update(precision="half_year", start=date(2023, 1, 1), end=date(2023, 6, 30))
    assert ledger_row()["活动日期"] == "2023年上半年"


def test_the_end_is_written_only_for_more_than_one_day():
    make_activity(start=date(2023, 6, 1), end=date(2023, 6, 1))
    assert ledger_row()["结束日期"] is None


def test_times_are_written_as_a_span():
    make_activity(start_time=time(7, 30), end_time=time(11, 0))
    assert ledger_row()["活动时间"] == "07:30-11:00"


def test_several_values_share_a_cell():
    hospital = make_hospital()
    activity = make_activity(hospital=hospital)
    activity.partners.set(
        [make_partner(hospital=hospital, name="甲村"), make_partner(hospital=hospital, name="乙小学")]
    )
    assert set(ledger_row()["联合单位"].split("、")) == {"甲村", "乙小学"}


def test_attendance_is_the_share_of_those_expected():
    activity = make_activity()
    make_figure(activity, measure="expected", stated="20")
    make_figure(activity, measure="attended", stated="18")
    assert ledger_row()["到会率"] == Decimal("0.9")


def test_figures_marked_internal_are_not_in_the_public_download():
    make_figure(make_activity(), measure="visits", stated="60", is_internal=True)
    assert ledger_row(PUBLIC_LEDGER)["服务人次"] is None


def test_the_public_download_links_only_to_public_articles():
    activity = make_activity()
    article = make_article(hospital=activity.hospital)
    article.activities.add(activity)
    assert ledger_row(PUBLIC_LEDGER)["新闻链接"] == ""
    assert ledger_row(FULL_LEDGER)["新闻链接"] == article.get_absolute_url()


@pytest.mark.parametrize("profile", [FULL_LEDGER, SHORT_LEDGER, PUBLIC_LEDGER], ids=lambda profile: profile.name)
def test_a_ledger_is_one_query_however_long_it_is(profile, django_assert_num_queries):
    hospital = make_hospital()
    branch = make_branch(hospital=hospital)
    for number in range(30):
        activity = make_activity(hospital=hospital, branch=branch, title=f"义诊{number}")
        make_figure(activity)
        activity.partners.set([make_partner(hospital=hospital, name=f"甲村{number}")])
        make_article(hospital=hospital).activities.add(activity)
    ContentType.objects.get_for_model(Activity)  # asked for once in the life of a process
    with django_assert_num_queries(1):
        rows = list(profile.rows(Activity.objects.all()))
        [column.value(row) for row in rows for column in profile.columns]
    assert len(rows) == 30


def test_only_what_the_columns_show_is_fetched():
    make_figure(make_activity())
    with CaptureQueriesContext(connection) as captured:
        ledger_row(SHORT_LEDGER)
    assert "publishing_version" not in captured[0]["sql"]


def test_joint_branches_stand_as_ordinals_count():
    hospital = make_hospital()
    activity = make_activity(hospital=hospital)
    names = {10: "第十支部", 2: "第二支部", None: "机关支部"}
    activity.joint_branches.set(
        [make_branch(hospital=hospital, name=name, number=number) for number, name in names.items()]
    )
    assert ledger_row()["参与支部"] == "第二支部、第十支部、机关支部"


def test_a_figure_in_words_of_its_own_is_told_with_the_others():
    make_figure(make_activity(), measure=None, label="科室", unit="个", stated="10余")
    assert ledger_row()["数据原文"] == "科室10余个"


def test_a_brand_that_is_not_public_is_named_in_the_offices_ledger_only():
    activity = make_activity()
    activity.brand = make_brand(hospital=activity.hospital, name="还没公开")
    activity.save()
    assert (ledger_row()["所属品牌"], ledger_row(PUBLIC_LEDGER)["所属品牌"]) == ("还没公开", None)


def test_a_revision_of_an_article_is_no_second_link():
    activity = make_activity()
    article = make_article(hospital=activity.hospital, public=True)
    article.activities.add(activity)
    copy = article.revise(by=make_user(is_superuser=True))
    assert copy.activities.count() == 1
    assert ledger_row()["新闻链接"] == article.get_absolute_url()


def test_reviewers_are_those_of_the_latest_public_version():
    activity = make_activity()
    for number, name in ((1, "王芳"), (2, "李强")):
        Version.objects.create(
            content_type=ContentType.objects.get_for_model(Activity), object_id=activity.pk, number=number,
            public_from=timezone.now(), made_at=timezone.now(), content={}, sha256="",
            approvals=[{"stage": "first_review", "name": name}],
        )  # fmt: skip
    assert ledger_row()["初审人"] == "李强"
