"""In the accounts: the branches that a 填报人 is limited to."""

from django import forms
from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from branches.models import Branch
from hospitals.admin.people import MembershipInline, UserAdmin
from hospitals.forms import MembershipForm, MembershipFormSet
from hospitals.models import Membership, User
from hospitals.roles import Role
from publishing.admin_forms import PostedKeys, is_key

_ALL = _("不限支部")


class BranchTicks(forms.CheckboxSelectMultiple):
    """Behind one line that says what is ticked: twenty branches take no room until they are wanted."""

    def value_from_datadict(self, data, files, name):
        """What cannot be the key of a row is refused as a branch that is not there."""
        return [key if is_key(key) else PostedKeys.NO_ROW for key in super().value_from_datadict(data, files, name)]

    def render(self, name, value, attrs=None, renderer=None):
        ticked = {str(key) for key in value or []}
        names = [str(label) for key, label in self.choices if str(key) in ticked]
        ticks = super().render(name, value, attrs, renderer)
        return format_html('<details class="ticks"><summary>{}</summary>{}</details>', "、".join(names) or _ALL, ticks)


class NotYet(forms.Widget):
    """Where the hospital is still to be chosen, there are no branches to choose from."""

    def render(self, name, value, attrs=None, renderer=None):
        return format_html('<span class="quiet">{}</span>', _("选好医院并保存以后，可以在这里限定支部。"))

    def value_from_datadict(self, data, files, name):
        return []

    def id_for_label(self, id_):
        return ""


class ReporterForm(MembershipForm):
    branches = forms.ModelMultipleChoiceField(
        label=_("只报这些支部"),
        queryset=Branch.objects.none(),
        required=False,
        widget=BranchTicks,
        error_messages={
            "invalid_choice": _("所选支部不属于这家医院，请重新选择。"),
            "invalid_pk_value": _("所选支部不属于这家医院，请重新选择。"),
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field, is_new = self.fields["branches"], self.instance._state.adding
        self.initial["branches"] = [] if is_new else [branch.pk for branch in self.instance.branches.all()]
        if self.hospital:
            field.queryset = Branch.objects.of_hospital(self.hospital).in_order()
        else:
            field.widget = NotYet()

    def clean(self):
        data = super().clean()
        if data.get("branches") and data.get("role") not in {Role.REPORTER, None}:
            self.add_error("branches", _("只有填报人可以限定支部。请把角色改成填报人，或者把支部前的勾都去掉。"))
        return data

    def _save_m2m(self):
        super()._save_m2m()
        self.instance.branches.set(self.cleaned_data["branches"])


class ReporterFormSet(MembershipFormSet):
    def add_fields(self, form, index):
        """The branches of a hospital are asked for once, not once for each role."""
        super().add_fields(form, index)
        known = self.__dict__.setdefault("_branches", {})
        field = form.fields["branches"]
        field.choices = known[form.hospital] = known.get(form.hospital) or list(field.choices)


class ReporterInline(MembershipInline):
    form = ReporterForm
    formset = ReporterFormSet
    fields = ["hospital", "role", "branches"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("branches")


admin.site.unregister(User)


@admin.register(User)
class StaffAdmin(UserAdmin):
    inlines = [ReporterInline]

    class Media:
        css = {"all": ["css/people.css"]}

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("held_here__branches")

    def office(self, held):
        names = "、".join(branch.label for branch in held.branches.all())
        return f"{super().office(held)}（{names}）" if names else super().office(held)

    def said_of(self, request, user):
        held = Membership.objects.editable_by(request.user).filter(user=user)
        limits = Branch.objects.filter(reporters__in=held.order_by()).in_order()
        return super().said_of(request, user) | {
            "limits": [{"id": branch.pk, "name": str(branch)} for branch in limits]
        }

    def changes(self, before, after):
        old, new = (before or {}).get("limits", []), after["limits"]
        limits = {"name": "branches", "label": str(_("只报这些支部")), "before": old, "after": new}
        return super().changes(before, after) + ([limits] if old != new else [])
