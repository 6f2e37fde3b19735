"""What is typed is not lost: the server goes away and comes back, the session ends, the computer is another one."""

import re

import pytest

from articles.models import Article
from branches.models import Activity
from hospitals.roles import Role
from publishing.models import Unfinished
from tests.e2e.conftest import PASSWORD, keep_picture, sign_in
from tests.factories import make_activity, make_article, make_branch, make_hospital, make_user

pytestmark = pytest.mark.django_db(transaction=True)
DOOR = "**/unfinished/"
PAUSE = 3_500


@pytest.fixture
def hospital():
    return make_hospital()


@pytest.fixture
def desk(page, live_server, hospital):
    """A reporter's browser, signed in; its clock is moved by hand. Leaving with text that nobody holds is refused."""
    make_user(Role.REPORTER, hospital, username="wangfang", password=PASSWORD)
    page.clock.install()
    sign_in(page, live_server.url, "wangfang")
    page.asked = []
    page.on("dialog", lambda dialog: (page.asked.append(dialog.type), dialog.accept()))
    return page


def wait_a_moment(page, said: str) -> None:
    page.clock.fast_forward(PAUSE)
    page.locator("[data-autosave-status]", has_text=said).wait_for()


def test_what_was_typed_while_the_server_was_away_is_there_on_another_computer(desk, browser, live_server, hospital):
    activity = make_activity(hospital, title="义诊", figures={"visits": "60"})
    branch = make_branch(hospital, name="内科支部")
    address = f"{live_server.url}/admin/branches/activity/{activity.pk}/change/"
    desk.goto(address)
    desk.route(DOOR, lambda route: route.abort())
    desk.get_by_label("活动主题").fill("社区义诊日")
    desk.get_by_label("服务人次").fill("80余")
    desk.locator(".prose-editor [contenteditable]").first.fill("上午八点开始。")
    desk.locator(".field-branch .select2-selection").click()
    desk.locator(".select2-search__field").last.fill("内科")
    desk.clock.fast_forward(1000)
    desk.locator(".select2-results__option", has_text="内科支部").click()
    desk.locator("#photos-group .add-row a").click()
    desk.locator("[name=photos-1-caption]").fill("测血压")
    wait_a_moment(desk, "连不上服务器，已先存在这台电脑上")
    keep_picture(desk, "autosave-offline")
    desk.unroute(DOOR)
    wait_a_moment(desk, "已自动保存")
    keep_picture(desk, "autosave-saved")
    assert desk.evaluate("Object.keys(localStorage).length") == 0
    assert Activity.objects.get().title == "义诊"
    desk.goto(f"{live_server.url}/admin/")
    assert desk.asked == []

    other = browser.new_context().new_page()
    sign_in(other, live_server.url, "wangfang")
    other.goto(address)
    assert other.get_by_label("活动主题").input_value() == "义诊"
    offer = other.get_by_role("region", name="没有保存的内容")
    assert re.search("与现在不同的有：.*活动主题.*有哪些数据", offer.inner_text())
    keep_picture(other, "autosave-offer")
    offer.get_by_role("button", name="恢复").click()
    keep_picture(other, "autosave-restored")
    other.get_by_role("button", name="保存草稿").click()
    activity.refresh_from_db()
    assert (activity.title, activity.branch, activity.story) == ("社区义诊日", branch, "<p>上午八点开始。</p>")


def test_whoever_was_signed_out_signs_in_in_a_new_window_and_saves(desk, live_server, hospital):
    article = make_article(hospital, title="题目")
    make_user(Role.REPORTER, hospital, username="liming", password=PASSWORD)
    address = f"{live_server.url}/admin/articles/article/{article.pk}/change/"
    desk.goto(address)
    desk.context.clear_cookies(name="sessionid")
    desk.get_by_label("导语").fill("写了很久的导语。")
    wait_a_moment(desk, "登录已过期：请在新窗口重新登录，回到这一页再保存；内容已存在这台电脑上")
    keep_picture(desk, "autosave-expired")

    colleague = desk.context.new_page()  # at the same computer
    sign_in(colleague, live_server.url, "liming")
    colleague.goto(address)
    assert colleague.locator("[data-autosaved]").is_hidden()
    wait_a_moment(desk, "现在登录的是别的账号")
    colleague.get_by_role("button", name="退出").click()
    colleague.get_by_role("heading", name="已退出").wait_for()

    sign_in(colleague, live_server.url, "wangfang")
    colleague.close()
    desk.get_by_role("button", name="保存草稿").click()
    desk.locator(".messagelist .success").wait_for()
    assert Article.objects.get().lede == "写了很久的导语。"
    assert not Unfinished.objects.exists()
    assert desk.evaluate("Object.keys(localStorage).length") == 0
    assert desk.asked == []
