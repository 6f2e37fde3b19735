"""The sections of /sitemap.xml by the name in their addresses."""

from django.urls import reverse

from articles.sitemaps import ActivitySitemap, ArticleSitemap, BranchSitemap, HospitalSitemap, TagSitemap
from publishing.freshness import Stamp
from publishing.sitemaps import ContentSitemap

#: names of the pages that are there whatever the content
PAGES = (
    "home", "hospital_list", "brand_wall", "activity_list", "article_list", "statistics", "site_map", "about",
    "accessibility",
)  # fmt: skip


class PageSitemap(ContentSitemap):
    def items(self):
        return PAGES

    def location(self, item):
        return reverse(item)


SECTIONS = {
    "pages": PageSitemap,
    "hospitals": HospitalSitemap,
    "branches": BranchSitemap,
    "activities": ActivitySitemap,
    "articles": ArticleSitemap,
    "tags": TagSitemap,
}


def sections_as_of(stamp: Stamp) -> dict[str, ContentSitemap]:
    return {name: section(stamp.kept) for name, section in SECTIONS.items()}
