"""``make screenshots``: every kind of public page as a picture, to be laid beside the design. No part of the tests.

The demo is loaded with its own drawings here. Names end with the width, and with the mode where it is not the usual one.
"""

import os
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.e2e.conftest import PASSWORD, WIDTHS
from tests.factories import make_grey_period
from tests.public_pages import PAGES, TYPES, addresses

MODES = {
    "dark": {"color_scheme": "dark"},
    "forced-colors": {"forced_colors": "active"},
    "more-contrast": {"contrast": "more"},
}
PRINTED = {"article", "article-with-photos", "activity", "activity-summary", "activities", "hospital", "statistics"}
ALL_PICTURES = """Promise.all([...document.images].map(image => {
    image.loading = 'eager';
    return image.complete || new Promise(done => { image.onload = image.onerror = done; });
}))"""


@pytest.fixture
def folder() -> Path:
    path = Path(os.environ["SCREENSHOTS"])
    path.mkdir(parents=True, exist_ok=True)
    return path


@pytest.fixture
def site(django_db_serialized_rollback, transactional_db, settings, monkeypatch, live_server) -> str:
    settings.DEBUG = True  # load_demo refuses to run anywhere else
    monkeypatch.setenv("DEMO_PASSWORD", PASSWORD)
    call_command("load_demo", verbosity=0)
    settings.DEBUG = False
    return live_server.url


def shoot(page, address: str, path: Path, widths=WIDTHS) -> None:
    for label, width in widths.items():
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(address)
        page.evaluate(ALL_PICTURES)
        page.screenshot(path=path.with_name(path.name.replace("{width}", label)), full_page=True)


def test_pictures_of_every_public_page(browser, site, folder):
    plain = browser.new_page(reduced_motion="reduce")
    for name, address in addresses(PAGES).items():
        shoot(plain, site + address, folder / f"{name}-{{width}}.png")
    for name, address in addresses(TYPES).items():
        for mode, media in MODES.items():
            plain.emulate_media(**media)
            shoot(plain, site + address, folder / f"{name}-{{width}}-{mode}.png", {"desk": WIDTHS["desk"]})
            plain.emulate_media(color_scheme="light", forced_colors="none", contrast="no-preference")
        if name in PRINTED:
            plain.goto(site + address)
            plain.evaluate(ALL_PICTURES)
            plain.pdf(path=folder / f"{name}-print.pdf", prefer_css_page_size=True)
    plain.context.add_cookies([{"name": "care", "value": "1", "url": site}])
    for name, address in addresses(TYPES).items():
        shoot(plain, site + address, folder / f"{name}-{{width}}-care.png")
    plain.context.clear_cookies()
    make_grey_period(first_day="2000-01-01", last_day="2100-01-01")
    for name in ("home", "branch", "statistics"):
        shoot(plain, site + addresses(TYPES)[name], folder / f"{name}-{{width}}-grey.png", {"desk": WIDTHS["desk"]})
