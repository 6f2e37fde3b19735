from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from publishing.models.edited import Edited


class GreyPeriodQuerySet(models.QuerySet):
    def covers(self, day: date) -> bool:
        """Whether the site is shown in grey on this day; the first and the last day belong to the period."""
        return self.filter(first_day__lte=day, last_day__gte=day).exists()


class GreyPeriod(Edited):
    """Days of national mourning: every public page is grey from the first day through the last."""

    first_day = models.DateField(_("第一天"), help_text=_("从这一天零点起（北京时间），公开页面变为灰色。"))
    last_day = models.DateField(_("最后一天"), help_text=_("到这一天结束为止，第二天零点自动恢复。"))
    reason = models.CharField(_("事由"), max_length=100, help_text=_("只给工作人员看，例如：全国哀悼日。"))

    objects = GreyPeriodQuerySet.as_manager()

    class Meta:
        ordering = ["-first_day", "-id"]
        verbose_name = _("灰色日期")
        verbose_name_plural = _("灰色日期")
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="publishing_greyperiod_days_in_order",
                violation_error_message=_("最后一天早于第一天，请检查这两个日期。"),
            )
        ]

    def __str__(self):
        days = f"{self.first_day:%Y-%m-%d}"
        return days if self.last_day == self.first_day else f"{days}至{self.last_day:%Y-%m-%d}"

    def clean(self):
        super().clean()
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise ValidationError({"last_day": _("最后一天早于第一天，请改成第一天当天或以后的日期。")})
