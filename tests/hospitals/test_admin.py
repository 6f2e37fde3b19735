"""Hospitals, regions and accounts in the admin."""

import pytest
from django.contrib.auth.models import Group
from django.urls import NoReverseMatch, reverse

from hospitals.models import Hospital, HospitalFigure, Membership, Region, User
from tests.admin_pages import count_queries, errors, posted
from tests.factories import make_hospital, make_region, make_user

pytestmark = pytest.mark.django_db
NEW_USER = {"username": "wangfang", "name": "王芳", "password1": "long-enough-words", "password2": "long-enough-words"}


@pytest.fixture
def hospital():
    return make_hospital(name="甲医院", slug="jia", code="JIA")


@pytest.fixture
def as_manager(client, hospital):
    client.force_login(make_user("manager", hospital))
    return client


def change(client, record, **typed):
    address = reverse(f"admin:hospitals_{record._meta.model_name}_change", args=[record.pk])
    return client.post(address, posted(client.get(address)) | typed)


# ── hospitals ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_manager_keeps_the_record_of_the_own_hospital(as_manager, hospital):
    change(as_manager, hospital, hotline="0913-8722000")
    hospital.refresh_from_db()
    assert hospital.hotline == "0913-8722000"


def test_a_manager_does_not_see_another_hospital(as_manager):
    other = make_hospital(name="乙医院")
    assert "乙医院" not in as_manager.get(reverse("admin:hospitals_hospital_changelist")).content.decode()
    assert as_manager.get(reverse("admin:hospitals_hospital_change", args=[other.pk])).status_code == 302


def test_a_manager_here_who_reports_there_changes_only_here(client, hospital):
    other = make_hospital(hotline="旧")
    user = make_user("manager", hospital)
    user.memberships.create(hospital=other, role="reporter")
    client.force_login(user)
    assert (
        client.post(reverse("admin:hospitals_hospital_change", args=[other.pk]), {"hotline": "新"}).status_code == 403
    )


def test_a_reporter_only_reads_the_hospitals_record(client, hospital):
    client.force_login(make_user("reporter", hospital))
    page = client.get(reverse("admin:hospitals_hospital_change", args=[hospital.pk]))
    assert not page.context["has_change_permission"]


def test_a_manager_cannot_change_what_is_printed_on_paper(as_manager, hospital):
    change(as_manager, hospital, slug="anders", code="XXX", is_active="")
    hospital.refresh_from_db()
    assert (hospital.slug, hospital.code, hospital.is_active) == ("jia", "JIA", True)


def test_only_the_platform_adds_hospitals(as_manager):
    assert as_manager.get(reverse("admin:hospitals_hospital_add")).status_code == 403


def test_another_name_is_found_at_once(as_manager, hospital):
    change(as_manager, hospital, **{"names-0-name": "县医院", "names-0-kind": "short"})
    assert Hospital.objects.search("县医院").get() == hospital


def test_a_leader_is_found_at_once(as_manager, hospital):
    change(as_manager, hospital, **{"leaders-0-office": "党委书记", "leaders-0-name": "权菊玲"})
    assert Hospital.objects.search("权菊玲").get() == hospital


def test_a_figure_of_the_hospital_is_typed_as_stated(as_manager, hospital):
    change(as_manager, hospital, **{"figures-0-label": "党员", "figures-0-quantity": "400余", "figures-0-unit": "名"})
    figure = HospitalFigure.objects.get()
    assert (figure.value, figure.precision, figure.as_stated) == (400, "at_least", "400余")


def test_a_figure_that_is_not_understood_is_refused_at_its_field(as_manager, hospital):
    response = change(as_manager, hospital, **{"figures-0-label": "党员", "figures-0-quantity": "很好"})
    assert "没有看懂" in errors(response)["figures-0-quantity"]


