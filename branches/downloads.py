"""The ledger as a download."""

from django.http import StreamingHttpResponse

from branches.ledger import Profile, file_name, sheet
from publishing.downloads import estimated_length, site_of, spreadsheet_response

#: rows from which on a download takes so long that people want to know how much of it has come
LARGE = 5000
#: rows of each end that are written to guess how long all of them will be
SAMPLE = 200


def ledger_response(
    request,
    activities,
    profile: Profile,
    extension: str,
    *,
    unit: str,
    period: str,
    conditions: str,
    exported_by: str,
    tells_length: bool = False,
) -> StreamingHttpResponse:
    """A file of exactly these activities, in their order.

    ``unit``: 填报单位 · ``period``: 统计期间, empty for all · ``conditions``: 筛选条件 · ``tells_length``: says in
    X-Estimated-Length about how many bytes a large one will have.
    """
    site = site_of(request)
    around = sheet(profile, unit=unit, period=period, conditions=conditions, exported_by=exported_by)
    name, is_marked = file_name(profile, unit=unit, period=period), request.headers.get("X-End-Mark") == "1"
    response = spreadsheet_response(around, profile.rows(activities, site), extension, name, is_marked=is_marked)
    if tells_length and (count := activities.count()) > LARGE:
        sample = list(profile.rows(_both_ends(activities), site))
        response["X-Estimated-Length"] = str(estimated_length(around, sample, count, extension))
    return response


def _both_ends(activities):
    """The newest and the oldest, by their keys: asked for whole, all rows would be put together to be sorted."""
    keys = [key for end in (activities, activities.reverse()) for key in end.values_list("pk", flat=True)[:SAMPLE]]
    return activities.model.objects.filter(pk__in=keys)
