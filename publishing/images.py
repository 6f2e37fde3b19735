"""Pictures. Whatever is uploaded becomes one plain JPEG; pages show WebP copies of it in three widths.

The bytes that were uploaded are never stored: what is kept is drawn anew from the decoded pixels, so position, camera,
comments, colour profiles and whatever was hidden before or after the picture stay behind. docs/decisions/0004.
"""

import logging
import math
import re
import secrets
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import ExifTags, Image, ImageCms

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 50_000_000
MAX_PIXELS_PROGRESSIVE = 25_000_000  # libjpeg keeps every coefficient: up to 8 bytes a pixel beside the picture
MAX_PIXELS_WEBP = 16_000_000  # libwebp keeps two canvases and Pillow two copies: 16 bytes a pixel
MAX_SCANS = 50  # of a JPEG; cameras write 1 to 10. Each costs a pass over all pixels and as little as ten bytes
MIN_SIDE = 16  # pixels: below this it is a spacer or a tracking dot, not a picture
MAX_SIDE = 2560  # of what is kept
MAX_RATIO = 5  # of a picture that has to be scaled down: a longer screenshot could not be read any more
RENDITION_WIDTHS = (480, 960, 1440)
QUALITY = 85

# What picture_path and rendition_name make, and nothing else.
_NAME = re.compile(rf"(pictures/[0-9a-f]{{2}}/[0-9a-f]{{32}})(?:\.jpg|-({'|'.join(map(str, RENDITION_WIDTHS))})\.webp)")
_STRIP = 256  # rows
_PLAIN = {"L", "RGB", "CMYK"}
_WEBP_QUALITIES = (80, 70, 55, 40)
_QUICK_IS_LONGER = 1.1  # at the most, of WebP that is written with the least effort
_BYTES_PER_COLUMN = 125  # the lead picture at 960 weighs at most 120 kB
ACCEPT = "image/jpeg,image/png,image/webp,image/heic,image/heif,.heic,.heif"
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"mif1"}  # still pictures; hevc, hevx and msf1 are films
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

MESSAGES = {
    "empty": _("这个文件是空的（0字节）。请重新选择图片再上传。"),
    "too_large": _(
        "图片有%(size)sMB，超过%(limit)sMB的上限。请在微信里不勾选“原图”发给自己，上传收到的那一张；或用“画图”缩小尺寸，另存为JPG后再上传。"
    ),
    "not_a_picture": _(
        "这个文件不是能识别的图片。请上传JPG、PNG、WebP图片或iPhone的HEIC照片；其他格式（GIF、BMP、TIFF、SVG、PSD等）请先另存为JPG。"
    ),
    "heic_unsupported": _(
        "这个网站暂时读不了HEIC照片。请在手机上把照片转成JPG再上传，或在iPhone的“设置—相机—格式”里选“兼容性最佳”后重新拍摄。"
    ),
    "too_many_pixels": _("图片的尺寸太大，超过%(limit)s万像素。请用“画图”等软件把长边缩小到4000像素以内，再上传。"),
    "too_small": _("图片太小（%(width)s×%(height)s像素），每边至少要有%(limit)s像素。请上传原来的照片。"),
    "too_long": _("图片太长（%(width)s×%(height)s像素），缩小后看不清。请截成几张，按顺序分别上传。"),
    "animated": _("这是一张会动的图片，这里只能放静止的图片。请截取其中一个画面，另存为JPG后再上传。"),
    "broken": _("图片不完整或已损坏，打不开。请从手机或相机里重新导出一份再上传。"),
}

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CleanPicture:
    """A JPEG in sRGB, upright, without any data beside its pixels."""

    content: bytes
    width: int
    height: int
    extension: str = "jpg"

    def as_upload(self) -> SimpleUploadedFile:
        """For a file field: under a name of its own, because an uploaded name may say who is in the picture."""
        return SimpleUploadedFile(f"{_token()}.{self.extension}", self.content, "image/jpeg")


def clean_picture(upload: File) -> CleanPicture:
    """The picture in an uploaded file, made safe to show.

    Raises ValidationError, whose code is a key of MESSAGES, for anything else; no other exception, whatever the bytes.
    """
    data = _read(upload)
    kind = _kind(data)
    with _broken_means_refused(), Image.open(BytesIO(data), formats=[kind]) as image:
        _check(image, kind, data)
        picture = _upright(image, _shrunk(image))
        picture = _in_srgb(picture, image.info.get("icc_profile"))
        return _encoded(picture, subsampling="4:4:4" if kind == "PNG" else "4:2:0")


def stated_pixels(data: bytes) -> int:
    """How many the picture in these bytes says it has; none where it is no picture. Nothing is decoded."""
    try:
        with Image.open(BytesIO(data), formats=[_kind(data)]) as image:
            return image.width * image.height
    except Exception:  # clean_picture says what is wrong with it
        return 0


