from datetime import date

import pytest
from django.core.exceptions import ValidationError

from branches.models import Activity
from branches.periods import Period, Precision
from tests.factories import make_activity


def stated(precision, start=None, end=None) -> Activity:
    activity = Activity(precision=precision, start=start, end=end)
    activity.settle_period()
    return activity


@pytest.mark.parametrize(
    ("precision", "first", "last"),
    [
        (Precision.DAY, date(2023, 5, 17), date(2023, 5, 17)),
        (Precision.MONTH, date(2023, 5, 1), date(2023, 5, 31)),
        (Precision.QUARTER, date(2023, 4, 1), date(2023, 6, 30)),
        (Precision.HALF_YEAR, date(2023, 1, 1), date(2023, 6, 30)),
        (Precision.YEAR, date(2023, 1, 1), date(2023, 12, 31)),
    ],
)
def test_any_day_of_a_period_stands_for_the_whole_period(precision, first, last):
    activity = stated(precision, date(2023, 5, 17))
    assert (activity.start, activity.end) == (first, last)


def test_february_of_a_leap_year_ends_on_the_29th():
    assert Period.around(date(2024, 2, 3), Precision.MONTH).end == date(2024, 2, 29)


def test_an_unknown_time_has_no_dates_whatever_was_typed():
    activity = stated(Precision.UNKNOWN, date(2023, 5, 17))
    assert (activity.start, activity.end) == (None, None)


def test_an_end_before_its_start_is_refused_at_the_end():
    with pytest.raises(ValidationError) as refusal:
        stated(Precision.DAY, date(2023, 5, 17), date(2023, 5, 16))
    assert "结束日期早于开始日期" in refusal.value.message_dict["end"][0]


def test_a_missing_date_is_asked_for_at_the_start():
    with pytest.raises(ValidationError) as refusal:
        stated(Precision.MONTH)
    assert "时间未载明" in refusal.value.message_dict["start"][0]


@pytest.mark.parametrize(
    ("period", "headline", "text"),
    [
        (Period.around(date(2023, 6, 1), Precision.DAY), "1", "2023年6月1日"),
        (Period(date(2023, 6, 1), date(2023, 6, 3), Precision.DAY), "1", "2023年6月1日至6月3日"),
        (Period(date(2023, 12, 31), date(2024, 1, 1), Precision.DAY), "31", "2023年12月31日至2024年1月1日"),
        (Period.around(date(2023, 6, 1), Precision.MONTH), "6月", "2023年6月"),
        (Period.around(date(2023, 11, 1), Precision.QUARTER), "第四季度", "2023年第四季度"),
        (Period.around(date(2023, 11, 1), Precision.HALF_YEAR), "下半年", "2023年下半年"),
        (Period.around(date(2024, 1, 1), Precision.YEAR), "全年", "2024年"),
        (Period(date(2023, 3, 1), date(2023, 5, 31), Precision.MONTH), "3月", "2023年3月至5月"),
        (Period(date(2023, 7, 1), date(2024, 6, 30), Precision.HALF_YEAR), "下半年", "2023年下半年至2024年上半年"),
        (Period(date(2022, 1, 1), date(2023, 12, 31), Precision.YEAR), "全年", "2022年至2023年"),
        (Period(None, None, Precision.UNKNOWN), "时间未载明", "时间未载明"),
    ],
)
def test_a_period_reads_as_an_office_would_write_it(period, headline, text):
    assert (period.headline, str(period)) == (headline, text)


def test_a_single_day_names_its_weekday():
    assert Period.around(date(2023, 6, 26), Precision.DAY).with_weekday == "2023年6月26日（星期一）"


def test_a_period_of_several_months_keeps_its_end():
    activity = stated(Precision.MONTH, date(2023, 3, 5), date(2023, 5, 2))
    assert (activity.start, activity.end) == (date(2023, 3, 1), date(2023, 5, 31))


@pytest.mark.django_db
def test_years_go_from_the_latest_to_the_first_and_the_undated_have_none():
    for start in (date(2021, 5, 1), date(2023, 1, 1), None):
        make_activity(start=start, end=start, precision="day" if start else "unknown")
    assert [*Activity.objects.years()] == [2023, 2022, 2021]
    assert [*Activity.objects.none().years()] == []
