"""The tags that lead somewhere: those of public activities and articles, most used first."""

from collections import Counter
from typing import NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count
from taggit.models import TaggedItem

from articles.models import Article
from branches.models import Activity


class PublicTag(NamedTuple):
    name: str
    slug: str
    count: int


def public_tags() -> list[PublicTag]:
    """In one query for each kind of record, however many tags there are."""
    counts: Counter = Counter()
    for model in (Activity, Article):
        uses = TaggedItem.objects.filter(
            content_type=ContentType.objects.get_for_model(model),
            object_id__in=model.objects.public().order_by().values("pk"),
        )
        for name, slug, count in uses.values_list("tag__name", "tag__slug").annotate(Count("pk")):
            counts[name, slug] += count
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [PublicTag(name, slug, count) for (name, slug), count in ordered]
