"""What a test touches, read off its class and its fixtures; each test is marked with it, and nobody does so by hand.

pure      no database: decided once, wherever it runs.
database  its rows lie in a database: decided on each of the two engines.
browser   drives a real Chromium, against a site whose database is what the desk and the readers of the demo have. What
          an engine can do to a page, tests of its views find; so these run on SQLite alone, but for those that are
          about saving, publishing or several people at once: they ask for it with `both_engines`.
"""

import pytest
from django.test import TransactionTestCase

DATABASE_FIXTURES = {
    "db",
    "transactional_db",
    "live_server",
    "django_db_reset_sequences",
    "django_db_serialized_rollback",
}


def touches(item: pytest.Item) -> str:
    fixtures = set(getattr(item, "fixturenames", ()))
    if "browser" in fixtures:
        return "browser"
    case = getattr(item, "cls", None)
    is_case = case is not None and issubclass(case, TransactionTestCase)
    if is_case or fixtures & DATABASE_FIXTURES or item.get_closest_marker("django_db"):
        return "database"
    return "pure"
