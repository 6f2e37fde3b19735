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
from publishing.sitemaps import ContentSitemap


class HospitalSitemap(ContentSitemap):
    def items(self):
        return Hospital.objects.public().order_by("pk").values_list("pk", "slug")

    def location(self, item):
        return reverse("hospital", args=[item[1]])

    def lastmod(self, item):
        return self._latest.get(item[0])

    @cached_property
    def _latest(self) -> dict[int, datetime]:
        return _later(*(_latest_by(model.objects.public(), "hospital") for model in (Activity, Article)))

    def latest(self):
        return max(self._latest.values(), default=None)


class BranchSitemap(ContentSitemap):
    def items(self):
        return Branch.objects.public().order_by("pk").values_list("pk", "hospital__slug", "slug")

    def location(self, item):
        return reverse("branch", args=item[1:])

    def lastmod(self, item):
        return self._latest.get(item[0])

    @cached_property
    def _latest(self) -> dict[int, datetime]:
        return _later(_latest_by(Activity.objects.public(), "branch"), _latest_by(Article.objects.public(), "branches"))

    def latest(self):
        return max(self._latest.values(), default=None)


class ActivitySitemap(ContentSitemap):
    def items(self):
        rows = with_live_since(Activity.objects.public())
        return rows.order_by("pk").values_list("reference", "live_since")

    def location(self, item):
        return reverse("activity", args=[item[0]])

    def lastmod(self, item):
        return item[1]

    def latest(self):
        return self.items().aggregate(latest=Max("live_since"))["latest"]


class ArticleSitemap(ContentSitemap):
    def items(self):
        rows = with_live_since(Article.objects.public())
        return rows.order_by("pk").values_list("pk", "live_since")

    def location(self, item):
        return reverse("article", args=[item[0]])

    def lastmod(self, item):
        return item[1]

    def latest(self):
        return self.items().aggregate(latest=Max("live_since"))["latest"]


class TagSitemap(ContentSitemap):
    def items(self):
        return self.keep(("sitemap", "tags"), public_tags)

    def location(self, item):
        return reverse("tag", args=[item.slug])


def _latest_by(rows, owner: str) -> dict[int, datetime]:
    found = rows.order_by().filter(**{f"{owner}__isnull": False}).values_list(owner)
    return dict(found.annotate(Max("published_at")))


def _later(first: dict[int, datetime], second: dict[int, datetime]) -> dict[int, datetime]:
    return first | second | {key: max(first[key], second[key]) for key in first.keys() & second.keys()}
