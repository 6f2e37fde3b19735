"""Sums for staff: of activities of any status, of every measure at once, figures for internal use included.

Of public activities the tallies have it (``branches.tallies``), where no other condition was chosen
(``DatedQuerySet.public_extent``), and of all hospitals also of those that are not published. To that is added, from the records,
what is in neither: few rows, to which indexes lead. Both ways give the same.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain

from django.db.models import Count, F, Model, Q

from branches import tallies, tally_sums
from branches.models import ActivityKind
from branches.models.tally import hospitals_in
from branches.periods import Extent, Precision, Span
from branches.sums import KEPT, KEPT_WHOLE, added, kept_paths, named_by
from hospitals.models import Hospital
from publishing.quantities import Total

#: by the key of a measure; under None how many activities
Sums = dict[int | None, Total]
#: what belongs to one of these times: the grouping in which the tallies of a year have it, and which time it is
_TIMES = {
    (f"of {Precision.YEAR}", ("start__year",)): ("total", Precision.YEAR),
    (f"of {Precision.QUARTER}", ("start__year", "start__quarter")): ("quarter", Precision.QUARTER),
    (f"of {Precision.MONTH}", ("start__year", "start__month")): ("month", Precision.MONTH),
}
#: the values of the groups, the measure or None, and a total that is part of theirs
Part = tuple[tuple, int | None, Total]


def recorded_by(
    activities, *, with_measures: bool = True, within: Collection[int] | None = None, **groups: str
) -> dict[tuple, Sums]:
    """What each group has, by the values of the group; () is the one of all. Unlike measures are never added.

    A number of queries that does not depend on how much there is. ``groups``: paths from an activity · ``within``: keys of the
    hospitals whose activities are asked for; None for all.
    """
    extent, rows = activities.public_extent, activities
    if within is not None:
        rows = rows.filter(hospital__in=within)
    if (kept := kept_as(extent, groups)) is None:
        return _joined(_from_records(rows, with_measures=with_measures, groups=groups))
    apart, unpublished_of = tallies.noted(extent.hospital), () if extent.only_published else None
    own = kept.public_rows(apart, within)
    if kept.has_unpublished:
        groups_apart = tallies.noted_groups()
        unpublished_of = list(hospitals_in(groups_apart)) if groups_apart else ()
        own = chain(own, tally_sums.unpublished_rows(without=groups_apart, each_hospital=kept.is_of_hospitals))
    from_records = partial(_from_records, with_measures=with_measures, groups=groups)
    found = kept.parts(own, with_measures, within)
    if extent.months and extent.months.has_days:
        found += from_records(rows.outside(extent.months))
        rows = rows.inside(extent.months)
    return _joined([*found, *from_records(rows.beside_public(apart, unpublished_of))])


def summed(parts: Iterable[Sums]) -> Sums:
    """Of groups that have no activity in common."""
    return _joined(((), measure, total) for sums in parts for measure, total in sums.items()).get((), {})


def _joined(parts: Iterable[Part]) -> dict[tuple, Sums]:
    found: dict[tuple, dict[int | None, list[Total]]] = {}
    for key, measure, total in parts:
        found.setdefault(key, {}).setdefault(measure, []).append(total)
    return {key: {measure: added(totals) for measure, totals in own.items()} for key, own in found.items()}


# -- From the tallies


@dataclass(frozen=True)
class Kept:
    """Where the tallies have what is asked for.

    ``model``, ``path``: by whose keys, and the path to it from an activity · ``place``: of what a row of a year has under a
    key, under which key of the groups it belongs; None where it is no part · ``of_owner``: under that of its hospital instead.
    """

    extent: Extent
    groups: dict[str, str]
    grouping: str
    model: type[Model] | None = None
    path: str = ""
    of_times: bool = False
    of_owner: bool = False
    place: Callable[[int, str], str | None] = lambda year, key: key

    @property
    def is_of_hospitals(self) -> bool:
        """Whether groups have it of each of their hospitals."""
        return self.model is Hospital and not self.of_owner

    @property
    def has_unpublished(self) -> bool:
        is_of_one = self.of_owner or self.grouping in tally_sums.OF_ONE_HOSPITAL
        return self.extent.has_unpublished_kept and not is_of_one

    @property
    def years(self) -> Q:
        """The rows of which. In that of all years is whatever belongs to none, too."""
        months = self.extent.months
        if self.extent.year or not (self.of_times or self.grouping == tally_sums.SPAN):
            return Q(year=self.extent.year or 0)
        years = Q(year__gt=0)
        if months:
            years &= Q() if months.first is None else Q(year__gte=months.first // 12)
            years &= Q() if months.last is None else Q(year__lte=months.last // 12)
        return years if self.of_times else years | Q(year=0)

    def public_rows(self, without: Collection[int], within: Collection[int] | None) -> Iterator:
        return tally_sums.public_rows(
            self.extent, self.grouping,
            within=within, without=without, each_hospital=self.is_of_hospitals, of_owner=self.of_owner,
        )  # fmt: skip

    def parts(self, sources: Iterable, with_measures: bool, within: Collection[int] | None) -> list[Part]:
        found: dict[tuple[int | None, int, str], tally_sums.Sum] = {}
        is_within = within and {str(key) for key in within}.__contains__
        places: dict[tuple[int, str], str | None] = {}
        sums = tally_sums.sums_in(
            sources,
            self.years,
            self.grouping,
            each_hospital=self.is_of_hospitals,
            with_measures=with_measures,
            with_internal=True,
        )
        for measure, year, owner, key, amount in sums:
            if (year, key) not in places:
                places[year, key] = self.place(year, key)
            if (place := places[year, key]) is None:
                continue
            if self.of_owner:
                place = str(owner)
            elif self.is_of_hospitals and is_within and not is_within(place):
                continue
            tally_sums.add_to(found, (measure, year if self.of_times else 0, place), amount)
        values = self._values({(year, key) for _measure, year, key in found})
        return [
            (values[year, key], measure, tally_sums.total_of_sum(amount, is_count=measure is None))
            for (measure, year, key), amount in found.items()
        ]

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


def kept_as(extent: Extent | None, groups: dict[str, str]) -> Kept | None:
    """Where the tallies have the groups of this; None where they have not."""
    if extent is None:
        return None
    if extent.is_narrowed:
        whole = kept_as(replace(extent, months=None, kinds=None), groups)
        return whole and _narrowed(whole, extent)
    if not groups and extent.part in KEPT_WHOLE:
        grouping, is_part = KEPT_WHOLE[extent.part]
        return Kept(extent, groups, grouping, place=lambda year, key: key if is_part(key, extent) else None)
    if times := _TIMES.get((extent.part, tuple(groups.values()))):
        return Kept(extent, groups, times[0], of_times=True)
    if groups and (paths := kept_paths(extent, groups)):
        grouping, model = KEPT[extent.part, paths]
        return Kept(extent, groups, grouping, model, paths[0])
    return None


#: of a table without groups, which has all of an extent or those of it that the words say: what belongs
_WHOLE: dict[str, Callable[[Span | None], bool]] = {
    "": lambda span: True,
    "undated": lambda span: span is None,
    **{
        f"coarser than {precision}": lambda span, own=precision: bool(span) and span.one(own) is None
        for precision in (Precision.YEAR, Precision.QUARTER, Precision.MONTH)
    },
}


def _narrowed(whole: Kept, extent: Extent) -> Kept | None:
    """Of some kinds or some months what is kept of all: from what is kept by both, or by kind where no time matters."""
    if whole.of_times:
        _grouping, precision = _TIMES[extent.part, tuple(whole.groups.values())]
        key_of = partial(_time_of, precision)
    elif whole.model is ActivityKind:
        key_of = _kind_of
    elif extent.part in _WHOLE and (whole.model is Hospital or not whole.groups):
        key_of = partial(_whole_of, _WHOLE[extent.part])
    else:
        return None
    needs_time = extent.months or extent.part
    return replace(
        whole,
        extent=extent,
        grouping=tally_sums.SPAN if needs_time else "kind",
        of_owner=whole.model is Hospital,
        place=partial(_placed, extent, tally_sums.span_of if needs_time else _kind_alone, key_of),
    )


def _placed(extent: Extent, read: Callable, key_of: Callable, year: int, key: str) -> str | None:
    kind, span = read(year, key)
    is_of_kinds = extent.kinds is None or kind in extent.kinds
    is_of_months = extent.months is None or (span is not None and extent.months.have(span))
    return key_of(kind, span) if is_of_kinds and is_of_months else None


def _kind_alone(year: int, key: str) -> tuple[int, None]:
    return int(key), None


def _kind_of(kind: int, span: Span | None) -> str:
    return str(kind)


def _whole_of(belongs: Callable[[Span | None], bool], kind: int, span: Span | None) -> str | None:
    return "" if belongs(span) else None


def _time_of(precision: str, kind: int, span: Span | None) -> str | None:
    """As the groupings by time have it: a year under the empty key."""
    one = span and span.one(precision)
    return one and ("" if precision == Precision.YEAR else str(one))


# -- From the records


def _from_records(activities, *, with_measures: bool, groups: dict[str, str]) -> Iterator[Part]:
    if groups:
        for *key, count in activities.values_list(*map(F, groups.values())).annotate(count=Count("pk")):
            yield tuple(key), None, tally_sums.count_of(count)
    elif count := activities.count():
        yield (), None, tally_sums.count_of(count)
    if with_measures:
        # One join: of figures whose activity is among these the database would read the activities twice.
        rows = activities.filter(figures__measure__isnull=False).order_by()
        named = rows.values_list(F("figures__measure"), *map(F, groups.values()))
        sums = Total.aggregates("figures__")
        for measure, *row in named.annotate(**sums):
            key, amounts = row[: len(groups)], row[len(groups) :]
            yield tuple(key), measure, Total.from_row(dict(zip(sums, amounts, strict=True)))
