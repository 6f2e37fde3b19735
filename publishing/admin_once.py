"""A form for a new record makes one record, however often it is sent: by a nervous second press, or after going back."""

from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import BadRequest, ValidationError
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from publishing.models import SentForm


class FormToken(forms.UUIDField):
    """Tells one filled-in form for a new record from all others. ``claimed`` is the token that was sent, if it is good."""

    widget = forms.HiddenInput

    def __init__(self, claimed: UUID | None):
        super().__init__(initial=claimed or uuid4(), required=False)
        self.claimed = claimed

    def prepare_value(self, value):
        return str(self.initial)

    def has_changed(self, initial, data):
        return False

    def clean(self, value):
        if self.claimed is None:
            raise ValidationError(_("还没有保存：这张表单已经失效。您写的内容都在，请核对后再点一次保存。"))
        return self.claimed


class SentOnce:
    """Of an admin that keeps what was typed (``publishing.admin_unsaved``)."""

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if not change and not asks_for_names(kwargs):
            form.base_fields["once"] = FormToken(getattr(request, "claimed", None))
        return form

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        without_error(context, "once")
        return super().render_change_form(request, context, add, change, form_url, obj)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        if "_saveasnew" in request.POST:  # Django would make a new record of a change, though no form offers it
            raise BadRequest
        if object_id:
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            token, digest = _token(request.POST.get("once", "")), _digest(request)
            sent = SentForm.objects.claim(token, request.user, self.model, digest) if token else None
            if sent and sent.object_id:
                return self._already_saved(request, sent, is_same=sent.digest == digest)
            request.claimed = token if sent else None
            response = super().changeform_view(request, object_id, form_url, extra_context)
            if made := getattr(request, "made", None):
                sent.made(made)
                transaction.on_commit(SentForm.objects.forget_old)
            elif sent:
                sent.delete()
            return response

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if not change:
            request.made = obj

    def _already_saved(self, request, sent: SentForm, *, is_same: bool) -> HttpResponse:
        record = self.rows(request).filter(pk=sent.object_id).first()
        if record and not is_same:  # typed on while the first sending was on its way
            return self.unsaved(request, record, _("这张表单刚才已经保存过，之后改动的地方请到那条记录里再改。"))
        if record and IS_POPUP_VAR in request.POST:
            return self.response_add(request, record)
        self.message_user(request, _("已经保存过了，没有重复新建：“%s”。") % (record or ""), messages.INFO)
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        address = reverse(f"{name}_change", args=[record.pk]) if record else reverse(f"{name}_changelist")
        return HttpResponseRedirect(address)


def asks_for_names(kwargs: dict) -> bool:
    """Django makes a form only to learn which fields there are to be shown; what is hidden is none of them."""
    return "fields" in kwargs and kwargs["fields"] is None


def without_error(context: dict, name: str) -> None:
    """The error of a hidden field has a place of its own on the page: it is none to look for and correct."""
    own = context["adminform"].form.errors.get(name)
    context["errors"].data = [found for found in context["errors"].data if found is not own]


def _digest(request) -> str:
    """Of everything that was typed and chosen, whichever button was pressed."""
    typed = [(name, values) for name, values in request.POST.lists() if not name.startswith(("_", "csrf"))]
    chosen = [(name, [(file.name, file.size) for file in files]) for name, files in request.FILES.lists()]
    # Keyed: a form may hold a new password, which nobody shall find by trying with what the database says.
    return salted_hmac("publishing.SentForm", repr((sorted(typed), sorted(chosen))), algorithm="sha256").hexdigest()


def _token(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
