"""What a search compares: one normalised text for each record.

Containment in this text is the meaning of a search, so both databases find the same rows: the text and the query
are folded here (full-width to half-width, lower case, no white space between Han characters) and not by the database.
"""

import re
import unicodedata
from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _

MAX_QUERY_LENGTH = 100
MAX_TERMS = 5
_SPACE = re.compile(r"\s+")
_HAN_GAP = re.compile(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])")  # 党建赋能 优质医疗 is also 党建赋能优质医疗


def normalise(text: str) -> str:
    """Fold a plain text for comparison: NFKC, lower case, single spaces and none between Han characters.

    >>> normalise("第５支部　义诊 ABC")
    '第5支部义诊 abc'
    """
    text = unicodedata.normalize("NFKC", text.replace("\x00", "")).lower()
    return _HAN_GAP.sub("", _SPACE.sub(" ", text)).strip()


def terms(query: str) -> list[str]:
    """The words of a query, each to be contained; bounded so that no query can be made expensive."""
    folded = (normalise(word) for word in query[:MAX_QUERY_LENGTH].split())
    return [term for term in folded if term][:MAX_TERMS]


class SearchableQuerySet(models.QuerySet):
    def search(self, query: str):
        """Rows whose text contains every term of the query; a blank query keeps all rows."""
        rows = self
        for term in terms(query):
            rows = rows.filter(search_text__contains=term)
        return rows


class Searchable(models.Model):
    """A record that can be found by any part of its text."""

    search_text = models.TextField(_("检索文本"), blank=True, editable=False)

    objects = SearchableQuerySet.as_manager()

    class Meta:
        abstract = True

    def searchable_texts(self) -> Iterable[str]:
        """The texts a search looks in, most telling first. Related rows are only there once the record is saved."""
        raise NotImplementedError

    def build_search_text(self) -> str:
        return "\n".join(text for text in map(normalise, self.searchable_texts()) if text)

    def refresh_search_text(self) -> None:
        """Bring the text up to date after related rows (names, partners, tags) have changed."""
        self.search_text = self.build_search_text()
        type(self)._default_manager.filter(pk=self.pk).update(search_text=self.search_text)

    def save(self, *args, update_fields=None, **kwargs):
        # A derived column, not a rule: it is always what the other columns say.
        self.search_text = self.build_search_text()
        if update_fields is not None:
            update_fields = {*update_fields, "search_text"}
        super().save(*args, update_fields=update_fields, **kwargs)
