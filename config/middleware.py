"""Middleware for the whole site."""

from urllib.parse import unquote_to_bytes

from django.http import HttpResponseBadRequest
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers


class RefuseControlCharacters:
    """Answer 400 to a path or query that holds NUL or is not UTF-8.

    PostgreSQL cannot store or compare such text, so every view would otherwise need the same guard.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        query = unquote_to_bytes(request.META.get("QUERY_STRING", ""))
        if "\x00" in request.path or b"\x00" in query or not _is_utf8(query):
            return HttpResponseBadRequest(render_to_string("400.html"))
        return self.get_response(request)


class VaryOnLargeText:
    """Pages differ by the 关怀版 cookie: a cache on the way must not give one visitor's to all others."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["Cookie"])
        return response


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True
