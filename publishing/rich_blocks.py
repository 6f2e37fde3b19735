"""The blocks of a rich text, written letter for letter as the editor writes them: what is stored opens unchanged."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain, takewhile

#: ``("strong",)``, ``("em",)`` or ``("a", address, title)``; in the order in which the editor nests them.
Mark = tuple[str, ...]
_RANK = {"a": 0, "strong": 1, "em": 2}

BREAK = "\0"  # a line break within a paragraph; no parser lets NUL through, so no text holds it
_SPACES = re.compile(r"[ \t\r\n\f\xa0]+")
_UNSEEN = re.compile("[\u200b\u2060\ufeff]")  # WeChat's editor sprinkles them; joiners within words stay, for emoji
#: what stands for an indent at the beginning of a line: full-width blanks, hard blanks, joiners (the editor asks too)
INDENT = r"^[\s\u200b-\u200d\u2060\ufeff]+"
# The same, to be stripped: a pattern that looks for the end of the text would try each of a million blanks.
_BLANKS = "".join(filter(str.isspace, map(chr, range(0x3001)))) + "\u200b\u200c\u200d\u2060\ufeff"

MOST_COLUMNS = 40
_MOST_CELLS = 20_000


@dataclass(frozen=True, slots=True)
class Run:
    text: str
    marks: tuple[Mark, ...] = ()

    @classmethod
    def of(cls, text: str, marks: Iterable[Mark]) -> "Run":
        return cls(text, tuple(sorted(marks, key=lambda mark: _RANK[mark[0]])))


@dataclass(slots=True)
class Paragraph:
    runs: list[Run]
    tag: str = "p"

    def write(self) -> str:
        return f"<{self.tag}>{_inline(self.runs)}</{self.tag}>"


@dataclass(slots=True)
class Line:
    """What Word means as an item of a list and writes as a paragraph. ``number`` is 0 where it counts by letters."""

    tag: str
    level: int
    number: int
    paragraph: Paragraph


@dataclass(slots=True)
class Items:
    tag: str
    items: list[list] = field(default_factory=list)
    start: int = 1

    def write(self) -> str:
        start = f' start="{self.start}"' if self.tag == "ol" and self.start != 1 else ""
        kind = ' data-type="decimal"' if self.tag == "ol" else ""
        return f"<{self.tag}{kind}{start}>{''.join(f'<li>{write(item)}</li>' for item in self.items)}</{self.tag}>"


@dataclass(slots=True)
class Quote:
    blocks: list

    def write(self) -> str:
        return f"<blockquote>{write(self.blocks)}</blockquote>"


@dataclass(slots=True)
class Rule:
    def write(self) -> str:
        return "<hr>"


@dataclass(slots=True)
class Cell:
    tag: str
    blocks: list
    columns: int = 1
    rows: int = 1

    def write(self) -> str:
        columns = f' colspan="{self.columns}"' if self.columns > 1 else ""
        rows = f' rowspan="{self.rows}"' if self.rows > 1 else ""
        return f"<{self.tag}{columns}{rows}>{write(self.blocks)}</{self.tag}>"


@dataclass(slots=True)
class Table:
    rows: list[list[Cell]]

    def write(self) -> str:
        rows = "".join(f"<tr>{write(row)}</tr>" for row in self.rows)
        return f"<table><tbody>{rows}</tbody></table>"


def write(blocks: Iterable) -> str:
    return "".join(block.write() for block in blocks)


def paragraphs(runs: list[Run], tag: str = "p") -> list[Paragraph]:
    """A paragraph, or several where empty lines part it; none where nothing is said. Indents are left out."""
    found: list[list[Run]] = []
    is_open = False
    for broken, line in _lines(runs):
        if line and is_open:
            found[-1] += [broken, *line]
        elif line:
            found.append(line)
        is_open = bool(line)
    return [Paragraph(_joined(line), tag) for line in found]


def _lines(runs: list[Run]) -> Iterable[tuple[Run, list[Run]]]:
    """Each line without what surrounds it, and the break before it."""
    broken, line = Run(BREAK), []
    for run in runs:
        if run.text == BREAK:
            yield broken, _trimmed(line)
            broken, line = run, []
        else:
            line.append(run)
    yield broken, _trimmed(line)


def _trimmed(runs: list[Run]) -> list[Run]:
    line: list[Run] = []
    for run in runs:
        text = _SPACES.sub(" ", _UNSEEN.sub("", run.text))
        if not line:
            text = text.lstrip(_BLANKS)
        elif line[-1].text.endswith(" "):
            text = text.removeprefix(" ")
        if text:
            line.append(Run(text, run.marks))
    while line:
        text = line[-1].text.rstrip(_BLANKS)
        if text:
            line[-1] = Run(text, line[-1].marks)
            break
        line.pop()
    return line


def _joined(runs: list[Run]) -> list[Run]:
    joined: list[Run] = []
    for run in runs:
        is_text = joined and BREAK not in (run.text, joined[-1].text)
        if is_text and joined[-1].marks == run.marks:
            joined[-1] = Run(joined[-1].text + run.text, run.marks)
        else:
            joined.append(run)
    return joined


def _inline(runs: list[Run]) -> str:
    parts: list[str] = []
    open_marks: tuple[Mark, ...] = ()
    for run in [*runs, Run("")]:
        common = takewhile(lambda pair: pair[0] == pair[1], zip(open_marks, run.marks, strict=False))
        kept = len(list(common))
        parts += [f"</{mark[0]}>" for mark in reversed(open_marks[kept:])]
        parts += [_opening(mark) for mark in run.marks[kept:]]
        parts.append("<br>" if run.text == BREAK else html.escape(run.text, quote=False))
        open_marks = run.marks
    return "".join(parts)


def _opening(mark: Mark) -> str:
    if mark[0] != "a":
        return f"<{mark[0]}>"
    _name, address, title = mark
    return f'<a href="{html.escape(address)}"' + (f' title="{html.escape(title)}">' if title else ">")


def nested(blocks: list) -> list:
    """With Word's list lines put into lists; a line goes on with the list above it only where nothing lies between."""
    done: list = []
    open_lists: list[tuple[int, Items]] = []
    for block in blocks:
        if not isinstance(block, Line):
            open_lists.clear()
            done.append(block)
            continue
        while open_lists and open_lists[-1][0] > block.level:
            open_lists.pop()
        if open_lists and open_lists[-1][0] == block.level and not _goes_on(open_lists[-1][1], block):
            open_lists.pop()
        if not open_lists or open_lists[-1][0] < block.level:
            items = Items(block.tag, start=block.number or 1)
            (open_lists[-1][1].items[-1] if open_lists else done).append(items)
            open_lists.append((block.level, items))
        open_lists[-1][1].items.append([block.paragraph])
    return done


