"""Where the tallies have what staff ask for: of some months, of some kinds, or of all.

What is asked is said by an extent and by groups, paths from an activity (``branches.staff_sums``). What no tally has is summed
from the records.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from django.db.models import Model, Q

from branches import tally_sums
from branches.extents import Extent, Months, Span
from branches.models import ActivityKind
from branches.models.tally import REGION_KIND, REGION_SPAN, SPAN
from branches.periods import Precision
from branches.sums import KEPT, KEPT_WHOLE, kept_paths, named_by
from hospitals.models import Hospital
from publishing.quantities import Total

#: the values of the groups, the measure or None, and a total that is part of theirs
Part = tuple[tuple, int | None, Total]
#: under which key of the groups that belongs which a row of a year has under a key; None where it is no part
Place = Callable[[int, str], str | None]
#: what belongs to one of these times: the grouping in which the tallies of a year have it, and which time it is
_TIMES = {
    (f"of {Precision.YEAR}", ("start__year",)): ("total", Precision.YEAR),
    (f"of {Precision.QUARTER}", ("start__year", "start__quarter")): ("quarter", Precision.QUARTER),
    (f"of {Precision.MONTH}", ("start__year", "start__month")): ("month", Precision.MONTH),
}


def _as_it_is(year: int, key: str) -> str:
    return key


@dataclass(frozen=True)
class Kept:
    """A grouping of the tallies that has what is asked for, in the rows of some years.

    ``model``, ``path``: by whose keys, and the path to it from an activity · ``of_times``: by times of each year · ``of_owner``: by
    hospital, from what each has itself.
    """

    extent: Extent
    groups: dict[str, str]
    grouping: str
    years: Q
    model: type[Model] | None = None
    path: str = ""
    of_times: bool = False
    of_owner: bool = False
    place: Place = _as_it_is

    @property
    def is_of_hospitals(self) -> bool:
        """Whether groups have it of each of their hospitals."""
        return self.model is Hospital and not self.of_owner

    @property
    def has_unpublished(self) -> bool:
        return not self.of_owner and self.grouping not in tally_sums.OF_ONE_HOSPITAL

    def parts(
        self,
        without: Collection[int],
        unpublished_without: Collection[int] | None,
        within: Collection[int] | None,
        with_measures: bool,
    ) -> list[Part]:
        """``without`` these hospitals and, of what is unpublished, these groups, or anything of it (None)."""
        found: dict[tuple[int | None, int, str], tally_sums.Sum] = {}
        for year, key, sums in self._sums(without, unpublished_without, within, with_measures):
            if (place := self.place(year, key)) is not None:
                for measure, owner, amount in sums:
                    own = measure, year if self.of_times else 0, str(owner) if self.of_owner else place
                    tally_sums.add_to(found, own, amount)
        values = self._values({(year, key) for _measure, year, key in found})
        return [
            (values[year, key], measure, tally_sums.total_of_sum(amount, is_count=measure is None))
            for (measure, year, key), amount in found.items()
        ]

    def _sums(self, without, unpublished_without, within, with_measures: bool) -> Iterator:
        sources = list(
            tally_sums.public_rows(
                self.extent,
                self.grouping,
                within=within,
                without=without,
                each_hospital=self.is_of_hospitals,
                of_owner=self.of_owner,
            )
        )
        if unpublished_without is not None:
            sources += tally_sums.unpublished_rows(without=unpublished_without, each_hospital=self.is_of_hospitals)
        sums = tally_sums.sums_in(
            sources,
            self.years,
            self.grouping,
            each_hospital=self.is_of_hospitals,
            with_measures=with_measures,
            with_internal=True,
        )
        if within is None or not self.is_of_hospitals:
            return sums
        keys = {str(key) for key in within}
        return (row for row in sums if row[1] in keys)

    def _values(self, places: set[tuple[int, str]]) -> dict[tuple[int, str], tuple]:
        """What the groups say of each."""
        if not self.groups:
            return dict.fromkeys(places, ())
        if self.of_times:
            return {(year, key): (year, int(key)) if key else (year,) for year, key in places}
        if self.model is None:
            return {(year, key): tuple(tally_sums.values_of(key)) for year, key in places}
        nothing = dict.fromkeys(self.groups)
        named = named_by(self.model, self.path, {key for _year, key in places}, self.groups)
        return {(year, key): tuple(named.get(key, nothing).values()) for year, key in places}


class Plan(NamedTuple):
    """How what is asked for is put together.

    ``ways``: groupings that have nothing in common · ``months``: of which months they have it, where a time was chosen; what it has
    beside them (``Months.rest``) comes from the records · ``of_years``: of these only what belongs to one year; what is stated
    over several comes from the records, too.
    """

    ways: list[Kept]
    months: Months | None = None
    of_years: bool = False

    @property
    def has_unpublished(self) -> bool:
        return all(way.has_unpublished for way in self.ways)


def plan_of(extent: Extent | None, groups: dict[str, str]) -> Plan | None:
    """Where the tallies have the groups of this; None where they have not."""
    if extent is None:
        return None
    whole = _unnarrowed(replace(extent, months=None, kinds=None), groups)
    if whole is None or not extent.is_narrowed:
        return whole and Plan([whole])
    return _narrowed(replace(whole, extent=extent))


def _unnarrowed(extent: Extent, groups: dict[str, str]) -> Kept | None:
    """Of all kinds and all months."""
    own = Q(year=extent.year or 0)
    if not groups and extent.part in KEPT_WHOLE:
        grouping, is_part = KEPT_WHOLE[extent.part]
        return Kept(extent, groups, grouping, own, place=lambda year, key: key if is_part(key, extent) else None)
    if times := _TIMES.get((extent.part, tuple(groups.values()))):
        return Kept(extent, groups, times[0], own if extent.year else Q(year__gt=0), of_times=True)
    if groups and (paths := kept_paths(extent, groups)):
        grouping, model = KEPT[extent.part, paths]
        return Kept(extent, groups, grouping, own, model, paths[0])
    return None


# -- Of some kinds or some months


def _narrowed(whole: Kept) -> Plan | None:
    """By kind where no time matters; else of years that lie in the months as a whole what is kept of years, and the rest by month."""
    extent = whole.extent
    if extent.months is None:
        way = _of_kinds(whole, whole.years) or _in_months(whole, Q(year=extent.year) if extent.year else Q())
        return way and Plan([way])
    years, beside, of_years = extent.months.years, _rows_beside_years(extent.months), None
    if years:
        rows = _rows_of(years)
        of_years = _of_kinds(whole, rows) if extent.kinds is not None else replace(whole, years=rows)
        beside = beside if of_years else beside | rows
    if by_month := _in_months(whole, beside):
        return Plan([of_years, by_month] if of_years else [by_month], extent.months)
    return of_years and Plan([of_years], years, of_years=True)


def _rows_of(years: Months) -> Q:
    rows = Q(year__gte=years.first // 12) if years.first else Q(year__gt=0)
    return rows & Q(year__lte=years.last // 12) if years.last else rows


def _rows_beside_years(months: Months) -> Q:
    """Of years that do not lie in them as a whole, and of what belongs to no year."""
    rows = Q(year=0)
    for month, of_year in ((months.first, 0), (months.last, 11)):
        if month is not None and month % 12 != of_year:
            rows |= Q(year=month // 12)
    return rows


def _of_kinds(whole: Kept, years: Q) -> Kept | None:
    """Of those that were chosen, from what is kept by kind of all hospitals, of each, or of each region."""
    is_by_kind, is_by_region = whole.model is ActivityKind, whole.grouping == "region"
    is_of_one = whole.model is Hospital or not whole.groups
    if whole.extent.part or whole.of_times or not (is_by_kind or is_by_region or is_of_one):
        return None

    def place(year: int, key: str) -> str | None:
        region, _slash, kind = key.rpartition("/")
        return (kind if is_by_kind else region) if int(kind) in whole.extent.kinds else None

    grouping = REGION_KIND if is_by_region else "kind"
    return replace(whole, years=years, grouping=grouping, of_owner=whole.model is Hospital, place=place)


def _in_months(whole: Kept, years: Q) -> Kept | None:
    """Likewise by first and last month. Of regions and hospitals only of all kinds together: by kind there is none, or a long one."""
    extent, grouping = whole.extent, SPAN
    if whole.of_times:
        _grouping, precision = _TIMES[extent.part, tuple(whole.groups.values())]
        key_of = partial(_time_of, precision)
    elif whole.grouping == "region" and extent.kinds is None:
        grouping, key_of = REGION_SPAN, _itself
    elif whole.model is ActivityKind:
        key_of = _itself
    elif whole.model is Hospital and extent.kinds is None:
        grouping, key_of = REGION_SPAN, partial(_whole_of, _WHOLE[""])  # shorter: a hospital has few regions
    elif extent.part in _WHOLE and not whole.groups:
        key_of = partial(_whole_of, _WHOLE[extent.part])
    else:
        return None

    def place(year: int, key: str) -> str | None:
        owner, span = tally_sums.span_of(year, key)
        if extent.kinds is not None and int(owner) not in extent.kinds:
            return None
        if extent.months is not None and not (span and extent.months.have(span)):
            return None
        return key_of(owner, span)

    return replace(whole, years=years, grouping=grouping, of_owner=whole.model is Hospital, place=place)


#: of a table without groups, which has all of an extent or those of it that the words say: what belongs
_WHOLE: dict[str, Callable[[Span | None], bool]] = {
    "": lambda span: True,
    "undated": lambda span: span is None,
    **{
        f"coarser than {precision}": lambda span, own=precision: bool(span) and span.one(own) is None
        for precision in (Precision.YEAR, Precision.QUARTER, Precision.MONTH)
    },
}


def _itself(owner: str, span: Span | None) -> str:
    return owner


def _whole_of(belongs: Callable[[Span | None], bool], owner: str, span: Span | None) -> str | None:
    return "" if belongs(span) else None


def _time_of(precision: str, owner: str, span: Span | None) -> str | None:
    """As the groupings by time have it: a year under the empty key."""
    one = span and span.one(precision)
    return one and ("" if precision == Precision.YEAR else str(one))
