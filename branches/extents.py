"""Which activities exactly a queryset has, as it says itself: for sums that are kept of them (``branches.sums``)."""

from dataclasses import dataclass, replace
from datetime import MAXYEAR, MINYEAR, date, timedelta
from typing import NamedTuple

from django.db.models import Case, F, IntegerField, When

from branches.periods import MONTHS_IN, Period, Precision


def month_of(day: date) -> int:
    """Months as numbers that go on from year to year."""
    return 12 * day.year + day.month - 1


def _first_day(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def _last_day(month: int) -> date:
    return Period.around(_first_day(month), Precision.MONTH).end


class Span(NamedTuple):
    """The first and the last month of what is stated; of a stated day the one where it lies."""

    first: int
    last: int

    @classmethod
    def expressions(cls) -> "Span":
        """Those of a row, in the database's words; NULL where no time is stated."""
        first, last = (12 * F(f"{side}__year") + F(f"{side}__month") - 1 for side in ("start", "end"))
        return cls(first, Case(When(precision=Precision.DAY, then=first), default=last, output_field=IntegerField()))

    def one(self, precision: str) -> int | None:
        """The month (from 1), quarter (from 1) or year that it belongs to: of one row what ``belongs_to_one`` says of many."""
        length = MONTHS_IN[precision]
        if self.first // length != self.last // length:
            return None
        return self.first // 12 if length == 12 else self.first % 12 // length + 1


class Months(NamedTuple):
    """From a month to a month, either of which may be open, of a time that may have days before and after them."""

    first: int | None
    last: int | None
    time: Period

    @classmethod
    def whole_in(cls, time: Period) -> "Months | None":
        """Those of which each day lies in it; None where there are none."""
        first, last = time.start and month_of(time.start), time.end and month_of(time.end)
        starts_late = bool(time.start) and time.start.day > 1
        ends_early = bool(time.end) and time.end != _last_day(last)
        first, last = (first + 1) if starts_late else first, (last - 1) if ends_early else last
        begun, over = month_of(date.min) if first is None else first, month_of(date.max) if last is None else last
        return cls(first, last, time) if begun <= over else None

    @property
    def period(self) -> Period:
        first, last = self.first and _first_day(self.first), self.last and _last_day(self.last)
        return Period(first, last, Precision.DAY)

    @property
    def rest(self) -> list[Period]:
        """What the time has before and after them."""
        own, time, day = self.period, self.time, timedelta(days=1)
        found = []
        if own.start and (time.start is None or time.start < own.start):
            found.append(Period(time.start, own.start - day, Precision.DAY))
        if own.end and (time.end is None or own.end < time.end):
            found.append(Period(own.end + day, time.end, Precision.DAY))
        return found

    @property
    def years(self) -> "Months | None":
        """The whole years among them, None where there are none."""
        first = MINYEAR if self.first is None else -(-self.first // 12)
        last = MAXYEAR if self.last is None else (self.last + 1) // 12 - 1
        if last < first:
            return None
        return self._replace(first=self.first and 12 * first, last=self.last and 12 * last + 11)

    @property
    def year(self) -> int | None:
        """The one in which all of them lie."""
        years = {None if month is None else month // 12 for month in (self.first, self.last)}
        return years.pop() if len(years) == 1 else None

    @property
    def is_year(self) -> bool:
        return self.begin_a_year and self.last % 12 == 11

    @property
    def begin_a_year(self) -> bool:
        """And end in it, with a month."""
        return bool(self.year) and self.first % 12 == 0 and not self.rest

    def have(self, span: Span) -> bool:
        """Whether what is stated so belongs to them."""
        return (self.first is None or span.first >= self.first) and (self.last is None or span.last <= self.last)


@dataclass(frozen=True)
class Extent:
    """Which counted activities exactly a queryset has, for sums that are kept of them (``branches.sums``).

    Only what a method below says of itself: narrowed down in any other way a queryset has no extent any more.
    ``part``: all of the hospital and year (or of all of them), or those of it that the words say · ``months``: only what belongs
    to them; they are less than the year, or of several years · ``kinds``: only what is of these (keys); None is all of them ·
    ``only_published``: of the public part of something, that the rest of it is published, too (``public_extent``).
    """

    hospital: int | None
    year: int | None
    part: str = ""
    months: Months | None = None
    kinds: frozenset[int] | None = None
    only_published: bool = False

    @property
    def is_narrowed(self) -> bool:
        return self.months is not None or self.kinds is not None

    @property
    def has_unpublished_kept(self) -> bool:
        """Of the unpublished rest sums are kept, too: of all hospitals only; that of one is little."""
        return not (self.only_published or self.hospital)

    def within(self, period: Period) -> "Extent | None":
        """What of it belongs to a year, or to months; of less nothing is kept."""
        months = Months.whole_in(period)
        if months is None or self.year or self.months or self.part:
            return None
        return replace(self, year=months.year, months=None if months.is_year else months)


#: all that a visitor may see, summaries too
PUBLIC = Extent(None, None, "public")
