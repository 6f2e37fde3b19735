"""What intake understands of reports: of the labelled ones as a whole, and rule by rule."""

import io
import json
import zipfile

import pytest
from django.core.management import CommandError, call_command

from articles.intake.amounts import amounts, amounts_of_table
from articles.intake.blocks import Caption, Heading, Paragraph
from articles.intake.credits import Credits, credits_in
from articles.intake.days import days
from articles.intake.files import MOST_XML_BYTES, ReportError
from articles.intake.report import read_report
from hospitals.models import HospitalName
from tests.articles.reports.corpus import files
from tests.articles.reports.measure import measured
from tests.articles.reports.writing import Docx, paragraph, run
from tests.factories import make_branch, make_hospital, make_partner

LONG = "活动现场，党员医务工作者为每一位前来咨询的群众测量血压、讲解用药常识，并把健康资料送到他们手中。"

# -- The labelled reports as a whole


@pytest.fixture(scope="module")
def counts():
    return measured()[""].counts


@pytest.mark.parametrize("name", ["pictures", "cells"])
def test_every_picture_and_every_cell_of_a_table_comes_in(name, counts):
    assert counts[name].recall == 1


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("characters", 0.99),
        ("headings", 0.95),
        ("title", 0.9),
        ("subtitle", 0.9),
        ("bylines", 0.9),
        ("captions", 0.9),
        ("figures", 0.9),
    ],
)
def test_nearly_all_of_a_report_is_understood(name, least, counts):
    assert counts[name].recall >= least and counts[name].precision >= least


# -- Figures in sentences


def stated(text: str) -> list[tuple[str, str]]:
    return [(amount.as_stated, amount.measure) for amount in amounts(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("今年上半年，开展义诊193场次，惠及群众18694人次。", [("193场次", "sessions"), ("18694人次", "visits")]),
        ("参加志愿活动60余场次，其中讲座12场次，听讲座师生1600人次", [("60余场次", "sessions"), ("12场次", "sessions"), ("1600人次", "audience")]),
        ("为10所学校、2570名儿童青少年进行近视筛查", [("10所", "schools"), ("2570名", "screened")]),
        ("累计服务时长2万余小时", [("2万余小时", "hours")]),
        ("出车四十六次，走过二十八个村", [("四十六次", "sessions"), ("二十八个", "villages")]),
        ("近百名村民前来咨询", [("近百名", "visits")]),
        ("走访慰问老党员12户，发放宣传资料约3000份", [("12户", "households"), ("约3000份", "leaflets")]),
        ("15—20名志愿者参加服务", [("15—20名", "volunteers")]),
        ("应到党员36名", [("36名", "expected")]),
    ],
)  # fmt: skip
def test_a_figure_is_found_with_its_words_and_its_measure(text, found):
    assert stated(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "一名党员就是一面旗帜",
        "第五支部和第12名选手",
        "电话8722000，急诊楼13楼508室",
        "73岁的老人血压140/90，上午8点30分到达",
        "每年服务不少于50小时，每人每月2次",
        "计划全年举办讲座24场",
        "挂号费5元",
        "手术量较去年同期增长30%以上",
        "全县有一百零三个村",
        "渭卫发〔2024〕12号",
    ],
)
def test_floors_ages_norms_plans_and_prices_are_no_figures(text):
    assert stated(text) == []


def test_a_range_is_words_as_several_hundred_is():
    (amount,) = amounts("15—20名返乡大学生参加志愿服务")
    assert (amount.value, amount.precision) == (None, "vague")


def test_in_a_table_a_number_is_of_what_its_column_is_headed():
    rows = [
        ["支部", "场次", "进村情况", ""],
        ["", "", "服务人次", "行政村（个）"],
        ["第一支部", "8", "620余", "3"],
        ["合计", "8", "620余", "3"],
    ]
    found = [(amount.as_stated, amount.measure, amount.unit) for amount in amounts_of_table(rows)]
    assert found == [("8", "sessions", "场"), ("620余", "visits", "人次"), ("3", "villages", "个")] * 2


