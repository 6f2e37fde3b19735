"""The ledger as a download."""

from django.http import StreamingHttpResponse

from branches.ledger import Profile, file_name, sheet
from publishing.downloads import spreadsheet_response


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
) -> StreamingHttpResponse:
    """A file of exactly these activities, in their order.

    ``unit``: 填报单位 · ``period``: 统计期间, empty for all · ``conditions``: 筛选条件.
    """
    rows = profile.rows(activities, site=request.build_absolute_uri("/").rstrip("/"))
    around = sheet(profile, unit=unit, period=period, conditions=conditions, exported_by=exported_by)
    return spreadsheet_response(around, rows, extension, file_name(profile, unit=unit, period=period))
