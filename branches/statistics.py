"""Statistics of what was recorded one by one: what is looked at, and the charts by kind, month and year.

The page says 数据口径; this module keeps it. What is counted are public activities but summaries, each once; of a measure,
the figures of these that a visitor may see. Every number has the address of the list with exactly its activities, whose
count or total is the number again: ``ActivityFilter`` with ``counted``.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from django.urls import reverse
from django.utils import timezone

from branches.charts import Bar, Bars, Months, leading, months_of
from branches.extents import Extent
from branches.models import Activity, Measure, PeriodReport
from branches.periods import Period, Precision
from branches.sums import measures_used, totals_by
from branches.tally_sums import one_look
from hospitals.filters import hospital_choices
from hospitals.models import Hospital
from publishing.meta import list_path
from publishing.quantities import Total

MOST_BARS = 30
COUNT = "活动条数"
COUNT_UNIT = "条"


@dataclass(frozen=True)
class Scope:
    """What is looked at: everything, or one hospital's, or one year's; the activities themselves or one measure."""

    hospital: Hospital | None = None
    year: int | None = None
    measure: Measure | None = None

    @property
    def key(self) -> tuple:
        """For what is kept while the content is the same."""
        return self.hospital and self.hospital.pk, self.year, self.measure and self.measure.pk

    @property
    def period(self) -> Period | None:
        return Period.around(date(self.year, 1, 1), Precision.YEAR) if self.year else None

    @property
    def counts(self) -> str:
        return self.measure.name if self.measure else COUNT

    @property
    def recorded(self) -> str:
        """As one says that there are none: 还没有活动, 还没有服务人次."""
        return self.measure.name if self.measure else "活动"

    @property
    def unit(self) -> str:
        return self.measure.unit if self.measure else COUNT_UNIT

    @property
    def words(self) -> str:
        """渭南市第二医院，2023年，场次."""
        where = self.hospital.name if self.hospital else "全部医院"
        return f"{where}，{f'{self.year}年' if self.year else '全部年份'}，{self.counts}"

    @property
    def activities(self):
        rows = Activity.objects.public().recorded()
        if self.hospital:
            rows = rows.of_hospital(self.hospital)
        rows = rows.belonging_to(self.period).order_by()
        rows.extent = Extent(self.hospital and self.hospital.pk, self.year)
        return rows

    def link(self, **more: str) -> str:
        """The address of the list with these activities, or with those of them that meet more conditions."""
        chosen = {
            "hospital": self.hospital.slug if self.hospital else "",
            "period": str(self.year or ""),
            "counted": "1",
        }
        return list_path(reverse("activity_list"), chosen | more)

    def links(self, name: str, **more: str) -> Callable[[object], str]:
        """``link`` with a value of this condition to come, which needs no escape: a key or a slug. For thousands of them."""
        return _filled_in(self.link(**{name: _TO_COME}, **more))

    def pages(self, name: str) -> Callable[[object], str]:
        """``page`` likewise."""
        return _filled_in(self.page(**{name: _TO_COME}))

    @property
    def conditions(self) -> dict[str, str]:
        """As the address of the page says them."""
        return {
            "hospital": self.hospital.slug if self.hospital else "",
            "year": str(self.year or ""),
            "measure": self.measure.slug if self.measure else "",
        }

    def counted_in(self, period: Period):
        """The activities of another time, as ``activities`` are those of the year."""
        return replace(self, year=None).activities.belonging_to(period)

    def link_in(self, period: Period) -> str:
        return self.link(**{"period": "", "from": str(period.start), "to": str(period.end)})

    def page(self, **more: str) -> str:
        """The address of the statistics of this, or with one thing changed."""
        return list_path(reverse("statistics"), self.conditions | more)


_TO_COME = "value-to-come"


def _filled_in(address: str) -> Callable[[object], str]:
    before, after = address.split(_TO_COME)
    return lambda value: f"{before}{value}{after}"


# -- Charts


def by_kind(scope: Scope) -> Bars:
    return bars_of_kinds(scope, rows_of_kinds(scope))


def rows_of_kinds(scope: Scope) -> list[dict]:
    return list(totals_by(scope, with_latest=True, slug="kind__slug", name="kind__name", order="kind__position"))


def bars_of_kinds(scope: Scope, rows: list[dict]) -> Bars:
    rows = sorted(rows, key=lambda row: row["order"])
    bars = [Bar(row["name"], row["total"], scope.link(kind=row["slug"])) for row in rows]
    finding = leading(bars, scope.unit, alone="全部是%s", shares=True)
    others = scope.link(kind="other")
    return ranked(scope, "类别", bars, finding, last=lambda bar: bar.link == others)


def by_months(scope: Scope) -> Months:
    rows = totals_by(scope, scope.activities.of_one_month(), month="start__month")
    return _months(scope, {row["month"]: row["total"] for row in rows})


def latest_months(hospital: Hospital) -> Months | None:
    """How many activities began in each month of the latest year with any; None without one."""
    everything = Scope(hospital)
    rows = list(totals_by(everything, everything.activities.of_one_month(), year="start__year", month="start__month"))
    if not rows:
        return None
    year = max(row["year"] for row in rows)
    return _months(Scope(hospital, year), {row["month"]: row["total"] for row in rows if row["year"] == year})


def _months(scope: Scope, totals: dict[int, Total]) -> Months:
    links = {month: scope.link(period=f"{scope.year}-{month:02}") for month in range(1, 13)}
    return months_of(scope.year, totals, links, scope.unit, scope.counts, timezone.localdate())


def by_years(scope: Scope) -> Bars:
    rows = sorted(totals_by(scope, scope.activities.of_one_year(), year="start__year"), key=lambda row: row["year"])
    bars = [
        Bar(f"{row['year']}年", row["total"], scope.link(period=str(row["year"])), scope.page(year=str(row["year"])))
        for row in rows
    ]
    finding = leading(bars, scope.unit, alone="只有%s有录入", shares=False)
    return Bars("年份", scope.unit, scope.counts, finding, tuple(bars))


def ranked(scope: Scope, heading: str, bars: list[Bar], finding: str, last=lambda bar: False) -> Bars:
    """Most first; those without a definite number after them, and 其他 at the end whatever it has."""
    in_order = sorted(bars, key=lambda bar: (last(bar), bar.total.value is None, -bar.value))
    shown, left = in_order[:MOST_BARS], in_order[MOST_BARS:]
    return Bars(heading, scope.unit, scope.counts, finding, tuple(shown), len(left))


# -- What can be chosen


@one_look()
def choices() -> dict[str, list[tuple[str, str]]]:
    """Hospitals by slug, the years and the measures of which anything public is counted or announced."""
    years = {row["year"] for row in totals_by(Scope(), Scope().activities.of_one_year(), year="start__year")}
    years |= {day.year for day in PeriodReport.objects.public().dates("start", "year")}
    measures = Measure.objects.filter(pk__in=measures_used()).order_by("position", "pk")
    return {
        "hospital": [("", "全部医院"), *hospital_choices()],
        "year": [
            ("", "全部年份"),
            *((str(year), f"{year}年") for year in sorted(years, reverse=True)),
        ],
        "measure": [("", f"{COUNT}（{COUNT_UNIT}）"), *((measure.slug, str(measure)) for measure in measures)],
    }


def with_chosen(choices: dict[str, list[tuple[str, str]]], scope: Scope) -> dict[str, list[tuple[str, str]]]:
    """Also what was asked for and has no records any more, so that the form shows what the page is of."""
    chosen = {"year": (str(scope.year or ""), f"{scope.year}年")}
    if scope.measure:
        chosen["measure"] = (scope.measure.slug, str(scope.measure))
    return choices | {
        name: [*choices[name], choice] for name, choice in chosen.items() if choice[0] not in dict(choices[name])
    }
