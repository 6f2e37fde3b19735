"""Own ledger profiles: what they may hold, whose they are, and that a ledger made with them is like any other."""

import csv
import io
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from branches.ledger import COLUMNS, INTERNAL, MOST_PRINTED_COLUMNS, SHORT
from branches.models import LedgerProfile
from hospitals.roles import Role
from publishing.models import LogEntry
from tests import admin_pages
from tests.admin_pages import count_queries, errors, said
from tests.factories import (
    make_activity,
    make_branch,
    make_hospital,
    make_ledger_profile,
    make_user,
)

pytestmark = pytest.mark.django_db

ADD = "/admin/branches/ledgerprofile/add/"
LIST = "/admin/branches/ledgerprofile/"
PAGE = "/admin/branches/activity/ledger/"
#: what a visitor may see, in an order of the office's own
HANDED_IN = ("序号", ("活动主题", "做了什么"), ("服务人次", "惠民人次"), "活动日期", "场次")


@pytest.fixture
def hospital():
    return make_hospital(name="渭南市第二医院")


@pytest.fixture
def exporter(client, hospital):
    user = make_user(role=Role.EXPORTER, hospital=hospital)
    client.force_login(user)
    return user


def sign_in(client, role, hospital, **fields):
    user = make_user(role=role, hospital=hospital, **fields)
    client.force_login(user)
    return user


def chosen(client, row, extension="csv", **query):
    address = reverse("admin:branches_activity_chosen_ledger", args=[f"own-{row.pk}", extension])
    return client.get(address, query)


def paper(client, name, **query):
    return client.get(reverse("admin:branches_activity_ledger_paper", args=[name]), query)


def page(client, **query):
    return client.get(PAGE, query)


def change(row):
    return f"{LIST}{row.pk}/change/"


def posted(response) -> dict:
    """What stands in the form but for the columns, which each test ticks itself."""
    return {name: value for name, value in admin_pages.posted(response).items() if not name.startswith("columns-")}


def ticked(*columns) -> dict:
    """What the table of columns sends: each (key, order, header) that was ticked."""
    sent = {}
    for key, order, header in columns:
        sent |= {f"columns-{key}-chosen": "on", f"columns-{key}-order": order, f"columns-{key}-header": header}
    return sent


def add(client, *columns, **typed):
    sent = posted(client.get(ADD)) | {"name": "报卫健局"} | typed | ticked(*columns)
    return client.post(ADD, {name: value for name, value in sent.items() if value is not None})


def stored(row) -> list[tuple]:
    return [(one["column"], one["header"]) for one in row.columns]


# -- What it may hold


def wrong(user, *columns) -> dict:
    row = make_ledger_profile(user, *columns)
    with pytest.raises(ValidationError) as refusal:
        row.full_clean()
    return refusal.value.message_dict


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (["序号", "没有的栏"], "没有“没有的栏”这一栏"),
        (["序号", "活动主题", "序号"], "“序号”选了两次"),
        (["序号", ("活动主题", "字" * 31)], "有31个字，最多30个字"),
        (["序号", ("活动主题", "内容"), ("主要内容", "内容")], "“活动主题”、“主要内容”都叫“内容”"),
        (["序号", ("活动主题", " 主要内容 "), "主要内容"], "都叫“主要内容”"),
        (["服务人次", "活动主题"], "不能是要合计的“服务人次”"),
    ],
    ids=["unknown", "twice", "long", "alike", "like another's own", "sum first"],
)
def test_what_makes_no_sheet_is_refused_in_a_sentence(exporter, columns, expected):
    (message,) = wrong(exporter, *columns)["columns"]
    assert expected in message


def test_a_profile_has_columns(exporter):
    row = make_ledger_profile(exporter)
    row.columns = []
    with pytest.raises(ValidationError, match="请至少选一栏"):
        row.full_clean()


def test_a_name_may_be_used_in_place_of_a_column_that_is_not_chosen(exporter):
    make_ledger_profile(exporter, "序号", ("活动主题", "主要内容")).full_clean()


def test_a_leaflets_column_has_no_sum_and_may_come_first(exporter):
    make_ledger_profile(exporter, "发放资料(份)", "活动主题").full_clean()


