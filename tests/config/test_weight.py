"""What a first visit has to fetch, from whom, and how it may be kept."""

import gzip
import io
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from PIL import Image

from publishing.images import RENDITION_WIDTHS
from tests.factories import make_activity, make_article, make_branch, make_brand, make_hospital

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

MOST_OF_A_FIRST_VISIT = 150_000  # bytes over the wire, without photos
FETCHED = {"link": "href", "script": "src", "img": "src", "source": "srcset", "iframe": "src", "video": "src"}


class Elements(HTMLParser):
    def __init__(self, html: str):
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def __getitem__(self, tag: str) -> list[dict]:
        return [attributes for name, attributes in self.found if name == tag]

    @property
    def fetched(self) -> list[str]:
        """Addresses that a browser asks for by itself."""
        links = [link["href"] for link in self["link"] if link["rel"] in {"stylesheet", "icon", "preload"}]
        others = [each[name] for tag, name in FETCHED.items() if tag != "link" for each in self[tag] if each.get(name)]
        return links + others


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker):
    """A full front page: photos, entries, a wall of brands. Made once: the tests only look at it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield full_site()
        transaction.set_rollback(True)


def full_site():
    hospital = make_hospital(name="金乡县人民医院", slug="jinxiang")
    for number in range(12):
        branch = make_branch(hospital, name=f"第{number}支部", slug=f"b{number}")
        make_brand(branch=branch, name="先锋志愿做引领|科普宣讲惠百姓", public=True)
        make_activity(branch=branch, title="党员志愿服务队到村里义诊，把优质医疗送到家门口", public=True)
    for number in range(5):
        article = make_article(hospital, title=f"报道{number}", lede="导语。" * 40, public=True)
        for _photo in range(3):
            article.photos.create(image=drawn(), caption="义诊现场")
    return hospital


def drawn() -> ContentFile:
    file = io.BytesIO()
    Image.new("L", (max(RENDITION_WIDTHS), 900), 128).save(file, "JPEG")
    return ContentFile(file.getvalue(), "a.jpg")


def of_static(address: str) -> bytes:
    return Path(finders.find(address.removeprefix("/static/"))).read_bytes()


def weight(content: bytes) -> int:
    """As a server sends it; what is compressed already does not shrink."""
    return min(len(content), len(gzip.compress(content)))


def test_the_first_visit_of_the_front_page_is_light(client, site):
    response = client.get("/")
    files = {address for address in Elements(response.content.decode()).fetched if address.startswith("/static/")}
    assert {Path(file).suffix for file in files} == {".css", ".js", ".svg"}
    assert weight(response.content) + sum(weight(of_static(file)) for file in files) <= MOST_OF_A_FIRST_VISIT


@pytest.mark.parametrize("path", ["/", "/hospitals/jinxiang/", "/activities/", "/articles/", "/brands/"])
def test_nothing_is_fetched_from_anybody_else(client, site, path):
    elements = Elements(client.get(path).content.decode())
    assert elements.fetched
    assert not [address for address in elements.fetched if not re.match(r"/(static|media)/", address)]


def test_the_style_sheet_fetches_nothing_from_anybody_else():
    styles = of_static("/static/css/site.css").decode()
    assert not re.search(r"(?i)@import|url\(\s*['\"]?(?:https?:)?//", styles)


@pytest.mark.parametrize("path", ["/", "/articles/", "/hospitals/jinxiang/", "an article"])
def test_a_picture_says_its_size_and_waits_until_it_is_needed(client, site, path):
    path = site.articles.first().get_absolute_url() if path == "an article" else path
    pictures = Elements(client.get(path).content.decode())["img"]
    assert pictures
    assert all(picture.get("width") and picture.get("height") and picture.get("srcset") for picture in pictures)
    at_once = [picture for picture in pictures if picture.get("loading") != "lazy"]
    assert len(at_once) <= 1


@pytest.fixture
def served(settings, tmp_path):
    """Collected and sent as in production."""
    settings.STATIC_ROOT = tmp_path
    settings.WHITENOISE_AUTOREFRESH = False
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    cache.clear()  # parts of pages in which the files have their other names
    yield Client()
    cache.clear()


def test_static_files_are_named_after_their_content_kept_for_good_and_sent_compressed(served):
    elements = Elements(served.get("/").content.decode())
    files = [address for address in elements.fetched if address.startswith("/static/")]
    assert len(files) >= 3
    for address in files:
        response = served.get(address, headers={"accept-encoding": "gzip"})
        sent = b"".join(response)
        assert re.search(r"\.[0-9a-f]{12}\.\w+$", address)
        assert "immutable" in response["Cache-Control"]
        assert response["Content-Encoding"] == "gzip"
        assert gzip.decompress(sent)
