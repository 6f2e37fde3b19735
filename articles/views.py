"""Public pages of articles."""

from django.shortcuts import render

from articles.entries import stories_of
from articles.filters import ArticleFilter
from articles.meta import article_list_meta, article_meta
from articles.models import Article
from branches.plaques import plaque_of_branch
from hospitals.filters import hospital_choices
from publishing.freshness import public_page
from publishing.kept import lazily
from publishing.paging import page_of
from publishing.previews import live_version, public_or_preview, render_record


@public_page
def article_list(request):
    form = ArticleFilter(request.GET)
    valid = form.is_valid()
    rows = form.rows() if valid else Article.objects.none()
    page = page_of(request, rows.newest_first())
    context = {
        "meta": lazily(article_list_meta, form, page.number),
        "form": form,
        "page": page,
        "stories": lazily(stories_of, request.stamp, page),
        "hospitals": request.stamp.kept(("hospital choices",), hospital_choices),
    }
    return render(request, "articles/article_list.html", context, status=200 if valid else 400)


@public_page
def article_detail(request, pk):
    article = public_or_preview(request, Article.objects, pk=pk)
    version = lazily(live_version, article)
    context = {
        "meta": lazily(article_meta, article, version),
        "article": article,
        "plaques": lazily(lambda: [plaque_of_branch(branch) for branch in article.branches.all()]),
        "neighbours": lazily(lambda: Article.objects.public().neighbours(article)),
        "version": version,
    }
    return render_record(request, "articles/article_detail.html", context, article)