def test_the_keys_that_profiles_keep_in_the_database_are_these():
    """Whoever renames or removes one has to change stored profiles in a migration."""
    assert " ".join(column.key for column in COLUMNS) == (
        "序号 活动编号 医院名称 党组织名称 参与支部 联合单位 活动大类 活动类别 活动主题 活动日期 结束日期 活动时间 活动地点 行政区划代码 "
        "主持人 记录人 应到党员数 实到党员数 到会率 参加党员数 志愿者人数 医务人员数 场次 服务人次 筛查人数 听众人次 服务时长(小时) "
        "发放资料(份) 数据性质 数据原文 主要内容 活动成效 所属品牌 所属举措 义诊备案 照片数 新闻链接 状态 填报人 填报日期 初审人 复审人 "
        "终审人 备注"
    )


@pytest.mark.parametrize("is_shared", [True, False], ids=["for the hospital", "for oneself"])
def test_the_database_refuses_a_name_that_is_taken(exporter, is_shared):
    make_ledger_profile(exporter, name="报卫健局", is_shared=is_shared)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_ledger_profile(exporter, name="报卫健局", is_shared=is_shared)


def test_two_people_may_call_their_own_ones_alike(exporter, hospital):
    other = make_user(Role.EXPORTER, hospital)
    for user in (exporter, other):
        make_ledger_profile(user, name="季度表")
    assert LedgerProfile.objects.filter(name="季度表").count() == 2


# -- Whose it is


@pytest.fixture
def people(hospital):
    return {role: make_user(role, hospital) for role in (Role.REPORTER, Role.EXPORTER, Role.MANAGER)}


def names(rows) -> set[str]:
    return {row.name for row in rows}


@pytest.fixture
def profiles(people):
    exporter, reporter = people[Role.EXPORTER], people[Role.REPORTER]
    make_ledger_profile(exporter, name="台账员自己的")
    make_ledger_profile(exporter, name="全院的", is_shared=True)
    make_ledger_profile(reporter, name="填报人自己的")
    make_ledger_profile(make_user(Role.EXPORTER, make_hospital()), name="别家医院的", is_shared=True)


@pytest.mark.parametrize(
    ("role", "usable", "editable"),
    [
        (Role.EXPORTER, {"台账员自己的", "全院的"}, {"台账员自己的", "全院的"}),
        (Role.REPORTER, {"填报人自己的", "全院的"}, {"填报人自己的"}),
        (Role.MANAGER, {"全院的"}, {"全院的"}),
    ],
    ids=["exporter", "reporter", "manager"],
)
def test_a_person_uses_and_changes_what_is_theirs_or_the_hospitals(profiles, people, role, usable, editable):
    assert names(LedgerProfile.objects.usable_by(people[role])) == usable
    assert names(LedgerProfile.objects.editable_by(people[role])) == editable


def test_a_private_one_whose_owner_is_gone_is_nobodys(people, hospital):
    leaving = make_user(Role.EXPORTER, hospital)
    make_ledger_profile(leaving, name="走了的人的")
    leaving.delete()
    for user in people.values():
        assert not LedgerProfile.objects.usable_by(user).exists()
        assert not LedgerProfile.objects.editable_by(user).exists()


def test_one_for_the_hospital_stays_when_its_maker_is_gone(people, hospital):
    leaving = make_user(Role.EXPORTER, hospital)
    make_ledger_profile(leaving, name="走了的人建的", is_shared=True)
    leaving.delete()
    assert names(LedgerProfile.objects.usable_by(people[Role.REPORTER])) == {"走了的人建的"}
    assert names(LedgerProfile.objects.editable_by(people[Role.MANAGER])) == {"走了的人建的"}


def test_who_no_longer_serves_the_hospital_no_longer_uses_what_they_made_there(exporter):
    make_ledger_profile(exporter)
    exporter.memberships.all().delete()
    assert not LedgerProfile.objects.usable_by(exporter).exists()


def test_visitors_see_none_of_it(profiles):
    assert not LedgerProfile.objects.public().exists()


