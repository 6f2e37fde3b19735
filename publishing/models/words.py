from django.db import models
from django.utils.translation import gettext_lazy as _

from publishing.checks import Severity
from publishing.models.edited import Edited


class WatchedWordQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True)


class WatchedWord(Edited):
    """A word the checks before publication look for, and what to do about it."""

    changes_the_site = False  # no visitor is shown any of it

    word = models.CharField(_("词语"), max_length=40, unique=True)
    severity = models.CharField(
        _("处理"),
        max_length=10,
        choices=Severity,
        default=Severity.WARN,
        help_text=_("“不能发布”的，要改掉或由第二个人说明理由放行；其余只作提醒。"),
    )
    advice = models.CharField(_("建议"), max_length=200, blank=True, help_text=_("例如：应写作“成立××周年”。"))
    is_active = models.BooleanField(_("启用"), default=True)

    objects = WatchedWordQuerySet.as_manager()

    class Meta:
        ordering = ["severity", "word"]
        verbose_name = _("用词提醒")
        verbose_name_plural = _("用词提醒")

    def __str__(self):
        return self.word
