"""What a page was made from: whether it is still the same, and what may be kept until it is not.

The database says when anything the public may read has changed: a trigger on every table of content marks a row
(``Change``), whichever way the row was written. From that mark, the hour and the code comes a token; a page's ETag and
everything kept in the cache carry it, so that nothing of it outlives the content and nothing has to be thrown away.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, wraps
from hashlib import blake2b
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.http import HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.http import http_date, parse_etags
from django.views.decorators.http import require_safe

from publishing.models import Change, Publishable

#: seconds that a browser or a server on the way may show a page without asking again
PAGE_LIFE = 30
_KEPT_FOR = 60 * 60
_ENDINGS = {".css", ".html", ".js", ".mo", ".png", ".py", ".svg", ".webp"}
_NOTHING = object()


@dataclass(frozen=True)
class Stamp:
    """The state of all public content at one moment."""

    token: str
    changed_at: datetime | None  # None before anything was ever written

    @classmethod
    def now(cls) -> "Stamp":
        """One query; one more after each change, for the hours at which something becomes public."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*), sum(mark), max(at) FROM {Change._meta.db_table}")
            count, marks, at = cursor.fetchone()
        moment = timezone.now()
        if not count:  # emptied tables: nothing can be told, so nothing is kept
            return cls(uuid4().hex, None)
        mark = f"{count}-{marks}"
        # The latest hour and not how many have come: every process has to say the same, whenever it first looked.
        latest = max((hour for hour in _hours(mark, moment) if hour <= moment), default=None)
        midnight = timezone.localtime(moment).replace(hour=0, minute=0, second=0, microsecond=0)
        changed_at = max(hour for hour in (datetime.fromtimestamp(at, UTC), latest, midnight) if hour)
        return cls(_digest(mark, latest, midnight.date(), _release()), changed_at)

    def kept(self, key: tuple, make: Callable[[], Any], shelf: str = "default") -> Any:
        """``make()``, or what it gave before while the content was the same.

        For plain data that depends neither on who asks nor on how the page is shown. ``shelf``: the cache it goes
        into; what is large, or of as many kinds as visitors can think of, has one of its own that holds less.
        """
        name = _digest(self.token, *key)
        value = caches[shelf].get(name, _NOTHING)
        if value is _NOTHING:
            value = make()
            caches[shelf].set(name, value, _KEPT_FOR)
        return value


def public_page(view):
    """A page for everybody: not sent again while nothing has changed, and kept on the way for a short time only.

    What the view itself marks (a preview, a download) is left as it is.
    """

    @require_safe
    @wraps(view)
    def page(request, *args, **kwargs):
        request.stamp = Stamp.now()
        etag = f'W/"{_digest(request.stamp.token, request.get_full_path(), request.COOKIES.get("care") == "1")}"'
        if etag in parse_etags(request.headers.get("If-None-Match", "")):  # who has it was once given the page
            return _marked(HttpResponseNotModified(), etag)
        response = view(request, *args, **kwargs)
        if response.status_code != 200 or response.streaming or response.cookies or "Cache-Control" in response:
            return response
        changed_at = request.stamp.changed_at
        if changed_at:
            response["Last-Modified"] = http_date(changed_at.timestamp())
        _marked(response, etag)
        return get_conditional_response(
            request, etag=etag, last_modified=changed_at and int(changed_at.timestamp()), response=response
        )

    return page


def _marked(response: HttpResponse, etag: str) -> HttpResponse:
    response["ETag"] = etag
    patch_cache_control(response, public=True, max_age=PAGE_LIFE)
    patch_vary_headers(response, ["Cookie"])  # the 关怀版 cookie
    return response


def _hours(mark: str, moment: datetime) -> list[datetime]:
    """The latest hours that records became public when this content was first asked for, and the soonest to come."""
    name = _digest("hours", mark)
    looked_at, hours = caches["default"].get(name) or (None, [])
    if looked_at is None or looked_at > moment:
        first, *others = (model._default_manager.hours() for model in _publishable())
        hours = [hour for (hour,) in first.union(*others).order_by("published_at")[:1000]]
        caches["default"].set(name, (moment, hours), None)
    return hours


def _publishable() -> list[type[Publishable]]:
    return [model for model in apps.get_models() if issubclass(model, Publishable)]


def _digest(*parts: Any) -> str:
    return blake2b("\x1f".join(map(str, parts)).encode(), digest_size=12).hexdigest()


def _release() -> str:
    """Which code and templates make the pages."""
    return _look_at_files() if settings.DEBUG else _release_once()


@cache
def _release_once() -> str:
    return _look_at_files()


def _look_at_files() -> str:
    folders = ("articles", "branches", "config", "hospitals", "locale", "publishing", "templates")
    files = (file for folder in folders for file in sorted(Path(settings.BASE_DIR, folder).rglob("*")))
    looks = ((file, file.stat()) for file in files if file.suffix in _ENDINGS)
    return _digest(*(f"{file.name} {look.st_size} {look.st_mtime_ns}" for file, look in looks))


# -- The triggers


def content_tables() -> Iterator[str]:
    """Every table with something that a visitor may be shown; models say ``changes_the_site = False`` where not."""
    for label in settings.CONTENT_APPS:
        for model in apps.get_app_config(label).get_models(include_auto_created=True):
            owner = model._meta.auto_created or model
            if model._meta.managed and getattr(owner, "changes_the_site", True):
                yield model._meta.db_table


def watch_tables(sender: Any = None, **kwargs: Any) -> None:
    """After ``migrate``: put the triggers on tables that have none; rebuilding a table drops them on SQLite."""
    existing = set(connection.introspection.table_names())
    if Change._meta.db_table not in existing:
        return
    watch = _watch_on_postgresql if connection.vendor == "postgresql" else _watch_on_sqlite
    with connection.cursor() as cursor:
        for table in content_tables():
            if table in existing:
                watch(cursor, table)


def _watch_on_postgresql(cursor: Any, table: str) -> None:
    cursor.execute(
        "SELECT 1 FROM pg_trigger WHERE tgname = %s AND tgrelid = %s::regclass",
        [f"{table}_changed", connection.ops.quote_name(table)],
    )
    if cursor.fetchone() is None:
        cursor.execute(
            f'CREATE TRIGGER "{table}_changed" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "{table}" '
            "FOR EACH STATEMENT EXECUTE FUNCTION publishing_note_change()"
        )


def _watch_on_sqlite(cursor: Any, table: str) -> None:
    for event in ("INSERT", "UPDATE", "DELETE"):
        cursor.execute(
            f'CREATE TRIGGER IF NOT EXISTS "{table}_changed_{event.lower()}" AFTER {event} ON "{table}" BEGIN '
            "INSERT OR IGNORE INTO publishing_change (key, mark, at) VALUES (1, 0, 0); "
            "UPDATE publishing_change SET mark = abs(random()) / 1024, at = strftime('%%s', 'now') WHERE key = 1; END",
            [],
        )
