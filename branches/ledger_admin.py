"""The ledger of the filtered list, as a button on the admin's list of activities."""

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path

from branches.downloads import ledger_response
from branches.ledger import STAFF_PROFILES
from branches.models import Activity
from hospitals.models import Hospital
from publishing import log
from publishing.downloads import EXTENSIONS


class LedgerExport(admin.ModelAdmin):
    """Adds ``ledger/<profile>.<extension>`` to the list: the rows the list shows, without what was withdrawn."""

    change_list_template = "admin/branches/activity/change_list.html"

    def get_urls(self):
        view = self.admin_site.admin_view(self.ledger_view)
        return [
            path("ledger/<str:profile>.<str:extension>", view, name="branches_activity_ledger"),
            *super().get_urls(),
        ]

    def ledger_view(self, request, profile, extension):
        if profile not in STAFF_PROFILES or extension not in EXTENSIONS:
            raise Http404
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            changelist = self.get_changelist_instance(request)
            listed = changelist.get_queryset(request).order_by().values("pk")
            rows, kept = Activity.objects.filter(pk__in=listed), []
            if "status__exact" not in request.GET:  # whoever asks for a status gets it
                rows, kept = STAFF_PROFILES[profile].handed_in(rows)
        except (IncorrectLookupParameters, OverflowError):
            return redirect("admin:branches_activity_changelist")  # as the list itself does with filters it cannot read
        hospital, period = self._hospital(request, rows), _period(request.GET)
        conditions = "；".join([*self._conditions(changelist), *kept]) or "全部"
        said = f"{STAFF_PROFILES[profile].label}，{extension.upper()}，统计期间：{period or '全部'}，条件：{conditions}"
        log.record(log.Verb.EXPORT, by=request.user, about=Activity, institution=hospital, reason=said)
        return ledger_response(
            request,
            rows.newest_first(),
            STAFF_PROFILES[profile],
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


def _period(query) -> str:
    """统计期间: the year, month and day to which the list has been narrowed, in words."""
    parts = [(query.get(f"start__{name}"), sign) for name, sign in (("year", "年"), ("month", "月"), ("day", "日"))]
    return "".join(f"{value}{sign}" for value, sign in parts if value)
