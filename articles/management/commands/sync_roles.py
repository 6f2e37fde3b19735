"""``manage.py sync_roles``: the database knows exactly the rights that the models define and the table of roles uses."""

from django.apps import apps
from django.contrib.auth import get_permission_codename
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.options import Options
from django.utils.translation import gettext_lazy as _

from hospitals.models import User
from hospitals.roles import LOOKED_UP, PARTS, PUBLISHABLE, RIGHTS, Role

#: What an action is called, in the order in which a cell of the table names them.
ACTIONS = {
    "view": _("查看"),
    "add": _("新建"),
    "change": _("修改"),
    "delete": _("删除"),
    "first_review": _("初审"),
    "second_review": _("复审"),
    "final_review": _("终审"),
    "override": _("放行"),
    "withdraw": _("撤回"),
    "share": _("给全院用"),
    "keep": _("管理全院用的"),
}


class Command(BaseCommand):
    help = (
        "让数据库里的权限与 hospitals/roles.py 的角色表一致：补上缺少的，删去没有模型再定义的，"
        "收回绕过角色表给出的（用户组、个人）。可以重复运行；最后列出各角色的权限。"
    )

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="只检查不改动；不一致时列出来，以1退出")
        parser.add_argument("--markdown", action="store_true", help="角色表用 Markdown 输出，供文档使用")

    def handle(self, *, check, markdown, **options):
        refuse_unknown_rights()
        steps = pending()
        if check and steps:
            raise CommandError("\n".join(["数据库与角色表不一致，请运行 manage.py sync_roles：", *steps]))
        if not check:
            synchronise()
        out = self.stderr if markdown else self.stdout  # a document takes the table and nothing else
        for step in steps:
            out.write(f"已处理：{step}")
        out.write("权限与角色表一致。")
        self.stdout.write(as_markdown() if markdown else as_text())


def defined() -> set[tuple[str, str, str]]:
    """What the models define: application, model, codename."""
    return {
        (model._meta.app_label, model._meta.model_name, codename)
        for config in apps.get_app_configs()
        for model in config.get_models()
        for codename in _codenames(model._meta)
    }


def _codenames(options: Options) -> list[str]:
    usual = [get_permission_codename(action, options) for action in options.default_permissions]
    return [*usual, *(codename for codename, _name in options.permissions)]


def refuse_unknown_rights() -> None:
    known = {f"{app}.{codename}" for app, _model, codename in defined()}
    unknown = sorted(set().union(*RIGHTS.values()) - known)
    if unknown:
        raise CommandError(f"角色表里的这些权限没有模型定义，请改正 hospitals/roles.py：{'、'.join(unknown)}")


def missing() -> list[tuple[str, str, str]]:
    there = Permission.objects.values_list("content_type__app_label", "content_type__model", "codename")
    return sorted(defined() - set(there))


def left_over() -> QuerySet[Permission]:
    known = defined()
    rows = Permission.objects.select_related("content_type")
    gone = [row.pk for row in rows if (row.content_type.app_label, row.content_type.model, row.codename) not in known]
    return Permission.objects.filter(pk__in=gone)


def granted_past_the_table() -> list[QuerySet]:
    """Rights given to groups and to single persons; nobody gains anything from them, and they would mislead a reader."""
    return [Group.permissions.through.objects.all(), User.user_permissions.through.objects.all()]


def pending() -> list[str]:
    """What is to be done, in sentences."""
    gone = left_over().order_by("content_type__app_label", "codename")
    grants = sum(rows.count() for rows in granted_past_the_table())
    return [
        *(f"补上权限 {app}.{codename}" for app, _model, codename in missing()),
        *(f"删去权限 {row.content_type.app_label}.{row.codename}" for row in gone.select_related("content_type")),
        *([f"收回绕过角色表给出的权限{grants}项"] if grants else []),
    ]


@transaction.atomic
def synchronise() -> None:
    for config in apps.get_app_configs():
        create_permissions(config, verbosity=0)
    for rows in granted_past_the_table():
        rows.delete()
    left_over().delete()


def contents() -> list[str]:
    """What the rights are about, as ``app.model``, what is published first."""
    named = {f"{right.split('.')[0]}.{right.rpartition('_')[2]}" for rights in RIGHTS.values() for right in rights}
    return [name for name in dict.fromkeys((*PUBLISHABLE, *PARTS, *LOOKED_UP, *sorted(named))) if name in named]


def label_of(name: str) -> str:
    return str(apps.get_model(name)._meta.verbose_name)


def allowed(role: str, name: str) -> str:
    """What a role may do with one kind of content: 查看、新建、修改."""
    app, model = name.split(".")
    return "、".join(str(word) for action, word in ACTIONS.items() if f"{app}.{action}_{model}" in RIGHTS[role])


def as_markdown() -> str:
    rows = [[_("内容"), *(role.label for role in Role)]]
    rows += [[label_of(name), *(allowed(role, name) for role in Role)] for name in contents()]
    lines = [f"| {' | '.join(map(str, row))} |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])


def as_text() -> str:
    """Role by role: the whole table is wider than a terminal."""
    lines = []
    for role in Role:
        lines.append(str(role.label))
        together: dict[str, list[str]] = {}
        for name in contents():
            together.setdefault(allowed(role, name), []).append(label_of(name))
        together.pop("", None)
        lines += [f"  {actions}：{'、'.join(labels)}" for actions, labels in together.items()]
    return "\n".join(lines)
