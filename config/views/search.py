"""The search of the whole site."""

from django.shortcuts import render

from articles.search import Search
from config.meta import search_meta
from publishing.freshness import public_page
from publishing.paging import page_of


@public_page
def search(request):
    asked = {name: request.GET.get(name, "") for name in ("kind", "hospital", "year")}
    found = Search(request.GET.get("q", ""), **asked, stamp=request.stamp)
    page = page_of(request, range(found.total), per_page=20)
    context = {
        "meta": search_meta(found.query, page.number),
        "found": found,
        "page": page,
        "hits": found.hits(page.object_list),
    }
    return render(request, "search.html", context)
