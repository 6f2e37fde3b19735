"""What the lists of branches and of brands can be narrowed by."""

from django import forms
from django.utils.translation import gettext_lazy as _

from branches.models import Branch, Brand
from hospitals.filters import OfHospital
from publishing.search import MAX_QUERY_LENGTH

YES, NO = "true", "false"
_NOT_YES_OR_NO = {"invalid_choice": _("请填true或false；不限就去掉这个条件。")}


class OfHospitalFilter(OfHospital):
    q = forms.CharField(required=False, max_length=MAX_QUERY_LENGTH, label=_("关键词"))

    def narrowed(self, rows):
        data = self.cleaned_data
        return (rows.of_hospital(data["hospital"]) if data["hospital"] else rows).search(data["q"])


class BranchRecordFilter(OfHospitalFilter):
    active = forms.ChoiceField(
        choices=[("", _("全部")), (YES, _("在用")), (NO, _("已撤销"))],
        required=False,
        label=_("在用"),
        error_messages=_NOT_YES_OR_NO,
    )

    def rows(self):
        """The branches that have a page, also dissolved ones, that match."""
        rows = self.narrowed(Branch.objects.on_record())
        return rows.filter(is_active=self.cleaned_data["active"] == YES) if self.cleaned_data["active"] else rows


class BrandRecordFilter(OfHospitalFilter):
    status = forms.ChoiceField(
        choices=[("", _("全部阶段")), *Brand.Stage.choices],
        required=False,
        label=_("创建阶段"),
        error_messages={"invalid_choice": _("没有“%(value)s”这个阶段。")},
    )
    current = forms.ChoiceField(
        choices=[("", _("全部")), (YES, _("现用")), (NO, _("以前用过"))],
        required=False,
        label=_("现用"),
        error_messages=_NOT_YES_OR_NO,
    )

    def rows(self):
        """The public brands, also earlier ones, that match."""
        data, rows = self.cleaned_data, self.narrowed(Brand.objects.public())
        if data["status"]:
            rows = rows.of_stage(data["status"])
        if data["current"]:
            rows = rows.filter(is_current=data["current"] == YES)
        return rows
