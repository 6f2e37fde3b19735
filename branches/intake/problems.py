"""The sheets that go with an import: an empty one to fill in, and the rows that could not be taken, with the reason."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from django.utils import timezone

from branches.intake.plan import EXAMPLE, REASON, Plan
from branches.intake.planned import READ
from branches.ledger import COLUMNS
from hospitals.models import Hospital
from publishing.spreadsheets import Column, Sheet
from publishing.tables import Cell

#: how to fill in what cannot be guessed from the name of its column
_HOW = (
    ("必填", "活动类别、活动主题、活动日期"),
    ("日期", "写成2023-06-01；只知道月份、季度、上下半年的照实写，如2023年6月、2023年上半年；原稿没写的填“时间未载明”"),
    ("多个单位、支部、类别", "用顿号隔开，活动类别第一个为主"),
    ("约数", "照原稿写，如60余、近20、几百"),
    ("全院活动", "党组织名称空着；各支部都参加的填“各支部”"),
    ("说明", "公式请先转成数值；没有的列可以删去，空着就是没有；导入后都是草稿"),
)
_EXAMPLE = {
    "党组织名称": "第一党支部",
    "联合单位": "某某社区卫生服务中心",
    "活动类别": "义诊、主题党日",
    "活动主题": EXAMPLE,
    "活动日期": "2023-06-01",
    "活动时间": "08:00-11:30",
    "活动地点": "某某社区广场",
    "参加党员数": 12,
    "场次": 1,
    "服务人次": "60余",
    "主要内容": "党员和医务人员到社区义诊，为居民量血压、讲解用药常识。",
}


class _Problem(NamedTuple):
    cells: dict[str, Cell]
    reason: str


def template(hospital: Hospital) -> tuple[Sheet, list[dict]]:
    """An empty ledger with the columns that are read, what to write above them, and one example."""
    columns = [replace(column, value=_cell_of(column.header), total=False, inexact=None) for column in READ]
    sheet = Sheet(f"{hospital}党建活动台账（导入模板）", columns, facts=_HOW, name="活动台账", created=timezone.now())
    return sheet, [_EXAMPLE]


def problem_rows(plan: Plan) -> tuple[Sheet, Iterator[_Problem]]:
    """The rows that were refused or may be there already, as they stand in the file, each with the reason."""
    known = {column.header: column for column in COLUMNS}
    headers = [header for header in plan.table.headers if header != REASON]
    columns = [Column(header, _cell_of_problem(header), known[header].width, known[header].kind) for header in headers]
    columns.append(Column(REASON, lambda problem: problem.reason, width=50))
    sheet = Sheet("有问题的行", columns, created=timezone.now())
    rows = plan.having("refused", "doubtful")
    return sheet, (_Problem(line.cells, f"{line.place}：{reason(row)}") for line, row in rows)


def reason(row) -> str:
    """Why a row is not simply taken, in words."""
    told = [f"{header or '整行'}：{'；'.join(found)}" for header, found in row.problems.items()]
    if row.duplicate:
        told.append(f"可能重复：和{row.duplicate}的日期、支部、主题都一样")
    return "\n".join(told)


def _cell_of(header: str):
    return lambda cells: cells.get(header, "")


def _cell_of_problem(header: str):
    return lambda problem: problem.cells.get(header, "")
