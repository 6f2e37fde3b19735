"""What a check reads and what it reports."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.db import models
from django.utils.translation import gettext_lazy as _

from publishing.checks.folding import Folded, without_invisible

CONTEXT = 10  # characters of an excerpt on either side of what was found
_QUOTED = re.compile("“([^“”]+)”")
_HAN = re.compile("[\u3400-\u9fff]")


class Severity(models.TextChoices):
    BLOCK = "block", _("不能发布")
    WARN = "warn", _("请核对")
    ADVISE = "advise", _("建议")


@dataclass(frozen=True)
class Passage:
    """One text of a record: under which name the form has it, and what people call it."""

    name: str
    label: str
    text: str


@dataclass(frozen=True)
class Finding:
    """One thing that was noticed. Private numbers and given names are starred, because messages are logged."""

    code: str
    severity: Severity
    message: str
    name: str
    label: str
    start: int = 0
    end: int = 0
    excerpt: str = ""
    at: str = ""  # where in the form it is seen to, where that is not ``name``

    @property
    def place(self) -> str:
        return self.at or self.name

    def moved(self, at: str) -> "Finding":
        return replace(self, at=at)

    @property
    def in_words(self) -> str:
        return f"{self.label}：{self.message}" if self.label else self.message

    @property
    def is_blocking(self) -> bool:
        return self.severity == Severity.BLOCK

    @property
    def key(self) -> str:
        """What and where: the same finding in the same content has the same key."""
        return f"{self.code} {self.name} {self.start} {self.message}"


@dataclass(frozen=True, slots=True)
class Hit:
    """A place in a folded text. ``secret`` is the part of it that no message may repeat."""

    start: int
    end: int
    secret: tuple[int, int] | None = None


def starred(folded: Folded, secrets: Iterable[tuple[int, int]]) -> str:
    """The original text, as long as it was, with asterisks in place of what is private."""
    characters = list(folded.original)
    for start, end in secrets:
        for position in _hidden(folded.text, start, end):
            first, last = folded.span(position, position + 1)
            characters[first:last] = "*" * (last - first)
    return "".join(characters)


def _hidden(text: str, start: int, end: int) -> list[int]:
    """Of a long number all but three characters in front and four behind (138****5678), of a given name everything."""
    positions = [position for position in range(start, end) if text[position].isalnum()]
    if any(_HAN.match(text[position]) for position in positions):
        return positions
    if len(positions) >= 11:
        return positions[3:-4]
    return positions[:-2] if len(positions) > 4 else positions


def excerpt(text: str, start: int, end: int) -> str:
    return in_one_line(text[max(0, start - CONTEXT) : end + CONTEXT])


def in_one_line(text: str) -> str:
    return " ".join(without_invisible(text).split())


def in_three(finding: Finding) -> tuple[str, str, str]:
    """The excerpt: what is before the words that the message quotes, these words, what is after them."""
    found = next((words for words in _QUOTED.findall(finding.message) if words in finding.excerpt), "")
    return finding.excerpt.partition(found) if found else (finding.excerpt, "", "")


def occurrences(text: str, word: str) -> Iterator[Hit]:
    at = text.find(word) if word else -1
    while at >= 0:
        yield Hit(at, at + len(word))
        at = text.find(word, at + len(word))
