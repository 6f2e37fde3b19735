"""WCAG 2.2 A and AA on every public page: as it is, in 关怀版, in the dark, on a desk and on a phone.

What a page looks like does not depend on the database: these walks are made on one.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from tests.e2e.conftest import WIDTHS, keep_picture, listen
from tests.public_pages import EMPTY, PAGES, TYPES, addresses, make_hostile

pytestmark = pytest.mark.any_database

EVERYTHING = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
#: What axe looks for by itself: also what is only advised, but not how large a target is, which it takes for smaller where a
#: bar that stays at the foot of the window happens to lie over it.
ANY_RULE = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
#: Colours are the same at every width, and take most of the time.
ALL_BUT_COLOURS = EVERYTHING | {"but": {rule: {"enabled": False} for rule in COLOURS["values"]}}
#: In each mode: what the reader has chosen, which pages, and what is looked for at which width
MODES = {
    "as it is": ({}, PAGES, {"desk": EVERYTHING, "phone": ALL_BUT_COLOURS}),
    "in 关怀版": ({"care": True}, PAGES, {"phone": EVERYTHING}),
    "in the dark": ({"color_scheme": "dark"}, PAGES, {"desk": COLOURS}),
    "in 关怀版 in the dark": ({"care": True, "color_scheme": "dark"}, TYPES, {"phone": COLOURS}),
}
AXE = """async ({but, ...runOnly}) => {
    const found = await axe.run(document, {runOnly, rules: but || {}, resultTypes: ['violations']});
    return found.violations.flatMap(fault => fault.nodes.map(node => `${fault.id}: ${node.html.slice(0, 160)}`));
}"""

WIDER = "document.documentElement.scrollWidth > innerWidth"
# A link in a sentence is as high as the sentence. A box to tick is as large as its label.
SMALL_TARGETS = """least => {
    const isInSentence = one => getComputedStyle(one).display === 'inline' &&
        [...one.parentElement.childNodes].some(near => near.nodeType === Node.TEXT_NODE && near.textContent.trim());
    const size = one => (one.matches('input') && one.closest('label') || one).getBoundingClientRect();
    return [...document.querySelectorAll('a[href], button, input, select, summary')]
        .filter(one => one.checkVisibility() && size(one).width && !one.matches('.skip') && !isInSentence(one))
        .filter(one => Math.min(size(one).width, size(one).height) < least - 0.5)
        .map(one => `${Math.round(size(one).width)}×${Math.round(size(one).height)}: ${one.outerHTML.slice(0, 160)}`);
}"""


@contextmanager
def reader(browser, site: str, *, care: bool = False, **wishes):
    """A page of a reader who wants no movement."""
    context = browser.new_context(reduced_motion="reduce", **wishes)
    if care:
        context.add_cookies([{"name": "care", "value": "1", "url": site}])
    yield context.new_page()
    context.close()


def walk(page, site: str, pages=PAGES) -> Iterator[str]:
    """Each of the pages in turn, by name."""
    for name, address in addresses(pages).items():
        page.goto(site + address)
        yield name


def set_width(page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})


def faults(page, wanted: dict) -> list[str]:
    """What axe finds. Its script is evaluated, not added to the page: the policy would refuse it."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return page.evaluate(AXE, wanted)


@pytest.mark.parametrize("mode", MODES)
def test_no_page_shuts_anybody_out(browser, site, mode):
    wishes, pages, looked_for = MODES[mode]
    wrong = {}
    with reader(browser, site, **wishes) as page:
        for name in walk(page, site, pages):
            for width, wanted in looked_for.items():
                set_width(page, WIDTHS[width])
                wrong[name, width] = faults(page, wanted)
    assert not {where: found for where, found in wrong.items() if found}


def test_no_page_of_a_site_without_content_shuts_anybody_out(browser, live_server):
    wrong = {}
    with reader(browser, live_server.url) as page:
        for name in walk(page, live_server.url, EMPTY):
            set_width(page, WIDTHS["phone"])
            wrong[name] = faults(page, EVERYTHING) + ["wider than the window"] * page.evaluate(WIDER)
    assert not {where: found for where, found in wrong.items() if found}


@pytest.mark.parametrize(
    ("care", "widths"), [(False, (1440, 820, 390, 320)), (True, (1440, 390, 320))], ids=["usual", "care"]
)
def test_no_page_is_wider_than_its_window(browser, site, care, widths):
    wide = []
    with reader(browser, site, care=care) as page:
        for name in walk(page, site):
            for width in widths:
                set_width(page, width)
                if page.evaluate(WIDER):
                    wide.append((name, width))
            keep_picture(page, f"{name}-care" if care else name)
    assert not wide


@pytest.mark.parametrize("care", [False, True])
def test_no_text_that_can_be_typed_makes_a_page_wider_than_its_window(browser, site, care):
    make_hostile()
    wide = []
    with reader(browser, site, care=care) as page:
        for name in walk(page, site, TYPES):
            for width in (1440, 320):
                set_width(page, width)
                if page.evaluate(WIDER):
                    wide.append((name, width))
    assert not wide


@pytest.mark.parametrize(("care", "pages", "least"), [(False, TYPES, 24), (True, PAGES, 44)], ids=["usual", "care"])
def test_whatever_is_pressed_is_large_enough_for_a_finger(browser, site, care, pages, least):
    small = {}
    with reader(browser, site, care=care) as page:
        set_width(page, WIDTHS["phone"])
        for name in walk(page, site, pages):
            small[name] = page.evaluate(SMALL_TARGETS, least)
    assert not {name: found for name, found in small.items() if found}


def test_nothing_moves_for_who_wants_no_movement(browser, site):
    moving = {}
    with reader(browser, site) as page:
        for name in walk(page, site, TYPES):
            moving[name] = page.evaluate(
                """() => [...document.querySelectorAll('*')].map(one => [one, getComputedStyle(one)])
                    .filter(([, style]) => [style.transitionDuration, style.animationDuration].some(time => parseFloat(time) > 0))
                    .map(([one]) => one.outerHTML.slice(0, 80))"""
            )
    assert not {name: found for name, found in moving.items() if found}


def test_the_browser_complains_of_nothing(browser, site):
    """No error in a script, nothing missing, nothing that the Content-Security-Policy refused."""
    with reader(browser, site) as page:
        complaints, found = listen(page), {}
        for name in walk(page, site):
            found[name], complaints[:] = list(complaints), []
    assert not {name: heard for name, heard in found.items() if heard}


def test_in_forced_colours_what_is_pressed_keeps_an_edge(browser, site):
    wrong = {}
    with reader(browser, site, forced_colors="active") as page:
        for name in walk(page, site, TYPES):
            wrong[name] = page.evaluate(
                """() => [...document.querySelectorAll('button, .button, .tool, select')]
                    .filter(one => one.checkVisibility() && getComputedStyle(one).borderStyle === 'none')
                    .map(one => one.outerHTML.slice(0, 120))"""
            )
    assert not {name: found for name, found in wrong.items() if found}
