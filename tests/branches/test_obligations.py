"""Which branch has held what it had to hold: the states, what proves, whom it is asked of, and the constraints."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from branches.duties import State, duties_of, state_of
from branches.duty_board import Board, Tally
from branches.models import Activity, ActivityKind, Branch, Exemption, Obligation
from branches.periods import Period
from branches.reminders import reminder
from hospitals.roles import Role
from tests.factories import (
    make_activity,
    make_branch,
    make_exemption,
    make_hospital,
    make_obligation,
    make_user,
)

pytestmark = pytest.mark.django_db

YEAR = 2023
LATER = date(2024, 6, 1)


@pytest.fixture(autouse=True)
def no_norms(request, db):
    """What is asked here, each test says itself."""
    if "shipped" not in request.node.name:
        Obligation.objects.all().delete()


@pytest.fixture
def branch():
    return make_branch(founded_on=date(2019, 1, 1), name="第五支部")


def day(*parts) -> dict:
    return {"start": date(*parts), "end": date(*parts)}


def held(branch=None, *parts, kind="theme_day", **fields):
    """A public record, unless its fields say otherwise."""
    is_public = "status" not in fields
    return make_activity(branch=branch, kind=kind, public=is_public, **(day(*parts) if parts else {}) | fields)


def duties(branch, today=LATER, year=YEAR, **more):
    return duties_of(Branch.objects.filter(hospital=branch.hospital).in_order(), year, today=today, **more)


def of(branch, today=LATER, year=YEAR):
    return [duty for duty in duties(branch, today, year) if duty.branch == branch]


def state(branch, month=3, today=LATER, year=YEAR) -> State:
    """Of the branch's one monthly item in a month, or of the period that ends with it."""
    return next(duty.state for duty in of(branch, today, year) if duty.period.end.month == month)


# ── the norms that are shipped ────────────────────────────────────────────────────────────────────────────────────────


def test_the_norms_are_shipped_as_items_of_the_platform():
    found = {item.name: (item.frequency, item.hospital) for item in Obligation.objects.all()}
    assert all(item.kinds.get().name == item.name for item in Obligation.objects.all())
    assert found == {
        "支部党员大会": ("quarter", None),
        "支部委员会": ("month", None),
        "党小组会": ("month", None),
        "党课": ("quarter", None),
        "主题党日": ("month", None),
        "组织生活会和民主评议党员": ("year", None),
    }


# ── states and their boundaries ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2023, 2, 28), State.NOT_YET),
        (date(2023, 3, 1), State.DUE),
        (date(2023, 3, 31), State.DUE),
        (date(2023, 4, 10), State.DUE),
        (date(2023, 4, 11), State.LATE),
    ],
    ids=["before", "first day", "last day", "last day of grace", "after grace"],
)
def test_what_was_not_held_is_due_until_the_last_day_of_grace_and_then_late(branch, today, expected):
    make_obligation(grace_days=10)
    assert state(branch, 3, today) == expected


def test_without_grace_it_is_late_on_the_day_after_the_period(branch):
    make_obligation(grace_days=0)
    assert [state(branch, 3, date(2023, 3, 31)), state(branch, 3, date(2023, 4, 1))] == [State.DUE, State.LATE]


@pytest.mark.parametrize(("year", "last"), [(2024, 29), (2023, 28)])
def test_february_ends_with_its_last_day(branch, year, last):
    make_obligation(grace_days=0)
    held(branch, year, 2, last)
    assert state(branch, 2, date(year, 3, 1), year) == State.DONE


@pytest.mark.parametrize("parts", [(2023, 3, 1), (2023, 3, 31)], ids=["first day", "last day"])
def test_the_first_and_the_last_day_belong_to_a_period(branch, parts):
    make_obligation()
    held(branch, *parts)
    assert [state(branch, month) for month in (2, 3, 4)] == [State.LATE, State.DONE, State.LATE]


