"""Announced against recorded 报道与录入对照: what a report says beside what was entered one by one. Never added.

A line of a period report is set beside the public activities of the same owner (a branch with those it joined, or the
whole hospital), of the kind it names, that belong to the report's period (``belonging_to``: begun in it, or stated as
a time that lies in it as a whole): the sum of their figures of the same measure. Not compared are lines of a report
without a date, and lines that are part of another (其中) and of no other kind than it: what was recorded cannot be
told apart as the report does.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import IntegerField, Value
from django.urls import reverse

from branches.differences import marker, signed
from branches.models import Activity, Figure, PeriodFigure, PeriodReport
from branches.periods import Precision as DatePrecision
from branches.statistics import Scope
from branches.sums import parts_of
from publishing.meta import list_path
from publishing.quantities import Precision, Quantity, Total

#: Numbers that are not exact agree where they differ by no more than this part of the announced one.
TOLERANCE = Decimal("0.1")
MATCHES, OPEN, NOT_COMPARED = "ok", "open", "none"  # as the table's rows are marked


@dataclass(frozen=True)
class Comparison:
    """One announced number. ``recorded`` is None where it is not compared; ``link``: to the activities behind it."""

    name: str
    unit: str
    period: str
    owner: str
    is_part: bool
    announced: Quantity
    source: str  # the address of the report
    recorded: Total | None
    link: str

    @property
    def has_numbers(self) -> bool:
        return bool(self.recorded and parts_of(self.recorded))

    @property
    def recorded_number(self) -> str:
        return self.recorded.short

    @property
    def difference(self) -> Decimal | None:
        """How far recorded is from announced, by the numbers as they are written."""
        if self.recorded is None or self.recorded.value is None or self.announced.value is None:
            return None
        return self.recorded.value - self.announced.value

    @property
    def is_exact(self) -> bool:
        return self.announced.is_exact and self.recorded.is_exact

    @property
    def state(self) -> str:
        if self.difference is None:
            return NOT_COMPARED
        return MATCHES if self._agrees() else OPEN

    @property
    def status(self) -> str:
        if self.recorded is None:
            return "其中项，不单独对照" if self.is_part else "时间未载明，不对照"
        if not parts_of(self.recorded):
            return "只有汇总"
        if self.announced.value is None:
            return "原文没有确切数字"
        if self.recorded.value is None:
            return "录入没有确切数字"
        if self._agrees():
            return "一致" if self.is_exact else "与约数相符"
        return f"{'待补录' if self.difference < 0 else '录入多于报道，待核对'}{self._inexact_side}"

    @property
    def gap(self) -> str:
        """−40, 至少−12 (announced as 60余), 约+5; empty where nothing can be said."""
        if self.difference is None or (self._agrees() and not self.is_exact):
            return ""
        return f"{marker(self.difference, self.recorded, self.announced)}{signed(self.difference)}"

    def _agrees(self) -> bool:
        if self.is_exact:
            return not self.difference
        if self.announced.precision == Precision.AT_LEAST:
            if self.difference >= 0:
                return True  # 60余 is reached, and by how much it was exceeded nobody said
            if self.recorded.is_exact:
                return False  # 57 are certainly fewer
        return abs(self.difference) <= TOLERANCE * self.announced.value

    @property
    def _inexact_side(self) -> str:
        if self.is_exact:
            return ""
        if self.recorded.is_exact:
            return "，原文为约数"
        return "，录入含约数" if self.announced.is_exact else "，都是约数"


def announced(scope: Scope):
    """The public lines of reports in scope, the latest report first, each report's lines in its own order."""
    reports = PeriodReport.objects.public().in_period(scope.period)
    if scope.hospital:
        reports = reports.of_hospital(scope.hospital)
    return lines_of(reports)


def lines_of(reports):
    """The latest report first, each report's lines in its own order; with all that a comparison names."""
    lines = PeriodFigure.objects.filter(report__in=reports.order_by().values("pk"))
    owners = ("report__hospital", "report__branch__hospital")
    return lines.select_related("measure", "kind", "subset_of", *owners).order_by(
        "-report__ordered_on", "report__hospital", "report", "position", "pk"
    )


def compared(lines: Iterable[PeriodFigure]) -> list[Comparison]:
    """With what is public. Two queries, however many lines of a page there are."""
    lines = list(lines)
    sums = recorded_for(lines, Activity.objects.public(), Figure.objects.public())
    return [_comparison(line, sums.get(line.pk)) for line in lines]


def recorded_for(lines: Iterable[PeriodFigure], activities, figures) -> dict[int, Total]:
    """What of these activities and figures is to be set beside each line that can be compared, by its key; one query."""
    return _recorded([line for line in lines if is_comparable(line)], activities, figures)


def is_comparable(line: PeriodFigure) -> bool:
    whole = line.subset_of
    is_indistinct = whole is not None and line.kind_id in {None, whole.kind_id} and line.measure_id == whole.measure_id
    return line.report.precision != DatePrecision.UNKNOWN and not is_indistinct


def recorded_activities(line: PeriodFigure, activities):
    """Those that an announced number may be about."""
    report = line.report
    rows = activities.recorded().of_hospital(report.hospital).belonging_to(report.period)
    if report.branch:
        rows = rows.of_branch(report.branch)
    return rows.filter(kind=line.kind) if line.kind else rows


def list_of_recorded(line: PeriodFigure) -> str:
    """The address of the list with exactly these activities."""
    report = line.report
    chosen = {
        "hospital": report.hospital.slug,
        "branch": report.branch.slug if report.branch else "",
        "kind": line.kind.slug if line.kind else "",
        "from": str(report.start),
        "to": str(report.end),
        "counted": "1",
    }
    return list_path(reverse("activity_list"), chosen)


def _recorded(lines: list[PeriodFigure], activities, figures) -> dict[int, Total]:
    queries = [
        figures.filter(
            measure=line.measure_id, activity__in=recorded_activities(line, activities).order_by().values("pk")
        )
        .order_by()
        .annotate(line=Value(line.pk, IntegerField()))
        .values("line")
        .annotate(**Total.aggregates())
        for line in lines
    ]
    if not queries:
        return {}
    rows = queries[0].union(*queries[1:], all=True) if queries[1:] else queries[0]
    return {row["line"]: Total.from_row(row) for row in rows}


def _comparison(line: PeriodFigure, recorded: Total | None) -> Comparison:
    report = line.report
    hospital = report.hospital.usual_name
    return Comparison(
        name=line.name,
        unit=line.unit_text,
        period=str(report.period),
        owner=f"{hospital} {report.branch.label}" if report.branch else f"{hospital} 全院",
        is_part=line.subset_of_id is not None,
        announced=line.quantity,
        source=report.get_absolute_url(),
        recorded=recorded,
        link=list_of_recorded(line) if recorded is not None else "",
    )
