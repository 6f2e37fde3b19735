"""What holds for every text and every number, not only for the examples."""

import string
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from publishing.quantities import Precision, Quantity, QuantityError, Total, check_unit, echo, parse

modest = settings(deadline=None, max_examples=150, database=None)
thorough = settings(deadline=None, max_examples=400, database=None)

NUMBER_CHARACTERS = (
    "0123456789０１,，.。-—~～至零一二两三五八十百千万亿廿壹几数半点余多来近约超不少于以上左右第每"
    "个场人次小时年月日%％ ()（）“”+>/wk\u200b\u3000"
)
BEFORE = ["共", "累计", "近", "超过", "不少于", "上", "约", "不超过", "第"]
NUMBERS = ["1", "60", "1,200", "1.5", "三十", "十几", "数百", "半", "三四", "几", "百", "万", "亿"]
AFTER = ["余", "多", "来", "个", "场", "人次", "小时", "名党员", "%", "以上", "左右", "以内", "、", "至", "-", " "]
WORDS = BEFORE + NUMBERS + AFTER
UNITS = ["", "场", "人次", "人", "小时", "%", "个"]

whole_numbers = st.integers(min_value=0, max_value=10**12 - 1)
small_numbers = st.integers(min_value=1, max_value=99_999_999)
tens = st.integers(min_value=1, max_value=9_999_999).map(lambda number: 10 * number)
decimals = st.decimals(min_value=0, max_value=Decimal("999999999999.99"), places=2)
any_text = st.text(max_size=70) | st.text(alphabet=NUMBER_CHARACTERS, max_size=14)
phrases = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map("".join) | any_text


def in_chinese(number: int) -> str:
    """一千零五 for 1005: the standard reading, with 零 where places are empty."""
    digits = "零一二三四五六七八九"
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        rest = "" if not low else ("零" if low < 1000 else "") + section(low)
        return f"{in_chinese(high)}万{rest}"
    return section(number) if number else digits[0]


def section(number: int) -> str:
    text, gap = "", False
    for scale, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, scale)
        if digit:
            text += ("零" if gap and text else "") + "零一二三四五六七八九"[digit] + word
            gap = False
        else:
            gap = True
    return text


def understood(text: str) -> Quantity | None:
    try:
        return parse(text)
    except QuantityError:
        return None


@thorough
@given(phrases)
@example("\ud800")
@example("\x00")
@example("9" * 60)
@example("0." + "0" * 50 + "1")
@example("9" * 58 + "半")
@example("共计" * 30)
@example("㍘")
def test_no_text_raises_anything_but_the_quantity_error(text):
    understood(text)


@thorough
@given(phrases, st.sampled_from(UNITS))
def test_what_is_understood_can_be_shown_echoed_checked_and_summed(text, unit):
    quantity = understood(text)
    if quantity is not None:
        assert quantity.display(unit) and echo(quantity, unit)
        check_unit(quantity, unit)
        Total.of([quantity, quantity]).display(unit)


@thorough
@given(phrases, st.sampled_from(UNITS))
def test_what_is_shown_reads_as_the_same_figure(text, unit):
    quantity = understood(text)
    if quantity is not None:
        again = parse(quantity.display(unit))
        assert (again.value, again.precision) == (quantity.value, quantity.precision)


@modest
@given(decimals, st.sampled_from([precision for precision in Precision if precision != Precision.VAGUE]))
def test_a_figure_without_words_is_shown_so_that_it_reads_the_same(value, precision):
    again = parse(Quantity(value, precision, "").display())
    assert (again.value, again.precision) == (value, precision)


@thorough
@given(phrases)
def test_only_vague_words_have_no_value(text):
    quantity = understood(text)
    if quantity is not None:
        assert (quantity.value is None) == (quantity.precision == Precision.VAGUE)


@thorough
@given(phrases)
def test_a_value_always_fits_its_column(text):
    quantity = understood(text)
    if quantity is not None and quantity.value is not None:
        assert 0 <= quantity.value < 10**12 and quantity.value == round(quantity.value, 2)
        assert len(quantity.as_stated) <= 60


@modest
@given(whole_numbers)
def test_digits_mean_what_they_say(number):
    assert parse(str(number)).value == parse(f"{number:,}").value == number


