from itertools import groupby
from operator import attrgetter

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from branches.checks import date_gaps, report_findings
from branches.dated import Dated, DatedQuerySet, period_constraints
from branches.models.activity import Activity
from branches.models.branch import Branch
from branches.models.kind import ActivityKind, Measure
from branches.models.scope import BranchPartQuerySet, BranchRecord, BranchScopedQuerySet
from hospitals.ownership import desk_index
from publishing.constraints import SameParent
from publishing.models import publishable_constraints
from publishing.quantities import StatedQuantity, quantity_constraints


class PeriodReportQuerySet(DatedQuerySet, BranchScopedQuerySet):
    def of_branch(self, branch: Branch):
        return self.filter(branch=branch)

    def of_whole_hospital(self):
        return self.filter(branch__isnull=True)

    def with_lines(self):
        return self.select_related("branch").prefetch_related(
            models.Prefetch("figures", PeriodFigure.objects.select_related("measure", "kind", "subset_of"))
        )


class PeriodReport(BranchRecord, Dated):
    """Numbers that a hospital or branch announced for a period. They are never added to those of activities."""

    parts = ("figures",)
    not_content = frozenset({"date_awaited"})
    searched_fields = ("title", "date_text", "stated_by", "source", "note")
    searched_rows = {"hospital": "name"}

    branch = models.ForeignKey(
        Branch,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="period_reports",
        verbose_name=_("党支部"),
        help_text=_("全院的报数不用选支部。"),
    )
    title = models.CharField(_("标题"), max_length=80)
    stated_by = models.CharField(_("发布人"), max_length=60, blank=True, help_text=_("例如：支部书记权菊玲。"))
    source = models.CharField(_("来源"), max_length=120, blank=True)
    note = models.TextField(_("口径说明"), blank=True)

    objects = PeriodReportQuerySet.as_manager()

    class Meta(BranchRecord.Meta):
        default_related_name = "period_reports"
        ordering = ["-ordered_on", "end", "id"]
        verbose_name = _("统计期间报数")
        verbose_name_plural = _("统计期间报数")
        indexes = [desk_index("branches_periodreport")]
        constraints = [
            *publishable_constraints("branches_periodreport"),
            *period_constraints("branches_periodreport"),
            SameParent(
                field="branch",
                parent="hospital",
                name="branches_periodreport_branch_of_hospital",
                violation_error_message=_("这个支部不属于所选医院，请重新选择支部。"),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        """A report is read on the page of the branch or hospital whose numbers it gives."""
        return f"{self.owner.get_absolute_url()}#report-{self.root_pk}"

    def get_preview_url(self):
        return reverse("report_preview", args=[self.pk])

    @property
    def owner(self):
        """Whose numbers they are: the branch's, or the hospital's."""
        return self.branch or self.hospital

    @property
    def owner_name(self) -> str:
        return f"{self.hospital.name}{self.branch.name if self.branch else ''}"

    def own_findings(self):
        return report_findings(self)

    def own_gaps(self):
        return date_gaps(self)


class PeriodFigureQuerySet(BranchPartQuerySet):
    hospital_path = "report__hospital"

    def public(self):
        return self.filter(report__in=PeriodReport.objects.public())

    def headline(self, reports: int, each: int) -> list["PeriodFigure"]:
        """The numbers for the front page: the first few of the latest public reports, none that is part of another."""
        latest = PeriodReport.objects.public().order_by("-ordered_on", "pk").values_list("pk", flat=True)[:reports]
        rows = (
            self.filter(report__in=list(latest))
            .filter(subset_of__isnull=True, value__isnull=False)
            .select_related("measure", "kind", "report__hospital", "report__branch__hospital")
            .order_by("-report__ordered_on", "report", "position")
        )
        return [row for _report, own in groupby(rows, attrgetter("report_id")) for row in list(own)[:each]]


class PeriodFigure(StatedQuantity):
    """One announced number. ``subset_of`` is the line it is 其中 (part) of: the two are never added."""

    report = models.ForeignKey(PeriodReport, on_delete=models.CASCADE, related_name="figures", verbose_name=_("报数"))
    kind = models.ForeignKey(
        ActivityKind,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="period_figures",
        verbose_name=_("活动类别"),
    )
    measure = models.ForeignKey(
        Measure, on_delete=models.PROTECT, related_name="period_figures", verbose_name=_("指标")
    )
    label = models.CharField(
        _("数据名称"), max_length=40, blank=True, help_text=_("例如“听讲座师生”；不填则用指标名称。")
    )
    unit = models.CharField(_("单位"), max_length=10, blank=True)
    subset_of = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="subsets",
        verbose_name=_("所属总数"),
        help_text=_("这个数包含在哪一行里（原稿写“其中”的）。"),
    )
    activity = models.ForeignKey(
        Activity,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="period_figures",
        limit_choices_to={"nature": Activity.Nature.SUMMARY},
        verbose_name=_("对应的阶段汇总"),
    )
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)

    objects = PeriodFigureQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("报数明细")
        verbose_name_plural = _("报数明细")
        constraints = [
            *quantity_constraints("branches_periodfigure"),
            models.CheckConstraint(
                condition=Q(subset_of__isnull=True) | ~Q(subset_of=models.F("id")),
                name="branches_periodfigure_not_its_own_part",
                violation_error_message=_("一行数不能是它自己的“其中”。"),
            ),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        super().clean()
        if self.subset_of and self.subset_of.report_id != self.report_id:
            raise ValidationError({"subset_of": _("“其中”只能指同一份报数里的行。")})

    @property
    def name(self) -> str:
        return self.label or (f"{self.kind.name}{self.measure.name}" if self.kind else self.measure.name)

    @property
    def unit_text(self) -> str:
        return self.unit or self.measure.unit
