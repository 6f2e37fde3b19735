"""``manage.py import_ledger``: a ledger of any length read in from a shell, by the same rules as in the admin."""

import hashlib
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, transaction
from tqdm import tqdm

from branches.intake.plan import Plan, plan_of, read_ledger
from branches.intake.problems import reason
from branches.intake.writing import refuse_without_right, write
from branches.management.commands.export_ledger import hospital_named
from hospitals.models import User
from publishing.tables import TableError
from publishing.zipped import IN_A_SHELL

MOST_SHOWN = 50


class Command(BaseCommand):
    help = "把台账文件（.xlsx或CSV）里的活动导入一家医院，全部成为草稿。要么全部写入，要么一行也不写。"

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="文件", help="台账文件，列名和导出的台账一样")
        parser.add_argument("--hospital", required=True, metavar="网址名", help="导入到哪家医院，例如weinan-2")
        parser.add_argument("--by", required=True, metavar="用户名", help="记作谁填报的；这个人要有填报的权限")
        parser.add_argument("--dry-run", action="store_true", help="只检查，不写入")
        parser.add_argument("--with-doubtful", action="store_true", help="可能重复的行也导入；不写就不导入这些行")

    def handle(self, *, file, hospital, by, dry_run, with_doubtful, **options):
        hospital, user = hospital_named(hospital), _user(by)
        try:
            content = file.read_bytes()
            table = read_ledger(content, IN_A_SHELL)
            refuse_without_right(user, hospital)
        except OSError as error:
            raise CommandError(f"读不了文件{file}：{error.strerror or error}。") from error
        except TableError as refusal:
            raise CommandError(f"{file.name}：{' '.join(refusal.messages)}") from refusal
        except PermissionDenied as refusal:
            raise CommandError(str(refusal)) from refusal
        source = f"{file.name}，命令行（SHA-256 {hashlib.sha256(content).hexdigest()}）"
        try:
            with transaction.atomic():
                with self._bar("检查", len(table.lines)) as bar:
                    plan = plan_of(table, hospital, user, for_update=not dry_run, advance=bar.update)
                self._tell(plan)
                if dry_run:
                    return
                rows = plan.counts["new"] + plan.counts["changed"] + with_doubtful * plan.counts["doubtful"]
                with self._bar("写入", rows) as bar:
                    written = write(plan, by=user, with_doubtful=with_doubtful, source=source, advance=bar.update)
        except DatabaseError as error:
            raise CommandError("一行也没有写入：保存时和别人的操作冲突了，请再运行一次。") from error
        self.stdout.write(f"已导入{hospital}：新建{written['new']}条草稿，修改{written['changed']}条草稿。")

    def _bar(self, what: str, total: int) -> tqdm:
        return tqdm(total=total, desc=what, unit="行", disable=None)

    def _tell(self, plan: Plan) -> None:
        """What the file would do; CommandError where a row cannot be taken."""
        counts, table = plan.counts, plan.table
        for told in table.left_out:
            self.stdout.write(str(told))
        if table.unknown:
            self.stdout.write(f"没有读的列：{'、'.join(table.unknown)}。")
        doubtful = [f"{line.place}：{reason(row)}" for line, row in plan.having("doubtful")]
        for told in doubtful[:MOST_SHOWN]:
            self.stdout.write(told)
        self.stdout.write(
            f"新建{counts['new']}行，修改{counts['changed']}行，没有变动{counts['unchanged']}行，"
            f"可能重复{counts['doubtful']}行，不能导入{counts['refused']}行。"
        )
        refused = [f"{line.place}：{reason(row)}" for line, row in plan.having("refused")]
        if refused:
            more = f"\n……还有{len(refused) - MOST_SHOWN}行" if len(refused) > MOST_SHOWN else ""
            raise CommandError(f"一行也没有写入，请先改好这些行：\n{chr(10).join(refused[:MOST_SHOWN])}{more}")


def _user(username: str) -> User:
    found = User.objects.filter(username=username, is_active=True).first()
    if found is None:
        raise CommandError(f"没有能登录的用户“{username}”。请写一个有填报权限的用户名。")
    return found
