"""Permissions from memberships: a person's rights in a hospital are those of the roles they hold there."""

from django.contrib.auth.backends import ModelBackend

from hospitals.models import Hospital
from hospitals.roles import RIGHTS


class MembershipBackend(ModelBackend):
    """``user.has_perm(name)`` asks about any hospital, ``user.has_perm(name, record)`` about the record's own.

    Groups and permissions given to a person directly count for nothing: the table in ``hospitals.roles`` is all.
    """

    def get_all_permissions(self, user_obj, obj=None):
        if not user_obj.is_active or user_obj.is_anonymous:
            return set()
        if obj is None:
            return super().get_all_permissions(user_obj) if user_obj.is_superuser else self._rights(user_obj.roles())
        hospital_id = obj.pk if isinstance(obj, Hospital) else getattr(obj, "hospital_id", None)
        covers = getattr(obj, "is_covered_by", lambda membership: True)
        held = [one for one in user_obj.held if one.hospital_id == hospital_id and covers(one)] if hospital_id else []
        return self._rights({membership.role for membership in held})

    def has_perm(self, user_obj, perm, obj=None):
        return user_obj.is_active and perm in self.get_all_permissions(user_obj, obj=obj)

    @staticmethod
    def _rights(roles: set[str]) -> set[str]:
        return set().union(*(RIGHTS[role] for role in roles))
