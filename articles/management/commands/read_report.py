"""``manage.py read_report FILE…``: what intake understands of reports; nothing is written."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from articles.intake.files import ReportError
from articles.intake.report import Report, read_report
from hospitals.models import Hospital


class Command(BaseCommand):
    help = "读稿件（.docx、.txt），说出看懂了什么：标题、署名、小标题、表格、图片，以及文中的医院、支部、时间和数字。不写入任何内容。"

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
        parser.add_argument("--json", action="store_true", dest="as_json", help="用JSON输出；几个文件就是一个数组")
        parser.add_argument("--hospital", metavar="SLUG", help="哪家医院的稿件，用网址名；不填就从文中找")

    def handle(self, *, files, as_json, hospital, **options):
        owner = Hospital.objects.filter(slug=hospital).first() if hospital else None
        if hospital and owner is None:
            raise CommandError(f"没有网址名是“{hospital}”的医院，请核对 --hospital。")
        reports, refused = [], []
        for file in files:
            try:
                reports.append(read_report(file.name, file.read_bytes(), owner))
            except OSError as error:
                refused.append(f"{file.name}：打不开这个文件（{error.strerror}）。")
            except ReportError as refusal:
                refused.append(f"{file.name}：{''.join(refusal.messages)}")
        if as_json:
            found = [report.as_json() for report in reports]
            answer = found[0] if len(files) == 1 and found else found
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1))
        else:
            self.stdout.write("\n\n".join(map(in_words, reports)))
        if refused:
            raise CommandError("\n".join(refused))


def in_words(report: Report) -> str:
    """For whoever reads it in a shell."""
    parts, mentions = report.parts, report.mentions
    facts = {
        "引题": parts.kicker,
        "标题": parts.title,
        "副题": parts.subtitle,
        "署名": "、".join(f"{role} {name}" for role, name in parts.bylines),
        "来源": parts.source,
        "小标题": "、".join(heading.text for heading in report.headings),
        "篇幅": f"{report.characters}字，{len(report.tables)}个表格，{len(report.pictures)}张图片",
        "图说": "、".join(report.captions),
        "医院": mentions.hospital,
        "支部": "、".join(mentions.branches),
        "联合单位": "、".join(mentions.partners),
        "地点": "、".join(mentions.places),
        "时间": "、".join(f"{when.as_stated}（{when.period}）" for when in report.dates),
        "数字": "、".join(amount.as_stated for amount in report.figures),
        "没有看懂": "".join(report.not_understood),
    }
    return "\n".join([f"《{report.name}》", *(f"{name}：{fact}" for name, fact in facts.items() if fact)])
