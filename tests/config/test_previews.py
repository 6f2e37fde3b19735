"""The public page is its own preview, for the record's own staff only."""

import pytest

from hospitals.roles import Role
from tests.factories import make_activity, make_article, make_hospital, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[make_activity, make_article], ids=["activity", "article"])
def draft(request):
    return request.param(hospital=make_hospital(), title="还没有公开")


def test_staff_of_the_hospital_see_the_draft_as_the_public_will(client, draft):
    client.force_login(make_user(role=Role.REPORTER, hospital=draft.hospital))
    text = client.get(draft.get_absolute_url()).content.decode()
    assert "还没有公开" in text
    assert "预览：草稿" in text


def test_staff_of_another_hospital_do_not_find_it(client, draft):
    client.force_login(make_user(role=Role.REPORTER, hospital=make_hospital()))
    assert client.get(draft.get_absolute_url()).status_code == 404


def test_a_stranger_does_not_find_it(client, draft):
    assert client.get(draft.get_absolute_url()).status_code == 404


def test_a_preview_is_kept_by_no_cache(client, draft):
    client.force_login(make_user(role=Role.REPORTER, hospital=draft.hospital))
    assert "no-store" in client.get(draft.get_absolute_url())["Cache-Control"]


def test_a_public_page_does_not_depend_on_who_asks(client, draft):
    type(draft).objects.filter(pk=draft.pk).update(status="published", published_at="2024-01-01T00:00:00Z")
    for_a_stranger = client.get(draft.get_absolute_url()).content
    client.force_login(make_user(role=Role.REPORTER, hospital=draft.hospital))
    assert client.get(draft.get_absolute_url()).content == for_a_stranger
