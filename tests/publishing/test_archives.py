"""A ZIP that is sent while it is written: what is in it, what it says of itself, and that it is the same each time."""

import hashlib
import io
import shutil
import subprocess
import zipfile
from datetime import UTC, datetime

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from openpyxl import load_workbook

from publishing.archives import INDEX, SUMS, Entry, archive_blocks, stored_blocks
from publishing.file_names import Names

#: half past seven in the morning of 1 July in Beijing
MOMENT = datetime(2023, 6, 30, 23, 30, tzinfo=UTC)
CONTENT = "一次义诊".encode()


def packed(*entries: Entry) -> bytes:
    return b"".join(archive_blocks(entries, title="测试医院迎检材料"))


def opened(*entries: Entry) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(packed(*entries)))


def text(path="记录表.html", content=CONTENT, **fields) -> Entry:
    return Entry(path, "记录表", content, **fields)


def photo(path="照片/01.jpg", blocks=(b"\xff\xd8", b"pixels"), **fields) -> Entry:
    return Entry(path, "照片", iter(blocks), **fields)


def index(archive: zipfile.ZipFile) -> list[tuple]:
    rows = load_workbook(io.BytesIO(archive.read(INDEX))).active.iter_rows(min_row=3, values_only=True)
    return [row for row in rows if isinstance(row[0], int)]


def test_what_went_in_comes_out():
    archive = opened(text(), photo())
    assert archive.testzip() is None
    assert archive.namelist() == ["记录表.html", "照片/01.jpg", INDEX, SUMS]
    assert archive.read("记录表.html").decode() == "一次义诊"
    assert archive.read("照片/01.jpg") == b"\xff\xd8pixels"


def test_the_index_tells_path_meaning_number_size_and_sum():
    archive = opened(text(reference="H1-2023-0001"))
    sum_ = hashlib.sha256(CONTENT).hexdigest()
    assert index(archive) == [(1, "记录表.html", "记录表", "H1-2023-0001", len(CONTENT), sum_, None)]


def test_the_sums_are_those_of_every_file_but_themselves():
    archive = opened(text(), photo())
    found = dict(reversed(line.split("  ", 1)) for line in archive.read(SUMS).decode().splitlines())
    assert found == {
        name: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist() if name != SUMS
    }


def test_sha256sum_reads_the_sums_and_unzip_the_archive(tmp_path):
    """Names of every kind, as ``Names`` makes them."""
    names = Names()
    titles = [
        "CON",
        "a/b",
        "党" * 300,
        "义诊😀",
        "照片\u202egpj",
        "句末有点.",
        "甲乙",
        "甲乙",
        "%20#1",
        "-rf",
        "两  空格",
    ]
    entries = [text(names.take("活动", f"{title}.html")) for title in titles]
    (tmp_path / "pack.zip").write_bytes(packed(*entries, photo(names.take("活动", "照片", "01 说明.jpg"))))
    subprocess.run([shutil.which("unzip"), "-qq", "pack.zip"], cwd=tmp_path, check=True)
    checked = subprocess.run([shutil.which("sha256sum"), "--strict", "-c", SUMS], cwd=tmp_path, capture_output=True)
    assert checked.returncode == 0, checked.stdout.decode()
    assert checked.stdout.decode().count(": OK\n") == len(titles) + 2


def test_the_same_entries_are_the_same_bytes_whatever_the_hour(monkeypatch):
    before = packed(text(at=MOMENT), photo(at=MOMENT))
    monkeypatch.setattr("time.time", lambda: 2e9)
    monkeypatch.setattr("time.localtime", lambda *_moment: pytest.fail("the clock was asked"))
    assert packed(text(at=MOMENT), photo(at=MOMENT)) == before


def test_files_bear_the_time_of_what_they_are_of_on_the_clock_of_the_office():
    archive = opened(text(at=MOMENT), text("旧.html"))
    dates = {info.filename: info.date_time for info in archive.infolist()}
    assert dates["记录表.html"] == (2023, 7, 1, 7, 30, 0)
    assert dates["旧.html"][:3] == (1980, 1, 1)
    assert dates[INDEX] == dates[SUMS] == dates["记录表.html"]


