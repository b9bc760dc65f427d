"""The desk's maps in a real browser: an edition's, without scripts too, and an event's point."""

import pytest
from playwright.sync_api import Locator, Page, expect

from mapdata.models import Edition, Event
from tests.makers import EAST, SQUARE, day, held_by, make_map, make_party, make_region, make_user, publish_edition


@pytest.fixture
def newsroom(live_server):
    """A map with an edition, two regions, and two people: one draws, one publishes."""
    make_user("wim", groups=["map editor"])
    make_user("eva", groups=["editor"])
    make_region("UA-14", name_nl="Donetsk", name_en="Donetsk", boundary=SQUARE)
    make_region("UA-09", name_nl="Loehansk", name_en="Luhansk", boundary=EAST)
    publish_edition(make_map(), day(3), [held_by("oekraine", EAST)])
    make_party("rusland")


@pytest.fixture
def desk(new_page, newsroom):
    """Opens the desk for a person, in English: the language in which the tests are written."""

    return lambda name, **options: new_page(person=name, language="en", **options)


def begin(page: Page) -> Edition:
    """A draft from a copy of the newest edition, open on the page."""
    page.goto("/admin/mapdata/edition/add/")
    page.click("text=Begin the draft")
    expect(page.locator(".messagelist")).to_contain_text("The draft has begun")
    return Edition.objects.get(published_at=None)


def map_of(page: Page) -> Locator:
    """The map, when all that lies on it is drawn."""
    drawn = page.locator(".leaflet-container[data-ready]")
    expect(drawn).to_be_visible()
    drawn.scroll_into_view_if_needed()
    return drawn


@pytest.mark.both_engines
def test_ground_is_given_without_scripts(desk):
    page = desk("wim", java_script_enabled=False)
    draft = begin(page)
    page.goto(f"/admin/mapdata/edition/{draft.pk}/change/")
    page.click("text=Edit the ground")
    page.check("[name=kind][value=region]")
    page.select_option("#id_region", label="Donetsk")
    page.select_option("#id_to", "rusland")
    page.select_option("#id_basis", "claimed")
    page.select_option("#id_claimed_by", label="Rusland")
    page.click("[name=_preview]")
    expect(page.locator(".draw-preview")).to_contain_text("To Rusland")
    page.click("[name=_do]")
    expect(page.locator(".messagelist")).to_contain_text("claimed by Rusland")
    assert {area.holding.basis for area in draft.ground_areas()} == {"assessed", "claimed"}
    page.click("[name=_undo]")
    expect(page.locator(".messagelist")).to_contain_text("Undone")
    assert {area.holding.basis for area in draft.ground_areas()} == {"assessed"}


def test_the_enter_key_in_a_field_saves_and_gives_nothing(desk):
    page = desk("wim")
    draft = begin(page)
    page.goto(f"/admin/mapdata/edition/{draft.pk}/change/")
    page.focus("#id_situation_at_1")
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist .success")).to_be_visible()
    expect(page.locator(".errornote")).to_have_count(0)
    assert len(draft.ground_areas()) == 1


def test_a_point_is_chosen_on_the_map_and_in_numbers(desk):
    page = desk("wim")
    page.goto("/admin/mapdata/event/add/")
    box = map_of(page).bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert 22 < float(page.input_value("#id_lon")) < 40
    dot = page.locator(".desk-dot")
    expect(dot).to_be_visible()

    clicked = dot.bounding_box()
    page.fill("#id_lon", "36.23456")
    page.fill("#id_lat", "49.98765")
    assert dot.bounding_box() != clicked
    expect(page.locator(".desk-point-words")).to_have_text("Readers see: 36.23, 49.99")

    at = dot.bounding_box()
    page.mouse.move(at["x"] + at["width"] / 2, at["y"] + at["height"] / 2)
    page.mouse.down()
    page.mouse.move(at["x"] + 60, at["y"] + 40, steps=5)
    page.mouse.up()
    assert page.input_value("#id_lon") != "36.23456"

    page.fill("#id_lon", "36.23456")
    page.fill("#id_lat", "49.98765")
    page.fill("#id_title", "Beschieting")
    page.fill("#id_place", "Charkiv")
    page.select_option("#id_type", "explosion")
    page.fill("#id_happened_at_0", "2022-04-06")
    page.fill("#id_happened_at_1", "10:00")
    page.click("input[name=_continue]")
    expect(page.locator(".field-public_place")).to_contain_text("longitude 36.23, latitude 49.99")
    map_of(page)
    expect(page.locator(".desk-dot")).to_be_visible()
    event = Event.objects.get()
    assert (event.lon, event.lat, event.written_by.username) == (36.23456, 49.98765, "wim")
    assert page.trouble == []
