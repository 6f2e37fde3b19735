"""What the public read API says of any record: addresses, figures, photos, and which edition is the live one.

The help texts are the API's documentation. A serializer is given rows with all that it shows (``fetched`` of each), and
``site``, scheme and host, in its context. It names each field it shows: what is not named here stays inside.
"""

from typing import Any
from urllib.parse import urljoin

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from publishing.images import rendition_widths
from publishing.models import Version
from publishing.quantities import Precision


class PublicSerializer(serializers.Serializer):
    @staticmethod
    def fetched(rows: QuerySet) -> QuerySet:
        """The rows with all that is shown of them, in a fixed number of queries."""
        return rows


@extend_schema_field({"type": "string", "format": "uri"})
class PageURL(serializers.Field):
    """The absolute address of the page on which people read it."""

    def __init__(self, **options):
        super().__init__(source="*", help_text=_("网页地址，供人阅读。"), **options)

    def to_representation(self, value: Any) -> str:
        return self.context["site"] + value.get_absolute_url()


@extend_schema_field({"type": "string", "format": "uri"})
class ApiURL(serializers.Field):
    """The absolute address of its full data; ``paths`` lead from the row to the parts of the address."""

    def __init__(self, route: str, *paths: str, **options):
        self.route, self.paths = route, paths
        super().__init__(source="*", help_text=_("完整数据的接口地址。"), **options)

    def to_representation(self, value: Any) -> str:
        return self.context["site"] + reverse(self.route, args=[_follow(value, path) for path in self.paths])


@extend_schema_field({"type": "string", "format": "uri"})
class FileURL(serializers.Field):
    """The absolute address of a stored file; null where there is none."""

    def to_representation(self, value: Any) -> str | None:
        return urljoin(self.context["site"], value.url) if value else None


@extend_schema_field({"type": "number"})
class Number(serializers.Field):
    """A JSON number: DRF would make a decimal a text, and 60 the text 60.00."""

    def to_representation(self, value: Any) -> int | float:
        return int(value) if value % 1 == 0 else float(value)


class QuantitySerializer(PublicSerializer):
    name = serializers.CharField(help_text=_("这个数是什么，例如“服务人次”。"))
    value = Number(allow_null=True, help_text=_("数值。原文没有确切数字（“几百”）时为null，不是0。"))
    precision = serializers.ChoiceField(Precision.choices, help_text=_("精确程度。"))
    as_stated = serializers.CharField(help_text=_("原文写法，例如“60余”；没有记下时为空。"))
    unit = serializers.CharField(source="unit_text", help_text=_("单位，例如“人次”；可能为空。"))
    text = serializers.SerializerMethodField(help_text=_("网页上的写法，例如“60余人次”。"))

    def get_text(self, figure) -> str:
        return figure.quantity.display(figure.unit_text)


@extend_schema_serializer(description=_("照片的一种大小。"))
class RenditionSerializer(serializers.Serializer):
    url = serializers.URLField(help_text=_("WebP图片的地址。撤回的记录，图片随即打不开，请勿长期保存。"))
    width = serializers.IntegerField(help_text=_("宽度，像素。"))
    height = serializers.IntegerField(help_text=_("高度，像素。"))


@extend_schema_serializer(description=_("照片，按在文中的顺序排列。"))
class PictureSerializer(PublicSerializer):
    caption = serializers.CharField(help_text=_("图片说明，可能为空。"))
    alt = serializers.CharField(source="alternative", help_text=_("替代文字：画面里有什么；没有另写时同图片说明。"))
    renditions = serializers.SerializerMethodField(help_text=_("可用的大小，从小到大。"))

    @extend_schema_field(RenditionSerializer(many=True))
    def get_renditions(self, picture) -> list[dict]:
        return [
            {
                "url": urljoin(self.context["site"], picture.url_at(name)),
                "width": width,
                "height": max(1, round(picture.height * width / picture.width)),
            }
            for name, width in rendition_widths(picture.width).items()
        ]


class LiveSinceField(serializers.DateTimeField):
    """When the edition that the public reads became public."""

    def get_attribute(self, record):
        kept = (version for version in record.kept_versions.all() if version.number == record.edition)
        return next((version.public_from for version in kept), record.published_at)


@extend_schema_serializer(description=_("正在公开的是第几版。"))
class EditionSerializer(PublicSerializer):
    number = serializers.IntegerField(source="edition", help_text=_("版次，从1起；每次修订公开加1。"))
    public_from = LiveSinceField(help_text=_("这一版公开的时间。"))


class RecordSerializer(PublicSerializer):
    """What has been through the reviews."""

    published_at = serializers.DateTimeField(help_text=_("公开的时间，带时区。"))
    edition = EditionSerializer(source="*", help_text=_("正在公开的版本；修订公开以后版次变大。"))


def with_editions(rows: QuerySet) -> QuerySet:
    """Records with the time of each edition, but not its content."""
    return rows.prefetch_related(Prefetch("kept_versions", Version.objects.defer("content", "approvals")))


def _follow(value: Any, path: str) -> Any:
    for name in path.split("."):
        value = getattr(value, name)
    return value
