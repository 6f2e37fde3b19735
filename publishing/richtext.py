"""Rich text: what an editor may write, in one dict from which both the editor and the sanitiser are built."""

import html as entities
import re
from collections import Counter

import nh3
from django.utils.html import strip_tags
from django_prose_editor.config import allowlist_from_extensions, expand_extensions
from django_prose_editor.fields import ProseEditorField

from publishing.foreign_html import LINK_SCHEMES
from publishing.images import MAX_BYTES
from publishing.pasting import BOLD_BY_STYLE, HEADINGS, LETTERS, PATTERNS, in_our_form

#: The one allow-list. Colours, sizes and fonts stay behind when text is pasted from Word or WeChat.
EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "Heading": {"levels": [2, 3]},
    "BulletList": True,
    "OrderedList": {"enableListAttributes": False},
    "ListItem": True,
    "Blockquote": True,
    "HorizontalRule": True,
    "HardBreak": True,
    "Link": {"enableTarget": False, "protocols": sorted(LINK_SCHEMES)},
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "HTML": False,
    "Notes": True,
    "Pasting": {"patterns": PATTERNS, "headings": HEADINGS, "boldByStyle": BOLD_BY_STYLE, "letters": LETTERS},
    # Every button in sight, none in a menu that opens: what is hidden is not used.
    "Menu": {
        "groups": [
            {"group": "blockType -lists"},
            {"group": "marks"},
            {"group": "lists"},
            {"group": "nodes -blockType -lists"},
            {"group": "link"},
            {"group": "table"},
            {"group": "history"},
        ]
    },
}

#: What a paragraph says that stands for a photo, in the brackets people use; its number among the record's photos.
PHOTO_MARK = r"[\[【（(]\s*图\s*(\d{1,2})\s*[\]】）)]"


def with_photos(formset: str) -> dict:
    """The extensions of a text in which photos are placed: those of the form's rows under this name."""
    menu = {"groups": [*EXTENSIONS["Menu"]["groups"], {"group": "photo"}]}
    photos = {"formset": formset, "mark": PHOTO_MARK, "mostBytes": MAX_BYTES}
    return EXTENSIONS | {"Photos": photos, "Menu": menu}


_rules = allowlist_from_extensions(expand_extensions(EXTENSIONS))
# Else title and lang would be allowed on every element.
_clean = nh3.Cleaner(**_rules | {"attributes": _rules["attributes"] | {"*": set()}}).clean

_MOST_OPEN = 2_000
# Without those that are never closed, or need not be.
_TAG = re.compile(
    r"<(/?)(?!(?:p|li|td|th|tr|dt|dd|br|hr|img|col|input|meta|link|option)\b)([a-z][^\s/>]*)", re.IGNORECASE
)


def sanitise(html: str) -> str:
    """Reduce any HTML to the allow-list, in the form in which the editor writes it; what has it comes back as it is."""
    if _is_bottomless(html):
        html = re.sub(r"<[^<>]*>", "", html).replace("<", "&lt;")
    return _clean(in_our_form(html))


def _is_bottomless(html: str) -> bool:
    """So many elements within each other that no program wrote them; the parser would take minutes."""
    unclosed: Counter[str] = Counter()
    depth = 0
    for tag in _TAG.finditer(html):
        name = tag[2].lower()
        step = 1 if not tag[1] else -1 if unclosed[name] else 0
        unclosed[name] += step
        depth += step
        if depth > _MOST_OPEN:
            return True
    return False


def plain_text(html: str) -> str:
    """The words of a rich text, one line a block."""
    lines = strip_tags(re.sub(r"</(?:p|h\d|li|blockquote|tr)>|<br>", "\n", html))
    return entities.unescape(lines).strip()


class RichTextField(ProseEditorField):
    """HTML that is sanitised whenever it is cleaned or saved, so that a template may print it as it is."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("extensions", EXTENSIONS)
        kwargs.setdefault("sanitize", sanitise)
        super().__init__(*args, **kwargs)

    def pre_save(self, model_instance, add):
        value = sanitise(super().pre_save(model_instance, add) or "")
        setattr(model_instance, self.attname, value)
        return value
