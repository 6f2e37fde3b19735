"""What a reviewer is shown of two versions, and what of an old one."""

import difflib

import pytest
from django.db import models
from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.models import Article
from branches.models import Activity, Brand, Initiative, PeriodReport
from publishing import comparison
from publishing.comparison import Piece, compare, compare_texts
from publishing.content import content_of
from publishing.shown import show, words
from tests.factories import make_activity, make_branch, make_partner

modest = settings(deadline=None, max_examples=200, database=None)

VISITS = {"id": 2, "name": "服务人次（人次）"}
SESSIONS = {"id": 1, "name": "场次（场）"}
CLINIC = {"id": 7, "name": "义诊"}


def content(fields=None, **parts) -> dict:
    return {"fields": fields or {}, "parts": parts}


def figure(stated="60余", value="60", precision="at_least", **values) -> dict:
    row = {"value": value, "precision": precision, "as_stated": stated, "measure": VISITS, "label": "", "unit": ""}
    return row | {"is_internal": False, "position": 0} | values


def announced(value="193", **values) -> dict:
    row = {"value": value, "precision": "exact", "as_stated": value, "kind": None, "measure": VISITS, "label": ""}
    return row | {"unit": "", "subset_of": None, "activity": None, "position": 0} | values


def byline(name="郭纪轩", role="reporter", position=0) -> dict:
    return {"name": name, "role": role, "position": position}


def photo(name="a", **values) -> dict:
    row = {"image": f"pictures/{name}/{name}.jpg", "width": 1440, "height": 960, "caption": "", "alt": ""}
    return row | {"consent": "", "position": 0} | values


def shown(model, given: dict) -> dict:
    return {one.name: one for one in show(model, given)}


def text_of(model, name, value) -> str:
    return shown(model, content({name: value}))[name].text


def only_change(model, before: dict, after: dict):
    (change,) = compare(model, before, after).changes
    return change


def marked(pieces, mark) -> list[str]:
    return [piece.text for piece in pieces if piece.mark == mark]


def row_changes(model, name, before: list, after: list) -> list[tuple]:
    change = only_change(model, content(**{name: before}), content(**{name: after}))
    return [(row.state, joined(row.before), joined(row.after)) for row in change.rows]


def joined(pieces) -> str:
    return "".join(piece.text for piece in pieces)


# ── one version in words ─────────────────────────────────────────


def test_a_version_reads_in_the_order_of_its_model_with_tags_and_then_the_parts_last():
    given = content(
        {"tags": ["义诊"], "summary": "内容。", "title": "主题", "start": "2023-06-01", "partners": [CLINIC]},
        photos=[photo()],
        figures=[figure()],
    )
    names = [one.name for one in show(Activity, given)]
    assert names[:5] == ["start", "title", "partners", "summary", "tags"]
    assert set(names[5:]) == {"figures", "photos"}


def test_every_field_and_part_has_its_chinese_label():
    given = content({"title": "主题", "tags": ["义诊"]}, figures=[figure()])
    assert [one.label for one in show(Activity, given)] == ["活动主题", "标签", "数据"]


def test_what_is_empty_is_not_shown():
    given = content({"title": "主题", "place": "", "branch": None, "tags": [], "start": None, "story": ""}, figures=[])
    assert [one.name for one in show(Activity, given)] == ["title"]


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("title", "送医下乡", "送医下乡"),
        ("nature", "summary", "阶段汇总"),
        ("nature", "given_up", "given_up"),
        ("all_branches", False, "否"),
        ("all_branches", True, "是"),
        ("start", "2023-06-01", "2023年6月1日"),
        ("start", "六月", "六月"),
        ("start_time", "08:30:00", "08:30"),
        ("start_time", "08:30:15", "08:30:15"),
        ("branch", {"id": 5, "name": "第五支部"}, "第五支部"),
        ("partners", [{"id": 3, "name": "县一中"}, {"id": 9, "name": "敬老院"}], "县一中、敬老院"),
        ("tags", ["义诊", "下乡"], "义诊、下乡"),
        ("summary", "一\r\n二\r三", "一\n二\n三"),
        ("story", "<h2>小标题</h2><p>甲 &lt; 乙</p>", "小标题\n甲 < 乙"),
    ],
)
def test_a_value_reads_as_people_write_it(name, value, expected):
    assert text_of(Activity, name, value) == expected


def test_a_time_of_day_is_the_one_in_china():
    assert words(models.DateTimeField(), "2023-06-01T00:30:00+00:00") == "2023年6月1日 08:30"


