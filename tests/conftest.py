"""What every test may ask for: an emptied cache, a database that can be emptied, and a browser."""

import fcntl
import os
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connections
from django.test import TransactionTestCase, override_settings
from django.utils import translation
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from newsroom.serving import static_files
from tests import browsing, chromium, kept_database, properties
from tests.logged_in import cookies
from tests.marks import touches
from tests.settings import PRODUCTION_STORAGES

hypothesis_settings.load_profile(properties.GATE)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> None:
    """Whoever commits puts back what was there before, instead of emptying the database."""
    with django_db_blocker.unblock():
        migrated = kept_database.keep()
    TransactionTestCase._fixture_teardown = lambda case: migrated.put_back(connections["default"])


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
        item.add_marker(touches(item))
    # What takes long and is begun last keeps one core busy while the others have nothing left to do.
    items.sort(key=lambda item: [bool(item.get_closest_marker(name)) for name in ("slow", "browser")], reverse=True)


@pytest.fixture(scope="session")
def _collected_files(tmp_path_factory, worker_id) -> Iterator[None]:
    """Styles and scripts as in production: under names with a digest, compressed, and nothing else to be had.

    The process that comes first collects them for all.
    """
    own = tmp_path_factory.getbasetemp()
    folder = (own if worker_id == "master" else own.parent) / "static"
    storages = settings.STORAGES | {"staticfiles": PRODUCTION_STORAGES["staticfiles"]}
    with override_settings(STORAGES=storages, STATIC_ROOT=folder):
        with folder.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not static_files.is_collected():
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
def live_server(_server: LiveServer, transactional_db) -> LiveServer:
    """The site on a port of its own, with a database as migrations leave it; its address is `live_server.url`."""
    return _server


@pytest.fixture(scope="session")
def _kept_demo() -> dict[str, kept_database.Kept]:
    """The database with the demo in it, once a test has loaded it."""
    return {}


@pytest.fixture
def demo(live_server: LiveServer, _kept_demo) -> None:
    """The demo newsroom, on the site."""
    if "demo" in _kept_demo:
        _kept_demo["demo"].put_back(connections["default"])
    else:
        call_command("load_demo", verbosity=0)
        _kept_demo["demo"] = kept_database.keep()


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

    It takes Playwright's options of a context (`java_script_enabled`, `viewport`, `color_scheme`, `locale`, ...), the
    name of the person who is logged in, and the language that was chosen at the desk.
    A test on whose pages anything goes wrong fails: see tests/browsing.py, also for those that are about trouble.
    """
    contexts = []

    def open_page(*, person: str = "", language: str = "", **options) -> Page:
        defaults = {"locale": "nl-NL", "timezone_id": "Europe/Amsterdam", "viewport": {"width": 1280, "height": 900}}
        context = browser.new_context(base_url=live_server.url, **(defaults | options))
        browsing.watch(context, urlsplit(live_server.url).netloc)
        contexts.append(context)
        context.add_cookies(cookies(live_server.url, person, language))
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    browsing.fail_on_trouble(contexts)


@pytest.fixture(scope="module")
def bench(browser: Browser, _server: LiveServer, django_db_setup, django_db_blocker) -> Iterator[Page]:
    """A page of the site on which all tests of a file try modules of JavaScript that know no page: it stays open."""
    context = browser.new_context(base_url=_server.url)
    browsing.watch(context, urlsplit(_server.url).netloc)
    page = context.new_page()
    with django_db_blocker.unblock():
        page.goto("/admin/login/")
    yield page
    context.close()
    browsing.fail_on_trouble([context])


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A page of a fresh visitor; what goes wrong on it is on the list `page.trouble`."""
    return new_page()
