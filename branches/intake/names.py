"""The names by which the rows of a ledger point to something in a hospital, fetched once for a whole file."""

import difflib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection
from functools import cached_property

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from branches.models import ActivityKind, Branch, Brand, Initiative, Measure, Partner
from branches.models.scope import why_not_for
from branches.numerals import han
from hospitals.models import Hospital, Region, User
from publishing.numerals import read_number

ALL_BRANCHES = "各支部"
_SEPARATORS = re.compile(r"[、；;\n]")
_ORDINAL = re.compile(r"第?(\d{1,2}|[一二三四五六七八九十]{1,3})(?=支部|总支|[(、]|$)")
_COMMITTEE = re.compile(r"党委|(?<!支部)委员会$")
#: how an office names its own house as a whole
_WHOLE = ("", "全院", "医院", "本院", "党委", "院党委", "医院党委", "党委办公室", "党办")


class CellError(ValidationError, ValueError):
    """What a cell says cannot be taken. The message says what to type."""


class Names:
    """``hospital``: whose ledger it is · ``user``: who imports it, and whose choices a form would offer."""

    def __init__(self, hospital: Hospital, user: User):
        self.hospital, self.user = hospital, user
        self._refusals: dict[int | None, str] = {}

    # -- Branches

    @cached_property
    def branches(self) -> list[Branch]:
        return list(Branch.objects.of_hospital(self.hospital).in_order())

    @cached_property
    def _branches_by_name(self) -> dict[str, list[Branch]]:
        return _grouped((branch.name, branch) for branch in self.branches)

    @cached_property
    def _branches_by_key(self) -> dict[str, list[Branch]]:
        return _grouped(
            (self._branch_key(name), branch)
            for branch in self.branches
            for name in {branch.name, branch.short_name, branch.label} - {""}
        )

    @cached_property
    def own_names(self) -> list[str]:
        """What the hospital is called, the longest first."""
        hospital = self.hospital
        names = {
            hospital.name,
            hospital.short_name,
            hospital.party_committee,
            *(one.name for one in hospital.names.all()),
        }
        return sorted(names - {""}, key=len, reverse=True)

    def _branch_key(self, name: str) -> str:
        """内科三支部, 内科第三党支部 and 中共某某医院内科第3党支部委员会 are one branch."""
        text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", name)).removeprefix("中共")
        for own in self.own_names:
            if text != own:
                text = text.removeprefix(own)
        text = re.sub(r"党(?=支部|总支)", "", text)
        text = re.sub(r"(?<=支部)委员会$|(?<=总支)委员会$", "", text)
        return _ORDINAL.sub(lambda ordinal: _in_han(ordinal[1]), text)

    def branch(self, text: str) -> Branch:
        """Raises CellError where there is none of that name, or several."""
        found = self._branches_by_name.get(text) or self._branches_by_key.get(self._branch_key(text), [])
        if len(set(found)) > 1:
            raise CellError(
                _("“%(name)s”可能是%(found)s，请写全称。") % {"name": text, "found": "或".join(map(str, found))}
            )
        if not found:
            raise CellError(_("本院没有名为“%s”的支部。") % text + nearest(text, self._branches_by_name))
        return found[0]

    def organiser(self, text: str, hospital_name: str) -> tuple[Branch | None, bool]:
        """党组织名称: the branch, and whether every branch took part. ``hospital_name``: 医院名称 of the same row."""
        if text == ALL_BRANCHES:
            return None, True
        if text in self._branches_by_name:
            return self.branch(text), False
        houses = [name for name in (hospital_name, *self.own_names) if name]
        is_committee = _COMMITTEE.search(text) and any(name in text for name in houses)
        if text in (*_WHOLE, *houses) or is_committee:
            return None, False
        return self.branch(text), False

    def why_not_for(self, branch: Branch | None) -> str:
        """Why this person may not report for it."""
        key = branch and branch.pk
        if key not in self._refusals:
            self._refusals[key] = why_not_for(self.user, self.hospital, [branch] if branch else [])
        return self._refusals[key]

    # -- What else a row names

    @cached_property
    def kinds(self) -> dict[str, ActivityKind]:
        return {kind.name: kind for kind in ActivityKind.objects.all()}

    def kind(self, text: str) -> ActivityKind:
        kind = self.kinds.get(text)
        if kind is None:
            raise CellError(_("没有名为“%s”的活动类别。") % text + nearest(text, self.kinds))
        if not kind.is_active:
            raise CellError(_("活动类别“%s”已经停用，请换一个。") % text)
        return kind

    @cached_property
    def partners(self) -> dict[str, Partner]:
        return {partner.name: partner for partner in Partner.objects.of_hospital(self.hospital)}

    @cached_property
    def may_add_partners(self) -> bool:
        return self.user.is_superuser or self.user.has_perm("branches.add_partner", self.hospital)

    def partner(self, text: str) -> Partner:
        """One on the hospital's list, or a new one that is not saved yet, the same for the whole file."""
        if text not in self.partners:
            if not self.may_add_partners:
                raise CellError(_("联合单位名单里没有“%s”，请医院管理员先添加。") % text)
            partner = Partner(hospital=self.hospital, name=text)
            partner.clean_fields(exclude=["hospital"])
            self.partners[text] = partner
        return self.partners[text]

    @cached_property
    def brands(self) -> dict[str, list[Brand]]:
        rows = Brand.objects.nameable_by(self.user).originals().of_hospital(self.hospital).order_by("pk")
        return _grouped((brand.name, brand) for brand in rows)

    @cached_property
    def initiatives(self) -> dict[str, list[Initiative]]:
        rows = Initiative.objects.nameable_by(self.user).originals().of_hospital(self.hospital).order_by("pk")
        return _grouped((initiative.name, initiative) for initiative in rows)

    @cached_property
    def regions(self) -> dict[str, Region]:
        return Region.objects.in_bulk()

    @cached_property
    def measures(self) -> dict[str, Measure]:
        return {measure.slug: measure for measure in Measure.objects.all()}


def split(text: str, is_known: Callable[[str], bool] = lambda name: False) -> list[str]:
    """The names in one cell. A known name that holds a 、 itself (第一议题、中心组) stays whole."""
    tokens = [token.strip() for token in _SEPARATORS.split(text)]
    names, place = [], 0
    while place < len(tokens):
        for end in range(len(tokens), place, -1):
            name = "、".join(tokens[place:end])
            if end == place + 1 or is_known(name):
                names.append(name)
                place = end
                break
    return list(dict.fromkeys(name for name in names if name))


def nearest(text: str, known: Collection[str]) -> str:
    """The names it may have been meant as, or a few there are."""
    close = difflib.get_close_matches(text, list(known), n=3, cutoff=0.4)
    if close:
        return _("是不是%s？") % "、".join(f"“{name}”" for name in close)
    some = "、".join(list(known)[:8])
    return _("现有的有：%s。") % some if some else _("请先在后台建好，或把这一格清空。")


def _grouped(pairs) -> dict[str, list]:
    found = defaultdict(list)
    for name, row in pairs:
        if row not in found[name]:
            found[name].append(row)
    return dict(found)


def _in_han(ordinal: str) -> str:
    number = int(ordinal) if ordinal.isdecimal() else read_number(ordinal)
    return han(int(number)) if number and number < 100 else ordinal
