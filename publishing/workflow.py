"""How a record becomes public and ceases to be: the only code that changes a status.

Each verb asks whether the person may, then changes the status by one conditional UPDATE, so that of several people
pressing at once exactly one succeeds and the others are told.
"""

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from publishing.models import Publishable


class StaleStatus(Exception):
    """Somebody else changed the record's status first. The message is for the person who pressed second."""


def publish(record: "Publishable", *, by) -> None:
    """Make a draft public now. The time is the system's, never typed."""
    _require(
        record.can_be_published_by(by), _("您没有发布这条记录的权限：录入人不能发布自己的内容，请交由审核人发布。")
    )
    _move(record, record.Status.PUBLISHED, published_at=timezone.now())


def withdraw(record: "Publishable", *, by) -> None:
    """Take a record off the public site, or put a mistaken draft aside. It stays in the records."""
    _require(record.can_be_withdrawn_by(by), _("您没有撤回这条记录的权限，请联系医院管理员。"))
    _move(record, record.Status.WITHDRAWN)


def reopen(record: "Publishable", *, by) -> None:
    """Make a withdrawn record a draft again so that it can be corrected and published anew."""
    _require(record.can_be_edited_by(by), _("您没有修改这条记录的权限，请联系医院管理员。"))
    _move(record, record.Status.DRAFT)


#: verb -> the statuses it may start from
STARTS = {
    "published": ("draft",),
    "withdrawn": ("draft", "published"),
    "draft": ("withdrawn",),
}


def _require(allowed: bool, message: str) -> None:
    if not allowed:
        raise PermissionDenied(message)


def _move(record: "Publishable", status: str, **changes) -> None:
    changes |= {"status": status, "updated_at": timezone.now()}
    rows = type(record)._default_manager.filter(pk=record.pk, status__in=STARTS[status])
    if not rows.update(**changes):
        record.refresh_from_db(fields=["status"])
        raise StaleStatus(
            _("没有改动：这条记录现在是“%(status)s”，可能刚被别人处理过。请刷新页面后再看。")
            % {"status": record.get_status_display()}
        )
    for name, value in changes.items():
        setattr(record, name, value)
