"""A .docx as pieces. The package is guarded first (``files.py``); mammoth reads what is in it.

Deleted text, comments, headers and footers are no part of a report. Footnotes are put behind the text.
"""

import io
import re
from collections.abc import Iterator
from functools import partial
from html import escape

import mammoth.docx
from mammoth import documents

from articles.intake.boxes import with_boxes
from articles.intake.pieces import Cell, Grid, Line, Piece, Shot, Source
from publishing.raised import LOWERED, RAISED, written

_HEADING_STYLE = re.compile(r"(?:heading|标题|h)\s*([1-9])", re.IGNORECASE)
_TITLE_STYLES = {"title", "标题", "公文标题", "文章标题", "大标题", "主标题"}
_SUBTITLE_STYLES = {"subtitle", "副标题", "副题"}
_LETTERS = {"superscript": RAISED, "subscript": LOWERED}
_UNREADABLE_PICTURE = "第%s张图片（%s）读不了，请另存为JPG或PNG后上传。"
_LINKED_PICTURE = "有一张图片不在文件里，只是一个链接，请上传原图。"


def read_word(content: bytes) -> Source:
    """``content``: a package that ``files.source_of`` has let through."""
    result = mammoth.docx.read(io.BytesIO(with_boxes(content)))
    source = Source([])
    walk = _Walk(source, result.value.notes)
    for element in result.value.children:
        source.pieces += walk.pieces(element)
    source.pieces += walk.footnotes()
    if any("image file" in message.message for message in result.messages):
        source.unread.append(_LINKED_PICTURE)
    for words, said in _NOT_READ:
        if any(words in message.message for message in result.messages):
            source.unread.append(said)
    return source


_NOT_READ = (
    ("m:oMath", "有公式没有读进来，请截成图片上传。"),
    ("w:object", "有嵌入的对象没有读进来，请另外上传。"),
    ("c:chart", "有图表没有读进来，请截成图片上传。"),
)


class _Walk:
    def __init__(self, source: Source, notes):
        self._source, self._notes, self._noted, self._pictures = source, notes, [], 0

    def pieces(self, element) -> list[Piece]:
        if isinstance(element, documents.Paragraph):
            return list(self._paragraph(element))
        if isinstance(element, documents.Table):
            return [self._table(element)]
        if isinstance(element, documents.Image):  # of a text box or an old drawing: beside the paragraph, not in it
            return list(self._picture(element))
        found: list[Piece] = []
        for child in getattr(element, "children", ()):
            found += self.pieces(child)
        return found

    def _table(self, table) -> Grid:
        rows = []
        for row in table.children:
            cells = []
            for cell in getattr(row, "children", ()):
                own: list[Piece] = []
                for child in cell.children:
                    own += self.pieces(child)
                cells.append(Cell(tuple(own), max(1, cell.colspan), max(1, cell.rowspan)))
            rows.append(tuple(cells))
        return Grid(tuple(rows))

    def _paragraph(self, paragraph) -> Iterator[Piece]:
        """Its lines and pictures, in order; more where line breaks or pictures part it."""
        look = _look_of(paragraph)
        runs: list[_Run] = []
        for part in self._inline(paragraph, _Run("")):
            if isinstance(part, _Run):
                runs.append(part)
                continue
            yield from _line(runs, look)
            runs = []
            if isinstance(part, Shot):
                yield part
        yield from _line(runs, look)

    def _inline(self, element, run: "_Run") -> Iterator["_Run | Shot | None"]:
        """Runs of one look, pictures, and None for a line break."""
        for child in element.children:
            match child:
                case documents.Text():
                    yield run.saying(child.value)
                case documents.Tab():
                    yield run.saying("\u3000")
                case documents.Break():
                    yield None
                case documents.Image():
                    yield from self._picture(child)
                case documents.Run():
                    yield from self._inline(child, run.within(child))
                case documents.Hyperlink():
                    yield from self._inline(child, run.linking(child.href))
                case documents.NoteReference():
                    self._noted.append(child)
                    yield run.saying(f"[注{len(self._noted)}]")
                case documents.Checkbox():
                    yield run.saying("☑" if child.checked else "☐")
                case _ if hasattr(child, "children"):
                    yield from self._inline(child, run)

    def _picture(self, image) -> Iterator[Shot]:
        self._pictures += 1
        kind = (image.content_type or "").rpartition("/")[2]
        try:
            with image.open():
                pass
        except Exception:  # linked, or not where the document says: mammoth answers with errors of many kinds
            self._source.unread.append(_LINKED_PICTURE)
            return
        if kind not in {"png", "jpeg", "jpg", "webp", "heic"}:
            self._source.unread.append(_UNREADABLE_PICTURE % (self._pictures, kind.removeprefix("x-").upper()))
            return
        yield Shot(partial(_bytes_of, image), f"图{self._pictures}.{kind.replace('jpeg', 'jpg')}")

    def footnotes(self) -> list[Piece]:
        found: list[Piece] = []
        for number, reference in enumerate(self._noted, 1):
            own: list[Piece] = []
            for element in self._notes.resolve(reference).body:
                own += self.pieces(element)
            text = "".join(piece.text for piece in own if isinstance(piece, Line)).strip()
            if text:
                found.append(Line(f"[注{number}]{text}", escape(f"[注{number}]{text}", quote=False)))
        return found


