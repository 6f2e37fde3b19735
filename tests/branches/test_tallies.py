"""What is kept of a hospital is what its records add up to, after whatever was written in whatever way."""

import random
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from branches import tallies, tally_sums
from branches.filters import ActivityFilter
from branches.hospital_changes import watch_hospitals
from branches.models import (
    Activity,
    ActivityKind,
    Branch,
    Figure,
    GroupTally,
    HospitalChange,
    Measure,
    Tally,
    UnpublishedTally,
    tally,
)
from branches.models.tally import group_of
from branches.overview import numbers_of
from branches.statistics import Scope
from branches.sums import public_counts, total_of, totals_by, totals_of_list
from branches.tally_check import (
    differences,
    differing_groups,
    differing_parts,
    differing_tallies,
    differing_unpublished,
)
from hospitals.models import Hospital
from hospitals.roles import Role
from publishing.freshness import Stamp
from publishing.quantities import Total
from tests.branches.test_statistics import make_anything
from tests.factories import make_activity, make_branch, make_figure, make_hospital, make_region, make_user
from tests.reviews import Office

pytestmark = pytest.mark.django_db


@pytest.fixture
def hospital():
    return make_hospital(name="金乡县人民医院", slug="jinxiang", code="JX")


def count(hospital=None) -> int:
    scope = Scope(hospital)
    return total_of(scope, scope.activities).exact


def all_differences() -> list[str]:
    hospital, visits = Hospital.objects.order_by("pk").first(), Measure.objects.get(slug="visits")
    scopes = [Scope(), Scope(None, 2023, visits), Scope(hospital, 2023), Scope(hospital, None, visits)]
    with tally_sums.one_look():
        found = [sentence for scope in scopes for sentence in differences(scope)]  # what is outdated, from the records
    tallies.make_outdated()
    tallies.make_outdated_groups()
    with tally_sums.one_look():
        found += [sentence for scope in scopes for sentence in differences(scope)]
    return [*found, *differing_tallies(), *differing_groups_and_unpublished()]


def differing_groups_and_unpublished() -> list[str]:
    return [*differing_parts(), *differing_groups(), *differing_unpublished()]


