"""A sheet as a page to print: the same title, cells, totals and signatures as in the workbook."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from publishing.numerals import number_text
from publishing.ooxml import Value
from publishing.spreadsheets import Column, Sheet, Totals, line_reader


@dataclass(frozen=True)
class PrintedSheet:
    """``lines``: of cells; ``totals``: behind their label, which is as wide as the cells it is short of."""

    sheet: Sheet
    lines: list[list["Cell"]]
    totals_label: str
    totals: list["Cell"]

    @property
    def label_span(self) -> int:
        return len(self.sheet.columns) - len(self.totals)


@dataclass(frozen=True)
class Cell:
    column: Column
    text: str

    @property
    def is_number(self) -> bool:
        return self.column.kind in {"number", "percent"}


def printed(sheet: Sheet, rows: Iterable[Any]) -> PrintedSheet:
    read, totals, lines = line_reader(sheet.columns), Totals(sheet.columns), []
    for row in rows:
        line = read(row)
        totals.add(line, row)
        lines.append(_cells(sheet.columns, line))
    if not totals:
        return PrintedSheet(sheet, lines, "", [])
    sums = [totals.at(place) for place in range(totals.first, len(sheet.columns))]
    own = _cells(sheet.columns[totals.first :], ["" if value is None else value for value in sums])
    return PrintedSheet(sheet, lines, totals.label, own)


def _cells(columns: Sequence[Column], values: Sequence[Value]) -> list[Cell]:
    return [Cell(column, _shown(column, value)) for column, value in zip(columns, values, strict=True)]


def _shown(column: Column, value: Value) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, datetime.datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, datetime.time):
        return f"{value:%H:%M}"
    if isinstance(value, datetime.date):
        return value.isoformat()
    return f"{value:.1%}" if column.kind == "percent" else number_text(value)
