"""Plain text as pieces: one line, one paragraph. Has no look; a sign at its beginning may say what a line is."""

import re
from html import escape

from articles.intake.pieces import Line, Source
from articles.intake.word import tidy
from publishing.decoding import decodings

_MARKDOWN = re.compile(r"(#{1,6})\s+(.*)")
_PARTED = re.compile("\u3000{2,}")  # two indents inside a line: a paragraph begins there


def read_plain(text: str) -> Source:
    return Source(
        [_line(part) for line in text.splitlines() for part in _PARTED.split(line) if tidy(part)], is_set=False
    )


def _line(text: str) -> Line:
    text = tidy(text)
    if marked := _MARKDOWN.fullmatch(text):
        return Line(marked[2], escape(marked[2], quote=False), level=len(marked[1]))
    return Line(text, escape(text, quote=False))


def decoded(content: bytes) -> str | None:
    """The text of a file; None where it is none."""
    text = next(decodings(content), None)
    return None if text is None or re.search("[\x00-\x08\x0e-\x1f]", text) else text
