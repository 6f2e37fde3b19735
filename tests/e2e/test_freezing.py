"""From the choice of a quarter to what has changed since it was handed in, as the office does it."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from branches.models import Activity, FrozenLedger
from tests.e2e.conftest import WIDTHS, follow, keep_picture, sign_in


def test_a_ledger_is_frozen_and_its_differences_are_read(page, site):
    sign_in(page, site, "wn-exporter")
    page.get_by_role("navigation", name="栏目").get_by_role("link", name="报送").click()
    page.get_by_role("link", name="封存报送").click()
    page.get_by_label("年份").select_option("2023")
    follow(page.get_by_role("button", name="查看要封存的内容"))
    page.get_by_label("说明").fill("报市卫健委")
    follow(page.get_by_role("button", name=re.compile(r"^封存这\d+条$")))
    page.get_by_text("校验一致").wait_for()
    frozen = FrozenLedger.objects.get()
    reference = Activity.objects.of_hospital(frozen.hospital).published().filter(start__year=2023).first().reference
    Activity.objects.filter(reference=reference).update(place="改在社区")
    page.reload()
    assert page.get_by_text("改在社区").is_visible()
    for width in (*WIDTHS.values(), 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), width
    keep_picture(page, "admin-frozen-ledger")
    with page.expect_download() as download:
        page.get_by_role("link", name="完整版Excel").click()
    assert download.value.suggested_filename == f"渭南市第二医院2023年党建活动台账（完整版）{frozen.reference}.xlsx"
    follow(page.get_by_role("link", name="打印"))
    assert frozen.sha256 in page.content()


@pytest.mark.any_database
def test_the_pages_shut_nobody_out(browser, site):
    """What axe finds needs a script of its own, so no policy here."""
    context = browser.new_context(bypass_csp=True, viewport={"width": WIDTHS["phone"], "height": 900})
    page = context.new_page()
    sign_in(page, site, "wn-exporter")
    page.goto(f"{site}/admin/branches/frozenledger/add/?year=2023")
    faults = Axe().run(page).response["violations"]
    follow(page.get_by_role("button", name=re.compile(r"^封存这\d+条$")))
    Activity.objects.of_hospital(FrozenLedger.objects.get().hospital).published().update(place="改在社区")
    page.reload()
    faults += Axe().run(page).response["violations"]
    context.close()
    assert not [(fault["id"], fault["nodes"][0]["html"]) for fault in faults]
