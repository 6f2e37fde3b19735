"""The two words every model knows, for what belongs to a hospital."""

from collections.abc import Iterable

from django.db import models
from django.utils import timezone

from hospitals.roles import RIGHTS
from publishing.models import Publishable, PublishableQuerySet
from publishing.search import SearchableQuerySet


class ScopedQuerySet(models.QuerySet):
    #: the path from a row to its hospital
    hospital_path = "hospital"

    def editable_by(self, user):
        """Rows a member of staff may work with: those of the hospitals they serve; a superuser sees all."""
        if not user.is_active or not user.is_staff:
            return self.none()
        if user.is_superuser:
            return self
        return self.filter(**{f"{self.hospital_path}__in": user.memberships.values("hospital")})

    def of_hospital(self, hospital):
        return self.filter(**{self.hospital_path: hospital})


class ScopedSearchableQuerySet(ScopedQuerySet, SearchableQuerySet):
    pass


class ScopedPublishableQuerySet(ScopedQuerySet, PublishableQuerySet):
    def public(self):
        """Of open hospitals only, on top of the record's own status."""
        return super().public().filter(hospital__is_active=True)

    def published_beside_public(self, hospitals: Iterable[int] = ()):
        """Of what is published what ``public`` leaves out, and all of these hospitals: said so that indexes lead to it."""
        closed = self.model._meta.get_field("hospital").related_model._default_manager.filter(is_active=False)
        apart = {*hospitals, *closed.order_by().values_list("pk", flat=True)}
        later = models.Q(published_at__gt=timezone.now())
        return self.published().filter(later | models.Q(hospital__in=apart))

    def awaiting_review_by(self, user):
        """What waits for this person: at a stage they review, in their hospital, and not of their own making."""
        waiting = self.approvable_by(user)
        if user.is_superuser:
            return waiting
        of_stages = models.Q(pk__in=[])
        for status in Publishable.REVIEWS:
            reviewing = [held.hospital_id for held in user.held if _reviews(held.role, status, self.model)]
            of_stages |= models.Q(status=status, hospital__in=reviewing)
        return waiting.filter(of_stages)

    def counts_by_hospital(self) -> dict[int, int]:
        """How many of these rows each hospital has."""
        return dict(self.order_by().values_list("hospital").annotate(models.Count("pk")))


def _reviews(role: str, status: str, model) -> bool:
    return f"{model._meta.app_label}.{status}_{model._meta.model_name}" in RIGHTS[role]
