"""The activity list as a calendar: every programme reads it, and it says no more than is known."""

from datetime import UTC, date, datetime, time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from branches import calendars
from tests.factories import make_activity, make_branch, make_figure, make_hospital, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def hospital():
    return make_hospital(name="金乡县人民医院", slug="h", code="JX")


def read(client, query: str = "") -> Calendar:
    response = client.get(f"/activities.ics{query}")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(response.content)


def events(client, query: str = "") -> list:
    return read(client, query).walk("VEVENT")


def titles(client, query: str = "") -> list[str]:
    return [str(event["summary"]) for event in events(client, query)]


def test_a_day_is_an_entry_of_that_whole_day(client, hospital):
    activity = make_activity(hospital, title="社区义诊", place="河西社区", public=True)
    (event,) = events(client)
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (date(2023, 6, 1), date(2023, 6, 2))
    assert event["dtstart"].params["VALUE"] == event["dtend"].params["VALUE"] == "DATE"
    assert (str(event["summary"]), str(event["location"])) == ("社区义诊", "河西社区")
    assert str(event["url"]) == f"http://testserver{activity.get_absolute_url()}"
    assert (str(event["status"]), str(event["transp"])) == ("CONFIRMED", "TRANSPARENT")


def test_several_days_end_with_the_day_after_the_last(client, hospital):
    make_activity(hospital, start=date(2023, 12, 30), end=date(2024, 1, 1), public=True)
    (event,) = events(client)
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (date(2023, 12, 30), date(2024, 1, 2))


def test_hours_are_those_of_beijing(client, hospital):
    make_activity(hospital, start_time=time(19), end_time=time(21, 30), public=True)
    calendar = read(client)
    (event,) = calendar.walk("VEVENT")
    start, end = event.decoded("dtstart"), event.decoded("dtend")
    assert event["dtstart"].params["TZID"] == "Asia/Shanghai"
    assert [zone["tzid"] for zone in calendar.walk("VTIMEZONE")] == ["Asia/Shanghai"]
    assert [moment.isoformat() for moment in (start, end)] == ["2023-06-01T19:00:00+08:00", "2023-06-01T21:30:00+08:00"]


def test_an_activity_of_which_only_the_beginning_is_known_has_no_end(client, hospital):
    make_activity(hospital, start_time=time(9), public=True)
    (event,) = events(client)
    assert "dtend" not in event


def test_an_activity_that_ends_when_it_begins_has_no_end(client, hospital):
    make_activity(hospital, start_time=time(9), end_time=time(9), public=True)
    (event,) = events(client)
    assert event.decoded("dtstart").isoformat() == "2023-06-01T09:00:00+08:00"
    assert "dtend" not in event


def test_a_month_is_an_entry_over_its_days_that_says_so(client, hospital):
    make_activity(hospital, precision="month", end=date(2023, 6, 30), public=True)
    (event,) = events(client)
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (date(2023, 6, 1), date(2023, 7, 1))
    assert "日期只写到月份" in str(event["description"])


@pytest.mark.parametrize(
    "fields",
    [
        {"precision": "unknown", "start": None, "end": None},
        {"precision": "quarter", "start": date(2023, 4, 1), "end": date(2023, 6, 30)},
        {"precision": "year", "start": date(2023, 1, 1), "end": date(2023, 12, 31)},
        {"nature": "summary"},
    ],
    ids=["undated", "quarter", "year", "summary"],
)
def test_what_has_no_place_in_a_calendar_is_left_out_and_the_calendar_says_so(client, hospital, fields):
    make_activity(hospital, public=True, **fields)
    calendar = read(client)
    assert calendar.walk("VEVENT") == []
    assert "时间未载明、只写到季度或更长时期的活动和阶段汇总不列入" in str(calendar["x-wr-caldesc"])


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "draft"},
        {"status": "withdrawn", "published_at": datetime(2024, 1, 1, tzinfo=UTC)},
        {"status": "published", "published_at": datetime(2999, 1, 1, tzinfo=UTC)},
    ],
    ids=["draft", "withdrawn", "scheduled"],
)
def test_what_is_not_public_is_in_no_calendar(client, hospital, fields):
    make_activity(hospital, **fields)
    assert events(client) == []


def test_an_entry_tells_the_facts_with_the_figures_as_stated(client, hospital):
    activity = make_activity(
        branch=make_branch(hospital, name="第五支部"), summary="量血压。", figures={"visits": "60余"}, public=True
    )
    make_figure(activity, "leaflets", "777", is_internal=True)
    text = str(events(client)[0]["description"])
    assert [fact for fact in ("金乡县人民医院", "第五支部", "服务人次60余人次", "量血压。") if fact not in text] == []
    assert text.endswith(f"http://testserver{activity.get_absolute_url()}")
    assert "777" not in text


