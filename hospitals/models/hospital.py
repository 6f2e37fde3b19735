import re
from collections import Counter

from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hospitals.querysets import ScopedQuerySet, ScopedSearchableQuerySet
from publishing.models import Edited, Publishable, Stage
from publishing.quantities import LabelledQuantity, quantity_constraints
from publishing.search import Searchable


class RegionQuerySet(models.QuerySet):
    def with_hospitals(self) -> list["Region"]:
        """The regions of public hospitals and all above them, each with its ``hospital_count``, provinces first."""
        counts = Counter()
        regions = {}
        for hospital in Hospital.objects.public().with_places():
            for region in hospital.region.lineage:
                regions[region.code] = region
                counts[region.code] += 1
        for region in regions.values():
            region.hospital_count = counts[region.code]
        return sorted(regions.values(), key=lambda region: region.code)


class Region(Edited):
    """An administrative division by its six-digit GB/T 2260 code, kept as text."""

    code = models.CharField(
        _("行政区划代码"),
        max_length=6,
        primary_key=True,
        validators=[RegexValidator(r"^\d{6}$", _("请填写六位数字的行政区划代码，例如370828。"))],
    )
    name = models.CharField(_("名称"), max_length=40)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("上级")
    )

    objects = RegionQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("行政区划")
        verbose_name_plural = _("行政区划")

    def __str__(self):
        return self.name

    @property
    def prefix(self) -> str:
        """The digits that all codes of this region begin with: 37, 3708 or 370828."""
        return re.sub(r"(00)+$", "", self.code)

    @property
    def is_province(self) -> bool:
        return self.code.endswith("0000")

    @property
    def is_city(self) -> bool:
        return self.code.endswith("00") and not self.is_province

    @property
    def lineage(self) -> list["Region"]:
        """Province, city, county: as many as are known, from the largest."""
        return [*(self.parent.lineage if self.parent else []), self]

    @property
    def full_name(self) -> str:
        return "".join(region.name for region in self.lineage)

    @property
    def short_name(self) -> str:
        """Without the suffix that readers drop: 山东, 济宁, 兖州."""
        return self.name.removesuffix("省").removesuffix("市").removesuffix("区").removesuffix("县")


class HospitalQuerySet(ScopedSearchableQuerySet):
    def public(self):
        return self.filter(is_active=True)

    def editable_by(self, user):
        if user.is_superuser or not user.is_staff or not user.is_active:
            return super().editable_by(user)
        return self.filter(pk__in=user.memberships.values("hospital"))

    def the_only_one(self) -> "Hospital | None":
        """Where there is one and no more: nobody needs to choose it."""
        found = list(self[:2])
        return found[0] if len(found) == 1 else None

    def in_region(self, region: Region):
        """Hospitals of a province, city or county."""
        return self.filter(region__code__startswith=region.prefix)

    def with_figures(self):
        return self.prefetch_related("figures", "leaders")

    def with_details(self):
        """All that the hospital's own page says of it."""
        return self.with_places().with_figures()

    def with_places(self):
        return self.select_related("region__parent__parent").prefetch_related("names")


