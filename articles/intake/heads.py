"""The head and the foot of a report: 引题, 主题, 副题, who wrote it, from where, when, who signed."""

import re
from datetime import date

from articles.intake.blocks import (
    EDITORS_NOTE,
    ENDS_SENTENCE,
    LONG,
    NUMBER_ALONE,
    SIGNED,
    Arranged,
    Look,
    is_one,
    number_of,
    together,
)
from articles.intake.credits import Credits
from articles.intake.days import published_on
from articles.intake.pieces import Grid, Line, Piece
from articles.intake.texts import is_marked_caption

_SECTION_LABEL = re.compile(
    r"(?:[\u3400-\u9fff“”·]{0,12}(?:简报|快讯|快报|专报|特别报道|专题报道|专栏|工作动态|党建动态|工作信息|党建信息|通讯|要闻|内部资料))"
)
_ISSUE = re.compile(r"[（(]?(?:\d{4}年)?(?:第\s*[\d一二三四五六七八九十]+\s*期)(?:[（(]?总第?\s*\d+\s*期[）)]?)?[）)]?")
_OFFICE_NUMBER = re.compile(r"[\u3400-\u9fff]{2,8}〔\d{4}〕\s*\d+\s*号")
_DATELINE = re.compile(r"[\u3400-\u9fff]{2,6}(?:报道|讯|电)")
#: what minutes and forms begin their lines with
_MINUTES = re.compile(
    r"(?:会议|活动)?(?:时间|地点|主持|主持人|主讲|记录|参加|参加人员|参会人员|出席|列席|缺席|议题)\s*[:：]"
)
MOST_HEAD_LINES = 14


def without_head(pieces: list[Piece], look: Look, found: Arranged, credits: Credits) -> list[Piece]:
    lines: list[Line] = []
    rest: list[Piece] = []
    for number, piece in enumerate(pieces):
        if isinstance(piece, Grid):
            if _is_letterhead(piece):
                for cell in piece.rows[0]:
                    if not _is_about(cell.text, found, credits):
                        found.beside.append(cell.text)
                continue
            rest += pieces[number:]
            break
        if not isinstance(piece, Line):
            rest.append(piece)
            continue
        if (
            len(lines) >= MOST_HEAD_LINES
            or not _is_below_title(pieces, number, lines)
            and (_is_body(piece, look, bool(lines)) or _begins_text(piece, lines, look))
        ):
            rest += pieces[number:]
            break
        if _is_about(piece.text, found, credits):
            found.beside.append(piece.text)
            continue
        if is_marked_caption(piece.text):
            rest.append(piece)
            continue
        lines.append(piece)
    unused = _name(_without_letterhead(lines, found), look, found)
    return _late_credits([*unused, *rest], found, credits)


def _is_letterhead(grid: Grid) -> bool:
    """One row: 乙一县人民医院党委办公室, 2024年7月5日."""
    return len(grid.rows) == 1 and all(len(cell.text) <= 30 for cell in grid.rows[0])


def _without_letterhead(lines: list[Line], found: Arranged) -> list[Line]:
    """Without 某某医院委员会文件 in large red letters above the title."""
    if len(lines) > 1 and lines[0].text.endswith("文件") and lines[0].size > lines[1].size:
        found.beside.append(lines[0].text)
        return lines[1:]
    return lines


def _is_body(line: Line, look: Look, has_lines: bool) -> bool:
    if line.style or line.text.startswith("—"):
        return False
    if EDITORS_NOTE.match(line.text):
        return True
    if line.level > 1 and has_lines or line.depth:
        return True
    if look.is_set and (line.is_centred or look.is_large(line)) and len(line.text) < 60:
        return False
    return len(line.text) >= LONG or len(line.text) >= 16 and bool(ENDS_SENTENCE.search(line.text))


def _is_below_title(pieces: list[Piece], number: int, lines: list[Line]) -> bool:
    """A heading of the second level that is followed by another, or by who wrote it: the other half of the title."""
    line, behind = pieces[number], next((own for own in pieces[number + 1 :] if isinstance(own, Line)), None)
    if not lines or lines[-1].level != 1 or line.level != 2 or behind is None:
        return False
    return bool(behind.level) or Credits().take(behind.text)


def _begins_text(line: Line, lines: list[Line], look: Look) -> bool:
    """A numbered heading, 各位领导：, or in a set document a plain line after a title that stands out."""
    if not lines:
        return False
    if number_of(line.text) or NUMBER_ALONE.fullmatch(line.text) or _MINUTES.match(line.text):
        return True
    if re.fullmatch(r"[\u3400-\u9fff、]{2,14}[:：]", line.text):
        return True
    if line.style or line.level == 1:
        return False
    if look.is_set and any(own.style == "title" or look.is_large(own) for own in lines):
        is_title_like = line.is_centred or look.is_large(line) or line.text.startswith("—") or line.style
        return not is_title_like and not re.match(r"[（(]", line.text) and not line.is_right
    return False


