"""The office's statistics: each cell is its ledger, of the person's own hospitals, on the page, on paper and in a workbook."""

import csv
import io
from datetime import date
from decimal import Decimal
from urllib.parse import unquote

import pytest
from django.http import QueryDict
from django.urls import reverse
from openpyxl import load_workbook

from branches.ledger import FULL_LEDGER
from branches.ledger_filter import LedgerFilter
from branches.models import Activity, Branch, Figure
from branches.pivots import pivot_of
from branches.statistics_filter import BRANCH, BRAND, HOSPITAL, MONTH, QUARTER, REGION, ROWS, YEAR, StatisticsChoices
from hospitals.models import Hospital, Membership
from hospitals.roles import Role
from publishing.models import LogEntry
from publishing.quantities import Total
from tests.admin_pages import count_queries
from tests.branches.anything import make_anything
from tests.factories import make_activity, make_branch, make_brand, make_figure, make_hospital, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def hospital():
    return make_hospital(name="渭南市第二医院")


@pytest.fixture
def exporter(client, hospital):
    user = make_user(role=Role.EXPORTER, hospital=hospital)
    client.force_login(user)
    return user


def choices(user, **query) -> StatisticsChoices:
    data = QueryDict(mutable=True)
    data.update(query)
    form = StatisticsChoices(data, user=user)
    assert form.is_valid(), form.errors
    return form


def pivot(user, **query):
    return pivot_of(choices(user, **query))


def behind(link: str, user, measure: int | None) -> Total:
    """What the ledger at an address has: how many activities, or their total of a measure."""
    form = LedgerFilter(QueryDict(link.partition("?")[2]), user=user)
    assert form.is_valid(), form.errors
    rows, _words = form.handed_in(FULL_LEDGER)
    if measure is None:
        count = rows.count()
        return Total(Decimal(count), exact=count) if count else Total()
    figures = Figure.objects.filter(measure=measure, activity__in=rows.order_by().values("pk"))
    return Total.from_row(figures.aggregate(**Total.aggregates()))


def wrong_cells(user, **query) -> list:
    found = pivot(user, **query)
    wrong = []
    for row in found.all_rows:
        cells = [(row.link, column.measure, row.total(column.measure)) for column in found.columns]
        cells += [(row.joint_link, None, row.joint or Total())]
        if row.change:
            cells += [(row.change.now_link, None, row.change.now), (row.change.before_link, None, row.change.before)]
        wrong += [(row.name, link, total) for link, key, total in cells if link and behind(link, user, key) != total]
    return wrong


def value(total: Total | None) -> Decimal:
    return (total and total.value) or Decimal(0)


# -- Every number is its ledger, and the rows make the whole

ASKED = [
    {},
    {"unpublished": "1"},
    {"year": "2023"},
    {"year": "2023", "part": "H1", "group": "A"},
    {"since": "2022-12-10", "until": "2023-05-20"},
    {"since": "2023-02-10"},
    {"year": "unknown"},
]


@pytest.mark.parametrize(("seed", "query"), list(enumerate(ASKED)), ids=str)
def test_each_cell_opens_to_the_ledger_that_gives_it(seed, query):
    make_anything(seed)
    user = make_user(is_superuser=True)
    assert not {by: wrong for by in ROWS if (wrong := wrong_cells(user, by=by, **query))}


@pytest.mark.parametrize(("seed", "query"), list(enumerate(ASKED)), ids=str)
def test_rows_and_rest_make_the_totals(seed, query):
    make_anything(seed)
    user, wrong = make_user(is_superuser=True), []
    for by in ROWS:
        found = pivot(user, by=by, **query)
        for column in found.columns:
            rows = sum(value(row.total(column.measure)) for row in found.rows)
            again = value(found.repeated.total(column.measure)) if found.repeated else 0
            if rows - again != value(found.totals.total(column.measure)):
                wrong.append((by, column.name))
    assert not wrong


def test_of_one_hospital_each_cell_opens_to_the_ledger_that_gives_it():
    make_anything(7)
    user = make_user(role=Role.EXPORTER, hospital=Activity.objects.public().first().hospital)
    assert not {by: wrong for by in ROWS if (wrong := wrong_cells(user, by=by, year="2023", unpublished="1"))}


def test_of_a_branch_each_cell_opens_to_the_ledger_that_gives_it():
    make_anything(7)
    branch = Activity.objects.public().filter(branch__isnull=False).first().branch
    user = make_user(role=Role.EXPORTER, hospital=branch.hospital)
    assert not {by: wrong for by in ROWS if (wrong := wrong_cells(user, by=by, branch=branch.pk))}


