"""What saving a form leaves behind of a record, for what is written without one: search text, trail and log."""

from publishing import log
from publishing.content import changes_between, content_of
from publishing.workflow import contributed_to


def created(record, *, by, reason: str) -> None:
    """Once all of the new record is there. In the transaction that makes it."""
    _finish(log.Verb.CREATE, record, None, by=by, reason=reason)


def changed(record, before: dict, *, by) -> None:
    """``before``: its content (``content_of``). A form that was opened earlier is told."""
    record.updated_by = by
    record.version += 1
    record.save(update_fields=["updated_by", "updated_at", "version"])
    _finish(log.Verb.CHANGE, record, before, by=by)


def _finish(verb: str, record, before: dict | None, *, by, reason: str = "") -> None:
    record.refresh_search_text()
    contributed_to([record], by=by)
    changes = changes_between(before, content_of(record), type(record))
    log.record(verb, by=by, about=record, changes=changes, reason=reason, is_override=by.is_superuser)
