"""What a report is made of, whatever file it came in: lines with the look they had, tables, pictures."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Line:
    """A paragraph, or what stood between two line breaks of one.

    ``html``: the text with what of its look is kept (bold, italics, links) · ``level``: of a heading, as its style says; 0 for
    none · ``depth``: of an item of a list, from 1; 0 for none · ``size``: of its letters in points; 0 where it is not said ·
    ``last_length``: of the last of the lines that it was joined from; 0 if it is one.
    """

    text: str
    html: str = ""
    style: str = ""
    level: int = 0
    depth: int = 0
    is_numbered: bool = False
    is_bold: bool = False
    is_centred: bool = False
    is_right: bool = False
    size: float = 0.0
    last_length: int = 0


@dataclass(eq=False)
class Shot:
    """A picture in its place · ``read``: gives its bytes as they are in the file, so that of thirty one is held at a time ·
    ``number``: among the photos of the draft, 0 for none."""

    read: Callable[[], bytes]
    name: str
    number: int = 0


@dataclass(frozen=True)
class Cell:
    """``columns``, ``rows``: over how many it reaches."""

    pieces: tuple["Piece", ...]
    columns: int = 1
    rows: int = 1

    @property
    def lines(self) -> list[Line]:
        return [piece for piece in self.pieces if isinstance(piece, Line)]

    @property
    def text(self) -> str:
        """A line each, those of tables within it, too."""
        texts = []
        for piece in self.pieces:
            if isinstance(piece, Line):
                texts.append(piece.text)
            elif isinstance(piece, Grid):
                texts += [cell.text for cell in piece.cells]
        return "\n".join(texts)


@dataclass(frozen=True)
class Grid:
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def cells(self) -> Iterator[Cell]:
        for row in self.rows:
            yield from row

    @property
    def texts(self) -> list[list[str]]:
        """Row by row, each as wide as the table: what a merged cell covers is empty."""
        width = max((sum(cell.columns for cell in row) for row in self.rows), default=0)
        taken: dict[tuple[int, int], str] = {}
        for number, row in enumerate(self.rows):
            column = 0
            for cell in row:
                while (number, column) in taken:
                    column += 1
                for down in range(cell.rows):
                    for right in range(cell.columns):
                        taken[number + down, column + right] = "" if down or right else cell.text
                column += cell.columns
        width = max((column + 1 for _row, column in taken), default=width)
        return [[taken.get((number, column), "") for column in range(width)] for number in range(len(self.rows))]


Piece = Line | Grid | Shot


@dataclass
class Source:
    """A file as it was read. ``unread``: what could not be, in words for whoever sent it."""

    pieces: list[Piece]
    unread: list[str] = field(default_factory=list)
    is_set: bool = True  # as in Word; a text file has no look to go by
