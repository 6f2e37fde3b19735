"""Accounts and the roles people hold. A manager looks after those of the own hospital."""

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Prefetch
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from hospitals.forms import MembershipForm, MembershipFormSet, NewPasswordForm, NewUserForm, UserForm
from hospitals.models import Hospital, Membership, User
from hospitals.roles import Role
from publishing import log
from publishing.admin import ScopedAdmin, is_saving
from publishing.admin_inlines import ScopedInline
from publishing.content import changes_between, content_of
from publishing.models import LogEntry

_ROLES = _(
    "填报人写稿、送审；初审、复审、终审各管一道审核；台账员导出台账；医院管理员管本院的资料、支部和人员，可以撤回已发布的内容。"
    "一个人可以有几个角色，但不能审核自己写的稿件。"
)
_ELSEWHERE = _("这位同事在别的医院也有角色，姓名、能否登录和密码由平台管理员维护。您可以在下面增减本院的角色。")
_NEW = _(
    "给还没有账号的同事用。已经有账号的人（例如也在别的医院任职）不要重复新建，请联系平台管理员给原账号加上本院的角色。"
)
_NEW_TO_THE_PLATFORM = _("给还没有账号的人用。已经有账号的人，请打开原来的账号，在“担任的角色”里加一行。")


class MembershipInline(ScopedInline):
    model = Membership
    form = MembershipForm
    formset = MembershipFormSet
    fields = ["hospital", "role"]
    extra = 1
    verbose_name = _("角色")
    verbose_name_plural = _("担任的角色")

    def get_queryset(self, request):
        """Roles elsewhere are neither shown nor taken."""
        held = super().get_queryset(request).editable_by(request.user)
        return held.select_related("hospital", "user")

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "hospital":
            kwargs["queryset"] = request.user.hospitals_looked_after
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.giver = request.user
        own = list(request.user.hospitals_looked_after[:2])
        formset.form.only_hospital = own[0] if len(own) == 1 else None
        return formset


class HeldFilter(admin.SimpleListFilter):
    """By the roles people hold in the hospitals that the person looks after."""

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        held = Membership.objects.editable_by(request.user).filter(**{self.parameter_name: self.value()})
        return queryset.filter(pk__in=held.order_by().values("user"))


class RoleFilter(HeldFilter):
    title = _("角色")
    parameter_name = "role"

    def lookups(self, request, model_admin):
        return Role.choices


class HospitalFilter(HeldFilter):
    title = _("医院")
    parameter_name = "hospital"

    def lookups(self, request, model_admin):
        own = [(str(hospital.pk), str(hospital)) for hospital in request.user.hospitals_looked_after]
        return own if len(own) > 1 else []

    def value(self):
        return super().value() if super().value() in dict(self.lookup_choices) else None


