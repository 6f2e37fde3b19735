"""The text of a report: headings, captions, paragraphs and lists, with what columns and captions have parted put together."""

import os
import re
from dataclasses import replace
from html import escape

from articles.intake.blocks import (
    EDITORS_NOTE,
    ENDS_SENTENCE,
    FINISHED,
    NUMBER_ALONE,
    Arranged,
    Block,
    Caption,
    Heading,
    Look,
    Paragraph,
    is_one,
    number_of,
)
from articles.intake.credits import Credits
from articles.intake.pieces import Grid, Line, Piece, Shot

_CAPTION_MARK = re.compile(
    r"(?:[▲△▼▽↑↓◀▶■◆●]\s*)?(?:[（(【\[]?图(?:片|注)?\s*[0-9一二三四五六七八九十]{0,2}[）)】\]]?\s*[:：.、]\s*|图\s*[0-9]{1,2}[\s\u3000]*|图为|[（(]?图[片说]明[:：]\s*)|[▲△▼▽↑↓◀▶■◆●]\s*(?=\S)"
)
#: levels of headings before they are put in order: by style, by number, by look alone
_STYLED, _NUMBERED, _PLAIN = 10, 20, 25
_IS_CAPTION = re.compile(r"[上下左右]图(?:为|：)|图[一二三四五六]?：|照片[:：]|配图[:：]")


def put_together(pieces: list[Piece], look: Look, found: Arranged, credits: Credits) -> None:
    """Makes the blocks of the pieces that are left; who is named in brackets among them goes to the credits."""
    found.blocks = _joined(_blocks(pieces, look, found, credits))
    _set_levels(found)


def _blocks(pieces: list[Piece], look: Look, found: Arranged, credits: Credits) -> list[Block]:
    pieces = _without_editors_note(pieces, found)
    blocks: list[Block] = []
    paragraphs = [number for number, piece in enumerate(pieces) if isinstance(piece, Line)]
    for number, piece in enumerate(pieces):
        if not isinstance(piece, Line):
            blocks.append(piece)
        elif _is_caption(pieces, number, look):
            mark = _CAPTION_MARK.match(piece.text)
            text = piece.text[mark.end() if mark else 0 :].strip()
            blocks.append(Caption(credits.take_from_caption(text)))
            found.beside.append(_taken(text, blocks[-1].text))
        elif level := _heading_level(pieces, number, look):
            above = blocks[-1] if blocks else None
            if isinstance(above, Heading) and _is_second_line(pieces, number, above):
                blocks[-1] = Heading(above.level, f"{above.text} {piece.text}")
            else:
                blocks.append(Heading(level, piece.text))
        else:
            if not any(isinstance(block, Paragraph) for block in blocks):
                piece = _without(piece, credits.take_from_lead(piece.text), found)
            if number == paragraphs[-1]:
                piece = _without(piece, credits.take_from_end(piece.text), found)
            if piece.text:
                blocks.append(Paragraph(piece.text, piece.html, piece.depth, piece.is_numbered))
    return blocks


def _without_editors_note(pieces: list[Piece], found: Arranged) -> list[Piece]:
    """编者按 goes where it belongs; its mark may stand in a line of its own."""
    for number, piece in enumerate(pieces):
        if isinstance(piece, Line) and (mark := EDITORS_NOTE.match(piece.text)):
            found.editors_note, after = piece.text[mark.end() :].strip(), number + 1
            if not found.editors_note and after < len(pieces) and isinstance(pieces[after], Line):
                found.editors_note, after = pieces[after].text, after + 1
            return [*pieces[:number], *pieces[after:]]
    return pieces


def _without(line: Line, rest: str, found: Arranged) -> Line:
    """The line with this of its text; what was cut off is kept beside."""
    if rest == line.text:
        return line
    found.beside.append(_taken(line.text, rest))
    return replace(line, text=rest, html=_cut(line.html, line.text, rest))


