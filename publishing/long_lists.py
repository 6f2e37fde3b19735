"""Long lists, read once from beginning to end: one query, in constant memory, the first rows at once.

What belongs to each row comes with it, in one column (``json_rows``): prefetching would ask again for every few hundred
rows, and a join repeats the row for each of its parts.
"""

import json
from collections.abc import Iterator
from contextlib import nullcontext
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db import connections, transaction
from django.db.models import Aggregate, OuterRef, QuerySet, Subquery, TextField
from django.db.models.functions import JSONArray

ROWS_AT_A_TIME = 2000


@lru_cache(maxsize=10_000)
def _exact(text: str) -> int | Decimal:
    """12 and not 12.00: one database keeps the zeros, the other does not."""
    number = Decimal(text)
    return int(number) if number == number.to_integral_value() else number.normalize()


_DECODER = json.JSONDecoder(parse_float=_exact)


def one_after_the_other(rows: QuerySet) -> Iterator[Any]:
    """The rows of a queryset, however many there are.

    On PostgreSQL in a transaction of their own: a cursor outside of one makes the server put the whole result together
    before it gives the first row. On SQLite, which steps through a result as it is read, a transaction would keep every
    writer waiting.
    """
    is_server_side = connections[rows.db].vendor == "postgresql"
    with transaction.atomic(using=rows.db, savepoint=False) if is_server_side else nullcontext():
        yield from rows.iterator(chunk_size=ROWS_AT_A_TIME)


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
    """Sorted by their first fields, which have to tell them apart. Numbers are int, or Decimal."""
    return sorted(_DECODER.decode(text)) if text else []
