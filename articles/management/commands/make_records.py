"""``manage.py make_records``: sample records in any number, for the measurements in benchmarks/."""

import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from tqdm import tqdm

from articles.demo.sample_hospitals import MOST, scenes
from articles.demo.samples import make_activities, make_articles


class Command(BaseCommand):
    help = "在虚构的医院里生成大量活动和稿件，用来测量网站的速度。相同的 --seed 生成相同的记录。"

    def add_arguments(self, parser):
        parser.add_argument("--activities", type=int, default=0, metavar="N", help="活动条数")
        parser.add_argument("--articles", type=int, default=0, metavar="M", help="稿件篇数")
        parser.add_argument("--seed", type=int, default=1, metavar="S", help="随机数种子，默认1")
        parser.add_argument("--hospitals", type=int, default=10, metavar="H", help="虚构医院的家数，默认10")
        parser.add_argument("--into", default="", metavar="数据库名", help="不是试用环境时写明数据库，以免写错")

    def handle(self, *, activities, articles, seed, hospitals, into, **options):
        database = str(connection.settings_dict["NAME"])
        if not settings.DEBUG and into != database:
            raise CommandError(
                f"当前不是试用环境，数据库是“{database}”。样例记录会混进真实数据并且不能成批删除；"
                f"确定这是用来测量的数据库，请加上 --into {database} 再运行。"
            )
        if not 1 <= hospitals <= MOST:
            raise CommandError(f"--hospitals 请填1到{MOST}之间的整数。")
        if min(activities, articles) < 0:
            raise CommandError("--activities 和 --articles 请填0或更大的整数。")
        where = scenes(hospitals)
        self._make(make_activities, where, activities, seed, "活动", "条")
        self._make(make_articles, where, articles, seed, "稿件", "篇")

    def _make(self, make, where, total, seed, name, unit) -> None:
        if not total:
            return
        started = time.monotonic()
        with tqdm(total=total, desc=f"正在生成{name}", unit=unit, disable=None) as bar:
            make(where, total, seed, bar.update)
        seconds = time.monotonic() - started
        self.stdout.write(f"生成{name}{total}{unit}，用时{seconds:.1f}秒，每分钟{total * 60 / seconds:.0f}{unit}。")