@pytest.mark.parametrize(
    ("frequency", "count"), [("month", 12), ("quarter", 4), ("half_year", 2), ("year", 1)], ids=lambda value: str(value)
)
def test_an_item_has_as_many_periods_as_its_frequency_says(branch, frequency, count):
    make_obligation(frequency=frequency)
    assert len(of(branch)) == count


@pytest.mark.parametrize(
    ("frequency", "month"), [("quarter", 3), ("half_year", 6), ("year", 12)], ids=lambda value: str(value)
)
def test_a_record_proves_the_quarter_the_half_and_the_year_in_which_it_lies(branch, frequency, month):
    make_obligation(frequency=frequency)
    held(branch, 2023, 2, 3)
    assert state(branch, month) == State.DONE


def test_two_times_a_period_take_two_records(branch):
    make_obligation(times=2)
    held(branch, 2023, 3, 1)
    before = next(duty for duty in of(branch) if duty.period.end.month == 3)
    held(branch, 2023, 3, 20)
    assert (before.state, before.missing, state(branch)) == (State.LATE, 1, State.DONE)


def test_what_is_done_names_the_records_that_prove_it(branch):
    make_obligation()
    records = [held(branch, 2023, 3, 20), held(branch, 2023, 3, 1)]
    duty = next(duty for duty in of(branch) if duty.state == State.DONE)
    assert list(duty.proofs) == [records[1], records[0]]


# ── what proves ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "draft"},
        {"status": "first_review", "submitted_digest": "0"},
        {"status": "withdrawn", "published_at": timezone.now()},
        {"status": "published", "published_at": timezone.now() + timedelta(days=1)},
        {"nature": "summary"},
    ],
    ids=["draft", "under review", "withdrawn", "scheduled", "summary"],
)
def test_what_is_not_public_and_a_summary_prove_nothing(branch, fields):
    make_obligation()
    held(branch, 2023, 3, 1, **fields)
    assert state(branch) == State.LATE


@pytest.mark.parametrize(
    ("fields", "count"),
    [
        ({"status": "draft"}, 1),
        ({"status": "first_review", "submitted_digest": "0"}, 1),
        ({"status": "published", "published_at": timezone.now() + timedelta(days=1)}, 1),
        ({"status": "withdrawn", "published_at": timezone.now()}, 0),
        ({}, 0),
    ],
    ids=["draft", "under review", "scheduled", "withdrawn", "public"],
)
def test_what_would_prove_it_once_public_is_named_as_pending(branch, fields, count):
    make_obligation(times=2)
    held(branch, 2023, 3, 1, **fields)
    user = make_user(Role.MANAGER, branch.hospital)
    duty = next(duty for duty in duties(branch, user=user) if duty.period.end.month == 3)
    assert len(duty.pending) == count


def test_a_revision_under_way_is_no_second_record(branch):
    make_obligation(times=2)
    record = held(branch, 2023, 3, 1)
    copy = make_activity(branch=branch, kind="theme_day", working_copy_of=record, **day(2023, 3, 1))
    user = make_user(Role.MANAGER, branch.hospital)
    duty = next(duty for duty in duties(branch, user=user) if duty.period.end.month == 3)
    assert copy.is_working_copy and (len(duty.proofs), len(duty.pending)) == (1, 0)


def test_a_colleagues_draft_is_not_named_to_a_limited_reporter(branch):
    make_obligation()
    other = make_branch(branch.hospital)
    make_activity(branch=other, kind="theme_day", **day(2023, 3, 1)).joint_branches.add(branch)
    user = make_user(Role.REPORTER, branch.hospital)
    user.memberships.get().branches.add(branch)
    assert not [duty for duty in duties(branch, user=user) if duty.branch == branch and duty.pending]


