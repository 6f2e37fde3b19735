"""Figures as people write them: how one is kept, shown, echoed and summed. What is typed is read in ``stated_numbers``."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, NamedTuple, Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Count, Q, Sum
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from publishing.numerals import number_text
from publishing.stated_numbers import (
    MAX_LENGTH,
    PERCENT_SIGNS,
    UNIT_KINDS,
    Precision,
    QuantityError,
    Reading,
    read,
    tidy,
)

__all__ = [
    "LabelledQuantity",
    "Part",
    "Precision",
    "Quantity",
    "QuantityError",
    "StatedQuantity",
    "Total",
    "check_unit",
    "echo",
    "parse",
    "quantity_constraints",
]

_MEANING = {
    Precision.EXACT: _("%(number)s"),
    Precision.AT_LEAST: _("%(number)s以上（约数）"),
    Precision.NEARLY: _("接近%(number)s（约数）"),
    Precision.ABOUT: _("%(number)s左右（约数）"),
}
_NOT_WHOLE = _("“%(text)s”不是整数。这一栏要填整数，例如“12”或“60余”。")
_UNDERSTOOD = _("理解为：%(meaning)s，显示为“%(shown)s”。")
_UNDERSTOOD_AS_WORDS = _("没有确切数字，按原文显示为“%(shown)s”，合计时不计入。")
_OTHER_UNIT = _("这里写的是“%(stated)s”，这一栏的单位是“%(unit)s”。请核对是不是填错了栏，或换算后再填。")
_VISITS_AND_PERSONS = _("人次和人数不能混用：同一个人来两次，算2人次、1人。")


class Part(NamedTuple):
    """A piece of a displayed figure; a page marks the marker (余, 近, 以上) and sets the unit small."""

    kind: Literal["number", "marker", "unit", "note"]
    text: str


@dataclass(frozen=True)
class Quantity:
    """A number, how exact it is, and the words it was stated in. ``value`` is None where the words give none."""

    value: Decimal | None
    precision: Precision
    as_stated: str

    @property
    def unit(self) -> str:
        """The unit in the words themselves; a field may count in another one, see check_unit."""
        return self._reading().unit

    @property
    def is_exact(self) -> bool:
        return self.precision == Precision.EXACT

    @property
    def at_most(self) -> Decimal | None:
        """What it certainly does not exceed; None where the words leave that open."""
        return self.value if self.precision in {Precision.EXACT, Precision.NEARLY} else None

    @property
    def at_least(self) -> Decimal | None:
        """What it certainly reaches; None where the words leave that open."""
        return self.value if self.precision in {Precision.EXACT, Precision.AT_LEAST} else None

    def certainly_exceeds(self, other: "Quantity") -> bool:
        """60余 exceeds 50; whether it exceeds 65 nobody knows."""
        least, most = self.at_least, other.at_most
        return least is not None and most is not None and least > most

    def parts(self, unit: str = "") -> tuple[Part, ...]:
        """As written, with the field's unit where Chinese puts it: 60余场, but 30场以上."""
        reading = self._reading()
        if reading.unit in PERCENT_SIGNS:  # the sign belongs to the number
            unit = ""
        pieces = (
            Part("marker", reading.before),
            Part("number", reading.number),
            Part("marker", reading.after),
            Part("number", reading.scale),
            Part("unit", unit),
            Part("marker", reading.end),
        )
        return tuple(piece for piece in pieces if piece.text)

    def display(self, unit: str = "") -> str:
        return "".join(part.text for part in self.parts(unit))

    def number_text(self) -> str:
        """The number as shown, without 余 or 近 and without its unit: 1,500 · 2万 · 几百."""
        return "".join(part.text for part in self.parts() if part.kind == "number")

    @property
    def input_text(self) -> str:
        """What an input shows again: the words as typed, unless the value has since moved away from them."""
        return self.as_stated if self._stated() else self.display()

    def _stated(self) -> Reading | None:
        try:
            reading = read(self.as_stated)
        except QuantityError:
            return None
        return reading if (reading.value, reading.precision) == (self.value, self.precision) else None

    def _reading(self) -> Reading:
        """The words decide how a figure looks; where they no longer agree with the value, the value does."""
        if stated := self._stated():
            return stated
        if self.value is not None:
            number = number_text(self.value)
        else:  # a new row has neither value nor words, and shows nothing
            number = self.as_stated or ("若干" if self.precision == Precision.VAGUE else "")
        before, after, end = {
            Precision.AT_LEAST: ("", "余", ""),
            Precision.NEARLY: ("近", "", ""),
            Precision.ABOUT: ("", "", "左右"),
        }.get(self.precision, ("", "", ""))
        return Reading(self.value, self.precision, before, number, after, "", "", end)


