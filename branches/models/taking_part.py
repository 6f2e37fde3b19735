"""Which branches took part in an activity, and to which brand it was credited, as the statistics tell them apart."""

from django.db import models
from django.db.models import Count, F, Q


class TakingPartQuerySet(models.QuerySet):
    def joint(self):
        """联合: of all branches, or of two at least; a host that is also named as taking part is one."""
        named = self.model.joint_branches.through.objects.order_by()
        beside_host = named.filter(activity__branch__isnull=False).exclude(branch=F("activity__branch"))
        hostless = named.filter(activity__branch__isnull=True).values("activity")
        several = hostless.annotate(branches=Count("branch")).filter(branches__gt=1)
        return self.filter(
            Q(all_branches=True) | Q(pk__in=beside_host.values("activity")) | Q(pk__in=several.values("activity"))
        )

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

    def with_brand(self, brands):
        """Those of one of these brands."""
        return self.filter(brand__in=brands.order_by().values("pk"))

    def without_brand(self, brands):
        """Those of none of these brands."""
        return self.filter(Q(brand__isnull=True) | ~Q(brand__in=brands.order_by().values("pk")))
