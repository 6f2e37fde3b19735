"""The public page is its own preview: staff of the record's hospital see it at its URL before anybody else can."""

from csp.constants import SELF
from csp.decorators import csp_replace
from django.db.models import Manager, QuerySet
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin

from publishing.kept import NothingKept, find
from publishing.models import Version


def public_or_preview(request, rows: Manager, **lookup):
    """The public record, or for staff who may work with it the unpublished one, marked ``is_preview``.

    With ``?draft=1`` the working copy of the record at this address. The person is asked for only when the record is
    not public or its copy is wanted, so a visitor's page never depends on who asks.
    """
    if request.GET.get("draft") == "1":
        of_record = {f"working_copy_of__{name}": value for name, value in lookup.items()}
        return preview_or_404(request, rows.with_details().select_related("working_copy_of"), **of_record)
    record = find(request.stamp, rows.public, rows.with_details, **lookup)
    return preview_or_404(request, rows.with_details().originals(), **lookup) if record is None else record


def preview_or_404(request, rows: QuerySet, **lookup):
    """A record as staff who may work with it are to read it, whether it is public or not.

    Nothing on such a page comes from what is kept for visitors, and nothing is kept of it.
    """
    request.stamp = NothingKept()
    record = get_object_or_404(rows.editable_by(request.user), **lookup)
    record.is_preview = True
    if record.is_working_copy:  # it will be public under its record's date
        record.published_at = record.working_copy_of.published_at
    return record


def live_version(record) -> Version | None:
    """The kept version that the page shows, with those who approved it; None while it is being prepared."""
    return record.versions.filter(number=record.edition).only("number", "public_from", "approvals").first()


def render_record(request, template: str, context: dict, record):
    """The record's page, as a preview where it is one."""
    return (_render_preview if record.is_preview else render)(request, template, context)


@never_cache  # neither the browser's cache nor one on the way
@xframe_options_sameorigin  # the review page shows it in a frame
@csp_replace({"frame-ancestors": [SELF]})
def _render_preview(request, template: str, context: dict):
    return render(request, template, context)
