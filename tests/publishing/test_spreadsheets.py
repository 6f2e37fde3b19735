"""The spreadsheet writer: what is written comes back from a reader, prints as a ledger and never runs."""

import csv
import datetime
import io
import re
import weakref
import zipfile
from decimal import Decimal
from operator import itemgetter
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import load_workbook

from publishing import spreadsheets
from publishing.spreadsheets import (
    Column,
    Sheet,
    csv_rows,
    guarded,
    unguarded,
    write_csv,
    write_xlsx,
    xlsx_blocks,
)

FACTS, HEADER, FIRST = 2, 3, 4  # rows of a sheet

WOULD_RUN = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    '=HYPERLINK("http://127.0.0.1:9/?"&A1,"x")',
    "=cmd|' /C calc'!A0",
    " =1+1",
    "\t=1+1",
    "\n=1+1",
    "\u3000=1+1",
    "\u200b=1+1",
    "\xad=1+1",
    "\ufeff=1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1)",
    "+86 13800000000",
    "\t党课",
    "\n党课",
]


def make_columns():
    """One column of each kind."""
    return (
        Column("序号", itemgetter(0), 6, "number"),
        Column("活动编号", itemgetter(1), 12, wrap=False),
        Column("活动主题", itemgetter(2), 30),
        Column("活动日期", itemgetter(3), 12, "date"),
        Column("活动时间", itemgetter(4), 8, "time"),
        Column("到会率", itemgetter(5), 8, "percent"),
        Column("服务人次", itemgetter(6), 10, "number", total=True, inexact=itemgetter(9)),
        Column("服务时长(小时)", itemgetter(7), 10, "number", total=True),
        Column("填报日期", itemgetter(8), 18, "datetime"),
    )


def make_row(number=1, title="夏季义诊", visits=120, hours=1.5, inexact=False):
    return (
        number,
        "00123",
        title,
        datetime.date(2024, 6, 1),
        datetime.time(8, 30),
        0.95,
        visits,
        hours,
        datetime.datetime(2024, 6, 2, 1, 5, tzinfo=datetime.UTC),
        inexact,
    )


def make_sheet(**changes):
    fields = {
        "title": "测试医院2024年6月党建活动台账",
        "columns": make_columns(),
        "facts": (("填报单位", "测试医院"), ("统计期间", "2024年6月"), ("筛选条件", "无")),
        "signatures": ("填报人", "审核人", "日期"),
        "name": "活动台账",
        "created": datetime.datetime(2024, 7, 1, 8, 30, tzinfo=ZoneInfo("Asia/Shanghai")),
    }
    return Sheet(**fields | changes)


def package(sheet, rows, **options):
    out = io.BytesIO()
    write_xlsx(sheet, rows, out, **options)
    return out


def workbook(sheet=None, rows=None, **options):
    return load_workbook(package(sheet or make_sheet(), [make_row()] if rows is None else rows, **options))


def part(path, sheet=None):
    """One part of the package, as it is stored."""
    with zipfile.ZipFile(package(sheet or make_sheet(), [make_row()])) as parts:
        return parts.read(path).decode()


def text_sheet(**changes):
    return make_sheet(columns=(Column("内容", itemgetter(0), 40, **changes),), facts=())


def text_xml(text, **changes):
    """The worksheet's XML with one text in it."""
    with zipfile.ZipFile(package(text_sheet(**changes), [(text,)])) as parts:
        return parts.read("xl/worksheets/sheet1.xml").decode()


def read_as_excel_does(text):
    """openpyxl leaves the format's own escapes (ECMA-376 part 1, 22.9.2.19) in inline strings; Excel does not."""
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), text)


def xlsx_cell(value, **changes):
    return workbook(text_sheet(**changes), [(value,)]).active["A3"]


def xlsx_text(text):
    return read_as_excel_does(xlsx_cell(text).value)


# -- XLSX: what stands around the rows


