"""Sums of a hospital's activities, of groups of hospitals and of all of them, that are kept ready (``branches.tallies``), and
the notes that say they no longer hold.
"""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from branches.models.kind import Measure
from hospitals.models import Hospital

#: into so many groups hospitals are put: about the root of how many there may be
GROUPS = 32
#: the number of the group that all hospitals are in, beside their own
EVERYBODY = 1_000


#: groupings of the figures that only staff see, under this word before their name
INTERNAL = "internal "
#: by kind, first and last month, of which any months of any kinds can be added up (``tally_sums.span_key``)
SPAN = "span"
#: by region and kind, and by region, first and last month
REGION_KIND, REGION_SPAN = "region kind", "region span"


def column_of(grouping: str) -> str:
    """Of ``Sums``. Visitors' pages read ``sums`` whole: what only staff's tables are made from is kept apart."""
    if INTERNAL in grouping:
        return "internal_sums"
    return "detailed_sums" if grouping in (SPAN, REGION_KIND, REGION_SPAN) else "sums"


class SumsQuerySet(models.QuerySet):
    def of(self, year: int | None, measure: Measure | None):
        """The rows of one year and measure, one for each that has anything of it."""
        return self.filter(year=year or 0, measure=measure)

    def marks(self):
        """The one row that each has whose sums were made: of all years, of the activities themselves."""
        return self.filter(year=0, measure=None)


class TallyQuerySet(SumsQuerySet):
    def in_groups(self, groups):
        """Of the hospitals in these groups (see ``group_of``)."""
        return self.filter(hospital__in=hospitals_in(groups))  # by key, which an index has


def group_of(hospital):
    """The group that a hospital with this key is in; of an ``F`` in the database's words."""
    return hospital % GROUPS


def hospitals_in(groups) -> models.QuerySet:
    """The keys of the hospitals in these groups."""
    own = Hospital.objects.order_by().alias(group=group_of(F("pk"))).filter(group__in=groups)
    return own.values_list("pk", flat=True)


class Sums(models.Model):
    """All sums of one year and measure. Made as a whole, never corrected.

    The columns (see ``column_of``): for each grouping of ``branches.tallies`` the sums by key, as lists of whole numbers:
    hundredths of the value; how many parts were exact, at least, approximate, without a value; the ordinal of the latest stated
    day, 0 without one. The long groupings leave out the day, and zeros at the end (``tally_sums.shortened``).
    """

    changes_the_site = False  # what it is made of does

    year = models.PositiveSmallIntegerField(_("年份"), default=0, help_text=_("0是全部年份。"))
    measure = models.ForeignKey(
        Measure,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,  # the index of a year has it
        null=True,
        related_name="+",
        verbose_name=_("指标"),
        help_text=_("空着的是活动条数。"),
    )
    sums = models.JSONField(_("合计"))
    internal_sums = models.JSONField(_("内部数据的合计"), default=dict)
    detailed_sums = models.JSONField(_("细分合计"), default=dict)

    class Meta:
        abstract = True

    @classmethod
    def of(cls, groupings: dict[str, dict], **fields):
        own: dict[str, dict] = {"sums": {}, "internal_sums": {}, "detailed_sums": {}}
        for name, sums in groupings.items():
            own[column_of(name)][name] = sums
        return cls(**own, **fields)

    @property
    def groupings(self) -> dict[str, dict]:
        return self.sums | self.internal_sums | self.detailed_sums


class Tally(Sums):
    """Of one hospital, made from its records."""

    # Without a constraint of the database: a hospital is not kept from going by what is only derived from it.
    hospital = models.ForeignKey(
        Hospital, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+", verbose_name=_("医院")
    )
    due = models.DateTimeField(
        _("到时重算"), null=True, help_text=_("下一条定时发布的活动公开的时间，只记在全部年份的活动条数上。")
    )

    objects = TallyQuerySet.as_manager()

    class Meta:
        verbose_name = _("分医院合计")
        verbose_name_plural = _("分医院合计")
        indexes = [models.Index(fields=["year", "measure", "hospital"], name="branches_tally_of_year")]
        constraints = [
            models.UniqueConstraint(
                fields=["hospital", "year", "measure"],
                condition=Q(measure__isnull=False),
                name="branches_tally_one_of_measure",
                violation_error_message=_("这家医院这一年的这项指标已经有合计，请用 rebuild_tallies 重算。"),
            ),
            models.UniqueConstraint(
                fields=["hospital", "year"],
                condition=Q(measure__isnull=True),
                name="branches_tally_one_of_activities",
                violation_error_message=_("这家医院这一年的活动条数已经有合计，请用 rebuild_tallies 重算。"),
            ),
        ]

    def __str__(self):
        return f"{self.hospital_id}-{self.year}-{self.measure_id or 0}"


