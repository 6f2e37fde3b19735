"""Who shows a picture: rows that name its file, and old versions that are kept with theirs; and who may see it so.

A file may be named by several rows: a record and its working copy show the same photo. It is seen as long as one of
the records that show it is.
"""

from collections.abc import Iterable, Iterator

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models


def rows_showing(name: str) -> Iterator[models.QuerySet]:
    """For each model with pictures, its rows that show the file of this name."""
    for field in picture_fields():
        yield field.model._default_manager.filter(**{field.name: name})


def is_shown(name: str) -> bool:
    """Some row or some version that is kept names the file."""
    return any(rows.exists() for rows in rows_showing(name)) or _kept_pictures().filter(name=name).exists()


def is_public(name: str) -> bool:
    """A record that everybody may read shows the file. One query."""
    return _exist(records.public() for records in _records_showing(name))


def is_open_to(user, name: str) -> bool:
    """This person may work with a record that shows the file, or of which a kept version does. One or two queries."""
    places = (_records_showing, _records_that_showed)
    return any(_exist(records.editable_by(user) for records in place(name)) for place in places)


def picture_fields() -> list[models.ImageField]:
    return [
        field
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.ImageField)
    ]


def owner_of(model: type[models.Model]) -> models.ForeignKey | None:
    """The key by which a row is part of a record (see ``parts`` there); None where the model is a record itself."""
    for field in model._meta.concrete_fields:
        if field.many_to_one and field.remote_field.get_accessor_name() in getattr(field.related_model, "parts", ()):
            return field
    return None


def record_model(model: type[models.Model]) -> type[models.Model]:
    """The model that says who may see a row: its own, or that of the record it is part of."""
    owner = owner_of(model)
    return owner.related_model if owner else model


def _records_showing(name: str) -> Iterator[models.QuerySet]:
    for rows in rows_showing(name):
        owner = owner_of(rows.model)
        keys = rows.values(owner.attname if owner else "pk")
        yield record_model(rows.model)._default_manager.filter(pk__in=keys)


def _records_that_showed(name: str) -> Iterator[models.QuerySet]:
    for model in dict.fromkeys(record_model(field.model) for field in picture_fields()):
        versions = _kept_pictures().filter(name=name, version__content_type=ContentType.objects.get_for_model(model))
        yield model._default_manager.filter(pk__in=versions.values("version__object_id"))


def _kept_pictures() -> models.QuerySet:
    return apps.get_model("publishing", "VersionPicture").objects.all()


def _exist(querysets: Iterable[models.QuerySet]) -> bool:
    first, *others = (rows.order_by().values("pk") for rows in querysets)
    return first.union(*others, all=True).exists()
