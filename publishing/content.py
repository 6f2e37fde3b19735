"""A record's content as plain data: all that is written in it, apart from where it stands on its way to the public.

One shape serves comparing, keeping and copying: ``content_of`` reads it, ``write`` puts it into a row, ``fingerprint``
says whether two contents are the same, ``sha256`` seals what is kept.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal

from django.db import models
from taggit.managers import TaggableManager

from publishing.search import Searchable

#: What a record is besides its content: its key, where it stands, who touched it when, and what is derived.
APART = frozenset(
    {
        "status",
        "status_since",
        "published_at",
        "edition",
        "version",
        "submitted_digest",
        "working_copy_of",
        "created_at",
        "created_by",
        "updated_at",
        "updated_by",
        "search_text",
        "password",
        "last_login",
    }
)


def content_of(row: models.Model) -> dict:
    """``{"model", "fields", "parts"}`` of a row whose model may name its ``parts``; values as JSON has them.

    Related rows are ``{"id", "name"}``, tags their names, decimals and dates texts, pictures the names of their files.
    """
    return {
        "model": row._meta.label_lower,
        "fields": {field.name: _value(row, field) for field in content_fields(type(row))},
        "parts": {name: _parts(getattr(row, name)) for name in getattr(row, "parts", ())},
    }


def with_content(rows: models.QuerySet) -> models.QuerySet:
    """The same rows with all that ``content_of`` reads of them, in a fixed number of queries."""
    fields = list(content_fields(rows.model))
    single = [field.name for field in fields if field.is_relation and not field.many_to_many]
    several = [field.name for field in fields if field.many_to_many]
    parts = []
    for name in getattr(rows.model, "parts", ()):
        owner = rows.model._meta.get_field(name).remote_field
        parts.append(models.Prefetch(name, _with_related(owner.model._default_manager.all(), owner)))
    return rows.select_related(*single).prefetch_related(*several, *parts)


def content_fields(model: type[models.Model], *, besides: str = "") -> Iterator[models.Field]:
    """The fields of a model that are its content, in the order in which they are declared."""
    left_out = APART | getattr(model, "not_content", frozenset()) | {besides}
    for field in [*model._meta.concrete_fields, *model._meta.many_to_many]:
        if not (field.primary_key or getattr(field, "generated", False) or field.name in left_out):
            yield field


def part_fields(owner: models.ForeignKey) -> list[models.Field]:
    """The fields of a record's parts, without the one that says whose parts they are."""
    return list(content_fields(owner.model, besides=owner.name))


def fingerprint(content: dict) -> str:
    """Of what was written: another name of a branch it points to leaves it the same."""
    return sha256(_without_names(content))


def sha256(content: dict) -> str:
    """Of everything in it, in one canonical form: sorted keys, no spaces, UTF-8."""
    return sha256_of(canonical(content))


def canonical(content: dict) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def pictures_in(content: dict, model: type[models.Model]) -> set[str]:
    """The names of the picture files that a content shows."""
    found = {content["fields"][field.name] for field in content_fields(model) if _is_file(field)}
    for name, rows in content["parts"].items():
        part = model._meta.get_field(name).related_model
        found |= {row[field.name] for row in rows for field in part._meta.fields if _is_file(field)}
    return found - {""}


def write(content: dict, row: models.Model) -> None:
    """Make the row say this and nothing else; its parts are made anew. Must run in a transaction.

    What the content points to and is no longer there (it was part of another record) is left empty.
    """
    plain = [field for field in content_fields(type(row)) if not field.many_to_many]
    for field in plain:
        setattr(row, field.attname, _stored(field, content["fields"].get(field.name)))
    row.save()
    for field in content_fields(type(row)):
        if field.many_to_many:
            _set_many(row, field, content["fields"].get(field.name) or [])
    for name in getattr(row, "parts", ()):
        _write_parts(getattr(row, name), content["parts"].get(name, []))
    if isinstance(row, Searchable):
        row.refresh_search_text()


