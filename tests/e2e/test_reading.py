"""Reading as a visitor does it: larger type, paper, grey days, from one record to the next; with scripts and without."""

import re

import pytest

from articles.models import Article
from branches.models import Activity
from tests.e2e.conftest import WIDTHS, follow
from tests.factories import make_grey_period

pytestmark = pytest.mark.any_database

TEXT_SIZE = "getComputedStyle(document.querySelector('.prose')).fontSize"


def article_path() -> str:
    return Article.objects.public().newest_first().first().get_absolute_url()


def summary_path() -> str:
    return Activity.objects.public().filter(nature="summary").newest_first().first().get_absolute_url()


@pytest.fixture
def no_scripts(browser, site):
    context = browser.new_context(java_script_enabled=False, viewport={"width": WIDTHS["phone"], "height": 800})
    yield context.new_page()
    context.close()


def visible(page, selector: str) -> bool:
    return page.locator(selector).first.is_visible()


@pytest.mark.parametrize("path", [article_path, summary_path])
def test_larger_type_needs_no_script(browser, site, no_scripts, path):
    no_scripts.goto(site + path())
    usual = no_scripts.locator(".prose").first.bounding_box()["height"]
    no_scripts.get_by_role("link", name="特大").click()
    assert no_scripts.locator(".prose").first.bounding_box()["height"] > usual * 1.2
    assert no_scripts.get_by_role("link", name="特大").get_attribute("aria-current") == "true"
    assert "size" not in no_scripts.locator("link[rel=canonical]").get_attribute("href")


def test_a_size_we_do_not_know_is_the_usual_one(page, site):
    page.goto(f"{site}{article_path()}?size=huge")
    assert page.get_by_role("link", name="标准").get_attribute("aria-current") == "true"


def test_what_only_scripts_can_do_is_not_offered_without_them(no_scripts, site):
    no_scripts.goto(site + article_path())
    assert not visible(no_scripts, "[data-print]")
    assert not visible(no_scripts, "[data-copy]")


def test_larger_type_loads_no_new_page_and_is_remembered(page, site):
    page.goto(site + article_path())
    usual = page.evaluate(TEXT_SIZE)
    page.evaluate("window.stayed = true")
    page.get_by_role("link", name="特大").click()
    assert page.evaluate("window.stayed")
    assert float(page.evaluate(TEXT_SIZE)[:-2]) > float(usual[:-2])
    page.goto(site + summary_path())
    assert page.get_by_role("link", name="特大").get_attribute("aria-current") == "true"
    page.get_by_role("link", name="标准").click()
    page.goto(site + article_path())
    assert page.evaluate(TEXT_SIZE) == usual


def test_the_size_in_the_address_counts_more_than_the_remembered_one(page, site):
    page.goto(site + article_path())
    page.get_by_role("link", name="特大").click()
    page.goto(f"{site}{article_path()}?size=l")
    assert page.get_by_role("link", name="大", exact=True).get_attribute("aria-current") == "true"


def test_the_copied_link_is_the_page_without_the_size_and_its_copying_is_announced(page, site):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site)
    page.goto(f"{site}{article_path()}?size=l")
    page.get_by_role("button", name="复制链接").click()
    page.get_by_text("链接已复制").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == site + article_path()


def test_in_large_text_no_other_size_is_offered(page, site):
    page.context.add_cookies([{"name": "care", "value": "1", "url": site}])
    page.goto(site + article_path())
    assert page.get_by_role("group", name="字号").count() == 0
    assert visible(page, "[data-print]")


def test_large_text_stays_at_the_address_and_says_the_same(no_scripts, site):
    no_scripts.goto(site + summary_path())
    before = no_scripts.get_by_role("main").inner_text()
    follow(no_scripts.get_by_role("button", name="关怀版"))
    assert no_scripts.url == site + summary_path()
    after = no_scripts.get_by_role("main").inner_text()
    assert re.sub(r"\s|字号|标准|特大|大", "", after) == re.sub(r"\s|字号|标准|特大|大", "", before)


def test_from_an_activity_one_reaches_the_next_and_comes_back(no_scripts, site):
    no_scripts.goto(site + summary_path())
    follow(no_scripts.get_by_role("link", name="下一条"))
    assert no_scripts.url != site + summary_path()
    follow(no_scripts.get_by_role("link", name="上一条"))
    assert no_scripts.url == site + summary_path()


def test_the_first_tab_offers_to_skip_the_navigation(page, site):
    page.goto(site)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到主要内容"
    assert page.locator(".skip").bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_on_a_grey_day_nothing_has_a_colour_and_the_skip_link_is_where_it_was(page, site):
    page.goto(site)
    page.keyboard.press("Tab")
    place = page.locator(".skip").bounding_box()
    make_grey_period(first_day="2000-01-01", last_day="2999-01-01")
    page.goto(f"{site}/brands/")  # the browser may show a page it has for half a minute
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.documentElement).filter") == "grayscale(1)"
    assert page.locator(".skip").bounding_box() == place


def test_a_page_of_a_list_can_be_typed_without_losing_the_filters(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/activities/?q=医院")
    page.get_by_label("跳到第").fill("3")
    page.get_by_role("button", name="跳转").click()
    assert page.get_by_text(re.compile("第3页，共")).is_visible()
    assert page.get_by_label("关键词").input_value() == "医院"
    context.close()


def test_the_filters_of_a_small_phone_open_without_a_script(browser, site):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 700})
    page = context.new_page()
    page.goto(f"{site}/activities/")
    assert not page.get_by_label("医院", exact=True).is_visible()
    page.get_by_text("筛选", exact=True).first.click()
    assert page.get_by_label("医院", exact=True).is_visible()
    context.close()


@pytest.mark.parametrize("path", [article_path, summary_path])
def test_on_paper_there_is_the_record_with_its_address_and_no_controls(page, site, path):
    page.goto(f"{site}{path()}?size=xl")
    page.emulate_media(media="print")
    for control in (".mainnav", ".readtools", ".crumbs", ".foot-links", ".neighbours", ".searchbox", ".care-form"):
        assert not visible(page, control), control
    assert f"本页网址：{site}{path()}" in page.locator(".print-only").inner_text()
    assert "打印日期" in page.locator(".print-only").inner_text()
    assert page.evaluate(TEXT_SIZE) == "14px"  # 10.5 points
    assert "Song" in page.evaluate("getComputedStyle(document.querySelector('.prose')).fontFamily")


def test_on_paper_the_facts_of_an_activity_come_before_its_story(page, site):
    page.goto(site + summary_path())
    page.emulate_media(media="print")
    facts, story = page.locator(".facts").bounding_box(), page.locator(".prose").first.bounding_box()
    assert facts["y"] + facts["height"] <= story["y"]


def test_seals_keep_their_red_on_paper(page, site):
    page.goto(f"{site}/brands/")
    page.emulate_media(media="print", color_scheme="dark")
    style = "(({backgroundColor, printColorAdjust}) => [backgroundColor, printColorAdjust])"
    seal = page.evaluate(f"{style}(getComputedStyle(document.querySelector('.seal')))")
    assert seal == ["rgb(176, 18, 27)", "exact"]
