"""What somebody has typed into a form and not saved yet: theirs alone, and no version of anything."""

import re
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

#: How long it is kept after it was last written.
KEPT_FOR = timedelta(days=30)
#: In place of the key of a record that is not there yet.
NEW = 0
_WRITTEN = ("holder", "version", "content", "saved_at")
_MARK = re.compile(r"([0-9]{1,18})\.([0-9]{1,9})")


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

    def keep(self, seen: str) -> bool:
        """Write this in the place of what the same window wrote, or of the state that it has ``seen``.

        In one statement, so that of two windows at once one is told. False where another one has written meanwhile.
        """
        table, quote = self._meta.db_table, connection.ops.quote_name
        fields = [field for field in self._meta.concrete_fields if not field.primary_key]
        written = ", ".join(f"{quote(name)} = EXCLUDED.{quote(name)}" for name in _WRITTEN)
        statement = (
            f"INSERT INTO {table} ({', '.join(quote(field.column) for field in fields)}) "
            f"VALUES ({', '.join(['%s'] * len(fields))}) "
            f"ON CONFLICT (user_id, content_type_id, object_id) DO UPDATE SET number = {table}.number + 1, {written} "
            f"WHERE {table}.holder = EXCLUDED.holder OR ({table}.id = %s AND {table}.number = %s) OR {table}.saved_at <= %s"
        )
        values = [field.get_db_prep_save(getattr(self, field.attname), connection) for field in fields]
        forgotten = self._meta.get_field("saved_at").get_db_prep_save(timezone.now() - KEPT_FOR, connection)
        with connection.cursor() as cursor:
            cursor.execute(statement, [*values, *_numbers_in(seen), forgotten])
            return bool(cursor.rowcount)


def _numbers_in(mark: str) -> tuple[int, int]:
    found = _MARK.fullmatch(mark)
    return (int(found[1]), int(found[2])) if found else (0, 0)
