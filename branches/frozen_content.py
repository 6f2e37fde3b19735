"""What a frozen ledger holds: the full ledger of a unit and a time as plain data, with all that reading it takes.

The shape, canonical JSON (sorted keys, no spaces)::

    {"unit": 填报单位, "period": {"start", "end", "precision", "text"},
     "columns": [{"header", "kind", "width", "is_short", "has_total", "is_measure"}, …],
     "rows": [{"reference", "title", "cells": [one for each column]}, …],
     "totals": {header of a measure: {"value", "exact", "at_least", "approximate", "without_value"}}}

A cell is "", a text, a number, ``{"date": "2023-06-01"}``, ``{"paths": ["/articles/5/"]}``, or of a figure that is not
exact ``{"value": 60, "precision": "at_least", "stated": "60余"}``. Nothing here looks at today's columns when it reads.
"""

import json
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from branches.ledger import COLUMNS, FULL_LEDGER, SHORT, SHORT_LEDGER, SIGNATURES, LedgerColumn, Row
from branches.models import Activity, Branch
from branches.periods import Period
from hospitals.models import Hospital
from publishing.content import canonical, sha256_of
from publishing.numerals import number_text
from publishing.ooxml import Value
from publishing.quantities import Precision, Quantity, Total
from publishing.spreadsheets import Column, Sheet, line_reader

#: of a column, beside the kinds that a spreadsheet knows: the running number, and addresses on this site
PLACE, PATHS = "place", "paths"


@dataclass(frozen=True)
class LedgerScope:
    """Whose ledger of which time: a hospital's, or a branch's with what it joined."""

    hospital: Hospital
    branch: Branch | None
    period: Period

    @property
    def unit(self) -> str:
        return f"{self.hospital.name}{self.branch.name if self.branch else ''}"

    def of_unit(self):
        """Every activity of the unit, whatever its time and status."""
        rows = Activity.objects.originals().of_hospital(self.hospital)
        return rows.of_branch(self.branch) if self.branch else rows

    def recorded(self):
        """Those that are counted in the time, each in one quarter and one year, so that ledgers add up."""
        return self.of_unit().belonging_to(self.period)

    def approved(self):
        """What is handed in: as any sheet without a column that would say what is not approved yet."""
        rows, _conditions = SHORT_LEDGER.handed_in(self.recorded())
        return rows.newest_first()

    def content(self, rows: list[dict] | None = None) -> "Content":
        """As of now: one query, however many rows. Or of rows that were fetched already (``frozen_rows``)."""
        period = self.period
        return Content.of(
            {
                "unit": self.unit,
                "period": {
                    "start": period.start.isoformat(),
                    "end": period.end.isoformat(),
                    "precision": str(period.precision),
                    "text": str(period),
                },
                "columns": [_described(column) for column in COLUMNS],
                "rows": frozen_rows(self.approved()) if rows is None else rows,
            }
        )


def frozen_rows(activities) -> list[dict]:
    """The rows of the full ledger for a queryset of activities, in its order, by one query."""
    read = line_reader(COLUMNS)
    return [_frozen(row, read(row)) for row in FULL_LEDGER.rows(activities)]


def _described(column: LedgerColumn) -> dict:
    return {
        "header": column.header,
        "kind": _kind(column),
        "width": column.width,
        "is_short": column.header in SHORT,
        "has_total": column.total,
        "is_measure": bool(column.measure),
    }


def _kind(column: LedgerColumn) -> str:
    if column is COLUMNS[0]:
        return PLACE
    return PATHS if "article_keys" in column.parts else column.kind


def _frozen(row: Row, line: list[Value]) -> dict:
    cells = [_cell(column, value, row) for column, value in zip(COLUMNS, line, strict=True)]
    return {"reference": row.reference, "title": row.title, "cells": cells}


def _cell(column: LedgerColumn, value: Value, row: Row):
    figure = row.by_measure.get(column.measure) if column.measure else None
    if figure is not None and figure.precision != Precision.EXACT:
        return {"value": _number(figure.value), "precision": str(figure.precision), "stated": figure.as_stated}
    if value != "" and _kind(column) == PATHS:
        return {"paths": value.split("、")}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return value if isinstance(value, str) else _number(value)


