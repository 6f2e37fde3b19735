"""What is not public is behind no public door: each state of each model, a second before and after its hour.

A small public site is built once. To it come, one state after the other, records of each model full of telltale
words, and every public address is asked what it says. The addresses are those of the URL configuration: a new one
fails here until it is in the table of doors.
"""

import difflib
import io
import re
import zipfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Literal

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver
from django.utils import timezone
from PIL import Image

from articles.models import Article
from branches.calendars import CALENDAR_TYPE
from branches.models import Activity, Branch
from hospitals.models import Hospital
from publishing.freshness import PAGE_LIFE
from publishing.images import RENDITION_WIDTHS, rendition_name
from publishing.models import Publishable
from publishing.spreadsheets import XLSX_TYPE
from tests.factories import (
    make_activity,
    make_article,
    make_branch,
    make_brand,
    make_figure,
    make_hospital,
    make_initiative,
    make_period_figure,
    make_report,
    make_user,
)

pytestmark = pytest.mark.django_db

DUE = datetime(2024, 3, 1, 1, 30, tzinfo=UTC)
MOMENTS = {"before": DUE - timedelta(seconds=1), "after": DUE + timedelta(seconds=1)}
REVIEWED = {"published_at": DUE, "submitted_digest": "0" * 64}
#: The hour of publication is set in all of them, so that where one is hidden nothing but its status hides it.
STATES = {
    "draft": {"status": "draft", "published_at": DUE},
    "first_review": {"status": "first_review"} | REVIEWED,
    "second_review": {"status": "second_review"} | REVIEWED,
    "final_review": {"status": "final_review"} | REVIEWED,
    "scheduled": {"status": "published", "published_at": DUE},
    "published": {"status": "published", "published_at": DUE - timedelta(days=1)},
    "withdrawn": {"status": "withdrawn", "published_at": DUE},
}
COPY_STATES = ("draft", *map(str, Publishable.REVIEWS))
MODELS = ("activity", "article", "brand", "initiative", "report")


def is_visible(state: str, moment: str) -> bool:
    return state == "published" or (state == "scheduled" and moment == "after")


# -- The telltale words


def said(model: str, slot: str, mark: str) -> str:
    """``canary`` in titles and names, ``inside`` in what only a search of the whole text finds."""
    return f"{'canary' if slot in {'title', 'name', 'whole'} else 'inside'}-{model}-{slot}-{mark}"


def tell(record, model: str, mark: str, *slots: str) -> dict[str, str]:
    words = {slot: said(model, slot, mark) for slot in slots}
    for slot, word in words.items():
        setattr(record, slot, f"<p>{word}</p>" if slot in {"story", "body"} else word)
    record.save()
    return words


def tell_with_photo_and_tag(record, model: str, mark: str, *slots: str) -> dict[str, str]:
    words = tell(record, model, mark, *slots)
    words |= {slot: said(model, slot, mark) for slot in ("caption", "tag")}
    photo = record.photos.create(image=drawn(), caption=words["caption"])
    record.tags.add(words["tag"], "shared")
    record.refresh_search_text()
    return words | {"picture": stem(photo.image), "address": record.get_absolute_url()}


def drawn() -> ContentFile:
    """Wide enough to have every copy."""
    file = io.BytesIO()
    Image.new("L", (max(RENDITION_WIDTHS), 16), 128).save(file, "JPEG")
    return ContentFile(file.getvalue(), "a.jpg")


def stem(picture) -> str:
    """What the names of a picture and of its copies begin with."""
    return picture.name.removesuffix(".jpg")


def tell_activity(activity, mark: str) -> dict[str, str]:
    label = said("activity", "figure", mark)
    activity.figures.all().delete()
    make_figure(activity, "sessions", "7")
    make_figure(activity, "leaflets", "3", label=label)
    slots = ("title", "place", "summary", "story", "results", "host")
    words = tell_with_photo_and_tag(activity, "activity", mark, *slots)
    return words | {"figure": label, "reference": activity.reference}


def tell_article(article, mark: str) -> dict[str, str]:
    byline = article.bylines.create(name=said("article", "byline", mark))
    return tell_with_photo_and_tag(article, "article", mark, "title", "lede", "body", "note") | {"byline": byline.name}


