"""Rights come from roles, hospital by hospital."""

import pytest
from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.urls import reverse

from branches.models import Activity
from hospitals.models import Hospital, Membership, User
from hospitals.roles import PUBLISHABLE, RIGHTS, Role
from tests.admin_pages import posted
from tests.factories import make_activity, make_branch, make_hospital, make_partner, make_region, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return make_hospital(name="甲医院")


@pytest.fixture
def there():
    return make_hospital(name="乙医院")


@pytest.fixture
def person(here, there):
    """Who reports in one hospital and does the first review in another."""
    user = make_user("reporter", here)
    user.memberships.create(hospital=there, role="first_reviewer")
    return user


# ── one person, two hospitals ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_person_writes_where_they_report_and_nowhere_else(person, here, there):
    assert [make_activity(place).permits(person, "change") for place in (here, there)] == [True, False]


def test_a_person_reviews_where_they_review_and_nowhere_else(person, here, there):
    assert [make_activity(place).permits(person, "first_review") for place in (here, there)] == [False, True]


def test_a_person_sees_the_records_of_both_hospitals(person, here, there):
    own = {make_activity(here), make_activity(there)}
    make_activity()
    assert set(Activity.objects.editable_by(person)) == own


def test_what_waits_for_a_person_waits_where_they_review(person, here, there):
    records = [make_activity(place, created_by=make_user("reporter", place)) for place in (here, there)]
    for record in records:
        record.submit(by=record.created_by)
    assert list(Activity.objects.awaiting_review_by(person)) == [records[1]]


def test_a_new_record_is_of_the_hospital_the_person_reports_for(client, person, there):
    client.force_login(person)
    address = "/admin/branches/activity/add/?kind=free_clinic"
    client.post(address, posted(client.get(address), title="义诊", start="2023-06-01", hospital=there.pk))
    assert Activity.objects.get().hospital.name == "甲医院"


def test_the_form_of_a_record_is_read_only_where_the_person_does_not_report(client, person, there):
    client.force_login(person)
    page = client.get(reverse("admin:branches_activity_change", args=[make_activity(there).pk]))
    assert not page.context["has_change_permission"]


def test_a_manager_here_is_no_manager_there(here, there):
    user = make_user("manager", here)
    user.memberships.create(hospital=there, role="exporter")
    assert [user.has_perm("branches.change_branch", make_branch(place)) for place in (here, there)] == [True, False]
    assert [user.has_perm("hospitals.change_hospital", place) for place in (here, there)] == [True, False]
    assert list(user.hospitals_looked_after) == [here]


def test_the_same_role_in_two_hospitals_counts_in_both(here, there):
    user = make_user("reporter", here)
    user.memberships.create(hospital=there, role="reporter")
    assert all(make_activity(place).permits(user, "change") for place in (here, there))


def test_two_roles_in_one_hospital_add_up(here):
    user = make_user("reporter", here)
    user.memberships.create(hospital=here, role="exporter")
    assert user.get_all_permissions(here) == RIGHTS[Role.REPORTER] | RIGHTS[Role.EXPORTER]


# ── where rights come from ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("role", Role.values)
def test_a_role_gives_the_rights_of_the_table_and_no_others(here, role):
    assert make_user(role, here).get_all_permissions(here) == RIGHTS[role]


def test_asked_about_no_record_a_right_held_anywhere_counts(person):
    assert person.has_perm("branches.change_activity")
    assert person.has_perm("branches.first_review_activity")
    assert not person.has_perm("branches.withdraw_activity")


def test_a_right_counts_for_nothing_that_is_of_no_hospital(person):
    assert not person.has_perm("hospitals.view_region", make_region())


def test_whoever_holds_no_role_may_nothing(here):
    assert make_user().get_all_permissions() == set()


def test_whoever_is_switched_off_may_nothing(here):
    user = make_user("reporter", here, is_active=False)
    assert not user.has_perm("branches.change_activity")
    assert not make_activity(here).permits(user, "change")


def test_a_stranger_may_nothing(here):
    assert not make_activity(here).permits(AnonymousUser(), "change")


def test_groups_and_single_permissions_give_nothing(here):
    user, right = make_user("exporter", here), Permission.objects.get(codename="change_activity")
    group = Group.objects.create(name="旧用户组")
    group.permissions.add(right)
    user.groups.add(group)
    user.user_permissions.add(right)
    asked = User.objects.get(pk=user.pk)
    assert not asked.has_perm("branches.change_activity")


def test_the_platforms_administrator_may_everything(here):
    assert make_user(is_superuser=True).has_perm("branches.withdraw_activity", make_activity(here))


def test_only_the_manager_looks_after_people():
    assert {role for role in Role if "hospitals.change_user" in RIGHTS[role]} == {Role.MANAGER}
    assert {role for role in Role if "hospitals.change_membership" in RIGHTS[role]} == {Role.MANAGER}


def test_no_role_deletes_an_account_or_a_record():
    deletable = {f"{app}.delete_{model}" for app, model in (name.split(".") for name in PUBLISHABLE)}
    assert not [role for role in Role if (deletable | {"hospitals.delete_user"}) & RIGHTS[role]]


# ── the rows behind the pages ─────────────────────────────────────────────────────────────────────────────────────────


def test_roles_are_worked_with_where_people_are_looked_after(person, here, there):
    manager = make_user("manager", here)
    manager.memberships.create(hospital=there, role="reporter")
    assert {held.hospital for held in Membership.objects.editable_by(manager)} == {here}
    assert not Membership.objects.editable_by(person).exists()


def test_accounts_are_worked_with_where_people_are_looked_after(person, here, there):
    stranger, manager = make_user("reporter", there), make_user("manager", here)
    assert set(User.objects.editable_by(manager)) == {person, manager}
    assert stranger not in User.objects.editable_by(manager)
    assert not User.objects.editable_by(person).exists()


def test_an_account_is_in_the_care_of_whoever_looks_after_all_its_hospitals(person, here, there):
    manager = make_user("manager", here)
    assert set(User.objects.in_care_of(manager)) == {manager}
    manager.memberships.create(hospital=there, role="manager")
    assert set(User.objects.in_care_of(User.objects.get(pk=manager.pk))) == {person, manager}


@pytest.mark.parametrize("fields", [{"is_active": False}, {"is_staff": False}])
def test_a_manager_who_is_out_works_with_nobody(person, here, fields):
    assert not User.objects.editable_by(make_user("manager", here, **fields)).exists()


def test_hospitals_and_partners_of_others_are_out_of_sight(here, there):
    make_partner(there)
    user = make_user("reporter", here)
    assert list(Hospital.objects.editable_by(user)) == [here]
    assert not make_partner(there)._meta.model.objects.editable_by(user).exists()


def test_what_is_done_about_a_person_is_in_the_log_of_their_only_hospital(person, here):
    assert make_user("reporter", here).institution == here
    assert person.institution is None
    assert make_user().institution is None


def test_the_platforms_administrator_belongs_to_no_hospital(here):
    assert make_user("reporter", here, is_superuser=True).institution is None


def test_a_reporter_adds_a_partner_but_does_not_rename_one(client):
    """Its name is on public pages that were approved with it."""
    hospital = make_hospital()
    partner = make_partner(hospital, name="人和小学")
    client.force_login(make_user(Role.REPORTER, hospital))
    assert client.get("/admin/branches/partner/add/").status_code == 200
    address = f"/admin/branches/partner/{partner.pk}/change/"
    assert client.post(address, {"name": "改名", "version": 1}).status_code == 403
    partner.refresh_from_db()
    assert partner.name == "人和小学"
