"""Records with a status in the admin: read-only unless a draft, and the workflow's verbs as buttons."""

from contextlib import suppress
from typing import NamedTuple

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from publishing import workflow
from publishing.admin import ScopedAdmin
from publishing.admin_noticed import GAP, groups_of_draft
from publishing.admin_review import ReviewPages
from publishing.admin_typed_checks import ChecksTyped
from publishing.admin_unfinished import KeepsUnfinished
from publishing.checks import Incomplete
from publishing.models import Publishable, Step
from publishing.workflow import StaleStatus


class Wording(NamedTuple):
    """How a verb is put to people: the button, the question before it is done, the sentence after it."""

    label: str
    question: str
    done: str


WORDINGS = {
    Step.SUBMIT: Wording(
        _("送审"),
        _("送审后不能再修改；还没有人审核时可以收回。确定送审吗？"),
        _("已送审：“%s”。"),
    ),
    Step.TAKE_BACK: Wording(_("收回"), _("收回后又是草稿，改好再送审。确定收回吗？"), _("已收回：“%s”，可以修改了。")),
    Step.APPROVE: Wording(_("审核通过"), _("通过后交下一道审核。确定内容没有问题吗？"), _("已通过：“%s”。")),
    Step.RETURN: Wording(
        _("退回"), _("退回后由填报人修改，请写明哪里要改。"), _("已退回：“%s”，填报人会在工作台看到原因。")
    ),
    Step.OVERRIDE: Wording(
        _("放行"),
        _("发布前检查有不通过的地方。确属需要的，请写明理由；放行的人和最后审核的人不能是同一位。"),
        _("已放行：“%s”，理由已记入日志。"),
    ),
    Step.WITHDRAW: Wording(
        _("撤回"),
        _("撤回后公众页面不再显示，记录仍然保留，以后可以修订后重新发布。请写明原因。"),
        _("已撤回：“%s”，公众看不到了。"),
    ),
    Step.REVISE: Wording(
        _("修订"),
        _("另开一份修订稿来改，公开的内容在修订稿审核通过之前保持不变。开始修订吗？"),
        _("已开始修订：“%s”。改好保存，再送审。"),
    ),
    Step.DISCARD: Wording(
        _("放弃修订"), _("放弃后这份修订稿不再保留，公开的内容不受影响。确定放弃吗？"), _("已放弃修订：“%s”。")
    ),
}
PUBLISHING = Wording(  # approve, at the last stage
    _("通过并发布"), _("这是最后一道审核，通过后公众就能看到。确定发布吗？"), _("已发布：“%s”。")
)
REPLACING = Wording(  # approve, of a working copy at the last stage
    _("通过并发布"), _("这是最后一道审核，通过后修订稿替换公开的内容。确定发布吗？"), _("已发布修订后的内容：“%s”。")
)
PUTTING_ASIDE = Wording(  # withdraw, said of what was never public
    _("撤下草稿"),
    _("撤下的草稿不再送审，记录仍然保留，以后可以修订后送审。请写明原因。"),
    _("已撤下：“%s”。"),
)


def wording(step: str, record: Publishable) -> Wording:
    if step == Step.WITHDRAW and record.status == record.Status.DRAFT:
        return PUTTING_ASIDE
    if step == Step.APPROVE and record.is_under_review and record.next_review is None:
        return REPLACING if record.replaces_public else PUBLISHING
    return WORDINGS[step]


STALE_PAGE = _("这个页面不完整或已过期，没有改动：请返回记录，重新点按钮。")


