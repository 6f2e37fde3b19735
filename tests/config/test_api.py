"""The public read API: it says what the pages say and nothing internal, answers in the same order, and walks every list."""

import io
import json
import re
from datetime import date, timedelta
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from articles.models import Article
from branches.models import Activity, Branch, Brand
from config.api import ActivityList, ArticleList
from hospitals.models import Hospital
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
    make_region,
    make_report,
    make_user,
)

pytestmark = pytest.mark.django_db

ROOT = "/api/v1/"
LISTS = [f"{ROOT}{name}/" for name in ("hospitals", "branches", "brands", "activities", "articles")]
each_list = pytest.mark.parametrize("path", LISTS)


@pytest.fixture
def hospital():
    return make_hospital(name="金乡县人民医院", slug="jinxiang", code="JX")


@pytest.fixture
def branch(hospital):
    return make_branch(hospital, name="第五支部（眼科支部）", slug="di-wu", number=5)


@pytest.fixture
def site(hospital, branch):
    """One of everything, each of them linked to the others."""
    brand = make_brand(branch=branch, public=True)
    make_brand(hospital, public=True)
    add(hospital, branch, brand, 1)
    for of in ({"hospital": hospital}, {"branch": branch}):
        initiative = make_initiative(public=True, **of)
        initiative.figures.create(label="目标", value=50, as_stated="50小时")
        report = make_report(public=True, **of)
        total = make_period_figure(report, kind=make_activity(hospital).kind)
        make_period_figure(report, "audience", "60余", subset_of=total)
    return hospital


def add(hospital, branch, brand, count):
    """As many activities and articles, with all that belongs to them."""
    for _number in range(count):
        activity = make_activity(branch=branch, brand=brand, public=True, figures={"visits": "60余"})
        activity.partners.add(make_partner(hospital))
        activity.joint_branches.add(make_branch(hospital))
        activity.further_kinds.add(activity.kind)
        summary = make_activity(branch=branch, nature="summary", public=True)
        make_period_figure(make_report(branch=branch, public=True), activity=summary, kind=summary.kind)
        article = make_article(hospital, public=True)
        article.bylines.create(name="王芳")
        article.branches.add(branch)
        article.activities.add(activity)
        for record in (activity, article):
            record.tags.add("义诊")
            record.photos.create(image=drawn(64, 48), caption="现场")


def drawn(width, height) -> ContentFile:
    file = io.BytesIO()
    Image.new("L", (width, height), 128).save(file, "JPEG")
    return ContentFile(file.getvalue(), "a.jpg")


def addresses() -> list[str]:
    """Of every view that shows records."""
    return [
        *LISTS,
        *(f"{ROOT}hospitals/{row.slug}/" for row in Hospital.objects.all()[:1]),
        *(f"{ROOT}branches/{row.hospital.slug}/{row.slug}/" for row in Branch.objects.all()[:1]),
        *(f"{ROOT}brands/{row.pk}/" for row in Brand.objects.all()[:1]),
        *(f"{ROOT}activities/{row.reference}/" for row in Activity.objects.public().order_by("pk")[:3]),
        *(f"{ROOT}articles/{row.pk}/" for row in Article.objects.order_by("pk")[:1]),
    ]


def results(client, path) -> list[dict]:
    response = client.get(path)
    assert response.status_code == 200, response.content.decode()
    return response.json()["results"]


def walked(client, path, between=lambda: None) -> list[dict]:
    """Every page of a list; ``between`` is done after each."""
    rows = []
    while path:
        page = client.get(path).json()
        rows += page["results"]
        path = page["next"]
        between()
        assert len(rows) < 1000
    return rows


# -- What it says


def test_the_root_names_every_list_and_the_description(client):
    addresses = client.get(ROOT).json().values()
    assert [urlsplit(address).path for address in addresses] == [*LISTS, f"{ROOT}openapi.json"]
    assert [client.get(address).status_code for address in addresses] == [200] * 6


