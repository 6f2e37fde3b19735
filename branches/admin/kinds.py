"""The controlled lists, kept by the platform's administrator."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from branches.models import ActivityKind, KindMeasure, Measure
from publishing.admin import ScopedAdmin
from publishing.admin_inlines import ScopedInline


class ListedWord(ScopedAdmin):
    """A word of a controlled list: its slug stands in links and exports and never changes once it is there."""

    search_fields = ["name", "slug"]
    search_help_text = _("按名称或代号查找。")
    list_filter = ["is_active"]

    def has_module_permission(self, request):
        """Others meet these words in their forms and need no list of them."""
        return request.user.is_superuser

    def get_readonly_fields(self, request, obj=None):
        return ["slug"] if obj else []


class KindMeasureInline(ScopedInline):
    model = KindMeasure
    extra = 1
    fields = ["measure", "is_asked", "position"]


@admin.register(ActivityKind)
class ActivityKindAdmin(ListedWord):
    list_display = ["name", "group", "slug", "position", "is_active"]
    list_filter = ["group", "is_active"]
    fields = ["name", "slug", "group", "position", "is_active"]
    inlines = [KindMeasureInline]


@admin.register(Measure)
class MeasureAdmin(ListedWord):
    list_display = ["name", "unit", "slug", "position", "is_active"]
    fields = ["name", "unit", "slug", "position", "is_active"]
