from django.db import models
from django.utils.translation import gettext_lazy as _

from hospitals.models import Hospital
from hospitals.querysets import ScopedQuerySet
from publishing.models import Edited


class Partner(Edited):
    """An outside organisation, on the list of the hospital that works with it."""

    class Kind(models.TextChoices):
        HOSPITAL = "hospital", _("医疗机构")
        SCHOOL = "school", _("学校")
        VILLAGE = "village", _("村居社区")
        GOVERNMENT = "government", _("机关单位")
        ASSOCIATION = "association", _("学会协会")
        COMPANY = "company", _("企业")
        MEMORIAL = "memorial", _("纪念场馆")
        OTHER = "other", _("其他")

    hospital = models.ForeignKey(Hospital, on_delete=models.CASCADE, related_name="partners", verbose_name=_("医院"))
    name = models.CharField(_("名称"), max_length=80)
    kind = models.CharField(_("类型"), max_length=20, choices=Kind, default=Kind.OTHER)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["hospital", "name"]
        verbose_name = _("联合单位")
        verbose_name_plural = _("联合单位")
        constraints = [
            models.UniqueConstraint(
                fields=["hospital", "name"],
                name="branches_partner_unique",
                violation_error_message=_("名单里已经有这个单位。"),
            )
        ]

    def __str__(self):
        return self.name

    @property
    def institution(self) -> Hospital:
        return self.hospital
