"""The ledger from the admin's list: exactly the rows listed, of the person's own hospitals."""

import csv
import io
import re
from datetime import date

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from branches.templatetags.office import OFFICE_PAGES
from hospitals.roles import Role
from publishing.models import LogEntry
from tests.admin_pages import count_queries
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


def export(client, profile="full", extension="csv", **query):
    return client.get(reverse("admin:branches_activity_ledger", args=[profile, extension]), query)


def rows(response) -> list[dict]:
    return list(csv.DictReader(io.StringIO(b"".join(response).decode("utf-8-sig"))))


def test_drafts_are_in_the_offices_own_ledger_with_their_remarks(client, exporter, hospital):
    make_activity(hospital=hospital, title="还没发布", remarks="内部备注")
    (row,) = rows(export(client))
    assert (row["活动主题"], row["状态"], row["备注"]) == ("还没发布", "草稿", "内部备注")


def test_another_hospitals_rows_are_not_in_it(client, exporter, hospital):
    make_activity(hospital=make_hospital(), title="别家医院的活动")
    assert rows(export(client)) == []


def test_the_lists_search_and_filters_hold(client, exporter, hospital):
    make_activity(hospital=hospital, title="义诊下乡")
    make_activity(hospital=hospital, title="主题党日", kind="theme_day")
    assert [row["活动主题"] for row in rows(export(client, q="党日"))] == ["主题党日"]
    assert [row["活动主题"] for row in rows(export(client, status__exact="published"))] == []


def test_the_name_of_the_file_is_chinese(client, exporter, hospital):
    from urllib.parse import unquote

    assert "渭南市第二医院党建活动台账（完整版）" in unquote(export(client, extension="xlsx")["Content-Disposition"])


def test_a_stranger_is_sent_to_the_login(client, hospital):
    assert "/login/" in export(client).url


@pytest.mark.parametrize(("profile", "extension"), [("public", "csv"), ("nope", "csv"), ("full", "pdf")])
def test_only_the_offices_ledgers_exist(client, exporter, profile, extension):
    assert export(client, profile, extension).status_code == 404


def test_the_download_is_kept_by_no_cache(client, exporter):
    assert "no-store" in export(client)["Cache-Control"]


def test_the_number_of_queries_does_not_grow_with_the_rows(client, exporter, hospital, django_assert_max_num_queries):
    for number in range(30):
        make_figure(make_activity(hospital=hospital, title=f"义诊{number}"))
    with django_assert_max_num_queries(25):
        assert len(rows(export(client))) == 30


def test_a_filter_that_does_not_exist_leads_back_to_the_list(client, exporter):
    assert export(client, nonsense="1").url == reverse("admin:branches_activity_changelist")


def test_staff_without_a_role_cannot_export(client, hospital):
    client.force_login(make_user())
    assert export(client).status_code == 403


@pytest.mark.parametrize(
    ("profile", "expected"), [("full", {"草稿的", "公开的"}), ("short", {"公开的"})], ids=["full", "short"]
)
def test_a_sheet_to_be_stamped_holds_nothing_that_was_withdrawn(client, exporter, hospital, profile, expected):
    make_activity(hospital=hospital, title="草稿的")
    make_activity(hospital=hospital, title="公开的", public=True)
    make_activity(hospital=hospital, title="撤回的", status="withdrawn")
    assert {row["活动主题"] for row in rows(export(client, profile))} == expected


def test_whoever_asks_for_withdrawn_records_gets_them(client, exporter, hospital):
    make_activity(hospital=hospital, title="撤回的", status="withdrawn")
    assert [row["活动主题"] for row in rows(export(client, "short", status__exact="withdrawn"))] == ["撤回的"]


def heading(response) -> str:
    sheet = load_workbook(io.BytesIO(b"".join(response))).active
    return f"{sheet['A1'].value} {sheet['A2'].value}"


def test_the_sheet_says_which_time_and_conditions_it_is_of(client, exporter, hospital):
    make_activity(hospital=hospital, public=True)
    text = heading(export(client, "short", "xlsx", ordered_on__year=2023, ordered_on__month=6))
    assert "渭南市第二医院2023年6月党建活动台账" in text
    assert "统计期间：2023年6月" in text
    assert "只含已发布的记录" in text


def test_a_superusers_sheet_of_one_hospital_names_it(admin_client, hospital):
    make_activity(hospital=hospital, public=True)
    make_activity(hospital=make_hospital(), public=True)
    assert "渭南市第二医院党建活动台账" in heading(
        export(admin_client, "full", "xlsx", hospital__id__exact=hospital.pk)
    )
    assert "各医院党建活动台账" in heading(export(admin_client, "full", "xlsx"))


# -- The page on which a ledger is put together


def page(client, **query):
    return client.get(reverse("admin:branches_activity_ledger_page"), query)


def paper(client, **query):
    return client.get(reverse("admin:branches_activity_ledger_paper"), query)


def chosen(client, profile="full", extension="csv", **query):
    return client.get(reverse("admin:branches_activity_chosen_ledger", args=[profile, extension]), query)


