"""The brand wall narrowed by hospital, stage and words: whole rows, or what of them was asked for."""

import re

import pytest

from branches.models import Brand
from tests.factories import make_branch, make_brand, make_hospital

pytestmark = pytest.mark.django_db


@pytest.fixture
def hospital():
    """Two branches with brands at different stages, one without, and a brand of the whole hospital."""
    hospital = make_hospital(name="金乡县人民医院", slug="jinxiang")
    eye = make_branch(hospital=hospital, name="第五支部（眼科支部）", number=5, departments="眼科门诊")
    make_brand(branch=eye, name="先锋志愿", stage=Brand.Stage.NAMED, idea="护佑光明", public=True)
    nurses = make_branch(hospital=hospital, name="第四支部（护理支部）", number=4)
    make_brand(branch=nurses, name="共建小家", stage=Brand.Stage.BUILDING, public=True)
    make_branch(hospital=hospital, name="第六支部（医技支部）", number=6)
    make_brand(hospital=hospital, name="心连馨", stage=Brand.Stage.NAMED, public=True)
    return hospital


def plaques(client, **query) -> list[str]:
    """What hangs: the slogan, or the owner's name where the place is empty."""
    groups = client.get("/brands/", query).context["groups"]
    return ["".join(plaque.slogan) or plaque.owner for group in groups for plaque in group.plaques]


def test_the_wall_hangs_every_brand_and_every_empty_place(client, hospital):
    assert plaques(client) == ["心连馨", "共建小家", "先锋志愿", "第六支部"]


def test_a_stage_leaves_the_brands_that_stand_there(client, hospital):
    assert plaques(client, status="named") == ["心连馨", "先锋志愿"]


def test_the_empty_places_can_be_asked_for(client, hospital):
    assert plaques(client, status="none") == ["第六支部"]


def test_words_find_a_brand_by_what_stands_behind_it(client, hospital):
    assert plaques(client, q="光明") == ["先锋志愿"]


def test_words_find_an_empty_place_by_its_branch(client, hospital):
    assert plaques(client, q="医技") == ["第六支部"]


def test_words_find_a_branch_by_its_departments(client, hospital):
    assert plaques(client, q="眼科门诊") == ["先锋志愿"]


def test_conditions_narrow_each_other(client, hospital):
    assert plaques(client, q="支部", status="building") == ["共建小家"]


def test_a_brand_that_is_a_draft_leaves_its_place_empty(client, hospital):
    branch = make_branch(hospital=hospital, name="第七支部")
    make_brand(branch=branch, name="尚未公开", stage=Brand.Stage.NAMED)
    assert plaques(client, status="none") == ["第六支部", "第七支部"]
    assert plaques(client, q="尚未公开") == []


def test_a_branch_is_hung_once_though_it_had_brands_before(client, hospital):
    branch = hospital.branches.get(number=5)
    make_brand(branch=branch, name="从前的品牌", is_current=False, public=True)
    assert plaques(client, q="眼科") == ["先锋志愿"]


def test_one_hospital_alone_can_be_chosen(client, hospital):
    make_brand(hospital=make_hospital(), name="别院品牌", public=True)
    assert "别院品牌" not in plaques(client, hospital="jinxiang")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"status": "ended"}, "没有“ended”这个状态，请重新选择。"),
        ({"hospital": "nope"}, "没有这家医院，请重新选择。"),
        ({"q": "长" * 101}, "100"),
    ],
)
def test_a_condition_that_cannot_be_read_is_named_at_its_field(client, hospital, query, message):
    response = client.get("/brands/", query)
    assert response.status_code == 400
    assert message in re.sub(r"\s+", "", response.content.decode())


def test_when_nothing_is_found_the_page_leads_back_to_all(client, hospital):
    text = client.get("/brands/", {"q": "没有这样的品牌"}).content.decode()
    assert "没有符合条件的品牌" in text
    assert '<a href="/brands/">查看全部品牌</a>' in text