def test_a_further_kind_proves_as_well_as_the_main_one(branch):
    make_obligation("theme_day", name="主题党日")
    held(branch, 2023, 3, 1, kind="free_clinic").further_kinds.add(ActivityKind.objects.get(slug="theme_day"))
    assert state(branch) == State.DONE


def test_any_of_several_kinds_proves(branch):
    make_obligation("theme_day", "study")
    held(branch, 2023, 3, 1, kind="study")
    assert state(branch) == State.DONE


def test_another_kind_proves_nothing(branch):
    make_obligation("theme_day")
    held(branch, 2023, 3, 1, kind="study")
    assert state(branch) == State.LATE


def test_a_record_of_main_and_further_kind_alike_counts_once(branch):
    make_obligation("theme_day", "study", times=2)
    held(branch, 2023, 3, 1).further_kinds.add(ActivityKind.objects.get(slug="study"))
    assert state(branch) == State.LATE


def test_a_joint_activity_proves_for_each_branch_that_took_part(branch):
    make_obligation()
    guest, absent = make_branch(branch.hospital), make_branch(branch.hospital)
    held(branch, 2023, 3, 1).joint_branches.add(guest, branch)
    assert [state(one) for one in (branch, guest, absent)] == [State.DONE, State.DONE, State.LATE]


def test_an_activity_of_all_branches_proves_for_those_of_its_hospital_that_existed(branch):
    make_obligation()
    hospital, elsewhere = branch.hospital, make_branch(founded_on=date(2019, 1, 1))
    closed = make_branch(hospital, founded_on=date(2019, 1, 1), dissolved_on=date(2023, 12, 31))
    young = make_branch(hospital, founded_on=date(2023, 3, 20))
    held(None, 2023, 3, 1, hospital=hospital, all_branches=True)
    found = [state(one) for one in (branch, closed, young, elsewhere)]
    assert found == [State.DONE, State.DONE, State.LATE, State.LATE]


def test_an_activity_of_the_hospital_alone_proves_for_nobody(branch):
    make_obligation()
    held(None, 2023, 3, 1, hospital=branch.hospital)
    assert state(branch) == State.LATE


def test_a_day_is_counted_where_it_begins_and_a_stated_time_where_it_lies_as_a_whole(branch):
    make_obligation("theme_day")
    held(branch, start=date(2023, 3, 31), end=date(2023, 4, 2))
    held(branch, start=date(2023, 5, 1), end=date(2023, 5, 31), precision="month")
    held(branch, start=date(2023, 7, 1), end=date(2023, 9, 30), precision="quarter")
    assert [state(branch, month) == State.DONE for month in (3, 4, 5, 7, 8, 9)] == [True, False, True] + [False] * 3


def test_what_is_undated_proves_nothing(branch):
    make_obligation(frequency="year")
    held(branch, start=None, end=None, precision="unknown")
    assert state(branch, 12) == State.LATE


SPANS = [
    ("day", date(2023, 3, 31), date(2023, 4, 2)),
    ("day", date(2022, 12, 31), date(2023, 1, 2)),
    ("day", date(2023, 12, 31), date(2023, 12, 31)),
    ("month", date(2023, 5, 1), date(2023, 5, 31)),
    ("month", date(2023, 5, 1), date(2023, 7, 31)),
    ("half_year", date(2023, 1, 1), date(2023, 6, 30)),
    ("year", date(2023, 1, 1), date(2023, 12, 31)),
    ("unknown", None, None),
]


@pytest.mark.parametrize("span", SPANS, ids=lambda span: f"{span[0]} {span[1]}")
@pytest.mark.parametrize("precision", ["month", "quarter", "half_year", "year"])
def test_one_record_is_counted_as_the_query_counts_many(branch, span, precision):
    """``Period.counts`` and ``belonging_to`` are one rule."""
    stated, start, end = span
    record = held(branch, start=start, end=end, precision=stated)
    months = [Period.around(date(2023, month, 1), precision) for month in range(1, 13)]
    asked = [Activity.objects.belonging_to(period).filter(pk=record.pk).exists() for period in months]
    assert [period.counts(record.period) for period in months] == asked


