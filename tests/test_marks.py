"""Which engine a test runs on follows from its class and its fixtures."""

from types import SimpleNamespace

import pytest
from django.test import SimpleTestCase, TestCase, TransactionTestCase

from tests.marks import touches


def item(cls=None, fixtures=(), mark="") -> SimpleNamespace:
    return SimpleNamespace(cls=cls, fixturenames=fixtures, get_closest_marker=lambda name: name == mark or None)


class Inherited(TestCase):
    """As a test case of a test case is."""


@pytest.mark.parametrize("case", [TestCase, TransactionTestCase, Inherited])
def test_a_test_case_that_has_a_database_runs_on_both(case):
    assert touches(item(case, ["english"])) == "database"


@pytest.mark.parametrize("fixture", ["db", "transactional_db", "live_server"])
def test_whatever_asks_for_a_database_runs_on_both(fixture):
    assert touches(item(fixtures=[fixture])) == "database"


def test_a_mark_that_asks_for_a_database_counts():
    assert touches(item(mark="django_db")) == "database"


def test_what_asks_for_none_is_pure():
    assert touches(item()) == "pure"
    assert touches(item(SimpleTestCase, ["tmp_path", "settings"])) == "pure"


def test_a_browser_is_a_browser_whatever_lies_behind_it():
    assert touches(item(fixtures=["page", "browser", "live_server", "transactional_db"])) == "browser"
