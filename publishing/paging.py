"""The one paging call of all public lists."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import InvalidPage, Page, Paginator
from django.db.models import QuerySet
from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from publishing.kept import lazily

PER_PAGE = 30  # about as much as a phone shows in ten screens
#: pages whose keys are read at once and kept: going through a list counts past the rows before it once in a block
PAGES_IN_BLOCK = 20


def page_of(request, rows, per_page: int = PER_PAGE) -> Page:
    """The requested page of rows; its ``query`` keeps the other parameters for the links to further pages.

    Of a public page the count and the keys are kept while the content is the same (``request.stamp``), so that the
    thousandth page costs what the first does. ``rows`` may also be what makes the queryset: it is asked only if
    something is not kept.
    """
    number = request.GET.get("page", "1")
    if not (number.isascii() and number.isdigit() and len(number) <= 9):
        raise Http404(_("没有这一页。"))
    others = request.GET.copy()
    others.pop("page", None)
    query = others.urlencode()
    stamp = getattr(request, "stamp", None)
    if stamp and (callable(rows) or isinstance(rows, QuerySet)):
        list_key, shelf = ("list", request.path, query, per_page), "lists" if query else "default"
        paginator = KeptPaginator(
            lazily(rows) if callable(rows) else rows,
            per_page,
            keep=lambda key, make: stamp.kept((*list_key, *key), make, shelf),
        )
    else:
        paginator = Paginator(rows, per_page)
    try:
        page = paginator.page(int(number))
    except InvalidPage as error:
        raise Http404(_("没有这一页。")) from error
    page.query = query
    page.others = [(name, value) for name, values in others.lists() for value in values]  # for a form
    return page


class KeptPaginator(Paginator):
    """Pages of a queryset by its rows' keys. ``keep(key, make)`` gives what ``make`` gave before."""

    def __init__(self, rows: QuerySet, per_page: int, *, keep: Callable[[tuple, Callable[[], Any]], Any]):
        super().__init__((), per_page)  # which would look at the rows, whether they have an order
        self.rows, self.keep = rows, keep

    @cached_property
    def count(self) -> int:
        return self.keep(("count",), lambda: self.rows.count())

    def page(self, number: int) -> Page:
        number = self.validate_number(number)
        block, place = divmod(number - 1, PAGES_IN_BLOCK)
        keys = self.keep(("keys", block), lambda: self._keys(block))[
            place * self.per_page : (place + 1) * self.per_page
        ]
        page = self._get_page(lazily(lambda: self.rows.filter(pk__in=keys)), number, self)
        page.keys = keys
        return page

    def _keys(self, block: int) -> list[int]:
        length = PAGES_IN_BLOCK * self.per_page
        keys = self.rows.prefetch_related(None).values_list("pk", flat=True)
        return list(keys[block * length : (block + 1) * length])