def test_an_entry_keeps_its_number_and_is_dated_by_its_edition(client, hospital):
    admin = make_user(is_superuser=True)
    activity = make_activity(hospital, public=True)
    before = str(events(client)[0]["uid"])
    copy = activity.revise(by=admin)
    copy.submit(by=admin)
    for _review in copy.review_stages:
        copy.approve(by=admin)
    (event,) = events(client)
    activity.refresh_from_db()
    since = activity.versions.get(number=2).public_from.replace(microsecond=0)
    assert before == str(event["uid"]) == "JX-2023-0001@testserver"
    assert event.decoded("last-modified") == event.decoded("dtstamp") == since


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", ["党课", "义诊"]),
        ("?kind=free_clinic", ["义诊"]),
        ("?hospital=h", ["义诊"]),
        ("?period=2024", ["党课"]),
        ("?from=2024-01-01", ["党课"]),
        ("?q=党课", ["党课"]),
        ("?tag=社区", ["义诊"]),
    ],
)
def test_the_calendar_has_what_the_filtered_list_has(client, hospital, query, wanted):
    make_activity(hospital, title="义诊", public=True).tags.add("社区")
    make_activity(title="党课", kind="party_lecture", start=date(2024, 3, 1), public=True)
    assert titles(client, query) == wanted


@pytest.mark.parametrize("query", ["from=abc", "kind=nope", "hospital=nope", "period=2023H9"])
def test_a_filter_that_cannot_be_read_is_answered_as_by_the_list(client, query):
    response, shown = client.get(f"/activities.ics?{query}"), client.get(f"/activities/?{query}")
    assert (response.status_code, shown.status_code) == (400, 400)
    assert "有的条件没看懂" in response.content.decode()


def test_the_calendar_is_named_after_whose_activities_it_holds(client, hospital):
    response = client.get("/activities.ics?hospital=h&period=2023")
    name = "%E9%87%91%E4%B9%A1%E5%8E%BF%E4%BA%BA%E6%B0%91%E5%8C%BB%E9%99%A22023%E5%B9%B4%E5%85%9A%E6%94%AF%E9%83%A8%E6%B4%BB%E5%8A%A8.ics"
    assert name in response["Content-Disposition"]
    assert str(Calendar.from_ical(response.content)["x-wr-calname"]) == "金乡县人民医院党支部活动"
    assert "金乡县人民医院" in str(Calendar.from_ical(response.content)["x-wr-caldesc"])


def test_only_the_newest_are_listed_and_the_calendar_says_how_many(client, hospital, monkeypatch):
    monkeypatch.setattr(calendars, "MOST_EVENTS", 2)
    for day in (1, 2, 3):
        make_activity(hospital, title=f"第{day}日", start=date(2023, 6, day), public=True)
    assert titles(client) == ["第3日", "第2日"]
    assert "最近的2条" in str(read(client)["x-wr-caldesc"])


def test_any_text_arrives_as_it_was_and_adds_no_line_of_its_own(client, hospital):
    title = 'a;b,c\\n"d"\r\nSTATUS:CANCELLED\x0b\x1b😀\u2028“引”'
    make_activity(hospital, title=title, place="x\rTRANSP:OPAQUE", summary="长" * 200, public=True)
    (event,) = events(client)
    assert str(event["summary"]) == 'a;b,c\\n"d" STATUS:CANCELLED😀 “引”'
    assert (str(event["status"]), str(event["transp"])) == ("CONFIRMED", "TRANSPARENT")
    assert str(event["location"]) == "x TRANSP:OPAQUE"
    lines = client.get("/activities.ics").content.split(b"\r\n")
    assert max(map(len, lines)) <= 75


@pytest.mark.parametrize("parameter", ["q", "tag"])
@pytest.mark.parametrize("break_", ["%0a", "%0d%0a", "%0d", "%e2%80%a8"])
def test_a_line_break_in_a_condition_adds_no_line_to_the_calendar(client, hospital, parameter, break_):
    calendar = read(client, f"?{parameter}=x{break_}X-Injected:%201")
    assert "X-INJECTED" not in calendar
    assert "x X-Injected: 1" in str(calendar["x-wr-caldesc"])


def test_the_calendar_costs_the_same_number_of_queries_with_one_entry_and_with_many(client, hospital):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            read(client)
        return len(queries)

    make_activity(hospital, figures={"visits": "1"}, public=True)
    with_one = cost()
    for _number in range(5):
        make_activity(branch=make_branch(hospital), figures={"visits": "1"}, public=True)
    assert cost() == with_one


def test_a_programme_that_has_the_calendar_is_told_so(client, hospital):
    make_activity(hospital, public=True)
    etag = client.get("/activities.ics")["ETag"]
    assert client.get("/activities.ics", headers={"if-none-match": etag}).status_code == 304


def test_the_list_leads_to_the_calendar_of_its_own_conditions(client, hospital):
    make_activity(hospital, public=True)
    assert 'href="/activities.ics?kind=free_clinic"' in client.get("/activities/?kind=free_clinic").content.decode()
