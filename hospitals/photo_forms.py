"""The rows of photos in a record's form: each with a file of its own, or with a picture that was uploaded before."""

import re
from functools import cached_property
from uuid import UUID

from django import forms
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from hospitals.models import Upload, User
from publishing.admin_forms import PartForm
from publishing.admin_inlines import SharedChoicesFormSet
from publishing.sent_rows import SentRows

GONE = _("这张照片已经用过，或者放了一天没有保存、已经清除。请移除这一行，重新上传。")
ELSEWHERE = _("这张照片是给另一家医院上传的。请移除这一行，在选好医院以后重新上传。")


class PhotoForm(PartForm):
    upload = forms.UUIDField(required=False, widget=forms.HiddenInput, error_messages={"invalid": GONE})

    def __init__(self, *args, uploads: dict[UUID, Upload] | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.uploaded = self._uploaded(uploads or {})
        if self.uploaded and self.uploaded.image:
            self.instance.image = self.uploaded.image.name
            self.initial["image"] = self.instance.image

    def _uploaded(self, uploads: dict[UUID, Upload]) -> Upload | None:
        """What was uploaded for a row that is new and has no file of its own."""
        is_asked_for = self.is_bound and self.instance._state.adding and not self.files.get(self.add_prefix("image"))
        return uploads.get(_token(self.data.get(self.add_prefix("upload")))) if is_asked_for else None

    def clean(self):
        data = super().clean()
        is_named = self.data.get(self.add_prefix("upload")) and self.instance._state.adding and not data.get("image")
        if is_named:  # by a name under which nothing waits
            self.errors.pop("image", None)
            self.add_error("image", GONE)
        return data

    def save(self, commit=True):
        photo = super().save(commit)
        if commit and self.uploaded:
            self.uploaded.used()
        return photo


class PhotoFormSet(SentRows, SharedChoicesFormSet):
    user: User  # whoever fills it in

    @cached_property
    def uploads(self) -> dict[UUID, Upload]:
        """Those of this person that the rows name. While the form is saved nobody else can use them."""
        name = re.compile(rf"{re.escape(self.prefix)}-[0-9]{{1,4}}-upload")
        tokens = {_token(self.data[key]) for key in self.data if name.fullmatch(key)} - {None}
        rows = Upload.objects.editable_by(self.user).filter(token__in=tokens).order_by("pk")
        if transaction.get_connection().in_atomic_block:
            rows = rows.select_for_update(of=("self",))
        return {upload.token: upload for upload in rows} if tokens else {}

    def get_form_kwargs(self, index):
        return super().get_form_kwargs(index) | {"uploads": self.uploads}

    def _same_as(self, stored: models.Model, new: list):
        """A form that is sent again names the uploads of which photos were made the first time."""
        for row in new:
            upload = self.uploads.get(_token(row.value("upload")))
            if upload and upload.used_as and upload.used_as == stored.image.name:
                new.remove(row)
                return row
        return super()._same_as(stored, new)

    def clean(self):
        super().clean()
        taken = set()
        for form in self.forms:
            upload = getattr(form, "uploaded", None)
            if upload is None or self._should_delete_form(form) or form.errors:
                continue
            if self.instance.hospital_id and upload.hospital_id != self.instance.hospital_id:
                form.add_error("image", ELSEWHERE)
            elif upload.pk in taken:
                form.add_error("image", GONE)
            taken.add(upload.pk)


def _token(text) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None
