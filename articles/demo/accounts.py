"""The demo's accounts: one for each role. Only load_demo makes them, and only outside production."""

import os
import secrets
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from hospitals.models import Hospital, Membership, User
from hospitals.roles import Role
from publishing.models import Publishable

ADMINISTRATOR = "admin"
_WEINAN = "weinan-shi-dier-yiyuan"
_JINING = "jining-shi-disan-renmin-yiyuan"
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is read for another: no i, l, o, 0, 1


@dataclass(frozen=True)
class Account:
    username: str
    name: str
    hospital: str = ""  # the slug; empty for the platform's administrator
    role: str = ""

    @property
    def role_name(self) -> str:
        return str(Role(self.role).label) if self.role else _("平台管理员")


ACCOUNTS = (
    Account(ADMINISTRATOR, "平台管理员"),
    Account("wn-reporter", "渭南二院 填报人", _WEINAN, Role.REPORTER),
    Account("wn-reviewer1", "渭南二院 初审", _WEINAN, Role.FIRST_REVIEWER),
    Account("wn-reviewer2", "渭南二院 复审", _WEINAN, Role.SECOND_REVIEWER),
    Account("wn-reviewer3", "渭南二院 终审", _WEINAN, Role.FINAL_REVIEWER),
    Account("wn-exporter", "渭南二院 台账员", _WEINAN, Role.EXPORTER),
    Account("wn-manager", "渭南二院 医院管理员", _WEINAN, Role.MANAGER),
    Account("jn-reporter", "济宁三院 填报人", _JINING, Role.REPORTER),
    Account("jn-reviewer1", "济宁三院 初审", _JINING, Role.FIRST_REVIEWER),
    Account("jn-reviewer2", "济宁三院 复审", _JINING, Role.SECOND_REVIEWER),
    Account("jn-reviewer3", "济宁三院 终审", _JINING, Role.FINAL_REVIEWER),
    Account("jn-manager", "济宁三院 医院管理员", _JINING, Role.MANAGER),
)


def password_file() -> Path:
    return settings.VAR_DIR / "demo_password"


def known_password() -> str:
    """The password the demo's accounts were last given, or ''."""
    return password_file().read_text(encoding="utf-8").strip() if password_file().exists() else ""


def choose_password(given: str) -> str:
    """The given password, the one in use, or a new one; kept so that later starts can show it."""
    password = given or known_password()
    if not password:
        password = "-".join("".join(secrets.choice(_LETTERS) for _character in range(4)) for _group in range(4))
    if password != known_password():
        password_file().parent.mkdir(parents=True, exist_ok=True)
        password_file().unlink(missing_ok=True)
        descriptor = os.open(password_file(), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(password + "\n")
    return password


def ensure_users(password: str, *, reset: bool) -> dict[str, User]:
    """Make the missing accounts. Existing ones keep their password unless ``reset`` says otherwise."""
    users = {user.username: user for user in User.objects.filter(username__in=[a.username for a in ACCOUNTS])}
    for account in ACCOUNTS:
        user = users.get(account.username)
        if user is None:
            user = User(username=account.username, name=account.name, is_staff=True)
            user.is_superuser = account.username == ADMINISTRATOR
        elif not reset or user.check_password(password):
            continue
        user.set_password(password)
        user.save()
        users[account.username] = user
    return users


@dataclass(frozen=True)
class Office:
    """Who writes for a hospital and who reviews at each stage; the administrator does what has nobody else."""

    writer: User
    reviewers: dict[str, User]  # by the role's value

    def release(self, record: Publishable) -> None:
        """Hand a draft in and see it through its reviews."""
        record.submit(by=self.writer)
        while record.is_under_review:
            reviewer = self.reviewers[record.status.replace("review", "reviewer")]
            record.approve(by=reviewer)
            record.refresh_from_db()


def open_office(hospital: Hospital, users: dict[str, User]) -> Office:
    """The hospital's accounts among these, with their roles; missing memberships are made."""
    held = dict.fromkeys(Role.values, users[ADMINISTRATOR])
    for account in ACCOUNTS:
        if account.hospital == hospital.slug:
            held[account.role] = users[account.username]
            Membership.objects.get_or_create(user=held[account.role], hospital=hospital, role=account.role)
    return Office(held[Role.REPORTER], held)


def table(users: dict[str, User], password: str) -> str:
    """Each account with its role, hospital and password, in columns."""
    names = dict(Hospital.objects.values_list("slug", "name"))
    rows = [(_("账号"), _("角色"), _("医院"), _("密码"))]
    for account in ACCOUNTS:
        is_current = users[account.username].check_password(password)
        shown = password if is_current else _("另设过；忘记时用 DEMO_PASSWORD=新密码 重新运行")
        rows.append((account.username, account.role_name, names.get(account.hospital, _("全部")), shown))
    widths = [max(map(_width, column)) + 2 for column in zip(*rows, strict=True)]
    return "\n".join(
        "".join(text + " " * (width - _width(text)) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def short_line() -> str:
    """One line for later starts, without the work of checking a password; '' where there are no demo accounts."""
    names = [account.username for account in ACCOUNTS]
    found = set(User.objects.filter(username__in=names).values_list("username", flat=True))
    if not found:
        return ""
    password = known_password() or _("见首次启动时的显示；忘记时用 DEMO_PASSWORD=新密码 重新运行")
    return _("演示账号：%(names)s；密码：%(password)s") % {
        "names": "、".join(name for name in names if name in found),
        "password": password,
    }


def _width(text: str) -> int:
    """Columns in a terminal, where a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
