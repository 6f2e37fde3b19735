"""What somebody has typed into a form and not saved yet: theirs alone, and no version of anything."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

#: How long it is kept after it was last written.
KEPT_FOR = timedelta(days=30)
#: In place of the key of a record that is not there yet.
NEW = 0


class UnfinishedQuerySet(models.QuerySet):
    def own(self, user, model: type[models.Model], key: int = NEW):
        """Of one person and one form. There is no way to ask for somebody else's."""
        kind = ContentType.objects.get_for_model(model)
        recent = self.filter(saved_at__gt=timezone.now() - KEPT_FOR)
        return recent.filter(user=user, content_type=kind, object_id=key)

    def held_by(self, user, holders: list[UUID]):
        """What these windows have written."""
        return self.filter(user=user, holder__in=holders)

    def forget_old(self) -> None:
        self.filter(saved_at__lte=timezone.now() - KEPT_FOR).delete()


class Unfinished(models.Model):
    """The working state of one form: the names of its fields and what was typed in them.

    ``holder`` is the window that wrote it. Another one may take it over only from the state that it has seen (``mark``).
    """

    changes_the_site = False  # no visitor is shown any of it

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.BigIntegerField(default=NEW)
    holder = models.UUIDField()
    number = models.PositiveIntegerField(default=1)
    #: of the record, when the form was filled from it
    version = models.PositiveIntegerField(default=0)
    #: as ``publishing.unfinished.Sent.content``
    content = models.JSONField(default=dict)
    saved_at = models.DateTimeField(default=timezone.now, db_index=True)

    objects = UnfinishedQuerySet.as_manager()

    class Meta:
        verbose_name = _("未保存的内容")
        verbose_name_plural = _("未保存的内容")
        constraints = [
            models.UniqueConstraint(fields=["user", "content_type", "object_id"], name="publishing_unfinished_unique")
        ]

    def __str__(self):
        return f"{self.user} {self.saved_at:%m-%d %H:%M}"

    @property
    def mark(self) -> str:
        """Of this state and no other: keys are not given a second time."""
        return f"{self.pk}.{self.number}"

    def keep(self, seen: str) -> "Unfinished | None":
        """Write this in the place of what the same window wrote, or of the state that it has ``seen``.

        Returns what another window has written meanwhile; then nothing is kept.
        """
        rows = type(self).objects
        there = rows.filter(user=self.user, content_type=self.content_type, object_id=self.object_id)
        found = there.only("holder", "number", "saved_at").first()
        if found is None:
            rows.bulk_create(  # of two windows that begin at once the later one stays, and the other is told the next time
                [self],
                update_conflicts=True,
                unique_fields=["user", "content_type", "object_id"],
                update_fields=["holder", "number", "version", "content", "saved_at"],
            )
            return None
        if found.holder != self.holder and found.mark != seen:
            return found
        values = {name: getattr(self, name) for name in ("holder", "version", "content", "saved_at")}
        same = there.filter(Q(holder=self.holder) | Q(pk=found.pk, number=found.number))
        if same.update(number=F("number") + 1, **values):
            return None
        return there.first() or self.keep(seen)  # given up at this very moment
