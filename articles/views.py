"""Public pages of articles."""

from django.shortcuts import render

from articles.filters import ArticleFilter
from articles.models import Article
from branches.plaques import plaque_of_branch
from publishing.freshness import public_page
from publishing.paging import page_of
from publishing.previews import live_version, public_or_preview, render_record


@public_page
def article_list(request):
    form = ArticleFilter(request.GET)
    valid = form.is_valid()
    rows = form.rows() if valid else Article.objects.none()
    context = {"form": form, "page": page_of(request, rows.with_teaser().newest_first())}
    return render(request, "articles/article_list.html", context, status=200 if valid else 400)


@public_page
def article_detail(request, pk):
    article = public_or_preview(request, Article.objects.with_details(), pk=pk)
    plaques = [plaque_of_branch(branch) for branch in article.branches.all()]
    context = {"article": article, "plaques": plaques, "version": live_version(article)}
    return render_record(request, "articles/article_detail.html", context, article)
