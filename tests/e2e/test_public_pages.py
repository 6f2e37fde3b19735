"""The public pages as a reader meets them: on a desk and on a phone, with and without scripts."""

import gzip
import re

import pytest

from articles.models import Article
from branches.models import Activity
from tests.e2e.conftest import WIDTHS, keep_picture

PATHS = {
    "home": "/",
    "hospitals": "/hospitals/",
    "hospital": "/hospitals/weinan-shi-dier-yiyuan/",
    "hospital-without-branches": "/hospitals/weishan-xian-renmin-yiyuan/",
    "branch": "/hospitals/weinan-shi-dier-yiyuan/branches/di-wu-zhibu/",
    "branch-without-brand": "/hospitals/jining-shi-disan-renmin-yiyuan/branches/guke/",
    "brands": "/brands/",
    "activities": "/activities/",
    "articles": "/articles/",
    "tag": "/tags/志愿服务/",
    "search": "/search/?q=近视",
}


def paths() -> dict[str, str]:
    article = Article.objects.public().newest_first().first()
    activity = Activity.objects.public().newest_first().first()
    return PATHS | {"article": article.get_absolute_url(), "activity": activity.get_absolute_url()}


def test_no_page_is_wider_than_its_window(page, site):
    wide = []
    for name, path in paths().items():
        for width in (1440, 820, 390, 320):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(site + path)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wide.append((name, width))
        keep_picture(page, name)
    assert not wide


def test_large_text_fits_a_phone(page, site):
    page.set_viewport_size({"width": WIDTHS["phone"], "height": 900})
    page.goto(site)
    page.get_by_role("button", name="关怀版").click()
    wide = []
    for name, path in paths().items():
        page.goto(site + path)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(name)
    assert not wide


def test_each_page_has_one_main_heading_and_skips_no_level(page, site):
    wrong = {}
    for name, path in paths().items():
        page.goto(site + path)
        levels = page.eval_on_selector_all("h1,h2,h3,h4,h5", "all => all.map(one => Number(one.tagName[1]))")
        skipped = any(after - before > 1 for before, after in zip(levels, levels[1:], strict=False))
        if levels.count(1) != 1 or levels[0] != 1 or skipped:
            wrong[name] = levels
    assert not wrong


def test_ids_are_unique_and_labels_point_to_something(page, site):
    wrong = {}
    for name, path in paths().items():
        page.goto(site + path)
        found = page.evaluate(
            """() => {
                const ids = [...document.querySelectorAll('[id]')].map(one => one.id);
                const doubled = ids.filter((id, place) => ids.indexOf(id) !== place);
                const dangling = [...document.querySelectorAll('[for],[aria-labelledby],[aria-describedby]')]
                    .flatMap(one => ['for', 'aria-labelledby', 'aria-describedby'].flatMap(name => (one.getAttribute(name) || '').split(' ')))
                    .filter(id => id && !document.getElementById(id));
                return [...doubled, ...dangling];
            }"""
        )
        if found:
            wrong[name] = found
    assert not wrong


def test_every_filter_works_without_scripts(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/activities/")
    page.get_by_label("医院", exact=True).select_option(label="渭南市第二医院")
    page.get_by_role("button", name="筛选").click()
    page.get_by_label("支部", exact=True).select_option(label="第五支部（眼科支部）")
    page.get_by_label("时期").select_option(label="2023年上半年")
    page.get_by_role("button", name="筛选").click()
    text = page.get_by_role("main").inner_text()
    context.close()
    assert re.search(r"共\s*6\s*条活动", text)
    assert re.search(r"193\s*场", text)


def test_the_article_can_be_read_in_larger_type_and_remembers_it(page, site):
    path = site + paths()["article"]
    page.goto(path)
    page.get_by_role("button", name="特大").click()
    page.goto(path)
    assert page.get_by_role("button", name="特大").get_attribute("aria-pressed") == "true"


@pytest.mark.parametrize(("name", "most"), [("activities", 30_000), ("home", 30_000), ("hospital", 30_000)])
def test_a_page_is_light(client, demo, name, most):
    assert len(gzip.compress(client.get(PATHS[name]).content)) <= most


def test_the_fifth_branch_shows_the_half_year_as_it_was_announced(page, site):
    page.goto(site + PATHS["branch"])
    text = re.sub(r"\s+", "", page.get_by_role("main").inner_text())
    assert "193场" in text
    assert "18,694人次" in text
    assert "60余场" in text
    assert "2,570人" in text
    assert "72" not in text
