"""The sitemap's sections: every page of a record that is public, with when it last changed.

An activity's or article's page changed with its present version. Hospitals and branches keep no such date: theirs is
the latest publication they list.
"""

from datetime import datetime
from functools import cached_property

from django.db.models import Max
from django.urls import reverse

from articles.models import Article
from articles.tag_list import public_tags
from branches.models import Activity, Branch
from hospitals.models import Hospital
from publishing.live import with_live_since
from publishing.models import Publishable
from publishing.sitemaps import ContentSitemap


class OwnerSitemap(ContentSitemap):
    """Pages that list records. Items begin with the key of their row."""

    def lastmod(self, item):
        return self._latest.get(item[0])

    def latest(self):
        return max(self._latest.values(), default=None)

    @cached_property
    def _latest(self) -> dict[int, datetime]:
        first, second = self.latest_of_kinds()
        return first | second | {key: max(first[key], second[key]) for key in first.keys() & second.keys()}

    def latest_of_kinds(self) -> tuple[dict[int, datetime], dict[int, datetime]]:
        """The latest publication of activities and of articles, by the key of the row that lists them."""
        raise NotImplementedError


class HospitalSitemap(OwnerSitemap):
    def items(self):
        return Hospital.objects.public().order_by("pk").values_list("pk", "slug")

    def location(self, item):
        return reverse("hospital", args=[item[1]])

    def latest_of_kinds(self):
        return tuple(_latest_by(model.objects.public(), "hospital") for model in (Activity, Article))


class BranchSitemap(OwnerSitemap):
    def items(self):
        return Branch.objects.public().order_by("pk").values_list("pk", "hospital__slug", "slug")

    def location(self, item):
        return reverse("branch", args=item[1:])

    def latest_of_kinds(self):
        return _latest_by(Activity.objects.public(), "branch"), _latest_by(Article.objects.public(), "branches")


class RecordSitemap(ContentSitemap):
    """Pages of records, each found by ``key`` in the address that ``route`` names."""

    model: type[Publishable]
    key: str
    route: str

    def items(self):
        return with_live_since(self.model.objects.public()).order_by("pk").values_list(self.key, "live_since")

    def location(self, item):
        return reverse(self.route, args=[item[0]])

    def lastmod(self, item):
        return item[1]

    def latest(self):
        return self.items().aggregate(latest=Max("live_since"))["latest"]


class ActivitySitemap(RecordSitemap):
    model, key, route = Activity, "reference", "activity"


class ArticleSitemap(RecordSitemap):
    model, key, route = Article, "pk", "article"


class TagSitemap(ContentSitemap):
    def items(self):
        return self.keep(("sitemap", "tags"), public_tags)

    def location(self, item):
        return reverse("tag", args=[item.slug])


def _latest_by(rows, owner: str) -> dict[int, datetime]:
    found = rows.order_by().filter(**{f"{owner}__isnull": False}).values_list(owner)
    return dict(found.annotate(Max("published_at")))
