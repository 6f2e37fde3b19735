"""What Word, WPS, WeChat, Outlook and web pages mean by their HTML, said in the few elements of a rich text.

Foreign HTML reaches the server where no script has run before; what the editor sends comes through unchanged. The
patterns are also given to the editor (static/js/editor-pasting.js), which has to read the clipboard before its own
schema forgets styles: docs/decisions/0019.
"""

import re

from publishing import foreign_html
from publishing.foreign_html import BOLD, FRAMES, ITALIC, LINES, Element
from publishing.raised import LOWERED, RAISED, written
from publishing.rich_blocks import (
    BREAK,
    INDENT,
    MOST_COLUMNS,
    Cell,
    Items,
    Line,
    Mark,
    Paragraph,
    Quote,
    Rule,
    Run,
    Table,
    nested,
    paragraphs,
    squared,
)

#: A page's title is the one first-level heading, and a text has two levels below it.
HEADINGS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h3", "h5": "h3", "h6": "h3"}
BOLD_BY_STYLE = ["span", "font", "p", "div", "section"]
#: What an element of this name, or a span whose style has the pattern of this name, sets higher or lower.
LETTERS = {"sup": RAISED, "sub": LOWERED}

#: Of styles and of the markers of Word's list paragraphs: all that is read of them. For both languages, Python and JavaScript.
PATTERNS = {
    "bold": r"(?:^|[;\s])font-weight:\s*(?:bold|[6-9]00)",  # not Word's mso-bidi-font-weight
    "notBold": r"(?:^|[;\s])font-weight:\s*(?:normal|[1-4]00)",
    "sup": r"vertical-align:\s*super",
    "sub": r"vertical-align:\s*sub",
    "hidden": r"display:\s*none|mso-hide:\s*all",
    "listLevel": r"mso-list:\s*l\d+\s+level(\d)",
    "listMarker": r"mso-list:\s*ignore",
    # Letters of Wingdings and Symbol stand for bullets, WPS writes their private code points. 一、 and （一） are words.
    "bullet": r"^[·•●○■□◆◇▪§lnuqovØüþðŸ\-–—*➢✓\uf000-\uf0ff]$",
    "number": r"^[(（]?(?:(\d{1,3})|[a-z]|[ivx]{1,5})[.、．)）]$",
    "indent": INDENT,
}
_IS = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in PATTERNS.items()}


def in_our_form(html: str) -> str:
    """The text in the editor's form. What already has it comes back as it is; nothing in it is dangerous any more,
    but it is the caller who makes sure of that.
    """
    reader = _Reader()
    reader.read(foreign_html.read(html).children, frozenset(), is_typed=True)
    return "".join(block.write() for block in reader.finished())


