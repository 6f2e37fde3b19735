"""The XLSX format: cells and the parts of a workbook as XML. What a sheet shows is in spreadsheets.py."""

import datetime
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Literal
from xml.sax.saxutils import escape

MAX_CELL = 32_767  # UTF-16 units of a cell: Excel's limit

Kind = Literal["text", "number", "date", "datetime", "time", "percent"]
Value = str | int | float | Decimal | datetime.date | datetime.time

# Text and numbers as XML

CONTROLS = "\x00-\x08\x0b-\x1f\ufffe\uffff"  # a cell holds them as _x0007_; plain, they are not XML
_CONTROL = re.compile(f"[{CONTROLS}]")
# Text that looks like such an escape, or would once a control character behind it is escaped.
_ESCAPE_LIKE = re.compile(f"_(?=x[0-9A-Fa-f]{{4}}[_{CONTROLS}])")

_DAY_0 = datetime.date(1899, 12, 30).toordinal()
_FIRST_DAY = datetime.date(1900, 3, 1)  # before it, Excel counts a 29 February 1900 that never was


def xml_text(text: str) -> str:
    if "_x" in text:
        text = _ESCAPE_LIKE.sub("_x005F_", text)
    if not text.isprintable():
        text = _CONTROL.sub(lambda match: f"_x{ord(match[0]):04X}_", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def cut(text: str, units: int, mark: str = "…") -> str:
    """At most so many UTF-16 units, cut between two characters."""
    if len(text) <= units // 2 or len(encoded := text.encode("utf-16-le")) <= 2 * units:
        return text
    return encoded[: 2 * (units - len(mark))].decode("utf-16-le", "ignore") + mark


def _day_part(value: datetime.time | datetime.datetime) -> float:
    return (value.hour * 3600 + value.minute * 60 + value.second) / 86400


def serial(value: Value) -> str | None:
    """The number in the cell of a value that is not text; None where Excel's calendar has no such day."""
    if isinstance(value, datetime.datetime):
        return str(value.toordinal() - _DAY_0 + _day_part(value)) if value.date() >= _FIRST_DAY else None
    if isinstance(value, datetime.date):
        return str(value.toordinal() - _DAY_0) if value >= _FIRST_DAY else None
    return str(_day_part(value)) if isinstance(value, datetime.time) else str(value)


# Cells and their formats: a cell's `s` is the place of its format in _FORMATS.

_NUMBER_FORMATS = {"date": "yyyy-mm-dd", "datetime": "yyyy-mm-dd hh:mm", "time": "hh:mm", "percent": "0.0%"}
_NUMBER_FORMAT_IDS = {"number": 0, "text": 49} | {kind: 164 + n for n, kind in enumerate(_NUMBER_FORMATS)}
_TOP, _MIDDLE, _LEFT, _CENTRE = 'vertical="top"', 'vertical="center"', 'horizontal="left"', 'horizontal="center"'
_WRAP = ' wrapText="1"'


def _format(kind: Kind, align: str, *, font: int = 0, fill: int = 0, border: int = 1, quoted: int = 0) -> str:
    return (
        f'<xf numFmtId="{_NUMBER_FORMAT_IDS[kind]}" fontId="{font}" fillId="{fill}" borderId="{border}" xfId="0"'
        f' quotePrefix="{quoted}" applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">'
        f"<alignment {align}/></xf>"
    )


_FORMATS = {
    "default": _format("number", _TOP, border=0),
    "title": _format("number", f"{_CENTRE} {_MIDDLE}{_WRAP}", font=2, border=0),
    "facts": _format("number", f"{_LEFT} {_MIDDLE}{_WRAP}", border=0),
    "header": _format("number", f"{_CENTRE} {_MIDDLE}{_WRAP}", font=1, fill=2),
    "label": _format("number", f"{_LEFT} {_MIDDLE}{_WRAP}", font=1),
    "sum": _format("number", _MIDDLE, font=1),
    "signature": _format("number", f"{_LEFT} {_MIDDLE}", border=0),
    **{kind: _format(kind, _TOP) for kind in _NUMBER_FORMAT_IDS},
    "text wrapped": _format("text", _TOP + _WRAP),
    # Marked like text typed after an apostrophe, so that it stays text when somebody edits the cell.
    "quoted": _format("number", _TOP, quoted=1),
    "quoted wrapped": _format("number", _TOP + _WRAP, quoted=1),
}
_PLACES = {name: place for place, name in enumerate(_FORMATS)}


def letters_of(place: int) -> str:
    """0 is A, 26 is AA."""
    return (letters_of(place // 26 - 1) if place > 25 else "") + chr(ord("A") + place % 26)


def text_cell(reference: str, format_name: str, text: str = "") -> str:
    """Always a string in the cell itself: no formula and no link, whatever the text looks like."""
    if not text:
        return f'<c r="{reference}" s="{_PLACES[format_name]}"/>'
    string = f'<is><t xml:space="preserve">{xml_text(cut(text, MAX_CELL))}</t></is>'
    return f'<c r="{reference}" s="{_PLACES[format_name]}" t="inlineStr">{string}</c>'


def number_cell(reference: str, format_name: str, number: object) -> str:
    return f'<c r="{reference}" s="{_PLACES[format_name]}"><v>{number}</v></c>'


# The workbook around its worksheets

XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN_NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CONTENT = "application/vnd.openxmlformats-"

# This part comes first, before the worksheets can be counted: an .xml part is one unless said otherwise.
CONTENT_TYPES = (
    f'{XML_DECLARATION}<Types xmlns="{_PACKAGE}/content-types">'
    f'<Default Extension="rels" ContentType="{_CONTENT}package.relationships+xml"/>'
    f'<Default Extension="xml" ContentType="{_CONTENT}officedocument.spreadsheetml.worksheet+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_CONTENT}officedocument.spreadsheetml.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_CONTENT}officedocument.spreadsheetml.styles+xml"/>'
    f'<Override PartName="/docProps/core.xml" ContentType="{_CONTENT}package.core-properties+xml"/></Types>'
)
RELATIONSHIPS = (
    f'{XML_DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_DOCUMENT}/officeDocument" Target="xl/workbook.xml"/>'
    f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    "</Relationships>"
)


def styles() -> str:
    fonts = "".join(
        f'<font>{bold}<sz val="{size}"/><name val="宋体"/><charset val="134"/></font>'
        for bold, size in (("", 11), ("<b/>", 11), ("<b/>", 18))
    )
    formats = "".join(
        f'<numFmt numFmtId="{_NUMBER_FORMAT_IDS[kind]}" formatCode="{code}"/>' for kind, code in _NUMBER_FORMATS.items()
    )
    lines = "".join(f'<{side} style="thin"><color auto="1"/></{side}>' for side in ("left", "right", "top", "bottom"))
    return (
        f'{XML_DECLARATION}<styleSheet xmlns="{MAIN_NAMESPACE}"><numFmts count="{len(_NUMBER_FORMATS)}">{formats}</numFmts>'
        f'<fonts count="3">{fonts}</fonts><fills count="3"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid">'
        '<fgColor rgb="FFE7E6E6"/><bgColor indexed="64"/></patternFill></fill></fills><borders count="2">'
        f"<border><left/><right/><top/><bottom/><diagonal/></border><border>{lines}<diagonal/></border></borders>"
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{len(_FORMATS)}">{"".join(_FORMATS.values())}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )


def properties(title: str, created: datetime.datetime) -> str:
    return (
        f'{XML_DECLARATION}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(_CONTROL.sub('', title))}</dc:title><dcterms:created"
        f' xsi:type="dcterms:W3CDTF">{created.astimezone(datetime.UTC):%Y-%m-%dT%H:%M:%SZ}</dcterms:created>'
        "</cp:coreProperties>"
    )


def workbook(names: Sequence[str], defined_names: str) -> str:
    sheets = "".join(f'<sheet name="{xml_text(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(names, 1))
    return (
        f'{XML_DECLARATION}<workbook xmlns="{MAIN_NAMESPACE}" xmlns:r="{_DOCUMENT}"><bookViews><workbookView/></bookViews>'
        f"<sheets>{sheets}</sheets><definedNames>{defined_names}</definedNames></workbook>"
    )


def workbook_relationships(worksheets: int) -> str:
    relationships = "".join(
        f'<Relationship Id="rId{n}" Type="{_DOCUMENT}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, worksheets + 1)
    )
    return (
        f'{XML_DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships">{relationships}'
        f'<Relationship Id="rId{worksheets + 1}" Type="{_DOCUMENT}/styles" Target="styles.xml"/></Relationships>'
    )
