"""The forms of the admin: an activity and the figures its kind asks for, branches, announced numbers."""

from itertools import chain, count

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from branches.checks import SUMMARY_HAS_NONE, attendance_refusal
from branches.models import Activity, ActivityKind, Branch, Figure, KindMeasure, Measure, PeriodFigure
from branches.models.kind import WHOLE_UNITS
from branches.periods import Precision
from hospitals.forms import OneHospitalForm
from publishing.admin_forms import StatedQuantityForm
from publishing.admin_inlines import SharedChoicesFormSet

BLANK_ROWS = 2


class BranchForm(OneHospitalForm):
    """The address is made from the number where none is given."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def clean(self):
        data = super().clean()
        if data.get("hospital") and "slug" in self.fields and not data.get("slug") and "slug" not in self.errors:
            data["slug"] = self._free_slug(data["hospital"], data.get("number"))
        return data

    def _free_slug(self, hospital, number: int | None) -> str:
        wanted = f"branch-{number}" if number else "branch"
        taken = set(Branch.objects.of_hospital(hospital).exclude(pk=self.instance.pk).values_list("slug", flat=True))
        return next(slug for slug in chain([wanted], (f"{wanted}-{more}" for more in count(2))) if slug not in taken)


class ChosenKind(forms.HiddenInput):
    """The kind chosen on the page before, as text."""

    is_hidden = False

    def __init__(self, kind: ActivityKind):
        self.kind = kind
        super().__init__()

    def render(self, name, value, attrs=None, renderer=None):
        return format_html(
            '{}<span class="shown-value">{} · {}</span> <a href="{}">{}</a>',
            super().render(name, self.kind.pk, attrs, renderer),
            self.kind.get_group_display(),
            self.kind.name,
            reverse("admin:branches_activity_add"),
            _("换一个类别"),
        )


class DatedForm(forms.ModelForm):
    """A draft is kept without its date as well: it is asked for when the draft is handed in."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.is_date_awaited:
            self.initial["precision"] = self.instance.date_awaited

    def clean(self):
        data = super().clean()
        is_awaited = not any(data.get(name) or name in self.errors for name in ("start", "end"))
        precision = data.get("precision")
        if precision is not None and "precision" in self.fields:
            waits = is_awaited and precision != Precision.UNKNOWN
            self.instance.date_awaited = precision if waits else ""
            data["precision"] = Precision.UNKNOWN if waits else precision
        return data


class ActivityForm(DatedForm, OneHospitalForm):
    def clean(self):
        data = super().clean()
        brand, branch = data.get("brand"), data.get("branch")
        if brand and not data.get("all_branches"):
            refusal = brand.why_not_of([branch, *data.get("joint_branches", [])])
            if refusal:
                self.add_error("brand", refusal)
        return data


