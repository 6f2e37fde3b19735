"""Twenty people press at once: real threads, real connections."""

import threading

import pytest
from django.db import connection

from branches.models import Activity
from hospitals.roles import Role
from publishing.models import ReviewEntry, Step, Version
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


def rounds() -> int:
    """Two hundred where rows are locked one by one; SQLite has one writer at a time and nothing to race."""
    return 200 if connection.vendor == "postgresql" else 20


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_twenty_people_who_approve_at_once_exactly_one_succeeds():
    hospital = make_hospital(review_count=1)
    writer = make_user(Role.REPORTER, hospital)
    reviewers = [make_user(Role.FINAL_REVIEWER, hospital) for _number in range(THREADS)]
    records = [make_activity(hospital, created_by=writer) for _number in range(rounds())]
    for record in records:
        record.submit(by=writer)
    together = threading.Barrier(THREADS)

    def approve_each(number: int) -> list[bool]:
        won = []
        for record in records:
            own = Activity.objects.get(pk=record.pk)
            together.wait()
            try:
                own.approve(by=reviewers[number])
                won.append(True)
            except StaleStatus:
                won.append(False)
        return won

    results = at_once(THREADS, approve_each)
    assert not [result for result in results if isinstance(result, Exception)]
    assert [sum(won) for won in zip(*results, strict=True)] == [1] * len(records)
    assert Activity.objects.public().count() == len(records)
    assert Version.objects.count() == len(records)
    assert ReviewEntry.objects.filter(step=Step.APPROVE).count() == len(records)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_twenty_who_begin_a_revision_at_once_one_opens_it():
    hospital = make_hospital()
    public = make_activity(hospital, public=True)
    people = [make_user(Role.REPORTER, hospital) for _number in range(THREADS)]
    results = at_once(THREADS, lambda number: Activity.objects.get(pk=public.pk).revise(by=people[number]))
    assert sum(isinstance(result, Activity) for result in results) == 1
    assert sum(isinstance(result, StaleStatus) for result in results) == THREADS - 1
    assert Activity.objects.filter(working_copy_of=public).count() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_twenty_saves_at_once_take_twenty_references_without_a_gap():
    hospital = make_hospital()
    results = at_once(THREADS, lambda number: make_activity(hospital=hospital, title=f"义诊{number}").reference)
    assert not [result for result in results if isinstance(result, Exception)]
    assert sorted(int(reference.rsplit("-")[-1]) for reference in results) == list(range(1, THREADS + 1))
