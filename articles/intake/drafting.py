"""A draft of an article made of a report: its words and pictures, nothing that was only guessed."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from articles.intake.blocks import Block, Caption, Heading, Paragraph
from articles.intake.pieces import Cell, Grid, Shot
from articles.intake.report import Report
from articles.models import Article, ArticlePhoto, Byline, ReceivedReport
from publishing import picture_files
from publishing.images import CleanPicture, clean_picture, stated_pixels
from publishing.richtext import sanitise
from publishing.written import created

#: pictures of one report, and pixels of all together, as many as forty photos of a phone have: a request takes no longer
MOST_PICTURES = 40
MOST_PIXELS = 500_000_000
_ROLES = {
    Byline.Role.REPORTER: "本报记者 特约记者 见习记者 记者",
    Byline.Role.CORRESPONDENT: "通讯员 特约通讯员",
    Byline.Role.PHOTOGRAPHER: "摄影 拍摄 摄 供图 图 图片",
    Byline.Role.CONTRIBUTOR: "供稿 供稿人 供稿单位",
    Byline.Role.EDITOR: "编辑 责任编辑 责编 美编",
    Byline.Role.UNSTATED: "作者 文 文字 图文 文图 执笔 撰稿 撰稿人 撰文",
}
_OFFICES = ("办公室", "党办", "科", "部", "支部", "党委", "委员会")
_ROLE_OF = {word: role for role, words in _ROLES.items() for word in words.split()} | {"": Byline.Role.UNSTATED}


def draft_of(report: Report, content: bytes, *, hospital, branches, by) -> Article:
    """All of it or nothing. What cannot be taken over is said in the draft's ``received.not_understood``."""
    said = list(report.not_understood)
    with _photos(report, said) as photos:
        return _written(report, content, photos, said, hospital=hospital, branches=branches, by=by)


def _written(report: Report, content: bytes, photos: list[dict], said: list[str], *, hospital, branches, by) -> Article:
    parts = report.parts
    fields = {
        "section_label": parts.section_label, "kicker": parts.kicker, "title": parts.title, "subtitle": parts.subtitle,
        "dateline": parts.dateline, "publisher": "" if _is_own(parts.source, hospital) else parts.source,
    }  # fmt: skip
    too_long = {name: text for name, text in fields.items() if len(text) > Article._meta.get_field(name).max_length}
    for name, text in too_long.items():
        field = Article._meta.get_field(name)
        fields[name] = text[: field.max_length]
        said.append(
            _("“%(field)s”超过%(most)s字，只放了前面的；原文是：%(text)s")
            % {"field": field.verbose_name, "most": field.max_length, "text": text}
        )
    body = body_of(report.blocks)
    with transaction.atomic():
        article = Article.objects.create(
            **(fields | {"title": fields["title"] or _("未写标题的来稿")}),
            hospital=hospital,
            editors_note=parts.editors_note,
            body=body,
            source_date=parts.published if fields["publisher"] else None,
            created_by=by,
            updated_by=by,
        )
        article.branches.set(branches)
        Byline.objects.bulk_create(_bylines(report, article, said))
        for position, photo in enumerate(photos, 1):
            ArticlePhoto(article=article, position=position, **photo).save()
        ReceivedReport.objects.create(
            article=article,
            user=by,
            name=report.name[:120],
            file=ContentFile(content, report.name),
            sha256=hashlib.sha256(content).hexdigest(),
            suggestions=report.as_json()["suggestions"],
            not_understood=said,
        )
        created(article, by=by, reason=_("由来稿“%s”读成") % report.name)
    return article


def _is_own(source: str, hospital) -> bool:
    """An office of the house is no paper that printed it first."""
    names = [name for name in (hospital.name, hospital.short_name) if name]
    return not source or any(name in source for name in names) or source.endswith(_OFFICES)


def _bylines(report: Report, article: Article, said: list[str]) -> list[Byline]:
    made = []
    for role, name in report.parts.bylines:
        if role in _ROLE_OF:
            made.append(Byline(article=article, name=name[:50], role=_ROLE_OF[role], position=len(made) + 1))
        else:
            said.append(_("“%(role)s %(name)s”没有写进署名：审核另有流程。") % {"role": role, "name": name})
    return made