def test_a_manager_here_does_not_look_after_those_of_a_hospital_where_they_report(hospital):
    there = make_hospital()
    make_ledger_profile(make_user(Role.EXPORTER, there), is_shared=True)
    user = make_user(Role.MANAGER, hospital)
    user.memberships.create(hospital=there, role=Role.REPORTER)
    assert not LedgerProfile.objects.editable_by(user).exists()


# -- The form


def test_a_new_one_starts_from_the_short_ledger(client, exporter):
    text = client.get(ADD).content.decode()
    rows = re.findall(r'name="columns-([^"]+)-chosen"[^>]* checked', text)
    assert set(rows) == set(SHORT)


def test_public_and_internal_columns_are_offered_apart(client, exporter):
    public, internal = re.findall(r"<table.*?</table>", client.get(ADD).content.decode(), re.DOTALL)
    assert "公开栏目" in public and "只在内部台账出现的栏目" in internal
    assert set(re.findall(r'data-column="([^"]+)"', internal)) == INTERNAL
    assert not INTERNAL & set(re.findall(r'data-column="([^"]+)"', public))


def test_columns_are_chosen_ordered_and_renamed_without_a_script(client, exporter):
    add(client, ("服务人次", "3", " 惠民人次 "), ("活动主题", "2", ""), ("序号", "1", ""), ("备注", "", ""))
    row = LedgerProfile.objects.get()
    assert stored(row) == [("序号", ""), ("活动主题", ""), ("服务人次", "惠民人次"), ("备注", "")]
    assert row.owner == exporter and not row.is_shared


def test_numbers_that_are_equal_leave_the_order_of_the_ledger(client, exporter):
    add(client, ("活动主题", "1", ""), ("活动日期", "1", ""), ("序号", "1", ""))
    assert [key for key, _header in stored(LedgerProfile.objects.get())] == ["序号", "活动主题", "活动日期"]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ([], "请至少选一栏"),
        ([("序号", "第一", "")], "“序号”这一行：输入整数"),
        ([("序号", "1", "a\x00b")], "“序号”这一行："),
        ([("场次", "1", ""), ("序号", "2", "")], "不能是要合计的“场次”"),
        ([("序号", "1", "数"), ("照片数", "2", "数")], "都叫“数”"),
    ],
    ids=["none", "no number", "nul", "sum first", "alike"],
)
def test_a_refusal_stands_at_the_columns_and_nothing_typed_is_lost(client, exporter, columns, expected):
    response = add(client, *columns, ("活动地点", "", "在哪里")) if columns else add(client)
    assert expected in errors(response)["columns"]
    assert not LedgerProfile.objects.exists()
    if columns:
        assert 'value="在哪里"' in response.content.decode()


def test_a_name_taken_is_said_at_the_name(client, exporter):
    make_ledger_profile(exporter, name="报卫健局")
    assert "已经有一种自选栏目" in errors(add(client, ("序号", "1", "")))["name"]


def test_a_shared_name_taken_is_said_at_the_name(client, exporter, hospital):
    make_ledger_profile(make_user(Role.MANAGER, hospital), name="报卫健局", is_shared=True)
    assert "本院已经有" in errors(add(client, ("序号", "1", ""), is_shared="on"))["name"]


@pytest.mark.parametrize("role", Role.values)
def test_whoever_sees_the_ledger_makes_own_ones_and_some_make_them_for_all(client, hospital, role):
    sign_in(client, role, hospital)
    add(client, ("序号", "1", ""), name="自己的")
    assert names(LedgerProfile.objects.all()) == {"自己的"}
    response = add(client, ("序号", "1", ""), name="全院的", is_shared="on")
    if role in {Role.EXPORTER, Role.MANAGER}:
        assert LedgerProfile.objects.get(name="全院的").is_shared
    else:
        assert "由台账员或医院管理员建立" in errors(response)["is_shared"]
        assert not LedgerProfile.objects.filter(is_shared=True).exists()


def test_sharing_counts_in_the_hospital_it_is_for(client, hospital):
    """An exporter there, who reports here."""
    user = sign_in(client, Role.REPORTER, hospital)
    user.memberships.create(hospital=make_hospital(), role=Role.EXPORTER)
    response = add(client, ("序号", "1", ""), is_shared="on", hospital=hospital.pk)
    assert "由台账员或医院管理员建立" in errors(response)["is_shared"]


