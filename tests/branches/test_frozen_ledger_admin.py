"""The pages on which a ledger is frozen, looked at, compared and taken away."""

import csv
import hashlib
import io
import re
from datetime import date, timedelta
from urllib.parse import unquote

import pytest
from django.contrib.admin.sites import site
from django.db import connection
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from openpyxl import load_workbook

from branches.models import Activity, FrozenLedger
from hospitals.roles import Role
from publishing.models import LogEntry
from tests.admin_pages import count_queries
from tests.factories import (
    make_activity,
    make_article,
    make_branch,
    make_figure,
    make_frozen_ledger,
    make_hospital,
    make_user,
)

pytestmark = pytest.mark.django_db

LIST = "/admin/branches/frozenledger/"
FREEZE = f"{LIST}add/"
QUARTER = {"year": "2023", "part": "Q2"}


@pytest.fixture
def hospital():
    return make_hospital(name="渭南市第二医院", code="WN2")


@pytest.fixture
def exporter(client, hospital):
    user = make_user(Role.EXPORTER, hospital, name="王芳")
    client.force_login(user)
    make_activity(hospital, title="一月的草稿", start=date(2023, 1, 1))  # so that 2023 is among the years
    return user


@pytest.fixture
def frozen(hospital, exporter):
    """One row: 义诊, 60余 visits, 2.5 hours, an article."""
    activity = make_activity(hospital, title="义诊", place="广场", public=True)
    make_figure(activity, "visits", "60余")
    make_figure(activity, "hours", "2.5")
    make_article(hospital, public=True).activities.add(activity)
    return make_frozen_ledger(hospital, by=exporter, note="报市卫健委")


def page_of(frozen) -> str:
    return frozen.get_absolute_url()


def sheet(client, frozen, profile="full", extension="xlsx"):
    return client.get(reverse("admin:branches_frozenledger_sheet", args=[frozen.pk, profile, extension]))


def workbook(response):
    return load_workbook(io.BytesIO(b"".join(response))).active


def cells(response) -> dict:
    """Of the first row, by header."""
    found = workbook(response)
    return {found.cell(3, place).value: found.cell(4, place).value for place in range(1, found.max_column + 1)}


def text(response) -> str:
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", response.content.decode()))


def confirm(client, *, about=QUARTER, **changes):
    seen = client.get(FREEZE, about).context["content"].sha256
    return client.post(FREEZE, {**about, "seen": seen, "note": "报市卫健委"} | changes)


# ── to freeze ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_page_shows_what_would_be_frozen(client, exporter, hospital):
    make_activity(hospital, title="义诊", figures={"visits": "60余"}, public=True)
    make_activity(hospital, title="还是草稿")
    response = client.get(FREEZE, QUARTER)
    said = text(response)
    assert "渭南市第二医院2023年第二季度：1条" in said
    assert "服务人次至少60（含约数1项）" in said
    assert [line[3].text for line in response.context["paper"].lines] == ["义诊"]
    assert reverse("admin:branches_activity_change", args=[Activity.objects.get(title="还是草稿").pk]) in (
        response.content.decode()
    )


def test_what_a_record_lacks_is_named(client, exporter, hospital):
    make_activity(hospital, title="义诊", figures={"visits": "60余"}, public=True)
    assert "缺场次" in text(client.get(FREEZE, QUARTER))


def test_looking_freezes_nothing(client, exporter):
    client.get(FREEZE, QUARTER)
    assert not FrozenLedger.objects.exists()


def test_confirming_freezes_what_was_seen(client, exporter, hospital):
    make_activity(hospital, title="义诊", public=True)
    response = confirm(client)
    frozen = FrozenLedger.objects.get()
    assert response.url == page_of(frozen)
    assert (frozen.row_count, frozen.note, frozen.made_by, frozen.precision) == (1, "报市卫健委", exporter, "quarter")


def test_a_stale_page_freezes_nothing_and_shows_the_ledger_of_now_with_what_was_typed(client, exporter, hospital):
    seen = client.get(FREEZE, QUARTER).context["content"].sha256
    make_activity(hospital, title="刚发布的", public=True)
    response = client.post(FREEZE, QUARTER | {"seen": seen, "note": "打好的说明"})
    assert not FrozenLedger.objects.exists()
    said = response.content.decode()
    assert "台账内容有了变动" in said and "刚发布的" in said and "打好的说明" in said
    assert f'name="seen" value="{response.context["content"].sha256}"' in said


