"""What of all public records contains the words of a search, in one order that both databases give alike.

First what has exactly the title that was typed, then hospitals and branches whose name contains every word, then the
newest by each record's own date, the undated last.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, DateField, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, TruncDate
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from branches.models import Activity, Branch, Brand, Initiative
from hospitals.models import Hospital, HospitalName
from publishing.bigrams import Holds, containing, first_containing, with_first_line
from publishing.search import normalise

#: matches of each type that are gathered, the newest; beyond them the page says 以上
MOST = 1000
#: of each type, where nothing but single characters is looked for: they are in nearly every text
NEWEST_FOR_CHARACTERS = 2000

EXACT, NAMED, REST = range(3)
_NO_DAY = date.min  # as ``Dated.ordered_on`` has it


@dataclass(frozen=True)
class Kind:
    """A type of record: what of it is public, by which date it is put in order, and where its hospital is."""

    slug: str
    label: str
    public: Callable[[], QuerySet]
    day: Any = Value(_NO_DAY, output_field=DateField())
    hospital: str = "hospital"
    shown_with: tuple[str, ...] = ()

    @property
    def is_dated(self) -> bool:
        return not isinstance(self.day, Value)

    def rows(self, hospital: int | None, year: int | None) -> QuerySet:
        rows = self.public()
        if hospital:
            rows = rows.filter(**{self.hospital: hospital})
        if year and not self.is_dated:
            return rows.none()
        if year:
            rows = rows.alias(day=self.day).filter(day__range=(date(year, 1, 1), date(year, 12, 31)))
        return rows


KINDS = (
    Kind("hospital", _("医院"), lambda: Hospital.objects.public(), hospital="pk"),
    Kind("branch", _("支部"), lambda: Branch.objects.public()),
    Kind("brand", _("品牌"), lambda: Brand.objects.public().current(), TruncDate("published_at"),
         shown_with=("branch__hospital",)),
    Kind("initiative", _("举措"), lambda: Initiative.objects.public(), TruncDate("published_at"),
         shown_with=("branch__hospital",)),
    Kind("activity", _("活动"), lambda: Activity.objects.public(), F("ordered_on")),
    Kind("article", _("报道"), lambda: Article.objects.public(),
         Coalesce("source_date", TruncDate("published_at"))),
)  # fmt: skip
HOSPITAL, BRANCH = KINDS[:2]

#: rank, days back from the newest (undated after all), place of the kind, -pk, pk of the hospital, year or 0
Match = tuple[int, int, int, int, int, int]
#: the matches in their order, and the places of the kinds of which there are more than were gathered
Gathered = tuple[list[Match], tuple[int, ...]]


def gather(words: list[str], title: str, hospital: int | None = None, year: int | None = None) -> Gathered:
    """The first matches of each type, at most ``MOST`` of each."""
    matches: list[Match] = []
    more: list[int] = []
    for place, kind in enumerate(KINDS):
        rows = _in_reach(kind, kind.rows(hospital, year), words)
        found = {HOSPITAL: _hospitals, BRANCH: _branches}.get(kind, _dated)(kind, rows, words, title)
        own = sorted(
            (rank, -day.toordinal() if day != _NO_DAY else 1, place, -pk, of, day.year if day != _NO_DAY else 0)
            for rank, pk, day, of in found
        )
        matches += own[:MOST]
        more += [place] if len(own) > MOST else []
    return sorted(matches), tuple(more)


def _in_reach(kind: Kind, rows: QuerySet, words: list[str]) -> QuerySet:
    if max(map(len, words)) > 1:
        return rows
    newest = kind.public().annotate(placed_by=kind.day).order_by("-placed_by", "-pk")
    return rows.filter(pk__in=newest.values("pk")[:NEWEST_FOR_CHARACTERS])


def _dated(kind: Kind, rows: QuerySet, words: list[str], title: str) -> Iterator[tuple]:
    exact = rows.titled(title).annotate(placed_by=kind.day).order_by("-placed_by", "-pk")
    titled = list(exact.values_list("pk", "placed_by", kind.hospital)[: MOST + 1])
    keys = {pk for pk, _day, _of in titled}
    yield from ((EXACT, *row) for row in titled)
    newest = first_containing(rows, words, by=kind.day, also=(kind.hospital,), most=MOST + 1)
    yield from ((REST, *row) for row in newest if row[0] not in keys)


def _branches(kind: Kind, rows: QuerySet, words: list[str], title: str) -> Iterator[tuple]:
    names_all = Q(*(Holds("first_line", word) for word in words))
    rank = Case(
        When(first_line=title, then=EXACT), When(names_all, then=NAMED), default=REST,
    )  # fmt: skip
    found = with_first_line(containing(rows, words)).annotate(rank=rank).order_by("rank", "-pk")
    for rank, pk, of in found.values_list("rank", "pk", kind.hospital)[: MOST + 1]:
        yield rank, pk, _NO_DAY, of


def _hospitals(kind: Kind, rows: QuerySet, words: list[str], title: str) -> Iterator[tuple]:
    """A hospital is as well found by any of its other names as by its own."""
    found = list(containing(rows, words).order_by("-pk").values_list("pk", "name", "short_name")[: MOST + 1])
    names = {pk: [name, short_name] for pk, name, short_name in found}
    for pk, name in HospitalName.objects.filter(hospital__in=names).values_list("hospital", "name"):
        names[pk].append(name)
    for pk, own in names.items():
        folded = [normalise(name) for name in own]
        is_named = any(all(word in name for word in words) for name in folded)
        yield EXACT if title in folded else NAMED if is_named else REST, pk, _NO_DAY, pk