def tell_brand(brand, mark: str) -> dict[str, str]:
    brand.emblem = drawn()
    return tell(brand, "brand", mark, "name", "idea", "highlights") | {"picture": stem(brand.emblem)}


def tell_whole_brand(brand, mark: str) -> dict[str, str]:
    brand.name = said("brand", "whole", mark)
    brand.save()
    return {"whole": brand.name}


def tell_initiative(initiative, mark: str) -> dict[str, str]:
    label = said("initiative", "figure", mark)
    initiative.figures.create(label=label, value=50, as_stated="50小时")
    return tell(initiative, "initiative", mark, "name", "description", "items") | {"figure": label}


def tell_report(report, mark: str) -> dict[str, str]:
    label = said("report", "figure", mark)
    make_period_figure(report, label=label, activity=report.branch.activities.get(nature="summary"))
    return tell(report, "report", mark, "title", "source", "note") | {"figure": label}


def tell_whole_report(report, mark: str) -> dict[str, str]:
    words = {slot: said("report", slot, mark) for slot in ("whole", "whole_figure")}
    report.title = words["whole"]
    report.save()
    make_period_figure(report, label=words["whole_figure"])
    return words


# -- The site: what is always public, and the records that come to it


@dataclass
class Site:
    hospital: Hospital
    branch: Branch
    activity: Activity
    summary: Activity
    article: Article
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    previews: dict[str, str] = field(default_factory=dict)
    keys: dict[str, int] = field(default_factory=dict)


def make_site() -> Site:
    hospital = make_hospital(name="金乡县人民医院", slug="h", code="H", introduction="County hospital")
    branch = make_branch(hospital, name="眼科支部", slug="b")
    make_branch(hospital, name="内科支部", slug="o")
    activity = make_activity(branch=branch, title="旁边的活动", public=True, figures={"sessions": "5"})
    summary = make_activity(branch=branch, title="旁边的汇总", nature="summary", public=True)
    article = make_article(hospital, title="旁边的报道", public=True)
    article.branches.add(branch)
    for record in (activity, article):
        record.tags.add("shared")
    return Site(hospital, branch, activity, summary, article)


#: What each row of ``add_records`` is, and what makes it tell.
TELLERS = (
    ("activity", tell_activity),
    ("article", tell_article),
    ("brand", tell_brand),
    ("initiative", tell_initiative),
    ("report", tell_report),
    ("brand", tell_whole_brand),
    ("report", tell_whole_report),
)


def add_records(site: Site, fields: dict) -> list[Publishable]:
    """Of each model one of a branch, and one of the whole hospital where that is another thing."""
    of_branch, of_hospital = {"branch": site.branch} | fields, {"hospital": site.hospital} | fields
    activity = make_activity(kind="first_aid", start=date(2022, 5, 1), **of_branch)
    article = make_article(**of_hospital)
    brand, initiative = make_brand(**of_branch), make_initiative(**of_branch)
    article.branches.add(site.branch)
    article.activities.add(site.activity)
    site.article.activities.add(activity)
    site.activity.brand, site.activity.initiative = brand, initiative
    site.activity.save()
    report, whole_brand, whole_report = make_report(**of_branch), make_brand(**of_hospital), make_report(**of_hospital)
    return [activity, article, brand, initiative, report, whole_brand, whole_report]


def let_tell(site: Site, rows: list[Publishable], mark: str) -> None:
    site.words = {model: {} for model in MODELS}
    site.previews, site.keys = {}, {}
    for row, (model, teller) in zip(rows, TELLERS, strict=True):
        site.words[model] |= teller(row, mark)
        site.previews.setdefault(model, row.get_preview_url())
        site.keys.setdefault(model, row.root_pk)


# -- The doors


@dataclass(frozen=True)
class Door:
    """An address, and what stands behind it once the records are public.

    ``shows``: their words, by model · ``numbers``: patterns, each with what the records add to the number found ·
    ``repeats``: words of the address itself, which the page may repeat · ``opens``: whom the page is for.
    """

    name: str
    address: Callable[[Site], str]
    shows: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, tuple[str, int]] = field(default_factory=dict)
    repeats: tuple[str, ...] = ()
    opens: Literal["always", "while public", "for staff"] = "always"

    @property
    def is_of_a_record(self) -> bool:
        """There is no such address without the records."""
        return bool(self.repeats) or self.opens != "always"


