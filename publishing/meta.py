"""What a page says of itself to those who do not look at it: search engines, chats that show a card, auditors.

A view gives its page one ``PageMeta``, made by the ``meta`` module beside the models it shows; ``{% page_head %}`` and
the breadcrumbs in ``templates/base.html`` are all that read it. It holds no address of the site and asks no database,
so that it can be made, compared and tested without a request.
"""

import json
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.http.request import split_domain_port
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from publishing.images import rendition_widths

MOST_CHARACTERS = 120  # of a description: search engines cut a longer one
SHARE_WIDTH, SHARE_HEIGHT = 1200, 630  # of config/static/img/share.png
NOT_INDEXED = "noindex"
NOT_INDEXED_BUT_FOLLOWED = "noindex, follow"

# What XML and many readers refuse: the control characters but tab and line ends, lone surrogates, two non-characters.
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_ESCAPED_IN_JSON = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}
_SENTENCE_END = re.compile(r"[。！？](?=[^。！？]*$)")


@dataclass(frozen=True)
class Address:
    """An address of this site in structured data, made absolute when the page is written."""

    path: str


@dataclass(frozen=True)
class Column:
    """What a list is, in the words of the government-website guideline (ColumnName and the rest)."""

    name: str
    description: str
    keywords: tuple[str, ...]
    type: str


@dataclass(frozen=True)
class Image:
    """A picture everybody may see, and the real size of the file at ``path``."""

    path: str
    width: int
    height: int
    alt: str = ""


@dataclass(frozen=True)
class PageMeta:
    title: str
    description: str = ""
    #: canonical: without the site, with the page number and those parameters that make it another list
    path: str = ""
    #: (name, path) from after 首页; the last is the page itself
    crumbs: tuple[tuple[str, str], ...] = ()
    kind: str = "website"
    image: Image | None = None
    keywords: tuple[str, ...] = ()
    author: str = ""
    source: str = ""
    published: datetime | None = None
    modified: datetime | None = None
    column: Column | None = None
    json_ld: tuple[dict, ...] = ()
    robots: str = ""
    #: (title, path) of the Atom feeds with what the page shows
    feeds: tuple[tuple[str, str], ...] = ()


def readable(text: str) -> str:
    """Without the characters that no XML document may hold and no reader can see."""
    return _UNREADABLE.sub("", str(text))


def description_of(*texts: str) -> str:
    """The first of these plain texts that says anything, as one line of at most 120 characters.

    Ends with a whole sentence where one ends in its second half, else with an ellipsis.
    """
    for text in texts:
        line = " ".join(readable(text).split())
        if len(line) > MOST_CHARACTERS:
            line = line[: MOST_CHARACTERS - 1]
            last = _SENTENCE_END.search(line)
            line = line[: last.end()] if last and last.end() > MOST_CHARACTERS // 2 else f"{line}…"
        if line:
            return line
    return ""


def image_of(picture) -> Image | None:
    """The largest public copy of a photo (``publishing.models.Picture``)."""
    if picture is None:
        return None
    name, width = list(rendition_widths(picture.width).items())[-1]
    height = max(1, round(picture.height * width / picture.width))
    return Image(picture.url_at(name), width, height, picture.alternative)


def list_path(path: str, chosen: dict[str, str | Collection[str] | None], page: int = 1) -> str:
    """The one address of a list: its conditions in alphabetical order, empty ones and page 1 left out."""
    pairs = []
    for name, value in [*chosen.items(), ("page", str(page) if page > 1 else "")]:
        values = [value] if isinstance(value, str) else sorted(set(value or ()))
        pairs += [(name, one) for one in values if one]
    return f"{path}?{urlencode(sorted(pairs))}" if pairs else path


def numbered(title: str, page: int) -> str:
    """活动（第2页）: each page of a list is a page of its own."""
    return _("%(title)s（第%(page)d页）") % {"title": title, "page": page} if page > 1 else title


def organisation(name: str, path: str = "", **more) -> dict:
    return {"@type": "Organization", "name": name} | ({"url": Address(path)} if path else {}) | more


def in_beijing(moment: datetime) -> datetime:
    return timezone.localtime(moment)


def iso(moment: datetime) -> str:
    """With the offset of Beijing, as the page shows it."""
    return in_beijing(moment).isoformat(timespec="seconds")


