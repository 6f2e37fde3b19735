"""What one cell of a ledger comes to: taken, refused with what to type, or taken with a warning."""

from datetime import date, time
from decimal import Decimal

import pytest

from branches.models import ActivityKind, Measure
from hospitals.roles import Role
from tests.branches.intake import planned, row, the_row
from tests.factories import (
    make_activity,
    make_branch,
    make_brand,
    make_figure,
    make_hospital,
    make_initiative,
    make_partner,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def hospital():
    return make_hospital(name="渭南市第二医院", party_committee="渭南市第二医院党委")


@pytest.fixture
def reporter(hospital):
    return make_user(Role.REPORTER, hospital)


@pytest.fixture
def read(hospital, reporter):
    return lambda **cells: the_row(hospital, reporter, **cells)


def problem(row, header: str) -> str:
    assert row.outcome == "refused"
    return "".join(row.problems[header])


@pytest.mark.parametrize(
    "text",
    [
        "内科第三党支部",
        "内科三支部",
        "内科第3党支部",
        "内科第三支部",
        "渭南市第二医院内科第三党支部",
        "中共渭南市第二医院内科第三党支部委员会",
    ],
)
def test_a_branch_is_found_however_its_ordinal_is_written(hospital, read, text):
    branch = make_branch(hospital, name="内科第三党支部")
    make_branch(hospital, name="内科第十三党支部")
    assert read(党组织名称=text).activity.branch == branch


def test_a_branch_that_does_not_exist_is_refused_with_the_nearest_names(hospital, read):
    make_branch(hospital, name="第五支部（眼科支部）")
    assert "第五支部（眼科支部）" in problem(read(党组织名称="眼科支部"), "党组织名称")


def test_a_name_that_fits_two_branches_is_refused(hospital, read):
    make_branch(hospital, name="第一党支部"), make_branch(hospital, name="第1支部")
    assert "请写全称" in problem(read(党组织名称="一支部"), "党组织名称")


def test_a_branch_of_another_hospital_is_not_found(hospital, read):
    make_branch(name="外科党支部")
    assert "没有名为" in problem(read(党组织名称="外科党支部"), "党组织名称")


@pytest.mark.parametrize("text", ["", "渭南市第二医院", "渭南市第二医院党委", "中共渭南市第二医院委员会"])
def test_the_house_itself_is_no_branch(hospital, read, text):
    activity = read(党组织名称=text).activity
    assert (activity.branch, activity.all_branches) == (None, False)


def test_all_branches(hospital, read):
    assert read(党组织名称="各支部").activity.all_branches


def test_several_names_in_one_cell(hospital, read):
    first, second = make_branch(hospital, name="一支部", number=1), make_branch(hospital, name="二支部", number=2)
    assert read(参与支部="一支部、二支部、一支部").joint_branches == [first, second]


def test_a_partner_is_known_by_its_name_and_a_new_one_is_made(hospital, read):
    known = make_partner(hospital, name="人和小学")
    old, new = read(联合单位="人和小学、丰原镇卫生院").partners
    assert (old, new.name, new.pk) == (known, "丰原镇卫生院", None)


def test_a_known_name_with_a_comma_of_its_own_stays_whole(hospital, read):
    known = make_partner(hospital, name="教育、卫生联合会")
    assert read(联合单位="教育、卫生联合会").partners == [known]


def test_the_first_kind_is_the_main_one_even_with_a_comma_in_its_name(read):
    found = read(活动类别="理论学习（第一议题、中心组）、义诊")
    assert (found.activity.kind.slug, [kind.slug for kind in found.further_kinds]) == ("study", ["free_clinic"])


def test_an_unknown_kind_is_refused_with_the_nearest_names(read):
    assert "主题党日" in problem(read(活动类别="主题党日活动"), "活动类别")


def test_a_retired_kind_is_refused(read):
    ActivityKind.objects.filter(slug="free_clinic").update(is_active=False)
    assert "停用" in problem(read(), "活动类别")


@pytest.mark.parametrize(
    ("cell", "start", "end"),
    [
        (date(2023, 6, 1), date(2023, 6, 1), date(2023, 6, 1)),
        ("2023年6月1日", date(2023, 6, 1), date(2023, 6, 1)),
        ("2023年上半年", date(2023, 1, 1), date(2023, 6, 30)),
        ("2023年6月", date(2023, 6, 1), date(2023, 6, 30)),
        ("时间未载明", None, None),
    ],
)
def test_a_date_as_a_date_and_as_words(read, cell, start, end):
    activity = read(活动日期=cell).activity
    assert (activity.start, activity.end) == (start, end)


@pytest.mark.parametrize("cell", ["", "6月1日", "去年", "2023-02-30", date(2999, 1, 1)])
def test_a_date_that_cannot_be_is_refused_at_its_cell(read, cell):
    assert problem(read(活动日期=cell), "活动日期").endswith("。")


def test_an_end_before_the_begin_is_refused(read):
    assert "早于" in problem(read(活动日期="2023-06-03", 结束日期="2023-06-01"), "结束日期")


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("08:00-11:30", (time(8), time(11, 30))),
        ("8：00—11：30", (time(8), time(11, 30))),
        ("08:00", (time(8), None)),
        ("", (None, None)),
    ],
)
def test_times(read, text, times):
    activity = read(活动时间=text).activity
    assert (activity.start_time, activity.end_time) == times


