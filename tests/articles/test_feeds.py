"""The feeds: what was published last, in full, readable by any programme, and nothing that is not public."""

import io
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree

import html5lib
import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from articles.feeds import MOST_ENTRIES
from publishing.models import Publishable
from tests.factories import (
    make_activity,
    make_article,
    make_branch,
    make_figure,
    make_hospital,
    make_period_figure,
    make_report,
    make_user,
)

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
NASTY = "</script>]]>&amp;\"'\x00\x0b\x1b\ufffe\u2028😀“引”"
READABLE = "</script>]]>&amp;\"'\u2028😀“引”"
FEEDS = {"articles": make_article, "activities": make_activity}
each_feed = pytest.mark.parametrize("name", FEEDS)


@pytest.fixture
def hospital():
    return make_hospital(name="金乡县人民医院", slug="h")


def read(client, path: str, **more) -> ElementTree.Element:
    response = client.get(path, **more)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def entries(feed: ElementTree.Element) -> list[ElementTree.Element]:
    return feed.findall(f"{ATOM}entry")


def titles(feed: ElementTree.Element) -> list[str]:
    return [entry.findtext(f"{ATOM}title") for entry in entries(feed)]


def link(element: ElementTree.Element, rel: str) -> str:
    (address,) = (found.get("href") for found in element.findall(f"{ATOM}link") if found.get("rel") == rel)
    return address


def content(entry: ElementTree.Element) -> ElementTree.Element:
    element = entry.find(f"{ATOM}content")
    assert element.get("type") == "html"
    return html5lib.parseFragment(element.text, namespaceHTMLElements=False)


def words(entry: ElementTree.Element) -> str:
    return "".join(content(entry).itertext())


def photographed(record, **fields):
    file = io.BytesIO()
    Image.new("L", (600, 300), 128).save(file, "JPEG")
    return record.photos.create(image=ContentFile(file.getvalue(), "a.jpg"), **fields)


@each_feed
def test_a_feed_says_what_it_is_and_where(client, hospital, name):
    FEEDS[name](hospital, public=True)
    feed = read(client, f"/feeds/{name}.atom")
    assert link(feed, "self") == f"http://testserver/feeds/{name}.atom"
    assert link(feed, "alternate") == f"http://testserver/{name}/"
    assert feed.findtext(f"{ATOM}title").startswith("红帆：")
    assert feed.findtext(f"{ATOM}id") and feed.findtext(f"{ATOM}updated") and feed.findtext(f"{ATOM}author/{ATOM}name")


@each_feed
def test_a_feed_without_a_record_is_a_feed(client, name):
    assert entries(read(client, f"/feeds/{name}.atom")) == []


@each_feed
def test_what_was_published_last_comes_first_and_the_oldest_falls_out(client, hospital, name):
    yesterday = timezone.now() - timedelta(days=1)
    for number in range(MOST_ENTRIES + 2):
        moment = {"status": Publishable.Status.PUBLISHED, "published_at": yesterday + timedelta(minutes=number)}
        FEEDS[name](hospital, title=f"第{number}", **moment)
    wanted = [f"第{number}" for number in reversed(range(2, MOST_ENTRIES + 2))]
    assert titles(read(client, f"/feeds/{name}.atom")) == wanted


@each_feed
@pytest.mark.parametrize(
    "fields",
    [
        {"status": "draft"},
        {"status": "withdrawn", "published_at": datetime(2024, 1, 1, tzinfo=UTC)},
        {"status": "published", "published_at": datetime(2999, 1, 1, tzinfo=UTC)},
    ],
    ids=["draft", "withdrawn", "scheduled"],
)
@pytest.mark.parametrize("of", ["", "h/"])
def test_what_is_not_public_is_in_no_feed(client, hospital, name, fields, of):
    FEEDS[name](hospital, title="保密", **fields)
    assert titles(read(client, f"/feeds/{of}{name}.atom")) == []


@each_feed
def test_what_is_withdrawn_leaves_the_feed_at_once(client, hospital, name):
    record = FEEDS[name](hospital, title="要撤回", public=True)
    first = client.get(f"/feeds/{name}.atom")
    record.withdraw(by=make_user(is_superuser=True), reason="发错了")
    again = client.get(f"/feeds/{name}.atom", headers={"if-none-match": first["ETag"]})
    assert "要撤回" in first.content.decode()
    assert (again.status_code, "要撤回" in again.content.decode()) == (200, False)