def fixed(name: str, address: str, shows: dict[str, str], numbers: dict[str, tuple[str, int]] | None = None) -> Door:
    return Door(name, lambda site: address, shows, numbers or {})


def of_one(model: str, slot: str, name: str, path: str, shows: str, **more) -> Door:
    """Whose address is made of a word of the record."""
    repeats = {"address": ("address", "reference")}.get(slot, (slot,))
    return Door(name, lambda site: path % site.words[model][slot], {model: shows}, repeats=repeats, **more)


def preview(model: str) -> Door:
    return Door(f"preview of one {model}", lambda site: site.previews[model], opens="for staff")


ENTRY = {"activity": "title address place figure", "report": "figure"}
STORY = {"article": "title lede picture address"}
INITIATIVE = {"initiative": "name description items figure"}
LEDGER = {
    "activity": "title reference place summary results host figure",
    "article": "address",
    "brand": "name",
    "initiative": "name",
    "report": "figure",
}
HITS = {"activity": "title summary address", "article": "title lede address", "brand": "name", "initiative": "name"}
LABELS = {"entries": "活动", "stories": "报道", "brands": "品牌", "initiatives": "举措"}
ONE_ENTRY = {"entries": (r"共<b>(\d+)</b>条活动", 1)}
ONE_STORY = {"stories": (r"共<b>(\d+)</b>篇", 1)}
ONE_ROW = {"rows": (r"(?m)^(\d+),", 1)}
ONE_SHEET_ROW = {"rows": (r'<row r="(\d+)"', 1)}

HOME = fixed(
    "home",
    "/",
    STORY | {"activity": "title address", "brand": "name whole", "report": "figure whole_figure"},
    {"stories": (r"报道(\d+)篇", 1), "brands": (r"，(\d+)个品牌", 2)},
)
HOSPITALS = {
    "entries": (r"<dt>活动</dt><dd>(\d+)", 1),
    "stories": (r"<dt>报道</dt><dd>(\d+)", 1),
    "brands": (r"(\d+)个支部品牌", 1),
}
HOSPITAL = fixed(
    "hospital",
    "/hospitals/h/",
    ENTRY | STORY | INITIATIVE | {"brand": "name whole", "report": "whole whole_figure figure"},
    {
        "entries": (r"全部(\d+)条", 1),
        "brands": (r"医院品牌(\d+)个", 1),
        "of its kind": (r'kind=first_aid" [^>]*>(\d+)<', 1),
    },
)
BRANCH = fixed(
    "branch",
    "/hospitals/h/branches/b/",
    ENTRY | STORY | INITIATIVE | {"brand": "name idea highlights picture whole", "report": "title figure source note"},
    {"entries": (r"全部(\d+)条", 1)},
)
WALL = {"hung": (r"已挂牌<b>(\d+)</b>块", 2), "empty": (r"待申报<b>(\d+)</b>块", -1)}
ACTIVITIES = fixed(
    "activities",
    "/activities/",
    ENTRY,
    ONE_ENTRY
    | {
        "of its kind": (r'value="first_aid".*?<small>(\d+)<', 1),
        "downloads": (r"下载这(\d+)条", 1),
        "total of sessions": (r"<dt>场次</dt><dd>\D*(\d+)", 7),
    },
)
ACTIVITY_FILTERS = (
    "tag=shared", "kind=first_aid", "group=B", "hospital=h&branch=b", "period=2022H1", "from=2022-05-01",
    "to=2022-05-01", "region=370828", "q=canary", "q=inside",
    "counted=1", "period=2022-05&counted=1",
)  # fmt: skip
ARTICLE_FILTERS = ("tag=shared", "hospital=h&branch=b", "year=2024", "q=canary", "q=inside")


def by_key(model: str, name: str, path: str, shows: str) -> Door:
    return Door(name, lambda site: path % site.keys[model], {model: shows}, opens="while public")


