"""核对 in the admin: what was announced beside what was recorded, as a page and as a sheet."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from branches.models import PeriodReport
from branches.reconciliation_desk import ReconciliationChoices, desk_lines, sheet_of
from publishing import log
from publishing.admin_forms import back_to_page
from publishing.downloads import EXTENSIONS, spreadsheet_response

#: announced numbers on the page; a workbook has all of them
MOST_LINES = 500


class ReconciliationPages(admin.ModelAdmin):
    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("reconciliation/", wrap(self.reconciliation_page), name="branches_activity_reconciliation_page"),
            path(
                "reconciliation/chosen.<str:extension>",
                wrap(self.reconciliation_sheet),
                name="branches_activity_reconciliation_sheet",
            ),
            *super().get_urls(),
        ]

    def _announced(self, request) -> ReconciliationChoices:
        if not self.has_view_permission(request) or not request.user.has_perm("branches.view_periodreport"):
            raise PermissionDenied
        form = ReconciliationChoices(request.GET, user=request.user)
        form.full_clean()
        return form

    def reconciliation_page(self, request):
        form = self._announced(request)
        context = self.admin_site.each_context(request) | {
            "title": _("核对"), "opts": self.opts, "form": form, "query": request.GET.urlencode(),
        }  # fmt: skip
        if form.is_valid():
            left_out = max(0, form.lines().count() - MOST_LINES)
            context |= {"lines": list(desk_lines(form, MOST_LINES)), "left_out": left_out, "most": MOST_LINES}
        return TemplateResponse(request, "admin/branches/activity/reconciliation.html", context)

    def reconciliation_sheet(self, request, extension):
        if extension not in EXTENSIONS:
            raise Http404
        form = self._announced(request)
        if not form.is_valid():
            return back_to_page(request, "admin:branches_activity_reconciliation_page")
        around = sheet_of(form, str(request.user))
        said = f"{_('报道与录入核对表')}，{extension.upper()}，{form.in_words()}"
        log.record(log.Verb.EXPORT, by=request.user, about=PeriodReport, institution=form.institution, reason=said)
        return spreadsheet_response(around, desk_lines(form), extension, f"{around.title}{around.created:%Y%m%d}")
