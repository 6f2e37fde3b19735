"""How the database finds what contains a text: by pairs of neighbouring characters, where it is PostgreSQL.

Containment is the meaning, the pairs are a way to get there: every text that contains 义诊下乡 has the pairs 义诊, 诊下
and 下乡, and an index knows which texts have them. Of a word of two characters they say it all; a longer word is looked
for in the texts that are left. On SQLite every text is looked through.
"""

from collections.abc import Iterable

from django.db import connections
from django.db.models import BooleanField, F, Func, QuerySet, TextField
from django.db.models.expressions import Combinable
from django.db.models.sql.datastructures import BaseTable


def pairs(words: Iterable[str]) -> list[str]:
    """The different pairs of neighbouring characters, as ``publishing_pairs`` in the database makes them."""
    return sorted({word[place : place + 2] for word in words for place in range(len(word) - 1)})


class RowsWithPairs(BaseTable):
    """In the place of a table in FROM: those of its rows whose ``search_text`` has all of these pairs.

    Apart from all other conditions (OFFSET 0), so that nothing but the index can answer it. Beside them the planner
    may hold another one for the rarer (always, until the table is analysed), and then makes the pairs of thousands of
    texts anew at half a millisecond each. The wanted pairs are in a query of their own for the like reason: of several
    pairs that it sees, the planner thinks that hardly a row has them all, and joins row by row what are thousands.
    """

    def __init__(self, table_name: str, alias: str, wanted: tuple[str, ...]):
        super().__init__(table_name, alias)
        self.wanted = wanted

    def as_sql(self, compiler, connection):
        quote = connection.ops.quote_name
        return (
            f"(SELECT * FROM {quote(self.table_name)} WHERE "
            # The collation is that of the index, without which it would not be used.
            'publishing_pairs(search_text) COLLATE "C" @> (SELECT %s::text[]) OFFSET 0) '
            f"AS {compiler.quote_name_unless_alias(self.table_alias)}",
            [list(self.wanted)],
        )

    def relabeled_clone(self, change_map):
        return type(self)(self.table_name, change_map.get(self.table_alias, self.table_alias), self.wanted)

    @property
    def identity(self):
        return *super().identity, self.wanted


class Holds(Func):
    """The text contains a word: what LIKE says too, in half the time, and no character of it is a wildcard."""

    output_field = BooleanField()

    def __init__(self, text: str, word: str):
        super().__init__(text)
        self.word = word

    def as_sql(self, compiler, connection, **_extra):
        text, params = compiler.compile(self.source_expressions[0])
        position = "strpos" if connection.vendor == "postgresql" else "instr"
        return f"{position}({text}, %s) > 0", [*params, self.word]


class FirstLine(Func):
    """The first line of a text, which of a search text is the title."""

    output_field = TextField()

    def as_postgresql(self, compiler, connection, **extra):
        return self.as_sql(compiler, connection, template=r"split_part(%(expressions)s, E'\n', 1)", **extra)

    def as_sqlite(self, compiler, connection, **extra):
        text, params = compiler.compile(self.source_expressions[0])
        return f"substr({text}, 1, instr({text} || char(10), char(10)) - 1)", [*params, *params]


def containing(rows: QuerySet, words: Iterable[str]) -> QuerySet:
    """Rows whose ``search_text`` contains every one of the words: that is the condition, the pairs only lead to it.

    The index is asked in a query of its own, so that the rows may be joined, grouped and counted as any others.
    """
    words = list(words)
    if not pairs(words) or not _has_index(rows):
        return _holding(rows, words)
    candidates = _by_pairs(rows.model._base_manager.order_by(), words)
    return rows.filter(pk__in=_holding(candidates, words).values("pk"))


def _holding(rows: QuerySet, words: list[str]) -> QuerySet:
    for word in words:
        rows = rows.filter(Holds("search_text", word))
    return rows


def first_containing(
    rows: QuerySet, words: Iterable[str], *, by: Combinable, also: tuple[str, ...] = (), most: int
) -> list[tuple]:
    """Key, ``by`` and ``also`` of the first rows that contain the words: highest ``by`` first, then the latest key.

    Candidates are put in order before the long texts are looked at, so that a phrase that half the rows contain
    costs no more than the rows that are wanted.
    """
    words = list(words)
    ordered = rows.annotate(placed_by=by).order_by("-placed_by", "-pk")
    if not _has_index(rows):
        return list(_holding(ordered, words).values_list("pk", "placed_by", *also)[:most])
    candidates = _by_pairs(ordered, words)
    left = [word for word in words if len(word) != 2]  # of two characters the pairs say it all
    if not left:
        return list(candidates.values_list("pk", "placed_by", *also)[:most])
    inner, params = candidates.values_list("pk", "placed_by", *also, "search_text").query.sql_with_params()
    names = ", ".join(["pk", "placed_by", *(f"also{number}" for number in range(len(also)))])
    holds = " AND ".join("strpos(search_text, %s) > 0" for _word in left)
    with connections[rows.db].cursor() as cursor:
        # OFFSET 0 keeps the condition on the texts out of the inner query, which orders without reading them.
        cursor.execute(
            f"SELECT {names} FROM ({inner} OFFSET 0) AS candidate ({names}, search_text) "
            f"WHERE {holds} ORDER BY placed_by DESC, pk DESC LIMIT {int(most)}",
            [*params, *left],
        )
        return cursor.fetchall()


def _has_index(rows: QuerySet) -> bool:
    return connections[rows.db].vendor == "postgresql"


def _by_pairs(rows: QuerySet, words: list[str]) -> QuerySet:
    """The same rows as far as they have the words' pairs; all of them where no index knows."""
    wanted = pairs(words)
    if not wanted or not _has_index(rows):
        return rows
    rows = rows.all()
    alias = rows.query.get_initial_alias()
    rows.query.alias_map[alias] = RowsWithPairs(rows.model._meta.db_table, alias, tuple(wanted))
    return rows


def with_first_line(rows: QuerySet) -> QuerySet:
    return rows.alias(first_line=FirstLine(F("search_text")))
