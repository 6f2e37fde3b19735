"""Figures as people write them: what is understood, what is refused and how, what is shown, kept and summed."""

from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.template import Context, Template
from django.test.utils import isolate_apps

from publishing.forms import QuantityField
from publishing.quantities import (
    Precision,
    Quantity,
    QuantityError,
    StatedQuantity,
    Total,
    check_unit,
    echo,
    parse,
    quantity_constraints,
)

EXACT, AT_LEAST, NEARLY, ABOUT, VAGUE = Precision
UNDERSTOOD = [
    # digits
    ("0", 0, EXACT, ""),
    ("1,200", 1200, EXACT, ""),
    ("1，200", 1200, EXACT, ""),
    ("１２", 12, EXACT, ""),
    ("12场次", 12, EXACT, "场次"),
    ("60 余 场", 60, AT_LEAST, "场"),
    ("“60余”。", 60, AT_LEAST, ""),
    ("18694（人次）", 18694, EXACT, "人次"),
    ("12。5小时", "12.5", EXACT, "小时"),
    ("8722000", 8722000, EXACT, ""),
    ("999999999999.99", "999999999999.99", EXACT, ""),
    ("100%", 100, EXACT, "%"),
    ("３０％以上", 30, AT_LEAST, "%"),
    ("2570名近视学生", 2570, EXACT, "名近视学生"),
    ("18694名百姓", 18694, EXACT, "名百姓"),
    # words
    ("零", 0, EXACT, ""),
    ("两", 2, EXACT, ""),
    ("廿", 20, EXACT, ""),
    ("一百二", 120, EXACT, ""),
    ("一百零二", 102, EXACT, ""),
    ("一千零五", 1005, EXACT, ""),
    ("二万五", 25000, EXACT, ""),
    ("一亿五", 150_000_000, EXACT, ""),
    ("一亿零五千", 100_005_000, EXACT, ""),
    ("壹佰贰拾叁", 123, EXACT, ""),
    ("三点五小时", "3.5", EXACT, "小时"),
    ("百分之三十以上", 30, AT_LEAST, "%"),
    # digits and words
    ("1.5万", 15000, EXACT, ""),
    ("2万5千", 25000, EXACT, ""),
    ("2万5", 25000, EXACT, ""),
    ("2万5000", 25000, EXACT, ""),
    ("5百万", 5_000_000, EXACT, ""),
    # at least
    ("2万余", 20000, AT_LEAST, ""),
    ("三十余", 30, AT_LEAST, ""),
    ("两百多", 200, AT_LEAST, ""),
    ("超10万", 100_000, AT_LEAST, ""),
    ("超过了2万小时", 20000, AT_LEAST, "小时"),
    ("累计逾2万", 20000, AT_LEAST, ""),
    ("不少于50小时", 50, AT_LEAST, "小时"),
    ("至少要40分钟", 40, AT_LEAST, "分钟"),
    ("30场以上", 30, AT_LEAST, "场"),
    ("60+", 60, AT_LEAST, ""),
    ("10万+", 100_000, AT_LEAST, ""),
    (">60", 60, AT_LEAST, ""),
    ("20多万", 200_000, AT_LEAST, ""),
    ("1500余万", 15_000_000, AT_LEAST, ""),
    ("百余", 100, AT_LEAST, ""),
    ("千余师生", 1000, AT_LEAST, "师生"),
    ("上百人", 100, AT_LEAST, "人"),
    ("上千", 1000, AT_LEAST, ""),
    ("过万", 10000, AT_LEAST, ""),
    ("3年多", 3, AT_LEAST, "年"),
    ("至少60余", 60, AT_LEAST, ""),
    # nearly, about
    ("近20", 20, NEARLY, ""),
    ("将近一百人", 100, NEARLY, "人"),
    ("不到20", 20, NEARLY, ""),
    ("不足百人", 100, NEARLY, "人"),
    ("约60", 60, ABOUT, ""),
    ("60人左右", 60, ABOUT, "人"),
    ("约30左右", 30, ABOUT, ""),
    ("～60", 60, ABOUT, ""),
    ("十来个", 10, ABOUT, "个"),
    # halves
    ("半小时", "0.5", EXACT, "小时"),
    ("半个多小时", "0.5", AT_LEAST, "小时"),
    ("一个多小时", 1, AT_LEAST, "小时"),
    ("三个半小时", "3.5", EXACT, "小时"),
    ("3个半小时左右", "3.5", ABOUT, "小时"),
    ("一年半", "1.5", EXACT, "年"),
    # words without a number
    ("十几", None, VAGUE, ""),
    ("10几个", None, VAGUE, "个"),
    ("好几百人", None, VAGUE, "人"),
    ("数百名", None, VAGUE, "名"),
    ("近几百", None, VAGUE, ""),
    ("几十人左右", None, VAGUE, "人"),
    ("十几个小时", None, VAGUE, "个小时"),
    ("百分之几", None, VAGUE, "%"),
    ("三四十", None, VAGUE, ""),
    ("两三百人", None, VAGUE, "人"),
    ("若干", None, VAGUE, ""),
    ("多场", None, VAGUE, "场"),
    # an upper limit is not a result: the words stay, there is no value
    ("不超过50人", None, VAGUE, "人"),
    ("50人以内", None, VAGUE, "人"),
    ("三日内", None, VAGUE, "日"),
]
# Every number phrase of the five reports that counts something.
PRINTED = [
    ("10余个科室", 10, AT_LEAST),
    ("至少要40分钟", 40, AT_LEAST),
    ("24小时", 24, EXACT),
    ("九大主线", 9, EXACT),
    ("一个多小时", 1, AT_LEAST),
    ("四级", 4, EXACT),
    ("100岁", 100, EXACT),
    ("半个多小时", "0.5", AT_LEAST),
    ("30%以上", 30, AT_LEAST),
    ("4个科室", 4, EXACT),
    ("7个专业组", 7, EXACT),
    ("8种预约方式", 8, EXACT),
    ("5个在职党支部", 5, EXACT),
    ("1个", 1, EXACT),
    ("12名选手", 12, EXACT),
    ("十", 10, EXACT),
    ("两类通报", 2, EXACT),
    ("22个党支部", 22, EXACT),
    ("348名党员", 348, EXACT),
    ("1500余名干部职工", 1500, AT_LEAST),
    ("200个行政村", 200, EXACT),
    ("305次", 305, EXACT),
    ("2万余小时", 20000, AT_LEAST),
    ("几百个家庭", None, VAGUE),
    ("数十公里", None, VAGUE),
    ("不少于50小时", 50, AT_LEAST),
    ("十项服务举措", 10, EXACT),
    ("三日", 3, EXACT),
    ("一天时间内", None, VAGUE),
    ("七个支部", 7, EXACT),
    ("88个", 88, EXACT),
    ("193场次", 193, EXACT),
    ("18694人次", 18694, EXACT),
    ("60余场次", 60, AT_LEAST),
    ("12场次", 12, EXACT),
    ("1600人次", 1600, EXACT),
    ("10所学校", 10, EXACT),
    ("2570名", 2570, EXACT),
    ("10人", 10, EXACT),
    ("9人", 9, EXACT),
    ("一次", 1, EXACT),
    ("两次", 2, EXACT),
    ("27年", 27, EXACT),
    ("60岁", 60, EXACT),
    ("十几秒", None, VAGUE),
    ("半个小时", "0.5", EXACT),
]
REFUSED = [
    ("", "empty"),
    (" \u3000\u200b", "empty"),
    ("无", "not_given"),
    ("—", "not_given"),
    ("N/A", "not_given"),
    ("1" * 61, "too_long"),
    ("10²", "symbol"),
    ("①", "symbol"),
    ("1 200", "space"),
    ("1,20", "comma"),
    ("12,0000", "comma"),
    ("1,20万", "comma"),
    ("-5", "negative"),
    ("－5", "negative"),
    ("负5人", "negative"),
    ("第五", "ordinal"),
    ("第12场", "ordinal"),
    ("每年不少于50小时", "rate"),
    ("平均5人", "rate"),
    ("全体党员", "everyone"),
    ("6月26日", "date"),
    ("六月二十六日", "date"),
    ("2023年", "date"),
    ("2023-06-26", "date"),
    ("2023.6.26", "date"),
    ("8:13", "date"),
    ("8点13分", "date"),
    ("10-20", "range"),
    ("10—20人", "range"),
    ("10～20", "range"),
    ("10至20", "range"),
    ("三到五", "range"),
    ("三、四十", "range"),
    ("1/2", "fraction"),
    ("三分之一", "fraction"),
    ("1.2w", "shorthand"),
    ("3K", "shorthand"),
    ("12场和3场", "several"),
    ("60余场次，其中12场次", "several"),
    ("3小时20分", "several"),
    ("百名专家", "bare"),
    ("万人", "bare"),
    ("近20余", "conflict"),
    ("约60余", "conflict"),
    ("数十余", "conflict"),
    ("多余", "conflict"),
    ("十几年多", "conflict"),
    ("1.234", "decimals"),
    ("1000000000000", "too_large"),
    ("9" * 50 + "个半", "too_large"),
    ("惠及群众18694人次", "try"),
    ("二〇二三", "unreadable"),
    ("一般", "unreadable"),
    ("数据", "unreadable"),
    ("十百", "unreadable"),
    ("2个半天", "unreadable"),
    ("半以上", "unreadable"),
    ("60人不等", "unreadable"),
    ("一亿五千", "unreadable"),
    (".5", "unreadable"),
    ("6O", "unreadable"),
    ("12场\x00", "unreadable"),
    ("。。", "unreadable"),
    ("2万余万", "unreadable"),
    ("1.5个半", "unreadable"),
    ("60来公里半", "unreadable"),
    ("三点五百", "unreadable"),
    ("点五小时", "unreadable"),
    ("1.5万5千", "unreadable"),
    ("5百万3", "unreadable"),
    ("2万50", "unreadable"),
    ("十百万", "unreadable"),
    ("百二十", "unreadable"),
    ("零五", "unreadable"),
    ("一千零零五", "unreadable"),
    ("一百零二十", "unreadable"),
    ("一百二五", "unreadable"),
    ("共不少于", "unreadable"),
    ("○", "unreadable"),
    ("多个半", "unreadable"),
    ("几小时半", "unreadable"),
]