def test_the_title_is_one_large_bold_centred_cell_over_all_columns():
    page = workbook().active
    title = page["A1"]
    assert title.value == "测试医院2024年6月党建活动台账"
    assert "A1:I1" in page.merged_cells
    assert (title.font.b, title.alignment.horizontal) == (True, "center")
    assert title.font.sz > page["A4"].font.sz


def test_the_facts_stand_in_one_line_under_the_title():
    page = workbook().active
    assert page["A2"].value == "填报单位：测试医院　　统计期间：2024年6月　　筛选条件：无"
    assert "A2:I2" in page.merged_cells


def test_a_long_line_of_facts_gets_a_higher_row():
    heights = [
        workbook(make_sheet(facts=(("筛选条件", "义诊、" * n),))).active.row_dimensions[FACTS].height for n in (1, 60)
    ]
    assert heights[1] > 2 * heights[0]


def test_without_facts_the_header_follows_the_title():
    assert workbook(make_sheet(facts=())).active["A2"].value == "序号"


def test_the_header_is_bold_bordered_wrapped_and_grey():
    page = workbook().active
    assert [cell.value for cell in page[HEADER]] == [column.header for column in make_columns()]
    cell = page["C3"]
    assert (cell.font.b, cell.border.bottom.style, cell.alignment.wrap_text) == (True, "thin", True)
    assert cell.fill.fgColor.rgb == "FFE7E6E6"


def test_the_header_stays_on_the_screen():
    pane = workbook().active.sheet_view.pane
    assert (pane.topLeftCell, pane.ySplit, pane.state) == ("A4", 3, "frozen")


def test_the_filter_covers_the_header_and_the_rows_but_not_the_totals():
    assert workbook(rows=[make_row(), make_row()]).active.auto_filter.ref == "A3:I5"


def test_columns_have_their_widths():
    page = workbook().active
    assert [round(page.column_dimensions[letter].width) for letter in "ABC"] == [7, 13, 31]


def test_a_sheet_prints_on_landscape_a4_as_wide_as_one_page_and_as_long_as_it_is():
    page = workbook().active
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight) == (1, 0)


def test_each_printed_page_repeats_the_header():
    assert workbook().active.print_title_rows == "$3:$3"


def test_what_is_printed_reaches_from_the_title_to_the_signatures():
    assert workbook().active.print_area == "'活动台账'!$A$1:$I$7"


def test_each_printed_page_carries_its_number():
    assert workbook().active.oddFooter.center.text == "第 &P 页，共 &N 页"


def test_the_document_tells_its_title_and_time_but_no_author():
    properties = workbook().properties
    assert properties.title == "测试医院2024年6月党建活动台账"
    assert properties.created == datetime.datetime(2024, 7, 1, 0, 30)  # noqa: DTZ001 - the format has UTC only
    assert "creator" not in part("docProps/core.xml")


def test_the_title_of_the_document_may_hold_any_character():
    assert workbook(make_sheet(title="甲&<乙>\x07")).properties.title == "甲&<乙>"


def test_an_apostrophe_in_the_name_of_a_worksheet_does_not_break_its_references():
    assert "'党委''s'!$3:$3<" in part("xl/workbook.xml", make_sheet(name="党委's"))


def test_excel_gets_its_own_hidden_name_for_the_filter():
    name = '<definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">'
    assert f"{name}'活动台账'!$A$3:$I$4<" in part("xl/workbook.xml")


def test_excel_does_not_warn_that_codes_look_like_numbers():
    assert '<ignoredError sqref="A1:I7" numberStoredAsText="1"/>' in part("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("2024/06:[义诊]*?\\", "2024-06--义诊----"),
        ("'活动台账' ", "活动台账"),
        ("党" * 40, "党" * 31),
        ("党" * 30 + "'建", "党" * 30),
        ("\U00020bb7" * 40, "\U00020bb7" * 15),
        ("", "测试医院2024年6月党建活动台账"),
        ("'", "Sheet"),
        ('"A&B"', '"A&B"'),
    ],
)
def test_a_worksheet_gets_a_name_that_excel_takes(name, written):
    book = workbook(make_sheet(name=name))
    assert book.sheetnames == [written]
    assert book.active.print_title_rows == "$3:$3"  # the workbook finds the worksheet under its name


