"""What differs between a frozen ledger and the ledger of now, or another frozen one."""

import json
from datetime import date

import pytest

from branches.frozen_compared import Compared, count_differences, difference_lines, scope_of
from branches.frozen_content import Content
from branches.frozen_differences import ADDED, CHANGED, REMOVED, Differences
from branches.models import Activity, Figure, FrozenLedger
from publishing.quantities import parse
from tests.factories import make_activity, make_branch, make_figure, make_frozen_ledger, make_hospital, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def hospital():
    return make_hospital()


@pytest.fixture
def anybody():
    return make_user(is_superuser=True)


def change(activity, **fields):
    Activity.objects.filter(pk=activity.pk).update(**fields)


def since(frozen) -> Differences:
    return Differences(Content(frozen.content), scope_of(frozen).content())


def told(differences) -> list[tuple]:
    return [
        (row.state, row.title, [(one.label, "".join(piece.text for piece in one.after)) for one in row.changes])
        for row in differences.rows
    ]


def test_nothing_differs_where_nothing_was_done(hospital):
    make_figure(make_activity(hospital, public=True), "visits", "60余")
    assert since(make_frozen_ledger(hospital)).rows == []


def test_what_was_entered_later_is_an_addition(hospital):
    frozen = make_frozen_ledger(hospital)
    make_activity(hospital, title="补录的", public=True)
    make_activity(hospital, title="还是草稿")
    assert told(since(frozen)) == [(ADDED, "补录的", [])]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"status": Activity.Status.WITHDRAWN}, "已撤回"),
        ({"start": date(2023, 9, 1), "end": date(2023, 9, 1)}, "日期改为2023年9月1日"),
    ],
    ids=["withdrawn", "moved"],
)
def test_what_is_gone_says_why(hospital, anybody, fields, why):
    activity = make_activity(hospital, title="报过的", public=True)
    frozen = make_frozen_ledger(hospital)
    change(activity, **fields)
    compared = Compared.of(frozen, None, anybody)
    assert told(compared.differences) == [(REMOVED, "报过的", [])]
    assert compared.now[activity.reference].why == why


def test_what_another_branch_holds_now_is_gone_from_the_branchs_ledger(hospital, anybody):
    branch = make_branch(hospital)
    activity = make_activity(branch=branch, public=True)
    frozen = make_frozen_ledger(branch=branch)
    change(activity, branch=make_branch(hospital))
    assert Compared.of(frozen, None, anybody).now[activity.reference].why == "不再属于这个单位"


def test_what_was_changed_is_told_cell_by_cell(hospital):
    activity = make_activity(hospital, title="义诊", place="广场", summary="去了", public=True)
    frozen = make_frozen_ledger(hospital)
    change(activity, place="社区", start=date(2023, 6, 3), end=date(2023, 6, 3))
    assert told(since(frozen)) == [(CHANGED, "义诊", [("活动日期", "2023-06-03"), ("活动地点", "社区")])]


def test_a_row_before_it_makes_no_change_of_a_row(hospital):
    make_activity(hospital, title="六月一日", public=True)
    frozen = make_frozen_ledger(hospital)
    make_activity(hospital, title="六月二日", start=date(2023, 6, 2), public=True)
    assert [row.state for row in since(frozen).rows] == [ADDED]


@pytest.mark.parametrize(
    ("before", "after", "differs"),
    [("60余", "60", True), ("60", "60", False), ("60余", "60余", False), ("几百", "300", True), ("60余", "60多", True)],
)
def test_figures_are_compared_as_they_were_stated(hospital, before, after, differs):
    figure = make_figure(make_activity(hospital, public=True), "visits", before)
    frozen = make_frozen_ledger(hospital)
    quantity = parse(after)
    Figure.objects.filter(pk=figure.pk).update(
        value=quantity.value, precision=quantity.precision, as_stated=quantity.as_stated
    )
    labels = [one.label for row in since(frozen).rows for one in row.changes]
    assert ("服务人次" in labels) is differs


def test_sums_are_told_then_and_now(hospital):
    make_figure(make_activity(hospital, public=True), "visits", "60余")
    frozen = make_frozen_ledger(hospital)
    make_figure(make_activity(hospital, public=True), "visits", "40")
    (total,) = since(frozen).totals
    assert (total.label, total.before.display(), total.after.display(), total.gap) == (
        "服务人次", "至少60（含约数1项）", "至少100（含约数1项）", "约+40",
    )  # fmt: skip


