"""Writing an article as an office does: out of Word, out of WeChat, with pictures from the clipboard."""

import base64
from io import BytesIO

import pytest
from PIL import Image

from articles.models import Article
from hospitals.roles import Role
from publishing.richtext import sanitise
from tests.e2e.conftest import PASSWORD, keep_picture, sign_in
from tests.e2e.test_accessibility import ANY_RULE, faults
from tests.factories import make_article, make_hospital, make_user
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
def hospital():
    return make_hospital()


@pytest.fixture
def desk(page, live_server, hospital):
    """The form for a new article, opened by a reporter."""
    make_user(Role.REPORTER, hospital, username="wangfang", password=PASSWORD)
    sign_in(page, live_server.url, "wangfang")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{live_server.url}/admin/articles/article/add/")
    page.locator(".prose-menubar button").first.wait_for()
    return page


def editor(page):
    return page.locator(".field-body .ProseMirror")


def body(page) -> str:
    return page.locator("#id_body").input_value()


def picture(name: str, colour: str) -> dict:
    file = BytesIO()
    Image.new("RGB", (640, 400), colour).save(file, "PNG")
    return {"name": name, "type": "image/png", "content": base64.b64encode(file.getvalue()).decode()}


@pytest.mark.parametrize("name", SAMPLES)
def test_x(desk, name):
    editor(desk).evaluate(PASTE, {"html": pasted(name)})
    print(body(desk))
    keep_picture(desk, f"paste-{name}")
    assert sanitise(body(desk)) == stored(name)
    assert editor(desk).evaluate(OPEN, stored(name)) == stored(name)
