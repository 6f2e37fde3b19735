"""What becomes of an uploaded picture, and what is sent back with a reason."""

import re
import struct
import sys
import zlib
from io import BytesIO

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.db.models.fields.files import FieldFile
from PIL import Image, ImageCms, ImageFile

from publishing import images
from publishing.images import (
    MAX_BYTES,
    PictureFormField,
    clean_picture,
    delete_renditions,
    make_renditions,
    picture_path,
    rendition_name,
    rendition_widths,
    renditions,
)

RED, GREEN, BLUE, WHITE, GREY = (200, 20, 20), (20, 160, 40), (20, 20, 200), (255, 255, 255), (128, 128, 128)


def picture(size=(64, 48), colour=GREY, mode="RGB"):
    return Image.new("RGB", size, colour).convert(mode)


def encoded(image, kind="JPEG", **options) -> bytes:
    images._can_read_heif()  # teaches Pillow to write HEIC too
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def cleaned(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(clean_picture(ContentFile(content)).content))
    image.load()
    return image


def refusal(content: bytes) -> str:
    with pytest.raises(ValidationError) as caught:
        clean_picture(ContentFile(content))
    return caught.value.code


def looks_like(pixel, colour) -> bool:
    return all(abs(a - b) < 12 for a, b in zip(pixel, colour, strict=True))


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of_zeros(width: int, height: int, extra: bytes = b"", rows: int | None = None) -> bytes:
    """A PNG, packed row by row: a huge one costs no memory to make. With fewer rows than its height it is cut off."""
    packer = zlib.compressobj(1)
    rows = b"".join(packer.compress(bytes(1 + width * 3)) for _ in range(rows or height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = png_chunk(b"IHDR", header) + extra + png_chunk(b"IDAT", rows) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def camera_data(orientation=1) -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F] = "CAMERA-SERIAL-12345"
    exif[0x0112] = orientation
    exif[0x8825] = {1: "N", 2: (39.0, 54.0, 15.12), 3: "E", 4: (116.0, 24.0, 26.64)}
    return exif


# ---------------------------------------------------------------- what stays behind


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_position_and_camera_stay_behind(kind):
    exif = camera_data()
    content = encoded(picture(), kind, exif=exif.tobytes())
    assert b"CAMERA-SERIAL" in content
    image = cleaned(content)
    assert (len(image.getexif()), "exif" in image.info) == (0, False)


def test_a_comment_stays_behind():
    content = encoded(picture(), comment="<script>secret</script>")
    assert b"secret" not in clean_picture(ContentFile(content)).content


def test_a_comment_is_not_written_even_if_decoding_keeps_it():
    image = picture()
    image.info["comment"] = b"secret"
    assert b"secret" not in images._encoded(image, "4:2:0").content


def test_descriptions_and_colour_profiles_stay_behind():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image = cleaned(encoded(picture(), xmp=b"<x:xmpmeta>author</x:xmpmeta>", icc_profile=profile))
    assert set(image.info) == {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_is_hidden_behind_a_picture_stays_behind(kind):
    content = encoded(picture(), kind) + b"<html><script>secret</script>"
    assert b"secret" not in clean_picture(ContentFile(content)).content


def test_the_name_and_the_extension_say_nothing_of_the_upload():
    upload = SimpleUploadedFile("张三-病历.php", encoded(picture(), "PNG"))
    assert re.fullmatch(r"[0-9a-f]{32}\.jpg", clean_picture(upload).as_upload().name)


# ---------------------------------------------------------------- what is taken, and how it looks


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF", "MPO"])
def test_the_usual_formats_become_a_jpeg_in_rgb(kind):
    options = {"save_all": True, "append_images": [picture(colour=BLUE)]} if kind == "MPO" else {}
    image = cleaned(encoded(picture(colour=RED), kind, **options))
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (64, 48))
    assert looks_like(image.getpixel((30, 20)), RED)


@pytest.mark.parametrize(("orientation", "taken"), [(1, None), *zip(range(2, 9), [0, 3, 1, 5, 2, 6, 4], strict=True)])
def test_a_photo_taken_sideways_is_turned_upright(orientation, taken):
    upright = picture((60, 40), GREY)
    upright.paste(RED, (0, 0, 20, 20))
    as_stored = upright if taken is None else upright.transpose(Image.Transpose(taken))
    image = cleaned(encoded(as_stored, exif=camera_data(orientation)))
    assert image.size == (60, 40)
    assert looks_like(image.getpixel((6, 6)), RED)


def test_a_sideways_photo_of_an_iphone_is_turned_once():
    as_stored = picture((40, 60))
    image = cleaned(encoded(as_stored, "HEIF", exif=camera_data(6).tobytes()))
    assert image.size == (60, 40)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_unreadable_camera_data_do_not_cost_the_photo(kind):
    assert cleaned(encoded(picture(), kind, exif=b"Exif\0\0rubbish")).size == (64, 48)


def transparent(mode: str) -> bytes:
    if mode == "P":
        image = picture(colour=RED).quantize(8)
        return encoded(image, "PNG", transparency=image.getpixel((0, 0)))
    if mode == "RGB":
        return encoded(picture(colour=RED), "PNG", transparency=RED)
    return encoded(Image.new("RGBA", (64, 48), (*RED, 0)).convert(mode), "PNG")


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "RGB"])
def test_transparent_parts_become_white(mode):
    assert looks_like(cleaned(transparent(mode)).getpixel((30, 20)), WHITE)


