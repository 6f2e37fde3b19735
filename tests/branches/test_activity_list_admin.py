"""The office's list of activities: its years and months, and that it costs the same however long it is."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hospitals.roles import Role
from tests.factories import make_activity, make_branch, make_hospital, make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/branches/activity/"


@pytest.fixture
def office(client):
    client.force_login(make_user(is_superuser=True))
    return client


def choices(client, query="") -> list[str]:
    text = client.get(LIST + query).content.decode()
    row = text.split('<nav class="toplinks">')[1].split("</nav>")[0]
    return [part.split("</a>")[0].split(">")[-1] for part in row.split("<a ")[1:]]


def test_the_years_are_those_of_the_first_and_the_latest_activity_and_between(office):
    for year in (2021, 2023):
        make_activity(start=date(year, 5, 1))
    make_activity(start=None, end=None, precision="unknown")
    assert choices(office) == ["2023年", "2022年", "2021年"]


def test_a_year_has_its_months_and_a_month_its_days(office):
    make_activity()
    assert choices(office, "?ordered_on__year=2023")[1:] == [f"{month}月" for month in range(1, 13)]
    assert len(choices(office, "?ordered_on__year=2023&ordered_on__month=2")) == 1 + 28


@pytest.mark.parametrize(
    "query", ["?ordered_on__year=2023&ordered_on__month=13", "?ordered_on__year=0", "?ordered_on__year=x"]
)
def test_dates_that_are_none_lead_back_to_the_list(office, query):
    make_activity()
    assert office.get(LIST + query).status_code in {200, 302}


def test_a_year_lists_what_began_in_it(office):
    make_activity(start=date(2022, 12, 31), title="岁末慰问")
    make_activity(start=date(2023, 1, 1), title="新年义诊")
    text = office.get(f"{LIST}?ordered_on__year=2023").content.decode()
    assert ("新年义诊" in text, "岁末慰问" in text) == (True, False)


def test_a_manager_is_offered_the_years_of_their_own_hospital_only(client):
    own = make_hospital()
    make_activity(own, start=date(2023, 5, 1))
    make_activity(start=date(2019, 5, 1))
    client.force_login(make_user(Role.MANAGER, own))
    assert choices(client) == ["2023年"]


@pytest.mark.parametrize("query", ["", "?ordered_on__year=2023", "?status__exact=draft", "?q=测试"])
def test_the_list_takes_as_many_queries_for_sixty_rows_as_for_one(office, query):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert office.get(LIST + query).status_code == 200
        return len(captured)

    make_activity(branch=make_branch())
    queries()
    before = queries()
    for _number in range(60):
        make_activity(branch=make_branch())
    assert queries() <= before <= 12
