"""The office's statistics as one table: a way of grouping in the rows, how many activities and every measure beside them.

Unlike measures stand in columns of their own and are never added. Every number has the address of the ledger with exactly
the activities behind it. What belongs to no group is a row of its own, so that rows and rest make the totals; of branches,
which share what they did together, a row says how much of them was counted again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from branches.models import ActivityKind, Measure
from branches.owners import less
from branches.periods import Period, Precision
from branches.pivot_changes import Compared, YearsCompared, compared_times
from branches.regions import level_of, rolled_up
from branches.staff_sums import Sums, recorded_by, summed
from branches.statistics import COUNT, COUNT_UNIT
from branches.statistics_filter import (
    BRANCH,
    BRAND,
    GROUP,
    HOSPITAL,
    KIND,
    MONTH,
    QUARTER,
    REGION,
    YEAR,
    StatisticsChoices,
)
from branches.sums import parts_of
from branches.tally_sums import one_look
from branches.year_on_year import Change
from hospitals.models import Region
from publishing.moments import one_moment
from publishing.quantities import Total

TIMES = {MONTH: Precision.MONTH, QUARTER: Precision.QUARTER, YEAR: Precision.YEAR}
_RESTS = {
    MONTH: "只写到季度、半年或全年",
    QUARTER: "只写到半年或全年",
    YEAR: "只写了跨年的一段时间",
    BRAND: "没有归到品牌",
}


@dataclass(frozen=True)
class Heading:
    """Of a column: ``measure`` is None for the activities themselves."""

    measure: int | None
    name: str
    unit: str


@dataclass(frozen=True)
class PivotRow:
    """``link``: to the ledger with these activities; empty for what is no list, but a number of the table."""

    name: str
    sums: Sums
    link: str = ""
    joint: Total | None = None
    joint_link: str = ""
    change: Change | None = None

    def total(self, measure: int | None) -> Total:
        return self.sums.get(measure, Total())

    @property
    def joint_number(self) -> str:
        return self.joint.short if self.joint else ""


@dataclass(frozen=True)
class Pivot:
    """``more``: rows that were not asked for."""

    heading: str
    columns: list[Heading]
    rows: list[PivotRow]
    repeated: PivotRow | None
    totals: PivotRow
    compared: Compared | None
    more: int = 0

    @property
    def has_joint(self) -> bool:
        return any(row.joint for row in self.rows)

    @property
    def has_changes(self) -> bool:
        return any(row.change and row.change.is_anything for row in self.all_rows)

    @property
    def change_heading(self) -> str:
        return self.compared.words if self.compared else "比上年"

    @property
    def all_rows(self) -> list[PivotRow]:
        return [*self.rows, *([self.repeated] if self.repeated else []), self.totals]

    def cells(self, row: PivotRow) -> list[tuple[Heading, Total, str]]:
        """What stands in each column, and as the page writes it: 至少60, empty where nothing was given."""
        totals = ((column, row.total(column.measure)) for column in self.columns)
        return [(column, total, total.short) for column, total in totals]


def pivot_of(form: StatisticsChoices, most: int | None = None) -> Pivot:
    """Of a valid form; in a number of queries that does not depend on how much there is, and all of one moment.

    ``most``: how many rows there is room for; None makes all of them. Times are never cut off: the last would be the latest.
    The totals are of all, in any case.
    """
    with one_look(), one_moment():
        return _pivot_of(form, most)


def _pivot_of(form: StatisticsChoices, most: int | None) -> Pivot:
    compared = compared_times(form, timezone.localdate())
    repeated, more = None, 0
    most = None if form.rows_by in TIMES else most
    if form.rows_by == HOSPITAL:
        rows, more = _hospitals(form, compared, most)
    else:
        rows = _BY[form.rows_by](form, compared)
    if form.rows_by == BRANCH or more:
        totals = recorded_by(form.activities).get((), {})
    else:
        totals = summed(row.sums for row in rows)
    if form.rows_by == BRANCH:
        repeated = _repeated(rows, totals)
    rows = [row for row in rows if row.sums]
    return Pivot(
        heading=form.heading,
        columns=_columns(totals),
        rows=rows[:most],
        repeated=repeated,
        totals=PivotRow("合计", totals, form.link(), change=compared.of_all(totals.get(None)) if compared else None),
        compared=compared,
        more=more + len(rows[most:] if most else []),
    )


def _columns(totals: Sums) -> list[Heading]:
    measures = Measure.objects.filter(pk__in=[key for key in totals if key is not None]).order_by("position", "pk")
    return [Heading(None, COUNT, COUNT_UNIT), *(Heading(row.pk, row.name, row.unit) for row in measures)]


# -- Kinds


def _groups(form: StatisticsChoices, compared: Compared | None) -> list[PivotRow]:
    found = recorded_by(form.activities, group="kind__group")
    before = compared.by(group="kind__group") if compared else None
    return [
        PivotRow(
            str(group.label), found[group.value,], form.link(group=group.value),
            change=before and before.of((group.value,), found[group.value,].get(None), group=group.value),
        )
        for group in ActivityKind.Group
        if (group.value,) in found
    ]  # fmt: skip


def _kinds(form: StatisticsChoices, compared: Compared | None) -> list[PivotRow]:
    paths = {"place": "kind__position", "key": "kind", "title": "kind__name"}
    found = recorded_by(form.activities, **paths)
    return _named(form, compared, found, paths, lambda key: key[2], lambda key: {"kind": key[1]})


# -- Hospitals, brands


def _hospitals(form: StatisticsChoices, compared: Compared | None, most: int | None) -> tuple[list[PivotRow], int]:
    """Every measure is asked only of those that there is room for."""
    paths, within, more = {"title": "hospital__name", "key": "hospital"}, None, 0
    if most:
        hospitals = sorted(form.hospitals.values_list("name", "pk"))
        within, more = {key for _name, key in hospitals[:most]}, len(hospitals[most:])
        if not within:
            return [], 0
    # One hospital is no field of the form of whoever has no other.
    conditions = (lambda key: {}) if form.only_hospital else (lambda key: {"hospital": key[1]})
    found = recorded_by(form.activities, within=within, **paths)
    return _named(form, compared, found, paths, lambda key: key[0], conditions, within), more


def _brands(form: StatisticsChoices, compared: Compared | None) -> list[PivotRow]:
    """Hospital by hospital; last what is credited to none of them."""
    paths = {
        "owner": "brand__hospital__name", "hospital": "brand__hospital", "title": "brand__name", "key": "brand",
    }  # fmt: skip

    def name(key):
        return key[2] if form.only_hospital else f"{key[2]}（{key[0]}）"

    brands = set(form.brands.order_by().values_list("pk", flat=True))
    found = recorded_by(form.activities, **paths)
    own = {key: sums for key, sums in found.items() if key[3] in brands}
    rest = summed(sums for key, sums in found.items() if key not in own)
    rows = _named(form, compared, own, paths, name, lambda key: {"brand": key[3]})
    return [*rows, PivotRow(_RESTS[BRAND], rest, form.link(without=BRAND))]


def _named(
    form: StatisticsChoices,
    compared: Compared | None,
    found: dict[tuple, Sums],
    paths: dict[str, str],
    name: Callable[[tuple], str],
    conditions: Callable[[tuple], dict],
    within: set[int] | None = None,
) -> list[PivotRow]:
    """A row for each group, in the order of its values; ``within``: all of them are of these hospitals."""
    before = compared.by(within=within, **paths) if compared else None
    return [
        PivotRow(
            name(key),
            found[key],
            form.link(**conditions(key)),
            change=before and before.of(key, found[key].get(None), **conditions(key)),
        )
        for key in sorted(found)
    ]


# -- Regions


def _regions(form: StatisticsChoices, compared: Compared | None) -> list[PivotRow]:
    paths = {"own": "region__code", "hospital_region": "hospital__region__code"}
    found = recorded_by(form.activities, **paths)
    names = dict(Region.objects.values_list("code", "name"))
    length = level_of([own or other for own, other in found], names)
    before = compared.by(**paths) if compared else None
    rows = []
    for code in sorted({rolled_up(own or other, length) for own, other in found}):
        keys = [key for key in found if rolled_up(key[0] or key[1], length) == code]
        sums = summed(found[key] for key in keys)
        change = None
        if before:
            earlier = [key for key in before.counts if rolled_up(key[0] or key[1], length) == code]
            change = before.of_several(earlier, keys, sums.get(None), region=code)
        rows.append(PivotRow(names.get(code, code), sums, form.link(region=code), change=change))
    return rows


# -- Time


def _times(form: StatisticsChoices, compared: Compared | None) -> list[PivotRow]:
    """Months, quarters or years in their order; then what was written to none of them, and what is undated."""
    by, precision = form.rows_by, TIMES[form.rows_by]
    paths = {YEAR: "start__year"} | ({} if by == YEAR else {by: f"start__{by}"})
    found = recorded_by(form.activities.of_one(precision), **paths)
    before = compared.by(of_one=precision, **paths) if compared else None
    if by == YEAR and form.time is None:
        before = YearsCompared(form, {year: sums.get(None) for (year,), sums in found.items()}, timezone.localdate())
    rows = []
    for key in sorted(found):
        period = _period(key, precision)
        change = before.of_time(key, found[key].get(None), period) if before else None
        rows.append(PivotRow(str(period), found[key], form.link(**form.within(period)), change=change))
    rest = recorded_by(form.activities.coarser_than(precision)).get((), {})
    undated = recorded_by(form.activities.undated()).get((), {})
    return [
        *rows,
        PivotRow(_RESTS[by], rest, form.link(coarser=precision.value)),
        PivotRow("时间未载明", undated, form.link(year=Precision.UNKNOWN.value)),
    ]


def _period(key: tuple, precision: str) -> Period:
    year, *within = key
    month = {Precision.QUARTER: 3, Precision.MONTH: 1}.get(precision, 1) * (within[0] if within else 1)
    return Period.around(date(year, month, 1), precision)


# -- Branches


def _branches(form: StatisticsChoices, compared: Compared | None) -> list[PivotRow]:
    """Each as its own ledger has it, and how much of that several did together."""
    activities, branches = form.activities, form.branches
    own, joint, shared = _held(activities), _held(activities.joint()), _shared(activities)
    if compared:
        before, now = _counted(compared.before), _counted(compared.now)
    rows = []
    for branch in branches.select_related("hospital"):
        of_all = shared.get(branch.hospital_id, {}) if branch.is_active or branch.pk in own else {}
        sums = summed([own.get(branch.pk, {}), of_all])
        if not sums:
            continue
        together = summed([joint.get(branch.pk, {}), of_all]).get(None)
        change = None
        if compared:
            change = compared.change(_count(branch, *now), _count(branch, *before), branch=branch.pk)
        name = form.fields["branch"].label_from_instance(branch)
        link = form.link(branch=branch.pk)
        rows.append(PivotRow(name, sums, link, together, form.link(branch=branch.pk, joint="1"), change))
    nobody = recorded_by(activities.without_branch(branches)).get((), {})
    return [*rows, PivotRow("没有写明支部", nobody, form.link(without=BRANCH))]


def _count(branch, own: dict[int, Sums], shared: dict[int, Sums]) -> Total | None:
    return summed([own.get(branch.pk, {}), shared.get(branch.hospital_id, {})]).get(None)


def _counted(activities) -> tuple[dict[int, Sums], dict[int, Sums]]:
    return _held(activities, with_measures=False), _shared(activities, with_measures=False)


def _held(activities, **what: bool) -> dict[int, Sums]:
    """What each branch held or joined, apart from what all of them did."""
    named = activities.filter(all_branches=False)
    parts: dict[int, list[Sums]] = {}
    for (organiser,), sums in recorded_by(named, organiser="branch", **what).items():
        parts.setdefault(organiser, []).append(sums)
    for (guest, organiser), sums in recorded_by(named, guest="joint_branches", organiser="branch", **what).items():
        if guest != organiser:  # who is named twice took part once
            parts.setdefault(guest, []).append(sums)
    return {branch: summed(sums) for branch, sums in parts.items()}


def _shared(activities, **what: bool) -> dict[int, Sums]:
    found = recorded_by(activities.filter(all_branches=True), owner="hospital", **what)
    return {hospital: sums for (hospital,), sums in found.items()}


def _repeated(rows: list[PivotRow], totals: Sums) -> PivotRow | None:
    """How much of the rows was counted for more than one branch."""
    every = summed(row.sums for row in rows)
    again = {measure: less(total, totals.get(measure, Total())) for measure, total in every.items()}
    again = {measure: total for measure, total in again.items() if parts_of(total)}
    return PivotRow("减：联合活动重复计的", again) if again else None


_BY = {
    GROUP: _groups, KIND: _kinds, REGION: _regions, BRANCH: _branches, BRAND: _brands,
    MONTH: _times, QUARTER: _times, YEAR: _times,
}  # fmt: skip