def test_half_transparent_parts_become_lighter():
    content = encoded(Image.new("RGBA", (64, 48), (0, 0, 0, 128)), "PNG")
    assert looks_like(cleaned(content).getpixel((30, 20)), (127, 127, 127))


def test_printers_colours_become_screen_colours():
    image = cleaned(encoded(picture(colour=RED).convert("CMYK")))
    assert (image.mode, looks_like(image.getpixel((30, 20)), RED)) == ("RGB", True)


def test_sixteen_bit_grey_is_scaled_and_not_clipped():
    content = encoded(Image.new("I;16", (64, 48), 128 * 257), "PNG")
    assert looks_like(cleaned(content).getpixel((30, 20)), GREY)


@pytest.mark.parametrize("mode", ["1", "L", "P"])
def test_pictures_of_few_colours_are_taken(mode):
    assert looks_like(cleaned(encoded(picture(colour=WHITE, mode=mode), "PNG")).getpixel((30, 20)), WHITE)


def profile_that_swaps_red_and_blue() -> bytes:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile.replace(b"rXYZ", b"tmp!", 1).replace(b"bXYZ", b"rXYZ", 1).replace(b"tmp!", b"bXYZ", 1)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_colours_are_what_the_profile_says(kind):
    image = cleaned(encoded(picture(colour=(255, 0, 0)), kind, icc_profile=profile_that_swaps_red_and_blue()))
    assert looks_like(image.getpixel((30, 20)), (0, 0, 255))


def test_an_unusable_colour_profile_does_not_cost_the_photo():
    image = cleaned(encoded(picture(colour=RED), icc_profile=b"no profile at all"))
    assert looks_like(image.getpixel((30, 20)), RED)


@pytest.mark.parametrize(
    ("size", "kept"), [((5000, 1250), (2560, 640)), ((2000, 3000), (1707, 2560)), ((80, 60), (80, 60))]
)
def test_a_picture_is_kept_at_2560_pixels_at_most(size, kept):
    assert cleaned(encoded(picture(size))).size == kept


def test_a_large_jpeg_is_not_decoded_at_full_size(monkeypatch):
    decoded_sizes = []
    load = ImageFile.ImageFile.load
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda self: (decoded_sizes.append(self.size), load(self))[1])
    clean_picture(ContentFile(encoded(picture((5200, 1100)))))
    assert set(decoded_sizes) == {(2600, 550)}


def test_thin_red_lines_of_a_drawing_stay_red():
    drawing = picture(colour=WHITE)
    for x in range(0, 64, 2):
        drawing.paste((255, 0, 0), (x, 0, x + 1, 48))
    red, green, blue = cleaned(encoded(drawing, "PNG")).getpixel((30, 20))
    assert red - max(green, blue) > 200