def changes_between(before: dict | None, after: dict, model: type[models.Model]) -> list[dict]:
    """What the log keeps of a change: ``name``, ``label``, ``before`` and ``after`` of each field and part that differs."""
    before = before or {"fields": {}, "parts": {}}
    labels = {field.name: field.verbose_name for field in content_fields(model)}
    labels |= {name: model._meta.get_field(name).related_model._meta.verbose_name for name in after["parts"]}
    return [
        {"name": name, "label": str(labels[name]), "before": old.get(name), "after": value}
        for old, new in ((before["fields"], after["fields"]), (before["parts"], after["parts"]))
        for name, value in new.items()
        if old.get(name) != value and (old.get(name) or value)
    ]


def _value(row, field):
    if isinstance(field, TaggableManager):
        return sorted(tag.name for tag in getattr(row, field.name).all()) if row.pk else []
    if field.many_to_many:
        others = sorted(getattr(row, field.name).all(), key=lambda other: other.pk) if row.pk else []
        return [_reference(other) for other in others]
    if field.is_relation:
        return _reference(getattr(row, field.name))
    value = getattr(row, field.attname)
    if _is_file(field):
        return value.name or "" if value else ""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value.isoformat() if isinstance(value, datetime | date | time) else value


def _reference(related: models.Model | None) -> dict | None:
    return None if related is None else {"id": related.pk, "name": str(related)}


def _parts(manager) -> list[dict]:
    fields = part_fields(manager.field)
    has_them = manager.field.remote_field.cache_name in getattr(manager.instance, "_prefetched_objects_cache", ())
    rows = list(manager.all() if has_them else _with_related(manager.all(), manager.field))
    places = {row.pk: place for place, row in enumerate(rows)}
    return [
        {
            field.name: places.get(getattr(row, field.attname))
            if field.related_model is manager.model
            else _value(row, field)
            for field in fields
        }
        for row in rows
    ]


def _with_related(rows: models.QuerySet, owner: models.ForeignKey) -> models.QuerySet:
    """Parts with the rows that they point to, other parts of the same record left out."""
    related = [one.name for one in part_fields(owner) if one.many_to_one and one.related_model is not owner.model]
    return rows.select_related(*related) if related else rows  # none named would mean all of them


def _is_file(field) -> bool:
    return isinstance(field, models.FileField)


def _stored(field, value):
    if field.is_relation:
        key = value["id"] if value else None
        is_there = key is None or field.related_model._default_manager.filter(pk=key).exists()
        return key if is_there else None
    return field.get_default() if value is None and not field.null else field.to_python(value)


def _set_many(row, field, values: list) -> None:
    manager = getattr(row, field.name)
    if isinstance(field, TaggableManager):
        manager.set(values)
    else:
        manager.set(field.related_model._default_manager.filter(pk__in=[value["id"] for value in values]))


def _write_parts(manager, rows: list[dict]) -> None:
    model, fields = manager.model, part_fields(manager.field)
    own = [field for field in fields if field.related_model is model]
    for part in manager.all():
        part.delete()  # one by one: a photo takes its file along where nothing else shows it
    made = []
    for values in rows:
        part = model(**{field.attname: _stored(field, values.get(field.name)) for field in fields if field not in own})
        setattr(part, manager.field.name, manager.instance)
        part.save()
        made.append(part)
    for part, values in zip(made, rows, strict=True):
        for field in own:
            if values.get(field.name) is not None:
                setattr(part, field.name, made[values[field.name]])
                part.save(update_fields=[field.name])


def _without_names(value):
    if isinstance(value, dict):
        if value.keys() == {"id", "name"}:
            return {"id": value["id"]}
        return {key: _without_names(inner) for key, inner in value.items()}
    return [_without_names(inner) for inner in value] if isinstance(value, list) else value
