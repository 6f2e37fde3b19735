"""A list of any length costs what a short one does: more than so many rows are not counted, and its pages go on."""

import pytest
from django.core.paginator import EmptyPage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from branches.models import Activity
from publishing import capped
from publishing.capped import CappedPaginator, OpenPaginator
from tests.factories import make_activity, make_hospital, make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/branches/activity/"


@pytest.fixture
def seven(monkeypatch):
    monkeypatch.setattr(capped, "MOST_COUNTED", 4)
    hospital = make_hospital()
    return [make_activity(hospital) for _number in range(7)]


def rows():
    return Activity.objects.order_by("pk")


def test_what_is_short_enough_is_counted(seven, monkeypatch):
    monkeypatch.setattr(capped, "MOST_COUNTED", 7)
    paginator = OpenPaginator(rows(), 2)
    assert (paginator.count, paginator.is_cut, paginator.num_pages) == (7, False, 4)


def test_of_a_longer_list_the_rest_is_not_counted(seven):
    paginator = CappedPaginator(rows(), 2)
    assert (paginator.count, paginator.is_cut, paginator.num_pages) == (4, True, 2)


def test_the_pages_go_on_where_no_more_was_counted(seven):
    paginator = OpenPaginator(rows(), 2)
    assert [list(paginator.page(number)) for number in (1, 3, 4)] == [seven[:2], seven[4:6], seven[6:]]


def test_there_is_a_link_to_the_page_after_the_counted_ones_and_after_each_further_one(seven):
    paginator = OpenPaginator(rows(), 1)
    before = paginator.num_pages
    paginator.page(6)
    assert (before, paginator.num_pages) == (5, 7)


@pytest.mark.parametrize("number", [0, -1, 5, 999999])
def test_a_page_without_rows_is_none(seven, number):
    with pytest.raises(EmptyPage):
        OpenPaginator(rows(), 2).page(number)


def test_the_count_reads_no_more_rows_than_it_counts(seven):
    with CaptureQueriesContext(connection) as captured:
        OpenPaginator(rows(), 2).count  # noqa: B018
    assert "LIMIT 5" in captured[0]["sql"]


def test_the_list_of_the_admin_says_that_there_are_more(client, seven):
    client.force_login(make_user(is_superuser=True))
    assert "共4条以上" in client.get(LIST).content.decode()


def test_not_all_of_a_list_that_was_not_counted_can_be_chosen_at_once(client, seven):
    client.force_login(make_user(is_superuser=True))
    assert "全选" not in client.get(LIST).content.decode().split('class="action-counter"')[1][:400]
