"""Reads a time as people state it, and as ``Period`` writes it: 2023年6月1日至3日, 2023/6/1, 2023年上半年, 时间未载明.

``read_period`` is the inverse of ``str(period)``. What it refuses it refuses with a sentence that says what to type.
"""

import re
import unicodedata
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from branches.periods import Period, Precision

_CHINESE = re.compile(
    r"(?:(?P<year>\d{4})年度?)?(?:全年|(?P<half>[上下])半年|第?(?P<quarter>[一二三四1-4])季度"
    r"|(?:(?P<month>\d{1,2})月份?)?(?:(?P<day>\d{1,2})[日号])?)"
)
_NUMERIC = re.compile(r"(?P<year>\d{4})(?:(?P<mark>[-/.])(?P<month>\d{1,2})(?:(?P=mark)(?P<day>\d{1,2}))?)?")
_MIDNIGHT = re.compile(r"(?<=\d)[T ]00:00(?::00)?$")
_TO = re.compile(r"至|到|~|～|—+|–|\s-\s")
_QUARTERS = {sign: number for number, sign in enumerate("一二三四", 1)} | {str(n): n for n in range(1, 5)}
_MESSAGE = _(
    "没有看懂“%s”。请写成2023-06-01、2023年6月1日，或2023年6月、2023年第二季度、2023年上半年、2023年、时间未载明。"
)


class PeriodError(ValidationError, ValueError):
    """A text that is no time. Its message says what to type instead."""


def read_period(text: str) -> Period:
    """Raises PeriodError, and nothing else."""
    stated = unicodedata.normalize("NFKC", text).strip()
    if stated in {str(Precision.UNKNOWN.label), "未载明", "不详"}:
        return Period(None, None, Precision.UNKNOWN)
    first_words, *last_words = _TO.split(_MIDNIGHT.sub("", stated))
    if len(last_words) > 1:
        raise PeriodError(_MESSAGE % text)
    first = _read_one(first_words, text, None)
    if not last_words:
        return first
    last = _read_one(last_words[0], text, first.start)
    if last.precision != first.precision:
        raise PeriodError(_("“%s”的两头写得不一样细，请都写到日，或都写到月、季度、年。") % text)
    if last.end < first.start:
        raise PeriodError(_("“%s”的结束早于开始，请检查这两个日期。") % text)
    return Period(first.start, last.end, first.precision)


def _read_one(words: str, text: str, since: date | None) -> Period:
    """One side; of the second the year and the month may be those of the first."""
    words = re.sub(r"\s+", "", words)
    found = _NUMERIC.fullmatch(words) or _CHINESE.fullmatch(words)
    if not words or not found:
        raise PeriodError(_MESSAGE % text)
    part = {"half": None, "quarter": None} | found.groupdict()
    year = int(part["year"]) if part["year"] else since.year if since else None
    month = int(part["month"]) if part["month"] else since.month if since and part["day"] and not part["year"] else None
    try:
        if year is None or (part["day"] and month is None):
            raise ValueError
        if part["day"]:
            return Period.around(date(year, month, int(part["day"])), Precision.DAY)
        if month:
            return Period.around(date(year, month, 1), Precision.MONTH)
        if part["quarter"]:
            return Period.around(date(year, 3 * _QUARTERS[part["quarter"]], 1), Precision.QUARTER)
        if part["half"]:
            return Period.around(date(year, 1 if part["half"] == "上" else 7, 1), Precision.HALF_YEAR)
        return Period.around(date(year, 1, 1), Precision.YEAR)
    except ValueError as error:
        raise PeriodError(_("“%s”不是有效的日期，请检查年月日。") % text if year else _MESSAGE % text) from error
