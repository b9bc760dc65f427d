"""The edition editor in a real browser: on a bad line, with two people in one draft, open to everybody."""

from functools import partial

import pytest
from playwright.sync_api import expect
from shapely import Point

from mapdata.models import Edition, Operation
from tests.browsing import expect_trouble, look
from tests.draw_desk import (
    assert_whole,
    choose,
    click,
    finish,
    give,
    holder,
    make_draft,
    open_desk,
    ready,
    spot,
    status,
    would,
)
from tests.test_browser_pages import violations

# What is to be hit on the page, label and all, and is under 24 pixels.
TOO_SMALL = """() => [...document.querySelectorAll(".draw :is(button, input, select, summary, .leaflet-bar a)")]
  .map((target) => target.closest(".draw-tools label, .draw-sides label, .draw-snapping") ?? target)
  .filter((target) => target.checkVisibility())
  .map((target) => [target.outerHTML.slice(0, 60), target.getBoundingClientRect()])
  .filter(([, { width, height }]) => width < 24 || height < 24)
  .map(([name]) => name)"""


@pytest.fixture
def draft(live_server) -> Edition:
    return make_draft()


@pytest.fixture
def desk(new_page):
    """Opens the editor of a draft for a person, by name."""
    return partial(open_desk, new_page)


# What goes wrong


def test_what_the_server_refuses_is_said_beside_the_field_and_the_drawing_stays(desk, draft):
    page = desk("wim", draft)
    expect_trouble(page, "/operate/ 400")
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
    expect_trouble(page, "/operate/ net::ERR_INTERNET_DISCONNECTED")
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
    expect_trouble(page, "net::ERR_INTERNET_DISCONNECTED")
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


@pytest.mark.both_engines
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
    expect_trouble(page, "/operate/ net::ERR_CONNECTION_RESET")
    give(page)
    expect(status(page)).to_contain_text("Saved. To Ukraine")
    assert Operation.objects.count() == 1


def test_who_is_logged_out_loses_nothing(desk, draft):
    page = desk("wim", draft)
    expect_trouble(page, r"/(operate|state)/.* 401")
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


@pytest.mark.both_engines
def test_a_draft_that_was_submitted_meanwhile_keeps_the_drawing(desk, draft):
    page = desk("wim", draft)
    expect_trouble(page, "/operate/ 403")
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


@pytest.mark.both_engines
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


def let_time_pass(page, until) -> None:
    """On the page's own clock, half a minute at a time: the longest that the page waits before it tries again."""
    for _ in range(100):
        if until():
            return
        page.clock.fast_forward(30_000)
        page.wait_for_timeout(50)


@pytest.mark.both_engines
def test_a_conflict_is_shown_and_nothing_of_either_is_lost(desk, draft):
    wim, ans = desk("wim", draft), desk("ans", draft)
    expect_trouble(wim, "/operate/ 409")
    conflict = wim.locator(".draw-conflict")
    wim.clock.install()
    wim.context.set_offline(True)
    expect_trouble(wim, "net::ERR_INTERNET_DISCONNECTED")
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

    # Several attempts, each later than the one before.
    attempts = []
    wim.on("requestfailed", lambda request: attempts.append(request.url))
    let_time_pass(wim, until=lambda: sum("/operate/" in url for url in attempts) > 4)
    wim.context.set_offline(False)
    let_time_pass(wim, until=conflict.is_visible)
    expect(conflict).to_contain_text("To Ukraine (liberated, assessed)")
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


@pytest.mark.both_engines
def test_after_a_conflict_the_drawing_can_be_changed_or_thrown_away(desk, draft):
    wim, ans = desk("wim", draft), desk("ans", draft)
    # Whether the page asks for the state of things meanwhile depends on how fast this goes.
    expect_trouble(wim, r"/operate/ 409|/state/.* net::ERR_FAILED")
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


def test_the_editor_keeps_nobody_out(desk, draft):
    page = desk("wim", draft)
    choose(page, "line", to="oekraine")
    page.fill("#draw-points", "29.8, 51.5\n32.2, 51.5")
    finish(page)
    expect(page.locator("[name=_side]")).to_have_count(2)
    page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
    for scheme, width in [("light", 1280), ("dark", 1280), ("dark", 360), ("light", 360)]:
        look(page, scheme, width)
        assert violations(page) == [], f"{scheme}, {width} px"
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(TOO_SMALL) == []