def test_a_sum_that_nobody_had_given_is_no_zero(hospital):
    frozen = make_frozen_ledger(hospital)
    make_figure(make_activity(hospital, public=True), "visits", "40")
    (total,) = since(frozen).totals
    assert (total.before, total.gap) == (None, "+40")


def test_two_frozen_ledgers_are_compared_the_earlier_first(hospital, anybody):
    earlier = make_frozen_ledger(hospital)
    make_activity(hospital, title="补录的", public=True)
    later = make_frozen_ledger(hospital)
    make_activity(hospital, title="更晚的", public=True)
    for one, other in ((earlier, later), (later, earlier)):
        compared = Compared.of(one, other, anybody)
        assert told(compared.differences) == [(ADDED, "补录的", [])]
        assert (compared.before_label, compared.after_label) == (f"报送{earlier.reference}", f"报送{later.reference}")


def test_columns_of_one_side_are_named_and_not_compared(hospital):
    make_activity(hospital, place="广场", public=True)
    content = Content(make_frozen_ledger(hospital).content)
    data = json.loads(content.text)
    place = next(place for place, column in enumerate(data["columns"]) if column["header"] == "活动地点")
    data["columns"][place]["header"] = "地点"
    data["rows"][0]["cells"][place] = "别处"
    differences = Differences(Content(json.dumps(data)), content)
    assert differences.not_compared == ["地点", "活动地点"]
    assert differences.rows == []


def test_columns_are_found_by_their_header_wherever_they_stand(hospital):
    make_activity(hospital, place="广场", public=True)
    content = Content(make_frozen_ledger(hospital).content)
    data = json.loads(content.text)
    data["columns"].reverse()
    data["rows"][0]["cells"].reverse()
    assert Differences(Content(json.dumps(data)), content).rows == []


def test_a_persons_differences_name_only_records_that_they_may_open(hospital):
    branch, other = make_branch(hospital), make_branch(hospital)
    frozen = make_frozen_ledger(branch=branch)
    make_activity(branch=branch, title="本支部", public=True)
    make_activity(branch=other, title="共同", public=True).joint_branches.add(branch)
    person = make_user("reporter", hospital)
    person.memberships.get().branches.add(branch)
    compared = Compared.of(frozen, None, person)
    assert {row.title for row in compared.differences.rows} == {"本支部", "共同"}
    assert len(compared.now) == 1


def test_the_sheet_has_numbers_and_words(hospital, anybody):
    figure = make_figure(make_activity(hospital, title="义诊", public=True), "visits", "60余")
    frozen = make_frozen_ledger(hospital)
    Figure.objects.filter(pk=figure.pk).update(value=72, precision="exact", as_stated="72")
    lines = list(difference_lines(Compared.of(frozen, None, anybody)))
    assert [line[3:6] for line in lines if line[3] == "服务人次"] == [
        ("服务人次", "60余", 72),
        ("服务人次", "至少60（含约数1项）", 72),
    ]


# ── counted for a list ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_list_counts_what_each_page_tells(hospital):
    branch = make_branch(hospital)
    changed, gone = make_activity(branch=branch, public=True), make_activity(hospital, public=True)
    ledgers = [make_frozen_ledger(hospital), make_frozen_ledger(branch=branch)]
    ledgers.append(make_frozen_ledger(hospital, start=date(2022, 1, 1), end=date(2022, 12, 31)))
    change(changed, place="改了")
    change(gone, status=Activity.Status.WITHDRAWN)
    make_activity(hospital, public=True)
    assert [count_differences(ledgers)[frozen.pk] for frozen in ledgers] == [3, 1, 0]
    assert [len(since(frozen).rows) for frozen in ledgers] == [3, 1, 0]


def test_counting_takes_as_many_queries_for_one_as_for_many(hospital, django_assert_num_queries):
    ledgers = []
    for _number in range(4):
        make_activity(hospital, public=True)
        ledgers.append(make_frozen_ledger(hospital))
    rows = list(FrozenLedger.objects.with_unit().without_content())
    with django_assert_num_queries(3):
        count_differences(rows[:1])
    with django_assert_num_queries(3):
        count_differences(rows)


def test_a_ledger_that_is_too_large_is_left_to_its_page(hospital, monkeypatch):
    make_activity(hospital, public=True)
    frozen = make_frozen_ledger(hospital)
    monkeypatch.setattr("branches.frozen_compared.MOST_COUNTED", 0)
    assert count_differences([frozen]) == {}