def _number(value):
    """As JSON has it. A figure has fourteen digits at most, which a float gives back as they were."""
    if value is None:
        return None
    return int(value) if value == int(value) else float(value)


class Content:
    """Of a frozen ledger, or of one that could be frozen now. ``text``: the canonical JSON; numbers are int or Decimal."""

    def __init__(self, text: str):
        self.text = text

    @classmethod
    def of(cls, data: dict) -> "Content":
        """``data`` without its totals."""
        measures = [(place, one["header"]) for place, one in enumerate(data["columns"]) if one["is_measure"]]
        totals = {header: total_of(row["cells"][place] for row in data["rows"]) for place, header in measures}
        return cls(canonical(data | {"totals": {name: _plain(total) for name, total in totals.items() if total}}))

    @property
    def sha256(self) -> str:
        return sha256_of(self.text)

    @cached_property
    def _data(self) -> dict:
        return json.loads(self.text, parse_float=Decimal)

    @property
    def unit(self) -> str:
        return self._data["unit"]

    @property
    def period_text(self) -> str:
        return self._data["period"]["text"]

    @property
    def columns(self) -> list[dict]:
        return self._data["columns"]

    @property
    def rows(self) -> list[dict]:
        return self._data["rows"]

    @cached_property
    def totals(self) -> dict[str, Total]:
        """By the header of the measure, in the order of the columns; only of those that somebody gave a figure for."""
        totals = self._data["totals"]
        headers = [column["header"] for column in self.columns if column["header"] in totals]
        return {header: Total(**totals[header]) for header in headers}

    def sheet(self, *, is_short: bool, facts, created, site: str = "") -> Sheet:
        """The ledger around ``rows`` as it was then. ``site``: scheme and host that go before addresses."""
        chosen = [(place, one) for place, one in enumerate(self.columns) if one["is_short"] or not is_short]
        return Sheet(
            title=f"{self.unit}{self.period_text}党建活动台账",
            columns=[_column(place, described, site) for place, described in chosen],
            facts=(("填报单位", self.unit), ("统计期间", self.period_text), *facts),
            signatures=SIGNATURES,
            name="活动台账",
            created=created,
        )


def _plain(total: Total) -> dict:
    return asdict(total) | {"value": _number(total.value)}


def total_of(cells) -> Total | None:
    """Of one column; None where nobody gave a figure."""
    given = [_quantity(cell) for cell in cells if cell != ""]
    return Total.of(given) if given else None


def _quantity(cell) -> Quantity:
    if isinstance(cell, dict):
        value = cell["value"]
        return Quantity(value if value is None else Decimal(str(value)), Precision(cell["precision"]), cell["stated"])
    return Quantity(Decimal(str(cell)), Precision.EXACT, "")


def _column(place: int, described: dict, site: str) -> Column:
    kind = {PLACE: "number", PATHS: "text"}.get(described["kind"], described["kind"])
    return Column(
        described["header"],
        lambda row: cell_value(row["cells"][place], site),
        width=described["width"],
        kind=kind,
        total=described["has_total"],
        inexact=(lambda row: is_inexact(row["cells"][place])) if described["is_measure"] else None,
    )


def is_inexact(cell) -> bool:
    return isinstance(cell, dict) and "stated" in cell


def cell_value(cell, site: str = "") -> Value:
    """For a spreadsheet."""
    match cell:
        case {"date": day}:
            return date.fromisoformat(day)
        case {"paths": paths}:
            return "、".join(site + path for path in paths)
        case {"value": value, "stated": stated}:
            return stated if value is None else value
    return cell


def cell_text(cell, kind: str) -> str:
    """For people: a figure as it was stated."""
    if is_inexact(cell):
        return _quantity(cell).display()
    value = cell_value(cell)
    if isinstance(value, str | date):
        return str(value)
    return f"{value:.1%}" if kind == "percent" else number_text(value)