def test_text_is_compressed_and_a_photo_is_not():
    archive = opened(text(content=b"a" * 10_000), photo(blocks=[b"a" * 10_000]))
    assert archive.getinfo("记录表.html").compress_size < 100
    assert archive.getinfo("照片/01.jpg").compress_size == 10_000


def test_every_file_is_a_plain_file_with_a_name_in_utf8():
    archive = opened(text(), photo())
    assert {(info.create_system, info.external_attr) for info in archive.infolist()} == {(3, 0o100644 << 16)}
    assert all(info.flag_bits & 0x800 for info in archive.infolist() if not info.filename.isascii())


# -- Sent while it is written


def test_the_first_bytes_are_there_before_the_second_entry_is_asked_for():
    def entries():
        yield text()
        pytest.fail("the second entry was asked for")

    assert next(archive_blocks(entries(), title="")).startswith(b"PK")


def test_of_a_large_file_one_block_at_a_time_is_held():
    """Each block is given away before the next is read."""
    block, read = b"x" * 65_536, 0

    def blocks():
        nonlocal read
        while read < 200:
            read += 1
            yield block

    given = 0
    for piece in archive_blocks([Entry("大.jpg", "照片", blocks())], title=""):
        given += len(piece)
        if 0 < read < 200:
            assert given >= read * len(block)
    assert read == 200


def test_a_reader_who_goes_away_ends_what_is_read():
    ended = []

    def blocks():
        try:
            while True:
                yield b"x" * 1000
        finally:
            ended.append(True)

    sending = archive_blocks([Entry("大.jpg", "照片", blocks())], title="")
    next(sending)
    sending.close()
    assert ended


def test_no_piece_is_empty_which_some_servers_take_for_the_end():
    assert all(archive_blocks([text(), photo(blocks=[]), text("空.html", b"")], title=""))


def test_a_storage_is_read_in_blocks():
    storage = InMemoryStorage()
    storage.save("a.jpg", ContentFile(b"x" * 150_000))
    assert [len(block) for block in stored_blocks(storage, "a.jpg")] == [65_536, 65_536, 18_928]


# -- What is not there


def test_a_missing_file_stops_nothing_and_is_in_the_index():
    gone = stored_blocks(InMemoryStorage(), "gone.jpg")
    archive = opened(text(), Entry("照片/01.jpg", "照片", gone), Entry("照片/02.jpg", "照片", None))
    assert [(row[1], row[4], row[6]) for row in index(archive)[1:]] == [
        ("照片/01.jpg", None, "文件缺失"),
        ("照片/02.jpg", None, "文件缺失"),
    ]
    assert "照片" not in archive.read(SUMS).decode()


def test_an_empty_file_is_a_file():
    archive = opened(photo(blocks=[]), text("空.html", b""))
    assert archive.read("照片/01.jpg") == archive.read("空.html") == b""
    assert [row[6] for row in index(archive)] == [None, None]


def test_what_breaks_in_the_middle_of_a_file_breaks_the_archive_off():
    def blocks():
        yield b"x"
        raise OSError("the disk is gone")

    pieces = []
    with pytest.raises(OSError, match="the disk is gone"):
        pieces.extend(archive_blocks([Entry("大.jpg", "照片", blocks())], title=""))
    assert not zipfile.is_zipfile(io.BytesIO(b"".join(pieces)))


def test_an_archive_of_nothing_has_an_index():
    assert opened().namelist() == [INDEX, SUMS]


# -- Large ones


def test_more_files_than_an_old_zip_can_count(monkeypatch):
    monkeypatch.setattr("zipfile.ZIP_FILECOUNT_LIMIT", 10)
    data = packed(*[text(f"{number}.html") for number in range(20)])
    assert b"PK\x06\x06" in data  # the ZIP64 record
    assert len(zipfile.ZipFile(io.BytesIO(data)).namelist()) == 22


def test_more_bytes_than_an_old_zip_can_address(monkeypatch):
    monkeypatch.setattr("zipfile.ZIP64_LIMIT", 40_000)
    data = packed(*[photo(f"{number}.jpg", [b"x" * 30_000]) for number in range(3)])
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.testzip() is None
    assert b"PK\x06\x06" in data
