"""What somebody typed into a form that could not be saved: shown to be copied, with what to do next."""

from copy import copy

from django.contrib import messages
from django.contrib.admin.utils import flatten_fieldsets
from django.forms import all_valid
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from publishing import log
from publishing.comparison import compare
from publishing.content import content_of
from publishing.richtext import sanitise
from publishing.shown import Shown, show
from publishing.typed import typed_content


class KeepsTyped:
    """Of an admin: where saving is too late, what was typed is not lost."""

    def may_write(self, request, record) -> bool:
        """This person writes such a record, though perhaps not now."""
        permits = getattr(record, "permits", None)
        return bool(permits and permits(request.user, "change"))

    def situation(self, request, record) -> str:
        """Why it is too late, and what can be done, in a sentence."""
        return _("这条记录现在不能修改。")

    def steps_for(self, request, record) -> list:
        """What this person may do to the record now: each step with its words."""
        return []

    def unsaved(self, request, record, why: str) -> HttpResponse:
        """``record`` is None where it is gone, or not this person's to see."""
        log.refused(gettext("保存"), by=request.user, about=record, why=str(why))
        self.message_user(request, _("没有保存：%s") % why, messages.ERROR)
        is_locked = record is not None and not self.has_change_permission(request, record)
        context = self.admin_site.each_context(request) | {
            "title": _("您写的内容"),
            "record": record,
            "opts": self.opts,
            "typed": self._typed(request, record),
            "steps": self.steps_for(request, record) if is_locked else [],
        }
        return TemplateResponse(request, "admin/publishing/unsaved.html", context, status=200 if record else 404)

    def _typed(self, request, record) -> list[tuple[Shown, str]]:
        """Each field and part that says something else than what is stored; of a rich text also its HTML."""
        fields = flatten_fieldsets(self.get_fieldsets(request, record))
        # Not as a form for a change: of a record that may not be changed it would ask for nothing.
        form_class = self.get_form(request, record, change=False, fields=fields)
        form = form_class(request.POST, request.FILES, instance=copy(record))  # the page names the record as it is
        stored = content_of(record) if record else {}
        formsets, _inlines = self._create_formsets(request, form.instance, change=record is not None)
        form.is_valid(), all_valid(formsets)
        typed = typed_content(form, formsets, stored)
        differing = {change.name for change in compare(self.model, stored, typed).changes}
        return [
            (shown, mark_safe(sanitise(typed["fields"][shown.name])) if shown.kind == "rich" else "")
            for shown in show(self.model, typed)
            if shown.name in differing
        ]