def test_in_a_form_a_number_is_of_the_field_before_it():
    rows = [["应到人数", "18", "实到人数", "16"], ["活动内容", "赠送手册260册", "", ""]]
    found = [(amount.as_stated, amount.measure) for amount in amounts_of_table(rows)]
    assert found == [("18", "expected"), ("16", "attended"), ("260册", "leaflets")]


def test_serial_numbers_and_marks_of_a_table_are_no_figures():
    assert list(amounts_of_table([["序号", "得分"], ["1", "96.8"], ["2", "95"]])) == []


# -- Dates in sentences


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2024年6月19日一早，6月21日又来", ["2024年6月19日", "2024年6月21日"]),
        ("二〇二四年六月十九日", ["2024年6月19日"]),
        ("2025年，利用儿童节走进小学", ["2025年", "2025年6月1日"]),
        ("2023年8月13日：今年上半年义诊", ["2023年8月13日", "2023年上半年"]),
        ("2024年第三季度", ["2024年第三季度"]),
        ("2024年3月5日至9日", ["2024年3月5日至3月9日"]),
        ("6月19日", ["时间未载明"]),
        ("2024年，2月30日和13月1日", ["2024年"]),
        ("渭卫发〔2024〕12号，3月龄婴儿，每月2日", []),
    ],
)
def test_a_date_is_read_with_the_precision_it_is_stated_in(text, found):
    assert [str(when.period) for when in days(text)] == found


# -- Who wrote it


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("记者 郭纪轩 通讯员 孟丽", [("记者", "郭纪轩"), ("通讯员", "孟丽")]),
        ("（通讯员 张三丰、李　四）", [("通讯员", "张三丰"), ("通讯员", "李四")]),
        ("供稿：手术室党支部　审核：王云舒", [("供稿", "手术室党支部"), ("审核", "王云舒")]),
        ("文／何嘉宁　图／丁一舟", [("文", "何嘉宁"), ("图", "丁一舟")]),
        ("杨哲／文　杨和／图", [("文", "杨哲"), ("图", "杨和")]),
        ("供稿丨王小桃　摄影丨李望", [("供稿", "王小桃"), ("摄影", "李望")]),
        ("记者在现场看到，村民们排起了长队", None),
        ("特别报道", None),
    ],
)
def test_bylines_are_read_in_the_ways_people_write_them(text, found):
    assert credits_in(text) == found


def test_a_caption_loses_its_photographer_to_the_bylines():
    credits = Credits()
    assert credits.take_from_caption("义诊现场（刘一鸣　摄）") == "义诊现场"
    assert credits.bylines == [("摄", "刘一鸣")]


# -- Files


def refused(name: str, content: bytes) -> str:
    with pytest.raises(ReportError) as refusal:
        read_report(name, content)
    return "".join(refusal.value.messages)


def package(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


WORD = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>%s</w:body></w:document>'


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "空的"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "另存为.docx"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"{\\rtf1 }", "RTF"),
        (b"\xff\xd8\xff\xe0 JFIF", "图片"),
        (b"PK\x03\x04 cut off", "损坏"),
        (b"\x00\x01\x02 nothing", "不是Word文档"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html><p>", "网页"),
        ('<?xml version="1.0"?><svg>图</svg>'.encode("utf-16"), "矢量图"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "矢量图"),
    ],
)
def test_what_is_no_report_says_what_it_is_and_what_to_do(content, says):
    assert says in refused("稿件.docx", content)


def test_a_workbook_with_another_ending_is_named():
    assert "Excel" in refused("稿件.docx", package({"xl/workbook.xml": b"<x/>"}))


def test_a_document_with_macros_is_not_kept():
    parts = {"word/document.xml": (WORD % "<w:p/>").encode(), "word/vbaProject.bin": b"program"}
    assert "宏" in refused("a.docx", package(parts))


