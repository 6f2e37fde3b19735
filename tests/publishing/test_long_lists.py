"""Long lists are read in one query, with all that belongs to each row."""

from decimal import Decimal

import pytest
from django.db import connection, transaction

from branches.models import Activity, Figure
from publishing.long_lists import json_rows, one_after_the_other, read_rows
from tests.factories import make_activity, make_figure

pytestmark = pytest.mark.django_db


def with_figures():
    return Activity.objects.annotate(told=json_rows(Figure.objects.all(), "activity", "position", "as_stated", "value"))


def test_what_belongs_to_a_row_comes_with_it_in_order(django_assert_num_queries):
    activity, other = make_activity(), make_activity()
    make_figure(activity, "visits", "60.5", position=2)
    make_figure(activity, "sessions", "12", position=1)
    with django_assert_num_queries(1):
        told = {row.pk: read_rows(row.told) for row in one_after_the_other(with_figures())}
    assert told == {activity.pk: [[1, "12", 12], [2, "60.5", Decimal("60.5")]], other.pk: []}


def test_a_number_with_a_fraction_stays_exact():
    make_figure(make_activity(), "hours", "0.1")
    (row,) = one_after_the_other(with_figures())
    ((_position, _stated, value),) = read_rows(row.told)
    assert (value, isinstance(value, Decimal)) == (Decimal("0.1"), True)


@pytest.mark.parametrize("text", ['引号"和\\反斜线', "换\n行", "=1+1", "党🏥", "\u2028"])
def test_text_comes_as_it_is(text):
    make_figure(make_activity(), measure=None, label=text, stated="1")
    (row,) = Activity.objects.annotate(told=json_rows(Figure.objects.all(), "activity", "label"))
    assert read_rows(row.told) == [[text]]


@pytest.mark.django_db(transaction=True)
def test_the_transaction_of_a_list_ends_with_it():
    for _number in range(3):
        make_activity()
    rows = one_after_the_other(Activity.objects.all())
    next(rows)
    assert connection.in_atomic_block == (connection.vendor == "postgresql")
    rows.close()
    assert not connection.in_atomic_block


@pytest.mark.django_db(transaction=True)
def test_on_sqlite_a_download_keeps_no_writer_waiting():
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's readers never do")
    make_activity()
    rows = one_after_the_other(Activity.objects.all())
    next(rows)
    with transaction.atomic():
        make_activity()
