"""Sums of public activities that are kept for each hospital: made from its records, read by ``branches.sums``.

A hospital's tallies hold until something in it is written or becomes public (``HospitalChange``). Whoever needs them then
makes them anew; what cannot be made at once is left to be summed from the records (``outdated``).
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from decimal import Decimal

from django.db import DatabaseError, transaction
from django.db.models import Case, Count, F, IntegerField, Max, Min, Q, When

from branches.models import Activity, HospitalChange, Measure, Tally
from branches.models.activity import is_recorded
from branches.models.figure import is_shown
from branches.periods import Extent, Precision, belongs_to_one
from hospitals.models import Hospital
from publishing.quantities import Total

#: hospitals whose tallies a reader makes on the way; the records of others are summed for that reader
MOST_ON_THE_WAY = 20
#: hospitals that ``rebuild_tallies`` makes at once
AT_ONCE = 50
#: One sum: see ``Tally.sums``.
Sum = list[int]
#: of a hospital: by year and key of the measure the sums of each grouping, by key
Sums = dict[tuple[int, int | None], dict[str, dict[str, Sum]]]
#: groupings that are kept only of all years together, or only of each
ONLY_OF_ALL_YEARS = {"year", "undated"}
ONLY_OF_A_YEAR = {"quarter", "only_quarter", "month", "over_by"}

logger = logging.getLogger(__name__)

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


def _once(key: tuple, read: Callable):
    look = _look.get()
    if look is None:
        return read()
    if key not in look:
        look[key] = read()
    return look[key]


def outdated(hospital: int | None = None) -> set[int]:
    """Keys of the hospitals, or of this one if it is, of which no tally may be read; a few are made anew first."""
    return _once(("outdated", hospital), lambda: _outdated(hospital))


def _outdated(hospital: int | None) -> set[int]:
    rows = HospitalChange.objects.outdated()
    if hospital:
        rows = rows.filter(pk=hospital)
    found = set(rows.values_list("pk", flat=True))
    if not found:
        return found
    try:
        return found - make_anew(sorted(found)[:MOST_ON_THE_WAY])
    except DatabaseError:  # somebody else writes for long: the records are there to be summed
        logger.warning("Tallies could not be made.", exc_info=True)
        return found


def make_anew(hospitals: Iterable[int]) -> set[int]:
    """Of these hospitals those that nobody else holds at this moment; gives their keys."""
    with transaction.atomic():
        held = Hospital.objects.order_by("pk").select_for_update(of=("self",), no_key=True, skip_locked=True)
        keys = set(held.filter(pk__in=hospitals).values_list("pk", flat=True))
        # First the notes, then the records: what is written in between is noted again.
        HospitalChange.objects.filter(hospital__in=keys).delete()
        _store(keys, _due(keys), sums_of_records(keys))
    return keys


def _due(keys: set[int]) -> dict[int, object]:
    scheduled = Activity.objects.scheduled().filter(hospital__in=keys).order_by()
    return dict(scheduled.values_list("hospital").annotate(Min("published_at")))


def _store(keys: set[int], due: dict, sums: dict[int, Sums]) -> None:
    """Writes only what is not there yet: most of what one activity adds to stays as it was."""
    kept = {(row.hospital_id, row.year, row.measure_id): row for row in Tally.objects.filter(hospital__in=keys)}
    made = {}
    for key in keys:
        for (year, measure), groupings in sums[key].items():
            hour = due.get(key) if (year, measure) == (0, None) else None
            made[key, year, measure] = Tally(hospital_id=key, year=year, measure_id=measure, sums=groupings, due=hour)
    old = [row for place, row in kept.items() if place not in made or not _is_same(row, made[place])]
    gone = {(row.hospital_id, row.year, row.measure_id) for row in old}
    Tally.objects.filter(pk__in=[row.pk for row in old]).delete()
    Tally.objects.bulk_create(row for place, row in made.items() if place not in kept or place in gone)


def _is_same(row: Tally, other: Tally) -> bool:
    return (row.sums, row.due) == (other.sums, other.due)


# -- Made from the records


def sums_of_records(keys: Iterable[int]) -> dict[int, Sums]:
    """All that is kept of these hospitals, in four queries."""
    keys = list(keys)
    found: dict[int, Sums] = {key: {(0, None): {}} for key in keys}
    activities = Activity.objects.public().filter(hospital__in=keys)
    figures = activities.filter(is_shown("figures__"), figures__measure__isnull=False)
    amounts = {"count": Count("pk")}, {"of_measure": F("figures__measure")} | Total.aggregates("figures__")
    for rows, sums in zip((activities, figures), amounts, strict=True):
        for row in _grouped(rows, sums, of_kind=F("kind"), own=F("region"), around=F("hospital__region")):
            places = {"total": "", "kind": row["of_kind"], "region": f"{row['own'] or ''}/{row['around']}"}
            _add(found, row, {"public": ""}, places.items())
        for row in _grouped(rows, sums, **_times()):
            _add(found, row, {}, list(_placed(row)))
    return found


def _times() -> dict:
    """Where in time: the parts of the year that it belongs to, None where to none of them."""
    end = Case(When(precision=Precision.DAY, then=F("start__month")), default=F("end__month"))
    return {
        "in_quarter": _where(belongs_to_one(Precision.QUARTER), F("start__quarter")),
        "in_month": _where(belongs_to_one(Precision.MONTH), F("start__month")),
        "over_by": _where(belongs_to_one(Precision.YEAR), end),
        "begun": F("start__year"),
    }


def _where(condition: Q, then) -> Case:
    return Case(When(condition, then=then), output_field=IntegerField())


def _placed(row: dict) -> Iterator[tuple[str, object]]:
    """The groupings by time with their keys."""
    if not row["begun"]:
        yield "undated", ""
    elif not row["in_year"]:
        yield from (("coarser", own.value) for own in (Precision.YEAR, Precision.QUARTER, Precision.MONTH))
    else:
        yield from {"year": row["in_year"], "over_by": row["over_by"]}.items()
    if row["in_quarter"]:
        yield "quarter", row["in_quarter"]
    elif row["in_year"]:
        yield "coarser", Precision.QUARTER.value
    if row["in_month"]:
        yield "month", row["in_month"]
    elif row["in_year"]:
        yield "coarser", Precision.MONTH.value
    if row["in_quarter"] and not row["in_month"]:
        yield "only_quarter", row["in_quarter"]


def _grouped(rows, sums: dict, **groups) -> Iterable[dict]:
    own = {
        "of_hospital": F("hospital"),
        "in_year": _where(belongs_to_one(Precision.YEAR), F("start__year")),
        "counted": Case(When(is_recorded(), then=1), default=0, output_field=IntegerField()),
    }
    own |= {name: sum_ for name, sum_ in sums.items() if name == "of_measure"}
    amounts = {name: sum_ for name, sum_ in sums.items() if name != "of_measure"}
    latest = Max("start", filter=Q(precision=Precision.DAY))
    return rows.order_by().values(**own, **groups).annotate(latest=latest, **amounts)


def _add(found: dict[int, Sums], row: dict, of_all: dict, of_counted: Iterable[tuple]) -> None:
    """Adds what a row says under these keys. Only what is counted belongs to a year as well."""
    measure, amount, hospital = row.get("of_measure"), _as_sum(row), found[row["of_hospital"]]
    places = [(0, name, key) for name, key in of_all.items()]
    if row["counted"]:
        years = {0, row["in_year"] or 0}
        places += [(year, name, key) for year in years for name, key in of_counted if is_kept(name, year)]
    for year, name, key in places:
        sums = hospital.setdefault((year, measure), {}).setdefault(name, {})
        _add_to(sums, str(key), amount)


def _as_sum(row: dict) -> Sum:
    latest = row["latest"].toordinal() if row["latest"] else 0
    if "count" in row:
        return [100 * row["count"], row["count"], 0, 0, 0, latest]
    total = Total.from_row(row)
    value = int((100 * (total.value or 0)).to_integral_value()) if total.value else 0
    return [value, total.exact, total.at_least, total.approximate, total.without_value, latest]


def _add_to(sums: dict, key: str | int, amount: Sum) -> None:
    kept = sums.setdefault(key, [0] * 6)
    for part in range(5):
        kept[part] += amount[part]
    kept[5] = max(kept[5], amount[5])


# -- Read


def is_kept(grouping: str, year: int | None) -> bool:
    """Some groupings make sense only of one year, or only of all of them."""
    return grouping not in (ONLY_OF_ALL_YEARS if year else ONLY_OF_A_YEAR)


def kept_sums(extent: Extent, measure: Measure | None, grouping: str, *, without=()) -> dict[str, Sum]:
    """The sums of a grouping by key, over all hospitals of an extent but those ``without``, which are outdated."""
    added: dict[str, Sum] = {}
    for _key, sums in _rows(extent, measure, grouping, without):
        for key, amount in sums.items():
            _add_to(added, key, amount)
    return added


def kept_by_hospital(extent: Extent, measure: Measure | None, grouping: str, *, without=()) -> dict[str, Sum]:
    """By the hospital's key, what it has under the empty key of a grouping."""
    return {str(key): sums[""] for key, sums in _rows(extent, measure, grouping, without)}


