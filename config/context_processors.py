"""What every page's header and footer need."""

from urllib.parse import quote, urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from config.corrections import MOST_CHARACTERS
from publishing.kept import lazily
from publishing.models import GreyPeriod

#: 大 and 特大 beside the usual size, as ?size= and the stylesheet name them
TEXT_SIZES = ("l", "xl")


def site(request) -> dict:
    care = request.COOKIES.get("care") == "1"
    return {
        "site_name": settings.SITE_NAME,
        "site_icp_number": settings.SITE_ICP_NUMBER,
        "site_police_number": settings.SITE_POLICE_NUMBER,
        "care": care,
        "modes": " ".join(name for name, is_on in (("care", care), ("grey", _is_grey(request))) if is_on),
        "text_size": _text_size(request),
        "correction_url": lazily(_correction_url, request),  # asked for by pages with a footer only
    }


def _correction_url(request) -> str:
    """Where a mistake on this page is reported: our own page or the platform outside, told which page it is."""
    if settings.SITE_CORRECTION_URL:
        return settings.SITE_CORRECTION_URL.replace("{url}", quote(request.build_absolute_uri(), safe=""))
    page = request.get_full_path()
    page = page if len(page) <= MOST_CHARACTERS else request.path[:MOST_CHARACTERS]  # a longer query is left out
    return f"{reverse('about')}?{urlencode({'from': page})}#correction"


def _is_grey(request) -> bool:
    """On days of mourning. The stamp changes at midnight and with every change of the days; staff's pages have none."""
    stamp = getattr(request, "stamp", None)
    return stamp is not None and stamp.kept(("grey",), lambda: GreyPeriod.objects.covers(timezone.localdate()))


def _text_size(request) -> str:
    """The size that an article or activity is to be read in; whatever we do not know is the usual one."""
    asked = request.GET.get("size", "")
    return asked if asked in TEXT_SIZES else "m"
