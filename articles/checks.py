"""What an experienced colleague notices in an article as a whole before it becomes public."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from branches.checks import other_hospital
from publishing.checks import Finding, Severity
from publishing.richtext import plain_text


def article_findings(article) -> Iterator[Finding]:
    if not plain_text(article.body).strip():
        yield Finding("no_body", Severity.BLOCK, _("正文是空的，请写好正文再送审。"), "body", _("正文"))
    if numbers := article.numbers_without_photo:
        marks = "".join(f"[图{number}]" for number in numbers)
        sentence = _("正文里的%s没有对应的照片，公开页面上不会显示。请补上照片，或者改正编号。") % marks
        yield Finding("no_such_photo", Severity.WARN, sentence, "body", _("正文"))
    for name in ("branches", "activities"):
        for row in getattr(article, name).exclude(hospital=article.hospital_id):
            yield other_hospital(row, name, _("相关支部与活动"))