def kept_by_measure(grouping: str) -> dict[int, Sum]:
    """Of all years and hospitals by the key of the measure, what is under the empty key of a grouping."""
    rows = Tally.objects.filter(year=0, measure__isnull=False, hospital__is_active=True).order_by()
    added: dict[int, Sum] = {}
    for measure, sums in rows.values_list("measure", f"sums__{grouping}"):
        if sums:
            _add_to(added, measure, sums[""])
    return added


def kept_measures(*, without=()) -> set[int]:
    """Keys of the measures that anything public gives; what it is is not looked at, which would read every row."""
    rows = Tally.objects.filter(year=0, measure__isnull=False, hospital__is_active=True)
    return set(rows.exclude(hospital__in=without).order_by().values_list("measure", flat=True).distinct())


def _rows(extent: Extent, measure, grouping: str, without) -> Iterator[tuple[int, dict[str, Sum]]]:
    rows = Tally.objects.of(extent.year, measure)
    if extent.hospital:
        rows = rows.filter(hospital=extent.hospital)
    if _look.get() is None:
        found = rows.values_list("hospital", f"sums__{grouping}")
    else:
        place = ("rows", extent.hospital, extent.year or 0, measure and measure.pk)
        whole = _once(place, lambda: list(rows.values_list("hospital", "sums")))
        found = ((key, sums.get(grouping)) for key, sums in whole)
    return ((key, sums) for key, sums in found if sums and key not in without)


def values_of(key: str) -> list:
    """What a key that is no model's was made of: numbers of times, codes of regions (None where there is none)."""
    return [part or None for part in key.split("/")] if "/" in key else [int(key)]


def total_of_sum(amount: Sum, *, is_count: bool) -> Total:
    value, exact, at_least, approximate, without_value, _latest = amount
    if is_count:
        return Total(Decimal(exact), exact=exact) if exact else Total()
    has_value = exact or at_least or approximate
    return Total(Decimal(value).scaleb(-2) if has_value else None, exact, at_least, approximate, without_value)


def latest_of_sum(amount: Sum) -> date | None:
    return date.fromordinal(amount[5]) if amount[5] else None
