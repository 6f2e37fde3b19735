from uuid import uuid4

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article, ArticlePartQuerySet
from hospitals.models import Hospital, User


def received_path(received: "ReceivedReport", name: str) -> str:
    """Not under the name it came with, which may say who is in it; nothing under this path is served."""
    return f"received/{uuid4().hex}"


class ReceivedReport(models.Model):
    """The file that a draft was read from, as it came, and what was understood of it beside the text: for the office only."""

    changes_the_site = False  # no visitor is shown any of it

    article = models.OneToOneField(Article, on_delete=models.CASCADE, related_name="received", verbose_name=_("稿件"))
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("导入人"))
    received_at = models.DateTimeField(_("导入时间"), default=timezone.now)
    name = models.CharField(_("文件名"), max_length=120)
    file = models.FileField(_("原文件"), upload_to=received_path, max_length=60)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    #: ``Report.as_json()["suggestions"]``
    suggestions = models.JSONField(_("文中提到的"), default=dict)
    not_understood = models.JSONField(_("没有看懂的"), default=list)

    objects = ArticlePartQuerySet.as_manager()

    class Meta:
        verbose_name = _("来稿原件")
        verbose_name_plural = _("来稿原件")

    def __str__(self):
        return self.name

    @property
    def institution(self) -> Hospital:
        return self.article.hospital
