"""The filters of the activity list, all of them in the URL."""

import re
from datetime import date
from typing import Self

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from branches.cells import CellConditions
from branches.cuts import BRAND, KIND, OWNER, REGION, TIME
from branches.extents import PUBLIC
from branches.models import Activity, ActivityKind, Branch, Brand, Measure
from branches.periods import Period, Precision, period_text
from branches.plaques import NO_BRAND, WallGroup, wall
from branches.statistics import Scope
from hospitals.filters import OfHospital, hospital_choices
from hospitals.models import Hospital, Region
from publishing.search import MAX_QUERY_LENGTH

_YEAR = re.compile(r"(?:19|20)\d\d")
_PERIOD = re.compile(
    r"^(?P<year>(?:19|20)\d\d)(?:(?:H(?P<half>[12]))|(?:Q(?P<quarter>[1-4]))|(?:-(?P<month>0[1-9]|1[0-2])))?$"
)


def parse_period(text: str) -> Period:
    """2023, 2023H1, 2023Q2, 2023-06 or ``unknown``; ValueError for anything else."""
    if text == Precision.UNKNOWN:
        return Period(None, None, Precision.UNKNOWN)
    found = _PERIOD.match(text)
    if not found:
        raise ValueError(text)
    year = int(found["year"])
    if found["half"]:
        return Period.around(date(year, 6 * int(found["half"]), 1), Precision.HALF_YEAR)
    if found["quarter"]:
        return Period.around(date(year, 3 * int(found["quarter"]), 1), Precision.QUARTER)
    if found["month"]:
        return Period.around(date(year, int(found["month"]), 1), Precision.MONTH)
    return Period.around(date(year, 1, 1), Precision.YEAR)


def period_choices(years: list[int], chosen: Period | None = None, written: str = "") -> list[tuple[str, str]]:
    """What the list offers: each year with its halves, and the undated ones; also what was chosen, a month say."""
    choices = []
    for year in years:
        choices += [(f"{year}", f"{year}年"), (f"{year}H1", f"{year}年上半年"), (f"{year}H2", f"{year}年下半年")]
    choices.append((Precision.UNKNOWN.value, str(Precision.UNKNOWN.label)))
    return choices if chosen is None or written in dict(choices) else [(written, str(chosen)), *choices]


def activity_choices(form: "ActivityFilter") -> dict[str, list]:
    """What the list of activities offers to choose from, as plain data."""
    kinds, years = Activity.objects.public().kinds_and_years()
    groups = [(value, str(label)) for value, label in ActivityFilter.base_fields["group"].choices]
    periods = period_choices(years, form.cleaned_data.get("period"), form.data.get("period", "").strip())
    return {"kinds": kinds, "periods": periods, "groups": groups, "hospitals": hospital_choices()}


def branch_choices(hospital_slug: str) -> list[tuple[str, str]]:
    """Of one hospital: many have a 第一支部."""
    rows = Branch.objects.public().of_hospital_slug(hospital_slug)
    return list(rows.values_list("slug", "name")) if hospital_slug else []


def brand_choices(hospital_slug: str) -> list[tuple[str, str]]:
    """Of one hospital, as plain data."""
    rows = Brand.objects.public().filter(hospital__slug=hospital_slug)
    return [(str(pk), name) for pk, name in rows.values_list("pk", "name")] if hospital_slug else []


class PeriodField(forms.CharField):
    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_period(text)
        except ValueError as error:
            raise ValidationError(_("时期要写成2023、2023H1、2023Q2或2023-06这样。")) from error


