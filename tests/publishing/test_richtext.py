import re
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import example, given, settings
from hypothesis import strategies as st

from articles.models import Article
from publishing.richtext import EXTENSIONS, plain_text, sanitise
from tests.factories import make_article

CATALOGUE = Path(__file__).resolve().parents[2] / "locale/zh_Hans/LC_MESSAGES"

NAMES = (
    "p h1 h2 h3 h4 b strong i em ul ol li table tbody thead tr td th a blockquote hr br div span object svg math style "
    "script title textarea template form select option caption colgroup noscript plaintext mtext desc section font"
)
TAGS = NAMES.split()
PIECES = st.one_of(
    st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS]),
    st.sampled_from(
        ["<a href='javascript:x'>", "<td rowspan=2 colspan=3 onclick=x>", "<!--", "-->", "<![CDATA[", "]]>", "&nbsp;"]
    ),
    st.sampled_from(["&lt;p&gt;", "<a title='<p></p><h1>' href=//a.b>", "<h1 title='a>b'>", "<ol start=3>", "\n", " "]),
    st.text(max_size=3),
)


@settings(max_examples=400, deadline=None)
@example("<p><object><p>what lay inside a removed element reads differently in its new place</p></object></p>")
@given(st.lists(PIECES, max_size=14).map("".join))
def test_what_is_sanitised_stays_as_it_is(html):
    once = sanitise(html)
    assert sanitise(once) == once


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=14).map("".join))
def test_nothing_but_the_allowed_elements_comes_through(html):
    allowed = "p|h2|h3|strong|em|ul|ol|li|blockquote|hr|br|a|table|thead|tbody|tr|th|td"
    assert not re.search(rf"<(?!/?(?:{allowed})[\s>])", sanitise(html))


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<style>p{color:red}</style>",
        "<p onclick='alert(1)'>字</p>",
        "<a href='javascript:alert(1)'>字</a>",
        "<a href=' JaVaScRiPt:alert(1)'>字</a>",
        "<a href='data:text/html,<script>alert(1)</script>'>字</a>",
        "<img src=x onerror=alert(1)>",
        "<svg><script>alert(1)</script></svg>",
        "<p style='background:url(javascript:alert(1))'>字</p>",
    ],
)
def test_nothing_that_runs_comes_through(html):
    clean = sanitise(html)
    assert not re.search(r"script|style|onclick|onerror|data:|alert", clean)


def test_the_text_of_what_is_removed_stays():
    assert sanitise("<div><font color=red>红字</font></div>") == "<p>红字</p>"


def test_a_table_keeps_its_merged_cells():
    table = '<table><tbody><tr><td colspan="2" rowspan="2"><p>合并</p></td><td><p>一</p></td></tr><tr><td><p>二</p></td></tr></tbody></table>'
    assert sanitise(table) == table


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("<h1>题</h1>", "<h2>题</h2>"),
        ("<h1 style='x' title='a>b'>题</h1>", "<h2>题</h2>"),
        ("<h5>题</h5>", "<h3>题</h3>"),
        ("<p><b>粗</b><i>斜</i></p>", "<p><strong>粗</strong><em>斜</em></p>"),
        ("<p>字</p><p>&nbsp;</p><p><br></p>", "<p>字</p>"),
        ('<p lang="en" title="t" class="MsoNormal">字</p>', "<p>字</p>"),
        ('<p><a href="tel:8722000">热线</a></p>', '<p><a href="tel:8722000">热线</a></p>'),
    ],
)
def test_the_structure_of_a_word_document_stays(typed, kept):
    assert sanitise(typed) == kept


def test_a_text_without_elements_is_a_paragraph():
    assert sanitise("5 < 6 & 7") == "<p>5 &lt; 6 &amp; 7</p>"


@pytest.mark.django_db
def test_whatever_is_saved_is_sanitised_first():
    article = make_article(body="<p>字</p><script>alert(1)</script>")
    assert Article.objects.get(pk=article.pk).body == "<p>字</p>"


def test_plain_text_has_a_line_for_each_block_and_no_entities():
    assert plain_text("<h2>题</h2><p>甲<br>乙 &amp; 丙</p>") == "题\n甲\n乙 & 丙"


def test_the_editor_offers_no_menu_that_opens():
    assert not [group for group in EXTENSIONS["Menu"]["groups"] if group.get("type") == "dropdown"]


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_the_compiled_catalogue_says_what_its_source_says(domain):
    source = (CATALOGUE / f"{domain}.po").read_text(encoding="utf-8")
    pairs = re.findall(r'^msgid ((?:".*"\n)+)msgstr ((?:".*"\n?)+)', source, re.MULTILINE)
    with (CATALOGUE / f"{domain}.mo").open("rb") as file:
        compiled = translation.trans_real.gettext_module.GNUTranslations(file)
    joined = [tuple("".join(re.findall(r'"(.*)"', part)) for part in pair) for pair in pairs]
    assert len(joined) > 5
    assert {text: compiled.gettext(text) for text, _words in joined if text} == dict(pair for pair in joined if pair[0])
