"""The log in the admin: a list to narrow down and hand out, and a page for each row. Nothing here adds or changes one."""

from datetime import date, datetime, time, timedelta

from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from publishing import log, logged
from publishing.admin_forms import DateInput, is_key
from publishing.capped import CappedPaginator
from publishing.downloads import EXTENSIONS, spreadsheet_response
from publishing.models import LogEntry

PER_PAGE = 50


class PersonField(forms.ModelChoiceField):
    def to_python(self, value):
        return super().to_python(value if not value or is_key(value) else "-1")  # no database can look it up


class DayField(forms.DateField):
    widget = DateInput
    default_validators = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2199, 12, 31))]
    default_error_messages = {"invalid": _("日期要写成2024-05-01这样。")}


class LogFilter(forms.Form):
    """What the list is narrowed down to. A field that cannot be read says so and narrows nothing."""

    q = forms.CharField(label=_("对象或说明"), required=False, max_length=100)
    verb = forms.ChoiceField(label=_("动作"), required=False, choices=[("", _("全部")), *log.Verb.choices])
    person = PersonField(None, label=_("人员"), required=False, empty_label=_("全部"))
    kind = forms.ChoiceField(label=_("类型"), required=False)
    since = DayField(label=_("从"), required=False)
    until = DayField(label=_("到"), required=False)
    only_overrides = forms.BooleanField(label=_("只看平台管理员代行的"), required=False)

    def __init__(self, data, *, people, kinds: list[tuple[str, str]]):
        super().__init__(data, label_suffix="")
        self.fields["person"].queryset = people
        self.fields["kind"].choices = [("", _("全部")), *kinds]
        self.full_clean()

    @property
    def told(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if value}

    def narrow(self, rows):
        conditions = {
            "q": lambda text: Q(about__icontains=text) | Q(reason__icontains=text),
            "verb": lambda verb: Q(verb=verb),
            "person": lambda person: Q(user=person),
            "kind": lambda kind: Q(about_type=ContentType.objects.get_by_natural_key(*kind.split("."))),
            "since": lambda day: Q(at__gte=_midnight(day)),
            "until": lambda day: Q(at__lt=_midnight(day + timedelta(days=1))),
            "only_overrides": lambda _yes: Q(is_override=True),
        }
        for name, value in self.told.items():
            rows = rows.filter(conditions[name](value))
        return rows

    @property
    def in_words(self) -> str:
        """The filter as a sheet and the log say it."""
        return "；".join(self._words(name, value) for name, value in self.told.items()) or str(_("全部"))

    def _words(self, name: str, value) -> str:
        field = self.fields[name]
        if value is True:
            return str(field.label)
        is_choice = isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField)
        return f"{field.label}：{dict(field.choices)[value] if is_choice else value}"


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


class LogAdmin(admin.ModelAdmin):
    """Whoever registers it says who sees which rows: ``get_queryset``, ``people``, ``has_view_permission``."""

    list_select_related = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def people(self, request):
        """Those the list can be narrowed down to."""
        return get_user_model()._default_manager.all()

    def shows_institution(self, request) -> bool:
        return True

    def kinds(self, request) -> list[tuple[str, str]]:
        """The models of the admin this person sees, by their labels."""
        shown = [model for model, own in self.admin_site._registry.items() if own.has_module_permission(request)]
        return sorted(
            ((model._meta.label_lower, str(model._meta.verbose_name)) for model in shown), key=lambda it: it[1]
        )

    def get_urls(self):
        """The list, the file, the row: there is nothing to add, change or delete."""
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.changelist_view), name=f"{name}_changelist"),
            path("export.<str:extension>", wrap(self.export_view), name=f"{name}_export"),
            path("<path:object_id>/change/", wrap(self.change_view), name=f"{name}_change"),
        ]

    def _narrowed(self, request) -> tuple:
        if not self.has_view_permission(request):
            raise PermissionDenied(_("操作日志由医院管理员查看。如果工作需要，请联系医院管理员。"))
        chosen = LogFilter(request.GET, people=self.people(request), kinds=self.kinds(request))
        return chosen, chosen.narrow(self.get_queryset(request))

    def changelist_view(self, request, extra_context=None):
        chosen, rows = self._narrowed(request)
        paginator = CappedPaginator(rows, PER_PAGE)
        page = paginator.get_page(request.GET.get("p"))
        others = request.GET.copy()
        others.pop("p", None)
        context = self.admin_site.each_context(request) | {
            "title": self.opts.verbose_name, "opts": self.opts, "form": chosen, "page": page, "query": others.urlencode(),
            "numbers": paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1),
            "shows_institution": self.shows_institution(request),
            "entries": [(entry, logged.kind_of(entry)) for entry in page],
        }  # fmt: skip
        return TemplateResponse(request, "admin/publishing/log_list.html", context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        _chosen, rows = self._narrowed(request)
        entry = rows.filter(pk=object_id).first() if is_key(object_id) else None
        if entry is None:
            raise Http404
        context = self.admin_site.each_context(request) | {
            "title": self.opts.verbose_name, "opts": self.opts, "entry": entry, "kind": logged.kind_of(entry),
            "changes": logged.changed_values(entry), "address_of_object": self._address(request, entry),
        }  # fmt: skip
        return TemplateResponse(request, "admin/publishing/log_entry.html", context)

    def _address(self, request, entry: LogEntry) -> str | None:
        """Where the object is, if it is still there and this person may see it."""
        model = ContentType.objects.get_for_id(entry.about_type_id).model_class() if entry.about_id else None
        own = self.admin_site._registry.get(model)
        if own is None or not own.has_view_permission(request) or own.get_object(request, entry.about_id) is None:
            return None
        return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[entry.about_id])

    def export_view(self, request, extension):
        if extension not in EXTENSIONS:
            raise Http404
        chosen, rows = self._narrowed(request)
        if chosen.errors:  # the list says what is wrong with them
            return HttpResponseRedirect(f"{reverse('admin:publishing_logentry_changelist')}?{request.GET.urlencode()}")
        reason = f"{extension.upper()}，{_('条件')}：{chosen.in_words}"
        log.record(log.Verb.EXPORT, by=request.user, about=LogEntry, reason=reason)
        around = logged.sheet(conditions=chosen.in_words, exported_by=str(request.user))
        name = f"{self.opts.verbose_name}{timezone.localdate():%Y%m%d}"
        return spreadsheet_response(around, logged.rows(rows), extension, name)
