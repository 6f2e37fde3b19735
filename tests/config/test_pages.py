"""The public pages: they answer, they show only what is public, and they cost the same with one row and with many."""

import re
from datetime import date

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.models import Article
from branches.models import Activity
from branches.tallies import make_outdated
from publishing.freshness import Stamp
from publishing.models import Publishable
from tests.factories import (
    make_activity,
    make_article,
    make_branch,
    make_brand,
    make_figure,
    make_hospital,
    make_initiative,
    make_partner,
    make_period_figure,
    make_report,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def one_of_each():
    """A hospital with one of everything, all of it public."""
    hospital = make_hospital(name="金乡县人民医院", slug="jinxiang", code="JX")
    branch = make_branch(hospital=hospital, name="第五支部（眼科支部）", slug="di-wu", number=5)
    make_brand(branch=branch, name="先锋志愿", public=True)
    make_initiative(hospital=hospital, name="红帆驿站", public=True)
    make_period_figure(make_report(branch=branch, public=True))
    fill(hospital, branch, 1)
    return hospital


@pytest.fixture
def site(one_of_each):
    """The same with a second activity and article, so that each has a neighbour."""
    fill(one_of_each, one_of_each.branches.get(), 1)
    return one_of_each


def fill(hospital, branch, count):
    first = hospital.articles.count()
    for number in range(first, first + count):
        activity = make_activity(hospital=hospital, branch=branch, title=f"义诊下乡{number}", public=True)
        make_figure(activity)
        activity.partners.add(make_partner(hospital=hospital))
        activity.tags.add("义诊")
        article = make_article(hospital=hospital, title=f"报道{number}", public=True)
        article.branches.add(branch)
        article.activities.add(activity)
        article.tags.add("义诊")


def pages() -> list[str]:
    article = Article.objects.get(title="报道0")
    return [
        "/",
        "/hospitals/",
        "/hospitals/jinxiang/",
        "/hospitals/jinxiang/branches/di-wu/",
        "/brands/",
        "/activities/",
        "/statistics/",
        "/statistics/?hospital=jinxiang&year=2023&measure=visits",
        "/about/?from=/hospitals/jinxiang/",
        "/accessibility/",
        "/activities/?hospital=jinxiang&branch=di-wu&kind=free_clinic&period=2023H1&tag=义诊&q=下乡",
        Activity.objects.get(title="义诊下乡0").get_absolute_url(),
        "/articles/",
        article.get_absolute_url(),
        "/tags/义诊/",
        "/search/?q=义诊",
    ]


def queries(client, path, **headers) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path, headers=headers).status_code in {200, 304}
    return len(captured)


def cold(client, path) -> int:
    """Of a visit when nothing is kept but what is made anew after a change: the hours that are to come, the tallies."""
    cache.clear()
    Stamp.now()
    make_outdated()
    return queries(client, path)


def warm(client, path) -> int:
    client.get(path)
    return queries(client, path)


@pytest.mark.parametrize("count", [cold, warm])
def test_a_page_costs_the_same_number_of_queries_with_one_row_and_with_two_hundred(client, one_of_each, count):
    branch = one_of_each.branches.get()
    own_page = Activity.objects.get().get_absolute_url()
    with_one = {path: count(client, path) for path in pages() if path != own_page}
    fill(one_of_each, branch, 1)  # the one row of the list that an activity's own page has: its neighbour
    with_one[own_page] = count(client, own_page)
    fill(one_of_each, branch, 60)
    activities = [
        Activity(
            hospital=one_of_each, kind_id=1, title=f"值守{number}", reference=f"X-{number}", start=date(2023, 1, 1),
            end=date(2023, 1, 1), status="published", published_at="2024-01-01T00:00:00Z",
        )
        for number in range(140)
    ]  # fmt: skip
    Activity.objects.bulk_create(activities)
    with_many = {path: count(client, path) for path in with_one}
    assert with_many == with_one


ARTICLE, ACTIVITY = "the article", "the activity"


