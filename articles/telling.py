"""生成稿件: the first draft of an article out of what an activity's record says. Only what is recorded is told."""

from html import escape

from django.db import transaction
from django.utils.translation import gettext as _

from articles.models import Article, ArticlePhoto, Told
from branches.facts import branch_of, own_figures, words_of_figures
from branches.models import Activity, Branch
from publishing.richtext import sanitise
from publishing.written import created

#: how a number is said; ``%s`` are its words as they were entered
_SAID = {
    "sessions": "开展%s", "visits": "服务群众%s", "audience": "有听众%s", "screened": "筛查%s", "positive": "发现异常%s",
    "expected": "应到党员%s", "attended": "实到%s", "party_members": "有党员%s参加", "volunteers": "有志愿者%s参加",
    "medical_staff": "有医务人员%s参加", "hours": "服务时长%s", "leaflets": "发放资料%s", "households": "走访%s",
    "trained": "培训%s", "cases": "完成%s", "contestants": "参赛%s", "villages": "走进行政村%s", "schools": "走进学校%s",
}  # fmt: skip
_MEETINGS = {"member_assembly", "branch_committee", "group_meeting", "org_life_review"}
#: characters of a summary that a list has room for
_LEDE = 120


def told_of(activity: Activity) -> Article | None:
    """The article that was made of it and is not withdrawn."""
    made = Article.objects.filter(telling__activity=activity.root_pk).exclude(status=Article.Status.WITHDRAWN)
    return made.order_by("-pk").first()


def branches_of(activity: Activity) -> list[Branch]:
    """Those that the article names: who held it, then who took part."""
    return [*([activity.branch] if activity.branch else []), *activity.joint_branches.all()]


def tell(activity: Activity, *, by) -> Article:
    """A draft with sentences of the record's fields, its public figures in their own words, and its photos."""
    figures = words_of_figures(activity)
    photos = list(activity.photos.all())
    with transaction.atomic():
        article = Article.objects.create(
            hospital=activity.hospital,
            title=activity.title,
            lede=activity.summary if len(activity.summary) <= _LEDE else "",
            body=body_of(activity, len(photos)),
            created_by=by,
            updated_by=by,
        )
        article.branches.set(branches_of(activity))
        article.activities.add(activity.root_pk)
        article.tags.set(activity.tags.all())
        for photo in photos:  # the file is one and the same: both records show it
            ArticlePhoto(
                article=article, image=photo.image.name, caption=photo.caption, alt=photo.alt, consent=photo.consent,
                position=photo.position,
            ).save()  # fmt: skip
        Told.objects.create(article=article, activity_id=activity.root_pk, figures=figures)
        created(article, by=by, reason=_("由活动%s生成") % activity.reference)
    return article


def body_of(activity: Activity, photos: int = 0) -> str:
    paragraphs = [_lead(activity), *activity.summary.split("\n"), _numbers(activity)]
    html = [f"<p>{escape(text.strip(), quote=False)}</p>" for text in paragraphs if text.strip()]
    if photos:
        html.insert(1, "<p>[图1]</p>")
    html.append(activity.story)
    if activity.results:
        html.append("<h2>活动成效</h2>")
        html += [f"<p>{escape(text, quote=False)}</p>" for text in activity.results.split("\n") if text.strip()]
    return sanitise("".join(html))


def _lead(activity: Activity) -> str:
    """When, who, with whom, where, what."""
    when = f"{activity.period}，" if activity.start else ""
    joint = "、".join(branch.name for branch in activity.joint_branches.all())
    who = activity.hospital.name + branch_of(activity) + (f"和{joint}" if joint and activity.branch else joint)
    partners = "、".join(partner.name for partner in activity.partners.all())
    place = f"在{activity.place}" if activity.place else ""
    verb = "召开" if activity.kind.slug in _MEETINGS else "开展"
    what = f"“{activity.title}”活动" if activity.kind.slug == "other" else activity.kind.name
    return f"{when}{who}{f'联合{partners}' if partners else ''}{place}{verb}{what}。"


def _numbers(activity: Activity) -> str:
    """Those of measures in one sentence; one that has a name of its own in a sentence of its own."""
    figures = own_figures(activity)
    told = [_SAID.get(figure.measure.slug, f"{figure.name}%s") % _words(figure) for figure in figures if figure.measure]
    others = [f"{figure.name}{_words(figure)}。" for figure in figures if not figure.measure]
    return "".join([f"活动{'，'.join(told)}。" if told else "", *others])


def _words(figure) -> str:
    return figure.quantity.display(figure.unit_text)
