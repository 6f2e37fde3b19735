"""Plain text as pieces: one line, one paragraph. Has no look; a sign at its beginning may say what a line is."""

import re
from html import escape

from articles.intake.pieces import Line, Source
from articles.intake.word import tidy

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
    """The text of a file that Windows, WPS or a phone has written; None where it is none."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if re.search("[\x00-\x08\x0e-\x1f]", text) else text
    return None
