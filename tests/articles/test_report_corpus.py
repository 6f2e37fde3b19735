"""The labelled reports: documents that open, labels that say what is in them, nothing that changes from run to run."""

import hashlib
import io
import re
import struct
import zipfile
import zlib
from datetime import date
from decimal import Decimal
from importlib import import_module
from xml.etree import ElementTree

import pytest

from branches.periods import Period
from branches.periods import Precision as PeriodPrecision
from publishing.stated_numbers import Precision, read
from tests.articles.reports import corpus
from tests.articles.reports.newspaper import NEWSPAPER

pytestmark = pytest.mark.any_database

LISTS = import_module("branches.migrations.0002_kinds_and_measures")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
KEYS = {
    "file", "layout", "kicker", "title", "subtitle", "bylines", "source", "headings", "tables", "pictures", "captions", "characters",
    "body", "hospital", "branches", "partners", "places", "kinds", "dates", "published", "figures", "optional_figures",
}  # fmt: skip
OTHER_KEYS = {
    "note", "also", "title_also", "hospital_also", "optional_text", "optional_dates", "optional_headings", "optional_captions",
    "optional_tables", "optional_bylines", "restored",
}  # fmt: skip
FILES, LABELS = corpus.files(), corpus.labels()
NAMES = sorted(FILES)
LABELLED = [(name, LABELS[name]) for name in NAMES]


def slugs(text: str) -> set[str]:
    return {line.split()[0] for line in text.strip().splitlines()}


def squeezed(text: str) -> str:
    return "".join(text.split())


def parts_of(name: str) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(FILES[name])) as archive:
        assert archive.testzip() is None
        return {entry: archive.read(entry) for entry in archive.namelist()}


def printed(element: ElementTree.Element) -> str:
    """The text below an element in the order of the file, a box once; deleted text has an element of its own."""
    text = element.text or "" if element.tag == f"{W}t" else ""
    return text + "".join(printed(child) for child in element if not child.tag.endswith("}Fallback"))


def text_of(name: str) -> str:
    if name.endswith(".txt"):
        return squeezed(corpus.MADE_UP[name]().written)
    parts = parts_of(name)
    found = [parts[entry] for entry in ("word/document.xml", "word/footnotes.xml") if entry in parts]
    return squeezed("".join(printed(ElementTree.fromstring(xml)) for xml in found))


TEXTS = {name: text_of(name) for name in NAMES}


def test_there_are_twenty_five_made_up_reports_and_each_document_has_a_label():
    assert len(corpus.MADE_UP) == 25
    paths = sorted(path.stem for path in corpus.LABELS.glob("*.json"))
    assert paths == sorted(name.rpartition(".")[0] for name in [*corpus.MADE_UP, *NEWSPAPER])
    assert set(FILES) == set(LABELS)


def test_a_document_is_the_same_bytes_each_time():
    def digests() -> dict[str, str]:
        return {name: hashlib.sha256(data).hexdigest() for name, data in corpus.files().items()}

    assert digests() == {name: hashlib.sha256(data).hexdigest() for name, data in FILES.items()}


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(".docx")])
def test_a_document_is_a_package_whose_parts_are_there_and_are_xml(name):
    parts = parts_of(name)
    for entry, data in parts.items():
        if entry.endswith((".xml", ".rels")):
            ElementTree.fromstring(data)
    links = ElementTree.fromstring(parts["word/_rels/document.xml.rels"])
    inside = [link.get("Target") for link in links if link.get("TargetMode") != "External"]
    assert {f"word/{target}" for target in inside} <= set(parts)
    used = set(re.findall(rb'r:(?:id|embed|link)="(rId\d+)"', parts["word/document.xml"]))
    assert {identity.decode() for identity in used} <= {link.get("Id") for link in links}


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(".docx")])
def test_the_pictures_of_a_document_differ_and_can_be_read(name):
    media = [data for entry, data in parts_of(name).items() if entry.endswith(".png")]
    assert len(set(media)) == len(media)
    for data in media:
        length, kind = struct.unpack(">I4s", data[8:16])
        assert (kind, zlib.crc32(data[12 : 16 + length])) == (
            b"IHDR",
            *struct.unpack(">I", data[16 + length : 20 + length]),
        )


def test_pictures_of_different_documents_differ():
    shown = [
        (hashlib.sha256(data).hexdigest(), name)
        for name in NAMES
        if name.endswith(".docx")
        for entry, data in parts_of(name).items()
        if entry.endswith(".png")
    ]
    assert len({digest for digest, _ in shown}) == len(shown)