class StepForm(forms.Form):
    """What a step is told besides who does it: the version that was looked at, a reason, a time."""

    version = forms.IntegerField(
        widget=forms.HiddenInput,
        min_value=1,
        max_value=2**31 - 1,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), STALE_PAGE),
    )
    reason = forms.CharField(label=_("原因"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    at = forms.DateTimeField(
        label=_("发布时间（北京时间）"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("不填就是马上发布。"),
        error_messages={"invalid": _("时间要写成2024-05-01 08:30这样。")},
    )

    def __init__(self, *args, step: str, record: Publishable, **kwargs):
        # A page may show several of these forms.
        super().__init__(*args, initial={"version": record.version}, auto_id=f"id_{step}_%s", **kwargs)
        if step != Step.APPROVE or record.next_review or record.replaces_public:
            del self.fields["at"]
        if step in workflow.REASONED:
            self.fields["reason"].required = True
            self.fields["reason"].error_messages["required"] = _("请写明原因：经办的人和以后查阅的人都要看。")
        else:
            del self.fields["reason"]

    @property
    def told(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class PublishableAdmin(ChecksTyped, KeepsUnfinished, ReviewPages, ScopedAdmin):
    """A record with a status: editable while it is a draft, then only moved by the verbs."""

    change_form_template = "admin/publishing/change_form.html"
    list_filter = ["status"]
    actions = ["submit_selected"]
    save_label = _("保存草稿")

    @admin.display(description=_("状态"), ordering="status")
    def status_label(self, record):
        return format_html('<span class="status" data-status="{}">{}</span>', record.status, record.status_text)

    def get_queryset(self, request):
        """Lists, choices and exports know a record once; its working copy is opened from it."""
        return super().get_queryset(request).originals()

    def has_change_permission(self, request, obj=None):
        if obj is None:
            return super().has_change_permission(request)
        return obj.permits(request.user, "change") and obj.status == obj.Status.DRAFT

    def save_model(self, request, obj, form, change):
        if not change:
            obj.created_by = request.user
        obj.updated_by = request.user
        super().save_model(request, obj, form, change)
        workflow.contributed(obj, by=request.user)

    def get_urls(self):
        step = path(
            "<path:object_id>/step/<str:step>/",
            self.admin_site.admin_view(self.step_view),
            name=f"{self.opts.app_label}_{self.opts.model_name}_step",
        )
        return [step, *super().get_urls()]

    def address_of(self, record) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[record.pk])

    def change_view(self, request, object_id, form_url="", extra_context=None):
        record = self.get_object(request, unquote(object_id))
        if record is None:
            return super().change_view(request, object_id, form_url, extra_context)
        context = {
            "situation": self.situation(request, record),
            "preview": self.preview_of(record),
        } | self.ways_on(request, record)
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def situation(self, request, record) -> str:
        """What this person can do with the record now, in a sentence."""
        may_change = record.permits(request.user, "change")
        match record.status:
            case record.Status.DRAFT if not may_change:
                return _("这是草稿，公众看不到。您可以查看，不能修改。")
            case record.Status.DRAFT if record.is_working_copy:
                return _("这是修订稿。公开的内容在它审核通过之前保持不变。改好后保存，再点“送审”。")
            case record.Status.DRAFT:
                return _("这是草稿，公众看不到。写好后保存，再点“送审”。")
            case record.Status.PUBLISHED | record.Status.WITHDRAWN if record.open_copy:
                return _("这条记录已经有一份修订稿：请打开修订稿接着改，或等它审完。")
            case record.Status.PUBLISHED if record.is_scheduled:
                return _("已通过审核，到发布时间（北京时间）自动公开。要修改，请点“修订”；不发了，请医院管理员撤回。")
            case record.Status.PUBLISHED:
                return _("这条记录已公开，不能直接修改。要修改，请点“修订”：公开的内容在修订稿通过审核之前不变。")
            case record.Status.WITHDRAWN:
                return _("这条记录已撤回，公众看不到。要重新发布，请点“修订”，改好后送审。")
        if self.may_approve(request, record):
            return _("等待您%s：请看内容、对照和检查，再通过或退回。") % record.review_stage.label
        if may_change and workflow.may_be_taken_back(record):
            return _("正在等待%s，不能修改。发现问题请收回，或请审核人退回。") % record.review_stage.label
        if may_change:
            return _("正在等待%s，不能修改。发现问题请审核人退回。") % record.review_stage.label
        return _("正在等待%s，不能修改。") % record.review_stage.label

    def may_approve(self, request, record) -> bool:
        """Their stage, and not their own text."""
        if not record.permits(request.user, record.status) or not record.is_under_review:
            return False
        return workflow.four_eyes_let(request.user, record)

    def saved_sentence(self, request, record) -> str:
        reference = getattr(record, "reference", "")
        saved = _("已存为草稿，编号%s。") % reference if reference else _("已存为草稿：“%s”。") % record
        submit = _("送审")
        if self._may(request, record, Step.SUBMIT):  # from the list the record would have to be opened again
            submit = format_html('<a href="{}">{}</a>', self.page_of(record, "step", Step.SUBMIT), submit)
        way = format_html(_("写好后点“{}”。"), submit)
        return format_html("{}{}{}", saved, way, self._told_at_once(record))

    def _told_at_once(self, record) -> str:
        """What an experienced colleague would say of a draft when it is put down, and the way to all of it."""
        counts = "，".join(f"{group.short}{len(group.noticed)}处" for group in groups_of_draft(record, None))
        if not counts:
            return ""
        return format_html(_('检查了一遍：{}。<a href="{}">看是哪些</a>'), counts, self.page_of(record, "review"))

    def place_of(self, record) -> str:
        """Whose record it is, as a list of many names them."""
        raise NotImplementedError

    def who_is_next(self, request, record) -> str:
        """Whom a text waits for, in a sentence."""
        return _("等待%s。") % record.review_stage.label

    def preview_of(self, record) -> dict | None:
        if record.is_public:
            return {"url": record.get_absolute_url(), "label": _("在网站查看")}
        return {"url": record.get_preview_url(), "label": _("预览")}

    def steps_for(self, request, record) -> list[tuple[str, Wording]]:
        """The verbs this person may do to this record now, each with its words."""
        return [(step, wording(step, record)) for step in WORDINGS if self._may(request, record, step)]

    def _may(self, request, record, step: str) -> bool:
        try:
            workflow.ask(record, step, request.user)
        except (PermissionDenied, StaleStatus):
            return False
        match step:
            case Step.TAKE_BACK:
                return workflow.may_be_taken_back(record)
            case Step.APPROVE:
                return self.may_approve(request, record)
            case Step.OVERRIDE:
                return self.may_be_overridden(request, record)
            case Step.DISCARD:
                return record.is_working_copy
            case Step.WITHDRAW:
                return not record.is_working_copy
            case Step.REVISE | Step.RESTORE:
                return record.open_copy is None
        return True

    def may_be_overridden(self, request, record) -> bool:
        return workflow.four_eyes_let(request.user, record) and any(one.is_blocking for one in record.findings())

    def step_form(self, record, step: str) -> StepForm:
        return StepForm(step=step, record=record)

    def step_view(self, request, object_id, step):
        """Ask once (GET), then do it (POST)."""
        record = self.get_object(request, unquote(object_id))
        if record is None or step not in WORDINGS:
            raise Http404
        if request.method == "GET" and not self._may(request, record, step):
            return self._not_now(request, record, step)
        form = StepForm(request.POST or None, step=step, record=record)
        if request.method == "POST" and form.is_valid():
            try:
                done = self._do(request, record, step, form)
            except StaleStatus as stale:
                return self._too_late(request, record, step, stale)
            if done is not None:
                return HttpResponseRedirect(done)
        if self.is_from_review_page(request):
            return self.review_page(request, record, {step: form})
        return self._asking(request, record, step, form)

    def _asking(self, request, record, step, form):
        words = wording(step, record)
        noticed = groups_of_draft(record, self.address_of(record)) if step == Step.SUBMIT else []
        context = self.admin_site.each_context(request) | {
            "noticed": noticed, "is_incomplete": any(group.name == GAP for group in noticed),
            "title": words.label, "question": words.question, "record": record, "opts": self.opts, "form": form,
            "back": self.address_of(record),
            # Whoever has read 已自动保存 must not think that it is handed in.
            "unfinished": self.unfinished_of(request, record) if step == Step.SUBMIT else None,
        }  # fmt: skip
        return TemplateResponse(request, "admin/publishing/step.html", context)

    def _not_now(self, request, record, step):
        """A button on a page that is older than the record leads back to the record; what was never theirs is refused."""
        with suppress(StaleStatus):
            workflow.ask(record, step, request.user)
        why = self.with_way_to_copy(request, record, _("没有改动：%s") % self.situation(request, record))
        self.message_user(request, why, messages.WARNING)
        return HttpResponseRedirect(self.address_of(record))

    def _too_late(self, request, record, step, stale: StaleStatus):
        """The record is shown as it is now; whoever was on its review page stays there, with what they had typed."""
        self.message_user(request, self.with_way_to_copy(request, record, f"“{record}”：{stale}"), messages.WARNING)
        current = self.get_object(request, str(record.pk))
        if current is None:  # a working copy that was merged or given up
            return HttpResponseRedirect(self.address_of(record.working_copy_of or record))
        typed = request.POST.copy()
        typed["version"] = current.version  # which is the one that is now shown
        form = StepForm(typed, step=step, record=current)
        if self.is_from_review_page(request):
            return self.review_page(request, current, {step: form})
        if not request.POST.get("reason") or not self._may(request, current, step):
            return HttpResponseRedirect(self.address_of(current))
        return self._asking(request, current, step, form)

    def _do(self, request, record, step: str, form: StepForm) -> str | None:
        """The address to go to when it is done; None where the form has to be shown again. Raises StaleStatus."""
        words = wording(step, record)
        record.version = form.cleaned_data["version"]  # the one that was looked at, not the one just loaded
        do = getattr(workflow, "return_" if step == Step.RETURN else step)
        try:
            result = do(record, by=request.user, **form.told)
        except Incomplete as refusal:
            form.add_error(None, _("没有送审：还缺%d处，都列在下面，点开就到要填的地方。") % len(refusal.gaps))
            return None
        except ValidationError as refusal:
            at_fields = refusal.error_dict if hasattr(refusal, "error_dict") else {None: refusal.error_list}
            for field, found in at_fields.items():
                form.add_error(field if field in form.fields else None, found)
            return None
        done = words.done % record
        if step in {Step.SUBMIT, Step.APPROVE} and record.is_under_review:
            done += self.who_is_next(request, record)
        self.message_user(request, done, messages.SUCCESS)
        if result is None and step == Step.DISCARD:
            result = record.working_copy_of
        if self.is_from_review_page(request):
            return self.address_after_review(record, step)
        return self.address_of(result or record)

    @admin.action(description=_("送审所选记录"), permissions=["change"])
    def submit_selected(self, request, queryset):
        """Each record by itself: one that may not or cannot be handed in is named and stops no other."""
        count = 0
        for record in queryset:
            try:
                record.submit(by=request.user)
                count += 1
            except (PermissionDenied, StaleStatus) as refusal:
                self.message_user(request, f"“{record}”：{refusal}", messages.WARNING)
            except Incomplete as refusal:
                missing = " ".join(refusal.messages)
                way = self.page_of(record, "step", Step.SUBMIT)
                why = format_html('“{}”：{} <a href="{}">{}</a>', record, missing, way, _("去补上"))
                self.message_user(request, why, messages.WARNING)
        if count:
            self.message_user(request, _("送审了%d条记录。") % count, messages.SUCCESS)
