"""What a ledger for the office is narrowed down to: a form whose choices are those of whoever asks."""

from django import forms
from django.db.models import Q
from django.forms.models import ModelChoiceIterator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from branches.cells import CellConditions
from branches.filters import parse_period
from branches.models import Activity, ActivityKind, Branch, Brand
from branches.periods import Period, Precision, period_text
from hospitals.models import Hospital, Region
from publishing.admin_forms import LongSelect

_UNKNOWN = Precision.UNKNOWN.value
#: parts of a year, as ``parse_period`` reads them behind it
PARTS = [
    ("", _("全年")),
    ("H1", _("上半年")),
    ("H2", _("下半年")),
    *((f"Q{number}", f"第{sign}季度") for number, sign in enumerate("一二三四", 1)),
    *((f"-{month:02}", f"{month}月") for month in range(1, 13)),
]


#: more branches or brands than these nobody finds their own among: a hospital is to be chosen first
MOST_OFFERED = 300


class _Named(ModelChoiceIterator):
    """Hospitals by their names, without all else that is known of a thousand of them."""

    def __iter__(self):
        yield "", self.field.empty_label
        yield from self.queryset.values_list("pk", "name")


class HospitalChoice(forms.ModelChoiceField):
    iterator = _Named
    widget = LongSelect


class _Offered(ModelChoiceIterator):
    """Where there are too many, those of the chosen hospital; and what was chosen, whosever it is."""

    def __iter__(self):
        field, (hospital, chosen) = self.field, self.field.chosen
        if field.are_too_many:
            self.queryset = field.queryset.filter(Q(hospital=hospital or None) | Q(pk=chosen or None))
        choices = super().__iter__()
        if field.are_too_many and not hospital:
            value, label = next(choices)  # the empty one
            yield value, _("%s（先选医院才能挑）") % label
        yield from choices


class OfHospitalChoice(forms.ModelChoiceField):
    """What belongs to a hospital. Anything within reach can be asked for; a select offers no more than one can read."""

    iterator = _Offered
    several_hospitals = False
    #: keys, as sent: of the hospital, and of what was chosen
    chosen: tuple[int | None, int | None] = (None, None)

    @cached_property
    def are_too_many(self) -> bool:
        """Whether a hospital has to be chosen first."""
        return self.several_hospitals and self.queryset.order_by()[: MOST_OFFERED + 1].count() > MOST_OFFERED


class BranchChoice(OfHospitalChoice):
    """Named with their hospital where whoever chooses has several: many have a 第一支部."""

    def label_from_instance(self, branch):
        return f"{branch.hospital.name} {branch.name}" if self.several_hospitals else branch.name


