"""Reads a number with the words people put round it: 60余, 近20, 2万余小时, 半个多小时, 几百个家庭.

``read`` is the only way in. It answers with a Reading or raises QuantityError, whatever the text is. What it refuses
it refuses with a sentence that says what to type instead: a wrong guess would be printed as a fact.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import NoReturn

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from publishing import numerals

MAX_LENGTH = 60
LIMIT = Decimal(10) ** 12
PERCENT_SIGNS = ("%", "‰")


class Precision(models.TextChoices):
    EXACT = "exact", _("准确")
    AT_LEAST = "at_least", _("至少")
    NEARLY = "nearly", _("接近")
    ABOUT = "about", _("大约")
    VAGUE = "vague", _("概数")


class QuantityError(ValidationError, ValueError):
    """A text that is not one quantity. Its message says, in Chinese, what to type instead."""


_MESSAGES = {
    "empty": _("请填写一个数，例如“12”或“60余”；没有统计到可以留空。"),
    "not_given": _("“%(text)s”不是数字。没有统计到请留空；确实为零请填“0”。"),
    "too_long": _("内容太长（最多60个字）。这里只填数字和单位，例如“60余场”，说明文字请写到正文里。"),
    "symbol": _("“%(text)s”是特殊符号，容易看错，请改用普通数字，例如“12”。"),
    "space": _("数字中间有空格，分不清是一个数还是两个数。如果是一个数，请连着写，例如“1200”或“1,200”。"),
    "comma": _("“%(text)s”里逗号的位置不对。请每三位用一个逗号，例如“12,000”，或者不用逗号。"),
    "negative": _("数量不能是负数，请核对后重新填写。"),
    "ordinal": _("“%(text)s”表示次序，不是数量。请填数量，例如“5”。"),
    "rate": _("“%(text)s”是平均数或频次，不是总数。请填这次活动或这段时间的总数，例如“50”；频次请写到正文里。"),
    "everyone": _("“%(text)s”没有写明多少。请填实际人数，例如“36”；没有统计到请留空。"),
    "date": _("“%(text)s”像是日期或时间。这里请填数量，例如“12”；日期请填到日期栏。"),
    "range": _("这里只能填一个数，不能填范围。请取较小的数，写成“10余”的样子，或写一个大约的数，例如“约15”。"),
    "fraction": _("请不要用分数。请改成小数或百分数，例如“0.5”“30%”。"),
    "shorthand": _("请不要用字母简写。“w”请写成“万”，“k”请写成“千”，例如“1.2万”。"),
    "several": _("这里只能填一个数，“%(text)s”里有好几个。请把总数填在这里，其余的另填一项。"),
    "bare": _("“%(text)s”前面没有数字。正好这么多，请写成“一%(text)s”；是约数，请写成“%(text)s余”或“近%(text)s”。"),
    "conflict": _("“%(first)s”和“%(second)s”意思不一致，请只留一个。"),
    "decimals": _("小数最多两位，请四舍五入后再填，例如“1.25”。"),
    "too_large": _("数字太大（应小于1万亿），请核对是不是多写了几位。"),
    "try": _("没有看懂“%(text)s”。这里只填数字和单位，是不是“%(guess)s”？"),
    "unreadable": _("没有看懂“%(text)s”。请只填数字和单位，例如“12”“60余场”“近20”“2万余”。"),
}

# Upper limits (不超过, 以内) have no precision of their own: they keep their words and lend no value.
_BEFORE = {
    Precision.AT_LEAST: "不少于 不低于 不下于 不下 不止 不只 超过 超出 超 逾 突破 至少 最少 起码 多于 大于 高于 >= ≥ > 上 过 破",
    Precision.NEARLY: "将近 接近 几近 近 不到 不足 不满",
    Precision.ABOUT: "大约 大概 大致 约莫 差不多 估计 约 ~ ≈",
    Precision.VAGUE: "不超过 不多于 不高于 至多 最多 少于 低于 小于 <= ≤ <",
}
_AFTER_NUMBER = {Precision.AT_LEAST: "有余 余 多 +", Precision.ABOUT: "来"}
_AT_END = {
    Precision.AT_LEAST: "及以上 以上 之上 开外 有余 不止 余 多 +",
    Precision.ABOUT: "左右 上下 前后",
    Precision.VAGUE: "及以下 以下 之下 以内 之内 内",
}
_ONLY_WHERE = {
    "上": "上(?=[百千万亿])",
    "过": "过(?=[百千万亿0-9])",
    "破": "破(?=[百千万亿0-9])",
    "内": "(?<![室院校境市县区])内",
}
# What a unit counts. A text may carry any short unit; only these are compared with what a field expects.
UNIT_KINDS = {
    "人次": "人次", "场次": "场次", "场": "场次", "人": "人数", "名": "人数", "位": "人数", "户": "户数",
    "份": "份数", "册": "份数", "例": "例数", "所": "所数",
    "小时": "小时", "钟头": "小时", "分钟": "分钟", "天": "天数", "%": "百分数",
}  # fmt: skip
_SUGGESTED_UNITS = "人次|场次|个小时|小时|分钟|公里|[场次人名位户份册例所个家天年项种岁]"
# What may follow a single word for a number: 一场 and 数名, but not 一般, 数据 or 两会.
_COUNTERS = "场次人名位户份册例所个家天日年月周秒分岁种项类条级期批支组队轮届件台张本篇部座间村镇乡元倍成站处块面幅封堂剂枚票具双顶小钟学课公米里亩斤大对%‰"
_INVISIBLE = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]+")
_TIMED = "小时|钟头|学时|天|日|年|月|公里|里|米|斤|亩"
_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_HAN_NUMERAL = numerals.CHARACTERS.replace("点", "")
_NUMERAL = f"0-9{numerals.CHARACTERS}几数"
_UNIT = rf"(?:百姓|[{_HAN}](?<![零一二两三四五六七八九十百千万亿几半不没每第和与及或的了于余多至到]))"
_WORDS = "若干|许多|很多|众多|大量|大批|不少|一些|部分|成百上千|成千上万|数以[十百千万]计|多"
_NOT_GIVEN = re.compile(
    "(?:暂?无|没有|[无未没待]统计|不详|不清楚|不知道|未知|略|空|待定|待补|null|none|n/a)|[-–—_/\\\\*xX×]+"
)


def _any(words: dict[Precision, str]) -> str:
    ordered = sorted(" ".join(words.values()).split(), key=len, reverse=True)
    return "|".join(_ONLY_WHERE.get(word, re.escape(word)) for word in ordered)


def _meanings(words: dict[Precision, str]) -> dict[str, Precision]:
    return {word: precision for precision, line in words.items() for word in line.split()}


_MEANINGS = {"before": _meanings(_BEFORE), "after": _meanings(_AFTER_NUMBER), "end": _meanings(_AT_END)}
# In the order in which they may stand: 累计 · 超过 · 20 · 个 · 余 · 万 · 半 · 小时 · 半 · 以上. The possessive repeat of the
# first group keeps a long row of 共计共计共计 from being tried in every way.
_PATTERN = re.compile(
    "(?:共计|总共|一共|总计|合计|累计|共有|共|计|已|达到|高达|多达|达|有|为|仅|只有|:){0,3}+"
    rf"(?P<before>(?:{_any(_BEFORE)})[要有达了为]?)?"
    "(?P<percent>百分之)?"
    rf"(?P<number>{_WORDS}|半(?=个|{_TIMED})|(?:好(?=几))?(?:(?!百姓)[{_NUMERAL}.,])+)"
    "(?P<piece>个(?=[余多来半]))?"
    rf"(?P<after>{_any(_AFTER_NUMBER)})?"
    "(?P<scale>(?<=[余多来])[百千]?[万亿])?"
    "(?P<half>(?<=个)半(?![天日年]))?"
    rf"(?P<unit>[%‰]|{_UNIT}{{1,6}}?|km|kg|cm|mm|ml|m|g|h|min)??"
    rf"(?P<half_after>(?<=[时头天日年月里米斤亩])半)?"
    rf"(?P<end>{_any(_AT_END)})?"
)
_DATE = re.compile(
    r"(?<![0-9])(?:19|20)[0-9]{2}(?:年|[-/](?:0?[1-9]|1[0-2])(?:[-/]|$)|\.[0-9]{1,2}\.)|[零一二三四五六七八九]{4}年"
    f"|(?<![{_NUMERAL}.])(?:[0-9]{{1,2}}|[一二三四五六七八九十]{{1,2}})月(?:$|[{_NUMERAL}份底初中上下])"
    "|[0-9]{1,2}:[0-9]{2}|[0-9]{1,2}点(?:$|[0-9半整钟多])|^[一二两三四五六七八九十]+点(?:$|[半整钟多十])|[上下]半?[午年]"
)
_RANGE = re.compile(rf"[{_NUMERAL}][余多]?[{_HAN}%]{{0,3}}?(?:[-–—~、]+|至|到|或)[{_NUMERAL}]")
_CONSECUTIVE = {"一二", "一两", "二三", "两三", "三四", "三五", "四五", "五六", "六七", "七八", "八九"}
_DIGIT_PAIR = re.compile("[一二两三四五六七八九](?=[一二两三四五六七八九])")
_VAGUE = re.compile(rf"{_WORDS}|好?[0-9{_HAN_NUMERAL}]*几[十百千万亿]*|数[十百千万亿]*")
_GUESS = re.compile(
    rf"(?:{_any(_BEFORE)})?[0-9][{_NUMERAL}.,]*个?[余多]?[万亿]?(?:%|{_SUGGESTED_UNITS})?(?:以上|左右)?"
)


@dataclass(frozen=True)
class Reading:
    """The parts of a text that was understood. ``number`` and ``scale`` are ready to print, grouped in thousands."""

    value: Decimal | None
    precision: Precision
    before: str  # 近
    number: str  # 60, 2万, 半个, 几百
    after: str  # 余, before the unit
    scale: str  # 万 in 20余万, and the percent sign
    unit: str
    end: str  # 以上, after the unit


def tidy(text: str) -> str:
    """The words as typed, without what cannot be seen: outer and repeated white space, zero-width marks of WeChat."""
    return " ".join(_INVISIBLE.sub("", text).split())


@lru_cache(maxsize=4096)
def read(stated: str) -> Reading:
    """Understand a text, or raise QuantityError."""
    stated = tidy(stated)
    if not stated:
        _refuse("empty")
    if len(stated) > MAX_LENGTH:
        _refuse("too_long")
    for character in stated:
        if unicodedata.category(character) == "No":  # NFKC would make 10² into 102
            _refuse("symbol", text=character)
    text = _normalise(stated)
    _refuse_what_is_no_quantity(text, stated)
    match = _PATTERN.fullmatch(text)
    if match is None:
        _refuse_unread(text, stated)
    return _reading(match, stated)


def _normalise(stated: str) -> str:
    text = numerals.fold(unicodedata.normalize("NFKC", stated)).replace("−", "-")
    text = re.sub("(?<=[0-9])[。·](?=[0-9])", ".", text).lstrip("“\"'‘「 ").rstrip("。，、；;,.!? ”\"'’」")
    if re.search(r"[0-9] [0-9]", text):
        _refuse("space")
    return re.sub(rf"\(({_SUGGESTED_UNITS})\)$", r"\1", text.replace(" ", ""))


def _refuse_what_is_no_quantity(text: str, stated: str) -> None:
    """The mistakes that are common enough to deserve an answer of their own."""
    if _NOT_GIVEN.fullmatch(text.lower()):
        _refuse("not_given", text=stated)
    if re.match(f"(?:-|—|–|负)+[{_NUMERAL}]", text):
        _refuse("negative")
    if re.match("第|[Nn]o[.]", text):
        _refuse("ordinal", text=stated)
    if re.search("每|平均|人均", text):
        _refuse("rate", text=stated)
    if re.match("全体|全部|全员|所有|全院", text) and not re.search("[0-9]", text):
        _refuse("everyone", text=stated)
    if _DATE.search(text):
        _refuse("date", text=stated)
    if re.search("(?<!百)分之|[0-9][/⁄][0-9]", text):
        _refuse("fraction")
    if _RANGE.search(text):
        _refuse("range")
    if re.search("[0-9][wk](?![a-z])", text, re.IGNORECASE):
        _refuse("shorthand")


def _refuse_unread(text: str, stated: str) -> NoReturn:
    if len(re.findall("[0-9][0-9.,]*", text)) > 1:
        _refuse("several", text=stated)
    guess = _GUESS.search(text)
    rest = text.replace(guess[0], "", 1) if guess else ""
    if (
        guess
        and re.fullmatch(f"(?:(?![{_NUMERAL}半不没])[{_HAN}，,:/()])*", rest)
        and (match := _PATTERN.fullmatch(guess[0]))
    ):
        try:
            _reading(match, guess[0])
        except QuantityError:
            pass
        else:
            _refuse("try", text=stated, guess=guess[0])
    _refuse("unreadable", text=stated)


def _reading(match: re.Match, stated: str) -> Reading:
    part = {name: text or "" for name, text in match.groupdict().items()}
    number, precision = part["number"], _precision(part)
    if len(number) == 1 and not number.isascii() and not part["after"] and part["unit"][:1] not in _COUNTERS:
        _refuse("unreadable", text=stated)
    if _is_vague(number):
        for place in ("after", "end"):
            if part[place] in _MEANINGS["after"]:
                _refuse("conflict", first=number, second=part[place])
        if part["piece"] or part["half_after"]:
            _refuse("unreadable", text=stated)
        # 近几百 and 几十左右 stay words: what is around them lends no value.
        value, precision = None, Precision.VAGUE
        printed = part["percent"] + number
    else:
        value = _value(part, stated)
        if precision is Precision.EXACT and not part["percent"] and re.fullmatch("[百千]?[万亿]?", number):
            _refuse("bare", text=number)
        printed = _printed(part, value, exact=precision is Precision.EXACT)
        if precision is Precision.VAGUE:
            value = None
    return Reading(
        value=value,
        precision=precision,
        before=part["before"],
        number=printed,
        after=part["after"],
        scale=part["scale"] + (part["unit"] if part["unit"] in PERCENT_SIGNS else ""),
        unit="%" if part["percent"] else part["unit"],
        end=part["end"],
    )


def _precision(part: dict[str, str]) -> Precision:
    found = []
    for place, meanings in _MEANINGS.items():
        if text := part[place]:
            found.append((meanings.get(text) or meanings[text[:-1]], text))  # 超过了, 至少要
    for precision, text in found[1:]:
        if precision is not found[0][0]:
            _refuse("conflict", first=found[0][1], second=text)
    return found[0][0] if found else Precision.EXACT


def _is_vague(number: str) -> bool:
    """几百, 十几, 数十, 若干; and two neighbouring digits in words: 三四十, 七八."""
    pairs = [number[found.start() : found.start() + 2] for found in _DIGIT_PAIR.finditer(number)]
    if len(pairs) == 1 and pairs[0] in _CONSECUTIVE:
        left, right = number.split(pairs[0])
        filled = numerals.read_number(f"{left}{pairs[0][0]}{right}")
        return "点" not in number and filled is not None
    return _VAGUE.fullmatch(number) is not None


def _value(part: dict[str, str], stated: str) -> Decimal:
    number = part["number"]
    value = Decimal("0.5") if number == "半" else numerals.read_number(number)
    if value is None and "," in number:
        _refuse("comma", text=stated)
    if value is None or (part["percent"] and part["unit"] in PERCENT_SIGNS):
        _refuse("unreadable", text=stated)
    if part["scale"]:
        if any(character in number for character in "万亿半"):
            _refuse("unreadable", text=stated)
        for character in part["scale"]:
            value *= numerals.SCALES[character]
    if value >= LIMIT:
        _refuse("too_large")
    if part["half"] or part["half_after"]:
        if value % 1 or (part["half_after"] and (part["half"] or part["after"])):
            _refuse("unreadable", text=stated)
        value += Decimal("0.5")
    if value != round(value, 2):
        _refuse("decimals")
    return value


def _printed(part: dict[str, str], value: Decimal, *, exact: bool) -> str:
    """As written where the words carry something; 1500 in Arabic digits becomes 1,500."""
    number, has_half = part["number"], part["half"] or part["half_after"]
    if not has_half and (ten_thousands := re.fullmatch("([0-9.,]+)([万亿])", number)) is not None:
        return ten_thousands[1].replace(",", "") + ten_thousands[2]
    if exact or part["half_after"] or (number == "半" and not part["piece"]):
        return numerals.number_text(value) + ("%" if part["percent"] else "")
    if re.fullmatch("[0-9.,]+", number) and not part["scale"]:
        number = numerals.number_text(numerals.read_number(number))
    return part["percent"] + number + part["piece"] + part["half"]


def _refuse(code: str, **params: str) -> NoReturn:
    raise QuantityError(_MESSAGES[code], code=code, params=params)
