"""Everything a reader can do, with scripts turned off. (Larger type, 关怀版, neighbours, paper: test_reading.py.)"""

import re

import pytest

from tests.e2e.conftest import WIDTHS, follow, listen
from tests.public_pages import TYPES, addresses

pytestmark = pytest.mark.any_database

HOSPITAL = "渭南市第二医院"


@pytest.fixture
def plain(browser, site):
    """A page in which no script runs, on a phone; opened at any of the site's addresses by the name in the table."""
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": WIDTHS["phone"], "height": 800}, base_url=site
    )
    page = context.new_page()
    complaints = listen(page)
    yield page
    context.close()
    assert not complaints


def number(page, pattern: str) -> int:
    """What a page says there are of something."""
    return int(re.search(pattern, re.sub(r"\s", "", page.get_by_role("main").inner_text())).group(1))


def test_a_search_is_narrowed_and_widened_again(plain):
    plain.goto("/search/")
    plain.get_by_role("main").get_by_role("searchbox", name="搜索").fill("义诊")
    follow(plain.get_by_role("main").get_by_role("button", name="搜索"))
    everything = number(plain, r"共(\d+)条")
    facets = plain.get_by_role("navigation", name="缩小范围")
    follow(facets.get_by_role("link", name=re.compile("^活动")))
    activities = number(plain, r"共(\d+)条")
    follow(facets.get_by_role("link", name=re.compile(f"^{HOSPITAL}")))
    assert 0 < number(plain, r"共(\d+)条") < activities < everything
    follow(facets.get_by_role("link", name=re.compile("^全部")))
    follow(facets.locator("[aria-current]", has_text=HOSPITAL))
    assert number(plain, r"共(\d+)条") == everything


def test_the_hits_of_a_search_are_paged(plain):
    plain.goto("/search/?q=支部")
    first = plain.locator(".hit h3").all_inner_texts()
    follow(plain.get_by_role("link", name="下一页"))
    second = plain.locator(".hit h3").all_inner_texts()
    assert first and second and first != second
    follow(plain.get_by_role("link", name="首页", exact=True).last)
    assert plain.locator(".hit h3").all_inner_texts() == first


def test_the_search_at_the_head_of_each_page_works(plain):
    plain.set_viewport_size({"width": WIDTHS["desk"], "height": 800})
    plain.goto("/brands/")
    plain.get_by_role("banner").get_by_role("searchbox").fill("近视")
    follow(plain.get_by_role("banner").get_by_role("button", name="搜索"))
    assert plain.locator(".hit mark").first.inner_text() == "近视"


def test_the_filters_of_the_activities_are_set_and_taken_off_one_by_one(plain):
    plain.goto("/activities/")
    everything = number(plain, r"共(\d+)条活动")
    plain.locator("details.filters summary").click()
    plain.get_by_label("医院", exact=True).select_option(label=HOSPITAL)
    plain.get_by_label(re.compile("^义诊")).check()
    follow(plain.get_by_role("button", name="筛选"))
    both = number(plain, r"共(\d+)条活动")
    chips = plain.get_by_role("list", name=re.compile("^已选条件"))
    follow(chips.get_by_role("link", name=re.compile("义诊")))
    of_hospital = number(plain, r"共(\d+)条活动")
    assert 0 < both < of_hospital < everything
    follow(chips.get_by_role("link", name="清除全部"))
    assert number(plain, r"共(\d+)条活动") == everything


def test_a_filter_that_was_refused_says_so_and_keeps_what_was_typed(plain):
    plain.goto("/articles/")
    plain.get_by_label("年份").fill("去年")
    follow(plain.get_by_role("button", name="筛选"))
    assert "年份要写成四位数字" in plain.get_by_role("alert").inner_text()
    assert plain.get_by_label("年份").input_value() == "去年"


def test_what_is_listed_is_what_is_downloaded(plain):
    plain.goto(addresses()["activities-filtered"])
    count = number(plain, r"共(\d+)条活动")
    with plain.expect_download() as download:
        plain.get_by_role("link", name="CSV").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert len(re.findall(r"^\d+,", text, re.MULTILINE)) == count


@pytest.mark.parametrize(
    ("name", "beginning"),
    [("XLSX", b"PK"), ("日历", b"BEGIN:VCALENDAR")],
)
def test_the_other_downloads_answer(plain, name, beginning):
    plain.goto("/activities/")
    with plain.expect_download() as download:
        plain.locator(".exports").get_by_role("link", name=re.compile(name)).click()
    assert download.value.path().read_bytes().startswith(beginning)


def test_the_feeds_that_the_site_map_names_answer(plain):
    plain.goto("/sitemap/")
    links = plain.locator("a[href^='/feeds/']").evaluate_all("all => all.map(one => one.href)")
    assert len(links) >= 4
    assert {plain.request.get(link).headers["content-type"].split(";")[0] for link in links} == {"application/atom+xml"}


def test_the_numbers_are_asked_for_by_hospital_and_year(plain):
    plain.goto("/statistics/")
    plain.locator("details.filters summary").click()
    plain.get_by_label("医院", exact=True).select_option(label=HOSPITAL)
    plain.get_by_label("年份", exact=True).select_option("2023")
    follow(plain.get_by_role("button", name="更新"))
    assert HOSPITAL in plain.locator("details.filters summary").inner_text()
    assert "2023" in plain.locator("details.filters summary").inner_text()


def test_the_table_behind_a_chart_gives_every_number(plain):
    plain.goto(addresses()["statistics-of-a-hospital"])
    chart = plain.locator(".chart", has=plain.locator("svg.months"))
    assert not chart.get_by_role("row").first.is_visible()
    chart.locator("summary").click()
    assert chart.get_by_role("rowheader").count() == 12
    assert chart.get_by_role("rowheader").first.is_visible()


def test_the_brand_wall_is_filtered(plain):
    plain.goto("/brands/")
    everything = plain.locator(".plaque").count()
    plain.get_by_label("医院", exact=True).select_option(label=HOSPITAL)
    follow(plain.get_by_role("button", name="筛选"))
    assert 0 < plain.locator(".plaque").count() < everything


def test_hospitals_are_found_by_place_and_by_name(plain):
    plain.goto("/hospitals/")
    everything = plain.locator(".ledger h3").count()
    follow(plain.get_by_role("navigation", name="按地区筛选").get_by_role("link", name=re.compile("^陕西")))
    assert 0 < plain.locator(".ledger h3").count() < everything
    plain.get_by_label("医院名称").fill("渭南")
    follow(plain.get_by_role("button", name="查医院"))
    assert plain.locator(".ledger h3").all_inner_texts() == [HOSPITAL]


def test_every_page_is_corrected_from_its_own_link(plain):
    path = addresses()["activity"]
    plain.goto(path)
    follow(plain.get_by_role("contentinfo").get_by_role("link", name=re.compile("纠错")))
    assert path in plain.locator(".note").first.inner_text()


def test_scripts_add_nothing_to_a_page_but_the_tools_for_reading(browser, site):
    assert as_they_stand(browser, site, scripts=True) == as_they_stand(browser, site, scripts=False)


def as_they_stand(browser, site: str, *, scripts: bool) -> dict[str, str]:
    """The pages of each kind once they have been loaded, without their tools for reading."""
    page = browser.new_page(java_script_enabled=scripts, base_url=site)
    found = {}
    for name, path in addresses(TYPES).items():
        page.goto(path)
        found[name] = re.sub(r'<div class="readtools">.*?</button></div>', "", page.content(), flags=re.DOTALL)
    page.close()
    return found
