"""Site maps, for machines and for people: every public page is on them, nothing else, dated from the data."""

from datetime import UTC, datetime, timedelta
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import html5lib
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config.sitemaps import SECTIONS
from publishing.sitemaps import ContentSitemap
from tests.factories import make_activity, make_article, make_branch, make_brand, make_hospital, make_user

pytestmark = pytest.mark.django_db

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
SECTION_NAMES = ["pages", "hospitals", "branches", "activities", "articles", "tags"]
each_section = pytest.mark.parametrize("section", SECTION_NAMES)
HIDDEN = {
    "draft": {"status": "draft"},
    "withdrawn": {"status": "withdrawn", "published_at": datetime(2024, 1, 1, tzinfo=UTC)},
    "scheduled": {"status": "published", "published_at": datetime(2999, 1, 1, tzinfo=UTC)},
}
each_hidden = pytest.mark.parametrize("fields", HIDDEN.values(), ids=HIDDEN)


@pytest.fixture
def site():
    hospital = make_hospital(name="金乡县人民医院", slug="h", code="JX")
    branch = make_branch(hospital, name="第五支部", slug="b", number=5)
    make_brand(branch=branch, name="先锋志愿", public=True)
    make_activity(branch=branch, public=True).tags.add("共有", "C++ 义诊/党日")
    make_article(hospital, public=True).tags.add("共有")
    return hospital


def read(client, address: str, **more) -> dict[str, str | None]:
    """Addresses with their dates."""
    response = client.get(address, **more)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/xml"
    found = ElementTree.fromstring(response.content)
    return {entry.findtext(f"{SITEMAP}loc"): entry.findtext(f"{SITEMAP}lastmod") for entry in found}


def paths(client, section: str, query: str = "") -> list[str]:
    return [address.removeprefix("http://testserver") for address in read(client, f"/sitemap-{section}.xml{query}")]


