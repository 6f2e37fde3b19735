"""The parts of an activity: its figures and photos."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from branches.models.kind import Measure
from branches.models.scope import BranchPartQuerySet
from publishing.models import Picture
from publishing.quantities import StatedQuantity, Total, quantity_constraints


class ActivityPartQuerySet(BranchPartQuerySet):
    hospital_path = "activity__hospital"


def is_shown(path: str = "") -> Q:
    """The condition of ``public``; ``path`` leads to the figure."""
    return Q(**{f"{path}is_internal": False})


class FigureQuerySet(ActivityPartQuerySet):
    def public(self):
        return self.filter(is_shown())

    def internal(self):
        """What only staff see."""
        return self.exclude(is_shown())

    def totals_of(self, activities, *, with_internal: bool = False) -> list[dict]:
        """Each measure recorded in these activities with its ``total``; unlike measures are never added together."""
        own = self if with_internal else self.public()
        rows = own.filter(activity__in=activities.order_by().values("pk"), measure__isnull=False)
        sums = rows.order_by().values("measure__slug", "measure__name", "measure__unit").annotate(**Total.aggregates())
        return [
            {
                "slug": row["measure__slug"],
                "name": row["measure__name"],
                "unit": row["measure__unit"],
                "total": Total.from_row(row),
            }
            for row in sums.order_by("measure__position")
        ]


class Figure(StatedQuantity):
    """One number of an activity: a measure of the controlled list, or in words of its own (科室10余个)."""

    activity = models.ForeignKey(
        "branches.Activity", on_delete=models.CASCADE, related_name="figures", verbose_name=_("活动")
    )
    measure = models.ForeignKey(
        Measure, on_delete=models.PROTECT, null=True, blank=True, related_name="figures", verbose_name=_("指标")
    )
    label = models.CharField(_("名称"), max_length=40, blank=True)
    unit = models.CharField(_("单位"), max_length=10, blank=True)
    is_internal = models.BooleanField(_("仅内部可见"), default=False)
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)

    objects = FigureQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("数据")
        verbose_name_plural = _("数据")
        indexes = [
            models.Index(fields=["activity"], condition=Q(is_internal=True), name="branches_figure_internal"),
            # All that is added up of those of an activity.
            models.Index(
                fields=["activity", "measure", "value", "precision", "is_internal"],
                condition=Q(measure__isnull=False),
                name="branches_figure_summed",
            ),
        ]
        constraints = [
            *quantity_constraints("branches_figure"),
            models.UniqueConstraint(
                fields=["activity", "measure"],
                condition=Q(measure__isnull=False),
                name="branches_figure_one_of_measure",
                violation_error_message=_("这项指标已经填过了。"),
            ),
            models.CheckConstraint(
                condition=Q(measure__isnull=False) | ~Q(label=""),
                name="branches_figure_named",
                violation_error_message=_("请写明这个数字是什么。"),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def name(self) -> str:
        return self.label or self.measure.name

    @property
    def unit_text(self) -> str:
        return self.unit or (self.measure.unit if self.measure else "")


class ActivityPhoto(Picture):
    activity = models.ForeignKey(
        "branches.Activity", on_delete=models.CASCADE, related_name="photos", verbose_name=_("活动")
    )

    objects = ActivityPartQuerySet.as_manager()

    class Meta(Picture.Meta):
        verbose_name = _("活动照片")
        verbose_name_plural = _("活动照片")