# ── of whom it is asked, and when ─────────────────────────────────────────────────────────────────────────────────────


def test_an_item_is_asked_for_the_periods_whose_last_day_it_is_valid_on(branch):
    make_obligation(valid_from=date(2023, 3, 31), valid_to=date(2023, 5, 30))
    found = [state(branch, month) for month in (2, 3, 4, 5)]
    assert found == [State.NOT_ASKED, State.LATE, State.LATE, State.NOT_ASKED]


def test_a_branch_is_asked_for_the_periods_whose_last_day_it_exists_on():
    branch = make_branch(founded_on=date(2023, 3, 31), dissolved_on=date(2023, 5, 30))
    make_obligation()
    found = [state(branch, month) for month in (2, 3, 4, 5)]
    assert found == [State.NOT_ASKED, State.LATE, State.LATE, State.NOT_ASKED]


def test_a_branch_that_is_dissolved_is_not_asked_in_the_years_after():
    branch = make_branch(founded_on=date(2019, 1, 1), dissolved_on=date(2022, 5, 30), is_active=False)
    make_obligation()
    assert {duty.state for duty in of(branch)} == {State.NOT_ASKED}


def test_without_a_founding_a_branch_is_asked_since_its_hospitals_first_public_record():
    branch = make_branch()
    make_obligation()
    make_activity(branch=branch, **day(2023, 1, 5))
    held(make_branch(branch.hospital), 2023, 4, 30)
    assert [state(branch, month) for month in (3, 4, 5)] == [State.NOT_ASKED, State.LATE, State.LATE]


def test_without_a_founding_and_without_any_record_a_branch_is_asked_since_the_item_is():
    make_obligation(valid_from=date(2023, 2, 1))
    branch = make_branch()
    assert [state(branch, month) for month in (1, 2)] == [State.NOT_ASKED, State.LATE]


@pytest.mark.parametrize("part", ["host", "guest"])
def test_one_that_was_switched_off_is_asked_until_its_own_last_record(branch, part):
    closed = make_branch(branch.hospital, founded_on=date(2019, 1, 1), is_active=False)
    make_obligation()
    held(closed if part == "host" else branch, 2023, 3, 31, kind="study").joint_branches.set([closed])
    held(branch, 2023, 8, 1, all_branches=True)
    assert [state(closed, month) for month in (3, 4, 8)] == [State.LATE, State.NOT_ASKED, State.NOT_ASKED]


def test_one_that_was_switched_off_and_never_recorded_anything_is_never_asked(branch):
    closed = make_branch(branch.hospital, founded_on=date(2019, 1, 1), is_active=False)
    make_obligation()
    assert {duty.state for duty in of(closed)} == {State.NOT_ASKED}


@pytest.mark.parametrize("kind", Branch.Kind.values)
def test_an_item_is_asked_of_the_sorts_of_branch_that_are_ticked(kind):
    branch = make_branch(kind=kind, founded_on=date(2019, 1, 1))
    nobody = {f"for_{one}": False for one in Branch.Kind.values}
    make_obligation(**nobody | {f"for_{kind}": True})
    others = make_obligation(**{f"for_{one}": one != kind for one in Branch.Kind.values})
    found = {duty.obligation == others: duty.state for duty in of(branch)}
    assert found == {False: State.LATE, True: State.NOT_ASKED}


def test_an_item_that_is_not_in_use_is_not_there(branch):
    make_obligation(is_active=False)
    assert of(branch) == []


def test_a_hospitals_own_item_is_asked_of_its_branches_only(branch):
    other = make_branch(founded_on=date(2019, 1, 1))
    make_obligation(hospital=branch.hospital)
    branches = Branch.objects.filter(pk__in=[branch.pk, other.pk])
    assert {duty.branch for duty in duties_of(branches, YEAR, today=LATER)} == {branch}


