import pytest
from hypothesis import given
from hypothesis import strategies as st

from publishing.bigrams import pairs
from publishing.search import MAX_QUERY_LENGTH, MAX_TERMS, normalise, terms


def test_text_is_folded_to_half_width_and_lower_case():
    assert normalise("第５支部ＡＢＣ") == "第5支部abc"


def test_what_only_looks_like_a_tag_stays_in_the_text():
    assert normalise("体温<37.3的，血氧>95") == "体温<37.3的,血氧>95"


def test_a_space_between_han_characters_is_no_difference():
    assert normalise("党建赋能 优质医疗 CT") == "党建赋能优质医疗 ct"


def test_what_nobody_sees_is_no_difference():
    assert normalise("义\u200b诊\ufeff下\u00ad乡") == "义诊下乡"


def test_nul_never_reaches_the_database():
    assert normalise("义\x00诊") == "义诊"


def between(first: str, last: str):
    return st.characters(min_codepoint=ord(first), max_codepoint=ord(last))


@given(st.text(between("\u3400", "\u9fff") | between("!", "~") | between("！", "～") | st.just("\u200b")), st.data())
def test_any_part_of_a_text_is_found_in_it_however_it_is_folded(text, data):
    start, end = sorted(data.draw(st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))))
    assert normalise(text[start:end]) in normalise(text)


def test_a_query_of_two_words_is_two_terms():
    assert terms("近视　筛查") == ["近视", "筛查"]


@pytest.mark.parametrize(
    "query", ['"近视 筛查"', "“近视 筛查”", "「近视 筛查」", "『近视 筛查』", "＂近视　筛查＂", "｢近视 筛查｣"]
)
def test_what_is_in_quotes_is_one_phrase(query):
    assert terms(query) == ["近视筛查"]


def test_words_before_between_and_after_phrases_are_terms_as_well():
    assert terms("义诊“眼 科”下乡 “ABC def”讲座") == ["义诊", "眼科", "下乡", "abc def", "讲座"]


def test_a_quote_that_is_not_closed_is_a_character_like_others():
    assert terms("优质医疗“动") == ["优质医疗“动"]


def test_empty_quotes_ask_for_nothing():
    assert terms('“” "" 「 」') == []


def test_a_term_that_is_there_twice_counts_once():
    assert terms("ABC ａｂｃ") == ["abc"]


def test_a_query_is_bounded_in_its_number_of_terms():
    assert len(terms("一 二 三 四 五 六 七")) == MAX_TERMS


def test_a_query_is_bounded_in_its_length():
    assert terms("长" * (MAX_QUERY_LENGTH + 1)) == ["长" * MAX_QUERY_LENGTH]


def test_the_pairs_of_words_are_those_of_neighbours():
    assert pairs(["义诊下乡", "义诊", "人"]) == ["下乡", "义诊", "诊下"]
