"""Writes Word documents from a description, the same bytes each time.

A description is made of inlines (a run, a picture, a note) and blocks (a paragraph, a table). Each of them carries its XML and
the text that a reader must keep of it, so that a document knows its own text without being read again. In a text ``|`` begins
a new run, as Word does at any place where somebody once typed, ``\\n`` is a soft line break and ``\\t`` a tab.
"""

import io
import math
import struct
import zipfile
import zlib
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

_NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "v": "urn:schemas-microsoft-com:vml",
}
_DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in _NAMESPACES.items())
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_RELATIONSHIP = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_TYPED = (1980, 1, 1, 0, 0, 0)
_CHANGED = 'w:author="党办" w:date="2024-06-20T09:00:00Z"'


class Inline(NamedTuple):
    xml: str
    text: str = ""


class Block(NamedTuple):
    xml: str
    text: str = ""


class Cell(NamedTuple):
    """One cell. ``down``: the first of several rows that it covers ("first") or one of the covered ("more")."""

    content: tuple = ()
    across: int = 1
    down: str = ""


def run(text: str, **form) -> Inline:
    """Runs of one form: bold, size (points), color, font, italic, underline, highlight, script (superscript, subscript)."""
    properties = _run_properties(**form)
    xml = "".join(_run(piece, properties) for piece in text.split("|"))
    return Inline(xml, text.replace("|", ""))


def bold(text: str, **form) -> Inline:
    return run(text, bold=True, **form)


PAGE_BREAK = Inline('<w:r><w:br w:type="page"/></w:r>')


def _run(text: str, properties: str) -> str:
    inside = []
    for place, line in enumerate(text.split("\n")):
        if place:
            inside.append("<w:br/>")
        for part, typed in enumerate(line.split("\t")):
            if part:
                inside.append("<w:tab/>")
            if typed:
                inside.append(f'<w:t xml:space="preserve">{escape(typed)}</w:t>')
    # What was typed in one sitting has one number: Word breaks a word wherever two sittings meet.
    sitting = f"{zlib.crc32(text.encode()) & 0xFFFFFF:08X}"
    return f'<w:r w:rsidR="{sitting}">{properties}{"".join(inside)}</w:r>'


def _run_properties(
    *, bold=False, size=None, color="", font="", italic=False, underline=False, highlight="", link=False, script=""
) -> str:
    inside = ""
    if link:
        inside += '<w:rStyle w:val="Hyperlink"/>'
    if font:
        inside += f'<w:rFonts w:ascii={quoteattr(font)} w:hAnsi={quoteattr(font)} w:eastAsia={quoteattr(font)} w:hint="eastAsia"/>'
    inside += "<w:b/><w:bCs/>" * bold + "<w:i/>" * italic
    if color:
        inside += f'<w:color w:val="{color}"/>'
    if size:
        inside += f'<w:sz w:val="{round(size * 2)}"/><w:szCs w:val="{round(size * 2)}"/>'
    if highlight:
        inside += f'<w:highlight w:val="{highlight}"/>'
    inside += '<w:u w:val="single"/>' * underline
    if script:
        inside += f'<w:vertAlign w:val="{script}"/>'
    return f"<w:rPr>{inside}</w:rPr>" if inside else ""


def _join(content: tuple, **form) -> Inline:
    parts = [run(part, **form) if isinstance(part, str) else part for part in content]
    return Inline("".join(part.xml for part in parts), "".join(part.text for part in parts))


def paragraph(
    *content,
    style="",
    align="",
    first=0.0,
    left=0.0,
    number=None,
    outline=None,
    rule="",
    section="",
    keep=True,
    **form,
) -> Block:
    """``first`` and ``left`` in characters; ``number`` is a list and a level; ``keep=False`` for what is no text of the report."""
    inside = f'<w:pStyle w:val="{style}"/>' if style else ""
    if number:
        inside += f'<w:numPr><w:ilvl w:val="{number[1]}"/><w:numId w:val="{number[0]}"/></w:numPr>'
    if rule:
        inside += f'<w:pBdr><w:bottom w:val="single" w:sz="18" w:space="1" w:color="{rule}"/></w:pBdr>'
    if first or left:
        characters = f'w:firstLineChars="{round(first * 100)}" w:firstLine="{round(first * 240)}"'
        inside += f'<w:ind w:left="{round(left * 240)}" {characters}/>'
    if align:
        inside += f'<w:jc w:val="{align}"/>'
    if outline is not None:
        inside += f'<w:outlineLvl w:val="{outline}"/>'
    joined = _join(content, **form)
    properties = f"<w:pPr>{inside}{section}</w:pPr>" if inside or section else ""
    return Block(f"<w:p>{properties}{joined.xml}</w:p>", joined.text if keep else "")


