"""A time as the ledger writes it is read back as the same time; what offices type besides is understood."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from branches.periods import Period, Precision
from branches.stated_periods import PeriodError, read_period

DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))
KNOWN = [precision for precision in Precision if precision != Precision.UNKNOWN]


@given(DAYS, DAYS, st.sampled_from(KNOWN))
def test_every_period_is_read_back_from_its_words(one, other, precision):
    first, last = Period.around(min(one, other), precision), Period.around(max(one, other), precision)
    for period in (first, Period(first.start, last.end, precision)):
        assert read_period(str(period)) == period


def test_an_unknown_time_is_read_back():
    unknown = Period(None, None, Precision.UNKNOWN)
    assert read_period(str(unknown)) == unknown


@pytest.mark.parametrize(
    "text",
    [
        "2023-06-01",
        "2023/6/1",
        "2023.6.1",
        "2023年6月1日",
        "２０２３年６月１日",
        " 2023 年 6 月 1 号 ",
        "2023-06-01 00:00:00",
    ],
)
def test_the_ways_to_write_a_day(text):
    assert read_period(text) == Period.around(date(2023, 6, 1), Precision.DAY)


@pytest.mark.parametrize("text", ["2023年6月1日至3日", "2023-06-01至2023-06-03", "2023年6月1日—6月3日"])
def test_the_ways_to_write_several_days(text):
    assert read_period(text) == Period(date(2023, 6, 1), date(2023, 6, 3), Precision.DAY)


@pytest.mark.parametrize(
    ("text", "precision"),
    [
        ("2023-06", Precision.MONTH),
        ("2023年6月份", Precision.MONTH),
        ("2023年2季度", Precision.QUARTER),
        ("2023年度", Precision.YEAR),
        ("2023", Precision.YEAR),
        ("2023年全年", Precision.YEAR),
    ],
)
def test_the_ways_to_write_longer_times(text, precision):
    assert read_period(text).precision == precision


@pytest.mark.parametrize(
    "text",
    [
        "",
        "6月1日",
        "2023-13-01",
        "2023年2月30日",
        "去年",
        "2023年6月3日至1日",
        "2023年6月至2023年6月1日",
        "1日",
        "至",
        "2023-6/1",
        "0000年",
    ],
)
def test_what_is_no_time_is_refused_with_what_to_type(text):
    with pytest.raises(PeriodError) as refusal:
        read_period(text)
    assert refusal.value.messages[0].endswith("。")


@given(st.text(max_size=30))
def test_no_text_makes_it_fail(text):
    with suppress(PeriodError):
        read_period(text)
