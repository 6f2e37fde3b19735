"""What every record that becomes public shares. Knows no hospital, branch or article."""

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from publishing import workflow
from publishing.images import delete_renditions, make_renditions, picture_path, rendition_name, rendition_widths
from publishing.search import Searchable, SearchableQuerySet


class PublishableQuerySet(SearchableQuerySet):
    def public(self):
        """What a stranger may see. Every public page, list, count, search, feed and download starts here."""
        return self.filter(status=Publishable.Status.PUBLISHED, published_at__lte=timezone.now())

    def published(self):
        return self.filter(status=Publishable.Status.PUBLISHED)

    def not_withdrawn(self):
        return self.exclude(status=Publishable.Status.WITHDRAWN)


class Publishable(Searchable):
    """A record with a status that only the verbs of ``publishing.workflow`` change."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("草稿")
        PUBLISHED = "published", _("已发布")
        WITHDRAWN = "withdrawn", _("已撤回")

    status = models.CharField(_("状态"), max_length=20, choices=Status, default=Status.DRAFT, editable=False)
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("填报时间"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("填报人"),
    )
    updated_at = models.DateTimeField(_("修改时间"), auto_now=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("修改人"),
    )

    objects = PublishableQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def is_public(self) -> bool:
        return self.status == self.Status.PUBLISHED and self.published_at <= timezone.now()

    def can_be_edited_by(self, user) -> bool:
        raise NotImplementedError

    def can_be_published_by(self, user) -> bool:
        raise NotImplementedError

    def can_be_withdrawn_by(self, user) -> bool:
        raise NotImplementedError

    def publish(self, *, by) -> None:
        workflow.publish(self, by=by)

    def withdraw(self, *, by) -> None:
        workflow.withdraw(self, by=by)

    def reopen(self, *, by) -> None:
        workflow.reopen(self, by=by)


def publishable_constraints(prefix: str) -> list[models.CheckConstraint]:
    """What is published has a time of publication."""
    return [
        models.CheckConstraint(
            condition=~models.Q(status=Publishable.Status.PUBLISHED) | models.Q(published_at__isnull=False),
            name=f"{prefix}_published_when",
            violation_error_message=_("已发布的记录缺少发布时间，请撤回后重新发布。"),
        )
    ]


class Picture(models.Model):
    """A photo in its place among a record's photos, kept without metadata and in several widths."""

    class Consent(models.TextChoices):
        GRANTED = "granted", _("已获书面授权")
        NO_PERSON = "no_person", _("不涉及可识别患者")
        TREATED = "treated", _("已处理（打码或背影）")

    image = models.ImageField(
        _("照片"), upload_to=picture_path, width_field="width", height_field="height", max_length=120
    )
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    caption = models.CharField(_("图片说明"), max_length=200, blank=True)
    alt = models.CharField(
        _("替代文字"), max_length=200, blank=True, help_text=_("给看不见图片的读者：画面里有什么。不填则用图片说明。")
    )
    consent = models.CharField(_("肖像授权"), max_length=20, choices=Consent, blank=True)
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)

    class Meta:
        abstract = True
        ordering = ["position", "id"]

    def __str__(self):
        return self.caption or str(_("照片"))

    def save(self, *args, **kwargs):
        is_new_file = bool(self.image) and not self.image._committed
        replaced = type(self)._base_manager.filter(pk=self.pk).first() if is_new_file and self.pk else None
        super().save(*args, **kwargs)
        if is_new_file:
            make_renditions(self.image.storage, self.image.name)
        if replaced:
            replaced.discard_files()

    def delete(self, *args, **kwargs):
        deleted = super().delete(*args, **kwargs)
        self.discard_files()
        return deleted

    def discard_files(self) -> None:
        """Once it is certain that no row names them: a photo that was taken out is gone from the site as well."""
        storage, name = self.image.storage, self.image.name
        transaction.on_commit(lambda: (delete_renditions(storage, name), storage.delete(name)))

    @property
    def alternative(self) -> str:
        return self.alt or self.caption

    def url_at(self, width: int) -> str:
        return self.image.storage.url(rendition_name(self.image.name, width))

    @property
    def src(self) -> str:
        """The middle width, for browsers that do not read srcset."""
        widths = list(rendition_widths(self.width))
        return self.url_at(widths[min(1, len(widths) - 1)])

    @property
    def srcset(self) -> str:
        return ", ".join(f"{self.url_at(name)} {width}w" for name, width in rendition_widths(self.width).items())
