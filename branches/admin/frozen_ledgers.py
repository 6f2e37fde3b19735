"""Ledgers as they were handed in: the list, the page to freeze one, the page of one with what has changed since."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from branches.freezing import (
    RIGHT,
    AlreadyFrozen,
    LedgerHasChanged,
    freeze,
    frozen_as,
    frozen_before,
    notices,
    open_gaps,
)
from branches.frozen_compared import Compared, count_differences, difference_lines, difference_sheet
from branches.frozen_content import Content
from branches.frozen_differences import Differences
from branches.frozen_forms import FreezeForm
from branches.ledger import STAFF_PROFILES
from branches.ledger_admin import FIRST_ROWS, MOST_PRINTED
from branches.models import FrozenLedger
from publishing import log
from publishing.admin_forms import is_key
from publishing.downloads import EXTENSIONS, site_of, spreadsheet_response
from publishing.file_names import content_disposition
from publishing.paging import page_of
from publishing.printed import printed

PER_PAGE = 10
EARLIER_SHOWN = 5


class AgainstForm(forms.Form):
    """With which other frozen ledger of the hospital one is compared; with the ledger of now where with none."""

    against = forms.ModelChoiceField(
        FrozenLedger.objects.none(), required=False, label=_("和哪一份比较"), empty_label=_("现在的台账")
    )

    def __init__(self, data, *, others):
        super().__init__(data, label_suffix="")
        self.fields["against"].queryset = others
        self.full_clean()

    def clean_against(self):
        other = self.cleaned_data["against"]
        if other and not other.is_intact:
            raise forms.ValidationError(_("这一份的内容与封存时不同，不能拿来比较。请换一份。"))
        return other

    @property
    def other(self) -> FrozenLedger | None:
        return self.cleaned_data.get("against")


@admin.register(FrozenLedger)
class FrozenLedgerAdmin(admin.ModelAdmin):
    """Nobody changes or deletes one, so there is no form of Django's; ``add`` is the page to freeze."""

    def has_add_permission(self, request):
        return request.user.has_perm(RIGHT)

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("branches.view_frozenledger", obj)

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def get_queryset(self, request):
        return FrozenLedger.objects.editable_by(request.user).with_unit().without_content()

    def get_urls(self):
        wrap, name = self.admin_site.admin_view, "branches_frozenledger"
        return [
            path("", wrap(self.changelist_view), name=f"{name}_changelist"),
            path("add/", wrap(self.add_view), name=f"{name}_add"),
            path("<path:object_id>/change/", wrap(self.change_view), name=f"{name}_change"),
            path("<path:object_id>/ledger/<str:profile>.<str:extension>", wrap(self.sheet_view), name=f"{name}_sheet"),
            path("<path:object_id>/print/", wrap(self.paper_view), name=f"{name}_paper"),
            path("<path:object_id>/content.json", wrap(self.content_view), name=f"{name}_content"),
            path("<path:object_id>/differences.xlsx", wrap(self.differences_view), name=f"{name}_differences"),
        ]

    # -- The list

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        page = page_of(request, self.get_queryset(request), PER_PAGE)
        counts = count_differences(list(page.object_list))
        context = self._context(request, _("报送")) | {
            "page": page, "entries": [(frozen, counts.get(frozen.pk, "")) for frozen in page.object_list],
            "may_freeze": self.has_add_permission(request),
        }  # fmt: skip
        return TemplateResponse(request, "admin/branches/frozenledger/list.html", context)

    # -- To freeze

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied(_("封存报送由台账员或医院管理员做。如果工作需要，请联系医院管理员。"))
        if request.method == "POST":
            return self._confirmed(request)
        return self._freeze_page(request, FreezeForm(request.GET or None, user=request.user))

    def _confirmed(self, request):
        form, refusal = FreezeForm(request.POST, user=request.user), ""
        if form.is_valid():
            data = form.cleaned_data
            try:
                frozen = freeze(form.scope, by=request.user, seen=data["seen"], note=data["note"])
            except AlreadyFrozen as already:
                self.message_user(request, str(already), messages.WARNING)
                return HttpResponseRedirect(already.frozen.get_absolute_url())
            except LedgerHasChanged as changed:
                refusal = str(changed)
            except ValidationError as invalid:
                form.add_error(None, invalid)
            else:
                self.message_user(request, _("已封存：%s。以后台账有变动，这一份也不会变。") % frozen, messages.SUCCESS)
                return HttpResponseRedirect(frozen.get_absolute_url())
        return self._freeze_page(request, form, refusal)

    def _freeze_page(self, request, form, refusal=""):
        context = self._context(request, _("封存报送")) | {"form": form, "refusal": refusal}
        if form.is_bound and form.is_valid():
            scope, content = form.scope, form.scope.content()
            earlier = list(frozen_before(scope)[:EARLIER_SHOWN])
            sheet = content.sheet(is_short=True, facts=(), created=timezone.now())
            context |= {
                "scope": scope, "content": content, "earlier": earlier,
                "same": frozen_as(scope, content), "since": _since(earlier[0], content) if earlier else None,
                "notices": list(notices(scope, content)), "gaps": open_gaps(scope),
                "paper": printed(sheet, content.rows[:FIRST_ROWS]),
            }  # fmt: skip
        return TemplateResponse(request, "admin/branches/frozenledger/freeze.html", context)

    # -- One of them

    def change_view(self, request, object_id, form_url="", extra_context=None):
        frozen = self._frozen(request, object_id)
        form = self._against(request, frozen)
        context = self._context(request, _("报送")) | {
            "frozen": frozen, "form": form, "query": request.GET.urlencode(), "is_intact": frozen.is_intact,
            "profiles": STAFF_PROFILES.values(), "has_others": form.fields["against"].queryset.exists(),
        }  # fmt: skip
        if frozen.is_intact and form.is_valid():
            context["compared"] = Compared.of(frozen, form.other, request.user)
        return TemplateResponse(request, "admin/branches/frozenledger/page.html", context)

    def differences_view(self, request, object_id):
        frozen = self._frozen(request, object_id)
        form = self._against(request, frozen)
        if not (frozen.is_intact and form.is_valid()):
            return self._back(frozen)
        compared = Compared.of(frozen, form.other, request.user)
        self._log(request, frozen, f"差异，XLSX，{compared.before_label}与{compared.after_label}")
        facts = (("填报单位", frozen.unit), ("统计期间", str(frozen.period)), ("报送编号", frozen.reference))
        title = f"{frozen.unit}{frozen.period}报送差异"
        sheet = difference_sheet(title, facts, compared.before_label, compared.after_label, timezone.localtime())
        name = f"{title}{frozen.reference}（{timezone.localdate():%Y%m%d}）"
        return spreadsheet_response(sheet, difference_lines(compared), "xlsx", name)

    def sheet_view(self, request, object_id, profile, extension):
        """The ledger as it was: the same cells whenever somebody asks."""
        if profile not in STAFF_PROFILES or extension not in EXTENSIONS:
            raise Http404
        frozen, label = self._frozen(request, object_id), STAFF_PROFILES[profile].label
        if not frozen.is_intact:
            return self._back(frozen)
        self._log(request, frozen, f"{label}，{extension.upper()}")
        content, site = Content(frozen.content), site_of(request)
        sheet = self._sheet(frozen, content, is_short=profile == "short", site=site)
        name = f"{sheet.title}（{label}）{frozen.reference}"
        return spreadsheet_response(sheet, content.rows, extension, name)

    def paper_view(self, request, object_id):
        frozen = self._frozen(request, object_id)
        if not frozen.is_intact:
            return self._back(frozen)
        self._log(request, frozen, "精简版，打印")
        content = Content(frozen.content)
        context = {
            "frozen": frozen, "most": MOST_PRINTED, "left_out": max(0, len(content.rows) - MOST_PRINTED),
            "paper": printed(self._sheet(frozen, content, is_short=True), content.rows[:MOST_PRINTED]),
        }  # fmt: skip
        return TemplateResponse(request, "admin/branches/frozenledger/paper.html", context)

    def content_view(self, request, object_id):
        """The very bytes that were hashed, so that anybody can do it again."""
        frozen = self._frozen(request, object_id)
        self._log(request, frozen, "存档原文，JSON")
        response = HttpResponse(frozen.content.encode(), content_type="application/json")
        response["Content-Disposition"] = content_disposition(f"{frozen.reference}.json")
        response["Cache-Control"] = "no-store"
        return response

    def _sheet(self, frozen, content, *, is_short, site=""):
        made_at = timezone.localtime(frozen.made_at)
        facts = (
            ("报送编号", frozen.reference),
            ("封存时间", f"{made_at:%Y-%m-%d %H:%M}"),
            ("封存人", frozen.made_by_name),
            ("SHA-256", frozen.sha256),
        )
        return content.sheet(is_short=is_short, facts=facts, created=made_at, site=site)

    def _frozen(self, request, object_id) -> FrozenLedger:
        """With its content. Of another hospital or branch it is not there."""
        key = unquote(object_id)
        rows = FrozenLedger.objects.editable_by(request.user).with_unit()
        frozen = rows.filter(pk=key).first() if is_key(key) else None
        if frozen is None:
            raise Http404
        if not self.has_view_permission(request, frozen):
            raise PermissionDenied
        return frozen

    def _against(self, request, frozen) -> AgainstForm:
        others = self.get_queryset(request).of_hospital(frozen.hospital).exclude(pk=frozen.pk)
        return AgainstForm(request.GET, others=others)

    def _back(self, frozen):
        """To the page that says why there is no such file."""
        return HttpResponseRedirect(reverse("admin:branches_frozenledger_change", args=[frozen.pk]))

    def _context(self, request, title) -> dict:
        return self.admin_site.each_context(request) | {"title": title, "opts": self.opts}

    def _log(self, request, frozen, what):
        log.record(log.Verb.EXPORT, by=request.user, about=frozen, reason=f"报送{frozen.reference}：{what}")


def _since(latest: FrozenLedger, content: Content) -> dict[str, int] | None:
    """How much has changed; None where the latest is not what was frozen, which its own page says."""
    return Differences(Content(latest.content), content).counts if latest.is_intact else None
