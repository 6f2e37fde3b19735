from datetime import timedelta
from uuid import uuid4

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hospitals.models import Hospital, User

#: How long a file that was not confirmed is kept, and a confirmed one remembered.
KEPT_FOR = timedelta(days=1)


class IntakeFileQuerySet(models.QuerySet):
    def editable_by(self, user):
        """One's own, while one serves the hospital: nobody else sees what somebody is about to import."""
        rows = self.filter(user=user, uploaded_at__gt=timezone.now() - KEPT_FOR)
        return rows if user.is_superuser else rows.filter(hospital__in=Hospital.objects.editable_by(user).values("pk"))

    def forget_old(self) -> None:
        self.filter(uploaded_at__lte=timezone.now() - KEPT_FOR).delete()


class IntakeFile(models.Model):
    """A ledger between its preview and its import. Its content goes as soon as it is imported."""

    changes_the_site = False  # no visitor is shown any of it

    token = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="intake_files", verbose_name=_("填报人"))
    hospital = models.ForeignKey(
        Hospital, on_delete=models.CASCADE, related_name="intake_files", verbose_name=_("医院")
    )
    name = models.CharField(_("文件名"), max_length=120)
    content = models.BinaryField(_("内容"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    #: what each line came to when the person saw it (``Plan.marks``)
    marks = models.JSONField(_("预览"), default=dict)
    uploaded_at = models.DateTimeField(_("上传时间"), default=timezone.now, db_index=True)
    imported_at = models.DateTimeField(_("导入时间"), null=True, blank=True)

    objects = IntakeFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("导入文件")
        verbose_name_plural = _("导入文件")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(imported_at__isnull=True) | models.Q(content=b""),
                name="branches_intakefile_imported_is_empty",
                violation_error_message=_("已经导入的文件不再保留内容。"),
            )
        ]

    def __str__(self):
        return self.name

    @property
    def institution(self) -> Hospital:
        return self.hospital

    def preview(self, marks: dict[str, str]) -> None:
        """Remember what the person is shown."""
        self.marks = marks
        self.save(update_fields=["marks"])

    def imported(self) -> None:
        self.content, self.marks, self.imported_at = b"", {}, timezone.now()
        self.save(update_fields=["content", "marks", "imported_at"])