def test_taking_one_back_whose_maker_is_gone_would_leave_it_to_nobody(client, hospital):
    row = make_ledger_profile(make_user(Role.EXPORTER, hospital), is_shared=True)
    LedgerProfile.objects.update(owner=None)
    sign_in(client, Role.MANAGER, hospital)
    sent = posted(client.get(change(row))) | {"is_shared": ""} | ticked(("序号", "1", ""))
    del sent["is_shared"]
    assert "没有人能用" in errors(client.post(change(row), sent))["is_shared"]


def test_a_manager_changes_what_others_made_for_the_hospital(client, hospital):
    row = make_ledger_profile(make_user(Role.EXPORTER, hospital), is_shared=True)
    sign_in(client, Role.MANAGER, hospital)
    client.post(change(row), posted(client.get(change(row))) | ticked(("序号", "2", ""), ("活动日期", "1", "")))
    row.refresh_from_db()
    assert stored(row) == [("活动日期", ""), ("序号", "")]
    assert row.owner is not None


def test_of_two_who_save_the_second_is_told(client, exporter):
    row = make_ledger_profile(exporter)
    sent = posted(client.get(change(row))) | ticked(("序号", "1", "编号"))
    client.post(change(row), sent)
    response = client.post(change(row), sent | ticked(("活动主题", "2", "")))
    assert response.context["conflict"]
    row.refresh_from_db()
    assert stored(row) == [("序号", "编号")]


def test_what_was_changed_can_be_read_in_the_log(client, exporter):
    row = make_ledger_profile(exporter, "序号", "服务人次")
    client.post(change(row), posted(client.get(change(row))) | ticked(("序号", "1", ""), ("服务人次", "2", "惠民人次")))
    text = re.sub(r"<[^>]+>|\s", "", client.get(f"{LIST}{row.pk}/history/").content.decode())
    assert "服务人次：惠民人次" in text


@pytest.mark.parametrize("step", ["change", "delete", "history"])
def test_what_is_not_a_persons_to_change_is_not_there(client, hospital, step):
    mine = make_ledger_profile(make_user(Role.EXPORTER, hospital))
    shared = make_ledger_profile(make_user(Role.EXPORTER, hospital), is_shared=True)
    other = make_ledger_profile(make_user(Role.EXPORTER, make_hospital()), is_shared=True)
    sign_in(client, Role.REPORTER, hospital)
    for row in (mine, shared, other):
        assert client.get(f"{LIST}{row.pk}/{step}/").status_code == 302
        assert client.post(f"{LIST}{row.pk}/{step}/", {"post": "yes"}).status_code in {302, 404}
    assert LedgerProfile.objects.count() == 3


def test_one_that_nobody_needs_is_deleted_and_the_log_has_it(client, exporter):
    row = make_ledger_profile(exporter, *HANDED_IN, name="报卫健局")
    assert "不受影响" in client.get(f"{LIST}{row.pk}/delete/").content.decode()
    client.post(f"{LIST}{row.pk}/delete/", {"post": "yes"})
    assert not LedgerProfile.objects.exists()
    entry = LogEntry.objects.get(verb=LogEntry.Verb.DELETE)
    assert (entry.about, entry.reason) == ("报卫健局", "序号、做了什么、惠民人次、活动日期、场次")


def test_the_list_takes_as_many_queries_for_one_row_as_for_twenty(client, exporter):
    make_ledger_profile(exporter)
    count_queries(client, LIST)
    few = count_queries(client, LIST)
    for _number in range(20):
        make_ledger_profile(exporter, is_shared=True)
    assert count_queries(client, LIST) == few


# -- The ledger made with it


def sheet_of(response):
    return list(load_workbook(io.BytesIO(b"".join(response))).active.iter_rows(values_only=True))


@pytest.fixture
def activities(hospital):
    first = make_activity(hospital, title="到丰原镇义诊", public=True, figures={"visits": "60余", "sessions": "2"})
    make_activity(hospital, title="到人和小学义诊", public=True, figures={"visits": "1,200", "sessions": "1"})
    make_activity(hospital, title="还是草稿", figures={"visits": "5"})
    return first


