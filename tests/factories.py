"""Plain functions that make one valid record each; whatever a test is about, it says itself.

A record's hospital is the one given, that of its branch, or a new one. ``public=True`` makes it published yesterday.
"""

from datetime import date, timedelta
from itertools import count

from django.utils import timezone

from articles.models import Article
from branches.freezing import freeze
from branches.frozen_content import LedgerScope
from branches.models import (
    Activity,
    ActivityKind,
    Branch,
    Brand,
    Exemption,
    Figure,
    Initiative,
    LedgerProfile,
    Measure,
    Obligation,
    Partner,
    PeriodFigure,
    PeriodReport,
)
from branches.periods import Period
from hospitals.models import Hospital, Membership, Region, User
from publishing.models import GreyPeriod, Publishable
from publishing.quantities import parse

_numbers = count(1)


def make_region(code="370828", name="金乡县"):
    """A county with its city and province above it."""
    province, _created = Region.objects.get_or_create(code=f"{code[:2]}0000", defaults={"name": "山东省"})
    city, _created = Region.objects.get_or_create(code=f"{code[:4]}00", defaults={"name": "济宁市", "parent": province})
    return Region.objects.get_or_create(code=code, defaults={"name": name, "parent": city})[0]


def make_hospital(**fields):
    number = next(_numbers)
    defaults = {"name": f"测试{number}医院", "slug": f"hospital-{number}", "code": f"H{number}"}
    return Hospital.objects.create(**(defaults | {"region": fields.pop("region", None) or make_region()} | fields))


def make_user(role=None, hospital=None, **fields):
    """A member of staff; with a role, also their membership. A superuser with ``is_superuser=True``."""
    user = User.objects.create_user(
        **({"username": f"user{next(_numbers)}", "name": "王芳", "is_staff": True} | fields)
    )
    if role:
        Membership.objects.create(user=user, hospital=hospital or make_hospital(), role=role)
    return user


def make_branch(hospital=None, **fields):
    number = next(_numbers)
    defaults = {"name": f"测试{number}支部", "slug": f"branch-{number}"}
    return Branch.objects.create(hospital=hospital or make_hospital(), **(defaults | fields))


def make_partner(hospital=None, **fields):
    return Partner.objects.create(
        hospital=hospital or make_hospital(), **({"name": f"合作单位{next(_numbers)}"} | fields)
    )


def make_activity(hospital=None, *, kind="free_clinic", figures=None, public=False, **fields):
    """``kind`` by its slug; ``figures`` as typed, by measure: ``{"visits": "60余"}``."""
    defaults = {
        "title": f"测试活动{next(_numbers)}",
        "start": date(2023, 6, 1),
        "end": fields.get("start", date(2023, 6, 1)),
    }
    kind = ActivityKind.objects.get(slug=kind)
    activity = Activity.objects.create(kind=kind, **_owned(hospital, fields), **(defaults | fields | _status(public)))
    for position, (slug, text) in enumerate((figures or {}).items()):
        figure = Figure(activity=activity, measure=Measure.objects.get(slug=slug), position=position)
        figure.set_quantity(parse(text))
        figure.save()
    return activity


def make_brand(hospital=None, *, public=False, **fields):
    defaults = {"name": f"测试品牌{next(_numbers)}"}
    return Brand.objects.create(**_owned(hospital, fields), **(defaults | fields | _status(public)))


def make_initiative(hospital=None, *, public=False, **fields):
    defaults = {"name": f"测试举措{next(_numbers)}", "kind": Initiative.Kind.SERVICE}
    return Initiative.objects.create(**_owned(hospital, fields), **(defaults | fields | _status(public)))


def make_report(hospital=None, *, public=False, **fields):
    defaults = {
        "title": f"测试报数{next(_numbers)}", "start": date(2023, 1, 1), "end": date(2023, 6, 30), "precision": "half_year",
    }  # fmt: skip
    return PeriodReport.objects.create(**_owned(hospital, fields), **(defaults | fields | _status(public)))


def make_article(hospital=None, *, public=False, **fields):
    defaults = {"title": f"测试稿件{next(_numbers)}", "body": "<p>正文。</p>"}
    return Article.objects.create(**_owned(hospital, fields), **(defaults | fields | _status(public)))


def _owned(hospital, fields) -> dict:
    branch = fields.get("branch")
    return {"hospital": hospital or (branch.hospital if branch else make_hospital())}


def _status(public: bool) -> dict:
    if not public:
        return {}
    return {"status": Publishable.Status.PUBLISHED, "published_at": timezone.now() - timedelta(days=1)}


def make_figure(activity, measure="visits", stated="12", **fields):
    """One more number of an activity, as typed; without a measure it needs a label."""
    figure = Figure(activity=activity, measure=measure and Measure.objects.get(slug=measure), **fields)
    figure.set_quantity(parse(stated))
    figure.save()
    return figure


def make_period_figure(report, measure="sessions", stated="193", **fields):
    """One announced number of a period report, as stated."""
    figure = PeriodFigure(report=report, measure=Measure.objects.get(slug=measure), **fields)
    figure.set_quantity(parse(stated))
    figure.save()
    return figure


def make_ledger_profile(owner, *columns, hospital=None, **fields):
    """Of these columns in this order, each by its key or as (key, own header); ``owner`` serves the hospital."""
    chosen = [column if isinstance(column, tuple) else (column, "") for column in columns or ("序号", "活动主题")]
    return LedgerProfile.objects.create(
        owner=owner,
        hospital=hospital or owner.memberships.first().hospital,
        columns=[{"column": key, "header": header} for key, header in chosen],
        **({"name": f"测试栏目{next(_numbers)}"} | fields),
    )


def make_grey_period(**fields):
    defaults = {"first_day": date(2023, 4, 4), "last_day": date(2023, 4, 4), "reason": "全国哀悼日"}
    return GreyPeriod.objects.create(**(defaults | fields))


def make_obligation(*kinds, hospital=None, **fields):
    """Asked of the whole platform unless a hospital is given; ``kinds`` by their slugs."""
    defaults = {"name": f"测试事项{next(_numbers)}", "valid_from": date(2019, 1, 1)}
    obligation = Obligation.objects.create(hospital=hospital, **(defaults | fields))
    obligation.kinds.set(ActivityKind.objects.filter(slug__in=kinds or ["theme_day"]))
    return obligation


def make_exemption(hospital=None, **fields):
    branch = fields.get("branch")
    defaults = {"starts_on": date(2023, 1, 1), "reason": "测试原因"}
    return Exemption.objects.create(
        hospital=hospital or (branch.hospital if branch else make_hospital()), **(defaults | fields)
    )


def make_frozen_ledger(hospital=None, branch=None, *, start=date(2023, 4, 1), end=date(2023, 6, 30), by=None, note=""):
    """The ledger of a unit and a time as it is now; the second quarter of 2023 unless said otherwise."""
    scope = LedgerScope(hospital or branch.hospital, branch, Period.of_days(start, end))
    return freeze(scope, by=by or make_user(is_superuser=True), seen=scope.content().sha256, note=note)
