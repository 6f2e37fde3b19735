"""The search of the whole site: what a query finds, how much of it is of which type, hospital and year."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from articles.hits import Hit, Told, hit_of, told_of
from articles.matches import KINDS, MOST, NEWEST_FOR_CHARACTERS, Gathered, Kind, Match, gather
from hospitals.models import Hospital
from publishing.kept import NothingKept, kept_each
from publishing.search import MAX_QUERY_LENGTH, normalise, terms

#: hospitals and years to choose from: the most frequent, and the latest
HOSPITALS, YEARS = 6, 12


@dataclass(frozen=True)
class Choice:
    """One line of a facet. ``address`` is the query of its link; empty where it would lead to nothing."""

    label: str
    count: int
    is_more: bool
    address: str
    is_chosen: bool = False


@dataclass(frozen=True)
class Facet:
    """``left``: how many more hospitals there are than can be chosen here."""

    label: str
    choices: list[Choice]
    left: int = 0


class Search:
    """What a query finds, narrowed to a type, a hospital and a year; ``notices`` says which of these there are not.

    ``stamp`` keeps what was found while the content is the same (``publishing.freshness.Stamp``).
    """

    def __init__(self, query: str, kind: str = "", hospital: str = "", year: str = "", *, stamp: Any = None):
        self.query = query[:MAX_QUERY_LENGTH].strip()
        self.words = terms(self.query)
        self.title = self.words[0] if len(self.words) == 1 else normalise(self.query)
        self.stamp = stamp or NothingKept()
        self.keep = partial(self.stamp.kept, shelf="searches")
        self.notices: list[str] = []
        self._known_matches: dict[tuple[int | None, int | None], Gathered] = {}
        self.kind = self._known(kind, _kind, _("没有这个类型，已按全部类型搜索。"))
        self.hospital = self._known(hospital, self._hospital, _("没有这家医院，已按全部医院搜索。"))
        self.year = self._known(year, _year, _("年份要写成四位数字，例如2023；已按全部年份搜索。"))
        self.chosen = {
            "kind": self.kind.slug if self.kind else "",
            "hospital": hospital if self.hospital else "",
            "year": str(self.year or ""),
        }

    def _known(self, text: str, find: Callable[[str], Any], notice: str):
        found = find(text) if text else None
        if text and found is None:
            self.notices.append(notice)
        return found

    most, newest_for_characters = MOST, NEWEST_FOR_CHARACTERS

    @property
    def is_of_characters(self) -> bool:
        """Looked for in the newest records only."""
        return bool(self.words) and max(map(len, self.words)) == 1

    @cached_property
    def _outcome(self) -> tuple[int, bool, list[Facet]]:
        return self.keep(("search page", self.query, *self.chosen.values()), self._count)

    @property
    def total(self) -> int:
        return self._outcome[0]

    @property
    def is_more(self) -> bool:
        return self._outcome[1]

    @property
    def facets(self) -> list[Facet]:
        return self._outcome[2]

    @property
    def narrowed_by(self) -> list[tuple[str, str]]:
        """What was chosen, each with the query that leaves it out."""
        return [(self._label(name), self._address(**{name: ""})) for name, value in self.chosen.items() if value]

    def hits(self, places: range) -> list[Hit]:
        """Those at these places of all that was found."""
        key = ("search hits", self.query, *self.chosen.values(), places.start, places.stop)
        return self.keep(key, lambda: self._hits(self.matches[places.start : places.stop]))

    @cached_property
    def matches(self) -> list[Match]:
        """All that was found, in order."""
        return _narrowed(*self._under(self.hospital, self.year), self.kind)[0]

    # -- Counting

    def _under(self, hospital: int | None, year: int | None) -> Gathered:
        """What is found in a hospital and a year; looked for anew only where not all had been gathered."""
        found, more = self._gathered(None, None)
        if not more:
            return [
                match for match in found if (not hospital or match[4] == hospital) and (not year or match[5] == year)
            ], ()
        return self._gathered(hospital, year) if hospital or year else (found, more)

    def _gathered(self, hospital: int | None, year: int | None) -> Gathered:
        if not self.words:
            return [], ()
        if (hospital, year) not in self._known_matches:  # asked for by each facet
            key = ("search", self.title, "\n".join(self.words), hospital, year)
            self._known_matches[hospital, year] = self.keep(key, lambda: gather(self.words, self.title, hospital, year))
        return self._known_matches[hospital, year]

    def _count(self) -> tuple[int, bool, list[Facet]]:
        found, more = self._under(self.hospital, self.year)
        matches, is_more = _narrowed(found, more, self.kind)
        return len(matches), is_more, [self._of_kinds(found, more), self._of_hospitals(), self._of_years()]

    def _of_kinds(self, found: list[Match], more: tuple[int, ...]) -> Facet:
        counts = Counter(match[2] for match in found)
        rows = [(kind.slug, str(kind.label), counts[place], place in more) for place, kind in enumerate(KINDS)]
        rows.sort(key=lambda row: row[2] == 0)  # what there is none of comes last
        rows.insert(0, ("", _("全部"), len(found), bool(more)))
        return Facet(_("类型"), self._choices("kind", rows))

    def _of_hospitals(self) -> Facet:
        found, is_more = _narrowed(*self._under(None, self.year), self.kind)
        counts = Counter(match[4] for match in found)
        if self.hospital:
            counts.setdefault(self.hospital, 0)
        names = {pk: (slug, name) for pk, slug, name in _hospital_names(counts)}
        frequent = sorted(names, key=lambda pk: (pk != self.hospital, -counts[pk], pk))[:HOSPITALS]
        rows = [(*names[pk], counts[pk], is_more) for pk in sorted(frequent, key=lambda pk: (-counts[pk], pk))]
        return Facet(_("医院"), self._choices("hospital", rows), left=len(names) - len(rows))

    def _of_years(self) -> Facet:
        found, is_more = _narrowed(*self._under(self.hospital, None), self.kind)
        counts = Counter(match[5] for match in found if match[5])
        if self.year:
            counts.setdefault(self.year, 0)
        latest = sorted(counts, key=lambda year: (year != self.year, -year))[:YEARS]
        rows = [(str(year), _("%d年") % year, counts[year], is_more) for year in sorted(latest, reverse=True)]
        return Facet(_("年份"), self._choices("year", rows))

    def _choices(self, name: str, rows: list[tuple[str, str, int, bool]]) -> list[Choice]:
        """A second click on what is chosen takes it back."""
        choices = []
        for value, label, count, is_more in rows:
            is_chosen = value == self.chosen[name]
            address = self._address(**{name: "" if is_chosen else value}) if count or is_chosen or not value else ""
            choices.append(Choice(label, count, is_more and count > 0, address, is_chosen))
        return choices

    def _address(self, **changes: str) -> str:
        chosen = {"q": self.query} | self.chosen | changes
        return urlencode({name: value for name, value in chosen.items() if value})

    def _label(self, name: str) -> str:
        if name == "kind":
            return str(self.kind.label)
        return _("%d年") % self.year if name == "year" else self._hospital_name

    def _hospital(self, slug: str) -> int | None:
        found = self.keep(("search hospital", slug), lambda: _hospital_of(slug))
        self._hospital_name = found[1] if found else ""
        return found[0] if found else None

    # -- The page

    def _hits(self, matches: list[Match]) -> list[Hit]:
        """The newest records are found by most words: what can be said of each is kept, whatever was looked for."""
        found = [(match[2], -match[3]) for match in matches]
        return [hit_of(told, self.words) for told in kept_each(self.stamp, "told", found, _told, shelf="hits")]


def _narrowed(found: list[Match], more: tuple[int, ...], kind: Kind | None) -> tuple[list[Match], bool]:
    if kind is None:
        return found, bool(more)
    place = KINDS.index(kind)
    return [match for match in found if match[2] == place], place in more


def _told(found: list[tuple[int, int]]) -> dict[tuple[int, int], Told]:
    """Of records by the place of their kind and their key, as far as they are there still."""
    told = {}
    for place, kind in enumerate(KINDS):
        keys = [key for own, key in found if own == place]
        if keys:
            told |= {(place, record.pk): told_of(record, str(kind.label)) for record in _records(kind, keys)}
    return told


def _records(kind: Kind, keys: list[int]) -> QuerySet:
    rows = kind.public().filter(pk__in=keys).with_searched_rows().defer("search_text")
    # Without a name select_related means every relation but those that may be empty.
    return rows.select_related(*kind.shown_with) if kind.shown_with else rows


def _hospital_names(keys: Counter) -> list[tuple[int, str, str]]:
    return list(Hospital.objects.public().filter(pk__in=list(keys)).values_list("pk", "slug", "name"))


def _hospital_of(slug: str) -> tuple[int, str] | None:
    return Hospital.objects.public().filter(slug=slug).values_list("pk", "name").first()


def _kind(slug: str) -> Kind | None:
    return next((kind for kind in KINDS if kind.slug == slug), None)


def _year(text: str) -> int | None:
    is_year = len(text) == 4 and text.isascii() and text.isdigit() and "1900" <= text <= "2100"
    return int(text) if is_year else None
