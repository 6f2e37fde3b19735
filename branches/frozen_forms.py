"""Whose ledger of which time is to be frozen."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from branches.filters import parse_period
from branches.freezing import RIGHT, check_size
from branches.frozen_content import LedgerScope
from branches.ledger_filter import PARTS, BranchChoice
from branches.models import Activity, Branch
from branches.periods import Period
from hospitals.models import Hospital
from publishing.admin_forms import DateInput


class FreezeForm(forms.Form):
    """Of a member of staff: hospitals where they may freeze. ``seen``: the SHA-256 of what was looked at."""

    hospital = forms.ModelChoiceField(Hospital.objects.none(), label=_("医院"), empty_label=_("请选择"))
    branch = BranchChoice(Branch.objects.none(), required=False, label=_("单位"), empty_label=_("全院"))
    year = forms.ChoiceField(required=False, label=_("年份"))
    part = forms.ChoiceField(required=False, label=_("时段"), choices=PARTS)
    since = forms.DateField(required=False, label=_("或从"), widget=DateInput)
    until = forms.DateField(required=False, label=_("到"), widget=DateInput)
    note = forms.CharField(
        required=False,
        label=_("说明"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("报给谁、为什么报，例如“报市卫健委，第三季度”。可以不填；封存以后不能改。"),
    )
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    #: what says whose ledger of which time
    ABOUT = ("hospital", "branch", "year", "part", "since", "until")

    def __init__(self, data, *, user):
        super().__init__(data, label_suffix="")
        own = [hospital for hospital in Hospital.objects.editable_by(user) if user.has_perm(RIGHT, hospital)]
        self.only_hospital = own[0] if len(own) == 1 else None
        hospitals = Hospital.objects.filter(pk__in=[hospital.pk for hospital in own])
        branches = Branch.objects.of_hospitals(hospitals.order_by().values("pk")).select_related("hospital").in_order()
        self.fields["hospital"].queryset = hospitals
        self.fields["branch"].queryset = branches
        self.fields["branch"].several_hospitals = self.only_hospital is None
        this_year = timezone.localdate().year
        years = {this_year, this_year - 1, *Activity.objects.editable_by(user).originals().years()}
        self.fields["year"].choices = [("", _("请选择")), *((str(year), f"{year}年") for year in sorted(years)[::-1])]
        if self.only_hospital:
            del self.fields["hospital"]

    def clean(self):
        data = super().clean()
        hospital, branch = data.get("hospital"), data.get("branch")
        if hospital and branch and branch.hospital_id != hospital.pk:
            self.add_error("branch", _("这个支部不属于所选医院，请重新选择。"))
        self._check_time(data)
        if not self.errors:
            try:
                check_size(self.scope)
            except ValidationError as too_many:
                self.add_error(None, too_many)
        return data

    def _check_time(self, data):
        since, until = data.get("since"), data.get("until")
        if data.get("year") and (since or until):
            self.add_error("since", _("年份和起止日期只填一种。"))
        elif data.get("part") and not data.get("year"):
            self.add_error("year", _("请先选年份，再选上半年、季度或月份。"))
        elif not (data.get("year") or since or until) and not {"year", "since", "until"} & self.errors.keys():
            self.add_error("year", _("请选一段时间：年份，或从哪天到哪天。"))
        elif since and not until and "until" not in self.errors:
            self.add_error("until", _("请填结束日期。"))
        elif until and not since and "since" not in self.errors:
            self.add_error("since", _("请填开始日期。"))
        elif since and until and until < since:
            self.add_error("until", _("结束日期早于开始日期，请检查这两个日期。"))
        if not self.errors and self.period.start > timezone.localdate():
            name = "year" if data.get("year") else "since"
            self.add_error(name, _("这段时间还没有开始，没有可以封存的活动。请选已经开始的时间。"))

    @property
    def period(self) -> Period:
        data = self.cleaned_data
        if data["year"]:
            return parse_period(f"{data['year']}{data['part']}")
        return Period.of_days(data["since"], data["until"])

    @property
    def scope(self) -> LedgerScope:
        return LedgerScope(
            self.only_hospital or self.cleaned_data["hospital"], self.cleaned_data["branch"], self.period
        )

    @property
    def about(self) -> list[forms.BoundField]:
        return [self[name] for name in self.ABOUT if name in self.fields]
