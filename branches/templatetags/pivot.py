"""Cells of the office's statistics in templates: ``{{ pivot|cells:row }}``."""

from django import template

from branches.pivots import Pivot, PivotRow

register = template.Library()


@register.filter
def cells(pivot: Pivot, row: PivotRow) -> list:
    return pivot.cells(row)
