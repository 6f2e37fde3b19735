"""What the database itself refuses, whichever door the data comes through, and the sentence an editor reads."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from branches.models import Activity, Branch, Brand, Figure, Initiative, Measure
from tests.factories import make_activity, make_branch, make_brand, make_hospital, make_initiative

pytestmark = pytest.mark.django_db


def refused(write) -> bool:
    """Deferred constraints are checked where a transaction would end."""
    try:
        with transaction.atomic():
            write()
            connection.check_constraints()
            with connection.cursor() as cursor:
                if connection.vendor == "postgresql":
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except IntegrityError:
        return True
    return False


def test_a_brand_cannot_be_moved_to_another_hospitals_branch():
    brand, foreign = make_brand(branch=make_branch()), make_branch(hospital=make_hospital())
    assert refused(lambda: Brand.objects.filter(pk=brand.pk).update(branch=foreign))


def test_an_activity_cannot_be_given_another_hospitals_branch():
    activity, foreign = make_activity(), make_branch(hospital=make_hospital())
    assert refused(lambda: Activity.objects.filter(pk=activity.pk).update(branch=foreign))


def test_an_initiative_cannot_be_given_another_hospitals_branch():
    initiative, foreign = make_initiative(), make_branch(hospital=make_hospital())
    assert refused(lambda: Initiative.objects.filter(pk=initiative.pk).update(branch=foreign))


def test_a_branch_cannot_leave_the_hospital_of_its_brand():
    brand = make_brand(branch=make_branch())
    elsewhere = make_hospital()
    assert refused(lambda: Branch.objects.filter(pk=brand.branch_id).update(hospital=elsewhere))


def test_the_editor_reads_why_a_foreign_branch_is_refused_at_the_field():
    brand = make_brand(branch=make_branch())
    brand.branch = make_branch(hospital=make_hospital())
    with pytest.raises(ValidationError) as refusal:
        brand.full_clean()
    assert refusal.value.message_dict["branch"] == ["这个支部不属于所选医院，请重新选择支部。"]


def test_a_branch_has_one_current_brand():
    brand = make_brand(branch=make_branch())
    assert refused(lambda: make_brand(hospital=brand.hospital, branch=brand.branch))


def test_a_branch_may_keep_its_former_brands():
    brand = make_brand(branch=make_branch())
    make_brand(hospital=brand.hospital, branch=brand.branch, is_current=False)
    assert brand.branch.brands.count() == 2


def test_a_hospital_has_one_current_brand_of_its_own():
    hospital = make_hospital()
    make_brand(hospital=hospital, branch=None)
    assert refused(lambda: make_brand(hospital=hospital, branch=None))


def test_names_of_branches_are_unique_within_a_hospital():
    branch = make_branch(name="第一支部")
    assert refused(lambda: make_branch(hospital=branch.hospital, name="第一支部"))


def test_two_hospitals_may_each_have_a_first_branch():
    make_branch(name="第一支部", slug="di-yi")
    make_branch(hospital=make_hospital(), name="第一支部", slug="di-yi")


def test_a_figure_is_not_negative():
    activity = make_activity()
    measure = Measure.objects.get(slug="visits")
    figure = Figure(activity=activity, measure=measure, value=Decimal(-1), precision="exact", as_stated="-1")
    assert refused(figure.save)


def test_a_measure_is_given_once_for_an_activity():
    activity = make_activity()
    measure = Measure.objects.get(slug="visits")
    Figure.objects.create(activity=activity, measure=measure, value=1, precision="exact", as_stated="1")
    second = Figure(activity=activity, measure=measure, value=2, precision="exact", as_stated="2")
    assert refused(second.save)


def test_a_figure_says_what_it_counts():
    figure = Figure(activity=make_activity(), value=1, precision="exact", as_stated="1")
    assert refused(figure.save)


def test_an_activity_does_not_end_before_it_starts():
    activity = make_activity(start=date(2023, 6, 2), end=date(2023, 6, 2))
    assert refused(lambda: Activity.objects.filter(pk=activity.pk).update(end=date(2023, 6, 1)))


def test_an_unknown_time_has_no_dates():
    activity = make_activity(start=date(2023, 6, 2), end=date(2023, 6, 2))
    assert refused(lambda: Activity.objects.filter(pk=activity.pk).update(precision="unknown"))


def test_a_reference_is_never_given_twice():
    first, second = make_activity(), make_activity()
    assert refused(lambda: Activity.objects.filter(pk=second.pk).update(reference=first.reference))


def test_a_hospital_with_records_cannot_be_deleted():
    activity = make_activity()
    with pytest.raises(Exception, match="protected"):
        activity.hospital.delete()


def test_an_activity_cannot_be_given_another_hospitals_brand_or_initiative():
    activity = make_activity()
    brand, initiative = make_brand(), make_initiative()
    assert refused(lambda: Activity.objects.filter(pk=activity.pk).update(brand=brand))
    assert refused(lambda: Activity.objects.filter(pk=activity.pk).update(initiative=initiative))


def test_a_brand_that_has_ended_is_not_current():
    brand = make_brand(branch=make_branch())
    assert refused(lambda: Brand.objects.filter(pk=brand.pk).update(stage=Brand.Stage.ENDED))


def test_what_is_published_has_a_time_of_publication():
    activity = make_activity()
    assert refused(lambda: Activity.objects.filter(pk=activity.pk).update(status="published"))
