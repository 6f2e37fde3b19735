"""The admin that every record shares: scoped to the person's hospitals, and saying what happens next."""

from copy import copy
from functools import partial

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.auth import get_permission_codename
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.forms import ModelChoiceField
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from js_asset import Media
from taggit.managers import TaggableManager

from publishing import log
from publishing.admin_editing import EditedAtOnce
from publishing.admin_forms import (
    Autocomplete,
    AutocompleteMany,
    CompactTextarea,
    DateInput,
    PictureInput,
    TagsField,
    TimeInput,
    is_key,
)
from publishing.admin_history import ObjectHistory
from publishing.admin_once import SentOnce
from publishing.admin_unsaved import KeepsTyped
from publishing.capped import OpenPaginator
from publishing.content import changes_between, content_of
from publishing.images import PictureFormField
from publishing.richtext import RichTextField, sanitise
from publishing.search import Searchable, refresh_named


def scoped(rows: models.QuerySet, user) -> models.QuerySet:
    """The rows the person may work with; what belongs to no hospital (kinds, regions) is for everybody."""
    return rows.editable_by(user) if hasattr(rows, "editable_by") else rows


def is_saving(request) -> bool:
    """In the transaction of a form that was sent, not on the way to it."""
    return request.method == "POST" and transaction.get_connection().in_atomic_block


class ScopedChoices:
    """Foreign keys and many-to-many fields offer, and accept, only rows the person may work with."""

    formfield_overrides = {
        models.DateField: {"widget": DateInput},
        models.TimeField: {"widget": TimeInput},
        models.TextField: {"widget": CompactTextarea},
        models.URLField: {"assume_scheme": "https"},
        models.ImageField: {"form_class": PictureFormField, "widget": PictureInput},
        TaggableManager: {"form_class": TagsField},
    }
    #: relations whose choices may be extended from the form itself
    extendable = ()

    def get_field_queryset(self, db, db_field, request):
        model = db_field.remote_field.model
        remote = self.admin_site._registry.get(model)
        if isinstance(remote, ScopedAdmin):
            return remote.get_queryset(request)  # with all that the names of the choices need
        return scoped(model._default_manager.using(db).all(), request.user)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", Autocomplete(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", AutocompleteMany(db_field, self.admin_site))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(field, ModelChoiceField):
            remote = self.admin_site._registry.get(field.queryset.model)
            if isinstance(remote, ScopedAdmin):
                field.label_from_instance = partial(remote.choice_label, request)
            if db_field.name not in self.extendable and hasattr(field.widget, "can_add_related"):
                field.widget.can_add_related = False
            for name in ("can_change_related", "can_delete_related", "can_view_related"):
                setattr(field.widget, name, False)
        return field


class ScopedFilter(admin.RelatedFieldListFilter):
    """Offers only the related rows the person may work with, and nothing at all where there is only one."""

    def field_choices(self, field, request, model_admin):
        remote = model_admin.admin_site.get_model_admin(field.remote_field.model)
        return [(row.pk, remote.choice_label(request, row)) for row in remote.get_queryset(request)]


class TextFilter(admin.AllValuesFieldListFilter):
    """What was typed into a short text; that nothing was is called by a name as well."""

    def choices(self, changelist):
        for choice in super().choices(changelist):
            yield choice | {"display": choice["display"] or self.empty_value_display}