def parse(text: str, *, whole: bool = False) -> Quantity:
    """Understand what a person typed. ``whole``: only whole numbers make sense, as for people and sessions.

    Raises QuantityError, and nothing else, for any text that is not one quantity.
    """
    reading = read(text)
    if whole and reading.value is not None and reading.value % 1:
        raise QuantityError(_NOT_WHOLE, code="not_whole", params={"text": tidy(text)})
    return Quantity(reading.value, reading.precision, tidy(text))


def echo(quantity: Quantity, unit: str = "") -> str:
    """The sentence beside the input that says what was understood."""
    shown = quantity.display(unit or quantity.unit)
    if quantity.value is None:
        return str(_UNDERSTOOD_AS_WORDS % {"shown": shown})
    sign = quantity.unit if quantity.unit in PERCENT_SIGNS else ""
    meaning = _MEANING[quantity.precision] % {"number": number_text(quantity.value) + sign}
    return str(_UNDERSTOOD % {"meaning": meaning, "shown": shown})


def check_unit(quantity: Quantity, expected_unit: str) -> str:
    """A warning where the words carry another unit than the field counts in (人次 typed under 场), else ''.

    次, 个 and units that are not known may mean either; they never warn.
    """
    stated, expected = _unit_kind(quantity.unit), _unit_kind(expected_unit)
    if not stated or stated == expected:
        return ""
    if not expected and not (expected_unit and quantity.unit in PERCENT_SIGNS):
        return ""
    warning = str(_OTHER_UNIT % {"stated": quantity.unit, "unit": expected_unit})
    if {stated, expected} == {"人次", "人数"}:
        warning += str(_VISITS_AND_PERSONS)
    return warning


def _unit_kind(unit: str) -> str:
    unit = unit.removeprefix("个")
    known = [word for word in UNIT_KINDS if unit.startswith(word)]
    return UNIT_KINDS[max(known, key=len)] if known else ""


_COUNTED_AS = {
    Precision.EXACT: "exact",
    Precision.AT_LEAST: "at_least",
    Precision.NEARLY: "approximate",
    Precision.ABOUT: "approximate",
}


