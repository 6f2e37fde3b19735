"""The rows inside a record's form, as they were sent, fitted to the rows that are stored by now.

Between opening and saving somebody else may have deleted a row, added one or filled in the same one. Django tells rows
by their keys and places and would end in "not one of the available choices" at a hidden field.
"""

import re
from dataclasses import dataclass, field

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.formsets import DELETION_FIELD_NAME, INITIAL_FORM_COUNT, TOTAL_FORM_COUNT
from django.forms.models import BaseInlineFormSet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

_ROW = r"-(?P<place>[0-9]{1,4})-(?P<name>[A-Za-z_][\w-]*)"
_COUNT = re.compile("[0-9]{1,4}")


@dataclass
class SentRow:
    """What was sent of one row; ``place`` is the number it had in the form."""

    place: int
    values: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, list] = field(default_factory=dict)

    def value(self, name: str) -> str:
        return (self.values.get(name) or [""])[-1].strip()


class SentRows(BaseInlineFormSet):
    """Mixed into the form set of every inline.

    Afterwards its rows are the stored ones in their order, each with what was sent for it, then the new ones. A row
    whose stored one is gone comes back as a new one; a stored one that the sender had not seen is there unchanged.
    """

    was_garbled = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.is_bound:
            self._fit()

    def clean(self):
        super().clean()
        if self.was_garbled:
            raise ValidationError(_("这一部分没有传完整，没有保存。内容还在，请核对后再点一次保存。"))

    def _fit(self) -> None:
        counts = (self.data.get(f"{self.prefix}-{name}", "") for name in (TOTAL_FORM_COUNT, INITIAL_FORM_COUNT))
        self.was_garbled = not all(map(_COUNT.fullmatch, counts))
        stored = {str(row.pk): row for row in self.get_queryset()}
        known, new = self._told_apart(self._sent_rows(), stored)
        for key, row in stored.items():
            if key not in known:
                known[key] = self._same_as(row, new) or self._as_stored(row)
        self._write([known[key] for key in stored], list(stored), new)

    def _sent_rows(self) -> list[SentRow]:
        pattern = re.compile(re.escape(self.prefix) + _ROW)
        rows: dict[int, SentRow] = {}
        for source, kind in ((self.data, "values"), (self.files, "files")):
            for key in list(source):
                if found := pattern.fullmatch(key):
                    place = int(found["place"])
                    row = rows.setdefault(place, SentRow(place))
                    getattr(row, kind)[found["name"]] = source.getlist(key)
        return [rows[place] for place in sorted(rows)]

    def _told_apart(self, rows: list[SentRow], stored: dict) -> tuple[dict[str, SentRow], list[SentRow]]:
        """Those of stored rows by their keys, and the others; what was to be deleted and is gone already is neither."""
        known: dict[str, SentRow] = {}
        new = []
        for row in rows:
            key = row.value(self._key)
            if key in stored and key not in known:
                known[key] = row
            elif not (key and DELETION_FIELD_NAME in row.values):
                new.append(row)
        return known, new

    @property
    def _key(self) -> str:
        return self.model._meta.pk.name

    def _same_as(self, stored: models.Model, new: list[SentRow]) -> SentRow | None:
        """The new row that says something else of the same thing: both filled in the same measure.

        It is taken out of ``new`` in any case. One in which nothing was typed gives way to what is stored.
        """
        for row in new:
            if any(self._agrees(row, stored, names) for names in self._unique_names()):
                new.remove(row)
                return row if self._is_filled(row) else None
        return None

    def _unique_names(self) -> list[list[str]]:
        """What no two rows of a record may have in common."""
        constraints = (one for one in self.model._meta.constraints if isinstance(one, models.UniqueConstraint))
        return [
            [name for name in constraint.fields if name != self.fk.name]
            for constraint in constraints
            if self.fk.name in constraint.fields
        ]

    def _agrees(self, row: SentRow, stored: models.Model, names: list[str]) -> bool:
        attributes = [self.model._meta.get_field(name).attname for name in names]
        return all(
            row.value(name) and row.value(name) == str(getattr(stored, attribute))
            for name, attribute in zip(names, attributes, strict=True)
        )

    def _is_filled(self, row: SentRow) -> bool:
        form = self.form(
            self.data,
            self.files,
            prefix=self.add_prefix(row.place),
            use_required_attribute=False,
            **self.get_form_kwargs(row.place),
        )
        return form.has_changed()

    def _as_stored(self, row: models.Model) -> SentRow:
        form = self.form(instance=row, use_required_attribute=False, **self.get_form_kwargs(0))
        return SentRow(0, {bound.name: sent for bound in form if (sent := _sent(bound))})

    def _write(self, known: list[SentRow], keys: list[str], new: list[SentRow]) -> None:
        """Put the rows in the place of those that were sent, under new numbers."""
        self.files = self.files.copy()
        if not isinstance(self.data, QueryDict):  # an empty form, for which Django puts a plain dictionary
            self.data = QueryDict(mutable=True)
        pattern = re.compile(re.escape(self.prefix) + _ROW)
        for source in (self.data, self.files):
            for name in [name for name in source if pattern.fullmatch(name)]:
                del source[name]
        for place, row in enumerate([*known, *new]):
            key = [keys[place]] if place < len(keys) else [""]
            for name, values in (row.values | {self._key: key}).items():
                self.data.setlist(f"{self.prefix}-{place}-{name}", values)
            for name, files in row.files.items():
                self.files.setlist(f"{self.prefix}-{place}-{name}", files)
        self.data[f"{self.prefix}-{TOTAL_FORM_COUNT}"] = str(len(known) + len(new))
        self.data[f"{self.prefix}-{INITIAL_FORM_COUNT}"] = str(len(known))


def _sent(bound: forms.BoundField) -> list[str]:
    """What a browser would send for a field that nobody touched."""
    widget = getattr(bound.field.widget, "widget", bound.field.widget)
    value = bound.value()
    if isinstance(widget, forms.CheckboxInput):
        return ["on"] if value else []
    if isinstance(widget, forms.FileInput) or value is None:
        return []
    shown = widget.format_value(value)
    return [str(one) for one in shown] if isinstance(shown, list) else [str(shown or "")]
