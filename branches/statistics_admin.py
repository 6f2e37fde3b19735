"""The statistics of the office: a page, the same on paper, and as a sheet. What is counted is what whoever asks may see."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from branches.models import Activity
from branches.pivot_sheet import paper_columns, rows_of, sheet_columns, sheet_of
from branches.pivots import pivot_of
from branches.statistics_filter import StatisticsChoices
from publishing import log
from publishing.admin_forms import back_to_page
from publishing.downloads import EXTENSIONS, spreadsheet_response
from publishing.printed import printed

#: rows on the page and on paper; a workbook has all of them
MOST_ROWS = 100


class StatisticsPages(admin.ModelAdmin):
    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("statistics/", wrap(self.statistics_page), name="branches_activity_statistics_page"),
            path("statistics/print/", wrap(self.statistics_paper), name="branches_activity_statistics_paper"),
            path(
                "statistics/chosen.<str:extension>",
                wrap(self.statistics_sheet),
                name="branches_activity_statistics_sheet",
            ),
            *super().get_urls(),
        ]

    def _choices(self, request) -> StatisticsChoices:
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = StatisticsChoices(request.GET, user=request.user)
        form.full_clean()
        return form

    def statistics_page(self, request):
        form = self._choices(request)
        context = self.admin_site.each_context(request) | {
            "title": _("统计"), "opts": self.opts, "form": form, "query": request.GET.urlencode(),
        }  # fmt: skip
        if form.is_valid() and not form.needs_a_hospital:
            context["pivot"] = pivot_of(form, MOST_ROWS)
        return TemplateResponse(request, "admin/branches/activity/statistics.html", context)

    def statistics_paper(self, request):
        form = self._choices(request)
        if not form.is_valid() or form.needs_a_hospital:
            return back_to_page(request, "admin:branches_activity_statistics_page")
        pivot = pivot_of(form, MOST_ROWS)
        context = {
            "paper": printed(sheet_of(form, paper_columns(pivot), str(request.user)), rows_of(pivot)),
            "left_out": pivot.more,
            "most": MOST_ROWS,
        }
        self._log_statistics(request, form, _("打印"))
        return TemplateResponse(request, "admin/branches/activity/statistics_paper.html", context)

    def statistics_sheet(self, request, extension):
        if extension not in EXTENSIONS:
            raise Http404
        form = self._choices(request)
        if not form.is_valid():
            return back_to_page(request, "admin:branches_activity_statistics_page")
        pivot = pivot_of(form)
        around = sheet_of(form, sheet_columns(pivot), str(request.user))
        self._log_statistics(request, form, extension.upper())
        return spreadsheet_response(around, rows_of(pivot), extension, f"{around.title}{around.created:%Y%m%d}")

    def _log_statistics(self, request, form, way):
        said = f"统计表，按{form.heading}，{way}，统计期间：{form.period_text or '全部'}，条件：{form.in_words()}"
        log.record(log.Verb.EXPORT, by=request.user, about=Activity, institution=form.institution, reason=said)
