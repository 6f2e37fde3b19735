import gc
from collections.abc import Generator

import pytest
from django.conf import settings
from django.test import SimpleTestCase
from hypothesis import HealthCheck
from hypothesis import settings as examples
from xdist.scheduler import LoadScopeScheduling

# How long an example takes says how busy the machine is, and nothing of what was promised.
examples.register_profile("promises", deadline=None, suppress_health_check=[HealthCheck.too_slow])
examples.load_profile("promises")

#: Modules that one process runs as a whole and before all others, because their tests share what is made once. None of
#: their tests may commit: what commits comes last, because it leaves the tables empty.
AS_A_WHOLE = {
    "tests/articles/test_load_demo.py",
    "tests/articles/test_make_records.py",
    "tests/articles/test_search_recall.py",
    "tests/branches/test_intake_round_trip.py",
    "tests/config/test_html.py",
    "tests/config/test_visibility.py",
    "tests/config/test_weight.py",
}


class Spread(LoadScopeScheduling):
    """Each test goes to whichever process is free, but for those modules. (xdist's own groups need a private name of
    pytest's that pytest 9 no longer has.)"""

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.partition("::")[0]
        return module if module in AS_A_WHOLE else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log) -> Spread:
    return Spread(config, log)


def pytest_report_header() -> str:
    """Which database the promises below were kept on."""
    return f"database: {settings.DATABASES['default']['ENGINE'].rpartition('.')[2]}"


@pytest.hookimpl(tryfirst=True)  # before the tests are chosen by their marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if commits(item):
            # Every test that commits begins with the rows that migrations wrote, whatever ran before it. A table is
            # emptied after such a test. Django puts the rows back only for tests that ask for it, and trips over its
            # own content types where one that asks follows one that does not: so all of them ask.
            item.add_marker(pytest.mark.django_db(transaction=True, serialized_rollback=True), append=False)
        elif not may_use_the_database(item):
            item.add_marker(pytest.mark.any_database)


def commits(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    fixtures = getattr(item, "fixturenames", ())
    asked_for = "transactional_db" in fixtures or "live_server" in fixtures
    return asked_for or bool(marker and marker.kwargs.get("transaction"))


def may_use_the_database(item: pytest.Item) -> bool:
    """Whether a query of the test would be let through; pytest-django refuses those of any other test."""
    is_case = issubclass(getattr(item, "cls", None) or object, SimpleTestCase)
    return is_case or bool(item.get_closest_marker("django_db")) or "django_db_setup" in item.fixturenames


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is imported and collected stays until the end: the collector of garbage need not look at it, then or later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()
