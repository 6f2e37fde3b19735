"""What the list of hospitals can be narrowed by."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hospitals.models import Hospital, Region
from publishing.search import MAX_QUERY_LENGTH


def hospital_choices() -> list[tuple[str, str]]:
    return list(Hospital.objects.public().values_list("slug", "name"))


class OfHospital(forms.Form):
    """What can be narrowed to one hospital."""

    hospital = forms.ModelChoiceField(
        Hospital.objects.public(),
        to_field_name="slug",
        required=False,
        label=_("医院"),
        empty_label=_("全部医院"),
        error_messages={"invalid_choice": _("没有这家医院，请重新选择。")},
    )


class HospitalFilter(forms.Form):
    region = forms.ModelChoiceField(
        Region.objects.all(),
        to_field_name="code",
        required=False,
        label=_("地区"),
        error_messages={"invalid_choice": _("没有这个地区，请填六位行政区划代码。")},
    )
    q = forms.CharField(required=False, max_length=MAX_QUERY_LENGTH, label=_("关键词"))

    def rows(self):
        """The public hospitals that match."""
        data, rows = self.cleaned_data, Hospital.objects.public()
        return (rows.in_region(data["region"]) if data["region"] else rows).search(data["q"])
