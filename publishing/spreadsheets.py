"""The one writer of spreadsheets: a sheet to print and hand in (XLSX), and the same rows for machines (CSV).

Rows are streamed: memory stays flat however many there are. The XLSX parts are written by ooxml.py and not by a library;
docs/decisions/0005-spreadsheets.md says why.

Text goes out as the text it is and never runs as a formula. What the kind of a column cannot hold (几百 in a number
column, a date before Excel's calendar begins) is written as text, so that nothing is lost.
"""

import datetime
import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, BinaryIO
from unicodedata import east_asian_width
from zipfile import ZIP_DEFLATED, ZipFile

from django.utils import timezone

from publishing.ooxml import (
    CONTENT_TYPES,
    CONTROLS,
    MAIN_NAMESPACE,
    MAX_CELL,
    RELATIONSHIPS,
    XML_DECLARATION,
    Kind,
    Value,
    cut,
    letters_of,
    number_cell,
    properties,
    serial,
    styles,
    text_cell,
    workbook,
    workbook_relationships,
    xml_text,
)
from publishing.outlet import Outlet

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"

# Excel's limits: rows of a worksheet, UTF-16 units of its name.
MAX_ROWS = 1_048_576
MAX_NAME = 31
# Bytes of a worksheet's XML: past 2 GiB it would need ZIP64, which not every reader takes.
MAX_PART = 2_000_000_000


@dataclass(frozen=True)
class Column:
    """One column. `value` takes a row and gives the cell; None and "" leave it empty. `width` is in digits.

    `inexact` takes a row and says whether its number is approximate; the totals row tells how many were.
    """

    header: str
    value: Callable[[Any], object]
    width: float = 12
    kind: Kind = "text"
    total: bool = False
    wrap: bool = True
    inexact: Callable[[Any], bool] | None = None

    def __post_init__(self) -> None:
        if self.total and self.kind != "number":
            raise ValueError(f"Only a number column can have a total: {self.header}")


@dataclass(frozen=True)
class Sheet:
    """What stands around the rows. `name` is the worksheet's, the title unless given."""

    title: str
    columns: Sequence[Column]
    facts: Sequence[tuple[str, str]] = ()
    signatures: Sequence[str] = ()
    name: str = ""
    created: datetime.datetime = field(default_factory=timezone.now)

    def __post_init__(self) -> None:
        if self.columns[0].total:
            raise ValueError(f"The first column says 合计 and cannot have a total: {self.columns[0].header}")


