"""The verbs: who may, from which status, and what happens to the second of two people."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from branches.models import Activity
from hospitals.roles import Role
from publishing.workflow import StaleStatus
from tests.factories import make_activity, make_hospital, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def hospital():
    return make_hospital()


@pytest.fixture
def reporter(hospital):
    return make_user(role=Role.REPORTER, hospital=hospital)


@pytest.fixture
def reviewer(hospital):
    return make_user(role=Role.FINAL_REVIEWER, hospital=hospital)


@pytest.fixture
def manager(hospital):
    return make_user(role=Role.MANAGER, hospital=hospital)


@pytest.fixture
def draft(hospital, reporter):
    return make_activity(hospital=hospital, created_by=reporter, updated_by=reporter)


def test_a_new_record_is_a_draft_and_not_public(draft):
    assert not Activity.objects.public().exists()


def test_the_final_reviewer_makes_a_draft_public_at_the_systems_time(draft, reviewer):
    before = timezone.now()
    draft.publish(by=reviewer)
    assert before <= Activity.objects.public().get().published_at <= timezone.now()


def test_a_reporter_cannot_publish(draft, reporter):
    with pytest.raises(PermissionDenied):
        draft.publish(by=reporter)


def test_nobody_publishes_what_they_wrote_even_as_reviewer(hospital, reviewer):
    own = make_activity(hospital=hospital, created_by=reviewer, updated_by=reviewer)
    with pytest.raises(PermissionDenied):
        own.publish(by=reviewer)


def test_nobody_publishes_what_they_edited_last(hospital, reporter, reviewer):
    edited = make_activity(hospital=hospital, created_by=reporter, updated_by=reviewer)
    with pytest.raises(PermissionDenied):
        edited.publish(by=reviewer)


def test_a_reviewer_of_another_hospital_cannot_publish(draft):
    stranger = make_user(role=Role.FINAL_REVIEWER, hospital=make_hospital())
    with pytest.raises(PermissionDenied):
        draft.publish(by=stranger)


def test_the_second_to_publish_is_told_what_happened(draft, reviewer):
    second = Activity.objects.get(pk=draft.pk)
    draft.publish(by=reviewer)
    with pytest.raises(StaleStatus, match="已发布"):
        second.publish(by=reviewer)


def test_a_withdrawn_record_leaves_the_site_at_once_and_stays_in_the_records(draft, reviewer, manager):
    draft.publish(by=reviewer)
    draft.withdraw(by=manager)
    assert not Activity.objects.public().exists()
    assert Activity.objects.filter(pk=draft.pk).exists()


def test_a_reporter_cannot_withdraw_what_is_public(draft, reporter, reviewer):
    draft.publish(by=reviewer)
    with pytest.raises(PermissionDenied):
        draft.withdraw(by=reporter)


def test_a_reporter_can_put_a_mistaken_draft_aside(draft, reporter):
    draft.withdraw(by=reporter)
    assert draft.status == Activity.Status.WITHDRAWN


def test_a_withdrawn_record_cannot_be_published_before_it_is_a_draft_again(draft, reviewer, reporter):
    draft.withdraw(by=reporter)
    with pytest.raises(StaleStatus):
        draft.publish(by=reviewer)


def test_a_reopened_record_can_be_published_again(draft, reviewer, reporter):
    draft.withdraw(by=reporter)
    draft.reopen(by=reporter)
    draft.publish(by=reviewer)
    assert draft.is_public


def test_a_record_of_a_closed_hospital_is_not_public(draft, reviewer, hospital):
    draft.publish(by=reviewer)
    type(hospital).objects.filter(pk=hospital.pk).update(is_active=False)
    assert not Activity.objects.public().exists()


def test_who_may_is_asked_of_the_row_as_it_is_now(draft, hospital, reporter, reviewer):
    """A draft loaded before somebody published it is not withdrawn with the rights one has over a draft."""
    loaded_before = Activity.objects.get(pk=draft.pk)
    draft.publish(by=reviewer)
    with pytest.raises(PermissionDenied):
        loaded_before.withdraw(by=reporter)
    assert Activity.objects.public().exists()


def test_an_edit_after_the_page_was_loaded_takes_the_right_to_publish(draft, reviewer):
    loaded_before = Activity.objects.get(pk=draft.pk)
    draft.updated_by = reviewer
    draft.save()
    with pytest.raises(PermissionDenied):
        loaded_before.publish(by=reviewer)