@each_feed
def test_a_hospitals_feed_has_its_own_records_only(client, hospital, name):
    FEEDS[name](hospital, title="本院", public=True)
    FEEDS[name](title="别的医院", public=True)
    feed = read(client, f"/feeds/h/{name}.atom")
    assert titles(feed) == ["本院"]
    assert link(feed, "alternate") == "http://testserver/hospitals/h/"
    assert feed.findtext(f"{ATOM}title").startswith("金乡县人民医院：")


@each_feed
@pytest.mark.parametrize("slug", ["nope", "closed"])
def test_there_is_no_feed_of_a_hospital_that_is_not_open(client, name, slug):
    make_hospital(slug="closed", is_active=False)
    assert client.get(f"/feeds/{slug}/{name}.atom").status_code == 404


@each_feed
def test_an_entry_has_the_permanent_address_of_its_record(client, hospital, name):
    record = FEEDS[name](hospital, public=True)
    record.title = "改过的标题"
    record.save()
    (entry,) = entries(read(client, f"/feeds/{name}.atom"))
    address = f"http://testserver{record.get_absolute_url()}"
    assert (entry.findtext(f"{ATOM}id"), link(entry, "alternate")) == (address, address)


@each_feed
def test_an_entry_says_when_it_was_published_and_when_its_edition_became_public(client, hospital, name):
    admin = make_user(is_superuser=True)
    record = FEEDS[name](hospital, public=True)
    type(record).objects.filter(pk=record.pk).update(published_at=datetime(2024, 1, 1, tzinfo=UTC))
    record.refresh_from_db()
    copy = record.revise(by=admin)
    copy.submit(by=admin)
    for _review in copy.review_stages:
        copy.approve(by=admin)
    (entry,) = entries(read(client, f"/feeds/{name}.atom"))
    record.refresh_from_db()
    second = record.versions.get(number=record.edition)
    assert record.edition == 2
    assert entry.findtext(f"{ATOM}published") == "2024-01-01T00:00:00+00:00"
    assert datetime.fromisoformat(entry.findtext(f"{ATOM}updated")) == second.public_from


@each_feed
@pytest.mark.parametrize("of", ["", "h/"])
def test_any_text_is_valid_xml_and_arrives_as_it_was(client, name, of):
    hospital = make_hospital(slug="h", name=f"医院{NASTY.replace(chr(0), '')}")
    text = NASTY.replace("\x00", "")  # which no database takes
    fields = {"lede": text, "body": "<p>x\x0by</p>"} if name == "articles" else {"summary": text, "place": text}
    record = FEEDS[name](hospital, title=text, public=True, **fields)
    record.tags.add(text)
    (entry,) = entries(read(client, f"/feeds/{of}{name}.atom"))
    assert entry.findtext(f"{ATOM}title") == READABLE
    assert READABLE in {found.get("term") for found in entry.findall(f"{ATOM}category")}


def test_an_article_is_there_in_full_with_its_photos_and_links_made_absolute(client, hospital):
    article = make_article(
        hospital,
        subtitle="副题",
        editors_note="编者的话",
        body='<h2>小标题</h2><p>正文第一段。<a href="/hospitals/h/">本院</a><a href="https://example.org/">外站</a></p>',
        note="有更正",
        publisher="齐鲁壹点",
        source_date=date(2023, 7, 1),
        public=True,
    )
    article.bylines.create(name="郭纪轩", role="reporter")
    photo = photographed(article, caption="义诊现场", alt="医生在量血压")
    (entry,) = entries(read(client, "/feeds/articles.atom"))
    body = content(entry)
    found = words(entry)
    assert [
        part for part in ("副题", "编者的话", "小标题", "正文第一段。", "有更正", "义诊现场") if part not in found
    ] == []
    assert "齐鲁壹点，2023年7月1日" in found
    assert [a.get("href") for a in body.iter("a")] == ["http://testserver/hospitals/h/", "https://example.org/"]
    (image,) = body.iter("img")
    assert image.get("src") == f"http://testserver{photo.url_at(960)}"
    assert (image.get("width"), image.get("height"), image.get("alt")) == ("600", "300", "医生在量血压")
    assert [name.text for name in entry.findall(f"{ATOM}author/{ATOM}name")] == ["郭纪轩"]