def test_of_a_limited_reporter_each_cell_opens_to_the_ledger_that_gives_it():
    make_anything(7)
    branch = Branch.objects.first()
    user = make_user(role=Role.REPORTER, hospital=branch.hospital)
    Membership.objects.get(user=user).branches.add(branch)
    assert not {by: wrong for by in ROWS if (wrong := wrong_cells(user, by=by, unpublished="1"))}
    assert pivot(user, by=BRANCH).rows[0].name == branch.name


# -- What is counted


def table(user, **query) -> dict[str, str]:
    found = pivot(user, **query)
    return {row.name: found.cells(row)[0][2] for row in [*found.rows, found.totals]}


def test_drafts_count_only_where_they_are_asked_for_and_what_was_withdrawn_never(exporter, hospital):
    make_activity(hospital, public=True)
    make_activity(hospital)
    make_activity(hospital, status="withdrawn")
    assert table(exporter) == {"义诊": "1", "合计": "1"}
    assert table(exporter, unpublished="1") == {"义诊": "2", "合计": "2"}


def test_a_summary_is_not_counted(exporter, hospital):
    make_activity(hospital, nature="summary", public=True)
    assert table(exporter) == {"合计": ""}


def test_an_activity_of_several_days_or_over_midnight_is_one(exporter, hospital):
    make_activity(hospital, start=date(2023, 3, 30), end=date(2023, 4, 2), public=True)
    make_activity(
        hospital, start=date(2023, 3, 31), end=date(2023, 4, 1), start_time="20:00", end_time="02:00", public=True
    )
    assert table(exporter, by=MONTH) == {"2023年3月": "2", "合计": "2"}


def test_what_was_written_to_a_quarter_is_in_it_and_in_no_month(exporter, hospital):
    make_activity(hospital, start=date(2023, 4, 1), end=date(2023, 6, 30), precision="quarter", public=True)
    assert table(exporter, by=MONTH) == {"只写到季度、半年或全年": "1", "合计": "1"}
    assert table(exporter, by=QUARTER) == {"2023年第二季度": "1", "合计": "1"}


def test_unlike_measures_stand_apart_and_internal_figures_are_in_them(exporter, hospital):
    activity = make_activity(hospital, figures={"visits": "60余", "sessions": "2"}, public=True)
    make_figure(activity, "volunteers", "7", is_internal=True)
    make_activity(hospital, figures={"visits": "40"}, public=True)
    found = pivot(exporter)
    shown = {column.name: number for column, _total, number in found.cells(found.totals)}
    assert shown == {"活动条数": "2", "场次": "2", "服务人次": "至少100", "志愿者人数": "7"}


@pytest.mark.parametrize("stated", ["60余", "近20", "约100"])
def test_a_sum_with_an_inexact_number_says_so(exporter, hospital, stated):
    make_activity(hospital, figures={"visits": stated}, public=True)
    found = pivot(exporter)
    assert found.cells(found.totals)[1][2].startswith(("至少", "约"))


def test_what_branches_did_together_is_marked_and_taken_off_once(exporter, hospital):
    first, second = make_branch(hospital, name="第一支部", number=1), make_branch(hospital, name="第二支部", number=2)
    make_activity(branch=first, public=True).joint_branches.add(second)
    make_activity(hospital, public=True)
    found = pivot(exporter, by=BRANCH)
    assert [(row.name, found.cells(row)[0][2], row.joint_number) for row in found.all_rows] == [
        ("第一支部", "1", "1"),
        ("第二支部", "1", "1"),
        ("没有写明支部", "1", ""),
        ("减：联合活动重复计的", "1", ""),
        ("合计", "2", ""),
    ]


def test_the_year_before_stands_beside_the_year(exporter, hospital):
    for year, count in ((2022, 4), (2023, 5)):
        for _number in range(count):
            make_activity(hospital, start=date(year, 5, 2), end=date(year, 5, 2), public=True)
    found = pivot(exporter, by=MONTH, year="2023")
    assert [(row.change.before_number, row.change.words) for row in found.all_rows] == [("4", "+1（+25%）")] * 2
    assert [row.change and row.change.words for row in pivot(exporter, by=YEAR).rows] == [None, "+1（+25%）"]