def _bytes_of(image) -> bytes:
    with image.open() as stream:
        return stream.read()


class _Run:
    """Text of one look."""

    def __init__(self, text: str, *, bold=False, italic=False, size=0.0, href="", letters: dict | None = None):
        self.text, self.bold, self.italic, self.size, self.href, self.letters = text, bold, italic, size, href, letters

    def saying(self, text: str) -> "_Run":
        text = written(text, self.letters) if self.letters else text
        return _Run(text, bold=self.bold, italic=self.italic, size=self.size, href=self.href)

    def within(self, run) -> "_Run":
        return _Run(
            "",
            bold=self.bold or run.is_bold or "strong" in (run.style_name or "").lower(),
            italic=self.italic or run.is_italic,
            size=run.font_size or self.size,
            href=self.href,
            letters=_LETTERS.get(run.vertical_alignment, self.letters),
        )

    def linking(self, href: str | None) -> "_Run":
        is_outside = (href or "").lower().startswith(("http://", "https://", "mailto:"))
        href = href if is_outside else ""
        return _Run("", bold=self.bold, italic=self.italic, size=self.size, href=href, letters=self.letters)

    def html(self, *, is_all_bold: bool) -> str:
        text = escape(self.text, quote=False)
        if self.italic:
            text = f"<em>{text}</em>"
        if self.bold and not is_all_bold:
            text = f"<strong>{text}</strong>"
        return f'<a href="{escape(self.href)}">{text}</a>' if self.href else text


def _line(runs: list[_Run], look: dict) -> Iterator[Line]:
    runs = _merged(runs)
    text = tidy("".join(run.text for run in runs))
    if not text:
        return
    spoken = [run for run in runs if run.text.strip()]
    is_bold = all(run.bold for run in spoken)
    sizes: dict[float, int] = {}
    for run in spoken:
        sizes[run.size] = sizes.get(run.size, 0) + len(run.text)
    html = tidy("".join(run.html(is_all_bold=is_bold) for run in runs))
    yield Line(text, html, is_bold=is_bold, size=max(sizes, key=sizes.get), **look)


def _merged(runs: list[_Run]) -> list[_Run]:
    """Neighbours of one look as one: Word parts words wherever somebody paused."""
    merged: list[_Run] = []
    for run in runs:
        last = merged[-1] if merged else None
        if last and (last.bold, last.italic, last.href, last.size) == (run.bold, run.italic, run.href, run.size):
            merged[-1] = last.saying(last.text + run.text)
        else:
            merged.append(run)
    return merged


def tidy(text: str) -> str:
    """Without the indents people type, and with one space where there are several."""
    text = text.replace("\xa0", " ").replace("\u200b", "").replace("\ufeff", "").replace("\xad", "")
    return re.sub(r"[ \t]{2,}", " ", text).strip(" \t\r\n\u3000")


def _look_of(paragraph) -> dict:
    style = (paragraph.style_name or "").strip()
    level = 0
    if heading := _HEADING_STYLE.fullmatch(style.replace("样式", "").strip()):
        level = int(heading[1])
    kind = "title" if style.lower() in _TITLE_STYLES else "subtitle" if style.lower() in _SUBTITLE_STYLES else ""
    numbering = paragraph.numbering
    return {
        "style": kind,
        "level": level,
        "depth": int(numbering.level_index) + 1 if numbering and not level and not kind else 0,
        "is_numbered": bool(numbering and numbering.is_ordered),
        "is_centred": paragraph.alignment == "center",
        "is_right": paragraph.alignment in {"right", "end"},
    }