def test_signatures_stand_side_by_side_with_room_to_sign():
    page = workbook().active
    assert [page[cell].value for cell in ("A7", "D7", "G7")] == ["填报人：", "审核人：", "日期："]
    assert {"A7:C7", "D7:F7", "G7:I7"} <= {str(area) for area in page.merged_cells.ranges}


def test_more_signatures_than_columns_share_one_cell():
    page = workbook(text_sheet(), [("甲",)]).active
    assert page["A5"].value.split() == ["填报人：", "审核人：", "日期："]


def test_a_sheet_without_signatures_ends_with_the_totals():
    assert workbook(make_sheet(signatures=())).active.max_row == 5


# -- XLSX: rows


@pytest.mark.parametrize(
    ("cell", "value", "number_format"),
    [
        ("A4", 1, "General"),
        ("B4", "00123", "@"),
        ("C4", "夏季义诊", "@"),
        ("D4", datetime.datetime(2024, 6, 1), "yyyy-mm-dd"),  # noqa: DTZ001 - a spreadsheet knows no zones
        ("E4", datetime.time(8, 30), "hh:mm"),
        ("F4", 0.95, "0.0%"),
        ("G4", 120, "General"),
        ("H4", 1.5, "General"),
        ("I4", datetime.datetime(2024, 6, 2, 9, 5), "yyyy-mm-dd hh:mm"),  # noqa: DTZ001
    ],
)
def test_each_kind_is_written_as_what_it_is(cell, value, number_format):
    written = workbook().active[cell]
    assert (written.value, type(written.value), written.number_format) == (value, type(value), number_format)


def test_times_are_those_of_the_office_whatever_zone_is_active():
    with timezone.override(ZoneInfo("America/New_York")):
        assert workbook().active["I4"].value == datetime.datetime(2024, 6, 2, 9, 5)  # noqa: DTZ001


def test_a_moment_in_a_date_column_is_the_day_it_was_in_the_office():
    evening = datetime.datetime(2024, 5, 31, 17, tzinfo=datetime.UTC)
    assert xlsx_cell(evening, kind="date").value == datetime.datetime(2024, 6, 1)  # noqa: DTZ001


@pytest.mark.parametrize("kind", ["text", "number", "date", "datetime", "time", "percent"])
@pytest.mark.parametrize("empty", [None, ""])
def test_an_empty_cell_is_empty_and_keeps_its_border(kind, empty):
    cell = xlsx_cell(empty, kind=kind)
    assert (cell.value, cell.border.left.style) == (None, "thin")


def test_zero_is_not_empty():
    assert xlsx_cell(0, kind="number").value == 0


@pytest.mark.parametrize(
    ("kind", "value", "written"),
    [
        ("number", "几百", "几百"),
        ("number", float("nan"), "nan"),
        ("number", Decimal("Infinity"), "Infinity"),
        ("number", True, "True"),
        ("date", datetime.date(1900, 2, 28), "1900-02-28"),
        ("date", "时间未载明", "时间未载明"),
        ("datetime", datetime.date(2024, 6, 1), "2024-06-01"),
        ("datetime", datetime.datetime(1899, 6, 1, 8, tzinfo=datetime.UTC), "1899-06-01 16:05:43"),
        ("time", "上午", "上午"),
        ("text", 370828, "370828"),
        ("text", datetime.date(2024, 6, 1), "2024-06-01"),
    ],
)
def test_what_a_kind_cannot_hold_is_written_as_text(kind, value, written):
    cell = xlsx_cell(value, kind=kind)
    assert (cell.value, cell.data_type) == (written, "s")


@pytest.mark.parametrize(
    "value",
    [datetime.date(1900, 3, 1), datetime.date(1921, 7, 1), datetime.date(2000, 2, 29), datetime.date(9999, 12, 31)],
)
def test_dates_stay_the_same_day(value):
    assert xlsx_cell(value, kind="date").value.date() == value