@admin.register(User)
class UserAdmin(ScopedAdmin, DjangoUserAdmin):
    form = UserForm
    add_form = NewUserForm
    add_form_template = None
    change_password_form = NewPasswordForm
    change_user_password_template = "admin/hospitals/user/password.html"
    inlines = [MembershipInline]
    list_display = ["full_name", "username", "offices", "sign_in", "last_seen"]
    list_filter = ["is_active", RoleFilter, HospitalFilter]
    search_fields = ["username", "name"]
    search_help_text = _("按用户名或姓名查找。")
    ordering = ["-is_active", "name"]
    filter_horizontal = []
    readonly_fields = ["last_seen", "date_joined", "new_password", "sign_in"]

    def get_queryset(self, request):
        held = Membership.objects.editable_by(request.user).select_related("hospital")
        return super().get_queryset(request).prefetch_related(Prefetch("memberships", held, to_attr="held_here"))

    def get_object(self, request, object_id, from_field=None):
        if is_saving(request) and not request.user.is_superuser:
            # Of two managers who take each other's role at once, the second finds their own gone.
            list(request.user.hospitals_looked_after.order_by("pk").select_for_update(no_key=True))
            del request.user.held
            if not User.objects.filter(pk=request.user.pk, is_active=True).exists():
                raise PermissionDenied(_("您的账号刚被停用，没有改动。"))
        return super().get_object(request, object_id, from_field)

    def get_list_display(self, request):
        several = len(request.user.hospitals_looked_after[:2]) > 1
        return [f"{name}_by_hospital" if several and name == "offices" else name for name in self.list_display]

    def get_list_filter(self, request):
        return [*self.list_filter, *(["is_superuser"] if request.user.is_superuser else [])]

    def lookup_allowed(self, lookup, value, request=None):
        """Nobody asks through the address what the list does not show."""
        is_own = request is None or request.user.is_superuser
        return (is_own or not lookup.startswith("memberships")) and super().lookup_allowed(lookup, value, request)

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return self._of_new(request)
        is_self, is_in_care = obj.pk == request.user.pk, self.is_in_care(request, obj)
        sign_in = "is_active" if is_in_care and not is_self else "sign_in"
        account = {"fields": ["username", "name", sign_in, *(["new_password"] if is_in_care else [])]}
        if not is_in_care:
            account["description"] = _ELSEWHERE
        platform = [(_("平台"), {"fields": ["is_superuser"]})] if request.user.is_superuser and not is_self else []
        record = {"fields": [("last_seen", "date_joined")]}
        roles = {"fields": [], "description": _ROLES}
        return [(_("账号"), account), *platform, (_("记录"), record), (_("角色怎么分"), roles)]

    def _of_new(self, request):
        account = {"fields": ["username", "name", "password1", "password2"]}
        account["description"] = _NEW_TO_THE_PLATFORM if request.user.is_superuser else _NEW
        return [(_("账号"), account), (_("角色怎么分"), {"fields": [], "description": _ROLES})]

    def get_readonly_fields(self, request, obj=None):
        fixed = list(self.readonly_fields)
        if obj and not request.user.is_superuser:
            fixed += ["username"] if self.is_in_care(request, obj) else ["username", "name"]
        return fixed

    def is_in_care(self, request, user) -> bool:
        """Also the name and the password are this person's to change."""
        if not hasattr(user, "is_in_care"):
            user.is_in_care = User.objects.in_care_of(request.user).filter(pk=user.pk).exists()
        return user.is_in_care

    @admin.display(description=_("姓名"), ordering="name")
    def full_name(self, user):
        return str(user)

    @admin.display(description=_("角色"))
    def offices(self, user):
        return "；".join(map(self.office, user.held_here))

    @admin.display(description=_("医院和角色"))
    def offices_by_hospital(self, user):
        """For whoever looks after several."""
        held = [f"{one.hospital.usual_name} {self.office(one)}" for one in user.held_here]
        return "；".join([*([str(_("平台管理员"))] if user.is_superuser else []), *held]) or _("还没有角色")

    def office(self, held: Membership) -> str:
        return held.get_role_display()

    @admin.display(description=_("能登录"))
    def sign_in(self, user):
        return _("能") if user.is_active else _("已停用")

    @admin.display(description=_("上次登录"), ordering="last_login")
    def last_seen(self, user):
        return user.last_login or _("还没有登录过")

    @admin.display(description=_("密码"))
    def new_password(self, user):
        address = reverse("admin:auth_user_password_change", args=[user.pk])
        return format_html('<a href="{}">{}</a>', address, _("设置新密码"))

    def has_module_permission(self, request):
        return request.user.has_perm("hospitals.view_user")

    def has_view_permission(self, request, obj=None):
        return self.has_change_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        """Of a person who is only partly in this manager's care, the roles; ``get_readonly_fields`` keeps the rest."""
        if obj is None:
            return request.user.has_perm("hospitals.change_user")
        return User.objects.editable_by(request.user).filter(pk=obj.pk).exists()

    def save_model(self, request, obj, form, change):
        if not change:
            obj.is_staff = True  # every account here is one of the staff
        super().save_model(request, obj, form, change)

    @transaction.atomic
    def user_change_password(self, request, id, form_url=""):
        user = self.get_object(request, unquote(id))
        if user and not self.is_in_care(request, user):
            raise PermissionDenied(_("这位同事在别的医院也有角色，密码请联系平台管理员重设。"))
        return super().user_change_password(request, id, form_url)

    def saved_sentence(self, request, record):
        if not self.has_change_permission(request, record):
            return _("已保存。“%s”在本院已经没有角色，不再列在这里；要恢复，请联系平台管理员。") % record
        if request.resolver_match.url_name.endswith("_add"):
            words = _("已建好账号：“%(name)s”，用户名%(username)s。请把用户名和密码当面告诉本人，提醒登录后修改密码。")
            return words % {"name": record, "username": record.username}
        return _("已保存：“%s”。改动马上生效。") % record

    def response_change(self, request, obj):
        if not self.has_change_permission(request, obj):  # their last role here is gone, and with it their page
            request.POST = request.POST.copy()
            request.POST.pop("_continue", None)
        return super().response_change(request, obj)

    def history_view(self, request, object_id, extra_context=None):
        """Who served elsewhere has a history that is not this manager's to read."""
        user = self.get_object(request, unquote(object_id))
        if user and not request.user.is_superuser and self._of_others(request, user).exists():
            raise PermissionDenied(_("这个账号的修改记录里有别的医院的内容。本院的部分，请到“操作日志”里按姓名查找。"))
        return super().history_view(request, object_id, extra_context)

    def _of_others(self, request, user):
        own = request.user.hospitals_looked_after.order_by().values("pk")
        return LogEntry.objects.of(user).exclude(institution_id__in=own)

    # ── the log ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def said_of(self, request, user) -> dict:
        """The account and its roles. Of the roles a manager changes, and the log keeps, only those of their hospitals."""
        content = content_of(user)
        own = set(request.user.hospitals_looked_after.order_by().values_list("pk", flat=True))
        held = content["parts"]["memberships"]
        content["parts"]["memberships"] = [one for one in held if one["hospital"]["id"] in own]
        return content

    def before_saving(self, request, record):
        record = super().before_saving(request, record)
        if record is not None and hasattr(request, "content_before"):
            request.content_before = self.said_of(request, record)
        return record

    def log_addition(self, request, obj, message):
        self._log(request, log.Verb.CREATE, obj, None, self.said_of(request, obj), message)

    def log_change(self, request, obj, message):
        after = self.said_of(request, obj)
        self._log(request, log.Verb.CHANGE, obj, getattr(request, "content_before", after), after, message)

    def _log(self, request, verb, user, before, after, message):
        changes = self.changes(before, after) or log.named_changes(message, User)  # of a password only that it changed
        log.record(
            verb,
            by=request.user,
            about=user,
            institution=_hospital_of(before, after),
            changes=changes,
            is_override=request.user.is_superuser,
        )

    def changes(self, before: dict | None, after: dict) -> list[dict]:
        return changes_between(before, after, User)


def _hospital_of(before: dict | None, after: dict) -> Hospital | None:
    """Whose log it belongs in: the one hospital whose roles changed, or in which the person has any."""
    old, new = (said["parts"]["memberships"] if said else [] for said in (before, after))
    changed = [held for held in (*old, *new) if (held in old) != (held in new)]
    keys = {held["hospital"]["id"] for held in changed or (*old, *new)}
    return Hospital.objects.get(pk=keys.pop()) if len(keys) == 1 else None


admin.site.unregister(Group)  # rights come from memberships
