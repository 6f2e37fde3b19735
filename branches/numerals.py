"""Chinese ordinals of branches and what a seal shows."""

import re

_DIGITS = "零一二三四五六七八九"


def han(number: int) -> str:
    """1-99 as people say it: 三, 十, 十二, 二十二.

    >>> han(22)
    '二十二'
    """
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones or not tens else "")


def seal_characters(number: int | None, name: str) -> str:
    """The two or four characters of a branch's seal: 第五支部, 十二支部, 廿二支部; unnumbered ones by their name."""
    if number and number <= 10:
        return f"第{han(number)}支部"
    if number and number < 20:
        return f"{han(number)}支部"
    if number and 20 < number < 30:
        return f"廿{_DIGITS[number % 10]}支部"
    if number and number % 10 == 0:
        return f"{han(number)}支部"
    if number:
        return f"{han(number)}部"
    own = re.sub(r"[（(].*|党?(支部|总支)(委员会)?$", "", name)
    return f"{own}支部" if len(own) == 2 else own[:4]
