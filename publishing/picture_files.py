"""Picture files apart from the rows that show them: kept before there is a row, known again by their content."""

import hashlib
import os
import secrets

from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import models, transaction

from publishing.holders import is_shown
from publishing.images import (
    CleanPicture,
    delete_renditions,
    original_name,
    picture_path,
    renditions,
    width_named,
)


def keep(storage: Storage, picture: CleanPicture) -> str:
    """Store a picture. Its copies are made when somebody asks for them (``make_copy``): where many come at once, that
    takes longer than all the rest.

    Returns its name; whoever makes no row of it removes it again (``remove``).
    """
    name = storage.save(picture_path(None, ""), ContentFile(picture.content))
    try:
        note(name, picture.content)
    except BaseException:
        remove(storage, name)
        raise
    return name


def make_copy(storage: Storage, name: str) -> None:
    """The copy of this name, which is not there yet. Raises FileNotFoundError where the picture has none, or is gone.

    It is put in its place whole: two may ask at once, and one must not be sent what the other has written so far.
    """
    original, width = original_name(name), width_named(name)
    if width is None:
        raise FileNotFoundError(name)
    with storage.open(original) as file:
        copy = renditions(file.read(), [width]).get(width)
    if copy is None:
        raise FileNotFoundError(name)
    unfinished = storage.save(f"{name}.{secrets.token_hex(4)}", ContentFile(copy))
    os.replace(storage.path(unfinished), storage.path(name))
    if not storage.exists(original):  # removed meanwhile, with the copies there were
        storage.delete(name)
        raise FileNotFoundError(name)


def remove(storage: Storage, name: str) -> None:
    delete_renditions(storage, name)
    storage.delete(name)
    _digests().filter(name=name).delete()


def remove_unless_shown(storage: Storage, name: str) -> None:
    """After the transaction, once it is certain that nothing shows it any more."""
    transaction.on_commit(lambda: is_shown(name) or remove(storage, name))


def digest(content: bytes) -> str:
    """The same for the same picture, whatever the file that was uploaded said besides."""
    return hashlib.sha256(content).hexdigest()


def note(name: str, content: bytes) -> None:
    _digests().update_or_create(name=name, defaults={"sha256": digest(content)})


def names_with(sha256: str) -> models.QuerySet:
    """Names of stored pictures with this content, for a subquery."""
    return _digests().filter(sha256=sha256).values("name")


def _digests() -> models.QuerySet:
    return apps.get_model("publishing", "PictureDigest").objects.all()
