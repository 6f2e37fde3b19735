"""迎检材料 and 品牌档案: what is in the archive, what stays in the house, and that it is the same each time."""

import hashlib
import io
import re
import secrets
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote, unquote, urljoin

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from PIL import Image

from branches.models import Activity, ActivityPhoto, PeriodReport
from branches.packs import Pack
from hospitals.roles import Role
from publishing.archives import INDEX, SUMS, archive_blocks
from publishing.images import clean_picture
from publishing.models import LogEntry, ReviewEntry, Version
from tests.admin_pages import count_queries
from tests.branches.test_golden_ledger import compare
from tests.config.test_html import (
    Document,
    headings,
    ids,
    in_the_wrong_order,
    misplaced,
    nameless,
    not_parsed,
    pictures,
    values,
)
from tests.factories import (
    make_activity,
    make_article,
    make_branch,
    make_brand,
    make_figure,
    make_hospital,
    make_period_figure,
    make_report,
    make_user,
)
from tests.reviews import Office

pytestmark = pytest.mark.django_db

GPS = 0x8825


@pytest.fixture
def hospital():
    return make_hospital(name="渭南市第二医院", code="WN2", slug="weinan-2")


@pytest.fixture
def exporter(client, hospital):
    user = make_user(Role.EXPORTER, hospital)
    client.force_login(user)
    return user


def page(client, **query):
    return client.get(reverse("admin:branches_activity_pack_page"), query)


def download(client, **query):
    return client.get(reverse("admin:branches_activity_pack"), query)


def dossier(client, brand, **query):
    return client.get(reverse("admin:branches_activity_dossier"), query | {"brand": brand.pk})


def opened(response) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(response.getvalue()))


def pack(client, **query) -> zipfile.ZipFile:
    return opened(download(client, **({"year": "2023"} | query)))


def folders(archive: zipfile.ZipFile) -> set[str]:
    return {name.split("/")[1] for name in archive.namelist() if name.startswith("活动/")}


def titles(archive: zipfile.ZipFile) -> set[str]:
    return {folder.partition(" ")[2] for folder in folders(archive)}


def sheet(archive: zipfile.ZipFile, title: str) -> str:
    (name,) = (name for name in archive.namelist() if title in name and name.endswith("/记录表.html"))
    return archive.read(name).decode()


def front(archive: zipfile.ZipFile) -> str:
    return archive.read("封面.html").decode()


def everything(archive: zipfile.ZipFile) -> str:
    """All that is said anywhere in it, in its workbooks too."""
    texts = []
    for name in archive.namelist():
        data = archive.read(name)
        if name.endswith(".xlsx"):
            cells = (cell for row in load_workbook(io.BytesIO(data)).active.values for cell in row)
            texts.extend(map(str, cells))
        else:
            texts.append(data.decode("utf-8", "replace"))
    return "\n".join([*archive.namelist(), *texts])


def index(archive: zipfile.ZipFile) -> dict[str, tuple]:
    rows = load_workbook(io.BytesIO(archive.read(INDEX))).active.iter_rows(min_row=3, values_only=True)
    return {row[1]: row for row in rows if isinstance(row[0], int)}


def jpeg(size=(64, 48)) -> bytes:
    """As a phone writes it: with its position and a comment."""
    exif = Image.Exif()
    exif[GPS] = {1: "N", 2: (34.0, 30.0, 0.0)}
    file = io.BytesIO()
    Image.new("RGB", size, "red").save(file, "JPEG", exif=exif, comment=b"patient")
    return file.getvalue()


def make_photo(activity, caption="", **fields) -> ActivityPhoto:
    fields |= {"caption": caption, "consent": ActivityPhoto.Consent.NO_PERSON}
    upload = clean_picture(ContentFile(jpeg(), "IMG_0001.jpg")).as_upload()
    return ActivityPhoto.objects.create(activity=activity, image=upload, **fields)


def lose(photo: ActivityPhoto) -> None:
    default_storage.delete(photo.image.name)


# -- What is in it


