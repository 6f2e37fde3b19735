"""``{% page_head %}``: title, description, cards and structured data of a page from the ``meta`` of its context."""

from django import template

from publishing.meta import Head

register = template.Library()


@register.inclusion_tag("components/meta.html", takes_context=True)
def page_head(context) -> dict:
    return {"head": Head(context["meta"], context["request"])}
