"""Rows that are written once. On PostgreSQL a trigger refuses what this module cannot see (migration 0002)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class WrittenOnce(Exception):
    """An attempt to change or delete a row of the trail, the log or an old version."""

    def __init__(self):
        super().__init__(_("审核记录、操作日志、历次版本这类留底的记录只能添加，不能修改或删除。"))


class AppendOnlyQuerySet(models.QuerySet):
    def update(self, **kwargs):
        raise WrittenOnce

    def bulk_update(self, objs, fields, batch_size=None):
        raise WrittenOnce

    def bulk_create(self, objs, *args, update_conflicts=False, **kwargs):
        if update_conflicts:
            raise WrittenOnce
        return super().bulk_create(objs, *args, **kwargs)

    def delete(self):
        raise WrittenOnce


class AppendOnly(models.Model):
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise WrittenOnce
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise WrittenOnce
