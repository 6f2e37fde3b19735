"""Branches and brands in the public read API, with their initiatives and what they announced: as their pages say it.

What a branch announced for a period stands apart from what was recorded of single activities, here as everywhere.
"""

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from branches.models import (
    Branch,
    Brand,
    Initiative,
    InitiativeFigure,
    PeriodFigure,
    PeriodReport,
)
from branches.periods import Precision
from hospitals.models import Hospital
from hospitals.serializers import HospitalFactsSerializer, HospitalLinkSerializer
from publishing.serializers import (
    ApiURL,
    FileURL,
    PageURL,
    PublicSerializer,
    QuantitySerializer,
    RecordSerializer,
    with_editions,
)


@extend_schema_serializer(description=_("时间。原文写到哪一级就到哪一级：某天、某月、某季度、某半年、某年，或未载明。"))
class PeriodSerializer(PublicSerializer):
    start = serializers.DateField(allow_null=True, help_text=_("第一天；时间未载明时为null。"))
    end = serializers.DateField(allow_null=True, help_text=_("最后一天；时间未载明时为null。"))
    precision = serializers.ChoiceField(Precision.choices, help_text=_("日期写到哪一级。"))
    text = serializers.CharField(source="period", help_text=_("网页上的写法，例如“2023年上半年”。"))
    as_stated = serializers.CharField(source="date_text", help_text=_("原文写法，例如“今年上半年”，可能为空。"))


@extend_schema_serializer(description=_("标签。"))
class TagSerializer(PublicSerializer):
    slug = serializers.CharField(help_text=_("标签的网址名，用作筛选条件tag的值。"))
    name = serializers.CharField(help_text=_("标签。"))


@extend_schema_serializer(description=_("党支部。"))
class BranchLinkSerializer(PublicSerializer):
    slug = serializers.CharField(help_text=_("支部的网址名，在本院内永久不变。"))
    name = serializers.CharField(help_text=_("名称。"))
    url = PageURL()
    api_url = ApiURL("api_branch", "hospital.slug", "slug")


@extend_schema_serializer(description=_("品牌。"))
class BrandLinkSerializer(PublicSerializer):
    id = serializers.IntegerField(help_text=_("品牌的编号，永久不变。"))
    name = serializers.CharField(help_text=_("名称。"))
    url = PageURL()
    api_url = ApiURL("api_brand", "pk")


@extend_schema_serializer(description=_("现用品牌。"))
class CurrentBrandSerializer(BrandLinkSerializer):
    """Of a branch or hospital that was fetched with its ``current_brands``, of which there is one at most."""

    def get_attribute(self, owner):
        return next(iter(owner.current_brands), None)


@extend_schema_serializer(description=_("举措。"))
class InitiativeLinkSerializer(PublicSerializer):
    id = serializers.IntegerField(help_text=_("举措的编号，永久不变。"))
    name = serializers.CharField(help_text=_("名称。"))
    url = PageURL()


@extend_schema_serializer(description=_("举措的数据，包括目标数；目标不是成绩。"))
class InitiativeFigureSerializer(QuantitySerializer):
    pass


@extend_schema_serializer(description=_("举措：没有日期的长期做法、服务、队伍、制度。"))
class InitiativeSerializer(InitiativeLinkSerializer):
    kind = serializers.ChoiceField(Initiative.Kind.choices, help_text=_("类型。"))
    kind_label = serializers.CharField(source="get_kind_display", help_text=_("类型的中文。"))
    description = serializers.CharField(help_text=_("说明，纯文本，可能为空。"))
    items = serializers.ListField(
        source="item_list", child=serializers.CharField(), help_text=_("知道名称的各项内容。")
    )
    claimed_count = serializers.IntegerField(
        allow_null=True, help_text=_("公布的项数，可能多于列出的项数；没有公布时为null。")
    )
    place = serializers.CharField(help_text=_("地点，可能为空。"))
    hotline = serializers.CharField(help_text=_("电话，可能为空；是文本。"))
    period_text = serializers.CharField(help_text=_("时间的原文说明，例如“每月一次”，可能为空。"))
    figures = InitiativeFigureSerializer(many=True, help_text=_("数据，可能为空。"))


