"""What a browser would send back for a page of the admin, and how many queries a page takes."""

from django import forms
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from branches.ledger_columns import ColumnsWidget


def page_of(record, page, *args) -> str:
    """The address of a page of a record: ``change``, ``review``, ``step`` with its name …"""
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_{page}", args=[record.pk, *args])


def posted(response, **changes) -> dict:
    """The data of the forms on a change page as they stand, with ``changes`` typed over them."""
    data = {}
    for form in _forms(response):
        for field in form:
            if isinstance(field.field.widget, ColumnsWidget):
                data |= _sent_columns(field)
            elif (value := _sent(field)) is not None:
                data[field.html_name] = value
    return data | changes


def _sent_columns(field) -> dict:
    """Of the table in which a ledger's columns are chosen: each that is ticked, with its place and its header."""
    sent = {}
    for key, typed in field.value().items():
        parts = {"chosen": "on", "order": typed["order"], "header": typed["header"]} if typed["is_chosen"] else {}
        sent |= {f"{field.html_name}-{key}-{part}": value for part, value in parts.items()}
    return sent


def _forms(response):
    yield response.context["adminform"].form
    for inline in response.context["inline_admin_formsets"]:
        yield inline.formset.management_form
        yield from inline.formset.forms


def _sent(field):
    widget = getattr(field.field.widget, "widget", field.field.widget)
    value = field.value()
    if isinstance(widget, forms.FileInput) or value is None:
        return None
    if "disabled" in field.build_widget_attrs({}):
        return None
    if isinstance(widget, forms.CheckboxInput):
        return "on" if value else None
    if getattr(widget, "allow_multiple_selected", False):
        return [str(pk) for pk in value]
    shown = widget.format_value(value)
    return shown[0] if isinstance(shown, list) else shown


def errors(response) -> dict:
    """The messages on a refused page, by the names of the fields."""
    found = {}
    for form in _forms(response):
        for name, messages in form.errors.items():
            found[form.add_prefix(name)] = " ".join(messages)
    for inline in response.context["inline_admin_formsets"]:
        if inline.formset.non_form_errors():
            found[inline.formset.prefix] = " ".join(inline.formset.non_form_errors())
    return found


def said(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def count_queries(client, url: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)
