"""Sums of activities that are kept ready: of the public ones of each hospital, and for staff of the unpublished ones of groups of
hospitals. Made from the records, read by ``branches.tally_sums``.

What is kept holds until something in the hospital is written or becomes public (``HospitalChange``). Who wrote something makes it
anew, after the answer; so does whoever finds it outdated, after other writes. A reader never waits for that: what a few
hospitals would have is made for this reader alone, of others the records are summed. Of all hospitals what is kept of
everybody is read: it is made from what is kept of their groups, and of public activities that from the tallies of the
hospitals, whenever one of them has changed.
"""

import logging
import threading
from collections.abc import Callable, Collection, Iterable
from functools import partial

from django.db import DatabaseError, close_old_connections, connection, transaction
from django.db.models import Min

from branches.models import Activity, GroupTally, HospitalChange, Tally, UnpublishedTally
from branches.models.tally import group_of, hospitals_in
from branches.tally_records import sums_of_records
from branches.tally_rows import add_up, add_up_everybody, held, replace
from branches.tally_sums import Kept, Outdated, Place, add_hospital, once
from hospitals.models import Hospital

#: hospitals whose tallies are made for one reader alone
MOST_FOR_A_READER = 3
#: hospitals whose tallies are made after an answer
MOST_AT_ONCE = 20
#: groups of which the sums of what is unpublished are
MOST_GROUPS_AT_ONCE = 4
logger = logging.getLogger(__name__)


def noted(hospital: int | None = None) -> set[int]:
    """Keys of the hospitals, or of this one if it is, of which no tally may be read."""
    found = once(("noted", hospital), lambda: HospitalChange.objects.outdated(hospital))
    _request.hospitals |= found
    return found


def outdated(hospital: int | None = None) -> Outdated:
    """Likewise, with what would be kept of some of them: so the numbers of one look are of one moment."""
    return once(("outdated", hospital), lambda: _outdated(noted(hospital)))


def _outdated(found: set[int]) -> Outdated:
    some = sorted(found)[:MOST_FOR_A_READER]
    return Outdated({key: once(("made", key), partial(_made, key)) for key in some}, found.difference(some))


def _made(hospital: int) -> Kept:
    return sums_of_records(Activity.objects.public(), [hospital])[hospital]


def noted_groups() -> set[int]:
    """Groups of hospitals of which no sum of what is unpublished may be read."""
    found = once(("noted groups",), HospitalChange.objects.outdated_groups)
    _request.groups |= found
    return found


# -- Of public activities


def make_anew(*parts: Iterable[int]) -> set[int]:
    """Of these hospitals those in whose group nobody else makes any at this moment; gives their keys.

    Part by part, so that not all sums of very many are in memory; those of everybody are made once.
    """
    made: set[int] = set()
    places: set[Place] = set()
    with transaction.atomic():
        for hospitals in parts:
            groups = held(GroupTally, {group_of(key) for key in hospitals})
            keys = {key for key in hospitals if group_of(key) in groups}
            # First the notes, then the records: what is written in between is noted again.
            HospitalChange.objects.of_public().filter(hospital__in=keys).delete()
            places |= _gather(_store(keys, _due(keys), sums_of_records(Activity.objects.public(), keys)))
            made |= keys
        add_up_everybody(GroupTally, places)
    return made


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
            made[key, year, measure] = Tally.of(groupings, hospital_id=key, year=year, measure_id=measure, due=hour)
    return {(group_of(key), (year, measure)) for key, year, measure in replace(Tally, kept, made)}


def _gather(changed: set[tuple[int, Place]]) -> set[Place]:
    """The sums of groups, where a tally of theirs has changed, from the tallies of their hospitals. Gives what changed."""
    if not changed:
        return set()
    tallies = Tally.objects.in_groups({group for group, _place in changed})

    def add(sums: dict, tally: Tally) -> None:
        add_hospital(sums, tally.hospital_id, tally.groupings)

    return add_up(GroupTally, changed, tallies, lambda tally: group_of(tally.hospital_id), add)


# -- Of what is unpublished: few records, of which what each hospital has takes more room than it saves


def make_unpublished_anew(groups: Iterable[int]) -> set[int]:
    """Of these groups those of which nobody else makes any at this moment; gives their numbers."""
    with transaction.atomic():
        own = held(UnpublishedTally, set(groups))
        HospitalChange.objects.of_unpublished().in_groups(own).delete()  # first the notes, as above
        add_up_everybody(UnpublishedTally, _store_unpublished(own))
    return own


def _store_unpublished(groups: set[int]) -> set[Place]:
    """Gives the changed places."""
    there = {(row.group, row.year, row.measure_id): row for row in UnpublishedTally.objects.filter(group__in=groups)}
    made = unpublished_of_records(groups)
    return {(year, measure) for _group, year, measure in replace(UnpublishedTally, there, made)}


def unpublished_of_records(groups: Iterable[int]) -> dict[tuple, UnpublishedTally]:
    """By group, year and key of the measure what would be kept now."""
    made: dict[tuple, dict] = {(group, 0, None): {} for group in groups}
    for key, places in sums_of_records(Activity.objects.unpublished(), hospitals_in(groups)).items():
        for place, sums in places.items():
            add_hospital(made.setdefault((group_of(key), *place), {}), key, sums)
    return {
        (group, year, measure): UnpublishedTally.of(sums, group=group, year=year, measure_id=measure)
        for (group, year, measure), sums in made.items()
    }


# -- Made after the answer: the next reader finds them ready


def make_outdated(asked_for: Collection[int] = ()) -> None:
    """Of the hospitals that are outdated some, first those that somebody asked for."""
    _make(make_anew, HospitalChange.objects.outdated(), asked_for, MOST_AT_ONCE)


def make_outdated_groups(asked_for: Collection[int] = ()) -> None:
    _make(make_unpublished_anew, HospitalChange.objects.outdated_groups(), asked_for, MOST_GROUPS_AT_ONCE)


def _make(make: Callable[[list[int]], set[int]], found: set[int], asked_for: Collection[int], most: int) -> None:
    some = sorted(found, key=lambda key: (key not in asked_for, key))[:most]
    try:
        if some:
            make(some)
    except DatabaseError:  # somebody else writes for long: the records are there to be summed
        logger.warning("Tallies could not be made.", exc_info=True)


class _Request(threading.local):
    """What this request found outdated, and whether it has written."""

    def __init__(self):
        self.begin()

    def begin(self) -> None:
        self.hospitals: set[int] = set()
        self.groups: set[int] = set()
        self.has_written = False


_request = _Request()


def begin(**signal) -> None:
    _request.begin()


def remember(**signal) -> None:
    """In this request something was written: it is in the log, as every write is."""
    _request.has_written = True


def finish(**signal) -> None:
    """Nobody waits for this. Before anybody has asked for sums no write makes any; then each does, and notes never pile up."""
    if not (_request.hospitals or _request.groups or _request.has_written):
        return
    is_kept = _request.has_written and Tally.objects.exists()
    if _request.hospitals or is_kept:
        make_outdated(_request.hospitals)
    if _request.groups or is_kept:
        make_outdated_groups(_request.groups)
    if not connection.in_atomic_block:
        close_old_connections()  # Django has done so before: the pool has to have this one back as well
