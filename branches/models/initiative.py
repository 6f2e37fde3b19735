from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from branches.models.branch import Branch
from branches.models.brand import Brand, lines
from branches.models.scope import BranchPartQuerySet, BranchRecord, BranchScopedQuerySet
from hospitals.ownership import desk_index
from publishing.constraints import SameParent, UniqueAtField
from publishing.models import publishable_constraints
from publishing.quantities import LabelledQuantity, quantity_constraints


class InitiativeQuerySet(BranchScopedQuerySet):
    def of_branch(self, branch: Branch):
        return self.filter(branch=branch)

    def with_figures(self):
        return self.select_related("hospital", "branch__hospital", "brand").prefetch_related(
            models.Prefetch("figures", InitiativeFigure.objects.public())
        )


class Initiative(BranchRecord):
    """A standing thing with no date: a series, a mechanism, a service point, a team…"""

    class Kind(models.TextChoices):
        SERIES = "series", _("系列活动")
        PROGRAMME = "programme", _("专项行动")
        MECHANISM = "mechanism", _("制度机制")
        SERVICE = "service", _("便民服务")
        SERVICE_POINT = "service_point", _("服务点")
        POST = "post", _("党员岗")
        TEAM = "team", _("志愿队伍")
        PARTNERSHIP = "partnership", _("合作共建")
        PUBLICATION = "publication", _("学习资料")
        CENTRE = "centre", _("中心平台")
        TARGET = "target", _("目标")

    parts = ("figures",)
    searched_fields = ("name", "kind", "description", "items", "place", "hotline")
    searched_rows = {"hospital": "name"}

    branch = models.ForeignKey(
        Branch, on_delete=models.PROTECT, null=True, blank=True, related_name="initiatives", verbose_name=_("党支部")
    )
    brand = models.ForeignKey(
        Brand, on_delete=models.SET_NULL, null=True, blank=True, related_name="initiatives", verbose_name=_("所属品牌")
    )
    kind = models.CharField(_("类型"), max_length=20, choices=Kind)
    name = models.CharField(_("名称"), max_length=80)
    description = models.TextField(_("说明"), blank=True)
    items = models.TextField(_("具体内容"), blank=True, help_text=_("一行一项；只写知道的，不用凑数。"))
    claimed_count = models.PositiveSmallIntegerField(
        _("公布的项数"), null=True, blank=True, help_text=_("例如“十心”填10；可以多于上面列出的项数。")
    )
    place = models.CharField(_("地点"), max_length=100, blank=True)
    hotline = models.CharField(_("电话"), max_length=40, blank=True)
    period_text = models.CharField(
        _("时间"), max_length=60, blank=True, help_text=_("例如：每月一次、24小时、2023年。")
    )

    objects = InitiativeQuerySet.as_manager()

    class Meta(BranchRecord.Meta):
        default_related_name = "initiatives"
        ordering = ["hospital", "kind", "id"]
        verbose_name = _("举措")
        verbose_name_plural = _("举措")
        indexes = [desk_index("branches_initiative")]
        constraints = [
            *publishable_constraints("branches_initiative"),
            UniqueAtField(
                fields=["hospital", "name"],
                condition=models.Q(working_copy_of__isnull=True),
                name="branches_initiative_unique_name",
                violation_error_message=_("这家医院已经有同名的举措。"),
            ),
            # Referenced by SameParent: what is part of this initiative belongs to its hospital.
            models.UniqueConstraint(fields=["id", "hospital"], name="branches_initiative_of_hospital"),
            SameParent(
                field="brand",
                parent="hospital",
                name="branches_initiative_brand_of_hospital",
                violation_error_message=_("这一项属于另一家医院，请重新选择。"),
            ),
            SameParent(
                field="branch",
                parent="hospital",
                name="branches_initiative_branch_of_hospital",
                violation_error_message=_("这个支部不属于所选医院，请重新选择支部。"),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def item_list(self) -> list[str]:
        return lines(self.items)

    @property
    def unnamed_count(self) -> int:
        """How many of the claimed items are not known by name. They are never filled in from elsewhere."""
        return max(0, (self.claimed_count or 0) - len(self.item_list))

    def get_absolute_url(self):
        owner = self.branch or self.hospital
        return f"{owner.get_absolute_url()}#initiative-{self.root_pk}"

    def get_preview_url(self):
        return reverse("initiative_preview", args=[self.pk])


class InitiativeFigureQuerySet(BranchPartQuerySet):
    hospital_path = "initiative__hospital"

    def public(self):
        return self.filter(is_internal=False)


class InitiativeFigure(LabelledQuantity):
    """A number that belongs to a standing thing: a target of 50 hours, a service that reached 几百 families."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="figures", verbose_name=_("举措"))
    is_internal = models.BooleanField(_("仅内部可见"), default=False)

    objects = InitiativeFigureQuerySet.as_manager()

    class Meta(LabelledQuantity.Meta):
        verbose_name = _("举措数据")
        verbose_name_plural = _("举措数据")
        constraints = quantity_constraints("branches_initiativefigure")
