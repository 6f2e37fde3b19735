"""The word list: what a word of it says. Migration 0003 fills it; afterwards it belongs to those who edit it."""

from typing import Protocol

from django.utils.translation import gettext_lazy as _


class Watched(Protocol):
    """What a word of the list has; a row of the database, or anything like one."""

    word: str
    severity: str
    advice: str


FOUND = _("有需要留意的词“%(found)s”。%(advice)s")
NO_ADVICE = _("请核对后保留或改写。")
