"""Records with a status in the admin: read-only unless a draft, and the workflow's verbs as buttons and actions."""

from itertools import islice
from typing import NamedTuple

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from publishing.admin import ScopedAdmin
from publishing.models import Publishable
from publishing.workflow import STARTS, StaleStatus


class Wording(NamedTuple):
    """How a verb is put to people: the button, the question before it is done, the sentence after it."""

    status: str  # that it leads to
    label: str
    question: str
    done: str


WORDINGS = {
    "publish": Wording(
        Publishable.Status.PUBLISHED, _("发布"), _("发布后公众马上能看到。确定发布吗？"), _("已发布：“%s”。")
    ),
    "withdraw": Wording(
        Publishable.Status.WITHDRAWN,
        _("撤回"),
        _("撤回后公众页面不再显示，记录仍然保留，以后可以改为草稿再发布。确定撤回吗？"),
        _("已撤回：“%s”。"),
    ),
    "reopen": Wording(
        Publishable.Status.DRAFT,
        _("改为草稿"),
        _("改为草稿后可以修改，改好再交发布。确定吗？"),
        _("已改为草稿：“%s”，可以修改了。"),
    ),
}
PUTTING_ASIDE = Wording(  # withdraw, said of what was never public
    Publishable.Status.WITHDRAWN,
    _("撤下草稿"),
    _("撤下的草稿不再等待发布，记录仍然保留，以后可以改回草稿。确定撤下吗？"),
    _("已撤下：“%s”。"),
)


def wording(verb: str, record: Publishable) -> Wording:
    is_draft = record.status == record.Status.DRAFT
    return PUTTING_ASIDE if verb == "withdraw" and is_draft else WORDINGS[verb]


