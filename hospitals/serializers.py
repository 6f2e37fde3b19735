"""Hospitals in the public read API."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from hospitals.models import HospitalName
from publishing.serializers import ApiURL, PageURL, PublicSerializer, QuantitySerializer


@extend_schema_serializer(description=_("行政区划。"))
class RegionSerializer(PublicSerializer):
    code = serializers.CharField(help_text=_("GB/T 2260六位代码，例如“370828”；是文本，不是数。"))
    name = serializers.CharField(help_text=_("名称，例如“金乡县”。"))
    full_name = serializers.CharField(help_text=_("带上级的名称，例如“山东省济宁市金乡县”。"))


@extend_schema_serializer(description=_("医院的其他名称。"))
class HospitalNameSerializer(PublicSerializer):
    name = serializers.CharField(help_text=_("名称。"))
    kind = serializers.ChoiceField(HospitalName.Kind.choices, help_text=_("名称的类型。"))
    kind_label = serializers.CharField(source="get_kind_display", help_text=_("类型的中文。"))


@extend_schema_serializer(description=_("公开的负责人。"))
class LeaderSerializer(PublicSerializer):
    office = serializers.CharField(help_text=_("职务，可能是几个并列的职务。"))
    name = serializers.CharField(help_text=_("姓名。"))


@extend_schema_serializer(description=_("医院公布的组织数据；与录入的支部、活动相互独立，不要相加。"))
class HospitalFigureSerializer(QuantitySerializer):
    as_of = serializers.DateField(allow_null=True, help_text=_("截至日期；没有写明时为null。"))
    as_of_text = serializers.CharField(help_text=_("截至时间的原文说明，可能为空。"))
    source = serializers.CharField(help_text=_("来源，可能为空。"))


@extend_schema_serializer(description=_("所属医院。"))
class HospitalLinkSerializer(PublicSerializer):
    slug = serializers.CharField(help_text=_("医院的网址名，永久不变。"))
    name = serializers.CharField(help_text=_("名称。"))
    url = PageURL()
    api_url = ApiURL("api_hospital", "slug")


@extend_schema_serializer(description=_("列表里的医院。"))
class HospitalEntrySerializer(HospitalLinkSerializer):
    short_name = serializers.CharField(help_text=_("简称，可能为空。"))
    other_names = HospitalNameSerializer(source="names", many=True, help_text=_("第二名称、曾用名、下设医院等。"))
    region = RegionSerializer(help_text=_("所在地。"))
    level = serializers.CharField(help_text=_("等级，例如“三级甲等”；没有填报时为空。"))
    level_note = serializers.CharField(help_text=_("等级说明，可能为空。"))
    party_committee = serializers.CharField(help_text=_("党组织全称，可能为空。"))
    hotline = serializers.CharField(help_text=_("热线电话，可能为空；是文本。"))
    hotline_note = serializers.CharField(help_text=_("热线说明，可能为空。"))

    @staticmethod
    def fetched(rows: QuerySet) -> QuerySet:
        return rows.with_places().defer("search_text")


class HospitalFactsSerializer(HospitalEntrySerializer):
    """All that a hospital says of itself; what its Party organisation adds is in ``branches``."""

    introduction = serializers.CharField(help_text=_("简介，纯文本，空行分段；可能为空。"))
    leaders = LeaderSerializer(many=True, help_text=_("公开的负责人，按顺序。"))
    figures = HospitalFigureSerializer(many=True, help_text=_("医院公布的组织数据。"))

    @staticmethod
    def fetched(rows: QuerySet) -> QuerySet:
        return HospitalEntrySerializer.fetched(rows).with_figures()
