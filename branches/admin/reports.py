from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from branches.admin.filters import BranchFilter
from branches.admin.limits import BranchRecordAdmin, BranchRecordForm, KeepsNamed, NamesRecords
from branches.forms import DatedForm, PeriodFigureForm, PeriodFigureFormSet
from branches.models import PeriodFigure, PeriodReport
from publishing.admin import ScopedFilter
from publishing.admin_inlines import QuantityInline


class LineForm(KeepsNamed, PeriodFigureForm):
    pass


class PeriodReportForm(DatedForm, BranchRecordForm):
    pass


class PeriodFigureInline(NamesRecords, QuantityInline):
    model = PeriodFigure
    fk_name = "report"
    form = LineForm
    formset = PeriodFigureFormSet
    extra = 2
    classes = ["cards"]
    autocomplete_fields = ["activity"]
    fields = ["measure", "quantity", "kind", "label", "unit", "subset_of", "activity", "position"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("measure", "kind")


@admin.register(PeriodReport)
class PeriodReportAdmin(BranchRecordAdmin):
    form = PeriodReportForm
    list_display = ["title", "hospital", "branch", "when", "status_label", "created_by"]
    list_filter = ["status", ("hospital", ScopedFilter), ("branch", BranchFilter)]
    list_select_related = ["hospital", "branch__hospital", "created_by"]
    date_hierarchy = "start"
    search_fields = ["search_text"]
    autocomplete_fields = ["branch"]
    inlines = [PeriodFigureInline]
    fieldsets = [
        (_("报数单位"), {"fields": ["hospital", "branch", "title"]}),
        (_("统计期间"), {"fields": ["precision", ("start", "end"), "date_text"]}),
        (_("出处"), {"fields": ["stated_by", "source", "note"]}),
    ]

    @admin.display(description=_("时期"), ordering="ordered_on")
    def when(self, report):
        return report.period_or_gap
