"""Numbers that belong to a person: identity cards, mobile telephones, bank cards, numbers of patients."""

import re
from collections.abc import Iterator
from datetime import date

from django.utils import timezone

from publishing.checks.findings import Hit

# What people put between the digits of one number.
_GAP = r"[\s\-_.\u00b7\u2010-\u2015\u2022\u2027\u2212\u2219\u22c5\u30fb]"
_ANY_GAP, _A_GAP = f"{_GAP}{{0,3}}", f"{_GAP}{{1,3}}"
_NOT_A_DIGIT = re.compile("[^0-9Xx]")
_URL = re.compile("(?:[a-z]{3,6}://|www[.])[!-~]*", re.IGNORECASE)

# Lookaheads, so that what only seems to be a number does not hide the one that begins inside it.
_ID_NUMBER = re.compile(
    rf"(?<![0-9])(?=([1-8](?:{_ANY_GAP}[0-9]){{5}}{_ANY_GAP}(?:1{_ANY_GAP}9|2{_ANY_GAP}0)(?:{_ANY_GAP}[0-9]){{9}}"
    rf"{_ANY_GAP}(?:[0-9](?![0-9])|[Xx](?![0-9A-Za-z]))))"
)
_OLD_ID_NUMBER = re.compile(
    rf"(?<![0-9])(?=([0-9]{{15}}(?![0-9])|[0-9]{{6}}{_A_GAP}[0-9]{{6}}{_A_GAP}[0-9]{{3}}(?![0-9])))"
)
_MOBILE = re.compile(
    rf"(?<![0-9])(?:(?:00)?86{_ANY_GAP})?(?:1[3-9][0-9]{{9}}|1[3-9][0-9]({_A_GAP})[0-9]{{4}}({_A_GAP})[0-9]{{4}})(?![0-9])"
)
_CARD = re.compile("(?<![0-9A-Za-z])(?<!(?<![0-9])0[.])[0-9]{16,19}(?![0-9A-Za-z])")
_CARD_IN_FOURS = re.compile(
    rf"(?<![0-9])(?=([34569][0-9]{{3}}({_A_GAP})[0-9]{{4}}({_A_GAP})[0-9]{{4}}({_A_GAP})[0-9]{{4}})({_A_GAP}[0-9]{{1,3}})?(?![0-9]))"
)

_PROVINCES = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[123]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643
_CHECK_CHARACTERS = "10X98765432"
_CREDIT_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100: without I, O, S, V and Z

_NUMBER_FOLLOWS = r"\s{0,2}(?:号码|号)(?:是|为|[:#(\[【]|[Nn][Oo]\.?|\s){0,5}"
_PATIENT_NUMBER = re.compile(
    rf"(?:住院|病案|病历|病例|门诊|就诊卡?|诊疗卡|医保卡?|社保卡){_NUMBER_FOLLOWS}"
    r"(?P<number>[A-Za-z]{0,4}-?[0-9](?:[ \-]?[0-9]){2,29}+)(?!\s*[年位个])"
)
_BED_NUMBER = re.compile(rf"床位?{_NUMBER_FOLLOWS}(?P<number>[A-Za-z]?[0-9]{{1,4}}+)(?![0-9]|\s*[年位个])")

_DECIMAL_MEMBERS = re.compile(
    r"(?<![0-9.])[0-9]{1,9}\.[0-9]{1,9}\s*[余多]?[名位个]\s*(?:中共|正式|预备|在职|离退休|退休|老|青年|女|男){0,3}党员"
    r"|党员(?:人数|总数)?(?:为|有|共|共有|达|达到|:|\s){0,3}[0-9]{1,9}\.[0-9]{1,9}\s*[名位人]"
)
_AVERAGE = re.compile("[每均]")


def id_numbers(text: str) -> Iterator[Hit]:
    """Resident identity numbers of 18 characters, however the digits are parted."""
    for found in _ID_NUMBER.finditer(text):
        if _is_id_number(_digits(found[1])):
            yield _private(*found.span(1))


def old_id_numbers(text: str) -> Iterator[Hit]:
    """Those of 15 digits, issued until 1999. Without a check digit: only a likely date tells them from other numbers."""
    for found in _OLD_ID_NUMBER.finditer(text):
        number = _digits(found[1])
        if _PROVINCES.match(number) and _is_birthday(f"19{number[6:12]}"):
            yield _private(*found.span(1))


def mobile_numbers(text: str) -> Iterator[Hit]:
    """13800138000, 138 0013 8000, also after 86."""
    for found in _MOBILE.finditer(text):
        if not _is_column(text, found.start(), found.groups()):
            yield _private(*found.span())


def bank_card_numbers(text: str) -> Iterator[Hit]:
    """16 to 19 digits that satisfy Luhn, at a stretch or in groups of four. Not in addresses, whose numbers are long."""
    text = _URL.sub(lambda address: "/" * len(address[0]), text)
    for found in _CARD.finditer(text):
        if _is_luhn(found[0]) and not _is_credit_code(found[0]):
            yield _private(*found.span())
    for found in _CARD_IN_FOURS.finditer(text):
        if _is_column(text, found.start(), found.group(2, 3, 4)):
            continue
        if found[5] and _is_luhn(_digits(found[1] + found[5])):
            yield _private(found.start(), found.end(5))
        elif _is_luhn(_digits(found[1])):
            yield _private(*found.span(1))


def patient_numbers(text: str) -> Iterator[Hit]:
    yield from (Hit(*found.span(), found.span("number")) for found in _PATIENT_NUMBER.finditer(text))


def bed_numbers(text: str) -> Iterator[Hit]:
    yield from (Hit(*found.span(), found.span("number")) for found in _BED_NUMBER.finditer(text))


def decimal_members(text: str) -> Iterator[Hit]:
    """12.5名党员; an average may well be one."""
    for found in _DECIMAL_MEMBERS.finditer(text):
        if not _AVERAGE.search(text, max(0, found.start() - 12), found.start()):
            yield Hit(*found.span())


def _private(start: int, end: int) -> Hit:
    return Hit(start, end, (start, end))


def _digits(number: str) -> str:
    return _NOT_A_DIGIT.sub("", number).upper()


def _is_column(text: str, start: int, gaps: tuple[str | None, ...]) -> bool:
    """Further down in a text, numbers that have a line of their own each are cells of a table."""
    return text.endswith("\n", 0, start) and all("\n" in (gap or "") for gap in gaps)


def _is_id_number(number: str) -> bool:
    if not _PROVINCES.match(number) or not _is_birthday(number[6:14]):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number[:-1], _WEIGHTS, strict=True))
    return _CHECK_CHARACTERS[total % 11] == number[-1]


def _is_birthday(digits: str) -> bool:
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return day <= timezone.localdate()


def _is_luhn(number: str) -> bool:
    total = 0
    for index, character in enumerate(reversed(number)):
        digit = int(character) * (1 + index % 2)
        total += digit - 9 * (digit > 9)
    return total % 10 == 0 and number.strip("0") != ""


def _is_credit_code(number: str) -> bool:
    """Unified social credit codes (GB 32100), which every institution has and prints."""
    values = [_CREDIT_CHARACTERS.index(character) for character in number]
    total = sum(value * pow(3, index, 31) for index, value in enumerate(values[:-1]))
    return len(number) == 18 and (31 - total % 31) % 31 == values[-1]
