"""What a page of an import shows of the cells of a file."""

from django import template

from branches.intake.columns import text_of

register = template.Library()


@register.filter
def cell(cells: dict, header: str) -> str:
    return text_of(cells.get(header, ""))