def test_a_year_that_is_not_over_is_compared_by_the_months_that_have_begun(exporter, hospital, monkeypatch):
    monkeypatch.setattr("branches.pivots.timezone.localdate", lambda: date(2023, 3, 10))
    for day in (date(2022, 2, 1), date(2022, 7, 1), date(2023, 2, 1)):
        make_activity(hospital, start=day, end=day, public=True)
    found = pivot(exporter, year="2023")
    assert found.change_heading == "比上年同期（2023年1月1日至3月31日）"
    assert found.totals.change.words == "0（0%）"


# -- Whose it is


def page(client, **query):
    return client.get(reverse("admin:branches_activity_statistics_page"), query)


def paper(client, **query):
    return client.get(reverse("admin:branches_activity_statistics_paper"), query)


def sheet(client, extension="csv", **query):
    return client.get(reverse("admin:branches_activity_statistics_sheet", args=[extension]), query)


def test_a_name_with_marks_of_html_is_written_as_it_is(client, exporter, hospital):
    name = 'a"<xmp>&甲'
    make_activity(hospital, branch=make_branch(hospital=hospital, name=name), start=date(2023, 6, 1), public=True)
    html = page(client, by="branch").content.decode()
    assert "<xmp>" not in html
    assert html.count("a&quot;&lt;xmp&gt;&amp;甲") >= 2  # the row's name, and what its number is read aloud with
    assert 'aria-label="a&quot;&lt;xmp&gt;&amp;甲，活动条数1条，查看台账">1</a>' in html


def test_another_hospital_is_in_no_number_and_no_name(client, exporter, hospital):
    make_activity(hospital, public=True)
    make_activity(branch=make_branch(make_hospital(name="别家医院"), name="别家支部"), public=True)
    assert {by: "别家" in page(client, by=by).content.decode() for by in ROWS} == dict.fromkeys(ROWS, False)
    assert table(exporter)["合计"] == "1"


@pytest.mark.parametrize("name", ["branch", "brand"])
def test_nothing_of_another_hospital_can_be_chosen(client, exporter, name):
    other = {"branch": make_branch, "brand": make_brand}[name](make_hospital())
    assert page(client, **{name: other.pk}).context["form"].errors[name]


