"""The duties of a hospital's branches in a year, arranged: a table for each item, a line for each branch, a sheet."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from branches.duties import Duty, State, duties_of
from branches.models import Activity, Branch, Obligation
from branches.periods import Period
from branches.reminders import reminder
from publishing.spreadsheets import Column, Sheet, export_facts

#: of the records that prove one thing, so many are named in its cell
MOST_NAMED = 3
SIGNATURES = (_("填表人"), _("审核人"), _("日期"))


class Tally:
    """How many duties are in which state. What is exempt, not asked or not yet begun is neither done nor missing."""

    def __init__(self, duties: Iterable[Duty]):
        self.counts = Counter(duty.state for duty in duties)

    def of(self, state: State) -> int:
        return self.counts[state]

    @property
    def done(self) -> int:
        return self.counts[State.DONE]

    @property
    def due(self) -> int:
        return self.counts[State.DUE]

    @property
    def late(self) -> int:
        return self.counts[State.LATE]

    @property
    def exempt(self) -> int:
        return self.counts[State.EXEMPT]

    @property
    def asked(self) -> int:
        return self.done + self.due + self.late

    @property
    def rate(self) -> float | None:
        return self.done / self.asked if self.asked else None

    @property
    def rate_text(self) -> str:
        return "" if self.rate is None else f"{self.rate:.0%}"


@dataclass(frozen=True)
class Cell:
    """``add``: where a record that proves it is begun, for who may; '' for others."""

    duty: Duty
    add: str

    @property
    def named(self) -> list[Activity]:
        return list(self.duty.proofs[:MOST_NAMED])

    @property
    def unnamed(self) -> int:
        return len(self.duty.proofs) - len(self.named)


@dataclass(frozen=True)
class Line:
    branch: Branch
    obligation: Obligation
    cells: tuple[Cell, ...]

    @property
    def tally(self) -> Tally:
        return Tally(cell.duty for cell in self.cells)

    def in_month(self, month: int) -> Duty | None:
        """What falls due in a month of the year: a quarter's in its third."""
        return next((cell.duty for cell in self.cells if cell.duty.period.end.month == month), None)


@dataclass(frozen=True)
class Table:
    """One item: a line for each branch, a column for each period."""

    obligation: Obligation
    periods: list[Period]
    lines: list[Line]


@dataclass(frozen=True)
class BranchSummary:
    branch: Branch
    tally: Tally
    reminder: str  # '' where nothing is open


class Board:
    """``reportable``: keys of the branches in whose name whoever looks may report · ``only_open``: lines with gaps."""

    def __init__(self, duties: list[Duty], *, today: date, reportable: Collection[int] = (), only_open: bool = False):
        self.duties, self.today = duties, today
        self.tally = Tally(duties)
        by_branch = groupby(duties, lambda duty: duty.branch)
        self.branches = [self._summary(branch, list(own)) for branch, own in by_branch]
        lines = [
            Line(branch, obligation, tuple(Cell(duty, add_address(duty, reportable)) for duty in own))
            for (branch, obligation), own in groupby(duties, lambda duty: (duty.branch, duty.obligation))
        ]
        self.lines = [line for line in lines if not only_open or line.tally.due or line.tally.late]

    def _summary(self, branch: Branch, duties: list[Duty]) -> BranchSummary:
        return BranchSummary(branch, Tally(duties), reminder({branch: duties}, self.today))

    @property
    def tables(self) -> list[Table]:
        """Item by item; without what is asked of nobody in this year."""
        found: dict[Obligation, list[Line]] = {}
        for line in self.lines:
            if line.tally.counts.keys() - {State.NOT_ASKED}:
                found.setdefault(line.obligation, []).append(line)
        return [
            Table(obligation, [cell.duty.period for cell in lines[0].cells], lines)
            for obligation, lines in sorted(found.items(), key=lambda pair: (pair[0].hospital_id or 0, pair[0].pk))
        ]

    @property
    def reminder(self) -> str:
        """To all branches at once."""
        by_branch = groupby(self.duties, lambda duty: duty.branch)
        return reminder({branch: list(own) for branch, own in by_branch}, self.today)


def add_address(duty: Duty, reportable: Collection[int]) -> str:
    """The form of a new activity with kind, branch and hospital filled in; of several kinds one is chosen there."""
    if not duty.is_open or duty.branch.pk not in reportable:
        return ""
    kinds = [kind.slug for kind in duty.obligation.kinds.all() if kind.is_active]
    chosen = {"kind": kinds[0]} if len(kinds) == 1 else {}
    chosen |= {"hospital": duty.branch.hospital_id, "branch": duty.branch.pk}
    return f"{reverse('admin:branches_activity_add')}?{urlencode(chosen)}"


def open_of(user, today: date) -> Tally:
    """This year's duties of all branches whose records a person works with, for one line on the workbench."""
    return Tally(duties_of(Branch.objects.in_reach_of(user).order_by(), today.year, today=today))


# -- On paper


def in_a_cell(duty: Duty | None) -> str:
    """✓完成; ●逾期 差1次; empty where nothing is asked, or not yet."""
    if duty is None or duty.state in {State.NOT_ASKED, State.NOT_YET}:
        return ""
    said = f"{duty.sign}{duty.state.label}"
    return f"{said} 差{duty.missing}次" if duty.is_open and duty.obligation.times > 1 else said


def _month(month: int) -> Column:
    return Column(f"{month}月", lambda row: in_a_cell(row[1].in_month(month)), width=8)


COLUMNS = (
    Column("序号", lambda row: row[0], width=5, kind="number"),
    Column("党组织名称", lambda row: row[1].branch.name, width=18),
    Column("应办事项", lambda row: f"{row[1].obligation.name}（{row[1].obligation.rhythm}）", width=22),
    *(_month(month) for month in range(1, 13)),
    Column("应完成", lambda row: row[1].tally.asked, width=8, kind="number", total=True),
    Column("已完成", lambda row: row[1].tally.done, width=8, kind="number", total=True),
    Column("逾期", lambda row: row[1].tally.late, width=7, kind="number", total=True),
)


def numbered(lines: Iterable[Line]):
    """The rows of the sheet, without those on which nothing was asked."""
    asked = (line for line in lines if line.tally.counts.keys() - {State.NOT_ASKED})
    return enumerate(asked, start=1)


def sheet(*, unit: str, year: int, conditions: str, exported_by: str) -> Sheet:
    exported = timezone.localtime()
    return Sheet(
        title=f"{unit}{year}年应办事项一览表",
        columns=COLUMNS,
        facts=(
            ("填报单位", unit),
            ("统计期间", f"{year}年"),
            *export_facts(exported, exported_by),
            ("筛选条件", conditions),
            ("说明", "只算已公开的活动；季度、半年、全年的事项写在期末那个月"),
        ),
        signatures=[str(one) for one in SIGNATURES],
        name="应办事项",
        created=exported,
    )
