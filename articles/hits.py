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
from publishing.search import Searchable, SearchedText, normalise

#: what the line above the title says, and so needs no excerpt
_SAID_ABOVE = {"hospital", "branch", "kind", "region", "publisher"}
#: a text up to this length (a place, a name) is given with what it is: 活动地点：人和小学
_SHORT = 40


@dataclass(frozen=True)
class Hit:
    """Title, line above it and excerpt are escaped, with the words in ``<mark>``."""

    kind: str
    url: str
    title: SafeString
    above: list[SafeString]
    text: SafeString


def hit_of(record: Searchable, kind: str, words: list[str]) -> Hit:
    title, *others = record.searchable_texts()
    return Hit(
        kind=kind,
        url=record.get_absolute_url(),
        title=marked(title.text, words),
        above=[marked(text, words) for text in _above(record) if text],
        text=marked(_told(others, words), words),
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
    day = article.source_date or timezone.localdate(article.published_at)
    return f"{day.year}年{day.month}月{day.day}日"


def _told(texts: list[SearchedText], words: list[str]) -> str:
    """The text that has the most of the words, around the first of them; else how the record begins."""
    texts = [searched for searched in texts if searched.text and searched.name not in _SAID_ABOVE]
    counts = [sum(word in folded for word in words) for folded in (normalise(searched.text) for searched in texts)]
    if not any(counts):
        return next((excerpt(text, []) for _name, _label, text in texts if len(text) > _SHORT // 2), "")
    _name, label, text = texts[counts.index(max(counts))]
    return f"{label}：{text}" if len(text) <= _SHORT else excerpt(text, words)
