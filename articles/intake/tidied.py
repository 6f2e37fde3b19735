"""A report without what only the page or the paper had: tables that hold running text, numbers of pages, wrapped lines."""

import re
from dataclasses import replace

from articles.intake.blocks import ENDS_SENTENCE, FINISHED, LONG, NUMBER_ALONE, Arranged, number_of
from articles.intake.credits import ADVERTISING, Credits
from articles.intake.pieces import Cell, Grid, Line, Piece, Shot


def tidied(pieces: list[Piece], found: Arranged) -> list[Piece]:
    """What is left out is named in ``found``."""
    return _unwrapped(_without_furniture(_unfolded(pieces), found))


# -- Tables that only hold text in its place


def _unfolded(pieces: list[Piece]) -> list[Piece]:
    found: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, Grid) and _carries_text(piece):
            for cell in piece.cells:
                found += _unfolded(list(cell.pieces))
        else:
            found.append(piece)
    return found


def _carries_text(grid: Grid) -> bool:
    """One cell, or no row that has a field and its answer: running text, or pictures with what is written below them."""
    cells = list(grid.cells)
    if len(cells) == 1:
        return True
    if any(_has_field(row) for row in grid.rows):
        return False
    has_picture = any(isinstance(piece, Shot) for cell in cells for piece in cell.pieces)
    return has_picture or any(len(line.text) >= LONG for cell in cells for line in cell.lines)


def _has_field(row: tuple[Cell, ...]) -> bool:
    """A short text, and beside it something else."""
    return len(row) > 1 and 0 < len(row[0].text) <= 16 and any(cell.pieces for cell in row[1:])


_FURNITURE = re.compile(
    r"[—\-–·\s]*(?:\d{1,3}|第\s*\d+\s*页(?:\s*共\s*\d+\s*页)?)[—\-–·\s]*|end|the end|-+|[—…*·]+|[上下]一[篇条][:：].*",
    re.IGNORECASE,
)


def _without_furniture(pieces: list[Piece], found: Arranged) -> list[Piece]:
    """Without numbers of pages, links to other pages, and advertising."""
    kept = []
    for piece in pieces:
        if not isinstance(piece, Line):
            kept.append(piece)
        elif len(piece.text) <= 40 and (ADVERTISING.search(piece.text) or _is_furniture(piece.text)):
            found.left_out.append(piece.text)
        else:
            kept.append(piece)
    return kept


def _is_furniture(text: str) -> bool:
    return bool(_FURNITURE.fullmatch(text)) and not NUMBER_ALONE.fullmatch(text)


# -- Lines that end where the paper did


def _unwrapped(pieces: list[Piece]) -> list[Piece]:
    """Where most lines end in the middle of a sentence, and about where the paper ends, each is joined to the next."""
    lines = [piece for piece in pieces if isinstance(piece, Line) and len(piece.text) >= 12]
    if len(lines) < 6 or max(len(line.text) for line in lines) > 60:
        return pieces
    width = sorted(len(line.text) for line in lines)[int(0.8 * len(lines))]
    broken = [line for line in lines if not FINISHED.search(line.text) and len(line.text) >= 0.8 * width]
    if 5 * len(broken) < 2 * len(lines):
        return pieces
    joined: list[Piece] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        goes_on = (
            isinstance(piece, Line)
            and isinstance(last, Line)
            and _last_length(last) >= 0.8 * width
            and not ENDS_SENTENCE.search(last.text)
            and not (number_of(piece.text) or piece.is_right or last.is_centred or piece.is_centred)
            and not Credits().take(last.text)
        )
        if goes_on:
            html, length = last.html + piece.html, len(piece.text)
            joined[-1] = replace(last, text=last.text + piece.text, html=html, last_length=length)
        else:
            joined.append(piece)
    return joined


def _last_length(line: Line) -> int:
    return line.last_length or len(line.text)
