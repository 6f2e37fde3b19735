"""The statistics as a sheet: one line for each number that the page shows, with what it is of and the address of its list."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from django.http import StreamingHttpResponse
from django.utils import timezone

from branches.charts import Bar, Bars
from branches.cuts import Cut, cut_of
from branches.models import Activity
from branches.overview import Numbers, Rest, numbers_of
from branches.statistics import Scope
from publishing import log
from publishing.downloads import site_of, spreadsheet_response
from publishing.freshness import Stamp
from publishing.quantities import Total
from publishing.spreadsheets import Column, Sheet


class Row(NamedTuple):
    """``part``: 项目, which way the numbers are taken apart · ``name``: 分组."""

    part: str
    name: str
    total: Total
    joint: Total | None
    link: str


def nature_of(total: Total) -> str:
    """数据性质: 准确, 含约数2项，另有1项没有确切数字; empty where there is no number at all."""
    if total.value is None:
        return f"没有确切数字（{total.without_value}项）" if total.without_value else ""
    inexact = total.at_least + total.approximate
    notes = [
        *([f"含约数{inexact}项"] if inexact else []),
        *([f"另有{total.without_value}项没有确切数字"] if total.without_value else []),
    ]
    return "，".join(notes) or "准确"


def seen(kept: Callable, scope: Scope, by: str, *, whole: bool = False) -> dict:
    """The recorded numbers of a page: all that is shown at one glance, and what was asked for beside it, which a sheet has
    as a whole."""
    return {
        "numbers": kept(("statistics", *scope.key), lambda: numbers_of(scope)),
        "cut": kept(("cut", *scope.key, by, whole), lambda: cut_of(scope, by, whole=whole)) if by else None,
    }


def statistics_response(request, scope: Scope, by: str, extension: str) -> StreamingHttpResponse:
    """Of everybody's numbers; what a member of staff takes away is in the log."""
    if request.user.is_authenticated:
        said = f"统计数据，{extension.upper()}，{scope.words}"
        log.record(log.Verb.EXPORT, by=request.user, about=Activity, institution=scope.hospital, reason=said)
    found, site = seen(Stamp.now().kept, scope, by, whole=True), site_of(request)
    rows = rows_of(found["numbers"], found["cut"])
    created = timezone.localtime()
    sheet = Sheet(
        title=f"党建活动统计（{scope.words}）",
        columns=columns(scope, site),
        facts=(
            ("范围", scope.words),
            ("口径", "已公开、逐条录入的活动，不含阶段汇总"),
            ("导出时间", f"{created:%Y-%m-%d %H:%M}"),
        ),
        name="统计",
        created=created,
    )
    where = scope.hospital.name if scope.hospital else "各医院"
    name = f"{where}{f'{scope.year}年' if scope.year else ''}党建活动统计（{scope.counts}）{created:%Y%m%d}"
    return spreadsheet_response(sheet, rows, extension, name)


def columns(scope: Scope, site: str) -> tuple[Column, ...]:
    """``site``: scheme and host that go before the addresses of the lists."""
    return (
        Column("项目", lambda row: row.part, width=10),
        Column("分组", lambda row: row.name, width=26),
        Column("指标", lambda row: scope.counts, width=12),
        Column("数值", lambda row: row.total.value, width=12, kind="number"),
        Column("单位", lambda row: scope.unit, width=7),
        Column("数据性质", lambda row: nature_of(row.total), width=26),
        Column("其中联合", lambda row: row.joint and row.joint.value, width=9, kind="number"),
        Column("链接", lambda row: f"{site}{row.link}" if row.link else "", width=40),
    )


def rows_of(numbers: Numbers, cut: Cut | None) -> Iterator[Row]:
    """What the page shows from top to bottom; no line where there is no number."""
    sharing = numbers.sharing or (cut.sharing if cut else None)
    yield Row("合计", "合计", numbers.total, sharing.joint if sharing else None, numbers.link)
    if numbers.change:
        change = numbers.change
        yield Row("同比", f"{change.year}年（{change.span}）", change.now, None, change.now_link)
        if change.before.value is not None:
            yield Row("同比", f"{change.year - 1}年（{change.span}）", change.before, None, change.before_link)
    yield from _of_cut(cut) if cut else _of_charts(numbers)
    if sharing:
        yield Row("支部相加", "各支部相加", sharing.branches, None, "")
        yield Row("支部相加", "联合活动重复计的", sharing.repeated, None, "")
        yield Row("支部相加", "没有写明支部的", sharing.nobody, None, sharing.nobody_link)


def _of_cut(cut: Cut) -> Iterator[Row]:
    above = ""
    for line in cut.lines:
        above = above if line.is_part else line.name
        yield Row(
            cut.heading, f"{above}：{line.name}" if line.is_part else line.name, line.total, line.joint, line.link
        )


def _of_charts(numbers: Numbers) -> Iterator[Row]:
    yield from _of_bars(numbers.by_kind)
    yield from _of_bars(numbers.by_owner)
    if numbers.by_month:
        for month in numbers.by_month.months:
            if month.total:
                yield Row("月份", f"{month.number}月", month.total, None, month.link)
        yield from _of_rests("月份", numbers.rest)
    else:
        yield from _of_bars(numbers.by_year)
        yield from _of_rests("年份", numbers.rest)
        if numbers.undated:
            yield Row("年份", "时间未载明", numbers.undated, None, numbers.undated_link)


def _of_bars(chart: Bars) -> Iterator[Row]:
    bars: Iterable[Bar] = chart.bars
    return (Row(chart.heading, bar.name, bar.total, bar.joint, bar.link) for bar in bars)


def _of_rests(part: str, *rests: Rest | None) -> Iterator[Row]:
    return (Row(part, rest.name, rest.total, None, rest.link) for rest in rests if rest)
