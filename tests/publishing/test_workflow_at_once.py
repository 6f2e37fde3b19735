"""Twenty people press at once: real threads, real connections."""

import threading

import pytest
from django.db import connection

from branches.models import Activity
from hospitals.roles import Role
from publishing.workflow import StaleStatus
from tests.factories import make_activity, make_hospital, make_user

THREADS = 20


def at_once(count: int, do) -> list:
    """Run ``do(number)`` in threads that start together; their results or exceptions in order of number."""
    results, start = [None] * count, threading.Barrier(count)

    def run(number):
        try:
            start.wait()
            results[number] = do(number)
        except Exception as error:
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_twenty_people_who_publish_at_once_exactly_one_succeeds():
    hospital = make_hospital()
    reviewer = make_user(role=Role.FINAL_REVIEWER, hospital=hospital)
    draft = make_activity(hospital=hospital)
    results = at_once(THREADS, lambda _number: Activity.objects.get(pk=draft.pk).publish(by=reviewer))
    assert results.count(None) == 1
    assert sum(isinstance(result, StaleStatus) for result in results) == THREADS - 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_twenty_saves_at_once_take_twenty_references_without_a_gap():
    hospital = make_hospital()
    results = at_once(THREADS, lambda number: make_activity(hospital=hospital, title=f"义诊{number}").reference)
    assert not [result for result in results if isinstance(result, Exception)]
    assert sorted(int(reference.rsplit("-")[-1]) for reference in results) == list(range(1, THREADS + 1))