@pytest.mark.parametrize(
    ("path", "first", "again"),
    [
        ("/", 15, 1),
        ("/hospitals/", 15, 1),
        ("/hospitals/jinxiang/", 23, 1),
        ("/hospitals/jinxiang/branches/di-wu/", 17, 1),
        ("/brands/", 8, 1),
        ("/activities/", 12, 1),
        ("/activities/?hospital=jinxiang&kind=free_clinic&period=2023", 14, 1),
        ("/articles/", 7, 1),
        ("/tags/义诊/", 11, 2),
        (ARTICLE, 14, 1),
        (ACTIVITY, 22, 1),
    ],
)
def test_no_page_needs_more_queries_than_it_did_when_it_was_looked_at(client, site, path, first, again):
    own = {ARTICLE: Article.objects.get(title="报道0"), ACTIVITY: Activity.objects.get(title="义诊下乡0")}
    path = own[path].get_absolute_url() if path in own else path
    found = (cold(client, path), warm(client, path))
    assert (found[0] <= first, found[1] <= again) == (True, True), found


def test_every_page_that_has_not_changed_is_answered_in_two_queries_at_most(client, site):
    known = {path: client.get(path)["ETag"] for path in pages()}
    answers = {path: client.get(path, headers={"if-none-match": etag}) for path, etag in known.items()}
    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(known, 304)
    costs = {path: queries(client, path, **{"if-none-match": etag}) for path, etag in known.items()}
    assert max(costs.values()) <= 2


@pytest.mark.parametrize("kept", ["an empty cache", "what earlier visits left"])
def test_a_page_is_the_same_whatever_is_kept(client, site, kept):
    first = {}
    for path in pages():
        if kept == "an empty cache":
            cache.clear()
        first[path] = client.get(path).content
    assert {path: client.get(path).content for path in first} == first


def test_no_text_is_kept_that_is_still_to_be_translated(client, site):
    """Each time it is taken out of the cache, a class would be made for it."""
    for path in pages():
        client.get(path)
    assert cache._cache
    assert not [name for name, value in cache._cache.items() if b"_lazy_proxy" in value]


@pytest.mark.parametrize("path", ["/activities/", "/articles/"])
def test_a_list_is_whole_and_in_order_where_only_some_of_its_entries_are_kept(client, site, path):
    fill(site, site.branches.get(), 3)
    whole = client.get(path).content
    cache.clear()
    client.get(f"{path}?q=2")
    assert client.get(path).content == whole


def test_the_front_page_hangs_the_brands_of_the_hospital_with_the_most(client, site):
    make_hospital(name="无品牌医院", slug="none")
    rich = make_hospital(name="品牌最多的医院", slug="rich")
    for number in range(2):
        make_brand(branch=make_branch(hospital=rich), name=f"最多{number}", public=True)
    gone = make_hospital(name="支部都撤销的医院", slug="gone")
    for number in range(3):
        make_brand(branch=make_branch(hospital=gone, is_active=False), name=f"撤销{number}", public=True)
    text = client.get("/").content.decode()
    assert ("品牌最多的医院</a>，2个品牌" in text, "撤销" in text) == (True, False)


@pytest.mark.parametrize(
    "path",
    [
        "/", "/hospitals/", "/hospitals/jinxiang/", "/hospitals/jinxiang/branches/di-wu/", "/brands/", "/activities/",
        "/articles/", "/search/?q=保密", "/activities.csv", "/tags/义诊/",
    ],
)  # fmt: skip
@pytest.mark.parametrize("status", [Publishable.Status.DRAFT, Publishable.Status.WITHDRAWN])
def test_what_is_not_published_is_on_no_page(client, site, path, status):
    branch = site.branches.get()
    secret = {"status": status, "published_at": "2024-01-01T00:00:00Z"}
    make_brand(hospital=site, name="保密品牌", **secret)
    make_initiative(hospital=site, name="保密举措", **secret)
    make_activity(hospital=site, branch=branch, title="保密活动", **secret).tags.add("义诊")
    make_article(hospital=site, title="保密稿件", **secret).tags.add("义诊")
    make_period_figure(make_report(branch=branch, title="保密报数", **secret), label="保密数字")
    response = client.get(path)
    text = b"".join(response).decode() if response.streaming else response.content.decode()
    assert not [word for word in ("品牌", "举措", "活动", "稿件", "报数", "数字") if f"保密{word}" in text]


