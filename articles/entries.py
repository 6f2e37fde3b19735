"""The entries of a list of articles as they stand in the page, each made once for each state of the content."""

from typing import Any

from django.core.paginator import Page
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from articles.models import Article
from publishing.kept import kept_each


def stories_of(stamp: Any, page: Page) -> SafeString:
    """Those of a page of ``page_of``. Where all are kept, no article is asked for."""
    return mark_safe("".join(kept_each(stamp, "story", page.keys, _made)))  # each was written by the template


def _made(keys: list[int]) -> dict[int, str]:
    rows = Article.objects.public().filter(pk__in=keys).with_teaser()
    return {row.pk: str(render_to_string("components/story.html", {"article": row})) for row in rows}