def rendition_widths(width: int, widths: Sequence[int] = RENDITION_WIDTHS) -> dict[int, int]:
    """Which copies a picture of this width has: the width each is named after, and its real one in pixels.

    A copy is never wider than the picture: the first that would be has the picture's own width, and is the last.
    """
    real_widths = {}
    for nominal in sorted(widths):
        real_widths[nominal] = min(nominal, width)
        if nominal >= width:
            break
    return real_widths


def renditions(content: bytes, only: Collection[int] = RENDITION_WIDTHS) -> dict[int, bytes]:
    """WebP copies of what clean_picture made, by the width each is named after: of those it has, the wanted ones."""
    with Image.open(BytesIO(content), formats=["JPEG"]) as image:
        wanted = {nominal: real for nominal, real in rendition_widths(image.width).items() if nominal in only}
        if wanted:
            widest = max(wanted.values())
            image.draft(None, (2 * widest, 2 * round(image.height * widest / image.width)))  # what is wanted, twice
            image.load()
        return {
            nominal: _as_webp(_scaled_to(image, real), budget=nominal * _BYTES_PER_COLUMN)
            for nominal, real in wanted.items()
        }


def picture_path(instance: Any, filename: str) -> str:
    """For upload_to. Says nothing of the record or of the uploaded name: who has no link cannot guess it."""
    token = _token()
    return f"pictures/{token[:2]}/{token}.jpg"


def rendition_name(name: str, width: int) -> str:
    return str(PurePosixPath(name).with_suffix("")) + f"-{width}.webp"


def original_name(name: str) -> str | None:
    """The picture that a file of this name is, or is a copy of; None for a name that no file of ours can have."""
    found = _NAME.fullmatch(name)
    return f"{found[1]}.jpg" if found else None


def width_named(name: str) -> int | None:
    """The width after which a copy of this name is named; None for a picture itself."""
    found = _NAME.fullmatch(name)
    return int(found[2]) if found and found[2] else None


def make_renditions(storage: Storage, name: str) -> list[str]:
    """Write the copies beside the stored picture, replacing those that are there. Returns their names."""
    with storage.open(name) as file:
        content = file.read()
    names = []
    for width, copy in renditions(content).items():
        wanted = rendition_name(name, width)
        storage.delete(wanted)  # or the storage would save it under another name
        names.append(storage.save(wanted, ContentFile(copy)))
    return names


def delete_renditions(storage: Storage, name: str) -> None:
    """Remove the copies, not the picture. It is no error when there are none."""
    for width in RENDITION_WIDTHS:
        storage.delete(rendition_name(name, width))


class PictureFormField(forms.FileField):
    """Takes a picture; cleans to an uploaded file with the safe JPEG. A file already stored passes as it is.

    Not forms.ImageField, which lets every parser that Pillow has try the bytes.
    """

    def to_python(self, data: Any) -> SimpleUploadedFile | None:
        if data in self.empty_values:
            return None
        if not hasattr(data, "read"):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return clean_picture(data).as_upload()

    def clean(self, data: Any, initial: Any = None) -> Any:
        if data and data is initial:  # a disabled field cleans what it shows
            return initial
        return super().clean(data, initial)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)
        if isinstance(widget, forms.FileInput):
            attrs.setdefault("accept", ACCEPT)
        return attrs


def _token() -> str:
    """128 bits. Hexadecimal: never begins with a hyphen and is the same name where case does not count."""
    return secrets.token_hex(16)


def refusal(code: str, **params: Any) -> ValidationError:
    return ValidationError(MESSAGES[code], code=code, params=params)


