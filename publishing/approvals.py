"""How what the public reads of a record came about: its versions and the steps of its reviews, for many records at once."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from publishing.models import Publishable, ReviewEntry, Version


@dataclass(frozen=True)
class Approvals:
    """Both in their order, up to the present edition: nothing of a revision that is not public yet."""

    versions: list[Version] = field(default_factory=list)
    steps: list[ReviewEntry] = field(default_factory=list)

    @property
    def version(self) -> Version | None:
        """The present one; None where the record became public before versions were kept."""
        return self.versions[-1] if self.versions else None


def approvals_of(records: Collection[Publishable]) -> dict[int, Approvals]:
    """By the key of each record; all of them of one model. Two queries, the contents of the versions not among them."""
    if not records:
        return {}
    model, editions = type(next(iter(records))), {record.pk: record.edition for record in records}
    found: dict[int, Approvals] = defaultdict(Approvals)
    for version in Version.objects.of_rows(model, editions).defer("content").order_by("number"):
        found[version.object_id].versions.append(version)
    for step in ReviewEntry.objects.of_rows(model, editions).order_by("at", "pk"):
        if step.edition <= editions[step.object_id]:
            found[step.object_id].steps.append(step)
    return found
