"""How the public read API answers: plain JSON, and errors in Chinese that say what to do next."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

ALLOWED = "GET, HEAD, OPTIONS"


class PlainJSONRenderer(JSONRenderer):
    """The same bytes for everybody: DRF would indent them where the Accept header says so."""

    def get_indent(self, accepted_media_type: str, renderer_context: dict) -> None:
        return None


def sentence_for(status: int) -> str:
    """What an error of this status says, and what to do next."""
    known = {
        400: _("这个请求读不懂，请检查网址和参数。"),
        403: _("这个地址不对外开放。"),
        404: _("没有这个地址，或者内容已经撤回。请从 /api/v1/ 列出的地址重新查找。"),
        405: _("这里只能读取，请用GET。"),
        406: _("这里只提供JSON，请把请求头Accept设为application/json，或者去掉。"),
    }
    return known.get(status, _("服务器出错了，请稍后再试。") if status >= 500 else known[400])


def answer_to_error(error: Exception, context: dict) -> Response | None:
    """As ``detail``; where parameters are wrong, their messages by name. None: a fault of ours, for Django to report."""
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        return None
    if isinstance(error, exceptions.ValidationError):
        return Response(error.detail, status=error.status_code)
    headers = {"Allow": ALLOWED} if error.status_code == 405 else None
    return Response({"detail": sentence_for(error.status_code)}, status=error.status_code, headers=headers)