def titles(response) -> set[str]:
    return {row["活动主题"] for row in rows(response)}


@pytest.fixture
def activities(hospital):
    branch = make_branch(hospital=hospital, name="第五支部")
    brand = make_brand(hospital=hospital, name="光明行")
    return [
        make_activity(
            hospital, title="六月一日", start=date(2023, 6, 1), end=date(2023, 6, 1), branch=branch, public=True
        ),
        make_activity(hospital, title="上半年", start=date(2023, 1, 1), end=date(2023, 6, 30), precision="half_year"),
        make_activity(hospital, title="八月党课", kind="party_lecture", start=date(2023, 8, 1), end=date(2023, 8, 1)),
        make_activity(hospital, title="没有日期", start=None, end=None, precision="unknown", brand=brand),
        make_activity(hospital, title="撤回的", start=date(2023, 6, 2), end=date(2023, 6, 2), status="withdrawn"),
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, {"六月一日", "上半年", "八月党课", "没有日期"}),
        ({"year": "2023"}, {"六月一日", "上半年", "八月党课"}),
        ({"year": "2023", "part": "H1"}, {"六月一日", "上半年"}),
        ({"year": "2023", "part": "Q3"}, {"八月党课"}),
        ({"year": "2023", "part": "-06"}, {"六月一日", "上半年"}),
        ({"year": "unknown"}, {"没有日期"}),
        ({"since": "2023-05-01", "until": "2023-06-30"}, {"六月一日", "上半年"}),
        ({"group": "A"}, {"八月党课"}),
        ({"status": "withdrawn"}, {"撤回的"}),
        ({"status": "published"}, {"六月一日"}),
    ],
    ids=lambda value: "&".join(f"{name}={word}" for name, word in value.items()) if isinstance(value, dict) else "",
)
def test_a_ledger_holds_what_was_chosen(client, exporter, activities, query, expected):
    assert titles(chosen(client, **query)) == expected


def test_a_ledger_of_a_branch_a_kind_or_a_brand(client, exporter, activities):
    branch, kind, brand = activities[0].branch, activities[2].kind, activities[3].brand
    found = [
        titles(chosen(client, **query)) for query in ({"branch": branch.pk}, {"kind": kind.pk}, {"brand": brand.pk})
    ]
    assert found == [{"六月一日"}, {"八月党课"}, {"没有日期"}]


def test_a_kind_of_another_group_than_the_chosen_one_gives_an_empty_ledger(client, exporter, activities):
    kind = activities[2].kind
    assert titles(chosen(client, kind=kind.pk, group="A")) == {"八月党课"}
    assert titles(chosen(client, kind=kind.pk, group="B")) == set()
    assert [way.count for way in page(client, kind=kind.pk, group="B").context["ways"]] == [0, 0]
    statistics = client.get(reverse("admin:branches_activity_statistics_page"), {"kind": kind.pk, "group": "B"})
    assert "没有符合条件的活动" in statistics.content.decode()


def test_the_sheet_names_the_branch_and_the_time_that_were_chosen(client, exporter, activities):
    response = chosen(client, "short", "xlsx", branch=activities[0].branch.pk, year="2023", part="H1")
    assert "渭南市第二医院第五支部2023年上半年党建活动台账" in heading(response)


