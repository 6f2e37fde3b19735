"""What the list of hospitals can be narrowed by."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hospitals.models import Hospital, Region
from publishing.search import MAX_QUERY_LENGTH


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