def test_a_decimal_reads_as_statistics_print_it():
    assert words(models.DecimalField(), "2570.50") == "2,570.5"


def test_a_link_in_a_text_shows_its_address():
    html = '<p>见<a href="https://a.example/?x=1&amp;y=2" rel="noopener">原文</a>。</p>'
    assert text_of(Activity, "story", html) == "见原文（https://a.example/?x=1&y=2）。"


def test_the_cells_of_a_table_do_not_run_together():
    html = "<table><tr><td>姓名</td><td>次数</td></tr><tr><td>张三</td><td>2</td></tr></table>"
    assert text_of(Activity, "story", html) == "姓名　次数\n张三　2"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (figure("60余", "60", "at_least"), "服务人次（人次）：60余"),
        (figure("近2万", "20000", "nearly"), "服务人次（人次）：近2万"),
        (figure("几百", None, "vague"), "服务人次（人次）：几百"),
        (figure("10余", "10", "at_least", measure=None, label="科室", unit="个"), "科室：10余个"),
        (figure("30以上", "30", "at_least", measure=None, label="讲座", unit="场"), "讲座：30场以上"),
        (figure(is_internal=True), "服务人次（人次）：60余（仅内部可见）"),
        (figure(label="接诊"), "接诊：60余（指标：服务人次（人次））"),
        (figure(precision="given_up"), "服务人次（人次）：60余"),
    ],
)
def test_a_figure_reads_as_the_site_shows_it(row, expected):
    assert shown(Activity, content(figures=[row]))["figures"].rows == [expected]


def test_an_announced_figure_names_its_kind_and_the_total_it_is_part_of():
    rows = [announced("193", kind=CLINIC), announced("60", label="听讲座师生", subset_of=0, measure=SESSIONS)]
    assert shown(PeriodReport, content(figures=rows))["figures"].rows == [
        "义诊 · 服务人次（人次）：193",
        "听讲座师生：60（指标：场次（场）；所属总数：义诊 · 服务人次（人次））",
    ]


def test_a_row_that_points_to_none_of_the_rows_is_shown_all_the_same():
    rows = [announced("60", label="听讲座师生", measure=None, subset_of=4)]
    assert shown(PeriodReport, content(figures=rows))["figures"].rows == ["听讲座师生：60（所属总数：第5行）"]


def test_a_byline_reads_as_in_a_newspaper():
    assert shown(Article, content(bylines=[byline(), byline("张德君", "photographer")]))["bylines"].rows == [
        "记者 郭纪轩",
        "摄影 张德君",
    ]


def test_a_photo_is_shown_by_its_small_copy_with_what_is_said_of_it():
    row = photo(caption="义诊现场", alt="医生量血压", consent="granted")
    one = shown(Activity, content(photos=[row]))["photos"]
    (picture,) = one.pictures
    assert picture.url.endswith("pictures/a/a-480.webp")
    assert (picture.name, picture.width, picture.height) == ("pictures/a/a.jpg", 480, 320)
    assert (picture.caption, picture.alt, picture.consent) == ("义诊现场", "医生量血压", "已获书面授权")
    assert one.text == "图片说明：义诊现场\n替代文字：医生量血压\n肖像授权：已获书面授权"


def test_a_photo_narrower_than_its_small_copy_keeps_its_width():
    (picture,) = shown(Activity, content(photos=[photo(width=300, height=600)]))["photos"].pictures
    assert (picture.width, picture.height) == (300, 600)


def test_a_single_picture_is_shown_by_its_own_file():
    (picture,) = shown(Brand, content({"emblem": "pictures/e.jpg"}))["emblem"].pictures
    assert picture.url.endswith("pictures/e.jpg")


def test_what_the_model_no_longer_has_is_shown_last():
    given = content({"weather": "晴", "title": "主题"}, guests=[{"name": "张三", "is_here": True}])
    assert [(one.label, one.text) for one in show(Activity, given)] == [
        ("活动主题", "主题"),
        ("原有栏目“weather”", "晴"),
        ("原有栏目“guests”", "（原有栏目“name”：张三；原有栏目“is_here”）"),
    ]


@pytest.mark.django_db
def test_a_real_activity_reads_from_its_own_content():
    branch = make_branch(name="第五支部")
    activity = make_activity(branch=branch, title="送医下乡", figures={"visits": "60余"})
    activity.partners.add(make_partner(branch.hospital, name="敬老院"))
    activity.tags.add("义诊")
    read = shown(Activity, content_of(activity))
    texts = [read[name].text for name in ("title", "branch", "partners", "tags", "start")]
    assert texts == ["送医下乡", "第五支部", "敬老院", "义诊", "2023年6月1日"]


