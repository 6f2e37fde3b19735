from django.db import models
from django.utils.translation import gettext_lazy as _


class Edited(models.Model):
    """A row that several people may have open at once: ``version`` goes up each time it is changed.

    A form carries the version it was filled from and a verb the one its caller had read; the row must still have it.
    """

    version = models.PositiveIntegerField(_("修改次数"), default=1, editable=False)

    class Meta:
        abstract = True
