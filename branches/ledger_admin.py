"""The ledger in the admin: a page to choose what is in it, print it or take it away; the list of activities as it is
filtered; and the record sheet of one activity.
"""

from dataclasses import dataclass

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from branches import downloads
from branches.downloads import ledger_response
from branches.ledger import FULL_LEDGER, MOST_PRINTED_COLUMNS, SHORT_LEDGER, STAFF_PROFILES, Profile, sheet
from branches.ledger_filter import LedgerFilter
from branches.models import Activity, Figure, LedgerProfile
from hospitals.models import Hospital
from publishing import log
from publishing.admin_forms import back_to_page
from publishing.downloads import EXTENSIONS
from publishing.printed import printed

FIRST_ROWS = 20
#: own profiles on the page; whoever serves more hospitals than that chooses one first
MOST_OFFERED = 30
#: rows of a printed ledger: some forty sheets of paper; more belong into a workbook
MOST_PRINTED = 1000
PHOTOS_ON_SHEET = 4


@dataclass(frozen=True)
class Way:
    """One ledger on the page. ``own``: the office's profile it is of; ``is_kept``: that whoever asks may change."""

    profile: Profile
    count: int
    own: LedgerProfile | None = None
    is_kept: bool = False

    @property
    def is_large(self) -> bool:
        return self.count > downloads.LARGE


class LedgerExport(admin.ModelAdmin):
    """Adds ``ledger/<profile>.<extension>`` to the list: the rows the list shows, without what was withdrawn."""

    change_list_template = "admin/branches/activity/change_list.html"
    date_hierarchy = "ordered_on"  # the start, as the index has it

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("ledger/", wrap(self.ledger_page), name="branches_activity_ledger_page"),
            path("ledger/print/", wrap(self.ledger_paper), name="branches_activity_ledger_paper"),
            path("ledger/print/<str:profile>/", wrap(self.ledger_paper), name="branches_activity_ledger_paper"),
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
            "may_add_own": request.user.has_perm("branches.add_ledgerprofile"), "most_columns": MOST_PRINTED_COLUMNS,
        }  # fmt: skip
        if form.is_valid():
            rows, conditions = form.handed_in(SHORT_LEDGER)
            paper = self._paper(request, form, SHORT_LEDGER, rows[:FIRST_ROWS], conditions)
            context |= {"paper": paper, **self._ways(request, form)}
            if form.cleaned_data["counted"]:
                context["totals"] = Figure.objects.totals_of(form.handed_in(FULL_LEDGER)[0], with_internal=True)
        return TemplateResponse(request, "admin/branches/activity/ledger.html", context)

    def _ways(self, request, form) -> dict:
        """The full and the short ledger, and what the office has put together for itself."""
        usable = LedgerProfile.objects.usable_by(request.user).select_related("hospital")
        if form.institution:
            usable = usable.of_hospital(form.institution)
        kept = set(LedgerProfile.objects.editable_by(request.user).values_list("pk", flat=True))
        own = list(usable[: MOST_OFFERED + 1])
        ways = [Way(profile, form.count(profile)) for profile in STAFF_PROFILES.values()]
        ways += [Way(row.profile, form.count(row.profile), row, row.pk in kept) for row in own[:MOST_OFFERED]]
        return {"ways": ways, "has_more": len(own) > MOST_OFFERED}

    def ledger_paper(self, request, profile=SHORT_LEDGER.name):
        """A ledger to print, without the office having a spreadsheet program."""
        form = self._chosen(request)
        chosen = _profile_or_404(request, profile)
        if not chosen.fits_paper:
            said = _("“%(name)s”有%(count)d栏，一张纸最多排%(most)d栏。请导出Excel后打印，或者去掉几栏。")
            words = {"name": chosen.label, "count": len(chosen.columns), "most": MOST_PRINTED_COLUMNS}
            messages.error(request, said % words)
        if not form.is_valid() or not chosen.fits_paper:
            return back_to_page(request, "admin:branches_activity_ledger_page")
        rows, conditions = form.handed_in(chosen)
        context = {
            "paper": self._paper(request, form, chosen, rows[:MOST_PRINTED], conditions),
            "left_out": max(0, rows.count() - MOST_PRINTED),
            "most": MOST_PRINTED,
        }
        self._log(request, form, chosen, _("打印"), conditions)
        return TemplateResponse(request, "admin/branches/activity/ledger_paper.html", context)

    def chosen_ledger(self, request, profile, extension):
        form = self._chosen(request)
        chosen = _profile_or_404(request, profile, extension)
        if not form.is_valid():
            return back_to_page(request, "admin:branches_activity_ledger_page")
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
            tells_length=True,
        )

    def record_sheet(self, request, object_id):
        """One activity as the form that is signed and filed."""
        activity = self.get_object(request, unquote(object_id))
        if activity is None:
            raise Http404
        if not self.has_view_permission(request, activity):
            raise PermissionDenied
        (row,) = FULL_LEDGER.rows(Activity.objects.filter(pk=activity.pk))
        context = {
            "activity": activity,
            "row": row,
            "photos": list(activity.photos.all()[:PHOTOS_ON_SHEET]),
        }
        said = f"{_('活动记录表')}：{activity.reference}"
        log.record(log.Verb.EXPORT, by=request.user, about=activity, reason=said)
        return TemplateResponse(request, "admin/branches/activity/record_sheet.html", context)

    def _paper(self, request, form, profile, rows, conditions):
        around = sheet(
            profile,
            unit=form.unit,
            period=form.period_text,
            conditions=conditions,
            exported_by=str(request.user),
        )
        return printed(around, profile.rows(rows))

    def _log(self, request, form, profile, way, conditions):
        said = f"{profile.label}，{way}，统计期间：{form.period_text or '全部'}，条件：{conditions}"
        log.record(log.Verb.EXPORT, by=request.user, about=Activity, institution=form.institution, reason=said)

    def ledger_view(self, request, profile, extension):
        if profile not in STAFF_PROFILES or extension not in EXTENSIONS:
            raise Http404
        chosen = STAFF_PROFILES[profile]
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
        of_rows = Hospital.objects.filter(pk__in=rows.values("hospital"))
        return of_rows.the_only_one() or Hospital.objects.editable_by(request.user).the_only_one()

    def _conditions(self, changelist) -> list[str]:
        """The list's filters and search in words."""
        chosen = [
            f"{spec.title}：{choice['display']}"
            for spec in changelist.filter_specs
            for choice in list(spec.choices(changelist))[1:]
            if choice.get("selected")
        ]
        return [*chosen, f"搜索：{changelist.query}"] if changelist.query else chosen


def _profile_or_404(request, name: str, extension: str = EXTENSIONS[0]) -> Profile:
    """One of the two everybody has, or an own one that whoever asks may use."""
    if extension not in EXTENSIONS:
        raise Http404
    if name in STAFF_PROFILES:
        return STAFF_PROFILES[name]
    return get_object_or_404(LedgerProfile.objects.usable_by(request.user).named(name)).profile


def _period(query) -> str:
    """统计期间: the year, month and day to which the list has been narrowed, in words."""
    field = LedgerExport.date_hierarchy
    parts = [(query.get(f"{field}__{name}"), sign) for name, sign in (("year", "年"), ("month", "月"), ("day", "日"))]
    return "".join(f"{value}{sign}" for value, sign in parts if value)