def test_times_that_go_backwards_are_refused_on_one_day(read):
    assert "跨夜" in problem(read(活动时间="22:00-06:00"), "活动时间")


def test_times_that_go_past_midnight_are_taken_with_the_next_day(read):
    assert read(活动时间="22:00-06:00", 结束日期="2023-06-02").outcome == "new"


@pytest.mark.parametrize("text", ["上午", "25:00", "8点到"])
def test_times_that_cannot_be_read_are_refused(read, text):
    assert "08:00-11:30" in problem(read(活动时间=text), "活动时间")


def test_the_region_of_the_hospital_goes_without_saying(hospital, read):
    assert read(行政区划代码=hospital.region_id).activity.region is None


def test_an_unknown_region_is_refused(read):
    assert "六位数字" in problem(read(行政区划代码="999999"), "行政区划代码")


def figures(row) -> dict:
    return {figure.name: figure.quantity.display(figure.unit_text) for figure in row.figures}


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"服务人次": 60}, {"服务人次": "60人次"}),
        ({"服务人次": "60余"}, {"服务人次": "60余人次"}),
        ({"服务人次": 60, "数据原文": "服务人次60余人次"}, {"服务人次": "60余人次"}),
        ({"服务人次": "几百", "数据原文": "服务人次几百人次"}, {"服务人次": "几百人次"}),
        ({"数据原文": "走访户数12户；科室10余个"}, {"走访户数": "12户", "科室": "10余个"}),
        ({"听众人次": 1600, "数据原文": "听讲座师生1,600人次"}, {"听讲座师生": "1,600人次"}),
        ({"服务时长(小时)": 20000, "数据原文": "服务时长2万余小时"}, {"服务时长": "2万余小时"}),
        ({"数据原文": "志愿服务目标不少于50小时/年"}, {"志愿服务目标": "不少于50小时/年"}),
    ],
)
def test_figures_are_read_from_numbers_and_words_together(read, cells, expected):
    assert figures(read(**cells)) == expected


def test_a_number_that_the_words_contradict_wins_with_a_warning(read):
    found = read(服务人次=70, 数据原文="服务人次60余人次")
    assert figures(found) == {"服务人次": "70人次"}
    assert "不一致" in found.warnings["服务人次"][0]


def test_empty_is_not_nought(read):
    assert figures(read(服务人次="")) == {}
    assert figures(read(服务人次=0)) == {"服务人次": "0人次"}


