"""What the statistics show, as a sheet: the same numbers, as numbers, each with the address of its list."""

import csv
import io
from decimal import Decimal
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook

from branches.cuts import BRAND, KIND, OWNER, REGION, TIME
from branches.models import Measure
from hospitals.roles import Role
from publishing.models import LogEntry
from tests.branches.anything import behind, make_anything
from tests.factories import make_activity, make_branch, make_hospital, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def hospital():
    hospital = make_hospital(name="金乡县人民医院", slug="jinxiang")
    first, second = make_branch(hospital, name="第一支部", number=1), make_branch(hospital, name="第二支部", number=2)
    make_activity(branch=first, figures={"visits": "60余"}, public=True).joint_branches.add(second)
    make_activity(hospital, kind="health_talk", figures={"visits": "几百"}, public=True)
    return hospital


def rows(client, query="") -> list[dict]:
    response = client.get(f"/statistics.csv{query}")
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(b"".join(response).decode("utf-8-sig"))))


@pytest.mark.parametrize("by", ["", KIND, TIME, OWNER, BRAND, REGION])
@pytest.mark.parametrize("query", ["", "&year=2023&measure=visits"])
def test_each_number_of_the_sheet_opens_to_the_list_that_gives_it(client, by, query):
    make_anything(3)
    measure = Measure.objects.get(slug="visits") if query else None
    found = rows(client, f"?by={by}{query}")
    wrong = [row for row in found if row["链接"] and behind(row["链接"], measure).value != number(row["数值"])]
    assert found and not wrong


def number(cell: str) -> Decimal | None:
    return Decimal(cell) if cell else None


def test_numbers_say_their_unit_and_what_of_them_is_not_exact(client, hospital):
    found = {row["分组"]: row for row in rows(client, "?hospital=jinxiang&measure=visits")}
    assert [found[name]["数据性质"] for name in ("合计", "义诊", "健康宣教")] == [
        "含约数1项，另有1项没有确切数字",
        "含约数1项",
        "没有确切数字（1项）",
    ]
    assert (found["义诊"]["指标"], found["义诊"]["数值"], found["义诊"]["单位"]) == ("服务人次", "60", "人次")
    assert found["健康宣教"]["数值"] == ""


def test_what_was_joint_is_beside_what_it_is_part_of_and_the_sum_is_told(client, hospital):
    found = {row["分组"]: (row["数值"], row["其中联合"]) for row in rows(client, "?hospital=jinxiang&by=owner")}
    assert found == {
        "合计": ("2", "1"),
        "第一支部": ("1", "1"),
        "第二支部": ("1", "1"),
        "没有写明支部": ("1", ""),
        "各支部相加": ("2", ""),
        "联合活动重复计的": ("1", ""),
        "没有写明支部的": ("1", ""),
    }


def test_the_workbook_has_numbers_and_a_chinese_name(client, hospital):
    response = client.get("/statistics.xlsx?hospital=jinxiang&year=2023")
    assert "金乡县人民医院2023年党建活动统计（活动条数）" in unquote(response["Content-Disposition"])
    sheet = load_workbook(io.BytesIO(b"".join(response))).active
    assert [cell.value for cell in sheet[3]] == [
        "项目", "分组", "指标", "数值", "单位", "数据性质", "其中联合", "链接",
    ]  # fmt: skip
    assert (sheet["D4"].value, sheet["D4"].data_type) == (2, "n")


def test_nothing_that_cannot_be_read_is_handed_out(client, hospital):
    response = client.get("/statistics.xlsx?year=abc")
    assert response.status_code == 400
    assert "年份要写成四位数字" in response.content.decode()


def test_what_a_member_of_staff_takes_away_is_in_the_log(client, hospital):
    rows(client)
    client.force_login(make_user(role=Role.EXPORTER, hospital=hospital))
    rows(client, "?hospital=jinxiang")
    said = LogEntry.objects.filter(verb=LogEntry.Verb.EXPORT).values_list("reason", "institution")
    assert list(said) == [("统计数据，CSV，金乡县人民医院，全部年份，活动条数", "金乡县人民医院")]
