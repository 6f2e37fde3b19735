"""Sample records for measurements: plausible, repeatable, and consistent with what the models' own save() makes."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Count
from django.test import override_settings
from django.utils import timezone

from articles.demo.wording import han_count
from articles.models import Article
from branches.models import Activity, ActivityKind, Branch, Figure, Measure, ReferenceCounter
from branches.periods import Precision
from hospitals.models import Hospital, Region
from publishing.models import Publishable
from publishing.richtext import plain_text

pytestmark = pytest.mark.django_db


def run(**options) -> str:
    output = StringIO()
    defaults = {"hospitals": 2, "into": str(connection.settings_dict["NAME"])}
    call_command("make_records", stdout=output, **defaults | options)
    return output.getvalue()


@pytest.fixture(scope="module")
def samples(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        run(activities=400, articles=30)
        yield
        transaction.set_rollback(True)


def contents() -> list:
    """All that does not depend on when the records were made and on what was made before them."""
    activities = Activity.objects.order_by("pk")
    return [
        *activities.values_list(
            "title", "kind__slug", "summary", "start", "end", "precision", "status", "published_at"
        ),
        *activities.order_by("pk", "partners__name").values_list("partners__name", flat=True),
        *Figure.objects.order_by("activity", "position").values_list("measure__slug", "as_stated", "value"),
        *Article.objects.order_by("pk").values_list("title", "body", "published_at", "search_text"),
    ]


def contents_of_a_run(*, seed: int, activities: int = 0, articles: int = 0) -> list:
    """What a run makes in a site without records; nothing of it stays."""
    with transaction.atomic():
        Figure.objects.all().delete()
        Article.objects.all().delete()
        Activity.objects.all().delete()
        run(activities=activities, articles=articles, seed=seed)
        made = contents()
        transaction.set_rollback(True)
    return made


def test_it_makes_as_many_as_were_asked_for(samples):
    assert (Activity.objects.count(), Article.objects.count()) == (400, 30)


def test_it_says_how_fast_it_was():
    output = run(activities=10, articles=2)
    assert "生成活动10条" in output
    assert "生成稿件2篇" in output
    assert "每分钟" in output


def test_the_same_seed_makes_the_same_records():
    assert contents_of_a_run(activities=60, articles=5, seed=7) == contents_of_a_run(activities=60, articles=5, seed=7)


@pytest.mark.parametrize("amount", [{"activities": 60}, {"articles": 5}])
def test_another_seed_makes_other_records(amount):
    assert contents_of_a_run(**amount, seed=7) != contents_of_a_run(**amount, seed=8)


def test_running_numbers_have_no_gaps(samples):
    for counter in ReferenceCounter.objects.select_related("hospital"):
        prefix = f"{counter.hospital.code}-{counter.year}-"
        numbers = Activity.objects.filter(reference__startswith=prefix).order_by("reference")
        expected = [f"{prefix}{number:04d}" for number in range(1, counter.last + 1)]
        assert [row.reference for row in numbers] == expected
    assert sum(ReferenceCounter.objects.values_list("last", flat=True)) == 400


def test_the_next_activity_of_an_editor_gets_the_next_number(samples):
    last = ReferenceCounter.objects.get(hospital__code="T001", year=2023).last
    hospital, day = Hospital.objects.get(code="T001"), date(2023, 5, 1)
    activity = Activity(hospital=hospital, title="新的活动", kind=ActivityKind.objects.first(), start=day, end=day)
    activity.save()
    assert activity.reference == f"T001-2023-{last + 1:04d}"


@pytest.mark.parametrize("model", [Activity, Article, Hospital])
def test_the_search_text_is_what_saving_would_have_made(samples, model):
    rows = list(model.objects.order_by("pk")[:80])
    assert [row.search_text for row in rows] == [row.build_search_text() for row in rows]


def test_every_activity_has_one_to_four_figures(samples):
    counts = Activity.objects.annotate(count=Count("figures")).values_list("count", flat=True)
    assert set(counts) == {1, 2, 3, 4}


def test_nobody_attends_who_was_not_expected(samples):
    attended = dict(Figure.objects.filter(measure__slug="attended").values_list("activity", "value"))
    expected = dict(Figure.objects.filter(measure__slug="expected").values_list("activity", "value"))
    both = attended.keys() & expected.keys()
    assert both
    assert all(attended[activity] <= expected[activity] for activity in both)


def test_some_figures_are_inexact(samples):
    assert set(Figure.objects.values_list("precision", flat=True)) == {"exact", "at_least", "nearly", "about", "vague"}


def test_every_measure_a_kind_knows_is_used_with_that_kind_only(samples):
    allowed = {(kind.pk, measure.pk) for kind in ActivityKind.objects.all() for measure in kind.measures.all()}
    used = set(Figure.objects.filter(measure__isnull=False).values_list("activity__kind", "measure"))
    assert used <= allowed
    assert len({measure for _kind, measure in used}) == Measure.objects.count()


def test_dates_have_every_precision_in_every_year(samples):
    assert set(Activity.objects.values_list("precision", flat=True)) == set(Precision)
    assert {day.year for day in Activity.objects.dates("start", "year")} == set(range(2019, 2027))


def test_every_record_passes_the_checks_of_its_form(samples):
    for record in [*Activity.objects.all()[:60], *Article.objects.all()]:
        record.full_clean()


def test_most_are_public_and_some_are_not(samples):
    assert 320 < Activity.objects.public().count() < 400
    status = Publishable.Status
    assert set(Activity.objects.values_list("status", flat=True)) == {status.DRAFT, status.PUBLISHED, status.WITHDRAWN}


def test_only_what_was_ever_public_has_a_time_of_publication(samples):
    drafts = Activity.objects.filter(status=Publishable.Status.DRAFT)
    assert not drafts.filter(published_at__isnull=False)
    assert not Activity.objects.exclude(pk__in=drafts).filter(published_at__isnull=True)
    assert not Activity.objects.filter(published_at__gt=timezone.now())


def test_an_article_is_as_long_as_a_report(samples):
    lengths = [han_count(plain_text(article.body)) for article in Article.objects.all()]
    assert min(lengths) >= 800
    assert max(lengths) <= 1500


def test_records_are_tied_to_partners_tags_and_one_another(samples):
    assert Activity.objects.filter(partners__isnull=False).exists()
    assert Activity.objects.filter(tags__isnull=False).exists()
    assert Activity.objects.filter(joint_branches__isnull=False).exists()
    assert Article.objects.filter(activities__isnull=False).exists()
    assert Article.objects.filter(tags__isnull=False).exists()


def test_links_stay_within_a_hospital(samples):
    pairs = Activity.joint_branches.through.objects.values_list("activity__hospital", "branch__hospital")
    pairs = [*pairs, *Activity.partners.through.objects.values_list("activity__hospital", "partner__hospital")]
    pairs += Article.activities.through.objects.values_list("article__hospital", "activity__hospital")
    assert not [pair for pair in pairs if pair[0] != pair[1]]


def test_a_hospital_that_is_there_gets_none_of_the_records():
    hospital = Hospital.objects.create(
        name="真实的医院", slug="real", code="REAL", region=Region.objects.get(code="610000")
    )
    branch = Branch.objects.create(hospital=hospital, name="第一支部", slug="di-yi-zhibu", number=1)
    run(activities=50)
    assert not hospital.activities.exists()
    assert not branch.activities.exists()


def test_a_second_run_uses_the_same_hospitals(samples):
    before = Hospital.objects.count()
    run(activities=5, seed=2)
    assert Hospital.objects.count() == before


def test_outside_a_trial_site_the_database_must_be_named():
    with pytest.raises(CommandError, match="--into"):
        call_command("make_records", activities=1)


def test_in_a_trial_site_it_just_runs():
    with override_settings(DEBUG=True):
        call_command("make_records", activities=1, hospitals=1, stdout=StringIO())
    assert Activity.objects.filter(hospital__code="T001").exists()


@pytest.mark.parametrize("options", [{"hospitals": 0}, {"hospitals": 1000}, {"activities": -1}, {"articles": -1}])
def test_impossible_amounts_are_refused(options):
    with pytest.raises(CommandError, match="请填"):
        run(**options)
