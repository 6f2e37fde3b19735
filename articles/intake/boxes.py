"""Text boxes and groups that only newer Word's drawings hold, put where the reader finds them.

Word writes such a drawing twice, for itself and for older programs; mammoth reads what is there for the older ones. Other
programs, and Word after some conversions, write it once: a title or a caption in it would be lost without a word.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

_BODY = re.compile(r"word/document\d*\.xml")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_VML = "{urn:schemas-microsoft-com:vml}"
_READ = {"t", "imagedata", "blip"}


def with_boxes(content: bytes) -> bytes:
    """The package as it is, or with its text written anew. It has been guarded (``files.py``)."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        bodies = {name: package.read(name) for name in package.namelist() if _BODY.fullmatch(name)}
    opened = {name: new for name, xml in bodies.items() if b"<w:drawing" in xml and (new := _opened(xml))}
    if not opened:
        return content
    file = io.BytesIO(content)
    with zipfile.ZipFile(file, "a") as package:
        for name, xml in opened.items():
            package.filelist.remove(package.NameToInfo.pop(name))  # else there would be two of the name
            package.writestr(name, xml)
    return file.getvalue()


def _opened(xml: bytes) -> bytes | None:
    """None where there is nothing to open."""
    root = ElementTree.fromstring(xml)
    elements = list(root.iter())
    changed = False
    for parent in elements:
        if any(_kind(child) == "AlternateContent" for child in parent):
            parent[:] = [part for child in parent for part in _alternative(child)]
            changed = True
    for parent in root.iter():
        for place, child in enumerate(parent):
            if _kind(child) == "drawing" and not _is_picture(child) and (found := list(_inside(child))):
                parent[place] = Element(child.tag.replace("drawing", "pict"))
                parent[place].extend(found)
                changed = True
    return ElementTree.tostring(root) if changed else None


def _alternative(element: Element) -> list[Element]:
    """What older programs are given, or what newer ones are where that says nothing; other elements as they are."""
    if _kind(element) != "AlternateContent":
        return [element]
    choices = sorted(element, key=_kind, reverse=True)  # Fallback first
    for choice in choices:
        if any(_kind(part) in _READ for part in choice.iter()):
            return list(choice)
    return []


def _is_picture(drawing: Element) -> bool:
    """One that the reader knows: right within the drawing, in no group."""
    data = next((part for part in drawing.iter() if _kind(part) == "graphicData"), None)
    return data is not None and any(_kind(part) == "pic" for part in data)


def _inside(element: Element) -> Iterator[Element]:
    """Its texts, and its pictures as older programs have them."""
    for child in element:
        if _kind(child) == "txbxContent":
            yield child
        elif _kind(child) == "blip" and (link := child.get(f"{_RELATION}embed")):
            yield Element(f"{_VML}imagedata", {f"{_RELATION}id": link})
        else:
            yield from _inside(child)


def _kind(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
