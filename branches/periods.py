"""Dates as reports state them: a day, a month, a quarter, a half-year, a year, or none at all.

A stated period is kept as its first and last day and its precision, so that filters compare by overlap: the first
half of 2023 finds 1 June 2023, and June 2023 finds the half-year.
"""

import calendar
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.db.models.functions import Coalesce
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
    def whole_months(self) -> "Months | None":
        """Those of which each day lies in it; None where there are none."""
        first, last = self.start and month_of(self.start), self.end and month_of(self.end)
        starts_late = bool(self.start) and self.start.day > 1
        ends_early = bool(self.end) and self.end != Period.around(self.end, Precision.MONTH).end
        first, last = (first + 1) if starts_late else first, (last - 1) if ends_early else last
        begun, over = month_of(date.min) if first is None else first, month_of(date.max) if last is None else last
        return Months(first, last, starts_late or ends_early) if begun <= over else None

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


def belongs_to_one(precision: str) -> Q:
    """What belongs to the month, quarter or year in which it began: a stated day wherever it ends, what is stated as a time
    if that lies in it as a whole."""
    return Q(start__isnull=False) & (Q(precision=Precision.DAY) | _ends_where_it_began(precision))


def _ends_where_it_began(precision: str) -> Q:
    within = {Precision.MONTH: "month", Precision.QUARTER: "quarter"}.get(precision)
    is_same = Q(end__year=F("start__year"))
    return is_same & Q(**{f"end__{within}": F(f"start__{within}")}) if within else is_same