@pytest.mark.parametrize("first", ['rel="nofollow"', 'title="本院的主页"', 'title="a>b" rel="nofollow"'])
def test_a_link_is_made_absolute_whatever_it_says_before_its_address(client, hospital, first):
    make_article(hospital, body=f'<p><a {first} href="/hospitals/h/">本院</a></p>', public=True)
    (entry,) = entries(read(client, "/feeds/articles.atom"))
    assert [a.get("href") for a in content(entry).iter("a")] == ["http://testserver/hospitals/h/"]


@pytest.mark.parametrize(
    ("roles", "authors"),
    [
        (("reporter", "photographer", "editor", "correspondent"), ["reporter", "correspondent"]),
        (("photographer", "editor"), ["金乡县人民医院"]),
    ],
)
def test_who_took_the_photos_or_edited_is_no_author(client, hospital, roles, authors):
    article = make_article(hospital, public=True)
    for position, role in enumerate(roles):
        article.bylines.create(name=role, role=role, position=position)
    (entry,) = entries(read(client, "/feeds/articles.atom"))
    assert [name.text for name in entry.findall(f"{ATOM}author/{ATOM}name")] == authors


def test_the_address_of_another_site_is_not_made_ours(client, hospital):
    make_article(hospital, body='<p><a href="//example.org/x">外站</a></p>', public=True)
    (entry,) = entries(read(client, "/feeds/articles.atom"))
    assert "http://testserver//example.org" not in entry.findtext(f"{ATOM}content")


def test_an_activity_is_there_with_its_facts_its_figures_as_stated_and_its_story(client, hospital):
    activity = make_activity(
        branch=make_branch(hospital, name="第五支部"),
        place="河西社区",
        summary="量血压。",
        story="<p>一早就来了。</p>",
        results="反响好。",
        figures={"visits": "60余"},
        public=True,
    )
    photographed(activity)
    (entry,) = entries(read(client, "/feeds/activities.atom"))
    found = words(entry)
    facts = (
        "2023年6月1日",
        "河西社区",
        "金乡县人民医院",
        "第五支部",
        "服务人次60余人次",
        "量血压。",
        "一早就来了。",
        "反响好。",
    )
    assert [fact for fact in facts if fact not in found] == []
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "金乡县人民医院第五支部"
    assert len(list(content(entry).iter("img"))) == 1


def test_internal_figures_and_remarks_stay_inside(client, hospital):
    activity = make_activity(hospital, remarks="内部备注", recorder="记录的人", public=True)
    make_figure(activity, "leaflets", "777", is_internal=True)
    text = client.get("/feeds/activities.atom").content.decode()
    assert not [word for word in ("内部备注", "记录的人", "777") if word in text]


def test_the_numbers_of_a_summary_are_said_to_be_announced(client, hospital):
    summary = make_activity(hospital, nature="summary", public=True)
    make_period_figure(make_report(hospital, public=True), "visits", "18694", activity=summary)
    (entry,) = entries(read(client, "/feeds/activities.atom"))
    assert "18,694人次（单位报数，不与逐条录入的相加）" in words(entry)


@each_feed
def test_who_has_the_feed_is_told_so_until_something_changes(client, hospital, name):
    record = FEEDS[name](hospital, public=True)
    etag = client.get(f"/feeds/{name}.atom")["ETag"]
    with CaptureQueriesContext(connection) as queries:
        again = client.get(f"/feeds/{name}.atom", headers={"if-none-match": etag})
    record.title = "新标题"
    record.save()
    later = client.get(f"/feeds/{name}.atom", headers={"if-none-match": etag})
    assert (again.status_code, later.status_code) == (304, 200)
    assert len(queries) <= 2


@each_feed
@pytest.mark.parametrize("of", ["", "h/"])
def test_a_feed_costs_the_same_number_of_queries_with_one_entry_and_with_twenty(client, hospital, name, of):
    def fill(count):
        for _number in range(count):
            record = FEEDS[name](hospital, public=True)
            record.tags.add("义诊")
            photographed(record)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            read(client, f"/feeds/{of}{name}.atom")
        return len(queries)

    fill(1)
    with_one = cost()
    fill(5)
    assert cost() == with_one


@each_feed
def test_an_unchanged_feed_is_written_without_asking_for_its_entries_again(client, hospital, name):
    FEEDS[name](hospital, public=True)
    read(client, f"/feeds/{name}.atom")
    with CaptureQueriesContext(connection) as queries:
        assert len(entries(read(client, f"/feeds/{name}.atom"))) == 1
    assert len(queries) == 1