def test_scaling_in_strips_leaves_no_seams():
    original = Image.radial_gradient("L").resize((2700, 900)).convert("RGB")
    at_once = original.resize((2560, 853), Image.Resampling.LANCZOS)
    in_strips = cleaned(encoded(original, "PNG"))
    for y in range(853):
        assert looks_like(in_strips.getpixel((1300, y)), at_once.getpixel((1300, y)))


# ---------------------------------------------------------------- what is sent back


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\0" + bytes(200),
        b"<!doctype html><script>alert(1)</script>",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EndComments\n(%pipe%id) (w) file\nshowpage\n",
        b"8BPS\0\1" + bytes(60),
        b"%PDF-1.4",
        b"RIFF\x24\0\0\0WAVEfmt " + bytes(28),
        b"\0\0\0\x18ftypmp42" + bytes(100),
        encoded(picture(), "GIF"),
        encoded(picture(), "BMP"),
        encoded(picture(), "TIFF"),
    ],
    ids=["program", "html", "svg", "eps", "psd", "pdf", "sound", "film", "gif", "bmp", "tiff"],
)
def test_nothing_but_photos_is_taken_whatever_the_name_says(content):
    assert refusal(content) == "not_a_picture"


def test_an_empty_file_is_refused():
    assert refusal(b"") == "empty"


def test_thirty_megabytes_are_refused_with_the_size_in_the_message():
    content = ContentFile(encoded(picture()) + bytes(30 * 2**20))
    with pytest.raises(ValidationError, match="图片有30.0MB，超过20MB的上限") as caught:
        clean_picture(content)
    assert caught.value.code == "too_large"


def test_a_stated_size_is_not_believed():
    content = ContentFile(encoded(picture()) + bytes(MAX_BYTES))
    content.size = 1000
    with pytest.raises(ValidationError) as caught:
        clean_picture(content)
    assert caught.value.code == "too_large"


def test_of_a_large_file_no_more_is_read_than_is_allowed():
    content = ContentFile(bytes(30 * 2**20))
    with pytest.raises(ValidationError):
        clean_picture(content)
    assert content.tell() == MAX_BYTES + 1


def test_only_the_reader_of_its_format_sees_the_bytes(monkeypatch):
    def refuse(*args):
        pytest.fail("another reader was asked")

    monkeypatch.setattr(Image, "ID", ["OTHER", *Image.ID])
    monkeypatch.setitem(Image.OPEN, "OTHER", (refuse, refuse))
    renditions(clean_picture(ContentFile(encoded(picture()))).content)


def test_eighty_megapixels_are_refused_before_a_pixel_is_decoded(monkeypatch):
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda self: pytest.fail("decoded"))
    assert refusal(png_of_zeros(10_000, 8_000)) == "too_many_pixels"


def test_a_picture_that_pillow_itself_calls_a_bomb_is_refused_as_too_large():
    assert refusal(png_of_zeros(20_000, 10_000, rows=1)) == "too_many_pixels"


@pytest.mark.parametrize(
    ("limit", "content"),
    [
        ("MAX_PIXELS_PROGRESSIVE", encoded(picture(), progressive=True)),
        ("MAX_PIXELS_WEBP", encoded(picture(), "WEBP")),
    ],
)
def test_formats_that_need_more_memory_have_a_lower_limit(monkeypatch, limit, content):
    monkeypatch.setattr(images, limit, 1000)
    assert refusal(content) == "too_many_pixels"


def test_a_jpeg_of_thousands_of_scans_is_refused():
    content = encoded(picture(), progressive=True)
    last_scan = content[content.rindex(b"\xff\xda") : -2]
    assert refusal(content[:-2] + last_scan * 1000 + b"\xff\xd9") == "broken"


def test_a_packed_text_that_would_fill_the_memory_is_refused():
    bomb = png_chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(8 * 2**20)))
    assert refusal(png_of_zeros(20, 20, extra=bomb)) == "broken"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
@pytest.mark.parametrize("share", [0.1, 0.9])
def test_half_a_picture_is_refused(kind, share):
    content = encoded(Image.effect_noise((200, 150), 90).convert("RGB"), kind)
    assert refusal(content[: max(16, int(len(content) * share))]) == "broken"


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_moving_picture_is_refused(kind):
    content = encoded(picture(colour=RED), kind, save_all=True, append_images=[picture(colour=BLUE)], duration=100)
    assert refusal(content) == "animated"


