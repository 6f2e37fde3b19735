from django.db import models
from django.utils.translation import gettext_lazy as _


class PictureDigest(models.Model):
    """What is in a picture's file, by the file's name: a name is never given to another picture.

    No part of a record's content: several rows and versions may name one file (``publishing.holders``).
    """

    changes_the_site = False  # no visitor is shown any of it

    name = models.CharField(_("文件名"), max_length=120, unique=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64, db_index=True)

    class Meta:
        verbose_name = _("照片指纹")
        verbose_name_plural = _("照片指纹")

    def __str__(self):
        return self.name
