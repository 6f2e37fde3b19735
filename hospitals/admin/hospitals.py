from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from hospitals.models import Hospital, HospitalFigure, HospitalName, Leader, Region
from publishing.admin import ScopedAdmin
from publishing.admin_inlines import QuantityInline, ScopedInline


class NameInline(ScopedInline):
    model = HospitalName
    extra = 1
    fields = ["name", "kind", "position"]


class LeaderInline(ScopedInline):
    model = Leader
    extra = 1
    fields = ["office", "name", "position"]


class HospitalFigureInline(QuantityInline):
    model = HospitalFigure
    extra = 1
    fields = ["label", "quantity", "unit", "as_of", "as_of_text", "source", "position"]


@admin.register(Hospital)
class HospitalAdmin(ScopedAdmin):
    list_display = ["name", "region", "code", "hotline", "is_active"]
    list_filter = ["is_active"]
    list_select_related = ["region__parent__parent"]
    search_fields = ["search_text"]
    autocomplete_fields = ["region"]
    inlines = [NameInline, LeaderInline, HospitalFigureInline]
    fieldsets = [
        (_("医院"), {"fields": ["name", "short_name", "region", "level", "level_note", "party_committee"]}),
        (_("对外介绍"), {"fields": ["introduction", "hotline", "hotline_note"]}),
        (
            _("审核设置"),
            {
                "fields": [
                    "review_count",
                    ("first_review_label", "second_review_label", "final_review_label"),
                    "shows_sign_off",
                ]
            },
        ),
        (_("网址与编号"), {"fields": ["slug", "code", "is_active"]}),
    ]

    def get_readonly_fields(self, request, obj=None):
        """Addresses and references that are printed on paper: only the platform's administrator changes them."""
        return [] if request.user.is_superuser else ["slug", "code", "is_active"]


@admin.register(Region)
class RegionAdmin(ScopedAdmin):
    list_display = ["code", "full_name"]
    search_fields = ["name", "code"]
    search_help_text = _("按名称或六位代码查找。")
    ordering = ["code"]
    autocomplete_fields = ["parent"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("parent__parent")

    def get_readonly_fields(self, request, obj=None):
        """The code is the key that records point to: changing it would make a second region."""
        return ["code"] if obj else []

    def has_module_permission(self, request):
        """Others look regions up in their forms and need no list of them."""
        return request.user.is_superuser

    def choice_label(self, request, row):
        return f"{row.full_name}（{row.code}）"

    @admin.display(description=_("全称"), ordering="code")
    def full_name(self, region):
        return region.full_name
