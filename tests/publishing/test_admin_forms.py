"""What a form does with a posted key that no row can have."""

import pytest

from branches.models import Activity, Brand
from hospitals.roles import Role
from tests.factories import make_hospital, make_user

pytestmark = pytest.mark.django_db

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
