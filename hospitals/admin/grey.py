from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from publishing.admin import ScopedAdmin
from publishing.models import GreyPeriod


@admin.register(GreyPeriod)
class GreyPeriodAdmin(ScopedAdmin):
    """When the whole site is grey: for all hospitals at once, so only the platform's administrator says so."""

    list_display = ["first_day", "last_day", "reason"]
    list_display_links = ["first_day", "last_day"]
    search_fields = ["reason"]
    search_help_text = _("按事由查找。")
    fields = ["first_day", "last_day", "reason"]