def _too_many_pixels(limit: int = MAX_PIXELS) -> ValidationError:
    return refusal("too_many_pixels", limit=limit // 10_000)


@contextmanager
def _broken_means_refused() -> Iterator[None]:
    try:
        yield
    except ValidationError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except Exception as error:  # a decoder raises whatever the bytes provoke: there is no list to name here
        logger.info("A picture could not be read.", exc_info=True)
        raise refusal("broken") from error


def _read(upload: File) -> bytes:
    """Reads from the start, as a form may be cleaned twice, and never more than is allowed, whatever size is stated."""
    upload.seek(0)
    data = upload.read(MAX_BYTES + 1)
    if not data:
        raise refusal("empty")
    if len(data) > MAX_BYTES:
        size = max(upload.size, MAX_BYTES + 1) / 2**20
        raise refusal("too_large", size=f"{size:.1f}", limit=MAX_BYTES // 2**20)
    return data


def _kind(data: bytes) -> str:
    """Pillow's name of the one format that may read these bytes; the name of the file says nothing."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        if not _can_read_heif():
            raise refusal("heic_unsupported")
        return "HEIF"
    raise refusal("not_a_picture")


@cache
def _can_read_heif() -> bool:
    """Teaches Pillow the format of iPhones, once; a machine without the wheel goes on without it."""
    try:
        import pillow_heif
    except ImportError:
        return False
    pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
    return True


def _check(image: Image.Image, kind: str, data: bytes) -> None:
    """Everything the header tells, before a pixel is decoded."""
    limit = MAX_PIXELS
    if kind == "WEBP":
        limit = MAX_PIXELS_WEBP
    elif "progressive" in image.info:
        limit = MAX_PIXELS_PROGRESSIVE
    width, height = image.size
    if width * height > limit:
        raise _too_many_pixels(limit)
    if min(width, height) < MIN_SIDE:
        raise refusal("too_small", width=width, height=height, limit=MIN_SIDE)
    if max(width, height) > max(MAX_SIDE, MAX_RATIO * min(width, height)):
        raise refusal("too_long", width=width, height=height)
    # JPEG and HEIC files carry further pictures too (thumbnails, depth, bursts): there the first is the photo.
    if kind in {"PNG", "WEBP"} and getattr(image, "n_frames", 1) > 1:
        raise refusal("animated")
    if kind == "JPEG" and data.count(b"\xff\xda") > MAX_SCANS:
        raise refusal("broken")


def _shrunk(image: Image.Image) -> Image.Image:
    """The decoded picture at the size it is kept in, on white, in L, RGB or CMYK.

    In strips, because a second copy of fifty megapixels would double the memory. Scaling columns strip by strip and
    rows at the end gives the same pixels as scaling at once. What is left at least twice as large as it is kept is first
    halved by averaging, which takes a fraction of the time; a JPEG's decoder does that itself.
    """
    scale = min(1, MAX_SIDE / max(image.size))
    size = tuple(max(1, round(side * scale)) for side in image.size)
    if image.format in {"JPEG", "MPO"}:
        image.draft(None, size)  # decodes at a half, a quarter or an eighth where that is enough
    image.load()
    width, height = image.size
    halved = 2 if width >= 2 * size[0] and height >= 2 * size[1] else 1
    narrow = None
    for top in range(0, height, _STRIP):
        strip = _strip(image, top, min(top + _STRIP, height), halved)
        strip = strip.resize(
            (size[0], strip.height), Image.Resampling.LANCZOS, box=(0, 0, width / halved, strip.height)
        )
        if narrow is None:
            narrow = Image.new(strip.mode, (size[0], math.ceil(height / halved)))
        narrow.paste(strip, (0, top // halved))
    return narrow.resize(size, Image.Resampling.LANCZOS, box=(0, 0, size[0], height / halved))


def _strip(image: Image.Image, top: int, bottom: int, halved: int) -> Image.Image:
    box = (0, top, image.width, bottom)
    if image.mode in _PLAIN and not image.has_transparency_data:
        return image.reduce(halved, box)  # which copies nothing first
    return _opaque(image.crop(box)).reduce(halved)


def _opaque(strip: Image.Image) -> Image.Image:
    """Transparent parts become white: the one ground that looks the same in dark mode, in print and in a feed."""
    if strip.mode.startswith("I"):  # 16 bits of grey, which convert() would clip instead of scale
        return strip.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    if strip.has_transparency_data:
        strip = strip.convert("RGBA")
        white = Image.new("RGB", strip.size, "white")
        white.paste(strip, mask=strip)
        return white
    return strip if strip.mode in _PLAIN else strip.convert("RGB")


def _upright(image: Image.Image, picture: Image.Image) -> Image.Image:
    try:
        orientation = image.getexif().get(ExifTags.Base.Orientation)
    except Exception:  # a photo whose camera data cannot be read is still a photo
        return picture
    return picture.transpose(_UPRIGHT[orientation]) if orientation in _UPRIGHT else picture


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """The colours as the profile means them, because the profile itself is not kept."""
    if profile:
        try:
            source, target = ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB")
            return ImageCms.profileToProfile(picture, source, target, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
            logger.info("A colour profile could not be used.", exc_info=True)
    return picture.convert("RGB")


def _encoded(picture: Image.Image, subsampling: str) -> CleanPicture:
    picture.info.clear()  # or the comment and the profile would be written again
    file = BytesIO()
    picture.save(file, "JPEG", quality=QUALITY, subsampling=subsampling, progressive=True, optimize=True)
    return CleanPicture(file.getvalue(), *picture.size)


def _scaled_to(image: Image.Image, width: int) -> Image.Image:
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3)


def _as_webp(picture: Image.Image, budget: int) -> bytes:
    """At the best quality that keeps within the budget of bytes, or at the lowest.

    What is written in the quickest way is nearly as long and takes a quarter of the time: it tells which quality to try.
    """
    for quality in _WEBP_QUALITIES:
        is_last = quality == _WEBP_QUALITIES[-1]
        if is_last or len(_webp(picture, quality, method=0)) <= budget * _QUICK_IS_LONGER:
            content = _webp(picture, quality, method=4)
            if is_last or len(content) <= budget:
                return content


def _webp(picture: Image.Image, quality: int, method: int) -> bytes:
    file = BytesIO()
    picture.save(file, "WEBP", quality=quality, method=method)
    return file.getvalue()
