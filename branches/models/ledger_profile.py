"""The office's own choice of the ledger's columns 自选栏目: a setting, which is deleted when nobody needs it any more."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.ledger import BY_KEY, SHORT, Profile
from hospitals.models import Hospital, User
from hospitals.querysets import ScopedQuerySet
from hospitals.roles import looks_after_ledger_profiles
from publishing.constraints import UniqueAtField
from publishing.models import Edited

LONGEST_HEADER = 30
_ADDRESS = re.compile(r"own-([1-9][0-9]{0,17})")


class LedgerProfileQuerySet(ScopedQuerySet):
    def public(self):
        """Nothing: no visitor has to do with how an office puts its ledger together."""
        return self.none()

    def editable_by(self, user):
        """Those that a person made, and the hospital's where it is theirs to look after."""
        rows = super().editable_by(user)
        if user.is_anonymous or user.is_superuser:
            return rows
        kept = [held.hospital_id for held in user.held if looks_after_ledger_profiles(held.role)]
        return rows.filter(Q(owner=user) | Q(is_shared=True, hospital__in=kept))

    def usable_by(self, user):
        """Those a person may export with: own ones, and those for everybody in a hospital that they serve."""
        rows = super().editable_by(user)
        return rows if user.is_anonymous else rows.filter(Q(owner=user) | Q(is_shared=True))

    def named(self, name: str):
        """The one whose ledger addresses call so: ``own-12``."""
        found = _ADDRESS.fullmatch(name)
        return self.filter(pk=found[1]) if found else self.none()


class LedgerProfile(Edited):
    """``columns``: in their order, ``{"column": its key in the ledger, "header": its own name or ""}``.

    A private one whose owner is gone is nobody's.
    """

    changes_the_site = False  # no visitor is shown any of it

    hospital = models.ForeignKey(
        Hospital, on_delete=models.CASCADE, related_name="ledger_profiles", verbose_name=_("医院")
    )
    owner = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="ledger_profiles",
        verbose_name=_("建立人"),
    )
    name = models.CharField(_("名称"), max_length=30, help_text=_("给谁用、做什么用，例如：报卫健局、支部季度表。"))
    is_shared = models.BooleanField(
        _("给全院用"), default=False, help_text=_("勾选后，本院能看台账的人都可以用它导出；不勾选的只有自己能用。")
    )
    columns = models.JSONField(_("栏目"), default=list, error_messages={"blank": _("请至少选一栏。")})

    objects = LedgerProfileQuerySet.as_manager()

    class Meta:
        ordering = ["is_shared", "name", "id"]
        verbose_name = _("自选栏目")
        verbose_name_plural = _("自选栏目")
        default_permissions = ("add", "change", "delete", "view", "share", "keep")
        constraints = [
            UniqueAtField(
                fields=["hospital", "name"],
                condition=Q(is_shared=True),
                name="branches_ledgerprofile_shared_name",
                violation_error_message=_("本院已经有一种给全院用的自选栏目叫这个名称，请换一个。"),
            ),
            UniqueAtField(
                fields=["owner", "name"],
                condition=Q(is_shared=False),
                name="branches_ledgerprofile_own_name",
                violation_error_message=_("您已经有一种自选栏目叫这个名称，请换一个。"),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def institution(self) -> Hospital:
        return self.hospital

    @property
    def profile(self) -> Profile:
        """As the ledger has it. With columns that no visitor may see it says so wherever it is named, and on the sheet."""
        columns = tuple(BY_KEY[one["column"]].called(one["header"]) for one in self.columns)
        plain = Profile(f"own-{self.pk}", self.name, columns)
        if not plain.is_internal:
            return plain
        return replace(plain, label=f"{self.name}·{_now('内部')}", facts=((_now("使用范围"), _now("内部")),))

    def clean(self):
        super().clean()
        errors = {"columns": list(what_is_wrong_with(self.columns))}
        if not self.is_shared and self.owner is None:
            errors["is_shared"] = [_("建立人已经不在，改成只给自己用，就没有人能用了。不再需要的，请删除。")]
        if any(errors.values()):
            raise ValidationError({name: found for name, found in errors.items() if found})

    def why_not_shared_by(self, user: User) -> str:
        """Why a person may not make it one for the whole hospital, for that person to read; '' where they may."""
        if user.has_perm("branches.share_ledgerprofile", self.hospital):
            return ""
        return _now("给全院用的自选栏目由台账员或医院管理员建立。请去掉这个勾，先给自己用，或者请他们来建。")


def short_columns() -> list[dict]:
    """Those of the short ledger, which a new one starts from."""
    return [{"column": key, "header": ""} for key in SHORT]


def what_is_wrong_with(columns: list[dict]) -> Iterator[str]:
    """A sentence for each thing that would make no sheet, or one in which columns are taken for each other."""
    keys = [one["column"] for one in columns]
    headers = [one["header"].strip() or one["column"] for one in columns]
    for key, times in Counter(keys).items():
        if key not in BY_KEY:
            yield _now("台账里没有“%s”这一栏，请去掉它。") % key
        if times > 1:
            yield _now("“%s”选了两次，请只留一次。") % key
    for key, header in zip(keys, headers, strict=True):
        if len(header) > LONGEST_HEADER:
            yield _now("“%(column)s”的名称有%(length)d个字，最多%(most)d个字，请改短。") % {
                "column": key, "length": len(header), "most": LONGEST_HEADER,
            }  # fmt: skip
    for header, times in Counter(headers).items():
        named = list(dict.fromkeys(key for key, own in zip(keys, headers, strict=True) if own == header))
        if times > 1 and len(named) > 1:
            yield _now("%(columns)s都叫“%(header)s”，看表的人分不清，请换一个名称。") % {
                "columns": "、".join(f"“{key}”" for key in named), "header": header,
            }  # fmt: skip
    if keys and keys[0] in BY_KEY and BY_KEY[keys[0]].total:
        yield _now("第一栏下面要写“合计”，不能是要合计的“%s”。请把序号、主题一类的栏目排在最前面。") % keys[0]
