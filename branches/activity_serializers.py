"""Activities in the public read API: what their pages say, and nothing internal."""

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from branches.models import Activity, ActivityKind, Branch, Figure, PeriodFigure
from branches.serializers import (
    AnnouncedFigureSerializer,
    BranchLinkSerializer,
    BrandLinkSerializer,
    FigureSerializer,
    InitiativeLinkSerializer,
    PeriodSerializer,
    TagSerializer,
    linked,
    with_totals,
)
from hospitals.serializers import HospitalLinkSerializer, RegionSerializer
from publishing.serializers import (
    ApiURL,
    PageURL,
    PictureSerializer,
    PublicSerializer,
    RecordSerializer,
    with_editions,
)


@extend_schema_field({"type": "string", "pattern": r"^\d\d:\d\d$"})
class ClockField(serializers.TimeField):
    """Hours and minutes, as a page shows them."""

    def to_representation(self, value):
        return f"{value:%H:%M}"


@extend_schema_serializer(description=_("活动类别。"))
class ActivityKindSerializer(PublicSerializer):
    slug = serializers.CharField(help_text=_("类别代号，例如“free_clinic”，永久不变。"))
    name = serializers.CharField(help_text=_("类别，例如“义诊”。"))
    group = serializers.ChoiceField(ActivityKind.Group.choices, help_text=_("大类。"))
    group_label = serializers.CharField(source="get_group_display", help_text=_("大类的中文。"))


@extend_schema_serializer(description=_("联合单位。"))
class PartnerSerializer(PublicSerializer):
    name = serializers.CharField(help_text=_("名称。"))


@extend_schema_serializer(description=_("活动的题目和地址。"))
class ActivityLinkSerializer(PublicSerializer):
    reference = serializers.CharField(help_text=_("活动编号，例如“WN2-2023-0005”，永久不变。"))
    title = serializers.CharField(help_text=_("活动主题。"))
    url = PageURL()
    api_url = ApiURL("api_activity", "reference")


class RecordedFigures(serializers.ListSerializer):
    def get_attribute(self, activity):
        return [] if activity.is_summary else activity.public_figures


class AnnouncedFigures(serializers.ListSerializer):
    def get_attribute(self, activity):
        return activity.public_figures if activity.is_summary else []


@extend_schema_serializer(description=_("列表里的活动。"))
class ActivityEntrySerializer(ActivityLinkSerializer, RecordSerializer):
    hospital = HospitalLinkSerializer(help_text=_("医院。"))
    branch = BranchLinkSerializer(allow_null=True, help_text=_("主办支部；没有载明，或各支部都参加时为null。"))
    all_branches = serializers.BooleanField(help_text=_("各支部都参加。"))
    joint_branches = BranchLinkSerializer(many=True, help_text=_("参与支部。"))
    partners = PartnerSerializer(many=True, help_text=_("联合单位。"))
    kind = ActivityKindSerializer(help_text=_("活动类别；统计按它计。"))
    further_kinds = ActivityKindSerializer(many=True, help_text=_("兼有的类别。"))
    nature = serializers.ChoiceField(Activity.Nature.choices, help_text=_("性质；阶段汇总不是一次活动。"))
    nature_label = serializers.CharField(source="get_nature_display", help_text=_("性质的中文。"))
    period = PeriodSerializer(source="*", help_text=_("活动时间。"))
    start_time = ClockField(allow_null=True, help_text=_("开始的钟点，北京时间，例如“09:30”。"))
    end_time = ClockField(allow_null=True, help_text=_("结束的钟点，北京时间，例如“09:30”。"))
    place = serializers.CharField(help_text=_("活动地点，可能为空。"))
    region = RegionSerializer(allow_null=True, help_text=_("活动地的行政区划；没有另填时为null，即医院所在地。"))
    summary = serializers.CharField(help_text=_("主要内容，纯文本，可能为空。"))
    figures = RecordedFigures(child=FigureSerializer(), help_text=_("这次活动的数据。没有填报的指标不出现，不等于0。"))
    announced_figures = AnnouncedFigures(
        child=AnnouncedFigureSerializer(),
        help_text=_("阶段汇总里单位报出的数，与逐条录入的活动相互独立，不要相加；其他活动为空。"),
    )
    tags = TagSerializer(many=True, help_text=_("标签。"))

    @staticmethod
    def fetched(rows: QuerySet) -> QuerySet:
        rows = rows.select_related("hospital", "branch__hospital", "kind", "region__parent__parent")
        return with_editions(rows.defer("story", "remarks", "recorder", "search_text")).prefetch_related(
            Prefetch("figures", Figure.objects.public().select_related("measure")),
            Prefetch("period_figures", with_totals(PeriodFigure.objects.public())),
            Prefetch("joint_branches", linked(Branch.objects.on_record()).in_order()),
            "partners",
            "further_kinds",
            "tags",
        )


@extend_schema_serializer(description=_("活动，连同它的正文和照片。"))
class ActivitySerializer(ActivityEntrySerializer):
    host = serializers.CharField(help_text=_("主持人，可能为空。"))
    brand = BrandLinkSerializer(source="public_brand", allow_null=True, help_text=_("所属品牌；没有时为null。"))
    initiative = InitiativeLinkSerializer(
        source="public_initiative", allow_null=True, help_text=_("所属举措；没有时为null。")
    )
    story = serializers.CharField(
        help_text=_("活动纪实，HTML，可能为空。保存时已经清洗，只有段落、标题、列表、表格和链接。")
    )
    results = serializers.CharField(help_text=_("活动成效，纯文本，可能为空。"))
    clinic_registration = serializers.CharField(help_text=_("义诊备案号，可能为空。"))
    source = serializers.CharField(help_text=_("来源，可能为空。"))
    photos = PictureSerializer(many=True, help_text=_("照片，按顺序。"))

    @staticmethod
    def fetched(rows: QuerySet) -> QuerySet:
        parts = ("brand__hospital", "brand__branch__hospital", "initiative__hospital", "initiative__branch__hospital")
        fetched = ActivityEntrySerializer.fetched(rows.select_related(*parts)).prefetch_related("photos")
        return fetched.defer(None).defer("remarks", "recorder", "search_text")
