"""What a search has found, marked in the text as people read it.

A search compares folded texts (``publishing.search.normalise``), people read the others: full-width, with capitals,
with spaces between characters. So the fold is made here character by character, and remembers where each one stood.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from publishing.search import INVISIBLE, fold, normalise

#: characters of an excerpt, and how many of them may stand before what was found
LENGTH, BEFORE = 96, 30
_SENTENCE_END = re.compile(r"[。！？；\n]")
_HAN = re.compile(r"[\u3400-\u9fff]")
#: Han characters, Latin letters, digits and the usual marks: each is folded for itself, to one character
_EACH_TO_ONE = re.compile("[!-~·—‘’“”\u3001-\u3003\u3008-\u3011\u4e00-\u9fff\uff01-\uff5e]*")


def marked(text: str, words: Iterable[str]) -> SafeString:
    """The text, escaped, with every place that holds one of the folded words in a ``<mark>``."""
    pieces, place = [], 0
    for start, end in spans(text, words):
        pieces += [(text[place:start],), (format_html("<mark>{}</mark>", text[start:end]),)]
        place = end
    return format_html_join("", "{}", [*pieces, (text[place:],)])


def spans(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """Where the folded words are in a text as it is written; what overlaps is one place."""
    folded, starts, ends = _folded(text)
    found = sorted((starts[at], ends[at + len(word) - 1]) for word in words if word for at in _places(folded, word))
    joined: list[tuple[int, int]] = []
    for start, end in found:
        if joined and start <= joined[-1][1]:
            start, end = joined[-1][0], max(end, joined.pop()[1])
        joined.append((start, end))
    return joined


def excerpt(text: str, words: Iterable[str]) -> str:
    """The part of a text around the first place that holds one of the folded words; its beginning where none does."""
    first = _first(text, words)
    start = 0
    if first > BEFORE:
        ends = [end.end() for end in _SENTENCE_END.finditer(text, first - BEFORE, first)]
        start = ends[0] if ends else first - BEFORE
    end = start + LENGTH
    shown = " ".join(text[start:end].split())
    return f"{'……' if start else ''}{shown}{'……' if end < len(text) else ''}"


def _first(text: str, words: Iterable[str]) -> int:
    """Nearly always the text reads as it is compared, and the long way round is not needed."""
    words = list(words)
    if not words:
        return 0
    lower = text.lower()
    as_written = [lower.find(word) for word in words if len(lower) == len(text)]
    if as_written and min(as_written) >= 0:
        return min(as_written)
    return min((start for start, _end in spans(text, words)), default=0)


def _places(folded: str, word: str) -> Iterable[int]:
    at = folded.find(word)
    while at >= 0:
        yield at
        at = folded.find(word, at + len(word))


def _folded(text: str) -> tuple[str, Sequence[int], Sequence[int]]:
    """``normalise(text)``, and where each of its characters begins and ends in the text as written."""
    if _EACH_TO_ONE.fullmatch(text):
        return fold(text), range(len(text)), range(1, len(text) + 1)
    kept: list[tuple[str, int, int]] = []
    for start, end in _clusters(text):
        for character in fold(INVISIBLE.sub("", text[start:end])):
            if character.isspace():
                if kept and kept[-1][0] != " ":
                    kept.append((" ", start, end))
            else:
                if len(kept) > 1 and kept[-1][0] == " " and _HAN.match(character) and _HAN.match(kept[-2][0]):
                    kept.pop()
                kept.append((character, start, end))
    if kept and kept[-1][0] == " ":
        kept.pop()
    folded = "".join(character for character, _start, _end in kept)
    if folded != normalise(text):  # a script whose characters melt into one another: nothing marked, nothing wrong
        return "", [], []
    return folded, [start for _character, start, _end in kept], [end for _character, _start, end in kept]


def _clusters(text: str) -> Iterable[tuple[int, int]]:
    """The characters, each with the accents and joining parts that are folded together with it."""
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or not _joins(text[place]):
            if start < place:
                yield start, place
            start = place


@lru_cache(maxsize=4096)
def _joins(character: str) -> bool:
    """Folded together with what stands before it: accents, voicing marks, the later parts of a Korean syllable."""
    if character < "\u00ad":
        return False
    first = unicodedata.normalize("NFKD", character)[0]
    return bool(unicodedata.combining(first)) or "\u1160" <= first <= "\u11ff" or bool(INVISIBLE.match(character))