class ListFilter(OfHospital):
    """What the lists of activities and of articles can both be narrowed by."""

    branch = forms.CharField(required=False, max_length=60, label=_("支部"))
    tag = forms.CharField(required=False, max_length=100, label=_("标签"))
    q = forms.CharField(required=False, max_length=MAX_QUERY_LENGTH, label=_("关键词"))

    def clean_branch(self):
        slug = self.cleaned_data["branch"]
        return Branch.objects.on_record().by_slug(self.cleaned_data.get("hospital"), slug) if slug else None

    @property
    def conditions(self) -> dict[str, str | list[str]]:
        """What narrows the list, by parameter and spelt in one way: for the list's one address."""
        found = {}
        for name, field in self.fields.items():
            posted = [value.strip() for value in self.data.getlist(name)]
            if isinstance(field, forms.ModelMultipleChoiceField):
                found[name] = sorted({value for value in posted if value})
            else:
                found[name] = posted[-1] if posted else ""  # a form reads the last of repeated values
        return {name: value for name, value in found.items() if value}

    def narrowed(self, rows):
        """The rows of the chosen hospital, branch and tag that hold the words searched for."""
        data = self.cleaned_data
        if data["hospital"]:
            rows = rows.of_hospital(data["hospital"])
        if data["branch"]:
            rows = rows.of_branch(data["branch"])
        if data["tag"]:
            rows = rows.tagged(data["tag"])
        return rows.search(data["q"])


