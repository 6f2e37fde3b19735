from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from branches.admin.limits import is_lookup_of_own_branch
from branches.forms import BranchForm
from branches.models import Branch, Partner
from hospitals.admin import OfHospital
from publishing.admin import ScopedAdmin, ScopedFilter


@admin.register(Branch)
class BranchAdmin(OfHospital, ScopedAdmin):
    form = BranchForm
    list_display = ["name", "hospital", "number", "kind", "secretary", "is_active"]
    list_filter = [("hospital", ScopedFilter), "kind", "is_active"]
    search_fields = ["search_text"]
    search_help_text = _("按名称、书记、科室查找。")
    fieldsets = [
        (_("支部"), {"fields": ["hospital", "name", "short_name", "kind", "number", "is_active"]}),
        (_("成立与撤销"), {"fields": [("founded_on", "dissolved_on")]}),
        (_("介绍"), {"fields": ["secretary", "secretary_office", "departments", "traits", "motto", "introduction"]}),
        (_("排列、印文与网址"), {"fields": ["position", "seal_text", "slug"], "classes": ["collapse"]}),
    ]

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows.reportable_by(request.user) if is_lookup_of_own_branch(request) else rows

    def get_readonly_fields(self, request, obj=None):
        return ["slug"] if obj and not request.user.is_superuser else []

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj is None and "slug" in form.base_fields:
            form.base_fields["slug"].help_text = _("出现在网址里，用字母、数字和短横线；不填则自动取。启用后不要再改。")
        return form


@admin.register(Partner)
class PartnerAdmin(OfHospital, ScopedAdmin):
    list_display = ["name", "hospital", "kind"]
    list_filter = [("hospital", ScopedFilter), "kind"]
    search_fields = ["name"]
    search_help_text = _("按名称查找。")
    fields = ["hospital", "name", "kind"]
