"""``manage.py export_ledger``: the ledger from a shell or a timer, the same as from the admin."""

import argparse
import os
import tempfile
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from branches.ledger import PROFILES, sheet
from branches.models import Activity
from branches.periods import period_text
from hospitals.models import Hospital
from publishing import log
from publishing.downloads import EXTENSIONS
from publishing.spreadsheets import write_csv, write_xlsx


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"“{text}”不是日期，要写成2023-06-01这样") from error


class Command(BaseCommand):
    help = "把活动台账写成文件。没有条件就是全部活动；写完才出现，中途停下不会留下半个文件。每次导出都记入操作日志。"

    def add_arguments(self, parser):
        parser.add_argument("--format", choices=EXTENSIONS, required=True, help="xlsx可以打印盖章，csv供其他系统读取")
        parser.add_argument(
            "--profile",
            choices=PROFILES,
            required=True,
            help="full完整版，short精简版，public公开版（只含访客看得到的）",
        )
        parser.add_argument("--hospital", metavar="网址名", help="只导出一家医院的，例如weinan-2")
        parser.add_argument("--from", dest="start", type=day, metavar="日期", help="从这一天起，例如2023-01-01")
        parser.add_argument("--to", dest="end", type=day, metavar="日期", help="到这一天止，例如2023-06-30")
        parser.add_argument(
            "--site", default="", help="新闻链接前面的网址，例如https://dangjian.example.cn；不填则只写路径"
        )
        parser.add_argument("--output", type=Path, required=True, metavar="文件", help="写到哪个文件；已有的会被换掉")

    def handle(self, *, format, profile, hospital, start, end, site, output, **options):
        chosen, hospital = PROFILES[profile], hospital_named(hospital)
        if start and end and end < start:
            raise CommandError("结束日期早于开始日期，请检查--from和--to。")
        period = period_text(start, end)
        activities, kept = chosen.handed_in(Activity.objects.originals())
        if hospital:
            activities = activities.of_hospital(hospital)
        activities = activities.overlapping(start, end).newest_first()
        around = sheet(
            chosen,
            unit=hospital.name if hospital else "各医院",
            period=period,
            conditions="；".join(kept) or "全部",
            exported_by="命令行",
        )
        with tqdm(chosen.rows(activities, site.rstrip("/")), total=activities.count(), unit="条", disable=None) as rows:
            written = _write(around, rows, format, output)
        said = (
            f"{chosen.label}，{format.upper()}，统计期间：{period or '全部'}，命令行导出到{output.name}，共{written}条"
        )
        log.record(log.Verb.EXPORT, by=None, about=Activity, institution=hospital, reason=said)
        self.stdout.write(f"已导出{written}条活动：{output}")


def hospital_named(slug: str | None) -> Hospital | None:
    if slug is None:
        return None
    found = Hospital.objects.filter(slug=slug).first()
    if found is None:
        known = "、".join(Hospital.objects.order_by("slug").values_list("slug", flat=True)[:20])
        raise CommandError(f"没有网址名为“{slug}”的医院。现有的有：{known or '（还没有医院）'}。")
    return found


def _write(around, rows, extension: str, output: Path) -> int:
    """Beside the file first, then in its place: whoever reads it finds the old one or the whole new one."""
    try:
        with tempfile.NamedTemporaryFile(dir=output.parent, prefix=".台账-", delete=False) as file:
            try:
                written = (
                    write_csv(around.columns, rows, file) if extension == "csv" else write_xlsx(around, rows, file)
                )
                os.replace(file.name, output)
            except BaseException:
                os.unlink(file.name)
                raise
    except OSError as error:
        raise CommandError(
            f"写不进文件{output}：{error.strerror or error}。请检查文件夹是否存在、能否写入。"
        ) from error
    output.chmod(0o640)  # it names people; a temporary file begins as its owner's only
    return written
