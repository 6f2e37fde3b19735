"""The public read API, /api/v1/: what the public pages say, as JSON. docs/api.md tells its readers how to use it."""

from functools import cache

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from articles.filters import ArticleFilter
from articles.models import Article
from articles.serializers import ActivityWithArticlesSerializer, ArticleEntrySerializer, ArticleSerializer
from branches.activity_serializers import ActivityEntrySerializer
from branches.filters import ActivityFilter
from branches.models import Activity, Branch, Brand
from branches.record_filters import BranchRecordFilter, BrandRecordFilter
from branches.serializers import (
    BranchEntrySerializer,
    BranchSerializer,
    BrandEntrySerializer,
    BrandSerializer,
    HospitalSerializer,
)
from hospitals.filters import HospitalFilter
from hospitals.models import Hospital
from hospitals.serializers import HospitalEntrySerializer
from publishing.api import ListView, PublicView, RecordView

_RESOURCES = ("hospitals", "branches", "brands", "activities", "articles")
_ADDRESS = {"type": "string", "format": "uri"}

#: what each parameter means, for the documentation
NOTES = {
    "hospital": _("医院的网址名，例如“jinxiang”；见医院的slug。"),
    "branch": _("支部的网址名；见支部的slug。各医院都有第一支部，请同时给出hospital。"),
    "region": _("六位行政区划代码；省、市的代码包含其下的区县。"),
    "tag": _("标签的网址名；见标签的slug。"),
    "q": _("关键词；几个词用空格隔开，要都出现。"),
    "kind": _("类别代号，例如“free_clinic”；可以重复给出几个，符合其一即可。"),
    "group": _("大类：A组织生活，B服务群众，C党业融合。"),
    "period": _(
        "时期：2023、2023H1（上半年）、2023Q2（第二季度）、2023-06，或unknown（时间未载明）。与它有一天重合的都算。"
    ),
    "from": _("从哪天起，例如2023-06-01。与这段时间有一天重合的都算。"),
    "to": _("到哪天止，例如2023-06-30。"),
    "counted": _("1按统计口径：不含阶段汇总，每条按开始时间只算在一个时期里。"),
    "joint": _("1只要几个支部联合开展的。"),
    "coarser": _("month只要写不到月份的（只写到季度、半年、全年），quarter只要写不到季度的，year只要跨年的。"),
    "without": _("branch只要没有写明支部的，brand只要没有归到公开品牌的。"),
    "brand": _("品牌的编号，见品牌列表的id。"),
    "year": _("年份：按原文日期，没有原文日期的按公开时间。"),
    "active": _("true只要在用的，false只要已撤销的；不给则都有。"),
    "current": _("true只要现用的，false只要以前用过的；不给则都有。"),
    "status": _("创建阶段：declared申报，building创建中，named命名，model示范，ended终止。"),
    "slug": _("网址名。"),
    "hospital_slug": _("医院的网址名。"),
    "id": _("编号。"),
    "reference": _("活动编号，例如“WN2-2023-0005”。"),
}


class Root(PublicView):
    tag, summary = _("总目"), _("列出各个地址")
    description = _("从这里开始。")
    answer = {
        "type": "object",
        "properties": dict.fromkeys((*_RESOURCES, "openapi"), _ADDRESS),
        "required": [*_RESOURCES, "openapi"],
    }

    def get(self, request):
        routes = {name: f"api_{name}" for name in (*_RESOURCES, "openapi")}
        return Response({name: request.build_absolute_uri(reverse(route)) for name, route in routes.items()})


@extend_schema(exclude=True)
class OpenApi(PublicView):
    def get(self, request):
        return Response(description_of_the_api())


@cache
def description_of_the_api() -> dict:
    return SchemaGenerator().get_schema(public=True)


class HospitalList(ListView):
    tag, summary = _("医院"), _("医院列表")
    description = _("公开的医院，按行政区划和名称排列。")
    notes, form_class, serializer_class = NOTES, HospitalFilter, HospitalEntrySerializer
    columns = ("region_id", "name")

    def in_order(self, rows):
        return rows.order_by("region_id", "name")


class HospitalRecord(RecordView):
    tag, summary = _("医院"), _("一家医院")
    description = _("医院的资料、现用品牌、支部、举措和公布的数字。")
    notes, serializer_class = NOTES, HospitalSerializer
    lookup, lookup_types = {"slug": "slug"}, {"slug": str}

    def public(self):
        return Hospital.objects.public()


class BranchList(ListView):
    tag, summary = _("支部"), _("支部列表")
    description = _("各医院的党支部，按医院和序号排列。已撤销的也在列，is_active为false。")
    notes, form_class, serializer_class = NOTES, BranchRecordFilter, BranchEntrySerializer
    columns = ("hospital__region_id", "hospital__name", "number", "position", "pk")

    def in_order(self, rows):
        return rows.in_order()


class BranchRecord(RecordView):
    tag, summary = _("支部"), _("一个支部")
    description = _("支部的资料、现用品牌、举措和统计期间报数。")
    notes, serializer_class = NOTES, BranchSerializer
    lookup = {"hospital_slug": "hospital__slug", "slug": "slug"}
    lookup_types = {"hospital_slug": str, "slug": str}

    def public(self):
        return Branch.objects.on_record()


class BrandList(ListView):
    tag, summary = _("品牌"), _("品牌列表")
    description = _("公开过审的品牌，按编号排列。以前用过的也在列，is_current为false。")
    notes, form_class, serializer_class = NOTES, BrandRecordFilter, BrandEntrySerializer
    columns = ("pk",)

    def in_order(self, rows):
        return rows.order_by("pk")


class BrandRecord(RecordView):
    tag, summary = _("品牌"), _("一个品牌")
    description = _("品牌的理念、内涵、亮点、举措、成效和标识。")
    notes, serializer_class = NOTES, BrandSerializer
    lookup, lookup_types = {"id": "pk"}, {"id": int}

    def public(self):
        return Brand.objects.public()


class ActivityList(ListView):
    tag, summary = _("活动"), _("活动列表")
    description = _("公开的活动，从近到远，时间未载明的在最后。筛选条件与网页上的活动列表相同。")
    notes, form_class, serializer_class = NOTES, ActivityFilter, ActivityEntrySerializer
    columns = ("-ordered_on", "end", "-pk")

    def in_order(self, rows):
        return rows.newest_first()


class ActivityRecord(RecordView):
    tag, summary = _("活动"), _("一次活动")
    description = _("活动的资料、数据、正文、照片和写到它的稿件。")
    notes, serializer_class = NOTES, ActivityWithArticlesSerializer
    lookup, lookup_types = {"reference": "reference"}, {"reference": str}

    def public(self):
        return Activity.objects.public()


class ArticleList(ListView):
    tag, summary = _("稿件"), _("稿件列表")
    description = _("公开的稿件，按公开时间从近到远。筛选条件与网页上的报道列表相同。")
    notes, form_class, serializer_class = NOTES, ArticleFilter, ArticleEntrySerializer
    columns = ("-published_at", "-pk")

    def in_order(self, rows):
        return rows.newest_first()


class ArticleRecord(RecordView):
    tag, summary = _("稿件"), _("一篇稿件")
    description = _("稿件的标题、署名、来源、正文、照片和文中的活动。")
    notes, serializer_class = NOTES, ArticleSerializer
    lookup, lookup_types = {"id": "pk"}, {"id": int}

    def public(self):
        return Article.objects.public()