def test_a_decimal_keeps_its_digits():
    assert ">12.50<" in text_xml(Decimal("12.50"), kind="number")


def test_rows_are_bordered_and_begin_at_the_top():
    for cell in workbook().active[FIRST]:
        assert (cell.border.top.style, cell.border.right.style, cell.alignment.vertical) == ("thin", "thin", "top")


def test_long_text_wraps_where_the_column_says_so():
    page = workbook().active
    assert (page["C4"].alignment.wrap_text, page["B4"].alignment.wrap_text) == (True, None)


def test_columns_past_z_get_two_letters():
    columns = [Column(str(n), itemgetter(n), 5, "number") for n in range(703)]
    page = workbook(make_sheet(columns=columns), [range(703)]).active
    assert [page[cell].value for cell in ("Z4", "AA4", "ZZ4", "AAA4")] == [25, 26, 701, 702]


# -- XLSX: text


@pytest.mark.parametrize(
    "text",
    [
        *WOULD_RUN,
        "'=1+1",
        "-12.5",
        "1E5",
        "TRUE",
        "#N/A",
        "2024-01-02",
        "110101199001011234",
        "http://127.0.0.1/",
        "<b>&amp;</b>",
        "<r><t>x</t></r></is></c><c><f>1+1</f></c><c><is><r><t>y</t></r>",
        "  前后空格  ",
        "第一行\n第二行",
        "中文\u3000医院",
        "\U00020bb7\U0001f468\u200d\U0001f469",
        "a\x00b\x0bc\x1fd",
        "a\ufffeb\uffffc",
        "_x0041_",
        "_x0041_x0042_",
        "_x0041\x0b",
    ],
)
def test_text_comes_back_the_same_and_runs_nothing(text):
    page = workbook(text_sheet(), [(text,)])
    assert read_as_excel_does(page.active["A3"].value) == text
    xml = text_xml(text)
    assert "<f>" not in xml
    assert "<hyperlink" not in xml


def test_spaces_at_the_ends_are_marked_to_be_kept():
    assert '<t xml:space="preserve"> 空格 </t>' in text_xml(" 空格 ")


@given(st.text(st.one_of(st.characters(exclude_characters="\r"), st.sampled_from("_x0041\x0b\ufffe<&=")), min_size=1))
@example("_x005F_x0041_")
def test_any_text_comes_back_the_same(text):
    assert xlsx_text(text) == text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


@pytest.mark.parametrize("line_break", ["\r\n", "\r"])
def test_any_line_break_becomes_the_one_that_cells_use(line_break):
    assert xlsx_text(f"第一行{line_break}第二行") == "第一行\n第二行"


def test_half_a_character_is_replaced():
    assert xlsx_text("a\ud83db") == "a\ufffdb"


@pytest.mark.parametrize("text", WOULD_RUN)
def test_text_that_would_run_is_marked_so_that_it_stays_text_when_edited(text):
    assert xlsx_cell(text).quotePrefix
    assert xlsx_cell(text, wrap=False).quotePrefix


@pytest.mark.parametrize("text", ["夏季义诊", "-12.5", "（一）", "00123"])
def test_other_text_is_not_marked(text):
    assert not xlsx_cell(text).quotePrefix


def test_text_of_more_than_255_characters_is_not_under_the_text_format():
    assert (xlsx_cell("党" * 255).number_format, xlsx_cell("党" * 256).number_format) == ("@", "General")


def test_the_longest_text_that_a_cell_takes_is_whole():
    assert xlsx_text("党" * 32767) == "党" * 32767


def test_a_longer_text_is_cut_and_says_so():
    assert xlsx_text("党" * 32768) == "党" * 32766 + "…"


def test_a_cut_does_not_halve_a_character():
    assert xlsx_text("a" + "\U00020bb7" * 20000) == "a" + "\U00020bb7" * 16382 + "…"


