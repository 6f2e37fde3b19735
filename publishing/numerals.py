"""Numbers in Arabic digits, in Chinese words and in a mixture of both: 18694, 一千零五, 2万5千, 一点五万.

Nothing here is approximate: a text is one exact number or it is not understood (None). What 余, 近 and 几百 make of
it is in ``stated_numbers``.
"""

import re
from decimal import Decimal

# Traditional, financial and contracted forms, folded before anything is read.
_FOLDED = str.maketrans(
    {
        "〇": "零", "廿": "二十", "卅": "三十", "卌": "四十", "萬": "万", "億": "亿", "兩": "两",
        "壹": "一", "贰": "二", "貳": "二", "叁": "三", "參": "三", "肆": "四", "伍": "五", "陆": "六", "陸": "六",
        "柒": "七", "捌": "八", "玖": "九", "拾": "十", "佰": "百", "仟": "千",
        "餘": "余", "幾": "几", "數": "数", "約": "约", "過": "过",
    }
)  # fmt: skip

DIGITS = dict(zip("零一二三四五六七八九", range(10), strict=True)) | {"两": 2}
SCALES = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
CHARACTERS = "".join(DIGITS) + "".join(SCALES) + "点"

_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_MIXED = re.compile(r"([0-9.,]+)((?:[十百千]?[万亿])|[百千])(.*)")


def fold(text: str) -> str:
    return text.translate(_FOLDED)


def read_number(text: str) -> Decimal | None:
    """The exact value of a text that is a number and nothing else, or None."""
    if (mixed := _MIXED.fullmatch(text)) is not None:
        return _read_mixed(*mixed.groups())
    if re.match("[0-9]", text):
        return _read_arabic(text)
    whole, point, decimals = text.partition("点")
    if not point:
        return _decimal(_read_chinese(text))
    scale = decimals[-1:] if decimals[-1:] in {"万", "亿"} else ""
    decimals = decimals.removesuffix(scale)
    value = _decimal(_read_chinese(whole))
    if value is None or not decimals or any(character not in DIGITS for character in decimals):
        return None
    return Decimal(f"{value}.{''.join(str(DIGITS[d]) for d in decimals)}") * SCALES.get(scale, 1)


def number_text(value: Decimal) -> str:
    """As Chinese statistics print it: thousands separators, no trailing zeros."""
    whole, _point, decimals = f"{value:,f}".partition(".")
    decimals = decimals.rstrip("0")
    return f"{whole}.{decimals}" if decimals else whole


def _decimal(value: int | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _read_arabic(text: str) -> Decimal | None:
    if _GROUPED.fullmatch(text) or _PLAIN.fullmatch(text):
        return Decimal(text.replace(",", ""))
    return None


def _read_mixed(digits: str, scale_word: str, tail: str) -> Decimal | None:
    """2万5千, 5百万, 1.5万; in 2万5 the 5 stands for the next lower place, as in speech."""
    value = _read_arabic(digits)
    if value is None:
        return None
    scale = 1
    for character in scale_word:
        scale *= SCALES[character]
    value *= scale
    if not tail:
        return value
    if "." in digits or len(scale_word) > 1:
        return None
    if re.fullmatch("[1-9]", tail):
        return value + int(tail) * scale // 10
    if re.fullmatch("[0-9]{4}", tail) and scale_word == "万":
        return value + int(tail)
    rest = _read_mixed(*mixed.groups()) if (mixed := _MIXED.fullmatch(tail)) else None
    return value + rest if rest is not None and rest < scale else None


def _read_chinese(text: str) -> int | None:
    """一千零五 and also 一百二 (120) and 二万五 (25000), as people say them."""
    if text == "零":
        return 0
    total, above = 0, None  # above: the scale of the part before, None where there is none
    for scale_word in "亿万":
        head, found, rest = text.partition(scale_word)
        if not found:
            continue
        # A bare 万 or 亿 (万余, 上亿) is one of them, but only at the very beginning.
        part = 1 if not head and above is None else _read_section(head, above and 10_000)
        if part is None:
            return None
        total += part * SCALES[scale_word]
        above, text = SCALES[scale_word], rest
    if not text:
        return total if above else None
    if above and text in DIGITS and text != "零":
        return total + DIGITS[text] * above // 10
    if above == SCALES["亿"]:
        if text[0] != "零":  # 一亿五千 may be meant as 一亿五千万
            return None
        above = 100_000
    part = _read_section(text, above)
    return None if part is None else total + part


def _read_section(text: str, above: int | None) -> int | None:
    """The part below 10,000. A 零 stands where a place is empty, and nowhere else."""
    total, zero, position = 0, False, 0
    while position < len(text):
        character = text[position]
        if character == "零":
            if zero or above is None:
                return None
            zero, position = True, position + 1
            continue
        if character in DIGITS:
            digit, position = DIGITS[character], position + 1
        elif character == "十" or (text in {"百", "千"} and above is None):
            digit = 1
        else:
            return None
        scale = SCALES.get(text[position : position + 1], 1)
        if scale > 1:
            position += 1
        elif total and not zero and above > 10:
            scale = above // 10  # 一百二
            if position < len(text):
                return None
        if above is not None and (scale >= above or (zero and scale * 10 == above)):
            return None
        total, above, zero = total + digit * scale, scale, False
    return None if zero or not total else total
