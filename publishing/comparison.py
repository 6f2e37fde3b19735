"""Two versions of a record side by side: what differs, field by field and row by row, with the words that changed marked.

Everything is plain text in pieces; the pieces of one side without a mark or with the mark of that side are its text.
Texts are aligned by paragraph, then by sentence, then by word, so that a long article costs only what changed in it.
"""

import difflib
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal, NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _

from publishing.shown import Row, Shown, ShownPicture, show_all

_CONTEXT = 40  # characters of unchanged text that stay before and after a change
_WORTH_SKIPPING = 30  # characters: less than this is read faster than it is wondered about
_ALIGNED_AT_ONCE = 250_000  # pairs of units; above, units that occur once divide the work
_DEEPEST = 6  # times that the work is divided
_MOST_WORK = 4_000_000  # pairs of equal units looked at in one text; what remains then is marked as a whole

_STATES = {"changed": _("有修改"), "added": _("新增"), "removed": _("删除"), "moved": _("调整顺序")}
_PLACES = _("原第%(before)d项，现第%(after)d项")
_NOTES = {
    "rich": _("文字没有变，改的是格式，例如小标题、加粗或列表。"),
    "records": _("名称没有变，选的不是原来那一条。"),
}

_NUMERAL = "〇零一二两三四五六七八九十百千万亿几数"
_WORD = re.compile(
    r"https?://(?:[!-~]|\d)+"
    # -5, 2,570, 8:30, 2023-06-01, 60余, 2万5千, 20余万, 98.5%
    r"|(?:(?<![0-9A-Za-z])[+\-−])?\d+(?:[.,:/\-]\d+)*(?:[十百千万亿]+(?:\d+(?:[.,]\d+)*)?)*[余多]?[十百千万亿]*[%％‰+＋]?"
    rf"|[{_NUMERAL}]{{2,}}[余多]?|[{_NUMERAL}][余多]"
    r"|[^\W\d_\u0590-\U0010ffff]+(?:['’\-][^\W\d_\u0590-\U0010ffff]+)*"  # words of alphabets; Han characters stand alone
    r"|\n|[^\S\n]+"
    r"|.[\u0300-\u036f\ufe00-\ufe0f\U000e0100-\U000e01ef]*",
    re.DOTALL,
)
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_SENTENCE = re.compile(r"[^。！？!?；;…\n]*(?:[。！？!?；;…]+[”’」』）)]*|\n)|[^。！？!?；;…\n]+")
_NAME = re.compile("、|[^、]+")
_VISIBLE = str.maketrans({" ": "␣", "\u3000": "␣", "\xa0": "␣", "\t": "␣", "\n": "↵\n"})


class Piece(NamedTuple):
    """A stretch of text. ``skip`` stands for unchanged text that is not shown."""

    text: str
    mark: Literal["", "removed", "added", "skip"] = ""

    @property
    def visible(self) -> str:
        """The text, with signs for what would be marked and yet not be seen: a space, a line end."""
        if not self.mark or any(character.isprintable() and not character.isspace() for character in self.text):
            return self.text
        signs = self.text.translate(_VISIBLE)
        return "".join(sign if sign.isprintable() or sign == "\n" else "▯" for sign in signs)


class Side(NamedTuple):
    which: Literal["before", "after"]
    pieces: Sequence[Piece]
    picture: ShownPicture | None = None


@dataclass(frozen=True)
class RowChange:
    """What became of one row of a part. Places count from 1."""

    state: Literal["same", "changed", "added", "removed", "moved"]
    before: Sequence[Piece] = ()
    after: Sequence[Piece] = ()
    before_picture: ShownPicture | None = None
    after_picture: ShownPicture | None = None
    places: tuple[int, int] | None = None  # where it was moved
    note: str = ""

    @property
    def state_label(self) -> str:
        return str(_STATES.get(self.state, ""))

    @property
    def places_text(self) -> str:
        return str(_PLACES % dict(zip(("before", "after"), self.places, strict=True))) if self.places else ""

    @property
    def sides(self) -> list[Side]:
        before, after = Side("before", self.before, self.before_picture), Side("after", self.after, self.after_picture)
        return [after] if self.state == "moved" else [before, after]


