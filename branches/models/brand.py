from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from branches.models.branch import Branch
from branches.models.scope import BranchRecord, BranchScopedQuerySet
from hospitals.ownership import desk_index
from publishing.constraints import SameParent, UniqueAtField
from publishing.images import picture_path
from publishing.models import publishable_constraints


class BrandQuerySet(BranchScopedQuerySet):
    def current(self):
        return self.filter(is_current=True)

    def of_stage(self, stage: str):
        return self.filter(stage=stage)

    def of_whole_hospitals(self, hospitals):
        return self.filter(hospital__in=hospitals, branch__isnull=True)

    def fullest_hospital(self) -> int | None:
        """The key of the hospital with the most of these, but for those of dissolved branches."""
        hung = self.filter(Q(branch__isnull=True) | Q(branch__is_active=True)).order_by().values("hospital")
        fullest = hung.annotate(count=models.Count("pk")).order_by("-count", "hospital__region", "hospital__name")
        return fullest.values_list("hospital", flat=True).first()


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class Brand(BranchRecord):
    """一支部一品牌: the slogan of a branch, or of a whole hospital where no branch is named."""

    class Stage(models.TextChoices):
        DECLARED = "declared", _("申报")
        BUILDING = "building", _("创建中")
        NAMED = "named", _("命名")
        MODEL = "model", _("示范")
        ENDED = "ended", _("终止")

    searched_fields = (
        "name", "brand_type", "idea", "connotation", "highlights", "measures_taken", "results", "emblem_meaning",
    )  # fmt: skip
    searched_rows = {"hospital": "name", "branch": "name"}

    branch = models.ForeignKey(
        Branch,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="brands",
        verbose_name=_("党支部"),
        help_text=_("全院的品牌不用选支部。"),
    )
    name = models.CharField(_("品牌名称"), max_length=60)
    display_lines = models.CharField(
        _("分行写法"),
        max_length=70,
        blank=True,
        help_text=_("匾牌上分两行时，用“|”标出断开处，例如：先锋志愿做引领|科普宣讲惠百姓。"),
    )
    brand_type = models.CharField(_("品牌类型"), max_length=30, blank=True, help_text=_("例如：党建服务品牌。"))
    stage = models.CharField(_("创建阶段"), max_length=20, choices=Stage, default=Stage.BUILDING)
    is_current = models.BooleanField(_("现用品牌"), default=True, help_text=_("一个支部同时只有一个现用品牌。"))
    idea = models.TextField(_("品牌理念"), blank=True)
    connotation = models.TextField(_("品牌内涵"), blank=True)
    highlights = models.TextField(_("特色亮点"), blank=True, help_text=_("一行一条。"))
    measures_taken = models.TextField(_("主要举措"), blank=True)
    results = models.TextField(_("创建成效"), blank=True)
    emblem = models.ImageField(_("品牌标识"), upload_to=picture_path, blank=True, max_length=120, db_index=True)
    emblem_meaning = models.TextField(_("标识释义"), blank=True)

    objects = BrandQuerySet.as_manager()

    class Meta(BranchRecord.Meta):
        default_related_name = "brands"
        ordering = ["hospital", "branch__number", "id"]
        verbose_name = _("品牌")
        verbose_name_plural = _("品牌")
        indexes = [desk_index("branches_brand")]
        constraints = [
            *publishable_constraints("branches_brand"),
            UniqueAtField(
                fields=["branch"],
                condition=Q(is_current=True, branch__isnull=False, working_copy_of__isnull=True),
                name="branches_brand_one_current_of_branch",
                violation_error_message=_("这个支部已有现用品牌；请先在原品牌里取消“现用品牌”。"),
            ),
            UniqueAtField(
                fields=["hospital"],
                condition=Q(is_current=True, branch__isnull=True, working_copy_of__isnull=True),
                name="branches_brand_one_current_of_hospital",
                violation_error_message=_("医院已有全院的现用品牌；请先在原品牌里取消“现用品牌”。"),
            ),
            # Referenced by SameParent: what is part of this brand belongs to its hospital.
            models.UniqueConstraint(fields=["id", "hospital"], name="branches_brand_of_hospital"),
            models.CheckConstraint(
                condition=~Q(stage="ended") | Q(is_current=False),
                name="branches_brand_ended_is_not_current",
                violation_error_message=_("已终止的品牌不能是现用品牌，请去掉“现用品牌”的勾。"),
            ),
            SameParent(
                field="branch",
                parent="hospital",
                name="branches_brand_branch_of_hospital",
                violation_error_message=_("这个支部不属于所选医院，请重新选择支部。"),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        """A brand is read on the page of the branch or hospital that carries it."""
        return (
            self.branch.get_absolute_url() if self.branch else f"{reverse('hospital', args=[self.hospital.slug])}#brand"
        )

    def get_preview_url(self):
        return reverse("brand_preview", args=[self.pk])

    def why_not_of(self, branches) -> str:
        """Why an activity that these branches held is none of this brand's; '' where it may be. None stands for none."""
        if self.branch_id is None or self.branch_id in {branch.pk for branch in branches if branch}:
            return ""
        return _("“%s”是另一个支部的品牌，请选主办支部或全院的品牌。") % self

    @property
    def slogan(self) -> list[str]:
        """The lines of the plaque."""
        return [line for line in (self.display_lines or self.name).split("|") if line]

    @property
    def highlight_list(self) -> list[str]:
        return lines(self.highlights)