@dataclass(frozen=True)
class Total:
    """A sum that says what it is made of. A part without a value is counted, never added as 0."""

    value: Decimal | None = None
    exact: int = 0
    at_least: int = 0
    approximate: int = 0  # 近 and 约: the sum may be above or below
    without_value: int = 0

    @classmethod
    def of(cls, quantities: Iterable[Any]) -> Self:
        """Sum what has ``value`` and ``precision``; None stands for a figure that was not given."""
        value, counts = None, {"exact": 0, "at_least": 0, "approximate": 0, "without_value": 0}
        for quantity in quantities:
            if quantity is None or quantity.value is None:
                counts["without_value"] += 1
                continue
            value = quantity.value if value is None else value + quantity.value
            counts[_COUNTED_AS[quantity.precision]] += 1
        return cls(value, **counts)

    @classmethod
    def aggregates(cls, path: str = "") -> dict[str, Any]:
        """The same sum for the database: ``figures.aggregate(**Total.aggregates())`` goes into ``from_row``."""
        counts = {"exact": [], "at_least": [], "approximate": [], "without_value": [Precision.VAGUE]}
        for precision, name in _COUNTED_AS.items():
            counts[name].append(precision)
        return {"total_value": Sum(f"{path}value")} | {
            f"total_{name}": Count(f"{path}precision", filter=Q(**{f"{path}precision__in": precisions}))
            for name, precisions in counts.items()
        }

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        names = ("value", "exact", "at_least", "approximate", "without_value")
        return cls(**{name: row[f"total_{name}"] for name in names})

    @property
    def is_exact(self) -> bool:
        return not (self.at_least or self.approximate or self.without_value)

    @property
    def marker(self) -> str:
        """至少 where every part is a floor, 约 where one may be too high."""
        if self.value is None:
            return gettext("没有确切数字") if self.without_value else ""
        if self.is_exact:
            return ""
        return gettext("约") if self.approximate else gettext("至少")

    @property
    def short(self) -> str:
        """Without unit and note: 约1,200."""
        return self.marker if self.value is None else f"{self.marker}{number_text(self.value)}"

    def parts(self, unit: str = "") -> tuple[Part, ...]:
        """The marker, the number, its unit, and how many parts are not exact."""
        if self.value is None:
            if not self.without_value:
                return ()
            return (Part("marker", self.marker), Part("note", gettext("（%d项）") % self.without_value))
        notes = []
        if inexact := self.at_least + self.approximate:
            notes.append(gettext("含约数%d项") % inexact)
        if self.without_value:
            notes.append(gettext("另有%d项没有确切数字") % self.without_value)
        note = f"（{'，'.join(notes)}）" if notes else ""
        pieces = (
            Part("marker", self.marker),
            Part("number", number_text(self.value)),
            Part("unit", unit),
            Part("note", note),
        )
        return tuple(piece for piece in pieces if piece.text)

    def display(self, unit: str = "") -> str:
        return "".join(part.text for part in self.parts(unit))


class StatedQuantity(models.Model):
    """A row that is one figure. Only ``set_quantity`` writes it, so that value and words stay together."""

    value = models.DecimalField(
        _("数值"), max_digits=14, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    precision = models.CharField(_("精确程度"), max_length=10, choices=Precision, default=Precision.EXACT)
    as_stated = models.CharField(_("原文写法"), max_length=MAX_LENGTH, blank=True)

    class Meta:
        abstract = True

    @property
    def quantity(self) -> Quantity:
        return Quantity(self.value, Precision(self.precision), self.as_stated)

    def set_quantity(self, quantity: Quantity) -> None:
        self.value, self.precision, self.as_stated = quantity.value, quantity.precision, quantity.as_stated

    @property
    def in_words(self) -> str:
        """What was counted and how many, as one would say it: 服务人次60余人次."""
        return f"{self.name}{self.quantity.display(self.unit_text)}"


class LabelledQuantity(StatedQuantity):
    """A figure that says in its own words what it counts and in which unit."""

    label = models.CharField(_("名称"), max_length=60)
    unit = models.CharField(_("单位"), max_length=10, blank=True)
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)

    class Meta:
        abstract = True
        ordering = ["position", "id"]

    def __str__(self):
        return self.label

    @property
    def name(self) -> str:
        return self.label

    @property
    def unit_text(self) -> str:
        return self.unit


def quantity_constraints(prefix: str) -> list[models.CheckConstraint]:
    """For ``Meta.constraints`` of a StatedQuantity; ``prefix`` is ``app_model``."""
    with_value = [precision for precision in Precision if precision != Precision.VAGUE]
    return [
        models.CheckConstraint(
            condition=Q(value__gte=0),
            name=f"{prefix}_value_not_negative",
            violation_error_message=_("数量不能是负数，请核对后重新填写。"),
        ),
        models.CheckConstraint(
            condition=Q(value__isnull=True, precision=Precision.VAGUE)
            | Q(value__isnull=False, precision__in=with_value),
            name=f"{prefix}_value_unless_vague",
            violation_error_message=_("没有确切数字时请选“概数”；选了其他精确程度就要填数值。"),
        ),
        models.CheckConstraint(
            condition=~Q(precision=Precision.VAGUE) | ~Q(as_stated=""),
            name=f"{prefix}_vague_has_words",
            violation_error_message=_("概数要写明原文写法，例如“几百”。"),
        ),
    ]