def _taken(text: str, rest: str) -> str:
    """What of a text is not in the rest of it."""
    front = len(os.path.commonprefix([text, rest]))
    back = len(os.path.commonprefix([text[:front:-1], rest[:front:-1]]))
    return text[front : len(text) - back]


def _cut(html: str, text: str, rest: str) -> str:
    """The HTML of what is left of a text, where what is cut off has no marks in it; else without any."""
    if rest and text.startswith(rest):
        cut = escape(text[len(rest) :], quote=False)
        return html[: -len(cut)] if html.endswith(cut) else escape(rest, quote=False)
    kept = os.path.commonprefix([text[::-1], rest[::-1]])[::-1]
    cut = escape(text[: len(text) - len(kept)], quote=False)
    before = escape(rest[: len(rest) - len(kept)], quote=False)
    return before + html[len(cut) :] if html.startswith(cut) else escape(rest, quote=False)


# -- Captions


def is_marked_caption(text: str) -> bool:
    """It says itself that it is one: 图：, ▲."""
    return bool(_CAPTION_MARK.match(text) or _IS_CAPTION.match(text)) and len(text) <= 80


def _is_caption(pieces: list[Piece], number: int, look: Look) -> bool:
    line = pieces[number]
    if (mark := _CAPTION_MARK.match(line.text)) and len(line.text) <= 80:
        return mark[0].strip() not in "●■◆" or _is_beside_picture(pieces, number)
    return is_marked_caption(line.text) or _is_caption_beside(pieces, number, look)


def _is_beside_picture(pieces: list[Piece], number: int) -> bool:
    return any(isinstance(piece, Shot) for piece in pieces[max(0, number - 1) : number + 2])


def _is_caption_beside(pieces: list[Piece], number: int, look: Look) -> bool:
    """A short line below or above a picture, or one that stands in the middle of somebody's sentence."""
    line = pieces[number]
    if line.level or line.depth or number_of(line.text) or len(line.text) > 50 or NUMBER_ALONE.fullmatch(line.text):
        return False
    if look.is_set and line.is_centred and line.size and line.size <= 10.5 and not line.is_bold:
        return any(isinstance(piece, Shot) for piece in pieces[max(0, number - 2) : number + 3])
    if _is_beside_picture(pieces, number):
        if line.is_bold or look.is_large(line):
            return False
        if look.is_set and (line.is_centred or look.is_small(line)):
            return True
        return len(line.text) <= 25 and _is_one_sentence(line.text) and "，" not in line.text
    before = [piece for piece in pieces[:number] if isinstance(piece, Line)]
    behind = next((piece for piece in pieces[number + 1 :] if isinstance(piece, Line)), None)
    if not before or behind is None or not _is_one_sentence(line.text):
        return False
    if len(before[-1].text) >= 20 and not FINISHED.search(before[-1].text):
        return len(line.text) <= 30
    # In a text file the picture above it is lost: a short line between long ones, before a heading or after one.
    return not look.is_set and len(line.text) <= 24 and "，" not in line.text


def _is_one_sentence(text: str) -> bool:
    return bool(re.fullmatch(r"[^。！？，、][^。！？]+[。！]", text)) and text.count("“") == text.count("”")


# -- Headings


def _heading_level(pieces: list[Piece], number: int, look: Look) -> int:
    """0 for what is none; larger numbers for what is below: levels are put in order afterwards."""
    line = pieces[number]
    text = line.text
    if line.level and len(text) <= 60:
        return _STYLED + line.level
    if line.depth and not line.is_bold or len(text) > 40:
        return 0
    rank = number_of(text)
    if rank in (1, 2) and not (ENDS_SENTENCE.search(text) and not look.stands_out(line)):
        return _NUMBERED + rank
    if ENDS_SENTENCE.search(text) or text.endswith(("：", ":", "，", "、", "的")) and not look.stands_out(line):
        return 0
    if line.is_right or not _is_followed_by_text(pieces, number):
        return 0
    if rank in (3, 4):
        return (
            _NUMBERED + rank
            if look.is_set and (line.is_bold or look.is_large(line)) or _stands_alone(pieces, number)
            else 0
        )
    if look.is_set:
        return _PLAIN if look.stands_out(line) or line.is_centred and len(text) <= 30 else 0
    return _PLAIN if len(text) <= 24 and _stands_alone(pieces, number) else 0


