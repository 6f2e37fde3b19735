"""The verbs: what each does, what four eyes forbid, and what happens to whoever comes second."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from branches.models import Activity
from hospitals.roles import Role
from publishing.models import LogEntry, Publishable, ReviewEntry, Step, WatchedWord
from publishing.workflow import StaleStatus
from tests.factories import make_activity, make_branch, make_figure, make_hospital, make_user
from tests.reviews import rewrite

pytestmark = pytest.mark.django_db

Status = Publishable.Status


@pytest.fixture
def draft(hospital, reporter):
    return make_activity(hospital, figures={"visits": "60余"}, created_by=reporter, updated_by=reporter)


@pytest.fixture
def handed_in(draft, reporter):
    draft.submit(by=reporter)
    return draft


@pytest.fixture
def at_last_review(handed_in, first, second):
    handed_in.approve(by=first)
    handed_in.approve(by=second)
    return handed_in


@pytest.fixture
def public(at_last_review, final):
    return at_last_review.approve(by=final)


def hold(user, role, hospital):
    user.memberships.create(hospital=hospital, role=role)
    return type(user).objects.get(pk=user.pk)


# ---- the way to the public


def test_a_new_record_is_a_draft_and_not_public(draft):
    assert draft.status == Status.DRAFT
    assert not Activity.objects.public().exists()


def test_three_people_after_the_writer_make_it_public(draft, reporter, first, second, final):
    draft.submit(by=reporter)
    seen = [draft.status]
    for reviewer in (first, second, final):
        draft.approve(by=reviewer)
        seen.append(draft.status)
    assert seen == [Status.FIRST_REVIEW, Status.SECOND_REVIEW, Status.FINAL_REVIEW, Status.PUBLISHED]
    assert Activity.objects.public().get() == draft


@pytest.mark.parametrize(
    ("count", "statuses"),
    [(1, [Status.FINAL_REVIEW]), (2, [Status.FIRST_REVIEW, Status.FINAL_REVIEW]), (3, list(Publishable.REVIEWS))],
)
def test_a_hospital_passes_as_many_reviews_as_it_has_set(count, statuses, hospital, draft, reporter):
    hospital.review_count = count
    hospital.save()
    draft.refresh_from_db()
    draft.submit(by=reporter)
    seen = []
    while draft.is_under_review:
        seen.append(draft.status)
        draft.approve(by=make_user(f"{draft.status.removesuffix('review')}reviewer", hospital))
    assert seen == statuses
    assert draft.is_public


def test_a_hospital_names_its_reviews_itself(hospital, handed_in):
    type(hospital).objects.update(first_review_label="审稿")
    assert Activity.objects.get(pk=handed_in.pk).status_text == "待审稿"


def test_a_record_waiting_for_a_review_the_hospital_gave_up_goes_on_to_the_next(hospital, handed_in, first, second):
    handed_in.approve(by=first)
    type(hospital).objects.update(review_count=2)
    waiting = Activity.objects.get(pk=handed_in.pk)
    waiting.approve(by=second)
    assert waiting.status == Status.FINAL_REVIEW


def test_the_publication_time_is_the_systems(at_last_review, final):
    before = timezone.now()
    at_last_review.approve(by=final)
    assert before <= Activity.objects.public().get().published_at <= timezone.now()


def test_a_later_time_keeps_it_from_the_public_until_then(at_last_review, final, monkeypatch):
    at = timezone.now() + timedelta(hours=1)
    at_last_review.approve(by=final, at=at)
    assert not Activity.objects.public().exists()
    monkeypatch.setattr(timezone, "now", lambda: at + timedelta(seconds=1))
    assert Activity.objects.public().exists()


def test_a_time_that_has_passed_is_refused_at_its_field(at_last_review, final):
    with pytest.raises(ValidationError) as refusal:
        at_last_review.approve(by=final, at=timezone.now() - timedelta(minutes=1))
    assert "at" in refusal.value.message_dict
    assert not Activity.objects.public().exists()


def test_only_the_last_review_sets_a_time(handed_in, first):
    with pytest.raises(ValidationError):
        handed_in.approve(by=first, at=timezone.now() + timedelta(hours=1))


def test_a_draft_that_breaks_a_rule_of_its_model_is_not_handed_in(draft, reporter):
    Activity.objects.filter(pk=draft.pk).update(title="")
    with pytest.raises(ValidationError) as refusal:
        Activity.objects.get(pk=draft.pk).submit(by=reporter)
    assert "title" in refusal.value.message_dict


# ---- four eyes


def test_nobody_approves_what_they_wrote(hospital, draft, reporter):
    writer = hold(reporter, Role.FIRST_REVIEWER, hospital)
    draft.submit(by=writer)
    with pytest.raises(PermissionDenied):
        draft.approve(by=writer)


def test_nobody_approves_what_they_once_changed_though_another_changed_it_last(hospital, draft, reporter, first):
    helper = hold(first, Role.REPORTER, hospital)
    rewrite(draft, by=helper, title="改过的题目")
    rewrite(draft, by=reporter, title="再改的题目")
    draft.submit(by=reporter)
    with pytest.raises(PermissionDenied):
        draft.approve(by=helper)


def test_nobody_approves_two_reviews_of_one_text(hospital, handed_in, first):
    both = hold(first, Role.SECOND_REVIEWER, hospital)
    handed_in.approve(by=both)
    with pytest.raises(PermissionDenied):
        handed_in.approve(by=both)


def test_who_approved_an_earlier_text_may_review_the_new_one(hospital, handed_in, reporter, first, second):
    both = hold(first, Role.SECOND_REVIEWER, hospital)
    handed_in.approve(by=both)
    handed_in.return_(by=second, reason="地点写错了")
    rewrite(handed_in, by=reporter, place="人和小学")
    handed_in.submit(by=reporter)
    handed_in.approve(by=make_user(Role.FIRST_REVIEWER, hospital))
    handed_in.approve(by=both)
    assert handed_in.status == Status.FINAL_REVIEW


def test_the_same_reviewer_passes_the_same_text_again_after_it_was_returned_unchanged(
    handed_in, reporter, first, second
):
    handed_in.approve(by=first)
    handed_in.return_(by=second, reason="请补照片")
    handed_in.submit(by=reporter)
    handed_in.approve(by=first)
    assert handed_in.status == Status.SECOND_REVIEW


def test_who_wrote_the_last_public_version_may_review_the_next(hospital, public, reporter, first, second, final):
    other = make_user(Role.REPORTER, hospital)
    former = hold(reporter, Role.FIRST_REVIEWER, hospital)
    copy = public.revise(by=other)
    copy.submit(by=other)
    copy.approve(by=former)
    assert copy.status == Status.SECOND_REVIEW


def test_who_opened_a_revision_does_not_review_it(hospital, public, reporter):
    reviser = hold(reporter, Role.FIRST_REVIEWER, hospital)
    copy = public.revise(by=reviser)
    copy.submit(by=reviser)
    with pytest.raises(PermissionDenied):
        copy.approve(by=reviser)


def test_a_reviewer_of_another_hospital_approves_nothing(handed_in):
    with pytest.raises(PermissionDenied):
        handed_in.approve(by=make_user(Role.FIRST_REVIEWER, make_hospital()))


def test_the_administrators_word_is_marked_as_such(handed_in):
    handed_in.approve(by=make_user(is_superuser=True))
    assert ReviewEntry.objects.get(step=Step.APPROVE).is_override
    assert LogEntry.objects.get(verb=Step.APPROVE).is_override


def test_what_waits_for_a_reviewer_is_exactly_what_they_may_approve(hospital, handed_in, reporter, first, second):
    own = make_activity(hospital, created_by=first, updated_by=first)
    own.submit(by=reporter)
    elsewhere = make_activity()
    elsewhere.submit(by=make_user(is_superuser=True))
    assert list(Activity.objects.awaiting_review_by(first)) == [handed_in]
    assert not Activity.objects.awaiting_review_by(second).exists()


# ---- exact content


def test_a_text_changed_behind_the_reviews_is_not_approved(handed_in, first):
    Activity.objects.filter(pk=handed_in.pk).update(title="另一个题目")
    with pytest.raises(StaleStatus, match="变动"):
        handed_in.approve(by=first)


def test_a_figure_added_behind_the_reviews_is_noticed(handed_in, first):
    make_figure(handed_in, "volunteers", "20")
    with pytest.raises(StaleStatus):
        handed_in.approve(by=first)


def test_a_branch_renamed_during_the_reviews_does_not_stop_them(hospital, reporter, first):
    branch = make_branch(hospital)
    record = make_activity(branch=branch, created_by=reporter)
    record.submit(by=reporter)
    branch.name = "改名后的支部"
    branch.save()
    record.approve(by=first)
    assert record.status == Status.SECOND_REVIEW


# ---- coming second


def test_who_looked_at_an_older_text_approves_nothing(draft, reporter, first):
    draft.submit(by=reporter)
    looked_at = Activity.objects.get(pk=draft.pk)
    draft.return_(by=first, reason="请改题目")
    rewrite(draft, by=reporter, title="改过的题目")
    draft.submit(by=reporter)
    with pytest.raises(StaleStatus):
        looked_at.approve(by=first)


def test_the_second_to_approve_is_told_what_happened(hospital, handed_in, first):
    also_first = make_user(Role.FIRST_REVIEWER, hospital)
    looked_at = Activity.objects.get(pk=handed_in.pk)
    handed_in.approve(by=first)
    with pytest.raises(PermissionDenied):  # it waits for the second review by now
        looked_at.approve(by=also_first)
    with pytest.raises(StaleStatus):
        looked_at.take_back(by=handed_in.created_by)


# ---- back to the writer


def test_a_return_needs_a_reason(handed_in, first):
    with pytest.raises(ValidationError) as refusal:
        handed_in.return_(by=first, reason="  ")
    assert "reason" in refusal.value.message_dict


def test_a_returned_text_is_a_draft_with_the_reason_in_its_trail(handed_in, first):
    handed_in.return_(by=first, reason="请核对人次")
    assert handed_in.status == Status.DRAFT
    assert handed_in.trail.last().reason == "请核对人次"


def test_a_writer_takes_back_what_nobody_has_reviewed(handed_in, reporter):
    handed_in.take_back(by=reporter)
    assert handed_in.status == Status.DRAFT


def test_what_is_partly_reviewed_is_not_taken_back(handed_in, reporter, first):
    handed_in.approve(by=first)
    with pytest.raises(StaleStatus, match="退回"):
        handed_in.take_back(by=reporter)


# ---- withdrawing


def test_a_withdrawn_record_leaves_the_site_at_once_and_stays_in_the_records(public, manager):
    public.withdraw(by=manager, reason="数字有误")
    assert not Activity.objects.public().exists()
    assert Activity.objects.get(pk=public.pk).status == Status.WITHDRAWN


def test_a_withdrawal_needs_a_reason(public, manager):
    with pytest.raises(ValidationError):
        public.withdraw(by=manager, reason="")
    assert Activity.objects.public().exists()


def test_a_writer_puts_a_mistaken_draft_aside(draft, reporter):
    draft.withdraw(by=reporter, reason="重复了")
    assert draft.status == Status.WITHDRAWN


def test_a_record_put_aside_goes_through_all_reviews_before_it_is_public(draft, reporter, first, second, final):
    draft.withdraw(by=reporter, reason="重复了")
    copy = draft.revise(by=reporter)
    copy.submit(by=reporter)
    for reviewer in (first, second):
        copy.approve(by=reviewer)
    assert not Activity.objects.public().exists()
    assert copy.approve(by=final).pk == draft.pk
    assert Activity.objects.public().get().pk == draft.pk


def test_who_may_is_asked_of_the_row_as_it_is_now(draft, reporter, first, second, final):
    """A draft loaded before it was published is not withdrawn with the rights one has over a draft."""
    loaded_before = Activity.objects.get(pk=draft.pk)
    draft.submit(by=reporter)
    for reviewer in (first, second, final):
        draft.approve(by=reviewer)
    with pytest.raises(PermissionDenied):
        loaded_before.withdraw(by=reporter, reason="重复了")
    assert Activity.objects.public().exists()


def test_a_record_of_a_closed_hospital_is_not_public(public, hospital):
    type(hospital).objects.filter(pk=hospital.pk).update(is_active=False)
    assert not Activity.objects.public().exists()


# ---- findings that block


@pytest.fixture
def with_finding(at_last_review):
    WatchedWord.objects.create(word="测试活动", severity="block", advice="换一个题目。")
    return at_last_review


def test_a_blocking_finding_stops_the_last_approval_and_says_where(with_finding, final):
    with pytest.raises(ValidationError, match="活动主题"):
        with_finding.approve(by=final)
    assert not Activity.objects.public().exists()


def test_a_second_person_lets_it_pass_with_a_reason_that_is_logged(with_finding, final, manager):
    with_finding.override(by=manager, reason="题目就是这样")
    with_finding.approve(by=final)
    assert Activity.objects.public().exists()
    assert LogEntry.objects.get(verb=Step.OVERRIDE).reason == "题目就是这样"


def test_who_let_it_pass_does_not_also_approve(with_finding, final):
    with_finding.override(by=final, reason="题目就是这样")
    with pytest.raises(ValidationError):
        with_finding.approve(by=final)


def test_who_wrote_it_does_not_let_it_pass(hospital, with_finding, reporter):
    writer = hold(reporter, Role.MANAGER, hospital)
    with pytest.raises(PermissionDenied):
        with_finding.override(by=writer, reason="题目就是这样")


def test_a_pass_is_for_one_text_only(with_finding, final, manager, reporter, first, second):
    with_finding.override(by=manager, reason="题目就是这样")
    with_finding.return_(by=final, reason="再改改")
    rewrite(with_finding, by=reporter, place="人和小学")
    with_finding.submit(by=reporter)
    with_finding.approve(by=first)
    with_finding.approve(by=second)
    with pytest.raises(ValidationError):
        with_finding.approve(by=final)


# ---- what is kept


def test_each_public_version_is_kept_with_its_seal_and_its_approvals(public):
    version = public.versions.get()
    assert (version.number, version.is_intact) == (1, True)
    assert version.content["parts"]["figures"][0]["as_stated"] == "60余"
    assert [(approval["label"], approval["name"]) for approval in version.approvals] == [
        ("初审", "李明"), ("复审", "赵强"), ("终审", "陈静"),
    ]  # fmt: skip


def test_the_trail_names_every_step(public):
    assert [str(entry.title) for entry in public.trail] == ["送审", "初审通过", "复审通过", "终审通过"]


def test_every_step_leaves_one_row_in_the_log(public):
    steps = [Step.SUBMIT, Step.APPROVE, Step.APPROVE, Step.APPROVE]
    assert list(LogEntry.objects.order_by("id").values_list("verb", flat=True)) == steps
    assert set(LogEntry.objects.values_list("institution_id", flat=True)) == {public.hospital_id}


def test_an_override_lets_nothing_pass_that_was_found_only_afterwards(with_finding, final, manager):
    with_finding.override(by=manager, reason="题目就是这样")
    WatchedWord.objects.create(word=with_finding.title[-4:], severity="block", advice="换一个题目。")
    with pytest.raises(ValidationError):
        with_finding.approve(by=final)


def test_who_had_a_revision_on_the_screen_does_not_undo_a_withdrawal(public, reporter, first, second, final, manager):
    copy = public.revise(by=reporter)
    copy.submit(by=reporter)
    copy.approve(by=first)
    copy.approve(by=second)
    looked_at = Activity.objects.get(pk=copy.pk)
    public.withdraw(by=manager, reason="含患者隐私")
    with pytest.raises(StaleStatus):
        looked_at.approve(by=final)
    assert not Activity.objects.public().exists()


def test_what_a_rule_of_the_model_settles_is_settled_when_it_is_handed_in(hospital, reporter, first):
    """A month that was saved as three days of it, by an import: what is reviewed is what is stored."""
    days = {"start": date(2023, 5, 3), "end": date(2023, 5, 3), "precision": "month"}
    record = make_activity(hospital, created_by=reporter, **days)
    record.submit(by=reporter)
    record.approve(by=first)
    assert record.status == Status.SECOND_REVIEW


def test_a_limited_reporter_does_not_hand_in_what_is_of_another_branch(hospital, public):
    limited = make_user(Role.REPORTER, hospital)
    own = make_branch(hospital)
    own.reporters.add(limited.memberships.get())
    copy = make_activity(branch=make_branch(hospital), created_by=limited, updated_by=limited)
    with pytest.raises(PermissionDenied, match="您只填报"):
        copy.submit(by=limited)
