"""What a form does with a posted key that no row can have."""

import pytest

from branches.models import Activity, Brand
from hospitals.roles import Role
from tests.factories import make_hospital, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

IMPOSSIBLE = ["abc", "-5", "1.5", "１", "9" * 30, "x\x00y", "1; DROP TABLE"]


@pytest.fixture
def reporter(client):
    client.force_login(make_user(role=Role.REPORTER, hospital=make_hospital()))


@pytest.mark.parametrize("key", IMPOSSIBLE)
def test_a_key_that_no_branch_can_have_is_refused_at_its_field(client, reporter, key):
    response = client.post("/admin/branches/brand/add/", {"name": "先锋志愿", "stage": "building", "branch": key})
    assert response.status_code == 200
    assert response.context["adminform"].form.has_error("branch")
    assert not Brand.objects.exists()


@pytest.mark.parametrize("key", IMPOSSIBLE)
@pytest.mark.parametrize("field", ["partners", "joint_branches", "further_kinds", "region", "initiative"])
def test_a_key_that_no_related_row_can_have_never_breaks_the_form(client, reporter, field, key):
    response = client.post("/admin/branches/activity/add/?kind=free_clinic", {"title": "义诊", field: key})
    assert response.status_code == 200
    assert response.context["adminform"].form.has_error(field)
    assert not Activity.objects.exists()


@pytest.mark.parametrize("key", IMPOSSIBLE)
def test_a_selection_of_rows_that_no_list_has_leads_back_to_the_list(client, admin_user, key):
    client.force_login(admin_user)
    posted = {"action": "publish_selected", "_selected_action": key}
    assert client.post("/admin/branches/activity/", posted).status_code == 302


@pytest.mark.parametrize("query", ["start__year=99999999999", "hospital__id__exact=" + "9" * 5000, "start__year=abc"])
def test_a_filter_that_no_list_has_never_breaks_it(client, admin_user, query):
    client.force_login(admin_user)
    assert client.get(f"/admin/branches/activity/?{query}").status_code in {200, 302}
    assert client.get(f"/admin/branches/activity/ledger/full.csv?{query}").status_code in {200, 302}


def test_a_kind_that_no_database_could_number_is_refused(client, reporter):
    response = client.post("/admin/branches/activity/add/?kind=free_clinic", {"title": "义诊", "kind": "9" * 5000})
    assert response.status_code in {200, 302}