class ActivityFilter(CellConditions, ListFilter):
    kind = forms.ModelMultipleChoiceField(
        ActivityKind.objects.all(),
        to_field_name="slug",
        required=False,
        label=_("类别"),
        error_messages={"invalid_choice": _("没有“%(value)s”这个类别。")},
    )
    group = forms.ChoiceField(
        choices=[("", _("全部大类")), *ActivityKind.Group.choices],
        required=False,
        label=_("大类"),
        error_messages={"invalid_choice": _("没有“%(value)s”这个大类。")},
    )
    period = PeriodField(required=False, max_length=10, label=_("时期"))
    region = forms.ModelChoiceField(
        Region.objects.all(),
        to_field_name="code",
        required=False,
        label=_("地区"),
        error_messages={"invalid_choice": _("没有这个地区，请重新选择。")},
    )
    brand = forms.ModelChoiceField(
        Brand.objects.none(),
        required=False,
        label=_("品牌"),
        error_messages={"invalid_choice": _("没有这个品牌，请重新选择。")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["brand"].queryset = Brand.objects.public()  # those of this moment, not of the start of the process
        for name, label in (("from", _("从")), ("to", _("到"))):  # "from" is no Python name
            self.fields[name] = forms.DateField(
                required=False,
                label=label,
                input_formats=["%Y-%m-%d"],
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
                error_messages={"invalid": _("日期要写成2023-06-01这样。")},
            )

    def clean(self):
        data = super().clean()
        if data.get("from") and data.get("to") and data["to"] < data["from"]:
            self.add_error("to", _("结束日期早于开始日期，请检查这两个日期。"))
        return data

    def rows(self):
        """The public activities that match."""
        data, rows = self.cleaned_data, self.narrowed(Activity.objects.public())
        if not any(data.values()):
            rows.extent = PUBLIC
            return rows
        if data["group"]:
            rows = rows.filter(kind__group=data["group"])
        if data["kind"]:
            rows = rows.filter(kind__in=data["kind"])
        if data["region"]:
            rows = rows.in_region(data["region"])
        if data["brand"]:
            rows = rows.of_brand(data["brand"])
        rows = self.in_cell(rows, Branch.objects.on_record(), Brand.objects.public())
        if data["counted"]:
            days = Period(data["from"], data["to"], Precision.DAY)
            return rows.belonging_to(data["period"]).belonging_to(days)
        return rows.in_period(data["period"]).overlapping(data["from"], data["to"])

    @classmethod
    def read(cls, data) -> Self:
        """With these values, already checked: for what looks at the form only where something is not kept."""
        form = cls(data)
        form.is_valid()
        return form

    @property
    def asked(self) -> dict:
        """What the list was asked for, as plain data that can be kept. ``hospital``: the slug of one there is."""
        hospital = self.cleaned_data.get("hospital")
        return {"valid": self.is_valid(), "hospital": hospital.slug if hospital else "", "chosen": self.chosen}

    @property
    def chosen(self) -> list[dict]:
        """The conditions in force, each with the query string that drops it."""
        chips = []
        for name in self.fields:
            posted = self.data.getlist(name)
            for value in posted if name == "kind" else posted[-1:]:  # a form reads the last of repeated values
                if value:
                    rest = self.data.copy()
                    rest.setlist(name, [other for other in posted if other != value] if name == "kind" else [])
                    rest.pop("page", None)
                    chips.append({"label": self._chip_label(name, value), "query": rest.urlencode()})
        return chips

    def _chip_label(self, name: str, value: str) -> str:
        found = self.cleaned_data.get(name) if self.is_valid() else None
        if name == "kind" and found:
            return next((kind.name for kind in found if kind.slug == value), value)
        if name == "group" and found:
            return str(ActivityKind.Group(value).label)
        if name in CellConditions.base_fields and found:
            return str(dict(self.fields[name].choices)[value])
        if name in {"from", "to"}:
            return f"{self.fields[name].label}{value}"
        if name == "tag":
            return f"#{value}"
        return str(found) if found else value

    @property
    def unit(self) -> str:
        """Whose ledger it is: the chosen hospital and branch, or all hospitals."""
        hospital, branch = self.cleaned_data["hospital"], self.cleaned_data["branch"]
        if branch:
            return f"{branch.hospital.name}{branch.name}"
        return hospital.name if hospital else "各医院"

    @property
    def period_text(self) -> str:
        """The chosen time in words; empty where none was chosen."""
        data = self.cleaned_data
        if data["period"]:
            return str(data["period"])
        return period_text(data["from"], data["to"])

    @property
    def summary(self) -> str:
        """The conditions in words, for a ledger's heading."""
        return "；".join(chip["label"] for chip in self.chosen) or "全部"


class BrandFilter(ListFilter):
    """Of the brand wall, which hangs whole rows: neither branches nor tags are chosen from."""

    branch = tag = None
    status = forms.ChoiceField(
        choices=[
            ("", _("全部状态")),
            *(stage for stage in Brand.Stage.choices if stage[0] != Brand.Stage.ENDED),
            (NO_BRAND, _("待申报")),
        ],
        required=False,
        label=_("状态"),
        error_messages={"invalid_choice": _("没有“%(value)s”这个状态，请重新选择。")},
    )

    def groups(self) -> list[WallGroup]:
        """Of a valid form: the rows to hang."""
        data, hospitals = self.cleaned_data, Hospital.objects.public().with_places()
        if data["hospital"]:
            hospitals = hospitals.filter(pk=data["hospital"].pk)
        return wall(hospitals, stage=data["status"], query=data["q"])


class StatisticsFilter(OfHospital):
    """What the statistics are of. Values that are well written but have no records give an empty page, not a mistake."""

    year = forms.CharField(required=False, max_length=10, label=_("年份"))
    measure = forms.ModelChoiceField(
        Measure.objects.all(),
        to_field_name="slug",
        required=False,
        label=_("指标"),
        error_messages={"invalid_choice": _("没有这个指标，请重新选择。")},
    )

    #: one way to take the numbers apart; empty for the overview
    by = forms.ChoiceField(
        choices=[("", _("总览")), *((name, name) for name in (KIND, TIME, OWNER, BRAND, REGION))],
        required=False,
        label=_("按…看"),
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": _("没有“%(value)s”这种看法，请在上面选一种。")},
    )

    def clean_year(self):
        text = self.cleaned_data["year"]
        if text and not _YEAR.fullmatch(text):
            raise ValidationError(_("年份要写成四位数字，例如2023；要看全部年份就不填。"))
        return int(text) if text else None

    @property
    def scope(self) -> Scope:
        """Of a valid form."""
        data = self.cleaned_data
        return Scope(data["hospital"], data["year"], data["measure"])

    @property
    def way(self) -> str:
        """Of a valid form. One hospital lies in one region: what is asked of it by region is its branches."""
        chosen = self.cleaned_data["by"]
        return OWNER if chosen == REGION and self.cleaned_data["hospital"] else chosen
