"""The public page is its own preview: staff of the record's hospital see it at its URL before anybody else can."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404, render
from django.utils.cache import add_never_cache_headers


def public_or_preview(request, rows: QuerySet, **lookup):
    """The public record, or for staff who may work with it the unpublished one, marked ``is_preview``.

    The person is asked for only when the record is not public, so a visitor's page never depends on who asks.
    """
    record = rows.public().filter(**lookup).first()
    is_preview = record is None
    if is_preview:
        record = get_object_or_404(rows.editable_by(request.user), **lookup)
    record.is_preview = is_preview
    return record


def render_record(request, template: str, context: dict, record):
    """The record's page; a preview is kept by no cache, neither the browser's nor one on the way."""
    response = render(request, template, context)
    if record.is_preview:
        add_never_cache_headers(response)
    return response
