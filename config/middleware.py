"""Middleware for the whole site."""

import json
from urllib.parse import unquote_to_bytes

from django.http import HttpResponseBadRequest
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers

from publishing.api_answers import sentence_for


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


class AnswerApiInJson:
    """What is under /api/ answers in JSON, Django's own errors too, and may be read by the scripts of any site.

    Any: nobody signs in there, so a foreign page learns nothing that it could not fetch for itself.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.path.startswith("/api/"):
            if response.status_code >= 400 and response.get("Content-Type") != "application/json":
                response.content = json.dumps({"detail": sentence_for(response.status_code)}, ensure_ascii=False)
                response["Content-Type"] = "application/json"
                response["Content-Length"] = len(response.content)
            response["Access-Control-Allow-Origin"] = "*"
            response["Access-Control-Expose-Headers"] = "ETag"
        return response


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
