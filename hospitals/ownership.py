"""A publishable record of one hospital: who may edit, publish and withdraw it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from hospitals.querysets import ScopedPublishableQuerySet
from publishing.models import Publishable


class HospitalRecord(Publishable):
    # The reverse name is each model's ``default_related_name``: hospital.activities, hospital.articles…
    hospital = models.ForeignKey("hospitals.Hospital", on_delete=models.PROTECT, verbose_name=_("医院"))

    objects = ScopedPublishableQuerySet.as_manager()

    class Meta:
        abstract = True
        default_permissions = ("add", "change", "delete", "view", "publish", "withdraw")

    @property
    def is_public(self) -> bool:
        return super().is_public and self.hospital.is_active

    def _permits(self, user, action: str) -> bool:
        return user.has_perm(f"{self._meta.app_label}.{action}_{self._meta.model_name}", self)

    def can_be_edited_by(self, user) -> bool:
        return self._permits(user, "change")

    def can_be_published_by(self, user) -> bool:
        """Nothing goes public on one person's word: whoever wrote a text does not release it."""
        return user.is_superuser or (
            self._permits(user, "publish") and user.pk not in {self.created_by_id, self.updated_by_id}
        )

    def can_be_withdrawn_by(self, user) -> bool:
        is_editable_draft = self.status == self.Status.DRAFT and self.can_be_edited_by(user)
        return is_editable_draft or self._permits(user, "withdraw")