class PublishableAdmin(ScopedAdmin):
    """A record with a status: editable while it is a draft, then only moved by the verbs."""

    change_form_template = "admin/publishing/change_form.html"
    list_filter = ["status"]
    actions = ["publish_selected", "withdraw_selected"]
    save_label = _("保存草稿")
    #: whether the record has a page of its own, on which staff can look at a draft
    has_own_page = False

    @admin.display(description=_("状态"), ordering="status")
    def status_label(self, record):
        return format_html(
            '<span class="status" data-status="{}">{}</span>', record.status, record.get_status_display()
        )

    def get_object(self, request, object_id, from_field=None):
        record = super().get_object(request, object_id, from_field)
        if record and request.method == "POST" and transaction.get_connection().in_atomic_block:
            # A whole row is saved: nobody may publish it between this look at its status and the end of the saving.
            return self.get_queryset(request).select_for_update(of=("self",)).filter(pk=record.pk).first()
        return record

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or obj.status == obj.Status.DRAFT)

    def _may(self, request, action: str) -> bool:
        return request.user.has_perm(f"{self.opts.app_label}.{action}_{self.opts.model_name}")

    def has_publish_permission(self, request):
        return self._may(request, "publish")

    def has_withdraw_permission(self, request):
        return self._may(request, "withdraw")

    def save_model(self, request, obj, form, change):
        if not change:
            obj.created_by = request.user
        obj.updated_by = request.user
        super().save_model(request, obj, form, change)

    def get_urls(self):
        verb = path(
            "<path:object_id>/verb/<str:verb>/",
            self.admin_site.admin_view(self.verb_view),
            name=f"{self.opts.app_label}_{self.opts.model_name}_verb",
        )
        return [verb, *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        record = self.get_object(request, unquote(object_id))
        if record is None:
            return super().change_view(request, object_id, form_url, extra_context)
        if request.method == "POST" and record.status != record.Status.DRAFT and record.can_be_edited_by(request.user):
            self.message_user(request, _("没有保存：%s") % self.situation(request, record), messages.ERROR)
            return HttpResponseRedirect(request.path)
        context = {
            "verbs": self.verbs_for(request, record),
            "situation": self.situation(request, record),
            "preview": self.preview_of(record),
        }
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def situation(self, request, record) -> str:
        """What this person can do with the record now, in a sentence."""
        user, status = request.user, record.Status
        match record.status:
            case status.PUBLISHED if record.can_be_withdrawn_by(user):
                return _("这条记录已发布，不能直接修改。要修改，请先“撤回”，再“改为草稿”，改好后重新发布。")
            case status.PUBLISHED:
                return _("这条记录已发布，不能直接修改。要修改，请医院管理员先撤回，再改为草稿，改好后重新发布。")
            case status.WITHDRAWN if record.can_be_edited_by(user):
                return _("这条记录已撤回，公众看不到。要修改，请先点“改为草稿”。")
            case status.WITHDRAWN:
                return _("这条记录已撤回，公众看不到。要修改，请填报人先改为草稿。")
        if record.can_be_published_by(user):
            return _("这是草稿，公众看不到。核对无误后请点“发布”。")
        if record.can_be_edited_by(user):
            return _("这是草稿，公众看不到。写好后保存，再通知审核人发布：写的人不能发布自己的内容。")
        return _("这是草稿，公众看不到。您可以查看，不能修改。")

    def saved_sentence(self, request, record) -> str:
        reference = getattr(record, "reference", "")
        saved = _("已存为草稿，编号%s。") % reference if reference else _("已存为草稿：“%s”。") % record
        if record.can_be_published_by(request.user):
            return saved + _("核对无误后可以发布。")
        return saved + self.whom_to_tell(request, record)

    def whom_to_tell(self, request, record) -> str:
        return _("请通知审核人发布。")

    def preview_of(self, record) -> dict | None:
        if record.is_public and hasattr(record, "get_absolute_url"):
            return {"url": record.get_absolute_url(), "label": _("在网站查看")}
        if self.has_own_page:
            return {"url": record.get_absolute_url(), "label": _("预览")}
        return None

    # What the workbench shows: rows of {label, title, url, place, time}.

    def drafts_of(self, request, count: int) -> list[dict]:
        """The person's own unfinished drafts, last touched first."""
        if not self.has_change_permission(request):
            return []
        own = Q(created_by=request.user) | Q(updated_by=request.user)
        return self._items(self._drafts(request).filter(own).order_by("-updated_at")[:count], "updated_at")

    def waiting_for(self, request, count: int) -> list[dict]:
        """Drafts of others that this person may publish."""
        if not self.has_publish_permission(request):
            return []
        rows = self._drafts(request).exclude(created_by=request.user).exclude(updated_by=request.user)
        publishable = (row for row in rows.order_by("-updated_at").iterator() if row.can_be_published_by(request.user))
        return self._items(islice(publishable, count), "updated_at")

    def latest(self, request, count: int) -> list[dict]:
        published = self.get_queryset(request).filter(status=Publishable.Status.PUBLISHED)
        return self._items(published.order_by("-published_at")[:count], "published_at")

    def _drafts(self, request):
        return self.get_queryset(request).filter(status=Publishable.Status.DRAFT)

    def _items(self, rows, time: str) -> list[dict]:
        address = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return [
            {
                "label": self.opts.verbose_name,
                "title": str(row),
                "url": reverse(address, args=[row.pk]),
                "place": self.place_of(row),
                "time": getattr(row, time),
            }
            for row in rows
        ]

    def place_of(self, record) -> str:
        """Whose record it is, for lists that mix records."""
        return ""

    def verbs_for(self, request, record) -> list[tuple[str, "Wording"]]:
        """The verbs this person may do to this record now."""
        user = request.user
        permitted = {
            "publish": record.can_be_published_by(user),
            "withdraw": record.can_be_withdrawn_by(user),
            "reopen": record.can_be_edited_by(user),
        }
        words = {verb: wording(verb, record) for verb in permitted}
        return [
            (verb, words[verb]) for verb in permitted if permitted[verb] and record.status in STARTS[words[verb].status]
        ]

    def verb_view(self, request, object_id, verb):
        """Ask once (GET), then do it (POST)."""
        record = self.get_object(request, unquote(object_id))
        if record is None or verb not in WORDINGS:
            raise Http404
        words = wording(verb, record)
        back = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[record.pk])
        if request.method == "POST":
            self._do(request, record, verb, words.done % record)
            return HttpResponseRedirect(back)
        if record.status not in STARTS[words.status]:  # somebody was quicker; the page behind the button is old
            self.message_user(request, _("没有改动：%s") % self.situation(request, record), messages.WARNING)
            return HttpResponseRedirect(back)
        if verb not in dict(self.verbs_for(request, record)):
            raise PermissionDenied(self.situation(request, record))
        context = self.admin_site.each_context(request) | {
            "title": words.label, "question": words.question, "record": record, "opts": self.opts, "back": back,
        }  # fmt: skip
        return TemplateResponse(request, "admin/publishing/verb_confirmation.html", context)

    def _do(self, request, record, verb: str, done: str) -> bool:
        label = wording(verb, record).label
        try:
            getattr(record, verb)(by=request.user)
        except StaleStatus as stale:
            self.message_user(request, f"“{record}”：{stale}", messages.WARNING)
            return False
        self.log_change(request, record, str(label))
        if done:
            self.message_user(request, done, messages.SUCCESS)
        return True

    @admin.action(description=_("发布所选记录"), permissions=["publish"])
    def publish_selected(self, request, queryset):
        self._do_to_each(request, queryset, "publish")

    @admin.action(description=_("撤回所选记录"), permissions=["withdraw"])
    def withdraw_selected(self, request, queryset):
        self._do_to_each(request, queryset, "withdraw")

    def _do_to_each(self, request, queryset, verb: str):
        """Each record by itself: one that may not or cannot be changed is named and stops no other."""
        count = 0
        for record in queryset:
            try:
                count += self._do(request, record, verb, done="")
            except PermissionDenied as refusal:
                self.message_user(request, f"“{record}”：{refusal}", messages.WARNING)
        if count:
            words = {"verb": WORDINGS[verb].label, "count": count}
            self.message_user(request, _("%(verb)s了%(count)d条记录。") % words, messages.SUCCESS)
