"""What happened to one row, as a page of its admin: the log of it and, of a record with reviews, its trail."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from publishing import log
from publishing.logged import ChangedValue, changed_values
from publishing.models import LogEntry, Publishable, ReviewEntry, Step

PER_PAGE = 20


@dataclass(frozen=True)
class Happening:
    at: datetime
    who: str
    what: str
    reason: str = ""
    is_override: bool = False
    is_new: bool = False
    changes: Sequence[ChangedValue] = ()

    @property
    def labels(self) -> list[str]:
        return list(dict.fromkeys(change.label for change in self.changes))


def happenings(row: models.Model) -> Paginator:
    """All that happened to a row, the latest first: pairs of a model and a key, to be read by the page (``read``)."""
    logged = LogEntry.objects.of(row).exclude(verb__in=[log.Verb.REFUSED, log.Verb.EXPORT])
    keys = []
    if isinstance(row, Publishable):
        # Steps are in both; the trail has them with their stage. Of the writing, the log has each time.
        logged = logged.exclude(verb__in=Step.values)
        keys = [(*key, ReviewEntry) for key in row.trail.exclude(step=Step.WRITE).values_list("at", "pk")]
    keys += [(*key, LogEntry) for key in logged.values_list("at", "pk")]
    return Paginator(sorted(keys, key=lambda key: (key[0], key[1]), reverse=True), PER_PAGE)


def read(keys: Sequence[tuple]) -> Iterator[Happening]:
    """The happenings of a page: two queries."""
    found = {
        model: model.objects.in_bulk([pk for _at, pk, of in keys if of is model]) for model in (LogEntry, ReviewEntry)
    }
    for _at, pk, model in keys:
        entry = found[model][pk]
        is_logged = model is LogEntry
        yield Happening(
            entry.at,
            entry.user_name,
            entry.get_verb_display() if is_logged else entry.title,
            entry.reason,
            entry.is_override,
            is_logged and entry.verb == log.Verb.CREATE,
            changed_values(entry) if is_logged else (),
        )


class ObjectHistory(admin.ModelAdmin):
    """修改记录 from our own log; and what is not there for this person, and yet was asked for, in the log."""

    def history_view(self, request, object_id, extra_context=None):
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        paginator = happenings(row)
        page = paginator.get_page(request.GET.get("p"))
        context = self.admin_site.each_context(request) | {
            "title": _("修改记录"), "object": row, "opts": self.opts, "page": page, "happenings": list(read(page)),
            "numbers": paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1),
        }  # fmt: skip
        return TemplateResponse(request, "admin/object_history.html", context | (extra_context or {}))

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        """Django leads back to the workbench, with a sentence."""
        log.refused_page(request, _("没有找到"))
        return super()._get_obj_does_not_exist_redirect(request, opts, object_id)
