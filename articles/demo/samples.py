"""Sample activities and articles in any number, to measure the site with. Every name in them is made up.

Rows are written in batches past ``save()``; what ``save()`` derives (reference, search text) is made here by the
models' own code. The same seed gives the same records on every machine and both databases; only the year in the
number of an undated activity is today's, as it is when an editor enters one.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from django.contrib.contenttypes.models import ContentType
from django.db import reset_queries, transaction
from django.utils import timezone
from taggit.models import Tag, TaggedItem

from articles.demo import wording
from articles.demo.sample_hospitals import Scene
from articles.models import Article, Byline
from branches.models import Activity, ActivityKind, Branch, Figure, Measure, Partner, ReferenceCounter
from branches.periods import Period, Precision
from hospitals.models import Hospital
from publishing.models import Publishable
from publishing.quantities import parse
from publishing.search import Searchable, normalise

FIRST_DAY, LAST_DAY = date(2019, 1, 1), date(2026, 10, 31)
ACTIVITIES_AT_ONCE, ARTICLES_AT_ONCE = 2000, 250

_PRECISIONS = {
    Precision.DAY: 78,
    Precision.MONTH: 6,
    Precision.QUARTER: 3,
    Precision.HALF_YEAR: 3,
    Precision.YEAR: 3,
    Precision.UNKNOWN: 7,
}
_STATUSES = {Publishable.Status.PUBLISHED: 90, Publishable.Status.DRAFT: 7, Publishable.Status.WITHDRAWN: 3}
_NATURES = {Activity.Nature.RECURRING: 70, Activity.Nature.PROGRAMME: 20, Activity.Nature.SERVICE: 10}
#: what a figure usually says; the rest lie between 5 and 80
_RANGES = {
    "sessions": (1, 12),
    "visits": (20, 900),
    "audience": (20, 400),
    "screened": (30, 600),
    "positive": (0, 25),
    "expected": (20, 60),
    "hours": (2, 300),
    "leaflets": (50, 2000),
    "villages": (1, 12),
    "schools": (1, 8),
}
_INEXACT = ("{tens}余", "近{tens}", "约{tens}", "几十", "数百")
_ALWAYS_EXACT = {"expected", "attended", "positive"}


def make_activities(scenes: list[Scene], total: int, seed: int, advance: Callable[[int], object]) -> None:
    maker = _Maker(scenes, Random(f"activities {seed}"))
    for size in _batches(total, ACTIVITIES_AT_ONCE):
        with transaction.atomic():  # the numbers go with their records: a batch that fails leaves no gap
            _write_activities([maker.activity() for _number in range(size)])
        reset_queries()  # with DEBUG on Django keeps the text of every statement
        advance(size)


def make_articles(scenes: list[Scene], total: int, seed: int, advance: Callable[[int], object]) -> None:
    maker = _Maker(scenes, Random(f"articles {seed}"))
    for size in _batches(total, ARTICLES_AT_ONCE):
        with transaction.atomic():
            _write_articles([maker.article() for _number in range(size)])
        reset_queries()
        advance(size)


def _batches(total: int, most: int) -> Iterator[int]:
    while total > 0:
        yield min(total, most)
        total -= most


@dataclass
class _Sample:
    """A record that is not saved yet, with the rows that will point to it."""

    record: Activity | Article
    tags: list[Tag]
    partners: list[Partner] = field(default_factory=list)
    further_kinds: list[ActivityKind] = field(default_factory=list)
    branches: list[Branch] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)
    parts: list[Figure | Byline] = field(default_factory=list)


class _Maker:
    def __init__(self, scenes: list[Scene], rng: Random):
        self.scenes, self.rng = scenes, rng
        self.kinds = list(ActivityKind.objects.active().prefetch_related("measures"))
        self.tags = [Tag.objects.get_or_create(name=name)[0] for name in wording.TAGS]
        self.last_day = min(LAST_DAY, timezone.localdate() - timedelta(days=1))
        self.told: dict[int, list[Activity]] = {}

    def activity(self) -> _Sample:
        rng, scene, branch, kind, phrases = self._setting()
        period = self._period()
        is_single = period.precision == Precision.DAY or rng.random() < 0.2
        activity = Activity(
            hospital=scene.hospital,
            branch=branch,
            all_branches=branch is None and rng.random() < 0.3,
            brand=scene.brands.get(branch.pk) if branch and rng.random() < 0.6 else None,
            initiative=rng.choice(scene.initiatives) if rng.random() < 0.15 else None,
            kind=kind,
            nature=Activity.Nature.SINGLE if is_single else self._weighted(_NATURES),
            title=phrases.title(kind.group),
            start=period.start,
            end=period.end,
            precision=period.precision,
            date_text="每月开展" if period.precision == Precision.UNKNOWN and rng.random() < 0.3 else "",
            start_time=time(rng.randint(8, 15), rng.choice((0, 30))) if rng.random() < 0.4 else None,
            place=phrases.place,
            host=wording.person(rng) if rng.random() < 0.3 else "",
            summary=phrases.summary(),
            results=phrases.results() if rng.random() < 0.4 else "",
            **self._published_after(period.end),
        )
        return _Sample(
            activity,
            tags=rng.sample(self.tags, rng.choice((0, 0, 1, 1, 2, 3))),
            partners=self._some(scene.partners, (0, 0, 0, 1, 1, 2)),
            further_kinds=self._some([other for other in self.kinds if other != kind], (0,) * 9 + (1,)),
            branches=self._some([other for other in scene.branches if other != branch], (0,) * 8 + (1, 2)),
            parts=list(self._figures(kind)),
        )

    def article(self) -> _Sample:
        rng, scene, branch, kind, phrases = self._setting()
        day = self._day()
        title = phrases.title(kind.group)
        article = Article(
            hospital=scene.hospital,
            title=title,
            subtitle=f"{scene.hospital.name}党建工作侧记" if rng.random() < 0.5 else "",
            lede=phrases.summary(),
            body=phrases.body(rng.randint(830, 1300)),
            source_date=day if rng.random() < 0.8 else None,
            **self._published_after(day),
        )
        roles = [Byline.Role.CORRESPONDENT, Byline.Role.CORRESPONDENT, Byline.Role.PHOTOGRAPHER][: rng.randint(1, 3)]
        return _Sample(
            article,
            tags=rng.sample(self.tags, rng.randint(0, 4)),
            branches=[branch] if branch else [],
            activities=self._some(self._activities_of(scene.hospital), (0, 1, 1, 2, 3)),
            parts=[
                Byline(name=wording.person(rng), role=role, position=position)
                for position, role in enumerate(roles, start=1)
            ],
        )

    def _setting(self):
        rng = self.rng
        scene, kind = rng.choice(self.scenes), rng.choice(self.kinds)
        branch = rng.choice(scene.branches) if rng.random() < 0.9 else None
        phrases = wording.Phrases(
            rng,
            branch=branch.label if branch else scene.hospital.short_name,
            kind=kind.name.split("（")[0],
            slogan=scene.brands[branch.pk].name if branch else "一支部一品牌",
        )
        return rng, scene, branch, kind, phrases

    def _weighted(self, weights: dict):
        return self.rng.choices(list(weights), list(weights.values()))[0]

    def _some(self, choices: list, counts: tuple[int, ...]) -> list:
        """A few of the choices, in the order in which they stand."""
        count = min(self.rng.choice(counts), len(choices))
        return [choices[place] for place in sorted(self.rng.sample(range(len(choices)), count))]

    def _day(self) -> date:
        return FIRST_DAY + timedelta(days=self.rng.randrange((self.last_day - FIRST_DAY).days + 1))

    def _period(self) -> Period:
        precision = self._weighted(_PRECISIONS)
        if precision == Precision.UNKNOWN:
            return Period(None, None, precision)
        day = self._day()
        days = self.rng.randint(1, 4) if self.rng.random() < 0.05 else 0
        if precision == Precision.DAY:
            return Period(day, min(day + timedelta(days=days), self.last_day), precision)
        return Period.around(day, precision)

    def _published_after(self, day: date | None) -> dict:
        """Status and time: public some days after it happened, never in the future. A draft never was public."""
        status = self._weighted(_STATUSES)
        day = min((day or self._day()) + timedelta(days=self.rng.randint(1, 20)), self.last_day)
        moment = time(self.rng.randint(8, 17), self.rng.randrange(60), self.rng.randrange(60))
        published_at = datetime.combine(day, moment, timezone.get_default_timezone())
        return {"status": status, "published_at": None if status == Publishable.Status.DRAFT else published_at}

    def _figures(self, kind: ActivityKind) -> Iterator[Figure]:
        values: dict[str, int] = {}
        measures: list[Measure | None] = [*self._some(list(kind.measures.all()), (1, 2, 3, 4))]
        if len(measures) < 4 and self.rng.random() < 0.1:
            measures.append(None)
        for position, measure in enumerate(measures, start=1):
            slug = measure.slug if measure else ""
            low, high = _RANGES.get(slug, (5, 80))
            values[slug] = self.rng.randint(low, high)
            if slug == "attended":  # nobody attends who was not expected
                values[slug] = max(1, values.get("expected", 60) - self.rng.randint(0, 6))
            words = {} if measure else {"label": "参加科室", "unit": "个"}
            figure = Figure(measure=measure, position=position, **words)
            figure.set_quantity(parse(self._stated(values[slug], is_exact=slug in _ALWAYS_EXACT)))
            yield figure

    def _stated(self, number: int, *, is_exact: bool) -> str:
        """A number as offices write it: mostly plain, some 余, 近 and 约, and now and then only a word."""
        if is_exact or number < 20 or self.rng.random() < 0.75:
            return str(number)
        return self.rng.choice(_INEXACT).format(tens=number // 10 * 10)

    def _activities_of(self, hospital: Hospital) -> list[Activity]:
        """What its articles tell of: some of the hospital's activities, read once."""
        if hospital.pk not in self.told:
            self.told[hospital.pk] = list(hospital.activities.only("pk").order_by("pk")[:500])
        return self.told[hospital.pk]


