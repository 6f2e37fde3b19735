"""The two words every model knows, for what belongs to a hospital."""

from django.db import models

from publishing.models import PublishableQuerySet
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

    def counts_by_hospital(self) -> dict[int, int]:
        """How many of these rows each hospital has."""
        return dict(self.order_by().values_list("hospital").annotate(models.Count("pk")))
