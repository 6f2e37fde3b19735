"""Spreadsheet intake 导入 in the admin: a file is sent, what it would do is shown, and only then it is done."""

import hashlib

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from branches.intake.plan import Plan, plan_of, read_ledger
from branches.intake.problems import problem_rows, reason, template
from branches.intake.writing import confirm, refuse_without_right
from branches.models import Activity, IntakeFile
from hospitals.models import Hospital
from publishing import log
from publishing.downloads import spreadsheet_response
from publishing.tables import IN_A_REQUEST
from publishing.workflow import StaleStatus

#: rows of each sort that a page shows; the problems are all in a workbook
MOST_SHOWN = 50
OUTCOMES = (
    ("refused", _("不能导入"), _("改好这些格子，再把文件重新传一次。")),
    ("doubtful", _("可能重复"), _("日期、支部、主题都和已有的记录（或本文件的前面一行）一样。")),
    ("changed", _("修改草稿"), _("按活动编号找到了这些草稿。")),
    ("new", _("新建"), _("导入后是草稿，另给编号。")),
    ("unchanged", _("没有变动"), _("和系统里的一样，不会动。")),
)


class UploadForm(forms.Form):
    hospital = forms.ModelChoiceField(Hospital.objects.none(), label=_("导入到哪家医院"), empty_label=_("请选择"))
    file = forms.FileField(
        label=_("台账文件"),
        help_text=_("Excel工作簿（.xlsx）或CSV，最大10MB，一次最多2000行。"),
        error_messages={
            "required": _("请选择台账文件。"),
            "empty": _("文件是空的。请选择有内容的台账文件。"),
            "max_length": _("文件名太长，请改短一些再传。"),
        },
        max_length=120,
        widget=forms.FileInput({"accept": ".xlsx,.csv"}),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.user = user
        found = [one for one in Hospital.objects.editable_by(user) if user.has_perm("branches.add_activity", one)]
        self.fields["hospital"].queryset = Hospital.objects.filter(pk__in=[one.pk for one in found])
        self.only_hospital = found[0] if len(found) == 1 else None
        if self.only_hospital:
            del self.fields["hospital"]

    @property
    def chosen_hospital(self) -> Hospital:
        return self.only_hospital or self.cleaned_data["hospital"]

    def clean_file(self):
        """Whether it can be read at all; what is in it, the next page tells."""
        file = self.cleaned_data["file"]
        if file.size > IN_A_REQUEST.file_bytes:
            raise ValidationError(_("文件太大，最大10MB。请删去图片和用不到的工作表，或分成几份。"))
        self.content = file.read()
        read_ledger(self.content)
        return file

    def keep(self) -> IntakeFile:
        IntakeFile.objects.forget_old()
        return IntakeFile.objects.create(
            user=self.user,
            hospital=self.chosen_hospital,
            name=self.cleaned_data["file"].name,
            content=self.content,
            sha256=hashlib.sha256(self.content).hexdigest(),
        )


class ConfirmForm(forms.Form):
    """``plan``: what is shown beside it; a form that is sent does without."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    doubtful = forms.ChoiceField(
        label=_("可能重复的行"),
        choices=[("leave", _("不导入这些行")), ("import", _("仍然导入，作为新记录"))],
        widget=forms.RadioSelect,
        required=False,
    )

    def __init__(self, *args, plan: Plan | None = None, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        if plan:
            self.initial["digest"] = plan.digest
            if not plan.counts["doubtful"]:
                del self.fields["doubtful"]

    @property
    def with_doubtful(self) -> bool | None:
        return {"import": True, "leave": False}.get(self.cleaned_data.get("doubtful", ""))


class LedgerIntake(admin.ModelAdmin):
    """Adds ``intake/`` to the admin of activities."""

    def get_urls(self):
        wrap, name = self.admin_site.admin_view, "branches_activity_intake"
        return [
            path("intake/", wrap(self.intake_page), name=name),
            path("intake/template.xlsx", wrap(self.intake_template), name=f"{name}_template"),
            path("intake/<uuid:token>/", wrap(self.intake_preview), name=f"{name}_preview"),
            path("intake/<uuid:token>/problems.xlsx", wrap(self.intake_problems), name=f"{name}_problems"),
            *super().get_urls(),
        ]

    def intake_page(self, request):
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None, user=request.user)
        if request.method == "POST" and form.is_valid():
            refuse_without_right(request.user, form.chosen_hospital)
            return redirect("admin:branches_activity_intake_preview", form.keep().pk)
        context = self._intake_context(request) | {"form": form}
        return TemplateResponse(request, "admin/branches/activity/intake.html", context)

    def intake_template(self, request):
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(user=request.user)
        sheet, rows = template(form.only_hospital or "医院")
        log.record(log.Verb.EXPORT, by=request.user, about=Activity, reason=_("台账导入模板"))
        return spreadsheet_response(sheet, rows, "xlsx", "党建活动台账（导入模板）")

    def intake_preview(self, request, token):
        file = self._file(request, token)
        if file.imported_at:
            messages.info(request, _("“%s”已经导入过了，没有重复导入。") % file)
            return redirect("admin:branches_activity_changelist")
        refusal = None
        if request.method == "POST":
            try:
                return self._confirm(request, file)
            except StaleStatus as stale:
                log.refused(str(_("导入台账")), by=request.user, why=str(stale), refusal=stale)
                messages.warning(request, str(stale))
                return redirect(request.path)
            except ValidationError as undecided:
                refusal = undecided
        plan = self._plan(file)
        file.preview(plan.marks)
        context = self._intake_context(request) | {
            "file": file, "plan": plan, "form": ConfirmForm(plan=plan), "refusal": refusal, "sorts": _sorts(plan),
        }  # fmt: skip
        return TemplateResponse(request, "admin/branches/activity/intake_preview.html", context)

    def _confirm(self, request, file):
        form = ConfirmForm(request.POST)
        form.is_valid()
        digest, with_doubtful = form.cleaned_data.get("digest", ""), form.with_doubtful
        written = confirm(file, by=request.user, digest=digest, with_doubtful=with_doubtful)
        done = _("已导入：新建%(new)d条草稿，修改%(changed)d条草稿。请逐条看过，再送审。")
        messages.success(request, done % written)
        return redirect(f"{reverse('admin:branches_activity_changelist')}?status__exact=draft")

    def intake_problems(self, request, token):
        file = self._file(request, token)
        if file.imported_at:
            raise Http404
        sheet, rows = problem_rows(self._plan(file))
        said = _("台账导入：有问题的行（%s）") % file
        log.record(log.Verb.EXPORT, by=request.user, about=Activity, institution=file.hospital, reason=said)
        return spreadsheet_response(sheet, rows, "xlsx", "有问题的行")

    def _file(self, request, token) -> IntakeFile:
        """One's own, of a hospital for which one may report."""
        file = IntakeFile.objects.editable_by(request.user).select_related("hospital").filter(pk=token).first()
        if file is None:
            raise Http404
        refuse_without_right(request.user, file.hospital)
        return file

    def _plan(self, file: IntakeFile) -> Plan:
        return plan_of(read_ledger(bytes(file.content)), file.hospital, file.user)

    def _intake_context(self, request) -> dict:
        return self.admin_site.each_context(request) | {"title": _("导入台账"), "opts": self.opts}


def _sorts(plan: Plan) -> list[dict]:
    """The rows by what becomes of them, the first of each, for the page."""
    sorts = []
    for name, label, note in OUTCOMES:
        rows = plan.having(name)
        if rows:
            shown = [
                {"line": line, "row": row, "shown": row.shown(), "reason": reason(row)}
                for line, row in rows[:MOST_SHOWN]
            ]
            sorts.append({"name": name, "label": label, "note": note, "count": len(rows), "rows": shown})
    return sorts
