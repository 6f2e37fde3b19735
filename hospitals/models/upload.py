from datetime import timedelta
from uuid import uuid4

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hospitals.models.hospital import Hospital
from hospitals.models.people import User
from hospitals.querysets import ScopedQuerySet
from publishing import picture_files
from publishing.images import CleanPicture, picture_path, rendition_name

#: How long a picture waits for the form it was uploaded for to be saved, and what became of it is remembered.
KEPT_FOR = timedelta(days=1)


class UploadQuerySet(ScopedQuerySet):
    def public(self):
        return self.none()

    def editable_by(self, user):
        """One's own, while one serves the hospital and the day is not over: nobody else sees what is not saved yet."""
        if not user.is_active or not user.is_staff:
            return self.none()
        return super().editable_by(user).filter(user=user, uploaded_at__gt=timezone.now() - KEPT_FOR)

    def waiting(self):
        """Those of which no photo has been made, in the order in which they came."""
        return self.filter(used_as="").order_by("uploaded_at", "pk")

    def keep(self, picture: CleanPicture, *, hospital: Hospital, user: User, known: models.QuerySet) -> "Upload":
        """``known``: rows with an ``image`` of which one with the same content lends its file, instead of a second one.

        That row is held until the upload is there, so that the file cannot go meanwhile.
        """
        sha256 = picture_files.digest(picture.content)
        own = {"hospital": hospital, "user": user, "sha256": sha256}
        with transaction.atomic():
            for rows in known:
                same = rows.filter(image__in=picture_files.names_with(sha256)).select_for_update(of=("self",)).first()
                if same:
                    return self.create(image=same.image.name, **own)
        storage = self.model._meta.get_field("image").storage
        # Takes its time, so not while the database is held.
        name = picture_files.keep(storage, picture)
        try:
            return self.create(image=name, **own)
        except BaseException:
            picture_files.remove(storage, name)
            raise

    def forget_old(self) -> int:
        """Those whose day is over, with their files. Returns how many there were."""
        with transaction.atomic():
            old = self.filter(uploaded_at__lte=timezone.now() - KEPT_FOR).select_for_update(skip_locked=True)
            return sum(upload.forget() for upload in old)


class Upload(models.Model):
    """A picture between its uploading and the saving of the form it is for. Then its file is that of a photo."""

    changes_the_site = False  # no visitor is shown any of it

    token = models.UUIDField(default=uuid4, editable=False, unique=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="uploads", verbose_name=_("填报人"))
    hospital = models.ForeignKey(Hospital, on_delete=models.CASCADE, related_name="uploads", verbose_name=_("医院"))
    image = models.ImageField(_("照片"), upload_to=picture_path, max_length=120, blank=True, db_index=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    uploaded_at = models.DateTimeField(_("上传时间"), default=timezone.now, db_index=True)
    #: the name of the file, once a photo shows it: a form that is sent twice finds its photo again
    used_as = models.CharField(_("存为"), max_length=120, blank=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("待用照片")
        verbose_name_plural = _("待用照片")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(used_as="") ^ models.Q(image=""),
                name="hospitals_upload_waits_or_is_used",
                violation_error_message=_("照片要么还没有用，要么已经用了。"),
            )
        ]

    def __str__(self):
        return str(self.token)

    @property
    def institution(self) -> Hospital:
        return self.hospital

    @property
    def thumbnail(self) -> str:
        return self.image.storage.url(rendition_name(self.image.name, 480))

    def used(self) -> None:
        """A photo has its file now. In the transaction that saves the photo."""
        self.image, self.used_as = "", self.image.name
        self.save(update_fields=["image", "used_as"])

    def forget(self) -> bool:
        storage, name = self.image.storage, self.image.name
        self.delete()
        if name:
            picture_files.remove_unless_shown(storage, name)
        return True