def table(rows, *, borders=True, keep=True) -> Block:
    """Rows of cells; a cell is a text, a block, a list of blocks or a Cell."""
    columns = max(sum(cell.across if isinstance(cell, Cell) else 1 for cell in row) for row in rows)
    width = 9000 // columns
    look = "single" if borders else "none"
    sides = "".join(
        f'<w:{side} w:val="{look}" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    xml = f'<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/><w:tblBorders>{sides}</w:tblBorders></w:tblPr>'
    column = f'<w:gridCol w:w="{width}"/>'
    xml += f"<w:tblGrid>{column * columns}</w:tblGrid>"
    texts = []
    for row in rows:
        xml += "<w:tr>"
        for cell in row:
            cell = cell if isinstance(cell, Cell) else Cell((cell,))
            blocks = _blocks(cell.content)
            properties = f'<w:tcW w:w="{width * cell.across}" w:type="dxa"/>'
            if cell.across > 1:
                properties += f'<w:gridSpan w:val="{cell.across}"/>'
            if cell.down:
                properties += '<w:vMerge w:val="restart"/>' if cell.down == "first" else "<w:vMerge/>"
            xml += f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(block.xml for block in blocks)}"
            # A cell ends with a paragraph, or Word refuses the whole document.
            xml += "<w:p/></w:tc>" if blocks[-1].xml.endswith("</w:tbl>") else "</w:tc>"
            texts += [block.text for block in blocks]
        xml += "</w:tr>"
    return Block(xml + "</w:tbl>", "".join(texts) if keep else "")


def _blocks(content) -> list[Block]:
    blocks = []
    for part in content:
        if isinstance(part, list):
            blocks += _blocks(part)
        else:
            blocks.append(part if isinstance(part, Block) else paragraph(part))
    return blocks or [Block("<w:p/>")]


def control(*blocks: Block, name: str) -> Block:
    """A content control that holds whole paragraphs, as templates of offices have them."""
    properties = (
        f'<w:sdtPr><w:alias w:val={quoteattr(name)}/><w:id w:val="{zlib.crc32(name.encode()) >> 1}"/></w:sdtPr>'
    )
    inside = "".join(block.xml for block in blocks)
    xml = f"<w:sdt>{properties}<w:sdtContent>{inside}</w:sdtContent></w:sdt>"
    return Block(xml, "".join(block.text for block in blocks))


def inline_control(*content, name: str) -> Inline:
    joined = _join(content)
    xml = (
        f"<w:sdt><w:sdtPr><w:alias w:val={quoteattr(name)}/></w:sdtPr><w:sdtContent>{joined.xml}</w:sdtContent></w:sdt>"
    )
    return Inline(xml, joined.text)


def inserted(text: str, number: int = 1) -> Inline:
    return Inline(f'<w:ins w:id="{900 + number}" {_CHANGED}>{run(text).xml}</w:ins>', text.replace("|", ""))


def deleted(text: str, number: int = 2) -> Inline:
    gone = f'<w:r><w:delText xml:space="preserve">{escape(text)}</w:delText></w:r>'
    return Inline(f'<w:del w:id="{900 + number}" {_CHANGED}>{gone}</w:del>')


def field(code: str, shown: str, **form) -> Inline:
    """A field with the result that Word last saw."""
    instruction = f'<w:r><w:instrText xml:space="preserve"> {escape(code)} </w:instrText></w:r>'
    begin, middle, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end"))
    return Inline(f"{begin}{instruction}{middle}{run(shown, **form).xml}{end}", shown)


def bookmark(name: str, *content) -> Inline:
    joined = _join(content)
    number = zlib.crc32(name.encode()) % 10_000
    begin = f'<w:bookmarkStart w:id="{number}" w:name={quoteattr(name)}/>'
    return Inline(f'{begin}{joined.xml}<w:bookmarkEnd w:id="{number}"/>', joined.text)


