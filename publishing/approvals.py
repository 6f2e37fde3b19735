"""How what the public reads of a record came about: its versions and the steps of its reviews, for many records at once."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Max, QuerySet

from publishing.models import Publishable, ReviewEntry, Version


@dataclass(frozen=True)
class Approvals:
    """Both in their order, up to the present edition: nothing of a revision that is not public yet."""

    published_at: datetime
    versions: list[Version] = field(default_factory=list)
    steps: list[ReviewEntry] = field(default_factory=list)

    @property
    def version(self) -> Version | None:
        """The present one; None where the record became public before versions were kept."""
        return self.versions[-1] if self.versions else None

    @property
    def since(self) -> datetime:
        """When the public began to read what it reads now."""
        return self.version.public_from if self.version else self.published_at


def approvals_of(records: Collection[Publishable]) -> dict[int, Approvals]:
    """By the key of each record; all of them public and of one model. Two queries, without what the versions say."""
    found = {record.pk: Approvals(record.published_at) for record in records}
    if not found:
        return {}
    model, editions = type(next(iter(records))), {record.pk: record.edition for record in records}
    for version in Version.objects.of_rows(model, list(found)).defer("content").order_by("number"):
        found[version.object_id].versions.append(version)
    for step in ReviewEntry.objects.of_rows(model, list(found)).order_by("at", "pk"):
        if step.edition <= editions[step.object_id]:
            found[step.object_id].steps.append(step)
    return found


def latest_since(rows: QuerySet[Publishable]) -> datetime | None:
    """When the newest of these public records became what the public reads; None where there are none. Two queries."""
    rows = rows.order_by()
    versions = Version.objects.of_rows(rows.model, rows.values("pk"))
    hours = [rows.aggregate(hour=Max("published_at"))["hour"], versions.aggregate(hour=Max("public_from"))["hour"]]
    return max(filter(None, hours), default=None)
