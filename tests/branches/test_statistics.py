"""The statistics count what 数据口径 says they count, and each of their numbers opens to exactly what is behind it."""

import re
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from branches.models import Activity, Measure
from branches.overview import numbers_of
from branches.owners import by_branch
from branches.reconciliation import announced, compared
from branches.statistics import MOST_BARS, Scope, by_kind, latest_months
from branches.tallies import make_outdated
from publishing.numerals import number_text
from publishing.quantities import Total
from tests.branches.anything import behind, make_anything
from tests.factories import (
    make_activity,
    make_branch,
    make_figure,
    make_hospital,
    make_period_figure,
    make_report,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def hospital():
    return make_hospital(name="金乡县人民医院", slug="jinxiang", code="JX")


@pytest.fixture
def branches(hospital):
    return [make_branch(hospital, name=f"第{name}支部", slug=slug, number=number) for number, (name, slug) in enumerate(
        [("一", "di-yi"), ("二", "di-er"), ("三", "di-san")], start=1
    )]  # fmt: skip


def measure(slug: str) -> Measure:
    return Measure.objects.get(slug=slug)


def numbers(chart) -> dict[str, str]:
    return {bar.name: bar.number for bar in chart.bars}


def of_months(scope: Scope) -> dict[int, str]:
    return {month.number: month.stated for month in numbers_of(scope).by_month.months if month.total}


# -- What is counted


def test_a_joint_activity_counts_once_in_all_and_for_each_branch_that_took_part(hospital, branches):
    first, second, _third = branches
    make_activity(branch=first, public=True).joint_branches.add(second)
    found = numbers_of(Scope(hospital))
    assert found.total == Total(Decimal(1), exact=1)
    assert numbers(found.by_owner) == {"第一支部": "1", "第二支部": "1"}


def test_a_host_that_is_also_named_as_taking_part_took_part_once(hospital, branches):
    make_activity(branch=branches[0], public=True).joint_branches.add(branches[0])
    assert numbers(by_branch(Scope(hospital))) == {"第一支部": "1"}


def test_an_activity_of_all_branches_counts_for_each_of_them_once(hospital, branches):
    make_activity(branch=branches[0], all_branches=True, public=True).joint_branches.add(branches[1])
    assert numbers(by_branch(Scope(hospital))) == {"第一支部": "1", "第二支部": "1", "第三支部": "1"}


def test_a_dissolved_branch_keeps_what_it_did(hospital, branches):
    make_activity(branch=branches[0], public=True)
    type(branches[0]).objects.filter(pk=branches[0].pk).update(is_active=False)
    assert numbers(by_branch(Scope(hospital))) == {"第一支部": "1"}


def test_an_activity_of_several_days_counts_once_where_it_began(hospital):
    make_activity(hospital, start=date(2023, 5, 30), end=date(2023, 6, 2), public=True)
    assert of_months(Scope(hospital, 2023)) == {5: "1"}


def test_an_activity_over_the_turn_of_the_year_belongs_to_the_year_in_which_it_began(hospital):
    make_activity(hospital, start=date(2023, 12, 30), end=date(2024, 1, 2), public=True)
    assert numbers(numbers_of(Scope(hospital)).by_year) == {"2023年": "1"}


def test_a_summary_is_not_counted(hospital):
    make_activity(hospital, nature=Activity.Nature.SUMMARY, public=True)
    assert numbers_of(Scope(hospital)).total == Total()


def test_an_undated_activity_is_counted_only_where_all_years_are(hospital):
    make_activity(hospital, start=None, end=None, precision="unknown", public=True)
    assert numbers_of(Scope(hospital)).undated == Total(Decimal(1), exact=1)
    assert numbers_of(Scope(hospital, 2023)).total == Total()


def test_what_is_dated_to_a_half_year_belongs_to_the_year_and_to_no_month(hospital):
    make_activity(hospital, start=date(2023, 1, 1), end=date(2023, 6, 30), precision="half_year", public=True)
    found = numbers_of(Scope(hospital, 2023))
    assert found.total == Total(Decimal(1), exact=1)
    assert found.by_month.finding == ""
    assert found.is_rest


def test_a_month_that_is_stated_as_such_counts_in_it(hospital):
    make_activity(hospital, start=date(2023, 5, 1), end=date(2023, 5, 31), precision="month", public=True)
    assert of_months(Scope(hospital, 2023)) == {5: "1"}


@pytest.mark.parametrize("fields", [{}, {"status": "published", "published_at": "2999-01-01T00:00:00Z"}])
def test_what_is_not_public_is_not_counted(hospital, fields):
    make_activity(hospital, figures={"visits": "12"}, **fields)
    assert numbers_of(Scope(hospital)).total == Total()
    assert numbers_of(Scope(hospital, measure=measure("visits"))).total == Total()


def test_an_internal_figure_is_not_added(hospital):
    activity = make_activity(hospital, figures={"visits": "12"}, public=True)
    make_figure(activity, "sessions", "7", is_internal=True)
    assert numbers_of(Scope(hospital, measure=measure("sessions"))).total == Total()


def test_inexact_figures_make_the_sum_say_at_least(hospital):
    make_activity(hospital, figures={"visits": "60余"}, public=True)
    make_activity(hospital, figures={"visits": "40"}, public=True)
    make_activity(hospital, figures={"visits": "几百"}, public=True)
    total = numbers_of(Scope(hospital, measure=measure("visits"))).total
    assert total.display("人次") == "至少100人次（含约数1项，另有1项没有确切数字）"


def test_an_activity_that_gives_no_number_is_told_apart_from_those_that_do(hospital):
    make_activity(hospital, public=True)
    make_activity(hospital, figures={"visits": "40"}, public=True)
    found = numbers_of(Scope(hospital, measure=measure("visits")))
    assert (found.entries, found.reporting) == (2, 1)


def test_the_largest_kind_comes_first_and_other_comes_last(hospital):
    for kind in ("other", "other", "other", "free_clinic", "free_clinic", "party_lecture"):
        make_activity(hospital, kind=kind, public=True)
    assert list(numbers(by_kind(Scope(hospital))).values()) == ["2", "1", "3"]


def test_only_so_many_hospitals_are_drawn_and_the_rest_is_counted():
    for _number in range(MOST_BARS + 2):
        make_activity(public=True)
    chart = numbers_of(Scope()).by_owner
    assert (len(chart.bars), chart.left_out) == (MOST_BARS, 2)


def test_the_hospital_page_draws_the_latest_year_with_a_dated_activity(hospital):
    make_activity(hospital, start=date(2022, 3, 1), public=True)
    make_activity(hospital, start=date(2023, 4, 1), public=True)
    make_activity(hospital, start=date(2024, 1, 1), end=date(2024, 12, 31), precision="year", public=True)
    chart = latest_months(hospital)
    assert (chart.year, chart.finding) == (2023, "只有4月有录入，1条")


def test_without_a_dated_activity_there_are_no_months(hospital):
    make_activity(hospital, start=None, end=None, precision="unknown", public=True)
    assert latest_months(hospital) is None


# -- Every number opens to what is behind it


def cells(scope: Scope):
    found = numbers_of(scope)
    yield found.link, found.total
    if found.undated:
        yield found.undated_link, found.undated
    if found.rest:
        yield found.rest.link, found.rest.total
    if found.change:
        yield found.change.now_link, found.change.now
        yield found.change.before_link, found.change.before
    if found.sharing:
        yield found.sharing.nobody_link, found.sharing.nobody
        yield found.sharing.joint_link, found.sharing.joint
    for chart in (found.by_kind, found.by_owner, found.by_year):
        for bar in chart.bars if chart else ():
            yield bar.link, bar.total
            if bar.joint:
                yield bar.joint_link, bar.joint
    for month in found.by_month.months if found.by_month else ():
        yield month.link, month.total or Total()


@pytest.mark.parametrize("seed", range(4))
def test_each_number_opens_to_the_list_that_gives_it(seed):
    make_anything(seed)
    hospital = Activity.objects.public().first().hospital
    wrong = [
        (scope, link, total)
        for scope in [
            Scope(where, year, what)
            for where in (None, hospital)
            for year in (None, 2023)
            for what in (None, measure("sessions"))
        ]
        for link, total in cells(scope)
        if behind(link, scope.measure) != total
    ]
    assert not wrong


@pytest.mark.parametrize("seed", range(4))
def test_each_recorded_number_of_the_comparison_opens_to_the_list_that_gives_it(seed):
    make_anything(seed)
    lines = list(announced(Scope()))
    wrong = [
        (row.link, row.recorded)
        for line, row in zip(lines, compared(lines), strict=True)
        if behind(row.link, line.measure) != row.recorded
    ]
    assert lines
    assert not wrong


@pytest.mark.parametrize("seed", range(4))
def test_kinds_and_years_and_what_is_undated_add_up_to_the_whole(seed):
    make_anything(seed)
    found = numbers_of(Scope())
    placed = sum(bar.value for bar in found.by_year.bars) + (found.undated.value if found.undated else 0)
    assert (
        sum(bar.value for bar in found.by_kind.bars)
        == found.total.value
        == sum(bar.value for bar in found.by_owner.bars)
    )
    assert (placed < found.total.value) == found.is_rest


def test_the_numbers_on_the_page_are_those_of_the_lists_they_link_to(client):
    make_anything(9)
    text = client.get("/statistics/?year=2023").content.decode()
    links = re.findall(r'<a href="(/activities/\?[^"]+)" aria-label[^>]*>([^<]+)</a>', text)
    assert len(links) > 5
    assert not [
        (link, number)
        for link, number in links
        if number_text(behind(unescape(link), None).value) != number.removeprefix("联合")
    ]


def test_the_list_behind_a_number_says_that_it_counts_as_the_statistics_do(client, hospital):
    make_activity(hospital, public=True)
    text = client.get("/activities/?counted=1").content.decode()
    assert "统计口径（不含阶段汇总，按开始时间）" in text


def test_a_list_keeps_the_condition_when_it_is_narrowed_further(client, hospital):
    make_activity(hospital, public=True)
    assert '<input type="hidden" name="counted" value="1">' in client.get("/activities/?counted=1").content.decode()


# -- The page


@pytest.fixture
def filled(hospital, branches):
    make_activity(branch=branches[0], figures={"sessions": "3", "visits": "60余"}, public=True)
    make_period_figure(make_report(branch=branches[0], public=True), "sessions", "12", label="乡村义诊")
    return hospital


def page(client, query="") -> str:
    response = client.get(f"/statistics/{query}")
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("hospital=nope", "没有这家医院，请重新选择。"),
        ("year=23", "年份要写成四位数字，例如2023"),
        ("year=２０２３", "年份要写成四位数字，例如2023"),
        ("measure=nope", "没有这个指标，请重新选择。"),
    ],
)
def test_a_condition_that_cannot_be_read_is_named_at_its_field(client, filled, query, message):
    response = client.get(f"/statistics/?{query}")
    name = query.partition("=")[0]
    assert response.status_code == 400
    assert re.search(f'id="id_{name}-error">{message}', response.content.decode())


