import pytest
from django.core.management import call_command

from branches.models import Activity
from tests.factories import make_activity, make_branch

pytestmark = pytest.mark.django_db


def test_after_a_branch_was_renamed_its_activities_are_found_under_the_new_name():
    branch = make_branch(name="眼科支部")
    make_activity(branch=branch)
    branch.name = "眼耳鼻喉支部"
    branch.save()
    call_command("refresh_search", verbosity=0)
    assert Activity.objects.search("眼耳鼻喉").exists()
    assert not Activity.objects.search("眼科支部").exists()
