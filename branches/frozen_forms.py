"""Whose ledger of which time is to be frozen."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from branches.freezing import RIGHT, check_size
from branches.frozen_content import LedgerScope
from branches.ledger_filter import LedgerFilter
from branches.models import Activity, Branch
from branches.periods import Period
from hospitals.models import Hospital

#: of what a ledger is narrowed down to, what says whose it is and of which time
ABOUT = ("hospital", "branch", "year", "part", "since", "until")


class FreezeForm(LedgerFilter):
    """One unit and one time, of hospitals where whoever asks may freeze. ``seen``: the SHA-256 of what was looked at."""

    note = forms.CharField(
        required=False,
        label=_("说明"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("报给谁、为什么报，例如“报市卫健委，第三季度”。可以不填；封存以后不能改。"),
    )
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, data, *, user):
        super().__init__(data, user=user)
        for name in self.fields.keys() - {*ABOUT, "note", "seen"}:
            del self.fields[name]
        own = [hospital for hospital in Hospital.objects.editable_by(user) if user.has_perm(RIGHT, hospital)]
        self.only_hospital = own[0] if len(own) == 1 else None
        hospitals = Hospital.objects.filter(pk__in=[hospital.pk for hospital in own])
        branch = self.fields["branch"]
        branch.queryset = Branch.objects.filter(hospital__in=hospitals.order_by()).select_related("hospital").in_order()
        branch.label, branch.empty_label = _("单位"), _("全院")
        branch.several_hospitals = self.only_hospital is None
        if self.only_hospital:
            self.fields.pop("hospital", None)
        else:
            hospital = self.fields["hospital"]
            hospital.queryset, hospital.required, hospital.empty_label = hospitals, True, _("请选择")
        this_year = timezone.localdate().year
        years = {this_year, this_year - 1, *Activity.objects.editable_by(user).originals().years()}
        self.fields["year"].choices = [("", _("请选择")), *((str(year), f"{year}年") for year in sorted(years)[::-1])]

    def clean(self):
        data = super().clean()
        self._check_time(data.get("year"), data.get("since"), data.get("until"))
        if not self.errors:
            try:
                check_size(self.scope)
            except ValidationError as too_many:
                self.add_error(None, too_many)
        return data

    def _check_time(self, year, since, until):
        """There is one, with both its ends, and it has begun."""
        if {"year", "since", "until"} & self.errors.keys():
            return
        if since and not until:
            self.add_error("until", _("请填结束日期。"))
        elif until and not since:
            self.add_error("since", _("请填开始日期。"))
        elif not year and not since:
            self.add_error("year", _("请选一段时间：年份，或从哪天到哪天。"))
        elif not self.errors and self.period.start > timezone.localdate():
            name = "year" if year else "since"
            self.add_error(name, _("这段时间还没有开始，没有可以封存的活动。请选已经开始的时间。"))

    @property
    def period(self) -> Period:
        data = self.cleaned_data
        return super().period or Period.of_days(data["since"], data["until"])

    @property
    def scope(self) -> LedgerScope:
        hospital = self.only_hospital or self.cleaned_data["hospital"]
        return LedgerScope(hospital, self.cleaned_data["branch"], self.period)

    @property
    def about(self) -> list[forms.BoundField]:
        return [self[name] for name in ABOUT if name in self.fields]
