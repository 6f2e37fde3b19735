"""The activity list as a calendar (iCalendar, RFC 5545), for those who keep one: the same filters, the same records.

In it is what has a place in a calendar: activities of stated days, and those of a stated month as an entry over its
days that says so. Left out, and said to be so in the calendar itself: what is dated to a quarter or longer or not at
all, and summaries, which are no activities. An entry never marks the time as taken.
"""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from branches.facts import facts_of
from branches.filters import ActivityFilter
from branches.models import Activity
from branches.periods import Precision
from branches.views import activity_list
from publishing.file_names import content_disposition
from publishing.freshness import public_page
from publishing.live import with_live_since
from publishing.meta import description_of, readable

#: the newest ones; writing twice as many takes longer than a visitor should be able to make the site work
MOST_EVENTS = 1000
CALENDAR_TYPE = "text/calendar; charset=utf-8"
_IN_CALENDAR = (Precision.DAY, Precision.MONTH)


@public_page
def activity_calendar(request):
    form = ActivityFilter(request.GET)
    if not form.is_valid():
        return activity_list(request)
    root = f"{request.scheme}://{request.get_host()}"
    calendar = calendar_of(form.rows(), root, name=_("%s党支部活动") % form.unit, conditions=form.summary)
    response = HttpResponse(calendar.to_ical(), content_type=CALENDAR_TYPE)
    response["Content-Disposition"] = content_disposition(_("%s党支部活动.ics") % f"{form.unit}{form.period_text}")
    return response


def calendar_of(activities: QuerySet, root: str, *, name: str, conditions: str) -> Calendar:
    """``root``: the site's address, which makes numbers permanent beyond the site."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//红帆//党支部活动//ZH")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _line(name))
    calendar.add("x-wr-timezone", timezone.get_default_timezone_name())
    calendar.add("x-wr-caldesc", _line(_scope(conditions)))
    calendar.add("x-published-ttl", "PT12H")
    for activity in _in_calendar(activities):
        calendar.add_component(_event(activity, root))
    calendar.add_missing_timezones()
    return calendar


def _in_calendar(activities: QuerySet) -> QuerySet:
    dated = activities.filter(precision__in=_IN_CALENDAR).exclude(nature=Activity.Nature.SUMMARY)
    return with_live_since(dated.with_summary()).newest_first()[:MOST_EVENTS]


def _scope(conditions: str) -> str:
    return _(
        "筛选条件：%(conditions)s。最多列出最近的%(most)d条；时间未载明、只写到季度或更长时期的活动和阶段汇总不列入，请到网站查看。"
    ) % {"conditions": conditions, "most": MOST_EVENTS}


def _event(activity: Activity, root: str) -> Event:
    address = root + activity.get_absolute_url()
    event = Event()
    event.add("uid", f"{activity.reference}@{root.partition('://')[2]}")
    event.add("dtstamp", activity.live_since)
    event.add("last-modified", activity.live_since)
    start, end = _span(activity)
    event.add("dtstart", start)
    if end:
        event.add("dtend", end)
    event.add("summary", _line(activity.title))
    if activity.place:
        event.add("location", _line(activity.place))
    event.add("description", _description(activity, address))
    event.add("categories", [activity.kind.name])
    event.add("url", address)
    event.add("status", "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return event


def _span(activity: Activity):
    """First moment and last: days, of which iCalendar counts the last one out; or hours of Beijing where one is known."""
    first, last = activity.start, activity.end
    if activity.precision != Precision.DAY or activity.start_time is None:
        return first, last + timedelta(days=1)
    start = timezone.make_aware(datetime.combine(first, activity.start_time))
    if activity.end_time:
        end = timezone.make_aware(datetime.combine(last, activity.end_time))
    else:
        end = start + (last - first)
    return start, end if end > start else None  # an entry must not end when it begins


def _description(activity: Activity, address: str) -> str:
    lines = [_("日期只写到月份。")] if activity.precision == Precision.MONTH else []
    lines += [f"{name}：{text}" for name, text in facts_of(activity)]
    lines += [description_of(activity.summary), address]
    return "\n".join(_line(line) for line in lines if line)


def _line(text: str) -> str:
    return " ".join(readable(text).split())