def export_facts(created: datetime.datetime, exported_by: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """When a sheet was taken away, and by whom."""
    return ("导出时间", f"{created:%Y-%m-%d %H:%M}"), ("导出人", exported_by)


# -- Values: what the kind of a column makes of what `value` gave. None becomes "".

_SURROGATES = re.compile("[\ud800-\udfff]")


def _text(value: object) -> str:
    """A line break is LF, as everywhere inside cells; half a surrogate pair is no character and becomes U+FFFD."""
    if not value and (value is None or value == ""):
        return ""
    text = str(value)
    if not text.isprintable():
        text = _SURROGATES.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    return text


def _number(value: object) -> Value:
    if value is None:
        return ""
    is_number = isinstance(value, int | float | Decimal) and not isinstance(value, bool) and math.isfinite(value)
    return value if is_number else _text(value)


def _wall_time(value: datetime.datetime) -> datetime.datetime:
    """What the office's clock shows (TIME_ZONE), whichever zone is active for the reader."""
    return timezone.make_naive(value, timezone.get_default_timezone()) if timezone.is_aware(value) else value


def _date(value: object) -> Value:
    if isinstance(value, datetime.datetime):
        return _wall_time(value).date()
    return value if isinstance(value, datetime.date) else _text(value)


def _datetime(value: object) -> Value:
    return _wall_time(value) if isinstance(value, datetime.datetime) else _text(value)


def _time(value: object) -> Value:
    return value if isinstance(value, datetime.time) else _text(value)


_VALUES: dict[Kind, Callable[[object], Value]] = {
    "text": _text,
    "number": _number,
    "percent": _number,
    "date": _date,
    "datetime": _datetime,
    "time": _time,
}


def line_reader(columns: Sequence[Column]) -> Callable[[Any], list[Value]]:
    """What makes of a row its cells, each as the kind of its column holds it."""
    values = [(column.value, _VALUES[column.kind]) for column in columns]
    return lambda row: [clean(value(row)) for value, clean in values]


# -- Formulas: what a spreadsheet would run, on opening a CSV or when somebody edits a cell.

_INVISIBLE = r"[\s\x00-\x1f\x7f-\x9f\xad\u180e\u200b-\u200f\u2060-\u2064\ufeff]"
# A tab or a line break in front is dropped by some readers, and what follows it moves to the start.
_FORMULA = re.compile(rf"'*(?:{_INVISIBLE}*[=+\-@＝＋－＠﹦﹢﹣﹫]| *[\t\n])")
_SIGNED_NUMBER = re.compile(r"[+-][0-9]+(?:\.[0-9]+)?")


def _would_run(text: str) -> bool:
    """A signed number runs nothing. Apostrophes before a formula count, so that `unguarded` tells ours from theirs."""
    if text[:1].isalnum():  # nearly every text
        return False
    return _FORMULA.match(text) is not None and _SIGNED_NUMBER.fullmatch(text) is None


def guarded(text: str) -> str:
    """An apostrophe before what would run: CSV has no other way to say that a cell is text."""
    return "'" + text if _would_run(text) else text


def unguarded(text: str) -> str:
    """The text that `guarded` was given: for reading our own CSV back in."""
    return text[1:] if text[:1] == "'" and _would_run(text[1:]) else text


# -- CSV

_CSV_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f]")  # has no form in CSV, and NUL stops some readers
_CSV_QUOTED = re.compile(r'[",;|\t\n]|^ | $')  # whatever some reader takes for the end of a cell, or trims
_CSV_BLOCK = 200  # rows to a block


def _csv_cell(value: Value) -> str:
    if value == "":
        return ""
    if isinstance(value, str):
        if not value.isprintable():
            value = _CSV_UNWRITABLE.sub("", value)
        value = guarded(value)
        return '"' + value.replace('"', '""') + '"' if _CSV_QUOTED.search(value) else value
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, datetime.time):
        return value.isoformat("minutes")
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)  # 30, not 30.00


def csv_rows(columns: Sequence[Column], rows: Iterable[Any]) -> Iterator[bytes]:
    """UTF-8 with BOM, CRLF, the header in the first line; in blocks of rows, as a StreamingHttpResponse takes them."""
    read = line_reader(columns)
    lines = ["\ufeff" + ",".join(_csv_cell(_text(column.header)) for column in columns)]
    for row in rows:
        if len(lines) == _CSV_BLOCK:
            yield ("\r\n".join(lines) + "\r\n").encode()
            lines = []
        lines.append(",".join([_csv_cell(value) for value in read(row)]))
    yield ("\r\n".join(lines) + "\r\n").encode()


def write_csv(columns: Sequence[Column], rows: Iterable[Any], out: BinaryIO) -> int:
    """Returns the number of rows, not counting the header."""
    written = 0

    def counted() -> Iterator[Any]:
        nonlocal written
        for row in rows:
            written += 1
            yield row

    out.writelines(csv_rows(columns, counted()))
    return written


# -- XLSX: the sheet, from its title to its signatures


@dataclass
class _Total:
    """The sum of a column: exact, and None where no row had a number."""

    column: Column
    sum: int | Decimal | None = None
    inexact: int = 0

    def add(self, value: Value, row: Any) -> None:
        if value == "":
            return
        if not isinstance(value, str):
            self.sum = (self.sum or 0) + (Decimal(str(value)) if isinstance(value, float) else value)
        if self.column.inexact is not None and self.column.inexact(row):
            self.inexact += 1


