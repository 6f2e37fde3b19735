"""What the statistics of the office are of: the ledger's choices, what stands in the rows, and whether drafts count."""

from urllib.parse import urlencode

from django import forms
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from branches.cells import CellConditions
from branches.extents import Extent
from branches.ledger import FULL_LEDGER
from branches.ledger_filter import LedgerFilter
from branches.models import Activity
from branches.periods import Period, Precision
from hospitals.models import Hospital

KIND, GROUP, MONTH, QUARTER, YEAR, BRANCH, BRAND, HOSPITAL, REGION = ROWS = (
    "kind", "group", "month", "quarter", "year", "branch", "brand", "hospital", "region",
)  # fmt: skip


class StatisticsChoices(LedgerFilter):
    by = forms.ChoiceField(
        label=_("按…分行"),
        required=False,
        choices=[
            (KIND, _("类别")),
            (GROUP, _("大类")),
            (MONTH, _("月份")),
            (QUARTER, _("季度")),
            (YEAR, _("年份")),
            (BRANCH, _("支部")),
            (BRAND, _("品牌")),
            (HOSPITAL, _("医院")),
            (REGION, _("地区")),
        ],
    )
    unpublished = forms.ChoiceField(
        label=_("算哪些"), required=False, choices=[("", _("只含已发布")), ("1", _("含未发布（不含已撤回）"))]
    )

    def __init__(self, data, *, user):
        super().__init__(data, user=user)
        for name in ("status", *self.of_cell):
            del self.fields[name]

    def clean(self):
        """Counted as the statistics count, on the conditions that a link can repeat to the ledger."""
        data = super().clean()
        status = "" if data.get("unpublished") else Activity.Status.PUBLISHED.value
        return data | {"counted": "1", "status": status}

    @property
    def rows_by(self) -> str:
        return self.cleaned_data["by"] or KIND

    @property
    def heading(self) -> str:
        return str(dict(self.fields["by"].choices)[self.rows_by])

    @property
    def needs_a_hospital(self) -> bool:
        """Whether there would be a row for each of more branches or brands than anybody finds their own among."""
        by = self.rows_by
        if by not in (BRANCH, BRAND) or self.institution or self.cleaned_data[by]:
            return False
        return self.fields[by].are_too_many

    @property
    def branches(self):
        """Those that have rows of their own."""
        chosen, rows = self.cleaned_data["branch"], self.fields["branch"].queryset
        if chosen:
            return rows.filter(pk=chosen.pk)
        return rows.of_hospitals([self.institution]) if self.institution else rows

    @property
    def hospitals(self):
        """Those that have any of what is counted."""
        return Hospital.objects.filter(Exists(self.activities.filter(hospital=OuterRef("pk"))))

    @property
    def brands(self):
        return self.fields["brand"].queryset

    @property
    def time(self) -> Period | None:
        """What was chosen, as first and last day; None for all times. Either side may be open."""
        if self.period:
            return self.period
        return self.days if self.days.start or self.days.end else None

    @property
    def activities(self):
        """What is counted."""
        return self.in_time(self._of_any_time)

    def counted_in(self, period: Period):
        """The same of another time."""
        return self._of_any_time.belonging_to(period)

    @property
    def _of_any_time(self):
        rows = self.matching().order_by()
        rows = rows if self.cleaned_data["status"] else FULL_LEDGER.handed_in(rows)[0]
        rows.public_extent = self.public_extent
        return rows

    @property
    def public_extent(self) -> Extent | None:
        """Of what of any time is counted the public part, where that is all of some kinds of a hospital or of all hospitals."""
        if not self.user.works_everywhere or any(self.cleaned_data[name] for name in _NARROWING):
            return None
        hospital = self.cleaned_data.get("hospital")
        only_published = bool(self.cleaned_data["status"])
        return Extent(hospital and hospital.pk, None, kinds=self.kinds, only_published=only_published)

    def link(self, **more) -> str:
        """The address of the ledger with these activities, or with those of them that meet more conditions."""
        pairs = {name: value for name, value in (self._chosen | more).items() if value not in ("", None)}
        return f"{self._ledger}?{urlencode(pairs)}"

    @cached_property
    def _chosen(self) -> dict:
        data = self.cleaned_data
        keys = {name: data[name].pk for name in ("hospital", "branch", "kind", "brand") if data.get(name)}
        named = ("group", "year", "part", "since", "until", "status", "counted")
        return keys | {name: data[name] for name in named if data[name]}

    @cached_property
    def _ledger(self) -> str:
        return reverse("admin:branches_activity_ledger_page")

    def within(self, period: Period | None) -> dict:
        """As conditions of the ledger: what of a month, a quarter or a year lies in the chosen time."""
        if period is None:
            return {}
        if period.precision == Precision.UNKNOWN:
            return {"year": Precision.UNKNOWN.value}
        common = self.common_with(period)
        if common.precision != Precision.DAY:
            part = _PARTS[common.precision](common.start)
            return {"year": common.start.year, "part": part, "since": "", "until": ""}
        return {"year": "", "part": "", "since": common.start, "until": common.end}

    def common_with(self, period: Period) -> Period:
        start, end = (self.time.start, self.time.end) if self.time else (None, None)
        if (start is None or start <= period.start) and (end is None or end >= period.end):
            return period
        return Period(max(filter(None, (start, period.start))), min(filter(None, (end, period.end))), Precision.DAY)

    def in_words(self) -> str:
        kept = _("含未发布的记录，不含已撤回的") if self.cleaned_data["unpublished"] else _("只含已发布的记录")
        return "；".join([*self._chosen_words("group", "kind", "brand"), str(kept)])


#: what leaves out some of a hospital's public activities of a kind
_NARROWING = ["branch", "brand", "region", *(set(CellConditions.base_fields) - {"counted"})]
_PARTS = {
    Precision.YEAR: lambda day: "",
    Precision.HALF_YEAR: lambda day: f"H{(day.month + 5) // 6}",
    Precision.QUARTER: lambda day: f"Q{(day.month + 2) // 3}",
    Precision.MONTH: lambda day: f"-{day.month:02}",
}