class Hospital(Edited, Searchable):
    name = models.CharField(_("名称"), max_length=80, unique=True)
    slug = models.SlugField(_("网址名"), max_length=80, unique=True, help_text=_("出现在网址里，启用后不要再改。"))
    code = models.CharField(
        _("编号前缀"),
        max_length=8,
        unique=True,
        validators=[RegexValidator(r"^[A-Z][A-Z0-9]{1,7}$", _("请用2至8位大写字母和数字，以字母开头，例如WN2。"))],
        help_text=_("活动编号的开头，例如WN2-2023-0005。启用后不要再改。"),
    )
    short_name = models.CharField(_("简称"), max_length=20, blank=True, help_text=_("用于窄处，例如济宁三院。"))
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="hospitals", verbose_name=_("行政区划"))
    level = models.CharField(
        _("等级"), max_length=40, blank=True, help_text=_("按批复填写，例如三级甲等；没有就不填。")
    )
    level_note = models.CharField(_("等级说明"), max_length=200, blank=True)
    party_committee = models.CharField(_("党组织全称"), max_length=80, blank=True)
    hotline = models.CharField(_("热线电话"), max_length=40, blank=True)
    hotline_note = models.CharField(_("热线说明"), max_length=100, blank=True)
    introduction = models.TextField(_("简介"), blank=True, help_text=_("空一行分段。"))
    is_active = models.BooleanField(_("启用"), default=True, help_text=_("停用后公众页面不再显示这家医院。"))
    review_count = models.PositiveSmallIntegerField(
        _("审核级数"),
        choices=[(1, _("一级：终审")), (2, _("两级：初审、终审")), (3, _("三级：初审、复审、终审"))],
        default=3,
        help_text=_("改动只影响以后的步骤；正在审核的稿件接着走还没有走的环节。"),
    )
    first_review_label = models.CharField(_("初审的叫法"), max_length=6, default=_("初审"))
    second_review_label = models.CharField(_("复审的叫法"), max_length=6, default=_("复审"))
    final_review_label = models.CharField(
        _("终审的叫法"), max_length=6, default=_("终审"), help_text=_("例如一审、二审、三审，或供稿、审稿、核稿。")
    )
    shows_sign_off = models.BooleanField(
        _("网页署审核人"), default=True, help_text=_("在公开页面的末尾写明各级审核人，例如“初审：王芳　终审：李明”。")
    )

    #: the rows that are edited inside it
    parts = ("names", "leaders", "figures")
    searched_fields = ("name", "short_name", "party_committee", "introduction")
    searched_rows = {"region": "full_name", "names": "name", "leaders": "title"}
    searched_through = ("region__parent", "region__parent__parent")

    objects = HospitalQuerySet.as_manager()

    class Meta:
        ordering = ["region__code", "name"]
        verbose_name = _("医院")
        verbose_name_plural = _("医院")

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("hospital", args=[self.slug])

    @property
    def usual_name(self) -> str:
        """What the house calls it, for narrow places."""
        return self.short_name or self.name

    @property
    def institution(self) -> "Hospital":
        return self

    @property
    def review_stages(self) -> list[Stage]:
        """The reviews of this hospital in order; the last one is always the final review."""
        first, second, final = Publishable.REVIEWS
        all_stages = [
            Stage(first, self.first_review_label),
            Stage(second, self.second_review_label),
            Stage(final, self.final_review_label),
        ]
        return {1: all_stages[2:], 2: [all_stages[0], all_stages[2]]}.get(self.review_count, all_stages)

    def _names(self, *kinds: str) -> list[str]:
        return [other.name for other in self.names.all() if other.kind in kinds]

    @property
    def official_names(self) -> list[str]:
        return self._names(HospitalName.Kind.OFFICIAL, HospitalName.Kind.FORMER)

    @property
    def unit_names(self) -> list[str]:
        """Hospitals inside this one, each with its other full name in brackets: 眼病医院（渭南市眼科医院）."""
        return self._names(HospitalName.Kind.UNIT)

    @property
    def other_names(self) -> str:
        return "、".join(other.name for other in self.names.all())

    @property
    def province(self) -> Region:
        return self.region.lineage[0]

    @property
    def stated_branches(self) -> str:
        """The announced number of branches (22; 5＋1 where they are told apart), which the rows entered need not reach."""
        stated = (figure for figure in self.figures.all() if figure.label.endswith("支部"))
        return "＋".join(figure.quantity.display() for figure in stated)


class HospitalName(models.Model):
    """Another name by which a hospital is found. Short names (县医院) are not unique across hospitals."""

    class Kind(models.TextChoices):
        OFFICIAL = "official", _("第二名称")
        FORMER = "former", _("曾用名")
        SHORT = "short", _("简称")
        UNIT = "unit", _("下设医院")
        UNIT_ALIAS = "unit_alias", _("下设医院的其他名称")

    hospital = models.ForeignKey(Hospital, on_delete=models.CASCADE, related_name="names", verbose_name=_("医院"))
    name = models.CharField(_("名称"), max_length=80)
    kind = models.CharField(_("类型"), max_length=20, choices=Kind, default=Kind.OFFICIAL)
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("其他名称")
        verbose_name_plural = _("其他名称")
        constraints = [
            models.UniqueConstraint(
                fields=["hospital", "name"],
                name="hospitals_hospitalname_unique",
                violation_error_message=_("这家医院已经有这个名称。"),
            )
        ]

    def __str__(self):
        return self.name


class Leader(models.Model):
    """A leader of the hospital as publicly stated; one person may hold several offices (党委书记、院长)."""

    hospital = models.ForeignKey(Hospital, on_delete=models.CASCADE, related_name="leaders", verbose_name=_("医院"))
    office = models.CharField(_("职务"), max_length=80)
    name = models.CharField(_("姓名"), max_length=50)
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("领导")
        verbose_name_plural = _("领导")

    def __str__(self):
        return f"{self.office} {self.name}"

    @property
    def title(self) -> str:
        """As it is said: 院长张三."""
        return f"{self.office}{self.name}"


class HospitalFigure(LabelledQuantity):
    """A dated fact of the whole organisation: 22个党支部. Independent of the rows entered for the branches."""

    hospital = models.ForeignKey(Hospital, on_delete=models.CASCADE, related_name="figures", verbose_name=_("医院"))
    as_of = models.DateField(_("截至日期"), null=True, blank=True)
    as_of_text = models.CharField(_("截至时间说明"), max_length=60, blank=True)
    source = models.CharField(_("来源"), max_length=200, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta(LabelledQuantity.Meta):
        verbose_name = _("组织数据")
        verbose_name_plural = _("组织数据")
        constraints = quantity_constraints("hospitals_hospitalfigure")
