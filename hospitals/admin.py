"""Hospitals, regions and accounts in the admin, and what the admin of any hospital's records shares."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from hospitals.forms import NewUserForm, OneHospitalForm, ShownHospital, UserForm
from hospitals.models import Hospital, HospitalFigure, HospitalName, Leader, Membership, Region, User
from hospitals.roles import RIGHTS
from publishing.admin import QuantityInline, ScopedAdmin, ScopedInline
from publishing.admin_workflow import PublishableAdmin


class OfHospital:
    """A record of one hospital. Where the person serves only one, it is filled in; once saved it never changes."""

    form = OneHospitalForm
    list_select_related = ["hospital"]

    def get_queryset(self, request):
        # Also outside the list: names among choices say the hospital.
        return super().get_queryset(request).select_related(*self.list_select_related)

    def _serves_several(self, request) -> bool:
        if not hasattr(request, "serves_several_hospitals"):  # asked by every column and every choice
            own = Hospital.objects.editable_by(request.user).values("pk")[:2]
            request.serves_several_hospitals = len(own) > 1
        return request.serves_several_hospitals

    def choice_label(self, request, row):
        """Many hospitals have a 第一支部: who serves several reads which is meant."""
        if not self._serves_several(request):
            return str(row)
        return f"{row}（{row.hospital.short_name or row.hospital.name}）"

    def get_list_display(self, request):
        columns = super().get_list_display(request)
        return columns if self._serves_several(request) else [name for name in columns if name != "hospital"]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        field = form.base_fields.get("hospital")  # not there where the record is only shown
        if field:
            hospitals = [obj.hospital] if obj else self._hospitals_to_add_to(request)
            field.queryset = Hospital.objects.filter(pk__in=[hospital.pk for hospital in hospitals])
            if len(hospitals) == 1:
                field.initial, field.disabled, field.help_text = hospitals[0].pk, True, ""
                field.widget = ShownHospital(hospitals[0])
        return form

    def _hospitals_to_add_to(self, request) -> list[Hospital]:
        """Those in which the person may add such a record, not only read one."""
        permission = f"{self.opts.app_label}.add_{self.opts.model_name}"
        own = Hospital.objects.editable_by(request.user)
        return [hospital for hospital in own if request.user.has_perm(permission, hospital)]


class HospitalRecordAdmin(OfHospital, PublishableAdmin):
    """A record of one hospital that is written by one person and published by another."""

    def place_of(self, record):
        return record.hospital.short_name or record.hospital.name

    def whom_to_tell(self, request, record):
        publish = f"{self.opts.app_label}.publish_{self.opts.model_name}"
        roles = [role for role, rights in RIGHTS.items() if publish in rights]
        people = (
            User.objects.filter(is_active=True, memberships__hospital=record.hospital_id, memberships__role__in=roles)
            .exclude(pk=request.user.pk)
            .distinct()
        )
        names = "、".join(dict.fromkeys(str(person) for person in people[:3]))
        if not names:
            return _("本院还没有可以发布的审核人，请联系平台管理员设置。")
        return _("请通知审核人（%s）发布。") % names


class NameInline(ScopedInline):
    model = HospitalName
    extra = 1
    fields = ["name", "kind", "position"]


class LeaderInline(ScopedInline):
    model = Leader
    extra = 1
    fields = ["office", "name", "position"]


class HospitalFigureInline(QuantityInline):
    model = HospitalFigure
    extra = 1
    fields = ["label", "quantity", "unit", "as_of", "as_of_text", "source", "position"]


@admin.register(Hospital)
class HospitalAdmin(ScopedAdmin):
    list_display = ["name", "region", "code", "hotline", "is_active"]
    list_filter = ["is_active"]
    list_select_related = ["region__parent__parent"]
    search_fields = ["search_text"]
    autocomplete_fields = ["region"]
    inlines = [NameInline, LeaderInline, HospitalFigureInline]
    fieldsets = [
        (_("医院"), {"fields": ["name", "short_name", "region", "level", "level_note", "party_committee"]}),
        (_("对外介绍"), {"fields": ["introduction", "hotline", "hotline_note"]}),
        (_("网址与编号"), {"fields": ["slug", "code", "is_active"]}),
    ]

    def get_readonly_fields(self, request, obj=None):
        """Addresses and references that are printed on paper: only the platform's administrator changes them."""
        return [] if request.user.is_superuser else ["slug", "code", "is_active"]


@admin.register(Region)
class RegionAdmin(ScopedAdmin):
    list_display = ["code", "full_name"]
    search_fields = ["name", "code"]
    search_help_text = _("按名称或六位代码查找。")
    ordering = ["code"]
    autocomplete_fields = ["parent"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("parent__parent")

    def has_module_permission(self, request):
        """Others look regions up in their forms and need no list of them."""
        return request.user.is_superuser

    def choice_label(self, request, row):
        return f"{row.full_name}（{row.code}）"

    @admin.display(description=_("全称"), ordering="code")
    def full_name(self, region):
        return region.full_name


class MembershipInline(ScopedInline):
    model = Membership
    fields = ["hospital", "role"]
    extra = 1


@admin.register(User)
class UserAdmin(ScopedAdmin, DjangoUserAdmin):
    """Accounts: who gives rights to others holds them all, so only the platform's administrator does."""

    form = UserForm
    add_form = NewUserForm
    add_form_template = None
    inlines = [MembershipInline]
    list_display = ["username", "name", "offices", "is_active", "last_login"]
    list_filter = ["is_active", "is_superuser"]
    search_fields = ["username", "name"]
    search_help_text = _("按用户名或姓名查找。")
    filter_horizontal = []
    add_fieldsets = [(None, {"fields": ["username", "name", "password1", "password2"]})]
    fieldsets = [
        (None, {"fields": ["username", "name", "password"]}),
        (_("权限"), {"fields": ["is_active", "is_superuser"], "description": _("医院里的角色在下面“任职”里设置。")}),
        (_("记录"), {"fields": ["last_login", "date_joined"]}),
    ]
    readonly_fields = ["last_login", "date_joined"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("memberships__hospital")

    @admin.display(description=_("任职"))
    def offices(self, user):
        return "；".join(f"{held.hospital} {held.get_role_display()}" for held in user.memberships.all())

    def has_module_permission(self, request):
        return request.user.is_superuser

    def has_view_permission(self, request, obj=None):
        return request.user.is_superuser

    has_add_permission = has_module_permission
    has_change_permission = has_view_permission

    def has_delete_permission(self, request, obj=None):
        """An account is switched off: its name stays on what the person wrote."""
        return False

    def save_model(self, request, obj, form, change):
        if not change:
            obj.is_staff = True  # every account here is one of the staff
        super().save_model(request, obj, form, change)


admin.site.unregister(Group)  # rights come from memberships
