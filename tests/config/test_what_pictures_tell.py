"""No file of a picture, stored or served, tells more than its pixels, whichever door it came through; and whoever has its
address finds it only while it is public.

A planted picture says where it was taken, by what, by whom and about whom, in every place where a format has room for it.
"""

import io
import struct
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image, PngImagePlugin

from articles.models import Article
from branches.models import Brand
from hospitals.models import Upload
from hospitals.roles import Role
from publishing import images
from publishing.images import RENDITION_WIDTHS, rendition_name
from tests.admin_pages import posted
from tests.articles.reports.writing import Docx
from tests.factories import make_article, make_branch, make_brand, make_hospital, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

PLANTED = "PLANTED李某某"
#: Of what a decoder is told, and may not be left in a file: besides the words, the names of the parts that hold them.
TOLD = [
    PLANTED.encode(),
    PLANTED.encode("utf-16-le"),
    b"PLANTED",
    b"Exif\0\0",
    b"EXIF",
    b"XMP",
    b"xpacket",
    b"ICC_PROFILE",
    b"ICCP",
]
KINDS = ["JPEG", "PNG", "WEBP", "HEIF"]
SIZE = (970, 40)  # has all three copies


def planted(kind: str, colour="red", size=SIZE) -> bytes:
    images._can_read_heif()  # teaches Pillow to write HEIC too
    exif = Image.Exif()
    exif[0x010E] = exif[0x010F] = exif[0x0110] = exif[0x013B] = "PLANTED"
    exif[0x8825] = {1: "N", 2: (34.0, 30.0, 15.0), 3: "E", 4: (109.0, 30.0, 15.0), 29: "PLANTED"}
    exif.get_ifd(0x8769)[0x9286] = b"UNICODE\0" + PLANTED.encode("utf-16-le")
    xmp = f'<?xpacket begin=""?><x:xmpmeta>{PLANTED}</x:xmpmeta>'.encode()
    also = {"exif": exif.tobytes(), "xmp": xmp}
    if kind == "JPEG":
        also["comment"] = PLANTED.encode()
    if kind == "PNG":
        also["pnginfo"] = texts = PngImagePlugin.PngInfo()
        texts.add_text("Comment", "PLANTED")
        texts.add_itxt("Author", PLANTED, zip=True)
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, kind, **also)
    content = file.getvalue() + b"PLANTED behind the picture"
    assert content.count(b"PLANTED") > 3
    return content


def upload(kind: str, colour="red") -> SimpleUploadedFile:
    return SimpleUploadedFile(f"{PLANTED}.{kind.lower()}", planted(kind, colour), f"image/{kind.lower()}")


def stored() -> dict[str, bytes]:
    """Every file of a picture by its name, among those that are there."""
    root = Path(settings.MEDIA_ROOT)
    return {str(path.relative_to(root)): path.read_bytes() for path in root.glob("pictures/**/*") if path.is_file()}


@pytest.fixture
def before(db) -> set[str]:
    return set(stored())


def tells_nothing(content: bytes) -> bool:
    return not any(word in content for word in TOLD) and _parts_of(content) <= {
        *("FFC0", "FFC2", "FFC4", "FFDA", "FFDB", "FFDD", "JFIF"), *("VP8 ", "VP8L", "VP8X"),
    }  # fmt: skip


def _parts_of(content: bytes) -> set[str]:
    """The segments of a JPEG, the chunks of a WebP; what is none of both is a part that none may have."""
    parts = set()
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        place = 12
        while place < len(content):
            name, length = struct.unpack_from("<4sI", content, place)
            parts.add(name.decode("latin-1"))
            place += 8 + length + length % 2
        return parts
    place = 2
    while content[:2] == b"\xff\xd8" and content[place : place + 2] != b"\xff\xd9":
        marker, length = struct.unpack_from(">HH", content, place)
        is_jfif = marker == 0xFFE0 and content[place + 4 : place + 8] == b"JFIF"
        parts.add("JFIF" if is_jfif else f"{marker:X}")
        place += 2 + length
        if marker == 0xFFDA:  # pixels, up to the next marker that is none of theirs
            while content[place] != 0xFF or content[place + 1] in {0, *range(0xD0, 0xD8)}:
                place += 1
    return parts if content[place:] == b"\xff\xd9" else parts | {"behind the end"}


def served(client, name: str) -> dict[str, bytes]:
    names = [name, *(rendition_name(name, width) for width in RENDITION_WIDTHS)]
    answers = {one: client.get(f"/media/{one}") for one in names}
    return {one: b"".join(answer.streaming_content) for one, answer in answers.items() if answer.status_code == 200}


@pytest.fixture
def hospital():
    return make_hospital(name="甲医院")


@pytest.fixture
def desk(client, hospital):
    client.force_login(make_user(Role.REPORTER, hospital))
    return client


def saved(desk, record, number=0, **row) -> None:
    """The record's form with one row of a photo: a new one, or what replaces the ``number`` photos there are."""
    address = f"/admin/{record._meta.app_label}/{record._meta.model_name}/{record.pk}/change/"
    form = posted(desk.get(address)) | {"photos-TOTAL_FORMS": max(1, number), "photos-INITIAL_FORMS": number}
    response = desk.post(address, form | {f"photos-0-{name}": value for name, value in row.items()})
    assert response.status_code == 302


# -- The doors