@dataclass(frozen=True)
class Change:
    """A field or part that differs: its two texts in pieces, or what became of its rows."""

    name: str
    label: str
    kind: str
    before: list[Piece] = field(default_factory=list)
    after: list[Piece] = field(default_factory=list)
    rows: list[RowChange] = field(default_factory=list)
    note: str = ""

    @property
    def sides(self) -> list[Side]:
        return [Side("before", self.before), Side("after", self.after)]

    @property
    def entries(self) -> list["RowChange | Change"]:
        """What a page lists under the label: the rows that differ, or the one text."""
        return [row for row in self.rows if row.state != "same"] if self.rows else [self]

    @property
    def same_rows(self) -> int:
        return sum(row.state == "same" for row in self.rows)


@dataclass(frozen=True)
class Comparison:
    changes: list[Change]
    unchanged: list[str]  # labels of what is filled in and the same

    @property
    def is_same(self) -> bool:
        return not self.changes


def compare(model: type[models.Model], before: dict, after: dict, *, shorten: bool = True) -> Comparison:
    """What differs between two contents of a record; an empty dict stands for a record that was not there."""
    old = {shown.name: shown for shown in show_all(model, before)}
    new = {shown.name: shown for shown in show_all(model, after)}
    changes, unchanged = [], []
    for name in _merged(list(old), list(new)):
        one = new.get(name) or old[name]
        nothing = Shown(name, one.label, one.kind)
        change = _change(old.get(name, nothing), new.get(name, nothing), shorten)
        if change:
            changes.append(change)
        elif one.text or one.entries:
            unchanged.append(one.label)
    return Comparison(changes, unchanged)


def _merged(old: list[str], new: list[str]) -> list[str]:
    """Both lists in one order: that of the new one, with what only the old one has after what it followed there."""
    merged = list(new)
    for place, name in enumerate(old):
        if name not in new:
            merged.insert(merged.index(old[place - 1]) + 1 if place else 0, name)
    return merged


def _change(old: Shown, new: Shown, shorten: bool) -> Change | None:
    if old.entries or new.entries:
        rows = _compare_rows(old.entries, new.entries)
        differs = any(row.state != "same" for row in rows)
        return Change(new.name, new.label, new.kind, rows=rows) if differs else None
    if old.text != new.text:
        pieces = compare_texts(old.text, new.text, grain=new.grain, shorten=shorten)
        return Change(new.name, new.label, new.kind, *pieces)
    if old.source != new.source and new.text:
        text = [Piece(new.text)]
        note = _NOTES["rich" if new.kind == "rich" else "records"]
        return Change(new.name, new.label, new.kind, text, text, note=str(note))
    return None


def _compare_rows(old: Sequence[Row], new: Sequence[Row]) -> list[RowChange]:
    """In the order of the new rows; what was removed stands where it stood."""
    pairs = _paired(old, new)
    numbers = list(pairs.values())
    stayed = {numbers[place] for place in _longest_rise(numbers)}
    removed: dict[int, list[RowChange]] = {}
    where_now, last = {place: now for now, place in pairs.items()}, -1
    for place, row in enumerate(old):
        if place in where_now:
            last = where_now[place]
        else:
            removed.setdefault(last, []).append(
                RowChange("removed", before=compare_texts(row.text, "")[0], before_picture=row.picture)
            )
    changes = removed.get(-1, [])
    for place, row in enumerate(new):
        if place in pairs:
            moved = None if pairs[place] in stayed else (pairs[place] + 1, place + 1)
            changes.append(_row_change(old[pairs[place]], row, moved))
        else:
            changes.append(RowChange("added", after=compare_texts("", row.text)[1], after_picture=row.picture))
        changes += removed.get(place, [])
    return changes


