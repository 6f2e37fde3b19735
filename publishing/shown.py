"""A record's content in words: each field and part as people read it, in the order in which the model declares them.

Works from the content alone (``publishing.content``) and never asks the database, so that an old version reads the
same after what it points to was renamed or deleted. What the model no longer has comes last; it is never left out.
"""

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from html import escape, unescape
from typing import Any, Literal

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from publishing.content import content_fields
from publishing.images import rendition_name
from publishing.numerals import number_text
from publishing.quantities import Precision, Quantity, StatedQuantity
from publishing.richtext import RichTextField, plain_text

_WIDTH = 480  # of a photo's copies the smallest: enough to recognise it
_SIDE = 160  # of a picture whose size is not part of the content
_QUANTITY = ("value", "precision", "as_stated", "unit")
_YES, _NO = _("是"), _("否")
_FORMER = _("原有栏目“%s”")
_ROW = _("第%d行")
_LINK = re.compile(r'<a\b(?:[^>"]|"[^"]*")*?\shref="(?P<address>[^"]*)"(?:[^>"]|"[^"]*")*>|</a>')


@dataclass(frozen=True)
class ShownPicture:
    """A picture and what is said of it; ``width`` and ``height`` are those of the file at ``url``."""

    name: str
    url: str
    caption: str = ""
    alt: str = ""
    consent: str = ""
    width: int = _SIDE
    height: int = _SIDE

    @property
    def alternative(self) -> str:
        return self.alt or self.caption


@dataclass(frozen=True)
class Row:
    """One row of a part. ``keys`` tell which row of another version is the same one, the surest first."""

    text: str
    keys: tuple[Hashable, ...] = ("only",)
    picture: ShownPicture | None = None
    source: Hashable = None  # what may differ where the text does not, such as which records it points to


@dataclass(frozen=True)
class Shown:
    """A field or a part. ``grain`` is what a change in its text is marked by: words, names of a list, or all of it."""

    name: str
    label: str
    kind: Literal["text", "long", "rich", "pictures", "rows"]
    text: str = ""
    entries: tuple[Row, ...] = ()
    grain: Literal["words", "names", "whole"] = "words"
    source: Hashable = None

    @property
    def rows(self) -> list[str]:
        return [] if self.kind == "pictures" else [entry.text for entry in self.entries]

    @property
    def pictures(self) -> list[ShownPicture]:
        return [entry.picture for entry in self.entries if entry.picture]


def show(model: type[models.Model], content: dict) -> list[Shown]:
    """All that is filled in: the fields, the tags, the parts."""
    return [shown for shown in show_all(model, content) if shown.text or shown.entries]


def show_all(model: type[models.Model], content: dict) -> Iterator[Shown]:
    """Also what the content has and is empty."""
    values, parts = content.get("fields", {}), content.get("parts", {})
    fields = {field.name: field for field in sorted(content_fields(model), key=_place)}
    for name in dict.fromkeys([*fields, *values]):
        if name in values:
            yield _field(name, fields.get(name), values[name])
    models_of_parts = {link.get_accessor_name(): link.related_model for link in model._meta.related_objects}
    for name in dict.fromkeys([*getattr(model, "parts", ()), *parts]):
        if name in parts:
            yield _part(name, models_of_parts.get(name), parts[name])


def _place(field: models.Field) -> int:
    """As declared in the model; Django itself puts lists of records and tags behind all other fields."""
    return field.creation_counter


def _label(name: str, field: models.Field | None) -> str:
    return str(field.verbose_name) if field else str(_FORMER % name)


def _field(name: str, field: models.Field | None, value: Any) -> Shown:
    label = _label(name, field)
    if isinstance(field, models.ImageField):
        pictures = (Row("", picture=ShownPicture(value, field.storage.url(value)), source=value),) if value else ()
        return Shown(name, label, "pictures", entries=pictures)
    if isinstance(field, RichTextField):
        html = _with_plain_ends(value or "")
        return Shown(name, label, "rich", _read_html(html), source=html)
    kind = "long" if isinstance(field, models.TextField) else "text"
    return Shown(name, label, kind, words(field, value), grain=_grain(field, value), source=_keys_of(value))


