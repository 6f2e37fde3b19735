"""The one paging call of all public lists."""

from django.core.paginator import InvalidPage, Page, Paginator
from django.http import Http404
from django.utils.translation import gettext as _


def page_of(request, rows, per_page: int = 20) -> Page:
    """The requested page of rows; its ``query`` keeps the other parameters for the links to further pages."""
    number = request.GET.get("page", "1")
    if not (number.isascii() and number.isdigit() and len(number) <= 9):
        raise Http404(_("没有这一页。"))
    try:
        page = Paginator(rows, per_page).page(int(number))
    except InvalidPage as error:
        raise Http404(_("没有这一页。")) from error
    others = request.GET.copy()
    others.pop("page", None)
    page.query = others.urlencode()
    return page
