"""A year beside the one before: only where both are known, and no more said than the two numbers say."""

from datetime import date

import pytest

from branches.models import Measure
from branches.overview import numbers_of
from branches.periods import Period, Precision
from branches.statistics import Scope
from branches.year_on_year import Change, spans_of, year_before
from publishing.quantities import Total, parse
from tests.factories import make_activity, make_hospital


def total(*stated: str) -> Total:
    return Total.of(parse(text) for text in stated)


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (["12"], ["10"], "+2（+20%）"),
        (["9"], ["12"], "−3（−25%）"),
        (["10"], ["10"], "0（0%）"),
        (["10"], ["3"], "+7（+233.3%）"),
        (["5"], ["0"], "+5"),
        (["5"], [], ""),
        ([], ["5"], ""),
        (["5"], ["几百"], ""),
        (["60余"], ["50"], "至少+10（至少+20%）"),
        (["40余"], ["50"], "至多−10（至多−20%）"),
        (["60"], ["50余"], "至多+10（至多+20%）"),
        (["40"], ["50余"], "至少−10（至少−20%）"),
        (["60余"], ["50余"], "约+10（约+20%）"),
        (["约60"], ["50"], "约+10（约+20%）"),
        (["60", "几百"], ["50"], "至少+10（至少+20%）"),
    ],
)
def test_a_change_says_no_more_than_the_two_numbers_do(now, before, words):
    assert Change(2023, "全年", total(*now), total(*before)).words == words


def test_a_year_that_is_over_is_compared_as_a_whole():
    assert spans_of(2023, date(2026, 11, 29)).words == "全年"


@pytest.mark.parametrize(
    ("today", "words", "end"),
    [
        (date(2026, 11, 29), "1—11月同期", date(2026, 11, 30)),
        (date(2026, 1, 5), "1月同期", date(2026, 1, 31)),
        (date(2024, 2, 10), "1—2月同期", date(2024, 2, 29)),
    ],
)
def test_a_year_that_is_not_over_is_compared_by_the_months_that_have_begun(today, words, end):
    spans = spans_of(today.year, today)
    assert (spans.words, spans.now.end) == (words, end)
    assert (spans.before.end.year, spans.before.end.month) == (today.year - 1, today.month)


def test_a_year_to_come_is_not_compared():
    assert spans_of(2027, date(2026, 11, 29)) is None


def test_the_end_of_february_stays_the_end_of_february():
    leap = Period(date(2024, 2, 1), date(2024, 2, 29), Precision.DAY)
    assert year_before(leap).end == date(2023, 2, 28)
    assert year_before(Period(date(2025, 2, 1), date(2025, 2, 28), Precision.DAY)).end == date(2024, 2, 29)


@pytest.mark.django_db
def test_the_page_sets_the_year_beside_the_year_before(client):
    hospital = make_hospital(slug="jinxiang")
    for year, stated in ((2022, "50"), (2023, "60余")):
        make_activity(hospital, start=date(year, 5, 1), figures={"visits": stated}, public=True)
    found = numbers_of(Scope(hospital, 2023, Measure.objects.get(slug="visits"))).change
    assert (found.now.display(), found.before.display()) == ("至少60（含约数1项）", "50")
    text = client.get("/statistics/?hospital=jinxiang&year=2023&measure=visits").content.decode()
    assert "<b>至少+10（至少+20%）</b>" in text


@pytest.mark.django_db
def test_a_year_without_a_year_before_says_that_it_is_not_compared(client):
    make_activity(make_hospital(), public=True)
    assert "上年没有可比的数，不比。" in client.get("/statistics/?year=2023").content.decode()


@pytest.mark.django_db
def test_of_this_year_the_months_until_now_are_compared(monkeypatch):
    monkeypatch.setattr("branches.overview.timezone.localdate", lambda: date(2023, 6, 10))
    for day in (date(2022, 6, 30), date(2022, 7, 1), date(2023, 6, 1)):
        make_activity(start=day, end=day, public=True)
    found = numbers_of(Scope(year=2023)).change
    assert (found.span, found.words) == ("1—6月同期", "0（0%）")