# ── exemptions ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_exemption_lets_go_the_periods_whose_last_day_it_covers(branch):
    make_obligation()
    make_exemption(branch=branch, starts_on=date(2023, 3, 31), ends_on=date(2023, 5, 30), reason="书记外出")
    found = [state(branch, month) for month in (2, 3, 4, 5)]
    assert found == [State.LATE, State.EXEMPT, State.EXEMPT, State.LATE]
    assert {duty.reason for duty in of(branch)} == {"", "书记外出"}


def test_a_months_exemption_does_not_let_the_years_item_go(branch):
    make_obligation(frequency="year")
    make_exemption(branch=branch, starts_on=date(2023, 5, 1), ends_on=date(2023, 5, 31))
    assert state(branch, 12) == State.LATE


def test_an_exemption_without_an_end_goes_on(branch):
    make_obligation()
    make_exemption(branch=branch, starts_on=date(2022, 5, 1))
    assert {duty.state for duty in of(branch)} == {State.EXEMPT}


def test_who_did_it_all_the_same_has_done_it(branch):
    make_obligation()
    make_exemption(branch=branch)
    held(branch, 2023, 3, 1)
    assert [state(branch, month) for month in (3, 4)] == [State.DONE, State.EXEMPT]


def test_an_exemption_is_of_its_item_or_of_all(branch):
    item, other = make_obligation(), make_obligation()
    make_exemption(branch=branch, obligation=item)
    found = {duty.obligation: duty.state for duty in of(branch)}
    assert found == {item: State.EXEMPT, other: State.LATE}


def test_an_exemption_is_of_its_branch_or_of_all_of_its_hospital(branch):
    make_obligation()
    neighbour = make_branch(branch.hospital, founded_on=date(2019, 1, 1))
    elsewhere = make_branch(founded_on=date(2019, 1, 1))
    make_exemption(branch=neighbour, ends_on=date(2023, 3, 31))
    make_exemption(branch.hospital, starts_on=date(2023, 4, 1))
    found = [state(one, month) for one in (branch, neighbour, elsewhere) for month in (3, 4)]
    assert found == [State.LATE, State.EXEMPT, State.EXEMPT, State.EXEMPT, State.LATE, State.LATE]


# ── each exactly one state ────────────────────────────────────────────────────────────────────────────────────────────

DAYS = st.dates(date(2022, 6, 1), date(2024, 6, 30))


@given(
    frequency=st.sampled_from(Obligation.Frequency.values),
    times=st.integers(1, 3),
    held_times=st.integers(0, 4),
    is_asked=st.booleans(),
    is_exempt=st.booleans(),
    begun=DAYS,
    today=DAYS,
    grace=st.integers(0, 92),
)
def test_every_case_has_exactly_one_state(frequency, times, held_times, is_asked, is_exempt, begun, today, grace):
    item = Obligation(frequency=frequency, times=times, grace_days=grace)
    period = Period.around(begun, frequency)
    is_over = today > period.end + timedelta(days=grace)
    is_done = held_times >= times
    meant = {
        State.NOT_ASKED: not is_asked,
        State.DONE: is_asked and is_done,
        State.EXEMPT: is_asked and not is_done and is_exempt,
        State.NOT_YET: is_asked and not is_done and not is_exempt and today < period.start,
        State.LATE: is_asked and not is_done and not is_exempt and is_over,
        State.DUE: is_asked and not is_done and not is_exempt and today >= period.start and not is_over,
    }
    found = state_of(item, period, is_asked=is_asked, is_exempt=is_exempt, held=held_times, today=today)
    assert [one for one, is_meant in meant.items() if is_meant] == [found]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    founded=st.none() | DAYS,
    length=st.none() | st.integers(0, 500),
    frequencies=st.lists(st.sampled_from(Obligation.Frequency.values), min_size=1, max_size=3),
    records=st.lists(DAYS, max_size=5),
    exempt=st.none() | DAYS,
    today=DAYS,
)
def test_each_item_branch_and_period_is_there_once_and_the_states_add_up(
    db, founded, length, frequencies, records, exempt, today
):
    with transaction.atomic():
        dissolved = founded + timedelta(days=length) if founded and length is not None else None
        branch = make_branch(founded_on=founded, dissolved_on=dissolved)
        make_branch(branch.hospital)
        for frequency in frequencies:
            make_obligation(frequency=frequency)
        for one in records:
            make_activity(branch=branch, kind="theme_day", public=True, start=one, end=one)
        if exempt:
            make_exemption(branch=branch, starts_on=exempt, ends_on=exempt + timedelta(days=60))
        found = duties(branch, today)
        transaction.set_rollback(True)
    keys = Counter((duty.branch, duty.obligation, duty.period) for duty in found)
    periods = {"month": 12, "quarter": 4, "half_year": 2, "year": 1}
    assert set(keys.values()) == {1}
    assert len(keys) == 2 * sum(periods[frequency] for frequency in frequencies)
    assert sum(Tally(found).of(one) for one in State) == len(found)


