from hospitals.models import Hospital
from publishing.admin import ScopedFilter
from publishing.admin_forms import is_key


class BranchFilter(ScopedFilter):
    """The branches of one hospital: the person's only one, or the one to which the list is already limited."""

    def field_choices(self, field, request, model_admin):
        chosen = request.GET.get("hospital__id__exact", "")
        own = Hospital.objects.editable_by(request.user)
        hospitals = list(own.filter(pk=chosen) if is_key(chosen) else own[:2])
        if len(hospitals) != 1:
            return []
        rows = field.remote_field.model.objects.editable_by(request.user).of_hospital(hospitals[0])
        if not request.user.is_superuser:
            rows = rows.covered_by(request.user.memberships.all())
        return [(row.pk, str(row)) for row in rows.in_order()]

    def has_output(self):
        return bool(self.lookup_choices)
