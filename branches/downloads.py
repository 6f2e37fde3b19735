"""The ledger as a download: CSV streamed, XLSX written to a temporary file first."""

import tempfile

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse

from branches.ledger import Profile, file_name, sheet
from publishing.spreadsheets import CSV_TYPE, XLSX_TYPE, content_disposition, csv_rows, write_xlsx

EXTENSIONS = ("csv", "xlsx")


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
) -> HttpResponseBase:
    """A file of exactly these activities, in their order.

    ``unit``: 填报单位 · ``period``: 统计期间, empty for all · ``conditions``: 筛选条件.
    """
    rows = profile.rows(activities, site=request.build_absolute_uri("/").rstrip("/"))
    if extension == "csv":
        response = StreamingHttpResponse(csv_rows(profile.columns, rows), content_type=CSV_TYPE)
    else:
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it when it has been sent
        write_xlsx(sheet(profile, unit=unit, period=period, conditions=conditions, exported_by=exported_by), rows, file)
        file.seek(0)
        response = FileResponse(file, content_type=XLSX_TYPE)
    name = file_name(profile, unit=unit, period=period, extension=extension)
    response["Content-Disposition"] = content_disposition(name)
    response["Cache-Control"] = "no-store"
    return response