def png(number: int, width: int = 480, height: int = 320) -> bytes:
    """A coloured ground with a disc and a bar; each number another picture."""
    colours = zlib.crc32(str(number).encode()).to_bytes(4, "big") + zlib.adler32(b"%d" % (number * number)).to_bytes(
        4, "big"
    )
    ground, disc, bar = (bytes(colours[place : place + 3]) for place in (0, 3, 5))
    centre_x, centre_y, radius = width // 4 + number * 37 % (width // 2), height // 2, height // 4 + number % 23
    rows = bytearray()
    for y in range(height):
        half = math.isqrt(max(0, radius**2 - (y - centre_y) ** 2))
        if height - 40 <= y < height - 15:
            row = bar * width
        else:
            row = ground * (centre_x - half) + disc * (2 * half) + ground * (width - centre_x - half)
        rows += b"\0" + row
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


def emf() -> bytes:
    """A metafile with nothing drawn in it: what a copied chart or seal becomes."""
    size = 88
    header = struct.pack("<II", 1, size) + struct.pack("<8i", 0, 0, 10, 10, 0, 0, 300, 300)
    header += b" EMF" + struct.pack("<IIIHHIII", 0x10000, size + 20, 2, 1, 0, 0, 0, 0)
    header += struct.pack("<4i", 800, 600, 300, 200)
    return header + struct.pack("<IIIII", 14, 20, 0, 16, 20)


def wmf() -> bytes:
    placeable = struct.pack("<IHhhhhHI", 0x9AC6CDD7, 0, 0, 0, 100, 100, 96, 0)
    check = 0
    for (word,) in struct.iter_unpack("<H", placeable):
        check ^= word
    header = struct.pack("<HHHIHIH", 1, 9, 0x300, 12, 0, 3, 0)
    return placeable + struct.pack("<H", check) + header + struct.pack("<IH", 3, 0)


class _Style(NamedTuple):
    name: str
    paragraph: str = ""
    run: str = ""
    level: int | None = None


_BIG = '<w:b/><w:sz w:val="{0}"/><w:szCs w:val="{0}"/>'
_CENTRED = '<w:jc w:val="center"/>'
# The same six styles as Word names them, as Chinese Word numbers them and as WPS names and numbers them.
STYLE_SETS = {
    "word": {"Normal": "Normal", "Title": "Title"} | {f"Heading{n}": f"heading {n}" for n in (1, 2, 3)},
    "chinese": {"a": "Normal", "a3": "Title", "1": "heading 1", "2": "heading 2", "3": "heading 3"},
    "wps": {"1": "正文", "8": "标题", "2": "标题 1", "3": "标题 2", "4": "标题 3"},
}
_LOOKS = {
    "heading 1": ("", 44, 0),
    "标题 1": ("", 44, 0),
    "heading 2": ("", 32, 1),
    "标题 2": ("", 32, 1),
    "heading 3": ("", 28, 2),
    "标题 3": ("", 28, 2),
    "Title": (_CENTRED, 36, None),
    "标题": (_CENTRED, 36, None),
}
_EXTRA_STYLES = {
    "OfficialTitle": _Style("公文标题", _CENTRED, _BIG.format(44)),
    "OfficialHeading": _Style("公文一级标题", '<w:ind w:firstLineChars="200"/>', '<w:rFonts w:eastAsia="黑体"/>'),
    "ListParagraph": _Style("List Paragraph", '<w:ind w:left="420"/>'),
    "Caption": _Style("caption", _CENTRED, '<w:sz w:val="18"/>'),
}


def _styles(flavour: str) -> str:
    xml = f"{_HEAD}<w:styles {_DECLARED}><w:docDefaults><w:rPrDefault><w:rPr>"
    xml += '<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:eastAsia="宋体"/><w:sz w:val="21"/></w:rPr></w:rPrDefault></w:docDefaults>'
    for identity, name in STYLE_SETS[flavour].items():
        default = ' w:default="1"' if name in ("Normal", "正文") else ""
        layout, size, level = _LOOKS.get(name, ("", 0, None))
        outline = "" if level is None else f'<w:outlineLvl w:val="{level}"/>'
        look = f"<w:pPr>{layout}{outline}</w:pPr><w:rPr>{_BIG.format(size)}</w:rPr>" if size else ""
        xml += f'<w:style w:type="paragraph"{default} w:styleId="{identity}"><w:name w:val="{name}"/>{look}</w:style>'
    base = next(iter(STYLE_SETS[flavour]))
    for identity, style in _EXTRA_STYLES.items():
        look = f"<w:pPr>{style.paragraph}</w:pPr><w:rPr>{style.run}</w:rPr>"
        xml += f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{identity}">'
        xml += f'<w:name w:val="{style.name}"/><w:basedOn w:val="{base}"/>{look}</w:style>'
    xml += '<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/>'
    return xml + '<w:rPr><w:color w:val="0000FF"/></w:rPr></w:style></w:styles>'