class Totals:
    """The sums under a sheet, while its rows go by."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._by_place = {place: _Total(column) for place, column in enumerate(columns) if column.total}

    def __bool__(self) -> bool:
        return bool(self._by_place)

    def add(self, line: Sequence[Value], row: Any) -> None:
        for place, total in self._by_place.items():
            total.add(line[place], row)

    @property
    def first(self) -> int:
        """The place of the first column with a total: what comes before it is the label's."""
        return min(self._by_place)

    @property
    def label(self) -> str:
        """合计, and of which columns how many numbers are not exact."""
        totals = self._by_place.values()
        notes = [f"{_text(total.column.header)}含约数{total.inexact}项" for total in totals if total.inexact]
        return f"合计（{'，'.join(notes)}）" if notes else "合计"

    def at(self, place: int) -> int | Decimal | None:
        return self._by_place[place].sum if place in self._by_place else None


def _body_cell(letters: str, column: Column) -> Callable[[Value, int], str]:
    """Writes the cells of a column. What they have in common is put together here, once and not for every row."""
    kind, wrapped = column.kind, " wrapped" if column.wrap else ""
    reference = f"{letters}{_ROW}"
    empty_start, empty_end = _pieces(text_cell(reference, f"text{wrapped}"))
    plain, quoted = (_pieces(text_cell(reference, f"{name}{wrapped}", _CONTENT)) for name in ("text", "quoted"))
    number_start, number_middle, number_end = _pieces(number_cell(reference, kind, _CONTENT))

    def cell(value: Value, row: int) -> str:
        if value == "":  # as most cells are
            return f"{empty_start}{row}{empty_end}"
        if not isinstance(value, str):
            number = serial(value)
            if number is not None:
                return f"{number_start}{row}{number_middle}{number}{number_end}"
            value = str(value)
        # Old versions of Excel show more than 255 characters as ##### under the number format of text.
        start, middle, end = quoted if len(value) > 255 or _would_run(value) else plain
        return f"{start}{row}{middle}{xml_text(cut(value, MAX_CELL))}{end}"

    return cell


# In a cell that is a pattern for others they stand for the number of its row and for what it holds.
_ROW, _CONTENT = "\ue000", "\ue001"


def _pieces(cell: str) -> list[str]:
    return re.split(f"[{_ROW}{_CONTENT}]", cell)


_LINE_HEIGHT = 16  # points, of 11-point text
_MAX_HEIGHT = 409  # points: Excel's limit of a row


def _height(texts: Iterable[tuple[str, float]]) -> int:
    """Points for the tallest of (text, width of its column): not every program fits rows to wrapped text by itself.

    In GB 18030 a Han character takes two bytes and a Latin one takes one, which is also how wide they stand.
    """
    lines = 1
    for text, width in texts:
        if 2 * len(text) <= width and "\n" not in text:
            continue
        size = len(text.encode("gb18030", "replace"))
        if size > width or "\n" in text:
            parts = (len(part.encode("gb18030", "replace")) for part in text.split("\n"))
            room = max(1, width - 1)  # a line may end early, before a character that cannot begin the next
            lines = max(lines, sum(max(1, math.ceil(part / room)) for part in parts))
    return min(_MAX_HEIGHT, lines * _LINE_HEIGHT)


