"""Records with a time as it is stated (``branches.periods``), and what of them is counted in a month, a quarter or a year."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from branches.extents import Extent
from branches.periods import Period, Precision


def belongs_to_one(precision: str) -> Q:
    """What belongs to the month, quarter or year in which it began: a stated day wherever it ends, what is stated as a time
    if that lies in it as a whole."""
    return Q(start__isnull=False) & (Q(precision=Precision.DAY) | _ends_where_it_began(precision))


def _ends_where_it_began(precision: str) -> Q:
    within = {Precision.MONTH: "month", Precision.QUARTER: "quarter"}.get(precision)
    is_same = Q(end__year=F("start__year"))
    return is_same & Q(**{f"end__{within}": F(f"start__{within}")}) if within else is_same


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

    def in_period(self, period: Period | None):
        """Rows that share a day with a period; the unknown period means the undated rows."""
        if period is None:
            return self
        if period.precision == Precision.UNKNOWN:
            return self.filter(precision=Precision.UNKNOWN)
        return self.overlapping(period.start, period.end)

    def belonging_to(self, period: Period | None):
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
        return rows if rows is self else self._say(rows, lambda extent: extent.within(period))

    def starting_in(self, period: Period):
        """Rows that began in it, either side of which may be open; the undated ones as if before anything."""
        rows = self.filter(ordered_on__gte=period.start) if period.start else self
        return rows.filter(ordered_on__lte=period.end) if period.end else rows

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
