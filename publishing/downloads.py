"""Spreadsheets and archives as downloads, sent while they are written.

A download begins at once, however many rows there are, takes no room on the disk, and when the reader goes away the
query behind it ends. Its length is not known in advance.
"""

from collections.abc import Iterable
from typing import Any

from django.http import StreamingHttpResponse

from publishing.archives import ZIP_TYPE, Entry, archive_blocks
from publishing.file_names import content_disposition
from publishing.spreadsheets import CSV_TYPE, XLSX_TYPE, Sheet, csv_rows, xlsx_blocks

EXTENSIONS = ("csv", "xlsx")


def spreadsheet_response(sheet: Sheet, rows: Iterable[Any], extension: str, name: str) -> StreamingHttpResponse:
    """``name``: of the file, without its ending. A CSV has the columns of the sheet and nothing around the rows."""
    if extension == "csv":
        response = StreamingHttpResponse(csv_rows(sheet.columns, rows), content_type=CSV_TYPE)
    else:
        response = StreamingHttpResponse(xlsx_blocks(sheet, rows), content_type=XLSX_TYPE)
    return _as_download(response, f"{name}.{extension}")


def archive_response(entries: Iterable[Entry], name: str) -> StreamingHttpResponse:
    """``name``: of the file, without its ending, and over its index."""
    response = StreamingHttpResponse(archive_blocks(entries, title=name), content_type=ZIP_TYPE)
    return _as_download(response, f"{name}.zip")


def _as_download(response: StreamingHttpResponse, filename: str) -> StreamingHttpResponse:
    response["Content-Disposition"] = content_disposition(filename)
    response["Cache-Control"] = "no-store"
    return response
