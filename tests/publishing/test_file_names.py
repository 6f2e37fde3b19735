"""Names that Windows, macOS and Linux all take, whatever a title holds."""

import re
from unicodedata import normalize
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publishing.file_names import MAX_NAME, MAX_PATH, Names, content_disposition, legal_name

# -- The name under which a browser saves a download


def saved_as(filename):
    """The name a browser reads from the header (RFC 6266)."""
    header = content_disposition(filename)
    assert header.startswith("attachment; filename")
    return unquote(re.fullmatch(r"attachment; filename(?:\*=utf-8''|=\")([^\"]+)\"?", header)[1])


@pytest.mark.parametrize("filename", ["测试医院2024年上半年活动台账.xlsx", "ledger 2024.csv", "𠮷 100%.csv"])
def test_a_file_name_survives(filename):
    assert saved_as(filename) == filename


@pytest.mark.parametrize(
    ("filename", "saved"),
    [
        ("../../台账.xlsx", "台账.xlsx"),
        ("C:\\台账.xlsx", "C-台账.xlsx"),
        ('台"账".xlsx', "台账.xlsx"),
        ("台账.xlsx\r\nSet-Cookie: a=1", "台账.xlsx Set-Cookie- a=1"),
        ("台账\u202excod.exe", "台账xcod.exe"),
        ("台\ud83d账.csv", "台账.csv"),
        (" .台账.csv. ", "台账.csv"),
        ("///", "导出"),
    ],
)
def test_a_file_name_holds_nothing_that_misleads_or_escapes(filename, saved):
    assert saved_as(filename) == saved


def test_a_long_file_name_keeps_its_ending_and_fits_the_file_system():
    saved = saved_as("党" * 300 + ".xlsx")
    assert saved.endswith("党.xlsx")
    assert len(saved.encode()) <= 255


# -- The parts of a path


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("LPT1 .jpg", "_LPT1.jpg"),
        ("COM¹", "_COM¹"),
        ("CONTACT", "CONTACT"),
        ("5/12护士节", "5-12护士节"),
        ("9:30集合", "9-30集合"),
        ("a\\b|c", "a-b-c"),
        ("重温<入党>誓词?*", "重温入党誓词"),
        ("句末有点...", "句末有点"),
        ("句末有空格 \u3000", "句末有空格"),
        ("../../etc", "etc"),
        ("照片\u202egpj.exe", "照片gpj.exe"),
        ("零\u200b宽", "零宽"),
        ("两\n行\t字", "两 行 字"),
        ("义诊😀", "义诊😀"),
        ("e\u0301", "é"),
        ("…", "…"),
        ("??", "未命名"),
        ("", "未命名"),
    ],
)
def test_a_title_becomes_a_name_that_can_be_read(title, name):
    assert legal_name(title) == name


_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]')
_DEVICE = re.compile(r"(?i)(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\..*)?")


@given(st.text(alphabet=st.characters(), max_size=120) | st.sampled_from(["😀" * 60, "党" * 300, "a." * 90 + "jpg"]))
def test_whatever_is_typed_every_system_takes_the_name(title):
    name = legal_name(title)
    assert name and not _FORBIDDEN.search(name) and not _DEVICE.fullmatch(name)
    assert name == name.strip(" .") and name not in {".", ".."}
    assert len(name.encode("utf-16-le")) <= 2 * MAX_NAME and len(name.encode()) <= 255
    assert name == normalize("NFC", name)


def test_a_name_that_is_legal_stays_as_it_is():
    for title in ("CON", "5/12护士节", "党" * 300 + ".jpg", "a" * 79 + " b", "e\u0301" * 100):
        assert legal_name(legal_name(title)) == legal_name(title)


def test_a_long_title_keeps_its_ending():
    assert legal_name("党" * 300 + ".jpg") == "党" * 76 + ".jpg"


# -- Paths of one archive


def taken(*paths: tuple[str, ...]) -> list[str]:
    names = Names()
    return [names.take(*parts) for parts in paths]


def test_a_path_has_only_the_folders_it_was_given():
    assert taken(("活动", "H1-2023-0001 5/12护士节", "照片", "01 a/b.jpg")) == [
        "活动/H1-2023-0001 5-12护士节/照片/01 a-b.jpg"
    ]


@pytest.mark.parametrize(
    "alike",
    [
        ("义诊.html", "义诊.html"),
        ("A.html", "a.html"),
        ("\u00e9.html", "e\u0301.html"),
        ("①.html", "1.html"),
        ("a?.html", "a*.html"),
    ],
    ids=["same", "case", "composition", "compatibility", "after dropping"],
)
def test_two_names_alike_become_two_files(alike):
    first, second = taken(("报数", alike[0]), ("报数", alike[1]))
    assert second.endswith("(2).html")
    assert normalize("NFKC", first).casefold() != normalize("NFKC", second).casefold()


def test_the_third_of_a_long_name_still_fits():
    names = taken(*[("党" * 300 + ".jpg",)] * 3)
    assert [name[-7:] for name in names[1:]] == ["(2).jpg", "(3).jpg"]
    assert len(set(names)) == 3 and {len(name) for name in names} == {MAX_NAME}


def test_a_path_is_short_enough_to_be_unpacked_into_a_folder():
    (path,) = taken(("活动", "党" * 300, "照片", "员" * 300 + ".jpg"))
    assert len(path) <= MAX_PATH and path.endswith("员.jpg")
