"""What keeps the site itself going: pictures, the large-text mode, health, refusals."""

from pathlib import PurePosixPath

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag, url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from psycopg_pool import PoolTimeout

from publishing import log, picture_files
from publishing.holders import is_open_to, is_public
from publishing.images import original_name

TEN_MINUTES = 10 * 60
ONE_YEAR = 365 * 24 * 60 * 60
PICTURE_TYPES = {".jpg": "image/jpeg", ".webp": "image/webp"}


@require_safe
def media(request, name):
    """A picture's file: for everybody while a public record shows it, for those who work on one at any time."""
    picture = original_name(name)
    if picture is None:
        raise Http404
    if is_public(picture):  # and who asks is not looked at, so that a cache on the way may answer the next visitor
        response = get_conditional_response(request, etag=quote_etag(name)) or _file(name)
        response["Cache-Control"] = f"public, max-age={TEN_MINUTES}"  # a withdrawn picture is gone after these
        response["ETag"] = quote_etag(name)  # a name is never given to another picture
    elif is_open_to(request.user, picture):
        response = _file(name)
        response["Cache-Control"] = "private, no-store"
    else:
        raise Http404
    return response


def _file(name: str) -> HttpResponseBase:
    """The bytes, or where a web server in front has the folder, the order to send them."""
    content_type = PICTURE_TYPES[PurePosixPath(name).suffix]
    prefix = settings.MEDIA_ACCEL_PREFIX
    try:
        if not default_storage.exists(name):
            picture_files.make_copy(default_storage, name)
        if prefix:
            return HttpResponse(content_type=content_type, headers={"X-Accel-Redirect": prefix + name})
        return FileResponse(default_storage.open(name), content_type=content_type)
    except FileNotFoundError as error:
        raise Http404 from error


@csrf_exempt  # it changes how the visitor's own browser shows pages and needs no cookie to protect
@require_POST
def care(request):
    """Switch 关怀版 (large text, high contrast) on or off and go back to the page."""
    back = request.META.get("HTTP_REFERER", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    response = redirect(back if is_ours else "home")
    if request.COOKIES.get("care") == "1":
        response.delete_cookie("care", samesite="Lax")
    else:
        response.set_cookie("care", "1", max_age=ONE_YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    return response


def health(request):
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


def ready(request):
    """The database answers and is migrated; 503 until then, so that no visitor is sent to a half-started server."""
    try:
        executor = MigrationExecutor(connection)
        text = "migrations pending" if executor.migration_plan(executor.loader.graph.leaf_nodes()) else "ok"
    except (DatabaseError, PoolTimeout):
        text = "database unreachable"
    return HttpResponse(text, status=200 if text == "ok" else 503, content_type="text/plain")


def csrf_failure(request, reason=""):
    log.refused_page(request, "表单校验没有通过")
    return render(request, "403_csrf.html", status=403)
