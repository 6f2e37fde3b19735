"""The office's own choices of the ledger's columns."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from branches.ledger_columns import ColumnsField
from branches.models import LedgerProfile
from branches.models.ledger_profile import short_columns
from hospitals.admin import OfHospital
from hospitals.forms import OneHospitalForm
from hospitals.models import User
from publishing import log
from publishing.admin import ScopedAdmin


class LedgerProfileForm(OneHospitalForm):
    columns = ColumnsField(label=_("栏目"), initial=short_columns)
    user: User  # whoever fills it in

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            self.instance.owner = self.user

    def _get_validation_exclusions(self):
        """One name once for a person, who is not asked for in the form."""
        return super()._get_validation_exclusions() - {"owner"}

    def clean(self):
        data = super().clean()
        if data.get("is_shared") and "is_shared" in self.changed_data and data.get("hospital"):
            self.instance.hospital = data["hospital"]
            if refusal := self.instance.why_not_shared_by(self.user):
                self.add_error("is_shared", refusal)
        return data


@admin.register(LedgerProfile)
class LedgerProfileAdmin(OfHospital, ScopedAdmin):
    form = LedgerProfileForm
    list_display = ["name", "hospital", "is_shared", "holds", "is_internal", "owner"]
    list_filter = ["is_shared"]
    list_select_related = ["hospital", "owner"]
    search_fields = ["name"]
    search_help_text = _("按名称查找。")
    actions = None
    fieldsets = [(None, {"fields": ["hospital", "name", "is_shared"]}), (_("栏目"), {"fields": ["columns"]})]

    class Media:
        css = {"all": ["css/own-columns.css"]}
        js = ["js/own-columns.js"]

    @admin.display(description=_("栏数"))
    def holds(self, row):
        return _("%d栏") % len(row.columns)

    @admin.display(description=_("含内部栏目"), boolean=True)
    def is_internal(self, row):
        return row.profile.is_internal

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.user = request.user
        return form

    def has_delete_permission(self, request, obj=None):
        """It is a setting, and no record of anything that was done."""
        return request.user.has_perm("branches.delete_ledgerprofile", obj)

    def log_deletions(self, request, queryset):
        for row in queryset:
            said = "、".join(column.header for column in row.profile.columns)
            log.record(log.Verb.DELETE, by=request.user, about=row, reason=said, is_override=request.user.is_superuser)

    def saved_sentence(self, request, record):
        return _("已保存：“%s”。到“台账”页可以用它导出和打印。") % record