def _grain(field: models.Field | None, value: Any) -> Literal["words", "names", "whole"]:
    if isinstance(value, list):
        return "names"
    is_chosen = isinstance(value, bool | dict) or bool(field and getattr(field, "choices", None))
    return "whole" if is_chosen else "words"


def words(field: models.Field | None, value: Any) -> str:
    """One value in words; '' where there is none. What does not fit its field is shown as it is."""
    if isinstance(value, list):
        return "、".join(words(None, each) for each in value)
    if isinstance(value, dict):  # a record by its name; else whatever is filled in
        return str(value["name"]) if "name" in value else "：".join(str(each) for each in value.values() if each)
    if isinstance(value, bool):
        return str(_YES if value else _NO)
    if value is None or value == "":
        return ""
    if field and (labels := dict(getattr(field, "flatchoices", ()))):
        return str(labels.get(value, value))
    try:
        return _in_chinese(field, str(value))
    except (ValueError, InvalidOperation):
        return str(value)


def _in_chinese(field: models.Field | None, value: str) -> str:
    match field:
        case models.DateTimeField():
            moment = datetime.fromisoformat(value)
            moment = timezone.localtime(moment) if timezone.is_aware(moment) else moment
            return f"{day_text(moment)} {moment:%H:%M}"
        case models.DateField():
            return day_text(date.fromisoformat(value))
        case models.TimeField():
            moment = time.fromisoformat(value)
            return f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"
        case models.DecimalField():
            return number_text(Decimal(value))
        case _:
            return _with_plain_ends(value)