def test_chinese_is_sent_as_it_is(client, hospital):
    response = client.get(f"{ROOT}hospitals/")
    assert response["Content-Type"] == "application/json"
    assert "金乡县人民医院" in response.content.decode()


def test_a_number_comes_with_its_words_and_how_exact_it_is(client, branch):
    make_activity(branch=branch, public=True, figures={"visits": "60余", "hours": "2.5", "leaflets": "几百"})
    figures = results(client, f"{ROOT}activities/")[0]["figures"]
    assert figures[0] == {
        "name": "服务人次", "value": 60, "precision": "at_least", "as_stated": "60余", "unit": "人次",
        "text": "60余人次", "measure": "visits",
    }  # fmt: skip
    assert [(figure["value"], figure["precision"]) for figure in figures[1:]] == [(2.5, "exact"), (None, "vague")]


def test_announced_numbers_stand_apart_and_say_of_which_total_they_are_a_part(client, branch):
    summary = make_activity(branch=branch, nature="summary", public=True)
    report = make_report(branch=branch, public=True)
    total = make_period_figure(report, "sessions", "60余", label="志愿活动", activity=summary)
    make_period_figure(report, "sessions", "12", label="讲座", subset_of=total, activity=summary)
    entry = results(client, f"{ROOT}activities/")[0]
    announced = [(figure["name"], figure["part_of"]) for figure in entry["announced_figures"]]
    assert (entry["figures"], announced) == ([], [("志愿活动", None), ("讲座", "志愿活动")])


def test_a_time_that_is_not_stated_is_null_and_says_so_in_words(client, branch):
    make_activity(branch=branch, public=True, start=None, end=None, precision="unknown", date_text="近日")
    assert results(client, f"{ROOT}activities/")[0]["period"] == {
        "start": None, "end": None, "precision": "unknown", "text": "时间未载明", "as_stated": "近日",
    }  # fmt: skip


def test_a_photo_comes_in_the_sizes_it_is_served_in(client, branch):
    activity = make_activity(branch=branch, public=True)
    activity.photos.create(image=drawn(1001, 333), caption="现场", alt="医生在量血压")
    photo = client.get(f"{ROOT}activities/{activity.reference}/").json()["photos"][0]
    assert (photo["caption"], photo["alt"]) == ("现场", "医生在量血压")
    for copy in photo["renditions"]:
        served = client.get(copy["url"])
        with Image.open(io.BytesIO(b"".join(served))) as picture:
            assert picture.size == (copy["width"], copy["height"])
    assert [copy["width"] for copy in photo["renditions"]] == [480, 960, 1001]


def test_addresses_lead_to_the_page_and_to_the_data(client, site):
    for path in LISTS:
        entry = results(client, path)[0]
        assert client.get(entry["url"].split("#")[0]).status_code == 200
        assert client.get(entry["api_url"]).json()["url"] == entry["url"]


def test_the_edition_is_the_live_one_while_a_copy_is_being_worked_on(client, hospital):
    admin, article = make_user(is_superuser=True), make_article(hospital)
    published = publish(article, admin)
    copy = published.revise(by=admin)
    before = client.get(f"{ROOT}articles/{article.pk}/").json()["edition"]
    publish(copy, admin)
    after = client.get(f"{ROOT}articles/{article.pk}/").json()["edition"]
    assert (before["number"], after["number"]) == (1, 2)
    assert after["public_from"] > before["public_from"]


def publish(record, admin):
    record.submit(by=admin)
    for _review in record.review_stages:
        record = record.approve(by=admin)
    return record


# -- What it does not say


def test_nothing_internal_is_said_anywhere(client, site):
    canary = "canary-inside"
    writer = make_user(name=canary, username=canary)
    rows = {"created_by": writer, "updated_by": writer}
    Activity.objects.update(remarks=canary, recorder=canary, **rows)
    for model in (Article, Brand):
        model.objects.update(**rows)
    Hospital.objects.update(first_review_label=canary[:6])
    for activity in Activity.objects.all():
        make_figure(activity, "leaflets", "7777", label=canary, is_internal=True)
    for initiative in site.initiatives.all():
        initiative.figures.create(label=canary, value=7777, as_stated="7777", is_internal=True)
    for path in addresses():
        text = client.get(path).content.decode()
        assert (path, [word for word in (canary[:6], "7777") if word in text]) == (path, [])


