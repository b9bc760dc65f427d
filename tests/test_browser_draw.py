"""The edition editor in a real browser: drawing by click and by key, saving on a bad line, two people in one draft."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from playwright.sync_api import Page, expect
from shapely import MultiPolygon, Point, box

from mapdata import ground
from mapdata.models import Edition, Operation, SituationMap
from newsroom.accounts import DEMO_PASSWORD
from tests.makers import day, held_by, make_event, make_map, make_party, make_region, make_user, publish_edition
from tests.test_browser_pages import violations

# What is to be hit on the page, label and all, and is under 24 pixels.
TOO_SMALL = """() => [...document.querySelectorAll(".draw :is(button, input, select, summary, .leaflet-bar a)")]
  .map((target) => target.closest(".draw-tools label, .draw-sides label, .draw-snapping") ?? target)
  .filter((target) => target.checkVisibility())
  .map((target) => [target.outerHTML.slice(0, 60), target.getBoundingClientRect()])
  .filter(([, { width, height }]) => width < 24 || height < 24)
  .map(([name]) => name)"""
# A degree by a degree each: the north of "Kyiv" is held by one, the south by the other.
NORTH = MultiPolygon([box(30, 51, 32, 52)])
SOUTH = MultiPolygon([box(30, 50, 32, 51)])


@pytest.fixture
def newsroom(live_server):
    """A published edition, two regions, and three people: two draw, one publishes."""
    make_user("wim", groups=["map editor"])
    make_user("ans", groups=["editor"])
    make_region("UA-74", name_nl="Tsjernihiv", name_en="Chernihiv", boundary=NORTH)
    make_region("UA-32", name_nl="Kyiv", name_en="Kyiv", boundary=SOUTH)
    make_party("oekraine", name_en="Ukraine", colour="blue")
    make_party("rusland", name_en="Russia", colour="red")
    publish_edition(make_map("kaart"), day(3), [held_by("rusland", NORTH), held_by("oekraine", SOUTH)])
    make_event(SituationMap.objects.get(), title_nl="Beschieting", lon=30.5, lat=50.5, happened_at=day(2))


@pytest.fixture
def draft(newsroom) -> Edition:
    newest = Edition.objects.get()
    return Edition.begin(newest.map, get_user_model().objects.get(username="wim"), day(4), copy_of=newest)


@pytest.fixture
def desk(new_page, live_server):
    """Opens the editor of a draft for a person, in English: the language in which the tests are written."""

    def log_in(name: str, draft: Edition, password: str = "geheim", **options) -> Page:
        page = new_page(**options)
        page.context.add_cookies([{"name": "django_language", "value": "en", "url": live_server.url}])
        log_in_on(page, name, password)
        page.goto(f"/admin/mapdata/edition/{draft.pk}/draw/")
        return ready(page)

    return log_in


def log_in_on(page: Page, name: str, password: str = "geheim") -> None:
    page.goto("/admin/login/?next=/admin/")
    page.fill("#id_username", name)
    page.fill("#id_password", password)
    page.click("#login-form [type=submit]")


def ready(page: Page) -> Page:
    expect(page.locator(".leaflet-container[data-ready]")).to_be_visible()
    look_at(page, 31, 51, 8)
    return page


def look_at(page: Page, lon: float, lat: float, zoom: float) -> None:
    page.evaluate(
        "([lon, lat, zoom]) => window['leafletmapdraw-map'].setView([lat, lon], zoom, { animate: false })",
        [lon, lat, zoom],
    )


def spot(page: Page, lon: float, lat: float) -> tuple[float, float]:
    """Where a place is on the screen."""
    page.locator("#draw-map").scroll_into_view_if_needed()
    x, y = page.evaluate(
        """([lon, lat]) => {
          const map = window["leafletmapdraw-map"]
          const { x, y } = map.latLngToContainerPoint([lat, lon])
          const box = map.getContainer().getBoundingClientRect()
          return [box.x + x, box.y + y]
        }""",
        [lon, lat],
    )
    return x, y


def click(page: Page, *places: tuple[float, float]) -> None:
    for place in places:
        page.mouse.click(*spot(page, *place))


def choose(page: Page, tool: str, **answers: str) -> None:
    page.check(f"[name=_tool][value={tool}]")
    for name, value in answers.items():
        page.select_option(f"[name={name}]", value)


def finish(page: Page) -> None:
    page.get_by_role("button", name="Finish").click()


def give(page: Page) -> None:
    page.click("[name=_do]")


def would(page: Page):
    return page.locator(".draw-preview-box")


def status(page: Page):
    return page.locator("#draw-status")


def holder(draft: Edition, lon: float, lat: float) -> str:
    """Whose assessed ground a place is."""
    found = [area for area in draft.ground_areas() if area.holding.basis == "assessed"]
    return next((area.holding.party for area in found if area.ground.intersects(Point(lon, lat))), "")


def assert_whole(draft: Edition) -> None:
    areas = draft.ground_areas()
    assert ground.is_partition(areas)
    assert sum(ground.area_km2(area.ground) for area in areas) == pytest.approx(
        ground.area_km2(box(30, 50, 32, 52)), abs=0.01
    )


# The whole way


def test_one_line_north_of_kyiv_reaches_the_reader_without_a_drag(desk, new_page, live_server):
    call_command("load_demo", verbosity=0)
    copied = Edition.objects.filter(situation_at__date="2022-04-03").last()
    joris = get_user_model().objects.get(username="kaartredacteur")
    draft = Edition.begin(copied.map, joris, copied.situation_at.replace(day=4), copy_of=copied)
    page = desk("kaartredacteur", draft, DEMO_PASSWORD)
    look_at(page, 30.2, 50.9, 8)
    page.evaluate(
        """() => {
          window.drags = 0
          document.addEventListener("mousemove", ({ buttons }) => { window.drags += buttons })
        }"""
    )
    # A front line across the ground between Kyiv and the Belarusian border, from outside to outside.
    choose(page, "line", to="oekraine", status="controlled")
    click(page, (29.0, 50.95), (29.9, 50.9))
    page.mouse.dblclick(*spot(page, 30.9, 50.95))
    expect(would(page)).to_contain_text("south of the line")
    expect(page.locator(".draw-letter")).to_have_count(2)
    click(page, (30.1, 50.7))
    expect(page.locator("[name=_side]:checked")).to_have_value("right")
    give(page)
    expect(status(page)).to_contain_text("Saved. To Ukraine (controlled, assessed)")
    assert page.evaluate("window.drags") == 0
    assert page.trouble == []
    assert ground.is_partition(draft.ground_areas())
    page.goto(f"/admin/mapdata/edition/{draft.pk}/change/")
    page.click("input[name=_submit]")
    # Handing in begins with seeing what changes; the sheet has the button.
    expect(page.locator("svg[data-map] path.m-gained[data-party=oekraine]").first).to_be_visible()
    page.click(".submit-row input.default")

    page = new_page()
    log_in_on(page, "eindredacteur", DEMO_PASSWORD)
    page.goto(f"/admin/mapdata/edition/{draft.pk}/change/")
    page.click("input[name=_publish]")
    page.locator("[name=note]").fill("Oekraïne houdt het terrein ten noorden van Kyiv.")
    page.locator("#content form [type=submit]").first.click()
    expect(page.locator("#edition-map")).to_be_visible()
    draft.refresh_from_db()
    assert draft.published_by.username == "eindredacteur"
    assert page.trouble == []

    reader = new_page(java_script_enabled=False)
    reader.goto(f"/maps/{draft.map.slug}/?at=2022-04-04")
    held = reader.locator("svg[data-map] path[data-party=oekraine][data-status=controlled]")
    assert held.count() > 0
    reader.goto(f"/maps/{draft.map.slug}/changes/")
    expect(reader.locator("main")).to_contain_text("Oekraïne houdt het terrein ten noorden van Kyiv.")


# Each tool


def test_a_front_line_gives_the_side_that_is_chosen(desk, draft):
    page = desk("wim", draft)
    choose(page, "line", to="oekraine")
    click(page, (29.8, 51.5))
    page.mouse.dblclick(*spot(page, 32.2, 51.5))
    expect(would(page)).to_contain_text("north of the line")
    expect(page.locator("[name=_side]")).to_have_count(2)
    # Nobody has said which side yet: nothing happens.
    give(page)
    page.wait_for_timeout(300)
    assert not Operation.objects.exists()
    page.locator(".draw-sides label", has_text="south of the line").click()
    give(page)
    expect(status(page)).to_contain_text("Saved. To Ukraine (controlled, assessed)")
    assert (holder(draft, 31, 51.7), holder(draft, 31, 51.2)) == ("rusland", "oekraine")
    assert_whole(draft)
    # One area is left in the south, and the map shows it without being loaded again.
    expect(page.locator("#draw-history li")).to_have_count(1)
    assert page.trouble == []


def test_a_polygon_follows_the_border_that_it_snaps_to(desk, draft):
    page = desk("wim", draft)
    choose(page, "ground", to="oekraine", status="contested")
    # Two points near the border between north and south, one inside: the third side is the border itself.
    click(page, (31.3, 51.01), (31.8, 51.01), (31.5, 51.5))
    expect(page.locator("#draw-points")).to_have_value(re.compile(r"^31\.\d+, 51\n31\.\d+, 51\n"))
    finish(page)
    expect(would(page)).to_contain_text("To Ukraine (contested, assessed)")
    give(page)
    expect(status(page)).to_contain_text("Saved")
    contested = next(area for area in draft.ground_areas() if area.holding.status == "contested")
    assert contested.ground.bounds[1] == 51
    assert_whole(draft)
    # Ground in a pattern that was not there when the page was made.
    pattern = page.locator(".leaflet-container path.m-contested").get_attribute("fill")
    expect(page.locator(f"pattern{pattern.removeprefix('url(').removesuffix(')')}")).to_have_count(1)


def test_alt_leaves_snapping_out(desk, draft):
    page = desk("wim", draft)
    choose(page, "ground", to="oekraine")
    page.mouse.move(*spot(page, 31.4, 51.02))
    expect(page.locator(".draw-snap")).to_have_text("border")
    page.keyboard.down("Alt")
    click(page, (31.4, 51.02))
    page.keyboard.up("Alt")
    expect(page.locator("#draw-points")).to_have_value(re.compile(r"^31\.\d+, 51\.0\d+$"))


def test_regions_are_chosen_on_the_map_and_in_the_list(desk, draft):
    page = desk("wim", draft)
    choose(page, "region", to="oekraine")
    click(page, (31, 51.5))
    expect(page.locator("[name=region] option:checked")).to_have_text(["Chernihiv"])
    expect(would(page)).to_contain_text("from Russia (controlled, assessed)")
    click(page, (31, 51.5))
    expect(page.locator("[name=region] option:checked")).to_have_count(0)
    page.select_option("[name=region]", label="Chernihiv")
    expect(page.locator("path.desk-region-border.chosen")).to_have_count(1)
    give(page)
    expect(status(page)).to_contain_text("Saved. To Ukraine")
    assert holder(draft, 31, 51.5) == "oekraine"
    # The next operation begins with the same answers, and without a region.
    expect(page.locator("[name=to]")).to_have_value("oekraine")
    expect(page.locator("[name=region] option:checked")).to_have_count(0)


def test_a_border_moves_and_both_neighbours_follow(desk, draft):
    page = desk("wim", draft)
    choose(page, "border")
    expect(page.locator("[data-row=to]")).to_be_hidden()
    click(page, (30.3, 51), (31, 51.4))
    page.mouse.dblclick(*spot(page, 31.7, 51))
    expect(would(page)).to_contain_text("To Ukraine")
    give(page)
    expect(status(page)).to_contain_text("Saved. To Ukraine")
    assert holder(draft, 31, 51.2) == "oekraine"
    assert_whole(draft)


def test_a_pocket_goes_to_who_lies_around_it(desk, draft):
    draft.give(box(31, 51.4, 31.3, 51.6), ground.Holding("oekraine"), draft.written_by)
    page = desk("wim", draft)
    # The last answer of another tool is not taken for this one.
    choose(page, "region", to="oekraine")
    choose(page, "pocket")
    expect(page.locator("[name=to]")).to_have_value("")
    click(page, (31.1, 51.5))
    expect(would(page)).to_contain_text("To Russia")
    give(page)
    expect(status(page)).to_contain_text("Saved. To Russia")
    assert holder(draft, 31.1, 51.5) == "rusland"


def test_all_ground_of_one_kind_is_given_by_a_click(desk, draft):
    page = desk("wim", draft)
    choose(page, "area", to="oekraine")
    click(page, (31, 51.5))
    expect(page.locator("[name=area]")).to_have_value("rusland/controlled/assessed/")
    give(page)
    expect(status(page)).to_contain_text("Saved. To Ukraine")
    assert {area.holding.party for area in draft.ground_areas()} == {"oekraine"}
    expect(page.locator("[name=area] option")).to_have_count(2)


def test_a_drawn_part_is_taken_over_from_another_edition(desk, draft):
    draft.give(NORTH, ground.Holding("oekraine"), draft.written_by)
    page = desk("wim", draft)
    page.check("[name=_tool][value=other]")
    page.select_option("[name=edition]", index=1)
    expect(would(page)).to_contain_text("To Russia")
    click(page, (30.4, 51.2), (30.9, 51.2), (30.9, 51.7), (30.4, 51.7))
    finish(page)
    expect(would(page)).to_contain_text("To Russia")
    give(page)
    expect(status(page)).to_contain_text("Saved. To Russia")
    assert (holder(draft, 30.6, 51.5), holder(draft, 31.5, 51.5)) == ("rusland", "oekraine")


# By key, and by typing


def test_a_front_line_is_drawn_with_the_keyboard_alone(desk, draft):
    page = desk("wim", draft)
    choose(page, "line", to="oekraine")
    look_at(page, 31, 51.4, 7)
    page.focus("#draw-map")
    for key, times in (("Enter", 1), ("ArrowLeft", 15), ("Enter", 1), ("ArrowRight", 30), ("Enter", 1)):
        for _ in range(times):
            page.keyboard.press(key)
    page.keyboard.press("Shift+Enter")
    expect(would(page)).to_contain_text("north of the line")
    page.keyboard.press("a")
    expect(page.locator("[name=_side]:checked")).to_have_value("left")
    page.focus("[name=_do]")
    page.keyboard.press("Enter")
    expect(status(page)).to_contain_text("Saved")
    assert holder(draft, 31, 51.8) == "oekraine"
    # The focus is where it was, and undoing is a key away.
    page.keyboard.press("Control+z")
    expect(status(page)).to_contain_text("undone")
    assert holder(draft, 31, 51.8) == "rusland"
    page.keyboard.press("Control+Shift+z")
    expect(status(page)).to_contain_text("done again")
    assert holder(draft, 31, 51.8) == "oekraine"


def test_points_can_be_typed_removed_and_moved(desk, draft):
    page = desk("wim", draft)
    choose(page, "line", to="oekraine")
    page.fill("#draw-points", "29.8, 51.5\n31 51,6")
    expect(page.locator(".draw-point")).to_have_count(2)
    page.fill("#draw-points", "29.8, 51.5\nKyiv")
    expect(page.locator(".draw-wrong")).to_contain_text("line 2")
    expect(page.locator(".draw-point")).to_have_count(2)
    page.fill("#draw-points", "29.8, 51.5\n31, 51.6\n32.2, 51.5")
    expect(page.locator(".draw-point")).to_have_count(3)
    finish(page)
    expect(page.locator("[name=_side]")).to_have_count(2)
    # A click on a point chooses it, the next says where it should be.
    click(page, (31, 51.6))
    expect(page.locator(".draw-point.chosen")).to_have_count(1)
    click(page, (31, 51.3))
    expect(page.locator("#draw-points")).to_have_value(re.compile(r"\n(31|30\.99)\d*\.?\d*, 51\.(3|29)\d*\n"))
    click(page, (31, 51.3))
    page.focus("#draw-map")
    page.keyboard.press("Delete")
    expect(page.locator(".draw-point")).to_have_count(2)
    # Ctrl+Z in the field is the field's own.
    page.focus("#draw-points")
    page.keyboard.press("Control+z")
    assert not Operation.objects.exists()


def test_a_point_can_be_dragged_too(desk, draft):
    page = desk("wim", draft)
    choose(page, "line", to="oekraine")
    click(page, (30.2, 51.5), (31.5, 51.6))
    before = page.evaluate("String(window['leafletmapdraw-map'].getCenter())")
    page.mouse.move(*spot(page, 31.5, 51.6))
    page.mouse.down()
    page.mouse.move(*spot(page, 31.6, 51.75), steps=5)
    page.mouse.up()
    expect(page.locator("#draw-points")).to_have_value(re.compile(r"\n31\.(6|59)\d*, 51\.(7[45])\d*$"))
    expect(page.locator(".draw-point")).to_have_count(2)
    # The map stays where it is while a point is dragged, and moves when there is none.
    assert page.evaluate("String(window['leafletmapdraw-map'].getCenter())") == before
    page.mouse.move(*spot(page, 30.6, 50.8))
    page.mouse.down()
    page.mouse.move(*spot(page, 30.7, 50.9), steps=5)
    page.mouse.up()
    assert page.evaluate("String(window['leafletmapdraw-map'].getCenter())") != before
    expect(page.locator(".draw-point")).to_have_count(2)


def test_points_are_put_by_touch(desk, draft):
    page = desk("wim", draft, has_touch=True, viewport={"width": 390, "height": 800})
    choose(page, "line", to="oekraine")
    for place in ((30.4, 51.5), (31.3, 51.6)):
        page.touchscreen.tap(*spot(page, *place))
        page.wait_for_timeout(400)
    expect(page.locator(".draw-point")).to_have_count(2)
    finish(page)
    expect(page.locator(".draw-hint")).to_contain_text("Choose the side")


def test_escape_loses_nothing(desk, draft):
    page = desk("wim", draft)
    choose(page, "line", to="oekraine")
    click(page, (30.2, 51.5), (31, 51.6))
    page.keyboard.press("Control+z")
    expect(page.locator(".draw-point")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(".draw-point")).to_have_count(0)
    page.get_by_role("button", name="Bring the drawing back").click()
    expect(page.locator(".draw-point")).to_have_count(1)
    # Nor does closing the page.
    page.reload()
    ready(page)
    expect(page.locator(".draw-point")).to_have_count(1)


def test_a_drawing_survives_another_tool(desk, draft):
    page = desk("wim", draft)
    choose(page, "line", to="oekraine")
    click(page, (30.2, 51.5), (31, 51.6))
    # A tool that draws the same takes it along; for another it is put away.
    choose(page, "border")
    expect(page.locator(".draw-point")).to_have_count(2)
    choose(page, "ground")
    expect(page.locator(".draw-point")).to_have_count(0)
    click(page, (31.2, 51.2))
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Bring the drawing back").click()
    expect(page.locator("[name=_tool]:checked")).to_have_value("ground")
    expect(page.locator(".draw-point")).to_have_count(1)
    page.keyboard.press("Control+z")
    page.get_by_role("button", name="Bring the drawing back").click()
    expect(page.locator("[name=_tool]:checked")).to_have_value("border")
    expect(page.locator(".draw-point")).to_have_count(2)


def test_a_place_is_found_and_a_point_put_there(desk, draft):
    page = desk("wim", draft)
    choose(page, "line")
    page.route("**/places/?q=*", lambda route: route.fulfill(json={"places": [
        {"name": "Chernihiv", "detail": "Chernihiv Oblast", "lat": 51.49, "lon": 31.29},
        {"name": "Cherkasy", "detail": "", "lat": 49.44, "lon": 32.06},
    ]}))  # fmt: skip
    page.fill("#draw-search", "cher")
    expect(page.locator("#draw-places li")).to_have_count(2)
    page.keyboard.press("ArrowDown")
    expect(page.locator("[role=option][aria-selected=true]")).to_contain_text("Chernihiv Oblast")
    assert violations(page) == []
    page.keyboard.press("Enter")
    expect(page.locator("#draw-places")).to_be_hidden()
    page.get_by_role("button", name="Put a point at Chernihiv").click()
    expect(page.locator("#draw-points")).to_have_value("31.29, 51.49")


# What goes wrong


def test_what_the_server_refuses_is_said_beside_the_field_and_the_drawing_stays(desk, draft):
    page = desk("wim", draft)
    choose(page, "ground", to="oekraine")
    page.keyboard.down("Alt")
    click(page, (30.3, 51.2), (31.3, 51.7), (31.3, 51.2), (30.3, 51.7))
    page.keyboard.up("Alt")
    finish(page)
    expect(page.locator(".draw-errors")).to_contain_text("crosses itself")
    give(page)
    expect(status(page)).to_contain_text("Not saved: The shape crosses itself")
    expect(page.locator(".draw-point")).to_have_count(4)
    assert not Operation.objects.exists()


def test_on_a_dead_network_what_is_drawn_is_kept_even_when_the_page_is_closed(desk, draft):
    page = desk("wim", draft)
    choose(page, "region", to="oekraine")
    page.route("**/operate/", lambda route: route.abort("internetdisconnected"))
    click(page, (31, 51.5))
    expect(would(page)).to_contain_text("no connection")
    give(page)
    expect(status(page)).to_contain_text("Not saved, retrying.")
    expect(page.locator("path.draw-waiting, .draw-waiting")).to_have_count(0)
    assert not Operation.objects.exists()
    page.close()

    page = page.context.new_page()
    page.goto(f"/admin/mapdata/edition/{draft.pk}/draw/")
    expect(status(page)).to_contain_text("Saved. To Ukraine")
    assert holder(draft, 31, 51.5) == "oekraine"
    assert page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('draw-queue')).length") == 0


def test_a_side_can_be_chosen_before_the_server_has_shown_it(desk, draft):
    page = desk("wim", draft)
    choose(page, "line", to="oekraine")
    page.context.set_offline(True)
    # From west to east: north lies to the left.
    click(page, (29.8, 51.5))
    page.mouse.dblclick(*spot(page, 32.2, 51.5))
    expect(would(page)).to_contain_text("no connection")
    letters = page.locator(".draw-letter")
    assert letters.nth(0).bounding_box()["y"] < letters.nth(1).bounding_box()["y"]
    page.get_by_label("left of the line").check()
    give(page)
    expect(status(page)).to_contain_text("Not saved, retrying.")
    page.context.set_offline(False)
    expect(status(page)).to_contain_text("Saved. To Ukraine")
    assert (holder(draft, 31, 51.7), holder(draft, 31, 51.2)) == ("oekraine", "rusland")


def test_an_answer_that_got_lost_does_not_do_it_twice(desk, draft):
    page = desk("wim", draft)
    choose(page, "region", to="oekraine")
    click(page, (31, 51.5))
    expect(would(page)).to_contain_text("To Ukraine")
    lost = []

    def lose_the_first_answer(route):
        if lost:
            return route.continue_()
        lost.append(route.fetch())
        return route.abort("connectionreset")

    page.route("**/operate/", lose_the_first_answer)
    give(page)
    expect(status(page)).to_contain_text("Saved. To Ukraine")
    assert Operation.objects.count() == 1


def test_who_is_logged_out_loses_nothing(desk, draft, live_server):
    page = desk("wim", draft)
    choose(page, "region", to="oekraine")
    click(page, (31, 51.5))
    expect(would(page)).to_contain_text("To Ukraine")
    page.context.clear_cookies(name="sessionid")
    give(page)
    expect(status(page)).to_contain_text("You are logged out")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Log in").click()
    other = opened.value
    other.fill("#id_username", "wim")
    other.fill("#id_password", "geheim")
    other.click("#login-form [type=submit]")
    expect(other.locator("#draw-map")).to_be_visible()
    page.get_by_role("button", name="Try again").click()
    expect(status(page)).to_contain_text("Saved")
    assert holder(draft, 31, 51.5) == "oekraine"
    assert Operation.objects.count() == 1


def test_a_draft_that_was_submitted_meanwhile_keeps_the_drawing(desk, draft):
    page = desk("wim", draft)
    choose(page, "region", to="oekraine")
    click(page, (31, 51.5))
    expect(would(page)).to_contain_text("To Ukraine")
    draft.submit()
    give(page)
    expect(status(page)).to_contain_text("can no longer be changed")
    expect(status(page)).to_contain_text("is kept on this computer")
    draft.send_back()
    page.get_by_role("button", name="Try again").click()
    expect(status(page)).to_contain_text("Saved")
    assert Operation.objects.count() == 1


# Two people


def test_two_people_in_one_draft_see_each_other(desk, draft):
    wim, ans = desk("wim", draft), desk("ans", draft)
    expect(ans.locator(".draw-people")).to_have_text("Also at work on this draft: wim")
    expect(wim.locator(".draw-people")).to_have_text("Also at work on this draft: ans", timeout=8000)
    choose(wim, "region", to="oekraine")
    click(wim, (31, 51.5))
    give(wim)
    expect(status(wim)).to_contain_text("Saved. To Ukraine")
    expect(ans.locator("path.draw-flash")).to_have_count(1, timeout=8000)
    expect(ans.locator("#draw-history li")).to_contain_text(["wim"])
    expect(ans.locator(".draw-ground [aria-live=polite]")).to_contain_text("wim changed the draft. To Ukraine")
    expect(ans.locator(".leaflet-container path.m-area.c-red")).to_have_count(0)
    # And the other can take it back.
    ans.click("[name=_undo]")
    expect(status(ans)).to_contain_text("undone")
    expect(ans.locator("#draw-history .undone")).to_have_count(1)
    assert holder(draft, 31, 51.5) == "rusland"
    assert wim.trouble == ans.trouble == []


def test_a_conflict_is_shown_and_nothing_of_either_is_lost(desk, draft):
    wim, ans = desk("wim", draft), desk("ans", draft)
    wim.context.set_offline(True)
    # Without a network: two pieces of ground, of which one is also the other's.
    choose(wim, "ground", to="oekraine", status="contested")
    for west in (30.2, 31.2):
        click(wim, (west, 51.2), (west + 0.5, 51.2), (west + 0.5, 51.7), (west, 51.7))
        finish(wim)
        expect(would(wim)).to_contain_text("no connection")
        give(wim)
    expect(status(wim)).to_contain_text("Not saved, retrying. Waiting: 2.")
    expect(wim.locator("path.draw-waiting")).to_have_count(2)

    choose(ans, "ground", to="oekraine", status="liberated")
    click(ans, (30.4, 51.4), (31.0, 51.4), (31.0, 51.8), (30.4, 51.8))
    finish(ans)
    expect(would(ans)).to_contain_text("To Ukraine (liberated, assessed)")
    give(ans)
    expect(status(ans)).to_contain_text("Saved")

    wim.wait_for_timeout(3000)
    wim.context.set_offline(False)
    conflict = wim.locator(".draw-conflict")
    expect(conflict).to_contain_text("To Ukraine (liberated, assessed)", timeout=15000)
    expect(conflict).to_contain_text("ans, ")
    expect(wim.locator("path.draw-theirs")).to_have_count(1)
    assert violations(wim) == []
    expect(wim.locator("path.draw-waiting")).to_have_count(2)
    expect(wim.locator(".leaflet-container path.m-liberated")).to_have_count(1)
    assert holder(draft, 30.3, 51.3) == "rusland"
    # It is still there when the page is opened again.
    wim.reload()
    ready(wim)
    expect(conflict).to_contain_text("To Ukraine (liberated, assessed)")
    wim.get_by_role("button", name="Give mine after theirs").click()
    expect(status(wim)).to_contain_text("Saved. To Ukraine (contested, assessed)")
    expect(conflict).to_be_hidden()
    expect(wim.locator("path.draw-waiting")).to_have_count(0)
    expect(wim.locator("#draw-history li")).to_have_count(3)
    statuses = {area.holding.status: area.ground for area in draft.ground_areas() if area.holding.party == "oekraine"}
    for lon, lat, at in ((30.3, 51.3, "contested"), (31.4, 51.4, "contested"), (30.9, 51.75, "liberated")):
        assert statuses[at].intersects(Point(lon, lat)), (lon, lat)
    assert_whole(draft)


def test_after_a_conflict_the_drawing_can_be_changed_or_thrown_away(desk, draft):
    wim, ans = desk("wim", draft), desk("ans", draft)
    wim.route("**/state/*", lambda route: route.abort())
    for page, to in ((ans, "oekraine"), (wim, "nobody")):
        choose(page, "region", to=to)
        click(page, (31, 51.5))
    expect(would(wim)).to_contain_text("To nobody")
    give(ans)
    expect(status(ans)).to_contain_text("Saved")
    give(wim)
    expect(wim.locator(".draw-conflict")).to_contain_text("ans, ")
    wim.get_by_role("button", name="Change my drawing").click()
    expect(wim.locator("[name=region] option:checked")).to_have_text(["Chernihiv"])
    expect(wim.locator(".draw-conflict")).to_be_hidden()
    expect(would(wim)).to_contain_text("from Ukraine")
    assert Operation.objects.count() == 1


# Open to everybody


@pytest.mark.parametrize(("scheme", "width"), [("light", 360), ("light", 1280), ("dark", 360), ("dark", 1280)])
def test_the_editor_keeps_nobody_out(desk, draft, scheme, width):
    page = desk("wim", draft, color_scheme=scheme, viewport={"width": width, "height": 900})
    choose(page, "line", to="oekraine")
    page.fill("#draw-points", "29.8, 51.5\n32.2, 51.5")
    finish(page)
    expect(page.locator("[name=_side]")).to_have_count(2)
    page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(TOO_SMALL) == []
