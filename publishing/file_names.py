"""Names of files that every system takes: for downloads, and for what is inside an archive.

Windows is the strictest (Microsoft: “Naming Files, Paths, and Namespaces”); macOS and Windows take two names that differ
only by case or by how a character is composed for the same.
"""

import os.path
import re
from unicodedata import normalize

from django.utils.http import content_disposition_header

from publishing.ooxml import cut

#: UTF-16 units, in which Windows counts. Of Chinese text these are 240 bytes; Linux takes 255, and browsers add (1).
MAX_NAME = 80
#: of a path inside an archive: Windows takes 260 together with the folder into which it is unpacked
MAX_PATH = 180

_SEPARATING = re.compile(r"[\\/:|]+")
# No file name holds it, or nobody sees it and it disguises what is seen: controls, zero width, direction, half a pair.
_DROPPED = re.compile(
    r'[*?"<>\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\uffff\ud800-\udfff\U000e0000-\U000e007f]'
)
_EDGES = " .-"
_RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9])", re.IGNORECASE)
_LONGEST_ENDING = 10


def legal_name(text: str, *, otherwise: str = "未命名", most: int = MAX_NAME) -> str:
    """One part of a path. ``otherwise``: what it is called where nothing is left of the text."""
    text = _SEPARATING.sub("-", normalize("NFC", " ".join(text.split())))
    stem, ending = _split(_DROPPED.sub("", text).strip(_EDGES))
    if _RESERVED.fullmatch(normalize("NFKC", stem.partition(".")[0]).strip()):
        stem = f"_{stem}"  # a device of Windows, whatever its ending
    stem = cut(stem, most - _units(ending), mark="").rstrip(_EDGES)
    return (stem or otherwise) + ending


def content_disposition(filename: str) -> str:
    """The header of a download."""
    return content_disposition_header(True, legal_name(filename, otherwise="导出"))


class Names:
    """The paths of an archive: each legal, and no two the same where case and composition do not count."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, *parts: str) -> str:
        """``parts``: at most two folders, then the file, as people would call them. The file's name gives way."""
        *folders, name = map(legal_name, parts)
        before = "".join(f"{folder}/" for folder in folders)
        stem, ending = _split(name)
        room = MAX_PATH - _units(before)
        path, number = before + legal_name(name, most=room), 1
        while _key(path) in self._taken:
            number += 1
            mark = f"({number}){ending}"
            path = before + cut(stem, min(MAX_NAME, room) - _units(mark), mark="").rstrip(_EDGES) + mark
        self._taken.add(_key(path))
        return path


def _split(name: str) -> tuple[str, str]:
    stem, ending = os.path.splitext(name)
    return (stem, ending) if _units(ending) <= _LONGEST_ENDING and " " not in ending else (name, "")


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _key(path: str) -> str:
    return normalize("NFKC", normalize("NFKC", path).casefold())
