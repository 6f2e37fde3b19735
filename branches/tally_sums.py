"""Sums of activities as they are kept (``branches.tallies``), read: those of one hospital, or of all.

Of all hospitals what everybody has is read. Where hospitals are left out: what the groups without any of them have, and of the
others what their other hospitals have.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial
from operator import add

from django.db.models import F, Q
from django.db.models.fields.json import KeyTransform

from branches.extents import Extent, Span
from branches.models import GroupTally, Measure, Tally, UnpublishedTally
from branches.models.tally import INTERNAL, GroupSums, column_of, group_of
from publishing.quantities import Total

#: One sum: see ``Tally.sums``.
Sum = list[int]
#: one year and the key of a measure, None for the activities themselves
Place = tuple[int, int | None]
#: of a hospital or a group: by place the sums of each grouping, by key
Kept = dict[Place, dict[str, dict[str, Sum]]]


@dataclass(frozen=True)
class Outdated:
    """Hospitals of which no tally may be read. ``made``: of some of them what would be kept, for this look; ``left``: the others,
    whose records have to be summed.
    """

    made: Mapping[int, Kept]
    left: set[int]

    @property
    def keys(self) -> frozenset[int]:
        return frozenset(self.left.union(self.made))


NOTHING = Outdated({}, set())
_ZEROS = (0, 0, 0, 0, 0)
#: groupings that are kept only of all years together, or only of each
ONLY_OF_ALL_YEARS = {"year", "undated"}
ONLY_OF_A_YEAR = {"quarter", "only_quarter", "month", "over_by"}
#: groupings that are kept of the joint activities as well, under this word before their name
JOINT = "joint "
KEPT_OF_JOINT = {"total", "kind", "region", "brand", "year", "quarter", "month"}
#: groupings that only the tallies of hospitals have: their keys are of one hospital
OF_ONE_HOSPITAL = {"brand", f"{JOINT}brand", f"{INTERNAL}brand"}
#: groupings of which groups (not everybody: that would be a long row) keep what each hospital has, under this word before
#: their name
EACH = "each "
KEPT_OF_EACH = {"total", "public", f"{INTERNAL}total"}

_look: ContextVar[dict | None] = ContextVar("look", default=None)


@contextmanager
def one_look() -> Iterator[None]:
    """Inside, what is kept is read once, and whole: the numbers of a page are of one moment and cost few queries."""
    if _look.get() is not None:
        yield
        return
    token = _look.set({})
    try:
        yield
    finally:
        _look.reset(token)


def once(key: tuple, read: Callable):
    """What ``read`` gives; within one look it is read for this key the first time only."""
    look = _look.get()
    if look is None:
        return read()
    if key not in look:
        look[key] = read()
    return look[key]


@lru_cache(1024)
def is_kept(grouping: str, year: int | None) -> bool:
    """Some groupings make sense only of one year, or only of all of them."""
    return grouping.removeprefix(JOINT) not in (ONLY_OF_ALL_YEARS if year else ONLY_OF_A_YEAR)


def kept_sums(extent: Extent, measure: Measure | None, grouping: str, outdated: Outdated = NOTHING) -> dict[str, Sum]:
    """The sums of a grouping by key, over all hospitals of an extent but those that are left to be summed."""
    added: dict[str, Sum] = {}
    for sums in _sums(extent, measure, outdated, grouping):
        for key, amount in sums.get(grouping, {}).items():
            add_to(added, key, amount)
    return added


def kept_by_hospital(
    extent: Extent, measure: Measure | None, grouping: str, outdated: Outdated = NOTHING
) -> dict[str, Sum]:
    """By the hospital's key, what it has under the empty key of a grouping."""
    if extent.hospital:
        own = kept_sums(extent, measure, grouping, outdated)
        return {str(extent.hospital): own[""]} if own else {}
    return kept_sums(extent, measure, f"{EACH}{grouping}", outdated)


def kept_by_measure(grouping: str, *, without=()) -> dict[int, Sum]:
    """Of all years, and all hospitals but these, by the key of the measure what is under the empty key of a grouping."""
    added: dict[int, Sum] = {}
    for _year, key, sums in sums_in(public_rows(Extent(None, None), grouping, without=without), Q(year=0), grouping):
        for measure, _owner, amount in sums:
            if measure and not key:
                add_to(added, measure, amount)
    return added