def test_the_page_says_how_much_each_ledger_holds_and_shows_its_first_rows(client, exporter, activities):
    response = page(client)
    assert [(way.profile.name, way.count) for way in response.context["ways"]] == [("full", 4), ("short", 1)]
    assert "六月一日" in response.content.decode()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"part": "H1"}, "请先选年份"),
        ({"year": "2023", "since": "2023-01-01"}, "年份和起止日期只填一种"),
        ({"since": "2023-02-01", "until": "2023-01-01"}, "结束日期早于开始日期"),
        ({"since": "二月"}, "有效的日期"),
        ({"branch": "x"}, "有效"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field_and_exports_nothing(client, exporter, activities, query, said):
    assert said in page(client, **query).content.decode()
    for answer in (chosen(client, **query), paper(client, **query)):
        assert answer.status_code == 302 and answer.url.startswith(reverse("admin:branches_activity_ledger_page"))


def test_another_hospitals_branch_cannot_be_chosen(client, exporter):
    other = make_branch(hospital=make_hospital(name="别家医院"))
    response = page(client, branch=other.pk)
    assert response.context["form"].errors["branch"]
    assert "别家医院" not in response.content.decode()


def test_a_branch_of_another_hospital_than_the_chosen_one_is_refused(admin_client, hospital):
    branch = make_branch(hospital=make_hospital())
    assert "不属于所选医院" in page(admin_client, hospital=hospital.pk, branch=branch.pk).content.decode()


def offered(page, name: str) -> list[str]:
    (select,) = re.findall(rf'<select name="{name}".*?</select>', page.content.decode(), re.DOTALL)
    return re.findall(r"<option[^>]*>(.*?)</option>", select, re.DOTALL)


def test_among_too_many_branches_a_hospital_is_chosen_first(admin_client, hospital, monkeypatch):
    monkeypatch.setattr("branches.ledger_filter.MOST_OFFERED", 3)
    other = make_hospital(name="金乡县人民医院")
    own, others = make_branch(hospital, name="五支部"), [make_branch(other) for _number in range(3)]
    make_brand(hospital, name="“六心”先锋")
    address = reverse("admin:branches_activity_ledger_page")
    assert offered(admin_client.get(address), "branch") == ["全部支部（先选医院才能挑）"]
    of_one = admin_client.get(address, {"hospital": hospital.pk})
    assert offered(of_one, "branch") == ["全部支部", "渭南市第二医院 五支部"]
    assert len(offered(of_one, "brand")) == 2
    led_to = admin_client.get(address, {"branch": others[0].pk})  # by a link, as those of the statistics
    assert offered(led_to, "branch") == ["全部支部（先选医院才能挑）", f"金乡县人民医院 {others[0].name}"]
    assert f'value="{others[0].pk}" selected' in led_to.content.decode()
    assert own.name not in led_to.content.decode()


def test_of_ones_own_hospital_every_branch_is_offered(client, exporter, hospital, monkeypatch):
    monkeypatch.setattr("branches.ledger_filter.MOST_OFFERED", 3)
    branches = [make_branch(hospital) for _number in range(5)]
    page = client.get(reverse("admin:branches_activity_ledger_page"))
    assert len(offered(page, "branch")) == 1 + len(branches)


def test_every_way_out_is_in_the_log(client, exporter, activities):
    chosen(client, year="2023")
    paper(client, status="published")
    client.get(reverse("admin:branches_activity_record_sheet", args=[activities[0].pk]))
    said = list(LogEntry.objects.filter(verb=LogEntry.Verb.EXPORT).order_by("pk").values_list("reason", "institution"))
    assert [reason for reason, _hospital in said] == [
        "完整版，CSV，统计期间：2023年，条件：不含已撤回的记录",
        "精简版，打印，统计期间：全部，条件：状态：已发布",
        f"活动记录表：{activities[0].reference}",
    ]
    assert {institution for _reason, institution in said} == {"渭南市第二医院"}


def test_the_printed_ledger_has_the_sums_of_the_workbook(client, exporter, hospital):
    for stated in ("60余", "1,200"):
        make_figure(make_activity(hospital, public=True), measure="visits", stated=stated)
    text = re.sub(r"\s+", "", paper(client).content.decode())
    assert "合计（服务人次含约数1项）" in text
    assert '<tdclass="ledger-number">1,260</td>' in text
    assert "填报人：</span><span>审核人：</span><span>日期：" in text


def test_a_ledger_too_long_to_print_says_what_is_missing(client, exporter, hospital, monkeypatch):
    monkeypatch.setattr("branches.ledger_admin.MOST_PRINTED", 2)
    for _number in range(3):
        make_activity(hospital, public=True)
    assert "还有1条没有列出" in paper(client).content.decode()


def test_the_page_takes_as_many_queries_for_one_row_as_for_twenty(client, exporter, hospital):
    make_figure(make_activity(hospital, public=True))
    url = reverse("admin:branches_activity_ledger_page")
    count_queries(client, url)
    few = count_queries(client, url)
    for _number in range(20):
        make_figure(make_activity(hospital, public=True))
    assert count_queries(client, url) == few


# -- The record sheet


def record_sheet(client, activity):
    return client.get(reverse("admin:branches_activity_record_sheet", args=[activity.pk]))


def test_a_record_sheet_has_what_was_recorded_and_room_for_what_was_not(client, exporter, hospital):
    activity = make_activity(
        hospital,
        kind="theme_day",
        title="重温誓词",
        host="王芳",
        summary="在烈士陵园重温入党誓词。",
        remarks="两人请假",
    )
    make_figure(activity, "expected", "20")
    text = record_sheet(client, activity).content.decode()
    for words in (
        "渭南市第二医院主题党日记录表",
        "重温誓词",
        "王芳",
        "应到党员数20人",
        "两人请假",
        "实到党员",
        "活动成效",
    ):
        assert words in text


def test_only_meetings_ask_who_was_expected(client, exporter, hospital):
    assert "应到党员" not in record_sheet(client, make_activity(hospital, kind="free_clinic")).content.decode()


def test_another_hospitals_record_sheet_is_not_there(client, exporter):
    assert record_sheet(client, make_activity(make_hospital())).status_code == 404


@pytest.mark.parametrize("address", [page[2] for page in OFFICE_PAGES if not page[2].endswith("_changelist")])
def test_the_masthead_says_that_a_page_of_the_office_stands_behind_the_ledger(client, hospital, address):
    client.force_login(make_user(is_superuser=True))
    masthead = client.get(reverse(address)).content.decode().split('<nav class="lists"')[1].split("</nav>")[0]
    assert re.findall(r'aria-current="\w+">(\w+)<', masthead) == ["台账"]
