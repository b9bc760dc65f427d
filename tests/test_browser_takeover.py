"""Leaflet takes over the drawing in its own box: same view, nothing moves, dots open a card, keyboard included."""

import pytest
from playwright.sync_api import expect

from tests import makers
from tests.browsing import expect_trouble, middle, press

# Everything that moved on the page without the reader's doing, as the browser itself measures it.
WATCH_SHIFTS = """
window.shifts = 0
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts += entry.value
}).observe({ type: "layout-shift", buffered: true })
"""


@pytest.fixture
def events(live_server):
    """Two events close together and one far away, on the map `situatie`; the newest is the last."""
    situation_map = makers.make_map("situatie")
    makers.publish_edition(situation_map, makers.day(6), [makers.held_by("rusland")])
    places = [("Eerste", 30.5), ("Tweede", 30.52), ("Derde", 36.2)]
    return [
        makers.publish_event(
            makers.make_event(situation_map, title_nl=title, text_nl=f"Tekst van {title}.", lon=lon, lat=50.4)
        ).event
        for title, lon in places
    ]


def open_map(page):
    page.add_init_script(WATCH_SHIFTS)
    page.goto("/maps/situatie/")
    page.wait_for_selector(".leaflet-container a[data-event]")
    return page


def dots(page) -> dict[str, tuple[float, float]]:
    """Where the middle of each dot that is drawn is on the page, by event."""
    return page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll("a[data-event]")].flatMap((dot) => {
          const boxes = [dot, ...dot.querySelectorAll("use")].map((e) => e.getBoundingClientRect())
          const box = dot.matches("svg a") ? boxes.slice(1).find((b) => b.width) : boxes[0]
          const middle = box && [box.left + box.width / 2 + scrollX, box.top + box.height / 2 + scrollY]
          return box ? [[dot.dataset.event, middle]] : []
        }))"""
    )


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_the_dots_stay_where_they_were_and_nothing_moves(new_page, events, width):
    drawn = new_page(viewport={"width": width, "height": 900}, java_script_enabled=False)
    drawn.goto("/maps/situatie/")
    before = dots(drawn)
    page = open_map(new_page(viewport={"width": width, "height": 900}))
    after = dots(page)
    assert before.keys() == after.keys()
    for event, (x, y) in before.items():
        assert abs(after[event][0] - x) < 2
        assert abs(after[event][1] - y) < 2
    assert page.evaluate("window.shifts") == 0
    assert page.trouble == []


def test_a_dot_that_a_phone_does_not_draw_is_on_the_map_at_its_true_place(new_page, events):
    far = makers.make_event(events[0].map, title_nl="Ver weg", lon=22.5, lat=50.4)
    events.append(makers.publish_event(far).event)
    drawn = new_page(viewport={"width": 360, "height": 900}, java_script_enabled=False)
    drawn.goto("/maps/situatie/")
    hidden = [event for event in events if str(event.pk) not in dots(drawn)]
    assert len(hidden) == 1
    # Nor does the keyboard find it there.
    assert not drawn.locator(f"svg[data-map] a[data-event='{hidden[0].pk}']").is_visible()
    page = open_map(new_page(viewport={"width": 360, "height": 900}))
    marker = page.locator(f".event-marker:has(a[data-event='{hidden[0].pk}'])")
    assert marker.evaluate("(marker) => marker.style.translate") == "0px"
    page.keyboard.press("Tab")
    dot = marker.locator("a")
    while not dot.evaluate("(dot) => dot === document.activeElement"):
        page.keyboard.press("Tab")
    page.wait_for_timeout(500)
    box, frame = dot.bounding_box(), page.locator(".leaflet-container").bounding_box()
    assert frame["x"] < box["x"] < frame["x"] + frame["width"] - 20
    assert frame["y"] < box["y"] < frame["y"] + frame["height"] - 20
    assert page.trouble == []


def test_the_place_in_the_list_leads_to_the_dot(new_page, events):
    far = makers.make_event(events[0].map, title_nl="Ver weg", lon=22.5, lat=50.4)
    far = makers.publish_event(far).event
    page = open_map(new_page(viewport={"width": 360, "height": 700}))
    press(page.locator(f"[data-entry='{far.pk}'] a.place"))
    dot = page.locator(f".leaflet-container a[data-event='{far.pk}']")
    assert dot.evaluate("(dot) => dot === document.activeElement")
    page.wait_for_timeout(300)
    box = dot.bounding_box()
    assert 0 <= box["y"] <= 700 - box["height"]
    assert 0 <= box["x"] <= 360 - box["width"]
    assert page.trouble == []


def dot_of(page, event):
    return page.locator(f".leaflet-container a[data-event='{event.pk}']")


def card(page):
    """The open event, when all of it is there."""
    return page.locator(".situation [data-event-card]:not([aria-busy])")


def is_focused(locator) -> bool:
    return locator.evaluate("(element) => element === document.activeElement")


def test_a_dot_opens_the_event_in_a_card_beneath_the_map(new_page, events):
    page = open_map(new_page())
    press(dot_of(page, events[2]))
    expect(card(page).get_by_role("heading")).to_have_text("Derde")
    assert card(page).get_attribute("data-event-card") == str(events[2].pk)
    assert "Tekst van Derde." in card(page).inner_text()
    assert card(page).get_by_role("link", name="Derde").get_attribute("href").endswith(f"/events/{events[2].pk}/")
    assert card(page).locator(".sources li").count() == 1
    box, frame = card(page).bounding_box(), page.locator(".leaflet-container").bounding_box()
    assert box["y"] >= frame["y"] + frame["height"]
    press(card(page).get_by_role("button"))
    expect(card(page)).to_have_count(0)
    assert is_focused(dot_of(page, events[2]))


def test_one_event_is_open_at_a_time(new_page, events):
    page = open_map(new_page())
    press(dot_of(page, events[0]))
    expect(card(page)).to_contain_text("Eerste")
    press(dot_of(page, events[2]))
    expect(card(page)).to_contain_text("Derde")
    expect(page.locator(".situation [data-event-card]")).to_have_count(1)
    page.keyboard.press("Escape")
    assert is_focused(dot_of(page, events[2]))


def test_the_keyboard_opens_and_closes_a_card_and_comes_back_to_the_dot(new_page, events):
    page = open_map(new_page())
    dot_of(page, events[0]).focus()
    page.keyboard.press("Enter")
    card(page).wait_for()
    assert is_focused(card(page).get_by_role("button"))
    page.keyboard.press("Enter")
    expect(card(page)).to_have_count(0)
    assert is_focused(dot_of(page, events[0]))


def test_escape_closes_the_card_from_anywhere_in_it_and_after_tab_has_led_out(new_page, events):
    page = open_map(new_page())
    for leave in ("button", "a", "p", "Tab", "beside"):
        press(dot_of(page, events[0]))
        card(page).wait_for()
        if leave == "Tab":
            card(page).get_by_role("link").last.focus()
            page.keyboard.press("Tab")
            assert not page.evaluate("document.activeElement.closest('[data-event-card]')")
        elif leave == "beside":
            page.mouse.click(5, 5)
        elif leave == "p":
            page.mouse.click(*middle(card(page).locator(".summary p")))
        else:
            card(page).locator(leave).first.focus()
        page.keyboard.press("Escape")
        expect(card(page), leave).to_have_count(0)
        assert is_focused(dot_of(page, events[0])), leave


def test_the_wheel_scrolls_the_page_also_after_an_event_was_read(new_page, events):
    page = open_map(new_page())
    press(dot_of(page, events[0]))
    card(page).wait_for()
    page.keyboard.press("Escape")
    assert is_focused(dot_of(page, events[0]))
    page.mouse.move(*middle(dot_of(page, events[0])))
    before = page.evaluate("scrollY")
    page.mouse.wheel(0, 200)
    page.wait_for_function("before => scrollY > before", arg=before)


def test_a_card_that_the_network_does_not_bring_leads_to_the_events_page(new_page, events):
    page = open_map(new_page())
    expect_trouble(page, "ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    press(dot_of(page, events[0]))
    assert card(page).get_by_role("link").get_attribute("href").endswith(f"/events/{events[0].pk}/")
    page.context.set_offline(False)
    press(card(page).get_by_role("button"))
    # It is asked again when it is opened again.
    press(dot_of(page, events[0]))
    expect(card(page)).to_contain_text("Tekst van Eerste.")


def test_a_card_comes_while_the_reader_is_elsewhere_and_does_not_pull_them_back(new_page, events):
    page = open_map(new_page())
    slow = []
    page.route(f"**/events/{events[0].pk}/", lambda route: slow.append(route))
    press(dot_of(page, events[0]))
    expect(page.locator("[data-event-card]")).to_have_attribute("aria-busy", "true")
    page.locator("footer a").first.focus()
    scrolled = page.evaluate("scrollY")
    slow.pop().continue_()
    expect(card(page)).to_contain_text("Tekst van Eerste.")
    assert is_focused(page.locator("footer a").first)
    assert page.evaluate("scrollY") == scrolled


def test_who_stands_on_a_dot_when_the_script_takes_over_stands_there_still(new_page, events):
    page = new_page()
    waiting = []
    page.route("**/leaflet*.js", lambda route: waiting.append(route))
    page.goto("/maps/situatie/")
    page.locator(f"svg a[data-event='{events[1].pk}']").focus()
    while not waiting:
        page.wait_for_timeout(50)
    waiting.pop().continue_()
    dot_of(page, events[1]).wait_for()
    assert is_focused(dot_of(page, events[1]))


def test_a_reader_who_moved_the_map_stays_there_when_it_gets_another_size(new_page, events):
    page = open_map(new_page())
    for _ in range(2):
        press(page.locator(".leaflet-control-zoom-in"))
        page.wait_for_timeout(400)

    def from_the_middle() -> list[float]:
        """Of the dot of the first event, as shares of the distance to the edges."""
        box, frame = dot_of(page, events[0]).bounding_box(), page.locator(".leaflet-container").bounding_box()
        return [(box["x"] + 8 - frame["x"]) / frame["width"], (box["y"] + 8 - frame["y"]) / frame["height"]]

    before = from_the_middle()
    page.set_viewport_size({"width": 900, "height": 700})
    page.wait_for_timeout(100)
    assert from_the_middle() == pytest.approx(before, abs=0.01)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.wait_for_timeout(100)
    assert from_the_middle() == pytest.approx(before, abs=0.01)


def test_dots_that_were_drawn_apart_come_to_their_places_when_one_comes_closer(new_page, events):
    page = open_map(new_page())
    first, second = (str(event.pk) for event in events[:2])

    def apart() -> float:
        place = dots(page)
        return abs(place[first][0] - place[second][0]) + abs(place[first][1] - place[second][1])

    assert apart() > 20
    for _ in range(3):
        press(page.locator(".leaflet-control-zoom-in"))
        page.wait_for_timeout(400)
    offsets = page.eval_on_selector_all(
        ".event-marker", "markers => markers.map((marker) => parseFloat(marker.style.translate) || 0)"
    )
    # They were drawn 36 px apart, and three times twice as close is eight times.
    assert max(map(abs, offsets)) <= 36 / 8


def test_the_ground_beneath_is_the_drawing_itself(new_page, events):
    page = open_map(new_page())
    area = page.locator(".leaflet-container svg[data-map] path[data-party='rusland']")
    assert area.get_attribute("data-status") == "controlled"
