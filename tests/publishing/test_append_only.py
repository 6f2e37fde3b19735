"""The trail, the log and old versions are only added to: no door of the application changes or removes a row."""

import pytest
from django.contrib.admin.sites import site
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from publishing import log
from publishing.models import LogEntry, ReviewEntry, Step, Version, VersionPicture
from publishing.models.append_only import WrittenOnce
from tests.factories import make_activity, make_article, make_user

pytestmark = pytest.mark.django_db


def make_log_entry():
    return log.record(log.Verb.LOGIN, by=make_user(), reason="原来的")


def make_review_entry():
    article, user = make_article(), make_user()
    return ReviewEntry.objects.create(
        record=article, edition=1, step=Step.SUBMIT, status="draft", user=user, user_name=str(user), at=timezone.now()
    )


def make_version():
    now = timezone.now()
    return Version.objects.create(
        record=make_article(), number=1, public_from=now, made_at=now, content={}, sha256="0" * 64
    )


def make_version_picture():
    return VersionPicture.objects.create(version=make_version(), name="pictures/a.jpg")


#: how each row is made, and a field of it with another value
ROWS = {
    LogEntry: (make_log_entry, "reason", "改过的"),
    ReviewEntry: (make_review_entry, "reason", "改过的"),
    Version: (make_version, "sha256", "1" * 64),
    VersionPicture: (make_version_picture, "name", "pictures/b.jpg"),
}
each_model = pytest.mark.parametrize("model", ROWS, ids=lambda model: model.__name__)


@pytest.fixture
def row(model):
    return ROWS[model][0]()


@pytest.fixture
def other(model):
    """A change that is tried."""
    return dict([ROWS[model][1:]])


def set_to(row, values):
    for name, value in values.items():
        setattr(row, name, value)
    return row


DOORS = {
    "save": lambda row, other: set_to(row, other).save(),
    "save_some_fields": lambda row, other: set_to(row, other).save(update_fields=list(other)),
    "update": lambda row, other: type(row).objects.filter(pk=row.pk).update(**other),
    "update_all": lambda row, other: type(row).objects.update(**other),
    "bulk_update": lambda row, other: type(row).objects.bulk_update([set_to(row, other)], list(other)),
    "update_or_create": lambda row, other: type(row).objects.update_or_create(other, pk=row.pk),
    "upsert": lambda row, other: type(row).objects.bulk_create(
        [set_to(row, other)], update_conflicts=True, update_fields=list(other), unique_fields=["id"]
    ),
    "base_manager": lambda row, other: type(row)._base_manager.filter(pk=row.pk).update(**other),
    "delete": lambda row, other: row.delete(),
    "delete_rows": lambda row, other: type(row).objects.filter(pk=row.pk).delete(),
    "delete_with_base_manager": lambda row, other: type(row)._base_manager.filter(pk=row.pk).delete(),
}


@each_model
@pytest.mark.parametrize("door", DOORS)
def test_a_row_that_is_written_is_neither_changed_nor_deleted(model, row, other, door):
    before = model.objects.filter(pk=row.pk).values().get()
    with pytest.raises(WrittenOnce):
        DOORS[door](row, other)
    assert model.objects.filter(pk=row.pk).values().get() == before


@each_model
@pytest.mark.parametrize(
    "statement", ["UPDATE {table} SET {field} = %s WHERE id = %s", "DELETE FROM {table} WHERE id = %s"]
)
def test_the_database_itself_refuses_where_it_can(model, row, other, statement):
    """PostgreSQL has a trigger; SQLite is for trying out, and there the models refuse."""
    (field, value), table = next(iter(other.items())), model._meta.db_table
    if connection.vendor == "postgresql":
        values = [value, row.pk] if "UPDATE" in statement else [row.pk]
        with pytest.raises(DatabaseError, match="only added"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format(table=table, field=field), values)
    else:
        with pytest.raises(WrittenOnce):
            row.delete() if "DELETE" in statement else set_to(row, other).save()
    assert model.objects.get(pk=row.pk)


def test_an_account_that_is_in_the_log_stays():
    entry = make_log_entry()
    with pytest.raises(ProtectedError):
        entry.user.delete()


def test_the_admin_has_no_page_that_adds_changes_or_deletes_a_row():
    for page in ("add", "delete", "history"):
        with pytest.raises(NoReverseMatch):
            reverse(f"admin:publishing_logentry_{page}", args=[] if page == "add" else [1])


@pytest.mark.parametrize("may", ["has_add_permission", "has_change_permission", "has_delete_permission"])
def test_nobody_may_add_change_or_delete_in_the_admin(rf, admin_user, may):
    request = rf.get("/")
    request.user = admin_user
    assert not getattr(site.get_model_admin(LogEntry), may)(request)


def test_posting_to_the_page_of_a_row_changes_nothing(admin_client):
    entry = make_log_entry()
    address = reverse("admin:publishing_logentry_change", args=[entry.pk])
    admin_client.post(address, {"reason": "改过的", "user_name": "别人"})
    assert LogEntry.objects.get(pk=entry.pk).reason == "原来的"


@each_model
def test_only_the_log_has_pages_in_the_admin(model):
    """The trail and old versions are shown with their record."""
    assert site.is_registered(model) == (model is LogEntry)


def test_the_versions_of_a_record_outlive_it():
    """The admin deletes no record; whoever does in a shell takes no history with it."""
    record = make_activity(public=True)
    record.revise(by=make_user(is_superuser=True)).discard(by=make_user(is_superuser=True))
    version = record.versions.get()
    record.delete()
    assert Version.objects.get() == version
