"""Autosave of a form: what is typed goes to a private working state every few seconds and is offered on coming back.

Saving stays the person's own act: nothing of this changes a record, makes a version or is in the log.
"""

import json
from copy import copy
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from publishing.admin_form_doors import FormDoors
from publishing.admin_forms import is_key
from publishing.models import Unfinished
from publishing.models.unfinished import NEW
from publishing.unfinished import LIMIT, Sent, Unreadable, as_sent, holder_of

#: Which windows' text a saved form has made obsolete, for the copies that the browser keeps (static/js/local-copies.js).
SAVED_COOKIE = "saved_forms"
_COOKIE_FOR = 600  # seconds
_MOST_HOLDERS = 5


@dataclass(frozen=True)
class AutosavedForm:
    """What the page of a form is told. ``kept``: the state that there is, by whichever window."""

    url: str
    form: str  # names the form in the browser's copies
    account: int
    holder: UUID
    holders: list[UUID]  # as they were sent; some only where the form is shown again
    may_change: bool
    kept: Unfinished | None
    is_older: bool  # the record has changed since
    is_own_change: bool
    most: int = LIMIT - 1024  # bytes of what was typed; the rest of a request is less than that

    @property
    def is_offered(self) -> bool:
        return self.kept is not None and self.kept.holder not in self.holders

    @property
    def seen(self) -> str:
        return self.kept.mark if self.kept and not self.is_offered else ""

    @property
    def offer_json(self) -> str:
        """For the script that fills it into the form."""
        if not self.is_offered or not self.may_change:
            return ""
        kept = self.kept
        page = {
            "mark": kept.mark, "holder": str(kept.holder), "version": kept.version, "at": kept.saved_at.isoformat(),
        }  # fmt: skip
        return json.dumps(kept.content | page, ensure_ascii=False)


