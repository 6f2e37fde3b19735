"""An office brings its own file: it is sent, looked at, corrected, confirmed, and the drafts are there."""

import base64

import pytest
from axe_playwright_python.sync_playwright import Axe

from articles.models import Article
from branches.models import Activity
from tests.articles.reports.corpus import files
from tests.branches.intake import row, workbook
from tests.e2e.conftest import WIDTHS, follow, sign_in
from tests.factories import make_branch


@pytest.fixture
def file(tmp_path):
    def made(*rows):
        path = tmp_path / "我院台账.xlsx"
        path.write_bytes(workbook(*rows))
        return path

    return made


def send(page, path) -> None:
    page.get_by_label("台账文件").set_input_files(path)
    page.get_by_role("button", name="上传，看预览").click()


def test_from_the_offices_file_to_drafts(page, site, file):
    sign_in(page, site, "wn-reporter")
    page.goto(f"{site}/admin/branches/activity/")
    page.goto(f"{site}/admin/branches/activity/intake/")
    send(
        page,
        file(
            row(活动主题="到丰原镇义诊", 党组织名称="第五支部", 服务人次="60余"), row(活动主题="送药", 活动日期="昨天")
        ),
    )
    page.get_by_text("有1行不能导入，整份先不导入。").wait_for()
    assert page.get_by_role("button", name="确认导入").count() == 0
    page.get_by_role("link", name="重新上传").click()
    before = Activity.objects.count()
    send(page, file(row(活动主题="到丰原镇义诊", 党组织名称="第五支部", 服务人次="60余"), row(活动主题="送药")))
    assert Activity.objects.count() == before
    for width in WIDTHS.values():
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert Axe().run(page).violations_count == 0
    page.get_by_role("button", name="确认导入").click()
    page.wait_for_load_state()
    page.get_by_text("已导入：新建2条草稿").wait_for()
    assert page.get_by_text("已导入：新建2条草稿").is_visible()
    made = Activity.objects.get(title="到丰原镇义诊")
    assert (made.status, made.branch.name.startswith("第五支部")) == ("draft", True)
    assert page.get_by_role("link", name="到丰原镇义诊").is_visible()


DROP = """(place, files) => {
  const carried = new DataTransfer();
  for (const [name, content] of files)
    carried.items.add(new File([Uint8Array.from(atob(content), letter => letter.charCodeAt(0))], name));
  for (const kind of ['dragenter', 'dragover', 'drop'])
    place.dispatchEvent(new DragEvent(kind, { dataTransfer: carried, bubbles: true, cancelable: true }));
}"""


def test_a_report_is_dropped_anywhere_on_the_page_and_handed_in_with_few_clicks(desk, live_server, hospital):
    make_branch(hospital, name="第五支部")
    name = "06-clinic-news.docx"
    content = base64.b64encode(files()[name]).decode()
    desk.goto(f"{live_server.url}/admin/articles/article/intake/")
    heading, status = desk.get_by_role("heading", name="会读成什么"), desk.get_by_role("status")
    heading.evaluate(DROP, [[name, content], ["b.docx", ""]])
    assert "只拖一个文件" in status.inner_text()
    heading.evaluate(DROP, [[name, content]])
    assert f"已选好“{name}”" in status.inner_text()
    assert desk.get_by_label("稿件文件").evaluate("input => input.files.length") == 1
    with desk.expect_navigation():
        desk.keyboard.press("Enter")  # the button has the focus: nothing more is to be looked for
    assert desk.locator("#id_title").input_value() == "把专家号挂到家门口"
    desk.get_by_label("第五支部").check()
    follow(desk.get_by_role("button", name="写进“文中支部”"))
    desk.get_by_label("没有填肖像授权的，都填成").select_option("no_person")
    desk.get_by_role("button", name="填上").click()
    follow(desk.get_by_role("button", name="保存草稿").first)
    follow(desk.locator(".messagelist").get_by_role("link", name="送审"))
    assert desk.locator(".findings[data-severity=block], .findings[data-severity=gap]").count() == 0
    follow(desk.get_by_role("button", name="送审"))
    article = Article.objects.get()
    assert (article.status, article.branches.get().name) == ("first_review", "第五支部")
    assert {(bool(photo.caption), photo.consent) for photo in article.photos.all()} == {(True, "no_person")}
