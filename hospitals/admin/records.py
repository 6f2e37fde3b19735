"""What the admin of any hospital's records shares."""

from django.utils.translation import gettext_lazy as _

from hospitals.forms import OneHospitalForm, ShownHospital
from hospitals.models import Hospital, User
from hospitals.roles import RIGHTS
from publishing.admin_workflow import PublishableAdmin


class OfHospital:
    """A record of one hospital. Where the person serves only one, it is filled in; once saved it never changes."""

    form = OneHospitalForm
    list_select_related = ["hospital"]

    def rows(self, request):
        # Also outside the list: names among choices say the hospital.
        return super().rows(request).select_related(*self.list_select_related)

    def _serves_several(self, request) -> bool:
        if not hasattr(request, "serves_several_hospitals"):  # asked by every column and every choice
            own = Hospital.objects.editable_by(request.user).values("pk")[:2]
            request.serves_several_hospitals = len(own) > 1
        return request.serves_several_hospitals

    def choice_label(self, request, row):
        """Many hospitals have a 第一支部: who serves several reads which is meant."""
        if not self._serves_several(request):
            return str(row)
        return f"{row}（{row.hospital.usual_name}）"

    def get_list_display(self, request):
        columns = super().get_list_display(request)
        return columns if self._serves_several(request) else [name for name in columns if name != "hospital"]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        field = form.base_fields.get("hospital")  # not there where the record is only shown
        if field:
            self.settle_hospital(request, field, obj)
        return form

    def settle_hospital(self, request, field, record) -> None:
        """Which hospitals a form offers; the only one is shown and not asked for."""
        hospitals = [record.hospital] if record else self._hospitals_to_add_to(request)
        field.queryset = Hospital.objects.filter(pk__in=[hospital.pk for hospital in hospitals])
        if len(hospitals) == 1:
            field.initial, field.disabled, field.help_text = hospitals[0].pk, True, ""
            field.widget = ShownHospital(hospitals[0])

    def _hospitals_to_add_to(self, request) -> list[Hospital]:
        """Those in which the person may add such a record, not only read one."""
        permission = f"{self.opts.app_label}.add_{self.opts.model_name}"
        own = Hospital.objects.editable_by(request.user)
        return [hospital for hospital in own if request.user.has_perm(permission, hospital)]


class HospitalRecordAdmin(OfHospital, PublishableAdmin):
    """A record of one hospital that is written by one person and published by another."""

    def place_of(self, record):
        return record.hospital.usual_name

    def who_is_next(self, request, record):
        label = record.review_stage.label
        right = f"{self.opts.app_label}.{record.status}_{self.opts.model_name}"
        roles = [role for role, rights in RIGHTS.items() if right in rights]
        people = (
            User.objects.filter(is_active=True, memberships__hospital=record.hospital_id, memberships__role__in=roles)
            .exclude(pk=request.user.pk)
            .distinct()
        )
        names = "、".join(dict.fromkeys(str(person) for person in people[:3]))
        if not names:
            words = {"label": label}
            return _("本院还没有能做%(label)s的人，请医院管理员在“工作人员”里设置角色。") % words
        return _("等待%(label)s（%(names)s）。") % {"label": label, "names": names}
