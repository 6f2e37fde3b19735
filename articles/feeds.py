"""Atom feeds of what was published last: articles and activities, of all hospitals or of one, with the full text."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from articles.models import Article
from branches.facts import branch_of, facts_of
from branches.models import Activity
from hospitals.models import Hospital
from publishing.freshness import public_page
from publishing.live import with_live_since
from publishing.meta import description_of, image_of, readable
from publishing.models import Picture
from publishing.shown import day_text
from publishing.templatetags.typography import paragraphs

MOST_ENTRIES = 20

# Addresses on this site, in HTML that was sanitised when saved or written here: attributes always have this form, and
# a link may say first what it is to its target (rel) or how it is called (title).
_OWN_ADDRESS = re.compile(r'(<(?:a|img)(?: \w+="[^"]*")*? (?:href|src)=")(?=/(?!/))')


@dataclass(frozen=True)
class Entry:
    """One record as a feed tells it. Its addresses are within the site, so that one entry serves every host name."""

    path: str
    title: str
    summary: str
    html: str
    published: datetime
    updated: datetime
    authors: tuple[str, ...]
    categories: tuple[str, ...]


class FullTextFeed(Atom1Feed):
    """Django's feed with ``content``, and as many authors as there are."""

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        for name in item["authors"]:
            handler.startElement("author", {})
            handler.addQuickElement("name", name)
            handler.endElement("author")
        handler.addQuickElement("summary", item["summary"])
        handler.addQuickElement("content", item["html"], {"type": "html"})


@public_page
def article_feed(request, slug: str = ""):
    return _feed(request, _("报道"), reverse("article_list"), slug, newest_articles)


@public_page
def activity_feed(request, slug: str = ""):
    return _feed(request, _("活动"), reverse("activity_list"), slug, newest_activities)


def _feed(request, name: str, page: str, slug: str, newest: Callable[[Hospital | None], Iterator[Entry]]):
    """The feed of one hospital, or of all where no ``slug`` is given. ``page``: where a reader finds the same."""
    hospital = get_object_or_404(Hospital.objects.public(), slug=slug) if slug else None
    if hospital:  # read by few, and there may be a thousand of them: their texts are not kept
        entries = list(newest(hospital))
        page = hospital.get_absolute_url()
    else:
        entries = request.stamp.kept(("feed", newest.__name__), lambda: list(newest(None)))
    title = f"{hospital.name if hospital else settings.SITE_NAME}：{name}"
    return _written(request, readable(title), page, entries)


def _written(request, title: str, page: str, entries: Iterable[Entry]) -> HttpResponse:
    root = f"{request.scheme}://{request.get_host()}"
    feed = FullTextFeed(
        title,
        root + page,
        None,
        language="zh-CN",
        feed_url=root + request.path,
        feed_guid=root + request.path,
        author_name=settings.SITE_NAME,
    )
    for entry in entries:
        address = root + entry.path
        feed.add_item(
            entry.title,
            address,
            None,
            unique_id=address,  # built from a number that is given once and never again
            pubdate=entry.published,
            updateddate=entry.updated,
            categories=entry.categories,
            authors=entry.authors,
            summary=entry.summary,
            html=_OWN_ADDRESS.sub(rf"\g<1>{root}", entry.html),
        )
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)


def newest_articles(hospital: Hospital | None) -> Iterator[Entry]:
    rows = Article.objects.public().select_related("hospital").prefetch_related("photos", "bylines", "tags")
    for article in _newest(rows, hospital):
        yield _entry(
            article,
            summary=description_of(article.lede, article.subtitle),
            html=_article_html(article),
            authors=article.authors or [article.publisher or article.hospital.name],
            categories=[article.section_label, *article.tags.all()],
        )


def newest_activities(hospital: Hospital | None) -> Iterator[Entry]:
    rows = Activity.objects.public().with_summary().defer(None).prefetch_related("photos", "tags")
    for activity in _newest(rows, hospital):
        yield _entry(
            activity,
            summary=description_of(activity.summary),
            html=_activity_html(activity),
            authors=[f"{activity.hospital.name}{branch_of(activity)}"],
            categories=[activity.kind.name, *activity.tags.all()],
        )


def _newest(rows: QuerySet, hospital: Hospital | None) -> QuerySet:
    rows = rows.of_hospital(hospital) if hospital else rows
    return with_live_since(rows).order_by("-published_at", "-pk")[:MOST_ENTRIES]


def _entry(record, *, summary: str, html: str, authors: Iterable, categories: Iterable) -> Entry:
    return Entry(
        path=record.get_absolute_url(),
        title=readable(record.title),
        summary=summary,
        html=readable(html),
        published=record.published_at,
        updated=record.live_since,
        authors=tuple(readable(name) for name in authors),
        categories=tuple(dict.fromkeys(readable(name) for name in categories if str(name))),
    )


def _article_html(article: Article) -> str:
    parts = [
        _paragraph(article.subtitle),
        _paragraph(article.editors_note, _("编者按")),
        *(_figure(block["photo"]) if "photo" in block else block["html"] for block in article.blocks),
        _paragraph(article.note, _("编辑说明")),
        _paragraph(_origin(article), _("来源")),
    ]
    return "\n".join(part for part in parts if part)


def _origin(article: Article) -> str:
    if not article.is_reprint:
        return article.hospital.name
    stated = day_text(article.source_date) if article.source_date else article.source_date_text
    return "，".join(part for part in (article.publisher or _("原文未注明"), stated) if part)


def _activity_html(activity: Activity) -> str:
    facts = format_html_join("", "<li>{}：{}</li>", facts_of(activity))
    parts = [
        format_html("<ul>{}</ul>", facts),
        paragraphs(activity.summary),
        activity.story,
        format_html("<h2>{}</h2>{}", _("活动成效"), paragraphs(activity.results)) if activity.results else "",
        *map(_figure, activity.photos.all()),
        _paragraph(activity.source, _("来源")),
    ]
    return "\n".join(part for part in parts if part)


def _paragraph(text: str, heading: str = "") -> str:
    start = format_html("<b>{}</b>：", heading) if heading else ""
    return format_html("<p>{}{}</p>", start, text) if text else ""


def _figure(photo: Picture) -> SafeString:
    image = image_of(photo)
    caption = format_html("<figcaption>{}</figcaption>", photo.caption) if photo.caption else ""
    return format_html(
        '<figure><img src="{}" width="{}" height="{}" alt="{}">{}</figure>',
        image.path,
        image.width,
        image.height,
        image.alt,
        caption,
    )