def test_a_pack_has_ledger_records_announced_numbers_cover_and_index(client, exporter, hospital):
    activity = make_activity(hospital, title="下乡义诊", public=True)
    make_photo(activity, "量血压")
    make_photo(activity)
    make_period_figure(make_report(hospital, title="上半年义诊", public=True))
    folder = f"活动/{activity.reference} 下乡义诊/"
    assert pack(client).namelist() == [
        "台账.xlsx", f"{folder}记录表.html", f"{folder}照片/01 量血压.jpg", f"{folder}照片/02.jpg", "报数/01 上半年义诊.html",
        "封面.html", INDEX, SUMS,
    ]  # fmt: skip


def test_only_what_the_public_can_read_is_in_it(client, exporter, hospital):
    make_activity(hospital, title="公开的", public=True)
    make_activity(hospital, title="草稿的")
    make_activity(hospital, title="撤回的", status="withdrawn")
    scheduled = make_activity(hospital, title="定时的", public=True)
    Activity.objects.filter(pk=scheduled.pk).update(published_at=datetime(2100, 1, 1, tzinfo=UTC))
    make_period_figure(make_report(hospital, title="草稿报数"))
    text = everything(pack(client))
    assert "公开的" in text
    assert not [words for words in ("草稿的", "撤回的", "定时的", "草稿报数") if words in text]


def test_a_revision_that_is_not_approved_is_not_in_it(client, exporter):
    office = Office(exporter.memberships.get().hospital)
    live = office.publish(make_activity(office.hospital, title="第一版题目", created_by=office.reporter))
    copy = live.revise(by=office.reporter)
    office.rewrite(copy, title="修订中的题目")
    archive = pack(client)
    assert titles(archive) == {"第一版题目"}
    assert "修订" not in sheet(archive, "第一版题目")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"part": "H1"}, {"六月三十日起", "上半年"}),
        ({"part": "H2"}, {"八月"}),
        ({}, {"六月三十日起", "上半年", "八月", "全年"}),
        ({"year": "", "since": "2023-06-01", "until": "2023-06-30"}, {"六月三十日起"}),
        ({"year": "", "until": "2022-12-31"}, {"前年"}),
        ({"year": "unknown"}, {"没有日期"}),
    ],
    ids=["first half", "second half", "year", "days", "until", "undated"],
)
def test_each_record_is_in_the_pack_of_one_half_year(client, exporter, hospital, query, expected):
    for title, start, end, precision in (
        ("六月三十日起", date(2023, 6, 30), date(2023, 7, 2), "day"),
        ("上半年", date(2023, 1, 1), date(2023, 6, 30), "half_year"),
        ("八月", date(2023, 8, 1), date(2023, 8, 31), "month"),
        ("全年", date(2023, 1, 1), date(2023, 12, 31), "year"),
        ("前年", date(2021, 1, 1), date(2021, 12, 31), "year"),
        ("没有日期", None, None, "unknown"),
    ):
        make_activity(hospital, title=title, start=start, end=end, precision=precision, public=True)
    assert titles(pack(client, **query)) == expected


def test_the_pack_of_a_branch_has_what_it_held_and_its_own_announced_numbers(client, exporter, hospital):
    fifth, second = make_branch(hospital, name="第五支部"), make_branch(hospital, name="第二支部")
    make_activity(branch=fifth, title="自己办的", public=True)
    make_activity(branch=second, title="一起办的", public=True).joint_branches.add(fifth)
    make_activity(branch=second, title="别人办的", public=True)
    for branch in (fifth, second, None):
        make_report(hospital, branch=branch, title=f"{branch or '全院'}报数", public=True)
    archive = pack(client, branch=fifth.pk)
    assert titles(archive) == {"自己办的", "一起办的"}
    assert [name for name in archive.namelist() if name.startswith("报数/")] == ["报数/01 第五支部报数.html"]
    assert "渭南市第二医院第五支部2023年迎检材料" in front(archive)


