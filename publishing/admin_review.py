"""The pages on which a text is judged: its review, what the public could read when, and what differs."""

import re
from datetime import datetime

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from publishing.checks import Finding, Severity
from publishing.comparison import Comparison, compare
from publishing.content import content_of
from publishing.models import WRITING, Publishable, ReviewEntry, Step, Version
from publishing.shown import show
from publishing.workflow import StaleStatus
from publishing.worklists import Task

#: What is decided on the review page, in the order of its buttons.
DECISIONS = (Step.APPROVE, Step.RETURN, Step.OVERRIDE)
_QUOTED = re.compile("“([^“”]+)”")


class ReviewPages:
    """Part of ``PublishableAdmin``. Every page starts from ``get_object``, so from the rows the person may open."""

    def get_urls(self):
        pages = [
            ("review/", self.review_view, "review"),
            ("compare/", self.compare_view, "compare"),
            ("versions/", self.versions_view, "versions"),
            ("versions/<int:number>/", self.version_view, "version"),
            ("versions/<int:number>/restore/", self.restore_view, "restore"),
            ("versions/<int:before>/compare/<int:after>/", self.compare_versions_view, "compare_versions"),
        ]
        own = [
            path(f"<int:object_id>/{address}", self.admin_site.admin_view(view), name=self._name(page))
            for address, view, page in pages
        ]
        return [*own, *super().get_urls()]

    def _name(self, page: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"

    def page_of(self, record, page: str, *args) -> str:
        return reverse(f"admin:{self._name(page)}", args=[record.pk, *args])

    def ways_on(self, request, record) -> dict:
        """What the record's form needs to lead to these pages."""
        steps = self.steps_for(request, record)
        return {
            "steps": [(step, words) for step, words in steps if step not in DECISIONS],
            "review": {
                "url": self.page_of(record, "review"),
                "is_awaited": any(step in DECISIONS for step, _words in steps),
            },
            "open_copy": self._address_of_copy(request, record),
            "versions": self.page_of(record, "versions") if record.versions.exists() else "",
            "compare": self.page_of(record, "compare") if record.is_working_copy else "",
            "returned": _last_return(record),
        }

    # ── review ────────────────────────────────────────────────

    def review_view(self, request, object_id):
        return self.review_page(request, self._record(request, object_id))

    def is_from_review_page(self, request) -> bool:
        return request.POST.get("page") == "review"

    def address_after_review(self, record, step: str) -> str:
        """To what waits next; after an override to the page itself, where somebody else goes on."""
        return self.page_of(record, "review") if step == Step.OVERRIDE else reverse("admin:index")

    def review_page(self, request, record, filled_in: dict | None = None):
        """``filled_in``: the forms, by their step, that could not be carried out as they were sent."""
        filled_in = filled_in or {}
        steps = dict(self.steps_for(request, record))
        decisions = [
            {"step": step, "words": steps[step], "form": filled_in.get(step) or self.step_form(record, step)}
            for step in DECISIONS
            if step in steps
        ]
        unsent = [form.data.get("reason", "") for step, form in filled_in.items() if step not in steps]
        trail = list(record.trail)
        context = self._context(request, record, _review_title(record)) | {
            "situation": self.situation(request, record),
            "place": record.institution,
            "task": Task(record, "", "", record.status_since),
            "writers": _writers(record, trail),
            "findings": noticed_in(record),
            "preview": self.preview_of(record),
            "is_public": record.is_public,
            "compared": self._against_public(record),
            "editions": _by_edition(trail),
            "decisions": decisions,
            "unsent": " ".join(filter(None, unsent)),
            "may_submit": Step.SUBMIT in steps,
        }
        return self._framing(request, context)

    @staticmethod
    @csp_update({"frame-src": [SELF]})  # the preview
    def _framing(request, context):
        return TemplateResponse(request, "admin/publishing/review.html", context)

    # ── versions ──────────────────────────────────────────────

    def versions_view(self, request, object_id):
        record = self._record(request, object_id)
        if record.is_working_copy:
            return HttpResponseRedirect(self.page_of(record.working_copy_of, "versions"))
        versions = list(record.versions.defer("content").order_by("-number"))
        context = self._context(request, record, _("历次版本")) | {
            "rows": [
                {"version": version, "approvals": _approvals(version), "before": before}
                for version, before in zip(versions, [*versions[1:], None], strict=False)  # the oldest has none
            ],
            "open_copy": self._address_of_copy(request, record),
            "compare": self.page_of(record, "compare"),
        }
        return TemplateResponse(request, "admin/publishing/versions.html", context)

    def version_view(self, request, object_id, number):
        record = self._record(request, object_id)
        if record.is_working_copy:
            return HttpResponseRedirect(self.page_of(record.working_copy_of, "version", number))
        version = get_object_or_404(record.versions, number=number)
        context = self._context(request, record, str(version)) | {
            "version": version,
            "approvals": _approvals(version),
            "shown": show(self.model, version.content),
            "open_copy": self._address_of_copy(request, record),
            "may_restore": self._may(request, record, Step.RESTORE),
        }
        return TemplateResponse(request, "admin/publishing/version.html", context)

    def restore_view(self, request, object_id, number):
        record = self._record(request, object_id)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        version = get_object_or_404(record.versions, number=number)
        try:
            copy = record.restore(version, by=request.user)
        except StaleStatus as stale:
            self.message_user(request, self.with_way_to_copy(request, record, stale), messages.WARNING)
            return HttpResponseRedirect(self.page_of(record, "version", number))
        done = _("已用%s的内容开了一份修订稿，公开的内容没有变。改好后送审。") % version
        self.message_user(request, done, messages.SUCCESS)
        return HttpResponseRedirect(self.address_of(copy))

    # ── comparison ────────────────────────────────────────────

    def compare_view(self, request, object_id):
        """What a working copy changes."""
        record = self._record(request, object_id)
        copy = record if record.is_working_copy else self._open_copy(request, record)
        if copy is None:
            raise Http404
        context = self._context(request, copy, _("修订对照")) | {"compared": self._against_public(copy)}
        return TemplateResponse(request, "admin/publishing/compare.html", context)

    def compare_versions_view(self, request, object_id, before, after):
        record = self._record(request, object_id)
        if record.is_working_copy:
            return HttpResponseRedirect(self.page_of(record.working_copy_of, "compare_versions", before, after))
        old, new = (get_object_or_404(record.versions, number=number) for number in (before, after))
        context = self._context(request, record, _("%(old)s与%(new)s对照") % {"old": old, "new": new}) | {
            "compared": _compared(self.model, old.content, str(old), new.content, str(new)),
            "in_versions": True,
        }
        return TemplateResponse(request, "admin/publishing/compare.html", context)

    def _against_public(self, record) -> dict | None:
        """A working copy beside what it would replace; None for what was not opened from anything."""
        if not record.is_working_copy:
            return None
        live = record.working_copy_of
        label = _("现在公开的") if live.is_public else _("原来公开的") if live.was_public else _("原来的草稿")
        return _compared(self.model, content_of(live), label, content_of(record), _("修订后的"))

    # ── parts ─────────────────────────────────────────────────

    def _record(self, request, object_id: int) -> Publishable:
        record = self.get_object(request, str(object_id))
        if record is None:
            raise Http404
        if not self.has_view_permission(request, record):
            raise PermissionDenied
        return record

    def _context(self, request, record, title) -> dict:
        return self.admin_site.each_context(request) | {
            "title": title,
            "record": record,
            "opts": self.opts,
            "back": self.address_of(record),
        }

    def _open_copy(self, request, record) -> Publishable | None:
        """The working copy, where one is open and the person may open it."""
        return None if record.is_working_copy else self.rows(request).filter(working_copy_of=record.pk).first()

    def _address_of_copy(self, request, record) -> str:
        copy = self._open_copy(request, record)
        return self.address_of(copy) if copy else ""

    def with_way_to_copy(self, request, record, why) -> str:
        """Why nothing was done, and where a working copy is open already, the way to it."""
        address = self._address_of_copy(request, record)
        return format_html('{} <a href="{}">{}</a>', why, address, _("打开修订稿")) if address else str(why)


def _review_title(record: Publishable) -> str:
    if record.is_under_review:
        return _("审核")
    return _("送审前检查") if record.status == record.Status.DRAFT else _("审核经过")


def _compared(model, before: dict, before_label, after: dict, after_label) -> dict[str, Comparison | str]:
    comparison = compare(model, before, after)
    return {"comparison": comparison, "before_label": before_label, "after_label": after_label}


def noticed_in(record: Publishable) -> list[tuple[Severity, list[dict]]]:
    """What the checks find, the gravest first, for ``admin/publishing/findings.html``."""
    findings = record.findings()
    return [(severity, own) for severity in Severity if (own := _noticed(findings, severity))]


def _noticed(findings: list[Finding], severity: str) -> list[dict]:
    return [{"finding": finding, "excerpt": _marked(finding)} for finding in findings if finding.severity == severity]


def _marked(finding: Finding) -> tuple[str, str, str]:
    """The excerpt in three: what is before the words that the message quotes, these words, what is after them."""
    found = next((words for words in _QUOTED.findall(finding.message) if words in finding.excerpt), "")
    return finding.excerpt.partition(found) if found else (finding.excerpt, "", "")


def _writers(record: Publishable, trail: list[ReviewEntry]) -> list[str]:
    """Who wrote on this edition, in the order in which they began."""
    names = [entry.user_name for entry in trail if entry.edition == record.edition and entry.step in WRITING]
    return list(dict.fromkeys(names or ([str(record.created_by)] if record.created_by else [])))


def _by_edition(trail: list[ReviewEntry]) -> list[tuple[int, list[ReviewEntry]]]:
    """The trail, the edition being prepared or live first."""
    editions: dict[int, list[ReviewEntry]] = {}
    for entry in trail:
        editions.setdefault(entry.edition, []).append(entry)
    return sorted(editions.items(), reverse=True)


def _last_return(record: Publishable) -> ReviewEntry | None:
    """Why a draft came back, until it is handed in again."""
    last = record.trail.filter(edition=record.edition).exclude(step=Step.WRITE).last()
    return last if last and last.step == Step.RETURN else None


def _approvals(version: Version) -> list[dict]:
    return [approval | {"at": datetime.fromisoformat(approval["at"])} for approval in version.approvals]