def _write_activities(samples: list[_Sample]) -> None:
    _give_references([sample.record for sample in samples])
    for sample in samples:
        related = [*_names(sample.partners), *_names(sample.tags)]
        sample.record.search_text = _search_text(sample.record, related)
    Activity.objects.bulk_create([sample.record for sample in samples])
    _write_parts(Figure, "activity", samples)
    _link(Activity.partners, "partners", samples)
    _link(Activity.further_kinds, "further_kinds", samples)
    _link(Activity.joint_branches, "branches", samples)
    _write_tags(Activity, samples)


def _write_articles(samples: list[_Sample]) -> None:
    for sample in samples:
        related = [*(byline.name for byline in sample.parts), *_names(sample.branches), *_names(sample.tags)]
        sample.record.search_text = _search_text(sample.record, related)
    Article.objects.bulk_create([sample.record for sample in samples])
    _write_parts(Byline, "article", samples)
    _link(Article.branches, "branches", samples)
    _link(Article.activities, "activities", samples)
    _write_tags(Article, samples)


def _give_references(activities: list[Activity]) -> None:
    today = timezone.localdate()
    numbered: dict[tuple[int, int], list[Activity]] = {}
    for activity in activities:
        numbered.setdefault((activity.hospital_id, (activity.start or today).year), []).append(activity)
    # Always the same way round, so that two runs at once do not wait for each other's counters.
    for (_hospital, year), group in sorted(numbered.items(), key=lambda item: item[0]):
        references = ReferenceCounter.take(group[0].hospital, date(year, 1, 1), len(group))
        for activity, reference in zip(group, references, strict=True):
            activity.reference = reference


def _search_text(record: Searchable, related: Iterable[str]) -> str:
    """What refresh_search_text would write: an unsaved record tells its own texts, the related ones follow."""
    return "\n".join([record.build_search_text(), *map(normalise, related)])


def _names(rows: Iterable) -> list[str]:
    """In the order in which a search text has them."""
    return sorted(row.name for row in rows)


def _write_parts(model, parent: str, samples: list[_Sample]) -> None:
    for sample in samples:
        for part in sample.parts:
            setattr(part, parent, sample.record)
    model.objects.bulk_create([part for sample in samples for part in sample.parts])


def _link(relation, name: str, samples: list[_Sample]) -> None:
    """Fill a many-to-many field from the rows that the samples hold under ``name``."""
    source, target = relation.field.m2m_field_name(), relation.field.m2m_reverse_field_name()
    relation.through.objects.bulk_create(
        relation.through(**{source: sample.record, target: row}) for sample in samples for row in getattr(sample, name)
    )


def _write_tags(model, samples: list[_Sample]) -> None:
    content_type = ContentType.objects.get_for_model(model)
    TaggedItem.objects.bulk_create(
        TaggedItem(tag=tag, content_type=content_type, object_id=sample.record.pk)
        for sample in samples
        for tag in sample.tags
    )
