"""数据原文 read back: the inverse of how a ledger puts figures into words, joined with the numbers of its columns."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext_lazy as _

from branches.models import Figure, Measure
from publishing.quantities import Quantity, QuantityError, parse

#: What a ledger puts before numbers that were announced for a period; they belong to no activity.
ANNOUNCED = "阶段报数"
_LONGEST_LABEL = Figure._meta.get_field("label").max_length
_LONGEST_UNIT = Figure._meta.get_field("unit").max_length


@dataclass(frozen=True)
class Spoken:
    """A figure as it is said: 服务人次60余人次 is of a measure, 科室10余个 has a name of its own."""

    quantity: Quantity
    measure: Measure | None = None
    label: str = ""
    unit: str = ""

    @property
    def in_words(self) -> str:
        return self.figure().in_words

    def figure(self, position: int = 0) -> Figure:
        made = Figure(measure=self.measure, label=self.label, unit=self.unit, position=position)
        made.set_quantity(self.quantity)
        return made


@dataclass
class Words:
    """What a cell 数据原文 holds. ``unread``: pieces that are no figures."""

    spoken: list[Spoken]
    unread: list[str]
    has_announced: bool = False


def read_words(text: str, measures: Iterable[Measure]) -> Words:
    words = Words([], [])
    measures = {measure.slug: measure for measure in measures}
    named = sorted(((one.name, one.unit, slug) for slug, one in measures.items()), key=lambda name: -len(name[0]))
    for piece in filter(None, (piece.strip() for piece in text.replace(";", "；").split("；"))):
        if piece.startswith(ANNOUNCED):
            words.has_announced = True
        elif (found := _read_piece(piece, tuple(named))) is None:
            words.unread.append(piece)
        else:
            slug, quantity, label, unit = found
            spoken = Spoken(quantity, measures.get(slug), label, unit)
            if spoken.measure and any(other.measure == spoken.measure for other in words.spoken):
                words.unread.append(piece)  # the same thing twice: which of them it is, nobody knows
            else:
                words.spoken.append(spoken)
    return words


@lru_cache(maxsize=4096)  # most ledgers say the same few numbers again and again
def _read_piece(piece: str, named: tuple[tuple[str, str, str], ...]) -> tuple[str, Quantity, str, str] | None:
    """(measure, number, label, unit) of one figure in words; ``named``: name, unit and slug of each measure."""
    for name, usual_unit, slug in named:
        if piece.startswith(name) and (found := _quantity(piece[len(name) :], usual_unit)):
            quantity, unit = found
            return slug, quantity, "", "" if unit == usual_unit else unit
    for place in range(1, min(len(piece), _LONGEST_LABEL + 1)):
        if found := _quantity(piece[place:]):
            quantity, unit = found
            return "", quantity, piece[:place].strip(), unit
    return None


def _quantity(words: str, usual_unit: str = "") -> tuple[Quantity, str] | None:
    """The number and its unit, where they are put into words as these: 60余人次 is 60余 with 人次."""
    try:
        quantity = parse(words)
    except QuantityError:
        return _with_rate(words)
    units = [unit for unit in dict.fromkeys((usual_unit, quantity.unit, "")) if quantity.display(unit) == words]
    if not units or len(units[0]) > _LONGEST_UNIT:
        return None
    return _without_unit(quantity, words, units[0]), units[0]


def _with_rate(words: str) -> tuple[Quantity, str] | None:
    """50小时/年, which nobody could type as a number: a unit with a stroke is the field's own."""
    for place in range(len(words) - 1, 0, -1):
        unit = words[place:]
        if len(unit) > _LONGEST_UNIT or "/" not in words:
            return None
        try:
            quantity = parse(words[:place])
        except QuantityError:
            continue
        if "/" in unit and not quantity.unit and quantity.display(unit) == words:
            return quantity, unit
    return None


def _without_unit(quantity: Quantity, words: str, unit: str) -> Quantity:
    """As one types it, without the unit that the field adds."""
    try:
        short = parse(words.replace(unit, "", 1)) if unit else quantity
    except QuantityError:
        return quantity
    is_same = (short.value, short.precision) == (quantity.value, quantity.precision)
    return short if is_same and short.display(unit) == words else quantity


def joined(
    numbers: Mapping[str, Quantity],
    words: Words,
    measures: Mapping[str, Measure],
    *,
    is_exported: bool,
) -> tuple[list[Spoken], dict[str, str]]:
    """One figure for each thing that the columns (``numbers``, by measure) and the words say, and warnings by measure.

    The words win where they agree with the number: 60 that the source calls 60余 is 60余. ``is_exported``: the row was
    written by a ledger, whose words have every figure, so that one with a name of its own is found by its value alone.
    """
    spoken, warnings = list(words.spoken), {}
    for slug, number in numbers.items():
        measure = measures[slug]
        place = _place_of(number, measure, spoken, is_exported=is_exported)
        if place is None:
            spoken.append(Spoken(number, measure))
        elif _agrees(spoken[place].quantity, number):
            said = spoken[place]
            quantity = said.quantity if number.value is not None else number  # the column has all of the words
            unit = "" if said.unit == measure.unit else said.unit
            spoken[place] = Spoken(quantity, measure, said.label, unit)
        else:
            warnings[slug] = _("数据原文写的是“%(words)s”，和这一格的“%(number)s”不一致，按这一格取。") % {
                "words": spoken[place].in_words,
                "number": number.input_text,
            }
            spoken[place] = Spoken(number, measure, spoken[place].label, spoken[place].unit)
    return spoken, warnings


def _place_of(number: Quantity, measure: Measure, spoken: list[Spoken], *, is_exported: bool) -> int | None:
    """Where the words speak of this measure: by its name, or under a name of its own with the same number and unit."""
    for place, said in enumerate(spoken):
        if said.measure == measure:
            return place
    named = [place for place, said in enumerate(spoken) if not said.measure and _agrees(said.quantity, number)]
    same_unit = [place for place in named if spoken[place].unit == measure.unit]
    return next(iter(same_unit or (named if is_exported else [])), None)


def _agrees(said: Quantity, number: Quantity) -> bool:
    if number.value is None:
        return said.value is None and number.number_text() == said.number_text()
    return said.value == number.value


def like_before(spoken: list[Spoken], before: list[Figure]) -> list[Figure]:
    """Figures that say this, made from those that were there: a ledger does not show what is internal."""
    if not before:
        return [said.figure(position) for position, said in enumerate(spoken)]
    figures = []
    for position, said in enumerate(spoken):
        figure = said.figure(position)
        same = next((old for old in before if old.in_words == figure.in_words), None)
        old = same or next((old for old in before if old.name == figure.name), None)
        if same:
            figure.label, figure.unit = same.label, same.unit
            figure.set_quantity(same.quantity)
        if old:
            figure.is_internal, figure.position = old.is_internal, old.position
            taken = {one.measure_id for one in figures} | {one.measure.pk for one in spoken if one.measure}
            if figure.measure is None and old.measure_id not in taken:
                figure.measure = old.measure
        figures.append(figure)
    return figures