API_ENTRY, API_STORY = "title reference address place summary figure tag", "title address lede byline tag"
API_DOORS = {
    "api/v1/hospitals/": [
        fixed(f"api hospitals{query}", f"/api/v1/hospitals/{query}", {})
        for query in ("", "?q=county", "?region=370828")
    ],
    "api/v1/hospitals/<slug:slug>/": [
        fixed("api hospital", "/api/v1/hospitals/h/", INITIATIVE | {"brand": "whole", "report": "whole whole_figure"}),
    ],
    "api/v1/branches/": [
        fixed(f"api branches{query}", f"/api/v1/branches/{query}", {"brand": "name"})
        for query in ("", "?hospital=h", "?active=true")
    ],
    "api/v1/branches/<slug:hospital_slug>/<slug:slug>/": [
        fixed(
            "api branch",
            "/api/v1/branches/h/b/",
            INITIATIVE | {"brand": "name", "report": "title figure source note"},
        ),
        fixed("api another branch", "/api/v1/branches/h/o/", {}),
    ],
    "api/v1/brands/": [
        fixed(f"api brands{query}", f"/api/v1/brands/{query}", {"brand": "name whole"})
        for query in ("", "?hospital=h", "?status=building", "?current=true", "?q=canary")
    ],
    "api/v1/brands/<int:id>/": [by_key("brand", "api brand", "/api/v1/brands/%s/", "name idea highlights picture")],
    "api/v1/activities/": [
        fixed("api activities", "/api/v1/activities/", {"activity": API_ENTRY, "report": "figure"}),
        *(
            fixed(f"api activities?{query}", f"/api/v1/activities/?{query}", {"activity": API_ENTRY})
            for query in ACTIVITY_FILTERS
        ),
        of_one("activity", "tag", "api activities?its tag", "/api/v1/activities/?tag=%s", "title address"),
    ],
    "api/v1/activities/<str:reference>/": [
        of_one(
            "activity",
            "reference",
            "api activity",
            "/api/v1/activities/%s/",
            "title place summary story results host figure caption tag picture",
            opens="while public",
        ),
        Door(
            "api neighbouring activity",
            lambda site: f"/api/v1/activities/{site.activity.reference}/",
            {"article": "title address", "brand": "name", "initiative": "name"},
        ),
        Door("api summary", lambda site: f"/api/v1/activities/{site.summary.reference}/", {"report": "figure"}),
    ],
    "api/v1/articles/": [
        *(
            fixed(f"api articles{query}", f"/api/v1/articles/{query}", {"article": API_STORY})
            for query in ("", *(f"?{query}" for query in ARTICLE_FILTERS))
        ),
        of_one("article", "tag", "api articles?its tag", "/api/v1/articles/?tag=%s", "title address"),
    ],
    "api/v1/articles/<int:id>/": [
        by_key("article", "api article", "/api/v1/articles/%s/", "title lede body note byline caption tag picture"),
        Door(
            "api neighbouring article",
            lambda site: f"/api/v1/articles/{site.article.pk}/",
            {"activity": "title address reference"},
        ),
    ],
}

ACTIVITY_FEED = {
    "activity": "title address reference place summary story results figure caption tag picture",
    "report": "figure",
}
ARTICLE_FEED = {"article": "title address lede body note byline caption tag picture"}
CALENDAR = {"activity": "title address reference place summary figure"}
TAGS = {"activity": "tag", "article": "tag"}
DISCOVERY_DOORS = {
    "feeds/articles.atom": [fixed("article feed", "/feeds/articles.atom", ARTICLE_FEED)],
    "feeds/activities.atom": [fixed("activity feed", "/feeds/activities.atom", ACTIVITY_FEED)],
    "feeds/<slug:slug>/articles.atom": [fixed("article feed of a hospital", "/feeds/h/articles.atom", ARTICLE_FEED)],
    "feeds/<slug:slug>/activities.atom": [
        fixed("activity feed of a hospital", "/feeds/h/activities.atom", ACTIVITY_FEED)
    ],
    "activities.ics": [
        fixed(f"calendar{query}", f"/activities.ics{query}", CALENDAR) for query in ("", "?tag=shared", "?q=inside")
    ],
    "sitemap.xml": [fixed("sitemap index", "/sitemap.xml", {})],
    "sitemap-<slug:section>.xml": [
        fixed("sitemap of activities", "/sitemap-activities.xml", {"activity": "address reference"}),
        fixed("sitemap of articles", "/sitemap-articles.xml", {"article": "address"}),
        fixed("sitemap of tags", "/sitemap-tags.xml", TAGS),
        *(
            fixed(f"sitemap of {section}", f"/sitemap-{section}.xml", {})
            for section in ("pages", "hospitals", "branches")
        ),
    ],
    "sitemap/": [
        fixed(
            "site map",
            "/sitemap/",
            TAGS | {"brand": "name whole"},
            {
                "of its kind": (r'kind=first_aid">[^<]*<small>(\d+)<', 1),
                "tags": (r"共(\d+)个", 2),
                "of the shared tag": (r"shared <small>(\d+)<", 2),
            },
        )
    ],
}