class LedgerFilter(CellConditions):
    """Of a member of staff: what they may work with, no more. Unread conditions say so at their field."""

    hospital = HospitalChoice(Hospital.objects.none(), required=False, label=_("医院"), empty_label=_("全部医院"))
    branch = BranchChoice(Branch.objects.none(), required=False, label=_("支部"), empty_label=_("全部支部"))
    year = forms.ChoiceField(required=False, label=_("年份"))
    part = forms.ChoiceField(required=False, label=_("时段"), choices=PARTS)
    since = forms.DateField(required=False, label=_("或从"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    until = forms.DateField(required=False, label=_("到"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    group = forms.ChoiceField(
        required=False, label=_("大类"), choices=[("", _("全部大类")), *ActivityKind.Group.choices]
    )
    kind = forms.ModelChoiceField(
        ActivityKind.objects.all(), required=False, label=_("类别"), empty_label=_("全部类别")
    )
    brand = OfHospitalChoice(Brand.objects.none(), required=False, label=_("品牌"), empty_label=_("全部品牌"))
    status = forms.ChoiceField(
        required=False, label=_("状态"), choices=[("", _("不限（不含已撤回）")), *Activity.Status.choices]
    )
    #: asked for by the links of the statistics only
    region = forms.ModelChoiceField(Region.objects.all(), to_field_name="code", required=False, label=_("地区"))
    of_cell = (*CellConditions.base_fields, "region")

    def __init__(self, data, *, user):
        super().__init__(data, label_suffix="")
        self.user, self._counts = user, {}
        hospitals, activities = Hospital.objects.editable_by(user), Activity.objects.editable_by(user)
        branches = Branch.objects.in_reach_of(user).select_related("hospital").in_order()
        self.only_hospital = hospitals.the_only_one()
        self.fields["hospital"].queryset = hospitals
        self.fields["branch"].queryset = branches
        self.fields["brand"].queryset = Brand.objects.editable_by(user).originals()
        for name in ("branch", "brand"):
            self.fields[name].several_hospitals = self.only_hospital is None
            self.fields[name].chosen = self._sent_key("hospital"), self._sent_key(name)
        years = activities.originals().years()
        self.fields["year"].choices = [
            ("", _("全部年份")),
            *((str(year), f"{year}年") for year in years),
            (_UNKNOWN, Precision.UNKNOWN.label),
        ]
        self.order_fields([name for name in self.fields if name not in self.of_cell])
        for name in self.of_cell:
            self.fields[name].widget = forms.HiddenInput()
        if self.only_hospital:
            del self.fields["hospital"]

    def _sent_key(self, name: str) -> int | None:
        sent = str(self.data.get(name) or "")
        return int(sent) if sent.isdecimal() and len(sent) < 19 else None

    def clean(self):
        data = super().clean()
        for name in self.of_cell:
            data.setdefault(name, "")  # forms made of this one need not ask for it
        hospital, branch = data.get("hospital"), data.get("branch")
        if hospital and branch and branch.hospital_id != hospital.pk:
            self.add_error("branch", _("这个支部不属于所选医院，请重新选择。"))
        if data.get("part") and data.get("year") in ("", _UNKNOWN):
            self.add_error("year", _("请先选年份，再选上半年、季度或月份。"))
        if data.get("year") and (data.get("since") or data.get("until")):
            self.add_error("since", _("年份和起止日期只填一种。"))
        if data.get("since") and data.get("until") and data["until"] < data["since"]:
            self.add_error("until", _("结束日期早于开始日期，请检查这两个日期。"))
        return data

    @property
    def period(self) -> Period | None:
        year, part = self.cleaned_data["year"], self.cleaned_data["part"]
        return parse_period(f"{year}{part}") if year else None

    @property
    def period_text(self) -> str:
        """统计期间; empty where no time was chosen."""
        if self.period:
            return str(self.period)
        return period_text(self.cleaned_data["since"], self.cleaned_data["until"])

    @property
    def institution(self) -> Hospital | None:
        """Whose ledger it is, where it is that of one."""
        branch = self.cleaned_data["branch"]
        return branch.hospital if branch else self.cleaned_data.get("hospital") or self.only_hospital

    @property
    def unit(self) -> str:
        """填报单位."""
        branch = self.cleaned_data["branch"]
        return f"{self.institution.name if self.institution else _('各医院')}{branch.name if branch else ''}"

    def rows(self):
        """The activities that match, whatever their status."""
        return self.in_time(self.matching()).newest_first()

    def matching(self):
        """Those of any time that match."""
        return self.narrowed(Activity.objects.editable_by(self.user).originals())

    def in_time(self, rows):
        """Those of the chosen time: as statistics count them, else whatever shares a day with it."""
        data = self.cleaned_data
        if data["counted"]:
            return rows.belonging_to(self.period).belonging_to(self.days)
        return rows.in_period(self.period).overlapping(data["since"], data["until"])

    @property
    def days(self) -> Period:
        """From the chosen day to the chosen day; both sides may be open."""
        return Period(self.cleaned_data["since"], self.cleaned_data["until"], Precision.DAY)

    def narrowed(self, rows):
        """Those that match, of whatever time."""
        data = self.cleaned_data
        if data.get("hospital"):
            rows = rows.of_hospital(data["hospital"])
        if data["branch"]:
            rows = rows.of_branch(data["branch"])
        if self.kinds is not None:
            rows = rows.filter(kind__in=self.kinds)
        for name in ("brand", "status"):
            if data.get(name):
                rows = rows.filter(**{name: data[name]})
        if data["region"]:
            rows = rows.in_region(data["region"])
        return self.in_cell(rows, self.fields["branch"].queryset, self.fields["brand"].queryset)

    @cached_property
    def kinds(self) -> frozenset[int] | None:
        """Keys of those that were chosen, None for all. By keys, not by a join, the database knows how many rows to expect."""
        kind, group = self.cleaned_data["kind"], self.cleaned_data["group"]
        if kind:
            return frozenset([kind.pk] if group in ("", kind.group) else [])
        return frozenset(ActivityKind.objects.filter(group=group).values_list("pk", flat=True)) if group else None

    def handed_in(self, profile) -> tuple:
        """The rows of a ledger with these columns, and its conditions in words."""
        rows, kept = (self.rows(), []) if self.cleaned_data["status"] else profile.handed_in(self.rows())
        return rows, "；".join([*self.in_words(), *kept]) or "全部"

    def count(self, profile) -> int:
        """Of the rows of such a ledger; asked of the database once for all profiles that hold the same ones."""
        holds = bool(self.cleaned_data["status"]) or profile.shows_status
        if holds not in self._counts:
            self._counts[holds] = self.handed_in(profile)[0].count()
        return self._counts[holds]

    def in_words(self) -> list[str]:
        """The conditions besides unit and time."""
        return self._chosen_words("group", "kind", "brand", "status", *self.of_cell)

    def _chosen_words(self, *names: str) -> list[str]:
        return [self._words_for(name) for name in names if self.cleaned_data.get(name)]

    def _words_for(self, name: str) -> str:
        value, field = self.cleaned_data[name], self.fields[name]
        shown = value if isinstance(field, forms.ModelChoiceField) else dict(field.choices)[value]
        return f"{field.label}：{shown}"

    @property
    def chosen_in_statistics(self) -> list[dict]:
        """The conditions that came with a link of the statistics, each with the query string that drops it."""
        chips = []
        for name in self.of_cell:
            if self.cleaned_data.get(name):
                rest = self.data.copy()
                rest.pop(name)
                chips.append({"label": self._words_for(name), "query": rest.urlencode()})
        return chips
