"""What staff who see everything are told of public activities comes from the tallies, and is what the records add up to."""

import threading
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.urls import reverse
from django.utils import timezone

from branches import tallies
from branches.models import Activity, ActivityKind, Figure, GroupTally, Tally, UnpublishedTally
from branches.pivots import TIMES, pivot_of
from branches.statistics_filter import BRANCH, BRAND, GROUP, HOSPITAL, KIND, REGION, ROWS
from hospitals.models import Hospital
from publishing.moments import one_moment
from tests.admin_pages import count_queries
from tests.branches.anything import make_anything
from tests.branches.test_statistics_admin import choices
from tests.factories import make_activity, make_brand, make_figure, make_hospital, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator():
    return make_user(is_superuser=True)


@pytest.fixture
def today(monkeypatch):
    """In the middle of a year of which there are records after it."""
    monkeypatch.setattr("branches.pivots.timezone.localdate", lambda: date(2023, 8, 9))


def make_everything(seed: int) -> None:
    """Also what is to become public, and a hospital that no visitor sees any more."""
    make_anything(seed)
    soon = timezone.now() + timedelta(hours=1)
    some = list(Activity.objects.order_by("pk").values_list("pk", flat=True)[:4])
    Activity.objects.filter(pk__in=some).update(status="published", published_at=soon)
    closed = make_hospital()
    activity = make_activity(closed, start=date(2023, 6, 1), brand=make_brand(closed), public=True)
    make_figure(activity, "visits", "约40")
    Hospital.objects.filter(pk=closed.pk).update(is_active=False)


def make_two_and_empty_the_tallies(**fields) -> None:
    """A public activity and a draft, of which the tallies are made and say nothing any more: what is counted was read again."""
    hospital = make_hospital()
    for status in ({"public": True}, {}):
        make_activity(hospital, start=date(2022, 3, 1), figures={"visits": "12"}, **fields, **status)
    call_command("rebuild_tallies", stdout=StringIO())
    for rows in (Tally, GroupTally, UnpublishedTally):
        rows.objects.update(sums={}, internal_sums={}, detailed_sums={})


def shown(form) -> dict:
    """All numbers of the table, by row."""
    pivot = pivot_of(form)
    return {
        row.name: (row.sums, row.joint, row.change and (row.change.words, row.change.now, row.change.before))
        for row in pivot.all_rows
    }


def asked(administrator):
    first = Hospital.objects.order_by("pk").first().pk
    kind = ActivityKind.objects.order_by("position").first()
    days = {"since": "2022-12-20", "until": "2023-09-12"}
    for query in ({}, {"year": "2023"}, {"year": "2022", "part": "H2"}, {"hospital": first, "year": "2023"}):
        for unpublished in ("", "1"):
            for by in ROWS:
                yield choices(administrator, by=by, unpublished=unpublished, **query)
    further = [
        {"kind": kind.pk},
        {"group": kind.group},
        {"kind": kind.pk, "year": "2023"},
        {"group": kind.group, "year": "2023", "part": "H1"},
        {"group": next(other for other in ActivityKind.Group if other != kind.group), "kind": kind.pk},
        {"kind": kind.pk, "year": "unknown"},
        {"year": "2023", "part": "H1"},
        {"year": "2023", "part": "Q2"},
        {"year": "2023", "part": "-03"},
        {"year": "2023", "part": "-09", "hospital": first, "kind": kind.pk},
        days,
        {**days, "kind": kind.pk},
        {"since": "2023-03-01", "group": kind.group},
        {"since": "2023-03-02"},
        {"until": "2023-06-30"},
        {"until": "2023-07-09", "kind": kind.pk},
        {"since": "2023-03-05", "until": "2023-03-25"},
        {"since": "2023-03-05", "until": "9999-12-31"},
        {"since": "9999-12-05"},
        {"until": "0001-01-20"},
        {"since": "2023-03-05", "until": "2023-04-25"},
        {"since": "2021-11-20", "until": "2024-02-10"},
        {"since": "2021-11-20", "until": "2024-02-10", "group": kind.group},
        {"since": "2022-01-01", "until": "2023-12-31", "kind": kind.pk},
    ]
    for number, query in enumerate(further):
        for own, by in enumerate(by for by in ROWS if by != BRANCH):
            yield choices(administrator, by=by, unpublished=("", "1")[(number + own) % 2], **query)


@pytest.mark.parametrize(("seed", "made"), [(1, 20), (4, 1)])
def test_the_numbers_are_those_of_the_records(seed, made, administrator, today, monkeypatch):
    make_everything(seed)
    monkeypatch.setattr(tallies, "MOST_AT_ONCE", made)
    monkeypatch.setattr(tallies, "MOST_GROUPS_AT_ONCE", made)
    tallies.make_outdated()
    tallies.make_outdated_groups()
    found = [(form.data, shown(form)) for form in asked(administrator)]
    monkeypatch.setattr("branches.statistics_filter.StatisticsChoices.public_extent", None)
    directly = [(form.data, shown(form)) for form in asked(administrator)]
    assert [own for own, other in zip(found, directly, strict=True) if own != other] == []