class KeepsUnfinished(FormDoors):
    """Of an admin that keeps what was typed (``publishing.admin_unsaved``), before whatever saves."""

    def get_urls(self):
        return [*self.door_paths("unfinished", self.unfinished_view), *super().get_urls()]

    def unfinished_of(self, request, record) -> Unfinished | None:
        return Unfinished.objects.own(request.user, self.model, record.pk if record else NEW).first()

    # -- In the form

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if not context.get("is_popup"):
            context["autosaved"] = self._autosaved(request, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _autosaved(self, request, record) -> AutosavedForm:
        holders = _holders(request)
        kept = self.unfinished_of(request, record)
        return AutosavedForm(
            url=self.door_of("unfinished", record and record.pk),
            form=f"{self.opts.label_lower}.{record.pk if record else 'new'}",
            account=request.user.pk,
            holder=holders[0] if holders else uuid4(),
            holders=holders,
            may_change=self.may_fill_in(request, record),
            kept=kept,
            is_older=bool(record and kept and kept.version != record.version),
            is_own_change=bool(record) and record.updated_by_id == request.user.pk,
        )

    def _after_saving(self, request, record):
        return self._forget(request, super()._after_saving(request, record))

    def _already_saved(self, request, sent, *, is_same):
        response = super()._already_saved(request, sent, is_same=is_same)
        return self._forget(request, response) if is_same else response

    def _forget(self, request, response):
        """What was saved is unfinished no more, neither here nor in the browser."""
        if holders := _holders(request):
            Unfinished.objects.held_by(request.user, holders).delete()
            transaction.on_commit(Unfinished.objects.forget_old)
            response.set_cookie(
                SAVED_COOKIE, ".".join(map(str, holders)), max_age=_COOKIE_FOR, path=reverse("admin:index"),
                secure=request.is_secure(), samesite="Lax",
            )  # fmt: skip
        return response

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        """A working copy that was merged meanwhile: what was typed into it is still there to be copied."""
        is_kept = is_key(object_id) and Unfinished.objects.own(request.user, self.model, int(object_id)).exists()
        if request.method == "GET" and is_kept:
            return HttpResponseRedirect(self.door_of("unfinished", int(object_id)))
        return super()._get_obj_does_not_exist_redirect(request, opts, object_id)

    # -- The door

    def unfinished_view(self, request, object_id=NEW):
        if not is_key(str(object_id)):
            raise Http404
        if request.method == "POST" and request.content_type == "application/json":
            return self._receive(request, object_id)
        kept = Unfinished.objects.own(request.user, self.model, object_id).first()
        if kept is None:
            raise Http404
        record = self.row_behind(request, object_id)
        if request.method == "POST":
            return self._given_up(request, record, kept)
        return self._page(request, record, kept) if request.method in {"GET", "HEAD"} else _not_allowed()

    def _receive(self, request, object_id) -> HttpResponse:
        if _length(request) > LIMIT:
            return JsonResponse({}, status=413)
        try:
            sent = Sent.read(request.body)
        except Unreadable:
            return JsonResponse({}, status=400)
        if sent.account != str(request.user.pk):
            return JsonResponse({"reason": "account"}, status=409)
        record = self.row_behind(request, object_id)
        if object_id and record is None:
            raise Http404
        return self._discard(request, record, sent) if sent.discard else self._keep(request, record, sent)

    def _keep(self, request, record, sent: Sent) -> HttpResponse:
        is_open = self.may_fill_in(request, record)
        if not is_open and not (record and self.may_write(request, record)):
            raise PermissionDenied
        is_kept = Unfinished(
            user=request.user,
            content_type=ContentType.objects.get_for_model(self.model),
            object_id=record.pk if record else NEW,
            holder=sent.holder,
            version=sent.version,
            content=sent.content,
        ).keep(sent.seen)
        if not is_kept:
            other = self.unfinished_of(request, record)
            return JsonResponse({"reason": "elsewhere", "mark": other.mark if other else ""}, status=409)
        if not is_open:  # kept all the same: it is nobody's but theirs
            return JsonResponse({"reason": "closed", "said": str(self.situation(request, record))}, status=409)
        return HttpResponse(status=204)

    def _discard(self, request, record, sent: Sent) -> HttpResponse:
        kept = self.unfinished_of(request, record)
        if kept and kept.mark != sent.discard:
            return JsonResponse({"reason": "elsewhere", "mark": kept.mark}, status=409)
        if kept:
            kept.delete()
        return HttpResponse(status=204)

    # -- The page, for whoever has no script or cannot change the record now

    def _page(self, request, record, kept: Unfinished):
        asked = copy(request)
        asked.method, asked.POST, asked._files = "POST", as_sent(kept.content), MultiValueDict()
        context = self.admin_site.each_context(request) | {
            "title": _("还没有保存的内容"),
            "record": record,
            "opts": self.opts,
            "kept": kept,
            "typed": self._typed(asked, record),
            "form_url": self._form_url(record, kept),
            "is_open": record is None or self.has_change_permission(request, record),
        }
        return TemplateResponse(request, "admin/publishing/unfinished.html", context)

    def _form_url(self, record, kept: Unfinished) -> str:
        """Where it was typed; the list, where that is gone."""
        if record:
            return reverse(f"admin:{self._name('change')}", args=[record.pk])
        if kept.object_id:
            return reverse(f"admin:{self._name('changelist')}")
        query = kept.content["query"].lstrip("?")
        return reverse(f"admin:{self._name('add')}") + (f"?{query}" if query else "")

    def _given_up(self, request, record, kept: Unfinished):
        if request.POST.get("discard") != kept.mark:
            self.message_user(request, _("没有丢弃：这份内容刚才又有变动，请看过再决定。"), messages.WARNING)
            return HttpResponseRedirect(request.path)
        address = self._form_url(record, kept)
        kept.delete()
        self.message_user(request, _("已丢弃没有保存的内容。"), messages.SUCCESS)
        return HttpResponseRedirect(address)


def _holders(request) -> list[UUID]:
    """The windows whose text a form that was sent holds: its own, and the one it was restored from."""
    found = []
    for text in request.POST.getlist("_unfinished")[:_MOST_HOLDERS]:
        try:
            found.append(holder_of(text))
        except Unreadable:
            continue
    return found


def _length(request) -> int:
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if is_key(text) else LIMIT + 1


def _not_allowed() -> HttpResponse:
    return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
