"""What is announced is set beside what was recorded: of the same owner, kind, measure and time, and never added."""

from datetime import date

import pytest

from branches.models import ActivityKind
from branches.reconciliation import announced, compared
from branches.statistics import Scope
from tests.factories import make_activity, make_branch, make_figure, make_hospital, make_period_figure, make_report

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch():
    return make_branch(
        make_hospital(name="渭南市第二医院", short_name="渭南二院"), name="第五支部（眼科支部）", number=5
    )


def kind(slug: str) -> ActivityKind:
    return ActivityKind.objects.get(slug=slug)


def line(scope: Scope | None = None):
    """The one comparison there is."""
    (found,) = compared(announced(scope or Scope()))
    return found


def record(branch, stated: str, **fields):
    """An activity in the half-year of the report."""
    return make_activity(
        branch=branch, **({"figures": {"sessions": stated}, "start": date(2023, 3, 1), "public": True} | fields)
    )


@pytest.mark.parametrize(
    ("stated", "recorded", "gap", "state", "status"),
    [
        ("193", ["100", "93"], "0", "ok", "一致"),
        ("193", ["100", "53"], "−40", "open", "待补录"),
        ("18694", ["14210"], "−4,484", "open", "待补录"),
        ("12", ["15"], "+3", "open", "录入多于报道，待核对"),
        ("60余", ["48"], "至少−12", "open", "待补录，原文为约数"),
        ("60余", ["57"], "至少−3", "open", "待补录，原文为约数"),
        ("60余", ["60"], "", "ok", "与约数相符"),
        ("60余", ["75"], "", "ok", "与约数相符"),
        ("近20", ["19"], "", "ok", "与约数相符"),
        ("近20", ["12"], "约−8", "open", "待补录，原文为约数"),
        ("约100", ["109"], "", "ok", "与约数相符"),
        ("约100", ["120"], "约+20", "open", "录入多于报道，待核对，原文为约数"),
        ("60", ["40余", "8"], "至多−12", "open", "待补录，录入含约数"),
        ("60", ["70余"], "至少+10", "open", "录入多于报道，待核对，录入含约数"),
        ("60", ["约40"], "约−20", "open", "待补录，录入含约数"),
        ("60余", ["40余"], "约−20", "open", "待补录，都是约数"),
        ("60", ["58", "几百"], "", "ok", "与约数相符"),
        ("几百", ["58"], "", "none", "原文没有确切数字"),
        ("60", ["几百"], "", "none", "录入没有确切数字"),
        ("60", [], "", "none", "只有汇总"),
    ],
)
def test_the_gap_says_no_more_than_the_two_numbers_do(branch, stated, recorded, gap, state, status):
    make_period_figure(make_report(branch=branch, public=True), stated=stated)
    for one in recorded:
        record(branch, one)
    found = line()
    assert (found.gap, found.state, found.status) == (gap, state, status)


def test_a_line_says_whose_it_is_and_of_when(branch):
    report = make_report(branch=branch, public=True)
    make_period_figure(report, kind=kind("free_clinic"))
    found = line()
    assert (found.name, found.unit, found.owner, found.period) == (
        "义诊场次",
        "场",
        "渭南二院 第五支部",
        "2023年上半年",
    )
    assert found.source == f"{branch.get_absolute_url()}#report-{report.pk}"


def test_the_whole_hospital_is_compared_with_all_of_its_branches(branch):
    make_period_figure(make_report(branch.hospital, public=True), stated="5")
    record(branch, "2")
    make_activity(branch.hospital, figures={"sessions": "3"}, start=date(2023, 3, 1), public=True)
    assert line().status == "一致"


def test_a_branch_is_credited_with_what_it_joined(branch):
    make_period_figure(make_report(branch=branch, public=True), stated="2")
    record(make_branch(branch.hospital), "2").joint_branches.add(branch)
    assert line().status == "一致"


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "screening"},
        {"start": date(2023, 7, 1)},
        {"start": date(2022, 12, 31), "end": date(2023, 1, 2)},
        {"start": date(2023, 1, 1), "end": date(2023, 12, 31), "precision": "year"},
        {"start": None, "end": None, "precision": "unknown"},
        {"nature": "summary"},
        {"public": False},
        {"figures": {"visits": "7"}},
    ],
    ids=["another kind", "later", "begun before", "some time in the year", "undated", "a summary", "a draft", "visits"],
)
def test_what_the_report_may_not_mean_is_not_compared_with_it(branch, fields):
    make_period_figure(make_report(branch=branch, public=True), kind=kind("free_clinic"))
    record(branch, "7", **fields)
    assert line().status == "只有汇总"


def test_of_another_branch_or_hospital_nothing_is_compared(branch):
    make_period_figure(make_report(branch=branch, public=True))
    record(make_branch(branch.hospital), "7")
    record(make_branch(), "7")
    assert line().status == "只有汇总"


def test_a_figure_for_the_house_is_not_compared(branch):
    make_period_figure(make_report(branch=branch, public=True))
    make_figure(record(branch, "", figures={}), "sessions", "7", is_internal=True)
    assert line().status == "只有汇总"


def test_an_activity_begun_in_the_period_counts_even_if_it_ended_after_it(branch):
    make_period_figure(make_report(branch=branch, public=True), stated="7")
    record(branch, "7", start=date(2023, 6, 30), end=date(2023, 7, 2))
    assert line().status == "一致"


def test_a_part_of_another_kind_is_compared_by_itself(branch):
    report = make_report(branch=branch, public=True)
    whole = make_period_figure(report, stated="60余", kind=kind("volunteer"))
    make_period_figure(report, stated="12", kind=kind("health_talk"), subset_of=whole, position=1)
    record(branch, "12", kind="health_talk")
    whole, part = compared(announced(Scope()))
    assert (whole.status, part.is_part, part.status) == ("只有汇总", True, "一致")


def test_a_part_that_was_not_recorded_apart_is_not_compared(branch):
    report = make_report(branch=branch, public=True)
    whole = make_period_figure(report, stated="60", kind=kind("volunteer"))
    make_period_figure(report, stated="12", kind=kind("volunteer"), subset_of=whole, label="进社区", position=1)
    record(branch, "60", kind="volunteer")
    assert [row.status for row in compared(announced(Scope()))] == ["一致", "其中项，不单独对照"]


def test_a_report_without_a_date_is_not_compared(branch):
    report = make_report(branch=branch, start=None, end=None, precision="unknown", public=True)
    make_period_figure(report)
    record(branch, "7", start=None, end=None, precision="unknown")
    assert line().status == "时间未载明，不对照"


def test_a_draft_of_a_report_announces_nothing(branch):
    make_period_figure(make_report(branch=branch))
    assert not compared(announced(Scope()))


def test_lines_are_those_of_the_hospital_and_of_reports_that_touch_the_year(branch):
    make_period_figure(make_report(branch=branch, public=True), label="上半年")
    late = make_report(branch=branch, start=date(2023, 7, 1), end=date(2024, 6, 30), public=True)
    make_period_figure(late, label="跨年")
    make_period_figure(make_report(public=True), label="别的医院")
    hospital = branch.hospital
    assert [row.name for row in compared(announced(Scope(hospital, 2024)))] == ["跨年"]
    assert [row.name for row in compared(announced(Scope(hospital)))] == ["跨年", "上半年"]