@pytest.mark.parametrize(("name", "label"), LABELLED, ids=NAMES)
def test_a_label_has_the_text_of_its_document(name, label):
    assert KEYS <= set(label) <= KEYS | OTHER_KEYS
    assert label["file"] == name
    text = TEXTS[name]
    for furniture in label.get("optional_text", []):
        assert squeezed(furniture) in text
        text = text.replace(squeezed(furniture), "", 1)
    assert label["body"] == text
    assert label["characters"] == len(text)


def readable_pictures(name: str) -> int:
    if name.endswith(".txt"):
        return 0
    parts = parts_of(name)
    targets = {
        link.get("Id"): link.get("Target")
        for link in ElementTree.fromstring(parts["word/_rels/document.xml.rels"])
        if link.get("TargetMode") != "External"
    }
    xml = parts["word/document.xml"].decode()
    xml = re.sub(r"<mc:Fallback>.*?</mc:Fallback>", "", xml)
    return sum(
        targets[identity].endswith(".png") for identity in re.findall(r'(?:r:embed|imagedata r:id)="(rId\d+)"', xml)
    )


@pytest.mark.parametrize(("name", "label"), LABELLED, ids=NAMES)
def test_what_a_label_names_is_in_its_document(name, label):
    text = TEXTS[name]
    parts = [label[key] for key in ("kicker", "title", "subtitle", "source")]
    parts += [heading["text"] for heading in [*label["headings"], *label.get("optional_headings", [])]]
    parts += label["captions"] + label.get("title_also", []) + label.get("optional_captions", [])
    parts += [part for byline in label["bylines"] for part in byline.values()]
    parts += [label["hospital"], *label["branches"], *label["partners"]]
    parts += [cell for table in [*label["tables"], *label.get("optional_tables", [])] for row in table for cell in row]
    parts += [figure["as_stated"] for figure in [*label["figures"], *label["optional_figures"]]]
    parts += [stated["as_stated"] for stated in [*label["dates"], *label.get("optional_dates", [])]]
    assert not [part for part in parts if squeezed(part) not in text]
    assert all(heading["level"] in (2, 3) for heading in label["headings"])
    assert all(len({len(row) for row in table}) == 1 for table in label["tables"])
    assert label["pictures"] == readable_pictures(name)


@pytest.mark.parametrize(("name", "label"), LABELLED, ids=NAMES)
def test_a_label_says_slugs_and_precisions_that_there_are(name, label):
    assert label["kinds"] and set(label["kinds"]) <= slugs(LISTS.KINDS)
    for figure in label["figures"] + label["optional_figures"]:
        measures = {figure["measure"], *figure.get("also", [])} - {None}
        assert measures <= slugs(LISTS.MEASURES)
        assert figure["precision"] in Precision.values
        assert (figure["value"] is None) == (figure["precision"] == Precision.VAGUE)


#: what the field of a form does not take as typed; a label says what it means all the same
NOT_TYPED = {"两堂"}


def is_range(stated: str) -> bool:
    return re.search(r"\d[-—至]+\d", stated) is not None


@pytest.mark.parametrize(("name", "label"), LABELLED, ids=NAMES)
def test_a_figure_says_what_its_own_words_say(name, label):
    cells = {cell for table in label["tables"] + label.get("optional_tables", []) for row in table for cell in row}
    for figure in label["figures"] + label["optional_figures"]:
        if is_range(figure["as_stated"]):
            assert (figure["value"], figure["precision"]) == (None, "vague")
            continue
        if figure["as_stated"] in NOT_TYPED:
            continue
        reading = read(figure["as_stated"])
        value = None if figure["value"] is None else Decimal(figure["value"])
        unit = reading.scale if reading.unit == "%" else reading.unit
        assert (reading.value, reading.precision) == (value, figure["precision"]), figure
        assert unit == figure["unit"] or (not unit and figure["as_stated"] in cells), figure


@pytest.mark.parametrize(("name", "label"), LABELLED, ids=NAMES)
def test_a_date_is_the_period_that_its_precision_says(name, label):
    for stated in [*label["dates"], *label.get("optional_dates", [])]:
        assert stated["precision"] in PeriodPrecision.values
        if stated["start"] is None:
            assert stated["end"] is None and not stated["year_given"]
            continue
        start, end = date.fromisoformat(stated["start"]), date.fromisoformat(stated["end"])
        assert start <= end
        if stated["precision"] != "day":
            assert Period.around(start, stated["precision"]) == Period(start, end, stated["precision"])
    assert label["published"] is None or date.fromisoformat(label["published"])


def test_few_figures_are_left_open():
    sure = sum(len(label["figures"]) for label in LABELS.values())
    unsure = sum(len(label["optional_figures"]) for label in LABELS.values())
    assert unsure < sure / 10
