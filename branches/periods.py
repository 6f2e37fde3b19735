"""Dates as reports state them: a day, a month, a quarter, a half-year, a year, or none at all.

A stated period is kept as its first and last day and its precision, so that filters compare by overlap: the first
half of 2023 finds 1 June 2023, and June 2023 finds the half-year.
"""

import calendar
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _


class Precision(models.TextChoices):
    DAY = "day", _("具体日期")
    MONTH = "month", _("月份")
    QUARTER = "quarter", _("季度")
    HALF_YEAR = "half_year", _("半年")
    YEAR = "year", _("全年")
    UNKNOWN = "unknown", _("时间未载明")


MONTHS_IN = {Precision.MONTH: 1, Precision.QUARTER: 3, Precision.HALF_YEAR: 6, Precision.YEAR: 12}
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class Period:
    start: date | None
    end: date | None
    precision: str

    @classmethod
    def around(cls, day: date, precision: str) -> "Period":
        """The whole period of a precision in which a day lies."""
        if precision == Precision.DAY:
            return cls(day, day, precision)
        length = MONTHS_IN[precision]
        first_month = (day.month - 1) // length * length + 1
        last_month = first_month + length - 1
        last_day = calendar.monthrange(day.year, last_month)[1]
        return cls(date(day.year, first_month, 1), date(day.year, last_month, last_day), precision)

    def counts(self, stated: "Period") -> bool:
        """Whether what is stated so belongs here: of one row what ``DatedQuerySet.belonging_to`` says of many."""
        if stated.start is None or not self.start <= stated.start <= self.end:
            return False
        return stated.precision == Precision.DAY or stated.end <= self.end

    @classmethod
    def of_days(cls, start: date, end: date) -> "Period":
        """From a day to a day; the year, half-year, quarter or month where it is exactly one of these."""
        for precision in (Precision.YEAR, Precision.HALF_YEAR, Precision.QUARTER, Precision.MONTH):
            whole = cls.around(start, precision)
            if (whole.start, whole.end) == (start, end):
                return whole
        return cls(start, end, Precision.DAY)

    @property
    def headline(self) -> str:
        """The large part of a list entry: a day's number, 上半年, or that the time is unknown."""
        match self.precision:
            case Precision.UNKNOWN:
                return str(Precision.UNKNOWN.label)
            case Precision.DAY:
                return str(self.start.day)
            case Precision.MONTH:
                return f"{self.start.month}月"
            case Precision.QUARTER:
                return f"第{'一二三四'[(self.start.month - 1) // 3]}季度"
            case Precision.HALF_YEAR:
                return "上半年" if self.start.month <= 6 else "下半年"
            case _:
                return "全年"

    @property
    def context(self) -> str:
        """The small part below the headline: the month of a day, the year of a period."""
        if self.precision == Precision.UNKNOWN:
            return ""
        if self.precision == Precision.DAY:
            return f"{self.start.year}年{self.start.month}月"
        return f"{self.start.year}年"

    def __str__(self):
        if self.precision == Precision.UNKNOWN:
            return str(Precision.UNKNOWN.label)
        text = self._words(self.start)
        if self.end == Period.around(self.start, self.precision).end:
            return text
        return f"{text}至{self._words(self.end, shown_year=self.start.year)}"

    def _words(self, day: date, shown_year: int | None = None) -> str:
        """The period in which a day lies, in words; without its year where that has just been said."""
        year = "" if day.year == shown_year and self.precision != Precision.YEAR else f"{day.year}年"
        match self.precision:
            case Precision.DAY:
                return f"{year}{day.month}月{day.day}日"
            case Precision.YEAR:
                return year
            case _:
                return f"{year}{Period(day, day, self.precision).headline}"

    @property
    def with_weekday(self) -> str:
        if self.precision != Precision.DAY or self.end != self.start:
            return str(self)
        return f"{self}（星期{WEEKDAYS[self.start.weekday()]}）"


def period_text(start: date | None, end: date | None) -> str:
    """From a day to a day in words, either of which may be open; empty where both are."""
    if start and end:
        return str(Period(start, end, Precision.DAY))
    return f"{start}起" if start else f"截至{end}" if end else ""