def _goes_on(items: Items, line: Line) -> bool:
    return items.tag == line.tag and not (line.tag == "ol" and line.number == 1)


def squared(rows: list[list[Cell]]) -> list[list[Cell]]:
    """With the cells that are missing, and without spans over others or the end: the editor would mend it so."""
    rows = [row for row in rows if row]
    filled_in = _placed(rows)
    if max(filled_in, default=0) > MOST_COLUMNS:  # no table of an office: its spans are not worth their price
        for cell in chain.from_iterable(rows):
            cell.columns = cell.rows = 1
        filled_in = [len(row) for row in rows]
    width = max(filled_in, default=0)
    if width * len(rows) <= _MOST_CELLS:
        for row, filled in zip(rows, filled_in, strict=True):
            row += [Cell("td", [Paragraph([])]) for _missing in range(width - filled)]
    return rows


def _placed(rows: list[list[Cell]]) -> list[int]:
    """How many columns are filled in each row once every span ends where another cell or the table does."""
    covered: dict[int, int] = {}  # columns that a cell from above reaches into, and for how many rows yet
    filled_in: list[int] = []
    for number, row in enumerate(rows):
        filled = {column for column, left in covered.items() if left}
        covered = {column: left - 1 for column, left in covered.items() if left}
        column = 0
        for cell in row:
            while column in filled:
                column += 1
            end = column + 1
            while end < column + cell.columns and end not in filled:
                end += 1
            cell.columns = end - column
            cell.rows = min(cell.rows, len(rows) - number)
            place = range(column, end)
            filled.update(place)
            covered.update(dict.fromkeys(place, cell.rows - 1))
        filled_in.append(len(filled))
        if len(filled) > MOST_COLUMNS:
            break
    return filled_in