@pytest.mark.parametrize("size", [(1, 1), (15, 400), (400, 15)])
def test_a_dot_or_a_line_is_no_picture(size):
    assert refusal(encoded(picture(size), "PNG")) == "too_small"


def test_a_screenshot_too_long_to_be_read_is_refused():
    assert refusal(encoded(picture((500, 2600)), "PNG")) == "too_long"


def test_a_long_picture_that_need_not_be_scaled_is_taken():
    assert cleaned(encoded(picture((2400, 100)))).size == (2400, 100)


@pytest.mark.parametrize("error", [MemoryError, RuntimeError, SyntaxError, struct.error, OSError, IndexError])
def test_whatever_a_decoder_raises_is_a_refusal(monkeypatch, error):
    def fail(self):
        raise error("decoder")

    monkeypatch.setattr(ImageFile.ImageFile, "load", fail)
    assert refusal(encoded(picture(), "PNG")) == "broken"


@pytest.mark.parametrize("code", list(images.MESSAGES))
def test_every_refusal_is_a_whole_chinese_sentence(code):
    params = {"size": "30.0", "limit": 20, "width": 10, "height": 10}
    message = str(images.MESSAGES[code] % params)
    assert re.fullmatch(r"[^%]*[\u4e00-\u9fff][^%]*。", message)


@pytest.fixture
def without_the_heic_wheel(monkeypatch):
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    images._can_read_heif.cache_clear()
    yield
    images._can_read_heif.cache_clear()


HEIC = encoded(picture(), "HEIF")


def test_without_the_wheel_a_heic_photo_is_refused_with_a_way_out(without_the_heic_wheel):
    assert refusal(HEIC) == "heic_unsupported"


def test_without_the_wheel_other_photos_are_taken(without_the_heic_wheel):
    assert clean_picture(ContentFile(encoded(picture()))).width == 64


# ---------------------------------------------------------------- the form field


class PictureForm(forms.Form):
    image = PictureFormField()


def posted(content: bytes, name="photo.jpg") -> dict:
    return {"image": SimpleUploadedFile(name, content)}


def test_a_refusal_is_shown_at_the_field():
    form = PictureForm({}, posted(b"MZ\x90\0"))
    assert form.errors.as_data()["image"][0].code == "not_a_picture"


def test_a_form_gives_a_file_that_can_be_saved():
    form = PictureForm({}, posted(encoded(picture(), "PNG"), name="截图.png"))
    assert form.is_valid()
    storage = InMemoryStorage()
    upload = form.cleaned_data["image"]
    name = storage.save(picture_path(None, upload.name), upload)
    assert Image.open(storage.open(name)).format == "JPEG"


def test_the_same_upload_may_be_cleaned_twice():
    files = posted(encoded(picture()))
    assert [PictureForm({}, files).is_valid() for _ in range(2)] == [True, True]


def stored_file(name="pictures/ab/ab12.jpg") -> FieldFile:
    return FieldFile(None, models.FileField(), name)


def test_a_stored_file_is_kept_when_nothing_new_is_chosen():
    stored = stored_file()
    form = PictureForm({}, {}, initial={"image": stored})
    assert form.is_valid()
    assert form.cleaned_data["image"] is stored


def test_a_disabled_field_keeps_its_file_unread():
    stored = stored_file()
    form = PictureForm({}, {}, initial={"image": stored})
    form.fields["image"].disabled = True
    assert form.is_valid()
    assert form.cleaned_data["image"] is stored


def test_a_picture_that_may_be_left_out_can_be_removed():
    form = PictureForm({"image-clear": "on"}, {}, initial={"image": stored_file()})
    form.fields["image"].required = False
    form.fields["image"].widget.is_required = False
    assert form.is_valid()
    assert form.cleaned_data["image"] is False


def test_a_missing_picture_is_asked_for():
    assert PictureForm({}, {}).errors.as_data()["image"][0].code == "required"


def test_the_length_of_the_uploaded_name_does_not_matter():
    field = PictureFormField(max_length=40)
    assert field.clean(SimpleUploadedFile("长" * 80 + ".jpg", encoded(picture()))).name.endswith(".jpg")


