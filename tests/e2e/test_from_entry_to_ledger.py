"""What the whole site is for, as a new user does it: an editor enters a report, the public reads it, staff hand it in."""

import io
import re

import openpyxl
import pytest

from articles.demo import drawings
from articles.models import Article
from branches.models import Activity
from tests.e2e.conftest import WIDTHS, admin_address, approve, hand_in, keep_picture, sign_in, sign_out

TITLE = "第五支部到丰原镇为村民查眼睛"
HOSPITAL = "/hospitals/weinan-shi-dier-yiyuan/"
BRANCH = f"{HOSPITAL}branches/di-wu-zhibu/"


@pytest.fixture
def photo(tmp_path):
    """A picture as a phone would give it: with a name that says something and metadata that must not survive."""
    from PIL import Image

    file = tmp_path / "IMG_张家村_20260601.jpg"
    picture = Image.open(io.BytesIO(drawings.draw("road", 1, (1600, 1067))))
    exif = Image.Exif()
    exif[0x010F] = "phone maker"
    picture.convert("RGB").save(file, "JPEG", exif=exif, comment=b"secret comment")
    return file


def choose(page, field: str, text: str) -> None:
    """Pick from an autocomplete as a person does: open it, type, take the first that fits."""
    page.locator(f".field-{field} .select2-selection").click()
    page.locator(".select2-search__field").last.fill(text)
    page.locator(".select2-results__option[role=option]", has_text=text).first.click()


def save(page) -> None:
    page.get_by_role("button", name="保存草稿").click()
    page.wait_for_url(lambda url: "/add/" not in url)


def enter_activity(page, site: str, photo) -> None:
    page.goto(f"{site}/admin/branches/activity/add/")
    page.get_by_role("link", name=re.compile("^义诊")).click()
    choose(page, "branch", "第五支部")
    page.get_by_label("活动主题").fill(TITLE)
    page.get_by_label("开始日期").fill("2026-06-01")
    page.get_by_label("活动地点").fill("临渭区丰原镇")
    page.get_by_label("服务人次").fill("60余")
    page.get_by_label("主要内容").fill("眼科医生到丰原镇，为村民查视力、讲护眼知识。")
    page.locator("#id_photos-0-image").set_input_files(photo)
    page.get_by_label("图片说明").first.fill("义诊现场（示意图）")
    page.locator("#id_photos-0-consent").select_option(label="不涉及可识别患者")
    save(page)


def publish(page, site: str, record) -> None:
    """The writer, who is signed in, hands it in; three others pass it one after the other."""
    hand_in(page, site, record)
    for reviewer in ("wn-reviewer1", "wn-reviewer2", "wn-reviewer3"):
        sign_out(page)
        sign_in(page, site, reviewer)
        approve(page, site, record)
    sign_out(page)


def shows(page, url: str, text: str) -> bool:
    page.goto(url)
    return text in page.get_by_role("main").inner_text()


def test_an_activity_is_typed_once_and_is_everywhere(page, site, photo):
    sign_in(page, site, "wn-reporter")
    enter_activity(page, site, photo)
    activity = Activity.objects.get(title=TITLE)
    assert not shows(page, site, TITLE)

    publish(page, site, activity)

    places = {
        "home": "/",
        "hospital": HOSPITAL,
        "branch": BRANCH,
        "list": "/activities/",
        "own": activity.get_absolute_url(),
    }
    missing = []
    for width in WIDTHS.values():
        page.set_viewport_size({"width": width, "height": 900})
        missing += [(name, width) for name, path in places.items() if not shows(page, site + path, TITLE)]
    assert not missing
    page.goto(site + activity.get_absolute_url())
    assert re.search(r"60\s*余\s*人次", page.get_by_role("main").inner_text())
    picture = page.locator("figure img").first
    picture.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('figure img').complete")
    assert picture.evaluate("image => image.naturalWidth") > 0
    keep_picture(page, "activity-entered-by-hand")

    sign_in(page, site, "wn-exporter")
    page.locator(".all-lists summary").click()  # the walk is on a phone by now
    page.get_by_role("navigation", name="栏目").get_by_role("link", name="台账").click()
    page.get_by_label("年份").select_option("2026")
    page.get_by_role("button", name="查看").click()
    page.get_by_role("region", name="精简版的前几条").get_by_text(TITLE).wait_for()
    with page.expect_download() as download:
        page.get_by_role("region", name="完整版").get_by_role("link", name="导出Excel").click()
    assert "渭南市第二医院2026年党建活动台账" in download.value.suggested_filename
    rows = list(
        openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes())).active.iter_rows(values_only=True)
    )
    header = next(row for row in rows if row[0] == "序号")
    (row,) = [dict(zip(header, row, strict=True)) for row in rows if TITLE in row]
    assert (row["服务人次"], row["数据性质"], row["数据原文"]) == (60, "含约数", "服务人次60余人次")
    reviewers = (row["初审人"], row["复审人"], row["终审人"])
    assert reviewers == ("渭南二院 初审", "渭南二院 复审", "渭南二院 终审")


@pytest.mark.any_database
def test_an_article_typed_in_by_hand_reads_as_a_newspaper_page(page, site):
    sign_in(page, site, "wn-reporter")
    page.goto(f"{site}/admin/articles/article/add/")
    page.get_by_label("引题").fill("党建领航")
    page.get_by_label("标题", exact=False).and_(page.locator("#id_title")).fill("把眼科门诊开到村口")
    page.locator(".ProseMirror").first.click()
    page.keyboard.type("六月的一个早晨，医生把视力表挂在了村委会的墙上。")
    page.keyboard.press("Enter")
    page.keyboard.type("查完眼睛，老人们坐下来听护眼知识。")
    page.locator("[name=bylines-0-name]").fill("王芳")
    save(page)
    article = Article.objects.get(title="把眼科门诊开到村口")

    publish(page, site, article)

    page.goto(site + article.get_absolute_url())
    text = page.get_by_role("main").inner_text()
    assert "视力表挂在了村委会的墙上" in text
    assert "通讯员 王芳" in text
    assert page.locator(".prose p").count() == 2
    assert shows(page, site, "把眼科门诊开到村口")


def test_a_reporter_cannot_publish_what_they_wrote(page, site, photo):
    sign_in(page, site, "wn-reporter")
    enter_activity(page, site, photo)
    activity = Activity.objects.get(title=TITLE)
    hand_in(page, site, activity)
    page.goto(f"{site}{admin_address(activity)}review/")
    assert page.get_by_role("button", name="审核通过").count() == 0


@pytest.mark.any_database
def test_nothing_typed_is_lost_when_a_field_is_wrong(page, site, photo):
    sign_in(page, site, "wn-reporter")
    page.goto(f"{site}/admin/branches/activity/add/?kind=free_clinic")
    page.get_by_label("活动主题").fill(TITLE)
    page.get_by_label("开始日期").fill("2026-06-02")
    page.get_by_label("结束日期").fill("2026-06-01")
    page.get_by_label("服务人次").fill("-5")
    page.get_by_label("主要内容").fill("写了很久的一段话。")
    page.get_by_role("button", name="保存草稿").click()
    text = page.locator("#content").inner_text()
    assert "结束日期早于开始日期" in text
    assert page.get_by_label("活动主题").input_value() == TITLE
    assert page.get_by_label("服务人次").input_value() == "-5"
    assert page.get_by_label("主要内容").input_value() == "写了很久的一段话。"
    assert not Activity.objects.filter(title=TITLE).exists()
