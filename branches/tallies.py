"""Sums of public activities that are kept for each hospital: made from its records, read by ``branches.tally_sums``.

A hospital's tallies hold until something in it is written or becomes public (``HospitalChange``). Who published something
makes them anew, after the answer; so does whoever needs them earlier, or after other writes. What cannot be made at once is
left to be summed from the records (``outdated``). Of all hospitals what is kept of everybody is read: it is made from what is
kept of their groups, and that from the tallies, whenever one of them has changed.
"""

import logging
import threading
from collections.abc import Iterable

from django.db import DatabaseError, close_old_connections, transaction
from django.db.models import Min

from branches.models import Activity, HospitalChange, Tally
from branches.models.tally import group_of
from branches.tally_records import sums_of_records
from branches.tally_rows import add_up, add_up_everybody, held, replace
from branches.tally_sums import Kept, Place, add_tally, once
from hospitals.models import Hospital

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
        groups = held({group_of(key) for key in hospitals})
        keys = {key for key in hospitals if group_of(key) in groups}
        # First the notes, then the records: what is written in between is noted again.
        HospitalChange.objects.filter(hospital__in=keys).delete()
        _gather(_store(keys, _due(keys), sums_of_records(keys)))
    return keys


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
    return {(group_of(key), (year, measure)) for key, year, measure in replace(Tally, kept, made)}


def _gather(changed: set[tuple[int, Place]]) -> None:
    """The sums of groups, where a tally of theirs has changed, from the tallies of their hospitals; then those of everybody."""
    if not changed:
        return
    tallies = Tally.objects.in_groups({group for group, _place in changed})
    add_up_everybody(add_up(changed, tallies, lambda tally: group_of(tally.hospital_id), add_tally))


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
