"""Rows that belong to a row, fetched with it in one column: a list stays one query, however many parts its rows have.

For long lists that are read once from their beginning to their end (``iterator()``): prefetching asks again for every
few hundred rows, and a join repeats the row for each of its parts.
"""

import json
from decimal import Decimal
from typing import Any

from django.db.models import Aggregate, OuterRef, QuerySet, Subquery, TextField
from django.db.models.functions import JSONArray


class _Collected(Aggregate):
    """What the rows of a group give, as one JSON array in no particular order."""

    output_field = TextField()

    def as_sqlite(self, compiler, connection, **context):
        return super().as_sql(compiler, connection, function="JSON_GROUP_ARRAY", **context)

    def as_postgresql(self, compiler, connection, **context):
        template = "JSON_AGG(%(distinct)s%(expressions)s)::text"
        return super().as_sql(compiler, connection, template=template, **context)


def json_rows(rows: QuerySet, owner: str, *fields: Any) -> Subquery:
    """An annotation: of ``rows``, those whose ``owner`` is the outer row, each as its ``fields``, for ``read_rows``."""
    own = rows.order_by().filter(**{owner: OuterRef("pk")}).values(owner)
    return Subquery(own.annotate(json_rows=_Collected(JSONArray(*fields))).values("json_rows"))


def read_rows(text: str | None) -> list[list]:
    """Sorted by their first fields, which have to tell them apart. Numbers with a fraction are Decimal."""
    return sorted(json.loads(text, parse_float=Decimal)) if text else []