def test_a_document_with_a_doctype_is_not_parsed():
    evil = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + (WORD % "<w:p/>").encode()
    assert "DOCTYPE" in refused("a.docx", package({"word/document.xml": evil}))


def test_a_document_that_unpacks_to_more_than_a_report_is_not_parsed():
    long = (WORD % ("<!-- " + "x" * MOST_XML_BYTES + " -->")).encode()
    assert "太大" in refused("a.docx", package({"word/document.xml": long}))


def test_a_document_nested_beyond_any_use_is_refused_and_breaks_nothing():
    deep = "<w:tbl><w:tr><w:tc>" * 3000 + "</w:tc></w:tr></w:tbl>" * 3000
    assert "打不开" in refused("a.docx", package({"word/document.xml": (WORD % deep).encode()}))


def test_script_in_a_document_is_text():
    text = f"<w:p><w:r><w:t>&lt;script&gt;alert(1)&lt;/script&gt;{LONG}</w:t></w:r></w:p>"
    (paragraph,) = read_report("a.docx", package({"word/document.xml": (WORD % text).encode()})).blocks
    assert paragraph.html == f"&lt;script&gt;alert(1)&lt;/script&gt;{LONG}"


def test_a_picture_that_is_only_a_link_is_named_as_missing_and_not_fetched():
    report = read_report("a.docx", files()["29-snow-visit.docx"])
    assert "有一张图片不在文件里，只是一个链接，请上传原图。" in report.not_understood
    assert any("EMF" in said for said in report.not_understood)


def test_a_text_may_speak_of_angle_brackets():
    assert read_report("a.txt", f"<健康课堂>开讲了\n{LONG}".encode()).parts.title == "<健康课堂>开讲了"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_text_file_is_read_in_the_encodings_of_windows_and_phones(encoding):
    text = "志愿服务进社区\n记者 张三丰\n6月19日，第五支部在社区开展义诊3场，为群众测量血压、讲解用药，受到大家欢迎。\n"
    report = read_report("a.txt", text.encode(encoding))
    assert (report.parts.title, report.parts.bylines) == ("志愿服务进社区", [("记者", "张三丰")])


# -- What is a heading, a caption, a paragraph


def blocks_of(text: str) -> list:
    return read_report("a.txt", text.encode()).blocks


def test_a_sentence_that_a_column_has_parted_is_put_together():
    text = f"题目\n{LONG}\n大家都说这样的活动应该多办，把方便送到家门口是我们最\n大的心愿，也希望更多的人加入进来一起做这件事情。"
    assert [block.text[-4:] for block in blocks_of(text) if isinstance(block, Paragraph)] == [
        "他们手中。"[-4:],
        "件事情。",
    ]


def test_numbered_headings_have_the_level_of_their_number():
    text = f"工作总结\n一、抓学习\n（一）办好讲堂\n{LONG}\n二、抓服务\n{LONG}"
    assert [(own.level, own.text) for own in blocks_of(text) if isinstance(own, Heading)] == [
        (2, "一、抓学习"), (3, "（一）办好讲堂"), (2, "二、抓服务"),
    ]  # fmt: skip


def test_a_marked_caption_stands_between_paragraphs():
    assert [block.text for block in blocks_of(f"题目\n{LONG}\n图：义诊现场\n{LONG}") if isinstance(block, Caption)] == [
        "义诊现场"
    ]


def test_advertising_is_left_out_and_named():
    report = read_report("a.txt", f"题目\n{LONG}\n扫码下载客户端".encode())
    assert report.not_understood == ["“扫码下载客户端”不是稿件内容，没有采用。"]


# -- What is recorded is found by its names


