"""``{% kept "name" part … %} … {% endkept %}``: a part of a page that is made once for each state of the content.

In place of Django's ``{% cache %}``, which would keep a preview for everybody. The name and the parts say which it is;
nothing inside may depend on who asks or on 关怀版. Inside a component that is included ``only`` it works as well.

Of what a visitor may type there is no end. With ``unless condition`` at the end a part is not kept where the condition
holds; with ``on "shelf"`` it is kept in a cache of its own that holds less (``Stamp.kept``).
"""

from typing import Any, NamedTuple

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context

register = template.Library()


class Where(NamedTuple):
    """What the end of the tag says."""

    unless: FilterExpression | None = None
    shelf: str = "default"


class Kept(template.Node):
    def __init__(self, nodelist: NodeList, name: str, parts: list[FilterExpression], where: Where):
        self.nodelist, self.name, self.parts, self.where = nodelist, name, parts, where

    def render(self, context: Context) -> Any:
        stamp = getattr(getattr(context, "request", None), "stamp", None)
        unless, shelf = self.where
        if stamp is None or (unless and unless.resolve(context)):  # an error page has no stamp
            return self.nodelist.render(context)
        key = [part.resolve(context, ignore_failures=True) for part in self.parts]
        if None in key:  # two different parts of pages would be one
            raise template.TemplateSyntaxError(f"{{% kept {self.name} %}}: {self.parts[key.index(None)]} is not there")
        return stamp.kept(("part", self.name, *key), lambda: self.nodelist.render(context), shelf)


@register.tag("kept")
def do_kept(parser: Parser, token: Token) -> Kept:
    _tag, name, *parts = token.split_contents()
    where = Where()
    if parts[-2:-1] == ["unless"]:
        where = Where(unless=parser.compile_filter(parts[-1]))
    elif parts[-2:-1] == ["on"]:
        where = Where(shelf=parts[-1].strip("\"'"))
    parts = parts[:-2] if where != Where() else parts
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return Kept(nodelist, name.strip('"'), [parser.compile_filter(part) for part in parts], where)