@modest
@given(decimals)
def test_two_decimals_are_kept(value):
    assert parse(str(value)).value == value


@thorough
@given(st.integers(min_value=0, max_value=99_999_999))
def test_chinese_numerals_mean_their_number(number):
    assert parse(f"{in_chinese(number)}个" if number % 2 else in_chinese(number)).value == number


@modest
@given(tens, st.sampled_from(["余", "多"]))
def test_chinese_numerals_take_a_marker(number, marker):
    quantity = parse(in_chinese(number) + marker)
    assert (quantity.value, quantity.precision) == (number, Precision.AT_LEAST)


@modest
@given(phrases)
def test_full_width_characters_read_as_their_half_width_forms(text):
    wide = "".join(chr(ord(c) + 0xFEE0) if c in string.digits + string.punctuation else c for c in text)
    narrow, widened = understood(text), understood(wide)
    assert (narrow is None) == (widened is None)
    if narrow is not None:
        assert (narrow.value, narrow.precision, narrow.unit) == (widened.value, widened.precision, widened.unit)


@modest
@given(whole_numbers, st.sampled_from(["余", "多", "以上", "左右", "来", "+"]))
def test_a_marker_behind_the_number_never_changes_the_value(number, marker):
    assert parse(f"{number}{marker}").value == number


@modest
@given(whole_numbers, st.sampled_from(["近", "将近", "约", "超", "超过", "不少于", "逾", "不到", "至少"]))
def test_a_marker_before_the_number_never_changes_the_value(number, marker):
    quantity = parse(f"{marker}{number}")
    assert quantity.value == number and not quantity.is_exact


@modest
@given(st.integers(min_value=0, max_value=99_999_999), st.sampled_from(["", "余", "多", "以上"]))
def test_ten_thousands_are_ten_thousands(number, marker):
    assert parse(f"{number}万{marker}").value == number * 10_000


@modest
@given(st.integers(min_value=1, max_value=9_999_999), st.sampled_from(["余", "多"]))
def test_a_marker_may_stand_before_the_ten_thousands(number, marker):
    assert parse(f"{number}{marker}万").value == number * 10_000


@modest
@given(whole_numbers, st.sampled_from(["", "余"]), st.sampled_from(["场", "人次", "名", "小时", "个家庭"]))
def test_a_unit_never_changes_the_figure(number, marker, unit):
    with_unit, without = parse(f"{number}{marker}{unit}"), parse(f"{number}{marker}")
    assert (with_unit.value, with_unit.precision) == (without.value, without.precision)


@modest
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map("".join))
def test_the_words_are_kept_exactly(text):
    quantity = understood(f" {text}\n")
    if quantity is not None:
        assert quantity.as_stated == " ".join(text.split())


@thorough
@given(any_text)
def test_no_number_is_read_where_none_is_written(text):
    quantity = understood(text)
    if quantity is not None and quantity.value is not None:
        assert any(
            unicodedata.numeric(c, None) is not None or c in "半两兩" for c in unicodedata.normalize("NFKC", text)
        )


@modest
@given(st.lists(st.sampled_from(["12", "60余", "近20", "约5", "几百", "0.5", ""]), max_size=8))
def test_a_sum_counts_every_part_once(texts):
    total = Total.of([parse(text) if text else None for text in texts])
    assert total.exact + total.at_least + total.approximate + total.without_value == len(texts)


@modest
@given(st.lists(st.sampled_from(["12", "60余", "近20", "几百"]), min_size=1, max_size=8))
def test_a_sum_with_inexact_parts_never_looks_exact(texts):
    total = Total.of([parse(text) for text in texts])
    assert total.is_exact == (set(texts) == {"12"})
    assert total.is_exact == total.display().isdecimal()


@pytest.mark.parametrize("number", [0, 10, 100, 105, 1005, 1050, 10_005, 100_500, 10_000_000, 20_300_040])
def test_the_generator_of_chinese_numerals_is_the_standard_one(number):
    known = {0: "零", 10: "一十", 100: "一百", 105: "一百零五", 1005: "一千零五", 1050: "一千零五十", 10_005: "一万零五",
             100_500: "一十万零五百", 10_000_000: "一千万", 20_300_040: "二千零三十万零四十"}  # fmt: skip
    assert in_chinese(number) == known[number]
