"""Photos in a record's form: thirty at once, and their captions and order without a mouse."""

import io

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from tests.e2e.conftest import WIDTHS, follow, keep_picture
from tests.factories import make_activity, make_article

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_database]

DOOR = "**/photos/"


def drawn(number: int) -> dict:
    """Told from the others by its width."""
    file = io.BytesIO()
    Image.new("RGB", (40 + number, 30), (8 * number, 60, 60)).save(file, "JPEG")
    return {"name": f"IMG_{number:04}.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def test_thirty_pictures_keep_their_order_though_the_first_has_to_be_sent_again(desk, live_server, hospital):
    activity = make_activity(hospital)
    desk.goto(f"{live_server.url}/admin/branches/activity/{activity.pk}/change/")
    refusals = iter(['{"error": "网站这时没能收下。"}'])

    def answer(route):
        body = next(refusals, None) if route.request.method == "POST" else None
        route.fulfill(body=body, content_type="application/json") if body else route.continue_()

    desk.route(DOOR, answer)
    desk.get_by_label("一次选多张照片").set_input_files([drawn(number) for number in range(31)])
    desk.get_by_text("已上传29张，共30张，1张没有成功。").wait_for()
    assert "后面1张没有放进来" in desk.locator(".photos-summary").inner_text()
    assert desk.locator(".is-uploading").first.get_by_text("网站这时没能收下。").is_visible()
    desk.get_by_role("button", name="保存草稿").click()
    desk.get_by_text("还没有保存：有1张照片没有传成功。").wait_for()
    desk.get_by_role("button", name="重试：IMG_0000.jpg").click()
    desk.get_by_text("已上传30张，共30张。").wait_for()
    for width in WIDTHS.values():
        desk.set_viewport_size({"width": width, "height": 900})
        assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")
    keep_picture(desk, "admin-photos")
    follow(desk.get_by_role("button", name="保存草稿"))
    assert [photo.width for photo in activity.photos.all()] == [40 + number for number in range(30)]


def test_captions_order_and_cover_need_no_mouse(desk, live_server, hospital):
    article = make_article(hospital, body="<p>[图1]</p>")
    for number in range(3):
        article.photos.create(image=ContentFile(drawn(number)["buffer"], "a.jpg"), position=number)
    desk.goto(f"{live_server.url}/admin/articles/article/{article.pk}/change/")
    caption, keys = desk.locator("#photos-group input[name$='-caption']:visible"), desk.keyboard
    caption.first.focus()
    for text, key in (("甲", "Enter"), ("乙", "Tab"), ("丙", "ArrowDown")):
        keys.type(text)
        keys.press(key)
    assert desk.evaluate("document.activeElement.name") == "photos-2-alt"
    desk.get_by_role("button", name="上移：图3").press("Enter")
    assert "图3移到了图2的位置，共3张。正文里写了[图1]" in desk.locator(".photos-summary").inner_text()
    desk.get_by_role("button", name="设为封面：图3").press("Enter")
    assert desk.locator(".is-cover").get_by_text("封面：首页和列表里用这一张").is_visible()
    assert [one.input_value() for one in caption.all()][:3] == ["乙", "甲", "丙"]
    follow(desk.get_by_role("button", name="保存草稿"))
    assert [photo.caption for photo in article.photos.all()] == ["乙", "甲", "丙"]
