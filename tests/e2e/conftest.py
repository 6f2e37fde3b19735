"""A real Chromium against the project's own server, with the demo content loaded."""

import os
import re
from pathlib import Path

import pytest

from hospitals.roles import Role
from tests.browser import NOT_FOUND, find_browser
from tests.factories import make_hospital, make_user
from tests.public_pages import load_site
from tests.snapshots import Snapshot

# Playwright's synchronous API runs an event loop in the test's thread; the test's own database calls are not async.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

PASSWORD = "a-long-enough-password"
WIDTHS = {"desk": 1440, "phone": 390}


@pytest.fixture(scope="session")
def browser_type_launch_args():
    path = find_browser()
    assert path, NOT_FOUND
    arguments = ["--disable-gpu", "--disable-background-networking", "--no-first-run"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--no-sandbox")  # Chromium refuses to run as root with it
    return {"executable_path": path, "args": arguments, "headless": True}


@pytest.fixture(scope="session")
def loaded() -> list[Snapshot]:
    """The demo, once it has been loaded: putting it back is quick."""
    return []


@pytest.fixture
def demo(django_db_serialized_rollback, transactional_db, loaded):
    """The five reports' content and its accounts, all with PASSWORD."""
    if loaded:
        loaded[0].put_back()
        return
    load_site(PASSWORD)
    loaded.append(Snapshot())


@pytest.fixture
def site(demo, live_server) -> str:
    return live_server.url


@pytest.fixture
def page(page):
    """A page whose console must stay free of errors and refusals of the Content-Security-Policy."""
    complaints = listen(page)
    yield page
    assert not complaints


def listen(page) -> list[str]:
    """What the browser will complain of; not that a page which is to be refused was refused."""
    complaints = []

    def hear(message) -> None:
        is_refusal = message.text.startswith("Failed to load resource") and message.location["url"] == page.url
        if message.type == "error" and not is_refusal:
            complaints.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.add_init_script(
        "addEventListener('securitypolicyviolation', event => console.error(event.violatedDirective, event.blockedURI))"
    )
    return complaints


def follow(pressed) -> None:
    """Press what leads to another page, and have that page whole: counting does not wait for what is still coming."""
    with pressed.page.expect_navigation():
        pressed.click()


@pytest.fixture
def hospital():
    return make_hospital()


@pytest.fixture
def desk(page, live_server, hospital):
    """A reporter's browser, signed in; leaving a form with unsaved text is confirmed."""
    make_user(Role.REPORTER, hospital, username="wangfang", password=PASSWORD)
    sign_in(page, live_server.url, "wangfang")
    page.on("dialog", lambda dialog: dialog.accept())
    return page


def sign_in(page, site: str, username: str) -> None:
    page.goto(f"{site}/admin/login/?next=/admin/")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: "/login/" not in url)


def sign_out(page) -> None:
    page.context.clear_cookies()


def hand_in(page, site: str, record) -> None:
    """As the writer: 送审, and yes."""
    page.goto(f"{site}{admin_address(record)}change/")
    page.get_by_role("link", name="送审", exact=True).first.click()
    page.get_by_role("button", name="送审").click()
    page.wait_for_url("**/change/")


def approve(page, site: str, record) -> None:
    """As the reviewer whose turn it is, on the review page."""
    page.goto(f"{site}{admin_address(record)}review/")
    page.get_by_role("button", name=re.compile("^(审核通过|通过并发布)$")).first.click()
    page.wait_for_url(lambda url: "/review/" not in url)


def admin_address(record) -> str:
    return f"/admin/{record._meta.app_label}/{record._meta.model_name}/{record.pk}/"


def keep_picture(page, name: str) -> None:
    """A screenshot to look at, in the folder that SCREENSHOTS names; none otherwise."""
    folder = os.environ.get("SCREENSHOTS")
    if not folder:
        return
    size = page.viewport_size
    for label, width in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=Path(folder) / f"{name}-{label}.png", full_page=True)
    page.set_viewport_size(size)  # the walk goes on in the window it began in