@pytest.mark.parametrize("state", ["draft", "final_review", "scheduled", "withdrawn"])
def test_what_is_not_public_is_not_named_by_what_is(client, branch, state):
    later = timezone.now() + timedelta(days=1)
    fields = {"status": state, "published_at": timezone.now()}
    if state == "scheduled":
        fields = {"status": "published", "published_at": later}
    if state == "final_review":
        fields["submitted_digest"] = "0" * 64
    hidden = {"branch": branch} | fields
    brand, initiative = make_brand(name="canary", **hidden), make_initiative(name="canary", **hidden)
    activity = make_activity(branch=branch, public=True, brand=brand, initiative=initiative)
    article = make_article(branch.hospital, public=True)
    secret = make_activity(title="canary", **hidden)
    article.activities.add(activity, secret)
    make_article(branch.hospital, title="canary", **fields).activities.add(activity)
    summary = make_activity(branch=branch, nature="summary", public=True)
    make_period_figure(make_report(title="canary", **hidden), label="canary", activity=summary)
    assert not [path for path in addresses() if "canary" in client.get(path).content.decode()]
    assert client.get(f"{ROOT}activities/{secret.reference}/").status_code == 404


def test_a_closed_hospital_is_gone_with_all_it_has(client, site):
    paths = addresses()
    Hospital.objects.update(is_active=False)
    answers = {path: client.get(path) for path in paths}
    assert all(answers[path].json()["results"] == [] for path in LISTS)
    assert {answers[path].status_code for path in paths if path not in LISTS} == {404}


def test_a_dissolved_branch_is_marked_and_can_be_left_out(client, branch):
    Branch.objects.update(is_active=False)
    assert [row["is_active"] for row in results(client, f"{ROOT}branches/")] == [False]
    assert results(client, f"{ROOT}branches/?active=true") == []
    assert client.get(f"{ROOT}branches/jinxiang/di-wu/").json()["is_active"] is False
    assert client.get(f"{ROOT}hospitals/jinxiang/").json()["branches"] == []


def test_an_earlier_brand_is_marked_and_can_be_left_out(client, branch):
    make_brand(branch=branch, name="新", public=True)
    make_brand(branch=branch, name="旧", public=True, is_current=False, stage="ended")
    marked = {row["name"]: row["is_current"] for row in results(client, f"{ROOT}brands/")}
    assert marked == {"新": True, "旧": False}
    assert [row["name"] for row in results(client, f"{ROOT}brands/?current=true")] == ["新"]
    assert [row["name"] for row in results(client, f"{ROOT}brands/?status=ended")] == ["旧"]
    assert [row["brand"]["name"] for row in results(client, f"{ROOT}branches/")] == ["新"]


def test_who_asks_changes_nothing(client, site):
    draft = make_activity(site)
    anonymous = {path: client.get(path).content for path in addresses()}
    client.force_login(make_user(is_superuser=True))
    assert {path: client.get(path).content for path in anonymous} == anonymous
    assert client.get(f"{ROOT}activities/{draft.reference}/").status_code == 404


def test_no_session_is_looked_at(client, site):
    client.force_login(make_user(is_superuser=True))
    with CaptureQueriesContext(connection) as captured:
        response = client.get(f"{ROOT}activities/")
    assert not [query for query in captured.captured_queries if "django_session" in query["sql"]]
    assert "Vary" not in response
    assert not response.cookies


# -- Filters


