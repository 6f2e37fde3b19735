"""Wording that a public institution does not print: 党的诞辰, marks of internal papers, what was left over from drafting."""

import re
from collections.abc import Iterator

from publishing.checks.findings import Hit

_PARTY_BIRTHDAY = re.compile(
    r"(?<!国民)(?:中国共产党|共产党|中共|建党|党)"
    r"(?:[0-9零〇一二三四五六七八九十百两第多个余]|周年|[的之年岁]|成立|建立|创建|伟大|光辉|[“”\s]){0,12}诞辰"
)

_INTERNAL_MARKS = re.compile(
    r"内部(?:资料|文件|传阅|参考)(?![室库柜])|仅供内部|(?:不得|请勿|严禁|切勿)(?:随意)?(?:外传|外泄)"
    r"|(?:^|\n)\s{0,8}注意保存(?=\s{0,8}(?:$|\n))|(?:秘密|机密)\s{0,2}★|绝密"
)

# What stands where something was to be filled in: words in brackets, crosses, empty boxes.
_PLACEHOLDERS = re.compile(
    r"待核实|[(【\[{][^()【】\[\]{}\n]{0,16}(?:待(?:补|定|填|查|核|确认|完善|更新)|此处[补插填加放])[^()【】\[\]{}\n]{0,16}[)】\]}]"
    r"|(?<![A-Za-z])(?<!4[5-9],)[Xx]{3,}(?![A-Za-z]|综合征)|(?<![A-Za-z])[Xx]{2}(?=[年月日院科市县区]|医院|支部|同志)"
    r"|×{3,}|□{3,}|(?<![A-Za-z])(?:TODO|TBD|FIXME)(?![A-Za-z])"
)

# What word processors leave in a text that was copied with its comments, tracked changes and fields.
_LEFTOVERS = re.compile(
    r"(?<![\u3400-\u9fff])(?:批注|带格式的?|设置了格式|(?:删除|插入)(?:的内容|了)?)\s{0,2}(?:\[[^\[\]\n]{1,20}\]\s{0,2})?:"
    r"|错误!\s{0,2}未找到引用源|Error!\s{0,2}Reference source|\\\*\s{0,2}MERGEFORMAT|HYPERLINK\s{1,4}\"|\ufffd"
)

_DRAFT_MARKS = re.compile(
    r"(?:送审|征求意见|讨论|修改|审议|报批)稿(?!件)|[(【\[](?:初稿|草稿|样稿|定稿|终稿|修订版)[)】\]]|_{3,}|\?{3,}"
)


def party_birthdays(text: str) -> Iterator[Hit]:
    """诞辰 is said of persons: 毛泽东同志诞辰 is fine, 中国共产党诞辰 is not."""
    return _hits(_PARTY_BIRTHDAY, text)


def internal_marks(text: str) -> Iterator[Hit]:
    return _hits(_INTERNAL_MARKS, text)


def placeholders(text: str) -> Iterator[Hit]:
    return _hits(_PLACEHOLDERS, text)


def leftovers(text: str) -> Iterator[Hit]:
    return _hits(_LEFTOVERS, text)


def draft_marks(text: str) -> Iterator[Hit]:
    return _hits(_DRAFT_MARKS, text)


def _hits(pattern: re.Pattern, text: str) -> Iterator[Hit]:
    yield from (Hit(*found.span()) for found in pattern.finditer(text))
