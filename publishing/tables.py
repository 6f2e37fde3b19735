"""Tables that people send: XLSX and CSV, read into lines of cells under the headers that the caller knows.

A file from outside is hostile until it has been read: its size, what it unpacks to and how much of it there is are
looked at before any parser sees it (``publishing/zipped.py``). Nothing is computed: a formula comes as ``Formula``.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook

from publishing.decoding import decodings
from publishing.ooxml import CONTROLS, MAX_CELL
from publishing.spreadsheets import unguarded
from publishing.zipped import DAMAGED, IN_A_REQUEST, Limits, TableError, check_workbook

__all__ = ["IN_A_REQUEST", "Cell", "Formula", "Limits", "Line", "Table", "TableError", "read_table"]

MOST_COLUMNS = 256
#: The header is looked for in the first rows of a sheet; after a long gap nothing more is expected.
HEADER_WITHIN = 100
LONGEST_GAP = 1000
#: A row with so many known headers is the header, wherever it stands.
FEWEST_HEADERS = 3
DELIMITERS = ",;\t"


class Formula(str):
    """A cell that would be computed. What it would give is not known here."""


Cell = str | int | float | Decimal | date | datetime | time


class Line(NamedTuple):
    """A row of the table: where it stands, for people, and its cells by header; empty ones are ""."""

    sheet: str
    number: int
    cells: dict[str, Cell]

    @property
    def place(self) -> str:
        return f"{self.sheet}第{self.number}行" if self.sheet else f"第{self.number}行"


@dataclass
class Table:
    headers: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    #: worksheets that were left out, with the reason
    left_out: list[str] = field(default_factory=list)


def read_table(
    content: bytes,
    headers: Collection[str],
    *,
    limits: Limits = IN_A_REQUEST,
    is_around: Callable[[dict[str, Cell]], bool] = lambda cells: False,
) -> Table:
    """The lines of all worksheets that have this header. ``is_around``: a row that belongs to the sheet, not the table.

    Raises TableError, and nothing else, with a sentence that says what to do.
    """
    if not content.strip():
        raise TableError(_("文件是空的。请选择有内容的台账文件。"))
    if len(content) > limits.file_bytes:
        raise TableError(
            _("文件有%(size)dMB，最大%(most)dMB。请删去图片和用不到的工作表，或分成几份。")
            % {"size": -(-len(content) // 2**20), "most": limits.file_bytes // 2**20}
        )
    is_workbook = content[:2] == b"PK" or content[:4] == b"\xd0\xcf\x11\xe0"
    sheets = _worksheets(content, limits) if is_workbook else _csv(content, headers)
    return _Reading(headers, limits, is_around).of(sheets)


# -- From rows to lines


class _Reading:
    def __init__(self, headers, limits: Limits, is_around) -> None:
        self.known = {_key(header): header for header in headers}
        self.limits, self.is_around = limits, is_around
        self.table = Table()

    def of(self, sheets) -> Table:
        several = []
        for name, is_hidden, rows in sheets:
            before = len(self.table.lines)
            if is_hidden:
                self.table.left_out.append(_("工作表“%s”是隐藏的，没有读。") % name)
            elif self._sheet(name, rows):
                several.append((name, before))
            else:
                self.table.left_out.append(_("工作表“%s”里没有找到台账的表头，没有读。") % name)
        if not several:
            some = "、".join(list(self.known.values())[:12])
            raise TableError(_("没有找到表头。请用台账的列名作表头，例如：%s；可以下载空白模板来填。") % some)
        if len(several) == 1:
            self.table.lines = [line._replace(sheet="") for line in self.table.lines]
        return self.table

    def _sheet(self, name: str, rows) -> bool:
        places: dict[str, int] | None = None
        header: list[Cell] = []
        gap = 0
        for number, cells in rows:
            if not any(cell != "" for cell in cells):
                gap += 1
                if gap > LONGEST_GAP or (places is None and number > HEADER_WITHIN):
                    break
                continue
            gap = 0
            if places is not None:
                if cells != header:  # which may be repeated on every page
                    self._line(name, number, {known: _at(cells, place) for known, place in places.items()})
            elif (found := self._header(cells)) is not None:
                places, header = self._note(found, cells), cells
            elif number > HEADER_WITHIN:
                break
        return places is not None

    def _header(self, cells: list[Cell]) -> dict[str, int] | None:
        """The place of each known header, where this is a row of headers."""
        named = [(place, self.known.get(_key(cell))) for place, cell in enumerate(cells) if isinstance(cell, str)]
        found = [header for _place, header in named if header]
        if len(found) < min(FEWEST_HEADERS, len(self.known)):
            return None
        twice = {header for header in found if found.count(header) > 1}
        if twice:
            raise TableError(_("表头里“%s”出现了两次，分不清以哪一列为准。请删去一列。") % "、".join(sorted(twice)))
        return {header: place for place, header in named if header}

    def _note(self, found: dict[str, int], cells: list[Cell]) -> dict[str, int]:
        table = self.table
        table.headers += [header for header in found if header not in table.headers]
        strange = [str(cell) for place, cell in enumerate(cells) if cell != "" and place not in found.values()]
        table.unknown += [header[:60] for header in strange if header[:60] not in table.unknown]
        return found

    def _line(self, name: str, number: int, cells: dict[str, Cell]) -> None:
        if not any(cell != "" for cell in cells.values()) or self.is_around(cells):
            return
        if len(self.table.lines) >= self.limits.rows:
            raise TableError(
                _("超过%d行，一次导入不了。请按月份或支部分成几份；要整份导入，请平台管理员用import_ledger命令。")
                % self.limits.rows
            )
        self.table.lines.append(Line(name, number, cells))


def _key(header: Cell) -> str:
    """Headers are compared without spaces, line breaks and stars, full width like half width."""
    return re.sub(r"[\s*★]+", "", unicodedata.normalize("NFKC", str(header))).lower()


def _at(cells: list[Cell], place: int) -> Cell:
    return cells[place] if place < len(cells) else ""


# -- XLSX

_Sheets = Iterator[tuple[str, bool, Iterator[tuple[int, list[Cell]]]]]
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_UNWANTED = re.compile(f"[{CONTROLS}\ud800-\udfff]")


def _worksheets(content: bytes, limits: Limits) -> _Sheets:
    check_workbook(content, limits)
    with _damage_refused():
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # what a sheet says of its size need not be true
        yield sheet.title[:31], sheet.sheet_state != "visible", _rows(sheet)


@contextmanager
def _damage_refused() -> Iterator[None]:
    try:
        yield
    except Exception as error:  # a parser that is given a damaged file may fail in any way
        raise TableError(DAMAGED) from error


def _rows(sheet) -> Iterator[tuple[int, list[Cell]]]:
    with _damage_refused():
        for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
            yield number, [_cell(cell) for cell in row]


def _cell(cell) -> Cell:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return Formula(_("（公式）"))
    if isinstance(value, str):
        return _tidy(_ESCAPED.sub(lambda escape: chr(int(escape[1], 16)), value) if "_x" in value else value)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | date | time):
        return _tidy(str(value))
    return value


def _tidy(text: str) -> str:
    """A line break is LF; what no text holds is left out."""
    if len(text) > MAX_CELL:
        text = text[: MAX_CELL + 1]  # longer than any field: refused there, and not carried about
    if not text.isprintable():
        text = _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return text.strip()


# -- CSV


def _csv(content: bytes, headers: Collection[str]) -> _Sheets:
    text = _decoded(content)
    start = text.lstrip()[:200].lower()
    if start.startswith(("<!doctype", "<html", "<table", "<?xml")):
        raise TableError(_("这是网页或XML文件，不是表格。请用Excel或WPS打开，另存为.xlsx再试。"))
    yield "", False, _records(text, _delimiter(text, headers))


def _decoded(content: bytes) -> str:
    for text in decodings(content):
        if "\0" not in text:
            return text
    raise TableError(
        _("文件里有认不出的字符：不是Excel工作簿（.xlsx），也不是UTF-8或GB18030编码的CSV。请另存为.xlsx再试。")
    )


def _delimiter(text: str, headers: Collection[str]) -> str:
    """The one that makes the most known headers of the first lines."""
    known = {_key(header) for header in headers}
    first = text.splitlines()[:20]

    def count(delimiter: str) -> int:
        return max((sum(_key(cell.strip('"')) in known for cell in line.split(delimiter)) for line in first), default=0)

    return max(DELIMITERS, key=count)


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[Cell]]]:
    """Numbered as a spreadsheet program numbers them: a record is a row, however many lines its cells have."""
    records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, record in enumerate(records, start=1):
            yield number, [_tidy(unguarded(cell)) for cell in record[:MOST_COLUMNS]]
    except csv.Error as error:
        raise TableError(
            _("CSV的第%d行读不下去：引号没有成对，或一格的内容太长。请用Excel或WPS打开，另存为.xlsx再试。")
            % (number + 1)
        ) from error
