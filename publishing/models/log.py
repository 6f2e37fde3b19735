from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from publishing.models.append_only import AppendOnly, AppendOnlyQuerySet
from publishing.models.trail import Step


class LogEntryQuerySet(AppendOnlyQuerySet):
    def of(self, row: models.Model):
        """Of a working copy: those of the record it will become, under whose key its own are kept."""
        key = str(getattr(row, "root_pk", row.pk))
        return self.filter(about_type=ContentType.objects.get_for_model(row), about_id=key)


class LogEntry(AppendOnly):
    """Who did what to which object, when. Names are kept as they were, beside the keys."""

    changes_the_site = False  # no visitor is shown any of it

    class Verb(models.TextChoices):
        LOGIN = "login", _("登录")
        LOGOUT = "logout", _("退出")
        LOGIN_FAILED = "login_failed", _("登录失败")
        CREATE = "create", _("新建")
        CHANGE = "change", _("修改")
        DELETE = "delete", _("删除")
        EXPORT = "export", _("导出")
        REFUSED = "refused", _("被拒绝")
        SUBMIT = Step.SUBMIT.value, Step.SUBMIT.label
        TAKE_BACK = Step.TAKE_BACK.value, Step.TAKE_BACK.label
        APPROVE = Step.APPROVE.value, Step.APPROVE.label
        RETURN = Step.RETURN.value, Step.RETURN.label
        OVERRIDE = Step.OVERRIDE.value, Step.OVERRIDE.label
        WITHDRAW = Step.WITHDRAW.value, Step.WITHDRAW.label
        REVISE = Step.REVISE.value, Step.REVISE.label
        DISCARD = Step.DISCARD.value, Step.DISCARD.label
        RESTORE = Step.RESTORE.value, Step.RESTORE.label

    at = models.DateTimeField(_("时间"), db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("人员"),
    )
    user_name = models.CharField(_("姓名"), max_length=150, blank=True)
    institution_id = models.BigIntegerField(_("单位编号"), null=True, blank=True)
    institution = models.CharField(_("单位"), max_length=80, blank=True)
    verb = models.CharField(_("动作"), max_length=12, choices=Verb)
    about_type = models.ForeignKey(
        ContentType, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("类型")
    )
    about_id = models.CharField(_("对象编号"), max_length=40, blank=True)
    about = models.CharField(_("对象"), max_length=200, blank=True)
    #: [{"name": field, "label": its name for people, "before": …, "after": …}]; numbers and texts as stored
    changes = models.JSONField(_("改动"), default=list)
    reason = models.TextField(_("说明"), blank=True)
    is_override = models.BooleanField(_("平台管理员代行"), default=False)
    address = models.GenericIPAddressField(_("网络地址"), null=True, blank=True)

    objects = LogEntryQuerySet.as_manager()

    class Meta(AppendOnly.Meta):
        ordering = ["-at", "-id"]
        verbose_name = _("操作日志")
        verbose_name_plural = _("操作日志")
        indexes = [
            models.Index(fields=["institution_id", "-at"], name="publishing_log_of_institution"),
            models.Index(fields=["about_type", "about_id"], name="publishing_log_about"),
        ]

    def __str__(self):
        return f"{self.user_name} {self.get_verb_display()} {self.about}"
