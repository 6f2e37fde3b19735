"""A picture's file is as public as the records that show it; it is found under no name but its own."""

import io
import re
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone
from PIL import Image

from branches.models import ActivityPhoto
from hospitals.roles import Role
from publishing.holders import picture_fields, record_model
from publishing.images import delete_renditions, picture_path, rendition_name, renditions
from tests.factories import make_activity, make_article, make_brand, make_hospital, make_user

pytestmark = pytest.mark.django_db

PUBLIC = {"status": "published", "published_at": "2024-01-01T00:00:00Z"}
NOT_PUBLIC = {
    "draft": {"status": "draft"},
    "under review": {"status": "final_review", "submitted_digest": "0" * 64},
    "scheduled": {"status": "published", "published_at": "2999-01-01T00:00:00Z"},
    "withdrawn": {"status": "withdrawn", "published_at": "2024-01-01T00:00:00Z"},
}


def drawn(width=1441) -> ContentFile:
    """Unless told otherwise wide enough to have all three copies, and no more than that."""
    file = io.BytesIO()
    Image.new("RGB", (width, 16), "red").save(file, "JPEG")
    return ContentFile(file.getvalue(), "a.jpg")


def with_photo(record):
    record.photos.create(image=drawn())
    return record


def name_of(record) -> str:
    return record.emblem.name if hasattr(record, "emblem") else record.photos.get().image.name


@pytest.fixture
def hospital():
    return make_hospital()


def activity(hospital, **fields):
    return with_photo(make_activity(hospital, **fields))


def article(hospital, **fields):
    return with_photo(make_article(hospital, **fields))


def brand(hospital, **fields):
    return make_brand(hospital, emblem=drawn(), **fields)


each_model = pytest.mark.parametrize("make", [activity, article, brand], ids=lambda make: make.__name__)
each_state = pytest.mark.parametrize("fields", NOT_PUBLIC.values(), ids=NOT_PUBLIC)


@pytest.fixture
def public_name(hospital) -> str:
    return name_of(activity(hospital, **PUBLIC))


@pytest.fixture
def draft_name(hospital) -> str:
    return name_of(activity(hospital))


@pytest.fixture
def reporter(hospital):
    return make_user(Role.REPORTER, hospital)


@pytest.fixture
def stranger_on_staff():
    return make_user(Role.MANAGER, make_hospital())


@pytest.fixture
def revised(hospital, admin):
    """A public record whose photo a revision took out: only its first version shows it."""
    record = activity(hospital, **PUBLIC)
    copy = record.revise(by=admin)
    copy.photos.get().delete()
    copy.submit(by=admin)
    for _review in record.review_stages:
        copy.approve(by=admin)
    return record


@pytest.fixture
def once_public(revised) -> str:
    return revised.versions.get(number=1).pictures.get().name


@pytest.fixture
def admin():
    return make_user(is_superuser=True)


def status(client, name: str) -> int:
    return client.get(f"/media/{name}").status_code


# -- Who gets it


@each_model
def test_a_visitor_sees_the_picture_of_a_public_record(client, hospital, make):
    response = client.get(f"/media/{name_of(make(hospital, **PUBLIC))}")
    assert b"".join(response)[:2] == b"\xff\xd8"


@pytest.mark.parametrize("width", [480, 960, 1440])
def test_a_visitor_sees_the_copies_of_a_public_picture(client, public_name, width):
    response = client.get(f"/media/{rendition_name(public_name, width)}")
    assert (response.status_code, response["Content-Type"]) == (200, "image/webp")


@each_state
@each_model
def test_a_visitor_does_not_find_the_picture_of_a_record_that_is_not_public(client, hospital, make, fields):
    assert status(client, name_of(make(hospital, **fields))) == 404


@pytest.mark.parametrize("width", [480, 960, 1440])
def test_a_visitor_does_not_find_the_copies_of_such_a_picture(client, draft_name, width):
    assert status(client, rendition_name(draft_name, width)) == 404


@each_model
def test_the_pictures_of_a_closed_hospital_are_not_public(client, hospital, make):
    name = name_of(make(hospital, **PUBLIC))
    hospital.is_active = False
    hospital.save()
    assert status(client, name) == 404


