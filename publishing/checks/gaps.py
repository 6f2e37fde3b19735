"""What keeps a draft from being handed in: what has to be there and is not, what contradicts itself; all of it at once."""

from collections.abc import Iterator

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils.translation import gettext as _

from publishing.checks.findings import Finding, Severity
from publishing.checks.passages import part_label

_EMPTY = frozenset({"blank", "null"})


class Incomplete(ValidationError):
    """A draft with gaps was to be handed in. Says each of them, by field; ``gaps`` also knows the fields of its parts."""

    def __init__(self, gaps: list[Finding]):
        self.gaps = gaps
        by_field: dict[str, list[str]] = {}
        for gap in gaps:
            by_field.setdefault(gap.name or NON_FIELD_ERRORS, []).append(gap.in_words)
        super().__init__(by_field)


def gaps(record: models.Model) -> list[Finding]:
    """Of the record, then of its parts. Settles in ``record`` what its model's rules settle (``full_clean``)."""
    return [*_of_record(record), *_of_parts(record)]


def _of_record(record: models.Model) -> Iterator[Finding]:
    try:
        record.full_clean()
    except ValidationError as refusal:
        for name, errors in refusal.error_dict.items():
            is_whole = name == NON_FIELD_ERRORS
            label = "" if is_whole else str(record._meta.get_field(name).verbose_name)
            yield from _gaps("" if is_whole else name, label, errors)


def _of_parts(record: models.Model) -> Iterator[Finding]:
    """Only what was typed into each row: what rows must be together, the form and the database see to, and no file is opened."""
    for name in getattr(record, "parts", ()):
        for index, row in enumerate(getattr(record, name).all()):
            left_out = {
                field.name for field in row._meta.fields if field.is_relation or isinstance(field, models.FileField)
            }
            try:
                row.clean_fields(exclude=left_out)
            except ValidationError as refusal:
                for field, errors in refusal.error_dict.items():
                    yield from _gaps(f"{name}.{index}.{field}", part_label(type(row), index, field), errors)


def _gaps(name: str, label: str, errors: list[ValidationError]) -> Iterator[Finding]:
    for error in errors:
        message = _("还没有填。") if error.code in _EMPTY else " ".join(error.messages)
        yield Finding("incomplete", Severity.BLOCK, message, name, label)