def sums_in(
    sources: Iterable, years: Q, grouping: str, *, each_hospital=False, with_measures=True, with_internal=False
) -> Iterator[tuple[int, str, list[tuple[int | None, int, Sum]]]]:
    """Year (0: all), key and what is under it: the measure, None of the activities, the owner (a hospital, or a group) and a sum.

    ``sources``: ``public_rows``, ``unpublished_rows`` · ``years``: the rows of which · ``each_hospital``: of what each hospital
    has, and groups have of each, under its key · ``with_internal``: the figures that only staff see as well. Read once in a look.
    """
    names = [grouping, f"{INTERNAL}{grouping}"] if with_internal and with_measures else [grouping]
    for rows in sources:
        are_groups = issubclass(rows.model, GroupSums)
        rows = (rows if with_measures else rows.filter(measure=None)).filter(years).order_by()
        kept = [f"{EACH}{name}" if each_hospital and are_groups else name for name in names]
        own = [KeyTransform(name, column_of(name)) for name in kept]
        named = rows.values_list("measure", "year", F("group" if are_groups else "hospital"), *own)
        by_owner = each_hospital and not are_groups
        found = once(("sums", by_owner, str(named.query)), partial(_by_key, named, by_owner=by_owner))
        for (year, key), sums in found.items():
            yield year, key, sums


def _by_key(rows: Iterable, *, by_owner: bool) -> dict[tuple[int, str], list]:
    found: dict[tuple[int, str], list] = {}
    for measure, year, owner, *own in rows:
        for sums in filter(None, own):
            for key, amount in sums.items():
                found.setdefault((year, str(owner) if by_owner else key), []).append((measure, owner, amount))
    return found


def public_rows(
    extent: Extent, grouping: str, *, within=None, without=(), each_hospital=False, of_owner=False
) -> Iterator:
    """What has a grouping of the public activities; ``without`` these hospitals, which are outdated.

    ``within``: of these only, from what they have · ``of_owner``: from what all have · ``each_hospital``: what groups have of each.
    """
    own = Tally.objects.exclude(hospital__in=without)
    own = own if within is None else own.filter(hospital__in=within)
    if extent.hospital:
        yield own.filter(hospital=extent.hospital)
    elif of_owner or grouping in OF_ONE_HOSPITAL or within is not None:
        yield own
    else:
        yield from _groups_and_own(without, each_hospital)


def unpublished_rows(*, without=(), each_hospital=False) -> Iterator:
    """Of what is unpublished, of all hospitals but those in the groups ``without``, which are outdated."""
    rows = UnpublishedTally.objects
    yield rows.of_some().exclude(group__in=without) if without or each_hospital else rows.of_everybody()


def kept_measures(*, without=()) -> set[int]:
    """Keys of the measures that anything public gives."""
    return set().union(
        *(
            rows.filter(year=0, measure__isnull=False, sums__has_key="public")
            .order_by()
            .values_list("measure", flat=True)
            for rows in _groups_and_own(without)
        )
    )


def _sums(
    extent: Extent, measure: Measure | None, outdated: Outdated, grouping: str
) -> Iterator[dict[str, dict[str, Sum]]]:
    """Of what an extent is made of, what has the grouping: within one look, all that is kept."""
    if grouping in OF_ONE_HOSPITAL and not extent.hospital:
        rows = Tally.objects.of(extent.year, measure).exclude(hospital__in=outdated.keys).order_by()
        own = rows.values_list(KeyTransform(grouping, "sums"), flat=True)
        yield from ({grouping: sums} for sums in own if sums)
        yield from (made.get(_place(extent, measure), {}) for made in outdated.made.values())
        return
    each = grouping.startswith(EACH)
    asked = extent.hospital, _place(extent, measure), outdated.keys, each
    yield from once(asked, lambda: list(_read(extent, measure, outdated, each)))


def _place(extent: Extent, measure: Measure | None) -> Place:
    return extent.year or 0, measure and measure.pk