def test_a_workbook_has_the_own_columns_headers_order_and_sums(client, exporter, activities):
    lines = sheet_of(chosen(client, make_ledger_profile(exporter, *HANDED_IN), "xlsx"))
    place = lines.index(("序号", "做了什么", "惠民人次", "活动日期", "场次"))
    day = activities.start
    rows = [(line[0], line[1], line[2], line[3].date(), line[4]) for line in lines[place + 1 : place + 3]]
    assert rows == [(1, "到人和小学义诊", 1200, day, 1), (2, "到丰原镇义诊", 60, day, 2)]
    assert lines[place + 3] == ("合计（惠民人次含约数1项）", None, 1260, None, 3)


def test_a_csv_has_the_own_columns_headers_and_order(client, exporter, activities):
    text = b"".join(chosen(client, make_ledger_profile(exporter, *HANDED_IN))).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text))) == [
        ["序号", "做了什么", "惠民人次", "活动日期", "场次"],
        ["1", "到人和小学义诊", "1200", "2023-06-01", "1"],
        ["2", "到丰原镇义诊", "60", "2023-06-01", "2"],
    ]


HOSTILE = [
    ("序号", "=1+1"),
    ("活动主题", "a\tb"),
    ("主要内容", "😀@SUM(A1)"),
    ("备注", "'=cmd|x"),
    ("活动地点", "“”<b>&"),
]


def test_a_header_that_a_spreadsheet_would_run_is_text(client, exporter, activities):
    row = make_ledger_profile(exporter, *HOSTILE)
    book = load_workbook(io.BytesIO(b"".join(chosen(client, row, "xlsx"))))
    (header,) = [line for line in book.active.iter_rows() if line[0].value == "=1+1"]
    assert [cell.value for cell in header] == [own for _key, own in HOSTILE]
    assert {cell.data_type for cell in header} == {"s"}
    text = b"".join(chosen(client, row)).decode("utf-8-sig")
    assert next(csv.reader(io.StringIO(text)))[0] == "'=1+1"


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (HANDED_IN, {"到丰原镇义诊", "到人和小学义诊"}),
        (("序号", ("活动主题", "做了什么"), ("状态", "到哪一步")), {"到丰原镇义诊", "到人和小学义诊", "还是草稿"}),
    ],
    ids=["without a status", "with a status under another name"],
)
def test_what_is_handed_in_is_as_in_any_ledger(client, exporter, activities, columns, expected):
    text = b"".join(chosen(client, make_ledger_profile(exporter, *columns))).decode("utf-8-sig")
    assert {row["做了什么"] for row in csv.DictReader(io.StringIO(text))} == expected


@pytest.mark.parametrize(
    ("columns", "label"), [(HANDED_IN, "报卫健局"), ([*HANDED_IN, ("备注", "说明")], "报卫健局·内部")]
)
def test_internal_columns_say_so_on_the_page_in_the_files_name_and_in_the_log(client, exporter, columns, label):
    row = make_ledger_profile(exporter, *columns, name="报卫健局")
    assert f">{label}</h2>" in page(client).content.decode()
    response = chosen(client, row, "xlsx")
    assert f"台账（{label}）" in unquote(response["Content-Disposition"])
    assert LogEntry.objects.get(verb=LogEntry.Verb.EXPORT).reason.startswith(f"{label}，XLSX")
    heading = " ".join(str(value) for line in sheet_of(response)[:2] for value in line)
    assert ("使用范围：内部" in heading) == ("内部" in label)


@pytest.mark.parametrize(
    "name", ["own-0", "own-01", "own-999999", f"own-{'9' * 30}", "own-", "own-x", "own-１", "OWN-1", "public", "nope"]
)
def test_what_no_profile_is_called_is_not_there(client, exporter, name):
    assert client.get(reverse("admin:branches_activity_chosen_ledger", args=[name, "csv"])).status_code == 404
    assert paper(client, name).status_code == 404