def run(sql: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


# -- After any writes


def withdraw(chance):
    Activity.objects.filter(status="published").order_by("pk").first().withdraw(
        by=make_user(is_superuser=True), reason="重复"
    )


def revise(chance):
    activity = chance.choice(list(Activity.objects.public()))
    office, day = Office(activity.hospital), date(2023, chance.randrange(1, 13), 5)
    copy = office.rewrite(activity.revise(by=office.reporter), start=day, end=day, precision="day")
    office.publish(copy)


def schedule(chance):
    hour = timezone.now() + timedelta(hours=2)
    some = chance.sample(list(Activity.objects.values_list("pk", flat=True)), 5)
    Activity.objects.filter(pk__in=some).update(status="published", published_at=hour)


def move(chance):
    """To another hospital, as no form lets anybody do."""
    activity = Activity.objects.order_by("?").first()
    other = Hospital.objects.exclude(pk=activity.hospital_id).first()
    activity.joint_branches.clear()
    Activity.objects.filter(pk=activity.pk).update(hospital=other, branch=None, brand=None)


WRITES = {
    "create": lambda chance: make_activity(
        Hospital.objects.order_by("?").first(), figures={"visits": "约30"}, public=True
    ),
    "publish": lambda chance: Activity.objects.drafts().update(status="published", published_at=timezone.now()),
    "withdraw": withdraw,
    "revise": revise,
    "figure": lambda chance: Figure.objects.filter(value__gt=5).update(value=7),
    "internal": lambda chance: Figure.objects.update(is_internal=chance.random() < 0.5),
    "figure gone": lambda chance: Figure.objects.order_by("pk").first().delete(),
    "joint": lambda chance: Activity.objects.first().joint_branches.set(Branch.objects.all()[:2]),
    "closed": lambda chance: Hospital.objects.filter(pk=Hospital.objects.last().pk).update(
        is_active=chance.random() < 0.5
    ),
    "region": lambda chance: Hospital.objects.update(region=make_region(chance.choice(["370828", "370829"]))),
    "schedule": schedule,
    "update": lambda chance: Activity.objects.filter(pk__gt=10).update(kind=ActivityKind.objects.last()),
    "move": move,
    "SQL": lambda chance: run("UPDATE branches_activity SET nature = 'summary' WHERE id %% 7 = 3"),
    "SQL delete": lambda chance: (
        run("DELETE FROM branches_figure WHERE activity_id IN (SELECT id FROM branches_activity WHERE id %% 5 = 2)"),
    ),
    "new hospital": lambda chance: make_activity(public=True),
}


@pytest.mark.parametrize(("seed", "groups", "for_a_reader"), [(0, 32, 3), (1, 1, 1), (2, 2, 0)])
def test_after_any_writes_what_is_kept_is_what_the_records_add_up_to(seed, groups, for_a_reader, monkeypatch):
    monkeypatch.setattr(tally, "GROUPS", groups)
    monkeypatch.setattr(tallies, "MOST_FOR_A_READER", for_a_reader)
    chance = random.Random(seed)
    make_anything(seed)
    assert all_differences() == []
    for name in chance.sample(sorted(WRITES), len(WRITES)):
        WRITES[name](chance)
        assert all_differences() == [], name
    hour = timezone.now() + timedelta(hours=3)
    monkeypatch.setattr(timezone, "now", lambda: hour)
    assert all_differences() == [], "the hour of what was scheduled"


@pytest.mark.parametrize("seed", range(2))
def test_what_cannot_be_made_is_summed_from_the_records(seed, monkeypatch):
    monkeypatch.setattr(tally, "GROUPS", 2)

    def fail(*args):
        raise DatabaseError("locked")

    make_anything(seed)
    tallies.make_outdated()
    make_anything(seed + 10)
    WRITES["update"](random.Random(seed))
    monkeypatch.setattr(tallies, "make_anew", fail)
    assert all_differences() == []


# -- What is noted


@pytest.mark.parametrize(
    "write",
    [
        lambda activity: activity.save(),
        lambda activity: Activity.objects.update(place="村里"),
        lambda activity: run("DELETE FROM branches_figure WHERE activity_id = %s", activity.pk),
        lambda activity: Figure.objects.bulk_create([Figure(activity=activity, label="车", value=1, as_stated="1")]),
        lambda activity: Hospital.objects.filter(pk=activity.hospital_id).update(is_active=False),
        lambda activity: activity.joint_branches.add(make_branch(activity.hospital)),
        lambda activity: Activity.objects.filter(pk=activity.pk).update(status="withdrawn"),
    ],
    ids=["save", "update", "SQL", "bulk", "closed", "joint", "withdrawn"],
)
def test_every_way_of_writing_is_noted_for_its_hospital_alone(hospital, write):
    activity = make_activity(hospital, figures={"visits": "3"}, public=True)
    make_hospital()
    tallies.make_outdated()
    write(activity)
    assert list(HospitalChange.objects.of_public().values_list("hospital", flat=True)) == [hospital.pk]


@pytest.mark.parametrize(
    "write",
    [
        lambda draft: make_activity(draft.hospital),
        lambda draft: draft.joint_branches.add(make_branch(draft.hospital)),
        lambda draft: draft.figures.update(value=4),
        lambda draft: draft.figures.all().delete(),
        lambda draft: Activity.objects.filter(pk=draft.pk).update(place="村里"),
        lambda draft: run("UPDATE branches_activity SET status = 'withdrawn'"),
        lambda draft: Activity.objects.filter(pk=draft.pk).delete(),
    ],
    ids=["new", "joint", "figure", "figure gone", "update", "withdrawn", "gone"],
)
def test_what_only_staff_know_is_noted_for_them_alone(hospital, write):
    draft = make_activity(hospital, figures={"visits": "3"})
    make_hospital()
    tallies.make_outdated()
    tallies.make_outdated_groups()
    write(draft)
    assert not HospitalChange.objects.of_public().exists()
    assert list(HospitalChange.objects.of_unpublished().values_list("hospital", flat=True)) == [hospital.pk]
    assert HospitalChange.objects.outdated_groups() == {group_of(hospital.pk)}


def is_group_outdated(hospital) -> bool:
    return group_of(hospital.pk) in HospitalChange.objects.outdated_groups()


@pytest.mark.django_db(transaction=True)
def test_who_saves_a_draft_leaves_its_sums_ready_for_the_next_reader(client, hospital):
    manager = make_user(Role.MANAGER, hospital)
    client.force_login(manager)
    draft = make_activity(hospital, figures={"visits": "3"}, created_by=manager)
    tallies.make_outdated()  # somebody has asked for sums before
    tallies.make_outdated_groups()
    draft.figures.update(value=4)
    assert is_group_outdated(hospital)
    client.get(f"/admin/branches/activity/{draft.pk}/change/")  # who only reads makes nothing
    assert is_group_outdated(hospital)
    client.post(f"/admin/branches/activity/{draft.pk}/step/submit/", {"version": draft.version})
    assert not is_group_outdated(hospital)
    assert differing_groups_and_unpublished() == []


@pytest.mark.django_db(transaction=True)
def test_who_reads_sums_of_drafts_leaves_them_ready_for_the_next_reader(client, hospital):
    draft = make_activity(hospital, figures={"visits": "3"})
    client.force_login(make_user(is_superuser=True))
    page = "/admin/branches/activity/statistics/"
    client.get(page)  # of what is published alone
    assert is_group_outdated(hospital)
    for _first_and_next in range(2):
        assert ">3</a>" in client.get(page, {"unpublished": "1"}).text
        assert not is_group_outdated(hospital)
    draft.figures.update(value=4, as_stated="4")
    assert is_group_outdated(hospital)


@pytest.mark.django_db(transaction=True)
def test_who_publishes_or_withdraws_leaves_the_tallies_ready_for_the_next_visitor(client, hospital):
    office = Office(hospital)
    activity = make_activity(hospital, figures={"visits": "3"}, created_by=office.reporter)
    activity.submit(by=office.reporter)
    activity.approve(by=office.first)
    activity.approve(by=office.second)
    tallies.make_outdated()  # somebody has asked for them before
    client.force_login(office.final)
    client.post(f"/admin/branches/activity/{activity.pk}/step/approve/", {"version": activity.version})
    activity.refresh_from_db()
    assert (activity.is_public, HospitalChange.objects.outdated()) == (True, set())
    client.force_login(office.manager)
    withdrawn = {"version": activity.version, "reason": "重复"}
    client.post(f"/admin/branches/activity/{activity.pk}/step/withdraw/", withdrawn)
    assert (count(), HospitalChange.objects.outdated()) == (0, set())


def test_watching_again_adds_nothing(hospital):
    watch_hospitals()
    tallies.make_outdated()
    make_activity(hospital, public=True)
    assert list(HospitalChange.objects.of_public().values_list("hospital", flat=True)) == [hospital.pk]


def test_what_is_undone_is_not_counted(hospital):
    make_activity(hospital, public=True)
    with transaction.atomic():
        make_activity(hospital, public=True)
        assert count() == 2
        transaction.set_rollback(True)
    assert count() == 1


def test_a_hospital_that_nobody_wrote_to_is_not_made_anew(hospital):
    make_activity(hospital, public=True)
    other = make_activity(public=True).hospital
    tallies.make_outdated()
    before = set(Tally.objects.filter(hospital=hospital).values_list("pk", flat=True))
    make_activity(other, public=True)
    assert count() == 3
    assert set(Tally.objects.filter(hospital=hospital).values_list("pk", flat=True)) == before


def test_making_tallies_leaves_the_stamp_of_the_content_alone(hospital):
    make_activity(hospital, public=True)
    before = Stamp.now().token
    tallies.make_outdated()
    assert Stamp.now().token == before


def test_the_groups_have_what_their_hospitals_have_when_one_of_them_was_written_to(monkeypatch):
    monkeypatch.setattr(tally, "GROUPS", 1)
    first, second = (make_activity(public=True).hospital for _number in range(2))
    assert count() == 2
    make_activity(second, public=True)
    assert (count(), count(first), count(second)) == (3, 1, 2)
    assert list(public_counts().items()) == [(first.pk, 1), (second.pk, 2)]


def test_of_all_hospitals_one_row_is_read_while_none_of_them_is_outdated(hospital):
    make_activity(hospital, public=True)
    make_activity(public=True)
    tallies.make_outdated()
    GroupTally.objects.of_everybody().marks().update(sums={"total": {"": [700, 7, 0, 0, 0, 0]}})
    assert count() == 7
    assert total_of(Scope(), Scope().activities.exclude(pk=None)).exact == 2  # from the records


def test_what_somebody_else_is_just_making_is_summed_from_the_records(hospital, monkeypatch):
    monkeypatch.setattr(tallies, "held", lambda model, groups: set())
    make_activity(hospital, public=True)
    assert count() == 1
    assert HospitalChange.objects.outdated() == {hospital.pk}


def test_a_scheduled_activity_is_counted_from_its_hour_on(hospital, monkeypatch):
    due = datetime(2030, 5, 1, 1, 0, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: due - timedelta(hours=1))
    make_activity(hospital, status="published", published_at=due)
    before = count()
    monkeypatch.setattr(timezone, "now", lambda: due)
    assert (before, count()) == (0, 1)


def test_a_hospital_that_is_gone_leaves_nothing_in_the_sums(hospital):
    activity = make_activity(hospital, public=True)
    make_activity(public=True)
    assert count() == 2
    activity.delete()
    run("DELETE FROM branches_referencecounter")
    run("DELETE FROM hospitals_hospital WHERE id = %s", hospital.pk)
    assert count() == 1


# -- How much it costs


def queries(do) -> int:
    with CaptureQueriesContext(connection) as captured:
        do()
    return len(captured)


def test_tallies_of_one_hospital_and_of_twenty_are_made_in_as_many_queries():
    spent = []
    for number in (1, 20):
        for _time in range(number):
            make_activity(figures={"visits": "60余"}, public=True)
        spent.append(queries(tallies.make_outdated))
    assert spent[0] == spent[1] <= 25


def test_a_reader_makes_nothing_and_is_told_all_the_same(hospital):
    make_activity(hospital, public=True)
    assert count() == 1
    assert HospitalChange.objects.outdated() == {hospital.pk}


def test_of_very_many_hospitals_only_some_are_made_at_once_and_first_what_was_asked_for(monkeypatch):
    monkeypatch.setattr(tallies, "MOST_AT_ONCE", 2)
    keys = [make_activity(public=True).hospital_id for _number in range(5)]
    tallies.make_outdated(asked_for={keys[3]})
    assert HospitalChange.objects.outdated() == {keys[1], keys[2], keys[4]}
    assert count() == 5


def test_who_reads_sums_that_are_outdated_leaves_them_ready_for_the_next_visitor(client, hospital):
    make_activity(hospital, public=True)
    client.get("/search/")
    assert HospitalChange.objects.outdated() == {hospital.pk}  # nobody has asked for sums
    assert "1" in client.get("/statistics/").text
    assert HospitalChange.objects.outdated() == set()


def test_sums_that_are_kept_read_no_activity(hospital):
    make_activity(hospital, figures={"visits": "3"}, public=True)
    tallies.make_outdated()
    with CaptureQueriesContext(connection) as captured:
        scope = Scope(None, 2023, Measure.objects.get(slug="visits"))
        list(totals_by(scope, slug="kind__slug"))
        total_of(scope, scope.activities)
    read = [query["sql"] for query in captured if '"branches_activity"' in query["sql"] or "figure" in query["sql"]]
    assert read == []


def test_narrowed_down_further_activities_are_summed_from_the_records(hospital):
    make_activity(hospital, public=True, place="村里")
    make_activity(hospital, public=True)
    scope = Scope(hospital)
    assert total_of(scope, scope.activities.filter(place="村里")) == Total(1, exact=1)


# -- The command


def test_all_tallies_are_made_by_the_command(hospital):
    make_activity(hospital, public=True)
    out = StringIO()
    call_command("rebuild_tallies", stdout=out)
    assert out.getvalue() == "重算了1家医院的合计。\n"
    assert not HospitalChange.objects.outdated()


def test_the_check_says_what_differs(hospital):
    make_activity(hospital, figures={"visits": "3"}, public=True)
    make_activity(hospital)
    call_command("rebuild_tallies", stdout=StringIO())
    call_command("rebuild_tallies", check=True, stdout=StringIO())
    said = []
    for rows in (
        Tally.objects,
        GroupTally.objects.of_some(),
        GroupTally.objects.of_everybody(),
        UnpublishedTally.objects.of_some(),
    ):
        rows.marks().update(sums={"total": {"": [500, 5, 0, 0, 0, 0]}})
        out = StringIO()
        with pytest.raises(CommandError, match="处不一致。请运行 manage.py rebuild_tallies 重算"):
            call_command("rebuild_tallies", check=True, stdout=out)
        said.append(out.getvalue())
    assert said[0].startswith("金乡县人民医院，全部年份，活动条数：保存的合计与逐条合计不同。\n")
    assert f"全部医院，全部年份，活动条数：第{group_of(hospital.pk)}组医院的合计与各医院的合计不同。" in said[1]
    assert "全部医院，全部年份，活动条数：保存的总合计与各组医院的合计不同。" in said[1]
    assert "全部医院，全部年份，活动条数，合计：保存的是5条，逐条合计是1条。" in said[2]
    assert f"全部医院，全部年份，活动条数：第{group_of(hospital.pk)}组医院未发布的合计与逐条合计不同。" in said[3]
    assert "全部医院，全部年份，活动条数：保存的未发布总合计与各组医院的合计不同。" in said[3]


def test_the_page_of_a_hospital_is_right_at_once_after_a_figure_was_corrected(hospital):
    activity = make_activity(hospital, public=True)
    figure = make_figure(activity, "visits", "12")
    scope = Scope(hospital, None, Measure.objects.get(slug="visits"))
    before = numbers_of(scope).total.value
    Figure.objects.filter(pk=figure.pk).update(value=15)
    assert (before, numbers_of(scope).total.value) == (12, 15)


@pytest.mark.parametrize("seed", range(2))
def test_lists_without_conditions_have_the_same_numbers_from_the_tallies(seed):
    make_anything(seed)
    tallies.make_outdated()
    form = ActivityFilter(QueryDict(""))
    assert form.is_valid()
    assert totals_of_list(form.rows()) == Figure.objects.totals_of(Activity.objects.public())
    assert public_counts() == Activity.objects.public().counts_by_hospital()


def test_a_list_with_a_condition_is_summed_from_the_records(hospital):
    make_activity(hospital, figures={"visits": "3"}, public=True)
    make_activity(figures={"visits": "4"}, public=True)
    form = ActivityFilter(QueryDict("hospital=jinxiang"))
    assert form.is_valid()
    assert [row["total"].value for row in totals_of_list(form.rows())] == [3]


def test_the_numbers_of_a_page_are_of_one_look(hospital):
    make_activity(hospital, public=True)
    assert count() == 1
    with tally_sums.one_look():
        assert (count(), count(hospital)) == (1, 1)
        make_activity(hospital, public=True)
        assert (count(), count(hospital)) == (1, 1)
    assert (count(), count(hospital)) == (2, 2)


def test_within_one_look_what_is_kept_is_read_once(hospital, django_assert_num_queries):
    make_activity(hospital, public=True)
    tallies.make_outdated()
    scope = Scope(hospital)
    with tally_sums.one_look():
        first = list(totals_by(scope, slug="kind__slug"))
        with django_assert_num_queries(1):  # what the kind is called
            assert list(totals_by(scope, slug="kind__slug")) == first
        with django_assert_num_queries(0):
            assert total_of(scope, scope.activities).exact == 1
