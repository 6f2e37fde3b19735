"""What somebody typed into a form, as the content it would make: to be compared with what is stored, or kept for them.

Also what did not pass the checks is in it, as it was typed.
"""

from collections.abc import Iterable
from datetime import date, time
from decimal import Decimal
from typing import Any

from django import forms
from django.db import models
from django.forms.models import BaseInlineFormSet
from taggit.managers import TaggableManager

from publishing.content import content_fields, part_fields
from publishing.quantities import StatedQuantity
from publishing.richtext import RichTextField, sanitise


def typed_content(form: forms.ModelForm, formsets: Iterable[BaseInlineFormSet], stored: dict) -> dict:
    """The content of a form that was checked; what it does not ask for is as it is ``stored``.

    A chosen file is not part of it: no browser sends it a second time.
    """
    model = form._meta.model
    fields = dict(stored.get("fields", {}))
    fields |= {field.name: _value(form, field) for field in content_fields(model) if field.name in form.fields}
    parts = dict(stored.get("parts", {}))
    for formset in formsets:
        name = formset.fk.remote_field.get_accessor_name()
        if name in getattr(model, "parts", ()):
            parts[name] = _rows(formset)
    return {"model": model._meta.label_lower, "fields": fields, "parts": parts}


def pictures_to_choose_again(formsets: Iterable[BaseInlineFormSet]) -> int:
    """How many rows for a picture were filled in and have no stored one."""
    return sum(_lacks_picture(form) for formset in formsets for form in formset.forms if _counts(formset, form))


def kept_rows(formsets: Iterable[BaseInlineFormSet]) -> dict[str, list[forms.ModelForm]]:
    """The forms of the rows of each part, in the order in which ``typed_content`` has them."""
    return {formset.fk.remote_field.get_accessor_name(): _kept(formset) for formset in formsets}


def _kept(formset: BaseInlineFormSet) -> list[forms.ModelForm]:
    kept = [form for form in formset.forms if _counts(formset, form) and not _lacks_picture(form)]
    return sorted(kept, key=lambda form: getattr(form.instance, "position", 0) or 0)


def _rows(formset: BaseInlineFormSet) -> list[dict]:
    kept = _kept(formset)
    places = {form.instance.pk: place for place, form in enumerate(kept) if form.instance.pk}
    return [_row(form, part_fields(formset.fk), places) for form in kept]


def _counts(formset: BaseInlineFormSet, form: forms.ModelForm) -> bool:
    is_there = not form.instance._state.adding or form.has_changed()
    return is_there and not (formset.can_delete and formset._should_delete_form(form))


def _lacks_picture(form: forms.ModelForm) -> bool:
    pictures = [field for field in form._meta.model._meta.fields if isinstance(field, models.ImageField)]
    return form.instance._state.adding and any(not form.initial.get(field.name) for field in pictures)


def _row(form: forms.ModelForm, fields: list[models.Field], places: dict[int, int]) -> dict:
    row = {field.name: _value(form, field) for field in fields}
    for field in fields:
        if field.is_relation and field.related_model is form._meta.model:
            row[field.name] = places.get(getattr(form.instance, field.attname))
    if isinstance(form.instance, StatedQuantity) and "quantity" in form.errors:
        row |= {"value": None, "precision": "", "as_stated": form["quantity"].data or ""}
    return row


def _value(form: forms.ModelForm, field: models.Field) -> Any:
    if isinstance(field, models.FileField):
        return _file(form, field)
    if field.name not in form.fields:
        is_no_link = field.is_relation and getattr(form.instance, field.attname) is None
        return None if is_no_link else _plain(field, getattr(form.instance, field.name))
    if field.name in form.cleaned_data:
        return _plain(field, form.cleaned_data[field.name])
    raw = form[field.name].data
    try:  # a good value beside others that do not go with it
        return _plain(field, form.fields[field.name].clean(raw))
    except forms.ValidationError:
        return raw


def _file(form: forms.ModelForm, field: models.FileField) -> str:
    is_cleared = field.name in form.fields and form.cleaned_data.get(field.name) is False
    stored = form.initial.get(field.name) if field.name in form.fields else getattr(form.instance, field.name)
    return "" if is_cleared or not stored else stored.name


def _plain(field: models.Field, value: Any) -> Any:
    """As ``publishing.content`` has it."""
    if isinstance(field, TaggableManager):
        return sorted(value)
    if field.many_to_many:
        return [_reference(row) for row in sorted(value, key=lambda row: row.pk)]
    if isinstance(field, RichTextField):
        return sanitise(value or "")
    match value:
        case models.Model():
            return _reference(value)
        case Decimal():
            return format(value.normalize(), "f")
        case date() | time():
            return value.isoformat()
    return value


def _reference(row: models.Model) -> dict:
    return {"id": row.pk, "name": str(row)}
