"""A long transaction and a short one: real threads, real connections."""

import threading

import pytest
from django.db import connection, transaction

from hospitals.models import Region
from publishing.freshness import Stamp


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_what_was_begun_first_and_finished_last_still_changes_the_stamp():
    Region.objects.create(code="990000", name="甲省")
    written, finish = threading.Event(), threading.Event()

    def write_slowly():
        with transaction.atomic():
            Region.objects.create(code="980000", name="乙省")
            written.set()
            finish.wait(20)
        connection.close()

    writer = threading.Thread(target=write_slowly)
    writer.start()
    written.wait(20)
    before = Stamp.now().token
    if connection.vendor == "postgresql":  # where others can write meanwhile: on SQLite one writes at a time
        Region.objects.filter(code="990000").update(name="甲")
    between = Stamp.now().token
    finish.set()
    writer.join()
    assert (before == between, Stamp.now().token == between) == (connection.vendor == "sqlite", False)
