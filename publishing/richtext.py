"""Rich text: what an editor may write, in one dict from which both the editor and the sanitiser are built."""

import html as entities
import re

import nh3
from django.utils.html import strip_tags
from django_prose_editor.config import allowlist_from_extensions, expand_extensions
from django_prose_editor.fields import ProseEditorField

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
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto", "tel"]},
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "HTML": False,
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
#: Other names that Word and mammoth have for the same things. The page's title is the one first-level heading.
_SYNONYMS = {"b": "strong", "i": "em", "h1": "h2", "h4": "h3", "h5": "h3", "h6": "h3"}

_rules = allowlist_from_extensions(expand_extensions(EXTENSIONS))
_clean = nh3.Cleaner(
    **_rules
    | {
        "tags": _rules["tags"] | _SYNONYMS.keys(),
        "attributes": _rules["attributes"] | {"*": set()},  # else title and lang would be allowed on every element
    }
).clean
_SYNONYM = re.compile(rf"<(/?)({'|'.join(_SYNONYMS)})>")  # none of them keeps an attribute
_EMPTY_PARAGRAPHS = re.compile(r"(?:<p>(?:\s|&nbsp;|<br>)*</p>)+")
_MOST_ROUNDS = 10


def sanitise(html: str) -> str:
    """Reduce any HTML to the allow-list; what is already reduced comes back as it is."""
    for _round in range(_MOST_ROUNDS):
        # What lay inside a removed element may read differently in its new place: until nothing changes any more.
        before, html = html, _once(html)
        if html == before:
            break
    return html


def _once(html: str) -> str:
    renamed = _SYNONYM.sub(lambda tag: f"<{tag[1]}{_SYNONYMS[tag[2]]}>", _clean(html))
    return _EMPTY_PARAGRAPHS.sub("", renamed).strip()


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
