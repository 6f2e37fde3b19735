"""Figures in templates: ``{{ figure|quantity:figure.unit_text }}`` gives 60<span class="approx">余</span><small>场</small>."""

from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from publishing.numerals import number_text
from publishing.quantities import Precision, Quantity

register = template.Library()

_MARKUP = {
    "number": "{}",
    "marker": '<span class="approx">{}</span>',
    "unit": "<small>{}</small>",
    "note": '<span class="approx">{}</span>',
}


@register.filter
def grouped(number: int) -> str:
    """10,000."""
    return number_text(Decimal(number))


@register.filter
def quantity(figure: Any, unit: str = "") -> SafeString:
    """A Quantity, a Total or a row with value, precision and as_stated. A figure that was not given shows nothing."""
    if figure is None or figure == "":
        return SafeString()
    if not hasattr(figure, "parts"):
        figure = Quantity(figure.value, Precision(figure.precision), figure.as_stated)
    pieces = ((format_html(_MARKUP[part.kind], part.text),) for part in figure.parts(unit or ""))
    return format_html_join("", "{}", pieces)