def test_announced_numbers_are_not_in_the_pack_of_a_kind(client, exporter, hospital):
    make_activity(hospital, title="义诊", public=True)
    make_activity(hospital, title="党课", kind="party_lecture", public=True)
    make_report(hospital, public=True)
    archive = pack(client, group="A")
    assert titles(archive) == {"党课"}
    assert not [name for name in archive.namelist() if name.startswith("报数/")]


def test_the_ledger_is_of_exactly_these_records_and_in_their_order(client, exporter, hospital):
    for number in range(3):
        make_activity(hospital, title=f"活动{number}", start=date(2023, 3, number + 1), public=True)
    make_activity(hospital, title="草稿")
    archive = pack(client)
    rows = load_workbook(io.BytesIO(archive.read("台账.xlsx"))).active.iter_rows(min_row=3, values_only=True)
    header, *lines = [row for row in rows if row[0]]
    listed = [row[header.index("活动主题")] for row in lines if isinstance(row[0], int)]
    assert listed == ["活动2", "活动1", "活动0"]
    assert re.findall(r"/%E8.*?>(活动\d)</a>", front(archive)) == listed


def test_remarks_and_internal_figures_stay_in_the_house(client, exporter, hospital):
    activity = make_activity(hospital, title="义诊", remarks="两人请假", public=True)
    make_figure(activity, "visits", "60余")
    make_figure(activity, "leaflets", "七千八百余", is_internal=True)
    text = everything(pack(client))
    assert "60余" in text
    kept_back = ("两人请假", "七千八百余", "\n7800\n", "备注（")  # nothing that a SHA-256 could hold by chance
    assert not [words for words in kept_back if words in text]
    assert "不含备注" in text


def test_a_sheet_tells_who_approved_it_when_and_what_they_said(client, exporter):
    office = Office(exporter.memberships.get().hospital)
    activity = make_activity(office.hospital, title="义诊", created_by=office.reporter)
    activity.submit(by=office.reporter)
    activity.return_(by=office.first, reason="请写明人数")
    activity.refresh_from_db()
    activity = office.publish(activity)
    text = sheet(pack(client), "义诊")
    version = Version.objects.get(object_id=activity.pk)
    for words in ("初审退回", "请写明人数", "李明", "复审通过", "赵强", "终审通过", "陈静", "第1版", version.sha256):
        assert words in text
    assert len(re.findall("<tr><td>", text)) == ReviewEntry.objects.of(activity).count()


def test_records_that_overlap_the_time_but_belong_elsewhere_are_counted_on_the_cover(client, exporter, hospital):
    make_activity(hospital, title="跨半年", start=date(2023, 6, 30), end=date(2023, 7, 2), public=True)
    make_activity(hospital, title="七月", start=date(2023, 7, 5), public=True)
    archive = pack(client, part="H2")
    assert titles(archive) == {"七月"}
    assert "另有1条与这段期间有重叠" in front(archive)


def test_a_sheet_from_before_versions_were_kept_says_so(client, exporter, hospital):
    make_activity(hospital, title="义诊", public=True)
    assert "那时还没有存档公开版本" in sheet(pack(client), "义诊")


def test_a_sheet_leads_to_the_public_page_and_the_public_articles(client, exporter, hospital):
    activity = make_activity(hospital, title="义诊", public=True)
    for title, public in (("公开的报道", True), ("没发的报道", False)):
        make_article(hospital, title=title, public=public).activities.add(activity)
    text = sheet(pack(client), "义诊")
    assert f"http://testserver/activities/{activity.reference}/" in text
    assert "公开的报道" in text and "没发的报道" not in text


def test_an_announced_number_is_told_as_it_was_stated(client, exporter, hospital):
    make_activity(hospital, public=True)
    report = make_report(hospital, title="上半年义诊", note="含眼病医院", public=True)
    make_period_figure(report, "sessions", "193")
    make_period_figure(report, "visits", "300余")
    text = pack(client).read("报数/01 上半年义诊.html").decode()
    for words in ("193", "300", "余", "含眼病医院", "不相加", "2023年上半年"):
        assert words in text


