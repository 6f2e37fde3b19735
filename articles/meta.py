"""What the pages of articles and tags say of themselves (``publishing.meta``)."""

from django.urls import reverse
from django.utils.translation import gettext as _
from taggit.models import Tag

from articles.filters import ArticleFilter
from articles.models import Article
from hospitals.meta import as_organisation, feeds_of
from publishing.meta import (
    NOT_INDEXED,
    NOT_INDEXED_BUT_FOLLOWED,
    Address,
    Column,
    PageMeta,
    description_of,
    image_of,
    iso,
    list_path,
    numbered,
    organisation,
)
from publishing.models import Version
from publishing.richtext import plain_text


def article_list_meta(form: ArticleFilter, page: int) -> PageMeta:
    own = reverse("article_list")
    return PageMeta(
        title=numbered(_("报道"), page),
        description=_("各公立医院党建工作的报道全文，注明来源与日期，可按医院和年份查。"),
        path=list_path(own, form.conditions, page),
        crumbs=((_("报道"), own),),
        column=Column(_("报道"), _("公立医院党建工作的报道"), (_("医院党建"), _("党支部"), _("报道")), _("工作动态")),
        robots=NOT_INDEXED_BUT_FOLLOWED if form.conditions else "",
        feeds=feeds_of()[:1],
    )


def article_meta(article: Article, version: Version | None) -> PageMeta:
    path = article.get_absolute_url()
    return PageMeta(
        title=article.title,
        description=description_of(article.lede or plain_text(article.body), article.title),
        path=path,
        crumbs=((_("报道"), reverse("article_list")), (article.title, path)),
        kind="article",
        image=image_of(article.cover),
        keywords=tuple(tag.name for tag in article.tags.all()),
        author=" ".join(article.authors),
        source=article.publisher or article.hospital.name,
        published=article.published_at,
        modified=version.public_from if version else None,
        json_ld=(_as_news(article, version),),
        robots=NOT_INDEXED if article.is_preview else "",
    )


def tag_meta(tag: Tag, page: int) -> PageMeta:
    own = reverse("tag", args=[tag.slug])
    name = _("标签：%s") % tag.name
    return PageMeta(
        title=numbered(name, page),
        description=_("与“%s”有关的活动和报道。") % tag.name,
        path=list_path(own, {}, page),
        crumbs=((name, own),),
        column=Column(tag.name, _("与“%s”有关的活动和报道") % tag.name, (tag.name,), _("专题专栏")),
    )


def _as_news(article: Article, version: Version | None) -> dict:
    image = image_of(article.cover)
    authors = [{"@type": "Person", "name": name} for name in article.authors]
    if not authors and not article.is_reprint:  # of a reprint without names nobody knows who wrote it
        authors = [as_organisation(article.hospital)]
    modified = version.public_from if version else article.published_at
    facts = {
        "@type": "NewsArticle",
        "headline": article.title,
        "datePublished": iso(article.published_at) if article.published_at else "",
        "dateModified": iso(modified) if modified else "",
        "author": authors,
        "publisher": organisation(article.publisher) if article.publisher else as_organisation(article.hospital),
        "image": image and Address(image.path),
        "mainEntityOfPage": Address(article.get_absolute_url()),
    }
    return {name: value for name, value in facts.items() if value}
