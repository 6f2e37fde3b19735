"""A patient's full name: beside a word for patient, or with an age and an illness. 李先生 and 张某 are fine, and so is staff.

There is no dictionary here. A full name is a surname and one or two more characters that make no other word with it
and have behind them what may follow a name; where that leaves a doubt, it is not taken for one.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator

from publishing.checks.findings import Hit
from publishing.checks.name_words import (
    AFTER_A_NAME,
    CLEARLY_AFTER_A_NAME,
    DOUBLE_SURNAMES,
    DOUBTFUL_SURNAMES,
    ENDS_OF_PLACES,
    ILLNESSES,
    NEVER_IN_A_NAME,
    NO_GIVEN_NAME,
    PATIENTS,
    PEOPLE,
    STAFF,
    SURNAMES,
    TITLES,
    UNMISTAKABLE_SURNAMES,
)

_SENTENCE = 80  # characters on either side of a name within which an illness is told of that person
_HAN = "\u3400-\u9fff"
_TITLE, _STAFF, _ILLNESS = re.compile(TITLES), re.compile(STAFF), re.compile(ILLNESSES)
_NAME = re.compile(f"[{_HAN}]{{2,4}}")
_AFTER = re.compile(f"(?![{_HAN}])|{AFTER_A_NAME}|{ILLNESSES}")
_CLEARLY_AFTER = re.compile(f"(?![{_HAN}])|{CLEARLY_AFTER_A_NAME}")
_PSEUDONYM = re.compile(r"\s?\(?化名")
_ALL_PSEUDONYMS = re.compile("[为系是]化名")
_END_OF_SENTENCE = re.compile("[。!?;\n]")

# In one line: a heading may end with 患者 and the paragraph begin with a doctor's name.
_PATIENT_THEN = re.compile(
    rf"(?:{PATIENTS})(?:代表)?(?:[,(: ]?[男女]性?[, ])?[(: ]{{0,2}}(?:名叫|叫|姓名(?:是|为)?)?[: ]{{0,2}}(?=[{_HAN}])"
)
_THEN_PATIENT = re.compile(rf"\s?\([^()\n]{{0,8}}(?:{PATIENTS})\)")

_AGE = r"(?:[0-9]{1,3}|[一二三四五六七八九十]{1,3})[多余]?(?:周岁|岁)(?!以[上下]|[至到及~\-])"
_THEN_AGE = re.compile(
    rf"[,、(\s]{{0,2}}(?:[男女]性?[,、\s]{{0,2}})?(?:今年|现年|年仅|年近|时年|刚满|已经|已|才)?{_AGE}"
)
_AGE_THEN = re.compile(rf"{_AGE}的?(?:{PEOPLE}){{0,2}}的?(?=[{_HAN}])")
_STAFF_TOO = re.compile(rf"[,、(\s]{{0,2}}[^,。;经由到找请被让向给\n]{{0,14}}(?:{STAFF})")
_FALLS_ILL = re.compile(
    r"(?:不幸|突然)?(?:身患|患有|罹患|因患|患上|突发|被确诊|被诊断|确诊为)|因(?=[^,。;\n]{1,12}(?:入院|住院|就诊|就医|来院|转院|手术|抢救))"
)
#: A name of two characters is only read backwards where it can be seen to begin.
_BEFORE_A_NAME = re.compile(f"[^{_HAN}]|[民人员叫的工生子女妻夫亲母父友儿]")


def patient_names(text: str) -> Iterator[Hit]:
    if _ALL_PSEUDONYMS.search(text):  # 文中患者均为化名
        return
    for start, end in sorted(set(_all_names(text))):
        if not _PSEUDONYM.match(text, end):
            yield Hit(start, end, (start + len(_surname(text, start)), end))


def _all_names(text: str) -> Iterator[tuple[int, int]]:
    for patient in _PATIENT_THEN.finditer(text):
        if end := _name_at(text, patient.end()):
            yield patient.end(), end
    for patient in _THEN_PATIENT.finditer(text):
        if (start := _name_before(text, patient.start())) is not None:
            yield start, patient.start()
    illnesses = [illness.start() for illness in _ILLNESS.finditer(text)]
    if illnesses:
        yield from (name for name in _names_with_age(text) if _is_told_of_illness(text, name[0], illnesses))
        yield from _names_that_fall_ill(text, illnesses)


def _names_with_age(text: str) -> Iterator[tuple[int, int]]:
    """王建国, 67岁 and 67岁的王建国; not 孙健, 45岁, 主任医师."""
    for age in _THEN_AGE.finditer(text):
        start = _name_before(text, age.start())
        if start is not None and not _is_staff(text, start) and not _STAFF_TOO.match(text, age.end()):
            yield start, age.start()
    for age in _AGE_THEN.finditer(text):
        if (end := _name_at(text, age.end())) and not _STAFF_TOO.match(text, end):
            yield age.end(), end


def _names_that_fall_ill(text: str, illnesses: list[int]) -> Iterator[tuple[int, int]]:
    """王建国突发脑梗死; not 护士王坤突发奇想."""
    for verb in _FALLS_ILL.finditer(text):
        is_of_illness = bisect_left(illnesses, verb.end()) < bisect_left(illnesses, verb.end() + 10)
        start = _name_before(text, verb.start()) if is_of_illness else None
        if start is not None and not _is_staff(text, start):
            yield start, verb.start()


def _name_at(text: str, start: int) -> int | None:
    """Where the full name that begins here ends."""
    surname = _surname(text, start)
    given = start + len(surname)
    ends = [end for end in (given + 2, given + 1) if _is_name(text, start, end)]
    if any(_STAFF.match(text, end) for end in ends):
        return None
    behind = _CLEARLY_AFTER if surname in DOUBTFUL_SURNAMES else _AFTER
    fitting = [end for end in ends if behind.match(text, end)]
    if not fitting and surname in UNMISTAKABLE_SURNAMES:
        fitting = ends
    return fitting[0] if fitting else None


def _name_before(text: str, end: int) -> int | None:
    """Where the full name that ends here begins."""
    for length in (4, 3, 2):
        start = end - length
        if start < 0 or not _is_name(text, start, end):
            continue
        is_seen_to_begin = start == 0 or _BEFORE_A_NAME.match(text, start - 1) is not None
        if length > 2 or is_seen_to_begin:
            return start
    return None


def _is_name(text: str, start: int, end: int) -> bool:
    surname = _surname(text, start)
    given = text[start + len(surname) : end]
    return (
        surname != ""
        and _NAME.fullmatch(text, start, end) is not None
        and 1 <= len(given) <= 2
        and given[0] not in NO_GIVEN_NAME.get(surname, ())
        and NEVER_IN_A_NAME.isdisjoint(given)
        and not _TITLE.match(text, start + len(surname))
        and given[-1] not in ENDS_OF_PLACES
    )


def _surname(text: str, start: int) -> str:
    if text[start : start + 2] in DOUBLE_SURNAMES:
        return text[start : start + 2]
    return text[start : start + 1] if text[start : start + 1] in SURNAMES else ""


def _is_staff(text: str, start: int) -> bool:
    """主任医师孙健, 党支部书记孙健; in 主任孙健 the name seems to begin with 任."""
    return any(title.end() - start in (0, 1) for title in _STAFF.finditer(text, max(0, start - 6), start + 1))


def _is_told_of_illness(text: str, at: int, illnesses: list[int]) -> bool:
    """Whether one of these places is in the sentence that this place is in."""
    before = [stop.end() for stop in _END_OF_SENTENCE.finditer(text, max(0, at - _SENTENCE), at)]
    behind = _END_OF_SENTENCE.search(text, at, at + _SENTENCE)
    first = before[-1] if before else at - _SENTENCE
    last = behind.start() if behind else at + _SENTENCE
    return bisect_left(illnesses, first) < bisect_left(illnesses, last)
