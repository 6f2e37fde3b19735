"""A 填报人 who is limited to some branches works with the records of those branches, and with their own."""

from collections.abc import Iterable

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.models.branch import Branch, whole_hospitals
from hospitals.models import Hospital, Membership, User
from hospitals.ownership import HospitalRecord
from hospitals.querysets import ScopedPublishableQuerySet, ScopedQuerySet
from hospitals.roles import Role


def limit_of(membership: Membership) -> frozenset[int]:
    """The keys of the branches that a role is limited to; none where it reaches the whole hospital.

    Asked of the database once for each membership: a list asks it for every row.
    """
    if membership.role != Role.REPORTER:
        return frozenset()
    if not hasattr(membership, "branch_limit"):
        membership.branch_limit = frozenset(membership.branches.values_list("pk", flat=True))
    return membership.branch_limit


def why_not_for(user: User, hospital: Hospital, branches: Iterable[Branch]) -> str:
    """Why a person may not report for these branches of a hospital, for that person to read; '' where they may."""
    if user.is_superuser:
        return ""
    limits = [limit_of(held) for held in user.held if held.hospital_id == hospital.pk and held.role == Role.REPORTER]
    if any(not limit or limit & {branch.pk for branch in branches} for limit in limits):
        return ""
    names = "、".join(str(branch) for branch in Branch.objects.of_hospital(hospital).reportable_by(user).in_order())
    if not names:
        return _("您在这家医院没有可以填报的支部，请联系医院管理员。")
    return _("您只填报%s的内容，请在这里选上。其他支部和全院的内容，请交给负责的填报人。") % names


class BranchScopedQuerySet(ScopedPublishableQuerySet):
    def editable_by(self, user):
        """Where every role a person has in a hospital is that of a limited 填报人: what those roles cover."""
        rows = super().editable_by(user)
        return rows if user.is_superuser or user.is_anonymous else rows.filter(self._reached_by(user))

    def nameable_by(self, user):
        """What a person's records may point to: also what others in the hospital have published."""
        rows = super().editable_by(user)
        if user.is_superuser or user.is_anonymous:
            return rows
        is_public = Q(status=self.model.Status.PUBLISHED, published_at__lte=timezone.now())
        return rows.filter(self._reached_by(user) | is_public)

    def _reached_by(self, user) -> Q:
        held = user.memberships.all()
        named = Branch.objects.filter(reporters__in=held.filter(role=Role.REPORTER))
        return Q(hospital__in=whole_hospitals(held)) | Q(created_by=user) | self._of_any(named.order_by().values("pk"))

    def _of_any(self, branches) -> Q:
        return Q(branch__in=branches)


class BranchRecord(HospitalRecord):
    """A record of a branch, or of the whole hospital where it names none. A working copy has its own branch."""

    objects = BranchScopedQuerySet.as_manager()

    class Meta(HospitalRecord.Meta):
        abstract = True

    def is_covered_by(self, membership: Membership) -> bool:
        limit = limit_of(membership)
        return not limit or self.created_by_id == membership.user_id or bool(limit & self.branch_keys)

    @property
    def branch_keys(self) -> set[int]:
        """Of the branches whose record it is."""
        return {self.branch_id} - {None}

    def why_not_submitted_by(self, user) -> str:
        """A restored version may be of another branch than the form would have let them choose."""
        return why_not_for(user, self.hospital, Branch.objects.filter(pk__in=self.branch_keys))


class BranchPartQuerySet(ScopedQuerySet):
    """Figures, photos, bylines: whoever works with a record works with its parts."""

    def editable_by(self, user):
        name = self.hospital_path.removesuffix("__hospital")
        records: models.QuerySet = self.model._meta.get_field(name).related_model._default_manager.editable_by(user)
        return self.filter(**{f"{name}__in": records.order_by().values("pk")})