CHINESE, BULLETS, DECIMAL = 1, 2, 3  # the lists that every document has


def _numbering() -> str:
    levels = {
        CHINESE: (("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3.")),
        BULLETS: (("bullet", "●"), ("bullet", "○"), ("bullet", "■")),
        DECIMAL: (("decimal", "%1."), ("decimal", "%1.%2"), ("decimal", "%3）")),
    }
    xml = f"{_HEAD}<w:numbering {_DECLARED}>"
    for number, forms in levels.items():
        xml += f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="multilevel"/>'
        for level, (form, text) in enumerate(forms):
            xml += f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
            xml += f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/></w:lvl>'
        xml += "</w:abstractNum>"
    for number in levels:
        xml += f'<w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'
    return xml + "</w:numbering>"


def _section(columns: int, landscape: bool, references: str = "") -> str:
    width, height = (16838, 11906) if landscape else (11906, 16838)
    turned = ' w:orient="landscape"' if landscape else ""
    size = f'<w:pgSz w:w="{width}" w:h="{height}"{turned}/>'
    margins = '<w:pgMar w:top="1440" w:right="1440" w:bottom="1440" w:left="1440" w:header="720" w:footer="720" w:gutter="0"/>'
    kind = '<w:type w:val="continuous"/>'
    return f'<w:sectPr>{references}{kind}{size}{margins}<w:cols w:num="{columns}" w:space="425"/></w:sectPr>'


class PlainText:
    """A text file, in the encoding that the program of its office writes."""

    def __init__(self, written: str, encoding: str = "utf-8"):
        self.written, self.encoding = written, encoding

    @property
    def text(self) -> str:
        return "".join(self.written.split())

    def save(self) -> bytes:
        return self.written.replace("\n", "\r\n").encode(self.encoding)


