"""An article and an activity on A4: all of the text, in a file that has pages. (What is left out on paper: test_reading.py.)"""

import re

import pytest

from tests.public_pages import addresses

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize("name", ["article", "article-with-photos", "activity", "activity-summary"])
def test_every_word_of_a_record_is_on_paper(page, site, name):
    page.goto(site + addresses()[name])
    texts = page.locator("h1, .prose p, .facts dt, .facts dd")
    on_screen = [text for text in texts.all_inner_texts() if text.strip()]
    page.emulate_media(media="print")
    assert [text for text in texts.all_inner_texts() if text.strip()] == on_screen
    assert len(on_screen) > 3


@pytest.mark.parametrize(("name", "most"), [("article", 6), ("activity", 2)])
def test_a_record_is_printed_on_few_sheets(page, site, name, most):
    page.goto(site + addresses()[name])
    sheets = re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))
    sizes = set(re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", page.pdf(prefer_css_page_size=True)))
    assert 1 <= len(sheets) <= most
    assert {(round(float(width)), round(float(height))) for width, height in sizes} == {(595, 842)}  # A4 in points
