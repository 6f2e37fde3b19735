"""What kind of file a report came in, and whether a reader may be given it: hostile until it has been read."""

import io
import re
import zipfile

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from articles.intake.pieces import Source
from articles.intake.plain import decoded, read_plain
from articles.intake.word import read_word
from publishing.zipped import has_password, unpacked


class ReportError(ValidationError, ValueError):
    """A file that cannot be read as a report. Its message says what it is, and what to do."""


#: of the file; thirty pictures as a phone takes them
MOST_BYTES = 100 * 2**20
MOST_TEXT_BYTES = 2 * 2**20
MOST_ENTRIES = 2_000
#: of all XML together, unpacked, and elements in it: the reader holds them all at once
MOST_XML_BYTES = 24 * 2**20
MOST_ELEMENTS = 120_000
#: of all that is no XML, unpacked, in a small file; pictures are packed already, so in a large one little more than it has
MOST_PICTURES_BYTES = 60 * 2**20

TOO_LARGE = _("文件太大（超过%sMB）。请在Word里用“压缩图片”缩小后另存，或把照片另外上传。") % (MOST_BYTES // 2**20)
#: what programs write and no person types at the beginning of a text
_MARKUP = re.compile(r"\s{0,100}(?:<!--|%!ps|<(?:!doctype|\?xml|html|head|body|svg|script)\b)", re.IGNORECASE)
_TOO_MUCH = _("文件解开后太大，不像一篇稿件。请把正文复制到新的Word文档里，另存为.docx再试。")
_DAMAGED = _("文件打不开，可能没有传完整或已经损坏。请用Word或WPS打开，另存为.docx再试。")
_PASSWORD = _("文件设了打开密码，读不了。请在Word或WPS里去掉密码，保存后再试。")
_DECLARATION = _("文件里有文档不该有的声明（DOCTYPE），为安全没有读。请把正文复制到新的Word文档里再试。")


def source_of(name: str, content: bytes) -> Source:
    """Raises ReportError, and nothing else, whatever the bytes. The name's ending is not believed."""
    if not content.strip():
        raise ReportError(_("这个文件是空的。请重新选择稿件再试。"))
    if len(content) > MOST_BYTES:
        raise ReportError(TOO_LARGE)
    if content[:2] == b"PK":
        return _word(content)
    _refuse_others(name, content)
    text = decoded(content) if len(content) <= MOST_TEXT_BYTES else None
    if text is None:
        raise ReportError(_("这不是Word文档（.docx），也不是纯文本。请用Word或WPS打开，另存为.docx再试。"))
    if _MARKUP.match(text):
        raise ReportError(_("这是网页或矢量图文件，不是稿件。请打开它，把正文复制下来，粘贴在下面的框里。"))
    return read_plain(text)


def _refuse_others(name: str, content: bytes) -> None:
    if content[:4] == b"\xd0\xcf\x11\xe0":
        if has_password(content):
            raise ReportError(_PASSWORD)
        raise ReportError(_("这是旧版Word或WPS文件（.doc、.wps）。请用Word或WPS打开，另存为.docx再试。"))
    if content[:5] == b"%PDF-":
        raise ReportError(_("这是PDF文件，读不出段落和照片。请找到原来的Word文档；只有PDF的，请把文字复制粘贴过来。"))
    if content[:5].lower() == b"{\\rtf":
        raise ReportError(_("这是RTF文件。请用Word或WPS打开，另存为.docx再试。"))
    if content[:3] == b"\xff\xd8\xff" or content[:8] == b"\x89PNG\r\n\x1a\n":
        raise ReportError(_("这是一张图片。照片请在“照片”里上传；稿件请选Word文档（.docx）。"))


def _word(content: bytes) -> Source:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            _check(package, max(MOST_PICTURES_BYTES, len(content) + 2**20))
        return read_word(content)
    except ReportError:
        raise
    # mammoth answers a document that is not as it should be with errors of many kinds.
    except Exception as error:
        raise ReportError(_DAMAGED) from error


def _check(package: zipfile.ZipFile, most_pictures_bytes: int) -> None:
    entries = package.infolist()
    names = {entry.filename for entry in entries}
    if len(entries) > MOST_ENTRIES:
        raise ReportError(_TOO_MUCH)
    if any(entry.flag_bits & 1 for entry in entries):
        raise ReportError(_PASSWORD)
    if not any(name.startswith("word/") for name in names):
        if any(name.startswith(("xl/", "ppt/")) for name in names):
            raise ReportError(_("这是Excel或PPT文件，只是改了扩展名。请把正文放在Word文档（.docx）里再试。"))
        raise ReportError(_("这不是Word文档。请用Word或WPS打开，另存为.docx再试。"))
    if any(name.lower().endswith("vbaproject.bin") for name in names):  # the file is kept, and handed out again
        raise ReportError(_("文件里带有宏（程序），为安全没有读。请在Word里另存为不带宏的.docx再试。"))
    left = {"xml": MOST_XML_BYTES, "other": most_pictures_bytes}
    elements = MOST_ELEMENTS
    for entry in entries:
        # What is no XML is looked at by nobody but the reader of pictures; it counts all the same.
        kind = "xml" if entry.filename.lower().endswith((".xml", ".rels")) else "other"
        for chunk, has_declaration in unpacked(package, entry):
            left[kind] -= len(chunk)
            if kind == "xml":
                if has_declaration:
                    raise ReportError(_DECLARATION)
                elements -= chunk.count(b"<")
            if left[kind] < 0 or elements < 0:
                raise ReportError(_TOO_MUCH)
