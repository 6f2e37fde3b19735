"""The marks of photos in a text, [图3], and what becomes of them when photos are deleted."""

import re
from collections.abc import Hashable, Iterator, Sequence

from django.utils.translation import gettext as _

from publishing.richtext import PHOTO_MARK, plain_text

# A paragraph that is nothing but the mark of a photo, or an end of what may surround it.
_MARK = re.compile(rf"<p>\s*{PHOTO_MARK}\s*</p>|<(/?)(?:ul|ol|table|blockquote)\b")
_SHOWN_BEFORE = 12  # characters of the text before a mark, so that it is found


def photo_marks(body: str) -> Iterator[re.Match]:
    """Those that stand by themselves, the first group the number: a list, a table or a quotation would be torn in two."""
    depth = 0
    for found in _MARK.finditer(body):
        if found[1] is None:
            depth += -1 if found[2] else 1
        elif not depth:
            yield found


def marks_in(body: str) -> list[int]:
    """The numbers of the photos that the text names, in its order."""
    return [int(mark[1]) for mark in photo_marks(body)]


def why_not_deleted(before: str, after: str, stored: Sequence[Hashable], kept: Sequence[Hashable]) -> str:
    """Why photos cannot be deleted as long as the text says this; '' where they can.

    ``stored``, ``kept``: the photos in their order as they are, and as they would be. Where the text keeps its marks
    each has to show the photo it showed; where it was rewritten, each has to show one, and what is deleted is unnamed.
    """
    old, new = marks_in(before), marks_in(after)
    gone = {number for number, photo in enumerate(stored, start=1) if photo not in kept}
    if old == new:
        lost = {n for n in new if n in gone or (1 <= n <= len(stored) and kept[n - 1 : n] != [stored[n - 1]])}
    else:
        named, dropped = gone.intersection(old), len(set(old)) - len(set(new))
        lost = {n for n in new if n > len(kept)} or (named.intersection(new) if len(named) > dropped else set())
    if not lost:
        return ""
    places = "；".join(_place(after, number) for number in sorted(lost))
    told = {"deleted": "、".join(f"图{number}" for number in sorted(gone)), "places": places}
    return (
        _("没有删除%(deleted)s：正文里还要用。%(places)s。请先把正文里的这些标记改好（或者去掉），再删除照片。") % told
    )


def _place(body: str, number: int) -> str:
    mark = next(found for found in photo_marks(body) if int(found[1]) == number)
    text = "".join(re.sub(PHOTO_MARK, "", plain_text(body[: mark.start()])).split())
    if not text:
        return _("正文开头是“[图%d]”") % number
    words = text[-_SHOWN_BEFORE:]
    return _("“%(words)s”后面是“[图%(number)d]”") % {
        "words": words if words == text else f"…{words}",
        "number": number,
    }