def test_the_facts_and_the_title_run_nothing_either():
    page = workbook(make_sheet(title="=1+1", facts=(("筛选条件", "<r></is></c><c><f>1+1</f></c>"),))).active
    assert (page["A1"].value, page["A1"].data_type) == ("=1+1", "s")
    assert page["A2"].value == "筛选条件：<r></is></c><c><f>1+1</f></c>"


# -- XLSX: totals


def test_totals_stand_under_the_columns_that_ask_for_them_and_are_numbers():
    page = workbook(rows=[make_row(visits=120), make_row(visits=30)]).active
    assert [cell.value for cell in page[6]] == ["合计", None, None, None, None, None, 150, 3, None]


def test_totals_of_decimal_fractions_are_exact():
    page = workbook(rows=[make_row(hours=0.1), make_row(hours=0.2), make_row(hours=Decimal("0.3"))]).active
    assert page["H7"].value == 0.6


def test_a_total_of_nothing_is_empty_and_not_zero():
    assert workbook(rows=[make_row(visits=None), make_row(visits="几百")]).active["G6"].value is None


def test_a_total_of_zeros_is_zero():
    assert workbook(rows=[make_row(visits=0)]).active["G5"].value == 0


def test_words_in_a_number_column_do_not_spoil_its_total():
    assert workbook(rows=[make_row(visits="几百"), make_row(visits=5)]).active["G6"].value == 5


def test_the_totals_row_says_how_many_parts_are_approximate():
    page = workbook(rows=[make_row(inexact=True), make_row(), make_row(inexact=True)]).active
    assert page["A7"].value == "合计（服务人次含约数2项）"
    assert page["G7"].value == 360


def test_the_label_of_the_totals_row_takes_the_columns_before_the_first_total():
    assert "A5:F5" in workbook().active.merged_cells


def test_a_sheet_with_no_total_has_no_totals_row():
    assert workbook(make_sheet(columns=make_columns()[:3], signatures=())).active.max_row == FIRST


def test_the_first_column_cannot_have_a_total():
    with pytest.raises(ValueError, match="合计"):
        make_sheet(columns=(Column("服务人次", itemgetter(0), kind="number", total=True),))


def test_a_column_of_text_cannot_have_a_total():
    with pytest.raises(ValueError, match="服务人次"):
        Column("服务人次", itemgetter(0), total=True)


# -- XLSX: many rows, and none


def test_the_number_of_rows_is_told():
    assert write_xlsx(make_sheet(), [make_row()] * 3, io.BytesIO()) == 3


def test_a_sheet_with_no_rows_still_has_its_frame():
    page = workbook(rows=[]).active
    assert (page["A4"].value, page["G4"].value, page.auto_filter.ref) == ("合计", None, "A3:I3")


def test_rows_past_the_limit_go_on_in_a_second_worksheet():
    book = workbook(rows=(make_row(n) for n in range(1, 6)), max_rows=9)
    assert book.sheetnames == ["活动台账", "活动台账(2)"]
    assert [[page[f"A{row}"].value for row in range(FIRST, page.max_row + 1)] for page in book] == [
        [1, 2, 3],
        [4, 5, "合计", None, "填报人："],
    ]


def test_no_worksheet_is_longer_than_the_limit():
    for count in range(8):
        book = workbook(rows=[make_row()] * count, max_rows=9)
        assert all(page.max_row <= 9 for page in book)
        assert sum(page.auto_filter.ref.count(":") for page in book) == len(book.sheetnames)


def test_a_second_worksheet_has_header_filter_and_print_settings_of_its_own():
    second = workbook(rows=[make_row()] * 5, max_rows=9).worksheets[1]
    assert (second["A3"].value, second.auto_filter.ref) == ("序号", "A3:I5")
    assert (second.freeze_panes, second.print_title_rows) == ("A4", "$3:$3")
    assert second.print_area == "'活动台账(2)'!$A$1:$I$8"


def test_a_long_name_leaves_room_for_the_number_of_the_worksheet():
    book = workbook(make_sheet(name="党" * 40), rows=[make_row()] * 5, max_rows=9)
    assert book.sheetnames == ["党" * 31, "党" * 28 + "(2)"]


