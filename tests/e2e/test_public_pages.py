"""The public pages as a reader meets them: on a desk and on a phone, with and without scripts."""

import gzip
import re

import pytest

from tests.public_pages import addresses

pytestmark = pytest.mark.any_database


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


@pytest.mark.parametrize(("name", "most"), [("activities", 30_000), ("home", 30_000), ("hospital", 30_000)])
def test_a_page_is_light(client, demo, name, most):
    assert len(gzip.compress(client.get(addresses()[name]).content)) <= most


def test_the_fifth_branch_shows_the_half_year_as_it_was_announced(page, site):
    page.goto(site + addresses()["branch"])
    text = re.sub(r"\s+", "", page.get_by_role("main").inner_text())
    assert "193场" in text
    assert "18,694人次" in text
    assert "60余场" in text
    assert "2,570人" in text
    assert "72" not in text
