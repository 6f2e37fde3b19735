"""迎检: a page of the office on which a pack or the file of a brand is put together and taken away."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from branches.pack_filter import PackFilter
from branches.packs import Pack
from publishing import log
from publishing.admin_forms import back_to_page
from publishing.downloads import archive_response, site_of

#: what is not in it is listed so far; the count says how much there is
FIRST_LEFT_OUT = 20


class PackExport(admin.ModelAdmin):
    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("pack/", wrap(self.pack_page), name="branches_activity_pack_page"),
            path("pack/inspection.zip", wrap(self.inspection_pack), name="branches_activity_pack"),
            path("pack/dossier.zip", wrap(self.brand_dossier), name="branches_activity_dossier"),
            *super().get_urls(),
        ]

    def pack_page(self, request):
        """What will be in it, how large that is, and what is left out."""
        form = self._asked_for(request)
        context = self.admin_site.each_context(request) | {
            "title": _("迎检材料"), "opts": self.opts, "form": form, "query": request.GET.urlencode(),
        }  # fmt: skip
        if form.is_valid():
            site = site_of(request)
            context |= {
                "pack": form.pack(site),
                "dossier": form.dossier(site),
                "unapproved": form.unapproved[:FIRST_LEFT_OUT],
            }
        return TemplateResponse(request, "admin/branches/activity/pack.html", context)

    def inspection_pack(self, request):
        return self._sent(request, PackFilter.pack)

    def brand_dossier(self, request):
        return self._sent(request, PackFilter.dossier)

    def _asked_for(self, request) -> PackFilter:
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = PackFilter(request.GET, user=request.user)
        form.full_clean()
        return form

    def _sent(self, request, made_by):
        form = self._asked_for(request)
        pack: Pack | None = made_by(form, site_of(request)) if form.is_valid() else None
        if pack is None or pack.why_not:  # the page says why
            return back_to_page(request, "admin:branches_activity_pack_page")
        said = f"{pack.name}，共{pack.count}条，条件：{pack.conditions}"
        log.record(log.Verb.EXPORT, by=request.user, about=pack.about, institution=form.institution, reason=said)
        return archive_response(pack.entries(), pack.name)
