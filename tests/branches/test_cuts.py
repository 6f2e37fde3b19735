"""Each way of taking the numbers apart gives parts that make the whole, and each part opens to its list."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from branches.cuts import BRAND, KIND, OWNER, REGION, TIME, cut_of, ways_of
from branches.models import Activity, Figure, Measure
from branches.overview import numbers_of
from branches.statistics import MOST_BARS, Scope
from branches.tallies import make_outdated
from publishing.quantities import Total
from tests.branches.anything import behind, make_anything
from tests.factories import make_activity, make_branch, make_brand, make_figure, make_hospital, make_region

pytestmark = pytest.mark.django_db

SEEDS = range(3)


def scopes() -> list[Scope]:
    hospital = Activity.objects.public().first().hospital
    return [
        Scope(where, year, what)
        for where in (None, hospital)
        for year in (None, 2023)
        for what in (None, Measure.objects.get(slug="visits"))
    ]


def value(totals) -> Decimal:
    return sum((total.value or Decimal(0) for total in totals), Decimal(0))


@pytest.mark.parametrize("seed", SEEDS)
def test_each_line_opens_to_the_list_that_gives_it(seed):
    make_anything(seed)
    wrong = []
    for scope in scopes():
        for by in ways_of(scope):
            cut = cut_of(scope, by)
            cells = [(cut.link, cut.total)]
            for line in cut.lines:
                cells += [(line.link, line.total), (line.joint_link, line.joint or Total())]
                if line.change:
                    cells += [(line.change.now_link, line.change.now), (line.change.before_link, line.change.before)]
            wrong += [(scope, by, link) for link, total in cells if link and behind(link, scope.measure) != total]
    assert not wrong


@pytest.mark.parametrize("seed", SEEDS)
def test_lines_and_rest_add_up_to_the_whole(seed):
    make_anything(seed)
    found = [cut_of(scope, by) for scope in scopes() for by in ways_of(scope)]
    wrong = [
        cut
        for cut in found
        if cut.adds_up and value(line.total for line in cut.lines if not line.is_part) != (cut.total.value or 0)
    ]
    assert not wrong


@pytest.mark.parametrize("seed", SEEDS)
def test_months_and_what_was_written_to_no_month_make_the_quarter(seed):
    make_anything(seed)
    above, sums = None, {}
    for line in cut_of(Scope(year=2023), TIME).lines:
        above = above if line.is_part else line
        sums.setdefault(above, []).extend([line.total] if line.is_part else [])
    quarters = {line.value: value(parts) for line, parts in sums.items() if not line.is_rest}
    assert quarters and all(whole == parts for whole, parts in quarters.items())


@pytest.mark.parametrize("seed", SEEDS)
def test_kinds_make_their_group(seed):
    make_anything(seed)
    above, sums = None, {}
    for line in cut_of(Scope(), KIND).lines:
        above = above if line.is_part else line
        sums.setdefault(above, []).extend([line.total] if line.is_part else [])
    assert sums and all(line.value == value(parts) for line, parts in sums.items())


@pytest.mark.parametrize("slug", ["", "visits"])
@pytest.mark.parametrize("seed", SEEDS)
def test_branches_less_what_is_repeated_and_with_what_names_none_are_the_hospital(seed, slug):
    make_anything(seed)
    scope = Scope(Activity.objects.public().first().hospital, measure=Measure.objects.filter(slug=slug).first())
    found = numbers_of(scope).sharing
    assert found.whole == numbers_of(scope).total
    assert value([found.branches]) - value([found.repeated]) + value([found.nobody]) == value([found.whole])
    assert value([found.repeated]) == repeated(scope)


def repeated(scope: Scope) -> Decimal:
    """Counted one by one: what a joint activity gives, once for each branch beyond the first that took part."""
    again = Decimal(0)
    for activity in scope.activities:
        took_part = {activity.branch_id, *activity.joint_branches.values_list("pk", flat=True)} - {None}
        if activity.all_branches:
            took_part |= set(activity.hospital.branches.filter(is_active=True).values_list("pk", flat=True))
        given = [Decimal(1)]
        if scope.measure:
            figures = Figure.objects.public().filter(activity=activity, measure=scope.measure)
            given = [figure.value or Decimal(0) for figure in figures]
        again += max(0, len(took_part) - 1) * sum(given)
    return again


# -- What is a line, and what is not


@pytest.fixture
def hospital():
    return make_hospital(name="金乡县人民医院", slug="jinxiang")


def lines(scope: Scope, by: str) -> dict[str, str]:
    return {line.name: line.number for line in cut_of(scope, by).lines}


def quarter(hospital, **fields):
    return make_activity(
        hospital, start=date(2023, 4, 1), end=date(2023, 6, 30), precision="quarter", public=True, **fields
    )


def test_a_quarter_belongs_to_it_and_to_no_month(hospital):
    quarter(hospital)
    make_activity(hospital, start=date(2023, 5, 30), end=date(2023, 6, 2), public=True)
    assert lines(Scope(year=2023), TIME) == {"第二季度": "2", "5月": "1", "只写到第二季度": "1"}


def test_a_half_year_belongs_to_no_quarter(hospital):
    make_activity(hospital, start=date(2023, 1, 1), end=date(2023, 6, 30), precision="half_year", public=True)
    assert lines(Scope(year=2023), TIME) == {"只写到半年或全年": "1"}


def test_an_activity_over_several_days_or_over_midnight_is_one(hospital):
    make_activity(hospital, start=date(2023, 3, 30), end=date(2023, 4, 2), public=True)
    make_activity(
        hospital, start=date(2023, 3, 31), end=date(2023, 4, 1), start_time="20:00", end_time="02:00", public=True
    )
    assert lines(Scope(year=2023), TIME) == {"第一季度": "2", "3月": "2"}


def test_a_brand_that_is_not_public_is_not_named(hospital):
    make_activity(hospital, brand=make_brand(hospital, name="光明行", public=True), public=True)
    make_activity(hospital, brand=make_brand(hospital, name="还没公开", is_current=False), public=True)
    make_activity(hospital, public=True)
    assert lines(Scope(hospital), BRAND) == {"光明行": "1", "没有归到公开的品牌": "2"}


def test_brands_of_several_hospitals_say_whose_they_are(hospital):
    make_activity(hospital, brand=make_brand(hospital, name="光明行", public=True), public=True)
    assert lines(Scope(), BRAND) == {"光明行（金乡县人民医院）": "1"}


def test_regions_are_told_apart_where_they_first_differ(hospital):
    make_activity(hospital, public=True)
    make_activity(hospital, region=make_region("370826", "微山县"), public=True)
    assert lines(Scope(), REGION) == {"微山县": "1", "金乡县": "1"}


def test_a_place_that_is_coded_to_its_city_only_keeps_all_at_the_city(hospital):
    make_activity(hospital, public=True)
    make_activity(hospital, region=make_region().parent, public=True)
    assert lines(Scope(), REGION) == {"济宁市": "2"}


def test_one_hospital_is_not_taken_apart_by_region(hospital):
    assert REGION not in ways_of(Scope(hospital))


def test_what_branches_did_together_is_marked_at_each_of_them(hospital):
    first, second = make_branch(hospital, name="第一支部"), make_branch(hospital, name="第二支部")
    make_activity(branch=first, public=True)
    make_activity(branch=first, public=True).joint_branches.add(second)
    make_activity(hospital, public=True)
    cut = cut_of(Scope(hospital), OWNER)
    assert [(line.name, line.number, line.joint_number) for line in cut.lines] == [
        ("第一支部", "2", "1"),
        ("第二支部", "1", "1"),
        ("没有写明支部", "1", ""),
    ]


def test_inexact_figures_make_their_line_say_so(hospital):
    make_activity(hospital, figures={"visits": "60余"}, public=True)
    make_figure(make_activity(hospital, kind="health_talk", public=True), "visits", "几百")
    found = lines(Scope(hospital, measure=Measure.objects.get(slug="visits")), KIND)
    assert found == {"服务群众": "至少60", "义诊": "至少60", "健康宣教": "没有确切数字"}


def test_a_brand_that_became_public_a_moment_ago_has_a_list(client, hospital):
    brand = make_brand(hospital, status="published", published_at=timezone.now())
    make_activity(hospital, brand=brand, public=True)
    assert client.get(f"/activities/?counted=1&brand={brand.pk}").status_code == 200


# -- The page


@pytest.mark.parametrize("by", [KIND, TIME, OWNER, BRAND, REGION])
def test_the_page_costs_the_same_with_one_record_and_with_many(client, hospital, by):
    def queries() -> int:
        make_outdated()  # what making the tallies costs is in test_tallies
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/statistics/?by={by}").status_code == 200
        return len(captured)

    def record(number: int) -> None:
        where = make_hospital()
        brand = make_brand(where, public=True)
        activity = make_activity(where, brand=brand, start=date(2022, number + 1, 1), public=True)
        activity.joint_branches.add(make_branch(where), make_branch(where))

    record(0)
    before = queries()
    for number in range(1, 9):
        record(number)
    assert queries() == before <= 40


def test_a_way_that_there_is_not_is_named(client, hospital):
    response = client.get("/statistics/?by=nonsense")
    assert response.status_code == 400
    assert "没有“nonsense”这种看法" in response.content.decode()


def test_a_hospital_that_is_asked_for_by_region_is_shown_by_branch(client, hospital):
    make_activity(branch=make_branch(hospital), public=True)
    assert '<h2 id="cut">按支部</h2>' in client.get("/statistics/?by=region&hospital=jinxiang").content.decode()


def test_a_changed_filter_keeps_the_way(client, hospital):
    assert '<input type="hidden" name="by" value="time">' in client.get("/statistics/?by=time").content.decode()


def test_groups_beyond_those_that_are_drawn_are_counted(hospital):
    for _number in range(MOST_BARS + 2):
        make_activity(public=True)
    cut = cut_of(Scope(), OWNER)
    assert (len(list(cut.shown)), cut.left_out, len(cut.lines)) == (MOST_BARS, 2, MOST_BARS + 2)


def test_of_many_brands_a_page_asks_for_those_that_it_draws(hospital):
    for number in range(MOST_BARS + 2):
        brand = make_brand(hospital, is_current=False, public=True)
        for _activity in range(1 + number % 3):
            make_activity(hospital, brand=brand, public=True)
    make_activity(hospital, public=True)
    whole, page = cut_of(Scope(), BRAND), cut_of(Scope(), BRAND, whole=False)
    assert list(page.shown) == list(whole.shown)
    assert (page.left_out, whole.left_out) == (2, 2)
    assert len(whole.lines) == MOST_BARS + 3
