"""Single records and the pages that gather records of several kinds."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from taggit.models import Tag

from articles.meta import tag_meta
from articles.models import Article
from branches.entries import entries_of
from branches.meta import activity_meta
from branches.models import Activity
from branches.plaques import plaque_of_brand
from publishing.freshness import public_page
from publishing.kept import lazily
from publishing.paging import page_of
from publishing.previews import live_version, public_or_preview, render_record


@public_page
def activity_detail(request, reference):
    activity = public_or_preview(request, Activity.objects, reference=reference)
    version = lazily(live_version, activity)
    context = {
        "meta": lazily(activity_meta, activity, version),
        "activity": activity,
        "version": version,
        "articles": lazily(lambda: Article.objects.public().about(activity).with_teaser().newest_first()[:3]),
        "plaque": lazily(lambda: activity.public_brand and plaque_of_brand(activity.public_brand)),
        "neighbours": lazily(lambda: Activity.objects.public().neighbours(activity)),
        "others": lazily(lambda: Activity.objects.public().beside(activity).as_entries().newest_first()[:4]),
    }
    return render_record(request, "branches/activity_detail.html", context, activity)


@public_page
def tag_detail(request, slug):
    tag = get_object_or_404(Tag, slug=slug)
    articles = Article.objects.public().tagged(slug).with_teaser().newest_first()
    page = page_of(request, Activity.objects.public().tagged(slug).newest_first())
    article_count = request.stamp.kept(("articles tagged", slug), articles.count)
    if not article_count and not page.paginator.count:
        raise Http404
    context = {
        "meta": lazily(tag_meta, tag, page.number),
        "tag": tag,
        "articles": articles[:12],
        "article_count": article_count,
        "page": page,
        "entries": lazily(entries_of, request.stamp, page),
    }
    return render(request, "tag_detail.html", context)
