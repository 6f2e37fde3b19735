from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from branches.numerals import seal_characters
from hospitals.models import Hospital
from hospitals.querysets import ScopedSearchableQuerySet
from hospitals.roles import Role
from publishing.models import Edited
from publishing.search import Searchable


def whole_hospitals(memberships) -> models.QuerySet:
    """The hospitals that these roles reach as a whole; only a 填报人 may be limited to some branches."""
    return memberships.order_by().filter(~Q(role=Role.REPORTER) | Q(branches__isnull=True)).values("hospital")


class BranchQuerySet(ScopedSearchableQuerySet):
    def public(self):
        return self.on_record().filter(is_active=True)

    def on_record(self):
        """Also the dissolved ones, of open hospitals: their page stays, so that old records lead somewhere."""
        return self.filter(hospital__is_active=True)

    def of_hospitals(self, hospitals):
        return self.filter(hospital__in=hospitals)

    def on_wall_of(self, hospitals):
        """In the order of their row, each with the brand that hangs there."""
        return self.public().of_hospitals(hospitals).with_current_brand().in_order()

    def of_hospital_slug(self, slug: str):
        return self.filter(hospital__slug=slug).in_order()

    def besides(self, branch):
        return self.exclude(pk=branch.pk)

    def covered_by(self, memberships):
        """Branches that these roles reach: all of their hospitals, but of a limited 填报人 only those named."""
        named = memberships.filter(role=Role.REPORTER, branches=OuterRef("pk"), hospital=OuterRef("hospital"))
        return self.filter(Q(hospital__in=whole_hospitals(memberships)) | Exists(named))

    def in_reach_of(self, user):
        """Those whose records a person may work with."""
        rows = self.editable_by(user)
        return rows if user.is_superuser or user.is_anonymous else rows.covered_by(user.memberships.all())

    def reportable_by(self, user):
        """Those in whose name a person may report."""
        return self if user.is_superuser else self.covered_by(user.memberships.filter(role=Role.REPORTER))

    def by_slug(self, hospital: Hospital | None, slug: str):
        """The one branch with this URL name; many hospitals have a 第一支部, so the hospital decides.

        Raises ValidationError where there is none, or several and no hospital was chosen.
        """
        rows = self.filter(slug=slug, hospital=hospital) if hospital else self.filter(slug=slug)
        found = list(rows.select_related("hospital")[:2])
        if len(found) != 1:
            raise ValidationError(_("没有找到这个支部；请先选医院，再选它的支部。"))
        return found[0]

    def with_current_brand(self):
        """Each branch with its public current brand, if any, as ``current_brands``."""
        from branches.models.brand import Brand  # a brand points to its branch

        brands = Brand.objects.public().current()
        return self.select_related("hospital").prefetch_related(
            models.Prefetch("brands", brands, to_attr="current_brands")
        )

    def with_brand_among(self, brands):
        return self.filter(pk__in=brands.order_by().values("branch"))

    def without_brand(self):
        """Those whose place on the wall is still empty."""
        from branches.models.brand import Brand  # a brand points to its branch

        return self.exclude(pk__in=Brand.objects.public().current().filter(branch__isnull=False).values("branch"))

    def known_by(self, query: str, brands):
        """Those that the words of a query describe, or whose brand is among these."""
        described = self.search(query).order_by().values("pk")
        return self.filter(Q(pk__in=described) | Q(pk__in=brands.order_by().values("branch")))

    def with_life(self):
        """Each with the days from and to which it exists, as far as anybody knows: ``lives_from``, ``lives_to``.

        Where the founding is not filled in, since the first public activity recorded in its hospital, whoever held it:
        a branch that never records anything would else never be asked for it. One that was switched off without a
        date existed until its own last one; without any, never.
        """
        from branches.models.activity import Activity  # an activity points to its branch

        recorded = Activity.objects.public().recorded().filter(ordered_on__gt=date.min)
        first = recorded.filter(hospital=OuterRef("hospital")).order_by("ordered_on").values("start")[:1]
        held = recorded.filter(branch=OuterRef("pk")).order_by("-ordered_on", "end").values("end")[:1]
        joined = recorded.filter(joint_branches=OuterRef("pk")).order_by("-ordered_on", "end").values("end")[:1]
        never = Value(date.min, output_field=models.DateField())
        last = Greatest(Coalesce(Subquery(held), never), Coalesce(Subquery(joined), never))
        return self.annotate(
            lives_from=Coalesce("founded_on", Subquery(first), output_field=models.DateField()),
            lives_to=Case(
                When(dissolved_on__isnull=False, then=F("dissolved_on")),
                When(is_active=True, then=Value(None)),
                default=last,
                output_field=models.DateField(),
            ),
        )

    def in_order(self):
        """By hospital, then as ordinals count (第二 before 第十), unnumbered ones after by their place in the list."""
        return self.order_by("hospital", F("number").asc(nulls_last=True), "position", "pk")


