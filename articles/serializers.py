"""Articles in the public read API, and the activities with what was written about them."""

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from articles.models import Article, Byline
from branches.activity_serializers import ActivityLinkSerializer, ActivitySerializer
from branches.models import Activity, Branch
from branches.serializers import BranchLinkSerializer, TagSerializer
from hospitals.serializers import HospitalLinkSerializer
from publishing.serializers import (
    ApiURL,
    PageURL,
    PictureSerializer,
    PublicSerializer,
    RecordSerializer,
    with_editions,
)


@extend_schema_serializer(description=_("署名。"))
class BylineSerializer(PublicSerializer):
    name = serializers.CharField(help_text=_("姓名。"))
    role = serializers.ChoiceField(Byline.Role.choices, help_text=_("怎样署的名。"))
    role_label = serializers.CharField(source="get_role_display", help_text=_("署名的中文，例如“通讯员”。"))


@extend_schema_serializer(description=_("来源。本站首发的稿件各项都为空。"))
class SourceSerializer(PublicSerializer):
    publisher = serializers.CharField(help_text=_("原载媒体，可能为空。"))
    date = serializers.DateField(source="source_date", allow_null=True, help_text=_("原文日期；没有载明时为null。"))
    date_text = serializers.CharField(source="source_date_text", help_text=_("原文日期的说明，可能为空。"))
    url = serializers.CharField(source="source_url", help_text=_("原文链接，可能为空。"))


@extend_schema_serializer(description=_("稿件的标题和地址。"))
class ArticleLinkSerializer(PublicSerializer):
    id = serializers.IntegerField(help_text=_("稿件的编号，永久不变。"))
    title = serializers.CharField(help_text=_("标题。"))
    url = PageURL()
    api_url = ApiURL("api_article", "pk")


@extend_schema_serializer(description=_("列表里的稿件。"))
class ArticleEntrySerializer(ArticleLinkSerializer, RecordSerializer):
    hospital = HospitalLinkSerializer(help_text=_("医院。"))
    section_label = serializers.CharField(help_text=_("栏目，可能为空。"))
    kicker = serializers.CharField(help_text=_("引题，可能为空。"))
    subtitle = serializers.CharField(help_text=_("副题，可能为空。"))
    lede = serializers.CharField(help_text=_("导语，纯文本，可能为空。"))
    bylines = BylineSerializer(many=True, help_text=_("署名，按顺序。"))
    source = SourceSerializer(source="*", help_text=_("来源。"))
    branches = BranchLinkSerializer(many=True, help_text=_("文中支部。"))
    tags = TagSerializer(many=True, help_text=_("标签。"))

    @staticmethod
    def fetched(rows: QuerySet) -> QuerySet:
        named = Branch.objects.public().select_related("hospital").in_order()
        rows = rows.select_related("hospital").defer("body", "editors_note", "note", "search_text")
        return with_editions(rows).prefetch_related("bylines", "tags", Prefetch("branches", named))


@extend_schema_serializer(description=_("稿件，连同它的正文和照片。"))
class ArticleSerializer(ArticleEntrySerializer):
    dateline = serializers.CharField(help_text=_("电头，可能为空。"))
    editors_note = serializers.CharField(help_text=_("编者按，纯文本，可能为空。"))
    body = serializers.CharField(
        help_text=_(
            "正文，HTML。保存时已经清洗，只有段落、标题、列表、表格和链接。"
            "单独一段的“[图1]”是photos里第1张照片的位置，没有写到的照片排在文末。"
        )
    )
    note = serializers.CharField(help_text=_("编辑说明，例如更正，可能为空。"))
    activities = ActivityLinkSerializer(many=True, help_text=_("文中活动。"))
    photos = PictureSerializer(many=True, help_text=_("照片，按顺序。"))

    @staticmethod
    def fetched(rows: QuerySet) -> QuerySet:
        told = Activity.objects.public().newest_first().only("title", "reference")
        fetched = ArticleEntrySerializer.fetched(rows).prefetch_related("photos", Prefetch("activities", told))
        return fetched.defer(None).defer("search_text")


@extend_schema_serializer(description=_("活动，连同它的正文、照片和写到它的稿件。"), component_name="Activity")
class ActivityWithArticlesSerializer(ActivitySerializer):
    articles = ArticleLinkSerializer(many=True, help_text=_("写到这次活动的稿件。"))

    @staticmethod
    def fetched(rows: QuerySet) -> QuerySet:
        about = Article.objects.public().newest_first().only("title", "working_copy_of")
        return ActivitySerializer.fetched(rows).prefetch_related(Prefetch("articles", about))
