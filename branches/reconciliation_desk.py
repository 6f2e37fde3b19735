"""核对 for the office: each announced number beside what was recorded publicly, and beside all that was recorded.

The state is that of the public numbers, as the site shows it (``branches.reconciliation``); the second number says whether
what is missing lies waiting as a draft or was never entered. Announced and recorded are never added.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from branches.filters import parse_period
from branches.models import Activity, Figure, PeriodFigure, PeriodReport
from branches.reconciliation import MATCHES, NOT_COMPARED, OPEN, Comparison, compared, lines_of, recorded_for
from branches.statistics_sheet import nature_of
from hospitals.models import Hospital
from publishing.spreadsheets import Column, Sheet, export_facts

#: lines that are compared in one query: a database puts only so many queries together
AT_ONCE = 100


class ReconciliationChoices(forms.Form):
    """Of whoever asks: reports they may work with, no more."""

    hospital = forms.ModelChoiceField(
        Hospital.objects.none(), required=False, label=_("医院"), empty_label=_("全部医院")
    )
    year = forms.ChoiceField(required=False, label=_("年份"))
    state = forms.ChoiceField(
        required=False,
        label=_("状态"),
        choices=[
            ("", _("全部")),
            (OPEN, _("● 待补录、待核对")),
            (NOT_COMPARED, _("○ 只有汇总、不对照")),
            (MATCHES, _("✓ 一致")),
        ],
    )

    def __init__(self, data, *, user):
        super().__init__(data, label_suffix="")
        self.user = user
        hospitals = Hospital.objects.editable_by(user)
        self.only_hospital = hospitals.the_only_one()
        self.fields["hospital"].queryset = hospitals
        years = PeriodReport.objects.editable_by(user).public().years()
        self.fields["year"].choices = [("", _("全部年份")), *((str(year), f"{year}年") for year in years)]
        if self.only_hospital:
            del self.fields["hospital"]

    @property
    def institution(self) -> Hospital | None:
        return self.cleaned_data.get("hospital") or self.only_hospital

    def lines(self):
        """The announced numbers of the chosen reports, those of the latest first."""
        reports = PeriodReport.objects.editable_by(self.user).public()
        if self.cleaned_data.get("hospital"):
            reports = reports.of_hospital(self.cleaned_data["hospital"])
        if self.cleaned_data["year"]:
            reports = reports.in_period(parse_period(self.cleaned_data["year"]))
        return lines_of(reports)

    def in_words(self) -> str:
        year, state = self.cleaned_data["year"], self.cleaned_data["state"]
        told = [f"{year}年"] if year else []
        told += [str(dict(self.fields["state"].choices)[state])] if state else []
        return "；".join(told) or "全部"


@dataclass(frozen=True)
class DeskLine:
    """``public``: as on the site; ``everything``: with records that are not public yet · ``add``: to enter what is missing."""

    public: Comparison
    everything: Comparison
    add: str

    @property
    def state(self) -> str:
        return self.public.state


def desk_lines(form: ReconciliationChoices, most: int | None = None) -> Iterator[DeskLine]:
    """Of a valid form, of its first so many lines; two queries for each hundred lines."""
    lines, state = list(form.lines()[:most]), form.cleaned_data["state"]
    for first in range(0, len(lines), AT_ONCE):
        yield from (line for line in _compared(form.user, lines[first : first + AT_ONCE]) if state in ("", line.state))


def _compared(user, lines: list[PeriodFigure]) -> Iterator[DeskLine]:
    activities = Activity.objects.editable_by(user).originals().not_withdrawn()
    sums = recorded_for(lines, activities, Figure.objects.all())
    for line, public in zip(lines, compared(lines), strict=True):
        everything = public
        if public.recorded is not None:
            everything = replace(
                public, recorded=sums.get(line.pk, public.recorded), link=_ledger_of(line, user.serves_several)
            )
        yield DeskLine(public, everything, _add_address(line, public, user))


def _ledger_of(line: PeriodFigure, several: bool) -> str:
    """The address of the ledger with these activities, whatever their status; it asks for a hospital of several."""
    report = line.report
    chosen = {"branch": report.branch_id, "kind": line.kind_id, "since": report.start, "until": report.end}
    if several:
        chosen["hospital"] = report.hospital_id
    return _address("admin:branches_activity_ledger_page", chosen | {"counted": "1"})


def _add_address(line: PeriodFigure, public: Comparison, user) -> str:
    """Where one begins to enter what is missing; empty where nothing is, or for whoever does not enter records."""
    is_short = public.recorded is not None and (public.difference is None or public.difference < 0)
    if public.state == MATCHES or not is_short or not user.has_perm("branches.add_activity", line.report):
        return ""
    report = line.report
    chosen = {"hospital": report.hospital_id, "branch": report.branch_id, "kind": line.kind and line.kind.slug}
    return _address("admin:branches_activity_add", chosen)


def _address(name: str, chosen: dict) -> str:
    return f"{reverse(name)}?{urlencode({key: value for key, value in chosen.items() if value})}"


# -- As a sheet


def sheet_of(form: ReconciliationChoices, exported_by: str) -> Sheet:
    created = timezone.localtime()
    unit = str(form.institution.name if form.institution else _("各医院"))
    return Sheet(
        title=f"{unit}报道与录入核对表",
        columns=COLUMNS,
        facts=(
            ("填报单位", unit),
            *export_facts(created, exported_by),
            ("筛选条件", form.in_words()),
            ("口径", "报道所载与逐条录入不相加；差额、状态按已公开录入算"),
        ),
        name="核对",
        created=created,
    )


COLUMNS = (
    Column("填报单位", lambda line: line.public.owner, width=22),
    Column("统计期间", lambda line: line.public.period, width=16),
    Column("项目", lambda line: f"{'其中：' if line.public.is_part else ''}{line.public.name}", width=22),
    Column("单位", lambda line: line.public.unit, width=7),
    Column("报道所载", lambda line: line.public.announced.value, width=11, kind="number"),
    Column("报道原文", lambda line: line.public.announced.display(), width=11),
    Column("已公开录入", lambda line: line.public.recorded and line.public.recorded.value, width=11, kind="number"),
    Column("差额", lambda line: line.public.gap, width=11),
    Column("状态", lambda line: line.public.status, width=20),
    Column(
        "含未公开录入", lambda line: line.everything.recorded and line.everything.recorded.value, width=12, kind="number"
    ),
    Column("含未公开差额", lambda line: line.everything.gap, width=12),
    Column(
        "数据性质", lambda line: nature_of(line.public.recorded) if line.public.recorded else "", width=22
    ),
)  # fmt: skip