def _read(
    extent: Extent, measure: Measure | None, outdated: Outdated, each_hospital: bool
) -> Iterator[dict[str, dict[str, Sum]]]:
    """All sums of a hospital, or of all hospitals but those that are left."""
    place = _place(extent, measure)
    if extent.hospital:
        own = Tally.objects.of(extent.year, measure).filter(hospital=extent.hospital)
        yield from own.exclude(hospital__in=outdated.keys).values_list("sums", flat=True)
        yield outdated.made.get(extent.hospital, {}).get(place, {})
        return
    groups, *own = _groups_and_own(outdated.keys, each_hospital)
    yield from groups.of(extent.year, measure).order_by().values_list("sums", flat=True)
    together: dict[str, dict[str, Sum]] = {}
    for rows in own:
        for hospital, sums in rows.of(extent.year, measure).order_by().values_list("hospital", "sums"):
            add_hospital(together, hospital, sums)
    for hospital, made in outdated.made.items():
        add_hospital(together, hospital, made.get(place, {}))
    yield together


def _groups_and_own(without, each_hospital: bool = False) -> tuple:
    """Everybody; or the groups without any of these hospitals, and of the other groups the tallies of the other hospitals.

    ``each_hospital``: of which there is what each has.
    """
    if not (without or each_hospital):
        return (GroupTally.objects.of_everybody(),)
    groups = {group_of(key) for key in without}
    rows = GroupTally.objects.of_some().exclude(group__in=groups)
    return (rows, Tally.objects.in_groups(groups).exclude(hospital__in=without)) if groups else (rows,)


# -- Sums added


def add_hospital(sums: dict[str, dict[str, Sum]], hospital: int, own: dict[str, dict[str, Sum]]) -> None:
    """To those of its group."""
    for name, amounts in own.items():
        if name not in OF_ONE_HOSPITAL:
            for key, amount in amounts.items():
                add_to(sums.setdefault(name, {}), key, amount)
        if name in KEPT_OF_EACH and amounts:
            sums.setdefault(f"{EACH}{name}", {})[str(hospital)] = amounts[""]


def add_group(sums: dict[str, dict[str, Sum]], group: GroupSums) -> None:
    """To those of everybody."""
    for name, own in group.groupings.items():
        if not name.startswith(EACH):
            for key, amount in own.items():
                add_to(sums.setdefault(name, {}), key, amount)


def add_to(sums: dict[Hashable, Sum], key: Hashable, amount: Sum) -> None:
    kept = sums.get(key)
    if kept is None:
        sums[key] = list(amount)
        return
    longer, shorter = (kept, amount) if len(kept) > len(amount) else (amount, kept)
    both = [*map(add, longer[:5], shorter), *longer[len(shorter) :]]
    sums[key] = both if len(shorter) < 6 else [*both, max(kept[5], amount[5])]


def shortened(amount: Sum) -> Sum:
    """Without the latest day, and without zeros at the end: of the long groupings, from which no page takes a day."""
    parts = amount[:5]
    while parts and not parts[-1]:
        parts.pop()
    return parts


def span_key(year: int, owner: object, span: Span | None) -> str:
    """In the row of a year, from whose beginning the months are counted: 7/0/2. In that of all years, where only what belongs
    to none is under keys of its own, from year 0; without months what is undated."""
    return f"{owner}/{span.first - 12 * year}/{span.last - 12 * year}" if span else f"{owner}//"


@lru_cache(8192)
def span_of(year: int, key: str) -> tuple[str, Span | None]:
    """The kind, or the region, and the months that such a key says."""
    owner, first, last = key.rsplit("/", 2)
    return owner, Span(12 * year + int(first), 12 * year + int(last)) if first else None


def values_of(key: str) -> list:
    """What a key that is no model's was made of: numbers of times, codes of regions (None where there is none)."""
    return [part or None for part in key.split("/")] if "/" in key else [int(key)]


def count_of(count: int) -> Total:
    """So many activities."""
    return Total(Decimal(count), exact=count) if count else Total()


def total_of_sum(amount: Sum, *, is_count: bool) -> Total:
    value, exact, at_least, approximate, without_value = (*amount[:5], *_ZEROS[len(amount) :])
    if is_count:
        return count_of(exact)
    has_value = exact or at_least or approximate
    return Total(Decimal(value).scaleb(-2) if has_value else None, exact, at_least, approximate, without_value)


def latest_of_sum(amount: Sum) -> date | None:
    return date.fromordinal(amount[5]) if amount[5] else None