class FigureForm(StatedQuantityForm):
    """One number of an activity: of a measure, which is then fixed, or under a name of its own."""

    class Meta:
        model = Figure
        fields = ["measure", "label", "unit", "is_internal"]

    def __init__(self, *args, measures: dict[str, Measure], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["quantity"].required = False
        self.fields["measure"] = forms.TypedChoiceField(
            choices=[(pk, pk) for pk in measures],
            coerce=measures.get,
            empty_value=None,
            required=False,
            disabled=not self.instance._state.adding,
            widget=forms.HiddenInput,
            error_messages={"invalid_choice": _("这一类活动没有这项数据，请刷新页面后再填。")},
        )
        self.measured = measures.get(str(self["measure"].value() or ""))
        if self.measured:
            unit = self.instance.unit or self.measured.unit
            self.count_in(unit, whole=unit in WHOLE_UNITS)
            del self.fields["label"], self.fields["unit"]

    @property
    def row_name(self) -> str:
        return self.instance.label or (self.measured.name if self.measured else "")

    @property
    def row_unit(self) -> str:
        return self.fields["quantity"].unit

    def has_changed(self):
        """A row that is not yet there counts once something is typed: its measure alone is no figure."""
        if not self.instance._state.adding:
            return super().has_changed()
        return any((self[name].data or "").strip() for name in ("quantity", "label", "unit") if name in self.fields)

    def clean(self):
        data = super().clean()
        if self.instance._state.adding and not data.get("quantity") and "quantity" not in self.errors:
            self.add_error("quantity", _("请填写数字，或把这一行清空。"))
        if data.get("quantity") and not self.measured and not data.get("label") and "measure" not in self.errors:
            self.add_error("label", _("请写明这个数字是什么。"))
        return data

    @property
    def is_emptied(self) -> bool:
        """The figure was there and its number has been taken out: it goes. Empty is never 0."""
        is_there = self.is_bound and not self.instance._state.adding
        return is_there and "quantity" not in self.errors and self.cleaned_data.get("quantity") is None


class FigureFormSet(forms.models.BaseInlineFormSet):
    """A row for each measure of the kind, for each figure that is there besides, and a few for others."""

    kind_measures: list[KindMeasure] = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        figures = list(self.get_queryset())
        self.measures = {str(asked.measure_id): asked.measure for asked in self.kind_measures}
        self.ranks = {pk: rank for rank, pk in enumerate(self.measures, start=1)}
        self.measures |= {str(figure.measure_id): figure.measure for figure in figures if figure.measure}
        if (
            not self.is_bound and self.extra
        ):  # the page as it is first shown; later, its rows are those that were posted
            there = {figure.measure_id for figure in figures}
            missing = [asked for asked in self.kind_measures if asked.measure_id not in there]
            self.initial_extra = [{"measure": asked.measure_id} for asked in missing]
            self.extra = 0 if self.is_summary else len(missing) + BLANK_ROWS

    @property
    def is_summary(self) -> bool:
        return self.instance.nature == Activity.Nature.SUMMARY

    @property
    def stated_by_measure(self) -> dict[str, Figure]:
        """The figures as they were typed and understood, by the slugs of their measures."""
        rows = [form for form in self.forms if form.measured and getattr(form, "cleaned_data", {}).get("quantity")]
        for form in rows:
            form.instance.measure = form.measured
            form.instance.set_quantity(form.cleaned_data["quantity"])
        return {form.measured.slug: form.instance for form in rows}

    def get_form_kwargs(self, index):
        return super().get_form_kwargs(index) | {"measures": self.measures}

    @property
    def rows(self) -> list[FigureForm]:
        """As the kind orders them, what is asked for first; then other measures, then what has its own name."""
        asked = {asked.measure_id for asked in self.kind_measures if asked.is_asked}
        for form in self.forms:
            form.is_asked = bool(form.measured) and form.measured.pk in asked
        return sorted(self.forms, key=self._rank)

    def _rank(self, form) -> tuple:
        if not form.measured:
            return (2, 0)
        return (int(not form.is_asked), self.ranks.get(str(form.measured.pk), len(self.ranks) + form.measured.position))

    def _should_delete_form(self, form):
        return form.is_emptied

    def save_new(self, form, commit=True):
        form.instance.position = self.ranks.get(str(form.instance.measure_id), len(self.measures) + 1)
        return super().save_new(form, commit)

    def clean(self):
        super().clean()
        stated = [form for form in self.forms if getattr(form, "cleaned_data", {}).get("quantity")]
        if self.is_summary and stated:
            raise ValidationError(SUMMARY_HAS_NONE)
        by_measure = {}
        for form in stated:
            if form.measured and by_measure.setdefault(form.measured.slug, form) is not form:
                form.add_error("quantity", _("这项指标填了两次，请只留一个。"))
        self._check_attendance(by_measure.get("expected"), by_measure.get("attended"))

    def _check_attendance(self, expected, attended):
        if not expected or not attended:
            return
        refusal = attendance_refusal(expected.cleaned_data["quantity"], attended.cleaned_data["quantity"])
        if refusal:
            attended.add_error("quantity", refusal)


class PeriodFigureForm(StatedQuantityForm):
    class Meta:
        model = PeriodFigure
        fields = ["kind", "measure", "label", "unit", "subset_of", "activity", "position"]

    def clean(self):
        data = super().clean()
        activity = data.get("activity")
        if activity and activity.hospital_id != self.report.hospital_id:
            self.add_error("activity", _("“%s”属于另一家医院，请重新选择。") % activity)
        return data


class PeriodFigureFormSet(SharedChoicesFormSet):
    def add_fields(self, form, index):
        field = form.fields.get("subset_of")
        if field:
            own = PeriodFigure.objects.filter(report=self.instance) if self.instance.pk else PeriodFigure.objects.none()
            field.queryset = own.select_related("measure", "kind")
        form.report = self.instance
        super().add_fields(form, index)