def test_a_record_scheduled_for_later_is_not_public_yet(client, site):
    later = make_activity(hospital=site, title="明天才公开", status="published", published_at="2999-01-01T00:00:00Z")
    assert client.get(later.get_absolute_url()).status_code == 404


def test_the_tag_of_a_draft_has_no_page(client, site):
    make_activity(hospital=site).tags.add("只在草稿里")
    assert client.get("/tags/只在草稿里/").status_code == 404


@pytest.mark.parametrize("path", ["/activities/", "/articles/", "/tags/义诊/"])
@pytest.mark.parametrize("page", ["99999999", "0", "-1", "abc", "９", "1e3"])
def test_a_page_beyond_the_list_is_not_found(client, site, path, page):
    assert client.get(path, {"page": page}).status_code == 404


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("from=abc", "日期要写成2023-06-01这样"),
        ("to=2023-13-01", "日期要写成2023-06-01这样"),
        ("from=2023-06-02&to=2023-06-01", "结束日期早于开始日期"),
        ("kind=nope", "没有“nope”这个类别"),
        ("group=Z", "没有“Z”这个大类"),
        ("hospital=nope", "没有这家医院"),
        ("branch=nope", "没有找到这个支部"),
        ("period=2023H9", "时期要写成"),
        ("region=99", "没有这个地区"),
    ],
)
@pytest.mark.parametrize("path", ["/activities/", "/activities.csv", "/activities.xlsx"])
def test_a_filter_that_cannot_be_read_is_named_at_its_field(client, site, path, query, message):
    response = client.get(f"{path}?{query}")
    assert response.status_code == 400
    assert message in response.content.decode()


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("/articles/?year=abc", "年份要写成四位数字"),
        ("/hospitals/?region=99", "没有这个地区"),
        ("/hospitals/?q=" + "医" * 101, "100"),
    ],
)
def test_what_cannot_be_read_is_named_at_its_field_in_the_other_lists(client, site, address, message):
    response = client.get(address)
    assert response.status_code == 400
    assert message in response.content.decode()


@pytest.mark.parametrize("name", ["q", "kind", "hospital", "branch", "from", "period", "region", "tag", "page", "year"])
@pytest.mark.parametrize("path", ["/", "/activities/", "/articles/", "/hospitals/", "/search/", "/brands/"])
def test_nul_in_any_parameter_is_refused(client, path, name):
    assert client.get(f"{path}?{name}=%00").status_code == 400


@pytest.mark.parametrize("path", ["/hospitals/%00/", "/activities/%00/", "/tags/%00/", "/media/%00"])
def test_nul_in_a_path_is_refused(client, path):
    assert client.get(path).status_code == 400


def test_a_query_that_is_not_utf_8_is_refused(client):
    assert client.get("/search/?q=%ff%fe").status_code == 400


@pytest.mark.parametrize(
    "path", ["/nope/", "/hospitals/nope/", "/activities/NO-2023-0001/", "/articles/99999999999999999999/"]
)
def test_what_does_not_exist_is_not_found_in_chinese(client, path):
    response = client.get(path)
    assert response.status_code == 404
    assert "没有找到这个页面" in response.content.decode()


@pytest.mark.parametrize("path", ["/", "/activities/", "/hospitals/", "/search/?q=x"])
def test_a_visitor_gets_no_cookie(client, path):
    assert not client.get(path).cookies


