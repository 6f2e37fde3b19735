"""Dates in running text, with the precision they are stated in: 6月19日, 二〇二四年六月, 今年上半年, 儿童节.

A date without a year has the year of the report: the one it was published in, else the one that the text names.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from branches.periods import Period, Precision
from publishing import numerals

_SIGNS = "零〇○Ｏ一二三四五六七八九十廿卅"
_NUMBER = rf"(?:\d{{1,2}}|[{_SIGNS}]{{1,3}})"
_YEAR = rf"(?:(?P<year>(?:19|20)\d{{2}}|[{_SIGNS}]{{4}})年度?|(?P<relative>今年|本年度?|去年|上年度?|当年))"
_DAY_OF = rf"(?P<day>{_NUMBER})(?:[日号](?![线楼馆院台通])|(?=[至到—\-~～]\s*{_NUMBER}[日号]))"
_TO_DAY = rf"(?:\s*(?:至|到|—+|–|-|~|～|、|和|及)\s*(?:(?P<to_month>{_NUMBER})月份?)?(?P<to_day>{_NUMBER})[日号])?"
_WHEN = re.compile(
    rf"(?:{_YEAR}\s*)?(?:"
    rf"(?P<half>[上下])半年"
    rf"|第?(?P<quarter>[一二三四1-4])季度"
    rf"|(?P<month>{_NUMBER})月份?(?:\s*{_DAY_OF}{_TO_DAY}|(?P<part>[上中下]旬|初|底)|(?P<to_month_only>\s*(?:至|到|—+|-|~|～)\s*(?P<last_month>{_NUMBER})月份?)?)"
    rf"|(?P<whole>全年|(?=度|以来|，|,|、|。|底|初|间|共|累计|医院|我院|全院|$))"
    r")"
    rf"|(?P<numeric>(?P<n_year>(?:19|20)\d{{2}})[-/.](?P<n_month>\d{{1,2}})[-/.](?P<n_day>\d{{1,2}}))(?!\d)"
    r"|(?P<festival>“?(?:元旦|三八”?国际妇女节|妇女节|学雷锋纪念日|植树节|五一”?国际劳动节|劳动节|护士节|儿童节|六一”?(?:国际)?儿童节|“?七一”|建党节|建军节|“?八一”|教师节|国庆节|“?十一”国庆|医师节)”?)"
    rf"|(?P<alone>(?<![\d月.:：/]){_NUMBER})日(?=[上下中]午|，|,|当天|晚|一早|早|清晨|，)"
)
_FESTIVALS = {
    "元旦": (1, 1), "妇女节": (3, 8), "学雷锋": (3, 5), "植树节": (3, 12), "劳动节": (5, 1), "护士节": (5, 12),
    "儿童节": (6, 1), "七一": (7, 1), "建党节": (7, 1), "建军节": (8, 1), "八一": (8, 1), "医师节": (8, 19),
    "教师节": (9, 10), "国庆": (10, 1),
}  # fmt: skip
_QUARTERS = {sign: number for number, sign in enumerate("一二三四", 1)} | {str(n): n for n in range(1, 5)}
_NAMED_YEAR = re.compile(rf"((?:19|20)\d{{2}}|[二][零〇○][{_SIGNS}]{{2}})(?:年|[-/.]\d)")


@dataclass(frozen=True)
class When:
    """``is_year_given``: the text says it; else it was taken from the report."""

    as_stated: str
    period: Period
    is_year_given: bool


def days(text: str, published: date | None = None) -> Iterator[When]:
    """The dates of a text in their order; those that are no day of the calendar are left out.

    ``published``: when the report appeared, of which 今年 and dates without a year are said. Without any year in the report, a
    date has none, and the period is that of no known time.
    """
    year = published.year if published else _year_named(text)
    last = _Said(year, None)
    for match in _WHEN.finditer(text):
        if _is_other(text, match):
            continue
        try:
            found = _period(match, last, year)
        except (ValueError, KeyError):
            continue
        if found is None:
            continue
        period, is_given = found
        if period.start:
            last = _Said(period.start.year if is_given else last.year, period.start.month)
        yield When(match[0].strip(), period, is_given)


@dataclass(frozen=True)
class _Said:
    year: int | None
    month: int | None


def published_on(text: str) -> date | None:
    """The day in a line that holds nothing else."""
    bare = re.sub(r"[\s（）()]|发布时间|发布日期|时间|日期|[:：]", "", unicodedata.normalize("NFKC", text))
    for when in days(bare):
        if when.as_stated == bare and when.is_year_given and when.period.precision == Precision.DAY:
            return when.period.start
    return None


def _year_named(text: str) -> int | None:
    years = [_number(found) for found in _NAMED_YEAR.findall(text)]
    return max(set(years), key=lambda year: (years.count(year), year)) if years else None


def _is_other(text: str, match: re.Match) -> bool:
    """Part of a document's number or of a word: 〔2024〕12号, 近年, 7月龄."""
    before, behind = text[max(0, match.start() - 2) : match.start()], text[match.end() : match.end() + 2]
    if match["whole"] == "" and match["relative"] in {"今年", "本年", "本年度", "当年"}:
        return True  # 今年 alone says when, but is no time that anything was in
    if behind[:1] in "龄经" and behind:
        return True
    if match["month"] and not match["day"] and re.search(r"[\d个每]\Z", before):
        return True
    return bool(re.search(r"(?:[〔\[\d.]|每)\Z", before))


