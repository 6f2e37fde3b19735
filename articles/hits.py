"""One line of a search's results, as plain data: what it is, where it leads, and where the words are in it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Model
from django.utils import timezone
from django.utils.safestring import SafeString

from articles.models import Article
from branches.models import Activity, Branch, Brand, Initiative
from hospitals.models import Hospital
from publishing.excerpts import excerpt, marked
from publishing.search import Searchable, normalise
from publishing.shown import day_text

#: what the line above the title says, and so needs no excerpt
_SAID_ABOVE = {"hospital", "branch", "kind", "region", "publisher"}
#: a text up to this length (a place, a name) is given with what it is: 活动地点：人和小学
_SHORT = 40


@dataclass(frozen=True)
class Told:
    """What the results can say of a record, whatever is looked for: plain data that can be kept."""

    kind: str
    url: str
    title: str
    above: list[str]
    texts: list[tuple[str, str, str]]  # what it is, the text, the text as it is compared


@dataclass(frozen=True)
class Hit:
    """Title, line above it and excerpt are escaped, with the words in ``<mark>``."""

    kind: str
    url: str
    title: SafeString
    above: list[SafeString]
    text: SafeString


def told_of(record: Searchable, kind: str) -> Told:
    title, *others = record.searchable_texts()
    return Told(
        kind=kind,
        url=record.get_absolute_url(),
        title=title.text,
        above=[text for text in _above(record) if text],
        texts=[(label, text, normalise(text)) for name, label, text in others if text and name not in _SAID_ABOVE],
    )


def hit_of(told: Told, words: list[str]) -> Hit:
    return Hit(
        kind=told.kind,
        url=told.url,
        title=marked(told.title, words),
        above=[marked(text, words) for text in told.above],
        text=marked(_excerpt(told.texts, words), words),
    )


def _above(record: Model) -> Iterator[str]:
    match record:
        case Hospital():
            yield record.region.full_name
        case Branch():
            yield record.hospital.name
        case Brand():
            yield from (record.hospital.name, _branch(record))
        case Initiative():
            yield from (str(record.get_kind_display()), record.hospital.name, _branch(record))
        case Activity():
            yield from (record.kind.name, str(record.period), record.hospital.name, _branch(record))
        case Article():
            yield from (record.publisher, record.hospital.name, _date(record))


def _branch(record) -> str:
    return record.branch.label if record.branch else ""


def _date(article: Article) -> str:
    return day_text(article.source_date or timezone.localdate(article.published_at))


def _excerpt(texts: list[tuple[str, str, str]], words: list[str]) -> str:
    """The text that has the most of the words, around the first of them; else how the record begins."""
    counts = [sum(word in folded for word in words) for _label, _text, folded in texts]
    if not any(counts):
        return next((excerpt(text, []) for _label, text, _folded in texts if len(text) > _SHORT // 2), "")
    label, text, _folded = texts[counts.index(max(counts))]
    return f"{label}：{text}" if len(text) <= _SHORT else excerpt(text, words)
