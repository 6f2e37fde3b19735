"""What the board of duties is of: a hospital, a year, perhaps one item. Choices are those of whoever asks."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from branches.duties import duties_of
from branches.duty_board import Board
from branches.models import Activity, Branch, Obligation
from hospitals.models import Hospital

#: so many years before this one can be looked at, and all in which something was recorded
YEARS_BACK = 2


class ItemChoice(forms.ModelChoiceField):
    """A hospital's own item says whose it is; one that has ended, when: its successor has the same name."""

    def label_from_instance(self, item):
        ended = f"{item.valid_to:%Y-%m-%d}止" if item.valid_to else ""
        told = "，".join(part for part in (item.hospital.usual_name if item.hospital else "", ended) if part)
        return f"{item.name}（{told}）" if told else item.name


class DutyFilter(forms.Form):
    """Where nothing is chosen: the person's first hospital and this year. Unread conditions say so at their field."""

    hospital = forms.ModelChoiceField(Hospital.objects.none(), required=False, label=_("医院"), empty_label=None)
    year = forms.TypedChoiceField(required=False, label=_("年份"), coerce=int, empty_value=None)
    item = ItemChoice(Obligation.objects.none(), required=False, label=_("事项"), empty_label=_("全部事项"))
    open = forms.BooleanField(required=False, label=_("只看没办完的"))

    def __init__(self, data, *, user, today: date):
        super().__init__(data, label_suffix="")
        self.user, self.today = user, today
        hospitals = Hospital.objects.editable_by(user)
        first_two = list(hospitals[:2])
        self.first_hospital = next(iter(first_two), None)
        self.fields["hospital"].queryset = hospitals
        self.fields["item"].queryset = Obligation.objects.editable_by(user).in_use().select_related("hospital")
        recorded = Activity.objects.public().filter(hospital__in=hospitals.order_by().values("pk")).years()
        first_year = min([today.year - YEARS_BACK, *recorded])
        self.fields["year"].choices = [(str(year), f"{year}年") for year in range(today.year, first_year - 1, -1)]
        if len(first_two) < 2:
            del self.fields["hospital"]

    def clean(self):
        data = super().clean()
        item, hospital = data.get("item"), data.get("hospital") or self.first_hospital
        if item and hospital and item.hospital_id not in {None, hospital.pk}:
            self.add_error("item", _("这个事项不属于所选医院，请重新选择。"))
        return data

    @property
    def institution(self) -> Hospital | None:
        return self.cleaned_data.get("hospital") or self.first_hospital

    @property
    def year_shown(self) -> int:
        return self.cleaned_data["year"] or self.today.year

    def board(self) -> Board | None:
        """None where there is no hospital to look at."""
        if self.institution is None:
            return None
        branches = Branch.objects.in_reach_of(self.user).of_hospital(self.institution).in_order()
        chosen = self.cleaned_data["item"]
        items = Obligation.objects.filter(pk=chosen.pk) if chosen else None
        return Board(
            duties_of(branches, self.year_shown, today=self.today, user=self.user, items=items),
            today=self.today,
            reportable=set(branches.reportable_by(self.user).order_by().values_list("pk", flat=True)),
            only_open=self.cleaned_data["open"],
        )

    @property
    def conditions(self) -> str:
        """In words."""
        told = [f"事项：{self.cleaned_data['item']}"] if self.cleaned_data["item"] else []
        return "；".join([*told, *(["只列没办完的"] if self.cleaned_data["open"] else [])]) or "全部"
