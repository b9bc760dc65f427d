"""What every test may ask for: an emptied cache, a database that can be emptied, and a browser."""

import os
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.test import TransactionTestCase, override_settings
from django.utils import translation
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from newsroom.publishing.immutability import protection_off
from newsroom.serving import static_files
from tests import browsing, chromium
from tests.settings import PRODUCTION_STORAGES

# Rows that migrations made (the groups) come back before each test that commits.
TransactionTestCase.serialized_rollback = True
empty_the_database = TransactionTestCase._fixture_teardown


def empty_unprotected(case: TransactionTestCase) -> None:
    """Between tests that commit the database is emptied, which its triggers would refuse."""
    with protection_off(connections["default"]):
        empty_the_database(case)


TransactionTestCase._fixture_teardown = empty_unprotected


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> None:
    """What migrations left is remembered for every connection.

    Django notes it on one. Once Playwright's event loop runs, the tests' thread gets another.
    """
    with django_db_blocker.unblock():
        connection = connections["default"]
    if hasattr(connection, "_test_serialized_contents"):
        type(connection)._test_serialized_contents = connection._test_serialized_contents


@pytest.fixture(autouse=True)
def _nothing_cached() -> None:
    cache.clear()


@pytest.fixture
def english() -> Iterator[None]:
    """For tests that quote messages: those are written in English, and a default site says them in Dutch."""
    with translation.override("en"):
        yield


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def _collected_files() -> Iterator[None]:
    """Styles and scripts as in production: under names with a digest, compressed, and nothing else to be had."""
    with override_settings(STORAGES=settings.STORAGES | {"staticfiles": PRODUCTION_STORAGES["staticfiles"]}):
        static_files.collect()
        yield


@pytest.fixture(scope="session")
def _server(_collected_files) -> Iterator[LiveServer]:
    server = LiveServer("127.0.0.1", start=False)
    # Not the tests' own way to serve static files, but the site's.
    server.thread.static_handler = lambda application: application
    server.start()
    yield server
    server.stop()


@pytest.fixture
def live_server(_server: LiveServer, transactional_db, django_db_serialized_rollback) -> LiveServer:
    """The site on a port of its own, with a database as migrations leave it; its address is `live_server.url`."""
    return _server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = chromium.find()
    if not executable and os.environ.get("CI"):
        pytest.fail("There is no Chromium, and CI leaves nothing out.")
    if not executable:
        pytest.skip("There is no Chromium: install it, or name it in CHROMIUM.")
    with sync_playwright() as playwright:
        opened = chromium.launch(playwright, executable)
        yield opened
        opened.close()


@pytest.fixture
def new_page(browser: Browser, live_server) -> Iterator[Callable[..., Page]]:
    """A function that opens a page of a fresh visitor, with addresses relative to the site.

    It takes Playwright's options of a context (`java_script_enabled`, `viewport`, `color_scheme`, `locale`, ...).
    A test on whose pages anything goes wrong fails: see tests/browsing.py, also for those that are about trouble.
    """
    contexts = []

    def open_page(**options) -> Page:
        defaults = {"locale": "nl-NL", "timezone_id": "Europe/Amsterdam", "viewport": {"width": 1280, "height": 900}}
        context = browser.new_context(base_url=live_server.url, **(defaults | options))
        browsing.watch(context, urlsplit(live_server.url).netloc)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    browsing.fail_on_trouble(contexts)


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A page of a fresh visitor; what goes wrong on it is on the list `page.trouble`."""
    return new_page()