def _row_change(old: Row, new: Row, moved: tuple[int, int] | None) -> RowChange:
    before, after = compare_texts(old.text, new.text, shorten=False)
    is_same_text = old.text == new.text
    if is_same_text and old.source == new.source:
        state, note = "moved" if moved else "same", ""
    else:
        state, note = "changed", str(_NOTES["records"]) if is_same_text and not new.picture else ""
    return RowChange(state, before, after, old.picture, new.picture, moved, note)


def _paired(old: Sequence[Row], new: Sequence[Row]) -> dict[int, int]:
    """Places of the new rows with those of the old ones they come from, in the new order.

    Rows with the same key, as those that name nothing have, are paired in their order.
    """
    pairs: dict[int, int] = {}
    for depth in range(max((len(row.keys) for row in [*old, *new]), default=0)):
        left_old = _by_key(old, depth, set(pairs.values()))
        left_new = _by_key(new, depth, set(pairs))
        for key, places in left_new.items():
            candidates = left_old.get(key, [])
            if depth == 0 or len(places) == len(candidates) == 1:  # a weaker key must leave no choice
                pairs |= dict(zip(places, candidates, strict=False))
    return dict(sorted(pairs.items()))


def _by_key(rows: Sequence[Row], depth: int, without: set[int]) -> dict[Hashable, list[int]]:
    places: dict[Hashable, list[int]] = {}
    for place, row in enumerate(rows):
        if place not in without and depth < len(row.keys):
            places.setdefault(row.keys[depth], []).append(place)
    return places


def compare_texts(
    before: str, after: str, *, grain: Literal["words", "names", "whole"] = "words", shorten: bool = True
) -> tuple[list[Piece], list[Piece]]:
    """The pieces of both sides. Without ``shorten``, those of a side joined are exactly its text."""
    stretches = _joined(_aligned(before, after, _LEVELS[grain], _Work()))
    if grain == "words":
        stretches = _tidied(stretches)
    last = len(stretches) - 1
    old: list[Piece] = []
    new: list[Piece] = []
    for place, stretch in enumerate(stretches):
        if stretch.is_same:
            is_long = shorten and last > 0
            pieces = _shortened(stretch.before, place == 0, place == last) if is_long else [Piece(stretch.before)]
            old += pieces
            new += pieces
        else:
            old += [Piece(stretch.before, "removed")] if stretch.before else []
            new += [Piece(stretch.after, "added")] if stretch.after else []
    return old, new


class _Stretch(NamedTuple):
    before: str
    after: str

    @property
    def is_same(self) -> bool:
        return self.before == self.after

    @property
    def reach(self) -> int:
        return max(len(self.before), len(self.after))


class _Work:
    """How much looking is left for one text, so that no text can keep a reviewer waiting."""

    def __init__(self) -> None:
        self.left = _MOST_WORK

    def allows(self, old: Sequence[str], new: Sequence[str]) -> bool:
        counts = Counter(new)
        self.left -= len(old) + len(new) + sum(counts[unit] for unit in old)
        return self.left >= 0


_LEVELS: dict[str, tuple[re.Pattern, ...]] = {"words": (_LINE, _SENTENCE, _WORD), "names": (_NAME,), "whole": ()}


def _aligned(before: str, after: str, levels: Sequence[re.Pattern], work: _Work) -> Iterator[_Stretch]:
    if before == after or not (before and after and levels):
        yield _Stretch(before, after)
        return
    for old, new in _matched(levels[0].findall(before), levels[0].findall(after), work):
        yield from _aligned("".join(old), "".join(new), levels[1:], work)


_Match = tuple[Sequence[str], Sequence[str]]


