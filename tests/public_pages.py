"""Every kind of public page, in one table, and the small site it is true of: the demo content.

The browser tests walk it, the checks of the markup parse it. A new address fails in tests/config/test_html.py until it
is here or among those that answer with no page.
"""

import io
import os
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count, cycle
from unittest import mock

from django.apps import apps
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.core.validators import MaxLengthValidator
from django.db import models
from django.test import override_settings
from django.utils.html import escape
from PIL import Image
from taggit.models import Tag

from articles.models import Article
from branches.models import Activity
from hospitals.models import User
from publishing.images import RENDITION_WIDTHS
from publishing.models import Picture
from publishing.richtext import RichTextField

HOSPITAL = "weinan-shi-dier-yiyuan"
BRANCH = "di-wu-zhibu"


@dataclass(frozen=True)
class PublicPage:
    name: str
    route: str  # as the URL configuration has it
    address: str | Callable[[], str]
    status: int = 200


def _articles():
    return Article.objects.public().newest_first()


def _activities():
    return Activity.objects.public().newest_first()


def _single_activities():
    return _activities().filter(nature=Activity.Nature.SINGLE).exclude(precision="unknown")


def _of(records: Callable[[], models.QuerySet], number: int = 0, ending: str = "") -> Callable[[], str]:
    return lambda: records()[number].get_absolute_url() + ending


def _correction() -> str:
    return f"/about/?from={_articles()[0].get_absolute_url()}"


HOSPITAL_ROUTE, BRANCH_ROUTE = "hospitals/<slug:slug>/", "hospitals/<slug:hospital_slug>/branches/<slug:slug>/"
ARTICLE_ROUTE, ACTIVITY_ROUTE = "articles/<int:pk>/", "activities/<str:reference>/"

#: The first of each route is its usual face; those after it are its other states.
PAGES = [
    PublicPage("home", "", "/"),
    PublicPage("hospitals", "hospitals/", "/hospitals/"),
    PublicPage("hospitals-of-a-region", "hospitals/", "/hospitals/?region=370000"),
    PublicPage("hospitals-not-found", "hospitals/", "/hospitals/?q=查无此院"),
    PublicPage("hospitals-refused", "hospitals/", "/hospitals/?region=99", 400),
    PublicPage("hospital", HOSPITAL_ROUTE, f"/hospitals/{HOSPITAL}/"),
    PublicPage("hospital-without-branches", HOSPITAL_ROUTE, "/hospitals/weishan-xian-renmin-yiyuan/"),
    PublicPage("branch", BRANCH_ROUTE, f"/hospitals/{HOSPITAL}/branches/{BRANCH}/"),
    PublicPage("branch-without-brand", BRANCH_ROUTE, "/hospitals/jining-shi-disan-renmin-yiyuan/branches/guke/"),
    PublicPage("brands", "brands/", "/brands/"),
    PublicPage("brands-of-a-hospital", "brands/", f"/brands/?hospital={HOSPITAL}"),
    PublicPage("brands-not-found", "brands/", "/brands/?q=查无此牌"),
    PublicPage("brands-refused", "brands/", "/brands/?hospital=nope", 400),
    PublicPage("activities", "activities/", "/activities/"),
    PublicPage(
        "activities-filtered", "activities/", f"/activities/?hospital={HOSPITAL}&kind=free_clinic&period=2023H1"
    ),
    PublicPage("activities-last-page", "activities/", "/activities/?page=2"),
    PublicPage("activities-not-found", "activities/", "/activities/?q=查无此事"),
    PublicPage("activities-refused", "activities/", "/activities/?from=2023-06-02&to=2023-06-01&kind=nope", 400),
    PublicPage("activity", ACTIVITY_ROUTE, _of(_single_activities, 1)),
    PublicPage("activity-summary", ACTIVITY_ROUTE, _of(lambda: _activities().filter(nature=Activity.Nature.SUMMARY))),
    PublicPage("activity-undated", ACTIVITY_ROUTE, _of(lambda: _activities().filter(precision="unknown"))),
    PublicPage("articles", "articles/", "/articles/"),
    PublicPage("articles-filtered", "articles/", f"/articles/?hospital={HOSPITAL}&year=2023"),
    PublicPage("articles-not-found", "articles/", "/articles/?q=查无此文"),
    PublicPage("articles-refused", "articles/", "/articles/?year=abc", 400),
    PublicPage("article", ARTICLE_ROUTE, _of(_articles, 1)),
    PublicPage("article-with-photos", ARTICLE_ROUTE, _of(_articles)),
    PublicPage("article-in-large-type", ARTICLE_ROUTE, _of(_articles, 1, "?size=xl")),
    PublicPage("tag", "tags/<str:slug>/", "/tags/志愿服务/"),
    PublicPage("search", "search/", "/search/?q=近视"),
    PublicPage("search-not-begun", "search/", "/search/"),
    PublicPage("search-of-one-kind", "search/", f"/search/?q=义诊&kind=activity&hospital={HOSPITAL}"),
    PublicPage("search-of-many-pages", "search/", "/search/?q=支部&page=2"),
    PublicPage("search-of-one-character", "search/", "/search/?q=眼"),
    PublicPage("search-not-found", "search/", "/search/?q=查无此词"),
    PublicPage("statistics", "statistics/", "/statistics/"),
    PublicPage("statistics-of-a-hospital", "statistics/", f"/statistics/?hospital={HOSPITAL}&year=2023"),
    PublicPage("statistics-of-a-measure", "statistics/", "/statistics/?measure=visits"),
    PublicPage(
        "statistics-without-records", "statistics/", "/statistics/?hospital=weishan-xian-renmin-yiyuan&year=1990"
    ),
    PublicPage("statistics-by-kind", "statistics/", "/statistics/?by=kind"),
    PublicPage("statistics-by-quarter", "statistics/", "/statistics/?by=time&year=2023"),
    PublicPage("statistics-by-year", "statistics/", "/statistics/?by=time"),
    PublicPage("statistics-by-branch", "statistics/", f"/statistics/?by=owner&hospital={HOSPITAL}"),
    PublicPage("statistics-by-region", "statistics/", "/statistics/?by=region"),
    PublicPage("statistics-refused", "statistics/", "/statistics/?year=abc", 400),
    PublicPage("about", "about/", "/about/"),
    PublicPage("about-a-correction", "about/", _correction),
    PublicPage("accessibility", "accessibility/", "/accessibility/"),
    PublicPage("site-map", "sitemap/", "/sitemap/"),
    PublicPage("not-found", "", "/there-is-no-such-page/", 404),
]
TYPES = [page for number, page in enumerate(PAGES) if page.route not in {other.route for other in PAGES[:number]}]
#: On a site that holds nothing yet
EMPTY = [page for page in TYPES if isinstance(page.address, str) and page.address.count("/") <= 2]