@contextmanager
def _photos(report: Report, said: list[str]) -> Iterator[list[dict]]:
    """The pictures that can be shown, with their captions, in the order in which the text names them.

    Their files are stored before the draft is written: that takes its time, so not while the database is held. Copies are
    made when somebody looks. A picture that cannot be shown is left out, and so is its place in the text.
    """
    storage = ArticlePhoto._meta.get_field("image").storage
    captions = captions_by_picture(report.blocks)
    photos: list[dict] = []
    pixels = 0
    try:
        for shot in report.pictures:
            shot.number = 0
            content = shot.read()
            pixels += stated_pixels(content)
            try:
                picture = _shown(shot.name, content, is_too_many=len(photos) >= MOST_PICTURES or pixels > MOST_PIXELS)
            except ValidationError as refusal:
                said.append(f"{shot.name}：{''.join(refusal.messages)}")
                continue
            name = picture_files.keep(storage, picture)
            caption = captions.get(id(shot), "")[:200]
            photos.append({"image": name, "width": picture.width, "height": picture.height, "caption": caption})
            shot.number = len(photos)
        yield photos
    except BaseException:
        for photo in photos:
            picture_files.remove(storage, photo["image"])
        raise


def _shown(name: str, content: bytes, *, is_too_many: bool) -> CleanPicture:
    if is_too_many:
        raise ValidationError(_("照片太多或太大，没有带过来。请在“照片”里上传（一篇最多带%s张）。") % MOST_PICTURES)
    return clean_picture(SimpleUploadedFile(name, content))


def captions_by_picture(blocks: list[Block]) -> dict[int, str]:
    """By the identity of the picture: the caption below it, or above where that has none yet."""
    found: dict[int, str] = {}
    for number, block in enumerate(blocks):
        if not isinstance(block, Caption):
            continue
        before = [own for own in reversed(blocks[max(0, number - 2) : number]) if isinstance(own, Shot)]
        behind = [own for own in blocks[number + 1 : number + 3] if isinstance(own, Shot)]
        for shot in (*before, *behind):
            if id(shot) not in found:
                found[id(shot)] = block.text
                break
    return found


# -- As HTML, in the marks of ``publishing.richtext``


def body_of(blocks: list[Block]) -> str:
    """Pictures stand in it as [图n], ``n`` being their ``number``; a caption whose picture is lost stays as a line."""
    shown = set(captions_by_picture(blocks).values())
    html: list[str] = []
    items: list[Paragraph] = []
    for block in [*blocks, None]:
        if isinstance(block, Paragraph) and block.depth:
            items.append(block)
            continue
        if items:
            html.append(_list(items))
            items = []
        match block:
            case Heading():
                html.append(f"<h{block.level}>{escape(block.text, quote=False)}</h{block.level}>")
            case Paragraph():
                html.append(f"<p>{block.html}</p>")
            case Caption() if block.text not in shown:
                html.append(f"<p>图：{escape(block.text, quote=False)}</p>")
            case Shot():
                html.append(_mark(block))
            case Grid():
                html.append(_table(block))
    return sanitise("".join(html))


def _mark(shot: Shot) -> str:
    return f"<p>[图{shot.number}]</p>" if shot.number else ""


def _list(items: list[Paragraph], depth: int = 1) -> str:
    """Items of one depth, each with those below it that are deeper."""
    tag = "ol" if items[0].is_numbered else "ul"
    html, place = "", 0
    while place < len(items):
        end = place + 1
        while end < len(items) and items[end].depth > depth:
            end += 1
        below = _list(items[place + 1 : end], depth + 1) if end > place + 1 else ""
        html += f"<li><p>{items[place].html}</p>{below}</li>"
        place = end
    return f"<{tag}>{html}</{tag}>"


def _table(grid: Grid) -> str:
    """Its pictures come after it: a photo stands between blocks."""
    rows = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in grid.rows)
    shots = [piece for cell in grid.cells for piece in cell.pieces if isinstance(piece, Shot)]
    return f"<table><tbody>{rows}</tbody></table>" + "".join(map(_mark, shots))


def _cell(cell: Cell) -> str:
    spans = "".join(
        f' {name}="{count}"' for name, count in (("colspan", cell.columns), ("rowspan", cell.rows)) if count > 1
    )
    lines = "".join(f"<p>{escape(line, quote=False)}</p>" for line in cell.text.split("\n") if line.strip())
    return f"<td{spans}>{lines}</td>"
