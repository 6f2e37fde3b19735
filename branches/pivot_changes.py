"""同比 in the office's statistics: the rows of a chosen time beside the same rows of the year before."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import MINYEAR, date

from branches.periods import Period, Precision
from branches.staff_sums import recorded_by
from branches.statistics_filter import StatisticsChoices
from branches.sums import added, parts_of
from branches.year_on_year import Change, spans_of, year_before
from publishing.quantities import Total


@dataclass(frozen=True)
class Compared:
    """``span``, ``span_before``: the two times, of equal length · ``is_part``: the chosen time is not over yet."""

    form: StatisticsChoices
    span: Period
    span_before: Period
    is_part: bool

    @property
    def words(self) -> str:
        """What is compared, for the head of the column."""
        return f"比上年同期（{self.span}）" if self.is_part else "比上年同期"

    @property
    def now(self):
        return self.form.counted_in(self.span)

    @property
    def before(self):
        return self.form.counted_in(self.span_before)

    def change(self, now: Total | None, before: Total | None, **conditions) -> Change:
        return change_in(self.form, (now, before), (self.span, self.span_before), conditions)

    def of_all(self, total: Total | None) -> Change:
        now = _count_of(self.now) if self.is_part else total
        return self.change(now, _count_of(self.before))

    def by(self, of_one: str = "", within: Collection[int] | None = None, **paths: str) -> "ComparedRows":
        """``of_one``: only what belongs to one month, quarter or year · ``within``: see ``recorded_by``."""
        own = self._counts(self.span, of_one, within, paths) if self.is_part else None
        return ComparedRows(self, self._counts(self.span_before, of_one, within, paths), own)

    def _counts(
        self, span: Period, of_one: str, within: Collection[int] | None, paths: dict[str, str]
    ) -> dict[tuple, Total]:
        rows = self.form.counted_in(span)
        return _counts_of(rows.of_one(of_one) if of_one else rows, paths, within)


@dataclass(frozen=True)
class ComparedRows:
    """``counts``: of the year before; ``own``: of this one, where it is not the whole of the rows."""

    compared: Compared
    counts: dict[tuple, Total]
    own: dict[tuple, Total] | None

    def of(self, key: tuple, total: Total | None, **conditions) -> Change:
        now = total if self.own is None else self.own.get(key)
        return self.compared.change(now, self.counts.get(key), **conditions)

    def of_several(self, before: list[tuple], now: list[tuple], total: Total | None, **conditions) -> Change:
        own = total if self.own is None else _sum(self.own.get(key) for key in now)
        return self.compared.change(own, _sum(self.counts.get(key) for key in before), **conditions)

    def of_time(self, key: tuple, total: Total | None, period: Period) -> Change | None:
        """A month beside the same month of the year before."""
        span = _common(period, self.compared.span)
        if span is None:
            return None
        now = total if self.own is None else self.own.get(key)
        before = self.counts.get((key[0] - 1, *key[1:]))
        return change_in(self.compared.form, (now, before), (span, year_before(span)), {})


@dataclass(frozen=True)
class YearsCompared:
    """Of all times: each year beside the one before it. ``counts``: of each year."""

    form: StatisticsChoices
    counts: dict[int, Total | None]
    today: date

    def of_time(self, key: tuple, total: Total | None, period: Period) -> Change | None:
        (year,) = key
        spans = spans_of(year, self.today)
        if spans is None or year - 1 not in self.counts:
            return None
        totals = total, self.counts[year - 1]
        if year == self.today.year:
            totals = _count_of(self.form.counted_in(spans.now)), _count_of(self.form.counted_in(spans.before))
        return change_in(self.form, totals, (spans.now, spans.before), {}, spans.words)


def change_in(
    form: StatisticsChoices, totals: tuple, spans: tuple[Period, Period], conditions: dict, words=""
) -> Change:
    """``totals``, ``spans``: of now and of the year before; ``conditions``: of the row."""

    def link(period: Period) -> str:
        return form.link(**(conditions | {"year": "", "part": "", "since": period.start, "until": period.end}))

    now, before = (total or Total() for total in totals)
    return Change(spans[0].start.year, words, now, before, *map(link, spans))


def _count_of(activities) -> Total | None:
    return _counts_of(activities, {}).get(())


def _counts_of(activities, paths: dict[str, str], within: Collection[int] | None = None) -> dict[tuple, Total]:
    found = recorded_by(activities, with_measures=False, within=within, **paths)
    return {key: sums[None] for key, sums in found.items() if None in sums}


def compared_times(form: StatisticsChoices, today: date) -> Compared | None:
    """None where no time with both ends was chosen, or none that has begun."""
    time = form.time
    if time is None or time.start is None or time.end is None or time.start > today or time.start.year == MINYEAR:
        return None
    until = Period.around(today, Precision.MONTH).end
    span = Period(time.start, min(time.end, until), Precision.DAY)
    return Compared(form, span, year_before(span), time.end > until)


def _common(one: Period, other: Period) -> Period | None:
    start, end = max(one.start, other.start), min(one.end, other.end)
    return Period(start, end, Precision.DAY) if start <= end else None


def _sum(totals) -> Total | None:
    found = added(total for total in totals if total)
    return found if parts_of(found) else None