@pytest.mark.parametrize("year", ["", "2023"])
@pytest.mark.parametrize("by", [by for by in ROWS if by not in TIMES])
def test_a_table_with_room_for_few_rows_is_the_beginning_of_the_whole_one(by, year, administrator, today):
    make_everything(2)
    for unpublished in ("", "1"):
        form = choices(administrator, by=by, year=year, unpublished=unpublished)
        whole, short = pivot_of(form), pivot_of(form, 1)
        assert short.rows == whole.rows[:1]
        assert (short.totals, short.repeated) == (whole.totals, whole.repeated)
        assert short.more == len(whole.rows) - 1 > 0


@pytest.mark.parametrize("by", TIMES)
def test_times_are_never_cut_off(by, administrator, today):
    make_everything(2)
    form = choices(administrator, by=by)
    assert pivot_of(form, 1).rows == pivot_of(form).rows


@pytest.mark.parametrize("by", [by for by in ROWS if by not in (BRANCH, BRAND)])
def test_what_is_kept_is_not_read_again(by, administrator, today):
    """Nothing is counted that is not in the sums that are kept, published or not."""
    make_two_and_empty_the_tallies()
    assert pivot_of(choices(administrator, year="2022", by=by, unpublished="1")).totals.sums == {}


@pytest.mark.parametrize("by", [KIND, GROUP, HOSPITAL, REGION, *TIMES])
@pytest.mark.parametrize("time", [{}, {"year": "2022", "part": "Q1"}, {"since": "2021-02-01", "until": "2022-04-30"}])
def test_of_some_months_or_kinds_nothing_is_read_again_either(by, time, administrator, today):
    """Of each hospital the drafts are."""
    kind = ActivityKind.objects.get(slug="free_clinic")
    make_two_and_empty_the_tallies(kind=kind.slug)
    kinds = [{"kind": kind.pk}, {"group": kind.group}]
    for condition in [{}] if time and by in (HOSPITAL, REGION) else [{}, *kinds] if time else kinds:
        totals = pivot_of(choices(administrator, **time, **condition, by=by, unpublished="1")).totals.sums
        assert {total.value for total in totals.values()} == ({1, 12} if by == HOSPITAL else set())


@pytest.mark.parametrize(("by", "read"), [(REGION, set()), (HOSPITAL, {1, 12})])
@pytest.mark.parametrize(
    ("since", "until"), [("2021-01-01", "2023-12-31"), ("2021-05-06", "2023-02-10"), ("", "2022-12-31")]
)
def test_of_some_kinds_in_several_years_what_belongs_to_a_whole_one_is_not_read_again(
    by, read, since, until, administrator, today
):
    """By region and hospital, of which in months nothing is kept by kind. Of each hospital the drafts are read."""
    kind = ActivityKind.objects.get(slug="free_clinic")
    make_two_and_empty_the_tallies(kind=kind.slug)
    form = choices(administrator, since=since, until=until, kind=kind.pk, by=by, unpublished="1")
    assert {total.value for total in pivot_of(form).totals.sums.values()} == read


@pytest.mark.parametrize("by", [by for by in ROWS if by != BRANCH])
def test_public_activities_are_not_read_again(by, administrator, today):
    """Of what is in the tallies nothing is counted that is not in them; of one hospital the drafts are read."""
    hospital = make_hospital()
    brand = make_brand(hospital)
    for stated in ("12", "约30"):
        make_activity(hospital, start=date(2022, 3, 1), brand=brand, figures={"visits": stated}, public=True)
    make_activity(hospital, start=date(2022, 3, 1), figures={"visits": "7"})
    call_command("rebuild_tallies", stdout=StringIO())
    for rows in (Tally, GroupTally):
        rows.objects.update(sums={}, internal_sums={}, detailed_sums={})
    own = choices(administrator, year="2022", by=by, unpublished="1", hospital=hospital.pk)
    totals = pivot_of(own).totals
    assert sorted(total.value for total in totals.sums.values()) == [1, 7]


def test_the_page_takes_as_many_queries_for_many_hospitals_as_for_one(client, administrator):
    client.force_login(administrator)
    page = reverse("admin:branches_activity_statistics_page")

    def taken() -> dict[str, int]:
        call_command("rebuild_tallies", stdout=StringIO())
        urls = {by: f"{page}?by={by}&unpublished=1&year=2023" for by in ROWS}
        for url in urls.values():
            client.get(url)
        return {by: count_queries(client, url) for by, url in urls.items()}

    make_anything(1)
    few = taken()
    for seed in range(2, 6):
        make_anything(seed)
    assert taken() == few


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="a writer would wait for the reader")
def test_what_is_written_meanwhile_is_seen_afterwards():
    def publish():
        Activity.objects.update(status="published", published_at=timezone.now())
        connections.close_all()

    activity = make_activity(figures={"visits": "12"})
    with one_moment():
        assert not Activity.objects.public().exists()
        thread = threading.Thread(target=publish)
        thread.start()
        thread.join()
        assert not Activity.objects.public().exists()
        assert Figure.objects.filter(activity=activity).exists()
    assert Activity.objects.public().exists()
