"""A publishable record of one hospital: the reviews it passes and what a person's roles there let them do with it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from hospitals.querysets import ScopedPublishableQuerySet
from publishing.models import Publishable, Stage


def desk_index(prefix: str) -> models.Index:
    """What waits in a hospital at a stage, for the boards of the workbench and the number on every page."""
    return models.Index(fields=["status", "hospital"], name=f"{prefix}_desk")


class HospitalRecord(Publishable):
    # The reverse name is each model's ``default_related_name``: hospital.activities, hospital.articles…
    hospital = models.ForeignKey("hospitals.Hospital", on_delete=models.PROTECT, verbose_name=_("医院"))

    objects = ScopedPublishableQuerySet.as_manager()

    class Meta:
        abstract = True
        default_permissions = ("add", "change", "delete", "view", *Publishable.REVIEWS, "override", "withdraw")

    @property
    def is_public(self) -> bool:
        return super().is_public and self.hospital.is_active

    @property
    def institution(self):
        return self.hospital

    @property
    def review_stages(self) -> list[Stage]:
        return self.hospital.review_stages

    def permits(self, user, right: str) -> bool:
        return user.has_perm(f"{self._meta.app_label}.{right}_{self._meta.model_name}", self)

    def is_covered_by(self, membership) -> bool:
        """Whether a role held in the hospital reaches this record; models that know more may say no."""
        return True
