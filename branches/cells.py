"""What the list behind a number of the statistics is narrowed by, in the public list and in the ledger alike."""

from django import forms
from django.utils.translation import gettext_lazy as _

from branches.periods import Precision

BRANCH, BRAND = "branch", "brand"


class CellConditions(forms.Form):
    counted = forms.ChoiceField(
        choices=[("", _("全部活动")), ("1", _("统计口径（不含阶段汇总，按开始时间）"))],
        required=False,
        label=_("口径"),
        error_messages={"invalid_choice": _("没有“%(value)s”这种口径，请去掉这个条件再看。")},
    )
    joint = forms.ChoiceField(
        choices=[("", _("不限")), ("1", _("联合开展"))],
        required=False,
        label=_("联合"),
        error_messages={"invalid_choice": _("联合开展的填1，不限就去掉这个条件。")},
    )
    #: what belongs to no month, quarter or year
    coarser = forms.ChoiceField(
        choices=[
            ("", _("不限")),
            (Precision.MONTH.value, _("只写到季度、半年或全年")),
            (Precision.QUARTER.value, _("只写到半年或全年")),
            (Precision.YEAR.value, _("时间跨年")),
        ],
        required=False,
        label=_("时间写到"),
        error_messages={"invalid_choice": _("没有“%(value)s”这种写法，请去掉这个条件再看。")},
    )
    without = forms.ChoiceField(
        choices=[("", _("不限")), (BRANCH, _("没有写明支部")), (BRAND, _("没有归到品牌"))],
        required=False,
        label=_("没有写明"),
        error_messages={"invalid_choice": _("没有“%(value)s”这种条件，请去掉再看。")},
    )

    def in_cell(self, activities, branches, brands):
        """Of these activities those of the cell. ``branches``, ``brands``: all that whoever asks may see."""
        data, rows = self.cleaned_data, activities
        if data["joint"]:
            rows = rows.joint()
        if data["coarser"]:
            rows = rows.coarser_than(data["coarser"])
        if data["without"] == BRANCH:
            rows = rows.without_branch(branches)
        if data["without"] == BRAND:
            rows = rows.without_brand(brands)
        return rows.recorded() if data["counted"] else rows