def many(branch):
    """Activities and articles that each filter divides."""
    other = make_branch(make_hospital(slug="other", region=make_region("370826", "微山县")), slug="b")
    days = [{"start": date(2023, month, 1), "end": date(2023, month, day)} for month in (1, 6, 7) for day in (1, 5, 20)]
    half = {"start": date(2023, 1, 1), "end": date(2023, 6, 30), "precision": "half_year"}
    for place, when in enumerate([*days, half, {"start": None, "end": None, "precision": "unknown"}]):
        own = {"branch": (branch, other)[place % 2], "kind": ("free_clinic", "study", "screening")[place % 3]}
        activity = make_activity(title=f"义诊{place}", public=True, **own, **when)
        article = make_article(own["branch"].hospital, title=f"报道{place}", public=True, source_date=activity.start)
        article.branches.add(own["branch"])
        for record in (activity, article)[: place % 3]:
            record.tags.add("敬老")
    make_activity(branch=other, place="义诊点", title="讲座", public=True, region=branch.hospital.region)


@pytest.mark.parametrize(
    "query",
    [
        "", "hospital=jinxiang", "hospital=jinxiang&branch=di-wu", "branch=b", "kind=study", "kind=study&kind=screening",
        "group=B", "period=2023H1", "period=2023-06", "period=2023Q3", "period=unknown", "from=2023-06-03",
        "to=2023-06-03", "from=2023-06-03&to=2023-07-03", "region=370828", "region=370800", "tag=敬老", "q=义诊",
        "q=义诊 1", "hospital=jinxiang&kind=free_clinic&period=2023H1&q=义诊",
    ],
)  # fmt: skip
def test_activities_are_those_of_the_page_in_its_order(client, branch, query):
    many(branch)
    page = client.get(f"/activities/?{query}").content.decode()
    shown = list(dict.fromkeys(re.findall(r'href="/activities/([A-Z0-9]+-\d+-\d+)/"', page)))
    assert shown
    assert [row["reference"] for row in results(client, f"{ROOT}activities/?{query}")] == shown


@pytest.mark.parametrize(
    "query", ["", "hospital=jinxiang", "hospital=jinxiang&branch=di-wu", "tag=敬老", "year=2023", "q=报道1"]
)
def test_articles_are_those_of_the_page_in_its_order(client, branch, query):
    many(branch)
    page = client.get(f"/articles/?{query}").content.decode()
    shown = list(dict.fromkeys(map(int, re.findall(r'href="/articles/(\d+)/"', page))))
    assert shown
    assert [row["id"] for row in results(client, f"{ROOT}articles/?{query}")] == shown


@pytest.mark.parametrize(
    ("query", "slugs"),
    [("", ["jinxiang", "other"]), ("region=370826", ["other"]), ("region=370000", ["jinxiang", "other"])],
)
def test_hospitals_are_found_by_where_they_lie(client, branch, query, slugs):
    many(branch)
    found = [row["slug"] for row in results(client, f"{ROOT}hospitals/?{query}")]
    assert sorted(found) == slugs


def test_hospitals_are_found_by_their_other_names(client, hospital):
    hospital.names.create(name="县医院")
    hospital.save()
    make_hospital()
    assert [row["slug"] for row in results(client, f"{ROOT}hospitals/?q=县医院")] == ["jinxiang"]


