import math

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag

from articles.models import Article, ArticlePhoto, Byline
from articles.photo_marks import why_not_deleted
from articles.report_admin import ReportIntake
from articles.telling_admin import Telling
from branches.admin.limits import BranchRecordAdmin, BranchRecordForm
from hospitals.admin.photos import PhotoInline, PhotoUploads
from hospitals.photo_forms import PhotoFormSet
from publishing.admin import ScopedAdmin, ScopedFilter, TextFilter
from publishing.admin_inlines import ScopedInline


class BylineInline(ScopedInline):
    model = Byline
    extra = 2
    fields = ["role", "name", "position"]


class ArticlePhotoFormSet(PhotoFormSet):
    def clean(self):
        """What the text names is not deleted under it."""
        super().clean()
        if not self.instance.pk or not self.deleted_forms:
            return
        kept = [form for form in self.forms if form.instance.image and form not in self.deleted_forms]
        kept.sort(key=lambda form: (form.instance.position, form.instance.pk or math.inf))
        stored = [photo.pk for photo in self.get_queryset()]
        before = Article.objects.values_list("body", flat=True).get(pk=self.instance.pk)
        why = why_not_deleted(before, self.instance.body, stored, [form.instance.pk or form.prefix for form in kept])
        if why:
            raise ValidationError(why)


class ArticlePhotoInline(PhotoInline):
    model = ArticlePhoto
    formset = ArticlePhotoFormSet
    cover_words = _("封面：首页和列表里用这一张，裁成这样")
    cover_is_cut = True


class ArticleForm(BranchRecordForm):
    branch_field = "branches"


@admin.register(Article)
class ArticleAdmin(ReportIntake, Telling, PhotoUploads, BranchRecordAdmin):
    form = ArticleForm
    change_form_template = "admin/articles/article/change_form.html"
    list_display = ["title", "hospital", "section_label", "source_date", "status_label", "created_by", "updated_at"]
    list_filter = ["status", ("hospital", ScopedFilter), ("section_label", TextFilter)]
    list_select_related = ["hospital", "created_by"]
    date_hierarchy = "source_date"
    search_fields = ["search_text"]
    search_help_text = _("按标题、正文、署名查找。")
    autocomplete_fields = ["branches", "activities"]
    inlines = [ArticlePhotoInline, BylineInline]
    fieldsets = [
        (_("标题"), {"fields": ["hospital", "section_label", "kicker", "title", "subtitle"]}),
        (_("正文"), {"fields": ["editors_note", "dateline", "lede", "body", "note"]}),
        (_("相关支部与活动"), {"fields": ["branches", "activities", "tags"]}),
        (_("出处"), {"fields": ["publisher", "source_url", ("source_date", "source_date_text")]}),
    ]


admin.site.unregister(Tag)  # taggit's own page lists what every hospital has tagged


@admin.register(Tag)
class TagAdmin(ScopedAdmin):
    """For correcting a spelling; tags themselves are typed in the records' forms."""

    list_display = ["name", "slug"]
    search_fields = ["name"]
    search_help_text = _("按名称查找。")
    ordering = ["name"]
    fields = ["name", "slug"]