def test_a_picture_becomes_public_at_the_time_of_its_record(client, hospital, monkeypatch):
    due = timezone.now() + timedelta(days=1)
    name = name_of(activity(hospital, status="published", published_at=due))
    before = status(client, name)
    monkeypatch.setattr("django.utils.timezone.now", lambda: due)
    assert (before, status(client, name)) == (404, 200)


def test_a_picture_is_gone_with_the_withdrawal_of_its_record(client, hospital, admin):
    record = activity(hospital, **PUBLIC)
    record.withdraw(by=admin, reason="发错了")
    assert status(client, name_of(record)) == 404


def test_a_picture_that_a_public_and_a_withdrawn_record_show_is_public(client, hospital, public_name):
    ActivityPhoto.objects.create(activity=make_activity(hospital, **NOT_PUBLIC["withdrawn"]), image=public_name)
    assert status(client, public_name) == 200


def test_a_photo_that_only_a_working_copy_shows_is_not_public(client, hospital, admin):
    copy = activity(hospital, **PUBLIC).revise(by=admin)
    added = copy.photos.create(image=drawn())
    assert status(client, added.image.name) == 404


def test_a_photo_that_a_public_record_and_its_working_copy_show_is_public(client, hospital, admin):
    record = activity(hospital, **PUBLIC)
    record.revise(by=admin)
    assert status(client, name_of(record)) == 200


def test_a_photo_that_only_an_earlier_version_shows_is_not_public(client, once_public):
    assert status(client, once_public) == 404


@each_state
@each_model
def test_staff_of_the_hospital_see_the_picture_before_it_is_public(client, hospital, reporter, make, fields):
    client.force_login(reporter)
    assert status(client, name_of(make(hospital, **fields))) == 200


def test_staff_of_the_hospital_see_the_photo_of_a_working_copy(client, hospital, admin, reporter):
    copy = activity(hospital, **PUBLIC).revise(by=admin)
    client.force_login(reporter)
    assert status(client, copy.photos.create(image=drawn()).image.name) == 200


def test_staff_of_the_hospital_see_the_photo_of_an_earlier_version(client, once_public, reporter):
    client.force_login(reporter)
    assert status(client, once_public) == 200


def test_the_platform_administrator_sees_every_picture(client, draft_name, once_public, admin):
    client.force_login(admin)
    assert (status(client, draft_name), status(client, once_public)) == (200, 200)


@each_state
@each_model
def test_staff_of_another_hospital_do_not_find_it(client, hospital, stranger_on_staff, make, fields):
    client.force_login(stranger_on_staff)
    assert status(client, name_of(make(hospital, **fields))) == 404


def test_staff_of_another_hospital_do_not_find_the_photo_of_an_earlier_version(client, once_public, stranger_on_staff):
    client.force_login(stranger_on_staff)
    assert status(client, once_public) == 404


def test_a_version_opens_its_pictures_only_to_those_who_work_with_its_own_record(client, revised, once_public):
    article = make_article(pk=revised.pk)  # a record of another model that has the same key
    client.force_login(make_user(Role.REPORTER, article.hospital))
    assert status(client, once_public) == 404


def test_an_account_that_is_no_longer_staff_does_not_find_it(client, hospital, draft_name):
    client.force_login(make_user(Role.REPORTER, hospital, is_staff=False))
    assert status(client, draft_name) == 404


# -- What is said


def test_a_hidden_picture_is_answered_as_one_that_does_not_exist(client, draft_name):
    hidden = client.get(f"/media/{draft_name}")
    missing = client.get(f"/media/{picture_path(None, '')}")
    assert hidden.status_code == missing.status_code == 404
    assert dict(hidden.headers) == dict(missing.headers)
    assert without_address(hidden) == without_address(missing)


def without_address(response) -> str:
    """The link for corrections has it too, with its slashes written as %2F."""
    return re.sub(r"(/|%2F)media(/|%2F)[\w%./-]+", "", response.content.decode())


def test_a_public_picture_may_be_kept_for_ten_minutes_and_is_asked_for_by_its_name_then(client, public_name):
    response = client.get(f"/media/{public_name}")
    assert response["Cache-Control"] == "public, max-age=600"
    assert response["ETag"] == f'"{public_name}"'


def test_a_public_picture_that_a_browser_has_is_not_sent_again(client, public_name):
    response = client.get(f"/media/{public_name}", headers={"if-none-match": f'"{public_name}"'})
    assert (response.status_code, response.content) == (304, b"")
    assert response["Cache-Control"] == "public, max-age=600"


