"""What stays of how a record became public: the steps of its reviews and each version the public could read."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import DEFAULT_DB_ALIAS, models
from django.db.models import OuterRef
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from publishing.content import sha256
from publishing.models.append_only import AppendOnly, AppendOnlyQuerySet


class Step(models.TextChoices):
    """The verbs of ``publishing.workflow``, and writing, as the trail names them."""

    WRITE = "write", _("编写")
    SUBMIT = "submit", _("送审")
    TAKE_BACK = "take_back", _("收回")
    APPROVE = "approve", _("审核通过")
    RETURN = "return", _("退回")
    OVERRIDE = "override", _("放行")
    WITHDRAW = "withdraw", _("撤回")
    REVISE = "revise", _("开始修订")
    DISCARD = "discard", _("放弃修订")
    RESTORE = "restore", _("恢复旧版")


#: The steps by which a person becomes one of those who wrote a text.
WRITING = (Step.WRITE, Step.REVISE, Step.RESTORE)


class RecordRowsQuerySet(AppendOnlyQuerySet):
    def of(self, record: models.Model):
        """Those of a record; a working copy's are those of the record it will become."""
        return self.filter(content_type=ContentType.objects.get_for_model(record), object_id=record.root_pk)

    def of_rows(self, model: type[models.Model], keys):
        """Those of several records of one model."""
        return self.filter(content_type=ContentType.objects.get_for_model(model), object_id__in=keys)


class ReviewEntryQuerySet(RecordRowsQuerySet):
    def of_present_edition(self, model: type[models.Model]):
        """What the trail says of the present edition of each row of a model; for subqueries over its rows."""
        return self.filter(
            content_type=ContentType.objects.get_for_model(model),
            object_id=Coalesce(OuterRef("working_copy_of_id"), OuterRef("pk")),
            edition=OuterRef("edition"),
        )


class RecordRow(AppendOnly):
    """Something that belongs to a record of any model and outlives its changes."""

    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.BigIntegerField()
    record = GenericForeignKey()

    objects = RecordRowsQuerySet.as_manager()

    class Meta(AppendOnly.Meta):
        abstract = True


class ReviewEntry(RecordRow):
    """One step in the life of a record: who did what, at which stage, to exactly which content."""

    changes_the_site = False  # no visitor is shown any of it

    edition = models.PositiveIntegerField(_("版次"))
    step = models.CharField(_("步骤"), max_length=12, choices=Step)
    status = models.CharField(_("当时的状态"), max_length=20)
    label = models.CharField(_("环节"), max_length=12, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("经办人")
    )
    user_name = models.CharField(_("姓名"), max_length=150)
    at = models.DateTimeField(_("时间"))
    reason = models.TextField(_("意见"), blank=True)
    digest = models.CharField(_("内容指纹"), max_length=64, blank=True)
    #: of an override: the keys of the findings it lets pass (``Finding.key``); one that comes up later is not among them
    passed = models.JSONField(_("放行的问题"), default=list, blank=True)
    is_override = models.BooleanField(_("平台管理员代行"), default=False)

    objects = ReviewEntryQuerySet.as_manager()

    class Meta(RecordRow.Meta):
        ordering = ["at", "id"]
        verbose_name = _("审核记录")
        verbose_name_plural = _("审核记录")
        indexes = [
            models.Index(fields=["content_type", "object_id", "edition"], name="publishing_entry_of_record"),
        ]

    def __str__(self):
        return f"{self.user_name} {self.get_step_display()}"

    @property
    def title(self) -> str:
        """初审通过, 终审退回, 送审: the step with its stage where it has one."""
        if self.step == Step.APPROVE and self.label:
            return _("%s通过") % self.label
        if self.step == Step.RETURN and self.label:
            return _("%s退回") % self.label
        return self.get_step_display()


class Outlived(GenericRelation):
    """Rows that stay when the record they belong to is deleted."""

    def bulk_related_objects(self, objs, using=DEFAULT_DB_ALIAS):
        return self.remote_field.model._base_manager.using(using).none()


class Version(RecordRow):
    """What the public could read from a moment on, and who approved exactly that."""

    number = models.PositiveIntegerField(_("版次"))
    public_from = models.DateTimeField(_("公开时间"))
    content = models.JSONField(_("内容"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    approvals = models.JSONField(_("审核"), default=list)
    made_at = models.DateTimeField(_("存档时间"))

    class Meta(RecordRow.Meta):
        ordering = ["number"]
        verbose_name = _("公开版本")
        verbose_name_plural = _("公开版本")
        constraints = [
            models.UniqueConstraint(fields=["content_type", "object_id", "number"], name="publishing_version_unique")
        ]

    def __str__(self):
        return _("第%d版") % self.number

    @property
    def is_intact(self) -> bool:
        """The content is the one that was stored."""
        return sha256(self.content) == self.sha256


class VersionPicture(AppendOnly):
    """A picture a version shows: its file is kept while the version is, and shown to staff only."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="pictures")
    name = models.CharField(max_length=120, db_index=True)

    class Meta(AppendOnly.Meta):
        verbose_name = _("版本图片")
        verbose_name_plural = _("版本图片")

    def __str__(self):
        return self.name
