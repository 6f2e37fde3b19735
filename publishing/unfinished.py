"""What a browser sends of a form that is not saved yet: read, and made fit for the database. Nothing in it is believed."""

import json
import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import QueryDict

#: bytes that are kept of one form; a report of 300,000 characters fits
LIMIT = 1024 * 1024
#: in all that was typed: the longest text that somebody wrote has some thousands, and each look at what is kept cleans them
_MOST_TAGS = 50_000
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,99}")
#: fields that belong to the page and not to what was typed: the version has a place of its own
_OF_THE_PAGE = {"csrfmiddlewaretoken", "once", "version"}
_LONGEST_QUERY = 500
_MOST_FILES = 1000
_HIGHEST_VERSION = 2**31 - 1


class Unreadable(ValueError):
    """No browser with our script sends this."""


@dataclass(frozen=True)
class Sent:
    """``content``: values by the fields' names, labels of chosen rows, how many files were chosen, the form's query."""

    account: str  # for whom the page was made
    discard: str  # the mark of what is to be given up; then nothing else counts
    holder: UUID | None = None
    seen: str = ""
    version: int = 0
    content: dict | None = None

    @classmethod
    def read(cls, raw: bytes) -> "Sent":
        try:
            sent = json.loads(raw)
        except (ValueError, RecursionError):
            raise Unreadable from None
        if not isinstance(sent, dict):
            raise Unreadable
        account, discard = str(sent.get("account"))[:20], _text(sent.get("discard", ""))
        if discard:
            return cls(account, discard)
        content = {
            "values": _values(sent.get("values")),
            "labels": _labels(sent.get("labels", {})),
            "files": _number(sent.get("files", 0), _MOST_FILES),
            "query": _text(sent.get("query", ""))[:_LONGEST_QUERY],
        }
        version = _number(sent.get("version", 0), _HIGHEST_VERSION)
        return cls(account, "", holder_of(sent.get("holder")), _text(sent.get("seen", "")), version, content)


def holder_of(text: Any) -> UUID:
    try:
        return UUID(_text(text))
    except ValueError:
        raise Unreadable from None


def as_sent(content: dict) -> QueryDict:
    """What would be in ``request.POST`` if the form were saved as it was kept."""
    sent = QueryDict(mutable=True)
    for name, values in content["values"].items():
        sent.setlist(name, values)
    return sent


def _values(found: Any) -> dict[str, list[str]]:
    if not isinstance(found, dict) or len(found) > settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:
        raise Unreadable
    typed = {
        _name(name): [_text(one) for one in _list(values)] for name, values in found.items() if not _is_left_out(name)
    }
    if sum(one.count("<") for values in typed.values() for one in values) > _MOST_TAGS:
        raise Unreadable
    return typed


def _labels(found: Any) -> dict[str, dict[str, str]]:
    if not isinstance(found, dict) or not all(isinstance(labels, dict) for labels in found.values()):
        raise Unreadable
    return {_name(name): {_text(key): _text(label) for key, label in labels.items()} for name, labels in found.items()}


def _is_left_out(name: str) -> bool:
    return name in _OF_THE_PAGE or name.startswith("_") or "password" in name.lower()


def _name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise Unreadable
    return name


def _list(found: Any) -> list:
    if not isinstance(found, list):
        raise Unreadable
    return found


def _text(found: Any) -> str:
    """Without what PostgreSQL cannot store: NUL, and halves of characters."""
    if not isinstance(found, str):
        raise Unreadable
    return found.replace("\x00", "").encode("utf-8", "replace").decode()


def _number(found: Any, most: int) -> int:
    return found if isinstance(found, int) and not isinstance(found, bool) and 0 <= found <= most else 0
