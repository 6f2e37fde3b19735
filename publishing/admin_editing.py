"""Two people at one form: nobody's text is lost, neither that of the first to save nor that of the second.

A form carries the version of the record it was filled from. Where the record has another one by now, nothing is saved
and the form comes back with what was typed, beside what is stored. Who else has a form open is said at its top.
"""

from dataclasses import dataclass, replace

from django import forms
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from publishing import log
from publishing.admin_forms import is_key
from publishing.admin_once import asks_for_names, without_error
from publishing.comparison import Comparison, compare
from publishing.models import Edited, LogEntry, OpenForm
from publishing.shown import Shown, show
from publishing.typed import pictures_to_choose_again, typed_content

#: How many of the steps that were taken meanwhile are named, the latest first.
MOST_STEPS = 5


class Overtaken(Exception):
    """Somebody saved between the look at the version and the saving; only where the database locks no rows."""


class SeenVersion(forms.IntegerField):
    """The version that the form was filled from. Shown again, it is the one that the page compares with."""

    widget = forms.HiddenInput
    OVERTAKEN = "overtaken"

    def __init__(self, current: int):
        super().__init__(initial=current, required=False)

    def prepare_value(self, value):
        return self.initial

    def has_changed(self, initial, data):
        return False

    def clean(self, value):
        if value != str(self.initial):  # one that is missing or no number is of no known version either
            raise ValidationError(_("没有保存：您打开之后，这条记录又有了变动，请先对照。"), code=self.OVERTAKEN)
        return self.initial


@dataclass(frozen=True)
class Conflict:
    """What the second of two people is shown."""

    steps: list[LogEntry]  # what was done meanwhile, the latest first
    is_own: bool  # by nobody but the person themselves, in another window
    comparison: Comparison
    stored: list[Shown]  # what differs, in full, as it is stored
    pictures: int  # to be chosen again


class EditedAtOnce:
    """Of an admin that keeps what was typed (``publishing.admin_unsaved``) and whose ``before_saving`` notes the row."""

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if change and isinstance(obj, Edited) and not asks_for_names(kwargs):
            form.base_fields["version"] = SeenVersion(obj.version)
        return form

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        receive, arguments = super().changeform_view, (request, object_id, form_url, extra_context)
        if request.method != "POST" or not object_id:
            return receive(*arguments)
        try:
            response = receive(*arguments)
        except Overtaken:
            response = receive(*arguments)  # the version is another one by now, and the look at it says so
        except PermissionDenied:
            record = self.get_object(request, unquote(object_id))
            if record is None or not self.may_write(request, record):
                raise
            return self.unsaved(request, record, self.situation(request, record))
        if hasattr(request, "saved"):
            OpenForm.objects.of(request.saved).filter(user=request.user).delete()
            transaction.on_commit(OpenForm.objects.forget_old)
        return response

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        if request.method == "POST" and self.has_change_permission(request):
            why = _("这条记录已经不在了：修订稿可能刚被合并或放弃，也可能不属于您所在的医院。")
            return self.unsaved(request, None, why)
        return super()._get_obj_does_not_exist_redirect(request, opts, object_id)

    def save_model(self, request, obj, form, change):
        if change and isinstance(obj, Edited):
            self._take_version(request, obj)
        super().save_model(request, obj, form, change)
        if change:
            request.saved = obj

    def _take_version(self, request, record: Edited) -> None:
        """The one UPDATE that decides who saves: from the version that was seen, or not at all."""
        seen = request.row_before
        rows = self.model._default_manager.filter(pk=seen.pk, version=seen.version)
        if not rows.update(version=F("version") + 1):
            raise Overtaken
        record.version = seen.version + 1

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        form = context["adminform"].form
        without_error(context, "version")
        if form.has_error("version", SeenVersion.OVERTAKEN):
            formsets = [inline.formset for inline in context["inline_admin_formsets"]]
            context["conflict"] = self._conflict(request, form, formsets)
            context |= {"save_label": _("用我写的保存"), "show_save_and_add_another": False}
        if change and obj and self.has_change_permission(request, obj):
            OpenForm.objects.note(obj, request.user)
            context["also_open"] = list(OpenForm.objects.of(obj).others(request.user))
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _conflict(self, request, form, formsets) -> Conflict:
        stored, before = request.content_before, request.row_before
        log.refused(gettext("保存"), by=request.user, about=before, why=gettext("别人先保存了，已请对照。"))
        comparison = compare(self.model, stored, typed_content(form, formsets, stored))
        differing = {change.name for change in comparison.changes}
        steps = self._steps_since(before, request.POST.get("version", ""))
        return Conflict(
            steps=steps,
            is_own=bool(steps) and all(step.user_id == request.user.pk for step in steps),
            comparison=replace(comparison, unchanged=[]),
            stored=[shown for shown in show(self.model, stored) if shown.name in differing],
            pictures=pictures_to_choose_again(formsets),
        )

    def _steps_since(self, record: Edited, seen: str) -> list[LogEntry]:
        """What was done to a record after the version that was seen; each step makes one version and one entry."""
        count = record.version - int(seen) if is_key(seen) and int(seen) < record.version else 0
        entries = LogEntry.objects.of(record).exclude(verb=log.Verb.REFUSED)
        return list(entries[: min(count, MOST_STEPS)])
