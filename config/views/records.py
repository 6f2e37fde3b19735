"""Single records and the pages that gather records of several kinds."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from taggit.models import Tag

from articles.models import Article
from branches.models import Activity, Branch, Brand, Initiative
from hospitals.models import Hospital
from publishing.freshness import public_page
from publishing.paging import page_of
from publishing.previews import live_version, public_or_preview, render_record
from publishing.search import MAX_QUERY_LENGTH


@public_page
def activity_detail(request, reference):
    activity = public_or_preview(request, Activity.objects.with_details(), reference=reference)
    context = {
        "activity": activity,
        "version": live_version(activity),
        "articles": Article.objects.public().about(activity).with_teaser().newest_first()[:3],
        "others": Activity.objects.public().beside(activity).with_summary().newest_first()[:4],
    }
    return render_record(request, "branches/activity_detail.html", context, activity)


@public_page
def tag_detail(request, slug):
    tag = get_object_or_404(Tag, slug=slug)
    articles = Article.objects.public().tagged(slug).with_teaser().newest_first()
    page = page_of(request, Activity.objects.public().tagged(slug).with_summary().newest_first())
    article_count = articles.count()
    if not article_count and not page.paginator.count:
        raise Http404
    context = {"tag": tag, "articles": articles[:12], "article_count": article_count, "page": page}
    return render(request, "tag_detail.html", context)


@public_page
def search(request):
    query = request.GET.get("q", "")[:MAX_QUERY_LENGTH].strip()
    groups = [(label, list(rows[:20]), rows.count()) for label, rows in _matches(query)] if query else []
    context = {"query": query, "groups": groups, "total": sum(count for _label, _rows, count in groups)}
    return render(request, "search.html", context)


def _matches(query: str):
    yield "医院", Hospital.objects.public().search(query).with_places()
    yield "支部", Branch.objects.public().search(query).select_related("hospital").in_order()
    yield "品牌", Brand.objects.public().current().search(query).select_related("hospital", "branch__hospital")
    yield "举措", Initiative.objects.public().search(query).select_related("hospital", "branch__hospital")
    yield "活动", Activity.objects.public().search(query).with_summary().newest_first()
    yield "报道", Article.objects.public().search(query).with_teaser().newest_first()
