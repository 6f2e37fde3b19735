"""Twenty people freeze at once: real threads, real connections."""

from datetime import date

import pytest

from branches.freezing import AlreadyFrozen, freeze
from branches.frozen_content import LedgerScope
from branches.models import FrozenLedger
from branches.periods import Period
from hospitals.roles import Role
from publishing.models import LogEntry
from tests.factories import make_activity, make_hospital, make_user
from tests.publishing.test_workflow_at_once import THREADS, at_once

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def month(number: int) -> Period:
    return Period.of_days(date(2023, number, 1), date(2023, number, 28))


def test_of_twenty_who_freeze_the_same_ledger_one_does_and_the_others_are_led_to_it():
    hospital = make_hospital()
    make_activity(hospital, public=True)
    scope = LedgerScope(hospital, None, month(6))
    seen = scope.content().sha256
    people = [make_user(Role.EXPORTER, hospital) for _number in range(THREADS)]
    results = at_once(THREADS, lambda number: freeze(scope, by=people[number], seen=seen))
    (frozen,) = [result for result in results if isinstance(result, FrozenLedger)]
    led = [result.frozen for result in results if isinstance(result, AlreadyFrozen)]
    assert led == [frozen] * (THREADS - 1)
    assert LogEntry.objects.filter(verb=LogEntry.Verb.CREATE).count() == 1


def test_twelve_ledgers_frozen_at_once_take_twelve_numbers_without_a_gap():
    hospital = make_hospital()
    scopes = [LedgerScope(hospital, None, month(number)) for number in range(1, 13)]
    seen = [scope.content().sha256 for scope in scopes]
    person = make_user(Role.EXPORTER, hospital)
    results = at_once(12, lambda number: freeze(scopes[number], by=person, seen=seen[number]))
    assert not [result for result in results if isinstance(result, Exception)]
    assert sorted(frozen.number for frozen in results) == list(range(1, 13))
