"""Sums of a hospital's activities that are kept ready (``branches.tallies``), and the notes that say they no longer hold."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from branches.models.kind import Measure
from hospitals.models import Hospital


class TallyQuerySet(models.QuerySet):
    def of(self, year: int | None, measure: Measure | None):
        """The rows of one year and measure, one for each public hospital that has anything of it."""
        return self.filter(year=year or 0, measure=measure, hospital__is_active=True)

    def marks(self):
        """The one row that every hospital has whose tallies were made: of all years, of the activities themselves."""
        return self.filter(year=0, measure=None)


class Tally(models.Model):
    """All sums of one hospital, year and measure. Made from its records as a whole, never corrected.

    ``sums``: for each grouping of ``branches.tallies`` the sums by key, as lists of whole numbers: hundredths of the value;
    how many parts were exact, at least, approximate, without a value; the ordinal of the latest stated day, 0 without one.
    """

    changes_the_site = False  # what it is made of does

    # Without a constraint of the database: a hospital is not kept from going by what is only derived from it.
    hospital = models.ForeignKey(
        Hospital, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+", verbose_name=_("医院")
    )
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


class HospitalChangeQuerySet(models.QuerySet):
    def outdated(self) -> models.QuerySet[Hospital]:
        """Hospitals whose tallies do not hold: never made, written to since, or something has become public."""
        own = Tally.objects.marks().filter(hospital=OuterRef("pk"))
        lasting = own.filter(Q(due__isnull=True) | Q(due__gt=timezone.now()))
        return Hospital.objects.order_by().filter(Exists(self.filter(hospital=OuterRef("pk"))) | ~Exists(lasting))


class HospitalChange(models.Model):
    """That records of a hospital were written since its tallies were made; triggers note it (``hospital_changes``).

    On PostgreSQL each transaction has rows of its own, so that no writer waits for another.
    """

    changes_the_site = False

    key = models.BigIntegerField(_("事务"))
    hospital = models.ForeignKey(
        Hospital, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+", verbose_name=_("医院")
    )

    objects = HospitalChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("医院内容变动")
        verbose_name_plural = _("医院内容变动")
        constraints = [models.UniqueConstraint(fields=["key", "hospital"], name="branches_hospitalchange_unique")]

    def __str__(self):
        return f"{self.hospital_id}"