def day_text(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _with_plain_ends(text: str) -> str:
    """A form sends other line ends than a program writes; nobody sees the difference."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _read_html(html: str) -> str:
    """The words, one line a block, with cells apart and each link's address behind its text: it can change alone."""
    open_address = ""

    def spelt_out(tag: re.Match) -> str:
        nonlocal open_address
        address, open_address = open_address, unescape(tag["address"] or "")
        return f"（{escape(address)}）" if address else ""

    html = re.sub("</t[dh]>(?=\\s*<t[dh])", "　", _LINK.sub(spelt_out, html))
    return "\n".join(line.strip() for line in plain_text(html).split("\n") if line.strip())


def _keys_of(value: Any) -> Hashable:
    """Which records a value points to, whatever they are called."""
    if isinstance(value, list):
        return tuple(_keys_of(each) for each in value)
    return value.get("id") if isinstance(value, dict) else None


def _part(name: str, model: type[models.Model] | None, rows: list[dict]) -> Shown:
    fields = {field.name: field for field in sorted(model._meta.fields, key=_place)} if model else {}
    label = str(model._meta.verbose_name_plural) if model else str(_FORMER % name)
    image = next((field for field in fields.values() if isinstance(field, models.ImageField)), None)
    readers = [_RowReader(model, fields, values) for values in rows]
    heads = [reader.head() for reader in readers]
    entries = tuple(reader.photo(image) if image else reader.row(heads) for reader in readers)
    return Shown(name, label, "pictures" if image else "rows", "\n".join(row.text for row in entries), entries)


@dataclass(frozen=True)
class _RowReader:
    """Turns the values of one row into its line, by what kind each field is."""

    model: type[models.Model] | None
    fields: dict[str, models.Field]
    values: dict[str, Any]

    def photo(self, image: models.ImageField) -> Row:
        name = self.values.get(image.name)
        if not name:
            return self.row([])
        width, height = self.values.get("width"), self.values.get("height")
        shown_width = min(_WIDTH, width or _SIDE)
        picture = ShownPicture(
            name,
            image.storage.url(rendition_name(name, _WIDTH)),
            *(self._words(field) for field in ("caption", "alt", "consent")),
            width=shown_width,
            height=max(1, round(shown_width * height / width)) if width and height else _SIDE,
        )
        return Row("\n".join(self._details([image.name], [])), (name,), picture, self._source())

    def row(self, heads: list[str]) -> Row:
        if self._is_quantity:
            line = "：".join(text for text in (self.head(), self._quantity()) if text)
            in_line = [*_QUANTITY, "label", *([] if self.values.get("label") else self._naming())]
        else:
            line = self.head()
            in_line = [*self._choices(), *self._texts(), *self._naming()]
        details = self._details(in_line, heads)
        return Row(f"{line}（{'；'.join(details)}）" if details else line, self._keys(), source=self._source())

    def head(self) -> str:
        """What the row is about: 服务人次（人次）, or 记者 郭纪轩."""
        if self._is_quantity:
            return self._words("label") or " · ".join(text for name in self._naming() if (text := self._words(name)))
        names = [*self._choices(), *self._texts(), *self._naming()]
        return " ".join(text for name in names if (text := self._words(name)))

    @property
    def _is_quantity(self) -> bool:
        return bool(self.model) and issubclass(self.model, StatedQuantity)

    def _naming(self) -> list[str]:
        """The records that say what the row is. A link that may be cut (SET_NULL) only adds to it."""
        return [name for name, field in self._given() if field.is_relation and _is_protected(field)]

    def _choices(self) -> list[str]:
        return [name for name, field in self._given() if field.choices and not field.is_relation]

    def _texts(self) -> list[str]:
        if self._is_quantity:
            return [name for name, _field in self._given() if name == "label"]
        return [
            name
            for name, field in self._given()
            if isinstance(field, models.CharField | models.TextField) and not field.choices
        ]

    def _given(self) -> Iterator[tuple[str, models.Field]]:
        return ((name, field) for name, field in self.fields.items() if name in self.values)

    def _quantity(self) -> str:
        """As the site shows it: 60余, 30场以上."""
        value = self.values.get("value")
        try:
            number = None if value in (None, "") else Decimal(value)
            quantity = Quantity(number, Precision(self.values.get("precision")), self._words("as_stated"))
        except (ValueError, InvalidOperation):
            return self._words("as_stated") or self._words("value")
        return quantity.display(self._words("unit"))

    def _keys(self) -> tuple[Hashable, ...]:
        """A figure is told by what it counts and its label, another row by its texts and choices."""
        records = tuple(_keys_of(self.values[name]) for name in self._naming())
        said = tuple(self.values[name] for name in self._texts())
        chosen = () if self._is_quantity else tuple(self.values[name] for name in self._choices())
        looser = records if self._is_quantity else said
        return ((records, chosen, said), looser) if any(looser) else ((records, chosen, said),)

    def _source(self) -> Hashable:
        return tuple(_keys_of(value) for value in self.values.values() if isinstance(value, dict))

    def _details(self, in_line: list[str], heads: list[str]) -> list[str]:
        """All else that the row says, each with its label; of a tick only the label, and only where it is set."""
        details = []
        for name in dict.fromkeys([*self.fields, *self.values]):
            field, value = self.fields.get(name), self.values.get(name)
            if name in in_line or name not in self.values or _is_silent(field):
                continue
            if field and field.related_model is self.model and isinstance(value, int):
                text = heads[value] if 0 <= value < len(heads) and heads[value] else str(_ROW % (value + 1))
            else:
                text = words(field, value)
            if value is True:
                details.append(_label(name, field))
            elif text and value is not False:
                details.append(f"{_label(name, field)}：{text}")
        return details

    def _words(self, name: str) -> str:
        return words(self.fields.get(name), self.values.get(name))


def _is_protected(field: models.Field) -> bool:
    return field.remote_field.on_delete is models.PROTECT


def _is_silent(field: models.Field | None) -> bool:
    """What nobody types (the size of a photo), and the number by which rows are put in order: the order itself says it."""
    if field is None:
        return False
    ordering = {name.lstrip("-") for name in field.model._meta.ordering if isinstance(name, str)}
    return not field.editable or (isinstance(field, models.IntegerField) and field.name in ordering)