# ── how many queries ──────────────────────────────────────────────────────────────────────────────────────────────────


def furnish(hospital, branches: int) -> None:
    for _number in range(branches):
        branch = make_branch(hospital, is_active=bool(_number % 3))
        for month in (1, 2, 3):
            record = held(branch, 2023, month, 3)
            record.joint_branches.add(make_branch(hospital))
            record.further_kinds.add(ActivityKind.objects.get(slug="study"))
        make_activity(branch=branch, kind="theme_day", **day(2023, 4, 3))
        make_exemption(branch=branch)


def test_the_number_of_queries_does_not_depend_on_how_much_there_is():
    hospital = make_hospital()
    user = make_user(Role.MANAGER, hospital)
    counts = []
    for branches in (2, 38):
        furnish(hospital, branches)
        make_obligation("theme_day", "study")
        with CaptureQueriesContext(connection) as queries:
            duties_of(Branch.objects.of_hospital(hospital), YEAR, today=LATER, user=user)
        counts.append(len(queries))
    assert counts == [10, 10]


# ── the words to remind with ──────────────────────────────────────────────────────────────────────────────────────────


def words(*branches, today, **more) -> str:
    found = duties(branches[0], today, **more)
    return reminder({branch: [duty for duty in found if duty.branch == branch] for branch in branches}, today)


def test_a_reminder_names_exactly_what_is_open(branch):
    make_obligation(name="主题党日")
    make_obligation("member_assembly", name="支部党员大会", frequency="quarter", times=2)
    held(branch, 2023, 1, 9)
    held(branch, 2023, 3, 2, kind="member_assembly")
    make_exemption(branch=branch, starts_on=date(2023, 2, 1), ends_on=date(2023, 2, 28), reason="书记外出")
    text = words(branch, today=date(2023, 4, 11))
    assert text.splitlines() == [
        "【应办事项提醒】截至2023年4月11日，以下事项还没有办完：",
        "第五支部：",
        "1. 主题党日：2023年3月已逾期，请尽快补办补报；4月请于4月30日前开展，5月10日前完成填报和审核。",
        "2. 支部党员大会：2023年第一季度（还差1次）已逾期，请尽快补办补报；"
        "第二季度（还差2次）请于6月30日前开展，7月10日前完成填报和审核。",
        "办完请及时填报、送审，公开以后即算完成；已经填报的，请留意审核进度。谢谢！",
    ]


def test_in_grace_only_entering_is_asked_for(branch):
    make_obligation(name="主题党日", valid_from=date(2023, 3, 1), valid_to=date(2023, 3, 31))
    assert "2023年3月已经结束，请于4月10日前完成填报和审核。" in words(branch, today=date(2023, 4, 5))


