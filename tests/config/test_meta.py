"""What each page says of itself: in its head, to those who share it, search it and audit it."""

import io
from datetime import UTC, date, datetime, time

import pytest
from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import RequestFactory
from PIL import Image as PillowImage

from articles.meta import article_meta
from branches.meta import activity_meta
from branches.models import Activity
from hospitals.models import HospitalName
from publishing.meta import Head as WrittenHead
from publishing.meta import PageMeta, description_of, list_path
from tests.config.heads import Head
from tests.factories import (
    make_activity,
    make_article,
    make_branch,
    make_brand,
    make_hospital,
    make_initiative,
    make_report,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

HOSTILE = "</script><!--<script>\"'&amp;\u2028\x0b😀“引”"
HOSTILE_READABLE = HOSTILE.replace("\x0b", "")
NEW_YEAR_IN_BEIJING = datetime(2023, 12, 31, 16, 5, tzinfo=UTC)


@pytest.fixture
def site():
    hospital = make_hospital(
        name="金乡县人民医院", slug="h", hotline="0537-8722000", introduction="建于1950年，是一家综合医院。"
    )
    HospitalName.objects.create(hospital=hospital, name="金乡县第一医院", kind="official")
    branch = make_branch(hospital, name="第五支部（眼科支部）", slug="b", number=5)
    make_brand(branch=branch, name="先锋志愿", public=True)
    make_activity(branch=branch, title="社区义诊", public=True).tags.add("共有")
    article = make_article(hospital, title="先锋故事", public=True)
    article.tags.add("共有")
    return hospital


@pytest.fixture
def admin():
    return make_user(is_superuser=True)


def head(client, path: str, **more) -> Head:
    return Head.of(client.get(path, **more))


def publish(record, **fields):
    type(record).objects.filter(pk=record.pk).update(**fields)
    record.refresh_from_db()
    return record


def add_photo(record, **fields):
    file = io.BytesIO()
    PillowImage.new("L", (2000, 1000), 128).save(file, "JPEG")
    return record.photos.create(image=ContentFile(file.getvalue(), "a.jpg"), **fields)


PAGES = {
    "/": "首页：公立医院党支部的活动与品牌",
    "/hospitals/": "医院",
    "/hospitals/?region=370828": "医院（山东省济宁市金乡县）",
    "/hospitals/h/": "金乡县人民医院",
    "/hospitals/h/branches/b/": "第五支部（眼科支部） - 金乡县人民医院",
    "/brands/": "品牌墙",
    "/activities/": "活动",
    "/articles/": "报道",
    "/tags/共有/": "标签：共有",
    "/search/": "搜索",
    "/search/?q=义诊": "搜索“义诊”",
    "/sitemap/": "网站地图",
}
each_page = pytest.mark.parametrize("path", PAGES)


@each_page
def test_a_page_is_titled_with_its_own_name_and_that_of_the_site(client, site, path):
    assert head(client, path).title == f"{PAGES[path]} - 红帆"


@each_page
def test_a_page_says_in_a_line_what_is_on_it(client, site, path):
    assert 10 <= len(head(client, path).named["description"]) <= 120


@each_page
def test_a_page_has_one_address_and_a_shared_link_leads_there(client, site, path):
    found = head(client, path, headers={"host": "testserver"})
    assert found.canonical.startswith("http://testserver/")
    assert found.named["og:url"] == found.canonical


@each_page
def test_a_page_has_the_card_of_the_site(client, site, path):
    named = head(client, path).named
    assert named | {"og:site_name": "红帆", "og:locale": "zh_CN", "og:type": "website"} == named
    assert named["og:title"] == PAGES[path]
    assert named["SiteName"] == "红帆"
    assert named["SiteDomain"] == "testserver"


@each_page
def test_what_a_reader_sees_as_breadcrumbs_is_what_a_machine_reads(client, site, path):
    found = head(client, path)
    trail = found.things.get("BreadcrumbList", {"itemListElement": []})["itemListElement"]
    assert [item["name"] for item in trail] == found.crumbs
    assert [item["position"] for item in trail] == list(range(1, len(trail) + 1))
    assert bool(trail) == (path != "/")


def test_the_last_breadcrumb_is_the_page_itself(client, site):
    found = head(client, "/hospitals/h/branches/b/")
    assert found.crumbs == ["首页", "医院", "金乡县人民医院", "第五支部"]
    last = found.things["BreadcrumbList"]["itemListElement"][-1]
    assert last["item"] == found.canonical == "http://testserver/hospitals/h/branches/b/"


# -- Its one address


@pytest.mark.parametrize(
    ("asked", "address"),
    [
        ("/activities/?utm_source=wechat&from=", "/activities/"),
        ("/activities/?page=1", "/activities/"),
        ("/activities/?page=2&spm=1", "/activities/?page=2"),
        ("/activities/?q=%20义诊&hospital=h", "/activities/?hospital=h&q=%E4%B9%89%E8%AF%8A"),
        (
            "/activities/?kind=lecture&kind=free_clinic&kind=lecture",
            "/activities/?kind=free_clinic&kind=lecture",
        ),
        ("/activities/?hospital=&hospital=h", "/activities/?hospital=h"),
        ("/articles/?year=2024&x=1", "/articles/?year=2024"),
        ("/brands/?hospital=h&y=2", "/brands/?hospital=h"),
        ("/tags/共有/?size=xl", "/tags/%E5%85%B1%E6%9C%89/"),
    ],
)
def test_an_address_keeps_what_makes_another_list_and_nothing_else(client, site, asked, address):
    if "page=2" in asked:
        for number in range(31):
            make_activity(site, title=f"另一次{number}", public=True)
    assert head(client, asked).canonical == f"http://testserver{address}"


@pytest.mark.parametrize("query", ["?size=xl", "?utm_source=x", "?draft=0"])
def test_a_record_has_the_same_address_however_it_is_read(client, query):
    article = make_article(public=True)
    path = article.get_absolute_url()
    assert head(client, path + query).canonical == f"http://testserver{path}"


def test_behind_a_proxy_that_ends_tls_addresses_are_https(client, site, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    found = head(client, "/hospitals/h/", headers={"x-forwarded-proto": "https", "host": "testserver"})
    assert found.canonical == found.things["Hospital"]["url"] == "https://testserver/hospitals/h/"


def test_the_domain_is_named_without_the_port(client, site):
    assert head(client, "/", headers={"host": "testserver:8000"}).named["SiteDomain"] == "testserver"


# -- Who should not list it


@pytest.mark.parametrize(
    "path", ["/search/?q=义诊", "/activities/?hospital=h", "/articles/?q=x", "/brands/?hospital=h", "/hospitals/?q=x"]
)
def test_results_and_narrowed_lists_are_followed_but_not_listed(client, site, path):
    assert head(client, path).named["robots"] == "noindex, follow"


@pytest.mark.parametrize("path", ["/", "/activities/", "/articles/", "/search/", "/hospitals/h/", "/activities/?utm=1"])
def test_whole_pages_are_listed(client, site, path):
    assert "robots" not in head(client, path).named


def test_a_page_that_does_not_exist_is_not_listed(client, site):
    assert head(client, "/nope/").named["robots"] == "noindex"


@pytest.mark.parametrize("template", ["400.html", "403.html", "403_csrf.html", "500.html"])
def test_an_error_is_not_listed(template):
    assert Head.of(HttpResponse(render_to_string(template))).named["robots"] == "noindex"


@pytest.mark.parametrize("make", [make_activity, make_article, make_brand, make_initiative, make_report])
def test_a_preview_is_not_listed_and_gives_machines_no_facts(client, admin, make):
    client.force_login(admin)
    found = head(client, make().get_preview_url())
    assert (found.named["robots"], found.things) == ("noindex", {})


@pytest.mark.parametrize("make", [make_activity, make_article])
def test_the_preview_of_a_working_copy_names_the_address_of_its_record(client, admin, make):
    record = make(public=True)
    copy = record.revise(by=admin)
    client.force_login(admin)
    assert head(client, copy.get_preview_url()).canonical == f"http://testserver{record.get_absolute_url()}"


# -- Articles


def test_an_article_is_news_with_its_dates_and_people(client, site):
    article = make_article(site, title="标题", lede="导语。", public=True)
    article.bylines.create(name="郭纪轩", role="reporter")
    article.bylines.create(name="李摄影", role="photographer")
    publish(article, published_at=NEW_YEAR_IN_BEIJING)
    news = head(client, article.get_absolute_url()).things["NewsArticle"]
    assert news["headline"] == "标题"
    assert news["datePublished"] == news["dateModified"] == "2024-01-01T00:05:00+08:00"
    assert news["author"] == [{"@type": "Person", "name": "郭纪轩"}]
    assert news["publisher"]["name"] == "金乡县人民医院"
    assert news["mainEntityOfPage"] == f"http://testserver{article.get_absolute_url()}"


def test_a_later_edition_of_an_article_is_dated_by_that_edition(site, admin):
    article = make_article(site, public=True)

    class Second:
        public_from = datetime(2024, 5, 1, tzinfo=UTC)

    article.is_preview = False
    (news,) = article_meta(article, Second).json_ld
    assert news["dateModified"] == "2024-05-01T08:00:00+08:00"


def test_nobody_is_named_as_author_of_a_reprint_without_names(client, site):
    article = make_article(site, publisher="齐鲁壹点", public=True)
    news = head(client, article.get_absolute_url()).things["NewsArticle"]
    assert "author" not in news
    assert news["publisher"] == {"@type": "Organization", "name": "齐鲁壹点"}


def test_an_article_has_what_the_guideline_for_public_sites_asks_for(client, site):
    article = make_article(site, title="标题", lede="导语。", publisher="齐鲁壹点", public=True)
    article.bylines.create(name="郭纪轩", role="reporter")
    article.tags.add("义诊")
    photo = add_photo(article, caption="义诊现场")
    publish(article, published_at=NEW_YEAR_IN_BEIJING)
    path = article.get_absolute_url()
    named = head(client, path).named
    wanted = {
        "ArticleTitle": "标题",
        "PubDate": "2024-01-01 00:05",
        "ContentSource": "齐鲁壹点",
        "Keywords": "义诊",
        "Author": "郭纪轩",
        "Description": "导语。",
        "Image": f"http://testserver{photo.url_at(1440)}",
        "Url": f"http://testserver{path}",
    }
    assert named | wanted == named


@pytest.mark.parametrize("path", ["/hospitals/", "/activities/", "/articles/", "/brands/", "/tags/共有/"])
def test_a_list_has_what_the_guideline_for_public_sites_asks_for(client, site, path):
    named = head(client, path).named
    assert all(named[f"Column{part}"] for part in ("Name", "Description", "Keywords", "Type"))


def test_the_identification_code_is_there_only_where_it_is_configured(client, site, settings):
    before = "SiteIDCode" in head(client, "/").named
    settings.SITE_ID_CODE = "3708280001"
    assert (before, head(client, "/hospitals/").named["SiteIDCode"]) == (False, "3708280001")


def test_a_shared_article_shows_its_first_photo_at_its_real_size(client, site):
    article = make_article(site, public=True)
    photo = add_photo(article, alt="医生在量血压")
    named = head(client, article.get_absolute_url()).named
    assert named["og:image"] == f"http://testserver{photo.url_at(1440)}"
    size = (named["og:image:width"], named["og:image:height"], named["og:image:alt"])
    assert size == ("1440", "720", "医生在量血压")
    with PillowImage.open(photo.image.storage.path(photo.url_at(1440).removeprefix("/media/"))) as file:
        assert file.size == (1440, 720)


def test_what_has_no_photo_is_shared_with_the_picture_of_the_site(client, site):
    named = head(client, "/hospitals/h/").named
    with PillowImage.open(finders.find("img/share.png")) as file:
        assert (str(file.width), str(file.height)) == (named["og:image:width"], named["og:image:height"])
    assert named["og:image"].endswith("/img/share.png")


# -- Activities, organisations, the site


def test_an_activity_with_hours_is_an_event_in_beijing_time(client, site):
    activity = make_activity(
        branch=site.branches.get(), title="夜间义诊", place="社区", start_time=time(19), end_time=time(21), public=True
    )
    event = head(client, activity.get_absolute_url()).things["Event"]
    assert (event["startDate"], event["endDate"]) == ("2023-06-01T19:00:00+08:00", "2023-06-01T21:00:00+08:00")
    assert event["location"] == {"@type": "Place", "name": "社区"}
    assert event["organizer"]["name"] == "第五支部（眼科支部）"
    assert event["organizer"]["parentOrganization"]["name"] == "金乡县人民医院"
    assert "eventStatus" not in event


def test_an_activity_of_days_is_an_event_from_day_to_day(client, site):
    activity = make_activity(site, start=date(2023, 6, 1), end=date(2023, 6, 3), public=True)
    event = head(client, activity.get_absolute_url()).things["Event"]
    assert (event["startDate"], event["endDate"]) == ("2023-06-01", "2023-06-03")
    assert "location" not in event


@pytest.mark.parametrize(
    "fields",
    [
        {"nature": "summary"},
        {"nature": "service"},
        {"precision": "unknown", "start": None, "end": None},
        {"precision": "month", "end": date(2023, 6, 30)},
    ],
)
def test_what_has_no_day_or_is_no_single_activity_is_no_event(client, site, fields):
    activity = make_activity(site, public=True, **fields)
    assert "Event" not in head(client, activity.get_absolute_url()).things


def test_an_activity_is_described_by_its_summary_and_found_by_kind_and_tags(client, site):
    activity = make_activity(site, summary="党员到社区量血压。", source="齐鲁晚报", public=True)
    activity.tags.add("义诊", "社区")
    named = head(client, activity.get_absolute_url()).named
    assert named["Description"] == named["og:description"] == "党员到社区量血压。"
    assert sorted(named["Keywords"].split(",")) == ["义诊", "社区"]
    assert (named["ContentSource"], named["og:type"]) == ("齐鲁晚报", "article")


def test_a_hospital_is_one_with_its_names_telephone_and_place(client, site):
    hospital = head(client, "/hospitals/h/").things["Hospital"]
    assert hospital["alternateName"] == ["金乡县第一医院"]
    assert hospital["telephone"] == "0537-8722000"
    assert hospital["address"]["addressRegion"] == "山东省"
    assert hospital["address"]["addressLocality"] == "济宁市金乡县"


def test_a_hospital_says_nothing_that_is_not_known(client):
    make_hospital(slug="bare")
    assert not {"telephone", "alternateName"} & head(client, "/hospitals/bare/").things["Hospital"].keys()


def test_a_branch_is_part_of_its_hospital(client, site):
    branch = head(client, "/hospitals/h/branches/b/").things["Organization"]
    assert branch["name"] == "第五支部（眼科支部）"
    assert branch["parentOrganization"]["url"] == "http://testserver/hospitals/h/"


def test_the_home_page_says_where_the_site_is_searched(client, site):
    action = head(client, "/").things["WebSite"]["potentialAction"]
    assert action["target"]["urlTemplate"] == "http://testserver/search/?q={search_term_string}"


def test_a_title_full_of_markup_stays_a_title(client, site):
    plain = make_article(site, title="普通", public=True)
    usual = len(head(client, plain.get_absolute_url()).scripts)
    article = make_article(site, title=HOSTILE, public=True)
    article.tags.add(HOSTILE)
    found = head(client, article.get_absolute_url())
    assert len(found.scripts) == usual
    assert found.title == f"{HOSTILE_READABLE} - 红帆"
    assert found.named["ArticleTitle"] == found.named["og:title"] == HOSTILE_READABLE
    assert found.things["NewsArticle"]["headline"] == HOSTILE_READABLE


def test_structured_data_cannot_end_its_element():
    meta = PageMeta("页", json_ld=({"@type": "Thing", "name": HOSTILE},))
    text = WrittenHead(meta, RequestFactory().get("/")).structured
    inside = text.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert not set(inside) & set("<>&\u2028\u2029\x0b")


# -- Feeds and corrections


@pytest.mark.parametrize(
    ("path", "feeds"),
    [
        ("/", ["/feeds/articles.atom", "/feeds/activities.atom"]),
        ("/articles/", ["/feeds/articles.atom"]),
        ("/activities/", ["/feeds/activities.atom"]),
        ("/hospitals/h/", ["/feeds/h/articles.atom", "/feeds/h/activities.atom"]),
    ],
)
def test_a_reader_programme_finds_the_feeds_of_a_page(client, site, path, feeds):
    assert head(client, path).links("alternate") == feeds
    assert {client.get(feed).status_code for feed in feeds} == {200}


def footer_links(client, path: str) -> list[str]:
    footer = Head.of(client.get(path)).tree.find(".//footer")
    return [link.get("href") for link in footer.iter("a") if "纠错" in "".join(link.itertext())]


def test_every_page_says_where_to_report_a_mistake_on_it(client, site):
    path = "/activities/?kind=free_clinic&q=%E4%B9%89"
    wanted = "/about/?from=%2Factivities%2F%3Fkind%3Dfree_clinic%26q%3D%25E4%25B9%2589#correction"
    assert footer_links(client, path) == [wanted]


def test_an_endless_query_is_not_carried_into_the_report_of_a_mistake(client, site):
    assert footer_links(client, "/activities/?x=" + "1" * 600) == ["/about/?from=%2Factivities%2F#correction"]


def test_mistakes_are_reported_to_the_platform_outside_where_one_is_configured(client, site, settings):
    settings.SITE_CORRECTION_URL = "https://zfwzgl.example/exposure?site=1&url={url}"
    wanted = "https://zfwzgl.example/exposure?site=1&url=http%3A%2F%2Ftestserver%2Fhospitals%2Fh%2F"
    assert footer_links(client, "/hospitals/h/") == [wanted]


# -- The rules themselves


@pytest.mark.parametrize(
    ("texts", "line"),
    [
        (("", "  ", "第二段"), "第二段"),
        (("一行\n\n 又一行\x0b",), "一行 又一行"),
        (("长" * 80 + "。" + "尾" * 60,), "长" * 80 + "。"),
        (("短。" + "长" * 140,), "短。" + "长" * 117 + "…"),
        (("满" * 120,), "满" * 120),
        ((), ""),
    ],
)
def test_a_description_is_one_line_that_ends_well(texts, line):
    assert description_of(*texts) == line


def test_conditions_in_any_order_make_one_address():
    one = list_path("/a/", {"q": "x", "kind": ["b", "a", "b"], "none": "", "also": None}, 2)
    assert one == list_path("/a/", {"kind": {"a", "b"}, "q": "x"}, 2) == "/a/?kind=a&kind=b&page=2&q=x"


def test_the_head_costs_no_query(client, site, django_assert_num_queries):
    activity = Activity.objects.with_details().get()
    activity.is_preview = False
    with django_assert_num_queries(0):
        head = WrittenHead(activity_meta(activity, None), RequestFactory().get("/"))
        assert head.elements and head.structured