class GroupSumsQuerySet(SumsQuerySet):
    def of_everybody(self):
        return self.filter(group=EVERYBODY)

    def of_some(self):
        """Of the groups that together are everybody."""
        return self.exclude(group=EVERYBODY)


class GroupSums(Sums):
    """Of a group of hospitals, and what all groups add up to: that of everybody.

    A page of all hospitals reads one row; where one of them is outdated, those of the groups that it is not in.
    """

    group = models.PositiveSmallIntegerField(_("组"))

    objects = GroupSumsQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["year", "measure", "group"],
                condition=Q(measure__isnull=False),
                name="%(app_label)s_%(class)s_one_of_measure",
                violation_error_message=_("这组医院这一年的这项指标已经有合计，请用 rebuild_tallies 重算。"),
            ),
            models.UniqueConstraint(
                fields=["year", "group"],
                condition=Q(measure__isnull=True),
                name="%(app_label)s_%(class)s_one_of_activities",
                violation_error_message=_("这组医院这一年的活动条数已经有合计，请用 rebuild_tallies 重算。"),
            ),
        ]

    def __str__(self):
        return f"{self.group}-{self.year}-{self.measure_id or 0}"


class GroupTally(GroupSums):
    """What is public, made from the tallies of the hospitals."""

    class Meta(GroupSums.Meta):
        verbose_name = _("成组医院合计")
        verbose_name_plural = _("成组医院合计")


class UnpublishedTally(GroupSums):
    """What is not published, and not withdrawn; made from the records. In a table of its own, which no public page reads."""

    class Meta(GroupSums.Meta):
        verbose_name = _("成组医院未发布合计")
        verbose_name_plural = _("成组医院未发布合计")


class HospitalChangeQuerySet(models.QuerySet):
    def of_public(self):
        return self.filter(is_published=True)

    def of_unpublished(self):
        return self.filter(is_published=False)

    def in_groups(self, groups):
        """Of the hospitals in these groups (see ``group_of``)."""
        return self.alias(group=group_of(F("hospital"))).filter(group__in=groups)

    def outdated(self, hospital: int | None = None) -> set[int]:
        """Keys of the hospitals whose tallies do not hold: written to since, never made, or something has become public.

        Also of those that are gone since, whose tallies have to go, too. Or of this one alone.
        """
        marks = Tally.objects.marks()
        lasting = marks.filter(Q(due__isnull=True) | Q(due__gt=timezone.now())).values("hospital")
        noted, unmade = self.of_public(), Hospital.objects.order_by().exclude(pk__in=lasting)
        if hospital:
            noted, unmade = noted.filter(hospital=hospital), unmade.filter(pk=hospital)
        return set(noted.values_list("hospital", flat=True).union(unmade.values_list("pk", flat=True)))

    def outdated_groups(self) -> set[int]:
        """The groups of which what is kept of unpublished records does not hold: written to since, or never made."""
        made = UnpublishedTally.objects.marks().values("group")
        noted = self.of_unpublished().annotate(group=group_of(F("hospital")))
        unmade = Hospital.objects.order_by().annotate(group=group_of(F("pk"))).exclude(group__in=made)
        return set(noted.values_list("group", flat=True).union(unmade.values_list("group", flat=True)))


class HospitalChange(models.Model):
    """That records of a hospital were written since its sums were made; triggers note it (``hospital_changes``).

    On PostgreSQL each transaction has rows of its own, so that no writer waits for another. ``is_published``: whether the
    records were, before or after; who only writes drafts makes no visitor wait.
    """

    changes_the_site = False

    key = models.BigIntegerField(_("事务"))
    hospital = models.ForeignKey(
        Hospital, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+", verbose_name=_("医院")
    )
    is_published = models.BooleanField(_("已发布的"), default=True)

    objects = HospitalChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("医院内容变动")
        verbose_name_plural = _("医院内容变动")
        constraints = [
            models.UniqueConstraint(fields=["is_published", "key", "hospital"], name="branches_hospitalchange_unique")
        ]

    def __str__(self):
        return f"{self.hospital_id}"
