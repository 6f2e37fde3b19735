from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from branches.admin.filters import BranchFilter
from branches.admin.limits import BranchRecordAdmin
from branches.models import Brand, Initiative, InitiativeFigure
from publishing.admin import ScopedFilter
from publishing.admin_inlines import QuantityInline


@admin.register(Brand)
class BrandAdmin(BranchRecordAdmin):
    change_form_template = "admin/branches/brand/change_form.html"
    list_display = ["name", "hospital", "branch", "stage", "is_current", "status_label", "created_by"]
    list_filter = ["status", ("hospital", ScopedFilter), ("branch", BranchFilter), "stage", "is_current"]
    list_select_related = ["hospital", "branch__hospital", "created_by"]
    search_fields = ["search_text"]
    autocomplete_fields = ["branch"]
    fieldsets = [
        (_("品牌"), {"fields": ["hospital", "branch", "name", "display_lines", "brand_type", "stage", "is_current"]}),
        (
            _("内容"),
            {
                "fields": ["idea", "connotation", "highlights", "measures_taken", "results"],
                "description": _("没有的项目留空，网页上不会出现空标题。"),
            },
        ),
        (_("标识"), {"fields": ["emblem", "emblem_meaning"]}),
    ]


class InitiativeFigureInline(QuantityInline):
    model = InitiativeFigure
    extra = 1
    fields = ["label", "quantity", "unit", "is_internal", "position"]


@admin.register(Initiative)
class InitiativeAdmin(BranchRecordAdmin):
    list_display = ["name", "hospital", "branch", "kind", "status_label", "created_by"]
    list_filter = ["status", ("hospital", ScopedFilter), ("branch", BranchFilter), "kind"]
    list_select_related = ["hospital", "branch__hospital", "created_by"]
    search_fields = ["search_text"]
    autocomplete_fields = ["branch", "brand"]
    inlines = [InitiativeFigureInline]
    fieldsets = [
        (_("举措"), {"fields": ["hospital", "branch", "brand", "kind", "name", "description"]}),
        (_("具体内容"), {"fields": ["items", "claimed_count"]}),
        (_("时间、地点和电话"), {"fields": ["period_text", "place", "hotline"]}),
    ]
