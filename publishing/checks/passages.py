"""Every text of a record's content that the public will read."""

from collections.abc import Iterator

from django.db import models
from taggit.managers import TaggableManager

from publishing.checks.findings import Passage
from publishing.richtext import RichTextField, plain_text

# Addresses of pages are long numbers as often as not, and no prose.
_NOT_PROSE = (models.URLField, models.SlugField)


def passages(model: type[models.Model], content: dict) -> list[Passage]:
    """In the order of the model's fields, then of its parts. Choices, and what the public never sees, are left out."""
    return [*_of_fields(model, content["fields"]), *_of_parts(model, content["parts"])]


def _of_fields(model: type[models.Model], values: dict) -> Iterator[Passage]:
    for field in _public_fields(model):
        if text := _text(field, values.get(field.name)):
            yield Passage(field.name, str(field.verbose_name), text)


def _of_parts(model: type[models.Model], parts: dict) -> Iterator[Passage]:
    for name, index, row in public_rows(model, parts):
        part = part_model(model, name)
        for field in _public_fields(part):
            if text := _text(field, row.get(field.name)):
                yield Passage(f"{name}.{index}.{field.name}", part_label(part, index, field.name), text)


def public_rows(model: type[models.Model], parts: dict) -> Iterator[tuple[str, int, dict]]:
    """The name of the part, its place from 0, and its values."""
    for name in getattr(model, "parts", ()) or parts:
        for index, row in enumerate(parts.get(name, ())):
            if not row.get("is_internal"):
                yield name, index, row


def part_model(model: type[models.Model], name: str) -> type[models.Model]:
    return model._meta.get_field(name).related_model


def part_label(part: type[models.Model], index: int, name: str) -> str:
    """稿件照片3·图片说明"""
    return f"{part._meta.verbose_name}{index + 1}·{part._meta.get_field(name).verbose_name}"


def _public_fields(model: type[models.Model]) -> Iterator[models.Field]:
    internal = getattr(model, "internal_fields", ())
    for field in [*model._meta.concrete_fields, *model._meta.many_to_many]:
        if field.name not in internal:
            yield field


def _text(field: models.Field, value) -> str:
    if isinstance(field, TaggableManager):
        return "、".join(value or ())
    is_text = isinstance(field, models.CharField | models.TextField) and not isinstance(field, _NOT_PROSE)
    if not is_text or field.choices or not isinstance(value, str):
        return ""
    return plain_text(value) if isinstance(field, RichTextField) else value