def _is_followed_by_text(pieces: list[Piece], number: int) -> bool:
    return any(isinstance(piece, Line | Grid) for piece in pieces[number + 1 :])


def _stands_alone(pieces: list[Piece], number: int) -> bool:
    """Between paragraphs that are longer than itself, and not in the middle of a sentence."""
    lines = [piece for piece in pieces[:number] if isinstance(piece, Line)]
    behind = [piece for piece in pieces[number + 1 :] if isinstance(piece, Line)]
    if not behind:
        return False
    is_after_end = not lines or bool(FINISHED.search(lines[-1].text)) or len(lines[-1].text) <= 24
    following = next((line for line in behind[:2] if len(line.text) >= 30), None)
    is_pair = (
        len(lines[-1].text) > 24 and len(behind[0].text) <= 24 and not ENDS_SENTENCE.search(behind[0].text)
        if lines
        else False
    )
    return (is_after_end or is_pair) and following is not None


def _is_second_line(pieces: list[Piece], number: int, first: Heading) -> bool:
    """A heading in two lines: 党建赋能 · 优质医疗“动”起来, or a number with its heading below."""
    line, above = pieces[number], pieces[number - 1]
    if not isinstance(above, Line) or number_of(line.text) or " " in first.text:
        return False
    if NUMBER_ALONE.fullmatch(above.text):
        return True
    same = (above.level, above.is_bold, above.is_centred) == (line.level, line.is_bold, line.is_centred)
    if number_of(above.text):
        return same and above.size == line.size and (is_one(above, line) or line.is_centred)
    return same and len(above.text) <= 14 and not (above.level and line.level and above.level != line.level)


# -- Put together again


def _joined(blocks: list[Block]) -> list[Block]:
    """Paragraphs that were parted in the middle of a sentence put together; what stood between comes after them."""
    joined: list[Block] = []
    pending: list[Block] = []
    for block in blocks:
        open_ = next((own for own in reversed(joined) if isinstance(own, Paragraph | Heading)), None)
        is_open = isinstance(open_, Paragraph) and _is_open(open_)
        if is_open and isinstance(block, Caption | Shot):
            pending.append(block)
            continue
        if is_open and isinstance(block, Paragraph) and _can_go_on(open_, block):
            place = len(joined) - 1 - joined[::-1].index(open_)
            joined[place] = replace(open_, text=open_.text + block.text, html=open_.html + block.html)
            continue
        joined += pending
        pending = []
        joined.append(block)
    return joined + pending


def _is_open(paragraph: Paragraph) -> bool:
    return not paragraph.depth and len(paragraph.text) >= 12 and not FINISHED.search(paragraph.text)


def _can_go_on(first: Paragraph, second: Paragraph) -> bool:
    if second.depth or number_of(second.text) or re.match(r"[●■◆▲★☆·•\-—]", second.text):
        return False
    return len(first.text) >= 18 or len(second.text) <= 30


# -- Levels


def _set_levels(found: Arranged) -> None:
    """Two levels below the title: the highest that occurs is 2, all others are 3.

    Of headings without a style those of 一、 are the highest, those without a number and of （一） come next, and are alike.
    """
    levels = {block.level for block in found.blocks if isinstance(block, Heading)}
    highest = {min(levels, default=_PLAIN)}
    if _PLAIN in levels and min(levels) > _NUMBERED + 1:
        highest = {_PLAIN, *({_NUMBERED + 2} & levels)}
    found.blocks = [
        Heading(2 if block.level in highest else 3, block.text) if isinstance(block, Heading) else block
        for block in found.blocks
    ]
