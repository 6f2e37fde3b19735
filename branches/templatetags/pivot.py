"""Cells of the office's statistics in templates: ``{{ pivot|cells:row }}``."""

from django import template
from django.utils.html import format_html

from branches.pivots import Pivot, PivotRow

register = template.Library()


@register.filter
def cells(pivot: Pivot, row: PivotRow) -> list[str]:
    """What stands in each column, ready: one by one, a template takes too long for some thousands of them.

    A number opens the ledger behind it, and is read aloud with what it is of.
    """
    return [
        format_html(
            '<a href="{}" aria-label="{}，{}{}{}，查看台账">{}</a>',
            row.link, row.name, column.name, number, column.unit, number,
        ) if number and row.link else number
        for column, _total, number in pivot.cells(row)
    ]  # fmt: skip
