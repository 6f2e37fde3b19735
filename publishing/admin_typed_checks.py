"""What an experienced colleague would say of a form before it is saved: as it stands on the screen, by the same rules."""

from collections.abc import Iterator
from copy import copy

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.forms import all_valid
from django.forms.models import BaseInlineFormSet
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse

from publishing import checks
from publishing.admin_form_doors import FormDoors
from publishing.admin_noticed import groups_of_form
from publishing.checks import Finding, Severity
from publishing.content import content_of
from publishing.models import WatchedWord
from publishing.typed import kept_rows, typed_content


class ChecksTyped(FormDoors):
    """Part of ``PublishableAdmin``. Nothing of what is sent is saved, kept or logged."""

    def get_urls(self):
        return [*self.door_paths("typed_checks", self.typed_checks_view), *super().get_urls()]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if self.may_fill_in(request, obj) and not context.get("is_popup"):
            context["typed_checks"] = self.door_of("typed_checks", obj and obj.pk)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def typed_checks_view(self, request, object_id=None) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        record = self.row_behind(request, object_id)
        if object_id and record is None:
            raise Http404
        if not self.may_fill_in(request, record):
            raise PermissionDenied
        form = self.get_form(request, record, change=record is not None)(request.POST, instance=copy(record))
        formsets, _inlines = self._create_formsets(request, form.instance, change=record is not None)
        form.is_valid(), all_valid(formsets)
        refused = [finding for one in _all(form, formsets) for finding in _refusals(one)]
        noticed = [*self._of_texts(record, form, formsets), *self.typed_findings(form, formsets)]
        groups = groups_of_form(refused, form.instance.own_gaps(), noticed)
        return TemplateResponse(request, "admin/publishing/typed_checks.html", {"groups": groups})

    def typed_findings(self, form: forms.ModelForm, formsets: list[BaseInlineFormSet]) -> Iterator[Finding]:
        """What only the sort of record knows: 人次 below 人."""
        return iter(())

    def _of_texts(self, record, form, formsets) -> Iterator[Finding]:
        content = typed_content(form, formsets, content_of(record) if record else {})
        rows = {name: [one.prefix.rpartition("-")[2] for one in kept] for name, kept in kept_rows(formsets).items()}
        for finding in checks.check(self.model, content, list(WatchedWord.objects.active())):
            part, *place = finding.name.split(".")
            yield finding.moved(".".join([part, rows[part][int(place[0])], place[1]])) if place else finding


def _all(form, formsets) -> Iterator[forms.ModelForm]:
    yield form
    for kept in kept_rows(formsets).values():
        yield from kept


def _refusals(form: forms.ModelForm) -> Iterator[Finding]:
    """What saving would refuse, at its field. A file is not sent to be checked."""
    for name, errors in form.errors.items():
        is_whole = name == NON_FIELD_ERRORS
        field = None if is_whole else form[name]
        if is_whole or not (field.is_hidden or isinstance(field.field, forms.FileField)):
            label = "" if is_whole else getattr(form, "row_name", "") or str(field.label)
            for message in errors:
                place = "" if is_whole else form.add_prefix(name)
                yield Finding("refused", Severity.BLOCK, str(message), place, label)