def test_another_years_day_has_its_year(branch):
    make_obligation(valid_from=date(2023, 12, 1))
    assert "请于12月31日前开展，2024年1月10日前完成填报和审核。" in words(branch, today=date(2023, 12, 5))


def test_a_reminder_says_how_much_waits_to_become_public(branch):
    make_obligation(valid_from=date(2023, 12, 1))
    make_activity(branch=branch, kind="theme_day", **day(2023, 12, 3))
    user = make_user(Role.MANAGER, branch.hospital)
    assert "已填报、还没公开的有1条" in words(branch, today=date(2023, 12, 5), user=user)


def test_who_has_done_everything_is_not_reminded(branch):
    make_obligation(frequency="year")
    idle = make_branch(branch.hospital, founded_on=date(2019, 1, 1), name="第六支部")
    held(branch, 2023, 3, 1)
    text = words(branch, idle, today=LATER)
    assert "第六支部" in text and "第五支部" not in text
    assert words(branch, today=LATER) == ""


def test_the_rate_is_of_what_was_asked_and_has_begun(branch):
    make_obligation()
    held(branch, 2023, 1, 1)
    make_exemption(branch=branch, starts_on=date(2023, 2, 1), ends_on=date(2023, 2, 28))
    tally = Board(of(branch, date(2023, 4, 5)), today=date(2023, 4, 5)).tally
    assert (tally.done, tally.due, tally.late, tally.exempt, tally.asked, tally.rate_text) == (1, 2, 0, 1, 3, "33%")


# ── what the database refuses ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"valid_to": date(2018, 12, 31)}, "branches_obligation_dates_in_order"),
        ({"times": 0}, "branches_obligation_times"),
        ({"times": 32}, "branches_obligation_times"),
        ({"grace_days": 93}, "branches_obligation_grace"),
        ({f"for_{kind}": False for kind in Branch.Kind.values}, "branches_obligation_for_somebody"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_item_that_cannot_be_is_refused(changes, rule):
    item = make_obligation()
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        Obligation.objects.filter(pk=item.pk).update(**changes)


@pytest.mark.parametrize("is_of_hospital", [True, False])
def test_two_items_of_one_name_do_not_begin_on_one_day(is_of_hospital):
    hospital = make_hospital() if is_of_hospital else None
    make_obligation(hospital=hospital, name="主题党日")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_obligation(hospital=hospital, name="主题党日")
    make_obligation(hospital=hospital, name="主题党日", valid_from=date(2024, 1, 1))
    with pytest.raises(ValidationError, match="同名"):
        Obligation(hospital=hospital, name="主题党日", valid_from=date(2024, 1, 1)).full_clean(exclude=["kinds"])


@pytest.mark.parametrize(
    ("changes", "rule"),
    [({"ends_on": date(2022, 12, 31)}, "dates_in_order"), ({"reason": ""}, "branches_exemption_reason")],
)
def test_an_exemption_that_cannot_be_is_refused(branch, changes, rule):
    exemption = make_exemption(branch=branch)
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        Exemption.objects.filter(pk=exemption.pk).update(**changes)


@pytest.mark.django_db(transaction=True)
def test_an_exemption_of_another_hospitals_branch_is_refused():
    exemption, other = make_exemption(branch=make_branch()), make_branch()
    with pytest.raises(IntegrityError), transaction.atomic():
        Exemption.objects.filter(pk=exemption.pk).update(branch=other)


def test_a_branch_is_not_dissolved_before_it_is_founded(branch):
    with pytest.raises(IntegrityError, match="branches_branch_dates_in_order"), transaction.atomic():
        Branch.objects.filter(pk=branch.pk).update(dissolved_on=date(2018, 12, 31))


def test_nothing_of_it_is_public(branch):
    make_obligation()
    make_exemption(branch=branch)
    assert not Obligation.objects.public() and not Exemption.objects.public()
