"""``manage.py rebuild_search``: make every search text anew, or only say how many are not what their record says."""

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from publishing.search import refresh, searchable_models


class Command(BaseCommand):
    help = "重新生成全部记录的检索文本。平时保存和改名会自动更新；升级、恢复备份或用程序改过数据库以后运行。"

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="只检查有没有过期的检索文本，不改动；有则返回1")

    def handle(self, *, check, **options):
        stale = {}
        for model in searchable_models():
            name, rows = str(model._meta.verbose_name), model._default_manager.all()
            with tqdm(total=rows.count(), desc=name, unit="条", disable=None) as bar:
                stale[name] = refresh(rows, advance=bar.update, only_count=check)
        total = sum(stale.values())
        named = "，".join(f"{name}{count}条" for name, count in stale.items() if count)
        if total and check:
            raise CommandError(f"有{total}条检索文本过期（{named}），请运行 manage.py rebuild_search。")
        self.stdout.write(
            f"检索文本已全部核对，更新了{total}条（{named}）。" if total else "检索文本全部正确，没有过期的。"
        )