DOORS = {
    **API_DOORS,
    **DISCOVERY_DOORS,
    "": [HOME],
    "hospitals/": [
        fixed(f"hospitals{query}", f"/hospitals/{query}", {"brand": "whole"}, HOSPITALS)
        for query in ("", "?q=county", "?region=370828")
    ],
    "hospitals/<slug:slug>/": [HOSPITAL],
    "hospitals/<slug:hospital_slug>/branches/<slug:slug>/": [
        BRANCH,
        fixed("another branch", "/hospitals/h/branches/o/", {"brand": "name whole"}),
    ],
    "brands/": [
        fixed(f"brands{query}", f"/brands/{query}", {"brand": "name whole"}, WALL) for query in ("", "?hospital=h")
    ],
    "activities/": [
        ACTIVITIES,
        *(
            fixed(f"activities?{query}", f"/activities/?{query}", {"activity": "title address"}, ONE_ENTRY)
            for query in ACTIVITY_FILTERS
        ),
        of_one("activity", "tag", "activities?its tag", "/activities/?tag=%s", "title address", numbers=ONE_ENTRY),
    ],
    "activities.csv": [
        fixed("csv", "/activities.csv", LEDGER, ONE_ROW),
        fixed("csv?tag", "/activities.csv?tag=shared", LEDGER | {"report": ""}, ONE_ROW),
        fixed("csv?q", "/activities.csv?q=inside", {"activity": LEDGER["activity"]}, ONE_ROW),
    ],
    "activities.xlsx": [
        fixed("xlsx", "/activities.xlsx", LEDGER, ONE_SHEET_ROW),
        fixed("xlsx?kind", "/activities.xlsx?kind=first_aid", {"activity": LEDGER["activity"]}, ONE_SHEET_ROW),
    ],
    "statistics/": [
        fixed(
            "statistics",
            "/statistics/",
            {"report": "figure whole_figure"},
            {
                "activities": (r"逐条录入<b><a [^>]*>(\d+)<", 1),
                "of its kind": (r'kind=first_aid" [^>]*>(\d+)<', 1),
                "of its hospital": (r'counted=1&amp;hospital=h" [^>]*>(\d+)<', 1),
                "of its year": (r'counted=1&amp;period=2022" [^>]*>(\d+)<', 1),
            },
        ),
        *(
            fixed(f"statistics by {by}", f"/statistics/?by={by}", shows, {"whole": (r"合计(\d+)条，查看", 1)})
            for by, shows in (("kind", {}), ("time", {}), ("owner", {}), ("brand", {"brand": "name"}), ("region", {}))
        ),
        fixed(
            "statistics of sessions",
            "/statistics/?hospital=h&year=2022&measure=sessions",
            {},
            {
                "sessions": (r"逐条录入<b><a [^>]*>(\d+)<", 7),
                "giving them": (r"其中(\d+)条填报", 1),
                "of its branch": (r'branch=b&amp;[^"]*" [^>]*>(\d+)<', 7),
                "of its month": (r'hospital=h&amp;period=2022-05" [^>]*>(\d+)<', 7),
            },
        ),
    ],
    "statistics.csv": [
        fixed("statistics as csv", "/statistics.csv", {}, {"activities": (r"合计,合计,活动条数,(\d+),", 1)}),
        fixed(
            "statistics as csv by kind",
            "/statistics.csv?by=kind",
            {},
            {"activities": (r"合计,合计,活动条数,(\d+),", 1)},
        ),
    ],
    "statistics.xlsx": [fixed("statistics as xlsx", "/statistics.xlsx?by=time", {})],
    "about/": [
        Door("about", lambda site: "/about/"),
        *(
            of_one(model, "address", f"about a mistake in one {model}", "/about/?from=%s", "")
            for model in ("activity", "article")
        ),
    ],
    "activities/<str:reference>/": [
        of_one(
            "activity",
            "address",
            "the activity itself",
            "%s",
            "title place summary story results host figure caption tag picture reference",
            opens="while public",
        ),
        Door(
            "a neighbouring activity",
            lambda site: site.activity.get_absolute_url(),
            {"article": "title address", "activity": "title address", "brand": "name", "initiative": "name"},
        ),
        Door("a summary", lambda site: site.summary.get_absolute_url(), ENTRY),
        of_one("activity", "address", "the activity's working copy", "%s?draft=1", "", opens="for staff"),
    ],
    "articles/": [
        *(
            fixed(f"articles{query}", f"/articles/{query}", STORY, ONE_STORY)
            for query in ("", *(f"?{query}" for query in ARTICLE_FILTERS))
        ),
        of_one("article", "tag", "articles?its tag", "/articles/?tag=%s", STORY["article"], numbers=ONE_STORY),
    ],
    "articles/<int:pk>/": [
        of_one(
            "article",
            "address",
            "the article itself",
            "%s",
            "title lede body note byline caption tag picture",
            opens="while public",
        ),
        Door(
            "a neighbouring article",
            lambda site: site.article.get_absolute_url(),
            {"activity": "title address", "brand": "name"},
        ),
        of_one("article", "address", "the article's working copy", "%s?draft=1", "", opens="for staff"),
    ],
    "tags/<str:slug>/": [
        fixed(
            "a shared tag",
            "/tags/shared/",
            STORY | {"activity": ENTRY["activity"]},
            {"stories": (r"(\d+)篇", 1), "entries": (r"(\d+)条", 1)},
        ),
        *(
            of_one(model, "tag", f"the tag of one {model}", "/tags/%s/", "title address", opens="while public")
            for model in ("activity", "article")
        ),
    ],
    "search/": [
        fixed(
            "search for names",
            "/search/?q=canary",
            HITS | {"brand": "name whole"},
            {"results": (r"共<b>(\d+)</b>条结果", 5)},
        ),
        fixed(
            "search for words inside",
            "/search/?q=inside",
            HITS,
            {name: (rf"{label} <b>(\d+)</b>", 1) for name, label in LABELS.items()},
        ),
        fixed(
            "search in one kind, hospital and year",
            "/search/?q=inside&kind=activity&hospital=h&year=2022",
            {"activity": HITS["activity"]},
            {"results": (r"共<b>(\d+)</b>条结果", 1)},
        ),
    ],
    **{f"preview/{model}/<int:pk>/": [preview(model)] for model in ("brand", "initiative", "report")},
}
MEDIA = r"^media/(?P<name>.+)$"
#: Each file of a picture: whose it is, and the width of a copy.
FILES = {"emblem": ("brand", None)} | {
    f"{model} photo {width or 'itself'}": (model, width)
    for model in ("activity", "article")
    for width in (None, *RENDITION_WIDTHS)
}
#: They say nothing of any record.
NO_RECORDS = {"accessibility/", "api/v1/", "api/v1/openapi.json", "care/", "healthz", "readyz", "robots.txt"}
ALL_DOORS = [door for doors in DOORS.values() for door in doors]
NUMBERS = [pytest.param(door, name, id=f"{door.name}-{name}") for door in ALL_DOORS for name in door.numbers]