@pytest.mark.parametrize(("text", "value", "precision", "unit"), UNDERSTOOD)
def test_what_people_type_is_understood(text, value, precision, unit):
    quantity = parse(text)
    expected = None if value is None else Decimal(value)
    assert (quantity.value, quantity.precision, quantity.unit) == (expected, precision, unit)


@pytest.mark.parametrize(("text", "value", "precision"), PRINTED)
def test_every_number_phrase_of_the_reports_is_understood(text, value, precision):
    quantity = parse(text)
    assert (quantity.value, quantity.precision) == (None if value is None else Decimal(value), precision)


@pytest.mark.parametrize(("text", "code"), REFUSED)
def test_what_is_not_one_quantity_is_refused_for_its_own_reason(text, code):
    with pytest.raises(QuantityError) as refused:
        parse(text)
    assert refused.value.code == code


@pytest.mark.parametrize("text", [text for text, _code in REFUSED])
def test_a_refusal_says_what_to_do(text):
    with pytest.raises(QuantityError) as refused:
        parse(text)
    (message,) = refused.value.messages
    assert any(word in message for word in ("请", "是不是")) and "%" not in message.replace("30%", "")


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("惠及群众18694人次", "18694人次"),
        ("手术量增长30%以上", "30%以上"),
        ("百名", "一百"),
        ("百名", "百余"),
        ("百名", "近百"),
        ("1 200", "1,200"),
        ("10-20", "10余"),
        ("10-20", "约15"),
    ],
)
def test_what_a_refusal_advises_is_named_and_would_be_taken(text, advice):
    with pytest.raises(QuantityError) as refused:
        parse(text)
    assert f"“{advice}”" in refused.value.messages[0]
    assert parse(advice).value is not None