@pytest.mark.parametrize("path", ["/", "/activities/"])
def test_the_policy_allows_nothing_that_is_not_named(client, path):
    policy = client.get(path)["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_large_text_is_switched_on_and_off_without_a_script(client):
    assert client.post(reverse("care"), headers={"referer": "http://testserver/brands/"}).url.endswith("/brands/")
    assert 'class="care"' in client.get("/").content.decode()
    client.post(reverse("care"))
    assert 'class="care"' not in client.get("/").content.decode()


def test_switching_to_large_text_leads_to_no_other_site(client):
    assert client.post(reverse("care"), headers={"referer": "https://evil.example/"}).url == "/"


@pytest.mark.parametrize("path", ["/", "/hospitals/", "/nope/", "/search/"])
def test_each_search_form_is_one_landmark_with_a_name_of_its_own(client, site, path):
    text = client.get(path).content.decode()
    names = re.findall(r'role="search" aria-label="([^"]+)"', text)
    assert "<search" not in text
    assert text.count('role="search"') == len(names) == len(set(names)) == (1 if path == "/" else 2)


@pytest.mark.parametrize(("path", "text"), [("/healthz", "ok"), ("/readyz", "ok")])
def test_health_is_answered_in_one_word(client, path, text):
    assert client.get(path).content.decode() == text


def test_a_file_outside_the_media_folder_is_not_found(client):
    assert client.get("/media/../manage.py").status_code == 404


def test_undated_activities_come_last_and_say_so(client, site):
    make_activity(hospital=site, title="不知何时", precision="unknown", start=None, end=None, public=True)
    text = client.get("/activities/").content.decode()
    assert text.index("义诊下乡0") < text.rindex("时间未载明") < text.index("不知何时")


def test_a_half_year_finds_the_day_in_it_and_a_month_finds_the_half_year(client, site):
    make_activity(
        hospital=site,
        title="上半年汇总",
        precision="half_year",
        start=date(2023, 1, 1),
        end=date(2023, 6, 30),
        public=True,
    )
    assert "义诊下乡0" in client.get("/activities/?period=2023H1").content.decode()
    assert "上半年汇总" in client.get("/activities/?period=2023-06").content.decode()


def test_totals_never_contain_announced_numbers(client, site):
    summary = make_activity(hospital=site, nature="summary", title="汇总", public=True)
    make_period_figure(make_report(hospital=site, public=True), measure="visits", stated="18694", activity=summary)
    totals = client.get("/activities/").context["totals"]
    assert [(row["slug"], row["total"].value) for row in totals] == [("visits", 24)]


def test_figures_marked_internal_are_on_no_page(client, site):
    activity = Activity.objects.get(title="义诊下乡0")
    make_figure(activity, measure="leaflets", stated="777", is_internal=True)
    assert "777" not in client.get(activity.get_absolute_url()).content.decode()
    assert "777" not in client.get("/activities/").content.decode()


def test_a_telephone_number_has_no_separators(client, site):
    make_initiative(hospital=site, name="院长热线", hotline="8722000", public=True)
    text = client.get("/hospitals/jinxiang/").content.decode()
    assert ">8722000<" in text
    assert "8,722" not in text


def test_what_a_kind_asks_for_and_nobody_gave_is_said_on_the_page(client):
    activity = make_activity(kind="free_clinic", public=True)
    make_figure(activity, measure="visits", stated="60余")
    assert [measure.slug for measure in client.get(activity.get_absolute_url()).context["activity"].unreported] == [
        "sessions"
    ]
    assert "未填报" in client.get(activity.get_absolute_url()).content.decode()


def test_a_brand_or_initiative_that_is_not_public_is_not_named_beside_its_activity(client, site):
    activity = Activity.objects.get(title="义诊下乡0")
    activity.brand = make_brand(hospital=site, name="保密品牌")
    activity.initiative = make_initiative(hospital=site, name="保密举措")
    activity.save()
    pages = client.get(activity.get_absolute_url()).content + b"".join(client.get("/activities.csv"))
    assert "保密" not in pages.decode()


def test_an_error_of_ours_is_told_in_chinese_without_its_reasons(client, monkeypatch):
    def fail(*args):
        raise RuntimeError("secret reason")

    monkeypatch.setattr("config.views.home.home_meta", fail)
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    assert "系统出了差错" in response.content.decode()
    assert "secret" not in response.content.decode()