def through_the_photos_door(desk, hospital, kind) -> str:
    article = make_article(hospital)
    token = desk.post("/admin/articles/article/photos/", {"image": upload(kind)}).json()["token"]
    assert tells_nothing(served(desk, Upload.objects.get(token=token).image.name).popitem()[1])
    saved(desk, article, upload=token, position=1)
    return article.photos.get().image.name


def in_a_row_of_the_form(desk, hospital, kind) -> str:
    article = make_article(hospital)
    saved(desk, article, image=upload(kind), position=1)
    return article.photos.get().image.name


def in_place_of_another(desk, hospital, kind) -> str:
    article = make_article(hospital)
    saved(desk, article, image=upload("JPEG", "green"), position=1)
    photo = article.photos.get()
    first = photo.image.name
    assert len(served(desk, first)) == 4
    saved(desk, article, 1, id=photo.pk, image=upload(kind), position=1)
    assert not [name for name in stored() if name.startswith(first.removesuffix(".jpg"))]
    return article.photos.get().image.name


def within_a_report(desk, hospital, kind) -> str:
    report = Docx("word")
    report.p("义诊进社区", align="center", bold=True, size=22)
    suffix = {"HEIF": "heic"}.get(kind, kind.lower())
    report.p(report._shown(report._embed(planted(kind), suffix), 8.0))
    report.p("　　6月19日，第五支部在社区开展义诊，为群众测量血压、讲解用药，受到大家欢迎。")
    desk.post(reverse("admin:articles_article_intake"), {"file": SimpleUploadedFile("a.docx", report.save())})
    return Article.objects.latest("pk").photos.get().image.name


def as_an_emblem(desk, hospital, kind) -> str:
    brand = make_brand(hospital, branch=make_branch(hospital))
    address = reverse("admin:branches_brand_change", args=[brand.pk])
    assert desk.post(address, posted(desk.get(address), emblem=upload(kind))).status_code == 302
    return Brand.objects.get(pk=brand.pk).emblem.name


AT_ONCE = [through_the_photos_door, in_a_row_of_the_form, within_a_report, as_an_emblem]
# What was replaced goes once that is certain, which within a test's own transaction it never is.
DOORS = [*AT_ONCE, pytest.param(in_place_of_another, marks=pytest.mark.django_db(transaction=True))]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_no_file_that_is_stored_or_served_tells_more_than_the_pixels(desk, hospital, before, door, kind):
    """What is pasted or dropped into a text goes into a row of the form, or through the photos door."""
    name = door(desk, hospital, kind)
    sent = served(desk, name)
    assert sorted(sent) == sorted([name, *(rendition_name(name, width) for width in RENDITION_WIDTHS)])
    kept = {one: content for one, content in stored().items() if one not in before}
    assert set(sent) <= set(kept)
    assert [one for one, content in (kept | sent).items() if not tells_nothing(content)] == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_check_finds_what_is_planted(kind):
    assert not tells_nothing(planted(kind))
    plain = io.BytesIO()
    Image.new("RGB", (64, 48)).save(plain, "JPEG")
    assert tells_nothing(plain.getvalue())
    assert not tells_nothing(plain.getvalue() + b"x")


def test_nothing_that_is_stored_or_served_is_named_as_the_file_was(desk, hospital, before):
    through_the_photos_door(desk, hospital, "JPEG")
    assert not [name for name in set(stored()) - before if "PLANTED" in name]


# -- The original of a report


def test_the_file_of_a_report_is_kept_as_it_came_and_served_to_nobody_but_the_office(client, desk, hospital):
    within_a_report(desk, hospital, "JPEG")
    article = Article.objects.latest("pk")
    Article.objects.filter(pk=article.pk).update(status="published", published_at="2024-01-01T00:00:00Z")
    kept = article.received.file.name
    address = reverse("admin:articles_article_received", args=[article.pk])
    original = b"".join(desk.get(address).streaming_content)
    with zipfile.ZipFile(io.BytesIO(original)) as package:
        assert package.read("word/media/image1.jpeg") == planted("JPEG")
    client.logout()
    assert client.get(address).status_code == 302
    tried = [f"/media/{kept}", f"/{kept}", f"/static/{kept}", f"/media/pictures/{kept}", f"/media/{kept}.jpg"]
    assert [client.get(path).status_code for path in tried] == [404] * len(tried)
    page = client.get(article.get_absolute_url())
    assert page.status_code == 200 and kept.rpartition("/")[2] not in page.content.decode()


# -- Who has the address, before and after


def test_whoever_has_the_addresses_finds_nothing_before_publication_nor_after_withdrawal(client, desk, hospital):
    name = through_the_photos_door(desk, hospital, "JPEG")
    article = Article.objects.latest("pk")
    assert len(served(desk, name)) == 4
    client.logout()
    assert served(client, name) == {}
    Article.objects.filter(pk=article.pk).update(status="published", published_at="2024-01-01T00:00:00Z")
    public = served(client, name)
    assert len(public) == 4 and all(map(tells_nothing, public.values()))
    Article.objects.get(pk=article.pk).withdraw(by=make_user(is_superuser=True), reason="发错了")
    assert served(client, name) == {}
    known = {one: client.get(f"/media/{one}", headers={"if-none-match": f'"{one}"'}) for one in public}
    assert {answer.status_code for answer in known.values()} == {404}
    assert set(public) <= set(stored())  # it is not that the files were gone
