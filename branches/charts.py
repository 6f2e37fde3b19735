"""Charts as a page draws them: what their title says, how long each bar is, which months are empty.

Plain values without a database, so that they can be kept and tested by themselves. Every number has the address of the
list of activities behind it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from publishing.numerals import number_text
from publishing.quantities import Total

# Where things stand in a months chart, in per cent of its height and width, so that labels keep their size.
TOP, GROUND, LABEL_GAP = 13, 87, 2.5
SLOT = 100 / 12
BAR_WIDTH = 0.62 * SLOT
MOST_NAMED = 3  # of those that share the first place
ROOM_FOR_WORD = 3  # months: 未录入 is wider than two of them on a phone


@dataclass(frozen=True)
class Bar:
    name: str
    total: Total
    link: str  # to the list of exactly these activities
    page: str = ""  # about what is counted: a branch, a year
    joint: Total | None = None  # 联合: how much of it several branches did together
    joint_link: str = ""

    @property
    def value(self) -> Decimal:
        return self.total.value or Decimal(0)

    @property
    def number(self) -> str:
        """As a chart has room for: 181, 至少60, 没有确切数字."""
        return self.total.short

    @property
    def joint_number(self) -> str:
        return self.joint.short if self.joint else ""


@dataclass(frozen=True)
class Bars:
    """A ranking. ``unit`` and ``counts``: 场 of 场次 · ``left_out``: how many bars more there would be."""

    heading: str
    unit: str
    counts: str
    finding: str
    bars: tuple[Bar, ...]
    left_out: int = 0

    @property
    def most(self) -> Decimal:
        return max((bar.value for bar in self.bars), default=Decimal(0))

    @property
    def has_joint(self) -> bool:
        return any(bar.joint for bar in self.bars)

    @property
    def rows(self) -> Iterator[tuple[Bar, str, bool]]:
        """Each bar with its length in per cent and whether it is the longest."""
        most = self.most
        for bar in self.bars:
            yield bar, percent(100 * float(bar.value / most) if most else 0), bool(most) and bar.value == most


def percent(value: float) -> str:
    return f"{value:.2f}%"


def joined(names: Sequence[str]) -> str:
    """甲、乙和丙."""
    return "和".join(filter(None, ["、".join(names[:-1]), names[-1]]))


def leading(bars: Iterable[Bar], unit: str, *, alone: str, shares: bool) -> str:
    """The sentence over a chart: who has most, and whether that is half of everything.

    ``alone``: how one says that there is a single bar (全部是%s). ``shares``: whether the bars add up to the whole;
    those of branches do not, because a joint activity counts for each. Where numbers are not exact, nobody knows for
    certain who leads or has half: the sentence then speaks of the numbers at hand.
    """
    everything = list(bars)
    bars = [bar for bar in everything if bar.total.value is not None]
    if not bars:
        return ""
    most = max(bar.value for bar in bars)
    first = [bar for bar in bars if bar.value == most]
    number = f"{first[0].number}{unit}"
    caution = "" if all(bar.total.is_exact for bar in everything) else "按已有数字，"
    if len(everything) == 1:
        return f"{alone % first[0].name}，{number}"
    if not most:
        return f"登记的数都是0{unit}"
    if len(first) > 1:
        return f"{caution}{_shared(first, len(first) == len(bars))}{number}"
    whole = sum(bar.value for bar in bars)
    if shares and not caution and 2 * most >= whole:
        return f"{first[0].name}占一半{'以上' if 2 * most > whole else ''}，{number}"
    return f"{caution}{first[0].name}最多，{number}"


def _shared(first: Sequence[Bar], is_all: bool) -> str:
    names = joined([bar.name for bar in first]) if len(first) <= MOST_NAMED else f"有{len(first)}项"
    return f"{names}一样多，都是" if is_all else f"{names}并列最多，都是"


# -- Months


@dataclass(frozen=True)
class Month:
    """One of the twelve, with or without a record; ``is_to_come`` where it has not begun yet."""

    number: int
    total: Total | None
    link: str
    is_to_come: bool = False

    @property
    def is_gap(self) -> bool:
        return self.total is None and not self.is_to_come

    @property
    def value(self) -> Decimal | None:
        return self.total.value if self.total else None

    @property
    def stated(self) -> str:
        return self.total.short if self.total else ""

    @property
    def label(self) -> str:
        """Over its bar there is little room: 71, 71余, 约71."""
        if self.value is None:
            return ""
        number = number_text(self.value)
        if self.total.approximate:
            return f"约{number}"
        return number if self.total.is_exact else f"{number}余"

    @property
    def is_even(self) -> bool:
        """Every second name is left out where twelve of them have no room."""
        return self.number % 2 == 0

    @property
    def is_long(self) -> bool:
        """A label that is wider than a month on a phone."""
        return len(self.label) > 2

    @property
    def center(self) -> str:
        return percent((self.number - 0.5) * SLOT)

    @property
    def x(self) -> str:
        return percent((self.number - 0.5) * SLOT - BAR_WIDTH / 2)


@dataclass(frozen=True)
class Months:
    year: int
    unit: str
    counts: str
    finding: str
    gaps: str  # which months have no records, in words
    months: tuple[Month, ...]

    width = percent(BAR_WIDTH)

    @property
    def most(self) -> Decimal:
        return max((month.value for month in self.months if month.value is not None), default=Decimal(0))

    @property
    def columns(self) -> Iterator[dict]:
        """Each month with the place of its bar and of the number over it, and whether the bar is the highest."""
        most = self.most
        for month in self.months:
            height = (GROUND - TOP) * float((month.value or 0) / most) if most else 0
            yield {
                "month": month,
                "height": percent(height),
                "y": percent(GROUND - height),
                "label_y": percent(GROUND - height - LABEL_GAP),
                "is_top": bool(most) and month.value == most,
            }

    @property
    def words_at(self) -> list[str]:
        """Where the word 未录入 has room: over the middle of each long row of empty months."""
        rows = [row for row in runs(self.months) if len(row) >= ROOM_FOR_WORD]
        return [percent((row[0] + row[-1] - 1) / 2 * SLOT) for row in rows]


def months_of(
    year: int, totals: dict[int, Total], links: dict[int, str], unit: str, counts: str, today: date
) -> Months:
    months = tuple(
        Month(
            number,
            totals.get(number),
            links[number],
            number not in totals and (year, number) > (today.year, today.month),
        )
        for number in range(1, 13)
    )
    bars = [Bar(f"{month.number}月", month.total, month.link) for month in months if month.total]
    finding = leading(bars, unit, alone="只有%s有录入", shares=False)
    return Months(year, unit, counts, finding, _gaps_in_words(months), months)


def runs(months: Iterable[Month]) -> list[list[int]]:
    """The empty months, those that follow each other together."""
    rows: list[list[int]] = []
    for month in months:
        if not month.is_gap:
            continue
        if rows and rows[-1][-1] == month.number - 1:
            rows[-1].append(month.number)
        else:
            rows.append([month.number])
    return rows


def _gaps_in_words(months: Sequence[Month]) -> str:
    rows = runs(months)
    if not rows:
        return ""
    if len(rows) == 1 and rows[0][-1] == 12 and rows[0][0] > 1:
        which = f"{rows[0][0]}月起"
    elif len(rows) <= MOST_NAMED:
        which = "、".join(f"{row[0]}月" if len(row) == 1 else f"{row[0]}月至{row[-1]}月" for row in rows)
    else:
        which = f"有{sum(map(len, rows))}个月"
    return f"{which}未录入，不等于没有活动"