class Docx:
    """A document in the making. Pictures, links and notes are made by it, since they are kept in parts of their own."""

    def __init__(self, flavour: str = "word", *, columns: int = 1, landscape: bool = False):
        self.flavour, self.columns, self.landscape = flavour, columns, landscape
        self.kept: list[str] = []
        self._xml: list[str] = []
        self._parts: dict[str, bytes] = {}
        self._links: list[tuple[str, str, bool]] = []  # kind, target, external
        self._media: dict[bytes, str] = {}
        self._notes: list[Block] = []
        self._comments: list[str] = []
        self._shapes = 0
        self._references = ""

    @property
    def text(self) -> str:
        """What a reader must keep, without white space; the notes at the foot of the pages come last."""
        return "".join("".join([*self.kept, *(note.text for note in self._notes)]).split())

    def add(self, *blocks: Block) -> "Docx":
        for block in blocks:
            self._xml.append(block.xml)
            self.kept.append(block.text)
        return self

    def p(self, *content, **form) -> "Docx":
        return self.add(paragraph(*content, **form))

    def table(self, rows, **form) -> "Docx":
        return self.add(table(rows, **form))

    def end_section(self, columns: int) -> "Docx":
        """What stands above is set in so many columns."""
        return self.add(paragraph(section=_section(columns, self.landscape)))

    def picture(self, number: int, *, wide: float = 8.0, floating: bool = False, legacy: bool = False) -> Inline:
        """``wide`` in centimetres. ``legacy``: as Word 2003 and old templates embed it."""
        return self._shown(self._embed(png(number), "png"), wide, floating=floating, legacy=legacy)

    def metafile(self, kind: str = "emf") -> Inline:
        return self._shown(self._embed(emf() if kind == "emf" else wmf(), kind), 3.0)

    def linked_picture(self, address: str) -> Inline:
        """A picture that is not in the document but somewhere else."""
        return self._shown(self._link("image", address, external=True), 8.0, attribute="link")

    def _shown(self, link: str, wide: float, *, floating=False, legacy=False, attribute="embed") -> Inline:
        self._shapes += 1
        if legacy:
            style = f"width:{wide * 28.35:.0f}pt;height:{wide * 18.9:.0f}pt"
            shape = f'<v:shape id="p{self._shapes}" style="{style}"><v:imagedata r:id="{link}"/></v:shape>'
            return Inline(f"<w:r><w:pict>{shape}</w:pict></w:r>")
        size = f'cx="{round(wide * 360_000)}" cy="{round(wide * 240_000)}"'
        identity = f'id="{self._shapes}" name="图片 {self._shapes}"'
        graphic = f'<a:graphic><a:graphicData uri="{_NAMESPACES["pic"]}"><pic:pic><pic:nvPicPr><pic:cNvPr {identity}/><pic:cNvPicPr/>'
        graphic += f'</pic:nvPicPr><pic:blipFill><a:blip r:{attribute}="{link}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        graphic += f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        graphic += "</pic:spPr></pic:pic></a:graphicData></a:graphic>"
        return Inline(f"<w:r><w:drawing>{self._placed(graphic, size, identity, floating)}</w:drawing></w:r>")

    def _placed(self, graphic: str, size: str, identity: str, floating: bool) -> str:
        if not floating:
            return (
                f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/><wp:docPr {identity}/>'
                f"{graphic}</wp:inline>"
            )
        return (
            '<wp:anchor distT="0" distB="0" distL="114300" distR="114300" simplePos="0" relativeHeight="2" behindDoc="0" '
            'locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
            '<wp:positionH relativeFrom="column"><wp:posOffset>0</wp:posOffset></wp:positionH>'
            '<wp:positionV relativeFrom="paragraph"><wp:posOffset>120000</wp:posOffset></wp:positionV>'
            f'<wp:extent {size}/><wp:wrapSquare wrapText="bothSides"/><wp:docPr {identity}/>{graphic}</wp:anchor>'
        )

    def textbox(self, *blocks: Block, older: bool = True, alternative: bool = True) -> Inline:
        """Word writes a box twice, for itself and for older programs; its text is there once.

        ``older=False``: without the second; ``alternative=False``: the drawing alone.
        """
        self._shapes += 1
        inside = "".join(block.xml for block in blocks)
        content = f"<w:txbxContent>{inside}</w:txbxContent>"
        size, identity = 'cx="4320000" cy="1080000"', f'id="{self._shapes}" name="文本框 {self._shapes}"'
        form = f'<wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></wps:spPr>'
        shape = f'<wps:wsp><wps:cNvSpPr txBox="1"/>{form}<wps:txbx>{content}</wps:txbx><wps:bodyPr/></wps:wsp>'
        graphic = f'<a:graphic><a:graphicData uri="{_NAMESPACES["wps"]}">{shape}</a:graphicData></a:graphic>'
        drawing = f"<w:drawing>{self._placed(graphic, size, identity, True)}</w:drawing>"
        shape = f'<v:shape id="t{self._shapes}" type="#_x0000_t202" style="width:340pt;height:85pt"><v:textbox>{content}</v:textbox></v:shape>'
        fallback = f"<mc:Fallback><w:pict>{shape}</w:pict></mc:Fallback>" if older else ""
        choice = f'<mc:Choice Requires="wps">{drawing}</mc:Choice>{fallback}'
        xml = f"<mc:AlternateContent>{choice}</mc:AlternateContent>" if alternative else drawing
        return Inline(f"<w:r>{xml}</w:r>", "".join(block.text for block in blocks))

    def link(self, text: str, address: str) -> Inline:
        identity = self._link("hyperlink", address, external=True)
        return Inline(f'<w:hyperlink r:id="{identity}">{run(text, link=True).xml}</w:hyperlink>', text.replace("|", ""))

    def footnote(self, text: str) -> Inline:
        self._notes.append(paragraph(run(text, size=9)))
        return Inline(f'<w:r><w:footnoteReference w:id="{len(self._notes)}"/></w:r>')

    def comment(self, *content, says: str) -> Inline:
        self._comments.append(says)
        number, joined = len(self._comments), _join(content)
        begin, end = (f'<w:commentRange{side} w:id="{number}"/>' for side in ("Start", "End"))
        return Inline(f'{begin}{joined.xml}{end}<w:r><w:commentReference w:id="{number}"/></w:r>', joined.text)

    def head(self, *content, **form) -> "Docx":
        return self._outside("header", "hdr", content, form)

    def foot(self, *content, **form) -> "Docx":
        return self._outside("footer", "ftr", content, form)

    def _outside(self, kind: str, element: str, content: tuple, form: dict) -> "Docx":
        block = paragraph(*content, **form)
        self._parts[f"word/{kind}1.xml"] = f"{_HEAD}<w:{element} {_DECLARED}>{block.xml}</w:{element}>".encode()
        identity = self._link(kind, f"{kind}1.xml")
        self._references += f'<w:{kind}Reference w:type="default" r:id="{identity}"/>'
        return self

    def _embed(self, data: bytes, extension: str) -> str:
        if data not in self._media:
            name = f"media/image{len(self._media) + 1}.{extension}"
            self._parts[f"word/{name}"] = data
            self._media[data] = self._link("image", name)
        return self._media[data]

    def _link(self, kind: str, target: str, external: bool = False) -> str:
        self._links.append((kind, target, external))
        return f"rId{len(self._links) + 10}"

    def save(self) -> bytes:
        section = _section(self.columns, self.landscape, self._references)
        last = "<w:p/>" if self._xml[-1].endswith("</w:tbl>") else ""  # as Word has it below every table
        body = f"{_HEAD}<w:document {_DECLARED}><w:body>{''.join(self._xml)}{last}{section}</w:body></w:document>"
        own = {"styles": _styles(self.flavour), "numbering": _numbering()}
        own["settings"] = f'{_HEAD}<w:settings {_DECLARED}><w:zoom w:percent="100"/></w:settings>'
        if self._notes:
            rows = "".join(
                f'<w:footnote w:id="{n}">{note.xml}</w:footnote>' for n, note in enumerate(self._notes, start=1)
            )
            lines = '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
            lines += '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>'
            own["footnotes"] = f"{_HEAD}<w:footnotes {_DECLARED}>{lines}{rows}</w:footnotes>"
        if self._comments:
            rows = "".join(
                f'<w:comment w:id="{n}" {_CHANGED}>{paragraph(says).xml}</w:comment>'
                for n, says in enumerate(self._comments, start=1)
            )
            own["comments"] = f"{_HEAD}<w:comments {_DECLARED}>{rows}</w:comments>"
        for name in own:
            self._links.append((name, f"{name}.xml", False))
        parts = {
            "[Content_Types].xml": self._content_types(own).encode(),
            "_rels/.rels": _relationships([("officeDocument", "word/document.xml", False)], 0).encode(),
            "word/document.xml": body.encode(),
            "word/_rels/document.xml.rels": _relationships(self._links, 10).encode(),
        }
        parts |= {f"word/{name}.xml": xml.encode() for name, xml in own.items()} | self._parts
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for name, data in parts.items():
                entry = zipfile.ZipInfo(name, _TYPED)
                entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
                archive.writestr(entry, data)
        return packed.getvalue()

    def _content_types(self, own: dict[str, str]) -> str:
        kinds = {"rels": "application/vnd.openxmlformats-package.relationships+xml", "xml": "application/xml"}
        kinds |= {"png": "image/png", "emf": "image/x-emf", "wmf": "image/x-wmf"}
        kinds |= {"jpeg": "image/jpeg", "webp": "image/webp", "heic": "image/heic"}
        xml = f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        xml += "".join(f'<Default Extension="{end}" ContentType="{kind}"/>' for end, kind in kinds.items())
        xml += f'<Override PartName="/word/document.xml" ContentType="{_WORD}document.main+xml"/>'
        for name in own:
            xml += f'<Override PartName="/word/{name}.xml" ContentType="{_WORD}{name}+xml"/>'
        for name in self._parts:
            if name.endswith("1.xml"):
                kind = name.removeprefix("word/").removesuffix("1.xml")
                xml += f'<Override PartName="/{name}" ContentType="{_WORD}{kind}+xml"/>'
        return xml + "</Types>"


def _relationships(links: list[tuple[str, str, bool]], shift: int) -> str:
    xml = f'{_HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    for number, (kind, target, external) in enumerate(links, start=shift + 1):
        outside = ' TargetMode="External"' if external else ""
        xml += f'<Relationship Id="rId{number}" Type="{_RELATIONSHIP}{kind}" Target={quoteattr(target)}{outside}/>'
    return xml + "</Relationships>"