class Branch(Edited, Searchable):
    class Kind(models.TextChoices):
        BRANCH = "branch", _("党支部")
        GENERAL = "general", _("党总支")
        JOINT = "joint", _("联合支部")
        RETIRED = "retired", _("离退休支部")

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT, related_name="branches", verbose_name=_("医院"))
    name = models.CharField(
        _("名称"), max_length=60, help_text=_("按正式名称填写，例如“第五支部（眼科支部）”，不必添“党”字。")
    )
    short_name = models.CharField(_("简称"), max_length=30, blank=True)
    slug = models.SlugField(_("网址名"), max_length=60, help_text=_("出现在网址里，启用后不要再改。"))
    kind = models.CharField(_("类型"), max_length=20, choices=Kind, default=Kind.BRANCH)
    number = models.PositiveSmallIntegerField(
        _("序号"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(99)],
        help_text=_("第几支部就填几；没有序号就不填。"),
    )
    position = models.PositiveSmallIntegerField(_("排列"), default=0, help_text=_("没有序号的支部按它从小到大排。"))
    seal_text = models.CharField(
        _("印文"),
        max_length=4,
        blank=True,
        validators=[RegexValidator(r"^(.|..|....)$", _("印文请填1个、2个或4个字。"))],
        help_text=_("不填则自动取，例如“第五支部”。"),
    )
    secretary = models.CharField(_("书记"), max_length=50, blank=True)
    secretary_office = models.CharField(_("书记的其他职务"), max_length=60, blank=True)
    departments = models.CharField(_("覆盖科室"), max_length=200, blank=True)
    traits = models.CharField(_("特色"), max_length=200, blank=True)
    motto = models.CharField(_("口号"), max_length=100, blank=True)
    introduction = models.TextField(_("简介"), blank=True)
    is_active = models.BooleanField(_("启用"), default=True, help_text=_("支部撤销后停用，旧记录仍保留。"))
    founded_on = models.DateField(
        _("成立日期"),
        null=True,
        blank=True,
        help_text=_("应办事项从这天起算；不填就从本院第一条公开的活动算起。"),
    )
    dissolved_on = models.DateField(
        _("撤销日期"),
        null=True,
        blank=True,
        help_text=_("应办事项算到这天为止；撤销以后请同时停用。"),
    )
    reporters = models.ManyToManyField(
        "hospitals.Membership",
        blank=True,
        related_name="branches",
        limit_choices_to={"role": Role.REPORTER},
        verbose_name=_("只报这个支部的填报人"),
    )

    #: who reports for it belongs to the people and is logged with them
    not_content = frozenset({"reporters"})
    searched_fields = ("name", "short_name", "departments", "secretary", "traits", "motto", "introduction")
    searched_rows = {"hospital": "name"}

    objects = BranchQuerySet.as_manager()

    class Meta:
        ordering = ["hospital", F("number").asc(nulls_last=True), "position", "id"]
        verbose_name = _("党支部")
        verbose_name_plural = _("党支部")
        constraints = [
            models.UniqueConstraint(
                fields=["hospital", "name"],
                name="branches_branch_unique_name",
                violation_error_message=_("这家医院已经有同名的支部。"),
            ),
            models.UniqueConstraint(
                fields=["hospital", "slug"],
                name="branches_branch_unique_slug",
                violation_error_message=_("这家医院已经有支部用了这个网址名，请换一个。"),
            ),
            models.CheckConstraint(
                condition=Q(founded_on__isnull=True)
                | Q(dissolved_on__isnull=True)
                | Q(dissolved_on__gte=F("founded_on")),
                name="branches_branch_dates_in_order",
                violation_error_message=_("撤销日期早于成立日期，请检查这两个日期。"),
            ),
            # Referenced by SameParent: a record's branch belongs to the record's hospital.
            models.UniqueConstraint(fields=["id", "hospital"], name="branches_branch_of_hospital"),
        ]

    def __str__(self):
        return self.name

    @property
    def institution(self) -> Hospital:
        return self.hospital

    def get_absolute_url(self):
        return reverse("branch", args=[self.hospital.slug, self.slug])

    def existed_between(self, first: date, last: date) -> bool:
        """On any of these days; of a branch that was fetched ``with_life()``."""
        is_there = self.lives_from is None or self.lives_from <= last
        return is_there and (self.lives_to is None or first <= self.lives_to)

    @property
    def seal(self) -> str:
        return self.seal_text or seal_characters(self.number, self.short_name or self.name)

    @property
    def label(self) -> str:
        """How a list names the branch: 第五支部, or its own name where it has no number."""
        return self.name.split("（")[0]
