"""The edition editor in a real browser: each tool, by click and by key, up to what a reader sees."""

import re
from functools import partial

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import expect
from shapely import box

from mapdata.ground.areas import Holding, is_partition
from mapdata.models import Edition, Operation, drafting
from tests.draw_desk import (
    NORTH,
    assert_whole,
    choose,
    click,
    finish,
    give,
    holder,
    look_at,
    make_draft,
    open_desk,
    ready,
    spot,
    status,
    would,
)
from tests.makers import day
from tests.test_browser_pages import violations


@pytest.fixture
def draft(live_server) -> Edition:
    return make_draft()


@pytest.fixture
def desk(new_page):
    """Opens the editor of a draft for a person, by name."""
    return partial(open_desk, new_page)


# The whole way


@pytest.mark.both_engines
def test_one_line_north_of_kyiv_reaches_the_reader_without_a_drag(desk, new_page, demo):
    # As it was corrected, which is how readers see that day.
    copied = Edition.objects.showing(day(4, 0))
    assert copied.situation_at.astimezone(copied.map.zone).date().isoformat() == "2022-04-03"
    joris = get_user_model().objects.get(username="kaartredacteur")
    draft = Edition.begin(copied.map, joris, copied.situation_at.replace(day=4), copy_of=copied)
    page = desk("kaartredacteur", draft)
    look_at(page, 31.4, 52, 8)
    page.evaluate(
        """() => {
          window.drags = 0
          document.addEventListener("mousemove", ({ buttons }) => { window.drags += buttons })
        }"""
    )
    # A front line across what is still contested between Kyiv and the Belarusian border, from outside to outside.
    choose(page, "line", to="oekraine", status="liberated")
    click(page, (30.6, 52), (31.4, 52.01))
    page.mouse.dblclick(*spot(page, 32.1, 52))
    expect(would(page)).to_contain_text("south of the line")
    expect(page.locator(".draw-letter")).to_have_count(2)
    page.locator(".draw-sides label", has_text="south of the line").click()
    expect(page.locator("[name=_side]:checked")).to_have_value("right")
    give(page)
    expect(status(page)).to_contain_text("Saved. To Ukraine (liberated, assessed)")
    assert page.evaluate("window.drags") == 0
    assert page.trouble == []
    assert is_partition(draft.ground_areas())
    page.goto(f"/admin/mapdata/edition/{draft.pk}/change/")
    page.click("input[name=_submit]")
    # Handing in begins with seeing what changes; the sheet has the button.
    expect(page.locator("svg[data-map] path.m-gained[data-party=oekraine]").first).to_be_visible()
    page.click(".submit-row input.default")

    page = new_page(person="eindredacteur")
    page.goto(f"/admin/mapdata/edition/{draft.pk}/change/")
    page.click("input[name=_publish]")
    note = page.locator("[name=note]").input_value()
    assert re.fullmatch(r"Oekraïne herovert \d+ km² in de oblast Chernihiv\.", note), note
    page.locator("#content form [type=submit]").first.click()
    expect(page.locator("#edition-map")).to_be_visible()
    draft.refresh_from_db()
    assert draft.published_by.username == "eindredacteur"
    assert page.trouble == []

    reader = new_page(java_script_enabled=False)
    reader.goto(f"/maps/{draft.map.slug}/?at=2022-04-04")
    assert reader.locator("svg[data-map] path[data-party=oekraine][data-status=liberated]").count() > 0
    reader.goto(f"/maps/{draft.map.slug}/changes/")
    expect(reader.locator("main")).to_contain_text(note)


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
    drafting.give(draft, box(31, 51.4, 31.3, 51.6), Holding("oekraine"), draft.written_by)
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
    drafting.give(draft, NORTH, Holding("oekraine"), draft.written_by)
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
