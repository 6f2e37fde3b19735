"""Sums for staff: of activities of any status, of every measure at once, figures for internal use included.

Of public activities the tallies have it (``branches.tallies``), where no other condition was chosen
(``DatedQuerySet.public_extent``), and of all hospitals also of those that are not published. To that is added, from the records,
what is in neither: few rows, to which indexes lead. Both ways give the same.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from django.db.models import Count, F, Model

from branches import tallies, tally_sums
from branches.models import Figure
from branches.models.tally import hospitals_in
from branches.periods import Extent, Precision
from branches.sums import KEPT, KEPT_WHOLE, added, kept_paths, named_by
from hospitals.models import Hospital
from publishing.quantities import Total

#: by the key of a measure; under None how many activities
Sums = dict[int | None, Total]
#: what belongs to one of these times, by the grouping in which the tallies of a year have it
_TIMES = {
    (f"of {Precision.YEAR}", ("start__year",)): "total",
    (f"of {Precision.QUARTER}", ("start__year", "start__quarter")): "quarter",
    (f"of {Precision.MONTH}", ("start__year", "start__month")): "month",
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
        return _joined(_from_records(rows, with_measures, groups))
    apart, unpublished_of = tallies.noted(extent.hospital), () if extent.only_published else None
    own = tally_sums.public_rows(
        extent, kept.grouping, within=within, without=apart, each_hospital=kept.is_of_hospitals
    )
    if kept.has_unpublished:
        groups_apart = tallies.noted_groups()
        unpublished_of = list(hospitals_in(groups_apart)) if groups_apart else ()
        own = chain(own, tally_sums.unpublished_rows(without=groups_apart, each_hospital=kept.is_of_hospitals))
    beside = rows.beside_public(apart, unpublished_of)
    return _joined([*kept.parts(own, with_measures, within), *_from_records(beside, with_measures, groups)])


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
    """Where the tallies have what is asked for. ``is_part``: whether what they have under a key belongs to it."""

    extent: Extent
    groups: dict[str, str]
    grouping: str
    model: type[Model] | None = None
    of_times: bool = False
    is_part: Callable[[str, Extent], bool] = lambda key, extent: True

    @property
    def is_of_hospitals(self) -> bool:
        return self.model is Hospital

    @property
    def has_unpublished(self) -> bool:
        return self.extent.has_unpublished_kept and self.grouping not in tally_sums.OF_ONE_HOSPITAL

    def parts(self, sources: Iterable, with_measures: bool, within: Collection[int] | None) -> list[Part]:
        found: dict[tuple[int | None, int, str], tally_sums.Sum] = {}
        for measure, year, key, amount in tally_sums.sums_in(
            sources,
            self.extent,
            self.grouping,
            each_hospital=self.is_of_hospitals,
            each_year=self.of_times,
            with_measures=with_measures,
            with_internal=True,
            within=within,
        ):
            if self.is_part(key, self.extent):
                tally_sums.add_to(found, (measure, year, key), amount)
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
        named = named_by(
            self.model, kept_paths(self.extent, self.groups)[0], {key for _year, key in places}, self.groups
        )
        return {(year, key): tuple(named.get(key, nothing).values()) for year, key in places}


def kept_as(extent: Extent | None, groups: dict[str, str]) -> Kept | None:
    """Where the tallies have the groups of this; None where they have not."""
    if extent is None:
        return None
    if not groups and extent.part in KEPT_WHOLE:
        grouping, is_part = KEPT_WHOLE[extent.part]
        return Kept(extent, groups, grouping, is_part=is_part)
    if grouping := _TIMES.get((extent.part, tuple(groups.values()))):
        return Kept(extent, groups, grouping, of_times=True)
    if groups and (paths := kept_paths(extent, groups)):
        grouping, model = KEPT[extent.part, paths]
        return Kept(extent, groups, grouping, model)
    return None


# -- From the records


def _from_records(activities, with_measures: bool, groups: dict[str, str]) -> Iterator[Part]:
    if groups:
        for *key, count in activities.values_list(*map(F, groups.values())).annotate(count=Count("pk")):
            yield tuple(key), None, tally_sums.count_of(count)
    elif count := activities.count():
        yield (), None, tally_sums.count_of(count)
    if with_measures:
        yield from _of_figures(Figure.objects.filter(activity__in=activities.values("pk")), groups)


def _of_figures(figures, groups: dict[str, str]) -> Iterator[Part]:
    named = {name: F(f"activity__{path}") for name, path in groups.items()}
    rows = figures.filter(measure__isnull=False).order_by().values("measure", **named)
    for row in rows.annotate(**Total.aggregates()):
        yield tuple(row[name] for name in groups), row["measure"], Total.from_row(row)
