from collections import Counter

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from branches.checks import activity_findings, activity_unfilled, date_gaps
from branches.dated import Dated, period_constraints
from branches.models.branch import Branch
from branches.models.brand import Brand
from branches.models.figure import Figure
from branches.models.initiative import Initiative
from branches.models.kind import ActivityKind, KindMeasure, Measure
from branches.models.partner import Partner
from branches.models.reference import ReferenceCounter
from branches.models.scope import BranchRecord, BranchScopedQuerySet
from branches.models.taking_part import TakingPartQuerySet
from branches.periods import Precision
from hospitals.models import Region
from hospitals.ownership import desk_index
from publishing.constraints import SameParent
from publishing.models import publishable_constraints
from publishing.neighbours import Neighbours
from publishing.quantities import Precision as QuantityPrecision
from publishing.richtext import RichTextField

#: of an activity and what it names, what an entry in a list shows
_ENTRY_FIELDS = (
    "reference", "title", "nature", "start", "end", "precision", "place", "all_branches", "working_copy_of",
    "kind__name", "hospital__name", "hospital__slug", "branch__name",
)  # fmt: skip


class ActivityQuerySet(TakingPartQuerySet, BranchScopedQuerySet):
    def of_branch(self, branch: Branch):
        """Those a branch held, alone or jointly, and those of every branch of its hospital."""
        everything = Activity._default_manager.order_by()
        own = everything.filter(branch=branch).values("pk")
        of_all = everything.filter(hospital=branch.hospital_id, all_branches=True).values("pk")
        joint = Activity.joint_branches.through.objects.filter(branch=branch).values("activity")
        return self.filter(pk__in=own.union(of_all, joint))  # three indexes; with OR the database walks through all

    def of_kinds(self, kinds):
        """Whose main kind, or one of whose further kinds, is among these."""
        further = Activity.further_kinds.through.objects.filter(activitykind__in=kinds).values("activity")
        return self.filter(Q(kind__in=kinds) | Q(pk__in=further))

    def with_references(self, references):
        return self.filter(reference__in=references)

    def lacking_figures(self):
        """Single activities for which nobody gave all figures that their kind asks for (see ``unreported``)."""
        given = Figure.objects.filter(activity=OuterRef(OuterRef("pk")), measure=OuterRef("measure"))
        asked = KindMeasure.objects.filter(kind=OuterRef("kind"), is_asked=True)
        return self.filter(Exists(asked.exclude(Exists(given))), nature=Activity.Nature.SINGLE)

    def recorded(self):
        """Entered one by one 逐条录入: what statistics count. A summary repeats what its period report announces."""
        return self.filter(is_recorded())

    def kinds_and_years(self) -> tuple[list[dict], list[int]]:
        """The kinds these have (``slug``, ``name``, ``count``) in their order and the years in which they began, latest
        first; both from one walk through the rows."""
        counts = self.order_by().values_list("kind__position", "kind__slug", "kind__name", "start__year")
        kinds, years = Counter(), set()
        for position, slug, name, year, count in counts.annotate(models.Count("pk")):
            kinds[position, slug, name] += count
            years |= {year} - {None}
        named = [{"slug": slug, "name": name, "count": count} for (_place, slug, name), count in sorted(kinds.items())]
        return named, sorted(years, reverse=True)

    def beside(self, activity: "Activity"):
        """Others of the same branch, or of the same hospital where no branch is named."""
        others = self.of_branch(activity.branch) if activity.branch else self.of_hospital(activity.hospital)
        return others.exclude(pk=activity.root_pk)

    def neighbours(self, activity: "Activity") -> Neighbours:
        """Above and below it among those its branch held, or those of its hospital that name no branch either."""
        rows = self.filter(hospital=activity.hospital_id, branch=activity.branch_id).only("title", "reference")
        return Neighbours.of(rows.above(activity), rows.below(activity))

    def in_region(self, region: Region):
        """Held there; where no place is coded, by a hospital that lies there. As the ledger's 行政区划代码 says."""
        prefix = region.prefix
        return self.filter(
            Q(region__code__startswith=prefix) | Q(region__isnull=True, hospital__region__code__startswith=prefix)
        )

    def tagged(self, slug: str):
        return self.filter(tags__slug=slug)

    def with_figures(self):
        """Its own and the announced ones: what ``public_figures`` reads."""
        return self.prefetch_related(
            models.Prefetch("figures", Figure.objects.select_related("measure")),
            models.Prefetch("period_figures", _public_period_figures()),
        )

    def with_summary(self):
        """All that feeds and calendars tell of it but the long texts, in three queries."""
        rows = self.select_related("hospital", "branch", "kind").with_figures()
        return rows.defer("story", "search_text", "results", "remarks")

    def as_entries(self):
        """Only what ``components/entry.html`` shows, in three queries."""
        return self.as_compact_entries().with_figures()

    def as_compact_entries(self):
        """Without figures, in one query."""
        return self.select_related("hospital", "branch", "kind").only(*_ENTRY_FIELDS)

    def with_record_sheet(self):
        """What a record sheet shows beside the ledger's row, with ``public_articles``; in three queries."""
        articles = (
            self.model.articles.rel.related_model.objects.public().order_by("pk").only("title", "working_copy_of")
        )
        return self.select_related("hospital", "kind", "created_by").prefetch_related(
            "photos", models.Prefetch("articles", articles, to_attr="public_articles")
        )

    def with_details(self):
        """All that the activity's own page shows."""
        rows = self.select_related(
            "hospital__region__parent__parent",
            "branch__hospital",
            "kind",
            "brand__branch__hospital",
            "brand__hospital",
            "initiative__hospital",
            "initiative__branch__hospital",
        )
        return rows.with_figures().prefetch_related(
            "partners",
            "kind__kind_measures__measure",
            "joint_branches__hospital",
            "further_kinds",
            "photos",
            "tags",
        )


