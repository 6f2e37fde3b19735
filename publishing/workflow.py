"""How a record becomes public and ceases to be: the only code that changes a status.

Each verb locks the row, asks whether the person may, and changes the status by one conditional UPDATE, so that of
several people pressing at once exactly one succeeds and the others are told.
"""

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from publishing.models import Publishable


class StaleStatus(Exception):
    """Somebody else changed the record's status first. The message is for the person who pressed second."""


def publish(record: "Publishable", *, by) -> None:
    """Make a draft public now. The time is the system's, never typed."""
    refusal = _("您没有发布这条记录的权限：录入人不能发布自己的内容，请交由审核人发布。")
    _move(record, record.Status.PUBLISHED, by, "can_be_published_by", refusal, published_at=timezone.now())


def withdraw(record: "Publishable", *, by) -> None:
    """Take a record off the public site, or put a mistaken draft aside. It stays in the records."""
    refusal = _("您没有撤回这条记录的权限，请联系医院管理员。")
    _move(record, record.Status.WITHDRAWN, by, "can_be_withdrawn_by", refusal)


def reopen(record: "Publishable", *, by) -> None:
    """Make a withdrawn record a draft again so that it can be corrected and published anew."""
    refusal = _("您没有修改这条记录的权限，请联系医院管理员。")
    _move(record, record.Status.DRAFT, by, "can_be_edited_by", refusal)


#: status -> the statuses it may be reached from
STARTS = {
    "published": ("draft",),
    "withdrawn": ("draft", "published"),
    "draft": ("withdrawn",),
}


def _move(record: "Publishable", status: str, by, right: str, refusal: str, **changes) -> None:
    """Ask and act on the row as it is now, locked: what the caller loaded may be older than somebody's edit."""
    rows = type(record)._default_manager
    with transaction.atomic():
        current = rows.select_for_update().get(pk=record.pk)
        if not getattr(current, right)(by):
            raise PermissionDenied(refusal)
        changes |= {"status": status, "updated_at": timezone.now()}
        moved = rows.filter(pk=record.pk, status=current.status, status__in=STARTS[status]).update(**changes)
    if not moved:
        record.status = current.status
        raise StaleStatus(
            _("没有改动：这条记录现在是“%(status)s”，可能刚被别人处理过。请刷新页面后再看。")
            % {"status": record.get_status_display()}
        )
    for name, value in changes.items():
        setattr(record, name, value)
