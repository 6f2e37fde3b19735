"""What is typed is not lost: the server goes away and comes back, the session ends, the computer is another one."""

import pytest
from django.contrib.sessions.models import Session

from articles.models import Article
from hospitals.roles import Role
from publishing.models import Unfinished
from tests.e2e.conftest import PASSWORD, keep_picture, listen, sign_in
from tests.e2e.serving import Server
from tests.factories import make_article, make_branch, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_database]
DOOR = "**/unfinished/"
PAUSE = 3_500


@pytest.fixture
def desk(context, live_server, hospital):
    """A reporter's browser, signed in; its clock is moved by hand, and what it asks is written down."""
    make_user(Role.REPORTER, hospital, username="wangfang", password=PASSWORD)
    page = context.new_page()
    complaints = listen(page)
    page.clock.install()
    sign_in(page, live_server.url, "wangfang")
    page.asked = []
    page.on("dialog", lambda dialog: (page.asked.append(dialog.type), dialog.accept()))
    yield page
    assert not [one for one in complaints if not one.startswith("Failed to load resource")]


def wait_a_moment(page, said: str) -> None:
    page.clock.fast_forward(PAUSE)
    page.locator("[data-autosave-status]", has_text=said).wait_for()


def test_what_was_typed_while_the_server_was_away_is_there_on_another_computer(desk, browser, live_server, hospital):
    article, branch = make_article(hospital, title="题目"), make_branch(hospital, name="内科支部")
    article.bylines.create(name="王芳", position=1)
    address = f"{live_server.url}/admin/articles/article/{article.pk}/change/"
    desk.goto(address)
    desk.route(DOOR, lambda route: route.abort())
    desk.get_by_label("导语").fill("新的导语。")
    desk.locator(".field-body [contenteditable]").fill("上午八点开始。")
    desk.locator(".field-branches .select2-selection").click()
    desk.clock.fast_forward(1000)
    desk.locator(".select2-results__option", has_text="内科支部").click()
    desk.locator("#bylines-group .add-row a").click()
    for row, name in enumerate(["李明", "赵强", "孙丽"], start=1):
        desk.locator(f"[name=bylines-{row}-name]").fill(name)
    wait_a_moment(desk, "连不上服务器，已先存在这台电脑上，恢复后会自动保存")
    assert desk.evaluate("Object.keys(localStorage).length") == 1
    keep_picture(desk, "autosave-offline")
    desk.unroute(DOOR)
    wait_a_moment(desk, "已自动保存")
    keep_picture(desk, "autosave-saved")
    assert desk.evaluate("Object.keys(localStorage).length") == 0
    desk.goto(f"{live_server.url}/admin/")
    assert desk.asked == []

    other = browser.new_context().new_page()
    sign_in(other, live_server.url, "wangfang")
    other.goto(address)
    assert other.get_by_label("导语").input_value() == ""
    offer = other.get_by_role("region", name="没有保存的内容")
    assert "与现在不同的有：导语、正文、文中支部、署名" in offer.inner_text()
    keep_picture(other, "autosave-offer")
    offer.get_by_role("button", name="恢复").click()
    keep_picture(other, "autosave-restored")
    other.get_by_role("button", name="保存草稿").click()
    other.locator(".messagelist .success").wait_for()
    article.refresh_from_db()
    assert (article.lede, article.body, article.branches.get()) == ("新的导语。", "<p>上午八点开始。</p>", branch)
    assert [byline.name for byline in article.bylines.order_by("pk")] == ["王芳", "李明", "赵强", "孙丽"]
    assert not Unfinished.objects.exists()


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
    desk.get_by_label("导语").fill("写了很久的导语，还在写。")
    wait_a_moment(desk, "现在登录的是别的账号")
    colleague.get_by_role("button", name="退出").click()
    colleague.get_by_role("heading", name="已退出").wait_for()

    sign_in(colleague, live_server.url, "wangfang")
    colleague.close()
    desk.get_by_role("button", name="保存草稿").click()
    desk.locator(".messagelist .success").wait_for()
    assert Article.objects.get().lede == "写了很久的导语，还在写。"
    assert not Unfinished.objects.exists()
    assert desk.evaluate("Object.keys(localStorage).length") == 0
    assert desk.asked == []


@pytest.fixture
def server():
    server = Server()
    server.start()
    yield server
    server.kill()


def test_nothing_is_lost_when_the_server_is_killed_and_the_session_has_ended(context, server, hospital):
    article = make_article(hospital, title="题目")
    make_user(Role.REPORTER, hospital, username="wangfang", password=PASSWORD)
    address = f"{server.url}/admin/articles/article/{article.pk}/change/"
    page = context.new_page()
    page.clock.install()
    sign_in(page, server.url, "wangfang")
    page.goto(address)
    page.get_by_label("导语").fill("停机之前写的。")
    wait_a_moment(page, "已自动保存")
    page.locator(".field-body [contenteditable]").fill("正在写")
    server.kill()
    page.locator(".field-body [contenteditable]").fill("正在写，服务器停了也在写。")
    wait_a_moment(page, "连不上服务器，已先存在这台电脑上，恢复后会自动保存")
    server.start()
    page.get_by_label("引题").fill("恢复以后写的")
    wait_a_moment(page, "已自动保存")
    typed = Unfinished.objects.get().content["values"]
    assert (typed["lede"], typed["kicker"]) == (["停机之前写的。"], ["恢复以后写的"])
    assert typed["body"] == ["<p>正在写，服务器停了也在写。</p>"]

    Session.objects.all().delete()
    page.get_by_label("副题").fill("登录过期以后写的")
    wait_a_moment(page, "登录已过期：请在新窗口重新登录，回到这一页再保存；内容已存在这台电脑上")
    server.kill()
    page.close(run_before_unload=False)  # the computer is switched off
    server.start()
    again = context.new_page()
    sign_in(again, server.url, "wangfang")
    again.goto(address)
    again.get_by_role("region", name="没有保存的内容").get_by_role("button", name="恢复").click()
    again.get_by_role("button", name="保存草稿").click()
    again.locator(".messagelist .success").wait_for()
    article.refresh_from_db()
    assert (article.lede, article.kicker, article.subtitle, article.body) == (
        "停机之前写的。", "恢复以后写的", "登录过期以后写的", "<p>正在写，服务器停了也在写。</p>",
    )  # fmt: skip
