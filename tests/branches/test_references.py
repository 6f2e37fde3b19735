from datetime import date

import pytest
from django.db import transaction

from branches.models import Activity, ReferenceCounter
from tests.factories import make_activity, make_hospital

pytestmark = pytest.mark.django_db


def test_a_reference_names_hospital_year_and_running_number():
    activity = make_activity(hospital=make_hospital(code="WN2"), start=date(2023, 6, 1), end=date(2023, 6, 1))
    assert activity.reference == "WN2-2023-0001"


def test_each_hospital_and_year_counts_for_itself():
    hospital, other = make_hospital(code="WN2"), make_hospital(code="JN3")
    for owner, year in ((hospital, 2023), (hospital, 2024), (other, 2023), (hospital, 2023)):
        make_activity(hospital=owner, start=date(year, 1, 5), end=date(year, 1, 5))
    assert set(Activity.objects.values_list("reference", flat=True)) == {
        "WN2-2023-0001",
        "WN2-2024-0001",
        "JN3-2023-0001",
        "WN2-2023-0002",
    }


def test_a_reference_stays_when_the_date_is_corrected():
    activity = make_activity(hospital=make_hospital(code="WN2"), start=date(2023, 6, 1), end=date(2023, 6, 1))
    activity.start = activity.end = date(2022, 6, 1)
    activity.save()
    assert activity.reference == "WN2-2023-0001"


def test_a_failed_save_leaves_no_gap():
    hospital = make_hospital(code="WN2")
    day = {"start": date(2023, 6, 1), "end": date(2023, 6, 1)}
    with pytest.raises(RuntimeError), transaction.atomic():
        make_activity(hospital=hospital, **day)
        raise RuntimeError("the connection was lost")
    assert make_activity(hospital=hospital, **day).reference == "WN2-2023-0001"


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_reference_cannot_be_taken_outside_the_saving_transaction():
    with pytest.raises(transaction.TransactionManagementError):
        ReferenceCounter.take(make_hospital(), date(2023, 6, 1))