def _is_about(text: str, found: Arranged, credits: Credits) -> bool:
    """Lines beside the title: who, from where, when, in which issue."""
    if day := published_on(text):
        found.published = found.published or day
        return True
    if credits.take(text):
        if not found.published:
            found.published = _day_within(text)
        return True
    if _OFFICE_NUMBER.fullmatch(text):
        return True
    bare = _ISSUE.sub("", text).strip(" \u3000()（）")
    has_issue = bool(_ISSUE.search(text))
    if (has_issue and len(bare) <= 30) or (len(text) <= 14 and _SECTION_LABEL.fullmatch(text)):
        found.section_label = " ".join(filter(None, (found.section_label, text)))
        found.published = found.published or _day_within(text)
        return True
    if (
        len(text) <= 40
        and text.endswith(("编", "主办", "编印", "编发"))
        or re.search(r"(?:办公室|党办|宣传科|党委)编?[\s\u3000]+\d{4}年\d", text)
    ):
        found.published = found.published or _day_within(text)
        return True
    return False


def _day_within(text: str) -> date | None:
    for match in re.finditer(r"(?:19|20)\d{2}(?:[-/.]\d{1,2}[-/.]\d{1,2}|年\d{1,2}月\d{1,2}日)", text):
        if day := published_on(match[0]):
            return day
    return None


# -- Which line is the title


def _name(lines: list[Line], look: Look, found: Arranged) -> list[Line]:
    """引题, 主题, 副题 of the lines before the text. Gives those that are none of them."""
    subtitles = [line for line in lines if line.style == "subtitle" or line.text.startswith("—")]
    others = [line for line in lines if line not in subtitles]
    spoken = {line.text.strip("—- ") for line in subtitles}
    others = [line for line in others if line.text not in spoken]  # the name of the page, said again
    before, titles, after, rest = _chosen(others, look)
    found.kicker = " ".join(line.text.strip("【】[]") for line in before)
    found.title = together(titles)
    found.subtitle = " ".join([*(line.text for line in after), *(line.text.strip("—- ") for line in subtitles)])
    return rest


def _chosen(lines: list[Line], look: Look) -> tuple[list[Line], list[Line], list[Line], list[Line]]:
    for is_title in (
        lambda line: line.style == "title",
        lambda line: line.level == 1,
        lambda line: look.is_set and line.size == max(own.size for own in lines) > min(own.size for own in lines),
        lambda line: look.is_set and line.is_bold and line.is_centred and not all(own.is_bold for own in lines),
    ):
        titles = [line for line in lines if is_title(line)]
        if len(titles) > 1 and titles[0].level == 1 and not is_one(*titles[:2]):
            titles = [max(titles, key=lambda line: len(line.text))]  # a column's name is shorter
        if titles and len(titles) <= 3:
            first, last = lines.index(titles[0]), lines.index(titles[-1])
            if last - first + 1 == len(titles):
                if len(titles) == 2 and not is_one(*titles):
                    titles, last = titles[:1], first
                return lines[:first], titles, lines[last + 1 : last + 2], lines[last + 2 :]
    if len(lines) >= 2 and is_one(lines[0], lines[1]):
        return [], lines[:2], lines[2:3], lines[3:]
    if len(lines) == 3:
        return lines[:1], lines[1:2], lines[2:3], []
    return [], lines[:1], lines[1:2], lines[2:]


# -- Between paragraphs, and below the text


def _late_credits(pieces: list[Piece], found: Arranged, credits: Credits) -> list[Piece]:
    """Bylines and datelines that columns have put between paragraphs."""
    kept = []
    for piece in pieces:
        if isinstance(piece, Line) and len(piece.text) <= 60:
            text, dateline = piece.text, ""
            if match := re.search(rf"[\s\u3000]+({_DATELINE.pattern})$", text):
                text, dateline = text[: match.start()], match[1]
            if credits.take(text):
                found.beside.append(piece.text)
                found.dateline = found.dateline or dateline
                found.published = found.published or _day_within(text)
                continue
        kept.append(piece)
    return kept


def without_foot(pieces: list[Piece], found: Arranged, credits: Credits) -> list[Piece]:
    pieces = list(pieces)
    while pieces and isinstance(last := pieces[-1], Line):
        text = last.text.lstrip("☑☐□ ")
        if day := published_on(text):
            found.published = found.published or day
        elif site := re.fullmatch(
            r"([\u3400-\u9fff]{2,12}(?:网|报|台|号|客户端))((?:19|20)\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?)", text
        ):
            found.source, found.published = site[1], found.published or published_on(site[2])
        elif credits.take(text) or last.is_right and credits.take_signature(text):
            pass
        elif len(text) <= 30 and (last.is_right or found.published) and SIGNED.search(text) and not found.signature:
            found.signature.insert(0, text)
        else:
            break
        found.beside.append(last.text)
        pieces.pop()
    return pieces
