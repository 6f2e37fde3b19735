from publishing.search import MAX_TERMS, normalise, terms


def test_text_is_folded_to_half_width_and_lower_case():
    assert normalise("第５支部ＡＢＣ") == "第5支部abc"


def test_what_only_looks_like_a_tag_stays_in_the_text():
    assert normalise("体温<37.3的，血氧>95") == "体温<37.3的,血氧>95"


def test_a_space_between_han_characters_is_no_difference():
    assert normalise("党建赋能 优质医疗 CT") == "党建赋能优质医疗 ct"


def test_a_query_of_two_words_is_two_terms():
    assert terms("近视　筛查") == ["近视", "筛查"]


def test_nul_never_reaches_the_database():
    assert normalise("义\x00诊") == "义诊"


def test_a_query_is_bounded_in_its_number_of_terms():
    assert len(terms("一 二 三 四 五 六 七")) == MAX_TERMS