class _Reader:
    """Reads elements into blocks; one for each thing that holds blocks of its own."""

    def __init__(self, *, in_table: bool = False):
        self.blocks: list = []
        self.marker = ""  # of a list paragraph in Word: its bullet or number
        self._runs: list[Run] = []
        self._in_table = in_table

    def finished(self) -> list:
        self._end_paragraph()
        return nested(self.blocks)

    def _end_paragraph(self) -> None:
        self.blocks += paragraphs(self._runs)
        self._runs = []

    def _inner(self, element: Element, marks: frozenset[Mark], *, in_table: bool = False) -> "_Reader":
        inner = _Reader(in_table=in_table or self._in_table)
        inner.read(element.children, marks, in_line=True)
        return inner

    def read(self, nodes: list, marks: frozenset[Mark], *, in_line: bool = False, is_typed: bool = False) -> None:
        """``in_line``: a break is one of the text, not of a frame. ``is_typed``: in no element, so lines are meant."""
        for node in nodes:
            if isinstance(node, str):
                self._read_text(node, marks, is_typed)
            elif not _IS["hidden"].search(node.style):
                self._read_element(node, marks, in_line)

    def _read_text(self, text: str, marks: frozenset[Mark], is_typed: bool) -> None:
        first, *others = text.splitlines() if is_typed and text.strip() else [text]
        self._runs.append(Run.of(first, marks))
        for line in others:
            self._end_paragraph()
            self._runs.append(Run.of(line, marks))

    def _read_element(self, element: Element, marks: frozenset[Mark], in_line: bool) -> None:
        name, element = element.name, _lettered(element)
        if name in BOLD_BY_STYLE and _IS["bold"].search(element.style):
            marks |= {("strong",)}
        if _IS["listMarker"].search(element.style):
            self.marker = element.text.strip()
        elif name == "br":
            self._runs.append(Run.of(BREAK, marks)) if in_line else self._end_paragraph()
        elif name in BOLD | ITALIC | {"a"}:
            self.read(element.children, marks | self._marks_of(element), in_line=in_line)
        elif name not in _BLOCKS:
            self.read(element.children, marks, in_line=in_line)
        else:
            self._end_paragraph()
            _BLOCKS[name](self, element, marks)
            self._end_paragraph()

    def _marks_of(self, element: Element) -> set[Mark]:
        if element.name in ITALIC:
            return {("em",)}
        if element.name in BOLD:
            return set() if _IS["notBold"].search(element.style) else {("strong",)}
        address = element.attributes.get("href", "").strip()
        is_kept = address and not address.startswith("#")  # Word's notes and headings point within its own document
        return {("a", address, element.attributes.get("title", ""))} if is_kept else set()

    def _read_frame(self, element: Element, marks: frozenset[Mark]) -> None:
        self.read(element.children, marks)

    def _read_line(self, element: Element, marks: frozenset[Mark]) -> None:
        place, self.marker = len(self.blocks), ""
        self.read(element.children, marks, in_line=True)
        marker, self.marker = self.marker, ""
        level = _IS["listLevel"].search(element.style)
        number = _IS["number"].match(marker)
        if marker and not (number or _IS["bullet"].match(marker)):
            self._runs.insert(0, Run(_spoken(marker)))  # 一、 is part of what is said
        elif marker and place == len(self.blocks):
            tag, counted = ("ol", int(number[1] or 0)) if number else ("ul", 0)
            lines, self._runs = paragraphs(self._runs), []
            for line in lines[:1]:
                self.blocks.append(Line(tag, int(level[1]) if level else 1, counted, line))
            self.blocks += lines[1:]

    def _read_heading(self, element: Element, marks: frozenset[Mark]) -> None:
        inner = self._inner(element, frozenset(mark for mark in marks if mark[0] == "a"))
        if inner.marker:
            inner._runs.insert(0, Run(_spoken(inner.marker)))
        for block in inner.finished():
            if isinstance(block, Paragraph):
                block.tag = HEADINGS[element.name]
                if all(("strong",) in run.marks for run in block.runs):
                    block.runs = [Run.of(run.text, set(run.marks) - {("strong",)}) for run in block.runs]
            self.blocks.append(block)

    def _read_quote(self, element: Element, marks: frozenset[Mark]) -> None:
        blocks = self._inner(element, marks).finished()
        if blocks:
            self.blocks.append(Quote(blocks))

    def _read_list(self, element: Element, marks: frozenset[Mark]) -> None:
        items = Items(element.name, start=element.number("start"))
        for child in element.children:
            if isinstance(child, str):
                child = Element("li", {}, [child])
            holder = child if child.name == "li" else Element("li", {}, [child])
            blocks = self._inner(holder, marks).finished()
            is_nested = child.name in ("ul", "ol") and items.items
            if is_nested:
                items.items[-1] += blocks  # Outlook puts a list beside the item it belongs to
            elif blocks:
                items.items.append(_as_item(blocks))
        if items.items:
            self.blocks.append(items)

    def _read_rule(self, element: Element, marks: frozenset[Mark]) -> None:
        self.blocks.append(Rule())

    def _read_table(self, element: Element, marks: frozenset[Mark]) -> None:
        rows, captions = _rows_of(element)
        for part in captions if not self._in_table else [*captions, *(cell for row in rows for cell in row)]:
            self.read(part.children, marks, in_line=True)
            self._end_paragraph()
        cells = [[self._cell(cell, marks) for cell in row] for row in rows]
        if not self._in_table and any(cells):  # a table within a cell is read as its paragraphs
            self.blocks.append(Table(squared(cells)))

    def _cell(self, element: Element, marks: frozenset[Mark]) -> Cell:
        blocks = self._inner(element, marks, in_table=True).finished() or [Paragraph([])]
        columns = min(element.number("colspan"), MOST_COLUMNS)
        return Cell(element.name, blocks, columns, element.number("rowspan"))


_BLOCKS = (
    dict.fromkeys(FRAMES, _Reader._read_frame)
    | dict.fromkeys(LINES, _Reader._read_line)
    | dict.fromkeys(HEADINGS, _Reader._read_heading)
    | dict.fromkeys(["ul", "ol"], _Reader._read_list)
    | {"blockquote": _Reader._read_quote, "hr": _Reader._read_rule, "table": _Reader._read_table}
)


def _lettered(element: Element) -> Element:
    """Itself, or with the characters for what it sets higher or lower."""
    for name, letters in LETTERS.items():
        if element.name == name or (element.name in ("span", "font") and _IS[name].search(element.style)):
            text = element.text
            if text.strip() and written(text, letters) != text:
                return _with_letters(element, letters)
    return element


def _with_letters(element: Element, letters: dict[str, str]) -> Element:
    children = [
        written(child, letters) if isinstance(child, str) else _with_letters(child, letters)
        for child in element.children
    ]
    return Element(element.name, element.attributes, children)


def _spoken(marker: str) -> str:
    return f"{marker} " if marker[-1].isascii() and marker[-1].isalnum() else marker


def _as_item(blocks: list) -> list:
    """Begins with a paragraph, as in the editor."""
    first = blocks[0]
    if not isinstance(first, Paragraph):
        return [Paragraph([]), *blocks]
    first.tag = "p"
    return blocks


def _rows_of(table: Element) -> tuple[list[list[Element]], list[Element]]:
    rows, captions = [], []
    for part in (child for child in table.children if isinstance(child, Element)):
        if part.name == "tr":
            # Word adds a row of height 0 for older browsers, to state its columns.
            if part.attributes.get("height") != "0":
                rows.append([cell for cell in part.children if isinstance(cell, Element)])
        elif part.name == "caption":
            captions.append(part)
        else:
            inner_rows, inner_captions = _rows_of(part)
            rows += inner_rows
            captions += inner_captions
    return rows, captions
