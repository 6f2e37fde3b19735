"""Forms of what belongs to one hospital, and the forms for accounts."""

from django import forms
from django.contrib.auth.forms import AdminPasswordChangeForm, UserCreationForm, UsernameField
from django.db.models import Model, QuerySet
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from hospitals.models import Hospital, User
from hospitals.roles import looks_after_people
from publishing.admin_forms import PartForm
from publishing.admin_inlines import SharedChoicesFormSet


class ShownHospital(forms.Widget):
    """The hospital, or the words for all of them, as text where there is nothing to choose."""

    def __init__(self, hospital):
        self.hospital = hospital
        super().__init__()

    def render(self, name, value, attrs=None, renderer=None):
        return format_html('<span class="shown-value" id="{}">{}</span>', (attrs or {}).get("id", ""), self.hospital)

    def id_for_label(self, id_):
        return ""


class OneHospitalForm(forms.ModelForm):
    """Everything a record points to is of its own hospital, or of none."""

    def clean(self):
        data = super().clean()
        hospital = data.get("hospital")
        if hospital:
            for name, value in list(data.items()):
                for row in _rows(value):
                    if getattr(row, "hospital_id", None) not in {None, hospital.pk}:
                        self.add_error(name, _("“%s”属于另一家医院，请重新选择。") % row)
                        break
        return data


def _rows(value) -> list[Model]:
    if isinstance(value, QuerySet):
        return list(value)
    return [value] if isinstance(value, Model) else []


_USERNAME_HELP = _("登录时用，例如姓名的拼音；字母、数字和@.+-_都可以。")


class Signing:
    """What people write is signed with their name."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "name" in self.fields:
            self.fields["name"].required = True


class ToldPassword:
    """What a password must be in one sentence, instead of a list of what it must not be."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = _("至少10个字符，不能全是数字，也不要用姓名、用户名或者太常见的密码。")
        self.fields["password2"].label = _("再输一遍")
        self.fields["password2"].help_text = ""


class NewUserForm(Signing, ToldPassword, UserCreationForm):
    class Meta:
        model = User
        fields = ["username", "name"]
        field_classes = {"username": UsernameField}
        help_texts = {"username": _USERNAME_HELP}
        error_messages = {
            "username": {
                "unique": _(
                    "这个用户名已经有人用了。如果就是这位同事（例如在别的医院任职），请联系平台管理员给原账号加上本院的角色；"
                    "不是同一个人，请换一个用户名。"
                )
            }
        }


class UserForm(Signing, forms.ModelForm):
    class Meta:
        model = User
        fields = ["username", "name", "is_active", "is_superuser"]
        field_classes = {"username": UsernameField}
        labels = {"date_joined": _("建号时间")}
        help_texts = {"username": _USERNAME_HELP}


class NewPasswordForm(ToldPassword, AdminPasswordChangeForm):
    """Always a password: there is no other way to sign in."""

    def __init__(self, user, *args, **kwargs):
        super().__init__(user, *args, **kwargs)
        self.fields.pop("usable_password", None)
        for field in self.fields.values():
            field.required = True

    def save(self, commit=True):
        """The password and nothing else: the account may have been switched off since this page was opened."""
        user = self.set_password_and_save(self.user, commit=False)
        user.save(update_fields=["password"])
        return user


class MembershipForm(PartForm):
    """One role. Its hospital is chosen once and never changes; where there is only one, nobody is asked for it."""

    only_hospital: Hospital | None = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields.get("hospital")
        if field and self.hospital:
            field.initial = self.initial["hospital"] = self.hospital.pk
            field.disabled = True
            field.widget = forms.HiddenInput() if self.only_hospital else ShownHospital(self.hospital)

    @property
    def hospital(self) -> Hospital | None:
        return self.only_hospital if self.instance._state.adding else self.instance.hospital


class MembershipFormSet(SharedChoicesFormSet):
    giver: User  # whoever fills the form in

    def clean(self):
        super().clean()
        given = [form for form in self.extra_forms if form.has_changed() and not self._should_delete_form(form)]
        if self.instance._state.adding and not self.giver.is_superuser and not given:
            raise forms.ValidationError(_("请至少给一个角色：没有角色的账号登录以后什么也看不到。"))
        if self.instance == self.giver and not self.giver.is_superuser and any(map(self._gives_up, self.initial_forms)):
            raise forms.ValidationError(
                _(
                    "不能去掉自己的医院管理员角色，不然本院可能没有人管账号了。要交接，请先设好另一位管理员，再请对方来改。"
                )
            )

    def _gives_up(self, form) -> bool:
        """A role that lets the person look after people would go, or become another one."""
        is_other = form.cleaned_data.get("role") != form.initial["role"]
        return looks_after_people(form.initial["role"]) and (is_other or self._should_delete_form(form))