def _period(match: re.Match, last: _Said, default: int | None) -> tuple[Period, bool] | None:
    if match["numeric"]:
        day = date(*(int(match[name]) for name in ("n_year", "n_month", "n_day")))
        return Period.around(day, Precision.DAY), True
    if match["festival"]:
        month, day = next(own for words, own in _FESTIVALS.items() if words in match["festival"])
        return _of_year(last.year or default, lambda year: Period.around(date(year, month, day), Precision.DAY)), False
    if match["alone"]:
        if last.month is None:
            return None
        day = _number(match["alone"])
        return _of_year(
            last.year or default, lambda year: Period.around(date(year, last.month, day), Precision.DAY)
        ), False
    year, is_given = default, False
    if match["year"]:
        year, is_given = _number(match["year"]), True
    elif match["relative"]:
        year = default and default - 1 if match["relative"].startswith(("去", "上")) else default
    elif match["month"]:
        year = last.year or default
    if match["whole"] is not None and not (match["year"] or match["relative"]):
        return None
    return _of_year(year, lambda own: _in_year(match, own)), is_given


def _of_year(year: int | None, period) -> Period:
    if year is None:
        period(2000)  # whether there is such a day at all; 29 February is one
        return Period(None, None, Precision.UNKNOWN)
    return period(year)


def _in_year(match: re.Match, year: int) -> Period:
    if match["half"]:
        return Period.around(date(year, 1 if match["half"] == "上" else 7, 1), Precision.HALF_YEAR)
    if match["quarter"]:
        return Period.around(date(year, 3 * _QUARTERS[match["quarter"]], 1), Precision.QUARTER)
    if match["month"]:
        month = _number(match["month"])
        if match["day"]:
            first = date(year, month, _number(match["day"]))
            if not match["to_day"]:
                return Period.around(first, Precision.DAY)
            to_month = _number(match["to_month"]) if match["to_month"] else month
            last = date(year, to_month, _number(match["to_day"]))
            return Period(first, max(first, last), Precision.DAY)
        whole = Period.around(date(year, month, 1), Precision.MONTH)
        if match["last_month"]:
            end = Period.around(date(year, _number(match["last_month"]), 1), Precision.MONTH)
            return Period(whole.start, max(whole.end, end.end), Precision.MONTH)
        return whole
    return Period.around(date(year, 1, 1), Precision.YEAR)


def _number(text: str) -> int:
    """2024, 二〇二四, 十九. Raises ValueError."""
    text = numerals.fold(unicodedata.normalize("NFKC", text).replace("○", "零").replace("O", "零"))
    if text.isdigit() and text.isascii():
        return int(text)
    if len(text) == 4 and "十" not in text:
        return int("".join(str(numerals.DIGITS[sign]) for sign in text))
    value = numerals.read_number(text)
    if value is None:
        raise ValueError(text)
    return int(value)
