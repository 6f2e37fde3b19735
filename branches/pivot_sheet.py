"""The office's statistics as a sheet: to calculate with (numbers are numbers), and to print (60余 reads 至少60)."""

from collections.abc import Callable
from functools import partial

from django.utils import timezone

from branches.pivots import Heading, Pivot, PivotRow
from branches.statistics_filter import StatisticsChoices
from branches.statistics_sheet import nature_of
from publishing.quantities import Total
from publishing.spreadsheets import Column, Sheet, export_facts

SIGNATURES = ("填报人", "审核人", "日期")


def sheet_columns(pivot: Pivot) -> list[Column]:
    """For calculating: numbers, and beside them which of them are not exact."""
    return [*_columns(pivot, lambda total: total.value), Column("数据性质", partial(_nature, pivot), width=30)]


def paper_columns(pivot: Pivot) -> list[Column]:
    return _columns(pivot, lambda total: total.short)


def rows_of(pivot: Pivot) -> list[PivotRow]:
    return pivot.all_rows


def sheet_of(form: StatisticsChoices, columns: list[Column], exported_by: str) -> Sheet:
    created = timezone.localtime()
    return Sheet(
        title=f"{form.unit}{form.period_text}党建活动统计表（按{form.heading}）",
        columns=columns,
        facts=(
            ("填报单位", form.unit),
            ("统计期间", form.period_text or "全部"),
            *export_facts(created, exported_by),
            ("口径", f"{form.in_words()}；不含阶段汇总；含仅内部可见的数"),
        ),
        signatures=SIGNATURES,
        name="统计",
        created=created,
    )


def _columns(pivot: Pivot, shown: Callable[[Total], object]) -> list[Column]:
    first, *measures = pivot.columns
    columns = [Column(pivot.heading, lambda row: row.name, width=24), _number(first, shown)]
    if pivot.has_joint:
        columns.append(Column("其中联合(条)", lambda row: row.joint and shown(row.joint), width=10, kind="number"))
    if pivot.has_changes:
        columns += [
            Column("上年同期(条)", lambda row: row.change and shown(row.change.before), width=10, kind="number"),
            Column(pivot.change_heading, lambda row: row.change.words if row.change else "", width=16),
        ]
    return [*columns, *(_number(column, shown) for column in measures)]


def _number(column: Heading, shown: Callable[[Total], object]) -> Column:
    header = f"{column.name}({column.unit})"
    return Column(header, lambda row: shown(row.total(column.measure)), width=12, kind="number")


def _nature(pivot: Pivot, row: PivotRow) -> str:
    notes = [(column.name, nature_of(total)) for column, total, _text in pivot.cells(row)]
    return "；".join(f"{name}{note}" for name, note in notes if note not in ("", "准确")) or "准确"
