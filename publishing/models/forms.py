"""What is remembered of forms: who has one open, and which was already sent."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

#: How long a form that nobody has saved or left is taken to be open still.
OPEN_FOR = timedelta(minutes=15)
#: How long a form may be sent a second time and still lead to the record it made.
REMEMBERED_FOR = timedelta(days=1)


class OpenFormQuerySet(models.QuerySet):
    def of(self, record: models.Model):
        return self.filter(content_type=ContentType.objects.get_for_model(record), object_id=record.pk)

    def others(self, user):
        """Opened by somebody else a short time ago, the latest first."""
        recent = self.exclude(user=user).filter(opened_at__gte=timezone.now() - OPEN_FOR)
        return recent.order_by("-opened_at").select_related("user")

    def note(self, record: models.Model, user) -> None:
        """This person has the form open as of now."""
        row = self.model(
            content_type=ContentType.objects.get_for_model(record),
            object_id=record.pk,
            user=user,
            opened_at=timezone.now(),
        )
        self.bulk_create(
            [row],
            update_conflicts=True,
            unique_fields=["content_type", "object_id", "user"],
            update_fields=["opened_at"],
        )

    def forget_old(self) -> None:
        self.filter(opened_at__lt=timezone.now() - OPEN_FOR).delete()


class OpenForm(models.Model):
    """Somebody has the form of a record open. A courtesy, not a lock: the version in the form is what protects."""

    changes_the_site = False  # no visitor is shown any of it

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.BigIntegerField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    opened_at = models.DateTimeField()

    objects = OpenFormQuerySet.as_manager()

    class Meta:
        verbose_name = _("打开的表单")
        verbose_name_plural = _("打开的表单")
        constraints = [
            models.UniqueConstraint(fields=["content_type", "object_id", "user"], name="publishing_openform_unique")
        ]

    def __str__(self):
        return f"{self.user} {self.opened_at:%H:%M}"


class SentFormQuerySet(models.QuerySet):
    def claim(self, token: UUID, user, model: type[models.Model], digest: str) -> "SentForm | None":
        """The row of a form for a new record of ``model``, made now or when the same form was sent before.

        While another transaction holds the token this waits for its end. None where the token is another's.
        Must run in the transaction that saves the record, so that a form that made nothing can be sent again.
        """
        kind = ContentType.objects.get_for_model(model)
        try:
            with transaction.atomic():
                return self.create(token=token, user=user, content_type=kind, digest=digest)
        except IntegrityError:
            return self.filter(token=token, user=user, content_type=kind).first()

    def forget_old(self) -> None:
        self.filter(sent_at__lt=timezone.now() - REMEMBERED_FOR).delete()


class SentForm(models.Model):
    """A form for a new record that has been sent: the same form sent twice makes one record."""

    changes_the_site = False  # no visitor is shown any of it

    token = models.UUIDField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.BigIntegerField(null=True)
    #: of everything that was typed in it
    digest = models.CharField(max_length=64, default="", db_default="")
    sent_at = models.DateTimeField(auto_now_add=True)

    objects = SentFormQuerySet.as_manager()

    class Meta:
        verbose_name = _("已提交的表单")
        verbose_name_plural = _("已提交的表单")

    def __str__(self):
        return str(self.token)

    def made(self, record: models.Model) -> None:
        """Remember what became of it."""
        self.object_id = record.pk
        self.save(update_fields=["object_id"])