def test_totals_cover_all_worksheets_and_stand_on_the_last():
    book = workbook(rows=[make_row(visits=10)] * 5, max_rows=9)
    assert [page["G6"].value for page in book] == [10, 50]


def test_a_full_worksheet_is_not_followed_by_an_empty_one():
    assert len(workbook(rows=[make_row()] * 3, max_rows=9).sheetnames) == 1


def test_a_worksheet_stays_below_the_size_that_every_reader_takes(monkeypatch):
    monkeypatch.setattr(spreadsheets, "MAX_PART", 100_000)
    book = load_workbook(package(text_sheet(), [("党" * 30_000,)] * 5))
    assert len(book.sheetnames) > 1
    assert sum(cell.value == "党" * 30_000 for page in book for cell in page["A"]) == 5


class WatchedRow:
    """A row that weak references can count; tuples cannot be counted."""

    def __getitem__(self, place):
        return make_row()[place]


@pytest.mark.parametrize("write", [write_xlsx, lambda sheet, rows, out: write_csv(sheet.columns, rows, out)])
def test_rows_are_not_kept_in_memory(write):
    alive = weakref.WeakSet()
    most = 0

    def rows():
        nonlocal most
        for _ in range(1000):
            row = WatchedRow()
            alive.add(row)
            most = max(most, len(alive))
            yield row

    assert write(make_sheet(), rows(), io.BytesIO()) == 1000
    assert most < 5


def test_a_workbook_that_is_sent_while_it_is_written_is_the_same_workbook():
    rows = [make_row(number) for number in range(1, 501)]
    sent = io.BytesIO(b"".join(xlsx_blocks(make_sheet(), iter(rows))))
    assert cells_of(sent) == cells_of(package(make_sheet(), rows))


def cells_of(file) -> list:
    return [[(cell.value, cell.number_format) for cell in row] for row in load_workbook(file).active]


def test_a_workbook_begins_before_the_first_row_is_there():
    read = []

    def rows():
        read.append(True)
        yield make_row()

    assert next(xlsx_blocks(make_sheet(), rows())).startswith(b"PK")
    assert not read


@pytest.mark.parametrize(
    "blocks", [xlsx_blocks, lambda sheet, rows: csv_rows(sheet.columns, rows)], ids=["xlsx", "csv"]
)
def test_a_download_that_is_broken_off_ends_the_reading(blocks):
    ended = []

    def rows():
        try:
            for number in range(1, 100_000):
                yield make_row(number)
        finally:
            ended.append(True)

    sending = blocks(make_sheet(), (row for row in rows()))
    next(sending)
    next(sending)
    sending.close()
    del sending
    assert ended


# -- CSV


def csv_bytes(*rows, columns=None):
    return b"".join(csv_rows(columns or make_columns(), rows))


def csv_cell(text, delimiter=","):
    """What a reader finds in the one cell of the one row."""
    data = csv_bytes((text,), columns=[Column("内容", itemgetter(0))]).decode("utf-8-sig")
    (row,) = list(csv.reader(io.StringIO(data, newline=""), delimiter=delimiter))[1:]
    return row


def test_a_csv_is_utf8_with_bom_and_crlf_and_begins_with_the_header():
    assert (
        csv_bytes(make_row())
        == (
            "\ufeff序号,活动编号,活动主题,活动日期,活动时间,到会率,服务人次,服务时长(小时),填报日期\r\n"
            "1,00123,夏季义诊,2024-06-01,08:30,0.95,120,1.5,2024-06-02 09:05:00\r\n"
        ).encode()
    )


def test_an_empty_cell_of_a_csv_is_empty():
    assert csv_bytes((None, "", 0), columns=make_columns()[:3]).endswith(b"\r\n,,0\r\n")


def test_a_decimal_in_a_csv_has_no_exponent():
    assert csv_bytes((Decimal("1E+3"),), columns=make_columns()[:1]).endswith(b"\r\n1000\r\n")


@pytest.mark.parametrize("text", WOULD_RUN)
def test_text_that_would_run_has_an_apostrophe_in_front(text):
    assert csv_cell(text) == ["'" + text]


