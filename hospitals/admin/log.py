"""Who reads the log: the managers of a hospital what is about it and its people, the platform's administrator all."""

from django.contrib import admin
from django.db.models import Q

from hospitals.models import Membership
from hospitals.roles import Role
from publishing.admin_log import LogAdmin
from publishing.models import LogEntry


@admin.register(LogEntry)
class HospitalLogAdmin(LogAdmin):
    def has_view_permission(self, request, obj=None):
        return request.user.is_superuser or bool(_managed(request.user))

    def get_queryset(self, request):
        """What is about a hospital is its managers'; what is about none (a login), of the managers of who did it."""
        rows = super().get_queryset(request)
        if request.user.is_superuser:
            return rows
        # Of what is about no one hospital, logins only: roles changed in two at once are for the administrator to read.
        logins = [LogEntry.Verb.LOGIN, LogEntry.Verb.LOGOUT, LogEntry.Verb.LOGIN_FAILED, LogEntry.Verb.REFUSED]
        of_nobody = Q(institution_id__isnull=True, verb__in=logins, user__in=self.people(request).values("pk"))
        return rows.filter(Q(institution_id__in=_managed(request.user)) | of_nobody)

    def people(self, request):
        people = super().people(request).order_by("name", "username")
        if request.user.is_superuser:
            return people
        serving = Membership.objects.filter(hospital__in=_managed(request.user))
        return people.filter(pk__in=serving.values("user"), is_superuser=False)

    def shows_institution(self, request):
        return request.user.is_superuser or len(_managed(request.user)) > 1


def _managed(user) -> list[int]:
    """The hospitals a person manages; the login page asks for nobody in particular."""
    return sorted({held.hospital_id for held in getattr(user, "held", ()) if held.role == Role.MANAGER})
