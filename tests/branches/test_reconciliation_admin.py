"""核对 for the office: as the site compares, and beside it with what is not public yet; of the person's own hospitals."""

import csv
import io
from datetime import date

import pytest
from django.http import QueryDict
from django.urls import reverse

from branches.ledger import FULL_LEDGER
from branches.ledger_filter import LedgerFilter
from branches.models import ActivityKind, Figure
from branches.reconciliation import announced, compared
from branches.reconciliation_desk import ReconciliationChoices, desk_lines
from branches.statistics import Scope
from hospitals.models import Membership
from hospitals.roles import Role
from publishing.models import LogEntry
from publishing.quantities import Total
from tests.admin_pages import count_queries
from tests.branches.anything import make_anything
from tests.factories import (
    make_activity,
    make_branch,
    make_figure,
    make_hospital,
    make_period_figure,
    make_report,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch():
    return make_branch(make_hospital(name="渭南市第二医院", short_name="渭南二院"), name="第五支部")


@pytest.fixture
def exporter(client, branch):
    user = make_user(role=Role.EXPORTER, hospital=branch.hospital)
    client.force_login(user)
    return user


def lines(user, **query) -> list:
    data = QueryDict(mutable=True)
    data.update(query)
    form = ReconciliationChoices(data, user=user)
    assert form.is_valid(), form.errors
    return list(desk_lines(form))


def announce(branch, stated="193", **fields):
    kind = ActivityKind.objects.get(slug="free_clinic")
    return make_period_figure(make_report(branch=branch, public=True, **fields), stated=stated, kind=kind)


def record(branch, stated: str, **fields):
    return make_activity(branch=branch, figures={"sessions": stated}, start=date(2023, 3, 1), **fields)


def page(client, **query):
    return client.get(reverse("admin:branches_activity_reconciliation_page"), query)


def sheet(client, extension="csv", **query):
    return client.get(reverse("admin:branches_activity_reconciliation_sheet", args=[extension]), query)


# -- What is compared with what


def test_the_public_number_and_its_state_are_those_of_the_site(exporter, branch):
    announce(branch)
    record(branch, "153", public=True)
    (line,) = lines(exporter)
    assert [line.public] == compared(announced(Scope()))


def test_drafts_and_internal_figures_are_in_the_second_number_only(exporter, branch):
    announce(branch)
    record(branch, "100", public=True)
    record(branch, "50")
    make_figure(make_activity(branch=branch, start=date(2023, 3, 2), public=True), "sessions", "43", is_internal=True)
    (line,) = lines(exporter)
    assert (line.public.recorded_number, line.public.gap, line.public.status) == ("100", "−93", "待补录")
    assert (line.everything.recorded_number, line.everything.gap, line.everything.status) == ("193", "0", "一致")


def test_what_was_withdrawn_is_in_neither_number(exporter, branch):
    announce(branch)
    record(branch, "193", status="withdrawn")
    (line,) = lines(exporter)
    assert not line.public.has_numbers and not line.everything.has_numbers


def test_a_working_copy_is_not_counted_beside_its_record(exporter, branch):
    announce(branch)
    record(branch, "193", public=True).revise(by=make_user(role=Role.REPORTER, hospital=branch.hospital))
    (line,) = lines(exporter)
    assert line.everything.recorded_number == "193"


def test_only_what_was_announced_publicly_is_there(exporter, branch):
    make_period_figure(make_report(branch=branch))
    assert not lines(exporter)


@pytest.mark.parametrize("seed", range(3))
def test_each_number_opens_to_the_list_that_gives_it(seed):
    make_anything(seed)
    user, wrong = make_user(is_superuser=True), []
    announced_lines = {line.pk: line for line in announced(Scope())}
    for line, desk in zip(announced_lines.values(), lines(user), strict=True):
        if desk.everything.recorded is None:
            continue
        form = LedgerFilter(QueryDict(desk.everything.link.partition("?")[2]), user=user)
        assert form.is_valid(), form.errors
        rows = form.handed_in(FULL_LEDGER)[0].order_by().values("pk")
        figures = Figure.objects.filter(measure=line.measure, activity__in=rows)
        if Total.from_row(figures.aggregate(**Total.aggregates())) != desk.everything.recorded:
            wrong.append(desk)
    assert not wrong


# -- Which lines there are


def test_lines_are_narrowed_to_a_year_and_a_state(exporter, branch):
    announce(branch, "5")
    record(branch, "5", public=True)
    announce(branch, "7", start=date(2022, 1, 1), end=date(2022, 6, 30))
    assert [line.state for line in lines(exporter)] == ["ok", "none"]
    assert [line.state for line in lines(exporter, year="2022")] == ["none"]
    assert [line.state for line in lines(exporter, state="ok")] == ["ok"]
    assert not lines(exporter, state="open")


def test_another_hospital_is_in_no_line(client, exporter):
    announce(make_branch(make_hospital(name="别家医院", short_name="别家")))
    assert not lines(exporter)
    assert "别家" not in page(client).content.decode()


def test_another_hospital_cannot_be_chosen(client, branch):
    user = make_user(role=Role.EXPORTER, hospital=branch.hospital)
    Membership.objects.create(user=user, hospital=make_hospital(), role=Role.EXPORTER)
    client.force_login(user)
    assert page(client, hospital=make_hospital().pk).context["form"].errors["hospital"]


def test_a_limited_reporter_sees_what_their_branch_announced(branch):
    announce(branch)
    announce(make_branch(branch.hospital))
    user = make_user(role=Role.REPORTER, hospital=branch.hospital)
    Membership.objects.get(user=user).branches.add(branch)
    assert [line.public.owner for line in lines(user)] == ["渭南二院 第五支部"]


def test_a_stranger_is_sent_to_the_login_and_staff_without_a_role_are_refused(client):
    assert "/login/" in page(client).url
    client.force_login(make_user())
    assert {page(client).status_code, sheet(client).status_code} == {403}


# -- What can be done about it


def test_what_is_missing_can_be_entered_from_here_with_what_is_known_filled_in(client, branch):
    client.force_login(make_user(role=Role.REPORTER, hospital=branch.hospital))
    announce(branch)
    (line,) = page(client).context["lines"]
    assert line.add.startswith(reverse("admin:branches_activity_add"))
    form = client.get(line.add).context["adminform"].form
    assert [str(form[name].value()) for name in ("branch", "kind")] == [
        str(branch.pk),
        str(ActivityKind.objects.get(slug="free_clinic").pk),
    ]


@pytest.mark.parametrize("stated", ["193", "200"])
def test_what_is_not_missing_is_not_asked_for(branch, stated):
    announce(branch)
    record(branch, stated, public=True)
    (line,) = lines(make_user(role=Role.REPORTER, hospital=branch.hospital))
    assert line.add == ""


def test_whoever_does_not_enter_records_is_not_asked_to(exporter, branch):
    announce(branch)
    (line,) = lines(exporter)
    assert line.add == ""


# -- The page and the sheet


def test_announced_and_recorded_stand_beside_each_other_with_the_state(client, exporter, branch):
    announce(branch)
    record(branch, "153", public=True)
    text = page(client).content.decode()
    assert 'data-state="open"' in text and "−40" in text and "待补录" in text


def test_the_sheet_has_the_numbers_as_numbers_and_is_logged(client, exporter, branch):
    announce(branch, "60余")
    record(branch, "48", public=True)
    (row,) = csv.DictReader(io.StringIO(b"".join(sheet(client, state="open")).decode("utf-8-sig")))
    shown = [row[name] for name in ("报道所载", "报道原文", "已公开录入", "差额", "状态", "含未公开录入")]
    assert shown == ["60", "60余", "48", "至少−12", "待补录，原文为约数", "48"]
    said = LogEntry.objects.filter(verb=LogEntry.Verb.EXPORT).values_list("reason", "institution")
    assert list(said) == [("报道与录入核对表，CSV，● 待补录、待核对", "渭南市第二医院")]


def test_what_cannot_be_read_is_said_at_its_field_and_exports_nothing(client, exporter):
    assert page(client, year="abc").context["form"].errors["year"]
    assert sheet(client, year="abc").status_code == 302
    assert not LogEntry.objects.filter(verb=LogEntry.Verb.EXPORT).exists()


def test_lines_beyond_those_there_is_room_for_are_counted(client, exporter, branch, monkeypatch):
    monkeypatch.setattr("branches.reconciliation_admin.MOST_LINES", 1)
    announce(branch)
    announce(branch)
    assert "还有1项" in page(client).content.decode()


def test_more_lines_than_are_compared_at_once_are_all_compared(exporter, branch, monkeypatch):
    monkeypatch.setattr("branches.reconciliation_desk.AT_ONCE", 2)
    for number in range(5):
        announce(branch, str(number + 1))
    record(branch, "3", public=True)
    assert sorted(line.public.recorded_number for line in lines(exporter)) == ["3"] * 5


def test_the_page_takes_as_many_queries_for_one_line_as_for_twenty(client, exporter, branch):
    url = reverse("admin:branches_activity_reconciliation_page")
    announce(branch)
    count_queries(client, url)
    few = count_queries(client, url)
    for _number in range(20):
        announce(branch)
        record(branch, "3", public=True)
    assert count_queries(client, url) == few
