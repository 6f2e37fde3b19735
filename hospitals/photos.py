"""Which photos of a hospital show a picture already, as far as a person may read their records."""

from collections.abc import Iterable, Iterator

from django.db import models
from django.db.models import Q

from hospitals.models import Hospital, User
from publishing.holders import owner_of, picture_fields
from publishing.models import Picture

#: How many photos may be chosen at once. The form says it in words; more wait for the next time.
MOST_AT_ONCE = 30
#: How many may wait to be saved by one person: several forms' worth, and no store for anything else.
MOST_WAITING = 5 * MOST_AT_ONCE


def readable_photos(hospital: Hospital, user: User) -> Iterator[models.QuerySet]:
    """For each model of photos, those of the hospital's records that this person works with or that are public."""
    for field in picture_fields():
        if issubclass(field.model, Picture):
            owner = owner_of(field.model)
            records = owner.related_model._default_manager.of_hospital(hospital).order_by()
            readable = Q(pk__in=records.editable_by(user).values("pk")) | Q(pk__in=records.public().values("pk"))
            photos = field.model._default_manager.filter(**{f"{owner.name}__in": records.filter(readable)})
            yield photos.select_related(owner.name).order_by("-pk")


def used_before(names: Iterable[str], hospital: Hospital, user: User) -> dict[str, dict]:
    """By the name of the file: in which record a photo shows it, and what is said of it there."""
    found: dict[str, dict] = {}
    for photos in readable_photos(hospital, user):
        for photo in photos.filter(image__in=list(names)):
            known = found.get(photo.image.name)
            if known is None or (photo.caption and not known["caption"]):
                found[photo.image.name] = {
                    "title": str(getattr(photo, owner_of(type(photo)).name)),
                    "caption": photo.caption,
                    "alt": photo.alt,
                    "consent": photo.consent,
                }
    return found