def test_a_mistake_in_one_condition_loses_none_of_the_others(client, filled):
    text = client.get("/statistics/?hospital=jinxiang&measure=visits&year=abc").content.decode()
    assert '<option value="jinxiang" selected>' in text
    assert '<option value="visits" selected>' in text


def test_a_year_without_records_is_an_empty_page_that_says_so(client, filled):
    text = page(client, "?year=1999")
    assert "这个范围内还没有活动</p>" in text
    assert "这个范围内没有逐条录入的活动</b>" in text
    assert '<option value="1999" selected>' in text


def test_a_measure_without_records_is_named(client, filled):
    text = page(client, "?measure=screened")
    assert "这个范围内还没有筛查人数</p>" in text
    assert "这个范围内没有逐条录入的筛查人数</b>" in text


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        (["60余"], "逐条录入至少60人次（含约数1项）"),
        (["几百", "几百"], "逐条录入没有确切数字（2项）"),
        (["60", "几百"], "逐条录入至少60人次（另有1项没有确切数字）"),
    ],
)
def test_the_unit_stands_at_the_number_and_not_behind_what_is_noted_of_it(client, hospital, figures, said):
    for stated in figures:
        make_activity(hospital, figures={"visits": stated}, public=True)
    line = re.search(r'role="status">(.*?)</p>', page(client, "?measure=visits")).group(1)
    assert re.sub("<[^>]+>", "", line).partition("，最近")[0] == said