def test_a_form_without_what_was_seen_freezes_nothing(client, exporter):
    assert "台账内容有了变动" in client.post(FREEZE, QUARTER).content.decode()
    assert not FrozenLedger.objects.exists()


def test_the_second_who_confirms_the_same_is_led_to_the_first(client, exporter, hospital):
    frozen = make_frozen_ledger(hospital)
    response = confirm(client)
    assert response.url == page_of(frozen)
    assert FrozenLedger.objects.count() == 1
    assert "没有再封存一份" in client.get(response.url).content.decode()


def test_the_page_says_that_the_same_was_frozen_and_offers_no_button(client, exporter, hospital):
    frozen = make_frozen_ledger(hospital)
    response = client.get(FREEZE, QUARTER)
    assert response.context["same"] == frozen
    assert 'method="post" action="/admin/branches/frozenledger/add/"' not in response.content.decode()


def test_an_earlier_one_of_the_same_time_is_shown_with_its_differences(client, exporter, hospital):
    frozen = make_frozen_ledger(hospital)
    make_activity(hospital, public=True)
    response = client.get(FREEZE, QUARTER)
    assert page_of(frozen) in response.content.decode()
    assert "补录1条，移出0条，有改动0条" in text(response)


@pytest.mark.parametrize(
    ("query", "name", "said"),
    [
        ({"part": "H1"}, "year", "请先选年份"),
        ({"note": "没有时间"}, "year", "请选一段时间"),
        ({"year": "2023", "since": "2023-01-01"}, "since", "年份和起止日期只填一种"),
        ({"since": "2023-01-01"}, "until", "请填结束日期"),
        ({"until": "2023-01-01"}, "since", "请填开始日期"),
        ({"since": "2023-02-01", "until": "2023-01-01"}, "until", "结束日期早于开始日期"),
        ({"since": "二月", "until": "2023-01-01"}, "since", "有效的日期"),
        ({"year": "1066"}, "year", "1066"),
        ({"year": "2023", "branch": "x"}, "branch", "有效"),
        ({"year": "2023", "note": "长" * 501}, "note", "500"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_read_is_said_at_its_field(client, exporter, query, name, said):
    response = client.get(FREEZE, query)
    assert said in str(response.context["form"].errors[name])
    assert "content" not in response.context
    client.post(FREEZE, query)
    assert not FrozenLedger.objects.exists()


def test_a_time_that_has_not_begun_is_refused(client, exporter):
    tomorrow = timezone.localdate() + timedelta(days=1)
    response = client.get(FREEZE, {"since": tomorrow, "until": tomorrow})
    assert "还没有开始" in str(response.context["form"].errors["since"])


def test_too_many_rows_are_said_at_the_field(client, exporter, hospital, monkeypatch):
    monkeypatch.setattr("branches.freezing.MOST_ROWS", 1)
    for _number in range(2):
        make_activity(hospital, public=True)
    assert "一次最多封存1条" in str(client.get(FREEZE, QUARTER).context["form"].errors["year"])


def test_a_branch_of_another_hospital_cannot_be_chosen(client, exporter):
    other = make_branch(make_hospital(), name="别家支部")
    response = client.get(FREEZE, QUARTER | {"branch": other.pk})
    assert response.context["form"].errors["branch"]
    assert "别家支部" not in response.content.decode()


def test_who_serves_two_hospitals_freezes_only_where_they_may(client, exporter, hospital):
    other = make_hospital(name="乙医院")
    exporter.memberships.create(hospital=other, role=Role.REPORTER)
    assert client.get(FREEZE, QUARTER).context["scope"].hospital == hospital


def test_the_administrator_of_the_platform_says_which_hospital(admin_client, hospital):
    make_activity(hospital)
    other = make_branch(make_hospital())
    assert "hospital" in admin_client.get(FREEZE, QUARTER).context["form"].errors
    assert confirm(admin_client, about=QUARTER | {"hospital": hospital.pk}).status_code == 302
    mixed = QUARTER | {"hospital": hospital.pk, "branch": other.pk}
    assert "不属于所选医院" in admin_client.get(FREEZE, mixed).content.decode()


@pytest.mark.parametrize("role", [Role.REPORTER, Role.FINAL_REVIEWER])
def test_who_may_not_freeze_has_no_page_for_it(client, hospital, role):
    client.force_login(make_user(role, hospital))
    assert client.get(FREEZE).status_code == client.post(FREEZE, QUARTER).status_code == 403
    assert FREEZE not in client.get(LIST).content.decode()


def test_the_page_takes_as_many_queries_for_one_row_as_for_twenty(client, exporter, hospital):
    def make(count):
        for _number in range(count):
            make_figure(make_activity(hospital, public=True))
            make_activity(hospital)
            make_activity(hospital, start=None, end=None, precision="unknown", public=True)

    make(1)
    url = f"{FREEZE}?year=2023&part=Q2"
    count_queries(client, url)
    few = count_queries(client, url)
    make(20)
    assert count_queries(client, url) == few


# ── the list ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_list_says_whose_of_when_by_whom_and_how_much_has_changed(client, hospital, frozen):
    make_activity(hospital, public=True)
    said = text(client.get(LIST))
    for words in (frozen.reference, "渭南市第二医院", "2023年第二季度", "王芳", frozen.sha256[:12], "1条"):
        assert words in said


def test_a_reporter_of_one_branch_finds_that_branchs_only(client, hospital):
    own, other = make_branch(hospital), make_branch(hospital)
    ledgers = [make_frozen_ledger(hospital, branch) for branch in (own, other, None)]
    person = make_user(Role.REPORTER, hospital)
    person.memberships.get().branches.add(own)
    client.force_login(person)
    assert [one.reference for one, _count in client.get(LIST).context["entries"]] == [ledgers[0].reference]
    assert [client.get(page_of(one)).status_code for one in ledgers] == [200, 404, 404]


def test_the_list_takes_as_many_queries_for_one_as_for_eight(client, exporter, hospital):
    make_frozen_ledger(hospital)
    count_queries(client, LIST)
    few = count_queries(client, LIST)
    for _number in range(7):
        make_activity(hospital, public=True)
        make_frozen_ledger(hospital)
    assert count_queries(client, LIST) == few


def test_the_list_has_pages(client, exporter, hospital):
    for number in range(1, 12):
        make_frozen_ledger(hospital, start=date(2023, number, 1), end=date(2023, number, 28))
    assert len(client.get(LIST).context["entries"]) == 10
    assert len(client.get(LIST, {"page": "2"}).context["entries"]) == 1


# ── one of them ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_page_verifies_the_content(client, frozen):
    said = text(client.get(page_of(frozen)))
    assert "校验一致" in said and frozen.sha256 in said and "报市卫健委" in said


@pytest.fixture
def tampered(frozen):
    """As somebody would who can write into the database and knows how to switch its trigger off."""
    table = FrozenLedger._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks to come cannot be altered
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_append_only")
        cursor.execute(f"UPDATE {table} SET content = REPLACE(content, '义诊', '改过')")
        if connection.vendor == "postgresql":
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_append_only")
    return frozen


def test_a_content_that_was_tampered_with_is_shown_as_such_and_given_to_nobody(client, tampered):
    said = text(client.get(page_of(tampered)))
    assert "校验不符" in said and "校验一致" not in said
    for name, extra in (("sheet", ["full", "xlsx"]), ("paper", []), ("differences", [])):
        response = client.get(reverse(f"admin:branches_frozenledger_{name}", args=[tampered.pk, *extra]))
        assert response.status_code == 302 and response.url == page_of(tampered)
    assert "校验不符" in text(client.get(LIST))


def test_a_content_that_was_tampered_with_is_compared_with_nothing(client, hospital, tampered):
    make_activity(hospital, public=True)
    assert client.get(FREEZE, QUARTER).context["since"] is None
    later = make_frozen_ledger(hospital)
    response = client.get(page_of(later), {"against": tampered.pk})
    assert "不能拿来比较" in str(response.context["form"].errors["against"])
    assert "compared" not in response.context


def test_the_page_tells_what_has_changed_since(client, hospital, frozen):
    Activity.objects.filter(title="义诊").update(place="社区")
    new = make_activity(hospital, title="补录的", figures={"visits": "40"}, public=True)
    response = client.get(page_of(frozen))
    said = text(response)
    assert "2条不同" in said and "补录1条" in said and "有改动1条" in said
    assert "活动地点广场社区" in said
    assert "服务人次至少60（含约数1项）至少100（含约数1项）约+40" in said
    assert reverse("admin:branches_activity_change", args=[new.pk]) in response.content.decode()


def test_another_frozen_ledger_is_compared_on_the_same_page(client, hospital, frozen):
    make_activity(hospital, title="补录的", public=True)
    later = make_frozen_ledger(hospital)
    make_activity(hospital, title="更晚的", public=True)
    said = text(client.get(page_of(frozen), {"against": later.pk}))
    assert f"报送{frozen.reference}→报送{later.reference}：1条不同" in said
    assert "补录的" in said and "更晚的" not in said


def test_a_frozen_ledger_of_another_hospital_cannot_be_compared(client, frozen):
    other = make_frozen_ledger(make_hospital(name="乙医院"))
    response = client.get(page_of(frozen), {"against": other.pk})
    assert response.context["form"].errors["against"]
    assert "compared" not in response.context and "乙医院" not in response.content.decode()


def test_a_long_list_of_differences_says_how_many_more_there_are(client, hospital, frozen, monkeypatch):
    monkeypatch.setattr("branches.frozen_compared.MOST_SHOWN", 2)
    for _number in range(3):
        make_activity(hospital, public=True)
    assert "还有1条" in text(client.get(page_of(frozen)))


def test_the_page_takes_as_many_queries_for_one_difference_as_for_twenty(client, hospital, frozen):
    make_activity(hospital, public=True)
    few = count_queries(client, page_of(frozen))
    for _number in range(20):
        make_activity(hospital, public=True)
    assert count_queries(client, page_of(frozen)) == few


@pytest.mark.parametrize("key", ["0", "999999", "x", "9" * 30])
def test_what_is_not_there_is_not_found(client, exporter, key):
    assert client.get(f"{LIST}{key}/change/").status_code == 404


# ── taken away ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_workbook_is_that_of_then(client, frozen):
    Activity.objects.filter(title="义诊").update(title="改过的题目", status=Activity.Status.WITHDRAWN)
    row = cells(sheet(client, frozen))
    assert (row["活动主题"], row["服务人次"], row["服务时长(小时)"]) == ("义诊", 60, 2.5)
    assert row["活动日期"].date() == date(2023, 6, 1)
    assert row["数据性质"] == "含约数"
    assert re.fullmatch(r"http://testserver/articles/\d+/", row["新闻链接"])


def test_the_sheet_says_its_number_its_hour_and_its_hash(client, frozen):
    found = workbook(sheet(client, frozen, "short"))
    made_at = timezone.localtime(frozen.made_at)
    assert found["A1"].value == "渭南市第二医院2023年第二季度党建活动台账"
    for words in (f"报送编号：{frozen.reference}", f"封存时间：{made_at:%Y-%m-%d %H:%M}", f"SHA-256：{frozen.sha256}"):
        assert words in found["A2"].value
    assert "服务人次含约数1项" in found["A5"].value


def test_the_workbook_is_the_same_whenever_it_is_asked_for(client, frozen):
    first = b"".join(sheet(client, frozen))
    assert [cell.value for row in workbook([first]) for cell in row] == [
        cell.value for row in workbook(sheet(client, frozen)) for cell in row
    ]


def test_the_name_of_the_file_is_chinese_and_says_which(client, frozen):
    name = unquote(sheet(client, frozen)["Content-Disposition"])
    assert f"渭南市第二医院2023年第二季度党建活动台账（完整版）{frozen.reference}.xlsx" in name


def test_the_csv_has_the_short_columns_and_plain_numbers(client, frozen):
    data = b"".join(sheet(client, frozen, "short", "csv"))
    (row,) = csv.DictReader(io.StringIO(data.decode("utf-8-sig")))
    assert len(row) == 14
    assert (row["序号"], row["活动日期"], row["服务人次"], row["服务时长(小时)"]) == ("1", "2023-06-01", "60", "2.5")


def test_anybody_can_hash_the_file_again(client, frozen):
    response = client.get(reverse("admin:branches_frozenledger_content", args=[frozen.pk]))
    assert hashlib.sha256(response.content).hexdigest() == frozen.sha256
    assert f"{frozen.reference}.json" in response["Content-Disposition"]


def test_the_printed_sheet_is_that_of_then(client, frozen):
    Activity.objects.update(title="改过的题目")
    said = text(client.get(reverse("admin:branches_frozenledger_paper", args=[frozen.pk])))
    assert "义诊" in said and "改过的题目" not in said
    assert f"SHA-256：{frozen.sha256}" in said and "填报人：审核人：日期：" in said


def test_the_differences_are_a_sheet(client, hospital, frozen):
    Activity.objects.filter(title="义诊").update(place="社区")
    make_activity(hospital, title="补录的", figures={"visits": "40"}, public=True)
    response = client.get(reverse("admin:branches_frozenledger_differences", args=[frozen.pk]))
    rows = [[cell.value for cell in row] for row in workbook(response).iter_rows(min_row=3)]
    assert rows[0][4:6] == [f"报送{frozen.reference}", "现在的台账"]
    assert [row[0] for row in rows[1:4]] == ["补录", "有改动", "合计"]
    assert rows[2][3:6] == ["活动地点", "广场", "社区"]
    assert "报送差异" in unquote(response["Content-Disposition"])


@pytest.mark.parametrize(("profile", "extension"), [("public", "csv"), ("full", "pdf")])
def test_there_are_no_other_files(client, frozen, profile, extension):
    assert client.get(f"{LIST}{frozen.pk}/ledger/{profile}.{extension}").status_code == 404


def test_each_way_out_is_in_the_log(client, frozen):
    sheet(client, frozen, "full", "xlsx")
    for name in ("paper", "content", "differences"):
        client.get(reverse(f"admin:branches_frozenledger_{name}", args=[frozen.pk]))
    said = LogEntry.objects.filter(verb=LogEntry.Verb.EXPORT).order_by("pk")
    assert [entry.reason for entry in said] == [
        f"报送{frozen.reference}：{what}"
        for what in (
            "完整版，XLSX", "精简版，打印", "存档原文，JSON", f"差异，XLSX，报送{frozen.reference}与现在的台账",
        )
    ]  # fmt: skip
    assert {entry.institution for entry in said} == {"渭南市第二医院"}


def test_no_download_is_kept_by_a_cache(client, frozen):
    content = client.get(reverse("admin:branches_frozenledger_content", args=[frozen.pk]))
    assert all("no-store" in response["Cache-Control"] for response in (content, sheet(client, frozen)))


def test_a_ledger_too_long_to_print_says_what_is_missing(client, hospital, frozen, monkeypatch):
    monkeypatch.setattr("branches.admin.frozen_ledgers.MOST_PRINTED", 1)
    make_activity(hospital, public=True)
    longer = make_frozen_ledger(hospital)
    assert "还有1条没有列出" in text(client.get(reverse("admin:branches_frozenledger_paper", args=[longer.pk])))


@pytest.mark.parametrize("name", ["change", "paper", "content", "differences", "sheet"])
def test_another_hospitals_is_not_there(client, frozen, name):
    client.force_login(make_user(Role.MANAGER, make_hospital()))
    extra = ["full", "xlsx"] if name == "sheet" else []
    assert client.get(reverse(f"admin:branches_frozenledger_{name}", args=[frozen.pk, *extra])).status_code == 404
    assert FrozenLedger.objects.get().reference not in client.get(LIST).content.decode()


def test_there_is_no_page_that_changes_or_deletes_one(client, frozen):
    for page in ("delete", "history"):
        with pytest.raises(NoReverseMatch):
            reverse(f"admin:branches_frozenledger_{page}", args=[frozen.pk])
    client.post(page_of(frozen), {"note": "改过"})
    assert FrozenLedger.objects.get().note == "报市卫健委"


@pytest.mark.parametrize("may", ["has_change_permission", "has_delete_permission"])
def test_nobody_may_change_or_delete_one_in_the_admin(rf, admin_user, may):
    request = rf.get("/")
    request.user = admin_user
    assert not getattr(site.get_model_admin(FrozenLedger), may)(request)