def test_photos_have_neither_position_nor_comment(client, exporter, hospital):
    make_photo(make_activity(hospital, public=True))
    archive = pack(client)
    (name,) = (name for name in archive.namelist() if name.endswith(".jpg"))
    data = archive.read(name)
    with Image.open(io.BytesIO(data)) as image:
        assert not image.getexif() and "comment" not in image.info
    assert b"patient" not in data and b"Exif" not in data


def test_the_cover_tells_what_is_left_out_and_how_it_is_checked(client, exporter, hospital):
    make_activity(hospital, title="义诊", public=True)
    make_activity(hospital, title="草稿")
    make_activity(hospital, title="全年", start=date(2023, 1, 1), end=date(2023, 12, 31), precision="year", public=True)
    text = front(pack(client, part="H1"))
    for words in (
        "渭南市第二医院2023年上半年迎检材料",
        "另有1条还没有审核发布",
        "另有1条与这段期间有重叠",
        "sha256sum -c 校验.sha256",
    ):
        assert words in text


# -- Names and links


HOSTILE = [
    "CON",
    "a/b",
    "党" * 80,
    "义诊😀",
    "照片\u202egpj.exe",
    "句末有点.",
    "一样的",
    "一样的",
    "%20#1?",
    "<b>&amp;\"'",
]


def test_names_are_legal_and_every_link_finds_its_file(client, exporter, hospital):
    for title in HOSTILE:
        activity = make_activity(hospital, title=title, public=True)
        for _twice in range(2):
            make_photo(activity, caption=title * 2)
    archive = pack(client)
    names = archive.namelist()
    assert len(folders(archive)) == len(HOSTILE)
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert len(name) <= 180 and not re.search(r'[<>:"\\|?*\x00-\x1f\u202a-\u202e]', name)
        assert all(part and part.strip(" .") == part and len(part) <= 80 for part in name.split("/"))
        if name.endswith(".html"):
            links = [
                element.get(attribute)
                for element in Document(archive.read(name).decode()).root.iter()
                for attribute in ("src", "href")
                if element.get(attribute)
            ]
            inside = [link for link in links if not link.startswith("http")]
            assert {unquote(urljoin(f"file:///{quote(name)}", link)) for link in inside} <= {
                f"file:///{one}" for one in names
            }
            assert bool(inside) or name.startswith("报数/")


CHECKS = [not_parsed, misplaced, in_the_wrong_order, ids, headings, nameless, pictures, values]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_every_sheet_is_as_the_standard_wants_it(client, exporter, check):
    office = Office(exporter.memberships.get().hospital)
    brand = office.publish(make_brand(office.hospital, name="光明行<b>", idea="护佑光明", highlights="一\n二"))
    activity = make_activity(
        office.hospital, kind="theme_day", title="<b>&", summary="第一段\n\n第二段", brand=brand, created_by=office.reporter,
        story="<h2>小标题</h2><p>正文</p><table><tbody><tr><td>一</td></tr></tbody></table>",
    )  # fmt: skip
    make_figure(activity, "expected", "20")
    make_photo(activity, "说明")
    lose(make_photo(activity, "丢了的"))
    office.publish(activity)
    make_period_figure(make_report(office.hospital, public=True))
    sheets = [pack(client), opened(dossier(client, brand))]
    found = {
        name: list(check(Document(archive.read(name).decode())))
        for archive in sheets
        for name in archive.namelist()
        if name.endswith(".html")
    }
    assert len(found) == 4
    assert not {name: wrong for name, wrong in found.items() if wrong}


# -- The same bytes


def test_two_people_at_two_times_get_the_same_bytes(client, exporter, hospital, monkeypatch):
    office = Office(hospital)
    activity = office.publish(make_activity(hospital, title="义诊", created_by=office.reporter))
    make_photo(activity, "量血压")
    make_period_figure(make_report(hospital, public=True))
    before = download(client, year="2023").getvalue()
    client.force_login(office.manager)
    later = timezone.now() + timedelta(hours=3)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert download(client, year="2023").getvalue() == before


