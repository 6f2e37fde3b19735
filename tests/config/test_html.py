"""The markup of every public page, as the HTML standard wants it: with usual content, with none, and with hostile content.

html5lib reports what does not parse; the content models below are those of the standard, for the elements we use.
"""

import re
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib
import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import transaction
from django.test import Client

from tests.config.test_visibility import routes
from tests.public_pages import API, EMPTY, NO_PAGES, PAGES, TYPES, PublicPage, addresses, load_site, make_hostile

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

SITE = "http://testserver"
MOST_LINKS = 3000


def named(text: str) -> set[str]:
    return set(text.split())


VOID = named("area base br col embed hr img input link meta source track wbr")
METADATA = named("link meta script style template title")
SECTIONING = named("article aside nav section")
HEADINGS = named("h1 h2 h3 h4 h5 h6")
INTERACTIVE = named("a button details input label select summary textarea")
PHRASING = named(
    "a abbr b br button cite code data del em i img input ins kbd label link mark meta output picture q ruby s samp "
    "script select small span strong sub sup svg template textarea time u var wbr"
)
FLOW = named("address blockquote details div dl fieldset figure footer form header hr main ol p pre search table ul")
FLOW |= PHRASING | SECTIONING | HEADINGS
OUTLINE = SECTIONING | HEADINGS | named("header footer")
ROWS = named("thead tbody tfoot")
#: What may be in what
CONTENT = {
    **dict.fromkeys(
        named("address article aside blockquote body dd div figcaption li main nav search section td"), FLOW
    ),
    **dict.fromkeys(PHRASING - VOID | HEADINGS | named("p pre"), PHRASING),
    **dict.fromkeys(named("header footer"), FLOW - named("header footer main")),
    **dict.fromkeys(named("th dt"), FLOW - OUTLINE),
    **dict.fromkeys(named("ul ol"), named("li script template")),
    **dict.fromkeys(named("summary legend"), PHRASING | HEADINGS),
    **dict.fromkeys(ROWS, {"tr"}),
    "html": named("head body"),
    "head": METADATA | {"base"},
    "dl": named("dt dd div script template"),
    "table": named("caption colgroup tr") | ROWS,
    "tr": named("th td"),
    "colgroup": {"col"},
    "caption": FLOW - {"table"},
    "select": named("option optgroup hr"),
    "optgroup": {"option"},
    "picture": named("source img"),
    "figure": FLOW | {"figcaption"},
    "fieldset": FLOW | {"legend"},
    "details": FLOW | {"summary"},
    "form": FLOW - {"form"},
}
TRANSPARENT = named("a ins del")
TEXTS_ONLY = named("title option textarea script style")
NO_TEXT = named("dl ul ol table tr select") | ROWS
#: Whose first, and whose only, child it is
FIRST = {"legend": "fieldset", "summary": "details", "caption": "table"}
REFERENCES = ("for", "headers", "list", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns")
TIMES = re.compile(r"\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:?\d{2})?)?)?)?|\d{2}:\d{2}")


class Document:
    def __init__(self, html: str):
        parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        self.root: Element = parser.parse(html, scripting=True)
        self.errors = [f"{code} {details or ''} at {place}" for place, code, details in parser.errors]
        self.parents = {child: parent for parent in self.root.iter() for child in parent}

    def all(self, *names: str) -> Iterator[Element]:
        return (element for element in self.root.iter() if element.tag in names or (not names and is_html(element)))

    def above(self, element: Element) -> Iterator[Element]:
        while (element := self.parents.get(element)) is not None:
            yield element


def is_html(element: Element) -> bool:
    return isinstance(element.tag, str) and not element.tag.startswith("{")


def shown(element: Element) -> str:
    attributes = "".join(f' {name}="{value}"' for name, value in element.attrib.items())
    return f"<{element.tag}{attributes}> {''.join(element.itertext())[:30]!r}"


def words(element: Element) -> str:
    """The name that a link or button gives itself."""
    pictures = [image.get("alt", "") for image in element.iter("img")]
    return " ".join([element.get("aria-label", ""), *element.itertext(), *pictures]).strip()


# -- What can be wrong with a page; each says what


def not_parsed(page: Document) -> list[str]:
    return page.errors


def misplaced(page: Document) -> Iterator[str]:
    for element in page.all():
        for child in element:
            if is_html(child) and child.tag not in allowed_in(page, element):
                yield f"{shown(child)} in <{element.tag}>"
        texts = [element.text, *(child.tail for child in element)]
        if element.tag in NO_TEXT and any(text and text.strip() for text in texts):
            yield f"text straight in {shown(element)}"


def allowed_in(page: Document, element: Element) -> set[str]:
    if element.tag in TEXTS_ONLY | VOID:
        return set()
    if element.tag == "div" and page.parents[element].tag == "dl":
        return {"dt", "dd", "script", "template"}
    if element.tag in TRANSPARENT:
        return allowed_in(page, page.parents[element])
    return CONTENT[element.tag]


def in_the_wrong_order(page: Document) -> Iterator[str]:
    for element in page.all(*FIRST):
        parent = page.parents[element]
        if parent.tag != FIRST[element.tag] or parent[0] is not element:
            yield f"{shown(element)} is not the first in <{FIRST[element.tag]}>"
    for element in page.all("details"):
        if [child.tag for child in element].count("summary") != 1:
            yield f"{shown(element)} has no summary"
    for element in [*page.all("dl"), *(child for dl in page.all("dl") for child in dl if child.tag == "div")]:
        names = [child.tag for child in element if child.tag != "div"]
        if names and (names[0] != "dt" or names[-1] != "dd"):
            yield f"{shown(element)} has a term without a description or the other way round"


def pressed_inside_what_is_pressed(page: Document) -> Iterator[str]:
    for element in page.all(*INTERACTIVE):
        around = [above.tag for above in page.above(element) if above.tag in {"a", "button"}]
        within_label = element.tag == "label" and any(above.tag == "label" for above in page.above(element))
        if (around and element.get("type") != "hidden") or within_label:
            yield shown(element)


def ids(page: Document) -> Iterator[str]:
    found = Counter(element.get("id") for element in page.root.iter() if element.get("id") is not None)
    yield from (f"id {name!r} given {times} times" for name, times in found.items() if times > 1)
    yield from (f"id {name!r}" for name in found if not name or re.search(r"\s", name))
    for element in page.root.iter():
        for name in REFERENCES:
            yield from (f"{name}={target!r}" for target in element.get(name, "").split() if target not in found)
        if (target := element.get("href", "")).startswith("#") and target[1:] not in found:
            yield f"href={target!r}"


def headings(page: Document) -> Iterator[str]:
    levels = [int(heading.tag[1]) for heading in page.all(*HEADINGS)]
    if levels[:1] != [1] or levels.count(1) != 1:
        yield f"one h1, before all others: {levels}"
    if any(after - before > 1 for before, after in zip(levels, levels[1:], strict=False)):
        yield f"a level is skipped: {levels}"


def nameless(page: Document) -> Iterator[str]:
    yield from (shown(element) for element in page.all("a", "button", *HEADINGS, "th", "label") if not words(element))
    labelled = {label.get("for") for label in page.all("label")}
    for control in page.all("input", "select", "textarea"):
        is_within = any(above.tag == "label" for above in page.above(control))
        is_named = control.get("id") in labelled or is_within or control.get("aria-label")
        if control.get("type") != "hidden" and not is_named:
            yield shown(control)
    landmarks = Counter((nav.tag, nav.get("aria-label") or nav.get("aria-labelledby")) for nav in page.all("nav"))
    yield from (f"{times} times {landmark}" for landmark, times in landmarks.items() if times > 1 or not landmark[1])


def pictures(page: Document) -> Iterator[str]:
    for image in page.all("img"):
        sizes = [image.get("width", ""), image.get("height", "")]
        if image.get("alt") is None or not all(size.isdecimal() for size in sizes) or not image.get("src"):
            yield shown(image)


def against_the_policy(page: Document) -> Iterator[str]:
    """Styles and scripts in the page, and whatever is fetched from elsewhere."""
    for element in page.root.iter():
        yield from (shown(element) for name in element.attrib if name == "style" or str(name).startswith("on"))
        if element.tag == "style" or (element.tag == "script" and not element.get("src") and not is_data(element)):
            yield shown(element)
        fetched = [
            element.get("src"),
            element.get("poster"),
            *re.findall(r"(\S+)(?:\s+\S+)?(?:,|$)", element.get("srcset", "")),
        ]
        if element.tag == "link" and set(element.get("rel", "").split()) & {
            "stylesheet",
            "icon",
            "preload",
            "manifest",
        }:
            fetched.append(element.get("href"))
        if any(address and urlsplit(urljoin(SITE, address)).netloc != "testserver" for address in fetched):
            yield shown(element)


def is_data(script: Element) -> bool:
    return script.get("type") == "application/ld+json"


def values(page: Document) -> Iterator[str]:
    if page.root.get("lang") != "zh-CN" or not words(page.root.find("head/title")):
        yield "lang or title"
    for element in page.all("time"):
        if not TIMES.fullmatch(element.get("datetime", "")):
            yield shown(element)
    for element in page.all():
        for name in {"href", "src", "action"} & element.attrib.keys():
            if re.search(r"[\s<>\"`{}|\\^\x00-\x1f]", element.get(name)) or not element.get(name):
                yield shown(element)


CHECKS = [
    not_parsed, misplaced, in_the_wrong_order, pressed_inside_what_is_pressed, ids, headings, nameless, pictures,
    against_the_policy, values,
]  # fmt: skip


# -- The pages, all of them asked for once


@contextmanager
def undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@dataclass
class Answers:
    """What the site said: by its state and the name of the page, and by address whatever its pages link to."""

    pages: dict[tuple[str, str], tuple[int, Document]] = field(default_factory=dict)
    linked: dict[str, tuple[int, set[str]]] = field(default_factory=dict)  # the status, and the ids of a page
    aims: set[tuple[str, str]] = field(default_factory=set)  # address and fragment

    def ask(self, state: str, pages: list[PublicPage], **cookies) -> None:
        client = Client(raise_request_exception=False)
        client.cookies.load(cookies)
        for name, address in addresses(pages).items():
            response = client.get(address)
            self.pages[state, name] = (response.status_code, Document(response.content.decode()))

    def follow(self, pages: list[PublicPage]) -> None:
        """All that is linked to from the pages, and from whatever has an address without a query."""
        client, first = Client(raise_request_exception=False), set(addresses(pages).values())
        waiting = deque(sorted(first))
        while waiting and len(self.linked) < MOST_LINKS:
            address = waiting.popleft()
            if address in self.linked or address.startswith(settings.STATIC_URL):
                continue
            response = client.get(address)
            content = b"".join(response)
            is_page = response.get("Content-Type", "").startswith("text/html") and not address.startswith("/admin/")
            page = Document(content.decode()) if is_page else None
            self.linked[address] = (
                response.status_code,
                {one.get("id") for one in page.root.iter()} if page else set(),
            )
            if page and ("?" not in address or address in first):
                waiting.extend(self._links(page, address))

    def _links(self, page: Document, address: str) -> Iterator[str]:
        for element in page.root.iter():
            for name in {"href", "src", "srcset"} & element.attrib.keys():
                for link in element.get(name).split(", ") if name == "srcset" else [element.get(name)]:
                    aim = urlsplit(urljoin(SITE + address, link.split(" ")[0] if name == "srcset" else link))
                    if aim.netloc == "testserver":
                        path = aim._replace(scheme="", netloc="", fragment="").geturl()
                        self.aims.add((path, aim.fragment))
                        yield path


@pytest.fixture(scope="module")
def answers(django_db_setup, django_db_blocker) -> Answers:
    asked = Answers()
    with django_db_blocker.unblock(), transaction.atomic():
        asked.ask("empty", EMPTY)
        load_site("a-long-enough-password")
        asked.ask("usual", PAGES)
        asked.ask("in 关怀版", TYPES, care="1")
        asked.follow([page for page in PAGES if page.status == 200])
        make_hostile()
        asked.ask("hostile", PAGES)
        transaction.set_rollback(True)
    return asked


STATES = {"empty": EMPTY, "usual": PAGES, "in 关怀版": TYPES, "hostile": PAGES}


def test_every_address_is_in_the_table_of_pages_or_answers_with_none():
    own = {route for route in routes() if not route.startswith(API)}
    assert own == {page.route for page in PAGES} | NO_PAGES


@pytest.mark.parametrize("route", sorted(route for route in NO_PAGES if not re.search(r"[<(]|preview", route)))
def test_what_is_not_in_the_table_is_no_page(client, route):
    response = client.get(f"/{route}")
    assert not response.get("Content-Type", "").startswith("text/html") or response.status_code == 405


@pytest.mark.parametrize("state", STATES)
def test_each_page_answers_as_it_should(answers, state):
    wanted = {page.name: page.status for page in STATES[state]}
    assert {name: answers.pages[state, name][0] for name in wanted} == wanted


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("state", STATES)
def test_the_markup_is_as_the_standard_wants_it(answers, state, check):
    wrong = {page.name: list(check(answers.pages[state, page.name][1])) for page in STATES[state]}
    assert not {name: found for name, found in wrong.items() if found}


def test_every_link_on_the_site_leads_somewhere(answers):
    lost = {address: status for address, (status, _ids) in answers.linked.items() if status >= 400}
    assert not lost
    assert 300 < len(answers.linked) < MOST_LINKS


def test_every_file_the_pages_are_dressed_with_exists(answers):
    names = {
        address.removeprefix(settings.STATIC_URL)
        for address, _ in answers.aims
        if address.startswith(settings.STATIC_URL)
    }
    assert len(names) > 2
    assert not [name for name in names if not finders.find(name)]


def test_every_link_into_a_page_finds_its_place(answers):
    aimed = [(address, fragment) for address, fragment in answers.aims if fragment and address in answers.linked]
    assert aimed
    assert not [(address, fragment) for address, fragment in aimed if fragment not in answers.linked[address][1]]
