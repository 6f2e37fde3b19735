"""Which page a reader has found a mistake on, as /about/?from=… says, and whose page it is."""

import re
from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from articles.models import Article
from branches.models import Activity, Branch
from hospitals.models import Hospital

MOST_CHARACTERS = 500  # of a page's address
# Of this site only: //host and /\host lead elsewhere; control characters belong in no address.
_OWN_PATH = re.compile(r"/(?![/\\])[^\x00-\x20\x7f\\]*")


@dataclass(frozen=True)
class PageInQuestion:
    address: str  # in full, to quote
    hospital: Hospital | None  # whose page it is; only where everybody may see that


def page_in_question(request) -> PageInQuestion | None:
    """None where there is no such page on this site."""
    path = request.GET.get("from", "")
    if len(path) > MOST_CHARACTERS or not _OWN_PATH.fullmatch(path):
        return None
    try:
        found = resolve(re.split("[?#]", path)[0])
    except Resolver404:
        return None
    return PageInQuestion(request.build_absolute_uri(path), _hospital_of(found))


def letter_to_editors(page: PageInQuestion | None) -> str:
    """A mailto: address with subject and the page's address filled in; empty where no address is configured."""
    if not settings.SITE_CORRECTION_EMAIL:
        return ""
    address = quote(settings.SITE_CORRECTION_EMAIL, safe="@")
    subject = quote(_("%s纠错") % settings.SITE_NAME)
    body = quote(_("网址：%s\r\n哪里不对：\r\n应当是：\r\n") % (page.address if page else ""))
    return f"mailto:{address}?subject={subject}&body={body}"


def _hospital_of(found) -> Hospital | None:
    """Of a public page about one hospital; a hidden record is answered like one that never was."""
    given = found.kwargs
    try:
        match found.url_name:
            case "hospital":
                return Hospital.objects.public().get(slug=given["slug"])
            case "branch":
                branches = Branch.objects.on_record().select_related("hospital")
                return branches.get(hospital__slug=given["hospital_slug"], slug=given["slug"]).hospital
            case "activity":
                activities = Activity.objects.public().select_related("hospital")
                return activities.get(reference=given["reference"]).hospital
            case "article":
                return Article.objects.public().select_related("hospital").get(pk=given["pk"]).hospital
    except (ObjectDoesNotExist, OverflowError):
        return None
    return None