def test_a_browser_that_has_a_withdrawn_picture_is_told_that_it_is_gone(client, hospital):
    name = name_of(activity(hospital, **NOT_PUBLIC["withdrawn"]))
    assert client.get(f"/media/{name}", headers={"if-none-match": f'"{name}"'}).status_code == 404


@pytest.mark.parametrize("is_known", [False, True], ids=["sent", "not sent again"])
def test_a_public_picture_does_not_depend_on_who_asks(client, reporter, public_name, is_known):
    client.force_login(reporter)
    headers = {"if-none-match": f'"{public_name}"'} if is_known else {}
    response = client.get(f"/media/{public_name}", headers=headers)
    assert "Vary" not in response
    assert not response.cookies


def test_no_cache_keeps_a_picture_that_only_staff_may_see(client, reporter, draft_name):
    client.force_login(reporter)
    response = client.get(f"/media/{draft_name}", headers={"if-none-match": f'"{draft_name}"'})
    assert (response.status_code, response["Cache-Control"]) == (200, "private, no-store")
    assert "ETag" not in response


def test_the_type_of_a_picture_is_known_on_every_machine(client, monkeypatch, public_name):
    monkeypatch.setattr("mimetypes.guess_type", lambda name: (None, None))
    assert client.get(f"/media/{rendition_name(public_name, 480)}")["Content-Type"] == "image/webp"


def test_head_is_answered_without_the_bytes(client, public_name):
    response = client.head(f"/media/{public_name}")
    assert int(response["Content-Length"]) == default_storage.size(public_name)
    assert not b"".join(response)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_picture_can_only_be_read(client, public_name, method):
    assert getattr(client, method)(f"/media/{public_name}").status_code == 405


# -- Under which names


@pytest.mark.parametrize(
    "name",
    [
        "../manage.py",
        "pictures/../../manage.py",
        "pictures/ab/../../../etc/passwd",
        "%2e%2e/manage.py",
        "/etc/passwd",
        "C:/Windows/win.ini",
        "pictures\\ab\\" + "a" * 32 + ".jpg",
        "pictures/ab/" + "a" * 32 + ".jpg/",
        "pictures/ab/" + "a" * 32 + ".jpg%0a",
        "pictures/ab/" + "a" * 32 + ".jpg.php",
        "pictures/ab/" + "A" * 32 + ".jpg",
        "pictures/ab/" + "a" * 32 + ".png",
        "pictures/ab/" + "a" * 32 + "-720.webp",
        "pictures/ab/" + "a" * 32 + "-480.webp-480.webp",
        "pictures/ab/" + "a" * 31 + "１.jpg",
        "图片/照片.jpg",
        "a" * 60_000,
        "pictures/" * 5_000,
        "db.sqlite3",
        ".",
    ],
)
def test_a_name_that_no_picture_can_have_is_looked_for_nowhere(
    client, django_assert_num_queries, monkeypatch, tmp_path, name
):
    def refuse(*args):
        raise AssertionError("the storage was asked")

    monkeypatch.setattr(default_storage, "open", refuse)
    with django_assert_num_queries(0):
        assert status(client, name) == 404


def test_a_file_that_no_row_names_is_not_found_by_anybody(client, admin):
    name = default_storage.save(picture_path(None, ""), drawn())
    client.force_login(admin)
    assert status(client, name) == 404


def test_a_file_that_is_lost_is_not_found(client, public_name):
    default_storage.delete(public_name)
    assert status(client, public_name) == 404


def test_a_copy_wider_than_the_picture_is_not_found(client, hospital):
    record = make_activity(hospital, **PUBLIC)
    record.photos.create(image=drawn(width=500))
    assert [status(client, rendition_name(name_of(record), width)) for width in (480, 960, 1440)] == [200, 200, 404]


# -- Copies that nobody has asked for yet


@pytest.fixture
def without_copies(public_name) -> str:
    delete_renditions(default_storage, public_name)
    return public_name


def test_a_copy_is_made_when_it_is_first_asked_for_and_then_kept(client, without_copies, monkeypatch):
    wanted = rendition_name(without_copies, 960)
    made = b"".join(client.get(f"/media/{wanted}"))
    monkeypatch.setattr("publishing.picture_files.renditions", None)
    assert b"".join(client.get(f"/media/{wanted}")) == made
    assert Image.open(io.BytesIO(made)).format == "WEBP"
    assert not default_storage.exists(rendition_name(without_copies, 480))