def test_a_stranger_is_sent_to_the_login_and_staff_without_a_role_are_refused(client):
    assert "/login/" in page(client).url
    client.force_login(make_user())
    assert {page(client).status_code, paper(client).status_code, sheet(client).status_code} == {403}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"part": "H1"}, "请先选年份"),
        ({"by": "nonsense"}, "有效"),
        ({"since": "2023-02-01", "until": "2023-01-01"}, "结束日期早于开始日期"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field_and_exports_nothing(client, exporter, query, said):
    assert said in page(client, **query).content.decode()
    for answer in (paper(client, **query), sheet(client, **query)):
        assert answer.status_code == 302 and answer.url.startswith(reverse("admin:branches_activity_statistics_page"))
    assert not LogEntry.objects.filter(verb=LogEntry.Verb.EXPORT).exists()


@pytest.mark.parametrize("by", ROWS)
def test_the_page_takes_as_many_queries_for_one_row_as_for_twenty(client, exporter, hospital, by):
    def record(number: int) -> None:
        activity = make_activity(
            branch=make_branch(hospital), brand=make_brand(hospital, is_current=False), kind=KINDS[number % 3],
            start=date(2023, 1 + number % 12, 1), figures={"visits": "3"}, public=True,
        )  # fmt: skip
        activity.joint_branches.add(make_branch(hospital))

    url = f"{reverse('admin:branches_activity_statistics_page')}?by={by}&year=2023"
    record(0)
    count_queries(client, url)
    few = count_queries(client, url)
    for number in range(1, 20):
        record(number)
    assert count_queries(client, url) == few <= 60


KINDS = ("free_clinic", "health_talk", "screening")

# -- Taken away


def test_the_workbook_has_numbers_and_says_which_of_them_are_not_exact(client, exporter, hospital):
    make_activity(hospital, figures={"visits": "60余"}, public=True)
    make_activity(hospital, kind="health_talk", figures={"visits": "几百"}, public=True)
    response = sheet(client, "xlsx")
    assert "渭南市第二医院党建活动统计表（按类别）" in unquote(response["Content-Disposition"])
    rows = list(load_workbook(io.BytesIO(b"".join(response))).active.iter_rows(min_row=3, max_row=6, values_only=True))
    assert rows == [
        ("类别", "活动条数(条)", "服务人次(人次)", "数据性质"),
        ("义诊", 1, 60, "服务人次含约数1项"),
        ("健康宣教", 1, None, "服务人次没有确切数字（1项）"),
        ("合计", 2, 60, "服务人次含约数1项，另有1项没有确切数字"),
    ]


def test_the_csv_has_every_row_of_the_page(client, exporter, hospital):
    make_activity(hospital, public=True)
    rows = list(csv.reader(io.StringIO(b"".join(sheet(client)).decode("utf-8-sig"))))
    assert rows == [["类别", "活动条数(条)", "数据性质"], ["义诊", "1", "准确"], ["合计", "1", "准确"]]


def test_the_paper_writes_what_is_not_exact_as_the_page_does(client, exporter, hospital):
    make_activity(hospital, figures={"visits": "60余"}, public=True)
    text = paper(client).content.decode()
    assert "至少60" in text and "渭南市第二医院党建活动统计表" in text


def test_rows_beyond_those_there_is_room_for_are_counted_and_the_totals_stay_whole(
    client, exporter, hospital, monkeypatch
):
    monkeypatch.setattr("branches.statistics_admin.MOST_ROWS", 1)
    for kind in KINDS:
        make_activity(hospital, kind=kind, public=True)
    assert "还有2行" in page(client).content.decode()
    text = paper(client).content.decode()
    assert "还有2行没有列出" in text and '<td class="ledger-number">3</td>' in text


@pytest.mark.parametrize("by", [BRANCH, BRAND])
def test_among_too_many_branches_or_brands_a_hospital_is_chosen_first(by, admin_client, hospital, monkeypatch):
    monkeypatch.setattr("branches.ledger_filter.MOST_OFFERED", 1)
    own = [(make_branch(institution), make_brand(institution)) for institution in (hospital, make_hospital())]
    for branch, brand in own:
        make_activity(branch.hospital, branch=branch, brand=brand, public=True)
    text = page(admin_client, by=by).content.decode()
    assert "太多，一页列不下。请先在上面选一家医院" in text and "<table" not in text
    assert paper(admin_client, by=by).url == f"{reverse('admin:branches_activity_statistics_page')}?by={by}"
    assert len(b"".join(sheet(admin_client, by=by)).splitlines()) > len(own) + 1
    chosen = {"branch": own[0][0].pk, "brand": own[0][1].pk}
    for condition in ({"hospital": hospital.pk}, {by: chosen[by]}):
        assert '<table class="pivot"' in page(admin_client, by=by, **condition).content.decode()


def test_every_way_out_is_in_the_log(client, exporter, hospital):
    make_activity(hospital, public=True)
    sheet(client, "xlsx", year="2023")
    paper(client, by=HOSPITAL, unpublished="1")
    said = LogEntry.objects.filter(verb=LogEntry.Verb.EXPORT).order_by("pk").values_list("reason", "institution")
    assert list(said) == [
        ("统计表，按类别，XLSX，统计期间：2023年，条件：只含已发布的记录", "渭南市第二医院"),
        ("统计表，按医院，打印，统计期间：全部，条件：含未发布的记录，不含已撤回的", "渭南市第二医院"),
    ]


def test_a_sheet_of_another_kind_is_not_there(client, exporter):
    assert sheet(client, "pdf").status_code == 404


# -- The ledger behind a number


def test_the_ledger_behind_a_number_says_how_it_counts_and_the_totals_of_its_measures(client, exporter, hospital):
    activity = make_activity(hospital, figures={"visits": "60余"}, public=True)
    make_figure(activity, "sessions", "7", is_internal=True)
    text = client.get(choices(exporter).link()).content.decode()
    for words in ("统计口径（不含阶段汇总，按开始时间）", "至少", "7<small>场</small>"):
        assert words in text


def test_a_condition_from_the_statistics_can_be_dropped_and_is_kept_by_the_form(client, exporter, hospital):
    text = client.get(choices(exporter).link(joint="1")).content.decode()
    assert '<input type="hidden" name="joint" value="1"' in text
    assert "去掉：</span>联合：联合开展</a>" in text


def test_regions_and_brands_of_several_hospitals_are_told_apart(hospital):
    user = make_user(is_superuser=True)
    make_activity(hospital, brand=make_brand(hospital, name="光明行", public=True), public=True)
    assert Hospital.objects.count() == 1
    make_activity(make_hospital(), public=True)
    assert list(table(user, by=BRAND)) == ["光明行（渭南市第二医院）", "没有归到品牌", "合计"]
    assert list(table(user, by=REGION)) == ["金乡县", "合计"]