# ── two versions ─────────────────────────────────────────────────


def test_only_what_differs_is_a_change_and_the_rest_is_named_as_unchanged():
    before = content({"title": "义诊", "place": "广场", "host": "", "tags": ["甲"]}, figures=[figure()], photos=[])
    after = content({"title": "宣讲", "place": "广场", "host": "", "tags": ["甲"]}, figures=[figure()], photos=[])
    result = compare(Activity, before, after)
    assert [change.name for change in result.changes] == ["title"]
    assert result.unchanged == ["活动地点", "标签", "数据"]
    assert not result.is_same


def test_the_same_content_has_no_changes():
    given = content({"title": "义诊", "all_branches": False}, figures=[figure()], photos=[photo()])
    assert compare(Activity, given, given).is_same


def test_a_field_that_was_filled_in_is_all_new():
    change = only_change(Activity, content({"place": ""}), content({"place": "广场"}))
    assert (change.label, change.before, change.after) == ("活动地点", [], [Piece("广场", "added")])


def test_a_field_that_was_emptied_is_all_gone():
    change = only_change(Activity, content({"branch": CLINIC}), content({"branch": None}))
    assert (change.before, change.after) == ([Piece("义诊", "removed")], [])


def test_against_nothing_everything_is_new_in_reading_order():
    after = content({"summary": "内容", "title": "主题"}, figures=[figure()])
    changes = compare(Activity, {}, after).changes
    assert [change.name for change in changes] == ["title", "summary", "figures"]


def test_what_only_the_old_version_has_stands_where_it_stood():
    before = content({"title": "主题", "place": "广场", "summary": "内容"})
    after = content({"title": "改题", "summary": "改了"})
    names = [change.name for change in compare(Activity, before, after).changes]
    assert names == ["title", "place", "summary"]


@pytest.mark.parametrize(
    ("before", "after", "removed", "added"),
    [
        ("服务60余人次", "服务72人次", ["60余"], ["72"]),
        ("服务60人次", "服务600人次", ["60"], ["600"]),
        ("发放2,570份", "发放2,670份", ["2,570"], ["2,670"]),
        ("服务60余人次", "服务70余人次", ["60余"], ["70余"]),
        ("服务20余万人次", "服务30余万人次", ["20余万"], ["30余万"]),
        ("2万余小时", "2万5千小时", ["2万余"], ["2万5千"]),
        ("满意率98.5%", "满意率98.6%", ["98.5%"], ["98.6%"]),
        ("8:30开始", "8:45开始", ["8:30"], ["8:45"]),
        ("气温-5度", "气温5度", ["-5"], ["5"]),
        ("接诊三十余人", "接诊五十余人", ["三十余"], ["五十余"]),
        ("２０人", "２１人", ["２０"], ["２１"]),
    ],
)
def test_a_number_that_changed_is_marked_whole(before, after, removed, added):
    old, new = compare_texts(before, after)
    assert (marked(old, "removed"), marked(new, "added")) == (removed, added)


@pytest.mark.parametrize(
    ("before", "after", "removed", "added"),
    [
        ("到金乡县义诊", "到微山县义诊", ["金乡"], ["微山"]),
        ("使用MRI检查", "使用MRA检查", ["MRI"], ["MRA"]),
        ("义诊活动", "义诊宣讲活动", [], ["宣讲"]),
        ("甲乙丙丁", "子乙丑丁", ["甲乙丙"], ["子乙丑"]),  # one character between two changes is read with them
        ("甲，丙", "乙，丁", ["甲，丙"], ["乙，丁"]),
        ("赴金乡县开展义诊服务", "在微山县举办健康宣讲", ["赴金乡县开展义诊服务"], ["在微山县举办健康宣讲"]),
        ("甲3丙", "乙3丁", ["甲", "丙"], ["乙", "丁"]),  # a number that did not change never looks as if it had
        # of two or more characters only where much more changed on both sides
        ("召开支部大会部署工作", "举办健康大会宣传知识", ["召开支部大会部署工作"], ["举办健康大会宣传知识"]),
        ("召开支部大会甲的乙丙丁", "举办健康大会子的丑寅卯", ["召开支部大会甲的乙丙丁"], ["举办健康大会子的丑寅卯"]),
        (
            "甲乙丙丁戊己庚辛壬癸党员志愿者天地玄黄宇宙洪荒日月",
            "子丑寅卯辰巳午未申酉党员志愿者寒来暑往秋收冬藏律吕",
            ["甲乙丙丁戊己庚辛壬癸", "天地玄黄宇宙洪荒日月"],
            ["子丑寅卯辰巳午未申酉", "寒来暑往秋收冬藏律吕"],
        ),
        # a paragraph or sentence that is new is marked from its beginning to its end
        ("支部到甲村。\n支部到乙村。\n", "支部到甲村。\n支部到丙村。\n支部到乙村。\n", [], ["支部到丙村。\n"]),
        ("支部到甲村。支部到乙村。", "支部到甲村。支部到丙村。支部到乙村。", [], ["支部到丙村。"]),
        # what is repeated over and over counts as much as anything else
        (
            "甲" + "党员" * 60 + "乙" + "党员" * 60 + "丁",
            "子" + "党员" * 60 + "丑" + "党员" * 60 + "卯",
            ["甲", "乙", "丁"],
            ["子", "丑", "卯"],
        ),
        ("甲乙丙丁戊", "子乙丙丁丑", ["甲", "戊"], ["子", "丑"]),
        ("第一段\n第二段", "甲乙丙\n丁戊己", ["第一段", "第二段"], ["甲乙丙", "丁戊己"]),
    ],
)
def test_what_is_marked_reads_as_words(before, after, removed, added):
    old, new = compare_texts(before, after)
    assert (marked(old, "removed"), marked(new, "added")) == (removed, added)


