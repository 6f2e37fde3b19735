"""按…看: one way at a time to take the recorded numbers apart, as lines that add up to the whole where they can.

Each line says how much of it was joint, and has the address of its list. What belongs to the whole and to none of the
groups is a line too, at the end, so that parts and rest are the whole.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from branches.charts import Bar, percent
from branches.models import ActivityKind, Brand
from branches.overview import Rest, rest_of
from branches.owners import Sharing, branch_bars, hospital_bars, sharing_of
from branches.periods import Precision
from branches.regions import level_of, rolled_up
from branches.statistics import MOST_BARS, Scope
from branches.sums import added, parts_of, total_of, totals_by, totals_by_key
from branches.tally_sums import one_look
from branches.year_on_year import Change, spans_of
from hospitals.models import Region
from publishing.quantities import Total

KIND, TIME, OWNER, BRAND, REGION = "kind", "time", "owner", "brand", "region"
QUARTERS = ("第一季度", "第二季度", "第三季度", "第四季度")


@dataclass(frozen=True)
class Line(Bar):
    """``is_part``: of the line above it · ``is_rest``: of the whole, and of no group."""

    is_part: bool = False
    is_rest: bool = False
    change: Change | None = None


@dataclass(frozen=True)
class Cut:
    """``sharing``: of branches, whose lines overlap · ``adds_up``: all other lines make the whole · ``more``: groups of which
    nothing was asked but how many they are."""

    heading: str
    lines: tuple[Line, ...]
    total: Total
    link: str
    sharing: Sharing | None = None
    adds_up: bool = True
    more: int = 0

    @property
    def has_joint(self) -> bool:
        return any(line.joint for line in self.lines)

    @property
    def has_changes(self) -> bool:
        return any(line.change for line in self.lines)

    @property
    def number(self) -> str:
        return self.total.short

    @property
    def shown(self) -> Iterator[tuple[Line, str, bool]]:
        """What a page has room for: each line, its bar in per cent, whether that is the longest."""
        most = max((line.value for line in self.lines if not line.is_part), default=0)
        for line in [*self._groups[: self.drawn], *self._rests]:
            is_top = bool(most) and line.value == most and not (line.is_part or line.is_rest)
            yield line, percent(100 * float(line.value / most) if most else 0), is_top

    @property
    def drawn(self) -> int:
        """Groups with parts are few, and all of them are drawn."""
        has_parts = any(line.is_part for line in self.lines)
        return len(self._groups) if has_parts else min(len(self._groups), MOST_BARS)

    @property
    def left_out(self) -> int:
        """Groups beyond those that are drawn."""
        return len(self._groups) - self.drawn + self.more

    @property
    def _groups(self) -> list[Line]:
        return [line for line in self.lines if line.is_part or not line.is_rest]

    @property
    def _rests(self) -> list[Line]:
        return [line for line in self.lines if line.is_rest and not line.is_part]


def ways_of(scope: Scope) -> dict[str, str]:
    """How the numbers of a scope can be taken apart, by the value of ``by``, beside the overview."""
    ways = {KIND: _("类别"), TIME: _("季度和月份") if scope.year else _("年份")}
    ways |= {OWNER: _("支部") if scope.hospital else _("医院"), BRAND: _("品牌")}
    return {name: str(label) for name, label in (ways if scope.hospital else ways | {REGION: _("地区")}).items()}


def addresses(scope: Scope, by: str) -> dict:
    """Of the page in its other ways, and the query of its downloads."""
    return {
        "ways": [(name, label, scope.page(by=name)) for name, label in ways_of(scope).items()],
        "overview": scope.page(),
        "by_time": scope.page(by=TIME),
        "page_query": scope.page(by=by).removeprefix(reverse("statistics")),
    }


@one_look()
def cut_of(scope: Scope, by: str, *, whole: bool = True) -> Cut:
    """Not ``whole``: of thousands of brands only those that a page draws."""
    heading = ways_of(scope)[by]
    total = total_of(scope, scope.activities)
    if by == OWNER and scope.hospital:
        bars = branch_bars(scope)
        sharing = sharing_of(scope, bars, total)
        rest = [_rest_line(Rest("没有写明支部", sharing.nobody, sharing.nobody_link))]
        lines = _ranked(_as_line(bar) for bar in bars) + [line for line in rest if line]
        return Cut(heading, tuple(lines), total, scope.link(), sharing if bars else None, adds_up=False)
    if by == BRAND:
        brands, rest, more = _brands(scope, None if whole else MOST_BARS)
        return Cut(heading, tuple(line for line in (*brands, rest) if line), total, scope.link(), more=more)
    return Cut(heading, tuple(line for line in _CUTS[by](scope) if line), total, scope.link())


# -- By kind, by owner, by brand


def _kinds(scope: Scope) -> Iterator[Line]:
    """The three groups, each with its kinds."""
    found = _lines(
        scope,
        lambda row: Line(row["name"], row["total"], scope.link(kind=row["slug"])),
        lambda row: scope.link(kind=row["slug"], joint="1"),
        group="kind__group", order="kind__position", slug="kind__slug", name="kind__name",
    )  # fmt: skip
    for group in ActivityKind.Group:
        own = {key: line for key, line in found.items() if key[0] == group}
        if own:
            total, joint = added(line.total for line in own.values()), _joint(own.values())
            links = {"link": scope.link(group=group.value), "joint_link": scope.link(group=group.value, joint="1")}
            yield Line(str(group.label), total, joint=joint, **links)
            yield from (replace(own[key], is_part=True) for key in sorted(own))


def _hospitals(scope: Scope) -> list[Line]:
    return _ranked(_as_line(bar) for bar in hospital_bars(scope))


def _brands(scope: Scope, most: int | None) -> tuple[list[Line], Line | None, int]:
    """The lines of the first so many, the rest, and how many brands more there are.

    What is credited to a brand that is not public is not told apart.
    """
    public = set(Brand.objects.public().order_by().values_list("pk", flat=True))
    totals = totals_by_key(scope, "brand")
    own = {key: total for key, total in totals.items() if key in public}
    ranked = sorted(own, key=lambda key: (own[key].value is None, -(own[key].value or 0), key))
    joint, shown = totals_by_key(scope, "brand", scope.activities.joint()), ranked[:most]
    link, joint_link = scope.links("brand"), scope.links("brand", joint="1")
    named = Brand.objects.order_by().filter(pk__in=shown).values_list("pk", "name", "hospital__name")
    names = {key: name if scope.hospital else f"{name}（{owner}）" for key, name, owner in named}
    lines = [Line(names[key], own[key], link(key), joint=joint.get(key), joint_link=joint_link(key)) for key in shown]
    nobody = added(total for key, total in totals.items() if key not in public)
    rest = Rest("没有归到公开的品牌", nobody, scope.link(without="brand"))
    return lines, _rest_line(rest), len(ranked) - len(shown)


# -- By region


def _regions(scope: Scope) -> list[Line]:
    """Where activities were held; at the first level on which they differ and to which all of them are coded."""
    groups = {"own": "region__code", "hospital_region": "hospital__region__code"}
    found = [(row["own"] or row["hospital_region"], row["total"]) for row in totals_by(scope, **groups)]
    joint = [
        (row["own"] or row["hospital_region"], row["total"])
        for row in totals_by(scope, scope.activities.joint(), **groups)
    ]
    names = dict(Region.objects.values_list("code", "name"))
    length = level_of([code for code, _total in found], names)
    joint_of = _rolled_up(joint, length)
    return _ranked(
        Line(
            names.get(code, code),
            total,
            scope.link(region=code),
            joint=joint_of.get(code),
            joint_link=scope.link(region=code, joint="1"),
        )
        for code, total in sorted(_rolled_up(found, length).items())
    )


def _rolled_up(found: Iterable[tuple[str, Total]], length: int) -> dict[str, Total]:
    parts: dict[str, list[Total]] = {}
    for code, total in found:
        parts.setdefault(rolled_up(code, length), []).append(total)
    return {code: added(totals) for code, totals in parts.items()}


# -- By time


def _times(scope: Scope) -> Iterable[Line | None]:
    return _year(scope) if scope.year else _years(scope)


def _year(scope: Scope) -> Iterator[Line | None]:
    """The quarters, each with its months and what was written to no month of it; what was written to no quarter."""
    quarters = _of_periods(scope, scope.activities.of_one(Precision.QUARTER), "quarter")
    months = _of_periods(scope, scope.activities.of_one(Precision.MONTH), "month")
    coarse = scope.activities.of_one(Precision.QUARTER).coarser_than(Precision.MONTH)
    rests = {row["quarter"]: row["total"] for row in totals_by(scope, coarse, quarter="start__quarter")}
    for quarter in sorted(quarters):
        yield replace(quarters[quarter], name=QUARTERS[quarter - 1])
        own = [replace(months[month], name=f"{month}月", is_part=True) for month in _months(quarter) if month in months]
        yield from own
        if quarter in rests:
            link = scope.link(period=f"{scope.year}Q{quarter}", coarser=Precision.MONTH.value)
            yield Line(f"只写到{QUARTERS[quarter - 1]}", rests[quarter], link, is_part=True, is_rest=True)
    yield _rest_line(rest_of(scope, Precision.QUARTER))


def _months(quarter: int) -> range:
    return range(3 * quarter - 2, 3 * quarter + 1)


def _of_periods(scope: Scope, activities, name: str) -> dict[int, Line]:
    """By the number of the month or quarter."""
    form = "{}-{:02}" if name == "month" else "{}Q{}"

    def link(row, **more):
        return scope.link(period=form.format(scope.year, row[name]), **more)

    found = _lines(
        scope,
        lambda row: Line("", row["total"], link(row)),
        lambda row: link(row, joint="1"),
        activities,
        **{name: f"start__{name}"},
    )
    return {number: line for (number,), line in found.items()}


def _years(scope: Scope) -> Iterator[Line | None]:
    """The years, each beside the one before; what is undated, and what was written to no year."""

    def link(row, **more):
        return scope.link(period=str(row["year"]), **more)

    found = _lines(
        scope,
        lambda row: Line(f"{row['year']}年", row["total"], link(row), scope.page(year=str(row["year"]))),
        lambda row: link(row, joint="1"),
        scope.activities.of_one_year(),
        year="start__year",
    )
    years = {year: line for (year,), line in found.items()}
    for year in sorted(years):
        yield replace(years[year], change=_change(scope, year, years))
    undated = total_of(scope, scope.activities.undated())
    yield _rest_line(Rest("时间未载明", undated, scope.link(period=Precision.UNKNOWN.value)))
    yield _rest_line(rest_of(scope, Precision.YEAR))


def _change(scope: Scope, year: int, years: dict[int, Line]) -> Change | None:
    today = timezone.localdate()
    spans = spans_of(year, today)
    if spans is None or year - 1 not in years:
        return None
    now, before, links = years[year].total, years[year - 1].total, (years[year].link, years[year - 1].link)
    if year == today.year:
        now, before = (total_of(scope, scope.counted_in(period)) for period in (spans.now, spans.before))
        links = scope.link_in(spans.now), scope.link_in(spans.before)
    return Change(year, spans.words, now, before, *links)


# -- Lines


def _lines(
    scope: Scope, line_of: Callable, joint_link_of: Callable, activities=None, **groups: str
) -> dict[tuple, Line]:
    """The line of each group, by the values of the group, with what of it was joint."""
    activities = scope.activities if activities is None else activities
    joint = {_key(row, groups): row["total"] for row in totals_by(scope, activities.joint(), **groups)}
    return {
        _key(row, groups): replace(line_of(row), joint=joint.get(_key(row, groups)), joint_link=joint_link_of(row))
        for row in totals_by(scope, activities, **groups)
    }


def _key(row: dict, groups: dict) -> tuple:
    return tuple(row[name] for name in groups)


def _as_line(bar: Bar) -> Line:
    return Line(bar.name, bar.total, bar.link, bar.page, bar.joint, bar.joint_link)


def _rest_line(rest: Rest | None) -> Line | None:
    return Line(rest.name, rest.total, rest.link, is_rest=True) if rest and parts_of(rest.total) else None


def _joint(lines: Iterable[Line]) -> Total | None:
    found = added(line.joint for line in lines if line.joint)
    return found if parts_of(found) else None


def _ranked(lines: Iterable[Line]) -> list[Line]:
    """Most first; those without a definite number after them."""
    return sorted(lines, key=lambda line: (line.total.value is None, -line.value))


_CUTS = {KIND: _kinds, TIME: _times, OWNER: _hospitals, REGION: _regions}
