"""How Chinese text is set: clauses that stay together, figures with their units, seals."""

import re

from django import template
from django.utils.html import format_html_join

register = template.Library()

# A clause ends after these; what follows may start a new line as a whole.
_CLAUSE = re.compile(r"(?<=[，。、：；！？])(?![”’）》])|(?<=——)")


@register.filter
def clauses(title: str):
    """A title whose clauses move to the next line whole if they fit there."""
    parts = [part for part in _CLAUSE.split(str(title)) if part]
    if len(parts) < 2:
        return title
    return format_html_join("", '<span class="clause">{}</span>', ((part,) for part in parts))


@register.filter
def paragraphs(text: str):
    """Plain text typed with blank lines between paragraphs, as paragraphs."""
    blocks = (block.strip() for block in re.split(r"\n\s*\n", str(text)))
    return format_html_join("\n", "<p>{}</p>", ((block,) for block in blocks if block))


@register.filter
def columns(seal: str) -> list[str]:
    """The columns of a seal, the right one first: 第五 / 支部."""
    return [seal[:2], seal[2:]] if len(seal) > 2 else [seal]


@register.filter
def lookup(mapping: dict, key):
    return mapping.get(key)