@pytest.mark.parametrize("text", ["夏季义诊", "-12.5", "+8", "8-1=7", "邮箱 a@b.cn", "（一）", '"=1+1', "  空格"])
def test_text_that_runs_nothing_is_left_alone(text):
    assert csv_cell(text) == [text]


@given(st.text(st.one_of(st.characters(), st.sampled_from("'=+-@＝ \t1")), max_size=8))
@example("'=1+1")
@example("''=1+1")
@example("'-1")
def test_the_apostrophe_comes_off_again_and_only_ours(text):
    assert unguarded(guarded(text)) == text


def test_a_hidden_control_character_does_not_hide_a_formula():
    assert csv_cell("\x00\x07=1+1") == ["'=1+1"]


def test_control_characters_are_left_out_of_a_csv():
    assert csv_cell("a\x00b\x0bc\x1fd") == ["abcd"]


@pytest.mark.parametrize("text", ["a,=1+1", 'a";=1+1;"', "';=1+1", "a\t=1+1", "a|=1+1", "a\n=1+1", " 空格 "])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_text_stays_one_cell_whatever_the_reader_takes_for_a_separator(text, delimiter):
    assert [cell.removeprefix("'") for cell in csv_cell(text, delimiter)] == [text.removeprefix("'")]


def test_spaces_at_the_ends_are_quoted_against_readers_that_trim():
    columns = [Column("甲", itemgetter(0)), Column("乙", itemgetter(1))]
    assert csv_bytes((" 空格", "空格 "), columns=columns).endswith('\r\n" 空格","空格 "\r\n'.encode())


def test_line_breaks_within_a_csv_cell_differ_from_those_between_rows():
    assert csv_bytes(("甲\r\n乙",), columns=[Column("内容", itemgetter(0))]).endswith('"甲\n乙"\r\n'.encode())


def test_half_a_character_does_not_stop_a_csv():
    assert csv_cell("a\ud83db") == ["a\ufffdb"]


def test_a_csv_is_sent_before_all_rows_are_read():
    read = 0

    def rows():
        nonlocal read
        for row in [make_row()] * 1000:
            read += 1
            yield row

    next(csv_rows(make_columns(), rows()))
    assert read < 1000


def test_a_csv_of_many_blocks_has_every_row_once():
    lines = csv_bytes(*(make_row(n) for n in range(1, 1001))).decode().splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == [str(n) for n in range(1, 1001)]


def test_a_csv_tells_the_number_of_rows():
    out = io.BytesIO()
    assert write_csv(make_columns(), [make_row()] * 3, out) == 3
    assert out.getvalue() == csv_bytes(*[make_row()] * 3)


# -- File names


@pytest.mark.parametrize(
    ("text", "height"), [("短", 16), ("一二三四五六七八九十甲乙", 48), ("甲\n乙", 32), ("长" * 9999, 409)]
)
def test_a_row_is_as_high_as_its_tallest_text(text, height):
    """Without it a program that does not fit rows by itself prints only the first line."""
    out = io.BytesIO()
    write_xlsx(Sheet("台账", [Column("内容", lambda row: row, width=10)]), [text], out)
    assert load_workbook(out).active.row_dimensions[3].height == height


def test_the_same_sheet_is_the_same_bytes_whatever_the_hour(monkeypatch):
    sheet = Sheet(
        "台账", [Column("内容", lambda row: row)], created=datetime.datetime(2023, 6, 30, tzinfo=datetime.UTC)
    )
    before = b"".join(xlsx_blocks(sheet, ["义诊"]))
    monkeypatch.setattr("time.localtime", lambda *_moment: pytest.fail("the clock was asked"))
    assert b"".join(xlsx_blocks(sheet, ["义诊"])) == before


def test_no_piece_of_a_workbook_is_empty_which_some_servers_take_for_the_end():
    assert all(xlsx_blocks(Sheet("台账", [Column("内容", lambda row: row)]), ["义诊"] * 2000))
