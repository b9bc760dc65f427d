"""The change sheet in a real browser: open to everybody, and the way from a correction to all that it corrects."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from shapely import box

from mapdata.ground.areas import Holding
from mapdata.models import Edition, corrections, drafting
from tests.browsing import look, not_the_pages_own
from tests.makers import (
    EAST,
    SQUARE,
    day,
    held_by,
    make_event,
    make_map,
    make_party,
    make_region,
    make_source,
    make_user,
    publish_edition,
)

AXE = {"resultTypes": ["violations"], "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.fixture
def correction(live_server) -> Edition:
    """A draft that corrects the first of three editions, with events and a source that can be lost."""
    person = make_user("wim", groups=["map editor"])
    make_user("eva", groups=["editor"])
    make_region("UA-14", name_nl="Donetsk", name_en="Donetsk Oblast", boundary=SQUARE)
    make_region("UA-09", name_nl="Luhansk", name_en="Luhansk Oblast", boundary=EAST)
    make_party("oekraine", name_nl="Oekraïne", name_en="Ukraine", colour="blue")
    map_, source = make_map(), make_source("NOS", url="https://nos.nl/1")
    publish_edition(map_, day(1), [held_by("rusland", EAST, "contested")], source=source)
    for number in (2, 3, 4):
        publish_edition(map_, day(number), [held_by("rusland", SQUARE)], source=source)
    for hour in range(4):
        make_event(map_, source, title_nl=f"Beschieting {hour}", happened_at=day(2, 3 + hour), lon=37.5, lat=47.5)
    draft, _ = corrections.begin_correction(map_.editions.get(number=2), person)
    drafting.give(draft, box(37, 47, 37.4, 48), Holding("oekraine", "liberated"), person)
    drafting.give(draft, EAST, Holding("rusland", "controlled", "claimed", "rusland"), person)
    drafting.take(draft, box(37.8, 47, 38, 47.3), person)
    return draft


def violations(page) -> list[str]:
    # It styles what it measures, which the page's policy refuses it.
    with not_the_pages_own(page, "content security policy: .*inline style"):
        found = Axe().run(page, options=AXE).response["violations"]
    return [f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize(
    ("language", "screens"),
    [("nl", [("dark", 1280), ("light", 360)]), ("en", [("light", 1280), ("dark", 360)])],
    ids=["nl", "en"],
)
def test_it_keeps_nobody_out(new_page, correction, language, screens):
    page = new_page(person="eva", language=language)
    for name in ("sheet", "publish"):
        page.goto(f"/admin/mapdata/edition/{correction.pk}/{name}/")
        expect(page.locator("svg[data-map] path.m-gained").first).to_be_visible()
        for scheme, width in screens:
            look(page, scheme, width)
            assert violations(page) == [], f"{name}, {scheme}, {width} px"
            assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.trouble == []


def test_without_scripts_it_shows_the_ground_and_leads_to_the_events(new_page, correction):
    page = new_page(person="wim", language="en", java_script_enabled=False)
    page.goto(f"/admin/mapdata/edition/{correction.pk}/sheet/")
    expect(page.locator("svg[data-map] path.m-gained[data-party=oekraine]")).to_be_visible()
    expect(page.locator("svg[data-map] path.m-lost")).to_be_visible()
    page.locator("svg[data-map] a[data-event]").first.click()
    assert "#event-" in page.url


@pytest.mark.both_engines
def test_a_correction_goes_from_an_old_edition_into_all_later_ones(new_page, correction):
    page = new_page(person="wim", language="en")
    page.goto(f"/admin/mapdata/edition/{correction.corrected().pk}/change/")
    page.click("text=Correct this edition")
    expect(page.locator(".messagelist")).to_contain_text("was begun already")
    page.click("text=Change sheet")
    expect(page.locator("#carry tbody tr")).to_have_count(2)
    page.click("text=Carry forward into these editions")
    expect(page.locator(".messagelist")).to_contain_text("2 drafts were made")
    expect(page.locator("#carry tbody a")).to_have_count(2)
    page.click("text=Submit for review")
    assert page.trouble == []

    page = new_page(person="eva", language="en")
    page.goto(f"/admin/mapdata/edition/{correction.pk}/publish/")
    note = page.input_value("#id_note")
    assert note.startswith("Gecorrigeerd: 3.350 km² in de oblast Donetsk is heroverd door Oekraïne")
    expect(page.locator("#id_carried")).to_be_checked()
    page.click("text=Approve and publish")
    expect(page.locator(".messagelist")).to_contain_text("is published")
    for number in (2, 3, 4):
        page.goto(f"/maps/{correction.map.slug}/?at=2022-04-0{number}")
        expect(page.locator("path[data-party=oekraine]")).to_have_count(1)
    assert page.trouble == []
