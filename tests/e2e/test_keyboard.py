"""Every kind of page by the keyboard alone: all of it is reached, in order, and one always sees where one is."""

import re

import pytest

from tests.e2e.conftest import WIDTHS
from tests.e2e.test_accessibility import reader, set_width, walk
from tests.public_pages import TYPES, addresses

pytestmark = pytest.mark.any_database

MOST_PRESSES = 400
# Each by its place in the document; what is in closed details is not there yet.
REACHABLE = """() => {
    const all = [...document.querySelectorAll('*')];
    return [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
        .filter(one => one.checkVisibility({visibilityProperty: true}) && !one.disabled && one.type !== 'hidden')
        .map(one => [all.indexOf(one), one.outerHTML.slice(0, 100)]);
}"""
FOCUSED = """() => {
    const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
    if (one === document.body) return null;
    const isMarked = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    const isInWindow = box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
    return [[...document.querySelectorAll('*')].indexOf(one), isMarked && isInWindow && box.width > 0];
}"""


def tab_through(page) -> tuple[list[int], list[int]]:
    """The places where the Tab key leads until it leaves the page, and those of them where nobody sees that one is there."""
    places, unseen = [], []
    for _press in range(MOST_PRESSES):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None or (places and focused[0] == places[0] != places[-1]):
            return places, unseen
        if places and focused[0] == places[-1]:  # the next part of a date: its ring is the browser's own
            continue
        places.append(focused[0])
        if not focused[1]:
            unseen.append(focused[0])
    raise AssertionError(f"no end after {MOST_PRESSES} presses, at {places[-3:]}")


def tab_to(page, target) -> None:
    """Press Tab until the target has the focus."""
    wanted = target.element_handle()
    for _press in range(MOST_PRESSES):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => wanted === document.activeElement", wanted):
            return
    raise AssertionError(f"not reached in {MOST_PRESSES} presses: {target}")


@pytest.mark.parametrize("care", [False, True])
def test_the_tab_key_reaches_everything_in_order_and_shows_where_it_is(browser, site, care):
    wrong = {}
    with reader(browser, site, care=care) as page:
        set_width(page, WIDTHS["phone" if care else "desk"])
        for name in walk(page, site, TYPES):
            wanted = dict(page.evaluate(REACHABLE))
            places, unseen = tab_through(page)
            if places != list(wanted):
                wrong[name, "reached"] = [
                    wanted.get(place, place) for place in sorted(set(places) ^ set(wanted))
                ] or "order"
            if unseen:
                wrong[name, "unseen"] = [wanted.get(place, place) for place in unseen]
    assert not wrong


def test_the_first_link_of_every_page_skips_to_its_content(browser, site):
    wrong = []
    with reader(browser, site) as page:
        for name in walk(page, site, TYPES):
            page.keyboard.press("Tab")
            page.keyboard.press("Enter")
            landed = page.evaluate("document.activeElement.id")
            page.keyboard.press("Tab")
            is_after = page.evaluate(
                "document.querySelector('main').compareDocumentPosition(document.activeElement) & Node.DOCUMENT_POSITION_PRECEDING"
            )
            if landed != "main" or is_after:
                wrong.append(name)
    assert not wrong


def test_a_list_is_filtered_by_the_keyboard(page, site):
    set_width(page, WIDTHS["phone"])
    page.goto(site + addresses()["activities"])
    tab_to(page, page.locator("details.filters summary"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("checkbox", name=re.compile("^义诊")))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_label("关键词"))
    page.keyboard.type("丰原")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("kind=free_clinic"))
    tab_to(page, page.get_by_role("link", name=re.compile("去掉：.*义诊")))
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "kind=" not in url)
    assert "q=" in page.url


def test_one_turns_the_pages_of_a_list_by_the_keyboard(page, site):
    page.goto(site + addresses()["activities"])
    for name, number in (("下一页", 2), ("末页", 4), ("上一页", 3), ("首页", 1)):
        tab_to(page, page.get_by_role("navigation", name="分页").get_by_role("link", name=name))
        page.keyboard.press("Enter")
        page.get_by_text(f"第{number}页，共4页").wait_for()


def test_one_searches_and_narrows_by_the_keyboard(page, site):
    page.goto(site)
    tab_to(page, page.get_by_role("searchbox"))
    page.keyboard.type("义诊")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/**")
    tab_to(page, page.get_by_role("navigation", name="缩小范围").get_by_role("link", name=re.compile("^活动")))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("kind="))


def test_large_text_is_switched_on_by_the_keyboard(page, site):
    page.goto(site)
    tab_to(page, page.get_by_role("button", name="关怀版"))
    page.keyboard.press("Space")
    page.get_by_role("button", name="退出关怀版").wait_for()


def test_the_table_behind_a_chart_is_opened_by_the_keyboard(page, site):
    page.goto(site + addresses()["statistics-of-a-hospital"])
    summary = page.locator(".chart summary").first
    tab_to(page, summary)
    page.keyboard.press("Enter")
    tab_to(page, page.locator(".chart details[open] td a").first)
