import pytest
from django.conf import settings


def pytest_report_header() -> str:
    """Which database the promises below were kept on."""
    return f"database: {settings.DATABASES['default']['ENGINE'].rpartition('.')[2]}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test that commits begins with the rows that migrations wrote, whatever ran before it.

    A table is emptied after such a test. Django puts the rows back only for tests that ask for it, and trips over
    its own content types where one that asks follows one that does not: so all of them ask.
    """
    for item in items:
        marker = item.get_closest_marker("django_db")
        fixtures = getattr(item, "fixturenames", ())
        commits = "transactional_db" in fixtures or "live_server" in fixtures
        if commits or (marker and marker.kwargs.get("transaction")):
            item.add_marker(pytest.mark.django_db(transaction=True, serialized_rollback=True), append=False)
