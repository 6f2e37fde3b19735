"""Activities: first the kind is chosen, then the form asks for what that kind counts."""

from itertools import groupby

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import JsonResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from branches.admin.filters import BranchFilter
from branches.admin.limits import BranchRecordAdmin, BranchRecordForm
from branches.checks import figure_findings
from branches.forms import ActivityForm, ChosenKind, FigureForm, FigureFormSet
from branches.intake_admin import LedgerIntake
from branches.ledger_admin import LedgerExport
from branches.models import Activity, ActivityKind, ActivityPhoto, Figure, KindMeasure
from branches.pack_admin import PackExport
from branches.reconciliation_admin import ReconciliationPages
from branches.statistics_admin import StatisticsPages
from hospitals.admin.photos import PhotoInline, PhotoUploads
from publishing.admin import ScopedFilter
from publishing.admin_forms import is_key
from publishing.admin_inlines import ScopedInline
from publishing.forms import QuantityField
from publishing.quantities import check_unit, echo


def chosen_kind(request) -> ActivityKind | None:
    """The kind of the activity being entered: as posted, or as chosen on the page before."""
    posted, slug = request.POST.get("kind", ""), request.GET.get("kind", "")
    if posted:
        return ActivityKind.objects.active().filter(pk=posted).first() if is_key(posted) else None
    return ActivityKind.objects.active().filter(slug=slug).first() if slug else None


class FigureInline(ScopedInline):
    model = Figure
    form = FigureForm
    formset = FigureFormSet
    template = "admin/branches/activity/figure_rows.html"
    is_figures = True  # the form shows them in its middle
    fields = ["measure", "label", "quantity", "unit", "is_internal"]
    extra = 1  # the form set knows how many

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("measure")

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        kinds = [kind for kind in (obj and obj.kind, chosen_kind(request)) if kind]
        formset.kind_measures = KindMeasure.objects.filter(kind__in=kinds, measure__is_active=True).select_related(
            "measure"
        )
        return formset


class ActivityPhotoInline(PhotoInline):
    model = ActivityPhoto
    cover_words = _("封面：活动页最上面的一张")


class BranchActivityForm(ActivityForm, BranchRecordForm):
    pass


@admin.register(Activity)
class ActivityAdmin(
    LedgerExport, StatisticsPages, ReconciliationPages, PackExport, LedgerIntake, PhotoUploads, BranchRecordAdmin
):
    form = BranchActivityForm
    change_form_template = "admin/branches/activity/change_form.html"
    list_display = ["title", "hospital", "branch", "kind", "when", "status_label", "created_by"]
    list_filter = [
        "status",
        ("hospital", ScopedFilter),
        ("branch", BranchFilter),
        "kind",
        "nature",
    ]
    list_select_related = ["hospital", "branch__hospital", "kind", "created_by"]
    search_fields = ["search_text"]
    search_help_text = _("按主题、编号、地点、内容查找。")
    autocomplete_fields = [
        "branch", "joint_branches", "partners", "further_kinds", "brand", "initiative", "region",
    ]  # fmt: skip
    extendable = ["partners"]
    inlines = [FigureInline, ActivityPhotoInline]
    fieldsets = [
        (_("哪个支部的什么活动"), {"fields": ["hospital", "kind", "branch", "title"]}),
        (_("什么时候"), {"fields": [("start", "end"), ("start_time", "end_time"), "precision", "date_text"]}),
        (_("在哪里，和谁一起"), {"fields": ["place", "region", "partners", "joint_branches", "all_branches"]}),
        (_("做了什么"), {"fields": ["summary", "results", "story"], "classes": ["figures-before"]}),
        (_("归到哪里"), {"fields": ["brand", "initiative", "further_kinds", "nature", "tags"]}),
        (
            _("台账和存档"),
            {"fields": [("host", "recorder"), "clinic_registration", "source", "remarks"]},
        ),
    ]

    @admin.display(description=_("日期"), ordering="ordered_on")
    def when(self, activity):
        return activity.period_or_gap

    def get_urls(self):
        understand = self.admin_site.admin_view(self.understand)
        return [path("understand/", understand, name="branches_activity_understand"), *super().get_urls()]

    def understand(self, request):
        """What the form would make of a number: the echo beside the input, while it is typed."""
        text, unit = request.GET.get("text", ""), request.GET.get("unit", "")[:10]
        field = QuantityField(required=False, unit=unit, whole=request.GET.get("whole") == "1")
        try:
            quantity = field.clean(text)
        except ValidationError as error:
            return JsonResponse({"echo": "", "warning": "", "error": " ".join(error.messages)})
        if quantity is None:
            return JsonResponse({"echo": "", "warning": "", "error": ""})
        return JsonResponse({"echo": echo(quantity, unit), "warning": check_unit(quantity, unit), "error": ""})

    def typed_findings(self, form, formsets):
        for formset in formsets:
            if isinstance(formset, FigureFormSet):
                yield from figure_findings(formset.stated_by_measure)

    def add_view(self, request, form_url="", extra_context=None):
        if request.method == "GET" and chosen_kind(request) is None and self.has_add_permission(request):
            return self._choose_kind(request)
        return super().add_view(request, form_url, extra_context)

    def _choose_kind(self, request):
        if request.GET.get("kind"):
            self.message_user(request, _("这个类别没有或已停用，请重新选择。"), messages.WARNING)
        kept = request.GET.copy()
        kept.pop("kind", None)
        kinds = ActivityKind.objects.active().prefetch_related("kind_measures__measure").order_by("group", "position")
        groups = [
            (ActivityKind.Group(group).label, list(rows)) for group, rows in groupby(kinds, lambda kind: kind.group)
        ]
        context = self.admin_site.each_context(request) | {
            "title": _("新建活动：先选类别"), "groups": groups, "kept": kept.urlencode(), "opts": self.opts,
        }  # fmt: skip
        return TemplateResponse(request, "admin/branches/activity/choose_kind.html", context)

    def get_changeform_initial_data(self, request):
        kind = chosen_kind(request)
        return self._like(request) | super().get_changeform_initial_data(request) | {"kind": kind.pk if kind else None}

    def _like(self, request) -> dict:
        """以此为模板: what stays the same from one time to the next. Not the time, the numbers, the photos, what was told."""
        key = request.GET.get("like", "")
        pattern = self.rows(request).filter(pk=key).first() if is_key(key) else None
        if pattern is None:
            return {}
        several = {name: list(getattr(pattern, name).all()) for name in ("partners", "joint_branches", "further_kinds")}
        one = {name: getattr(pattern, f"{name}_id") for name in ("hospital", "branch", "region", "brand", "initiative")}
        same = {
            name: getattr(pattern, name) for name in ("title", "place", "host", "recorder", "all_branches", "nature")
        }
        return same | one | several | {"tags": list(pattern.tags.all())}

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        field = form.base_fields.get("kind")
        if field and obj:
            field.queryset = ActivityKind.objects.filter(Q(is_active=True) | Q(pk=obj.kind_id))
            field.help_text = _("改了类别，请先“保存并继续编辑”，再填新类别的数据。")
        elif field:
            field.queryset = ActivityKind.objects.active()
            if kind := chosen_kind(request):
                field.widget = ChosenKind(kind)
        return form

    def address_to_add_another(self, record):
        return f"{super().address_to_add_another(record)}?kind={record.kind.slug}"
