from datetime import date

from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from hospitals.models import Hospital


class ReferenceCounter(models.Model):
    """The last running number given out in a hospital and year."""

    changes_the_site = False  # no visitor is shown any of it

    hospital = models.ForeignKey(
        Hospital, on_delete=models.PROTECT, related_name="reference_counters", verbose_name=_("医院")
    )
    year = models.PositiveSmallIntegerField(_("年份"))
    last = models.PositiveIntegerField(_("最后编号"), default=0)

    class Meta:
        verbose_name = _("编号")
        verbose_name_plural = _("编号")
        constraints = [models.UniqueConstraint(fields=["hospital", "year"], name="branches_referencecounter_unique")]

    def __str__(self):
        return f"{self.hospital.code}-{self.year}-{self.last:04d}"

    @classmethod
    def take(cls, hospital: Hospital, day: date, count: int = 1) -> list[str]:
        """The next ``count`` references (WN2-2023-0005) of a hospital and year.

        Must run in the transaction that saves the records: the counter's row stays locked until it ends, so numbers
        have no gaps when a save fails, and twenty saves at once get twenty numbers.
        """
        if not transaction.get_connection().in_atomic_block:
            raise transaction.TransactionManagementError("References are taken inside the saving transaction.")
        counter, _created = cls.objects.get_or_create(hospital=hospital, year=day.year)
        cls.objects.filter(pk=counter.pk).update(last=F("last") + count)
        counter.refresh_from_db(fields=["last"])
        first = counter.last - count + 1
        return [f"{hospital.code}-{day.year}-{number:04d}" for number in range(first, counter.last + 1)]
