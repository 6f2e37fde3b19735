"""What a file would do to the records of a hospital, before anything is done."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from import_export.results import RowResult
from tablib import Dataset

from branches.intake.columns import text_of
from branches.intake.names import Names
from branches.intake.planned import REFERENCE, WORKED_OUT, PlannedRow
from branches.intake.resource import LedgerResource
from branches.ledger import COLUMNS
from branches.models import Activity, Partner
from hospitals.models import Hospital, User
from publishing.tables import IN_A_REQUEST, Cell, Limits, Line, Table, read_table

REASON = "原因"
#: what the template writes into its example, so that nobody imports it
EXAMPLE = "（示例，填好后请删去这一行）"
_AROUND = (
    "合计",
    "总计",
    "小计",
    "填报人：",
    "填报人:",
    "审核人：",
    "审核人:",
    "日期：",
    "日期:",
    "填报单位",
    "注：",
    "说明：",
)
_OUTCOMES = {
    RowResult.IMPORT_TYPE_NEW: "new",
    RowResult.IMPORT_TYPE_UPDATE: "changed",
    RowResult.IMPORT_TYPE_SKIP: "unchanged",
    RowResult.IMPORT_TYPE_INVALID: "refused",
}


def read_ledger(content: bytes, limits: Limits = IN_A_REQUEST) -> Table:
    """The lines of a ledger, however it stands in its sheets. Raises TableError."""
    headers = [*(column.header for column in COLUMNS), REASON]
    return read_table(content, headers, limits=limits, is_around=_is_around)


def _is_around(cells: dict[str, Cell]) -> bool:
    """The totals and the signatures under a ledger, rows that are only numbered, and the template's example."""
    title = text_of(cells.get("活动主题", ""))
    first = next((text_of(cell) for cell in cells.values() if cell != ""), "")
    says_something = any(cell != "" for header, cell in cells.items() if header not in (*WORKED_OUT, REASON))
    is_under = first.startswith(_AROUND) and (not title or title.startswith(_AROUND))
    return not says_something or title.startswith(EXAMPLE) or is_under


@dataclass
class Plan:
    table: Table
    names: Names
    rows: list[tuple[Line, PlannedRow]]

    def having(self, *outcomes: str) -> list[tuple[Line, PlannedRow]]:
        return [(line, row) for line, row in self.rows if row.outcome in outcomes]

    @cached_property
    def counts(self) -> Counter:
        return Counter(row.outcome for _line, row in self.rows)

    @property
    def may_be_written(self) -> bool:
        """Every row can be taken, and there is something to do."""
        return not self.counts["refused"] and bool(
            self.counts["new"] + self.counts["changed"] + self.counts["doubtful"]
        )

    @property
    def new_partners(self) -> list[Partner]:
        named = {partner.name: partner for _line, row in self.rows for partner in row.partners if partner._state.adding}
        return [named[name] for name in sorted(named)]

    @cached_property
    def marks(self) -> dict[str, str]:
        """What each line comes to, in a few characters."""
        return {line.place: _mark(row) for line, row in self.rows}

    @cached_property
    def digest(self) -> str:
        """Of everything the plan says: two plans with the same digest write the same."""
        return _sha256([sorted(self.marks.items()), [partner.name for partner in self.new_partners]])


def plan_of(
    table: Table,
    hospital: Hospital,
    user: User,
    *,
    for_update: bool = False,
    advance: Callable[[int], object] = int,
) -> Plan:
    """``for_update``: the records that are named stay locked until the transaction ends. ``advance`` is told of rows."""
    names = Names(hospital, user)
    resource = LedgerResource(names, for_update=for_update)
    headers = [*table.headers, *({REFERENCE} - set(table.headers))]
    dataset = Dataset(*([line.cells.get(header, "") for header in headers] for line in table.lines), headers=headers)
    result = resource.import_data(dataset, use_transactions=False, advance=advance)
    if result.has_errors():  # a mistake of ours, which import-export would keep to itself
        failures = [*result.base_errors, *(error for _number, errors in result.row_errors() for error in errors)]
        raise failures[0].error
    for row, done in zip(resource.planned, result.rows, strict=True):
        row.outcome = _OUTCOMES[done.import_type]
    plan = Plan(table, names, list(zip(table.lines, resource.planned, strict=True)))
    _doubt(plan)
    return plan


def _doubt(plan: Plan) -> None:
    """New rows that may be there already, in the hospital or further up in the file: same days, branch and title."""
    new = plan.having("new")
    titles = {row.activity.title for _line, row in new}
    there = Activity.objects.of_hospital(plan.names.hospital).editable_by(plan.names.user).originals().not_withdrawn()
    known: dict[tuple, str] = {
        tuple(key): reference
        for *key, reference in there.filter(title__in=titles).values_list(
            "title", "branch", "start", "end", "precision", "reference"
        )
    }
    for line, row in new:
        activity = row.activity
        key = (activity.title, activity.branch_id, activity.start, activity.end, activity.precision)
        if key in known:
            row.outcome, row.duplicate = "doubtful", known[key]
        else:
            known[key] = line.place


def _mark(row: PlannedRow) -> str:
    activity = row.activity
    says = [row.outcome, row.problems, row.duplicate]
    if row.outcome != "refused":
        says += [activity.pk, activity.version, activity.nature, row.shown(), [one.as_stated for one in row.figures]]
    return _sha256(says)[:16]


def _sha256(content) -> str:
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
