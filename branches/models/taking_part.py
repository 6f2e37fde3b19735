"""Which branches took part in an activity, and to which brand it was credited, as the statistics tell them apart."""

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.lookups import GreaterThan

from branches.dated import DatedQuerySet


def is_joint(guests) -> Q:
    """联合: of all branches, or of two at least; a host that is also named as taking part is one.

    Of an activity; ``guests``: the rows in which activities name those taking part.
    """
    # Asked activity by activity, along an index. That the host is compared in there keeps PostgreSQL from reading what all
    # activities name first, which takes seconds where there are a million.
    named = guests.objects.order_by().filter(activity=OuterRef("pk"))
    others = named.exclude(branch=OuterRef("branch"))
    number = others.values("activity").annotate(number=Count("pk")).values("number")
    beside_host = Q(branch__isnull=False) & Q(Exists(others))
    several = Q(branch__isnull=True) & Q(GreaterThan(Subquery(number), 1))
    return Q(all_branches=True) | beside_host | several


class TakingPartQuerySet(DatedQuerySet):
    def joint(self):
        return self._as_part("joint", self.filter(is_joint(self.model.joint_branches.through)))

    def without_branch(self, branches):
        """Those that none of these branches held or joined; one of all branches is of each that is in use."""
        named = self.model.joint_branches.through.objects.order_by()
        own = branches.order_by()
        return (
            self.exclude(branch__in=own.values("pk"))
            .exclude(pk__in=named.filter(branch__in=own.values("pk")).values("activity"))
            .exclude(all_branches=True, hospital__in=own.filter(is_active=True).values("hospital"))
        )

    def of_brand(self, brand):
        return self.filter(brand=brand)

    def without_brand(self, brands):
        """Those of none of these brands."""
        return self.filter(Q(brand__isnull=True) | ~Q(brand__in=brands.order_by().values("pk")))
