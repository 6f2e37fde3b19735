"""What a search compares: one normalised text for each record, and how that text stays what the record says.

Containment in this text is the meaning of a search, so both databases find the same rows: the text and the query
are folded here (full-width to half-width, lower case, no white space between Han characters) and not by the database.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from django.apps import apps
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from publishing.bigrams import containing, with_first_line
from publishing.richtext import RichTextField, plain_text

MAX_QUERY_LENGTH = 100
MAX_TERMS = 5
#: records whose texts are made anew at once
BATCH = 200
#: What nobody sees and some programs put between characters: NUL, soft hyphens, zero-width and direction marks.
INVISIBLE = re.compile("[\x00\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_SPACE = re.compile(r"\s+")
_HAN_GAP = re.compile(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])")  # 党建赋能 优质医疗 is also 党建赋能优质医疗
_PHRASE = re.compile('"([^"]*)"|“([^”]*)”|「([^」]*)」|『([^』]*)』')


def fold(text: str) -> str:
    """Characters as they are compared: NFKC, lower case, with one small sigma; white space stays as it is."""
    return unicodedata.normalize("NFKC", text).lower().replace("ς", "σ")


def normalise(text: str) -> str:
    """Fold a plain text for comparison: NFKC, lower case, single spaces and none between Han characters.

    >>> normalise("第５支部　义诊 ABC")
    '第5支部义诊 abc'
    """
    return _HAN_GAP.sub("", _SPACE.sub(" ", fold(INVISIBLE.sub("", text)))).strip()


def terms(query: str) -> list[str]:
    """The words and quoted phrases of a query, each to be contained; bounded so that no query can be made expensive.

    >>> terms("近视 “眼健康 讲座” ＡＢＣ")
    ['近视', '眼健康讲座', 'abc']
    """
    text = unicodedata.normalize("NFKC", query[:MAX_QUERY_LENGTH])
    words, place = [], 0
    for phrase in _PHRASE.finditer(text):
        words += [*text[place : phrase.start()].split(), *filter(None, phrase.groups())]
        place = phrase.end()
    folded = map(normalise, [*words, *text[place:].split()])
    return list(islice(dict.fromkeys(word for word in folded if word), MAX_TERMS))


class SearchableQuerySet(models.QuerySet):
    def search(self, query: str):
        """Rows whose text contains every term of the query; a blank query keeps all rows."""
        return containing(self, terms(query))

    def titled(self, title: str):
        """Rows whose title, folded, is this text."""
        return with_first_line(self).filter(first_line=title)

    def with_searched_rows(self):
        """With the rows whose names or captions are in the search text, in a fixed number of queries."""
        own = self.model
        single = [name for name in own.searched_rows if own._meta.get_field(name).many_to_one]
        several = [name for name in own.searched_rows if name not in single]
        return self.select_related(*single, *own.searched_through).prefetch_related(*several)


class SearchedText(NamedTuple):
    """One of the texts a search looks in, as people read it; ``name`` is the field or relation it comes from."""

    name: str
    label: str
    text: str


class Searchable(models.Model):
    """A record that can be found by any part of its text. What belongs to that text is data on the model."""

    search_text = models.TextField(_("检索文本"), blank=True, editable=False)

    #: fields a search looks in, the title first and what tells most before the rest; all of them the public reads
    searched_fields: tuple[str, ...] = ()
    #: relations to the rows it looks in as well, and what of them; those of a foreign key first
    searched_rows: dict[str, str] = {}
    #: further relations, to rows whose names are part of such a text: the province of a region's full name
    searched_through: tuple[str, ...] = ()

    objects = SearchableQuerySet.as_manager()

    class Meta:
        abstract = True

    def searchable_texts(self) -> Iterator[SearchedText]:
        """The texts a search looks in, the title first. Related rows are only there once the record is saved."""
        for name in self.searched_fields:
            field = self._meta.get_field(name)
            yield SearchedText(name, str(field.verbose_name), self._readable(field))
        for name, attribute in self.searched_rows.items():
            field = self._meta.get_field(name)
            label = str(field.related_model._meta.verbose_name if field.one_to_many else field.verbose_name)
            texts = [str(getattr(row, attribute)) for row in self._searched_rows(field)]
            # Parts have their own order; of others the database knows none that is the same everywhere.
            yield from (SearchedText(name, label, text) for text in (sorted(texts) if field.many_to_many else texts))

    def _readable(self, field: models.Field) -> str:
        if field.choices:
            return str(getattr(self, f"get_{field.name}_display")())
        value = str(getattr(self, field.name) or "")
        return plain_text(value) if isinstance(field, RichTextField) else value

    def _searched_rows(self, field) -> Iterable[models.Model]:
        if field.many_to_one:
            return filter(None, [getattr(self, field.name)])
        return getattr(self, field.name).all() if self.pk else ()

    def build_search_text(self) -> str:
        """One line a text; the first one is the title, even where it is empty."""
        title, *others = (normalise(searched.text) for searched in self.searchable_texts())
        return "\n".join([title, *filter(None, others)])

    def refresh_search_text(self) -> None:
        """Bring the text up to date after related rows (names, partners, tags) have changed."""
        rows = type(self)._default_manager.all()
        self.search_text = rows.with_searched_rows().get(pk=self.pk).build_search_text()
        rows.filter(pk=self.pk).update(search_text=self.search_text)

    def save(self, *args, update_fields=None, **kwargs):
        # A derived column, not a rule: it is always what the other columns say.
        self.search_text = self.build_search_text()
        if update_fields is not None:
            update_fields = {*update_fields, "search_text"}
        super().save(*args, update_fields=update_fields, **kwargs)


def searchable_models() -> list[type[Searchable]]:
    return [model for model in apps.get_models() if issubclass(model, Searchable)]


def refresh_named(row: models.Model, before: models.Model | None = None) -> int:
    """Bring the texts of all records up to date that name this row: a branch, a tag, a province that was renamed.

    ``before``: the row as it was; where what the texts say of it is still the same, nothing is done. Returns how many
    texts were stale.
    """
    stale = 0
    for model in searchable_models():
        paths = [path for path in _paths(model) if _model_at(model, path) is type(row)]
        attributes = {_paths(model)[path] for path in paths}
        if before is None or any(getattr(before, name) != getattr(row, name) for name in attributes):
            for path in paths:
                stale += refresh(model._default_manager.filter(**{path: row}))
    return stale


def _paths(model: type[Searchable]) -> dict[str, str]:
    """The ways from a record to the rows its text names, each with what the text says of them."""
    return model.searched_rows | {path: model.searched_rows[path.split("__")[0]] for path in model.searched_through}


def _model_at(model: type[models.Model], path: str) -> type[models.Model]:
    for name in path.split("__"):
        model = model._meta.get_field(name).related_model
    return model


def refresh(rows: models.QuerySet, *, advance: Callable[[int], object] = int, only_count: bool = False) -> int:
    """Make the texts of these records anew, some at a time; returns how many said something else.

    Each batch is read and written in one transaction that keeps its rows locked, so that nobody's edit is overwritten
    with an older text. ``advance`` is told how many have been looked at; ``only_count`` writes nothing.
    """
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    stale = 0
    for start in range(0, len(keys), BATCH):
        batch = keys[start : start + BATCH]
        stale += _refresh_batch(rows.model._default_manager.filter(pk__in=batch).order_by("pk"), only_count)
        advance(len(batch))
    return stale


def _refresh_batch(rows: models.QuerySet, only_count: bool) -> int:
    with transaction.atomic():
        locked = rows if only_count else rows.select_for_update(of=("self",), no_key=True)
        stale = []
        for record in locked.with_searched_rows():
            text = record.build_search_text()
            if text != record.search_text:
                record.search_text = text
                stale.append(record)
        if not only_count:
            rows.model._default_manager.bulk_update(stale, ["search_text"])
    return len(stale)
