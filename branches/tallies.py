"""Sums of public activities that are kept for each hospital: made from its records, read by ``branches.tally_sums``.

A hospital's tallies hold until something in it is written or becomes public (``HospitalChange``). Who published something
makes them anew, after the answer; so does whoever needs them earlier, or after other writes. What cannot be made at once is
left to be summed from the records (``outdated``). Of all hospitals what is kept of everybody is read: it is made from what is
kept of their groups, and that from the tallies, whenever one of them has changed.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator

from django.db import DatabaseError, close_old_connections, transaction
from django.db.models import Case, Count, F, IntegerField, Max, Min, Q, QuerySet, When

from branches.models import Activity, GroupTally, HospitalChange, Tally
from branches.models.activity import is_recorded
from branches.models.figure import is_shown
from branches.models.taking_part import is_joint
from branches.models.tally import EVERYBODY, Sums, group_of
from branches.periods import Precision, belongs_to_one
from branches.tally_sums import (
    INTERNAL,
    JOINT,
    KEPT_OF_JOINT,
    Kept,
    Place,
    Sum,
    add_group,
    add_tally,
    add_to,
    is_kept,
    once,
)
from hospitals.models import Hospital
from publishing.quantities import Total

#: hospitals whose tallies a reader makes on the way; the records of others are summed for that reader
MOST_ON_THE_WAY = 20
logger = logging.getLogger(__name__)


def outdated(hospital: int | None = None) -> set[int]:
    """Keys of the hospitals, or of this one if it is, of which no tally may be read; a few are made anew first."""
    return once(("outdated", hospital), lambda: _outdated(hospital))


def noted(hospital: int | None = None) -> set[int]:
    """Likewise, but without making any."""
    return once(("noted", hospital), lambda: HospitalChange.objects.outdated(hospital))


def _outdated(hospital: int | None) -> set[int]:
    found = HospitalChange.objects.outdated(hospital)
    if not found:
        return found
    try:
        return found - make_anew(sorted(found)[:MOST_ON_THE_WAY])
    except DatabaseError:  # somebody else writes for long: the records are there to be summed
        logger.warning("Tallies could not be made.", exc_info=True)
        return found


def make_anew(hospitals: Iterable[int]) -> set[int]:
    """Of these hospitals those in whose group nobody else makes any at this moment; gives their keys."""
    with transaction.atomic():
        groups = _held({group_of(key) for key in hospitals})
        keys = {key for key in hospitals if group_of(key) in groups}
        # First the notes, then the records: what is written in between is noted again.
        HospitalChange.objects.filter(hospital__in=keys).delete()
        _gather(_store(keys, _due(keys), sums_of_records(keys)))
    return keys


def _held(groups: set[int]) -> set[int]:
    """Those of the groups that nobody else holds; until the end of the transaction nobody else can."""
    marks = GroupTally.objects.marks().filter(group__in=groups)
    new = groups - set(marks.values_list("group", flat=True))
    GroupTally.objects.bulk_create([GroupTally(group=group, sums={}) for group in sorted(new)], ignore_conflicts=True)
    held = marks.order_by("group").select_for_update(no_key=True, skip_locked=True)
    return set(held.values_list("group", flat=True))


def _due(keys: set[int]) -> dict[int, object]:
    scheduled = Activity.objects.scheduled().filter(hospital__in=keys).order_by()
    return dict(scheduled.values_list("hospital").annotate(Min("published_at")))


def _store(keys: set[int], due: dict, sums: dict[int, Kept]) -> set[tuple[int, Place]]:
    """Writes only what is not there yet: most of what one activity adds to stays as it was. Gives the changed places."""
    kept = {(row.hospital_id, row.year, row.measure_id): row for row in Tally.objects.filter(hospital__in=keys)}
    there = set(Hospital.objects.order_by().filter(pk__in=keys).values_list("pk", flat=True))
    made = {}
    for key in there:
        for (year, measure), groupings in sums[key].items():
            hour = due.get(key) if (year, measure) == (0, None) else None
            made[key, year, measure] = Tally(hospital_id=key, year=year, measure_id=measure, sums=groupings, due=hour)
    return {(group_of(key), (year, measure)) for key, year, measure in _replace(Tally, kept, made)}


def _gather(changed: set[tuple[int, Place]]) -> None:
    """The sums of groups, where a tally of theirs has changed, from the tallies of their hospitals; then those of everybody."""
    if not changed:
        return
    tallies = Tally.objects.in_groups({group for group, _place in changed})
    places = _add_up(changed, tallies, lambda tally: group_of(tally.hospital_id), add_tally)
    if places:
        _hold_everybody()
        parts = GroupTally.objects.of_some()
        _add_up({(EVERYBODY, place) for place in places}, parts, lambda part: EVERYBODY, add_group)


def _add_up(
    due: set[tuple[int, Place]], parts: QuerySet, whose: Callable[[Sums], int], add: Callable[[dict, Sums], None]
) -> set[Place]:
    """Makes the sums of groups that are due from these parts, each part of the group ``whose`` says. Gives what changed."""
    made = {
        (group, year, measure): GroupTally(group=group, year=year, measure_id=measure, sums={})
        for group, (year, measure) in due
    }
    measures = {measure for _group, _year, measure in made}
    of_measures = Q(measure__in=measures - {None}) | (Q(measure=None) if None in measures else Q(pk__in=[]))
    of_years = Q(year__in={year for _group, year, _measure in made})
    for part in parts.filter(of_measures, of_years).iterator():
        if row := made.get((whose(part), part.year, part.measure_id)):
            add(row.sums, part)
    there = GroupTally.objects.filter(of_measures, of_years, group__in={group for group, _place in due})
    kept = {place: row for row in there if (place := (row.group, row.year, row.measure_id)) in made}
    made = {place: row for place, row in made.items() if row.sums or place[1:] == (0, None)}
    return {(year, measure) for _group, year, measure in _replace(GroupTally, kept, made)}


def _hold_everybody() -> None:
    """Waits for whoever makes the sums of everybody: the next statement sees what they wrote of their groups.

    Who comes this far holds groups and waits for nobody else, so that nobody waits in a circle.
    """
    mark = GroupTally.objects.of_everybody().marks()
    held = False
    while not held:  # the row that was waited for may have been replaced
        GroupTally.objects.bulk_create([GroupTally(group=EVERYBODY, sums={})], ignore_conflicts=True)
        held = bool(mark.select_for_update(no_key=True).values_list("pk"))


def _replace(model: type[Sums], kept: dict[tuple, Sums], made: dict[tuple, Sums]) -> set[tuple]:
    """Puts rows in the place of those that are kept, where they differ; gives the places."""
    differing = {place for place in kept.keys() | made.keys() if not _is_same(kept.get(place), made.get(place))}
    model._default_manager.filter(pk__in=[row.pk for place, row in kept.items() if place in differing]).delete()
    model._default_manager.bulk_create([row for place, row in made.items() if place in differing])
    return differing


def _is_same(row: Sums | None, other: Sums | None) -> bool:
    """Whether both say the same; an hour is said by tallies alone."""
    return bool(row and other) and row.sums == other.sums and getattr(row, "due", None) == getattr(other, "due", None)


# -- Made by who published: the next visitor finds them ready

_request = threading.local()


def remember(**signal) -> None:
    """In this request something public was changed."""
    _request.changed = True


def make_what_was_changed(**signal) -> None:
    """The answer has been sent; nobody waits for this."""
    if getattr(_request, "changed", False):
        _request.changed = False
        outdated()
        close_old_connections()  # Django has done so before: the pool has to have this one back as well


# -- Made from the records


def sums_of_records(keys: Iterable[int]) -> dict[int, Kept]:
    """All that is kept of these hospitals, in four queries."""
    keys = list(keys)
    found: dict[int, Kept] = {key: {(0, None): {}} for key in keys}
    activities = Activity.objects.public().filter(hospital__in=keys)
    figures = activities.filter(figures__measure__isnull=False)
    of_measure = {"of_measure": F("figures__measure"), "shown": _if(is_shown("figures__"))}
    amounts = {"count": Count("pk")}, of_measure | Total.aggregates("figures__")
    for rows, sums in zip((activities, figures), amounts, strict=True):
        where = {"own": F("region"), "around": F("hospital__region")}
        for row in _grouped(rows, sums, of_kind=F("kind"), of_brand=F("brand"), **where):
            places = {"total": "", "kind": row["of_kind"], "region": f"{row['own'] or ''}/{row['around']}"}
            _add(found, row, {"public": ""}, (places | {"brand": row["of_brand"] or ""}).items())
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


def _if(condition: Q) -> Case:
    return Case(When(condition, then=1), default=0, output_field=IntegerField())


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


#: what each row is of beside its groups, where figures are summed
_OF_FIGURES = ("of_measure", "shown")


def _grouped(rows, sums: dict, **groups) -> Iterable[dict]:
    own = {
        "of_hospital": F("hospital"),
        "in_year": _where(belongs_to_one(Precision.YEAR), F("start__year")),
        "counted": _if(is_recorded()),
        "joint": _if(is_joint(Activity.joint_branches.through)),
    }
    own |= {name: sums[name] for name in _OF_FIGURES if name in sums}
    amounts = {name: sum_ for name, sum_ in sums.items() if name not in _OF_FIGURES}
    latest = Max("start", filter=Q(precision=Precision.DAY))
    return rows.order_by().values(**own, **groups).annotate(latest=latest, **amounts)


def _add(found: dict[int, Kept], row: dict, of_all: dict, of_counted: Iterable[tuple]) -> None:
    """Adds what a row says under these keys. Only what is counted belongs to a year as well.

    What only staff see has groupings of its own, and is asked for in fewer ways.
    """
    measure, amount, hospital = row.get("of_measure"), _as_sum(row), found[row["of_hospital"]]
    before = "" if row.get("shown", True) else INTERNAL
    places = [] if before else [(0, name, key) for name, key in of_all.items()]
    if row["counted"]:
        years = {0, row["in_year"] or 0}
        own = [(year, name, key) for year in years for name, key in of_counted if is_kept(name, year)]
        places += [(year, f"{before}{name}", key) for year, name, key in own]
        if row["joint"] and not before:
            places += [(year, f"{JOINT}{name}", key) for year, name, key in own if name in KEPT_OF_JOINT]
    for year, name, key in places:
        sums = hospital.setdefault((year, measure), {}).setdefault(name, {})
        add_to(sums, str(key), amount)


def _as_sum(row: dict) -> Sum:
    latest = row["latest"].toordinal() if row["latest"] else 0
    if "count" in row:
        return [100 * row["count"], row["count"], 0, 0, 0, latest]
    total = Total.from_row(row)
    value = int((100 * (total.value or 0)).to_integral_value()) if total.value else 0
    return [value, total.exact, total.at_least, total.approximate, total.without_value, latest]
