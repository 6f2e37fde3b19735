"""Spreadsheets and archives as downloads, sent while they are written.

A download begins at once, however many rows there are, takes no room on the disk, and when the reader goes away the
query behind it ends. Its length is not known in advance, only about.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import StreamingHttpResponse

from publishing.archives import ZIP_TYPE, Entry, archive_blocks
from publishing.file_names import content_disposition
from publishing.spreadsheets import CSV_TYPE, XLSX_TYPE, Sheet, csv_rows, xlsx_blocks

EXTENSIONS = ("csv", "xlsx")
#: Sent behind the last byte to a script that asks for it and cuts it off (static/js/download.js): where a server or a
#: proxy lets an answer that broke off look like one that ended, the mark is missing.
END_MARK = b"\n-- the whole file --\n"


def site_of(request) -> str:
    """Scheme and host, as whoever asks has opened the site: before the links in what is taken away."""
    return request.build_absolute_uri("/").rstrip("/")


def spreadsheet_response(
    sheet: Sheet, rows: Iterable[Any], extension: str, name: str, *, is_marked: bool = False
) -> StreamingHttpResponse:
    """``name``: of the file, without its ending. A CSV has the columns of the sheet and nothing around the rows."""
    blocks = _blocks(sheet, rows, extension)
    content_type = CSV_TYPE if extension == "csv" else XLSX_TYPE
    response = StreamingHttpResponse(_marked(blocks) if is_marked else blocks, content_type=content_type)
    return _as_download(response, f"{name}.{extension}")


def archive_response(entries: Iterable[Entry], name: str) -> StreamingHttpResponse:
    """``name``: of the file, without its ending, and over its index."""
    response = StreamingHttpResponse(archive_blocks(entries, title=name), content_type=ZIP_TYPE)
    return _as_download(response, f"{name}.zip")


def _as_download(response: StreamingHttpResponse, filename: str) -> StreamingHttpResponse:
    response["Content-Disposition"] = content_disposition(filename)
    response["Cache-Control"] = "no-store"
    return response


def estimated_length(sheet: Sheet, sample: Sequence[Any], count: int, extension: str) -> int:
    """About how many bytes a file with ``count`` rows will have, of which ``sample`` are some."""
    around, written = (sum(map(len, _blocks(sheet, rows, extension))) for rows in ((), sample))
    return around + (written - around) * count // max(1, len(sample))


def _blocks(sheet: Sheet, rows: Iterable[Any], extension: str) -> Iterator[bytes]:
    return csv_rows(sheet.columns, rows) if extension == "csv" else xlsx_blocks(sheet, rows)


def _marked(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """A generator and no chain: closing it closes the one inside, and so the query."""
    yield from blocks
    yield END_MARK