def routes(resolver=None, before: str = "") -> Iterator[str]:
    for entry in (resolver or get_resolver()).url_patterns:
        route = before + str(entry.pattern)
        if route.startswith("admin/"):
            continue
        if isinstance(entry, URLResolver):
            yield from routes(entry, route)
        else:
            yield route


# -- The answers, all of them asked for once


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    headers: dict[str, str]

    @cached_property
    def unmarked(self) -> str:
        """Without the marks that a search sets into the words it has found."""
        return re.sub("</?mark>", "", self.text)

    def holds(self, word: str) -> bool:
        return word in self.unmarked

    def number(self, pattern: str) -> int:
        return max(map(int, re.findall(pattern, self.text)), default=0)


@dataclass
class Round:
    """The words that could be told, and by moment what each door and each picture answered."""

    words: dict[str, dict[str, str]]
    answers: dict[str, dict[str, Answer]] = field(default_factory=dict)
    files: dict[str, dict[str, int]] = field(default_factory=dict)


def ask(client: Client, address: str) -> Answer:
    response = client.get(address)
    content = b"".join(response) if response.streaming else response.content
    if response.get("Content-Type") == XLSX_TYPE:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"\n".join(book.read(name) for name in book.namelist())
    if response.get("Content-Type") == CALENDAR_TYPE:
        content = content.replace(b"\r\n ", b"")  # a long line goes on in the next one
    # What tells a browser that a page may have changed is not what the page says.
    headers = {name: value for name, value in response.headers.items() if name not in {"ETag", "Last-Modified"}}
    return Answer(response.status_code, content.decode(), headers)