def test_another_persons_or_hospitals_profile_is_not_there(client, exporter, hospital):
    for row in (
        make_ledger_profile(make_user(Role.MANAGER, hospital)),
        make_ledger_profile(make_user(Role.EXPORTER, make_hospital()), is_shared=True),
    ):
        assert chosen(client, row).status_code == 404
        assert paper(client, f"own-{row.pk}").status_code == 404
        assert row.name not in page(client).content.decode()
    assert not LogEntry.objects.filter(verb=LogEntry.Verb.EXPORT).exists()


def test_a_limited_reporter_gets_only_their_branches_rows_with_it(client, hospital):
    mine, other = (make_branch(hospital, name=name) for name in ("第一支部", "第二支部"))
    for branch in (mine, other):
        make_activity(branch=branch, title=f"{branch.name}的活动", public=True)
    user = sign_in(client, Role.REPORTER, hospital)
    user.memberships.get().branches.set([mine])
    text = b"".join(chosen(client, make_ledger_profile(user))).decode("utf-8-sig")
    assert "第一支部的活动" in text and "第二支部的活动" not in text


@pytest.mark.parametrize("address", ["/activities.csv", "/activities.xlsx", "/admin/branches/activity/ledger/"])
def test_own_profiles_have_no_other_doors(client, exporter, activities, address):
    row = make_ledger_profile(exporter, ("活动主题", "内部叫法"), "备注", is_shared=True)
    if address.startswith("/admin"):
        assert client.get(f"{address}own-{row.pk}.csv").status_code == 404
    else:
        client.logout()
        response = client.get(address, {"profile": f"own-{row.pk}"})
        assert "内部叫法" not in b"".join(response).decode("utf-8", "replace")


def test_staff_without_a_role_export_nothing(client, exporter):
    row = make_ledger_profile(exporter)
    client.force_login(make_user())
    assert chosen(client, row).status_code == 403


# -- The page and the sheet of paper


def test_the_page_offers_what_may_be_used_and_changed(client, exporter, hospital, activities):
    mine = make_ledger_profile(exporter, *HANDED_IN, name="我的")
    shared = make_ledger_profile(make_user(Role.MANAGER, hospital), "状态", name="全院的", is_shared=True)
    response = page(client)
    ways = [(way.profile.label, way.count, way.is_kept) for way in response.context["ways"]]
    assert ways == [("完整版", 3, False), ("精简版", 2, False), ("我的", 2, True), ("全院的·内部", 3, False)]
    text = response.content.decode()
    assert change(mine) in text and change(shared) not in text and ADD in text


def test_whoever_chooses_a_hospital_is_offered_that_hospitals(client, exporter, hospital):
    there = make_hospital(name="别家医院")
    exporter.memberships.create(hospital=there, role=Role.EXPORTER)
    for place in (hospital, there):
        make_ledger_profile(exporter, hospital=place, name=f"{place}的", is_shared=True)
    found = [way.profile.label for way in page(client, hospital=there.pk).context["ways"]]
    assert found[2:] == ["别家医院的"]


def test_more_than_the_page_lists_are_found_by_choosing_a_hospital(client, exporter, monkeypatch):
    monkeypatch.setattr("branches.ledger_admin.MOST_OFFERED", 1)
    make_ledger_profile(exporter)
    assert "还有更多" not in page(client).content.decode()
    make_ledger_profile(exporter)
    response = page(client)
    assert "还有更多" in response.content.decode() and len(response.context["ways"]) == 3


def test_the_page_takes_as_many_queries_for_one_profile_as_for_twenty(client, exporter, activities):
    make_ledger_profile(exporter)
    make_ledger_profile(exporter, "状态")
    count_queries(client, PAGE)
    few = count_queries(client, PAGE)
    for number in range(10):
        make_ledger_profile(exporter, *HANDED_IN, is_shared=bool(number % 2))
        make_ledger_profile(exporter, "状态", "活动主题")
    assert count_queries(client, PAGE) == few


