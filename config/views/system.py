"""What keeps the site itself going: pictures, the large-text mode, health, refusals."""

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from psycopg_pool import PoolTimeout

ONE_YEAR = 365 * 24 * 60 * 60


@require_safe
def media(request, name):
    """A picture, for sites where no web server in front serves the folder itself."""
    try:
        file = default_storage.open(name)
    except (OSError, SuspiciousFileOperation, ValueError) as error:
        raise Http404 from error
    response = FileResponse(file)
    response["Cache-Control"] = f"public, max-age={ONE_YEAR}, immutable"  # names are unguessable and never reused
    return response


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
    return render(request, "403_csrf.html", status=403)