def test_what_was_changed_and_approved_is_other_bytes(client, exporter):
    office = Office(exporter.memberships.get().hospital)
    activity = office.publish(make_activity(office.hospital, title="义诊", created_by=office.reporter))
    before = pack(client).read(SUMS)
    office.publish(office.rewrite(activity.revise(by=office.reporter), place="丰原镇"))
    assert pack(client).read(SUMS) != before


def test_the_pack_is_the_one_that_was_looked_at(client, exporter, hospital):
    """On both databases: every sheet but for its style, the sums of the photos, the names and dates of all files.

    Written anew as those of test_golden_ledger.py.
    """
    moment = datetime(2023, 6, 30, 23, 30, tzinfo=UTC)  # half past seven in the morning of 1 July in Beijing
    activity = make_activity(hospital, title="5/12义诊", summary="送医下乡。", results="一人转诊。", public=True)
    make_figure(activity, "visits", "60余")
    name = f"pictures/aa/{secrets.token_hex(16)}.jpg"
    default_storage.save(name, ContentFile(b"\xff\xd8 a photo"))
    photo = ActivityPhoto(activity=activity, image=name, width=8, height=8, caption="量血压")
    ActivityPhoto.objects.bulk_create([photo])
    make_period_figure(make_report(hospital, title="上半年", public=True))
    for model in (Activity, PeriodReport):
        model.objects.update(published_at=moment, created_at=moment)
    archive = pack(client)
    told = [f"{info.date_time} {info.filename}" for info in archive.infolist()]
    for name in archive.namelist():
        if name.endswith(".html"):
            told.append(f"\n── {name}\n{re.sub('(?s)<style>.*?</style>', '', archive.read(name).decode())}")
        elif name.endswith(".jpg"):
            told.append(f"\n── {name}\n{hashlib.sha256(archive.read(name)).hexdigest()}")
    compare("pack.txt", "\n".join(told) + "\n")


# -- Sent while it is written


def sending(hospital) -> Iterator[bytes]:
    """The pack of all that is public in a hospital, as a server would send it."""
    activities, reports = Activity.objects.public().of_hospital(hospital), PeriodReport.objects.none()
    made = Pack(hospital.name, "", "", activities, reports, [], "http://testserver")
    return archive_blocks(made.entries(), title=made.name)


def test_the_download_begins_before_the_records_are_read(hospital):
    for number in range(3):
        make_activity(hospital, title=f"活动{number}", public=True)
    with CaptureQueriesContext(connection) as queries:
        assert next(sending(hospital)).startswith(b"PK")
    assert not [query["sql"] for query in queries if "story" in query["sql"] or "remarks" in query["sql"]]


@pytest.mark.parametrize("pieces", [1, 4, 12])
def test_a_reader_who_goes_away_leaves_neither_a_query_nor_a_file_open(hospital, monkeypatch, pieces):
    for number in range(3):
        make_photo(make_activity(hospital, title=f"活动{number}", public=True))
    files = []
    monkeypatch.setattr(type(default_storage._wrapped), "_open", _remembering(files))
    begun = sending(hospital)
    for _piece in range(pieces):
        next(begun)
    begun.close()
    assert all(file.closed for file in files)
    assert Activity.objects.count() == 3


def _remembering(files: list):
    kept = type(default_storage._wrapped)._open

    def opening(storage, name, mode="rb"):
        files.append(kept(storage, name, mode))
        return files[-1]

    return opening


def test_five_hundred_photos_go_by_one_at_a_time(client, exporter, hospital, monkeypatch):
    activity = make_activity(hospital, public=True)
    photos = [
        ActivityPhoto(activity=activity, image=f"pictures/aa/{number:032x}.jpg", width=8, height=8, position=number)
        for number in range(500)
    ]
    ActivityPhoto.objects.bulk_create(photos)
    open_now, most = 0, 0

    def blocks(_storage, _name):
        nonlocal open_now, most
        open_now += 1
        most = max(most, open_now)
        yield b"x" * 1000
        open_now -= 1

    monkeypatch.setattr("branches.packed_records.stored_blocks", blocks)
    monkeypatch.setattr(type(default_storage._wrapped), "exists", lambda *_name: True)
    pieces = [len(piece) for piece in download(client, year="2023")]
    assert most == 1
    assert len(pieces) > 500
    assert sorted(pieces)[-501] < 3000  # nothing but sheet and index is larger than a photo