class ScopedAdmin(EditedAtOnce, SentOnce, KeepsTyped, ScopedChoices, ObjectHistory):
    """Lists, forms, autocomplete and actions start from ``editable_by(user)``."""

    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # a count for each choice is a query for each
    list_per_page = 50
    paginator = OpenPaginator
    view_on_site = False  # Django's redirect would tell any member of staff the address of any record
    save_label = _("保存")
    empty_value_display = _("未填")

    def rows(self, request):
        """Every row the person may open."""
        rows = scoped(self.model._default_manager.all(), request.user)
        ordering = self.get_ordering(request)
        return rows.order_by(*ordering) if ordering else rows

    def get_queryset(self, request):
        """The rows that lists, choices and exports start from."""
        return self.rows(request)

    def choice_label(self, request, row) -> str:
        """How a row is named among the choices of another record's form."""
        return str(row)

    def action_checkbox(self, row):
        """With a label around the box, which is as large as a finger where the row is a card."""
        return format_html('<label class="tick">{}</label>', super().action_checkbox(row))

    def get_action_choices(self, request, default_choices=None):
        return super().get_action_choices(request, [("", _("请选择"))])

    def get_search_results(self, request, queryset, search_term):
        """Search as the public search does, where the model has the text for it."""
        if not hasattr(queryset, "search"):
            return super().get_search_results(request, queryset, search_term)
        return queryset.search(search_term), False

    def changelist_view(self, request, extra_context=None):
        """Filters and selections that no list has lead back to the list, as Django does with those it foresaw."""
        if not all(map(is_key, request.POST.getlist(ACTION_CHECKBOX_NAME))):
            return HttpResponseRedirect(request.get_full_path())
        try:
            return super().changelist_view(request, {"title": self.opts.verbose_name_plural} | (extra_context or {}))
        except OverflowError:
            return HttpResponseRedirect(request.path)

    def has_change_permission(self, request, obj=None):
        """Asked about a record, the roles in its own hospital decide, not those the person has elsewhere."""
        codename = get_permission_codename("change", self.opts)
        return request.user.has_perm(f"{self.opts.app_label}.{codename}", obj)

    def has_delete_permission(self, request, obj=None):
        """Records are withdrawn or retired, not deleted: what was once reported stays in the record."""
        return False

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        # The editor's import map is an inline script: under the strict CSP it needs the request's nonce.
        context["media"] = Media.from_media(context["media"], nonce=str(request.csp_nonce))
        context["save_label"] = self.save_label
        may_change = add or self.has_change_permission(request, obj)
        if obj and not may_change:
            self._show_rich_text(obj)
        context["title"] = (_("新建%s") if add else _("修改%s") if may_change else _("查看%s")) % self.opts.verbose_name
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _show_rich_text(self, record) -> None:
        """Where it cannot be edited, a text is shown as it reads, not as its HTML."""
        for field in self.opts.get_fields():
            if isinstance(field, RichTextField):
                setattr(record, field.attname, mark_safe(sanitise(getattr(record, field.attname))))

    def get_object(self, request, object_id, from_field=None):
        rows = self.rows(request)
        if is_saving(request):
            # A whole row is saved: nobody may change it between this look at it and the end of the saving.
            rows = rows.select_for_update(of=("self",), no_key=True)
        try:
            return self.before_saving(request, rows.get(**{from_field or "pk": object_id}))
        except (self.model.DoesNotExist, ValueError, OverflowError, ValidationError):
            return None

    def before_saving(self, request, record):
        """What a record said before this request changes it, for the log and for whoever is told of a conflict."""
        if record is not None and is_saving(request):
            request.row_before, request.content_before = copy(record), content_of(record)
        return record

    def log_addition(self, request, obj, message):
        log.record(
            log.Verb.CREATE,
            by=request.user,
            about=obj,
            changes=changes_between(None, content_of(obj), self.model),
            is_override=request.user.is_superuser,
        )

    def log_change(self, request, obj, message):
        before = getattr(request, "content_before", None)
        changes = changes_between(before, content_of(obj), self.model) if before else []
        log.record(
            log.Verb.CHANGE,
            by=request.user,
            about=obj,
            changes=changes or log.named_changes(message, self.model),
            reason=message if isinstance(message, str) else "",
            is_override=request.user.is_superuser,
        )

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if isinstance(form.instance, Searchable):
            form.instance.refresh_search_text()
        if change:
            refresh_named(form.instance, before=request.row_before)

    def saved_sentence(self, request, record) -> str:
        """What is said after saving: what has happened, and what happens next."""
        return _("已保存：“%s”。") % record

    def address_to_add_another(self, record) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_add")

    def response_add(self, request, obj, post_url_continue=None):
        if IS_POPUP_VAR in request.POST:
            return super().response_add(request, obj, post_url_continue)
        return self._after_saving(request, obj)

    def response_change(self, request, obj):
        if IS_POPUP_VAR in request.POST:
            return super().response_change(request, obj)
        return self._after_saving(request, obj)

    def _after_saving(self, request, record):
        self.message_user(request, self.saved_sentence(request, record), messages.SUCCESS)
        if "_continue" in request.POST:
            address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[record.pk])
        elif "_addanother" in request.POST:
            address = self.address_to_add_another(record)
        else:
            return self.response_post_save_change(request, record)
        filters = {"preserved_filters": self.get_preserved_filters(request), "opts": self.opts}
        return HttpResponseRedirect(add_preserved_filters(filters, address))
