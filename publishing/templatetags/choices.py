"""What a filter offers: ``{% options pairs chosen %}`` of a select, ``{% checks name rows chosen %}`` with their counts.

Written here and not in a loop of the template, which is slower: there are a hundred of them on a list.
"""

from collections.abc import Collection, Iterable
from functools import lru_cache

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
_escaped = lru_cache(maxsize=4096)(escape)  # the same hundred names on every list


@register.simple_tag
def options(pairs: Iterable[tuple[str, str]], chosen: str | None = "") -> SafeString:
    marks = {chosen: " selected"} if chosen else {}
    pieces = [
        f'<option value="{_escaped(value)}"{marks.get(value, "")}>{_escaped(label)}</option>' for value, label in pairs
    ]
    return mark_safe("".join(pieces))  # every value and label above is escaped


@register.simple_tag
def checks(name: str, rows: Iterable[dict], chosen: Collection[str] | None = ()) -> SafeString:
    """``rows`` with ``slug``, ``name`` and ``count``."""
    marks = dict.fromkeys(chosen or (), " checked")
    pieces = [
        f'<label class="check"><input type="checkbox" name="{_escaped(name)}" value="{_escaped(row["slug"])}"'
        f"{marks.get(row['slug'], '')}>{_escaped(row['name'])} <small>{row['count']:d}</small></label>"
        for row in rows
    ]
    return mark_safe("".join(pieces))  # as above
