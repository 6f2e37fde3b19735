"""The search of the site finds all that contains the words and nothing else, in one order on both databases."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import matches, search
from articles.matches import KINDS
from articles.search import Search
from branches.models import Activity
from publishing.models import Publishable
from tests.factories import (
    make_activity,
    make_article,
    make_branch,
    make_brand,
    make_hospital,
    make_initiative,
    make_partner,
    make_user,
)

pytestmark = pytest.mark.django_db
BEIJING = ZoneInfo("Asia/Shanghai")


def found(query: str, **chosen) -> list[tuple[str, int]]:
    return [(KINDS[match[2]].slug, -match[3]) for match in Search(query, **chosen).matches]


def titles(query: str, **chosen) -> list[str]:
    asked = Search(query, **chosen)
    return [re.sub("</?mark>", "", hit.title) for hit in asked.hits(range(asked.total))]


def counts(search: Search) -> dict[str, dict[str, int]]:
    return {facet.label: {choice.label: choice.count for choice in facet.choices} for facet in search.facets}


# -- Order


def test_the_exact_title_comes_before_all_that_is_newer():
    hospital = make_hospital()
    old = make_activity(hospital, title="义诊 下乡", start=date(2019, 1, 1), public=True)
    make_activity(hospital, title="义诊下乡又一次", start=date(2023, 1, 1), public=True)
    assert found("义诊下乡")[0] == ("activity", old.pk)


def test_an_exact_title_is_found_though_a_thousand_newer_records_hold_the_words(monkeypatch):
    monkeypatch.setattr(matches, "MOST", 3)
    hospital = make_hospital()
    old = make_article(hospital, title="眼健康", source_date=date(2019, 1, 1), public=True)
    for day in range(1, 6):
        make_article(hospital, title=f"眼健康{day}", source_date=date(2023, 1, day), public=True)
    assert titles("眼健康") == ["眼健康", "眼健康5", "眼健康4"]
    assert old.pk == found("眼健康")[0][1]


def test_any_name_of_a_hospital_is_its_title():
    hospital = make_hospital(name="金乡县人民医院")
    hospital.names.create(name="县医院")
    hospital.refresh_search_text()
    make_branch(make_hospital(), name="县医院支部")
    assert titles("县医院") == ["金乡县人民医院", "县医院支部"]


def test_hospitals_and_branches_with_the_words_in_their_name_come_before_records():
    hospital = make_hospital(name="眼科医院")
    make_branch(hospital, name="第五支部")
    make_branch(hospital, name="眼科支部")
    make_activity(hospital, title="眼科义诊", public=True)
    assert titles("眼科") == ["眼科医院", "眼科支部", "眼科义诊", "第五支部"]


def test_the_newest_come_first_and_the_undated_last():
    hospital = make_hospital()
    make_activity(hospital, title="义诊一", precision="unknown", start=None, end=None, public=True)
    make_activity(hospital, title="义诊二", start=date(2021, 5, 1), public=True)
    make_article(hospital, title="义诊三", source_date=date(2022, 5, 1), public=True)
    make_brand(hospital, name="义诊四", status="published", published_at=datetime(2020, 5, 1, tzinfo=BEIJING))
    assert titles("义诊") == ["义诊三", "义诊二", "义诊四", "义诊一"]


def test_an_article_without_a_date_of_its_own_counts_from_its_publication_as_beijing_dates_it():
    hospital = make_hospital()
    late = datetime(2022, 5, 1, 23, 30, tzinfo=ZoneInfo("UTC"))  # 2 May in Beijing
    make_article(hospital, title="义诊报道", status="published", published_at=late)
    make_activity(hospital, title="义诊活动", start=date(2022, 5, 1), public=True)
    assert titles("义诊") == ["义诊报道", "义诊活动"]


def test_of_one_day_the_kinds_have_their_order_and_the_later_record_comes_first():
    hospital, day = make_hospital(), date(2022, 5, 1)
    make_article(hospital, title="义诊报道", source_date=day, public=True)
    for number in "一二":
        make_activity(hospital, title=f"义诊{number}", start=day, public=True)
    assert titles("义诊") == ["义诊二", "义诊一", "义诊报道"]


# -- What is looked for


@pytest.mark.parametrize("query", ["%", "_", "\\", "100%", "a_c", "''", "%%%s"])
def test_a_wildcard_is_a_character_like_others(query):
    hospital = make_hospital()
    make_activity(hospital, title=f"有{query}的题目", public=True)
    make_activity(hospital, title="别的题目abc1000", public=True)
    assert titles(query) == [f"有{query}的题目".replace("'", "&#x27;")]


@pytest.mark.parametrize("query", ["\x00", "\x00\x00", "\ufeff", "“”", " ", ""])
def test_a_query_of_nothing_finds_nothing(query):
    make_activity(public=True)
    assert Search(query).total == 0


def test_a_single_character_is_looked_for_in_the_newest_records_only(monkeypatch):
    monkeypatch.setattr(matches, "NEWEST_FOR_CHARACTERS", 2)
    hospital = make_hospital(name="甲医院")
    for day, title in enumerate(("福", "福二", "三", "福四"), start=1):
        make_activity(hospital, title=title, start=date(2023, 1, day), public=True)
    assert titles("福") == ["福四"]
    assert Search("福").is_of_characters


def test_a_single_character_beside_a_longer_word_is_looked_for_everywhere(monkeypatch):
    monkeypatch.setattr(matches, "NEWEST_FOR_CHARACTERS", 1)
    hospital = make_hospital()
    make_activity(hospital, title="福利院义诊", start=date(2020, 1, 1), public=True)
    make_activity(hospital, title="义诊", start=date(2023, 1, 1), public=True)
    assert titles("义诊 福") == ["福利院义诊"]


@pytest.mark.parametrize("state", [{"status": "draft"}, {"status": "withdrawn", "published_at": "2020-01-01T00:00:00Z"},
                                   {"status": "published", "published_at": "2999-01-01T00:00:00Z"}])  # fmt: skip
@pytest.mark.parametrize("make", [make_activity, make_article, make_brand, make_initiative])
def test_what_is_not_public_is_not_found(make, state):
    name = "title" if make in (make_activity, make_article) else "name"
    make(**{name: "保密的题目"}, **state)
    assert not found("保密的")


def test_a_working_copy_is_not_found():
    activity = make_activity(title="公开的题目", public=True)
    copy = activity.revise(by=make_user(is_superuser=True))
    Activity.objects.filter(pk=copy.pk).update(title="没公开的题目")
    Activity.objects.get(pk=copy.pk).refresh_search_text()
    assert not found("没公开的")
    assert found("题目") == [("activity", activity.pk)]


def test_nothing_of_a_closed_hospital_is_found():
    hospital = make_hospital(name="关门医院", is_active=False)
    make_branch(hospital, name="关门支部")
    make_activity(hospital, title="关门活动", public=True)
    assert not found("关门")


def test_a_brand_that_is_no_longer_used_is_not_found():
    make_brand(name="旧品牌名", is_current=False, public=True)
    assert not found("旧品牌名")


# -- Narrowing


@pytest.fixture
def two_hospitals():
    first, second = make_hospital(name="甲医院", slug="a"), make_hospital(name="乙医院", slug="b")
    for year, hospital in ((2021, first), (2022, first), (2022, second)):
        make_activity(hospital, title="义诊", start=date(year, 5, 1), public=True)
    make_article(second, title="义诊报道", source_date=date(2022, 6, 1), public=True)
    make_branch(second, name="义诊支部")


def test_facets_count_what_is_found(two_hospitals):
    assert counts(Search("义诊")) == {
        "类型": {"全部": 5, "医院": 0, "支部": 1, "品牌": 0, "举措": 0, "活动": 3, "报道": 1},
        "医院": {"乙医院": 3, "甲医院": 2},
        "年份": {"2022年": 3, "2021年": 1},
    }


def test_each_facet_counts_under_the_choices_of_the_others(two_hospitals):
    assert counts(Search("义诊", kind="activity", hospital="a", year="2022")) == {
        "类型": {"全部": 1, "医院": 0, "支部": 0, "品牌": 0, "举措": 0, "活动": 1, "报道": 0},
        "医院": {"甲医院": 1, "乙医院": 1},
        "年份": {"2022年": 1, "2021年": 1},
    }


@pytest.mark.parametrize(
    "chosen", [{"kind": "activity"}, {"hospital": "a"}, {"year": "2022"}, {"kind": "article", "hospital": "b"},
               {"kind": "branch", "year": "2022"}]
)  # fmt: skip
def test_a_choice_shows_as_many_as_its_facet_counts(two_hospitals, chosen):
    asked = Search("义诊", **chosen)
    shown = [
        choice for facet in asked.facets for choice in facet.choices if choice.is_chosen and choice.label != "全部"
    ]
    assert {choice.count for choice in shown} == {asked.total}


def test_narrowing_gives_the_same_whether_or_not_all_was_gathered(two_hospitals, monkeypatch):
    chosen = {"kind": "activity", "hospital": "a", "year": "2021"}
    whole = found("义诊", **chosen), counts(Search("义诊", **chosen))["类型"]["活动"]
    monkeypatch.setattr(matches, "MOST", 2)
    assert Search("义诊").is_more
    assert (found("义诊", **chosen), counts(Search("义诊", **chosen))["类型"]["活动"]) == whole


def test_beyond_what_is_gathered_the_counts_say_so(two_hospitals, monkeypatch):
    monkeypatch.setattr(matches, "MOST", 2)
    kinds = Search("义诊").facets[0].choices
    assert {choice.label for choice in kinds if choice.is_more} == {"全部", "活动"}


def test_hospitals_beyond_the_most_frequent_are_counted_and_the_chosen_one_is_among_them(monkeypatch):
    monkeypatch.setattr(search, "HOSPITALS", 2)
    for number, slug in enumerate("abcd", start=1):
        hospital = make_hospital(name=f"{slug}医院", slug=slug)
        for _again in range(number):
            make_activity(hospital, title="义诊", public=True)
    facet = Search("义诊").facets[1]
    assert ([choice.label for choice in facet.choices], facet.left) == (["d医院", "c医院"], 2)
    assert [choice.label for choice in Search("义诊", hospital="a").facets[1].choices] == ["d医院", "a医院"]


def test_a_kind_without_results_has_no_link(two_hospitals):
    kinds = Search("义诊").facets[0].choices
    assert {choice.label for choice in kinds if not choice.address} == {"医院", "品牌", "举措"}


def test_choosing_again_takes_a_choice_back(two_hospitals):
    asked = Search("义诊", hospital="a", year="2022")
    chosen = next(choice for choice in asked.facets[1].choices if choice.is_chosen)
    assert chosen.address == "q=%E4%B9%89%E8%AF%8A&year=2022"


@pytest.mark.parametrize(
    "chosen", [{"kind": "x"}, {"hospital": "x"}, {"year": "x"}, {"year": "0001"}, {"year": "２０２２"}]
)
def test_a_choice_there_is_not_is_named_and_left_out(two_hospitals, chosen):
    asked = Search("义诊", **chosen)
    assert (len(asked.notices), asked.total) == (1, 5)


# -- How it is done


@pytest.mark.parametrize("is_analysed", [True, False])
@pytest.mark.parametrize("query", ["义诊", "义诊下乡", "义诊 下乡活动"])
def test_on_postgresql_the_index_is_used_and_on_sqlite_all_texts_are_looked_through(query, is_analysed):
    hospital = make_hospital()
    activity = make_activity(hospital, title="别的", public=True)
    copies = [
        Activity(
            hospital=hospital, kind=activity.kind, title=f"第{number}次", reference=f"X-{number}", precision="unknown",
            search_text=f"第{number}次\n{'长长的文字' * 50}", status=Publishable.Status.PUBLISHED, published_at=timezone.now(),
        )
        for number in range(1500)
    ]  # fmt: skip
    Activity.objects.bulk_create(copies)
    if is_analysed:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    plan = Activity.objects.public().search(query).explain()
    assert ("branches_activity_search" in plan) == (connection.vendor == "postgresql")


def test_what_is_done_to_rows_that_were_searched_for_is_done_to_no_others():
    """The pairs stand in FROM, where an UPDATE does not look."""
    found, other = make_activity(title="银杏"), make_activity(title="讲座")
    Activity.objects.search("银杏").update(host="张三")
    Activity.objects.filter(pk__in=Activity.objects.search("银杏").values("pk")).update(place="门诊")
    assert Activity.objects.filter(host="张三", place="门诊").get() == found
    assert Activity.objects.exclude(host="张三").get() == other


def test_the_page_of_a_search_costs_the_same_however_much_is_found(client):
    hospital = make_hospital(name="甲医院")
    branch = make_branch(hospital, name="义诊支部")
    make_brand(branch=branch, name="义诊品牌", public=True)
    make_initiative(branch=branch, name="义诊举措", public=True)
    for number in range(3):
        activity = make_activity(branch=branch, title=f"义诊{number}", public=True)
        activity.partners.add(make_partner(hospital))
        make_article(hospital, title=f"义诊报道{number}", public=True).branches.add(branch)
    with CaptureQueriesContext(connection) as few:
        client.get("/search/?q=义诊")
    for number in range(6):
        activity = make_activity(branch=branch, title=f"义诊{number}", public=True)
        activity.partners.add(make_partner(hospital))
        make_article(hospital, title=f"义诊报道{number}", public=True).branches.add(branch)
    with CaptureQueriesContext(connection) as many:
        client.get("/search/?q=义诊")
    assert len(many) == len(few)


def test_the_next_visitor_gets_what_was_found_for_one_query(client):
    make_activity(title="义诊", public=True)
    client.get("/search/?q=义诊")
    with CaptureQueriesContext(connection) as queries:
        assert "义诊" in client.get("/search/?q=义诊").content.decode()
    assert len(queries) <= 2  # what changed, and grey days


def test_what_was_found_is_forgotten_when_something_changes(client):
    make_activity(title="义诊一", public=True)
    client.get("/search/?q=义诊")
    make_activity(title="义诊二", public=True)
    assert "共<b>2</b>条" in client.get("/search/?q=义诊").content.decode()


def test_old_records_are_within_reach_of_a_year(monkeypatch):
    monkeypatch.setattr(matches, "MOST", 2)
    hospital, day = make_hospital(), date(2023, 5, 1)
    for back in range(4):
        make_activity(hospital, title=f"义诊{back}", start=day - timedelta(days=366 * back), public=True)
    assert titles("义诊", year="2020") == ["义诊3"]
