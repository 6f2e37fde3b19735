"""Above and below a record in its list: the links at the foot of its page."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from articles.models import Article
from branches.models import Activity
from tests.factories import make_activity, make_article, make_branch, make_hospital, make_user

pytestmark = pytest.mark.django_db

UNDATED = {"precision": "unknown", "start": None, "end": None}


@pytest.fixture
def branch():
    return make_branch(hospital=make_hospital())


@pytest.fixture
def activities(branch):
    """Days with ties, periods that begin on the same day and end on different ones, and two without any date."""
    times = [
        {"start": date(2023, 6, 1)},
        {"start": date(2023, 6, 1)},
        {"start": date(2023, 1, 1), "end": date(2023, 6, 30), "precision": "half_year"},
        {"start": date(2023, 1, 1), "end": date(2023, 12, 31), "precision": "year"},
        {"start": date(2023, 1, 1)},
        {"start": date(2024, 2, 29)},
        UNDATED,
        UNDATED,
    ]
    return [make_activity(branch=branch, public=True, **time) for time in times]


def titles(neighbours) -> list[str | None]:
    return [one and one.title for one in neighbours]


def walked(rows) -> list[list[str | None]]:
    """What the verb must say of each row of a list, read off the list itself."""
    names = [None, *(str(row) for row in rows), None]
    return [[names[place], names[place + 2]] for place in range(len(rows))]


def test_walking_from_neighbour_to_neighbour_is_walking_down_the_list(branch, activities):
    listed = list(Activity.objects.public().newest_first())
    assert [titles(Activity.objects.public().neighbours(row)) for row in listed] == walked(listed)


def test_a_neighbour_is_of_the_same_branch(branch, activities):
    make_activity(branch=make_branch(hospital=branch.hospital), start=date(2023, 6, 2), public=True)
    assert titles(Activity.objects.public().neighbours(activities[1])) == [str(activities[5]), str(activities[0])]


def test_an_activity_without_a_branch_has_those_of_its_hospital_without_one_as_neighbours(branch, activities):
    own = make_activity(hospital=branch.hospital, start=date(2023, 7, 1), public=True)
    before = make_activity(hospital=branch.hospital, start=date(2023, 2, 1), public=True)
    make_activity(hospital=make_hospital(), start=date(2023, 7, 2), public=True)
    assert titles(Activity.objects.public().neighbours(own)) == [None, str(before)]
    assert titles(Activity.objects.public().neighbours(before)) == [str(own), None]


def test_what_is_not_public_is_nobodys_neighbour(branch, activities):
    make_activity(branch=branch, start=date(2023, 6, 2))
    make_activity(
        branch=branch, start=date(2023, 6, 3), status="published", published_at=timezone.now() + timedelta(days=1)
    )
    assert titles(Activity.objects.public().neighbours(activities[1])) == [str(activities[5]), str(activities[0])]


def test_an_article_has_the_neighbours_that_the_list_of_its_hospital_shows():
    hospital, hour = make_hospital(), timezone.now() - timedelta(days=3)
    for number in range(4):
        make_article(hospital=hospital, status="published", published_at=hour - timedelta(days=number // 2))
    make_article(hospital=make_hospital(), status="published", published_at=hour)
    listed = list(Article.objects.public().of_hospital(hospital).newest_first())
    assert [titles(Article.objects.public().neighbours(row)) for row in listed] == walked(listed)


def test_a_draft_stands_above_all_that_is_published():
    published = make_article(public=True)
    draft = make_article(hospital=published.hospital)
    assert titles(Article.objects.public().neighbours(draft)) == [None, str(published)]


def test_a_working_copy_has_the_neighbours_of_its_record(branch, activities):
    copy = activities[1].revise(by=make_user(is_superuser=True))
    assert titles(Activity.objects.public().neighbours(copy)) == [str(activities[5]), str(activities[0])]


def test_neighbours_cost_two_queries(branch, activities, django_assert_num_queries):
    with django_assert_num_queries(2):
        Activity.objects.public().neighbours(activities[1])


@pytest.mark.parametrize("of_branch", [True, False])
@pytest.mark.parametrize("side", ["above", "below"])
def test_an_index_is_walked_from_the_record_on(branch, activities, of_branch, side):
    rows = Activity.objects.public().filter(hospital=branch.hospital, branch=branch if of_branch else None)
    if connection.vendor == "postgresql":  # on eight rows it would read the table
        connection.cursor().execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
    plan = getattr(rows, side)(activities[1])[:1].explain()
    assert "branches_activity_of_" in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan


def test_the_page_links_to_both_neighbours(client, branch, activities):
    text = client.get(activities[1].get_absolute_url()).content.decode()
    foot = text[text.index('<nav class="neighbours') :]
    foot = foot[: foot.index("</nav>")]
    assert [foot.index(activities[place].get_absolute_url()) > 0 for place in (5, 0)] == [True, True]
    assert foot.index("上一条") < foot.index("下一条")


def test_the_page_of_an_article_links_to_its_neighbour(client):
    first = make_article(public=True)
    make_article(hospital=first.hospital, title="后发的一篇", public=True)
    text = client.get(first.get_absolute_url()).content.decode()
    assert "<span>上一篇</span>" in text
    assert "<span>下一篇</span>" not in text
