"""The sums of everybody have what each office made of its own hospital at the same moment: real threads, real connections."""

import pytest

from branches import tallies
from branches.models import HospitalChange, UnpublishedTally
from branches.models.tally import group_of
from branches.tally_check import differing_groups, differing_tallies, differing_unpublished
from tests.branches.test_tallies import count
from tests.factories import make_activity
from tests.publishing.test_workflow_at_once import at_once

OFFICES, ROUNDS = 8, 5


@pytest.mark.django_db(transaction=True)
def test_sums_that_are_made_at_once_are_all_in_those_of_everybody():
    hospitals = [make_activity(public=True).hospital for _number in range(OFFICES)]
    for _round in range(ROUNDS):
        for hospital in hospitals:
            make_activity(hospital, public=True)
        made = at_once(OFFICES, lambda number: tallies.make_anew([hospitals[number].pk]))
        assert made == [{hospital.pk} for hospital in hospitals]
    # SQLite's triggers note a hospital of a test before this one while its tables are being emptied: no business of ours.
    assert HospitalChange.objects.outdated().isdisjoint(hospital.pk for hospital in hospitals)
    assert [*differing_tallies(), *differing_groups()] == []
    assert count() == OFFICES * (1 + ROUNDS)


@pytest.mark.django_db(transaction=True)
def test_so_are_the_sums_of_what_is_unpublished():
    hospitals = [make_activity().hospital for _number in range(OFFICES)]
    groups = [group_of(hospital.pk) for hospital in hospitals]
    for _round in range(ROUNDS):
        for hospital in hospitals:
            make_activity(hospital)
        made = at_once(OFFICES, lambda number: tallies.make_unpublished_anew([groups[number]]))
        assert made == [{group} for group in groups]
    assert HospitalChange.objects.outdated_groups().isdisjoint(groups)
    assert [*differing_unpublished(), *differing_groups()] == []
    assert UnpublishedTally.objects.of_everybody().marks().get().sums["total"][""][1] == OFFICES * (1 + ROUNDS)