def cost(client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


# -- For machines


def test_the_index_leads_to_every_section(client, site):
    assert list(SECTIONS) == SECTION_NAMES
    assert list(read(client, "/sitemap.xml")) == [f"http://testserver/sitemap-{name}.xml" for name in SECTION_NAMES]


@each_section
def test_every_address_of_a_section_opens(client, site, section):
    addresses = paths(client, section)
    assert addresses
    assert {address: client.get(address).status_code for address in addresses} == dict.fromkeys(addresses, 200)


@each_section
def test_no_address_of_a_section_asks_not_to_be_listed(client, site, section):
    pages = [client.get(address).content.decode() for address in paths(client, section)]
    assert not [page for page in pages if 'content="noindex' in page]


def test_the_sections_hold_every_public_record_and_branch(client, site):
    activity, article = site.activities.get(), site.articles.get()
    assert paths(client, "hospitals") == ["/hospitals/h/"]
    assert paths(client, "branches") == ["/hospitals/h/branches/b/"]
    assert paths(client, "activities") == [activity.get_absolute_url()]
    assert paths(client, "articles") == [article.get_absolute_url()]
    assert len(paths(client, "tags")) == 2


@each_hidden
@pytest.mark.parametrize(("section", "make"), [("activities", make_activity), ("articles", make_article)])
def test_what_is_not_public_is_on_no_site_map(client, site, section, make, fields):
    before = paths(client, section), paths(client, "tags")
    make(site, **fields).tags.add("保密")
    assert (paths(client, section), paths(client, "tags")) == before
    assert "保密" not in client.get("/sitemap/").content.decode()


def test_a_closed_hospital_and_its_branches_are_on_no_site_map(client, site):
    closed = make_hospital(name="已停用医院", slug="closed", is_active=False)
    make_activity(branch=make_branch(closed, slug="gone"), public=True)
    make_branch(site, name="已撤销支部", slug="dissolved", is_active=False)
    everything = [address for section in SECTION_NAMES for address in paths(client, section)]
    assert not [address for address in everything if "closed" in address or "dissolved" in address]
    text = client.get("/sitemap/").content.decode()
    assert not [name for name in ("已停用医院", "已撤销支部") if name in text]


@pytest.mark.parametrize(("section", "make"), [("activities", make_activity), ("articles", make_article)])
def test_a_record_is_dated_by_the_edition_that_is_public(client, site, section, make):
    record = make(site, public=True)
    type(record).objects.filter(pk=record.pk).update(published_at=datetime(2024, 1, 1, tzinfo=UTC))
    address = f"http://testserver{record.get_absolute_url()}"
    first = read(client, f"/sitemap-{section}.xml")[address]
    admin = make_user(is_superuser=True)
    record.refresh_from_db()
    copy = record.revise(by=admin)
    copy.submit(by=admin)
    for _review in copy.review_stages:
        copy.approve(by=admin)
    assert (first, read(client, f"/sitemap-{section}.xml")[address]) == ("2024-01-01", f"{timezone.localdate()}")


@pytest.mark.parametrize(
    ("section", "address"), [("hospitals", "/hospitals/h/"), ("branches", "/hospitals/h/branches/b/")]
)
def test_hospital_and_branch_are_dated_by_the_latest_they_list(client, site, section, address):
    article = make_article(site, public=True)
    article.branches.add(site.branches.get())
    later = timezone.now() - timedelta(hours=1)
    type(article).objects.filter(pk=article.pk).update(published_at=later)
    dates = read(client, f"/sitemap-{section}.xml")
    assert dates[f"http://testserver{address}"] == f"{timezone.localdate(later)}"
    index = read(client, "/sitemap.xml")[f"http://testserver/sitemap-{section}.xml"]
    assert datetime.fromisoformat(index) == later


def test_a_long_section_is_split_and_the_index_lists_its_parts(client, site, monkeypatch):
    monkeypatch.setattr(ContentSitemap, "limit", 2)
    for _number in range(4):
        make_activity(site, public=True)
    parts = [f"http://testserver/sitemap-activities.xml{query}" for query in ("", "?p=2", "?p=3")]
    assert [address for address in read(client, "/sitemap.xml") if "activities" in address] == parts
    assert [len(paths(client, "activities", query)) for query in ("", "?p=2", "?p=3")] == [2, 2, 1]


def test_a_part_has_at_most_five_thousand_addresses():
    assert {section.limit for section in SECTIONS.values()} == {5_000}


@pytest.mark.parametrize("address", ["/sitemap-nope.xml", "/sitemap-activities.xml?p=9", "/sitemap-tags.xml?p=x"])
def test_a_part_that_does_not_exist_is_not_found(client, site, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/sitemap.xml", *(f"/sitemap-{name}.xml" for name in SECTION_NAMES)])
def test_a_site_map_costs_the_same_number_of_queries_with_one_row_and_with_many(client, site, address):
    with_one = cost(client, address)
    for number in range(4):
        other = make_hospital()
        make_activity(branch=make_branch(other), public=True).tags.add(f"标签{number}")
        make_article(other, public=True)
    assert cost(client, address) == with_one


@pytest.mark.parametrize("address", ["/sitemap.xml", "/sitemap-activities.xml", "/sitemap/", "/robots.txt"])
def test_who_has_it_is_told_so_in_one_query(client, site, address):
    etag = client.get(address)["ETag"]
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address, headers={"if-none-match": etag}).status_code == 304
    assert len(queries) == 1


@pytest.mark.parametrize("address", ["/sitemap.xml", "/sitemap-activities.xml"])
def test_addresses_are_https_behind_a_proxy_that_ends_tls(client, site, settings, address):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    headers = {"x-forwarded-proto": "https", "host": "testserver"}
    assert {found.partition("testserver")[0] for found in read(client, address, headers=headers)} == {"https://"}


# -- robots.txt


@pytest.fixture
def rules(client) -> RobotFileParser:
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    parser = RobotFileParser()
    parser.parse(response.content.decode().splitlines())
    return parser


@pytest.mark.parametrize("path", ["/admin/", "/preview/brand/1/", "/care/", "/search/?q=x", "/activities.csv?kind=x"])
def test_search_engines_are_asked_to_leave_alone_what_is_not_for_them(rules, path):
    assert not rules.can_fetch("Baiduspider", f"http://testserver{path}")


@pytest.mark.parametrize("path", ["/", "/hospitals/h/", "/activities/?page=2", "/articles/1/", "/media/x"])
def test_search_engines_may_read_the_pages(rules, path):
    assert rules.can_fetch("Baiduspider", f"http://testserver{path}")


def test_robots_are_told_where_the_site_map_is(rules):
    assert rules.site_maps() == ["http://testserver/sitemap.xml"]


# -- For people


def links(client) -> dict[str, str]:
    tree = html5lib.parse(client.get("/sitemap/").content, namespaceHTMLElements=False)
    return {link.get("href"): " ".join("".join(link.itertext()).split()) for link in tree.find(".//main").iter("a")}


def test_the_site_map_leads_to_hospitals_branches_kinds_years_tags_and_feeds(client, site):
    found = links(client)
    wanted = {
        "/hospitals/h/": "金乡县人民医院",
        "/hospitals/h/branches/b/": "第五支部",
        "/activities/?kind=free_clinic": "义诊 1",
        "/activities/?period=2023": "2023年",
        "/tags/%E5%85%B1%E6%9C%89/": "共有 2",
        "/feeds/h/articles.atom": "报道",
        "/feeds/articles.atom": "红帆：报道 Atom",
        "/about/": "关于红帆",
    }
    assert found | wanted == found


def test_every_link_of_the_site_map_opens(client, site):
    statuses = {path: client.get(path).status_code for path in links(client)}
    assert {path: status for path, status in statuses.items() if status != 200} == {}


def test_the_site_map_names_the_brand_of_a_branch(client, site):
    assert "先锋志愿" in client.get("/sitemap/").content.decode()


def test_the_site_map_of_an_empty_site_is_a_page(client):
    assert client.get("/sitemap/").status_code == 200


def test_the_most_used_tags_come_first_and_the_rest_is_counted(client, site, monkeypatch):
    monkeypatch.setattr("config.site_map.MOST_TAGS", 1)
    text = client.get("/sitemap/").content.decode()
    assert "共2个，列出最常用的1个" in text
    assert [name for path, name in links(client).items() if path.startswith("/tags/")] == ["共有 2"]


def test_the_site_map_costs_the_same_number_of_queries_with_one_hospital_and_with_many(client, site):
    with_one = cost(client, "/sitemap/")
    for number in range(4):
        make_activity(branch=make_branch(make_hospital()), public=True).tags.add(f"标签{number}")
    assert cost(client, "/sitemap/") == with_one
