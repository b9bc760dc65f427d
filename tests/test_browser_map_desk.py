"""The desk's maps in a real browser: drawing ground, choosing a point, with a pointer and without."""

import pytest
from playwright.sync_api import Locator, Page, expect

from mapdata import ground
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
def desk(new_page, live_server, newsroom):
    """Opens the desk for a person, in English: the language in which the tests are written."""

    def log_in(name: str, **options) -> Page:
        page = new_page(**options)
        page.context.add_cookies([{"name": "django_language", "value": "en", "url": live_server.url}])
        page.goto("/admin/login/?next=/admin/")
        page.fill("#id_username", name)
        page.fill("#id_password", "geheim")
        page.click("#login-form [type=submit]")
        return page

    return log_in


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


def draw(page: Page, *corners: tuple[float, float]) -> None:
    """A polygon with these corners, in parts of the map's width and height."""
    box = map_of(page).bounding_box()
    page.click(".leaflet-draw-draw-polygon")
    for count, (x, y) in enumerate(corners, 1):
        page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])
        expect(page.locator(".leaflet-editing-icon")).to_have_count(count)
        # Leaflet.draw takes two clicks within 50 ms for one.
        page.wait_for_timeout(100)
    page.locator(".leaflet-editing-icon").first.click()
    expect(page.locator("path.desk-drawn")).to_have_count(1)


def give(page: Page, to: str, **answers: str) -> None:
    page.select_option("#id_to", to)
    for name, value in answers.items():
        page.select_option(f"#id_{name}", value)
    page.click("input[name=_give]")


def test_a_map_editor_gives_ground_and_another_person_publishes_it(desk):
    page = desk("wim")
    draft = begin(page)

    page.select_option("#id_region", label="Donetsk")
    give(page, "rusland")
    expect(page.locator(".messagelist")).to_contain_text("To Rusland (controlled, assessed)")

    draw(page, (0.84, 0.5), (0.89, 0.5), (0.89, 0.7), (0.84, 0.7))
    give(page, "rusland", status="contested")
    expect(page.locator(".messagelist")).to_contain_text("To Rusland (contested, assessed)")
    expect(page.locator(".desk-areas tbody tr")).to_have_count(3)
    map_of(page)
    expect(page.locator("path.m-contested.leaflet-zoom-animated, .leaflet-container path.m-contested")).to_have_count(1)
    page.click("input[name=_submit]")
    assert page.trouble == []

    page = desk("eva")
    page.goto(f"/admin/mapdata/edition/{draft.pk}/change/")
    page.click("input[name=_publish]")
    page.locator("[name=note]").fill("De Russen rukken op.")
    page.locator("#content form [type=submit]").first.click()
    expect(page.locator("#edition-map")).to_be_visible()
    assert page.trouble == []

    draft.refresh_from_db()
    assert (draft.number, draft.published_by.username) == (2, "eva")
    areas = draft.ground_areas()
    assert ground.is_partition(areas)
    assert {(area.holding.party, area.holding.status) for area in areas} == {
        ("oekraine", "controlled"),
        ("rusland", "controlled"),
        ("rusland", "contested"),
    }


def test_a_shape_that_crosses_itself_comes_back_and_is_mended(desk):
    page = desk("wim")
    draft = begin(page)
    before = draft.ground_areas()
    draw(page, (0.7, 0.5), (0.89, 0.7), (0.89, 0.5), (0.7, 0.7))
    give(page, "rusland", status="advance")
    expect(page.locator(".field-ground .errorlist")).to_contain_text("crosses itself")
    assert draft.ground_areas() == before
    map_of(page)
    expect(page.locator("path.desk-drawn")).to_have_count(1)
    expect(page.locator("#id_to")).to_have_value("rusland")
    expect(page.locator("#id_status")).to_have_value("advance")
    page.click(".leaflet-draw-edit-remove")
    page.click("text=Remove all")
    expect(page.locator("#id_ground")).to_have_value("")
    assert page.trouble == []


def test_pasted_text_that_is_nothing_leaves_the_map_as_it_was(desk):
    page = desk("wim")
    begin(page)
    page.fill("#id_pasted", '{"type": "Polygon"')
    give(page, "rusland")
    expect(page.locator(".field-pasted .errorlist")).to_be_visible()
    expect(page.locator("#id_pasted")).to_have_value('{"type": "Polygon"')
    map_of(page)
    assert page.trouble == []


def test_a_region_is_chosen_by_a_click_on_the_map(desk):
    page = desk("wim")
    begin(page)
    map_of(page)
    page.locator("path.desk-region-border").first.click()
    expect(page.locator("#id_region option:checked")).not_to_have_text("---------")
    expect(page.locator("path.desk-region-border.chosen")).to_have_count(1)


def test_ground_is_given_with_the_keyboard_alone(desk):
    page = desk("wim")
    draft = begin(page)
    page.focus("#id_region")
    page.keyboard.type("Don")
    for _field in ("pasted", "to"):
        page.keyboard.press("Tab")
    page.keyboard.type("Rus")
    # A claimant is only asked for a claim: the tabulator passes it by.
    for _field in ("status", "basis", "give"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("To Rusland")
    assert {area.holding.party for area in draft.ground_areas()} == {"oekraine", "rusland"}


def test_ground_is_given_without_scripts(desk):
    page = desk("wim", java_script_enabled=False)
    draft = begin(page)
    page.select_option("#id_region", label="Donetsk")
    give(page, "rusland", basis="claimed", claimed_by=str(make_party("rusland").pk))
    expect(page.locator(".messagelist")).to_contain_text("claimed by Rusland")
    assert {area.holding.basis for area in draft.ground_areas()} == {"assessed", "claimed"}


def test_the_enter_key_in_a_field_saves_and_gives_nothing(desk):
    page = desk("wim")
    draft = begin(page)
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
    page.fill("#id_title_nl", "Beschieting")
    page.fill("#id_place_nl", "Charkiv")
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
