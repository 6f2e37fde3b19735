"""The log: one row for each write, login, refusal and export. It is only added to."""

import ipaddress
from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from publishing.models.log import LogEntry

Verb = LogEntry.Verb
#: Of what anybody can bring about by asking again and again (refusals, failed logins), one person gets at most so many
#: rows in a minute; that is more than an honest mistake makes and too few to fill a disk.
MOST_A_MINUTE = 30


def record(verb: str, *, by, **what) -> LogEntry:
    """Write down what was done. ``what`` as in ``entry``."""
    written = entry(verb, by=by, **what)
    written.save()
    return written


def entry(
    verb: str,
    *,
    by,
    about: models.Model | type[models.Model] | None = None,
    institution=None,
    changes: list[dict] | None = None,
    reason: str = "",
    is_override: bool = False,
    address: str | None = None,
) -> LogEntry:
    """A row of the log that is not written yet.

    ``by``: the person, or None where it is not known · ``about``: a row, or a model where it is about many of its rows;
    a working copy is logged as the record it will become · ``institution``: whose it is, where ``about`` does not say;
    what is about no row belongs to the institution of the person · ``changes``: as ``content.changes_between`` gives.
    """
    is_known = by is not None and by.is_authenticated
    is_row = isinstance(about, models.Model)
    institution = institution or getattr(about if is_row else by, "institution", None)
    return LogEntry(
        at=timezone.now(),
        user=by if is_known else None,
        user_name=str(by) if is_known else "",
        institution_id=institution.pk if institution else None,
        institution=str(institution or "")[:80],
        verb=verb,
        about_type=ContentType.objects.get_for_model(about) if about else None,
        about_id=key_of(about) if is_row else "",
        about=str(about if is_row else about._meta.verbose_name if about else "")[:200],
        changes=changes or [],
        reason=str(reason),
        is_override=is_override,
        address=address,
    )


def key_of(row: models.Model) -> str:
    """Under which number a row is in the log: a working copy has that of the record it will become."""
    return str(getattr(row, "root_pk", row.pk) or "")


def refused(
    what: str,
    *,
    by,
    about: models.Model | None = None,
    why: str = "",
    address: str | None = None,
    refusal: Exception | None = None,
) -> LogEntry | None:
    """Somebody tried what they may not, or came too late: ``what`` they tried, ``why`` not.

    ``refusal`` is logged by the first who catches it. None where nothing was written: it is in the log already, or this
    person has been refused the same a moment ago.
    """
    if getattr(refusal, "is_logged", False):
        return None
    if refusal is not None:
        refusal.is_logged = True
    reason = "：".join(str(part) for part in (what, why) if part)[:1000]
    return _sparingly(entry(Verb.REFUSED, by=by, about=about, reason=reason, address=address), is_once=True)


def refused_page(request, why: str, refusal: Exception | None = None) -> LogEntry | None:
    """A page that somebody who is logged in asked for and did not get."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    asked = _("打开") if request.method in {"GET", "HEAD"} else _("提交")
    return refused(f"{asked} {request.path}", by=user, why=why, address=address_of(request), refusal=refusal)


def login_failed(account, *, why: str = "", address: str | None, is_once: bool = False) -> LogEntry | None:
    """``account``: whose name was typed, or None where nobody has it; what was typed may be a password and is not kept."""
    why = why or ("" if account else _("没有这个用户名"))
    return _sparingly(entry(Verb.LOGIN_FAILED, by=account, reason=why, address=address), is_once=is_once)


def _sparingly(new: LogEntry, *, is_once: bool) -> LogEntry | None:
    """Write a row unless this person had the same (``is_once``) or too many of its kind in the last minute."""
    latest = LogEntry.objects.filter(
        at__gt=new.at - timedelta(minutes=1), verb=new.verb, user=new.user, address=new.address
    ).values_list("about_type_id", "about_id", "reason")[:MOST_A_MINUTE]
    if len(latest) == MOST_A_MINUTE or (is_once and (new.about_type_id, new.about_id, new.reason) in latest):
        return None
    new.save()
    return new


def own_password_changed(user) -> LogEntry:
    return record(Verb.CHANGE, by=user, about=user, changes=_without_content(["password"], user))


def named_changes(message, model: type[models.Model]) -> list[dict]:
    """The fields that Django says a form changed (``construct_change_message``), where their content is not kept: 密码."""
    steps = message if isinstance(message, list) else []
    named = [step["changed"]["fields"] for step in steps if "changed" in step and "name" not in step["changed"]]
    return [change for names in named for change in _without_content(names, model)]


def _without_content(names: list[str], model: type[models.Model]) -> list[dict]:
    labels = {field.name: field.verbose_name for field in model._meta.fields}
    return [{"name": name, "label": str(labels.get(name, name)), "before": None, "after": None} for name in names]


def address_of(request) -> str | None:
    """Where a request came from. X-Forwarded-For is believed only as far as our own proxies wrote it."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    hops = settings.TRUSTED_PROXIES
    was_forwarded = 0 < hops <= len(forwarded)
    found = forwarded[-hops] if was_forwarded else ""
    return _address(found) or _address(request.META.get("REMOTE_ADDR", ""))


def _address(text: str) -> str | None:
    try:
        found = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    if found.version == 6 and found.scope_id:
        return None  # a database has no place for the name of a network card
    return str(getattr(found, "ipv4_mapped", None) or found)
