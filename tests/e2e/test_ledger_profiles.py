"""A ledger of the office's own, from the form to the file; and a large one while it comes."""

import io
import re
import time

import openpyxl
import pytest

from branches.ledger import Profile
from branches.models import LedgerProfile
from tests.e2e.conftest import follow, keep_picture, sign_in

FORM = "/admin/branches/ledgerprofile/add/"
PAGE = "/admin/branches/activity/ledger/"


@pytest.fixture
def large(monkeypatch) -> dict:
    """Every ledger counts as large, and comes slowly: ``broken_at`` a row it breaks off, ``ended`` when it is over."""
    told = {"broken_at": None, "ended": False, "pause": 0.0}
    monkeypatch.setattr("branches.downloads.LARGE", 1)
    monkeypatch.setattr("publishing.spreadsheets._CSV_BLOCK", 2)
    rows = Profile.rows

    def slowly(profile, activities, site=""):
        is_sample = activities.query.order_by == ()
        try:
            for place, row in enumerate(rows(profile, activities, site)):
                if not is_sample and place == told["broken_at"]:
                    raise ConnectionError
                time.sleep(0 if is_sample else told["pause"])
                yield row
        finally:
            told["ended"] = told["ended"] or not is_sample

    monkeypatch.setattr(Profile, "rows", slowly)
    return told


@pytest.fixture
def ledger(page, site):
    sign_in(page, site, "wn-exporter")
    page.goto(site + PAGE)
    return page


def export(ledger, way: str = "导出CSV"):
    ledger.get_by_role("region", name="完整版").get_by_role("link", name=way).click()


def test_a_ledger_of_the_offices_own_is_put_together_and_taken_away(page, site):
    sign_in(page, site, "wn-exporter")
    page.goto(site + FORM)
    page.locator("#id_name").fill("报卫健局")
    for column in ("主持人", "志愿者人数", "服务时长(小时)", "填报人", "填报日期"):
        page.get_by_label(column, exact=True).uncheck()
    page.get_by_label("场次", exact=True).check()
    up = page.get_by_role("button", name="前移“场次”")
    up.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert up.evaluate("button => button === document.activeElement")
    assert page.get_by_role("status").inner_text() == "“场次”现在是第8栏，共10栏"
    page.get_by_label("“服务人次”自己的名称").fill("惠民人次")
    shown = page.locator(".own-columns-now li").all_inner_texts()
    keep_picture(page, "own-columns")
    follow(page.get_by_role("button", name="保存", exact=True))
    expected = [
        "序号", "党组织名称", "活动类别", "活动主题", "活动日期", "活动地点", "参加党员数", "场次", "惠民人次", "主要内容",
    ]  # fmt: skip
    assert shown == expected

    page.goto(site + PAGE)
    keep_picture(page, "ledger-with-own-columns")
    way = page.get_by_role("region", name="报卫健局")
    with page.expect_download() as download:
        way.get_by_role("link", name="导出Excel").click()
    assert "党建活动台账（报卫健局）" in download.value.suggested_filename
    rows = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes())).active.iter_rows(values_only=True)
    assert list(next(row for row in rows if row[0] == "序号")) == expected

    follow(way.get_by_role("link", name="打印"))
    assert page.locator("thead th").all_inner_texts() == expected
    sheets = re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))
    assert 1 <= len(sheets) <= 4


@pytest.mark.any_database
def test_columns_are_as_wide_beside_each_other_on_paper_as_in_the_workbook(page, site):
    sign_in(page, site, "wn-exporter")
    page.goto(f"{site}{PAGE}print/short/")
    widths = [box["width"] for th in page.locator("thead th").all() if (box := th.bounding_box())]
    of_number, of_title, of_content = widths[0], widths[3], widths[11]
    assert of_title / of_number == pytest.approx(26 / 5, rel=0.1)
    assert of_content / of_title == pytest.approx(40 / 26, rel=0.1)


@pytest.mark.any_database
def test_the_columns_are_chosen_with_the_keyboard_alone(page, site):
    sign_in(page, site, "wn-exporter")
    page.goto(site + FORM)
    page.get_by_label("活动编号", exact=True).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    assert page.locator(":focus").get_attribute("aria-label") == "“活动编号”排第几"
    page.keyboard.press("Control+A")
    page.keyboard.type("1")
    page.keyboard.press("Tab")
    assert page.locator(".own-columns-now li").all_inner_texts()[:2] == ["序号", "活动编号"]
    page.locator("#id_name").fill("按编号")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/add/" not in url)
    assert [one["column"] for one in LedgerProfile.objects.get().columns][:2] == ["序号", "活动编号"]


@pytest.mark.any_database
def test_a_large_download_shows_how_much_has_come_and_is_saved_under_its_name(large, ledger):
    large["pause"] = 0.3
    with ledger.expect_download() as download:
        export(ledger)
        status = ledger.get_by_role("status")
        status.filter(has_text=re.compile(r"正在导出：已收到[\d.]+ [KM]B，约\d+%")).wait_for()
        keep_picture(ledger, "large-download")
    text = download.value.path().read_bytes().decode("utf-8-sig")
    assert "党建活动台账（完整版）" in download.value.suggested_filename
    assert text.startswith("序号,活动编号") and text.endswith("\r\n")
    assert text.count("WN2-") > 2
    assert status.inner_text().startswith("导出完成：")
    assert ledger.get_by_role("button", name="停止").count() == 0


@pytest.mark.any_database
def test_a_fetched_workbook_is_whole(large, ledger):
    with ledger.expect_download() as download:
        export(ledger, "导出Excel")
    book = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))
    assert book.active["A1"].value.endswith("党建活动台账")


def test_a_download_that_is_stopped_saves_nothing_and_ends_the_query(large, ledger):
    large["pause"], large["ended"] = 1.0, False  # the rows that the page shows have come and ended
    downloads = []
    ledger.on("download", lambda download: downloads.append(download))
    export(ledger)
    ledger.get_by_role("button", name="停止").click()
    ledger.get_by_text("已停止，没有保存文件。").wait_for()
    deadline = time.monotonic() + 20
    while not large["ended"] and time.monotonic() < deadline:
        ledger.wait_for_timeout(200)
    assert large["ended"] and not downloads


@pytest.mark.any_database
def test_a_download_that_breaks_off_is_not_saved_and_says_what_to_do(large, ledger):
    """The server here closes the connection as it does after a whole answer: only the mark tells."""
    large["broken_at"] = 3
    downloads = []
    ledger.on("download", lambda download: downloads.append(download))
    export(ledger)
    ledger.get_by_text("没有导完，请重试").wait_for()
    assert not downloads


@pytest.mark.any_database
def test_whoever_is_no_longer_signed_in_is_told(large, ledger):
    ledger.context.clear_cookies()
    export(ledger)
    ledger.get_by_text("没有导出：可能登录已过期").wait_for()
