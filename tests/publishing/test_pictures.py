"""A photo's files live and die with its row."""

import io

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from branches.models import ActivityPhoto
from publishing.images import clean_picture, rendition_name
from tests.factories import make_activity

pytestmark = pytest.mark.django_db(transaction=True)


def uploaded(colour="red"):
    out = io.BytesIO()
    Image.new("RGB", (800, 600), colour).save(out, "JPEG")
    out.seek(0)
    return clean_picture(SimpleUploadedFile("a.jpg", out.read())).as_upload()


@pytest.fixture
def photo():
    return ActivityPhoto.objects.create(activity=make_activity(), image=uploaded())


def files(name: str) -> list[bool]:
    return [default_storage.exists(name), default_storage.exists(rendition_name(name, 480))]


def test_a_photo_has_its_copies(photo):
    assert files(photo.image.name) == [True, True]


def test_a_photo_that_is_taken_out_is_gone_from_the_site(photo):
    name = photo.image.name
    photo.delete()
    assert files(name) == [False, False]


def test_a_photo_that_is_replaced_is_gone_from_the_site(photo):
    before = photo.image.name
    photo.image = uploaded("blue")
    photo.save()
    assert files(before) == [False, False]
    assert files(photo.image.name) == [True, True]
