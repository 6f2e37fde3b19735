"""What is to be seen to in a record, as its pages list it: sorted, and each with the way to the very field."""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from publishing.checks import Finding, Severity
from publishing.checks.findings import in_three
from publishing.models import Publishable

#: A number is typed into one box, whatever it is kept as.
_TYPED_IN = {"as_stated": "quantity"}


GAP, UNFILLED = "gap", "unfilled"  # besides the severities
_SHORT = {
    GAP: _("还缺"),
    Severity.BLOCK.value: Severity.BLOCK.label,
    Severity.WARN.value: Severity.WARN.label,
    Severity.ADVISE.value: Severity.ADVISE.label,
    UNFILLED: _("没填"),
}


class Noticed(NamedTuple):
    finding: Finding
    excerpt: tuple[str, str, str]  # before, what the message quotes, after
    url: str  # to the field, where the person may change it


class Group(NamedTuple):
    """One heading of the list. ``name`` is for the style sheet."""

    name: str
    label: str
    short: str  # in a line of all of them
    noticed: list[Noticed]


def anchor_of(place: str) -> str:
    """The id that a form gives to a place in a content: title -> id_title, photos.2.caption -> id_photos-2-caption."""
    *row, field = place.split(".")
    return "-".join(["id_" + row[0], *row[1:], _TYPED_IN.get(field, field)] if row else ["id_" + field])


def groups_of_review(record: Publishable, form: str | None) -> list[Group]:
    """What whoever judges the record is told. ``form``: its address ('' for a list in the form itself), where the
    person may change it.
    """
    return _groups(_by_severity(record.findings()), form)


def groups_of_draft(record: Publishable, form: str | None) -> list[Group]:
    """What its writer is told besides: first what is missing, last what might be filled in."""
    missing = _groups([(GAP, _("还缺这些，补上才能送审"), record.gaps())], form)
    empty = _groups([(UNFILLED, _("还没有填：知道的补上，没有的不用管"), record.unfilled())], form)
    known = {one.finding.key for group in missing for one in group.noticed}
    found = [
        group._replace(noticed=[one for one in group.noticed if one.finding.key not in known])
        for group in groups_of_review(record, form)
    ]
    return [group for group in (*missing, *found, *empty) if group.noticed]


def groups_of_form(refused: list[Finding], gaps: Iterable[Finding], noticed: list[Finding]) -> list[Group]:
    """Of what is on the screen and not saved: each leads to its field in the same form."""
    first = [
        (GAP, _("这样存不进去，请先改"), refused),
        (GAP, _("还缺这些，补上才能送审（草稿可以先存）"), list(gaps)),
    ]
    return _groups([*first, *_by_severity(noticed)], "")


def _by_severity(findings: list[Finding]) -> list[tuple]:
    return [(one.value, one.label, [finding for finding in findings if finding.severity == one]) for one in Severity]


def _groups(groups, form: str | None) -> list[Group]:
    return [
        Group(name, label, _SHORT[name], [Noticed(one, in_three(one), _address(one, form)) for one in found])
        for name, label, found in groups
        if found
    ]


def _address(finding: Finding, form: str | None) -> str:
    return "" if form is None or not finding.place else f"{form}#{anchor_of(finding.place)}"