class _Page:
    """The rows around the body of one worksheet, and the settings that need to know where they stand."""

    def __init__(self, sheet: Sheet, number: int) -> None:
        self.sheet = sheet
        suffix = f"({number})" if number > 1 else ""
        name = re.sub(rf"[\[\]:*?/\\\t\n{CONTROLS}]", "-", _text(sheet.name or sheet.title)).strip(" '")
        self.name = (cut(name, MAX_NAME - len(suffix), mark="").rstrip(" '") or "Sheet") + suffix
        self.letters = [letters_of(place) for place in range(len(sheet.columns))]
        self.header_row = 3 if sheet.facts else 2
        self.last_body_row = self.last_row = self.header_row
        self.merged: list[str] = []

    def _merge(self, row: int, format_name: str, text: str, start: int, end: int) -> str:
        """The columns from start to before end as one cell."""
        if end - start > 1:
            self.merged.append(f"{self.letters[start]}{row}:{self.letters[end - 1]}{row}")
        blanks = "".join(text_cell(f"{letters}{row}", format_name) for letters in self.letters[start + 1 : end])
        return text_cell(f"{self.letters[start]}{row}", format_name, text) + blanks

    def _line(self, row: int, format_name: str, text: str, size: int) -> str:
        """One text over the whole width. Excel fits no height to merged cells, so it is worked out here."""
        width = sum(2 if east_asian_width(character) in "WF" else 1 for character in text) * size / 11
        lines = max(1, math.ceil(width / sum(column.width for column in self.sheet.columns)))
        cells = self._merge(row, format_name, text, 0, len(self.letters))
        return f'<row r="{row}" ht="{lines * size * 1.4 + 8:.1f}" customHeight="1">{cells}</row>'

    def top(self) -> str:
        widths = "".join(
            f'<col min="{n}" max="{n}" width="{column.width + 0.7:.2f}" customWidth="1"/>'
            for n, column in enumerate(self.sheet.columns, 1)
        )
        lines = self._line(1, "title", _text(self.sheet.title), 18)
        if self.sheet.facts:
            facts = "　　".join(f"{_text(name)}：{_text(fact)}" for name, fact in self.sheet.facts)
            lines += self._line(2, "facts", facts, 11)
        header = "".join(
            text_cell(f"{letters}{self.header_row}", "header", _text(column.header))
            for letters, column in zip(self.letters, self.sheet.columns, strict=True)
        )
        height = _height((_text(column.header), column.width) for column in self.sheet.columns)
        return (
            f'{XML_DECLARATION}<worksheet xmlns="{MAIN_NAMESPACE}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews>'
            f'<sheetView workbookViewId="0"><pane ySplit="{self.header_row}" topLeftCell="A{self.header_row + 1}"'
            ' activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>'
            f'<cols>{widths}</cols><sheetData>{lines}<row r="{self.header_row}" ht="{height}">{header}</row>'
        )

    def _totals(self, row: int, totals: Totals) -> str:
        cells = self._merge(row, "label", totals.label, 0, totals.first)
        for place, letters in enumerate(self.letters[totals.first :], totals.first):
            total, reference = totals.at(place), f"{letters}{row}"
            cells += text_cell(reference, "sum") if total is None else number_cell(reference, "sum", total)
        return f'<row r="{row}">{cells}</row>'

    def _signatures(self, row: int) -> str:
        """Side by side, with room to sign behind each."""
        texts = [f"{_text(signature)}：" for signature in self.sheet.signatures]
        if len(texts) > len(self.letters):
            texts = ["　　　　　　".join(texts)]
        edges = [len(self.letters) * n // len(texts) for n in range(len(texts) + 1)]
        cells = [self._merge(row, "signature", text, edges[n], edges[n + 1]) for n, text in enumerate(texts)]
        return f'<row r="{row}" ht="36" customHeight="1">{"".join(cells)}</row>'

    def bottom(self, last_body_row: int, totals: Totals, *, last: bool) -> str:
        self.last_body_row = self.last_row = last_body_row
        rows = ""
        if last and totals:
            self.last_row += 1
            rows += self._totals(self.last_row, totals)
        if last and self.sheet.signatures:
            self.last_row += 2
            rows += self._signatures(self.last_row)
        merged = "".join(f'<mergeCell ref="{reference}"/>' for reference in self.merged)
        right = self.letters[-1]
        return (
            f'{rows}</sheetData><autoFilter ref="A{self.header_row}:{right}{self.last_body_row}"/>'
            + (f'<mergeCells count="{len(self.merged)}">{merged}</mergeCells>' if merged else "")
            + '<printOptions horizontalCentered="1"/>'
            '<pageMargins left="0.4" right="0.4" top="0.6" bottom="0.7" header="0.3" footer="0.3"/>'
            '<pageSetup paperSize="9" fitToWidth="1" fitToHeight="0" orientation="landscape"/>'
            "<headerFooter><oddFooter>&amp;C第 &amp;P 页，共 &amp;N 页</oddFooter></headerFooter>"
            f'<ignoredErrors><ignoredError sqref="A1:{right}{self.last_row}" numberStoredAsText="1"/></ignoredErrors>'
            "</worksheet>"
        )

    def defined_names(self, place: int) -> str:
        """What the workbook keeps for a worksheet: its filter, the area to print, the row that each page repeats."""
        sheet = xml_text("'" + self.name.replace("'", "''") + "'")
        right, header = self.letters[-1], self.header_row
        return (
            f'<definedName name="_xlnm._FilterDatabase" localSheetId="{place}" hidden="1">'
            f"{sheet}!$A${header}:${right}${self.last_body_row}</definedName>"
            f'<definedName name="_xlnm.Print_Area" localSheetId="{place}">'
            f"{sheet}!$A$1:${right}${self.last_row}</definedName>"
            f'<definedName name="_xlnm.Print_Titles" localSheetId="{place}">'
            f"{sheet}!${header}:${header}</definedName>"
        )


_NO_ROW = object()
_BUFFER = 1 << 16  # characters
_LEVEL = 3  # of compression: a fifth faster than the usual 6 for a file a fifth larger


def write_xlsx(sheet: Sheet, rows: Iterable[Any], out: BinaryIO, *, max_rows: int = MAX_ROWS) -> int:
    """Returns the number of rows. Past `max_rows` lines they go on in a further worksheet; totals end the last one."""
    written = 0
    for written in _xlsx(sheet, rows, out, max_rows):  # noqa: B007 - the last one is the answer
        pass
    return written


def xlsx_blocks(sheet: Sheet, rows: Iterable[Any]) -> Iterator[bytes]:
    """The same file piece by piece while the rows are read, as a StreamingHttpResponse takes them."""
    out = Outlet()
    for _written in _xlsx(sheet, rows, out, MAX_ROWS):
        if block := out.take():
            yield block


def _part(package: ZipFile, name: str, xml: str) -> None:
    """Not by ``writestr``, which would put the hour into the file: the same sheet is the same bytes."""
    with package.open(name, "w") as part:
        part.write(xml.encode())


def _xlsx(sheet: Sheet, rows: Iterable[Any], out: BinaryIO, max_rows: int) -> Iterator[int]:
    """Says now and then how many rows have been written, at last how many there are."""
    read, totals = line_reader(sheet.columns), Totals(sheet.columns)
    cells = [_body_cell(letters_of(place), column) for place, column in enumerate(sheet.columns)]
    wrapped = [(place, column.width) for place, column in enumerate(sheet.columns) if column.wrap]
    last_body_row = max_rows - 3  # room for the totals, a blank line and the signatures
    pages: list[_Page] = []
    written = 0
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as package:
        _part(package, "[Content_Types].xml", CONTENT_TYPES)
        _part(package, "_rels/.rels", RELATIONSHIPS)
        _part(package, "docProps/core.xml", properties(_text(sheet.title), sheet.created))
        _part(package, "xl/styles.xml", styles())
        yield 0  # a download has begun before the first row is there
        rows = iter(rows)
        row = next(rows, _NO_ROW)
        while not pages or row is not _NO_ROW:
            page = _Page(sheet, len(pages) + 1)
            pages.append(page)
            with package.open(f"xl/worksheets/sheet{len(pages)}.xml", "w") as part:
                buffer, buffered, size, number = [page.top()], 0, 0, page.header_row
                while row is not _NO_ROW and number < last_body_row and size < MAX_PART:
                    number += 1
                    line = read(row)
                    totals.add(line, row)
                    xml = "".join([cell(value, number) for cell, value in zip(cells, line, strict=True)])
                    height = _height([(line[place], width) for place, width in wrapped if isinstance(line[place], str)])
                    buffer.append(f'<row r="{number}" ht="{height}">{xml}</row>')
                    buffered += len(xml)
                    if buffered > _BUFFER:
                        size += part.write("".join(buffer).encode())
                        buffer, buffered = [], 0
                        yield written + number - page.header_row
                    row = next(rows, _NO_ROW)
                buffer.append(page.bottom(number, totals, last=row is _NO_ROW))
                part.write("".join(buffer).encode())
            written += number - page.header_row
        defined_names = "".join(page.defined_names(place) for place, page in enumerate(pages))
        _part(package, "xl/workbook.xml", workbook([page.name for page in pages], defined_names))
        _part(package, "xl/_rels/workbook.xml.rels", workbook_relationships(len(pages)))
    yield written
