"""Forms that name one upload, and the last photo of a file going while it is uploaded again: real threads."""

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from branches.models import ActivityPhoto
from hospitals.models import Upload
from hospitals.roles import Role
from tests.admin_pages import posted
from tests.factories import make_activity, make_hospital, make_user
from tests.hospitals.test_uploads import change, drawn, row, send, sent, with_photo
from tests.publishing.test_workflow_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def hospital():
    return make_hospital()


@pytest.fixture
def desks(hospital):
    person = make_user(Role.REPORTER, hospital)
    desks = [Client() for _number in range(6)]
    for desk in desks:
        desk.force_login(person)
    return desks


def test_of_six_forms_that_name_one_upload_one_has_the_photo(desks, hospital):
    upload = sent(desks[0])
    activities = [make_activity(hospital) for _desk in desks]
    forms = [
        posted(desk.get(change(activity)), **{"photos-TOTAL_FORMS": 1}) | row(upload)
        for desk, activity in zip(desks, activities, strict=True)
    ]
    answers = at_once(6, lambda number: desks[number].post(change(activities[number]), forms[number]).status_code)
    assert sorted(answers) == [200] * 5 + [302]
    assert ActivityPhoto.objects.get().image.name == upload.image.name


def test_a_file_that_is_lent_at_the_last_moment_is_not_lost(desks, hospital):
    photos = [with_photo(make_activity(hospital))]
    for _copy in range(2):
        photos.append(make_activity(hospital).photos.create(image=photos[0].image.name))
    at_once(6, lambda number: photos[number].delete() if number < 3 else send(desks[number]))
    assert Upload.objects.count() == 3
    assert all(default_storage.exists(upload.image.name) for upload in Upload.objects.all())


def test_two_pictures_sent_at_once_are_two_uploads(desks):
    answers = at_once(6, lambda number: desks[number].post("/admin/branches/activity/photos/", {"image": drawn()}))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["token"] for answer in answers}) == Upload.objects.waiting().count() == 6
