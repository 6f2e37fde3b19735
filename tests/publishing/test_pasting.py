"""Both directions: what is stored of the clipboard of real programs, and that the editor opens it as it is."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publishing.richtext import sanitise
from tests.publishing.pasted import SAMPLES, pasted, stored
from tests.publishing.test_richtext import PIECES

INLINE = r"(?:[^<]|<br>|<a [^>]*>|</a>|</?(?:strong|em)>)"
# What the editor's schema can hold and writes, from the inside out; each round stands for one more level of nesting.
GRAMMAR = [
    rf"<(p|h2|h3)>{INLINE}*</\1>|<hr>",
    r"<ul>(?:<li>¶+</li>)+</ul>|<ol data-type=\"decimal\"(?: start=\"\d+\")?>(?:<li>¶+</li>)+</ol>",
    r"<blockquote>¶+</blockquote>",
    r"<table><tbody>(?:<tr>(?:<t[dh](?: colspan=\"\d+\")?(?: rowspan=\"\d+\")?>¶+</t[dh]>)*</tr>)+</tbody></table>",
]


def is_the_editors(html: str) -> bool:
    before = None
    while html != before:
        before = html
        for pattern in GRAMMAR:
            html = re.sub(pattern, "¶", html)
    return re.fullmatch("¶*", html) is not None


@pytest.mark.parametrize("name", SAMPLES)
def test_of_the_clipboard_the_structure_is_stored_and_nothing_else(name):
    assert sanitise(pasted(name)) == stored(name)


@pytest.mark.parametrize("name", SAMPLES)
def test_what_is_stored_is_what_the_editor_would_write(name):
    assert sanitise(stored(name)) == stored(name)
    assert is_the_editors(stored(name))


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=14).map(lambda pieces: "".join(pieces).replace("¶", "")))
def test_whatever_comes_is_stored_in_the_form_of_the_editor(html):
    assert is_the_editors(sanitise(html))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("第一段\n\n第二段", "<p>第一段</p><p>第二段</p>"),
        ("<p>原有一段</p>\n又写一段\r\n再写一段", "<p>原有一段</p><p>又写一段</p><p>再写一段</p>"),
        ("<p>一行\n还是这一段</p>", "<p>一行 还是这一段</p>"),
    ],
)
def test_lines_typed_without_the_editor_are_paragraphs(typed, kept):
    assert sanitise(typed) == kept


@pytest.mark.parametrize("indent", ["　　", "&nbsp;&nbsp;&nbsp;&nbsp;", "&emsp;&emsp;", "  \u200b　", "<br>　　"])
def test_an_indent_is_left_to_the_page(indent):
    assert sanitise(f"<p>{indent}<strong>　字</strong>　</p>") == "<p><strong>字</strong></p>"


def test_a_blank_within_the_words_stays():
    assert sanitise("<h2>党建赋能　优质医疗</h2><p>李　明 等</p>") == "<h2>党建赋能　优质医疗</h2><p>李　明 等</p>"


def test_a_line_break_of_the_text_stays_and_an_empty_line_parts_paragraphs():
    assert (
        sanitise("<p>地址：一楼<br>电话：120<br><br>　　另起一段</p>")
        == "<p>地址：一楼<br>电话：120</p><p>另起一段</p>"
    )


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("<p>1200m<sup>2</sup></p>", "<p>1200m²</p>"),
        ("<p>CO<sub>2</sub></p>", "<p>CO₂</p>"),
        ("<p><b>10<sup>－</sup></b><sup>第2届</sup></p>", "<p><strong>10－</strong>第2届</p>"),
        ("<p>10<span style='vertical-align: super'><b>-3</b></span></p>", "<p>10<strong>⁻³</strong></p>"),
        ("<table><tr><td style='vertical-align:sub'>2</td></tr></table>", "<table><tbody><tr><td><p>2</p></td></tr></tbody></table>"),
    ],
)  # fmt: skip
def test_what_is_set_higher_or_lower_is_written_in_characters_that_say_so(html, kept):
    assert sanitise(html) == kept


LINE = "<p style='mso-list:l0 level{} lfo1'><span style='mso-list:Ignore'>{}&nbsp; </span>{}</p>"


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        ([(1, "·", "甲"), (3, "§", "乙")], "<ul><li><p>甲</p><ul><li><p>乙</p></li></ul></li></ul>"),
        ([(2, "1.", "甲"), (1, "2.", "乙")], "<ol><li><p>甲</p></li></ol><ol start=2><li><p>乙</p></li></ol>"),
        ([(1, "1)", "甲"), (1, "1)", "乙")], "<ol><li><p>甲</p></li></ol><ol><li><p>乙</p></li></ol>"),
        ([(1, "·", "甲"), (1, "1.", "乙")], "<ul><li><p>甲</p></li></ul><ol><li><p>乙</p></li></ol>"),
        ([(1, "第一条", "甲"), (1, "1.2", "乙")], "<p>第一条甲</p><p>1.2 乙</p>"),
        ([(1, "一、", "甲"), (2, "（一）", "乙")], "<p>一、甲</p><p>（一）乙</p>"),
    ],
)
def test_list_paragraphs_of_word(lines, kept):
    expected = kept.replace("<ol", '<ol data-type="decimal"').replace("start=2", 'start="2"')
    assert sanitise("".join(LINE.format(*line) for line in lines)) == expected


@pytest.mark.parametrize(
    "hostile",
    [
        "<div>" * 100_000 + "字",
        "<div></q>" * 100_000 + "字",
        "<ul><li>" * 50_000 + "字",
        "<b>" * 100_000 + "字",
        "<table><tr><td>" * 30_000 + "字",
    ],
    ids=["div", "closed otherwise", "list", "bold", "table"],
)
def test_no_nesting_keeps_the_server_busy(hostile):
    assert sanitise(hostile) == "<p>字</p>"


def test_a_table_with_hostile_spans_stays_small():
    html = "<table>" + "<tr><td colspan=999 rowspan=999>字" * 5_000
    assert len(sanitise(html)) < 10 * len(html)


def test_a_million_blanks_keep_the_server_no_busier_than_words():
    text = "<p>甲" + "　" * 1_000_000 + "乙</p>"
    assert sanitise(text) == text
