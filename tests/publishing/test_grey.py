"""Days of mourning: the site is grey from the first day through the last, by the calendar of Beijing."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from publishing.models import GreyPeriod, LogEntry
from tests.factories import make_grey_period, make_user

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2023, 4, 4), date(2023, 4, 6)


@pytest.fixture
def period():
    return make_grey_period(first_day=FIRST, last_day=LAST)


def is_grey_at(client, monkeypatch, moment: datetime) -> bool:
    monkeypatch.setattr(timezone, "now", lambda: moment)
    return '<html lang="zh-CN" class="grey">' in client.get("/").content.decode()


def in_beijing(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


@pytest.mark.parametrize(
    ("moment", "grey"),
    [
        pytest.param(in_beijing(FIRST, 0) - timedelta(seconds=1), False, id="the evening before"),
        pytest.param(in_beijing(FIRST, 0), True, id="the first minute"),
        pytest.param(in_beijing(LAST, 23, 59), True, id="the last minute"),
        pytest.param(in_beijing(LAST, 0) + timedelta(days=1), False, id="the day after"),
    ],
)
def test_the_site_is_grey_from_the_first_day_through_the_last(client, period, monkeypatch, moment, grey):
    assert is_grey_at(client, monkeypatch, moment) is grey


def test_a_page_that_is_kept_turns_grey_as_soon_as_the_days_are_entered(client, monkeypatch):
    assert not is_grey_at(client, monkeypatch, in_beijing(FIRST, 12))
    make_grey_period(first_day=FIRST, last_day=LAST)
    assert is_grey_at(client, monkeypatch, in_beijing(FIRST, 12))


def test_a_browser_that_has_the_coloured_page_is_given_the_grey_one(client, period, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: in_beijing(FIRST, 0) - timedelta(minutes=1))
    etag = client.get("/")["ETag"]
    monkeypatch.setattr(timezone, "now", lambda: in_beijing(FIRST, 0))
    assert client.get("/", headers={"if-none-match": etag}).status_code == 200


def test_large_text_and_grey_go_together(client, period, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: in_beijing(FIRST, 12))
    client.cookies["care"] = "1"
    assert '<html lang="zh-CN" class="care grey">' in client.get("/").content.decode()


def test_the_admin_stays_in_colour(client, period, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: in_beijing(FIRST, 12))
    client.force_login(make_user(is_superuser=True))
    assert 'class="grey"' not in client.get("/admin/").content.decode()


def test_a_period_that_ends_before_it_begins_is_refused_at_its_last_day():
    with pytest.raises(ValidationError) as refusal:
        GreyPeriod(first_day=LAST, last_day=FIRST, reason="写反了").full_clean()
    assert "最后一天早于第一天" in refusal.value.message_dict["last_day"][0]


def test_the_database_refuses_a_period_that_ends_before_it_begins():
    with pytest.raises(IntegrityError), transaction.atomic():
        make_grey_period(first_day=LAST, last_day=FIRST)


def test_the_administrator_enters_the_days_and_the_log_has_them(client):
    client.force_login(make_user(is_superuser=True))
    add = "/admin/publishing/greyperiod/add/"
    form = client.get(add).context["adminform"].form
    hidden = {field.html_name: field.value() for field in form.hidden_fields()}
    sent = {"first_day": "2023-04-04", "last_day": "2023-04-06", "reason": "全国哀悼日", "_save": "1"}
    client.post(add, {name: value for name, value in hidden.items() if value is not None} | sent)
    period = GreyPeriod.objects.get()
    assert (period.first_day, period.last_day) == (FIRST, LAST)
    assert LogEntry.objects.filter(about_type__model="greyperiod", about_id=period.pk).exists()


@pytest.mark.parametrize("role", ["reporter", "final_reviewer", "manager"])
def test_only_the_administrator_decides_on_the_days(client, period, role):
    client.force_login(make_user(role))
    assert client.get("/admin/publishing/greyperiod/").status_code == 403
    assert client.get("/admin/publishing/greyperiod/add/").status_code == 403
