"""The five newspaper reports, with the layout as their pages came down to us.

Lines stand in the order of the texts, not of reading: captions in the middle of sentences, headings over two lines, a byline after the
fourth paragraph, paragraphs cut by a column. Pictures and tables are added; the tables say only what the reports say.
"""

from pathlib import Path
from typing import NamedTuple

from tests.articles.reports.writing import Docx, bold, run


class Seed(NamedTuple):
    lines: tuple[str, ...]

    @classmethod
    def read(cls, folder: Path, number: str) -> "Seed":
        (path,) = folder.glob(f"{number}_*.txt")
        return cls(tuple(path.read_text(encoding="utf-8").split("\n")))

    def line(self, number: int) -> str:
        return self.lines[number - 1].rstrip()

    def numbered(self, first: int, last: int) -> list[tuple[int, str]]:
        return [(number, self.line(number)) for number in range(first, min(last, len(self.lines)) + 1)]


def jinxiang(seed: Seed) -> Docx:
    """No styles at all: title and headings are only larger; each caption stands where a column ended."""
    report = Docx("word")
    report.head("齐鲁晚报·今日金乡", align="right", size=9)
    form = {
        3: (True, 22),
        5: (True, 16),
        15: (True, 14),
        17: (True, 14),
        29: (True, 14),
        31: (True, 14),
        47: (True, 14),
        49: (True, 14),
    }
    captions = {13: 101, 21: 102, 43: 103, 63: 104}
    for number, text in seed.numbered(1, 67):
        if not text:
            continue
        if number in captions:
            report.p(report.picture(captions[number], floating=number == 43), align="center")
            report.p(text, align="center", size=9)
        elif number in form:
            report.p(text, align="center", bold=form[number][0], size=form[number][1])
        else:
            report.p(text, first=2 if number != 7 else 0)
        if number == 57:
            report.table(
                [
                    ["便民服务", "内容", "时间"],
                    ["红帆驿站", "热水、手机充电、便民打印、爱心雨伞借用、轮椅借用", "全天"],
                    ["院长热线", "8722000", "24小时"],
                ]
            )
    return report


def yanzhou(seed: Seed) -> Docx:
    """Heading styles; the end of one paragraph stands before another, and the page ends with an advertisement."""
    report = Docx("word")
    pictures = {21: 201, 33: 202, 49: 203}
    for number, text in seed.numbered(1, 65):
        if number in pictures:
            report.p(report.picture(pictures[number]), align="center")
        if not text:
            continue
        marks = len(text) - len(text.lstrip("#"))
        words = text.lstrip("# ")
        if number == 65:
            report.p(words, align="center", size=9, keep=False)
        elif marks:
            report.p(words, style=f"Heading{marks}")
        elif number == 5:
            report.p(words, align="right", bold=True)
        else:
            report.p("　　" * (number != 11), words)
        if number == 57:
            report.table(
                [
                    [bold("中心"), bold("认证情况")],
                    ["胸痛中心", "通过中国心血管健康联盟认证"],
                    ["心衰中心", "通过中国心血管健康联盟认证"],
                    ["房颤中心", "中国房颤中心建设单位"],
                ]
            )
    return report


def weishan(seed: Seed) -> Docx:
    """WPS' styles, two columns; the byline and the beginning of the text come after the first section."""
    report = Docx("wps", columns=2)
    headings = {9, 10, 28, 29, 43, 44}
    report.p(seed.line(5), style="8")
    report.p(seed.line(7), align="center", size=15)
    report.end_section(1)
    for number, text in seed.numbered(9, 57):
        if number == 24:
            report.p(report.picture(301, wide=6), align="center")
        if not text:
            continue
        if number in headings:
            report.p(text, align="center", bold=True, size=15)
        elif number >= 56:
            report.p(text, align="center", size=9, keep=False)
        else:
            report.p(text, first=0 if number == 20 else 2)
        if number == 41:
            report.p(report.picture(302, wide=6), align="center")
        if number == 50:
            report.table(
                [
                    ["“十心”系列活动", "参观学习"],
                    ["向党表白诉衷心", "微山湖烈士纪念园"],
                    ["革命教育守赤心", "枣矿集团党性教育基地"],
                ]
            )
    return report


def jining(seed: Seed) -> Docx:
    """Captions between the halves of a sentence; words cut by a column; floating pictures; two tables."""
    report = Docx("chinese")
    captions = {25: 401, 33: 402, 57: 403, 61: 404, 83: 405, 87: 406}
    for number, text in seed.numbered(1, 87):
        if not text:
            continue
        if number == 3:
            report.p(text, style="a3")
        elif number in captions:
            report.p(report.picture(captions[number], wide=7, floating=number == 33), text, align="center", size=9)
        elif number in {11, 35, 63}:
            report.p(text, style="2")
        elif number in {5, 7}:
            report.p(text, align="center")
        else:
            report.p(text)
        if number == 75:
            report.table([["干部职工", "党支部", "党员"], ["1500余名", "22个", "348名"]])
            report.p()  # or Word makes one table of two
            report.table(
                [
                    ["2024年", "数量"],
                    ["足迹所到行政村", "200个"],
                    ["志愿服务活动", "305次"],
                    ["累计服务时长", "2万余小时"],
                ]
            )
    return report


def weinan(seed: Seed) -> Docx:
    """A web page: its title is the subtitle again, two paragraphs stand in one, the source and the date at the end are one word."""
    report = Docx("word")
    report.p(seed.line(1), size=9, keep=False)
    report.p(seed.line(2), style="Title")
    report.p(seed.line(3), align="center", size=14)
    for number, text in seed.numbered(4, 54):
        if not text:
            continue
        if number in {11, 20, 30, 43}:
            report.p(text, style="Heading2")
        elif number == 54:
            report.p(run(text, color="888888"), align="right")
        else:
            report.p(text)
        if number in {7, 19, 41, 46}:
            report.p(report.picture(500 + number), align="center")
        if number == 9:
            report.table(
                [
                    ["支部", "书记"],
                    ["第一支部（行政支部）", "邓维泉"],
                    ["第二支部（内科支部）", "何锋"],
                    ["第三支部（外科支部）", "刘健"],
                    ["第四支部（护理支部）", "沈娟"],
                    ["第五支部（眼科支部）", "权菊玲"],
                    ["第六支部（医技支部）", "杜拥护"],
                    ["第七支部（后勤支部）", "陈黎波"],
                ]
            )
        if number == 51:
            report.table([["今年上半年", "场次", "人次"], ["义诊", "193", "18694"], ["近视防控讲座", "12", "1600"]])
    return report


NEWSPAPER = {
    "01-jinxiang.docx": ("000", jinxiang),
    "02-yanzhou.docx": ("001", yanzhou),
    "03-weishan.docx": ("002", weishan),
    "04-jining.docx": ("003", jining),
    "05-weinan.docx": ("004", weinan),
}
