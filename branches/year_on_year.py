"""同比: a year, or the part of it that has passed, beside the same part of the year before."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from branches.differences import marker, signed
from branches.periods import Period, Precision
from publishing.quantities import Total

_TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Change:
    """``span``: what both numbers are of, in words (全年, 1—11月同期). Without one of the numbers nothing is compared."""

    year: int
    span: str
    now: Total
    before: Total
    now_link: str = ""
    before_link: str = ""

    @property
    def is_anything(self) -> bool:
        """Something is known of the year before, or to be said of it."""
        return self.before.value is not None or bool(self.before.without_value)

    @property
    def difference(self) -> Decimal | None:
        if self.now.value is None or self.before.value is None:
            return None
        return self.now.value - self.before.value

    @property
    def difference_text(self) -> str:
        """+12, 约−3, 至少+5; empty where either number is not known."""
        return "" if self.difference is None else f"{self._marker}{signed(self.difference)}"

    @property
    def percent_text(self) -> str:
        """+12.5%; of nothing there are no per cents."""
        if self.difference is None or not self.before.value:
            return ""
        share = (100 * self.difference / self.before.value).quantize(_TENTH, ROUND_HALF_UP)
        return f"{self._marker}{signed(share, '%')}"

    @property
    def before_number(self) -> str:
        return self.before.short

    @property
    def words(self) -> str:
        """+2（+20%）."""
        percent = self.percent_text
        return f"{self.difference_text}（{percent}）" if percent else self.difference_text

    @property
    def _marker(self) -> str:
        return marker(self.difference, self.now, self.before)


@dataclass(frozen=True)
class Spans:
    """What is compared for a year: its own days and those of the year before, and how that is said."""

    now: Period
    before: Period
    words: str


def spans_of(year: int, today: date) -> Spans | None:
    """None for a year that has not begun. Of a year that is not over, the months until this one."""
    if year > today.year:
        return None
    now = Period.around(date(year, 1, 1), Precision.YEAR)
    if year < today.year:
        return Spans(now, year_before(now), "全年")
    end = Period.around(today, Precision.MONTH).end
    until = f"1{'' if today.month == 1 else f'—{today.month}'}月同期"
    return Spans(Period(now.start, end, Precision.DAY), year_before(Period(now.start, end, Precision.DAY)), until)


def year_before(period: Period) -> Period:
    """The same days of the year before; the end of February stays the end of it."""
    if period.precision != Precision.DAY:
        return Period.around(period.start.replace(year=period.start.year - 1), period.precision)
    return Period(_day_before(period.start), _day_before(period.end), Precision.DAY)


def _day_before(day: date | None) -> date | None:
    if day is None:
        return None
    month = Period.around(day, Precision.MONTH)
    last = Period.around(date(day.year - 1, day.month, 1), Precision.MONTH).end
    return last if day == month.end else day.replace(year=day.year - 1)