def test_text_in_place_of_a_file_is_refused():
    with pytest.raises(ValidationError):
        PictureFormField().clean("pictures/ab/ab12.jpg")


def test_the_file_chooser_offers_photos_of_iphones():
    assert 'accept="image/jpeg,image/png,image/webp,image/heic,image/heif,.heic,.heif"' in str(PictureForm()["image"])


# ---------------------------------------------------------------- names and copies


def test_a_stored_name_cannot_be_guessed():
    names = {picture_path(None, "张三.jpg") for _ in range(50)}
    assert len(names) == 50
    assert all(re.fullmatch(r"pictures/([0-9a-f]{2})/\1[0-9a-f]{30}\.jpg", name) for name in names)


@pytest.mark.parametrize("filename", ["shell.php", "page.svg", "../../etc/passwd", ".htaccess"])
def test_a_stored_name_never_takes_the_extension_of_the_upload(filename):
    assert picture_path(None, filename).endswith(".jpg")


def test_the_name_of_a_copy_follows_from_the_name_of_the_picture():
    assert rendition_name("pictures/ab/ab12.jpg", 960) == "pictures/ab/ab12-960.webp"


@pytest.mark.parametrize(
    ("width", "copies"),
    [
        (300, {480: 300}),
        (480, {480: 480}),
        (700, {480: 480, 960: 700}),
        (960, {480: 480, 960: 960}),
        (1440, {480: 480, 960: 960, 1440: 1440}),
        (2560, {480: 480, 960: 960, 1440: 1440}),
    ],
)
def test_a_copy_is_never_wider_than_the_picture(width, copies):
    content = clean_picture(ContentFile(encoded(picture((width, 200))))).content
    widths = {name: Image.open(BytesIO(copy)).width for name, copy in renditions(content).items()}
    assert (widths, rendition_widths(width)) == (copies, copies)


def test_copies_keep_the_proportions_and_are_webp():
    content = clean_picture(ContentFile(encoded(picture((1500, 1000))))).content
    copy = Image.open(BytesIO(renditions(content)[960]))
    assert (copy.format, copy.size) == ("WEBP", (960, 640))


def test_copies_carry_no_data_beside_the_picture():
    content = encoded(picture(), exif=camera_data(), icc_profile=profile_that_swaps_red_and_blue())
    copy = renditions(content)[480]
    assert not any(chunk in copy for chunk in (b"EXIF", b"XMP ", b"ICCP", b"CAMERA-SERIAL"))


def test_a_busy_photo_is_compressed_harder_to_stay_within_its_budget():
    grain = Image.effect_noise((480, 320), 30).convert("RGB").resize((960, 640), Image.Resampling.BICUBIC)
    at_full_quality = len(encoded(grain, "WEBP", quality=80))
    assert len(renditions(clean_picture(ContentFile(encoded(grain))).content)[960]) <= 120_000 < at_full_quality


@pytest.fixture
def storage():
    storage = InMemoryStorage()
    content = clean_picture(ContentFile(encoded(picture((1500, 1000), GREEN)))).content
    storage.save("pictures/ab/ab12.jpg", ContentFile(content))
    return storage


COPIES = [f"pictures/ab/ab12-{width}.webp" for width in (480, 960, 1440)]


def test_copies_are_written_beside_the_picture(storage):
    assert make_renditions(storage, "pictures/ab/ab12.jpg") == COPIES
    assert all(storage.exists(name) for name in COPIES)


def test_making_copies_again_replaces_them(storage):
    make_renditions(storage, "pictures/ab/ab12.jpg")
    assert make_renditions(storage, "pictures/ab/ab12.jpg") == COPIES
    assert len(storage.listdir("pictures/ab")[1]) == 4


def test_removing_copies_leaves_the_picture(storage):
    make_renditions(storage, "pictures/ab/ab12.jpg")
    delete_renditions(storage, "pictures/ab/ab12.jpg")
    assert storage.listdir("pictures/ab")[1] == ["ab12.jpg"]


def test_removing_copies_that_are_not_there_is_no_error(storage):
    delete_renditions(storage, "pictures/ab/ab12.jpg")
    assert storage.exists("pictures/ab/ab12.jpg")
