from publishing.search import MAX_TERMS, normalise, terms


def test_text_is_folded_to_half_width_and_lower_case():
    assert normalise("第５支部ＡＢＣ") == "第5支部abc"


def test_tags_are_no_part_of_the_text():
    assert normalise("<p>党建<strong>引领</strong></p>") == "党建引领"


def test_entities_are_read_as_their_characters():
    assert normalise("A&amp;B") == "a&b"


def test_nul_never_reaches_the_database():
    assert normalise("义\x00诊") == "义诊"


def test_a_query_is_bounded_in_its_number_of_terms():
    assert len(terms("一 二 三 四 五 六 七")) == MAX_TERMS