def test_a_guess_is_not_offered_when_it_would_drop_a_number():
    with pytest.raises(QuantityError) as refused:
        parse("2个半天")
    assert refused.value.code == "unreadable"


def test_the_error_is_a_value_error_for_imports_and_a_validation_error_for_forms():
    assert issubclass(QuantityError, ValueError) and issubclass(QuantityError, ValidationError)


@pytest.mark.parametrize("text", ["1.5", "半个多小时", "三个半小时"])
def test_people_and_sessions_are_whole(text):
    with pytest.raises(QuantityError) as refused:
        parse(text, whole=True)
    assert refused.value.code == "not_whole"


@pytest.mark.parametrize("text", ["1.5万", "2万余", "12.0", "几百"])
def test_a_whole_number_written_with_decimals_or_words_is_whole(text):
    assert parse(text, whole=True) == parse(text)


def test_the_words_are_kept_as_typed():
    assert parse("  ６０ 余场次 ").as_stated == "６０ 余场次"


def test_marks_that_cannot_be_seen_are_not_kept():
    assert parse("\ufeff60\u200b余\n").as_stated == "60余"


@pytest.mark.parametrize(
    ("text", "unit", "shown"),
    [
        ("18694人次", "", "18,694"),
        ("18694人次", "人次", "18,694人次"),
        ("1500余", "名", "1,500余名"),
        ("2万余小时", "小时", "2万余小时"),
        ("2万", "", "2万"),
        ("1.5万", "", "1.5万"),
        ("20多万", "元", "20多万元"),
        ("1500余万", "元", "1500余万元"),
        ("近20", "人", "近20人"),
        ("30以上", "场", "30场以上"),
        ("30场以上", "", "30以上"),
        ("约30左右", "人", "约30人左右"),
        ("三十余", "场", "三十余场"),
        ("三十", "场", "30场"),
        ("半个多小时", "小时", "半个多小时"),
        ("半小时", "小时", "0.5小时"),
        ("三个半小时左右", "小时", "三个半小时左右"),
        ("一年半左右", "年", "1.5年左右"),
        ("30%以上", "", "30%以上"),
        ("30%以上", "%", "30%以上"),
        ("30多%", "%", "30多%"),
        ("百分之三十", "", "30%"),
        ("几百个家庭", "个家庭", "几百个家庭"),
        ("不超过50人", "人", "不超过50人"),
        ("60+", "人", "60+人"),
        ("0", "场", "0场"),
        ("12.50", "小时", "12.5小时"),
    ],
)
def test_a_figure_is_shown_as_written(text, unit, shown):
    assert parse(text).display(unit) == shown


