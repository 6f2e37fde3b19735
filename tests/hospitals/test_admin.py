"""Hospitals and regions in the admin. For accounts and roles see test_people.py."""

import pytest
from django.urls import reverse

from hospitals.models import Hospital, HospitalFigure, Region
from tests.admin_pages import count_queries, errors, posted
from tests.factories import make_hospital, make_region, make_user

pytestmark = pytest.mark.django_db


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


def test_the_same_name_twice_is_refused_in_chinese(as_manager, hospital):
    hospital.names.create(name="县医院")
    again = change(as_manager, hospital, **{"names-1-name": "县医院", "names-1-kind": "short"})
    assert "已经有这个名称" in errors(again)["names-1-__all__"]
    assert hospital.names.count() == 1


def test_a_page_that_is_older_than_the_record_overwrites_nothing(as_manager, hospital):
    address = reverse("admin:hospitals_hospital_change", args=[hospital.pk])
    typed = posted(as_manager.get(address))
    as_manager.post(address, typed | {"hotline": "先改"})
    as_manager.post(address, typed | {"hotline": "后改"})
    hospital.refresh_from_db()
    assert hospital.hotline == "先改"


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