def test_branches_and_brands_are_found_by_hospital_and_words(client, branch):
    make_brand(branch=branch, name="先锋", public=True)
    make_brand(make_hospital(), name="先锋", public=True)
    for words in ("hospital=jinxiang", "hospital=jinxiang&q=先锋"):
        assert len(results(client, f"{ROOT}brands/?{words}")) == 1
    assert [row["slug"] for row in results(client, f"{ROOT}branches/?hospital=jinxiang&q=眼科")] == ["di-wu"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("activities/?kind=nonsense", "kind"), ("activities/?from=yesterday", "from"), ("activities/?period=x", "period"),
        ("activities/?hospital=nowhere", "hospital"), ("activities/?branch=nowhere", "branch"),
        ("activities/?region=1", "region"), ("activities/?q=" + "长" * 101, "q"), ("articles/?year=二", "year"),
        ("brands/?status=x", "status"), ("brands/?current=1", "current"), ("branches/?active=no", "active"),
        ("hospitals/?region=x", "region"), ("activities/?hospitl=jinxiang", "hospitl"), ("?page=2", "page"),
        ("activities/?limit=0", "limit"), ("activities/?limit=101", "limit"), ("activities/?limit=-1", "limit"),
        ("activities/?limit=１", "limit"), ("activities/?limit=abc", "limit"), ("activities/?limit=1e2", "limit"),
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_refused_at_its_name_in_chinese(client, hospital, query, field):
    response = client.get(ROOT + query)
    assert response.status_code == 400
    assert list(response.json()) == [field]
    assert re.search("[\u4e00-\u9fff]", response.json()[field][0])


def test_a_record_takes_no_parameters(client, branch):
    activity = make_activity(branch=branch, public=True)
    assert client.get(f"{ROOT}activities/{activity.reference}/?draft=1").status_code == 400


# -- Walking a list


def fill(branch):
    """Rows with many ties: one day, no day, no number; and working copies, which are never listed."""
    for _number in range(7):
        hospital = make_hospital()
        for ordinal in (None, 3, 2, None):
            make_branch(hospital, number=ordinal)
        make_brand(hospital, public=True)
        for end in (1, 2):
            make_activity(branch=branch, public=True, end=date(2023, 6, end))
        make_activity(branch=branch, public=True, start=None, end=None, precision="unknown")
    moment = timezone.now() - timedelta(days=1)
    for _number in range(9):
        make_article(branch.hospital, status="published", published_at=moment)


def key(row: dict):
    return row["api_url"]


@pytest.mark.parametrize("limit", [1, 2, 5])
@each_list
def test_pages_together_are_the_whole_list(client, branch, path, limit):
    fill(branch)
    whole = list(map(key, results(client, f"{path}?limit=100")))
    assert len(whole) > 5
    assert list(map(key, walked(client, f"{path}?limit={limit}"))) == whole


def test_the_links_to_further_pages_keep_the_conditions(client, branch):
    many(branch)
    walk = walked(client, f"{ROOT}activities/?limit=1&kind=study&kind=screening&hospital=jinxiang")
    assert {row["kind"]["slug"] for row in walk} == {"study", "screening"}
    assert {row["hospital"]["slug"] for row in walk} == {"jinxiang"}


def test_rows_that_come_while_a_list_is_walked_neither_repeat_nor_hide_others(client, branch):
    fill(branch)
    whole = list(map(key, results(client, f"{ROOT}activities/?limit=100")))

    def meanwhile():
        make_activity(branch=branch, public=True)
        make_activity(branch=branch, public=True, start=date(2024, 1, 1))

    walk = list(map(key, walked(client, f"{ROOT}activities/?limit=4", between=meanwhile)))
    assert len(walk) == len(set(walk))
    assert [one for one in walk if one in whole] == whole


def test_a_list_is_walked_on_after_the_row_where_a_page_ended_is_gone(client, branch):
    fill(branch)
    whole = list(map(key, results(client, f"{ROOT}activities/?limit=100")))
    page = client.get(f"{ROOT}activities/?limit=4").json()
    Activity.objects.filter(reference=page["results"][-1]["reference"]).update(status="withdrawn")
    assert list(map(key, walked(client, page["next"]))) == whole[4:]


def test_a_page_has_twenty_rows_and_a_hundred_at_most(client, hospital):
    for _number in range(101):
        make_brand(hospital, public=True, is_current=False)
    assert [len(results(client, f"{ROOT}brands/{query}")) for query in ("", "?limit=100")] == [20, 100]


def test_the_last_page_has_no_further_one(client, branch):
    fill(branch)
    length = len(results(client, f"{ROOT}articles/?limit=100"))
    assert client.get(f"{ROOT}articles/?limit={length}").json()["next"] is None


def cursor_of(address: str) -> str:
    return parse_qs(urlsplit(address).query)["cursor"][0]


def test_a_cursor_that_was_not_given_out_is_refused(client, branch):
    fill(branch)
    own = cursor_of(client.get(f"{ROOT}activities/?limit=1").json()["next"])
    hostile = ["x", "é:ü", own[1:], own + "A", own.split(":")[0], f"x{own}", "A" * 5000, "W10:x", ":", "-1"]
    for cursor in hostile:
        response = client.get(f"{ROOT}activities/", {"cursor": cursor})
        assert (response.status_code, list(response.json())) == (400, ["cursor"])
    assert client.get(f"{ROOT}activities/", {"cursor": own}).status_code == 200


def test_a_cursor_of_another_list_is_refused(client, branch):
    """Also where both are made of as many values."""
    fill(branch)
    others = cursor_of(client.get(f"{ROOT}hospitals/?limit=1").json()["next"])
    assert client.get(f"{ROOT}articles/", {"cursor": others}).status_code == 400


@pytest.mark.parametrize(("view", "model"), [(ActivityList, Activity), (ArticleList, Article)])
def test_a_long_list_is_walked_in_an_order_that_the_database_keeps(view, model):
    """So that a deep page begins where its rows are."""
    kept = [tuple(index.fields) for index in model._meta.indexes]
    assert tuple(column.replace("pk", "id") for column in view.columns) in kept


# -- What it costs


def queries(client, path) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_an_answer_costs_the_same_number_of_queries_with_one_row_and_with_thirty(client, site, branch):
    paths = addresses()
    queries(client, paths[0])  # after a change the hours to come are looked up, once
    before = {path: queries(client, path) for path in paths}
    add(site, branch, branch.brands.get(), 29)
    for number in range(29):
        more = make_branch(make_hospital(), number=number)
        make_brand(branch=more, public=True)
        make_initiative(branch=branch, public=True).figures.create(label="目标", value=1, as_stated="1")
    for activity in Activity.objects.all():
        activity.articles.set(Article.objects.all())
        activity.joint_branches.set(site.branches.all())
    for article in Article.objects.all():
        article.branches.set(site.branches.all())
    queries(client, paths[0])
    assert {path: queries(client, path) for path in paths} == before


@each_list
def test_a_list_needs_few_queries(client, site, path):
    queries(client, path)
    assert queries(client, path) <= 10


# -- Asking again, and other ways of asking


def test_an_answer_is_not_sent_again_while_nothing_has_changed(client, site):
    for path in [ROOT, f"{ROOT}openapi.json", *addresses()]:
        first = client.get(path)
        assert first["Cache-Control"] == "public, max-age=30"
        with CaptureQueriesContext(connection) as captured:
            again = client.get(path, headers={"if-none-match": first["ETag"]})
        assert (path, again.status_code, again.content, len(captured)) == (path, 304, b"", 1)
        assert "Vary" not in again


def test_an_answer_is_sent_again_after_a_change(client, site):
    first = client.get(f"{ROOT}activities/")
    Activity.objects.update(place="村里")
    again = client.get(f"{ROOT}activities/", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 200


def test_a_withdrawn_record_is_gone_at_once_for_those_who_had_it_too(client, hospital):
    article = make_article(hospital, public=True)
    first = client.get(f"{ROOT}articles/{article.pk}/")
    article.withdraw(by=make_user(is_superuser=True), reason="发错了")
    again = client.get(f"{ROOT}articles/{article.pk}/", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 404


def test_head_is_get_without_the_body(client, site):
    for path in addresses():
        head, get = client.head(path), client.get(path)
        assert (head.status_code, head.content, head["ETag"]) == (200, b"", get["ETag"])


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(site, method):
    client = Client(enforce_csrf_checks=True)
    for path in [ROOT, f"{ROOT}openapi.json", *addresses()]:
        response = getattr(client, method)(path, "{}", content_type="application/json")
        assert (path, response.status_code, response["Allow"]) == (path, 405, "GET, HEAD, OPTIONS")
        assert response.json() == {"detail": "这里只能读取，请用GET。"}


def test_a_script_of_any_site_may_read_and_ask_whether_something_has_changed(client, hospital):
    asked = client.options(f"{ROOT}hospitals/", headers={"origin": "https://example.org"})
    assert asked.status_code == 204
    assert "If-None-Match" in asked["Access-Control-Allow-Headers"]
    for path in (f"{ROOT}hospitals/", f"{ROOT}hospitals", f"{ROOT}nothing/", f"{ROOT}hospitals/?x=1"):
        response = client.get(path, headers={"origin": "https://example.org"})
        assert response["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in response


def test_only_the_api_may_be_read_by_other_sites(client):
    assert "Access-Control-Allow-Origin" not in client.get("/about/")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("nothing/", 404),
        ("articles/999/", 404),
        ("articles/99999999999999999999999/", 404),
        ("activities/%00/", 400),
        ("activities/?q=%ff", 400),
        ("brands/x/", 404),
    ],
)
def test_an_error_is_json_in_chinese(client, path, status):
    response = client.get(ROOT + path)
    assert (response.status_code, response["Content-Type"]) == (status, "application/json")
    assert re.search("[\u4e00-\u9fff]", response.json()["detail"])
    assert int(response.get("Content-Length", len(response.content))) == len(response.content)


def test_another_format_is_refused(client, hospital):
    for accepted, status in (("text/html", 406), ("text/html,*/*;q=0.8", 200), ("application/json", 200)):
        response = client.get(f"{ROOT}hospitals/", headers={"accept": accepted})
        assert (accepted, response.status_code, response["Content-Type"]) == (accepted, status, "application/json")


def test_the_way_of_accepting_does_not_change_the_bytes(client, hospital):
    indented = client.get(f"{ROOT}hospitals/", headers={"accept": "application/json; indent=4"})
    assert indented.content == client.get(f"{ROOT}hospitals/").content


def test_a_fault_of_ours_is_json_in_chinese_and_says_nothing_of_it():
    client = Client(raise_request_exception=False)
    with patch("config.api.ActivityList.in_order", side_effect=RuntimeError("secret")):
        response = client.get(f"{ROOT}activities/")
    assert (response.status_code, response.json()) == (500, {"detail": "服务器出错了，请稍后再试。"})


# -- Its description


@pytest.fixture(scope="module")
def description() -> dict:
    with io.StringIO() as written:
        call_command("spectacular", validate=True, fail_on_warn=True, format="openapi-json", stdout=written)
        return json.loads(written.getvalue())


def test_the_description_is_valid_and_complete(description):
    assert description["openapi"].startswith("3.")
    assert len(description["paths"]) == 11


def test_what_is_served_is_what_the_command_writes(client, description):
    assert client.get(f"{ROOT}openapi.json").json() == description


def test_every_part_is_described_in_chinese(description):
    described = {}
    for name, schema in description["components"]["schemas"].items():
        described[name] = schema.get("description", "")
        described |= (
            {f"{name}.{field}": part.get("description", "") for field, part in schema["properties"].items()}
            if ("properties" in schema)
            else {}
        )
    for path, methods in description["paths"].items():
        operation = methods["get"]
        described[path] = operation["summary"]
        described[f"{path} in full"] = operation["description"]
        described |= {f"{path} {one['name']}": one.get("description", "") for one in operation.get("parameters", [])}
        described |= {f"{path} {code}": one["description"] for code, one in operation["responses"].items()}
    assert not [name for name, text in described.items() if not re.search("[\u4e00-\u9fff]", text)]


def test_every_parameter_that_is_understood_is_described(client, description):
    for path in LISTS:
        described = {one["name"] for one in description["paths"][path]["get"]["parameters"]}
        refusal = client.get(f"{path}?nonsense=1").json()["nonsense"][0]
        assert set(re.search("：(.*)。", refusal)[1].split("、")) == described


COMPONENTS = dict(zip(("Hospital", "Branch", "Brand", "Activity", "Article"), LISTS, strict=True))


@pytest.mark.parametrize("name", COMPONENTS)
def test_an_answer_has_the_fields_that_are_described(client, site, description, name):
    schemas = description["components"]["schemas"]
    entry = results(client, COMPONENTS[name])[0]
    record = client.get(entry["api_url"]).json()
    assert set(entry) == set(schemas[f"{name}Entry"]["properties"])
    assert set(record) == set(schemas[name]["properties"])