def test_of_several_names_only_the_one_that_went_is_marked():
    before = [{"id": 1, "name": "金乡县人民医院"}, {"id": 2, "name": "县一中"}]
    after = [{"id": 2, "name": "县一中"}, {"id": 3, "name": "金乡县中医院"}]
    change = only_change(Activity, content({"partners": before}), content({"partners": after}))
    assert marked(change.before, "removed") == ["金乡县人民医院、"]
    assert marked(change.after, "added") == ["、金乡县中医院"]


def test_a_choice_that_changed_is_marked_whole():
    change = only_change(Activity, content({"nature": "single"}), content({"nature": "programme"}))
    assert (change.before, change.after) == ([Piece("单次活动", "removed")], [Piece("专项活动", "added")])


def test_other_line_ends_are_no_change():
    before, after = (
        content({"summary": "一\r\n二", "story": "<p>一</p>\r\n<p>二</p>"}),
        content({"summary": "一\n二", "story": "<p>一</p>\n<p>二</p>"}),
    )
    assert compare(Activity, before, after).is_same


def test_a_text_whose_format_alone_changed_says_so():
    change = only_change(
        Activity, content({"story": "<p>义诊</p>"}), content({"story": "<p><strong>义诊</strong></p>"})
    )
    assert (joined(change.before), joined(change.after)) == ("义诊", "义诊")
    assert "格式" in change.note


def test_a_link_that_leads_elsewhere_is_a_change():
    change = only_change(
        Activity,
        content({"story": '<p><a href="https://a.example/">原文</a></p>'}),
        content({"story": '<p><a href="https://b.example/">原文</a></p>'}),
    )
    assert marked(change.after, "added") == ["https://b.example/"]


def test_another_record_of_the_same_name_is_a_change():
    change = only_change(
        Activity, content({"branch": {"id": 1, "name": "甲"}}), content({"branch": {"id": 2, "name": "甲"}})
    )
    assert "名称没有变" in change.note


def test_other_records_of_the_same_names_are_a_change():
    before, after = [[{"id": key, "name": "甲"}] for key in (1, 2)]
    assert "名称没有变" in only_change(Activity, content({"partners": before}), content({"partners": after})).note


def test_a_space_that_was_added_can_be_seen():
    (added,) = [piece for piece in compare_texts("党建引领", "党建 引领")[1] if piece.mark]
    assert (added.text, added.visible) == (" ", "␣")


def test_a_mark_nobody_can_see_is_shown_as_a_sign():
    (added,) = [piece for piece in compare_texts("党建引领", "党建\u200b引领")[1] if piece.mark]
    assert added.visible == "▯"


# ── rows and photos ──────────────────────────────────────────────


def test_figures_are_paired_by_what_they_count():
    rows = row_changes(
        Activity,
        "figures",
        [figure("3", "3", "exact", measure=SESSIONS), figure("60余")],
        [figure("72", "72", "exact"), figure("50", "50", "exact", measure=None, label="资料", unit="份")],
    )
    assert rows == [
        ("removed", "场次（场）：3", ""),
        ("changed", "服务人次（人次）：60余", "服务人次（人次）：72"),
        ("added", "", "资料：50份"),
    ]


