"""Files that are no ledger, or mean harm: each gets a sentence that says what to do, quickly and in little memory."""

import io
import tracemalloc
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook

from branches.intake.plan import plan_of, read_ledger
from hospitals.roles import Role
from publishing.tables import TableError
from tests.branches.intake import row, upload, workbook
from tests.factories import make_hospital, make_user

MEGABYTE = 1 << 20


def packed(**parts) -> bytes:
    """A zip file; the names of parts as keywords with __ for /."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


def with_part(name: str, content: bytes) -> bytes:
    """A good workbook with one part exchanged."""
    source = zipfile.ZipFile(io.BytesIO(workbook(row())))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for one in source.namelist():
            package.writestr(one, content if one == name else source.read(one))
        if name not in source.namelist():
            package.writestr(name, content)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000)
HEADER = "活动类别,活动主题,活动日期\n"
FILES = {
    "empty": (b"", "空"),
    "blank": (b" \n\n ", "空"),
    "old workbook": (OLD, "另存为.xlsx"),
    "with a password": (OLD + "EncryptedPackage".encode("utf-16-le"), "密码"),
    "document": (packed(word__document_dot_xml="<w/>"), "Word"),
    "binary workbook": (packed(xl__workbook_dot_bin=b"\0"), "xlsb"),
    "another zip": (packed(readme="x"), "不是Excel工作簿"),
    "cut off": (workbook(row())[:-60], "损坏"),
    "no zip after all": (b"PK\x03\x04" + b"x" * 100, "损坏"),
    "nonsense inside": (with_part(SHEET, b"<worksheet><sheetData><row><c"), "损坏"),
    "zip bomb": (with_part(SHEET, b" " * (80 * MEGABYTE)), "太大"),
    "texts without end": (with_part("xl/sharedStrings.xml", b"<sst>" + b"<si/>" * 2_000_000), "太大"),
    "a row without end": (with_part(SHEET, b"<worksheet><sheetData><row>" + b"<c/>" * 400_000), "太大"),
    "formats without end": (with_part("xl/styles.xml", b"<styleSheet>" + b"<xf/>" * 200_000), "太大"),
    "entities": (with_part(SHEET, b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "x">]><worksheet/>'), "DOCTYPE"),
    "wide characters": (with_part(SHEET, '<?xml version="1.0"?><!DOCTYPE d><w/>'.encode("utf-16")), "DOCTYPE"),
    "many entries": (packed(**{f"x{number}": b"" for number in range(4_000)}), "太大"),
    "NUL": (b"a\0b\n" * 10, "认不出"),
    "picture": (b"\xff\xd8\xff\xe0" + bytes(range(256)) * 20, "认不出"),
    "web page": ("<html><table><tr><td>活动主题</td></tr></table></html>".encode(), "网页"),
    "open quote": ((HEADER + '义诊,"没有收尾,2023-06-01\n').encode(), "引号"),
    "no header": ("姓名,电话\n王芳,1\n".encode(), "没有找到表头"),
    "header twice": ("活动类别,活动主题,活动主题,活动日期\n".encode(), "两次"),
    "too many rows": ((HEADER + "义诊,下乡,2023-06-01\n" * 2_001).encode(), "2000"),
    "too large": (b"x" * (10 * MEGABYTE + 1), "MB"),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_ledger_is_told_what_it_is(name):
    content, words = FILES[name]
    tracemalloc.start()
    try:
        with pytest.raises(TableError) as refusal:
            read_ledger(content)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert words in refusal.value.messages[0] and refusal.value.messages[0].endswith("。")
    assert peak < 100 * MEGABYTE


@pytest.mark.parametrize("name", ["empty", "zip bomb", "entities", "old workbook", "NUL", "many entries", "too large"])
@pytest.mark.django_db
def test_the_page_answers_such_a_file_at_its_field(client, name):
    client.force_login(make_user(Role.REPORTER, make_hospital()))
    answer = upload(client, FILES[name][0])
    assert answer.status_code == 200 and answer.context["form"].errors["file"]


def lines(content: bytes) -> list[dict]:
    return [line.cells for line in read_ledger(content).lines]


def test_what_a_sheet_says_of_its_size_is_not_believed():
    xml = zipfile.ZipFile(io.BytesIO(workbook(row()))).read(SHEET)
    lie = xml.replace(b"<sheetViews>", b'<dimension ref="A1:XFD1048576"/><sheetViews>')
    assert len(lines(with_part(SHEET, lie))) == 1


def test_a_cell_in_the_last_corner_costs_nothing():
    xml = zipfile.ZipFile(io.BytesIO(workbook(row()))).read(SHEET)
    corner = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    assert len(lines(with_part(SHEET, xml.replace(b"</sheetData>", corner)))) == 1


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_header_is_found_below_titles_and_on_every_sheet_and_hidden_sheets_are_left_out():
    book = Workbook()
    for number in range(3):
        sheet = book.active if number == 0 else book.create_sheet(f"第{number}页")
        sheet.append(["某某医院台账"])
        sheet.merge_cells("A1:D1")
        sheet.append([])
        sheet.append(["序号", "活动\n类别", "★活动主题", "活动日期", "服务时长（小时）"])
        sheet.append([1, "义诊", f"第{number}次", date(2023, 6, 1), 2.5])
        sheet.append(["合计", None, None, None, 2.5])
        sheet.append(["填报人：", None, "审核人："])
    book.worksheets[2].sheet_state = "hidden"
    book.create_sheet("说明").append(["怎么填"])
    table = read_ledger(saved(book))
    assert [line.cells["活动主题"] for line in table.lines] == ["第0次", "第1次"]
    assert "服务时长(小时)" in table.headers and len(table.left_out) == 2
    assert table.lines[1].place == "第1页第4行"


def test_rows_that_are_only_numbered_are_no_rows():
    assert len(lines(workbook(row(序号=1), {"序号": 2}, {"序号": 3}))) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_in_any_usual_encoding_and_with_any_delimiter(encoding, delimiter):
    text = (HEADER + "义诊,下乡义诊，送药,2023-06-01\n").replace(",", delimiter)
    assert [cells["活动主题"] for cells in lines(text.encode(encoding))] == ["下乡义诊，送药"]


def test_the_apostrophe_that_guards_our_own_csv_is_taken_off():
    assert lines((HEADER + "义诊,'=1+1,2023-06-01\n").encode())[0]["活动主题"] == "=1+1"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "title", ["\u202e反过来的", "\ufffe非字符", "e\u0301" * 20, "😀" * 80, "a\u200bb", "<script>alert(1)</script>"]
)
def test_strange_characters_are_stored_or_left_out_and_never_run(client, title):
    hospital = make_hospital()
    user = make_user(Role.REPORTER, hospital)
    client.force_login(user)
    content = (HEADER + f"义诊,{title},2023-06-01\n").encode()
    ((_line, planned),) = plan_of(read_ledger(content), hospital, user).rows
    assert planned.outcome == "new"
    page = client.get(upload(client, content, "台账.csv").url).content.decode()
    assert "<script>alert" not in page


@pytest.mark.django_db
@pytest.mark.parametrize("day", [0, 1, 59, 60, 61, -1, 10**9])
def test_days_at_the_edges_of_excels_calendar_never_fail(day):
    book = Workbook()
    book.active.append(["活动类别", "活动主题", "活动日期"])
    book.active.append(["义诊", "下乡", day])
    book.active["C2"].number_format = "yyyy-mm-dd"
    hospital = make_hospital()
    ((_line, planned),) = plan_of(read_ledger(saved(book)), hospital, make_user(Role.REPORTER, hospital)).rows
    assert planned.outcome in {"new", "refused"}
