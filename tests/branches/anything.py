"""Records of every sort, drawn by chance from a seed; and what the list at the address of a number holds."""

import random
from datetime import date, timedelta
from decimal import Decimal

from django.http import QueryDict

from branches.filters import ActivityFilter
from branches.models import ActivityKind, Figure, Measure
from branches.periods import Period
from publishing.quantities import Total
from tests.factories import (
    make_activity,
    make_branch,
    make_brand,
    make_figure,
    make_hospital,
    make_period_figure,
    make_region,
    make_report,
)


def behind(link: str, scope_measure: Measure | None) -> Total:
    """What the list at an address has: its count, or its total of a measure."""
    form = ActivityFilter(QueryDict(link.partition("?")[2]))
    assert form.is_valid(), form.errors
    if scope_measure is None:
        count = form.rows().count()
        return Total(Decimal(count), exact=count) if count else Total()
    totals = {row["slug"]: row["total"] for row in Figure.objects.totals_of(form.rows())}
    return totals.get(scope_measure.slug, Total())


def make_anything(seed: int) -> None:
    """Hospitals, branches, activities, figures and reports of every sort."""
    chance = random.Random(seed)
    regions = [make_region(), make_region("370826", "微山县"), make_region("370812", "兖州区")]
    hospitals = [make_hospital(region=regions[number]) for number in range(2)]
    branches = {hospital: [make_branch(hospital) for _number in range(3)] for hospital in hospitals}
    brands = {
        hospital: [make_brand(hospital, public=public, is_current=public) for public in (True, False)]
        for hospital in hospitals
    }
    kinds = list(ActivityKind.objects.order_by("position").values_list("slug", flat=True))[:4] + ["other"]
    for _number in range(40):
        hospital = chance.choice(hospitals)
        precision = chance.choice(["day", "day", "day", "month", "quarter", "half_year", "year", "unknown"])
        dates = {"start": None, "end": None}
        if precision != "unknown":
            begin = date(2022, 11, 1) + timedelta(days=chance.randrange(500))
            first = Period.around(begin, precision)
            last = Period.around(begin + timedelta(days=chance.choice([0, 0, 0, 3, 40])), precision)
            dates = {"start": first.start, "end": last.end}
        status = chance.choice(
            [{"public": True}] * 4 + [{}, {"status": "withdrawn", "published_at": "2023-01-01T00:00Z"}]
        )
        activity = make_activity(
            hospital,
            branch=chance.choice([None, *branches[hospital]]),
            all_branches=chance.random() < 0.15,
            kind=chance.choice(kinds),
            brand=chance.choice([None, *brands[hospital]]),
            region=chance.choice([None, *regions]),
            nature=chance.choice(["single"] * 4 + ["recurring", "summary"]),
            precision=precision,
            **dates,
            **status,
        )
        activity.joint_branches.set(chance.sample(branches[hospital], chance.choice([0, 0, 1, 2])))
        for slug in chance.sample(["sessions", "visits"], chance.randrange(3)):
            stated = chance.choice(["1", "12", "60余", "近20", "约100", "几百", "0", "1.5"])
            make_figure(activity, slug, stated, is_internal=chance.random() < 0.2)
    for hospital in hospitals:
        for owner in ({}, {"branch": chance.choice(branches[hospital])}):
            begin = date(2023, chance.randrange(1, 13), 1)
            period = Period.around(begin, chance.choice(["month", "quarter", "half_year", "year"]))
            report = make_report(
                hospital, start=period.start, end=period.end, precision=period.precision, public=True, **owner
            )
            for slug in ("sessions", "visits"):
                kind = chance.choice([None, ActivityKind.objects.get(slug=chance.choice(kinds))])
                make_period_figure(report, slug, chance.choice(["12", "60余", "近20"]), kind=kind)