def test_a_figure_that_changed_has_its_number_marked():
    change = only_change(Activity, content(figures=[figure()]), content(figures=[figure("72", "72", "exact")]))
    assert (marked(change.rows[0].before, "removed"), marked(change.rows[0].after, "added")) == (["60余"], ["72"])


def test_a_figure_that_was_renamed_is_still_the_same_figure():
    rows = row_changes(Activity, "figures", [figure(label="接诊")], [figure(label="问诊")])
    assert [state for state, _before, _after in rows] == ["changed"]


def test_announced_figures_of_one_measure_are_told_apart_by_kind_and_label():
    before = [announced("100"), announced("60", label="听讲座师生"), announced("40", kind=CLINIC)]
    after = [announced("100"), announced("41", kind=CLINIC), announced("61", label="听讲座师生")]
    assert sorted(row_changes(PeriodReport, "figures", before, after)) == [
        ("changed", "义诊 · 服务人次（人次）：40", "义诊 · 服务人次（人次）：41"),
        ("changed", "听讲座师生：60（指标：服务人次（人次））", "听讲座师生：61（指标：服务人次（人次））"),
        ("same", "服务人次（人次）：100", "服务人次（人次）：100"),
    ]


def test_figures_that_a_weaker_resemblance_would_confuse_are_not_paired():
    before = [announced("60", label="师生"), announced("40", label="老人")]
    after = [announced("30", label="儿童"), announced("20", label="孕妇")]
    states = [state for state, _before, _after in row_changes(PeriodReport, "figures", before, after)]
    assert sorted(states) == ["added", "added", "removed", "removed"]


def test_a_figure_with_a_label_of_its_own_is_paired_by_it():
    def row(value, label):
        return {"value": value, "precision": "exact", "as_stated": value, "label": label, "unit": "户", "position": 0}

    rows = row_changes(
        Initiative, "figures", [row("5", "入户"), row("9", "回访")], [row("8", "回访"), row("5", "入户")]
    )
    assert ("changed", "回访：9户", "回访：8户") in rows


def test_a_person_in_another_role_is_the_same_person():
    rows = row_changes(Article, "bylines", [byline("郭纪轩", "reporter")], [byline("郭纪轩", "photographer")])
    assert rows == [("changed", "记者 郭纪轩", "摄影 郭纪轩")]


def test_another_person_in_the_same_role_is_not_the_same_row():
    rows = row_changes(Article, "bylines", [byline("郭纪轩")], [byline("张德君")])
    assert rows == [("removed", "记者 郭纪轩", ""), ("added", "", "记者 张德君")]


def test_one_person_in_two_roles_stays_two_rows():
    before = [byline("郭纪轩", "reporter"), byline("郭纪轩", "photographer")]
    rows = row_changes(Article, "bylines", before, before[:1])
    assert [state for state, _before, _after in rows] == ["same", "removed"]


def test_rows_that_name_nothing_are_paired_by_their_place():
    before, after = [{"a": 1}, {"a": 2}], [{"a": 1}, {"a": 3}]
    change = only_change(Activity, content(guests=before), content(guests=after))
    assert [row.state for row in change.rows] == ["same", "changed"]


def test_photos_are_paired_by_their_file():
    before, after = [photo("a", caption="义诊"), photo("b")], [photo("b"), photo("a", caption="宣讲"), photo("c")]
    change = only_change(Activity, content(photos=before), content(photos=after))
    states = {row.after_picture.name[9]: row.state for row in change.rows}
    assert states["a"] == "changed" and states["c"] == "added"


def test_a_photo_that_went_keeps_its_place_among_the_others():
    change = only_change(
        Activity,
        content(photos=[photo("a"), photo("b"), photo("c")]),
        content(photos=[photo("a"), photo("c")]),
    )
    assert [row.state for row in change.rows] == ["same", "removed", "same"]
    assert change.rows[1].before_picture.name == "pictures/b/b.jpg"


def test_of_a_new_order_only_what_left_its_place_is_moved():
    before, after = [photo(name) for name in "abcd"], [photo(name) for name in "dabc"]
    change = only_change(Activity, content(photos=before), content(photos=after))
    assert [row.state for row in change.rows] == ["moved", "same", "same", "same"]
    assert change.rows[0].places_text == "原第4项，现第1项"


def test_the_number_a_row_is_sorted_by_is_no_change_of_its_own():
    before, after = (
        [byline(position=0), byline("张德君", position=1)],
        [byline(position=5), byline("张德君", position=9)],
    )
    assert compare(Article, content(bylines=before), content(bylines=after)).is_same


