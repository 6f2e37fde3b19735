"""Tags as people type them: separated by any comma, 、 or ；."""

import re

_SEPARATORS = re.compile(r"[,，、;；\n]+")


def split_tags(text: str) -> list[str]:
    return list(dict.fromkeys(tag.strip().lstrip("#＃") for tag in _SEPARATORS.split(text or "") if tag.strip(" #＃")))


def join_tags(tags) -> str:
    return "，".join(sorted(tag.name for tag in tags))
