"""``manage.py load_demo``: four hospitals to try the site with, and an account for each role."""

import os
import time
from functools import partial

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from tqdm import tqdm

from articles.demo import accounts, content
from articles.demo.loader import load
from articles.demo.pictures import taken_back_on_failure
from hospitals.models import Hospital


class Command(BaseCommand):
    help = "装入演示数据和演示账号（仅限试用环境）。可以重复运行：已有的记录不会改动。"

    def add_arguments(self, parser):
        parser.add_argument("--if-empty", action="store_true", help="已经有医院时不装入，只显示演示账号")
        parser.add_argument("--no-pictures", action="store_true", help="不画图片，只装入文字，几秒钟完成")

    def handle(self, *, if_empty, no_pictures, **options):
        if not settings.DEBUG:
            raise CommandError("演示数据和演示账号只能装入试用环境（DEBUG=True）。正式环境请在后台录入本院的数据。")
        given = os.environ.get("DEMO_PASSWORD", "").strip()
        if if_empty and Hospital.objects.exists():
            self._show_accounts(given)
        else:
            self._load(given, pictures=not no_pictures)

    def _show_accounts(self, given: str) -> None:
        line = accounts.short_line()
        if line and given:
            accounts.ensure_users(accounts.choose_password(given), reset=True)
            line = accounts.short_line()
        if line:
            self.stdout.write(line)

    def _load(self, given: str, *, pictures: bool) -> None:
        started = time.monotonic()
        hospitals = content.hospitals()
        password = accounts.choose_password(given)
        steps = sum(content.size(hospital, pictures=pictures) for hospital in hospitals)
        with taken_back_on_failure() as photos, transaction.atomic():
            users = accounts.ensure_users(password, reset=bool(given))
            with tqdm(total=steps, desc="正在装入演示数据", unit="条", disable=None) as bar:
                load(
                    hospitals,
                    office_of=partial(accounts.open_office, users=users),
                    photos=photos if pictures else None,
                    advance=bar.update,
                )
        self.stdout.write(f"演示数据已就绪，用时{time.monotonic() - started:.0f}秒。")
        self.stdout.write(accounts.table(users, password))