@extend_schema_serializer(description=_("活动的一个数。"))
class FigureSerializer(QuantitySerializer):
    measure = serializers.CharField(
        source="measure.slug", allow_null=True, help_text=_("指标代号，例如“visits”（服务人次）；指标之外的数为null。")
    )


@extend_schema_serializer(description=_("统计期间报出的一个数。"))
class AnnouncedFigureSerializer(FigureSerializer):
    part_of = serializers.CharField(
        source="subset_of.name",
        allow_null=True,
        help_text=_("原文写“其中”的，是哪一项的一部分；两者不要相加。其他为null。"),
    )


@extend_schema_serializer(description=_("单位为一段时间报出的数字，与逐条录入的活动相互独立，不要相加。"))
class ReportSerializer(PublicSerializer):
    id = serializers.IntegerField(help_text=_("报数的编号，永久不变。"))
    title = serializers.CharField(help_text=_("标题。"))
    period = PeriodSerializer(source="*", help_text=_("统计期间。"))
    stated_by = serializers.CharField(help_text=_("发布人，可能为空。"))
    source = serializers.CharField(help_text=_("来源，可能为空。"))
    note = serializers.CharField(help_text=_("口径说明，可能为空。"))
    figures = AnnouncedFigureSerializer(many=True, help_text=_("各个数，按原文顺序。"))
    url = PageURL()


@extend_schema_serializer(description=_("列表里的支部。"))
class BranchEntrySerializer(BranchLinkSerializer):
    hospital = HospitalLinkSerializer(help_text=_("所属医院。"))
    short_name = serializers.CharField(help_text=_("简称，可能为空。"))
    kind = serializers.ChoiceField(Branch.Kind.choices, help_text=_("类型。"))
    kind_label = serializers.CharField(source="get_kind_display", help_text=_("类型的中文。"))
    number = serializers.IntegerField(allow_null=True, help_text=_("第几支部；没有序号时为null。"))
    is_active = serializers.BooleanField(help_text=_("true为在用；false为已撤销，以前的记录仍然保留。"))
    secretary = serializers.CharField(help_text=_("书记，可能为空。"))
    secretary_office = serializers.CharField(help_text=_("书记的其他职务，可能为空。"))
    departments = serializers.CharField(help_text=_("覆盖科室，可能为空。"))
    brand = CurrentBrandSerializer(allow_null=True, help_text=_("现用品牌；没有时为null。"))

    @staticmethod
    def fetched(rows: QuerySet) -> QuerySet:
        current = Brand.objects.public().current().select_related("hospital", "branch__hospital")
        brands = Prefetch("brands", current, to_attr="current_brands")
        return rows.select_related("hospital").prefetch_related(brands).defer("search_text")


@extend_schema_serializer(description=_("党支部，连同它的举措和报数。"))
class BranchSerializer(BranchEntrySerializer):
    traits = serializers.CharField(help_text=_("特色，可能为空。"))
    motto = serializers.CharField(help_text=_("口号，可能为空。"))
    introduction = serializers.CharField(help_text=_("简介，纯文本，可能为空。"))
    initiatives = InitiativeSerializer(many=True, help_text=_("本支部的举措。"))
    announced = ReportSerializer(source="period_reports", many=True, help_text=_("本支部的统计期间报数。"))

    @staticmethod
    def fetched(rows: QuerySet) -> QuerySet:
        reports = PeriodReport.objects.public().order_by("-ordered_on", "end", "pk")
        return BranchEntrySerializer.fetched(rows).prefetch_related(
            Prefetch("initiatives", _initiatives()), Prefetch("period_reports", _with_lines(reports))
        )