@pytest.mark.parametrize(
    ("text", "number"), [("1500余名", "1,500"), ("2万余", "2万"), ("近20", "20"), ("几百", "几百")]
)
def test_the_number_can_be_shown_without_its_markers(text, number):
    assert parse(text).number_text() == number


@pytest.mark.parametrize(
    ("quantity", "shown"),
    [
        (Quantity(Decimal("1500.00"), EXACT, ""), "1,500"),
        (Quantity(Decimal(60), AT_LEAST, "70余"), "60余"),
        (Quantity(Decimal(60), NEARLY, ""), "近60"),
        (Quantity(Decimal(60), ABOUT, "60"), "60左右"),
        (Quantity(None, VAGUE, "几百"), "几百"),
        (Quantity(None, VAGUE, "许许多多"), "许许多多"),
        (Quantity(None, VAGUE, ""), "若干"),
    ],
)
def test_a_value_that_left_its_words_is_shown_by_its_value(quantity, shown):
    assert quantity.display() == shown


@pytest.mark.parametrize(
    ("text", "unit", "sentence"),
    [
        ("60余", "场", "理解为：60以上（约数），显示为“60余场”。"),
        ("2万余小时", "小时", "理解为：20,000以上（约数），显示为“2万余小时”。"),
        ("2万余小时", "", "理解为：20,000以上（约数），显示为“2万余小时”。"),
        ("近20", "人", "理解为：接近20（约数），显示为“近20人”。"),
        ("约60", "人", "理解为：60左右（约数），显示为“约60人”。"),
        ("一百二", "人", "理解为：120，显示为“120人”。"),
        ("30%以上", "", "理解为：30%以上（约数），显示为“30%以上”。"),
        ("几百", "个", "没有确切数字，按原文显示为“几百个”，合计时不计入。"),
    ],
)
def test_the_form_says_what_it_understood(text, unit, sentence):
    assert echo(parse(text), unit) == sentence


