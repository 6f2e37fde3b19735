"""Writing an article as an office does: out of Word, out of WeChat, with pictures from the clipboard."""

import base64
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from articles.models import Article
from publishing.richtext import sanitise
from tests.e2e.conftest import keep_picture, sign_in
from tests.e2e.test_accessibility import ANY_RULE, faults, reader
from tests.factories import make_article
from tests.publishing.pasted import SAMPLES, pasted, stored

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_database]

PASTE = """(editor, {html, files}) => {
    const data = new DataTransfer();
    if (html) data.setData('text/html', html);
    for (const {name, type, content} of files || []) {
        data.items.add(new File([Uint8Array.from(atob(content), one => one.charCodeAt())], name, {type}));
    }
    editor.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));
}"""
OPEN = """(editor, html) => { editor.editor.commands.setContent(html); return editor.editor.getHTML(); }"""


@pytest.fixture
def desk(desk, live_server):
    """The form for a new article, opened by a reporter."""
    desk.goto(f"{live_server.url}/admin/articles/article/add/")
    desk.locator(".prose-menubar button").first.wait_for()
    return desk


def editor(page):
    return page.locator(".field-body .ProseMirror")


def body(page) -> str:
    return page.locator("#id_body").input_value()


def drawn(colour: str, kind: str) -> bytes:
    file = BytesIO()
    Image.new("RGB", (640, 400), colour).save(file, kind)
    return file.getvalue()


def picture(name: str, colour: str) -> dict:
    return {"name": name, "type": "image/png", "content": base64.b64encode(drawn(colour, "PNG")).decode()}


def note(page, words: str):
    return page.locator(".field-body .editor-notes").get_by_text(words)


def test_what_word_wps_outlook_and_the_web_paste_keeps_its_structure(desk):
    for name in SAMPLES:
        assert editor(desk).evaluate(OPEN, stored(name)) == stored(name)  # the other direction: nothing changes
        editor(desk).evaluate(OPEN, "")
        editor(desk).evaluate(PASTE, {"html": pasted(name)})
        assert sanitise(body(desk)) == stored(name), name
    editor(desk).evaluate(OPEN, "")
    editor(desk).evaluate(PASTE, {"html": pasted("word")})
    assert "<li><p>测视力、查眼底</p><ul><li><p>老人优先</p></li></ul></li>" in body(
        desk
    )  # at once, not only when saved
    note(desk, "有2段像小标题（“一、主要做法”等）。").wait_for()
    keep_picture(desk, "pasted-word")
    desk.get_by_role("button", name="设为小标题").click()
    assert "<h2>一、主要做法</h2>" in body(desk)
    assert "<h3>（一）下一步打算</h3>" in body(desk)
    assert note(desk, "像小标题").count() == 0


def test_what_wechat_pastes_is_paragraphs_and_its_pictures_are_named(desk):
    editor(desk).evaluate(PASTE, {"html": pasted("wechat")})
    note(desk, "有2张图片没有随文字粘贴过来，请在“稿件照片”里上传。").wait_for()
    assert "<p>7月的暴雨来得又急又猛。</p><p>凌晨两点，<strong>第三支部</strong>" in body(desk)
    desk.get_by_role("button", name="不用").click()
    keep_picture(desk, "pasted-wechat")
    desk.locator("#id_title").fill("党旗在一线")
    desk.get_by_role("button", name="保存草稿").click()
    desk.locator(".messagelist .success").wait_for()
    assert Article.objects.get().body == stored("wechat")


def test_pictures_from_the_clipboard_become_photos_of_the_record(desk, browser, live_server, hospital):
    article = make_article(hospital, body="<p>第一段。</p><p>第二段。</p>")
    article.photos.create(image=ContentFile(drawn("navy", "JPEG"), "a.jpg"), caption="出发前", position=1)
    desk.goto(f"{live_server.url}/admin/articles/article/{article.pk}/change/")
    editor(desk).get_by_text("第一段。").click()
    desk.keyboard.press("End")
    editor(desk).evaluate(PASTE, {"files": [picture("b.png", "green"), picture("c.png", "maroon")]})
    assert body(desk) == "<p>第一段。</p><p>[图2]</p><p>[图3]</p><p>第二段。</p>"
    note(desk, "已放进“稿件照片”：图2、图3").wait_for()
    desk.keyboard.type("[图7]")
    desk.keyboard.press("Enter")
    note(desk, "正文里的[图7]没有对应的照片").wait_for()
    desk.get_by_role("button", name="插入照片").press("Enter")
    dialog = desk.get_by_role("dialog", name="插入照片")
    assert [" ".join(words.split()) for words in dialog.locator("li").all_inner_texts()] == [
        "图1 出发前", "图2 还没有图片说明 已放进正文", "图3 还没有图片说明 已放进正文",
    ]  # fmt: skip
    keep_picture(desk, "photo-chooser")
    desk.keyboard.press("Enter")
    assert body(desk).endswith("<p>[图7]</p><p>[图1]</p><p>第二段。</p>")
    keep_picture(desk, "photos-in-text")
    desk.get_by_role("button", name="保存草稿").click()
    desk.locator(".messagelist .success").wait_for()
    assert [photo.position for photo in article.photos.all()] == [1, 2, 3]
    assert [block["photo"].caption for block in Article.objects.get().blocks if "photo" in block] == ["", "", "出发前"]
    with reader(
        browser, live_server.url
    ) as other:  # axe adds styles of its own, which the policy refuses: nobody listens
        sign_in(other, live_server.url, "wangfang")
        other.goto(f"{live_server.url}/admin/articles/article/{article.pk}/change/")
        other.get_by_role("button", name="插入照片").click()
        assert not faults(other, ANY_RULE)
