from django.db import models
from django.utils.translation import gettext_lazy as _

from publishing import picture_files
from publishing.images import make_renditions, picture_path, rendition_name, rendition_widths


class Picture(models.Model):
    """A photo in its place among a record's photos, kept without metadata and in several widths."""

    class Consent(models.TextChoices):
        GRANTED = "granted", _("已获书面授权")
        NO_PERSON = "no_person", _("不涉及可识别患者")
        TREATED = "treated", _("已处理（打码或背影）")

    image = models.ImageField(
        _("照片"), upload_to=picture_path, width_field="width", height_field="height", max_length=120, db_index=True
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
            with self.image.storage.open(self.image.name) as file:
                picture_files.note(self.image.name, file.read())
        if replaced:
            replaced.discard_files()

    def delete(self, *args, **kwargs):
        deleted = super().delete(*args, **kwargs)
        self.discard_files()
        return deleted

    def discard_files(self) -> None:
        """Once it is certain that nothing shows them any more: a photo that was taken out is gone for good."""
        picture_files.remove_unless_shown(self.image.storage, self.image.name)

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