def test_announced_and_recorded_stand_side_by_side(client, filled):
    row = re.search(r'<tr role="row" data-state="open">.*?</tr>', page(client)).group()
    assert re.findall(r">(12|3|−9|待补录)<", row) == ["12", "3", "−9", "待补录"]


def test_a_chart_is_named_by_its_finding(client, filled):
    text = page(client, "?hospital=jinxiang&year=2023&measure=visits")
    assert re.search(r'<figcaption id="chart-kinds">全部是义诊，至少60人次<small', text)
    assert 'aria-labelledby="chart-kinds"' in text
    assert re.search(r'<figcaption id="chart-months">只有6月有录入，至少60人次<small', text)


def test_a_month_without_records_is_a_dotted_tick_and_no_bar_of_nothing(client, filled):
    text = page(client, "?hospital=jinxiang&year=2023")
    assert text.count('<line class="gap"') == 11
    assert len(re.findall('<rect class="bar(?:-hi)?" x="[^0]', text)) == 1


def test_the_definition_of_the_counts_has_an_address(client):
    assert 'id="scope"' in page(client)


def test_the_downloads_are_those_of_the_activities_behind_the_numbers(client, filled):
    make_activity(filled, nature="summary", public=True)
    link = re.search(r'href="(/activities\.csv\?[^"]+)"', page(client, "?hospital=jinxiang&year=2023")).group(1)
    rows = b"".join(client.get(unescape(link))).decode().splitlines()
    assert len(rows) == 2  # its header and the one activity


def queries(client, query: str) -> int:
    """Of a visit when the tallies of all hospitals are made; what making them costs is in test_tallies."""
    make_outdated()
    with CaptureQueriesContext(connection) as captured:
        page(client, query)
    return len(captured)


@pytest.mark.parametrize("query", ["", "?hospital=jinxiang", "?hospital=jinxiang&year=2023&measure=sessions"])
def test_the_page_costs_the_same_with_one_record_and_with_many(client, filled, branches, query):
    before = queries(client, query)
    for number in range(12):
        activity = make_activity(
            branch=branches[number % 3],
            kind=("screening", "health_talk", "home_visit")[number % 3],
            start=date(2022 + number % 2, number + 1, 1),
            figures={"sessions": "2"},
            public=True,
        )
        activity.joint_branches.add(branches[(number + 1) % 3])
        report = make_report(branch=branches[number % 3], start=date(2023, 1, 1), end=date(2023, 12, 31), public=True)
        make_period_figure(report, "sessions", "5")
    assert queries(client, query) == before <= 28


def test_what_was_counted_once_is_not_counted_again_while_nothing_changes(client, filled):
    page(client, "?hospital=jinxiang&measure=visits")
    assert queries(client, "?hospital=jinxiang&measure=visits") <= 3
