"""What the sitemaps of all applications share: rows as plain values, 5,000 addresses a file, dates from the data."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.sitemaps import Sitemap


class ContentSitemap(Sitemap):
    """``keep(key, make)`` gives what ``make`` gave before while the content is the same (``Stamp.kept``)."""

    limit = 5_000  # a tenth of what the protocol allows: one file is one quick query

    def __init__(self, keep: Callable[[tuple, Callable[[], Any]], Any]):
        self.keep = keep

    def latest(self) -> datetime | None:
        """When one of its pages last changed."""
        return None

    def get_latest_lastmod(self) -> datetime | None:
        return self.keep(("sitemap", type(self).__name__, "latest"), self.latest)
