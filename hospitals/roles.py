"""What each role may do, as data. ``hospitals.backends`` turns it into permissions."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    REPORTER = "reporter", _("填报人")
    FIRST_REVIEWER = "first_reviewer", _("初审")
    SECOND_REVIEWER = "second_reviewer", _("复审")
    FINAL_REVIEWER = "final_reviewer", _("终审")
    EXPORTER = "exporter", _("台账员")
    MANAGER = "manager", _("医院管理员")


#: What is published: written by reporters, passed by the reviewers each at their stage, withdrawn by the manager.
PUBLISHABLE = (
    "branches.activity",
    "branches.brand",
    "branches.initiative",
    "branches.periodreport",
    "articles.article",
)
#: The organisation itself, kept by the manager.
ORGANISATION = ("hospitals.hospital", "hospitals.hospitalname", "hospitals.leader", "hospitals.hospitalfigure")
LOOKED_UP = (*ORGANISATION, "hospitals.region", "branches.branch", "branches.activitykind", "branches.measure")
#: What branches have to hold, kept by the manager; the items of the whole platform by its administrator.
OBLIGATIONS = ("branches.obligation", "branches.exemption")
#: Ledgers as they were handed in: frozen by those who export them, seen by all staff, changed by nobody.
FROZEN = ("branches.frozenledger",)
#: Accounts, and the roles they hold. A manager gives and takes those of the own hospital (see ``StaffQuerySet``).
PEOPLE = ("hospitals.user", "hospitals.membership")
#: Settings that whoever works with records makes for themselves; ``share`` makes one for the whole hospital, ``keep``
#: looks after those that others made for it.
OWN_SETTINGS = ("branches.ledgerprofile",)
#: The rows inside a record's form.
PARTS = (
    "branches.figure",
    "branches.activityphoto",
    "branches.initiativefigure",
    "branches.periodfigure",
    "articles.byline",
    "articles.articlephoto",
)


def _permissions(actions: str, models_: tuple[str, ...]) -> set[str]:
    return {
        f"{app}.{action}_{model}" for app, model in (name.split(".") for name in models_) for action in actions.split()
    }


_READ = _permissions(
    "view", (*PUBLISHABLE, *LOOKED_UP, *PARTS, *OBLIGATIONS, *FROZEN, "branches.partner")
) | _permissions("view add change delete", OWN_SETTINGS)

RIGHTS: dict[str, set[str]] = {
    Role.REPORTER: _READ
    | _permissions("add change", PUBLISHABLE)
    | _permissions("add", ("branches.partner",))  # whose name public pages show at once: the manager corrects it
    | _permissions("add change delete", PARTS),
    Role.FIRST_REVIEWER: _READ | _permissions("first_review", PUBLISHABLE),
    Role.SECOND_REVIEWER: _READ | _permissions("second_review", PUBLISHABLE),
    Role.FINAL_REVIEWER: _READ | _permissions("final_review override", PUBLISHABLE),
    Role.EXPORTER: _READ | _permissions("add", FROZEN) | _permissions("share", OWN_SETTINGS),
    Role.MANAGER: _READ
    | _permissions("add", FROZEN)
    | _permissions("withdraw override", PUBLISHABLE)
    | _permissions("change", ("hospitals.hospital",))
    | _permissions("add change", ("branches.branch", "branches.partner", *OBLIGATIONS))
    | _permissions("add change delete", ("hospitals.hospitalname", "hospitals.leader", "hospitals.hospitalfigure"))
    | _permissions("view add change", PEOPLE)
    | _permissions("delete", ("hospitals.membership",))
    | _permissions("share keep", OWN_SETTINGS),
}


def looks_after_people(role: str) -> bool:
    """Whoever holds this role gives and takes roles in the hospital."""
    return "hospitals.change_membership" in RIGHTS[role]


def looks_after_ledger_profiles(role: str) -> bool:
    """Whoever holds this role changes and deletes what others made for the whole hospital."""
    return "branches.keep_ledgerprofile" in RIGHTS[role]
