"""The ledger in the admin: a page to choose what is in it, print it or take it away; the list of activities as it is
filtered; and the record sheet of one activity.
"""

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from branches.downloads import ledger_response
from branches.ledger import FULL_LEDGER, SHORT_LEDGER, STAFF_PROFILES, Profile, sheet
from branches.ledger_filter import LedgerFilter
from branches.models import Activity
from hospitals.models import Hospital
from publishing import log
from publishing.downloads import EXTENSIONS
from publishing.printed import printed

FIRST_ROWS = 20
#: rows of a printed ledger: some forty sheets of paper; more belong into a workbook
MOST_PRINTED = 1000
PHOTOS_ON_SHEET = 4


class LedgerExport(admin.ModelAdmin):
    """Adds ``ledger/<profile>.<extension>`` to the list: the rows the list shows, without what was withdrawn."""

    change_list_template = "admin/branches/activity/change_list.html"
    date_hierarchy = "ordered_on"  # the start, as the index has it

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("ledger/", wrap(self.ledger_page), name="branches_activity_ledger_page"),
            path("ledger/print/", wrap(self.ledger_paper), name="branches_activity_ledger_paper"),
            path(
                "ledger/chosen/<str:profile>.<str:extension>",
                wrap(self.chosen_ledger),
                name="branches_activity_chosen_ledger",
            ),
            path("ledger/<str:profile>.<str:extension>", wrap(self.ledger_view), name="branches_activity_ledger"),
            path("<path:object_id>/record-sheet/", wrap(self.record_sheet), name="branches_activity_record_sheet"),
            *super().get_urls(),
        ]

    def _chosen(self, request) -> LedgerFilter:
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = LedgerFilter(request.GET, user=request.user)
        form.full_clean()
        return form

    def ledger_page(self, request):
        """What to put into the ledger, how much that is, and its first rows."""
        form = self._chosen(request)
        context = self.admin_site.each_context(request) | {
            "title": _("活动台账"), "opts": self.opts, "form": form, "query": request.GET.urlencode(),
            "profiles": STAFF_PROFILES.values(),
        }  # fmt: skip
        if form.is_valid():
            rows, conditions = form.handed_in(SHORT_LEDGER)
            counts = [(profile, form.handed_in(profile)[0].count()) for profile in STAFF_PROFILES.values()]
            context |= {"paper": self._paper(request, form, rows[:FIRST_ROWS], conditions), "counts": counts}
        return TemplateResponse(request, "admin/branches/activity/ledger.html", context)

    def ledger_paper(self, request):
        """The short ledger to print, without the office having a spreadsheet program."""
        form = self._chosen(request)
        if not form.is_valid():
            return self._back_to_page(request)
        rows, conditions = form.handed_in(SHORT_LEDGER)
        context = {
            "paper": self._paper(request, form, rows[:MOST_PRINTED], conditions),
            "left_out": max(0, rows.count() - MOST_PRINTED),
            "most": MOST_PRINTED,
        }
        self._log(request, form, SHORT_LEDGER, _("打印"), conditions)
        return TemplateResponse(request, "admin/branches/activity/ledger_paper.html", context)

    def chosen_ledger(self, request, profile, extension):
        chosen = _profile_or_404(profile, extension)
        form = self._chosen(request)
        if not form.is_valid():
            return self._back_to_page(request)
        rows, conditions = form.handed_in(chosen)
        self._log(request, form, chosen, extension.upper(), conditions)
        return ledger_response(
            request,
            rows,
            chosen,
            extension,
            unit=form.unit,
            period=form.period_text,
            conditions=conditions,
            exported_by=str(request.user),
        )

    def record_sheet(self, request, object_id):
        """One activity as the form that is signed and filed."""
        activity = self.get_object(request, unquote(object_id))
        if activity is None:
            raise Http404
        if not self.has_view_permission(request, activity):
            raise PermissionDenied
        (row,) = FULL_LEDGER.rows(Activity.objects.filter(pk=activity.pk))
        cells = {column.header: column.value(row) for column in FULL_LEDGER.columns}
        context = {
            "activity": activity,
            "row": row,
            "joint": cells["参与支部"],
            "partners": cells["联合单位"],
            "photos": list(activity.photos.all()[:PHOTOS_ON_SHEET]),
        }
        said = f"{_('活动记录表')}：{activity.reference}"
        log.record(log.Verb.EXPORT, by=request.user, about=activity, reason=said)
        return TemplateResponse(request, "admin/branches/activity/record_sheet.html", context)

    def _paper(self, request, form, rows, conditions):
        around = sheet(
            SHORT_LEDGER,
            unit=form.unit,
            period=form.period_text,
            conditions=conditions,
            exported_by=str(request.user),
        )
        return printed(around, SHORT_LEDGER.rows(rows))

    def _back_to_page(self, request):
        """Which says what could not be read."""
        return redirect(f"{reverse('admin:branches_activity_ledger_page')}?{request.GET.urlencode()}")

    def _log(self, request, form, profile, way, conditions):
        said = f"{profile.label}，{way}，统计期间：{form.period_text or '全部'}，条件：{conditions}"
        log.record(log.Verb.EXPORT, by=request.user, about=Activity, institution=form.institution, reason=said)

    def ledger_view(self, request, profile, extension):
        chosen = _profile_or_404(profile, extension)
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            changelist = self.get_changelist_instance(request)
            listed = changelist.get_queryset(request).order_by().values("pk")
            rows, kept = Activity.objects.filter(pk__in=listed), []
            if "status__exact" not in request.GET:  # whoever asks for a status gets it
                rows, kept = chosen.handed_in(rows)
        except (IncorrectLookupParameters, OverflowError):
            return redirect("admin:branches_activity_changelist")  # as the list itself does with filters it cannot read
        hospital, period = self._hospital(request, rows), _period(request.GET)
        conditions = "；".join([*self._conditions(changelist), *kept]) or "全部"
        said = f"{chosen.label}，{extension.upper()}，统计期间：{period or '全部'}，条件：{conditions}"
        log.record(log.Verb.EXPORT, by=request.user, about=Activity, institution=hospital, reason=said)
        return ledger_response(
            request,
            rows.newest_first(),
            chosen,
            extension,
            unit=hospital.name if hospital else "各医院",
            period=period,
            conditions=conditions,
            exported_by=str(request.user),
        )

    def _hospital(self, request, rows) -> Hospital | None:
        """填报单位: the one hospital the rows are of, or that the person serves; None where there are several."""
        for hospitals in (
            Hospital.objects.filter(pk__in=rows.values("hospital")),
            Hospital.objects.editable_by(request.user),
        ):
            found = list(hospitals[:2])
            if len(found) == 1:
                return found[0]
        return None

    def _conditions(self, changelist) -> list[str]:
        """The list's filters and search in words."""
        chosen = [
            f"{spec.title}：{choice['display']}"
            for spec in changelist.filter_specs
            for choice in list(spec.choices(changelist))[1:]
            if choice.get("selected")
        ]
        return [*chosen, f"搜索：{changelist.query}"] if changelist.query else chosen


def _profile_or_404(name: str, extension: str) -> Profile:
    if name not in STAFF_PROFILES or extension not in EXTENSIONS:
        raise Http404
    return STAFF_PROFILES[name]


def _period(query) -> str:
    """统计期间: the year, month and day to which the list has been narrowed, in words."""
    field = LedgerExport.date_hierarchy
    parts = [(query.get(f"{field}__{name}"), sign) for name, sign in (("year", "年"), ("month", "月"), ("day", "日"))]
    return "".join(f"{value}{sign}" for value, sign in parts if value)