def ask_all(site: Site, clock, moments: Collection[str] = MOMENTS) -> Round:
    client = Client(raise_request_exception=False)
    doors = [door for door in ALL_DOORS if site.words or not door.is_of_a_record]
    files = {label: file_name(site.words, *which) for label, which in FILES.items()} if site.words else {}
    asked = Round(site.words)
    for moment in moments:
        clock(MOMENTS[moment])
        asked.answers[moment] = {door.name: ask(client, door.address(site)) for door in doors}
        asked.files[moment] = {label: client.get(f"/media/{name}").status_code for label, name in files.items()}
    clock(MOMENTS["before"])
    return asked


def file_name(words: dict[str, dict[str, str]], model: str, width: int | None) -> str:
    name = f"{words[model]['picture']}.jpg"
    return rendition_name(name, width) if width else name


@contextmanager
def undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def asked(django_db_setup, django_db_blocker) -> dict[str, Round]:
    """By state; ``nothing`` is the site alone, ``copy in …`` published records with a working copy in that state."""
    rounds = {}
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, undone():

        def clock(now: datetime) -> None:
            patch.setattr(timezone, "now", lambda: now)

        clock(MOMENTS["before"])
        site = make_site()
        rounds["nothing"] = ask_all(site, clock)
        for state, fields in STATES.items():
            with undone():
                rows = add_records(site, fields)
                let_tell(site, rows, "live")
                rounds[state] = ask_all(site, clock)
                if state == "published":
                    rounds |= ask_with_copies(site, rows, clock)
    return rounds


def ask_with_copies(site: Site, rows: list[Publishable], clock) -> dict[str, Round]:
    """As before, but that each of the records has a working copy full of other words."""
    rounds, live_words = {}, site.words
    admin = make_user(is_superuser=True)
    for status in COPY_STATES:
        with undone():
            copies = [row.revise(by=admin) for row in rows]
            let_tell(site, copies, "copy")
            for copy in copies:
                digest = "" if status == Publishable.Status.DRAFT else REVIEWED["submitted_digest"]
                type(copy).objects.filter(pk=copy.pk).update(status=status, submitted_digest=digest)
            copy_words, site.words = site.words, live_words
            rounds[f"copy in {status}"] = ask_all(site, clock, ["after"])
            rounds[f"copy in {status}"].words = copy_words
    return rounds


# -- The promises

each_state = pytest.mark.parametrize("state", STATES)
each_copy = pytest.mark.parametrize("copy", [f"copy in {status}" for status in COPY_STATES])
each_door = pytest.mark.parametrize("door", ALL_DOORS, ids=lambda door: door.name)
each_model = pytest.mark.parametrize("model", MODELS)


def test_every_public_address_is_in_the_table_of_doors():
    assert set(routes()) == {*DOORS, MEDIA, *NO_RECORDS}


@each_door
@each_state
def test_a_record_is_behind_a_door_exactly_while_it_is_public(asked, state, door):
    missing, leaked = set(), set()
    for moment, answers in asked[state].answers.items():
        for model, words in asked[state].words.items():
            found = {slot for slot, word in words.items() if answers[door.name].holds(word)}
            if is_visible(state, moment):
                shown = set(door.shows.get(model, "").split())
                missing |= {(moment, model, slot) for slot in shown - found}
            else:
                leaked |= {(moment, model, slot) for slot in found - set(door.repeats)}
    assert (missing, leaked) == (set(), set())


@each_door
@each_state
def test_a_door_opens_always_or_while_its_record_is_public_or_to_staff_only(asked, state, door):
    statuses = {moment: answers[door.name].status for moment, answers in asked[state].answers.items()}
    opens = {
        moment: door.opens == "always" or (door.opens == "while public" and is_visible(state, moment))
        for moment in MOMENTS
    }
    assert statuses == {moment: 200 if opens[moment] else 404 for moment in MOMENTS}


