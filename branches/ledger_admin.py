"""The ledger of the filtered list, as a button on the admin's list of activities."""

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path

from branches.downloads import EXTENSIONS, ledger_response
from branches.ledger import STAFF_PROFILES
from branches.models import Activity
from hospitals.models import Hospital


class LedgerExport(admin.ModelAdmin):
    """Adds ``ledger/<profile>.<extension>`` to the list: the same rows as the list shows with the same filters."""

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
        except IncorrectLookupParameters:
            return redirect("admin:branches_activity_changelist")  # as the list itself does with filters it cannot read
        rows = Activity.objects.filter(pk__in=changelist.get_queryset(request).order_by().values("pk"))
        hospitals = Hospital.objects.editable_by(request.user)
        return ledger_response(
            rows.newest_first(),
            STAFF_PROFILES[profile],
            extension,
            site=request.build_absolute_uri("/").rstrip("/"),
            unit=hospitals.first().name if hospitals.count() == 1 else "各医院",
            period="",
            conditions=self._conditions(changelist),
            exported_by=str(request.user),
        )

    def _conditions(self, changelist) -> str:
        """The list's filters and search in words."""
        chosen = [
            f"{spec.title}：{choice['display']}"
            for spec in changelist.filter_specs
            for choice in list(spec.choices(changelist))[1:]
            if choice.get("selected")
        ]
        if changelist.query:
            chosen.append(f"搜索：{changelist.query}")
        return "；".join(chosen) or "全部"