def test_announced_numbers_belong_to_no_activity(read):
    found = read(数据原文="阶段报数（不计入合计）：义诊193场")
    assert (found.figures, found.activity.nature) == ([], "summary")
    assert "统计期间报数" in found.warnings["数据原文"][0]


def test_prose_is_no_figure_and_is_told(read):
    found = read(数据原文="群众反响热烈")
    assert found.figures == [] and "没有录入" in found.warnings["数据原文"][0]


@pytest.mark.parametrize("text", ["不详", "1.5", "-3", "12至15"])
def test_a_number_that_cannot_be_read_is_refused(read, text):
    assert problem(read(服务人次=text), "服务人次").endswith(("。", "？"))


def test_more_present_than_expected_is_refused(read):
    assert "实到人数" in problem(read(应到党员数=10, 实到党员数=12), "实到党员数")


def test_a_unit_of_another_measure_is_told(read):
    assert read(服务人次="60人").warnings["服务人次"]


def test_a_formula_is_refused_where_it_would_be_read(hospital, reporter):
    import io

    from openpyxl import Workbook

    from branches.intake.plan import plan_of, read_ledger

    book = Workbook()
    book.active.append(["序号", "活动类别", "活动主题", "活动日期", "服务人次"])
    book.active.append(["=ROW()-1", "义诊", "下乡义诊", date(2023, 6, 1), "=1+1"])
    out = io.BytesIO()
    book.save(out)
    ((_line, found),) = plan_of(read_ledger(out.getvalue()), hospital, reporter).rows
    assert set(found.problems) == {"服务人次"} and "公式" in problem(found, "服务人次")


def test_text_that_looks_like_a_formula_is_text(read):
    assert read(活动主题="=1+1").activity.title == "=1+1"


def test_a_title_that_is_too_long_is_refused(read):
    assert "80" in problem(read(活动主题="长" * 300), "活动主题")


def test_a_missing_title_is_refused(read):
    assert problem(read(活动主题="", 活动地点="广场"), "活动主题")


def test_a_brand_of_another_branch_is_refused(hospital, read):
    own, other = make_branch(hospital, name="一支部"), make_branch(hospital, name="二支部")
    make_brand(branch=other, name="光明使者", public=True)
    assert "另一个支部" in problem(read(党组织名称=own.name, 所属品牌="光明使者"), "所属品牌")


def test_an_unknown_brand_and_initiative_are_refused(read):
    found = read(所属品牌="没有的", 所属举措="没有的")
    assert "品牌" in problem(found, "所属品牌") and "举措" in problem(found, "所属举措")


def test_brand_and_initiative_by_name(hospital, read):
    brand, initiative = make_brand(hospital, name="心连馨"), make_initiative(hospital, name="红帆驿站")
    activity = read(所属品牌="心连馨", 所属举措="红帆驿站").activity
    assert (activity.brand, activity.initiative) == (brand, initiative)


def test_every_wrong_cell_of_a_row_is_told_at_once(read):
    found = read(活动类别="没有", 活动日期="没有", 活动时间="没有", 服务人次="没有", 党组织名称="没有")
    assert set(found.problems) == {"活动类别", "活动日期", "活动时间", "服务人次", "党组织名称"}


def test_a_limited_reporter_imports_only_for_their_branches(hospital):
    own, _other = make_branch(hospital, name="一支部"), make_branch(hospital, name="二支部")
    user = make_user(Role.REPORTER, hospital)
    user.memberships.get().branches.add(own)
    assert the_row(hospital, user, 党组织名称="一支部").outcome == "new"
    assert "一支部" in problem(the_row(hospital, user, 党组织名称="二支部"), "党组织名称")
    assert problem(the_row(hospital, user, 党组织名称=""), "党组织名称")


# -- Rows of records that are there already


