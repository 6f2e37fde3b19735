"""Logins in the log: Django's signals are the only door that all of them pass."""

from axes.signals import user_locked_out
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from publishing import log


def connect() -> None:
    for signal, receiver in (
        (user_logged_in, logged_in),
        (user_logged_out, logged_out),
        (user_login_failed, failed),
        (user_locked_out, locked_out),
    ):
        signal.connect(receiver, dispatch_uid=f"publishing.{receiver.__name__}")


def logged_in(sender, request, user, **kwargs):
    log.record(log.Verb.LOGIN, by=user, address=log.address_of(request))


def logged_out(sender, request, user, **kwargs):
    if user is not None:
        log.record(log.Verb.LOGOUT, by=user, address=log.address_of(request))


def failed(sender, credentials, request=None, **kwargs):
    if not getattr(request, "axes_locked_out", False):  # else ``locked_out`` has said so
        log.login_failed(_account(credentials), address=log.address_of(request) if request else None)


def locked_out(sender, request, **kwargs):
    if request.axes_failures_since_start is None:  # none are counted while it lasts
        why = _("已锁定，没有核对密码")
    else:
        minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
        why = _("连续失败%(times)d次，锁定%(minutes)d分钟") % {"times": settings.AXES_FAILURE_LIMIT, "minutes": minutes}
    log.login_failed(_account(request.axes_credentials), why=why, address=log.address_of(request), is_once=True)


def counted_name(request, credentials: dict | None) -> str:
    """Under what failures are counted (AXES_USERNAME_CALLABLE): what was typed may be a password and is not kept."""
    typed = (credentials or request.POST).get("username") or ""
    return salted_hmac("publishing.signals.counted_name", typed).hexdigest()


def _account(credentials: dict | None):
    typed = (credentials or {}).get("username") or ""
    return get_user_model()._default_manager.filter(username=typed).first()
