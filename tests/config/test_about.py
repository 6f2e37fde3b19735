"""The pages of words: 关于 with its way to a correction, and the statement on accessibility."""

import re
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from tests.factories import make_activity, make_article, make_branch, make_hospital

pytestmark = pytest.mark.django_db


@pytest.fixture
def hospital():
    return make_hospital(name="金乡县人民医院", slug="jinxiang", hotline="0537-8722000", hotline_note="院办")


def about(client, path: str | None = None) -> str:
    response = client.get("/about/", {"from": path} if path is not None else {})
    assert response.status_code == 200
    return response.content.decode()


def pages_of(hospital) -> dict[str, str]:
    branch = make_branch(hospital)
    return {
        "hospital": hospital.get_absolute_url(),
        "branch": branch.get_absolute_url(),
        "activity": make_activity(hospital, public=True).get_absolute_url(),
        "article": make_article(hospital, public=True).get_absolute_url(),
    }


@pytest.mark.parametrize("kind", ["hospital", "branch", "activity", "article"])
def test_who_finds_a_mistake_is_told_whom_to_call(client, hospital, kind):
    path = pages_of(hospital)[kind]
    text = about(client, path)
    assert f"<p>http://testserver{path}</p>" in text
    assert "这一页由" in text
    assert ">金乡县人民医院</a>发布" in text
    assert '<a href="tel:0537-8722000">0537-8722000</a>（院办）' in text


def test_without_a_hotline_it_is_said_so(client):
    text = about(client, make_hospital(slug="quiet").get_absolute_url())
    assert "医院还没有在这里登记热线电话" in text
    assert "tel:" not in text


@pytest.mark.parametrize("make", [make_activity, make_article])
@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"status": "withdrawn", "published_at": "2024-01-01T00:00:00Z"},
        {"status": "published", "published_at": "2999-01-01T00:00:00Z"},
    ],
    ids=["draft", "withdrawn", "scheduled"],
)
def test_of_a_hidden_record_nothing_is_told_but_the_address_itself(client, hospital, make, fields):
    text = about(client, make(hospital, **fields).get_absolute_url())
    assert "这一页由" not in text
    assert "0537-8722000" not in text


def test_of_a_closed_hospital_nothing_is_told(client, hospital):
    path = make_branch(hospital).get_absolute_url()
    type(hospital).objects.filter(pk=hospital.pk).update(is_active=False)
    assert "金乡" not in about(client, hospital.get_absolute_url()) + about(client, path)


@pytest.mark.parametrize(
    "path",
    [
        "", "activities/", "//evil.example/", "/\\evil.example/", "https://evil.example/", "javascript:alert(1)",
        "/nope/", "/activities/\n/", "/articles/" + "9" * 600 + "/", "/tags/" + "x" * 600 + "/",
    ],
)  # fmt: skip
def test_what_is_no_page_of_this_site_is_not_repeated(client, path):
    main = re.search("<main.*</main>", about(client, path), re.DOTALL).group()
    assert "您要说的是这一页" not in main
    assert "evil" not in main


def test_a_number_beyond_any_key_is_no_record(client):
    assert "这一页由" not in about(client, "/articles/99999999999999999999/")


def test_an_address_is_shown_as_text_whatever_is_in_it(client):
    text = about(client, '/search/?q="><script>alert(1)</script>')
    assert "<script>alert" not in text
    assert "您要说的是这一页" in text


def test_the_conditions_of_a_list_are_part_of_the_address(client):
    assert "http://testserver/activities/?kind=free_clinic&amp;page=2" in about(
        client, "/activities/?kind=free_clinic&page=2"
    )


def test_a_letter_begins_with_subject_and_address(client, settings):
    settings.SITE_CORRECTION_EMAIL = "jiucuo@example.org"
    link = re.search(r'href="(mailto:[^"]+)"', about(client, "/brands/")).group(1).replace("&amp;", "&")
    parts = urlsplit(link)
    said = parse_qs(parts.query)
    assert parts.path == "jiucuo@example.org"
    assert said["subject"] == ["红帆纠错"]
    assert "http://testserver/brands/" in said["body"][0]


def test_an_address_cannot_add_a_receiver_to_the_letter(client, settings):
    settings.SITE_CORRECTION_EMAIL = "jiucuo@example.org"
    text = about(client, f"/brands/?x=1&bcc={quote('a@example.org')}")
    (link,) = re.findall(r'href="(mailto:[^"]+)"', text)
    assert set(parse_qs(urlsplit(link.replace("&amp;", "&")).query)) == {"subject", "body"}


def test_without_an_address_for_letters_none_is_offered(client, settings):
    settings.SITE_CORRECTION_EMAIL = ""
    assert "mailto:" not in about(client) + client.get("/accessibility/").content.decode()


@pytest.mark.parametrize("place", ["correction", "feeds"])
def test_what_other_pages_point_to_is_there(client, place):
    assert f'id="{place}"' in about(client)


def test_every_address_that_about_names_exists(client):
    links = set(re.findall(r'<li>[^<]*<a href="(/[^"#]*)"', about(client))) | {"/statistics/", "/accessibility/"}
    assert not [link for link in links if client.get(link).status_code not in {200, 302}]


def test_the_statement_says_what_was_not_tested(client):
    text = client.get("/accessibility/").content.decode()
    assert 'id="not-tested"' in text
    assert "读屏软件" in text


@pytest.mark.parametrize("path", ["/about/", "/accessibility/", "/statistics/"])
def test_filing_numbers_are_in_the_footer_only(client, settings, path):
    settings.SITE_ICP_NUMBER = "鲁ICP备00000000号"
    assert "备00000000" not in re.search("<main.*</main>", client.get(path).content.decode(), re.DOTALL).group()