class Head:
    """A page's meta as elements of its ``<head>``, for one request."""

    def __init__(self, meta: PageMeta, request):
        self.meta = meta
        self.root = f"{request.scheme}://{request.get_host()}"
        self.domain = split_domain_port(request.get_host())[0]

    def absolute(self, path: str) -> str:
        return path if path.startswith(("http://", "https://")) else f"{self.root}{path}"

    @property
    def title(self) -> str:
        return f"{readable(self.meta.title)} - {settings.SITE_NAME}"

    @cached_property
    def canonical(self) -> str:
        return self.absolute(self.meta.path) if self.meta.path else ""

    @cached_property
    def image(self) -> Image:
        alt = _("%s：公立医院党支部活动与品牌") % settings.SITE_NAME
        return self.meta.image or Image(static("img/share.png"), SHARE_WIDTH, SHARE_HEIGHT, alt)

    @property
    def elements(self) -> SafeString:
        """``meta`` and ``link`` elements, one a line. Written here and not in a template: there are some thirty."""
        lines = [f'<meta name="{name}" content="{escape(readable(text))}">' for name, text in self._named() if text]
        lines += [f'<meta property="{name}" content="{escape(readable(text))}">' for name, text in self._open_graph()]
        if self.canonical:
            lines.append(f'<link rel="canonical" href="{escape(self.canonical)}">')
        lines += [
            f'<link rel="alternate" type="application/atom+xml" title="{escape(title)}" href="{escape(path)}">'
            for title, path in self.meta.feeds
        ]
        return mark_safe("\n".join(lines))  # every value above is escaped

    @property
    def structured(self) -> SafeString:
        """JSON-LD as a data block: no browser runs it, so the Content-Security-Policy lets it be."""
        graph = [*self.meta.json_ld, *([self._breadcrumbs()] if self.meta.crumbs else [])]
        if not graph or self.meta.robots == NOT_INDEXED:
            return SafeString()
        document = {"@context": "https://schema.org", "@graph": self._plain(graph)}
        text = json.dumps(document, ensure_ascii=False).translate(_ESCAPED_IN_JSON)
        return mark_safe(f'<script type="application/ld+json">{text}</script>')

    def _plain(self, value):
        """Of dicts, lists and text alone; in JSON's own escapes a control character could no longer be found."""
        match value:
            case dict():
                return {name: self._plain(part) for name, part in value.items()}
            case list() | tuple():
                return [self._plain(part) for part in value]
            case Address():
                return self.absolute(value.path)
            case int():
                return value
            case _:
                return readable(value)

    def _named(self) -> Iterable[tuple[str, str]]:
        meta = self.meta
        if meta.kind != "article":  # an article has its Description, and a document may have only one: case is ignored
            yield "description", meta.description
        yield "robots", meta.robots
        yield "SiteName", settings.SITE_NAME
        yield "SiteDomain", self.domain
        yield "SiteIDCode", settings.SITE_ID_CODE
        if meta.column:
            yield "ColumnName", meta.column.name
            yield "ColumnDescription", meta.column.description
            yield "ColumnKeywords", ",".join(meta.column.keywords)
            yield "ColumnType", meta.column.type
        if meta.kind == "article":
            yield "ArticleTitle", meta.title
            yield "PubDate", f"{in_beijing(meta.published):%Y-%m-%d %H:%M}" if meta.published else ""
            yield "ContentSource", meta.source
            yield "Keywords", ",".join(dict.fromkeys(meta.keywords))
            yield "Author", meta.author
            yield "Description", meta.description
            yield "Image", self.absolute(meta.image.path) if meta.image else ""
            yield "Url", self.canonical

    def _open_graph(self) -> Iterable[tuple[str, str]]:
        meta = self.meta
        yield "og:type", meta.kind
        yield "og:title", meta.title
        if meta.description:
            yield "og:description", meta.description
        if self.canonical:
            yield "og:url", self.canonical
        yield "og:site_name", settings.SITE_NAME
        yield "og:locale", "zh_CN"
        yield "og:image", self.absolute(self.image.path)
        yield "og:image:width", str(self.image.width)
        yield "og:image:height", str(self.image.height)
        if self.image.alt:
            yield "og:image:alt", self.image.alt
        if meta.kind == "article" and meta.published:
            yield "article:published_time", iso(meta.published)
            yield "article:modified_time", iso(meta.modified or meta.published)

    def _breadcrumbs(self) -> dict:
        trail = [(str(_("首页")), reverse("home")), *self.meta.crumbs]
        items = [
            {"@type": "ListItem", "position": place, "name": name, "item": Address(path)}
            for place, (name, path) in enumerate(trail, start=1)
        ]
        return {"@type": "BreadcrumbList", "itemListElement": items}
