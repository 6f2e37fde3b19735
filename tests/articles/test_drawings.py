"""The demo's illustrations: the same every time, in the site's own colours, light enough for a page."""

import random
import tomllib
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from PIL import Image, ImageOps

from articles.demo import drawings
from articles.demo.drawings import MOTIFS, draw
from publishing.images import clean_picture, renditions

SMALL = (300, 200)
every_motif = pytest.mark.parametrize("motif", MOTIFS)


def motifs_in(data) -> set[str]:
    if isinstance(data, dict):
        own = {data["motif"]} if "motif" in data else set()
        return own.union(*(motifs_in(value) for value in data.values()))
    return set().union(*map(motifs_in, data)) if isinstance(data, list) else set()


def is_red(pixel) -> bool:
    red, green, blue = pixel
    return red - max(green, blue) > 40 and abs(green - blue) < 40


def test_every_picture_the_demo_asks_for_can_be_drawn():
    files = Path(drawings.__file__).parent.glob("*.toml")
    asked_for = set().union(*(motifs_in(tomllib.loads(file.read_text(encoding="utf-8"))) for file in files))
    assert asked_for
    assert asked_for <= set(MOTIFS)


@every_motif
def test_a_drawing_is_the_same_every_time(motif):
    random.seed(1)
    first = draw(motif, 5, SMALL)
    random.seed(2)
    assert draw(motif, 5, SMALL) == first


@every_motif
def test_another_seed_gives_another_drawing(motif):
    assert len({draw(motif, seed, SMALL) for seed in range(3)}) == 3


@every_motif
@pytest.mark.parametrize("size", [(300, 200), (200, 200), (160, 240)])
def test_a_drawing_has_the_size_that_was_asked_for(motif, size):
    image = Image.open(BytesIO(draw(motif, 0, size)))
    assert (image.format, image.mode, image.size) == ("PNG", "RGB", size)


@every_motif
def test_there_is_something_red(motif):
    pixels = list(Image.open(BytesIO(draw(motif, 0, SMALL))).get_flattened_data())
    assert 0.0005 < sum(map(is_red, pixels)) / len(pixels) < 0.15


@every_motif
def test_nothing_but_red_has_a_colour(motif):
    pixels = Image.open(BytesIO(draw(motif, 0, SMALL))).get_flattened_data()
    coloured = {pixel for pixel in pixels if max(pixel) - min(pixel) > 60}
    assert all(map(is_red, coloured))


@every_motif
def test_a_drawing_is_accepted_as_an_upload_and_light_enough_for_a_page(motif):
    picture = clean_picture(ContentFile(draw(motif, 1, (1536, 1024))))
    assert (picture.width, picture.height) == (1536, 1024)
    assert len(renditions(picture.content)[960]) <= 120_000


def test_odd_seeds_turn_a_drawing_round(monkeypatch):
    turned = []
    monkeypatch.setattr(ImageOps, "mirror", lambda image: turned.append(image) or image)
    for seed in range(4):
        draw("lake", seed, SMALL)
    assert len(turned) == 2


@pytest.mark.parametrize("motif", ["pulse", "phone"])
def test_a_heartbeat_and_a_tick_never_run_backwards(monkeypatch, motif):
    monkeypatch.setattr(ImageOps, "mirror", lambda image: pytest.fail("mirrored"))
    assert draw(motif, 0, SMALL) != draw(motif, 1, SMALL)
