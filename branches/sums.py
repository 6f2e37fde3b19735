"""Sums over recorded activities, made by the database: of a scope of the statistics, in groups or as a whole."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Count, F, Max, Q

from branches.models import Figure
from branches.periods import Precision
from publishing.quantities import Total

if TYPE_CHECKING:
    from branches.statistics import Scope


def totals_by(scope: "Scope", activities=None, *, with_latest: bool = False, **groups: str) -> Iterator[dict]:
    """The ``total`` of each group; ``groups`` are paths from an activity. Groups without a number do not come."""
    rows, path = (scope.activities if activities is None else activities), ""
    if scope.measure:
        rows, path = _figures(scope, rows), "activity__"
    rows = rows.values(**{name: F(f"{path}{own}") for name, own in groups.items()})
    if with_latest:
        rows = rows.annotate(latest=Max(f"{path}start", filter=Q(**{f"{path}precision": Precision.DAY})))
    for row in rows.annotate(**_aggregates(scope)).order_by():
        total = _as_total(scope, row)
        if parts_of(total):
            yield row | {"total": total}


def total_of(scope: "Scope", activities) -> Total:
    rows = _figures(scope, activities) if scope.measure else activities
    return _as_total(scope, rows.aggregate(**_aggregates(scope)))


def recorded_by(activities, *, with_measures: bool = True, **groups: str) -> dict[tuple, dict[int | None, Total]]:
    """For staff: of activities of any status, what each group has, by the values of the group; () is the one of all.

    Under None how many activities, under the key of a measure the sum of its figures, internal ones included; unlike
    measures are never added. Two queries, whatever there is. ``groups``: paths from an activity.
    """
    activities = activities.order_by()
    counts = activities.values_list(*map(F, groups.values())).annotate(count=Count("pk")) if groups else []
    found = {tuple(key): {None: _as_count(count)} for *key, count in counts}
    if not groups and (count := activities.count()):
        found[()] = {None: _as_count(count)}
    if not with_measures:
        return found
    figures = Figure.objects.filter(measure__isnull=False, activity__in=activities.values("pk")).order_by()
    named = {name: F(f"activity__{path}") for name, path in groups.items()}
    for row in figures.values("measure", **named).annotate(**Total.aggregates()):
        found.setdefault(tuple(row[name] for name in groups), {})[row["measure"]] = Total.from_row(row)
    return found


def _as_count(count: int) -> Total:
    return Total(Decimal(count), exact=count) if count else Total()


def _figures(scope: "Scope", activities):
    return Figure.objects.public().filter(measure=scope.measure, activity__in=activities.values("pk")).order_by()


def _aggregates(scope: "Scope") -> dict:
    return Total.aggregates() if scope.measure else {"count": Count("pk")}


def _as_total(scope: "Scope", row: dict) -> Total:
    if scope.measure:
        return Total.from_row(row)
    return _as_count(row["count"])


def added(totals: Iterable[Total]) -> Total:
    """Of parts that have no activity in common."""
    totals = [total for total in totals if total.value is not None or total.without_value]
    values = [total.value for total in totals if total.value is not None]
    return Total(
        sum(values) if values else None,
        exact=sum(total.exact for total in totals),
        at_least=sum(total.at_least for total in totals),
        approximate=sum(total.approximate for total in totals),
        without_value=sum(total.without_value for total in totals),
    )


def parts_of(total: Total) -> int:
    """How many numbers, or activities, it is made of."""
    return total.exact + total.at_least + total.approximate + total.without_value