@pytest.mark.parametrize(
    ("text", "unit"),
    [("18694人次", "场"), ("12场", "人次"), ("348人次", "人"), ("12个人", "人次"), ("40分钟", "小时"), ("30%", "个")],
)
def test_a_unit_of_another_kind_is_warned_about(text, unit):
    quantity = parse(text)
    warning = check_unit(quantity, unit)
    assert f"“{quantity.unit}”" in warning and f"“{unit}”" in warning


@pytest.mark.parametrize(
    ("text", "unit"),
    [("12场次", "场"), ("348名", "人"), ("305次", "场"), ("305次", "人次"), ("22个", "人"), ("2个小时", "小时"), ("12", "场"),
     ("12场", ""), ("30%", "%"), ("5张", "份")],
)  # fmt: skip
def test_a_unit_that_may_mean_the_same_is_not_warned_about(text, unit):
    assert check_unit(parse(text), unit) == ""


def test_visits_in_a_field_for_persons_are_explained():
    assert "人次和人数不能混用" in check_unit(parse("18694人次"), "人")
    assert "人次和人数不能混用" not in check_unit(parse("18694人次"), "场")


def total(*texts):
    return Total.of([parse(text) if text else None for text in texts])


@pytest.mark.parametrize(
    ("texts", "shown"),
    [
        ([], ""),
        (["1200", "612"], "1,812"),
        (["1200", "600余", "12以上"], "至少1,812（含约数2项）"),
        (["1200", "近20"], "约1,220（含约数1项）"),
        (["20余", "约30"], "约50（含约数2项）"),
        (["1200", "几百"], "至少1,200（另有1项没有确切数字）"),
        (["1200", None], "至少1,200（另有1项没有确切数字）"),
        (["60余", "几百", "不超过50"], "至少60（含约数1项，另有2项没有确切数字）"),
        (["几百", None], "没有确切数字（2项）"),
        (["0", "0"], "0"),
    ],
)
def test_a_sum_says_what_it_is_made_of(texts, shown):
    assert total(*texts).display() == shown


def test_a_sum_of_figures_without_value_is_not_zero():
    assert total("几百", None).value is None


def test_the_unit_of_a_sum_stands_before_the_note():
    assert total("60余", "12").display("场") == "至少72场（含约数1项）"


@pytest.mark.parametrize(
    ("texts", "exact"), [(["12", "3"], True), (["60余"], False), (["近9"], False), (["几百"], False)]
)
def test_a_sum_is_exact_only_when_every_part_is(texts, exact):
    assert total(*texts).is_exact is exact


@pytest.fixture
def figures(transactional_db):
    """A table of its own, with the constraints that every row of figures carries."""
    with isolate_apps("publishing"):

        class Example(StatedQuantity):
            class Meta:
                app_label = "publishing"
                constraints = quantity_constraints("publishing_example")

    with connection.schema_editor() as editor:
        editor.create_model(Example)
    yield Example
    with connection.schema_editor() as editor:
        editor.delete_model(Example)


def keep(figures, text):
    row = figures()
    row.set_quantity(parse(text))
    row.save()
    return figures.objects.get(pk=row.pk)


@pytest.mark.parametrize("text", ["60余", "近20场", "半个多小时", "几百个家庭", "18694人次", "999999999999.99"])
def test_a_figure_comes_back_from_the_database_as_it_was_stated(figures, text):
    assert keep(figures, text).quantity == parse(text)


