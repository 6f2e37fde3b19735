from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from publishing.admin import ScopedAdmin
from publishing.models import WatchedWord


@admin.register(WatchedWord)
class WatchedWordAdmin(ScopedAdmin):
    """The words the checks look for: one list for all hospitals, kept by the platform's administrator."""

    list_display = ["word", "severity", "advice", "is_active"]
    list_filter = ["severity", "is_active"]
    search_fields = ["word", "advice"]
    search_help_text = _("按词语或建议查找。")
    fields = ["word", "severity", "advice", "is_active"]
