"""What a report is arranged into, and the marks by which lines say what they are."""

import re
from dataclasses import dataclass, field
from datetime import date
from statistics import median

from articles.intake.credits import Credit
from articles.intake.pieces import Grid, Line, Piece, Shot

FINISHED = re.compile(r"[。！？!?…；;：:”’」』）)】\]]$")
ENDS_SENTENCE = re.compile(r"[。！？!?…；;]$")
_NUMBERED = [
    (re.compile(r"[一二三四五六七八九十]{1,3}[、．.]\s*"), 1),
    (re.compile(r"第[一二三四五六七八九十]{1,3}(?:部分|章|节)[\s、:：]*"), 1),
    (re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]\s*"), 2),
    (re.compile(r"\d{1,2}(?:[、．]|\.(?!\d))\s*"), 3),
    (re.compile(r"[（(]\d{1,2}[）)]\s*"), 4),
]
BROKEN = re.compile(
    r"(?:开展|举行|举办|召开|组织|参加|的|和|与|暨|在|为|对|、|荣获|深入|走进|赴|以|及|——|助力|推进|推动)$"
)
GOES_ON = re.compile(r"^(?:的|暨|”|、|及|和|与|系列|活动|主题)")
SIGNED = re.compile(r"(?:医院|办公室|党办|支部|委员会|党委|宣传科|院办|科|部|中心|局|公司)$")
COMMA = re.compile("[，。！？：；]")
NUMBER_ALONE = re.compile(r"(?:0?\d|1\d|[一二三四五六七八九十])")
EDITORS_NOTE = re.compile(r"[【\[（(]?\s*(?:编者按|编者的话|编前)\s*[】\]）)]?\s*[:：]?\s*")
LONG = 45


@dataclass(frozen=True)
class Heading:
    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """``depth``: of an item of a list, 0 for none."""

    text: str
    html: str
    depth: int = 0
    is_numbered: bool = False


@dataclass(frozen=True)
class Caption:
    text: str


Block = Heading | Paragraph | Caption | Grid | Shot


@dataclass
class Arranged:
    """``beside``: lines that were understood as who, whence, when, as they were printed · ``left_out``: advertising and numbers of
    pages, no part of a report.
    """

    section_label: str = ""
    kicker: str = ""
    title: str = ""
    subtitle: str = ""
    editors_note: str = ""
    dateline: str = ""
    source: str = ""
    published: date | None = None
    bylines: list[Credit] = field(default_factory=list)
    signature: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Look:
    """``size``: of most of the text · ``is_set``: lines have a look."""

    size: float
    is_set: bool

    @classmethod
    def of(cls, pieces: list[Piece], *, is_set: bool) -> "Look":
        long = [piece for piece in pieces if isinstance(piece, Line) and len(piece.text) >= 30]
        sizes = [line.size for line in long for _letter in range(len(line.text) // 10)]
        return cls(median(sizes) if sizes else 0.0, is_set)

    def is_large(self, line: Line) -> bool:
        return bool(line.size and self.size and line.size > self.size + 0.9)

    def is_small(self, line: Line) -> bool:
        return bool(line.size and self.size and line.size < self.size - 0.9)

    def stands_out(self, line: Line) -> bool:
        return line.is_bold or self.is_large(line) or bool(line.level)


def number_of(text: str) -> int:
    """1 for 一、, 2 for （一）, 3 for 1., 4 for （1）; 0 for none."""
    return next((rank for mark, rank in _NUMBERED if mark.match(text)), 0)


def is_one(first: Line, second: Line) -> bool:
    """Whether a second line goes on with the title of the first."""
    is_open = first.text.count("“") > first.text.count("”") or first.text.count("《") > first.text.count("》")
    if is_open or BROKEN.search(first.text) or GOES_ON.match(second.text):
        return True
    is_alike = (first.style, first.level, first.size) == (second.style, second.level, second.size)
    if is_alike and first.style != "title" and SIGNED.search(first.text) and not COMMA.search(first.text):
        return True  # nothing but who did something
    return is_alike and (
        first.style == "title" or first.size and first.is_bold and len(first.text) + len(second.text) <= 20
    )


def together(lines: list[Line]) -> str:
    """One title; a space stays where one clause ends and another begins."""
    text = ""
    for line in lines:
        is_cut = not text or BROKEN.search(text) or GOES_ON.match(line.text) or text.count("“") > text.count("”")
        text += line.text if is_cut else f" {line.text}"
    return text
