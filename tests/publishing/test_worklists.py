"""The lists a person works from: what is on them, for whom, in which order."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.utils import timezone

from hospitals.models import Hospital, User
from hospitals.roles import Role
from publishing.admin_workflow import PublishableAdmin
from publishing.models import Publishable
from publishing.worklists import BOARDS, Task, Worklists
from tests.factories import (
    make_activity,
    make_article,
    make_branch,
    make_brand,
    make_hospital,
    make_initiative,
    make_report,
    make_user,
)
from tests.reviews import rewrite

pytestmark = pytest.mark.django_db

MAKERS = (make_activity, make_article, make_report, make_brand, make_initiative)


def written(author, hospital, make=make_activity, **fields):
    return make(hospital, created_by=author, updated_by=author, **fields)


@pytest.fixture
def draft(hospital, reporter):
    return written(reporter, hospital, title="走进社区义诊")


@pytest.fixture
def handed_in(draft, reporter):
    draft.submit(by=reporter)
    return draft


@pytest.fixture
def sent_back(handed_in, first):
    handed_in.return_(by=first, reason="请补上活动地点。")
    return handed_in


@pytest.fixture
def public(handed_in, first, second, final):
    handed_in.approve(by=first)
    handed_in.approve(by=second)
    return handed_in.approve(by=final)


@pytest.fixture
def worklists_of(rf):
    def make(user):
        request = rf.get("/admin/")
        request.user = User.objects.get(pk=user.pk)
        return Worklists(request, [own for own in admin.site._registry.values() if isinstance(own, PublishableAdmin)])

    return make


@pytest.fixture
def tasks_of(worklists_of):
    def read(user, name) -> list[Task]:
        worklists = worklists_of(user)
        return worklists.tasks({name: worklists.keys(BOARDS[name])})[name]

    return read


@pytest.fixture
def on_board(tasks_of):
    def read(user, name) -> list[Publishable]:
        return [task.record for task in tasks_of(user, name)]

    return read


def at(record, **fields):
    """Time that has passed: nobody waits in a test."""
    type(record).objects.filter(pk=record.pk).update(**fields)
    return record


def ago(**time):
    return timezone.now() - timedelta(**time)


# ── 退回给我的 ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_came_back_says_why_and_who_sent_it_back_at_which_stage(tasks_of, sent_back, reporter):
    (task,) = tasks_of(reporter, "returned")
    entry = task.came_back
    assert (task.record, entry.reason, entry.user_name, entry.title) == (
        sent_back,
        "请补上活动地点。",
        "李明",
        "初审退回",
    )


def test_what_came_back_says_when(tasks_of, sent_back, reporter):
    (task,) = tasks_of(reporter, "returned")
    assert task.moment == sent_back.status_since


def test_of_several_returns_the_last_one_is_told(tasks_of, sent_back, reporter, first):
    sent_back.submit(by=reporter)
    sent_back.return_(by=first, reason="人数还是不对。")
    (task,) = tasks_of(reporter, "returned")
    assert task.came_back.reason == "人数还是不对。"


def test_what_came_back_stays_there_while_it_is_corrected(on_board, sent_back, reporter):
    rewrite(sent_back, by=reporter)
    assert on_board(reporter, "returned") == [sent_back]


def test_what_came_back_comes_back_to_everybody_who_wrote_on_it(on_board, draft, reporter, colleague, first):
    rewrite(draft, by=colleague)
    rewrite(draft, by=reporter)
    draft.submit(by=reporter)
    draft.return_(by=first, reason="请补上活动地点。")
    assert on_board(colleague, "returned") == [draft]


def test_what_came_back_to_a_colleague_is_not_mine(on_board, sent_back, reporter, colleague):
    rewrite(sent_back, by=reporter)
    assert on_board(colleague, "returned") == []


def test_what_was_handed_in_again_has_not_come_back(on_board, sent_back, reporter):
    sent_back.submit(by=reporter)
    assert on_board(reporter, "returned") == []


def test_what_was_taken_back_by_its_writer_was_not_returned(on_board, sent_back, reporter):
    sent_back.submit(by=reporter)
    sent_back.take_back(by=reporter)
    assert on_board(reporter, "returned") == []


def test_a_return_before_the_last_publication_is_past(on_board, sent_back, reporter, first, second, final):
    sent_back.submit(by=reporter)
    for reviewer in (first, second, final):
        sent_back.approve(by=reviewer)
    sent_back.revise(by=reporter)
    assert on_board(reporter, "returned") == []


def test_what_came_back_is_not_of_those_who_wrote_only_on_an_earlier_edition(
    on_board, draft, reporter, colleague, first, second, final
):
    rewrite(draft, by=colleague)
    rewrite(draft, by=reporter)
    draft.submit(by=reporter)
    for reviewer in (first, second, final):
        draft.approve(by=reviewer)
    copy = draft.revise(by=reporter)
    copy.submit(by=reporter)
    copy.return_(by=first, reason="日期不对。")
    assert on_board(colleague, "returned") == []


def test_a_return_of_another_kind_of_record_with_the_same_number_counts_for_nothing(
    on_board, hospital, sent_back, reporter
):
    written(reporter, hospital, make_article, pk=sent_back.pk)
    assert on_board(reporter, "returned") == [sent_back]


def test_a_working_copy_can_come_back(on_board, public, reporter, first):
    copy = public.revise(by=reporter)
    copy.submit(by=reporter)
    copy.return_(by=first, reason="日期不对。")
    assert on_board(reporter, "returned") == [copy]


def test_the_latest_return_is_first(on_board, hospital, reporter, first):
    older, newer = written(reporter, hospital), written(reporter, hospital, make_article)
    for record in (older, newer):
        record.submit(by=reporter)
        record.return_(by=first, reason="请核对。")
    at(older, status_since=ago(hours=5))
    assert on_board(reporter, "returned") == [newer, older]


# ── 等我审核 ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_record_waits_for_the_reviewer_of_its_stage_only(on_board, handed_in, first, second, final):
    assert [on_board(reviewer, "awaiting") for reviewer in (first, second, final)] == [[handed_in], [], []]


def test_approved_at_one_stage_it_waits_at_the_next(on_board, handed_in, first, second, final):
    handed_in.approve(by=first)
    assert [on_board(reviewer, "awaiting") for reviewer in (first, second, final)] == [[], [handed_in], []]


def test_nobodys_own_text_waits_for_them(on_board, hospital):
    both = make_user(Role.REPORTER, hospital)
    both.memberships.create(hospital=hospital, role=Role.FIRST_REVIEWER)
    written(both, hospital).submit(by=both)
    assert on_board(both, "awaiting") == []


def test_nothing_waits_for_who_approved_it_at_an_earlier_stage(on_board, handed_in, first):
    first.memberships.create(hospital=handed_in.hospital, role=Role.SECOND_REVIEWER)
    handed_in.approve(by=first)
    assert on_board(first, "awaiting") == []


def test_nothing_of_another_hospital_waits_for_a_reviewer(on_board, handed_in):
    stranger = make_user(Role.FIRST_REVIEWER, make_hospital())
    assert on_board(stranger, "awaiting") == []


def test_who_reviews_in_two_hospitals_finds_both_on_one_list(tasks_of, handed_in, first):
    other = make_hospital(short_name="乙院")
    first.memberships.create(hospital=other, role=Role.FIRST_REVIEWER)
    author = make_user(Role.REPORTER, other)
    written(author, other, make_article).submit(by=author)
    assert [task.place for task in tasks_of(first, "awaiting")] == ["甲院", "乙院"]


def test_what_has_waited_longest_is_first_whatever_its_kind(on_board, hospital, reporter, first):
    records = [written(reporter, hospital, make) for make in MAKERS]
    for hours, record in enumerate(records):
        record.submit(by=reporter)
        at(record, status_since=ago(hours=hours))
    assert on_board(first, "awaiting") == records[::-1]


@pytest.mark.parametrize(
    ("since", "said"),
    [
        ({"minutes": 59}, "不到1小时"),
        ({"hours": 5, "minutes": 59}, "已等5小时"),
        ({"days": 2}, "已等2天"),
        ({"days": 3, "hours": 5}, "已等3天5小时"),
        ({"minutes": -2}, "不到1小时"),
    ],
)
def test_waiting_is_told_in_days_and_hours(tasks_of, handed_in, first, since, said):
    at(handed_in, status_since=ago(**since))
    (task,) = tasks_of(first, "awaiting")
    assert task.waited == said


@pytest.mark.parametrize(("since", "overdue"), [({"days": 2, "hours": 23}, False), ({"days": 3, "minutes": 1}, True)])
def test_more_than_three_days_is_too_long(tasks_of, handed_in, first, since, overdue):
    at(handed_in, status_since=ago(**since))
    (task,) = tasks_of(first, "awaiting")
    assert task.is_overdue is overdue


# ── 我的草稿 ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_my_drafts_are_those_i_began_and_those_i_edited_last(on_board, hospital, reporter, colleague):
    begun, continued = written(reporter, hospital), written(colleague, hospital)
    rewrite(begun, by=colleague)
    rewrite(continued, by=reporter)
    assert set(on_board(reporter, "drafts")) == {begun, continued}


def test_a_colleagues_draft_is_not_mine(on_board, draft, colleague):
    assert on_board(colleague, "drafts") == []


def test_what_came_back_is_not_among_my_drafts(on_board, sent_back, reporter):
    assert on_board(reporter, "drafts") == []


def test_a_draft_nobody_has_saved_twice_is_among_my_drafts(on_board, draft, reporter):
    """It has no trail at all yet."""
    assert on_board(reporter, "drafts") == [draft]


def test_an_open_working_copy_is_among_my_drafts_and_says_what_it_is(tasks_of, public, reporter):
    copy = public.revise(by=reporter)
    (task,) = tasks_of(reporter, "drafts")
    assert (task.record, task.kind) == (copy, "活动（修订稿）")


def test_the_draft_touched_last_is_first(on_board, hospital, reporter):
    older, newer = written(reporter, hospital), written(reporter, hospital, make_article)
    rewrite(older, by=reporter)
    assert on_board(reporter, "drafts") == [older, newer]


def test_of_two_drafts_saved_in_the_same_moment_the_younger_is_first_on_whatever_page(on_board, hospital, reporter):
    elder, younger = written(reporter, hospital), written(reporter, hospital)
    moment = ago(hours=1)
    for record in (younger, elder):
        at(record, updated_at=moment)
    assert on_board(reporter, "drafts") == [younger, elder]


# ── 送审中的 ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_i_wrote_and_is_under_review_says_where_it_is(tasks_of, handed_in, reporter, first):
    handed_in.approve(by=first)
    (task,) = tasks_of(reporter, "submitted")
    assert task.record.status_text == "待复审"


def test_where_it_is_is_said_in_the_hospitals_own_words(tasks_of, handed_in, reporter):
    Hospital.objects.update(first_review_label="核稿")
    (task,) = tasks_of(reporter, "submitted")
    assert task.record.status_text == "待核稿"


def test_a_draft_is_not_among_what_i_handed_in(on_board, draft, reporter):
    assert on_board(reporter, "submitted") == []


def test_what_has_become_public_is_no_longer_among_what_i_handed_in(on_board, public, reporter):
    assert on_board(reporter, "submitted") == []


def test_what_a_colleague_wrote_is_not_among_what_i_handed_in(on_board, handed_in, colleague):
    assert on_board(colleague, "submitted") == []


# ── 定时发布, 最近发布 ────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_due_sooner_is_first(on_board, hospital, final):
    later = at(make_article(hospital, public=True), published_at=ago(days=-2))
    sooner = at(make_activity(hospital, public=True), published_at=ago(days=-1))
    assert on_board(final, "scheduled") == [sooner, later]


def test_once_its_time_has_come_a_scheduled_record_is_among_the_recent_ones(on_board, public, final):
    at(public, published_at=timezone.now() + timedelta(minutes=1))
    before = (on_board(final, "scheduled"), on_board(final, "latest"))
    at(public, published_at=ago(minutes=1))
    assert (before, on_board(final, "scheduled"), on_board(final, "latest")) == (([public], []), [], [public])


def test_the_newest_publication_is_first(on_board, hospital, final):
    older = at(make_article(hospital, public=True), published_at=ago(days=2))
    newer = at(make_activity(hospital, public=True), published_at=ago(days=1))
    assert on_board(final, "latest") == [newer, older]


def test_a_publication_is_recent_for_thirty_days(on_board, public, final):
    at(public, published_at=ago(days=31))
    assert on_board(final, "latest") == []


def test_what_is_withdrawn_is_not_among_the_recent_ones(on_board, public, hospital, final):
    public.withdraw(by=make_user(Role.MANAGER, hospital), reason="人数有误。")
    assert on_board(final, "latest") == []


# ── every board ───────────────────────────────────────────────────────────────────────────────────────────────────────


def one_for_each_board(hospital, author) -> list[Publishable]:
    """Records that would be on every board of somebody who wrote them all and may review."""
    reviewer = make_user(Role.FIRST_REVIEWER, hospital)
    returned, waiting, copied = (written(author, hospital) for _number in range(3))
    for record in (returned, waiting):
        record.submit(by=author)
    returned.return_(by=reviewer, reason="请核对。")
    public = at(make_activity(hospital, public=True), published_at=ago(days=1))
    scheduled = at(make_activity(hospital, public=True), published_at=timezone.now() + timedelta(days=1))
    return [returned, waiting, copied, public, scheduled]


@pytest.fixture
def gone_elsewhere():
    """Somebody with every role in one hospital, whose texts are all in another, where they no longer serve."""
    there, here = make_hospital(), make_hospital()
    author = make_user(Role.REPORTER, there)
    one_for_each_board(there, author)
    author.memberships.all().delete()
    for role in Role:
        author.memberships.create(hospital=here, role=role)
    return author


@pytest.mark.parametrize("name", BOARDS)
def test_no_board_shows_another_hospitals_rows_not_even_to_who_wrote_them(on_board, gone_elsewhere, name):
    assert on_board(gone_elsewhere, name) == []


@pytest.mark.parametrize("name", BOARDS)
def test_no_board_counts_another_hospitals_rows(worklists_of, gone_elsewhere, name):
    assert worklists_of(gone_elsewhere).counts([BOARDS[name]]) == {name: 0}


@pytest.mark.parametrize("name", BOARDS)
def test_no_board_is_empty_for_whom_those_rows_concern(on_board, name):
    """So that the test before this one means something."""
    hospital = make_hospital()
    author, administrator = make_user(Role.REPORTER, hospital), make_user(is_superuser=True)
    one_for_each_board(hospital, author)
    assert on_board(administrator if name == "awaiting" else author, name)


def test_a_reporter_of_one_branch_meets_only_what_they_may_open(on_board, hospital, reporter):
    own, other = make_branch(hospital), make_branch(hospital)
    reporter.memberships.get().branches.add(own)
    seen, _unseen = (
        at(make_activity(hospital, branch=one, public=True), published_at=ago(days=1)) for one in (own, other)
    )
    assert on_board(reporter, "latest") == [seen]


@pytest.mark.parametrize("name", BOARDS)
def test_a_count_is_the_length_of_its_list(worklists_of, name):
    hospital = make_hospital()
    administrator = make_user(is_superuser=True)
    for make in MAKERS:
        written(administrator, hospital, make)
    for author in (administrator, make_user(Role.REPORTER, hospital)):
        for _number in range(2):
            one_for_each_board(hospital, author)
    worklists = worklists_of(administrator)
    counted = worklists.counts([BOARDS[name]])[name]
    assert counted == len(list(worklists.keys(BOARDS[name]))) == worklists.keys(BOARDS[name]).count() > 0


def test_the_counts_of_all_boards_are_one_query(worklists_of, draft, reporter, django_assert_num_queries):
    worklists = worklists_of(reporter)
    worklists.counts(BOARDS.values())  # roles and content types are known from here on
    with django_assert_num_queries(1):
        assert worklists.counts(BOARDS.values())["drafts"] == 1


def test_a_row_that_is_gone_by_the_time_it_is_read_is_left_out(worklists_of, draft, reporter):
    worklists = worklists_of(reporter)
    keys = list(worklists.keys(BOARDS["drafts"]))
    draft.delete()
    assert worklists.tasks({"drafts": keys}) == {"drafts": []}