def queries_of(client) -> int:
    with CaptureQueriesContext(connection) as queries:
        pack(client)
    return len(queries)


def test_a_pack_takes_six_queries_more_for_each_batch(client, exporter, hospital, monkeypatch):
    monkeypatch.setattr("branches.packed_records.RECORDS_AT_A_TIME", 5)
    counts = []
    for _batch in range(3):
        for _record in range(5):
            make_photo(make_activity(hospital, public=True))
        counts.append(queries_of(client))
    assert [after - before for before, after in zip(counts, counts[1:], strict=False)] == [6, 6]


def test_a_pack_takes_as_many_queries_for_one_record_as_for_ten(client, exporter, hospital):
    make_photo(make_activity(hospital, public=True))
    few = queries_of(client)
    for _record in range(9):
        make_photo(make_activity(hospital, public=True))
    assert queries_of(client) == few


# -- What is not there


def test_a_photo_whose_file_is_gone_stops_nothing_and_is_named(client, exporter, hospital):
    activity = make_activity(hospital, title="义诊", public=True)
    make_photo(activity, "还在的")
    lose(make_photo(activity, "丢了的"))
    archive = pack(client)
    (gone,) = (row for path, row in index(archive).items() if "丢了的" in path)
    assert gone[2:] == ("丢了的", activity.reference, None, None, "文件缺失")
    text = sheet(archive, "义诊")
    assert "照片文件缺失" in text and text.count("<img") == 1
    assert "有1张照片的文件在系统里找不到" in front(archive)


def test_the_page_warns_of_a_photo_whose_file_is_gone(client, exporter, hospital):
    activity = make_activity(hospital, public=True)
    assert "有照片的文件找不到" not in page(client, year="2023").content.decode()
    lose(make_photo(activity))
    text = page(client, year="2023").content.decode()
    assert "有照片的文件找不到" in text and activity.reference in text


# -- The page


def test_the_page_says_how_much_there_is_and_lists_what_is_not_approved(client, exporter, hospital):
    make_photo(make_activity(hospital, title="公开的", public=True))
    draft = make_activity(hospital, title="草稿的")
    response = page(client, year="2023")
    text = response.content.decode()
    assert (response.context["pack"].count, response.context["pack"].stock.photos) == (1, 1)
    assert reverse("admin:branches_activity_change", args=[draft.pk]) in text
    assert "另有1条还没有审核发布" in text
    assert "不公开" in text and "备注" in text


def test_the_page_begins_with_the_latest_year(client, exporter, hospital):
    make_activity(hospital, start=date(2022, 5, 1))
    make_activity(hospital, start=date(2024, 5, 1))
    response = page(client)
    assert response.context["form"]["year"].value() == "2024"
    assert "pack" not in response.context


