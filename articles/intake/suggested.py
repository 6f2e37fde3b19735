"""What is made of the suggestions that come with a report, once somebody has said so."""

from django.db import transaction
from django.utils.translation import gettext as _

from articles.models import Article, ReceivedReport
from branches.models import Activity, Branch, Figure
from branches.periods import Precision
from publishing.content import content_of
from publishing.quantities import parse
from publishing.written import changed, created


def found_branches(received: ReceivedReport):
    """Those of the hospital that the report names and the article does not."""
    names = received.suggestions.get("branches", [])
    own = received.article.branches.values("pk")
    return Branch.objects.filter(hospital=received.article.hospital, name__in=names).exclude(pk__in=own).in_order()


def name_branches(article: Article, branches, *, by) -> None:
    with transaction.atomic():
        before = content_of(article)
        article.branches.add(*branches)
        changed(article, before, by=by)


def make_activity(article: Article, form, *, by) -> Activity:
    """A draft, and the article names it. ``form``: a valid ``SuggestedActivity``.

    Raises ValidationError where the record's own rules refuse it, a day to come for instance.
    """
    period, data, branches = form.period, form.cleaned_data, list(article.branches.all()[:2])
    with transaction.atomic():
        activity = Activity(
            hospital=article.hospital,
            title=data["title"],
            kind=data["kind"],
            branch=branches[0] if len(branches) == 1 else None,
            start=period.start if period else None,
            end=period.end if period else None,
            precision=period.precision if period else Precision.UNKNOWN,
            place=data["place"],
            source=_("来稿：%s") % article.received.name,
            created_by=by,
            updated_by=by,
        )
        activity.full_clean(exclude=["reference"])
        activity.save()
        for position, (row, measure) in enumerate(form.chosen):
            figure = Figure(activity=activity, measure=measure, position=position)
            figure.set_quantity(parse(row["as_stated"]))
            figure.save()
        created(activity, by=by, reason=_("由稿件“%s”里的数字新建") % article)
        before = content_of(article)
        article.activities.add(activity)
        changed(article, before, by=by)
    return activity