@pytest.mark.django_db
def test_a_hospital_is_found_by_another_of_its_names_and_its_branches_by_theirs():
    hospital = make_hospital(name="济宁市第三人民医院")
    HospitalName.objects.create(hospital=hospital, name="济宁市兖州区人民医院")
    make_branch(hospital, name="第五支部（眼科支部）", number=5)
    make_partner(hospital, name="临渭区人和小学")
    report = read_report("a.txt", f"济宁市兖州区人民医院义诊\n6月1日，第五支部走进临渭区人和小学。{LONG}".encode())
    assert report.mentions.hospital == "济宁市第三人民医院"
    assert report.mentions.branches == ["第五支部（眼科支部）"]
    assert report.mentions.partners == ["临渭区人和小学"]
    assert "临渭区人和小学" in report.mentions.places
    assert "free_clinic" in report.mentions.kinds


@pytest.mark.django_db
def test_a_short_name_that_two_hospitals_share_is_not_resolved():
    make_hospital(name="金乡县人民医院", short_name="县医院")
    report = read_report("a.txt", f"县医院的专家来村里义诊了\n{LONG}".encode())
    assert report.mentions.known is None


# -- Within paragraphs, and beside them


def test_what_is_set_higher_or_lower_is_written_in_characters_that_say_so():
    report = Docx("word")
    report.p(
        "新建病房|1200m", run("2", script="superscript"), "，病房空气中的CO", run("2", script="subscript"), "合格。"
    )
    report.p("　　", LONG, run("第一届", script="superscript"))
    first, second = read_report("a.docx", report.save()).lines
    assert first == "新建病房1200m²，病房空气中的CO₂合格。"
    assert second.endswith("第一届")


@pytest.mark.parametrize("drawn", [{}, {"older": False}, {"alternative": False}], ids=["twice", "once", "alone"])
def test_a_text_box_is_read_once_however_it_is_written(drawn):
    report = Docx("word")
    report.p(report.textbox(paragraph("药箱里的“明白账”", align="center", bold=True, size=24), **drawn))
    report.p("记者：刘一鸣", align="center")
    report.p("　　", LONG)
    read = read_report("a.docx", report.save())
    assert read.parts.title == "药箱里的“明白账”"
    assert read.lines.count("药箱里的“明白账”") == 1


@pytest.mark.parametrize("drawn", [{}, {"older": False}, {"alternative": False}], ids=["twice", "once", "alone"])
def test_a_picture_in_a_box_comes_with_it(drawn):
    report = Docx("word")
    report.p("药箱里的“明白账”", align="center", bold=True, size=24)
    box = report.textbox(paragraph(report.picture(3)), paragraph("图：药师讲解用药"), **drawn)
    report.p("　　", LONG, box)
    read = read_report("a.docx", report.save())
    assert (len(read.pictures), read.captions) == (1, ["药师讲解用药"])


# -- The command


@pytest.mark.django_db
def test_the_command_says_all_of_it_as_json_and_writes_nothing(tmp_path, django_assert_max_num_queries):
    path = tmp_path / "06-clinic-news.docx"
    path.write_bytes(files()[path.name])
    out = io.StringIO()
    with django_assert_max_num_queries(12):
        call_command("read_report", str(path), "--json", stdout=out)
    said = json.loads(out.getvalue())
    assert said["title"] == "把专家号挂到家门口" and len(said["pictures"]) == 2
    villages = {"measure": "villages", "value": "18", "unit": "个", "precision": "exact", "as_stated": "18个"}
    assert villages in said["suggestions"]["figures"]
    assert set(said["suggestions"]) == {"hospital", "branches", "partners", "places", "dates", "kinds", "figures"}


@pytest.mark.django_db
def test_the_command_reads_the_other_files_where_one_cannot_be_read(tmp_path):
    good, bad = tmp_path / "a.txt", tmp_path / "b.doc"
    good.write_text(f"题目\n{LONG}", "utf-8")
    bad.write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 100)
    out = io.StringIO()
    with pytest.raises(CommandError, match=r"b\.doc：这是旧版Word"):
        call_command("read_report", str(good), str(bad), str(tmp_path / "c.txt"), stdout=out)
    assert "标题：题目" in out.getvalue()