def test_a_draft_is_changed_and_keeps_what_a_ledger_does_not_hold(hospital, reporter):
    draft = make_activity(hospital, title="旧题", story="<p>纪实</p>", source="来源")
    internal = make_figure(draft, "visits", "12", is_internal=True)
    found = the_row(
        hospital, reporter, 活动编号=draft.reference, 活动主题="新题", 服务人次=15, 数据原文="服务人次12人次"
    )
    assert found.outcome == "changed"
    assert ("活动主题", "旧题", "新题") in found.changes
    assert found.activity.story == "<p>纪实</p>"
    (figure,) = found.figures
    assert (figure.value, figure.is_internal, figure.measure) == (Decimal(15), True, internal.measure)


def test_columns_that_are_not_there_change_nothing(hospital, reporter):
    draft = make_activity(hospital, title="下乡义诊", place="广场", figures={"visits": "60余", "households": "3"})
    (pair,) = planned(hospital, reporter, {"活动编号": draft.reference, "活动主题": "下乡义诊", "服务人次": 60}).rows
    assert pair[1].outcome == "unchanged"


def test_a_number_alone_changes_its_figure_and_no_other(hospital, reporter):
    draft = make_activity(hospital, title="下乡义诊", figures={"visits": "60余", "households": "3"})
    (pair,) = planned(hospital, reporter, {"活动编号": draft.reference, "活动主题": "下乡义诊", "服务人次": 70}).rows
    assert figures(pair[1]) == {"服务人次": "70人次", "走访户数": "3户"}


@pytest.mark.parametrize("status", ["published", "withdrawn"])
def test_a_record_that_is_or_was_public_is_refused_where_it_would_change(hospital, reporter, status):
    record = make_activity(hospital, title="已公开", public=True)
    type(record).objects.filter(pk=record.pk).update(**{"status": status})
    assert "修订" in problem(the_row(hospital, reporter, 活动编号=record.reference, 活动主题="改了"), "活动编号")


def test_a_record_under_review_is_refused_where_it_would_change(hospital, reporter):
    record = make_activity(hospital, title="待审", created_by=reporter)
    record.submit(by=reporter)
    assert problem(the_row(hospital, reporter, 活动编号=record.reference, 活动主题="改了"), "活动编号")


def test_a_draft_of_another_branch_is_out_of_reach_of_a_limited_reporter(hospital):
    own, other = make_branch(hospital, name="一支部"), make_branch(hospital, name="二支部")
    user = make_user(Role.REPORTER, hospital)
    user.memberships.get().branches.add(own)
    draft = make_activity(branch=other, title="别的支部的秘密")
    found = the_row(hospital, user, 活动编号=draft.reference, 党组织名称="一支部")
    assert "范围" in problem(found, "活动编号")
    assert "秘密" not in str(found.shown())


def test_a_number_of_another_hospital_makes_a_new_record_and_says_so(hospital, reporter):
    other = make_activity(title="别家的")
    found = the_row(hospital, reporter, 活动编号=other.reference)
    assert (found.outcome, found.activity.pk) == ("new", None)
    assert "另给编号" in found.warnings["活动编号"][0]


def test_one_number_twice_is_refused(hospital, reporter):
    draft = make_activity(hospital)
    plan = planned(hospital, reporter, *[row(活动编号=draft.reference, 活动主题=title) for title in ("甲", "乙")])
    assert [one.outcome for _line, one in plan.rows] == ["changed", "refused"]


def test_what_may_be_there_already_is_marked(hospital, reporter):
    there = make_activity(hospital, title="下乡义诊")
    plan = planned(hospital, reporter, row(), row(活动主题="另一个"), row(活动主题="另一个"))
    assert [one.outcome for _line, one in plan.rows] == ["doubtful", "new", "doubtful"]
    assert plan.rows[0][1].duplicate == there.reference


def test_measures_of_the_columns_are_those_of_the_ledger():
    from branches.intake.planned import MEASURED

    assert set(MEASURED) <= set(Measure.objects.values_list("slug", flat=True))