def test_a_figure_that_became_internal_is_a_change():
    rows = row_changes(Activity, "figures", [figure()], [figure(is_internal=True)])
    assert rows == [("changed", "服务人次（人次）：60余", "服务人次（人次）：60余（仅内部可见）")]


def test_a_figure_that_points_to_another_record_of_the_same_name_is_a_change():
    before = [announced(activity={"id": 1, "name": "上半年汇总"})]
    after = [announced(activity={"id": 2, "name": "上半年汇总"})]
    (row,) = only_change(PeriodReport, content(figures=before), content(figures=after)).rows
    assert (row.state, bool(row.note)) == ("changed", True)


def test_a_single_picture_that_was_replaced_shows_both():
    change = only_change(Brand, content({"emblem": "pictures/e.jpg"}), content({"emblem": "pictures/f.jpg"}))
    before, after = change.entries[0].sides
    assert (before.picture.name, after.picture.name) == ("pictures/e.jpg", "pictures/f.jpg")


def test_rows_that_stayed_the_same_are_only_counted():
    change = only_change(Article, content(bylines=[byline()]), content(bylines=[byline(), byline("张德君")]))
    assert ([row.state for row in change.entries], change.same_rows) == (["added"], 1)


# ── long texts ───────────────────────────────────────────────────

PARAGRAPH = "支部党员到村里为老人量血压、测血糖，讲解用药常识，发放资料，并登记需要上门随访的住户名单。"


def long_text(paragraphs: int = 40) -> list[str]:
    return [f"第{number}段，{PARAGRAPH}\n" for number in range(paragraphs)]


def test_of_a_long_text_only_the_neighbourhood_of_a_change_is_shown():
    before, after = long_text(), long_text()
    after[20] = after[20].replace("血糖", "血脂")
    old, new = compare_texts("".join(before), "".join(after))
    assert [piece.mark for piece in new] == ["skip", "", "added", "", "skip"]
    assert marked(new, "added") == ["脂"]
    assert all(40 <= len(piece.text) <= 50 for piece in new if not piece.mark)


def test_both_sides_of_a_long_text_skip_the_same():
    before, after = long_text(), long_text()
    after[3], after[30] = "全新的一段话。\n", ""
    old, new = compare_texts("".join(before), "".join(after))
    assert [piece for piece in old if piece.mark in {"", "skip"}] == [p for p in new if p.mark in {"", "skip"}]


def test_a_short_unchanged_stretch_is_not_skipped():
    old, _new = compare_texts("甲" + "，".join("一二三四五六七八" for _ in range(10)), "乙")
    assert not marked(old, "skip")


def test_a_text_that_did_not_change_is_not_shortened():
    text = "".join(long_text())
    assert compare_texts(text, text) == ([Piece(text)], [Piece(text)])


def test_a_number_is_not_cut_where_a_text_is_shortened():
    number = "123,456.78"
    before = "甲" + number * 1 + "开" * 29 + number + "开" * 300
    _old, new = compare_texts(before, before.replace("甲", "乙"))
    assert new[1].text.endswith(number)


def test_shortening_can_be_turned_off():
    before, after = "".join(long_text()), "".join(long_text()) + "完。"
    change = only_change(Activity, content({"summary": before}), content({"summary": after}))
    assert marked(change.after, "skip")
    (change,) = compare(Activity, content({"summary": before}), content({"summary": after}), shorten=False).changes
    assert joined(change.after) == after


@pytest.fixture
def looked_at(monkeypatch):
    """How many pairs of units each call of the standard library's matcher was given."""
    sizes = []
    original = difflib.SequenceMatcher

    def counting(isjunk, old, new, autojunk):
        sizes.append(len(old) * len(new))
        return original(isjunk, old, new, autojunk)

    monkeypatch.setattr(comparison.difflib, "SequenceMatcher", counting)
    return sizes


def test_one_changed_word_in_a_long_text_costs_next_to_nothing(looked_at):
    before, after = long_text(4000), long_text(4000)
    after[2000] = after[2000].replace("血糖", "血脂")
    compare_texts("".join(before), "".join(after))
    assert sum(looked_at) < 100


def test_a_word_replaced_throughout_a_long_text_is_marked_word_by_word():
    before = "".join(long_text(2000))
    _old, new = compare_texts(before, before.replace("资料", "手册"), shorten=False)
    assert set(marked(new, "added")) == {"手册"}


