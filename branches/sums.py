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


def _figures(scope: "Scope", activities):
    return Figure.objects.public().filter(measure=scope.measure, activity__in=activities.values("pk")).order_by()


def _aggregates(scope: "Scope") -> dict:
    return Total.aggregates() if scope.measure else {"count": Count("pk")}


def _as_total(scope: "Scope", row: dict) -> Total:
    if scope.measure:
        return Total.from_row(row)
    return Total(Decimal(row["count"]), exact=row["count"]) if row["count"] else Total()


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
