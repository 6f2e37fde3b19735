"""What every page's header and footer need."""

from django.conf import settings


def site(request) -> dict:
    return {
        "site_name": settings.SITE_NAME,
        "site_icp_number": settings.SITE_ICP_NUMBER,
        "site_police_number": settings.SITE_POLICE_NUMBER,
        "stamp": getattr(request, "stamp", None),  # pages that are not for everybody have none
        "care": request.COOKIES.get("care") == "1",
    }
