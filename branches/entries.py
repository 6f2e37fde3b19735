"""The entries of a list of activities as they stand in the page, each made once for each state of the content."""

from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.core.paginator import Page
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from branches.models import Activity
from publishing.kept import kept_each


def entries_of(stamp: Any, page: Page) -> SafeString:
    """Those of a page of ``page_of``. Where all are kept, no activity is asked for."""
    return _joined(kept_each(stamp, "entry", page.keys, _made))


def entries_by_year(stamp: Any, page: Page) -> list[tuple[int, SafeString]]:
    """The same under the years in which they began; 0 where the time is not stated."""
    entries = kept_each(stamp, "entry", page.keys, _made)
    return [(year, _joined(own)) for year, own in groupby(entries, itemgetter(0))]


def _joined(entries: Iterable[tuple[int, str]]) -> SafeString:
    return mark_safe("".join(html for _year, html in entries))  # each was written by the template


def _made(keys: list[int]) -> dict[int, tuple[int, str]]:
    rows = Activity.objects.public().filter(pk__in=keys).as_entries()
    return {row.pk: (row.year or 0, str(render_to_string("components/entry.html", {"activity": row}))) for row in rows}
