"""That something the public may read has changed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Change(models.Model):
    """A mark that the database itself sets whenever a row of content is written (see ``publishing.freshness``).

    On PostgreSQL each transaction that wrote has a row of its own, so that no writer waits for another; the newest
    few hundred are kept. SQLite has one writer at a time and one row.
    """

    changes_the_site = False

    key = models.BigIntegerField(_("事务"), primary_key=True)
    mark = models.BigIntegerField(_("随机标记"))
    at = models.BigIntegerField(_("时间"), help_text=_("自1970年起的秒数。"))

    class Meta:
        verbose_name = _("内容变动")
        verbose_name_plural = _("内容变动")

    def __str__(self):
        return str(self.mark)
