"""What a chart says over itself: natural, true in a tie, and careful with numbers that are not exact."""

from datetime import date

import pytest

from branches.charts import Bar, Bars, leading, months_of
from publishing.quantities import Total, parse

TODAY = date(2024, 5, 31)


def bar(name: str, *stated: str) -> Bar:
    return Bar(name, Total.of(map(parse, stated)), "")


def says(*bars: Bar, shares: bool = True) -> str:
    return leading(bars, "场", alone="全部是%s", shares=shares)


@pytest.mark.parametrize(
    ("bars", "sentence"),
    [
        ([bar("义诊", "6"), bar("党课", "3"), bar("慰问", "2")], "义诊占一半以上，6场"),
        ([bar("义诊", "5"), bar("党课", "3"), bar("慰问", "2")], "义诊占一半，5场"),
        ([bar("党课", "3"), bar("义诊", "4"), bar("慰问", "2")], "义诊最多，4场"),
        ([bar("义诊", "4")], "全部是义诊，4场"),
        ([bar("义诊", "4"), bar("党课", "4"), bar("慰问", "1")], "义诊和党课并列最多，都是4场"),
        ([bar("义诊", "4"), bar("党课", "4"), bar("慰问", "4"), bar("筛查", "1")], "义诊、党课和慰问并列最多，都是4场"),
        ([*(bar(name, "4") for name in "甲乙丙丁"), bar("戊", "1")], "有4项并列最多，都是4场"),
        ([bar("义诊", "4"), bar("党课", "4")], "义诊和党课一样多，都是4场"),
        ([bar("义诊", "0"), bar("党课", "0")], "登记的数都是0场"),
        ([], ""),
        ([bar("义诊", "几百")], ""),
        ([bar("义诊", "18694"), bar("党课", "1")], "义诊占一半以上，18,694场"),
    ],
)
def test_the_title_states_what_leads(bars, sentence):
    assert says(*bars) == sentence


def test_a_leader_with_an_inexact_part_has_at_least_so_many():
    assert says(bar("义诊", "60余", "3"), bar("党课", "3")) == "按已有数字，义诊最多，至少63场"


def test_where_another_number_is_inexact_nobody_is_said_to_have_half():
    assert says(bar("义诊", "60"), bar("党课", "3余")) == "按已有数字，义诊最多，60场"


def test_an_approximate_leader_is_said_to_be_about_so_many():
    assert says(bar("义诊", "约60"), bar("党课", "3")) == "按已有数字，义诊最多，约60场"


def test_what_does_not_add_up_to_the_whole_has_no_share_of_it():
    assert says(bar("第一支部", "9"), bar("第二支部", "1"), shares=False) == "第一支部最多，9场"


def test_a_number_in_words_only_neither_leads_nor_is_counted():
    assert says(bar("义诊", "几百"), bar("党课", "3")) == "按已有数字，党课最多，3场"


def test_the_longest_bar_is_marked_and_the_others_are_measured_by_it():
    chart = Bars("类别", "场", "场次", "", (bar("义诊", "8"), bar("党课", "2"), bar("慰问", "几百")))
    assert [(share, is_top) for _bar, share, is_top in chart.rows] == [
        ("100.00%", True),
        ("25.00%", False),
        ("0.00%", False),
    ]


def months(year: int, **stated: str):
    totals = {int(name[1:]): Total.of([parse(text)]) for name, text in stated.items()}
    return months_of(year, totals, dict.fromkeys(range(1, 13), ""), "场", "场次", TODAY)


def test_the_best_month_is_named_with_its_number():
    assert months(2023, m4="58", m5="71").finding == "5月最多，71场"


def test_two_best_months_share_the_title():
    assert months(2023, m3="7", m5="7", m6="1").finding == "3月和5月并列最多，都是7场"


def test_the_only_month_is_said_to_be_the_only_one():
    assert months(2023, m3="7").finding == "只有3月有录入，7场"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (range(1, 7), "7月起未录入，不等于没有活动"),
        (range(4, 13), "1月至3月未录入，不等于没有活动"),
        ([1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12], "3月未录入，不等于没有活动"),
        ([1, 3, 5, 7, 9, 11], "有6个月未录入，不等于没有活动"),
        (range(1, 13), ""),
    ],
)
def test_empty_months_are_named_and_not_taken_for_idle_ones(given, words):
    assert months(2023, **{f"m{month}": "1" for month in given}).gaps == words


def test_months_to_come_are_not_said_to_be_missing():
    chart = months(2024, m1="1", m2="1", m3="1", m4="1")
    assert chart.gaps == "5月未录入，不等于没有活动"
    assert [month.number for month in chart.months if month.is_to_come] == [6, 7, 8, 9, 10, 11, 12]


def test_the_word_for_empty_months_stands_only_where_it_has_room():
    assert months(2023, m1="1", m4="1", m5="1", m9="1").words_at == ["54.17%", "87.50%"]


def test_the_highest_bar_reaches_the_top_and_all_stand_on_the_axis():
    columns = list(months(2023, m1="10", m2="5").columns)[:2]
    assert [(column["y"], column["height"], column["is_top"]) for column in columns] == [
        ("13.00%", "74.00%", True),
        ("50.00%", "37.00%", False),
    ]


@pytest.mark.parametrize(("stated", "label"), [("71", "71"), ("71余", "71余"), ("约71", "约71"), ("几百", "")])
def test_the_number_over_a_bar_keeps_its_doubt(stated, label):
    assert months(2023, m1=stated).months[0].label == label