@pytest.mark.parametrize("alphabet", ["。，", "的\n", "ab ", "党员\n"])
def test_no_text_makes_the_reviewer_wait(alphabet, looked_at):
    """Texts of a few characters in every order, for which comparing each with each would take minutes."""
    before = "".join(alphabet[(number * number // 7) % len(alphabet)] for number in range(200_000))
    after = "".join(alphabet[(number * number // 11) % len(alphabet)] for number in range(200_000))
    compare_texts(before, after)
    assert max(looked_at, default=0) <= 250_000
    assert sum(looked_at) < 40_000_000


def test_what_occurs_more_than_once_does_not_decide_what_corresponds(monkeypatch):
    monkeypatch.setattr(comparison, "_ALIGNED_AT_ONCE", 0)
    before, after = "甲党员志愿者乙", "子党员志愿者丑党员志愿者"
    assert marked(compare_texts(before, after)[0], "removed") == [before]
    assert marked(compare_texts(after, before)[0], "removed") == [after]
    assert marked(compare_texts("甲丙党员志愿者乙丁", "子丑党员志愿者寅卯")[0], "removed") == ["甲丙", "乙丁"]


def test_what_cannot_be_divided_is_marked_as_a_whole(monkeypatch, looked_at):
    monkeypatch.setattr(comparison, "_ALIGNED_AT_ONCE", 10)
    before, after = "党员员党员党", "员党党员党员"
    assert compare_texts(before, after) == ([Piece(before, "removed")], [Piece(after, "added")])
    assert max(looked_at, default=0) <= 10


def test_when_enough_was_looked_at_the_rest_is_marked_as_a_whole(monkeypatch, looked_at):
    monkeypatch.setattr(comparison, "_MOST_WORK", 10)
    assert marked(compare_texts("甲党员乙党员丙", "子党员丑党员寅")[0], "removed") == ["甲党员乙党员丙"]
    assert sum(looked_at) <= 10


# ── for every text ───────────────────────────────────────────────

FRAGMENTS = [
    "支部",
    "党员",
    "，",
    "。",
    "60余",
    "2,570",
    "0",
    "1",
    "12",
    "三十",
    "余",
    "万",
    " ",
    "\n",
    "\r\n",
    "CT",
    "-",
]
FRAGMENTS += ["https://a.example/1", "２", "%", "é", "葛\U000e0100", "👨\u200d⚕️", "；", "…", "”", "\u200b"]
texts = st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join) | st.text(max_size=60)
edits = st.tuples(texts, texts, texts, texts).map(
    lambda four: (four[0] + four[1] + four[2], four[0] + four[3] + four[2])
)
pairs_of_texts = edits | st.tuples(texts, texts)
grains = st.sampled_from(["words", "names", "whole"])


@modest
@given(pairs_of_texts, grains)
def test_the_pieces_of_a_side_are_exactly_its_text(pair, grain):
    old, new = compare_texts(*pair, grain=grain, shorten=False)
    assert joined(piece for piece in old if piece.mark != "added") == pair[0]
    assert joined(piece for piece in new if piece.mark != "removed") == pair[1]


@modest
@given(pairs_of_texts)
def test_what_is_not_marked_is_the_same_on_both_sides(pair):
    old, new = compare_texts(*pair, shorten=False)
    assert joined(piece for piece in old if not piece.mark) == joined(piece for piece in new if not piece.mark)


@modest
@given(pairs_of_texts, st.booleans())
def test_no_number_is_split(pair, shorten):
    for pieces in compare_texts(*pair, shorten=shorten):
        for left, right in zip(pieces, pieces[1:], strict=False):
            assert not (left.text[-1:].isdecimal() and right.text[:1].isdecimal())


@modest
@given(pairs_of_texts)
def test_what_is_shown_of_a_shortened_text_stands_in_it_in_that_order(pair):
    for text, pieces in zip(pair, compare_texts(*pair), strict=True):
        position = 0
        for piece in pieces:
            if piece.mark != "skip":
                position = text.index(piece.text, position) + len(piece.text)


@modest
@given(st.lists(st.integers(0, 6), max_size=12))
def test_every_row_of_both_versions_is_accounted_for_once(order):
    before, after = [photo(str(number)) for number in range(7)], [photo(str(number)) for number in dict.fromkeys(order)]
    changes = compare(Activity, content(photos=before), content(photos=after)).changes
    rows = changes[0].rows if changes else []
    assert (
        sorted(row.before_picture.name for row in rows if row.before_picture)
        == [row["image"] for row in before][: 7 if rows else 0]
    )
    assert [row.after_picture.name for row in rows if row.after_picture] == [row["image"] for row in after][
        : 7 if rows else 0
    ]


contents = st.builds(
    content,
    st.fixed_dictionaries(
        {},
        optional={
            "title": texts,
            "summary": texts,
            "story": texts,
            "all_branches": st.booleans(),
            "nature": st.sampled_from(["single", "summary"]),
            "tags": st.lists(texts, max_size=3),
            "branch": st.none() | st.builds(dict, id=st.integers(1, 3), name=texts),
            "emblem_of_old": texts,
        },
    ),
    figures=st.lists(st.builds(figure, st.sampled_from(["60余", "几百", "?"]), label=texts), max_size=3),
    photos=st.lists(st.builds(photo, st.sampled_from("ab"), caption=texts), max_size=3),
)


@modest
@given(contents)
def test_any_content_is_the_same_as_itself(given):
    assert compare(Activity, given, given).is_same


@modest
@given(contents, contents)
def test_a_content_that_reads_differently_is_never_called_the_same(before, after):
    if compare(Activity, before, after).is_same:
        assert [(one.name, one.text) for one in show(Activity, before)] == [
            (one.name, one.text) for one in show(Activity, after)
        ]


# ── as a page shows it ───────────────────────────────────────────


def page(before: dict, after: dict, model=Activity) -> str:
    context = {"comparison": compare(model, before, after), "before_label": "现在公开的", "after_label": "修订后的"}
    return render_to_string("admin/publishing/comparison.html", context)


def test_a_page_marks_what_changed_in_words_too():
    html = page(content({"title": "服务60余人次"}), content({"title": "服务72人次"}))
    assert '服务<del><span class="visually-hidden">原文：</span>60余</del>人次' in html
    assert '服务<ins><span class="visually-hidden">改为：</span>72</ins>人次' in html


def test_a_page_heads_each_side_and_names_the_rest():
    html = page(content({"title": "甲", "place": "广场"}), content({"title": "乙", "place": "广场"}))
    assert html.index("现在公开的") < html.index("修订后的") < html.index("没有变的：活动地点。")


def test_a_page_says_that_nothing_differs():
    html = page(content({"title": "甲"}), content({"title": "甲"}))
    assert "没有不同。" in html
    assert "现在公开的" not in html


def test_a_page_says_what_is_missing_on_one_side():
    assert "（没有）" in page(content({"place": ""}), content({"place": "广场"}))


def test_a_page_prints_nothing_of_a_text_as_markup():
    html = page(content({"title": "<script>一"}), content({"title": "<script>二<b>"}))
    assert "<script" not in html
    assert "<b>" not in html
    assert "&lt;script&gt;" in html


def test_a_page_shows_photos_that_came_and_went():
    html = page(content(photos=[photo("a", caption="旧照")]), content(photos=[photo("b", alt="新照")]))
    assert 'pictures/a/a-480.webp" alt="旧照" width="480" height="320"' in html
    assert 'pictures/b/b-480.webp" alt="新照"' in html
    assert html.index("删除") < html.index("新增")


def test_a_page_says_where_a_photo_was_moved():
    html = page(content(photos=[photo(n) for n in "abc"]), content(photos=[photo(n) for n in "cab"]))
    assert "原第3项，现第1项" in html
    assert "其余2项没有变。" in html
    assert "现在公开的" not in html  # the photo itself is the same: it is shown once


def test_a_page_says_that_only_the_format_changed():
    assert "改的是格式" in page(content({"story": "<p>甲</p>"}), content({"story": "<h2>甲</h2>"}))


def test_a_page_tells_where_a_text_was_shortened():
    before = "".join(long_text())
    html = page(content({"summary": before}), content({"summary": before + "完"}))
    assert "略去没有变的文字" in html


def test_a_page_shows_a_whole_old_version():
    given = content(
        {"title": "送<b>医", "summary": "一\n二"}, figures=[figure()], photos=[photo("a", caption="义诊现场")]
    )
    html = render_to_string("admin/publishing/content.html", {"shown": show(Activity, given)})
    assert "<dt>活动主题</dt>" in html
    assert "送&lt;b&gt;医" in html
    assert "<li>服务人次（人次）：60余</li>" in html
    assert 'pictures/a/a-480.webp" alt="义诊现场" width="480" height="320"' in html
    assert "图片说明：义诊现场" in html


def test_a_page_says_that_an_old_version_is_empty():
    html = render_to_string("admin/publishing/content.html", {"shown": []})
    assert "没有填写任何内容" in html
