"""What differs between two ledgers of a unit: a frozen one and the ledger of now, or two frozen ones.

Rows are told apart by their activity's reference, cells compared by the header of their column, figures as they were
stated: 60余 that became 60 is a change. The running number is no content. Nothing is left out but columns that only one
side has, and those are named.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from django.db.models import IntegerField, Value

from branches.frozen_content import PLACE, Content, LedgerScope, cell_text, cell_value, frozen_rows, is_inexact
from branches.models import Activity, FrozenLedger
from publishing.comparison import Piece, compare_texts
from publishing.content import sha256_of
from publishing.numerals import number_text
from publishing.quantities import Total
from publishing.spreadsheets import Column, Sheet

#: rows of a ledger whose differences are counted in a list; larger ones are counted on their own page
MOST_COUNTED = 1000
#: rows of each state on a page; the sheet has them all
MOST_SHOWN = 200
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


def scope_of(frozen: FrozenLedger) -> LedgerScope:
    return LedgerScope(frozen.hospital, frozen.branch, frozen.period)


# -- Where the activities of a difference are now


@dataclass(frozen=True)
class Now:
    """What became of an activity. ``why``: it is no longer in the ledger, where it is not."""

    pk: int
    why: str


def found_now(scope: LedgerScope, references: Iterable[str], user) -> dict[str, Now]:
    """Of the activities that this person may open, by reference; two queries."""
    rows = Activity.objects.editable_by(user).originals().with_references(references)
    of_unit = set(scope.of_unit().with_references(references).values_list("pk", flat=True))
    return {
        activity.reference: Now(activity.pk, _why_not_in(scope, activity, activity.pk in of_unit))
        for activity in rows.only("reference", "status", "start", "end", "precision")
    }


def _why_not_in(scope: LedgerScope, activity: Activity, is_of_unit: bool) -> str:
    if activity.status != Activity.Status.PUBLISHED:
        return str(Activity.Status(activity.status).label)
    if not is_of_unit:
        return "不再属于这个单位"
    return f"日期改为{activity.period}"


# -- One ledger compared, for its page and its sheet


@dataclass(frozen=True)
class Compared:
    """``now``: of the rows that are told, those that this person may open; says why one is gone, compared with now."""

    differences: Differences
    before_label: str
    after_label: str
    now: dict[str, Now]

    @classmethod
    def of(cls, frozen: FrozenLedger, other: FrozenLedger | None, user) -> "Compared":
        """With another frozen ledger, the earlier of the two before; with the ledger of now where there is no other."""
        scope = scope_of(frozen)
        if other is None:
            differences = Differences(Content(frozen.content), scope.content())
            now = found_now(scope, _told(differences), user)
            return cls(differences, f"报送{frozen.reference}", "现在的台账", now)
        earlier, later = sorted((frozen, other), key=lambda one: (one.made_at, one.pk))
        differences = Differences(Content(earlier.content), Content(later.content))
        found = found_now(scope, _told(differences), user)
        now = {reference: Now(one.pk, "") for reference, one in found.items()}
        return cls(differences, f"报送{earlier.reference}", f"报送{later.reference}", now)

    @property
    def sections(self) -> list["Section"]:
        return [self._section(state) for state in (ADDED, REMOVED, CHANGED)]

    def _section(self, state: str) -> "Section":
        rows = _of_state(self.differences, state)
        return Section(state, len(rows), [(row, self.now.get(row.reference)) for row in rows[:MOST_SHOWN]])


class Section(NamedTuple):
    state: str
    count: int
    rows: list[tuple[RowDifference, Now | None]]

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


def _told(differences: Differences) -> list[str]:
    """Of each state those that a page shows, and all that are gone: their sheet says why."""
    shown = [row for state in (ADDED, CHANGED) for row in _of_state(differences, state)[:MOST_SHOWN]]
    return [row.reference for row in (*shown, *_of_state(differences, REMOVED))]


def _of_state(differences: Differences, state: str) -> list[RowDifference]:
    return [row for row in differences.rows if row.state == state]


# -- For a list: how many differences each has by now


def count_differences(ledgers: Sequence[FrozenLedger]) -> dict[int, int | None]:
    """By the key of each ledger that has no more than MOST_COUNTED rows; three queries, however many there are.

    None where the content is not the one that was frozen.
    """
    small = [frozen for frozen in ledgers if frozen.row_count <= MOST_COUNTED]
    if not small:
        return {}
    keys = [frozen.pk for frozen in small]
    contents = dict(FrozenLedger.objects.filter(pk__in=keys).values_list("pk", "content"))
    approved = {frozen.pk: scope_of(frozen).approved().order_by() for frozen in small}
    members = defaultdict(set)
    named = [
        rows.annotate(of=Value(key, IntegerField())).values_list("of", "reference") for key, rows in approved.items()
    ]
    for key, reference in _union(named):
        members[key].add(reference)
    together = Activity.objects.filter(pk__in=_union([rows.values("pk") for rows in approved.values()]))
    now = {row["reference"]: row for row in frozen_rows(together.order_by())}
    counts = {}
    for frozen in small:
        if sha256_of(contents[frozen.pk]) != frozen.sha256:
            counts[frozen.pk] = None
            continue
        rows = [now[reference] for reference in members[frozen.pk] if reference in now]  # withdrawn a moment ago
        ledger = scope_of(frozen).content(rows)
        counts[frozen.pk] = len(Differences(Content(contents[frozen.pk]), ledger).rows)
    return counts


def _union(queries: list):
    return queries[0].union(*queries[1:], all=True) if queries[1:] else queries[0]


# -- The differences as a sheet


def difference_sheet(title: str, facts, before_label: str, after_label: str, created) -> Sheet:
    """Around ``difference_lines``: one line for each cell that changed, each row that came or went, each sum."""
    columns = (
        Column("变化", lambda line: line[0], width=9),
        Column("活动编号", lambda line: line[1], width=15),
        Column("活动主题", lambda line: line[2], width=30),
        Column("栏目", lambda line: line[3], width=14),
        Column(before_label, lambda line: line[4], width=30, kind="number"),
        Column(after_label, lambda line: line[5], width=30, kind="number"),
        Column("说明", lambda line: line[6], width=24),
    )
    return Sheet(title=title, columns=columns, facts=facts, name="差异", created=created)


def difference_lines(compared: Compared) -> Iterator[tuple]:
    for row in compared.differences.rows:
        head = (row.state, row.reference, row.title)
        for change in row.changes:
            yield (*head, change.label, _as_stated(change.old), _as_stated(change.new), "")
        if not row.changes:
            found = compared.now.get(row.reference)
            yield (*head, "", "", "", found.why if found and row.state == REMOVED else "")
    for total in compared.differences.totals:
        yield ("合计", "", "", total.label, _sum(total.before), _sum(total.after), total.gap)


def _as_stated(cell):
    return cell_text(cell, "") if is_inexact(cell) else cell_value(cell)


def _sum(total: Total | None):
    if total is None:
        return ""
    return total.value if total.is_exact else total.display()
