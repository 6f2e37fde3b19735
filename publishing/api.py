"""What every view of the public read API shares: who may ask, how errors answer, how a list is walked.

Nobody signs in here and nothing is written, so an answer never depends on who asks: a session is not even looked at.
"""

from urllib.parse import urlencode

from django.core.signing import BadSignature, Signer
from django.db.models import Model, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.pagination import BasePagination
from rest_framework.response import Response
from rest_framework.views import APIView

from publishing.api_answers import ALLOWED
from publishing.freshness import public_page
from publishing.kept import kept_each

PER_PAGE = 20
MOST_PER_PAGE = 100


class PublicView(APIView):
    """Fresh or not modified, like a public page; but no cookie changes it, so it does not vary."""

    http_method_names = ["get", "head", "options"]
    #: the query parameters it understands
    parameters: frozenset[str] = frozenset()

    def dispatch(self, request, *args, **kwargs):
        answer = super().dispatch
        if request.method not in {"GET", "HEAD"}:
            return answer(request, *args, **kwargs)
        response = public_page(answer)(request, *args, **kwargs)
        response.headers.pop("Vary", None)
        return response

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        # A misspelt filter that were passed over would give other people's numbers as the answer.
        if unknown := sorted(set(request.query_params) - self.parameters):
            known = "、".join(sorted(self.parameters)) or _("无")
            message = _("没有这个参数，请去掉。这里可用的参数：%s。") % known
            raise exceptions.ValidationError({name[:40]: [message] for name in unknown[:10]})

    def options(self, request, *args, **kwargs):
        """What a browser asks before a page of another site may send a conditional request."""
        headers = {
            "Allow": ALLOWED,
            "Access-Control-Allow-Methods": ALLOWED,
            "Access-Control-Allow-Headers": "If-Modified-Since, If-None-Match",
            "Access-Control-Max-Age": "86400",
        }
        return Response(status=204, headers=headers)

    def get_serializer_context(self) -> dict:
        request = self.request
        return {"request": request, "view": self, "site": f"{request.scheme}://{request.get_host()}"}


class CursorPages(BasePagination):
    """Pages that begin behind a row of the list's whole order, wherever that row is by now.

    DRF's own cursor compares the first column alone and counts past equal values, a thousand at most: undated
    activities all share one. ``columns`` of the view is the order that its rows come in, whole and without ties. The
    first is never NULL; in the others NULL comes last, or only among rows that all have it. The cursor is signed: it
    can only be one that was given out, so nothing typed by a stranger is ever compared.
    """

    def paginate_queryset(self, queryset: QuerySet, request, view=None) -> list[int]:
        """The keys of this page's rows, which are all that is asked for."""
        self.request, self.view = request, view
        self.size = self._size(request.query_params.get("limit", ""))
        if cursor := request.query_params.get("cursor", ""):
            queryset = queryset.filter(_behind_from_start(view.columns, self._values(cursor)))
        places = list(
            queryset.prefetch_related(None).values_list("pk", *(column.lstrip("-") for column in view.columns))[
                : self.size + 1
            ]
        )
        self.last = places[self.size - 1][1:] if len(places) > self.size else None
        return [key for key, *_values in places[: self.size]]

    def get_paginated_response(self, data: list) -> Response:
        return Response({"next": self._next(), "results": data})

    def get_paginated_response_schema(self, schema: dict) -> dict:
        following = {
            "type": "string",
            "format": "uri",
            "nullable": True,
            "description": _("下一页的地址；最后一页为null。"),
        }
        return {
            "type": "object",
            "description": _("一页。不给总数。"),
            "properties": {"next": following, "results": schema | {"description": _("这一页的各条。")}},
            "required": ["next", "results"],
        }

    def _size(self, text: str) -> int:
        if not text:
            return PER_PAGE
        if text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= MOST_PER_PAGE:
            return int(text)
        raise exceptions.ValidationError({"limit": [_("每页条数要写成1到%d的整数。") % MOST_PER_PAGE]})

    def _next(self) -> str | None:
        if self.last is None:
            return None
        values = [value.isoformat() if hasattr(value, "isoformat") else value for value in self.last]
        own = [(name, text) for name, texts in self.request.query_params.lists() for text in texts if name != "cursor"]
        query = urlencode([*own, ("cursor", self._signer.sign_object(values, compress=True))])
        return self.request.build_absolute_uri(f"{self.request.path}?{query}")

    def _values(self, cursor: str) -> list:
        try:
            values = self._signer.unsign_object(cursor)
        except (BadSignature, ValueError):
            values = []
        if len(values) != len(self.view.columns):  # of another list, altered, or of another release
            raise exceptions.ValidationError({"cursor": [_("这个翻页位置无效，请去掉cursor，从第一页重新开始。")]})
        return values

    @property
    def _signer(self) -> Signer:
        return Signer(salt=f"publishing.api.{type(self.view).__name__}")


def _behind_from_start(columns: tuple[str, ...], values: list) -> Q:
    """The same said twice: the first condition adds nothing but where in the index to begin."""
    name, beyond = columns[0].lstrip("-"), "lte" if columns[0].startswith("-") else "gte"
    return Q(**{f"{name}__{beyond}": values[0]}) & _behind(columns, values)


def _behind(columns: tuple[str, ...], values: list) -> Q:
    """Rows that this order puts behind one with these values."""
    (column, *more), (value, *rest) = columns, values
    name = column.lstrip("-")
    equal = Q(**{f"{name}__isnull": True}) if value is None else Q(**{name: value})
    further = equal & _behind(tuple(more), rest) if more else None
    if value is None:
        return further or Q(pk__in=[])
    beyond = Q(**{f"{name}__{'lt' if column.startswith('-') else 'gt'}": value})
    if not column.startswith("-"):
        beyond |= Q(**{f"{name}__isnull": True})
    return beyond | further if further else beyond


class ListView(PublicView, ListAPIView):
    """A list as ``form_class`` narrows it, by the same words as the pages."""

    form_class: type
    #: the order of ``in_order``, for the cursor
    columns: tuple[str, ...]
    pagination_class = CursorPages

    @property
    def parameters(self) -> frozenset[str]:
        return frozenset(self.form_class().fields) | {"cursor", "limit"}

    def in_order(self, rows: QuerySet) -> QuerySet:
        return rows

    def get_queryset(self) -> QuerySet:
        form = self.form_class(self.request.query_params)
        if not form.is_valid():
            raise exceptions.ValidationError(form.errors)
        return self.in_order(form.rows())

    def list(self, request, *args, **kwargs) -> Response:
        """Entries are kept one by one, as those of the pages are: the same row stands in many lists."""
        rows, context = self.get_queryset(), self.get_serializer_context()

        def make(keys: list[int]) -> dict[int, dict]:
            read = list(self.serializer_class.fetched(rows.order_by().filter(pk__in=keys)))
            entries = self.serializer_class(read, many=True, context=context).data
            return {row.pk: entry for row, entry in zip(read, entries, strict=True)}

        name = f"api:{type(self).__name__}:{context['site']}"
        return self.get_paginated_response(kept_each(request.stamp, name, self.paginate_queryset(rows), make))


class RecordView(PublicView, RetrieveAPIView):
    """One row of ``queryset``'s public ones; ``lookup`` says how the parts of the address find it."""

    lookup: dict[str, str]

    def public(self) -> QuerySet:
        raise NotImplementedError

    def get_object(self) -> Model:
        rows = self.serializer_class.fetched(self.public())
        return get_object_or_404(rows, **{self.lookup[name]: value for name, value in self.kwargs.items()})
