from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article, ArticlePartQuerySet
from branches.models import Activity


class Told(models.Model):
    """Which numbers of an activity an article was written with, so that it is noticed when the activity has others."""

    changes_the_site = False  # what it is told of does

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="telling", verbose_name=_("稿件"))
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="telling", verbose_name=_("活动"))
    #: by the name of each number its words: {"服务人次": "60余人次"}
    figures = models.JSONField(_("写进稿件的数字"), default=dict)
    told_at = models.DateTimeField(_("生成时间"), default=timezone.now)

    objects = ArticlePartQuerySet.as_manager()

    class Meta:
        verbose_name = _("由活动生成")
        verbose_name_plural = _("由活动生成")
        constraints = [
            models.UniqueConstraint(
                fields=["article", "activity"],
                name="articles_told_once",
                violation_error_message=_("这篇稿件已经是由这条活动生成的。"),
            )
        ]

    def __str__(self):
        return f"{self.article_id}-{self.activity_id}"
