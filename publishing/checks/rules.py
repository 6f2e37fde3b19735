"""The rules, each one row, and what runs them over a record."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _

from publishing.checks import names, numbers, wording
from publishing.checks.findings import Finding, Hit, Passage, Severity, excerpt, in_one_line, occurrences, starred
from publishing.checks.folding import Folded, fold
from publishing.checks.passages import part_label, part_model, passages, public_rows
from publishing.checks.words import FOUND, NO_ADVICE, Watched

MOST = 50  # of one rule in one passage: whoever has so many to correct checks again afterwards


class Rule(NamedTuple):
    code: str
    severity: Severity
    find: Callable[[str], Iterator[Hit]]
    message: str


#: In this order: where two private numbers overlap, the first rule has it.
RULES = (
    Rule(
        "id_number",
        Severity.BLOCK,
        numbers.id_numbers,
        _("出现身份证号码“%(found)s”，属于个人信息，不能公开。请删去；需要说明是谁时，写姓氏和称谓。"),
    ),
    Rule(
        "bank_card",
        Severity.BLOCK,
        numbers.bank_card_numbers,
        _("“%(found)s”像是银行卡号，不能公开。请删去；如果是文号、备案号等其他编号，请在放行理由里说明。"),
    ),
    Rule(
        "mobile",
        Severity.BLOCK,
        numbers.mobile_numbers,
        _("出现手机号码“%(found)s”，不能公开。请删去，或改为科室、医院的固定电话。"),
    ),
    Rule(
        "patient_number",
        Severity.BLOCK,
        numbers.patient_numbers,
        _("“%(found)s”是患者的就诊信息，不能公开。请删去。"),
    ),
    Rule(
        "patient_number",
        Severity.WARN,
        numbers.bed_numbers,
        _("“%(found)s”可能让人认出患者，请核对；不必写明的，请删去床号。"),
    ),
    Rule(
        "id_number",
        Severity.WARN,
        numbers.old_id_numbers,
        _("“%(found)s”像是15位的旧身份证号码。请核对；如果是，请删去。"),
    ),
    Rule(
        "patient_name",
        Severity.BLOCK,
        names.patient_names,
        _("“%(found)s”像是患者的全名，不能与病情一起公开。请改为姓氏加称谓，例如“李先生”“陈女士”。"),
    ),
    Rule(
        "party_birthday",
        Severity.BLOCK,
        wording.party_birthdays,
        _("“%(found)s”用词不当：“诞辰”只用于人。请写作“中国共产党成立××周年”或“建党××周年”。"),
    ),
    Rule(
        "internal_mark",
        Severity.BLOCK,
        wording.internal_marks,
        _("出现“%(found)s”，像是内部资料。请确认可以公开；可以公开的，请删去这个标记。"),
    ),
    Rule(
        "internal_mark",
        Severity.BLOCK,
        wording.placeholders,
        _("“%(found)s”是还没有写完的地方，请补写或删去。"),
    ),
    Rule(
        "internal_mark",
        Severity.BLOCK,
        wording.leftovers,
        _("“%(found)s”是从文档里带来的批注、修订或域代码，请删去；原文档里接受全部修订后再复制。"),
    ),
    Rule(
        "internal_mark",
        Severity.WARN,
        wording.draft_marks,
        _("“%(found)s”像是草稿的标记，请确认这是定下来的文字，或删去它。"),
    ),
    Rule(
        "decimal_members",
        Severity.WARN,
        numbers.decimal_members,
        _("“%(found)s”：人数不会有小数，请核对后改为整数。"),
    ),
)
#: Of photos, which are rows that state a consent: code, severity, field, what is wrong with a row, message.
PHOTO_RULES = (
    (
        "photo_consent",
        Severity.BLOCK,
        "consent",
        lambda row: not row["consent"],
        _("这张照片没有选择肖像授权。请选择“已获书面授权”“不涉及可识别患者”或“已处理”，选不了的请换一张照片。"),
    ),
    (
        "photo_caption",
        Severity.WARN,
        "caption",
        lambda row: not (row.get("caption") or "").strip() and not (row.get("alt") or "").strip(),
        _("这张照片没有图片说明，也没有替代文字。请写一句画面里有什么，看不见图片的读者也能知道。"),
    ),
)


def check(model: type[models.Model], content: dict, words: Iterable[Watched] = ()) -> list[Finding]:
    """All that is to be corrected or looked at again before this content becomes public."""
    return [*check_texts(passages(model, content), words), *check_photos(model, content)]


def check_texts(texts: Iterable[Passage], words: Iterable[Watched] = ()) -> list[Finding]:
    words = list(words)
    return [finding for passage in texts for finding in _of_passage(passage, words)]


def check_photos(model: type[models.Model], content: dict) -> list[Finding]:
    return [
        Finding(
            code, severity, str(message), f"{name}.{index}.{field}", part_label(part_model(model, name), index, field)
        )
        for name, index, row in public_rows(model, content["parts"])
        if "consent" in row
        for code, severity, field, is_wrong, message in PHOTO_RULES
        if is_wrong(row)
    ]


def _of_passage(passage: Passage, words: list[Watched]) -> list[Finding]:
    folded = Folded(passage.text)
    found = _found(folded.text)
    visible = starred(folded, [hit.secret for _rule, hits in found for hit in hits if hit.secret])

    def report(code: str, severity: str, message: str, hit: Hit, advice: str = "") -> Finding:
        start, end = folded.span(hit.start, hit.end)
        text = str(message) % {"found": in_one_line(visible[start:end]), "advice": advice}
        around = excerpt(visible, start, end)
        return Finding(code, Severity(severity), text, passage.name, passage.label, start, end, around)

    findings = [report(rule.code, rule.severity, rule.message, hit) for rule, hits in found for hit in hits[:MOST]]
    for row in words:
        advice = row.advice or str(NO_ADVICE)
        places = islice(occurrences(folded.text, fold(row.word).strip()), MOST)
        findings += [report("watched_word", row.severity, FOUND, hit, advice) for hit in places]
    return sorted(findings, key=lambda finding: (finding.start, finding.end))


def _found(text: str) -> list[tuple[Rule, list[Hit]]]:
    """What each rule finds. A private number that an earlier rule has found is not reported again."""
    found, taken = [], bytearray(len(text))
    for rule in RULES:
        hits = [hit for hit in rule.find(text) if not (hit.secret and any(taken[slice(*hit.secret)]))]
        for start, end in (hit.secret for hit in hits if hit.secret):
            taken[start:end] = b"\1" * (end - start)
        found.append((rule, hits))
    return found
