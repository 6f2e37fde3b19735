"""The text as rules read it, and the way back to the text as it was typed."""

import unicodedata
from functools import lru_cache


class Folded:
    """A text in half-width forms and without characters that cannot be seen; knows where each one came from."""

    __slots__ = ("original", "text", "_origins")

    def __init__(self, original: str):
        folded, origins = [], []
        for index, character in enumerate(original):
            for piece in _fold(character):
                folded.append(piece)
                origins.append(index)
        self.original = original
        self.text = "".join(folded)
        self._origins = origins

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where these folded characters (at least one) stand in the original text."""
        return self._origins[start], self._origins[end - 1] + 1


def fold(text: str) -> str:
    return "".join(map(_fold, text))


def without_invisible(text: str) -> str:
    return "".join(character for character in text if _fold(character))


@lru_cache(maxsize=8192)
def _fold(character: str) -> str:
    """NFKC of one character; nothing for zero-width ones. ① and ² stay: as digits they would lengthen a number."""
    category = unicodedata.category(character)
    if category == "Cf" or character == "\u034f" or "\ufe00" <= character <= "\ufe0f":
        return ""
    return character if category == "No" else unicodedata.normalize("NFKC", character)
