"""The rows of a list of the admin, which narrow screens show as cards: every cell carries the name of its column."""

from collections.abc import Iterable

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from publishing.admin import ScopedAdmin

register = template.Library()
_TAG = len("<td")  # Django makes every cell: <td class="field-when nowrap">, <th class="field-title">


@register.simple_tag
def row(cells: Iterable[SafeString], headers: Iterable[dict]) -> SafeString:
    """``cells`` and ``headers`` as Django's ``result_list`` has them; the box to tick has no name to carry."""
    named = zip(cells, headers, strict=True)
    return mark_safe("".join(cell if "action-checkbox" in cell[:30] else _named(cell, head) for cell, head in named))


def _named(cell: SafeString, head: dict) -> str:
    is_empty = " data-empty" if f">{ScopedAdmin.empty_value_display}<" in cell else ""
    return f'{cell[:_TAG]} data-label="{escape(head["text"])}"{is_empty}{cell[_TAG:]}'
