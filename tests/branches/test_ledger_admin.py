"""The ledger from the admin's list: exactly the rows listed, of the person's own hospitals."""

import csv
import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from hospitals.roles import Role
from tests.factories import make_activity, make_figure, make_hospital, make_user

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
    text = heading(export(client, "short", "xlsx", start__year=2023, start__month=6))
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