def test_a_name_entered_meanwhile_in_another_window_is_refused_in_chinese(as_manager, hospital):
    address = reverse("admin:hospitals_hospital_change", args=[hospital.pk])
    typed = posted(as_manager.get(address)) | {"names-0-name": "县医院"}
    as_manager.post(address, typed)
    again = as_manager.post(address, typed)
    assert "已经有这个名称" in again.content.decode()
    assert hospital.names.count() == 1


def test_regions_are_found_by_name_and_say_where_they_lie(as_manager):
    make_region()
    query = {"app_label": "hospitals", "model_name": "hospital", "field_name": "region", "term": "金乡"}
    found = as_manager.get("/admin/autocomplete/", query).json()["results"]
    assert [row["text"] for row in found] == ["山东省济宁市金乡县（370828）"]


def test_only_the_platform_changes_regions(as_manager):
    region = make_region()
    assert (
        as_manager.post(reverse("admin:hospitals_region_change", args=[region.pk]), {"name": "改"}).status_code == 403
    )


@pytest.mark.parametrize("name", ["hospital", "region", "user"])
def test_a_list_takes_as_many_queries_for_thirty_rows_as_for_one(admin_client, name):
    make = {
        "hospital": lambda number: make_hospital(),
        "region": lambda number: Region.objects.create(
            code=f"3708{number:02d}", name="某县", parent=make_region().parent
        ),
        "user": lambda number: make_user("reporter", make_hospital()),
    }[name]
    address = reverse(f"admin:hospitals_{name}_changelist")
    make(40)
    admin_client.get(address)
    few = count_queries(admin_client, address)
    for number in range(41, 70):
        make(number)
    assert count_queries(admin_client, address) == few


# ── accounts ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("role", ["reporter", "final_reviewer", "exporter", "manager"])
@pytest.mark.parametrize("page", ["changelist", "add"])
def test_nobody_but_the_platform_sees_accounts(client, hospital, role, page):
    client.force_login(make_user(role, hospital))
    assert client.get(reverse(f"admin:hospitals_user_{page}")).status_code == 403


def test_a_manager_cannot_set_a_colleagues_password(as_manager):
    colleague = make_user()
    assert as_manager.get(reverse("admin:auth_user_password_change", args=[colleague.pk])).status_code == 403


def test_a_new_account_is_one_of_the_staff_with_a_role(admin_client, hospital):
    address = reverse("admin:hospitals_user_add")
    role = {"memberships-0-hospital": hospital.pk, "memberships-0-role": "reporter"}
    admin_client.post(address, posted(admin_client.get(address)) | NEW_USER | role)
    user = User.objects.get(username="wangfang")
    assert (user.is_staff, user.is_superuser, user.name) == (True, False, "王芳")
    assert user.check_password("long-enough-words")
    assert user.roles(hospital.pk) == {"reporter"}


def test_a_weak_password_is_refused_in_chinese(admin_client):
    address = reverse("admin:hospitals_user_add")
    weak = NEW_USER | {"password1": "12345678", "password2": "12345678"}
    response = admin_client.post(address, posted(admin_client.get(address)) | weak)
    assert "密码" in errors(response)["password2"]
    assert not User.objects.filter(username="wangfang").exists()


def test_a_role_is_given_in_the_account(admin_client, hospital):
    user = make_user(username="wangfang")
    change(admin_client, user, **{"memberships-0-hospital": hospital.pk, "memberships-0-role": "manager"})
    assert Membership.objects.get().role == "manager"


def test_a_changed_account_keeps_its_password(admin_client):
    user = make_user(password="long-enough-words")
    change(admin_client, user, name="新名")
    user.refresh_from_db()
    assert user.name == "新名"
    assert user.check_password("long-enough-words")


def test_an_account_is_switched_off_not_deleted(admin_client):
    user = make_user()
    assert admin_client.post(reverse("admin:hospitals_user_delete", args=[user.pk]), {"post": "yes"}).status_code == 403
    change(admin_client, user, is_active="")
    user.refresh_from_db()
    assert not user.is_active


def test_there_are_no_groups(admin_client):
    with pytest.raises(NoReverseMatch):
        reverse(f"admin:auth_{Group._meta.model_name}_changelist")