class Nature(models.TextChoices):
    SINGLE = "single", _("单次活动")
    RECURRING = "recurring", _("常态开展")
    PROGRAMME = "programme", _("专项活动")
    SERVICE = "service", _("常设服务")
    SUMMARY = "summary", _("阶段汇总")


def is_recorded() -> Q:
    """The condition of ``recorded``."""
    return ~Q(nature=Nature.SUMMARY)


#: what is asked of activities that are counted, beside when they began and their status
COUNTED_BY = ["kind", "hospital", "region", "precision", "start", "end", "id"]


def _public_period_figures():
    from branches.models.report import PeriodFigure  # the report's lines point back to the activity they belong to

    return PeriodFigure.objects.public().select_related("measure")


class Activity(BranchRecord, Dated):
    """One thing that happened, or a standing or summarised one as a report tells it (see ``nature``)."""

    Nature = Nature

    parts = ("figures", "photos")
    not_content = frozenset({"reference", "date_awaited"})
    internal_fields = frozenset({"remarks", "recorder"})
    searched_fields = (
        "title", "summary", "story", "results", "place", "date_text", "host", "source", "reference",
    )  # fmt: skip
    searched_rows = {
        "kind": "name", "hospital": "name", "branch": "name", "partners": "name", "tags": "name", "photos": "caption",
    }  # fmt: skip

    reference = models.CharField(_("活动编号"), max_length=24, db_index=True, editable=False)
    title = models.CharField(_("活动主题"), max_length=80)
    kind = models.ForeignKey(
        ActivityKind, on_delete=models.PROTECT, related_name="activities", verbose_name=_("活动类别")
    )
    further_kinds = models.ManyToManyField(
        ActivityKind, blank=True, related_name="further_activities", verbose_name=_("兼有类别")
    )
    nature = models.CharField(
        _("性质"),
        max_length=20,
        choices=Nature,
        default=Nature.SINGLE,
        help_text=_("“阶段汇总”的数字在“统计期间报数”里填，不与单次活动相加。"),
    )
    branch = models.ForeignKey(
        Branch, on_delete=models.PROTECT, null=True, blank=True, related_name="activities", verbose_name=_("主办支部")
    )
    joint_branches = models.ManyToManyField(
        Branch, blank=True, related_name="joint_activities", verbose_name=_("参与支部")
    )
    all_branches = models.BooleanField(_("各支部都参加"), default=False)
    partners = models.ManyToManyField(Partner, blank=True, related_name="activities", verbose_name=_("联合单位"))
    start_time = models.TimeField(_("开始时间"), null=True, blank=True)
    end_time = models.TimeField(_("结束时间"), null=True, blank=True)
    place = models.CharField(_("活动地点"), max_length=100, blank=True)
    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name=_("活动地行政区划"),
    )
    host = models.CharField(_("主持人"), max_length=50, blank=True)
    recorder = models.CharField(_("记录人"), max_length=50, blank=True)
    brand = models.ForeignKey(
        Brand, on_delete=models.SET_NULL, null=True, blank=True, related_name="activities", verbose_name=_("所属品牌")
    )
    initiative = models.ForeignKey(
        Initiative,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name=_("所属举措"),
    )
    summary = models.TextField(
        _("主要内容"), blank=True, help_text=_("一两句话：谁、在哪里、做了什么。台账用的就是这一段。")
    )
    story = RichTextField(_("活动纪实"), blank=True, help_text=_("想多写就写在这里，可以分段、加小标题。"))
    results = models.TextField(_("活动成效"), blank=True)
    clinic_registration = models.CharField(_("义诊备案号"), max_length=60, blank=True)
    source = models.CharField(_("来源"), max_length=120, blank=True, help_text=_("例如报道的题目和刊载日期。"))
    remarks = models.TextField(_("备注（内部）"), blank=True, help_text=_("只在后台和内部台账里出现，不对外公开。"))
    tags = TaggableManager(_("标签"), blank=True, help_text=_("用逗号或顿号隔开。"))

    objects = ActivityQuerySet.as_manager()

    class Meta(BranchRecord.Meta):
        default_related_name = "activities"
        ordering = ["-ordered_on", "end", "-id"]
        verbose_name = _("活动")
        verbose_name_plural = _("活动")
        indexes = [
            desk_index("branches_activity"),
            models.Index(fields=["-ordered_on", "end", "-id"], name="branches_activity_newest"),
            models.Index(fields=["-published_at", "-id"], name="branches_activity_published"),
            models.Index(fields=["hospital", "-ordered_on", "end", "-id"], name="branches_activity_of_hospital"),
            models.Index(fields=["branch", "-ordered_on", "end", "-id"], name="branches_activity_of_branch"),
            # What statistics count, with all that their tables ask of it: no row itself has to be read.
            models.Index(
                fields=["status", "ordered_on", *COUNTED_BY],
                condition=Q(working_copy_of__isnull=True) & is_recorded(),
                name="branches_activity_counted",
            ),
            models.Index(
                fields=["ordered_on", "status", *COUNTED_BY],
                condition=Q(working_copy_of__isnull=True) & is_recorded() & ~Q(precision=Precision.DAY),
                name="branches_activity_not_of_a_day",
            ),
        ]
        constraints = [
            *publishable_constraints("branches_activity"),
            models.UniqueConstraint(
                fields=["reference"],
                condition=Q(working_copy_of__isnull=True),  # which has the reference of its record
                name="branches_activity_unique_reference",
            ),
            *period_constraints("branches_activity"),
            models.CheckConstraint(
                condition=Q(end_time__isnull=True)
                | Q(start_time__isnull=True)
                | Q(end_time__gte=F("start_time"))
                | Q(end__gt=F("start")),
                name="branches_activity_times_in_order",
                violation_error_message=_("结束时间早于开始时间；跨夜的活动请把结束日期填成第二天。"),
            ),
            SameParent(
                field="brand",
                parent="hospital",
                name="branches_activity_brand_of_hospital",
                violation_error_message=_("这一项属于另一家医院，请重新选择。"),
            ),
            SameParent(
                field="initiative",
                parent="hospital",
                name="branches_activity_initiative_of_hospital",
                violation_error_message=_("这一项属于另一家医院，请重新选择。"),
            ),
            SameParent(
                field="branch",
                parent="hospital",
                name="branches_activity_branch_of_hospital",
                violation_error_message=_("这个支部不属于所选医院，请重新选择支部。"),
            ),
        ]

    def __str__(self):
        return self.title

    def clean(self):
        super().clean()
        today = timezone.localdate()
        if self.nature == self.Nature.SINGLE and self.start and self.start > today:
            raise ValidationError({"start": _("活动日期还没到：台账只记已经开展的活动，请检查年月日。")})
        if self.nature == self.Nature.SINGLE and self.end and self.end > today and self.precision == Precision.DAY:
            raise ValidationError({"end": _("结束日期还没到：台账只记已经开展的活动，请检查年月日。")})

    def save(self, *args, **kwargs):
        if self.reference:
            return super().save(*args, **kwargs)
        with transaction.atomic():
            self.reference = ReferenceCounter.take(self.hospital, self.start or timezone.localdate())[0]
            try:
                return super().save(*args, **kwargs)
            except BaseException:
                self.reference = ""  # the number went back with the transaction
                raise

    def get_absolute_url(self):
        return reverse("activity", args=[self.reference])

    @property
    def is_summary(self) -> bool:
        return self.nature == self.Nature.SUMMARY

    @property
    def year(self) -> int | None:
        return self.start.year if self.start else None

    @property
    def is_undated(self) -> bool:
        return self.precision == Precision.UNKNOWN

    @property
    def public_figures(self) -> list:
        """The numbers an entry shows: its own, or for a summary the announced ones (which are never added up)."""
        if self.is_summary and self.is_working_copy:  # announced numbers are those of the record
            return list(self.working_copy_of.period_figures.public())
        if self.is_summary:
            return list(self.period_figures.all())
        return [figure for figure in self.figures.all() if not figure.is_internal]

    @property
    def public_brand(self) -> Brand | None:
        return self.brand if self.brand and self.brand.is_public else None

    @property
    def public_initiative(self) -> Initiative | None:
        return self.initiative if self.initiative and self.initiative.is_public else None

    @property
    def unreported(self) -> list[Measure]:
        """What the kind asks of a single activity and nobody has filled in: said on its page, never shown as 0."""
        if self.nature != self.Nature.SINGLE:
            return []
        given = {figure.measure_id for figure in self.figures.all()}
        asked = (asked for asked in self.kind.kind_measures.all() if asked.is_asked)
        return [asked.measure for asked in asked if asked.measure_id not in given]

    @property
    def has_numbers_to_show(self) -> bool:
        """A single activity without numbers says so; a standing one has none to give."""
        is_unreported = self.nature == self.Nature.SINGLE and not self.figures.all()
        return is_unreported or bool(self.public_figures)

    @property
    def has_inexact_figures(self) -> bool:
        return any(figure.precision != QuantityPrecision.EXACT for figure in self.public_figures)

    def own_findings(self):
        return activity_findings(self)

    def own_gaps(self):
        return date_gaps(self)

    def unfilled(self):
        return activity_unfilled(self)
