"""The recorded numbers at one glance: the total beside that of the year before, and the three charts."""

from dataclasses import dataclass, replace
from datetime import date

from django.utils import timezone

from branches.charts import Bars, Months
from branches.owners import Sharing, branch_bars, by_hospital, chart_of_branches, sharing_of
from branches.periods import Precision
from branches.statistics import Scope, bars_of_kinds, by_months, by_years, rows_of_kinds
from branches.sums import added, parts_of, total_of
from branches.tally_sums import one_look
from branches.year_on_year import Change, spans_of
from publishing.quantities import Total


@dataclass(frozen=True)
class Rest:
    """What belongs to the whole, but to none of its months, quarters or years: said in a row of its own."""

    name: str
    total: Total
    link: str


@dataclass(frozen=True)
class Numbers:
    """All that the page shows of recorded numbers."""

    total: Total
    link: str
    query: str  # of the list, for its downloads
    entries: int  # activities in scope, of which ``reporting`` give the measure
    reporting: int
    latest: date | None
    change: Change | None
    undated: Total | None  # only where all years are looked at
    undated_link: str
    rest: Rest | None
    by_kind: Bars
    by_owner: Bars
    sharing: Sharing | None  # of a hospital
    by_month: Months | None
    by_year: Bars | None

    @property
    def is_rest(self) -> bool:
        return self.rest is not None


@one_look()
def numbers_of(scope: Scope) -> Numbers:
    """In a number of queries that does not depend on how much there is."""
    kinds = rows_of_kinds(scope)
    total = added(row["total"] for row in kinds)
    branches = branch_bars(scope) if scope.hospital else []
    undated = None if scope.year else total_of(scope, scope.activities.undated())
    return Numbers(
        total=total,
        link=scope.link(),
        query=scope.link().partition("?")[2],
        entries=parts_of(total_of(replace(scope, measure=None), scope.activities) if scope.measure else total),
        reporting=parts_of(total),
        latest=max((row["latest"] for row in kinds if row["latest"]), default=None),
        change=change_of(scope),
        undated=undated if undated and parts_of(undated) else None,
        undated_link=scope.link(period=Precision.UNKNOWN.value),
        rest=rest_of(scope, Precision.MONTH if scope.year else Precision.YEAR),
        by_kind=bars_of_kinds(scope, kinds),
        by_owner=chart_of_branches(scope, branches) if scope.hospital else by_hospital(scope),
        sharing=sharing_of(scope, branches, total) if branches else None,
        by_month=by_months(scope) if scope.year else None,
        by_year=None if scope.year else by_years(scope),
    )


_RESTS = {
    Precision.MONTH: "只写到季度、半年或全年",
    Precision.QUARTER: "只写到半年或全年",
    Precision.YEAR: "只写了跨年的一段时间",
}


def rest_of(scope: Scope, precision: Precision) -> Rest | None:
    """What was written more coarsely than to a month, a quarter or a year; None where there is nothing."""
    total = total_of(scope, scope.activities.coarser_than(precision))
    return Rest(_RESTS[precision], total, scope.link(coarser=precision.value)) if parts_of(total) else None


def change_of(scope: Scope) -> Change | None:
    """The year that is looked at beside the year before."""
    spans = spans_of(scope.year, timezone.localdate()) if scope.year else None
    if spans is None:
        return None
    now, before = (total_of(scope, scope.counted_in(period)) for period in (spans.now, spans.before))
    return Change(scope.year, spans.words, now, before, scope.link_in(spans.now), scope.link_in(spans.before))