def _matched(old: Sequence[str], new: Sequence[str], work: _Work, depth: int = 0) -> Iterator[_Match]:
    """Both sequences in parts that correspond to each other, the same or not."""
    most = min(len(old), len(new))
    head = next((place for place in range(most) if old[place] != new[place]), most)
    tail = next((place for place in range(most - head) if old[-1 - place] != new[-1 - place]), most - head)
    yield old[:head], new[:head]
    inner_old, inner_new = old[head : len(old) - tail], new[head : len(new) - tail]
    is_large = len(inner_old) * len(inner_new) > _ALIGNED_AT_ONCE
    if is_large and depth < _DEEPEST:
        yield from _divided(inner_old, inner_new, work, depth + 1)
    elif is_large or not work.allows(inner_old, inner_new):
        yield inner_old, inner_new
    else:
        matcher = difflib.SequenceMatcher("、".__eq__, inner_old, inner_new, autojunk=False)  # no anchor between names
        for _tag, old_start, old_end, new_start, new_end in matcher.get_opcodes():
            yield inner_old[old_start:old_end], inner_new[new_start:new_end]
    yield old[len(old) - tail :], new[len(new) - tail :]


def _divided(old: Sequence[str], new: Sequence[str], work: _Work, depth: int) -> Iterator[_Match]:
    """The work in parts, between units that occur once on either side and in the same order."""
    counts_old, counts_new = Counter(old), Counter(new)
    places = {unit: place for place, unit in enumerate(new) if counts_new[unit] == 1}
    common = [(place, places[unit]) for place, unit in enumerate(old) if counts_old[unit] == 1 and unit in places]
    rise = [common[place] for place in _longest_rise([place_new for _place_old, place_new in common])]
    done_old = done_new = 0
    for place_old, place_new in [*rise, (len(old), len(new))]:
        yield from _matched(old[done_old:place_old], new[done_new:place_new], work, depth)
        yield old[place_old : place_old + 1], new[place_new : place_new + 1]
        done_old, done_new = place_old + 1, place_new + 1


def _longest_rise(numbers: Sequence[int]) -> list[int]:
    """The places of a longest rising row among the numbers: what kept its order."""
    ends: list[int] = []  # the smallest number in which a rise of each length ends, and its place
    places: list[int] = []
    previous: list[int | None] = []
    for place, number in enumerate(numbers):
        length = bisect_left(ends, number)
        previous.append(places[length - 1] if length else None)
        ends[length : length + 1] = [number]
        places[length : length + 1] = [place]
    rise, place = [], places[-1] if places else None
    while place is not None:
        rise.append(place)
        place = previous[place]
    return rise[::-1]


def _joined(stretches: Iterable[_Stretch]) -> list[_Stretch]:
    """Neighbours that are the same, and neighbours that are not, as one."""
    groups = groupby((stretch for stretch in stretches if stretch.reach), key=lambda stretch: stretch.is_same)
    return [_sum(list(group)) for _is_same, group in groups]


def _sum(stretches: Sequence[_Stretch]) -> _Stretch:
    return _Stretch("".join(one.before for one in stretches), "".join(one.after for one in stretches))


def _tidied(stretches: list[_Stretch]) -> list[_Stretch]:
    """What stands alone between two changes is marked with them: words are read, not scattered characters."""
    tidy: list[_Stretch] = []
    for stretch in stretches:
        while not stretch.is_same and len(tidy) > 1 and _is_lost(tidy[-1], tidy[-2], stretch):
            stretch = _sum([tidy.pop(-2), tidy.pop(), stretch])
        tidy.append(stretch)
    return tidy


def _is_lost(island: _Stretch, before: _Stretch, after: _Stretch) -> bool:
    if any(character.isdecimal() or character == "\n" for character in island.before):
        return False  # a number that did not change must not look as if it did
    return island.reach == 1 or (island.reach <= 4 and 2 * island.reach <= min(before.reach, after.reach))


def _shortened(text: str, is_first: bool, is_last: bool) -> list[Piece]:
    """The text next to a change, cut between words."""
    ends = (word.end() for word in _WORD.finditer(text))
    head = 0 if is_first else next((end for end in ends if end >= _CONTEXT), len(text))
    starts = (word.start() for word in _WORD.finditer(text, max(head, len(text) - 5 * _CONTEXT)))
    tail = len(text) if is_last else next((start for start in starts if start >= len(text) - _CONTEXT), len(text))
    if tail - head < _WORTH_SKIPPING:
        return [Piece(text)]
    return [piece for piece in (Piece(text[:head]), Piece("…", "skip"), Piece(text[tail:])) if piece.text]
