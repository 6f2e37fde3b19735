"""Who came, who went, who did not get in; and who is kept out for a while."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.test import Client
from django.urls import reverse

from hospitals.models import Membership
from publishing import log
from publishing.models import LogEntry
from tests.factories import make_hospital, make_user

pytestmark = pytest.mark.django_db
PASSWORD = "long-enough-words"
LIMIT = settings.AXES_FAILURE_LIMIT


@pytest.fixture
def own():
    return make_hospital(name="甲医院")


@pytest.fixture
def reporter(own):
    return make_user("reporter", own, username="wangfang", name="王芳", password=PASSWORD)


def come(client, username="wangfang", password=PASSWORD, address="192.0.2.7", **more):
    typed = {"username": username, "password": password}
    return client.post(reverse("admin:login"), typed, REMOTE_ADDR=address, **more)


def fail(client, times, **how):
    return [come(client, **({"password": "wrong"} | how)) for _number in range(times)]


def rows(*verbs) -> list[LogEntry]:
    return list(LogEntry.objects.filter(verb__in=verbs).order_by("id"))


# ── coming and going ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_login_is_one_row_with_its_address_and_hospital(client, reporter, own):
    come(client)
    (row,) = LogEntry.objects.all()
    assert (row.verb, row.user, row.user_name) == ("login", reporter, "王芳")
    assert (row.address, row.institution_id, row.institution) == ("192.0.2.7", own.pk, "甲医院")


def test_whoever_serves_two_hospitals_logs_in_for_neither(client, reporter):
    Membership.objects.create(user=reporter, hospital=make_hospital(), role="exporter")
    come(client)
    assert rows("login")[0].institution_id is None


def test_two_roles_in_one_hospital_are_one_hospital(client, reporter, own):
    Membership.objects.create(user=reporter, hospital=own, role="exporter")
    come(client)
    assert rows("login")[0].institution_id == own.pk


def test_going_is_one_row(client, reporter):
    come(client)
    client.post(reverse("admin:logout"), REMOTE_ADDR="192.0.2.8")
    (row,) = rows("logout")
    assert (row.user, row.address) == (reporter, "192.0.2.8")


def test_going_twice_is_one_row(client, reporter):
    come(client)
    client.post(reverse("admin:logout"))
    client.post(reverse("admin:logout"))
    assert len(rows("logout")) == 1


# ── not getting in ────────────────────────────────────────────────────────────────────────────────────────────────────


def everything_kept() -> str:
    return str([*LogEntry.objects.values(), *AccessAttempt.objects.values()])


def test_a_wrong_password_is_one_row_under_the_account_and_is_not_kept(client, reporter, own):
    come(client, password="half-remembered")
    (row,) = LogEntry.objects.all()
    assert (row.verb, row.user, row.institution_id, row.address) == ("login_failed", reporter, own.pk, "192.0.2.7")
    assert "half-remembered" not in everything_kept()


def test_what_is_typed_as_a_name_that_nobody_has_is_kept_nowhere(client):
    come(client, username="My-Secret-Words")
    (row,) = LogEntry.objects.all()
    assert (row.verb, row.user, row.user_name, row.reason) == ("login_failed", None, "", "没有这个用户名")
    assert "My-Secret-Words" not in everything_kept()


def test_an_account_that_is_switched_off_does_not_get_in_and_is_in_the_log(client, reporter):
    reporter.is_active = False
    reporter.save()
    come(client)
    assert [row.user for row in rows("login_failed")] == [reporter]


def test_nobody_fills_the_log_with_made_up_names(client):
    for number in range(log.MOST_A_MINUTE + 5):
        come(client, username=f"nobody{number}")
    assert len(rows("login_failed")) == log.MOST_A_MINUTE


# ── being kept out ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_tenth_failure_closes_the_account_with_a_page_in_chinese(client, reporter):
    responses = fail(client, LIMIT)
    assert [response.status_code for response in responses] == [200] * (LIMIT - 1) + [429]
    assert "登录已暂停" in responses[-1].content.decode()


def test_the_right_password_does_not_open_what_is_closed(client, reporter):
    fail(client, LIMIT)
    assert come(client).status_code == 429
    assert "_auth_user_id" not in client.session


def test_the_lock_is_in_the_log(client, reporter):
    fail(client, LIMIT)
    failures = rows("login_failed")
    assert len(failures) == LIMIT
    assert failures[-1].reason == "连续失败10次，锁定15分钟"
    assert failures[-1].user == reporter


def test_knocking_at_what_is_closed_is_one_row_a_minute(client, reporter):
    fail(client, LIMIT + 3)
    assert [row.reason for row in rows("login_failed")][LIMIT:] == ["已锁定，没有核对密码"]


def test_the_same_account_is_open_from_another_address(client, reporter):
    fail(client, LIMIT)
    assert come(client, address="192.0.2.99").status_code == 302


def test_another_account_is_open_from_the_same_address(client, reporter, own):
    make_user("reporter", own, username="zhaomin", password=PASSWORD)
    fail(client, LIMIT)
    assert come(client, username="zhaomin").status_code == 302


def test_another_browser_at_the_same_address_is_kept_out_too(client, reporter):
    fail(client, LIMIT)
    assert come(Client(headers={"user-agent": "another"})).status_code == 429


def test_a_quarter_of_an_hour_later_it_is_open_again(client, reporter):
    fail(client, LIMIT)
    fail(client, 3)  # knocking meanwhile does not put it off
    for attempt in AccessAttempt.objects.all():
        later = attempt.attempt_time - timedelta(minutes=15, seconds=1)
        AccessAttempt.objects.filter(pk=attempt.pk).update(attempt_time=later)
    assert come(client).status_code == 302


def test_getting_in_forgets_the_failures_before(client, reporter):
    fail(client, LIMIT - 1)
    come(client)
    assert [response.status_code for response in fail(client, LIMIT - 1)] == [200] * (LIMIT - 1)


def test_a_name_that_nobody_has_is_closed_as_any_other(client):
    """Else the lock would tell which names exist."""
    assert fail(client, LIMIT, username="nobody")[-1].status_code == 429


# ── where from ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("proxies", "forwarded", "remote", "address"),
    [
        (0, None, "192.0.2.7", "192.0.2.7"),
        (0, "203.0.113.1", "192.0.2.7", "192.0.2.7"),  # nobody is believed
        (1, "203.0.113.1", "10.0.0.1", "203.0.113.1"),
        (1, "1.1.1.1, 203.0.113.1", "10.0.0.1", "203.0.113.1"),  # what the visitor wrote stands on the left
        (2, "1.1.1.1, 203.0.113.1, 10.0.0.2", "10.0.0.1", "203.0.113.1"),
        (2, "203.0.113.1", "10.0.0.1", "10.0.0.1"),  # a way round one of the proxies
        (1, None, "10.0.0.1", "10.0.0.1"),
        (1, "unknown", "10.0.0.1", "10.0.0.1"),
        (1, "203.0.113.1", "", "203.0.113.1"),  # the proxy speaks through a socket
        (0, None, "", None),
        (0, None, "2001:db8::7", "2001:db8::7"),
        (0, None, "::ffff:192.0.2.7", "192.0.2.7"),
        (0, None, "fe80::1%eth0", None),
    ],
)
def test_an_address_is_believed_as_far_as_our_own_proxies_wrote_it(rf, settings, proxies, forwarded, remote, address):
    settings.TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert log.address_of(rf.get("/", REMOTE_ADDR=remote, headers=headers)) == address


def test_whoever_writes_another_address_into_every_request_is_kept_out_all_the_same(client, reporter):
    for number in range(LIMIT):
        fail(client, 1, headers={"X-Forwarded-For": f"203.0.113.{number}"})
    assert come(client).status_code == 429


def test_behind_a_proxy_one_visitor_does_not_close_the_account_for_another(client, reporter, settings):
    settings.TRUSTED_PROXIES = 1
    fail(client, LIMIT, headers={"X-Forwarded-For": "203.0.113.1"})
    assert come(client, headers={"X-Forwarded-For": "203.0.113.2"}).status_code == 302
