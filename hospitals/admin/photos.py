"""Photos of a record: rows in its form, and a door through which many pictures come, one in a request."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, JsonResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from hospitals.models import Hospital, Upload
from hospitals.photo_forms import PhotoForm, PhotoFormSet
from hospitals.photos import MOST_AT_ONCE, MOST_WAITING, readable_photos, used_before
from publishing.admin_forms import is_key
from publishing.admin_inlines import PictureInline
from publishing.images import ACCEPT, MAX_BYTES, clean_picture, refusal


class PhotoInline(PictureInline):
    form = PhotoForm
    formset = PhotoFormSet
    fields = ["image", "upload", "caption", "alt", "consent", "position"]
    above_rows = "admin/publishing/photos_at_once.html"
    most_at_once = MOST_AT_ONCE
    accept = ACCEPT
    max_bytes = MAX_BYTES
    too_large = refusal("too_large", size="0.0", limit=MAX_BYTES // 2**20).messages[0]

    @property
    def door(self) -> str:
        """Where the pictures are sent."""
        return reverse(f"admin:{door_name(self.parent_model._meta)}")

    def get_fields(self, request, obj=None):
        fields = super().get_fields(request, obj)
        return [name for name in fields if name != "upload"] if self._is_shown_only(request, obj) else fields

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.user = request.user
        return formset


class PhotoUploads(admin.ModelAdmin):
    """Adds ``photos/`` to the admin of a record: what is uploaded there waits for the form to be saved."""

    def get_urls(self):
        door = self.admin_site.admin_view(self.photos_door)
        return [path("photos/", door, name=door_name(self.opts)), *super().get_urls()]

    def photos_door(self, request):
        """POST takes one picture, or forgets one; GET says what still waits. Answers are JSON."""
        hospital = self._hospital_of_photos(request)
        if hospital is None:
            return _refused(_("请先在表单上面选好医院，再选照片。"))
        if request.method != "POST":
            return self._waiting(request, hospital)
        if "forget" in request.POST:
            return self._forget_uploads(request, hospital)
        return self._take(request, hospital)

    def _hospital_of_photos(self, request) -> Hospital | None:
        """The one that is named, or the only one in which the person writes such records."""
        options, named = self.opts, (request.POST or request.GET).get("hospital", "")
        rights = [f"{options.app_label}.{verb}_{options.model_name}" for verb in ("add", "change")]
        own = Hospital.objects.editable_by(request.user)
        if named:
            own = own.filter(pk=named if is_key(named) else 0)
            if not own:
                raise Http404
        writable = [one for one in own if any(request.user.has_perm(right, one) for right in rights)]
        if not writable:
            raise PermissionDenied
        return writable[0] if len(writable) == 1 else None

    def _take(self, request, hospital: Hospital) -> JsonResponse:
        uploads = Upload.objects.editable_by(request.user).waiting()
        Upload.objects.forget_old()
        files = request.FILES.getlist("image")
        if len(files) != 1 or len(request.FILES) != 1:
            return _refused(_("没有收到照片，请重新选择。一次只传一张。"))
        if uploads.count() >= MOST_WAITING:
            return _refused(_("您已有%d张照片上传了还没有保存。请先保存，或移除不要的，再上传。") % MOST_WAITING)
        try:
            picture = clean_picture(files[0])
        except ValidationError as error:
            return _refused(error.messages[0])
        known = [*readable_photos(hospital, request.user), uploads.of_hospital(hospital)]
        upload = Upload.objects.keep(picture, hospital=hospital, user=request.user, known=known)
        return JsonResponse(_told([upload], hospital, request.user)[0], status=201)

    def _waiting(self, request, hospital: Hospital) -> JsonResponse:
        waiting = Upload.objects.editable_by(request.user).of_hospital(hospital).waiting()
        return JsonResponse({"uploads": _told(waiting, hospital, request.user)})

    def _forget_uploads(self, request, hospital: Hospital) -> JsonResponse:
        tokens = [token for token in request.POST.getlist("forget") if len(token) == 36][:MOST_WAITING]
        own = Upload.objects.editable_by(request.user).of_hospital(hospital).waiting()
        try:
            count = sum(upload.forget() for upload in own.filter(token__in=tokens))
        except ValidationError:  # no token at all
            count = 0
        return JsonResponse({"forgotten": count})


def door_name(options) -> str:
    return f"{options.app_label}_{options.model_name}_photos"


def _told(uploads, hospital: Hospital, user) -> list[dict]:
    """What the form shows of each; of a picture that a photo shows already, also where."""
    uploads = list(uploads)
    known = used_before([upload.image.name for upload in uploads], hospital, user)
    return [
        {"token": str(upload.token), "thumbnail": upload.thumbnail, "used": known.get(upload.image.name)}
        for upload in uploads
    ]


def _refused(why) -> JsonResponse:
    return JsonResponse({"error": str(why)}, status=400)
