"""Since when the public has read what it reads now: for feeds, sitemaps and calendars, many rows in one query."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from publishing.models import Version


def with_live_since(rows: QuerySet) -> QuerySet:
    """Public records, each with ``live_since``: when its present version became public."""
    return rows.annotate(live_since=Coalesce(Subquery(_present_version(rows.model)), F("published_at")))


def _present_version(model: type[Model]) -> QuerySet:
    kept = Version.objects.filter(
        content_type=ContentType.objects.get_for_model(model), object_id=OuterRef("pk"), number=OuterRef("edition")
    )
    return kept.values("public_from")[:1]
