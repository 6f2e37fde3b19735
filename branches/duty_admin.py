"""The board of duties in the admin: who has held what, what is open, words to remind with; as a workbook and on paper."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from branches.duty_board import numbered, sheet
from branches.duty_filter import DutyFilter
from branches.models import Obligation
from publishing import log
from publishing.admin_forms import back_to_page
from publishing.downloads import spreadsheet_response
from publishing.printed import printed


class DutyPages(admin.ModelAdmin):
    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("board/", wrap(self.duty_board), name="branches_obligation_board"),
            path("board/print/", wrap(self.duty_paper), name="branches_obligation_board_paper"),
            path("board/board.xlsx", wrap(self.duty_workbook), name="branches_obligation_board_workbook"),
            *super().get_urls(),
        ]

    def _chosen(self, request) -> DutyFilter:
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = DutyFilter(request.GET, user=request.user, today=timezone.localdate())
        form.full_clean()
        return form

    def duty_board(self, request):
        form = self._chosen(request)
        context = self.admin_site.each_context(request) | {
            "title": _("应办事项一览"), "opts": self.opts, "form": form, "query": request.GET.urlencode(),
        }  # fmt: skip
        if form.is_valid():
            context["board"] = form.board()
        return TemplateResponse(request, "admin/branches/obligation/board.html", context)

    def duty_paper(self, request):
        form = self._chosen(request)
        board = form.board() if form.is_valid() else None
        if board is None:
            return back_to_page(request, "admin:branches_obligation_board")
        self._log(request, form, _("打印"))
        paper = printed(self._sheet(request, form), numbered(board.lines))
        return TemplateResponse(request, "admin/branches/obligation/board_paper.html", {"paper": paper})

    def duty_workbook(self, request):
        form = self._chosen(request)
        board = form.board() if form.is_valid() else None
        if board is None:
            return back_to_page(request, "admin:branches_obligation_board")
        self._log(request, form, "XLSX")
        around = self._sheet(request, form)
        return spreadsheet_response(around, numbered(board.lines), "xlsx", f"{around.title}{form.today:%Y%m%d}")

    def _sheet(self, request, form: DutyFilter):
        return sheet(
            unit=form.institution.name, year=form.year_shown, conditions=form.conditions, exported_by=str(request.user)
        )

    def _log(self, request, form: DutyFilter, way):
        said = f"{_('应办事项一览表')}，{way}，{form.year_shown}年，条件：{form.conditions}"
        log.record(log.Verb.EXPORT, by=request.user, about=Obligation, institution=form.institution, reason=said)
