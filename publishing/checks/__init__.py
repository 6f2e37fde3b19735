"""Checks before publication: what a reader must not see, and what a colleague would ask to look at again.

``check`` looks at the content of a record (``publishing.content``) and reports; it changes nothing and needs no database.
"""

from publishing.checks.findings import Finding, Passage, Severity
from publishing.checks.gaps import Incomplete, gaps
from publishing.checks.passages import passages
from publishing.checks.rules import PHOTO_RULES, RULES, Rule, check, check_photos, check_texts

__all__ = [
    "PHOTO_RULES",
    "RULES",
    "Finding",
    "Incomplete",
    "Passage",
    "Rule",
    "Severity",
    "check",
    "check_photos",
    "check_texts",
    "gaps",
    "passages",
]
