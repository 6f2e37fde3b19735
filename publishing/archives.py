"""The one writer of ZIP files: sent while it is written, the same bytes for the same entries, with sums of what is inside.

Nothing is kept on the disk, and in memory only the names and sums. An archive ends with an index for people (索引.xlsx)
and one for ``sha256sum -c`` (校验.sha256).
"""

import hashlib
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.core.files.storage import Storage
from django.utils import timezone

from publishing.outlet import Outlet
from publishing.spreadsheets import Column, Sheet, xlsx_blocks

ZIP_TYPE = "application/zip"
INDEX, SUMS = "索引.xlsx", "校验.sha256"
MISSING = "文件缺失"
#: the first hour that a ZIP can say, for what has no time of its own
EPOCH = datetime(1980, 1, 1, tzinfo=UTC)

_LEVEL = 6  # of compression, for text
_BLOCK = 1 << 16  # bytes
_PERMISSIONS = 0o100644 << 16  # a file that everybody may read
_UNIX = 3  # whose permissions these are, on whichever system the archive is made


@dataclass(frozen=True)
class Entry:
    """A file of an archive. ``path`` comes from ``file_names.Names``; ``about`` says in the index what it is.

    ``content``: bytes are text, which is compressed; blocks are of a file that is compressed already and are stored.
    None, or blocks that begin with FileNotFoundError: the index says that the file is missing.
    """

    path: str
    about: str
    content: bytes | Iterable[bytes] | None
    reference: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class _Line:
    """Of the index."""

    entry: Entry
    size: int | None = None
    sha256: str = ""


def stored_blocks(storage: Storage, name: str) -> Iterator[bytes]:
    """A file of the storage, read piece by piece."""
    with storage.open(name) as file:
        yield from file.chunks(_BLOCK)


def archive_blocks(entries: Iterable[Entry], *, title: str) -> Iterator[bytes]:
    """A ZIP piece by piece, as a StreamingHttpResponse takes it. ``title`` stands over the index.

    What goes wrong with an entry that has begun is raised: an archive that was broken off never looks whole.
    """
    out, lines = Outlet(), []
    with ZipFile(out, "w") as archive:
        for entry in entries:
            lines.append((yield from _written(archive, out, entry)))
        newest = max((line.entry.at for line in lines if line.entry.at), default=EPOCH)
        index = Entry(INDEX, "", xlsx_blocks(_index_sheet(title, newest), enumerate(lines, 1)), at=newest)
        lines.append((yield from _written(archive, out, index)))
        yield from _written(archive, out, Entry(SUMS, "", _sums(lines), at=newest))
    yield out.take()


def _written(archive: ZipFile, out: Outlet, entry: Entry) -> Generator[bytes, None, _Line]:
    if entry.content is None:
        return _Line(entry)
    is_text = isinstance(entry.content, bytes)
    blocks = iter([entry.content] if is_text else entry.content)
    try:
        first = next(blocks, b"")
    except FileNotFoundError:
        return _Line(entry)
    info, digest, size = _info(entry), hashlib.sha256(first), len(first)
    if is_text:
        archive.writestr(info, first, ZIP_DEFLATED, _LEVEL)
    else:
        with archive.open(info, "w") as file:
            file.write(first)
            yield out.take()
            for block in blocks:
                digest.update(block)
                size += file.write(block)
                yield out.take()
    yield out.take()
    return _Line(entry, size, digest.hexdigest())


def _info(entry: Entry) -> ZipInfo:
    """As an archive shows the time: on the office's clock, whichever zone is active for the reader."""
    shown = timezone.localtime(max(entry.at or EPOCH, EPOCH), timezone.get_default_timezone())
    info = ZipInfo(entry.path, shown.timetuple()[:6])
    info.compress_type, info.create_system, info.external_attr = ZIP_STORED, _UNIX, _PERMISSIONS
    return info


_COLUMNS = (
    Column("序号", lambda row: row[0], width=6, kind="number"),
    Column("路径", lambda row: row[1].entry.path, width=60),
    Column("内容", lambda row: row[1].entry.about, width=30),
    Column("编号", lambda row: row[1].entry.reference, width=16),
    Column("字节数", lambda row: row[1].size, width=12, kind="number"),
    Column("SHA-256", lambda row: row[1].sha256, width=68),
    Column("情况", lambda row: "" if row[1].sha256 else MISSING, width=10),
)


def _index_sheet(title: str, newest: datetime) -> Sheet:
    return Sheet(title=f"{title}索引", columns=_COLUMNS, name="索引", created=newest)


def _sums(lines: Iterable[_Line]) -> bytes:
    return "".join(f"{line.sha256}  {line.entry.path}\n" for line in lines if line.sha256).encode()
