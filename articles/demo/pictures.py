"""The demo's pictures: drawn, then taken in as an editor's upload is."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from articles.demo import drawings
from publishing.images import CleanPicture, clean_picture, delete_renditions
from publishing.models import Picture

SIZE = (1600, 1067)
VARIANTS = 3  # of a motif: enough that a list does not repeat itself, few enough to be drawn once each


def add_photos(owner, photos: list[dict]) -> Iterator[Picture]:
    """Each photo of a record, saved in order with its renditions."""
    for position, photo in enumerate(photos, start=1):
        variant = zlib.crc32(photo["caption"].encode()) % VARIANTS
        yield owner.photos.create(
            image=_drawn(photo["motif"], variant).as_upload(),
            caption=photo["caption"],
            alt=photo["alt"],
            consent=Picture.Consent.NO_PERSON,
            position=position,
        )


@cache
def _drawn(motif: str, variant: int) -> CleanPicture:
    return clean_picture(ContentFile(drawings.draw(motif, variant, SIZE)))


@contextmanager
def taken_back_on_failure() -> Iterator[list[Picture]]:
    """The files of the pictures put into the list go when the transaction around them fails: it only knows the rows."""
    saved: list[Picture] = []
    try:
        yield saved
    except BaseException:
        for picture in saved:
            default_storage.delete(picture.image.name)
            delete_renditions(default_storage, picture.image.name)
        raise
