"""What branches have to hold and who is let off it: a hospital's by its manager, the platform's by its administrator."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from branches.duty_admin import DutyPages
from branches.models import Exemption, Obligation
from hospitals.admin import OfHospital
from hospitals.forms import ShownHospital
from publishing.admin import ScopedAdmin, ScopedFilter

_PLATFORM = _("全平台")


class OwnerFilter(ScopedFilter):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.empty_value_display = _PLATFORM


@admin.register(Obligation)
class ObligationAdmin(DutyPages, OfHospital, ScopedAdmin):
    change_list_template = "admin/branches/obligation/change_list.html"
    list_display = ["name", "whose", "rhythm", "grace_days", "valid_from", "valid_to", "is_active"]
    list_filter = [("hospital", OwnerFilter), "frequency", "is_active"]
    search_fields = ["name"]
    search_help_text = _("按名称查找。")
    empty_value_display = _("不限")
    autocomplete_fields = ["kinds"]
    fieldsets = [
        (_("办什么"), {"fields": ["hospital", "name", "kinds"]}),
        (_("多久一次"), {"fields": ["frequency", "times", "grace_days"]}),
        (_("哪些支部要办"), {"fields": [("for_branch", "for_general", "for_joint", "for_retired")]}),
        (_("什么时候起"), {"fields": [("valid_from", "valid_to"), "is_active"]}),
    ]

    @admin.display(description=_("适用"))
    def whose(self, obligation):
        return obligation.hospital or _PLATFORM

    @admin.display(description=_("多久一次"), ordering="frequency")
    def rhythm(self, obligation):
        return obligation.rhythm

    def choice_label(self, request, row):
        return super().choice_label(request, row) if row.hospital else f"{row}（{_PLATFORM}）"

    def settle_hospital(self, request, field, record):
        """Only the administrator asks something of every hospital; whose an item is never changes."""
        if record and record.hospital is None:
            field.disabled, field.help_text, field.widget = True, "", ShownHospital(_PLATFORM)
        elif record or not request.user.is_superuser:
            super().settle_hospital(request, field, record)
            field.required = True


@admin.register(Exemption)
class ExemptionAdmin(OfHospital, ScopedAdmin):
    list_display = ["who", "hospital", "what", "starts_on", "ends_on", "reason", "decided_by"]
    list_display_links = ["who", "what"]
    list_filter = [("hospital", ScopedFilter), ("obligation", ScopedFilter)]
    list_select_related = ["hospital", "branch__hospital", "obligation__hospital", "decided_by"]
    search_fields = ["branch__name", "obligation__name", "reason"]
    search_help_text = _("按支部、事项、原因查找。")
    fields = ["hospital", "branch", "obligation", ("starts_on", "ends_on"), "reason"]

    @admin.display(description=_("支部"), ordering="branch")
    def who(self, exemption):
        return exemption.branch or _("各支部")

    @admin.display(description=_("应办事项"), ordering="obligation")
    def what(self, exemption):
        return exemption.obligation or _("全部事项")

    def save_model(self, request, obj, form, change):
        if not change:
            obj.decided_by = request.user
        super().save_model(request, obj, form, change)