BROKEN = [
    ({"value": -1, "precision": EXACT}, "负数"),
    ({"value": None, "precision": EXACT}, "概数"),
    ({"value": 5, "precision": VAGUE, "as_stated": "几个"}, "概数"),
    ({"value": 5, "precision": "certain"}, "概数"),
    ({"value": None, "precision": VAGUE, "as_stated": ""}, "几百"),
]


@pytest.mark.parametrize(("fields", "_word"), BROKEN)
def test_the_database_refuses_a_figure_that_contradicts_itself(figures, fields, _word):
    with pytest.raises(IntegrityError), transaction.atomic():
        figures.objects.create(**fields)


@pytest.mark.parametrize(("fields", "word"), BROKEN)
def test_a_form_is_told_in_chinese_why_a_figure_is_refused(figures, fields, word):
    with pytest.raises(ValidationError) as refused:
        figures(**fields).validate_constraints()
    assert any(word in message for message in refused.value.messages)


def test_the_database_sums_as_python_does(figures):
    rows = [keep(figures, text) for text in ("1,200", "60余", "近20", "约30", "几百", "0.5")]
    assert Total.from_row(figures.objects.aggregate(**Total.aggregates())) == Total.of(rows)


def test_the_database_sums_by_group(figures):
    for text in ("12", "60余", "8余"):
        keep(figures, text)
    rows = figures.objects.values("precision").annotate(**Total.aggregates()).order_by("precision")
    assert [Total.from_row(row).display() for row in rows] == ["至少68（含约数2项）", "12"]


def test_the_database_has_no_sum_where_there_is_no_row(figures):
    assert Total.from_row(figures.objects.aggregate(**Total.aggregates())) == Total()


class ReportForm(forms.Form):
    sessions = QuantityField(whole=True, unit="场", required=False, help_text="场次")


def test_an_empty_field_is_not_given_and_not_zero():
    form = ReportForm({"sessions": " \u3000 "})
    assert form.is_valid() and form.cleaned_data == {"sessions": None}


def test_a_zero_is_a_zero():
    form = ReportForm({"sessions": "0"})
    assert form.is_valid() and form.cleaned_data["sessions"].value == 0


def test_a_field_cleans_to_the_quantity():
    form = ReportForm({"sessions": "60余场"})
    assert form.is_valid() and form.cleaned_data["sessions"] == parse("60余场")


def test_a_refusal_stands_at_the_field():
    form = ReportForm({"sessions": "10-20"})
    assert "范围" in form.errors["sessions"][0]


def test_a_field_for_whole_numbers_refuses_a_half():
    assert "整数" in ReportForm({"sessions": "1.5"}).errors["sessions"][0]


def test_a_required_field_asks_in_chinese():
    field = QuantityField()
    with pytest.raises(ValidationError, match="请填写一个数"):
        field.clean(" ")


def test_what_was_typed_is_shown_again_after_an_error():
    assert 'value="10 20"' in str(ReportForm({"sessions": "10 20"})["sessions"])


@pytest.mark.parametrize(
    ("initial", "shown"),
    [
        (parse("60 余场"), "60 余场"),
        (Quantity(Decimal("60.00"), EXACT, "70余"), "60"),
        (Decimal("1500.00"), "1,500"),
        (12, "12"),
        (Quantity(None, VAGUE, "几百个"), "几百个"),
    ],
)
def test_a_kept_figure_is_offered_in_its_own_words(initial, shown):
    assert f'value="{shown}"' in str(ReportForm(initial={"sessions": initial})["sessions"])


def test_a_new_row_offers_an_empty_input():
    assert "value=" not in str(ReportForm(initial={"sessions": Quantity(None, EXACT, "")})["sessions"])


@pytest.mark.parametrize(("typed", "changed"), [("60余", False), (" 60余 ", False), ("60", True), ("", True)])
def test_only_other_words_are_a_change(typed, changed):
    form = ReportForm({"sessions": typed}, initial={"sessions": parse("60余")})
    assert form.has_changed() is changed


