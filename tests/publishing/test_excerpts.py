"""Marks stand where the words are in the text as written, and nothing in a text can become HTML."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publishing.excerpts import _EACH_TO_ONE, BEFORE, LENGTH, _joins, excerpt, marked
from publishing.search import INVISIBLE, fold, normalise


def unmarked(html: str) -> str:
    return re.sub("</?mark>", "", html)


@pytest.mark.parametrize(
    ("text", "word", "shown"),
    [
        ("第５支部", "5支", "第<mark>５支</mark>部"),
        ("ＣＴ与Mri", "mri", "ＣＴ与<mark>Mri</mark>"),
        ("党建赋能 优质医疗", "赋能优质", "党建<mark>赋能 优质</mark>医疗"),
        ("约½小时", "1⁄2", "约<mark>½</mark>小时"),
        ("义\u200b诊下乡", "义诊", "<mark>义\u200b诊</mark>下乡"),
        ("e\u0301cole", "école", "<mark>e\u0301cole</mark>"),
        ("人人为人", "人", "<mark>人人</mark>为<mark>人</mark>"),
    ],
)
def test_a_word_is_marked_as_it_is_written(text, word, shown):
    assert marked(text, [word]) == shown


def test_all_words_are_marked():
    assert marked("义诊下乡到青石村", ["青石村", "义诊"]) == "<mark>义诊</mark>下乡到<mark>青石村</mark>"


def test_words_that_overlap_have_one_mark():
    assert marked("近视防控讲座", ["近视防控", "防控讲"]) == "<mark>近视防控讲</mark>座"


def test_nothing_in_a_text_becomes_html():
    assert marked('<b>&近视"', ["近视", "<b"]) == "<mark>&lt;b</mark>&gt;&amp;<mark>近视</mark>&quot;"


@given(
    st.text(alphabet=st.characters(codec="utf-8") | st.sampled_from("甲乙 \u200b\u0301Ａ<&ﾞｶΣ\n")), st.text(max_size=3)
)
def test_without_the_marks_it_is_the_escaped_text(text, word):
    assert unmarked(marked(text, [normalise(word)])) == unmarked(marked(text, []))


@given(st.text(alphabet="甲乙丙 ａAＢb\u200b。\n", min_size=1), st.data())
def test_whatever_a_search_finds_is_marked(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    word = normalise(text[start : start + 3])
    assert not word or "<mark>" in marked(text, [word])


def test_an_excerpt_begins_with_the_sentence_of_the_first_word():
    text = "上" * 200 + "。孩子们学会了保护眼睛，预防近视。" + "下" * 200
    assert excerpt(text, ["近视"]).startswith("……孩子们学会了保护眼睛，预防近视。下")


def test_an_excerpt_of_a_long_sentence_shows_what_is_before_the_word():
    text = "上" * 200 + "近视" + "下" * 200
    assert excerpt(text, ["近视"]) == f"……{'上' * BEFORE}近视{'下' * (LENGTH - BEFORE - 2)}……"


def test_an_excerpt_is_found_in_a_text_that_is_written_otherwise():
    assert "ＡＢＣ" in excerpt("上" * 200 + "ＡＢＣ" + "下" * 200, ["abc"])


def test_a_short_text_is_its_own_excerpt():
    assert excerpt("人和小学", ["小学"]) == "人和小学"


def test_an_excerpt_without_the_word_is_the_beginning():
    assert excerpt("上" * 200, ["近视"]) == "上" * LENGTH + "……"


def test_the_quick_way_is_taken_by_characters_only_that_fold_alone_to_one():
    quick = [chr(code) for code in range(0x10000) if _EACH_TO_ONE.fullmatch(chr(code))]
    assert len(quick) > 20_000
    assert not [one for one in quick if len(fold(one)) != 1 or one.isspace() or _joins(one) or INVISIBLE.match(one)]
    assert fold("".join(quick)) == "".join(map(fold, quick))