def test_the_page_takes_as_many_queries_for_one_record_as_for_twenty(client, exporter, hospital):
    make_photo(make_activity(hospital, public=True))
    make_activity(hospital)
    url = reverse("admin:branches_activity_pack_page") + "?year=2023"
    count_queries(client, url)
    few = count_queries(client, url)
    for _number in range(20):
        make_photo(make_activity(hospital, public=True))
        make_activity(hospital)
    assert count_queries(client, url) == few


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"part": "H1"}, "请先选年份"),
        ({"year": "2023", "since": "2023-01-01"}, "年份和起止日期只填一种"),
        ({"since": "2023-02-01", "until": "2023-01-01"}, "结束日期早于开始日期"),
        ({"branch": "x"}, "有效"),
        ({"year": "2031"}, "有效"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field_and_exports_nothing(client, exporter, hospital, query, said):
    make_activity(hospital, public=True)
    assert said in page(client, **query).content.decode()
    answer = download(client, **query)
    assert answer.status_code == 302 and answer.url.startswith(reverse("admin:branches_activity_pack_page"))
    assert not LogEntry.objects.filter(verb=LogEntry.Verb.EXPORT).exists()


def test_nothing_to_export_is_said_and_not_exported(client, exporter, hospital):
    make_activity(hospital)
    assert "没有可以收入的内容" in page(client, year="2023").content.decode()
    assert download(client, year="2023").status_code == 302


def test_more_records_than_one_pack_takes_are_refused_with_a_way_out(client, exporter, hospital, monkeypatch):
    monkeypatch.setattr("branches.packs.MOST_RECORDS", 2)
    for _number in range(3):
        make_activity(hospital, public=True)
    assert "这次选中3条，一份材料最多2条" in page(client, year="2023").content.decode()
    assert download(client, year="2023").status_code == 302


def test_a_download_is_one_row_in_the_log_and_kept_by_no_cache(client, exporter, hospital):
    make_activity(hospital, public=True)
    response = download(client, year="2023", group="B")
    assert "no-store" in response["Cache-Control"]
    assert unquote(response["Content-Disposition"]).endswith("渭南市第二医院2023年迎检材料.zip")
    entry = LogEntry.objects.get(verb=LogEntry.Verb.EXPORT)
    assert entry.reason == "渭南市第二医院2023年迎检材料，共1条，条件：大类：服务群众；只含已发布的记录"
    assert (entry.user, entry.institution) == (exporter, "渭南市第二医院")


# -- Who may


def test_another_hospitals_records_are_not_in_it(client, exporter, hospital):
    make_activity(hospital, title="自己的", public=True)
    other = make_hospital(name="别家医院")
    make_activity(other, title="别家的", public=True)
    assert titles(pack(client)) == {"自己的"}
    for query in ({"branch": make_branch(other).pk}, {"brand": make_brand(other, public=True).pk}):
        response = page(client, year="2023", **query)
        assert response.context["form"].errors and "别家医院" not in response.content.decode()
        assert download(client, year="2023", **query).status_code == 302


def test_a_hospital_has_to_be_chosen_by_who_has_several(admin_client, hospital):
    make_hospital()
    make_activity(hospital, public=True)
    assert "请选一家医院" in page(admin_client, year="2023").content.decode()
    assert download(admin_client, year="2023").status_code == 302
    assert download(admin_client, year="2023", hospital=hospital.pk).status_code == 200


def test_a_brand_of_another_hospital_than_the_chosen_one_is_refused(admin_client, hospital):
    brand = make_brand(make_hospital(), public=True)
    assert "不属于所选医院" in page(admin_client, hospital=hospital.pk, brand=brand.pk).content.decode()


def test_staff_without_a_role_and_strangers_get_nothing(client, hospital):
    assert "/login/" in download(client, year="2023").url
    client.force_login(make_user())
    assert {page(client).status_code, download(client, year="2023").status_code} == {403}


@pytest.fixture
def limited(client, hospital):
    """A 填报人 of one branch."""
    branch = make_branch(hospital, name="第五支部")
    user = make_user(Role.REPORTER, hospital)
    user.memberships.get().branches.add(branch)
    client.force_login(user)
    return branch


def test_a_limited_reporter_has_to_choose_a_branch_or_a_brand(client, limited, hospital):
    make_activity(branch=limited, public=True)
    assert "请选一个支部" in page(client, year="2023").content.decode()
    assert download(client, year="2023").status_code == 302


def test_a_limited_reporter_gets_the_records_of_their_branch_and_the_cover_counts_the_others(client, limited, hospital):
    other = make_branch(hospital, name="第二支部")
    make_activity(branch=limited, title="自己的", public=True)
    make_activity(branch=other, title="一起办的", public=True).joint_branches.add(limited)
    archive = pack(client, branch=limited.pk)
    assert titles(archive) == {"自己的"}
    assert "另有1条由其他支部主办" in front(archive)
    assert page(client, year="2023", branch=other.pk).context["form"].errors["branch"]


# -- The file of a brand


@pytest.fixture
def brand(hospital):
    office = Office(hospital)
    branch = make_branch(hospital, name="第五支部")
    brand = make_brand(
        branch=branch, name="光明行", idea="护佑光明", connotation="", highlights="下乡\n进校", emblem_meaning="一只眼睛",
    )  # fmt: skip
    brand.emblem.save("emblem.jpg", ContentFile(jpeg()), save=True)
    return office.publish(brand)


def test_a_dossier_has_the_brand_its_approvals_its_activities_and_their_sums(client, exporter, hospital, brand):
    for title, stated in (("一", "60余"), ("二", "1,200")):
        make_figure(make_activity(hospital, title=title, brand=brand, public=True), "visits", stated)
    make_activity(hospital, title="无关的", public=True)
    archive = opened(dossier(client, brand))
    assert titles(archive) == {"一", "二"}
    assert {"台账.xlsx", "标识.jpg", "品牌档案.html", INDEX, SUMS} <= set(archive.namelist())
    text = archive.read("品牌档案.html").decode()
    for words in (
        "光明行",
        "护佑光明",
        "<li>下乡</li>",
        "一只眼睛",
        "1,260",
        "含约数1项",
        "终审通过",
        "陈静",
        "标识.jpg",
    ):
        assert words in unquote(text)
    assert Version.objects.get(object_id=brand.pk).sha256 in text
    assert "品牌内涵" not in text  # it is empty, and an empty part has no row


def test_a_dossier_tells_of_every_version(client, exporter, brand):
    office = Office(brand.hospital)
    office.publish(office.rewrite(brand.revise(by=office.reporter), idea="再护光明"))
    text = opened(dossier(client, brand)).read("品牌档案.html").decode()
    assert "历次公开版本" in text
    assert all(version.sha256 in text for version in Version.objects.filter(object_id=brand.pk))


def test_a_dossier_can_be_of_a_time(client, exporter, hospital, brand):
    make_activity(hospital, title="去年的", start=date(2022, 6, 1), brand=brand, public=True)
    make_activity(hospital, title="今年的", brand=brand, public=True)
    assert titles(opened(dossier(client, brand, year="2023"))) == {"今年的"}


def test_the_dossier_of_a_brand_without_activities_is_its_own_text(client, exporter, brand):
    archive = opened(dossier(client, brand))
    assert archive.namelist() == ["标识.jpg", "品牌档案.html", INDEX, SUMS]


def test_an_emblem_whose_file_is_gone_stops_nothing(client, exporter, brand):
    default_storage.delete(brand.emblem.name)
    archive = opened(dossier(client, brand))
    assert "标识文件缺失" in archive.read("品牌档案.html").decode()
    assert index(archive)["标识.jpg"][6] == "文件缺失"


def test_a_dossier_is_in_the_log_of_its_brand(client, exporter, brand):
    dossier(client, brand)
    entry = LogEntry.objects.of(brand).get(verb=LogEntry.Verb.EXPORT)
    assert entry.reason.startswith("渭南市第二医院“光明行”品牌档案，共0条")


def test_two_people_get_the_same_dossier(client, exporter, hospital, brand):
    make_activity(hospital, brand=brand, public=True)
    before = dossier(client, brand).getvalue()
    client.force_login(make_user(Role.MANAGER, hospital))
    assert dossier(client, brand).getvalue() == before


def test_a_brand_that_is_not_public_has_no_dossier_and_the_page_says_why(client, exporter, hospital):
    draft = make_brand(hospital, name="还没发布的品牌")
    assert "还没有审核发布" in page(client, brand=draft.pk).content.decode()
    assert dossier(client, draft).status_code == 302


def test_another_hospitals_brand_has_no_dossier(client, exporter):
    other = make_brand(make_hospital(), public=True)
    assert dossier(client, other).status_code == 302


def test_a_brands_form_leads_to_its_dossier(client, exporter, brand):
    text = client.get(reverse("admin:branches_brand_change", args=[brand.pk])).content.decode()
    assert f"{reverse('admin:branches_activity_pack_page')}?hospital={brand.hospital_id}&amp;brand={brand.pk}" in text
    assert "下载品牌档案" in page(client, hospital=brand.hospital_id, brand=brand.pk).content.decode()
