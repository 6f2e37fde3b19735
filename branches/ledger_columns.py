"""The part of a form in which columns of the ledger are chosen, put in order and given other names."""

from django import forms
from django.template.loader import render_to_string
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from branches.ledger import BY_KEY, INTERNAL, MOST_PRINTED_COLUMNS
from branches.models.ledger_profile import LONGEST_HEADER

_GROUPS = (
    (_("公开栏目"), _("公众在网站上也能下载到的栏目。"), [key for key in BY_KEY if key not in INTERNAL]),
    (
        _("只在内部台账出现的栏目"),
        _("选了这里的任何一栏，名称和文件名都会注明“内部”，不能对外提供。"),
        [key for key in BY_KEY if key in INTERNAL],
    ),
)


class ColumnsWidget(forms.Widget):
    """A table with a line for each column. Its value is what was typed, by column: ``is_chosen``, ``order``, ``header``."""

    use_fieldset = True

    def value_from_datadict(self, data: MultiValueDict, files, name: str) -> dict[str, dict]:
        return {
            key: {
                "is_chosen": f"{name}-{key}-chosen" in data,
                "order": data.get(f"{name}-{key}-order", ""),
                "header": data.get(f"{name}-{key}-header", ""),
            }
            for key in BY_KEY
        }

    def value_omitted_from_data(self, data, files, name):
        return False

    def id_for_label(self, id_):
        return ""

    def render(self, name, value, attrs=None, renderer=None):
        typed = value or {}
        groups = [
            {"title": title, "hint": hint, "rows": [{"key": key, **typed.get(key, {})} for key in keys]}
            for title, hint, keys in _GROUPS
        ]
        context = {
            "name": name, "groups": groups, "longest": LONGEST_HEADER, "most_printed": MOST_PRINTED_COLUMNS,
            "described_by": (attrs or {}).get("aria-describedby", ""),
        }  # fmt: skip
        return render_to_string("admin/branches/ledgerprofile/columns.html", context)


class ColumnsField(forms.Field):
    """Gives ``LedgerProfile.columns``. What has no number comes last, in the order of the full ledger."""

    widget = ColumnsWidget
    default_error_messages = {"required": _("请至少选一栏。")}
    _header, _order = forms.CharField(required=False), forms.IntegerField(required=False)

    def prepare_value(self, value):
        if isinstance(value, dict):
            return value
        return {
            one["column"]: {"is_chosen": True, "order": str(place), "header": one["header"]}
            for place, one in enumerate(value or [], 1)
        }

    def clean(self, value):
        chosen, problems = [], []
        for key, typed in value.items():
            if not typed["is_chosen"]:
                continue
            try:
                order = self._order.clean(typed["order"])
                chosen.append(
                    (order is None, order or 0, {"column": key, "header": self._header.clean(typed["header"])})
                )
            except forms.ValidationError as refusal:
                told = _("“%(column)s”这一行：%(why)s") % {"column": key, "why": "".join(refusal.messages)}
                problems.append(forms.ValidationError(told))
        if problems:
            raise forms.ValidationError(problems)
        if not chosen:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return [column for _is_last, _order, column in sorted(chosen, key=lambda one: one[:2])]

    def has_changed(self, initial, data):
        try:
            return self.clean(data) != initial
        except forms.ValidationError:
            return True