def test_a_sheet_of_paper_has_the_own_columns_and_sums(client, exporter, activities):
    row = make_ledger_profile(exporter, *HANDED_IN, name="报卫健局")
    text = re.sub(r"\s+", "", paper(client, f"own-{row.pk}").content.decode())
    assert '做了什么</th><thscope="col">惠民人次</th>' in text
    assert "合计（惠民人次含约数1项）" in text and ">1,260</td>" in text
    assert LogEntry.objects.get(verb=LogEntry.Verb.EXPORT).reason.startswith("报卫健局，打印")


def test_more_columns_than_a_sheet_takes_are_not_printed_and_it_says_what_to_do(client, exporter):
    keys = [column.key for column in COLUMNS if column.key not in INTERNAL]
    fits = make_ledger_profile(exporter, *keys[:MOST_PRINTED_COLUMNS], name="正好")
    wide = make_ledger_profile(exporter, *keys[: MOST_PRINTED_COLUMNS + 1], name="太宽")
    text = page(client).content.decode()
    assert f"print/own-{fits.pk}/" in text and f"print/own-{wide.pk}/" not in text
    assert "一张纸最多排16栏" in text
    response = client.get(reverse("admin:branches_activity_ledger_paper", args=[f"own-{wide.pk}"]), follow=True)
    assert "请导出Excel后打印" in said(response)
    assert not LogEntry.objects.filter(verb=LogEntry.Verb.EXPORT).exists()


def test_every_column_has_a_width_on_paper():
    rules = (Path(__file__).resolve().parents[2] / "config/static/css/paper.css").read_text(encoding="utf-8")
    assert {f"{column.width:.0f}" for column in COLUMNS} <= set(re.findall(r"\.ledger-wide-(\d+) {", rules))


# -- How long a large download will be


@pytest.fixture
def many(hospital):
    for number in range(60):
        make_activity(hospital, title=f"第{number}次下乡义诊", public=True, figures={"visits": str(number + 7)})


def asked(client, row, extension, **headers):
    address = reverse("admin:branches_activity_chosen_ledger", args=[f"own-{row.pk}", extension])
    return client.get(address, headers=headers)


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_a_large_download_says_about_how_long_it_will_be(client, exporter, many, monkeypatch, extension):
    monkeypatch.setattr("branches.downloads.LARGE", 50)
    monkeypatch.setattr("branches.downloads.SAMPLE", 10)
    response = asked(client, make_ledger_profile(exporter, *HANDED_IN), extension)
    length = len(b"".join(response))
    assert int(response["X-Estimated-Length"]) == pytest.approx(length, rel=0.2)


def test_a_download_that_is_not_large_is_not_estimated(client, exporter, many, monkeypatch):
    row = make_ledger_profile(exporter)
    assert "X-Estimated-Length" not in asked(client, row, "csv")
    monkeypatch.setattr("branches.downloads.LARGE", 60)
    assert "X-Estimated-Length" not in asked(client, row, "csv")


def queries_behind(client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        b"".join(client.get(address))
    return len(queries)


def test_the_estimate_takes_as_many_queries_however_many_rows_there_are(client, exporter, hospital, many, monkeypatch):
    monkeypatch.setattr("branches.downloads.LARGE", 50)
    row = make_ledger_profile(exporter, *HANDED_IN)
    address = reverse("admin:branches_activity_chosen_ledger", args=[f"own-{row.pk}", "csv"])
    queries_behind(client, address)
    few = queries_behind(client, address)
    for _number in range(10):
        make_activity(hospital, public=True)
    assert queries_behind(client, address) == few


def test_only_large_downloads_are_fetched_by_the_script(client, exporter, many, monkeypatch):
    assert "data-download>" not in page(client).content.decode()
    monkeypatch.setattr("branches.downloads.LARGE", 50)
    assert "data-download>" in page(client).content.decode()


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_a_script_that_asks_is_told_where_the_file_ends(client, exporter, activities, extension):
    row = make_ledger_profile(exporter, *HANDED_IN)
    plain = b"".join(asked(client, row, extension))
    marked = b"".join(asked(client, row, extension, **{"X-End-Mark": "1"}))
    assert marked.endswith(b"\n-- the whole file --\n")
    assert not plain.endswith(b"--\n")
    if extension == "csv":
        assert marked.removesuffix(b"\n-- the whole file --\n") == plain