@pytest.mark.parametrize("door", [door for door in ALL_DOORS if not door.is_of_a_record], ids=lambda door: door.name)
@each_state
def test_what_is_not_public_changes_nothing_on_any_page(asked, state, door):
    for moment in MOMENTS:
        if not is_visible(state, moment):
            before, after = (asked[which].answers[moment][door.name] for which in ("nothing", state))
            assert (moment, differences(before, after)) == (moment, [])


def differences(before: Answer, after: Answer) -> list[str]:
    if before == after or before.status == after.status == 404:
        return []
    lines = difflib.unified_diff(before.text.splitlines(), after.text.splitlines(), n=0, lineterm="")
    return [f"{before.status} {after.status}", *lines]


@pytest.mark.parametrize(("door", "name"), NUMBERS)
@each_state
def test_only_what_is_public_is_counted(asked, state, door, name):
    pattern, more = door.numbers[name]
    for moment, answers in asked[state].answers.items():
        without = 0 if door.is_of_a_record else asked["nothing"].answers[moment][door.name].number(pattern)
        added = answers[door.name].number(pattern) - without
        assert (moment, added) == (moment, more if is_visible(state, moment) else 0)


@pytest.mark.parametrize("label", FILES)
@each_state
def test_a_picture_is_served_exactly_while_its_record_is_public(asked, state, label):
    statuses = {moment: files[label] for moment, files in asked[state].files.items()}
    assert statuses == {moment: 200 if is_visible(state, moment) else 404 for moment in MOMENTS}


@each_door
def test_a_page_shows_the_copies_of_a_photo_and_not_the_photo_itself(asked, door):
    words, answers = asked["published"].words, asked["published"].answers["after"]
    originals = [file_name(words, model, None) for model in ("activity", "article")]
    assert not [name for name in originals if answers[door.name].holds(name)]


@each_door
def test_a_cache_on_the_way_may_keep_a_page_for_a_moment_only(asked, door):
    headers = asked["published"].answers["after"][door.name].headers
    kept_for = re.findall(r"max-age=(\d+)", headers.get("Cache-Control", ""))
    assert not [seconds for seconds in kept_for if int(seconds) > PAGE_LIFE]
    assert "immutable" not in headers.get("Cache-Control", "")
    assert "Expires" not in headers or "no-store" in headers["Cache-Control"]


@each_door
@each_copy
def test_an_open_working_copy_changes_nothing_on_any_page(asked, copy, door):
    before, after = (asked[which].answers["after"][door.name] for which in ("published", copy))
    assert differences(before, after) == []


@each_model
@each_copy
def test_no_word_of_a_working_copy_is_behind_any_door(asked, copy, model):
    words = {slot: word for slot, word in asked[copy].words[model].items() if slot not in {"address", "reference"}}
    pages = asked[copy].answers["after"]
    assert not [(door, slot) for door, page in pages.items() for slot, word in words.items() if page.holds(word)]


# -- Through the verbs


@pytest.fixture
def admin():
    return make_user(is_superuser=True)


@pytest.fixture(params=[make_activity, make_article], ids=["activity", "article"])
def record(request):
    return request.param(public=True)


@pytest.mark.parametrize(
    "headers", [{}, {"if-none-match": "*"}, {"if-modified-since": "Thu, 01 Jan 2998 00:00:00 GMT"}]
)
def test_the_page_of_a_withdrawn_record_is_gone_at_once(client, admin, record, headers):
    before = client.get(record.get_absolute_url()).status_code
    record.withdraw(by=admin, reason="发错了")
    assert (before, client.get(record.get_absolute_url(), headers=headers).status_code) == (200, 404)


def test_a_record_appears_at_the_hour_its_last_reviewer_set(client, admin, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: MOMENTS["before"])
    record = make_article()
    record.submit(by=admin)
    for review in record.review_stages:
        record.approve(by=admin, at=DUE if review == record.review_stages[-1] else None)
    before = client.get(record.get_absolute_url()).status_code
    monkeypatch.setattr(timezone, "now", lambda: MOMENTS["after"])
    assert (before, client.get(record.get_absolute_url()).status_code) == (404, 200)


@pytest.mark.parametrize("make", [make_activity, make_article, make_brand, make_initiative, make_report])
def test_no_cache_keeps_a_preview(client, admin, make):
    client.force_login(admin)
    response = client.get(make().get_preview_url())
    assert response.status_code == 200
    assert {"no-store", "private"} <= set(response["Cache-Control"].split(", "))