def test_nobody_has_a_copy_made_of_what_they_may_not_see(client, draft_name):
    delete_renditions(default_storage, draft_name)
    assert status(client, rendition_name(draft_name, 480)) == 404
    assert not default_storage.exists(rendition_name(draft_name, 480))


def test_a_copy_that_another_request_has_made_meanwhile_stays_one_file(client, without_copies, monkeypatch):
    wanted = rendition_name(without_copies, 480)

    def made_by_another(content, only):
        copies = renditions(content, only)
        default_storage.save(wanted, ContentFile(copies[480]))
        return copies

    monkeypatch.setattr("publishing.picture_files.renditions", made_by_another)
    assert status(client, wanted) == 200
    folder, stem = without_copies.removesuffix(".jpg").rsplit("/", 1)
    assert sorted(name for name in default_storage.listdir(folder)[1] if name.startswith(stem)) == [
        f"{stem}-480.webp",
        f"{stem}.jpg",
    ]


def test_no_copy_stays_of_a_picture_that_is_removed_meanwhile(client, without_copies, monkeypatch):
    wanted = rendition_name(without_copies, 480)

    def removed_by_another(content, only):
        default_storage.delete(without_copies)
        return renditions(content, only)

    monkeypatch.setattr("publishing.picture_files.renditions", removed_by_another)
    assert status(client, wanted) == 404
    assert not default_storage.exists(wanted)


# -- By whom


@pytest.fixture
def accelerated(settings):
    settings.MEDIA_ACCEL_PREFIX = "/protected-media/"


def test_a_web_server_in_front_finds_the_copy_it_is_told_to_send(client, accelerated, without_copies):
    wanted = rendition_name(without_copies, 480)
    assert "X-Accel-Redirect" in client.get(f"/media/{wanted}")
    assert default_storage.exists(wanted)


def test_a_web_server_in_front_is_told_to_send_the_file(client, accelerated, public_name):
    response = client.get(f"/media/{rendition_name(public_name, 480)}")
    assert response["X-Accel-Redirect"] == f"/protected-media/{rendition_name(public_name, 480)}"
    assert response["Content-Type"] == "image/webp"
    assert response["Cache-Control"] == "public, max-age=600"
    assert not response.content


def test_a_web_server_in_front_is_not_told_to_send_what_is_hidden(client, accelerated, draft_name):
    response = client.get(f"/media/{draft_name}")
    assert response.status_code == 404
    assert "X-Accel-Redirect" not in response


def test_the_site_sends_the_file_itself_unless_it_is_told_of_a_server(client, public_name):
    assert "X-Accel-Redirect" not in client.get(f"/media/{public_name}")


# -- At what cost


def test_a_public_picture_costs_one_query(client, django_assert_num_queries, public_name):
    with django_assert_num_queries(1):
        client.get(f"/media/{public_name}")


def test_a_hidden_picture_costs_a_visitor_one_query(client, django_assert_num_queries, draft_name):
    client.get(f"/media/{draft_name}")  # the content types are known after this
    with django_assert_num_queries(1):
        client.get(f"/media/{draft_name}")


@pytest.mark.parametrize(("which", "queries"), [("draft_name", 4), ("once_public", 5)])
def test_a_hidden_picture_costs_staff_two_or_three_queries_beside_their_session(
    client, django_assert_num_queries, request, reporter, which, queries
):
    name = request.getfixturevalue(which)
    client.force_login(reporter)
    client.get(f"/media/{name}")  # the content types are known after this
    with django_assert_num_queries(queries):
        client.get(f"/media/{name}")


# -- For each model with pictures, also those to come

each_field = pytest.mark.parametrize("field", picture_fields(), ids=str)


@each_field
def test_every_picture_belongs_to_a_record_that_knows_who_may_see_it(field):
    rows = record_model(field.model)._default_manager.all()
    assert callable(rows.public)
    assert callable(rows.editable_by)


@each_field
def test_the_names_of_pictures_are_indexed(field):
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, field.model._meta.db_table)
    assert [field.column] in [one["columns"] for one in found.values() if one["index"]]