#: Files, feeds and answers for programs; what only takes a form; what only staff can open.
NO_PAGES = {
    "activities.csv",
    "activities.xlsx",
    "activities.ics",
    "statistics.csv",
    "statistics.xlsx",
    "feeds/articles.atom",
    "feeds/activities.atom",
    "feeds/<slug:slug>/articles.atom",
    "feeds/<slug:slug>/activities.atom",
    "sitemap.xml",
    "sitemap-<slug:section>.xml",
    "robots.txt",
    "healthz",
    "readyz",
    r"^media/(?P<name>.+)$",
    "care/",
    "preview/brand/<int:pk>/",
    "preview/initiative/<int:pk>/",
    "preview/report/<int:pk>/",
}
API = "api/v1/"


def addresses(pages: list[PublicPage] = PAGES) -> dict[str, str]:
    """By name, where the pages are on the site that has just been loaded."""
    return {page.name: page.address if isinstance(page.address, str) else page.address() for page in pages}


def load_site(password: str) -> None:
    """The demo with its accounts; of its pictures two in the newest article and one in each of two activities."""
    with override_settings(DEBUG=True), mock.patch.dict(os.environ, DEMO_PASSWORD=password):
        call_command("load_demo", "--no-pictures", verbosity=0)  # it refuses to run anywhere else
    owners = [_articles()[0], _articles()[0], _single_activities()[1], _activities().filter(nature="summary")[0]]
    for number, owner in enumerate(owners, 1):
        consent = Picture.Consent.NO_PERSON
        owner.photos.create(image=drawn(), caption=f"图{number}", alt=f"照片{number}", consent=consent, position=number)


def drawn() -> ContentFile:
    """A picture wide enough to have every copy."""
    file = io.BytesIO()
    Image.new("L", (max(RENDITION_WIDTHS), 960), 128).save(file, "JPEG")
    return ContentFile(file.getvalue(), "a.jpg")


# -- What may be typed into a field

RICH = "<h2>%s</h2><p>%s</p><table><tbody><tr><th>%s</th><td><p>%s</p></td></tr></tbody></table>"

HOSTILE = [
    "\"><b onclick='x'>& &lt;&#39; </script>",
    "无空格" + "支部委员会" * 58 + "完",
    "w" * 300,
    "\u202eRTL\u2066隔离\u200f结束 العربية שלום",
    "🚩👩🏽‍⚕️ emoji 𠮷野家 \u3000全角　空格",
    "{{ 1|add:1 }}{% url %}%s%(x)s\\'\\\"",
]


def make_hostile() -> None:
    """What editors type freely is replaced everywhere, each row by another unpleasant text, as long as it may be."""
    texts, number = cycle(HOSTILE), count(1)
    models_of = [
        model for app in ("hospitals", "branches", "articles") for model in apps.get_app_config(app).get_models()
    ]
    for model in [*models_of, Tag]:
        fields = [field for field in model._meta.fields if model is not User and _is_typed_freely(field)]
        for row in model._base_manager.all():
            for field in fields:
                text = f"{next(number)}{next(texts)}"[: field.max_length or 400]
                setattr(row, field.name, RICH % ((escape(text),) * 4) if isinstance(field, RichTextField) else text)
            if fields:
                names = [field.name for field in fields]
                model._base_manager.filter(pk=row.pk).update(**{name: getattr(row, name) for name in names})


def _is_typed_freely(field: models.Field) -> bool:
    is_text = isinstance(field, models.CharField | models.TextField) and field.editable and not field.choices
    return is_text and all(isinstance(check, MaxLengthValidator) for check in field.validators)
