"""Leaflet takes over the drawing in its own box: same view, nothing moves, dots open a popup, keyboard included."""

import pytest

from tests import makers

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
    page.click(f"[data-entry='{far.pk}'] a.place")
    dot = page.locator(f".leaflet-container a[data-event='{far.pk}']")
    assert dot.evaluate("(dot) => dot === document.activeElement")
    page.wait_for_timeout(300)
    box = dot.bounding_box()
    assert 0 <= box["y"] <= 700 - box["height"]
    assert 0 <= box["x"] <= 360 - box["width"]
    assert page.trouble == []


def test_a_dot_opens_the_event_in_a_popup(new_page, events):
    page = open_map(new_page())
    event = events[2]
    page.click(f".leaflet-container a[data-event='{event.pk}']")
    popup = page.wait_for_selector(".leaflet-popup h3")
    assert popup.inner_text() == "Derde"
    content = page.inner_text(".leaflet-popup-content")
    assert "Tekst van Derde." in content
    assert page.get_attribute(".leaflet-popup h3 a", "href").endswith(f"/events/{event.pk}/")
    assert page.locator(".leaflet-popup .sources li").count() == 1
    assert page.trouble == []


def test_the_keyboard_opens_and_closes_a_popup_and_comes_back_to_the_dot(new_page, events):
    page = open_map(new_page())
    dot = page.locator(f".leaflet-container a[data-event='{events[0].pk}']")
    dot.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".leaflet-popup h3")
    assert page.evaluate("document.activeElement.closest('.leaflet-popup') !== null")
    page.keyboard.press("Escape")
    page.wait_for_selector(".leaflet-popup", state="detached")
    assert page.evaluate("document.activeElement.dataset.event") == str(events[0].pk)


def test_dots_that_were_drawn_apart_come_to_their_places_when_one_comes_closer(new_page, events):
    page = open_map(new_page())
    first, second = (str(event.pk) for event in events[:2])

    def apart() -> float:
        place = dots(page)
        return abs(place[first][0] - place[second][0]) + abs(place[first][1] - place[second][1])

    assert apart() > 20
    for _ in range(3):
        page.click(".leaflet-control-zoom-in")
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
