"""Sums for staff: of activities of any status, of every measure at once, figures for internal use included.

Of public activities the tallies have it (``branches.tallies``), where no other condition was chosen
(``DatedQuerySet.public_extent``), and of all hospitals also of those that are not published. To that is added, from the records,
what is in neither: few rows, to which indexes lead. Both ways give the same.
"""

from collections.abc import Collection, Iterable, Iterator
from functools import partial

from django.db.models import Count, F

from branches import tallies, tally_sums
from branches.models.tally import hospitals_in
from branches.periods import Precision
from branches.staff_tallies import Part, plan_of
from branches.sums import added
from publishing.quantities import Total

#: by the key of a measure; under None how many activities
Sums = dict[int | None, Total]


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
    from_records = partial(_from_records, with_measures=with_measures, groups=groups)
    if not (plan := plan_of(extent, groups)):
        return _joined(from_records(rows))
    apart, unpublished_of = tallies.noted(extent.hospital), () if extent.only_published else None
    groups_apart = None
    if extent.has_unpublished_kept and plan.has_unpublished:
        groups_apart = tallies.noted_groups()
        unpublished_of = list(hospitals_in(groups_apart)) if groups_apart else ()
    found = [part for way in plan.ways for part in way.parts(apart, groups_apart, within, with_measures)]
    if plan.months and (rest := plan.months.rest):
        for period in rest:  # one by one, each of which an index has together
            found += from_records(rows.starting_in(period))
        rows = rows.starting_in(plan.months.period)
    if plan.of_years:
        found += from_records(rows.coarser_than(Precision.YEAR))
        rows = rows.of_one_year()
    found += from_records(rows.published_beside_public(apart))
    if unpublished_of is None:
        found += from_records(rows.unpublished())
    elif unpublished_of:
        found += from_records(rows.unpublished().filter(hospital__in=unpublished_of))
    return _joined(found)


def summed(parts: Iterable[Sums]) -> Sums:
    """Of groups that have no activity in common."""
    return _joined(((), measure, total) for sums in parts for measure, total in sums.items()).get((), {})


def _joined(parts: Iterable[Part]) -> dict[tuple, Sums]:
    found: dict[tuple, dict[int | None, list[Total]]] = {}
    for key, measure, total in parts:
        found.setdefault(key, {}).setdefault(measure, []).append(total)
    return {key: {measure: added(totals) for measure, totals in own.items()} for key, own in found.items()}


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
