"""Forms of what belongs to one hospital, and the forms for accounts."""

from django import forms
from django.contrib.auth.forms import BaseUserCreationForm, UserChangeForm
from django.db.models import Model, QuerySet
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from hospitals.models import Hospital, User


class ShownHospital(forms.Widget):
    """The hospital as text, where there is nothing to choose."""

    def __init__(self, hospital: Hospital):
        self.hospital = hospital
        super().__init__()

    def render(self, name, value, attrs=None, renderer=None):
        return format_html('<span class="shown-value" id="{}">{}</span>', (attrs or {}).get("id", ""), self.hospital)

    def id_for_label(self, id_):
        return ""


class OneHospitalForm(forms.ModelForm):
    """Everything a record points to is of its own hospital."""

    def clean(self):
        data = super().clean()
        hospital = data.get("hospital")
        if hospital:
            for name, value in list(data.items()):
                for row in _rows(value):
                    if getattr(row, "hospital_id", hospital.pk) != hospital.pk:
                        self.add_error(name, _("“%s”属于另一家医院，请重新选择。") % row)
                        break
        return data


def _rows(value) -> list[Model]:
    if isinstance(value, QuerySet):
        return list(value)
    return [value] if isinstance(value, Model) else []


_USERNAME_HELP = _("登录时用，例如姓名的拼音；字母、数字和@.+-_都可以。")


class NewUserForm(BaseUserCreationForm):
    class Meta:
        model = User
        fields = ["username", "name"]
        help_texts = {"username": _USERNAME_HELP}


class UserForm(UserChangeForm):
    class Meta(UserChangeForm.Meta):
        model = User
        labels = {"is_active": _("可以登录"), "is_superuser": _("平台管理员")}
        help_texts = {
            "username": _USERNAME_HELP,
            "is_active": _("离岗的人取消勾选即可：账号停用，写过的记录仍然署名。"),
            "is_superuser": _("可以看到和修改所有医院的全部内容，请只给少数人。"),
        }
