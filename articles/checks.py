"""What an experienced colleague notices in an article as a whole before it becomes public."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from branches.checks import other_hospital
from branches.facts import words_of_figures
from publishing.checks import Finding, Severity
from publishing.richtext import plain_text

#: where an article tells numbers
_TELLING = ("title", "subtitle", "lede", "body")


def article_gaps(article) -> Iterator[Finding]:
    if not plain_text(article.body).strip():
        yield Finding("no_body", Severity.BLOCK, _("正文是空的，请写好正文再送审。"), "body", _("正文"))


def article_unfilled(article) -> Iterator[Finding]:
    def advise(name: str, message: str, at: str = "") -> Finding:
        label = (
            article._meta.get_field(name).related_model._meta.verbose_name
            if at
            else article._meta.get_field(name).verbose_name
        )
        return Finding("unfilled", Severity.ADVISE, message, name, str(label), at=at)

    if not article.lede.strip():
        yield advise("lede", _("没有导语：首页和列表里只有标题。"))
    if not article.branches.exists():
        yield advise("branches", _("没有选文中支部：支部的页面上看不到这篇稿件。"))
    if not article.bylines.exists():
        yield advise("bylines", _("没有署名。"), at="bylines.0.name")


def article_findings(article) -> Iterator[Finding]:
    yield from article_gaps(article)
    if numbers := article.numbers_without_photo:
        marks = "".join(f"[图{number}]" for number in numbers)
        sentence = _("正文里的%s没有对应的照片，公开页面上不会显示。请补上照片，或者改正编号。") % marks
        yield Finding("no_such_photo", Severity.WARN, sentence, "body", _("正文"))
    yield from _changed_numbers(article)
    for name in ("branches", "activities"):
        for row in getattr(article, name).exclude(hospital=article.hospital_id):
            yield other_hospital(row, name, _("相关支部与活动"))


def _changed_numbers(article) -> Iterator[Finding]:
    """Numbers of the activity that the article was made of, where the record has others since and the text still has these."""
    for told in article.told_with:
        now = words_of_figures(told.activity)
        for figure, words in told.figures.items():
            if now.get(figure) == words:
                continue
            for name in _TELLING:
                field = article._meta.get_field(name)
                if words in plain_text(getattr(article, name)):
                    message = _("活动%(reference)s的“%(figure)s”现在是%(now)s，这里写的是%(words)s。请核对，改成一致的。") % {
                        "reference": told.activity.reference, "figure": figure, "words": words,
                        "now": now.get(figure) or _("没有填报"),
                    }  # fmt: skip
                    yield Finding("changed_number", Severity.WARN, message, name, field.verbose_name, excerpt=words)