def month_of(day: date) -> int:
    """Months as numbers that go on from year to year."""
    return 12 * day.year + day.month - 1


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
    """From a month to a month, either of which may be open. ``has_days``: and the days of a month before or after them."""

    first: int | None
    last: int | None
    has_days: bool = False

    @property
    def year(self) -> int | None:
        """The one in which all of them lie."""
        years = {None if month is None else month // 12 for month in (self.first, self.last)}
        return years.pop() if len(years) == 1 else None

    @property
    def is_year(self) -> bool:
        return bool(self.year) and (self.first % 12, self.last % 12, self.has_days) == (0, 11, False)

    @property
    def begin_a_year(self) -> bool:
        """And end in it, with a month."""
        return bool(self.year) and self.first % 12 == 0 and not self.has_days

    def have(self, span: Span) -> bool:
        """Whether what is stated so belongs to them."""
        return (self.first is None or span.first >= self.first) and (self.last is None or span.last <= self.last)


def _starts_in(months: Months) -> Q:
    first, last = (
        month and Period.around(date(month // 12, month % 12 + 1, 1), Precision.MONTH) for month in months[:2]
    )
    return (Q(ordered_on__gte=first.start) if first else Q()) & (Q(ordered_on__lte=last.end) if last else Q())


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


def _within(extent: Extent, period: Period) -> Extent | None:
    """What belongs to a year, or to months; of less nothing is kept."""
    months = period.whole_months
    if months is None or extent.year or extent.months or extent.part:
        return None
    return replace(extent, year=months.year, months=None if months.is_year else months)


#: all that a visitor may see, summaries too
PUBLIC = Extent(None, None, "public")


class DatedQuerySet(models.QuerySet):
    # Of this object and not of its clones: Django copies them to none.
    extent: Extent | None = None
    #: of those among these that a visitor may see; the others are narrowed down by the same
    public_extent: Extent | None = None

    def _as_part(self, words: str, rows):
        return self._say(rows, lambda extent: replace(extent, part=f"{extent.part} {words}".strip()))

    def _say(self, rows, narrowed: Callable[[Extent], Extent | None]):
        rows.extent = self.extent and narrowed(self.extent)
        rows.public_extent = self.public_extent and narrowed(self.public_extent)
        return rows

    def overlapping(self, start: date | None = None, end: date | None = None):
        """Rows whose period shares a day with the given one; either side may be open. Undated rows never match."""
        rows = self
        if start:
            rows = rows.filter(end__gte=start)
        if end:
            rows = rows.filter(start__lte=end)
        return rows

    def in_period(self, period: "Period | None"):
        """Rows that share a day with a period; the unknown period means the undated rows."""
        if period is None:
            return self
        if period.precision == Precision.UNKNOWN:
            return self.filter(precision=Precision.UNKNOWN)
        return self.overlapping(period.start, period.end)

    def belonging_to(self, period: "Period | None"):
        """Rows that are counted in a period: each in one month, one year, or neither, so that counts add up.

        A stated day is counted where it lies, however long something went on. What is stated as a month, a half-year
        or a year must lie in the period as a whole. A side of the period may be open.
        """
        if period is None or period.precision == Precision.UNKNOWN:
            return self.in_period(period)
        rows = self  # by ``ordered_on``, which has an index; undated rows begin before anything
        if period.start:
            rows = rows.filter(ordered_on__gte=period.start)
        if period.end:
            rows = rows.filter(Q(precision=Precision.DAY) | Q(end__lte=period.end), ordered_on__lte=period.end)
            rows = rows if period.start else rows.filter(start__isnull=False)
        return rows if rows is self else self._say(rows, lambda extent: _within(extent, period))

    def inside(self, months: Months):
        """Of what belongs to a time, whose whole months these are, what belongs to them."""
        return self.filter(_starts_in(months))

    def outside(self, months: Months):
        """And what belongs to none of them, but to the days before and after."""
        return self.filter(~_starts_in(months))

    def beyond(self, period: "Period"):
        """Of what belongs to a year what does not belong to this time, which begins with the year."""
        late = Q(ordered_on__gt=period.end)
        return self.filter(late | ~Q(precision=Precision.DAY) & Q(end__gt=period.end, ordered_on__gte=period.start))

    def years(self) -> range:
        """From the latest to the first in which anything began, those between included: two looks into the index."""
        dated = self.filter(ordered_on__gt=date.min).order_by("ordered_on").values_list("ordered_on", flat=True)
        first, latest = dated.first(), dated.last()
        return range(latest.year, first.year - 1, -1) if latest else range(0)

    def undated(self):
        return self._as_part("undated", self.filter(precision=Precision.UNKNOWN))

    def of_one_year(self):
        """Rows that belong to the year in which they began."""
        return self.of_one(Precision.YEAR)

    def of_one_month(self):
        """Rows that belong to the month in which they began."""
        return self.of_one(Precision.MONTH)

    def of_one(self, precision: str):
        """Rows that belong to the month, quarter or year in which they began."""
        return self._as_part(f"of {precision}", self.filter(belongs_to_one(precision)))

    def coarser_than(self, precision: str):
        """The dated rows that belong to no month, quarter or year: 只写到半年, and 三月至五月 of a year."""
        rows = self.filter(~Q(precision=Precision.DAY), ~_ends_where_it_began(precision), start__isnull=False)
        return self._as_part(f"coarser than {precision}", rows)

    def newest_first(self):
        """Latest first, undated last; the same order on both databases."""
        return self.order_by("-ordered_on", "end", "-pk")

    def above(self, row: "Dated"):
        """What that order puts before a row, the nearest first."""
        day, end, pk = row.start or date.min, row.end, row.root_pk
        same_day = Q(end__lt=end) | Q(end=end, pk__gt=pk) if end else Q(pk__gt=pk)
        # The first condition says no more than the second, but where in the index to begin.
        return self.filter(Q(ordered_on__gte=day), Q(ordered_on__gt=day) | same_day).newest_first().reverse()

    def below(self, row: "Dated"):
        """What that order puts after a row, the nearest first."""
        day, end, pk = row.start or date.min, row.end, row.root_pk
        same_day = Q(end__gt=end) | Q(end=end, pk__lt=pk) if end else Q(pk__lt=pk)
        return self.filter(Q(ordered_on__lte=day), Q(ordered_on__lt=day) | same_day).newest_first()


class Dated(models.Model):
    start = models.DateField(_("开始日期"), null=True, blank=True)
    end = models.DateField(_("结束日期"), null=True, blank=True, help_text=_("只有一天的活动不用填。"))
    precision = models.CharField(
        _("日期写到"),
        max_length=10,
        choices=Precision,
        default=Precision.DAY,
        help_text=_("选“月份”“半年”等时，填其中任意一天即可，系统会换算成整段时间。"),
    )
    date_text = models.CharField(
        _("原文时间"), max_length=60, blank=True, help_text=_("原稿里怎么写的，例如“今年上半年”。")
    )

    #: What the writer wants to state once the date is known: until then a draft has the date of what has none.
    date_awaited = models.CharField(
        max_length=10, choices=Precision, blank=True, default="", db_default="", editable=False
    )

    # NULL sorts first on one database and last on the other; a column without NULL sorts, and is indexed, alike.
    ordered_on = models.GeneratedField(
        expression=Coalesce("start", Value(date.min)), output_field=models.DateField(), db_persist=True, editable=False
    )

    class Meta:
        abstract = True

    def clean(self):
        super().clean()
        self.settle_period()

    def settle_period(self) -> None:
        """Turn what was typed into the first and last day of the stated period.

        Raises ValidationError at ``start`` or ``end`` with a message for the editor.
        """
        if self.precision == Precision.UNKNOWN:
            self.start = self.end = None
            return
        if self.start is None:
            raise ValidationError({"start": _("请填写日期；原稿没有写明时间的，请在“日期写到”里选“时间未载明”。")})
        if self.end and self.end < self.start:
            raise ValidationError({"end": _("结束日期早于开始日期，请检查这两个日期。")})
        first = Period.around(self.start, self.precision)
        last = Period.around(self.end or self.start, self.precision)
        self.start, self.end = first.start, last.end

    @property
    def period(self) -> Period:
        return Period(self.start, self.end, self.precision)

    @property
    def is_date_awaited(self) -> bool:
        """Nobody has said yet when it was, nor that it is not stated: a draft may be so, and is not handed in."""
        return bool(self.date_awaited) and self.precision == Precision.UNKNOWN

    @property
    def period_or_gap(self) -> str:
        """For its writer's lists."""
        return str(_("日期还没填")) if self.is_date_awaited else str(self.period)


def period_constraints(prefix: str) -> list[models.CheckConstraint]:
    """Dates in order, and none at all exactly when the time is not stated."""
    return [
        models.CheckConstraint(
            condition=Q(start__isnull=True) | Q(end__gte=F("start")),
            name=f"{prefix}_dates_in_order",
            violation_error_message=_("结束日期早于开始日期，请检查这两个日期。"),
        ),
        models.CheckConstraint(
            condition=Q(precision=Precision.UNKNOWN, start__isnull=True, end__isnull=True)
            | (~Q(precision=Precision.UNKNOWN) & Q(start__isnull=False, end__isnull=False)),
            name=f"{prefix}_dates_known",
            violation_error_message=_("请填写日期；原稿没有写明时间的，请在“日期写到”里选“时间未载明”。"),
        ),
    ]
