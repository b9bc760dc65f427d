"""An import at the desk in a real browser, from the list to what it made; and that its pages are for everybody."""

from functools import partial

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from mapdata.models import Edition, Event, Import
from newsroom.jobs.job import State
from newsroom.models import Job
from tests.browsing import not_the_pages_own
from tests.makers import EAST, day, held_by, make_map, make_party, make_user, publish_edition
from tests.shared_data import shared


@pytest.fixture
def newsroom(live_server):
    make_user("wim", groups=["map editor"])
    map_ = make_map("situatie-oekraine", title_nl="Situatie Oekraïne", west=22, south=44, east=41, north=53)
    make_party("rusland", name_nl="Rusland", name_en="Russia")
    publish_edition(map_, day(3), [held_by("oekraine", EAST)])


@pytest.fixture
def desk(new_page, newsroom):
    """Opens the desk in English, the language in which the tests are written."""

    return partial(new_page, person="wim", language="en")


def upload(page: Page, kind: str, path) -> None:
    page.goto(f"/admin/mapdata/{'edition' if kind == 'control' else 'event'}/")
    page.click("text=Import a file")
    page.set_input_files("#id_file", path)
    page.click(".submit-row [type=submit]")


def seen(page: Page) -> None:
    """The map is drawn, and nothing keeps anybody from using the page."""
    expect(page.locator(".leaflet-container[data-ready]")).to_be_visible()
    for_everybody(page)


def for_everybody(page: Page) -> None:
    # It styles what it measures, which the page's policy refuses it.
    with not_the_pages_own(page, "content security policy: .*inline style"):
        found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.both_engines
def test_a_shapefile_becomes_a_draft_edition(desk):
    page = desk()
    upload(page, "control", shared("imports/isw-control-2022-06-04.zip"))
    expect(page.locator(".desk-outcome")).to_contain_text("Say who holds this ground.")
    seen(page)
    page.select_option("#id_party_0", label="Russia")
    page.fill("#id_source", "ISW: Control of terrain")
    # Enter in a field looks again, and imports nothing.
    page.press("#id_source", "Enter")
    expect(page.locator(".desk-areas")).to_contain_text("116,582")
    expect(page.locator(".desk-flows")).to_contain_text("Russia (controlled)")
    expect(page.locator(".leaflet-container path.m-area")).not_to_have_count(0)
    expect(page.locator(".leaflet-container path.desk-now")).not_to_have_count(0)
    seen(page)
    assert not Edition.objects.filter(published_at=None).exists()
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360

    page.click("text=Make the draft edition")
    page.click("text=Go to the draft edition")
    expect(page.locator("h1")).to_contain_text("Change edition")
    draft = Edition.objects.get(published_at=None)
    assert [str(source) for source in draft.sources.all()] == ["ISW: Control of terrain"]
    assert page.trouble == []


@pytest.mark.both_engines
def test_a_table_of_events_becomes_drafts(desk):
    page = desk(viewport={"width": 360, "height": 800}, color_scheme="dark")
    upload(page, "events", shared("imports/cir-events-dirty.csv"))
    expect(page.locator(".desk-outcome")).to_contain_text("drafts")
    seen(page)
    expect(page.locator(".leaflet-container path.desk-import-dot")).not_to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.click("text=Make the drafts")
    expect(page.locator("#content")).to_contain_text("drafts of events.")
    assert Event.objects.count() == Import.objects.get().plan["outcome"]["count"]
    assert page.trouble == []


def test_without_javascript_the_tables_say_what_the_map_shows(desk):
    page = desk(java_script_enabled=False)
    upload(page, "control", shared("imports/isw-control-2022-06-04.zip"))
    page.select_option("#id_party_0", label="Russia")
    page.click(".submit-row >> text=Look again")
    expect(page.locator(".desk-areas")).to_contain_text("116,582")
    expect(page.locator(".desk-facts")).to_contain_text("EPSG:3857")
    page.click("text=Make the draft edition")
    expect(page.locator("#content")).to_contain_text("It became")


def test_the_page_of_a_job_follows_it_and_says_when_it_is_done(desk, settings):
    page = desk()
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    upload(page, "control", shared("imports/oblasts-bom-crlf.geojson"))
    expect(page.locator("[data-name]")).to_have_text("Waiting")
    Job.objects.update(state=State.RUNNING, done=20, total=80, words="reading the file")
    expect(page.locator("[data-measure]")).to_have_text("20 of 80 (25%)")
    assert page.locator("progress").get_attribute("value") == "20"
    for_everybody(page)
    Job.objects.update(state=State.FAILED, error="There is no ground in it.")
    expect(page.locator(".errornote")).to_have_text("There is no ground in it.")
    page.goto("/admin/jobs/")
    for_everybody(page)
    page.click("#content td a")
    expect(page.locator("h1")).to_have_text("Looking what is in a file")
    for_everybody(page)
    assert page.trouble == []
