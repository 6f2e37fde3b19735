"""Looks at a workbook before it is parsed: what kind of file it is, and that it is no larger inside than a table needs."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_CHUNK = 1 << 18


class TableError(ValidationError):
    """A file that cannot be read as a table. Its message says what it is, and what to do."""


@dataclass(frozen=True)
class Limits:
    """How much of a table is taken. Bytes are those of the file, of its worksheets and of its texts, unpacked."""

    rows: int
    file_bytes: int
    sheet_bytes: int
    text_bytes: int


#: What a request has time and memory for; 2,000 rows of the full ledger unpack to some 10 MB.
IN_A_REQUEST = Limits(rows=2_000, file_bytes=10 * 2**20, sheet_bytes=64 * 2**20, text_bytes=16 * 2**20)
IN_A_SHELL = Limits(rows=1_000_000, file_bytes=500 * 2**20, sheet_bytes=4 * 2**30, text_bytes=2**30)

MOST_ENTRIES = 3_000
#: of everything but cells and texts: formats, names of sheets, relations
MOST_OTHER_BYTES = 4 * 2**20
#: elements in one row of a worksheet (16,384 columns of Excel), in the formats, and in texts for each byte allowed
MOST_IN_A_ROW = 200_000
MOST_FORMATS = 100_000
_BYTES_A_TEXT = 12

_ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
_SHEET = re.compile(r"xl/worksheets/[^/]*\.xml", re.IGNORECASE)
_NOT_READ = ("xl/media/", "xl/drawings/", "xl/charts/", "xl/embeddings/", "xl/externalLinks/", "xl/printerSettings/")
_TOO_LARGE = _("文件解开后太大，不像一份台账。请把台账复制到新的工作簿里，另存为.xlsx再试。")
DAMAGED = _("文件打不开，可能没有传完整或已经损坏。请用Excel或WPS打开，另存为.xlsx再试。")


def check_workbook(content: bytes, limits: Limits) -> None:
    """Raises TableError unless this is a workbook that a parser may be given."""
    if content[:2] != b"PK":
        _refuse_old(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            _check_kind(package)
            _check_parts(package, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        if isinstance(error, TableError):
            raise
        raise TableError(DAMAGED) from error


def has_password(content: bytes) -> bool:
    """Whether this is the container into which Office puts a package that has a password."""
    return "EncryptedPackage".encode("utf-16-le") in content


def _refuse_old(content: bytes) -> None:
    """The container of old Office files: an .xls, or a workbook with a password."""
    if has_password(content):
        raise TableError(_("文件设了打开密码，读不了。请在Excel或WPS里去掉密码，保存后再试。"))
    raise TableError(_("这是旧版Excel文件（.xls）或别的Office文件。请用Excel或WPS打开，另存为.xlsx再试。"))


def _check_kind(package: zipfile.ZipFile) -> None:
    entries = package.infolist()
    names = {entry.filename for entry in entries}
    if len(entries) > MOST_ENTRIES:
        raise TableError(_TOO_LARGE)
    if any(entry.flag_bits & 1 for entry in entries):
        raise TableError(_("文件设了打开密码，读不了。请在Excel或WPS里去掉密码，保存后再试。"))
    if "xl/workbook.xml" in names:
        return
    if "xl/workbook.bin" in names:
        raise TableError(_("这是二进制工作簿（.xlsb）。请用Excel打开，另存为.xlsx再试。"))
    if any(name.startswith(("word/", "ppt/")) for name in names):
        raise TableError(_("这是Word或PPT文件，只是改了扩展名。请把台账放在Excel工作簿（.xlsx）里再试。"))
    raise TableError(_("这不是Excel工作簿。请选择.xlsx或CSV文件。"))


def _check_parts(package: zipfile.ZipFile, limits: Limits) -> None:
    """Unpack every part once and throw it away: a directory that lies about sizes is found out by the checksum."""
    left = {"sheet": limits.sheet_bytes, "text": limits.text_bytes, "other": MOST_OTHER_BYTES}
    elements = {"text": limits.text_bytes // _BYTES_A_TEXT, "other": MOST_FORMATS}
    for entry in package.infolist():
        name = entry.filename
        if not name.lower().endswith((".xml", ".rels")) or name.startswith(_NOT_READ):
            continue
        kind = "sheet" if _SHEET.fullmatch(name) else "text" if name == "xl/sharedStrings.xml" else "other"
        in_row = 0
        for chunk, has_declaration in unpacked(package, entry):
            if has_declaration:
                raise TableError(
                    _("文件里有表格不该有的声明（DOCTYPE），为安全没有读。请把台账复制到新的工作簿里再试。")
                )
            left[kind] -= len(chunk)
            if kind == "sheet":
                longest, in_row = _in_a_row(chunk, in_row)
                if longest > MOST_IN_A_ROW:
                    raise TableError(_TOO_LARGE)
            else:
                elements[kind] -= chunk.count(b"<")
            if left[kind] < 0 or elements.get(kind, 0) < 0:
                raise TableError(_TOO_LARGE)


def _in_a_row(xml: bytes, begun: int) -> tuple[int, int]:
    """The most elements of one row, which a parser holds at once, and how many the last row has so far."""
    counts = [piece.count(b"<") for piece in _ROW.split(xml)]
    counts[0] += begun
    return max(counts), counts[-1]


def unpacked(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[tuple[bytes, bool]]:
    """A part piece by piece, and whether up to there it has a declaration, if it is XML."""
    before = b""
    with package.open(entry) as part:
        while chunk := part.read(_CHUNK):
            yield chunk, _has_declaration(before + chunk, is_first=not before)
            before = chunk[-16:]


def _has_declaration(xml: bytes, *, is_first: bool) -> bool:
    """No office program writes a DOCTYPE, and only in ASCII-like encodings could one be seen here: others count as one.

    ``is_first``: of the pieces of a part, each of which begins with the end of the one before.
    """
    is_wide = is_first and (xml[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in xml[:4])
    return is_wide or b"<!DOCTYPE" in xml or b"<!ENTITY" in xml
