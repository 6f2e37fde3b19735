"""What a 填报人 who is limited to some branches may choose in the form of a record."""

from django import forms
from django.db.models import QuerySet
from django.forms import ModelChoiceField, ModelMultipleChoiceField
from django.utils.translation import gettext_lazy as _

from branches.models import Branch
from branches.models.scope import BranchRecord, why_not_for
from hospitals.admin import HospitalRecordAdmin
from hospitals.forms import OneHospitalForm
from hospitals.models import User


class KeepsNamed(forms.ModelForm):
    """What a record names stays among the choices, though it be a draft of another branch: saving must not lose it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            names_records = isinstance(field, ModelChoiceField) and issubclass(field.queryset.model, BranchRecord)
            if names_records and (keys := self._named(name, field)):
                field.queryset |= field.queryset.model.objects.filter(pk__in=keys)

    def _named(self, name: str, field: ModelChoiceField) -> list[int]:
        if isinstance(field, ModelMultipleChoiceField):
            return list(getattr(self.instance, name).values_list("pk", flat=True)) if self.instance.pk else []
        key = getattr(self.instance, f"{name}_id")
        return [key] if key else []


class BranchRecordForm(KeepsNamed, OneHospitalForm):
    """It is for a branch that whoever fills it in reports for; for the whole hospital, if they report for that."""

    branch_field = "branch"
    user: User  # whoever fills it in

    def clean(self):
        data = super().clean()
        hospital, name = data.get("hospital"), self.branch_field
        if hospital and name in self.fields and name not in self.errors:
            refusal = why_not_for(self.user, hospital, _branches(data.get(name)))
            if refusal:
                self.add_error(name, refusal)
        return data


def _branches(value: QuerySet[Branch] | Branch | None) -> list[Branch]:
    if isinstance(value, Branch):
        return [value]
    return list(value or [])


class NamesRecords:
    """Of whatever has a form: other branches' records may be named in it once they are published."""

    def get_field_queryset(self, db, db_field, request):
        remote = self.admin_site._registry.get(db_field.remote_field.model)
        if isinstance(remote, BranchRecordAdmin):
            return remote.nameable(request)
        rows = super().get_field_queryset(db, db_field, request)
        return rows.reportable_by(request.user) if _is_own_branch(db_field.model, db_field.name) else rows


class BranchRecordAdmin(NamesRecords, HospitalRecordAdmin):
    form = BranchRecordForm

    def get_queryset(self, request):
        return self.nameable(request) if is_lookup(request) else super().get_queryset(request)

    def nameable(self, request):
        """Rows that other records may point to."""
        rows = self.model._default_manager.nameable_by(request.user).originals()
        return rows.select_related(*self.list_select_related)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.user = request.user
        field = form.base_fields.get("branch")
        if field:
            field.error_messages["invalid_choice"] = _("这个支部不在您填报的范围里，请从名单中选择。")
            if obj is None and "hospital" in form.base_fields:
                field.initial = self._only_branch(request, form.base_fields["hospital"].queryset, field.queryset)
        return form

    def _only_branch(self, request, hospitals, branches) -> int | None:
        """The one that whoever is limited to it need not choose."""
        hospitals, branches = list(hospitals[:2]), list(branches[:2])
        is_only = len(hospitals) == len(branches) == 1 and why_not_for(request.user, hospitals[0], [])
        return branches[0].pk if is_only else None


def _is_own_branch(model, name: str) -> bool:
    """The branch whose record it is; not those that took part in it or are written about."""
    return name == "branch" and issubclass(model, BranchRecord)


def is_lookup(request) -> bool:
    """Somebody types into a field of a form, to find what it shall name."""
    return request.resolver_match is not None and request.resolver_match.url_name == "autocomplete"


def is_lookup_of_own_branch(request) -> bool:
    return is_lookup(request) and request.GET.get("field_name") == "branch"