@extend_schema_serializer(description=_("医院，连同它的品牌、支部、举措和报数。"))
class HospitalSerializer(HospitalFactsSerializer):
    brand = CurrentBrandSerializer(allow_null=True, help_text=_("全院的现用品牌；没有时为null。"))
    branches = BranchLinkSerializer(
        source="active_branches", many=True, help_text=_("在用的支部，按序号；医院公布的支部数可能更多。")
    )
    initiatives = InitiativeSerializer(many=True, help_text=_("全院和各支部的举措。"))
    announced = ReportSerializer(source="period_reports", many=True, help_text=_("全院的统计期间报数。"))

    @staticmethod
    def fetched(rows: QuerySet) -> QuerySet:
        brands = Brand.objects.public().current().of_whole_hospitals(Hospital.objects.public())
        reports = PeriodReport.objects.public().of_whole_hospital().order_by("-ordered_on", "end", "pk")
        return HospitalFactsSerializer.fetched(rows).prefetch_related(
            Prefetch("brands", brands.select_related("hospital"), to_attr="current_brands"),
            Prefetch("branches", linked(Branch.objects.public()).in_order(), to_attr="active_branches"),
            Prefetch("initiatives", _initiatives()),
            Prefetch("period_reports", _with_lines(reports)),
        )


@extend_schema_serializer(description=_("列表里的品牌。"))
class BrandEntrySerializer(BrandLinkSerializer, RecordSerializer):
    hospital = HospitalLinkSerializer(help_text=_("所属医院。"))
    branch = BranchLinkSerializer(allow_null=True, help_text=_("哪个支部的品牌；全院的品牌为null。"))
    slogan = serializers.ListField(child=serializers.CharField(), help_text=_("匾牌上的各行。"))
    brand_type = serializers.CharField(help_text=_("品牌类型，可能为空。"))
    stage = serializers.ChoiceField(Brand.Stage.choices, help_text=_("创建阶段。"))
    stage_label = serializers.CharField(source="get_stage_display", help_text=_("创建阶段的中文。"))
    is_current = serializers.BooleanField(help_text=_("true为现用；false为以前用过。"))

    @staticmethod
    def fetched(rows: QuerySet) -> QuerySet:
        return with_editions(rows.select_related("hospital", "branch__hospital").defer("search_text"))


@extend_schema_serializer(description=_("品牌：一个支部或全院的口号和它的内容。没有填写的部分为空。"))
class BrandSerializer(BrandEntrySerializer):
    idea = serializers.CharField(help_text=_("品牌理念。"))
    connotation = serializers.CharField(help_text=_("品牌内涵。"))
    highlights = serializers.ListField(
        source="highlight_list", child=serializers.CharField(), help_text=_("特色亮点，一条一项。")
    )
    measures_taken = serializers.CharField(help_text=_("主要举措。"))
    results = serializers.CharField(help_text=_("创建成效。"))
    emblem = FileURL(allow_null=True, help_text=_("品牌标识的图片地址；没有时为null。"))
    emblem_meaning = serializers.CharField(help_text=_("标识释义。"))


def linked(branches: QuerySet) -> QuerySet:
    """Branches with what a link to them shows."""
    return branches.select_related("hospital").only("name", "slug", "hospital__slug")


def _initiatives() -> QuerySet:
    figures = Prefetch("figures", InitiativeFigure.objects.public())
    rows = Initiative.objects.public().select_related("hospital", "branch__hospital").prefetch_related(figures)
    return rows.order_by("kind", "pk").defer("search_text")


def _with_lines(reports: QuerySet) -> QuerySet:
    rows = reports.select_related("hospital", "branch__hospital").defer("search_text")
    return rows.prefetch_related(Prefetch("figures", with_totals(PeriodFigure.objects.all())))


def with_totals(figures: QuerySet) -> QuerySet:
    """Announced figures with what their names are made of, and those of the totals they are a part of."""
    return figures.select_related("measure", "kind", "subset_of__measure", "subset_of__kind")
