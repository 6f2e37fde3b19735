"""A hospital and its people, one for each part of the way to the public."""

import pytest

from hospitals.roles import Role
from tests.factories import make_hospital, make_user
from tests.reviews import Office


@pytest.fixture
def office():
    """Another hospital, with everybody who writes, reviews and answers for it."""
    return Office()


@pytest.fixture
def hospital():
    return make_hospital(short_name="甲院")


@pytest.fixture
def reporter(hospital):
    return make_user(Role.REPORTER, hospital, name="王芳")


@pytest.fixture
def colleague(hospital):
    return make_user(Role.REPORTER, hospital, name="孙丽")


@pytest.fixture
def first(hospital):
    return make_user(Role.FIRST_REVIEWER, hospital, name="李明")


@pytest.fixture
def second(hospital):
    return make_user(Role.SECOND_REVIEWER, hospital, name="赵强")


@pytest.fixture
def final(hospital):
    return make_user(Role.FINAL_REVIEWER, hospital, name="陈静")


@pytest.fixture
def manager(hospital):
    return make_user(Role.MANAGER, hospital, name="周伟")
