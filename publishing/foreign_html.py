"""HTML as some program wrote it, read into elements: those that can mean something in a rich text, all others dissolved."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import nh3

BOLD, ITALIC = {"strong", "b"}, {"em", "i"}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
#: a line break within them is one of their text
LINES = {"p", "pre", "li", "dt", "dd", "caption", "figcaption", "td", "th"}
#: they are there for the looks, and end whatever paragraph stands before or within them
FRAMES = {
    *("div", "section", "article", "header", "footer", "main", "aside", "nav", "center", "address", "figure", "dl"),
    *("details", "summary", "fieldset", "form"),
}
LINK_SCHEMES = {"http", "https", "mailto", "tel"}

_MOST_DEPTH = 64  # of elements: WeChat's editors nest some thirty; what lies deeper is read as if it lay here

_known = nh3.Cleaner(
    tags=BOLD
    | ITALIC
    | HEADINGS
    | LINES
    | FRAMES
    | {"table", "thead", "tbody", "tfoot", "tr"}
    | {"a", "br", "hr", "ul", "ol", "blockquote", "span", "font", "sup", "sub"},
    clean_content_tags={"script", "style", "title", "xml", "template"},
    attributes={
        "*": {"style"},
        "a": {"href", "title"},
        "ol": {"start"},
        "tr": {"height"},
        "td": {"colspan", "rowspan"},
        "th": {"colspan", "rowspan"},
    },
    url_schemes=LINK_SCHEMES,
    link_rel=None,
).clean


def read(html: str) -> "Element":
    """The nameless element that holds the whole text."""
    tree = _Tree()
    tree.feed(_known(html))
    tree.close()
    return tree.root


@dataclass(slots=True)
class Element:
    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Element | str"] = field(default_factory=list)

    @property
    def style(self) -> str:
        return self.attributes.get("style", "")

    @property
    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    def number(self, name: str) -> int:
        value = self.attributes.get(name, "")
        return max(1, int(value)) if re.fullmatch("[0-9]{1,3}", value) else 1


class _Tree(HTMLParser):
    """Of HTML in which every element is closed."""

    def __init__(self):
        super().__init__()
        self.root = Element("")
        self._open, self._too_deep = [self.root], 0

    def handle_starttag(self, tag, attrs):
        element = Element(tag, {name: value or "" for name, value in attrs})
        is_void = tag in ("br", "hr")
        if is_void or len(self._open) < _MOST_DEPTH:
            self._open[-1].children.append(element)
        if not is_void:
            if len(self._open) < _MOST_DEPTH:
                self._open.append(element)
            else:
                self._too_deep += 1

    def handle_endtag(self, tag):
        if self._too_deep:
            self._too_deep -= 1
        elif len(self._open) > 1:
            self._open.pop()

    def handle_data(self, data):
        self._open[-1].children.append(data)
