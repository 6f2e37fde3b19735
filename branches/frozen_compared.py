"""A frozen ledger beside the ledger of now, or beside another: for its page, for the list and as a sheet."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import IntegerField, Value

from branches.frozen_content import Content, LedgerScope, cell_text, cell_value, frozen_rows, is_inexact
from branches.frozen_differences import ADDED, CHANGED, REMOVED, Differences, RowDifference
from branches.models import Activity, FrozenLedger
from publishing.content import sha256_of
from publishing.quantities import Total
from publishing.spreadsheets import Column, Sheet

#: rows of a ledger whose differences are counted in a list; larger ones are counted on their own page
MOST_COUNTED = 1000
#: rows of each state on a page; the sheet has them all
MOST_SHOWN = 200


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
