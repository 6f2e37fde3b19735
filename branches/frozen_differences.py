"""What differs between the contents of two ledgers: a frozen one and the ledger of now, or two frozen ones.

Rows are told apart by their activity's reference, cells compared by the header of their column, figures as they were
stated: 60余 that became 60 is a change. The running number is no content. Nothing is left out but columns that only one
side has, and those are named.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from branches.frozen_content import PLACE, Content, cell_text
from publishing.comparison import Piece, compare_texts
from publishing.numerals import number_text
from publishing.quantities import Total

MINUS = "\N{MINUS SIGN}"
ADDED, REMOVED, CHANGED = "补录", "移出", "有改动"


@dataclass(frozen=True)
class CellChange:
    """One cell, with the words marked that differ."""

    label: str
    kind: str
    old: object
    new: object

    @cached_property
    def _pieces(self) -> tuple[list[Piece], list[Piece]]:
        return compare_texts(cell_text(self.old, self.kind), cell_text(self.new, self.kind))

    @property
    def before(self) -> list[Piece]:
        return self._pieces[0]

    @property
    def after(self) -> list[Piece]:
        return self._pieces[1]


@dataclass(frozen=True)
class RowDifference:
    """``state``: ADDED, REMOVED or CHANGED; ``changes``: of the last only."""

    state: str
    reference: str
    title: str
    changes: Sequence[CellChange] = ()


@dataclass(frozen=True)
class TotalDifference:
    """The sum of a measure on both sides; None where nobody gave a figure."""

    label: str
    before: Total | None
    after: Total | None

    @property
    def gap(self) -> str:
        """+40, 约+40 where either sum is not exact; empty where they are the same."""
        if self.before == self.after:
            return ""
        parts = [total for total in (self.before, self.after) if total]
        difference = (self.after and self.after.value or 0) - (self.before and self.before.value or 0)
        if not difference:
            return "写法有变"
        sign = "+" if difference > 0 else MINUS
        return f"{'' if all(total.is_exact for total in parts) else '约'}{sign}{number_text(abs(difference))}"


@dataclass(frozen=True)
class Differences:
    before: Content
    after: Content

    @cached_property
    def rows(self) -> list[RowDifference]:
        """Added first, then what is gone, then what changed; each in the order of its ledger."""
        old = {row["reference"]: row for row in self.before.rows}
        new = {row["reference"]: row for row in self.after.rows}
        added = [
            RowDifference(ADDED, row["reference"], row["title"]) for row in new.values() if row["reference"] not in old
        ]
        gone = [
            RowDifference(REMOVED, row["reference"], row["title"])
            for row in old.values()
            if row["reference"] not in new
        ]
        return [*added, *gone, *self._changed(old, new)]

    def _changed(self, old: dict, new: dict) -> Iterator[RowDifference]:
        shared = list(_shared_columns(self.before.columns, self.after.columns))
        for reference, row in new.items():
            if reference in old:
                changes = [
                    CellChange(header, kind, old[reference]["cells"][then], row["cells"][now])
                    for header, kind, then, now in shared
                    if old[reference]["cells"][then] != row["cells"][now]
                ]
                if changes:
                    yield RowDifference(CHANGED, reference, row["title"], changes)

    @property
    def counts(self) -> dict[str, int]:
        return {state: sum(row.state == state for row in self.rows) for state in (ADDED, REMOVED, CHANGED)}

    @property
    def totals(self) -> list[TotalDifference]:
        headers = dict.fromkeys((*self.before.totals, *self.after.totals))
        return [TotalDifference(name, self.before.totals.get(name), self.after.totals.get(name)) for name in headers]

    @property
    def not_compared(self) -> list[str]:
        """Headers that only one side has."""
        old, new = ([column["header"] for column in side.columns] for side in (self.before, self.after))
        return [header for header in dict.fromkeys((*old, *new)) if header not in old or header not in new]


def _shared_columns(old: Sequence[dict], new: Sequence[dict]) -> Iterator[tuple[str, str, int, int]]:
    """Of each column that both have: header, kind, its place then and its place now."""
    places = {column["header"]: place for place, column in enumerate(new)}
    for then, column in enumerate(old):
        now = places.get(column["header"])
        if now is not None and PLACE not in {column["kind"], new[now]["kind"]}:
            yield column["header"], new[now]["kind"], then, now
