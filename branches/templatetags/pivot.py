"""Cells of the office's statistics in templates: ``{{ pivot|cells:row }}``."""

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from branches.pivots import Pivot, PivotRow

register = template.Library()


@register.filter
def cells(pivot: Pivot, row: PivotRow) -> tuple[SafeString, SafeString]:
    """The cell of the first column and those of the others, ready: one by one, a template takes too long for some thousands of them.

    A number opens the ledger behind it, and is read aloud with what it is of.
    """
    link, name, found = escape(row.link), escape(row.name), []
    for column, _total, number in pivot.cells(row):
        shown = escape(number)
        if number and row.link:
            label = f"{name}，{escape(column.name)}{shown}{escape(column.unit)}，查看台账"
            shown = f'<a href="{link}" aria-label="{label}">{shown}</a>'
        found.append(f'<td class="n">{shown}</td>')
    return mark_safe(found[0]), mark_safe("".join(found[1:]))  # every value above is escaped
