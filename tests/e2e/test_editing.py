"""What a browser does with a form: brings typed text back, sends twice."""

import pytest
from django.test import Client

from articles.models import Article
from branches.models import Partner
from hospitals.roles import Role
from tests.admin_pages import posted
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def test_text_brought_back_by_going_back_overwrites_no_colleague_unseen(desk, live_server, hospital):
    article = make_article(hospital, title="题目", lede="原来的导语。")
    address = f"/admin/articles/article/{article.pk}/change/"
    desk.goto(live_server.url + address)
    desk.get_by_label("导语").fill("我写的导语。")
    desk.goto(f"{live_server.url}/admin/")
    colleague = Client()
    colleague.force_login(make_user(Role.REPORTER, hospital))
    colleague.post(address, posted(colleague.get(address), lede="同事写的导语。"))
    desk.go_back()
    desk.wait_for_load_state()
    assert desk.get_by_label("导语").input_value() == "我写的导语。"
    desk.get_by_role("button", name="保存草稿").click()
    desk.get_by_role("heading", name="还没有保存").wait_for()
    assert Article.objects.get().lede == "同事写的导语。"


def test_going_back_after_ones_own_saving_is_no_conflict(desk, live_server, hospital):
    article = make_article(hospital, title="题目")
    desk.goto(f"{live_server.url}/admin/articles/article/{article.pk}/change/")
    for lede in ("第一稿。", "第二稿。"):
        desk.get_by_label("导语").fill(lede)
        desk.get_by_role("button", name="保存草稿").click()
        desk.locator(".messagelist .success").wait_for()
        desk.go_back()
        desk.wait_for_load_state()
    assert Article.objects.get().lede == "第二稿。"


def test_two_quick_presses_make_one_record(desk, live_server):
    desk.goto(f"{live_server.url}/admin/branches/partner/add/")
    desk.get_by_label("名称").fill("人和小学")
    desk.get_by_role("button", name="保存", exact=True).dblclick()
    desk.locator(".messagelist").wait_for()
    assert Partner.objects.count() == 1


def test_a_sending_that_got_no_answer_can_be_repeated(desk, live_server):
    address = f"{live_server.url}/admin/branches/partner/add/"
    desk.clock.install()
    desk.goto(address)
    desk.get_by_label("名称").fill("人和小学")
    save = desk.get_by_role("button", name="保存", exact=True)
    desk.route(address, lambda route: route.fulfill(status=204))  # the page stays as it is
    with desk.expect_response(address):
        save.click(no_wait_after=True)
    desk.unroute(address)
    desk.clock.fast_forward(31_000)
    save.click()
    desk.locator(".messagelist .success").wait_for()
    assert Partner.objects.count() == 1