def test_a_disabled_field_keeps_its_figure():
    form = ReportForm({"sessions": "1"}, initial={"sessions": parse("60余")})
    form.fields["sessions"].disabled = True
    assert form.is_valid() and form.cleaned_data["sessions"] == parse("60余") and not form.has_changed()


def test_the_input_takes_words_and_is_never_cut_by_the_browser():
    html = str(ReportForm()["sessions"])
    assert 'inputmode="text"' in html and 'type="text"' in html and "maxlength" not in html


def test_the_input_is_described_by_its_help_and_by_what_was_understood():
    html = str(ReportForm()["sessions"])
    assert 'aria-describedby="id_sessions_helptext id_sessions_echo"' in html


@pytest.mark.parametrize("form", [ReportForm(auto_id=False), ReportForm()])
def test_nothing_is_described_by_an_element_that_is_not_there(form):
    form.fields["sessions"].help_text = ""
    html = str(form["sessions"])
    assert form["sessions"].echo_id in html and ("aria-describedby" in html) == bool(form["sessions"].echo_id)


def test_a_description_given_to_the_input_is_kept():
    form = ReportForm()
    form.fields["sessions"].widget.attrs["aria-describedby"] = "note"
    assert 'aria-describedby="note"' in str(form["sessions"])


def test_the_bound_field_echoes_what_it_understood():
    assert ReportForm({"sessions": "60余"})["sessions"].echo == echo(parse("60余"), "场")


@pytest.mark.parametrize("data", [{}, {"sessions": ""}, {"sessions": "10-20"}])
def test_nothing_is_echoed_where_nothing_is_understood(data):
    field = ReportForm(data)["sessions"]
    assert (field.echo, field.unit_warning) == ("", "")


def test_the_bound_field_warns_of_another_unit():
    assert "人次" in ReportForm({"sessions": "18694人次"})["sessions"].unit_warning


def rendered(figure, unit=""):
    template = Template("{% load quantities %}{{ figure|quantity:unit }}")
    return template.render(Context({"figure": figure, "unit": unit}))


@pytest.mark.parametrize(
    ("text", "unit", "html"),
    [
        ("60余", "", '60<span class="approx">余</span>'),
        ("60余", "场", '60<span class="approx">余</span><small>场</small>'),
        ("2万余", "小时", '2万<span class="approx">余</span><small>小时</small>'),
        ("近20", "", '<span class="approx">近</span>20'),
        ("30以上", "场", '30<small>场</small><span class="approx">以上</span>'),
        ("18694", "人次", "18,694<small>人次</small>"),
        ("几百", "", "几百"),
        (">60", "", '<span class="approx">&gt;</span>60'),
    ],
)
def test_a_page_marks_what_is_not_exact(text, unit, html):
    assert rendered(parse(text), unit) == html


def test_a_page_takes_anything_that_has_the_three_fields():
    class Row:
        value, precision, as_stated = Decimal("60.00"), "at_least", "60余"

    assert rendered(Row()) == '60<span class="approx">余</span>'


def test_a_page_shows_a_sum_with_its_note():
    assert rendered(total("60余", "12"), "场") == (
        '<span class="approx">至少</span>72<small>场</small><span class="approx">（含约数1项）</span>'
    )


@pytest.mark.parametrize("figure", [None, "", Total(), Quantity(None, EXACT, "")])
def test_a_page_shows_nothing_for_a_figure_that_was_not_given(figure):
    assert rendered(figure) == ""


def test_a_page_escapes_the_words_of_a_figure():
    assert rendered(Quantity(None, VAGUE, "<b>几百</b>")) == "&lt;b&gt;几百&lt;/b&gt;"


def test_a_unit_is_escaped():
    assert "<i>" not in rendered(parse("3"), "<i>")


def test_the_abstract_row_makes_no_table():
    assert StatedQuantity._meta.abstract and issubclass(StatedQuantity, models.Model)
