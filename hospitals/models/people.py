"""Staff and the roles they hold."""

from functools import cached_property

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from hospitals.models.hospital import Hospital
from hospitals.querysets import ScopedQuerySet
from hospitals.roles import Role, looks_after_people
from publishing.models import Edited


class StaffQuerySet(models.QuerySet):
    def editable_by(self, user):
        """Accounts with a role in a hospital whose people this person looks after. The platform's own stay apart."""
        if user.is_superuser and user.is_active:
            return self
        return self.filter(is_superuser=False, pk__in=Membership.objects.editable_by(user).order_by().values("user"))

    def in_care_of(self, user):
        """Of these, accounts that are nobody else's: name, sign-in and password are this person's to change."""
        rows = self.editable_by(user)
        if user.is_superuser:
            return rows
        elsewhere = Membership.objects.exclude(hospital__in=user.hospitals_looked_after.order_by().values("pk"))
        return rows.exclude(pk__in=elsewhere.order_by().values("user"))


class StaffManager(UserManager.from_queryset(StaffQuerySet)):
    use_in_migrations = False


class User(Edited, AbstractUser):
    """A member of staff. One name field: in Chinese the family name comes first and is not asked for apart."""

    changes_the_site = False  # no visitor is shown any of it

    first_name = None
    last_name = None
    name = models.CharField(_("姓名"), max_length=50, blank=True)
    is_active = models.BooleanField(
        _("能登录"), default=True, help_text=_("离岗的人取消勾选即可：账号马上停用，写过的记录仍然署名。")
    )
    is_superuser = models.BooleanField(
        _("平台管理员"), default=False, help_text=_("可以看到和修改所有医院的全部内容，请只给少数人。")
    )

    REQUIRED_FIELDS = []

    #: roles are given and taken in the account's own form
    parts = ("memberships",)
    #: what says nothing about an account here: everybody is staff, and rights come from roles alone
    not_content = frozenset({"is_staff", "date_joined", "groups", "user_permissions"})

    objects = StaffManager()

    class Meta:
        verbose_name = _("工作人员")
        verbose_name_plural = _("工作人员")

    def __str__(self):
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    @property
    def works_everywhere(self) -> bool:
        """Whether ``editable_by`` leaves nothing out for this person."""
        return self.is_active and self.is_staff and self.is_superuser

    @cached_property
    def held(self) -> list["Membership"]:
        """The roles this person holds, in every hospital. Asked of the database once a request."""
        return list(self.memberships.all())

    def roles(self, hospital_id: int | None = None) -> set[str]:
        """The roles held in one hospital, or in any."""
        return {held.role for held in self.held if hospital_id in {None, held.hospital_id}}

    @property
    def serves_several(self) -> bool:
        """Records of more than one hospital come before this person, who has to be told whose they are."""
        return self.is_superuser or len({held.hospital_id for held in self.held}) > 1

    @property
    def institution(self) -> Hospital | None:
        """The hospital of whoever serves only one, and not the whole platform."""
        serves_one = len({held.hospital_id for held in self.held}) == 1 and not self.is_superuser
        return self.held[0].hospital if serves_one else None

    @property
    def hospitals_looked_after(self) -> models.QuerySet[Hospital]:
        """Those in which this person gives and takes roles."""
        if self.is_superuser:
            return Hospital.objects.all()
        return Hospital.objects.filter(pk__in=[held.hospital_id for held in self.held if looks_after_people(held.role)])


class MembershipQuerySet(ScopedQuerySet):
    def editable_by(self, user):
        """Roles in the hospitals whose people this person looks after, not in all that the person serves."""
        if not user.is_active or not user.is_staff:
            return self.none()
        return self if user.is_superuser else self.filter(hospital__in=user.hospitals_looked_after.order_by())


class Membership(models.Model):
    """A person's role in a hospital. A person may hold several, in several hospitals."""

    changes_the_site = False  # no visitor is shown any of it

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("工作人员"))
    hospital = models.ForeignKey(Hospital, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("医院"))
    role = models.CharField(_("角色"), max_length=20, choices=Role)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["hospital", "role"]
        verbose_name = _("任职")
        verbose_name_plural = _("任职")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "hospital", "role"],
                name="hospitals_membership_unique",
                violation_error_message=_("这个人在这家医院已经有这个角色。"),
            )
        ]

    def __str__(self):
        return f"{self.user} · {self.get_role_display()}"

    @property
    def institution(self) -> Hospital:
        return self.hospital
