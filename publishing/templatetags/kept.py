"""``{% kept "name" part … %} … {% endkept %}``: a part of a page that is made once for each state of the content.

In place of Django's ``{% cache %}``, which would keep a preview for everybody. The name and the parts say which it is;
nothing inside may depend on who asks or on 关怀版. Inside a component that is included ``only`` it works as well.

With ``unless condition`` at the end it is not kept where the condition holds: of what a visitor may type there is no
end, and large parts are kept only of what can be chosen.
"""

from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context

register = template.Library()


class Kept(template.Node):
    def __init__(self, nodelist: NodeList, name: str, parts: list[FilterExpression], unless: FilterExpression | None):
        self.nodelist, self.name, self.parts, self.unless = nodelist, name, parts, unless

    def render(self, context: Context) -> Any:
        stamp = getattr(getattr(context, "request", None), "stamp", None)
        if stamp is None or (self.unless and self.unless.resolve(context)):  # an error page has no stamp
            return self.nodelist.render(context)
        key = [part.resolve(context, ignore_failures=True) for part in self.parts]
        if None in key:  # two different parts of pages would be one
            raise template.TemplateSyntaxError(f"{{% kept {self.name} %}}: {self.parts[key.index(None)]} is not there")
        return stamp.kept(("part", self.name, *key), lambda: self.nodelist.render(context))


@register.tag("kept")
def do_kept(parser: Parser, token: Token) -> Kept:
    _tag, name, *parts = token.split_contents()
    unless = parser.compile_filter(parts[-1]) if parts[-2:-1] == ["unless"] else None
    parts = parts[:-2] if unless else parts
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return Kept(nodelist, name.strip('"'), [parser.compile_filter(part) for part in parts], unless)
