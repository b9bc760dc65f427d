"""Every dot of the demo: its event can be read and closed, and it lies on its place, turned, zoomed and on paper."""

from io import BytesIO

import numpy as np
import pypdfium2
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browsing import middle, press

MAP = "/maps/situatie-oekraine/"
STORY = "/stories/na-kyiv-de-donbas/"
HOW_MANY = 26


def open_map(page: Page, address: str = MAP) -> Page:
    page.goto(address)
    page.locator("svg[data-map]").scroll_into_view_if_needed()
    page.locator(".leaflet-container a[data-event]").first.wait_for()
    return page


# Reading an event

WHOLE_AND_FREE = """(card) => {
  const box = card.getBoundingClientRect()
  const map = card.closest("[data-situation]").querySelector(".leaflet-container").getBoundingClientRect()
  const faults = []
  if (box.top < 0 || box.left < 0 || box.bottom > innerHeight || box.right > innerWidth) {
    faults.push(`not in the window: ${box.top}-${box.bottom}, ${box.left}-${box.right}`)
  }
  const [over, across] = [box.top < map.bottom && box.bottom > map.top, box.left < map.right && box.right > map.left]
  if (over && across) faults.push("over the map")
  for (const part of [card, ...card.querySelectorAll("*")]) {
    if (part.scrollWidth > part.clientWidth && part.clientWidth) faults.push(`cut off: ${part.outerHTML.slice(0, 80)}`)
  }
  for (let x = box.left + 2; x < box.right; x += (box.width - 4) / 12) {
    for (let y = box.top + 2; y < box.bottom; y += (box.height - 4) / 12) {
      const met = document.elementFromPoint(x, y)
      if (!card.contains(met)) faults.push(`covered at ${x}, ${y} by ${met?.outerHTML.slice(0, 80)}`)
    }
  }
  const close = card.querySelector("button")
  const shut = close.getBoundingClientRect()
  const range = document.createRange()
  const walk = document.createTreeWalker(card, NodeFilter.SHOW_TEXT)
  while (walk.nextNode()) {
    range.selectNodeContents(walk.currentNode)
    for (const line of close.contains(walk.currentNode) ? [] : range.getClientRects()) {
      if (line.right > shut.left && line.top < shut.bottom && line.left < shut.right && line.bottom > shut.top) {
        faults.push(`under the close button: ${walk.currentNode.textContent}`)
      }
    }
  }
  return faults
}"""


def event_card(page: Page, dot: Locator) -> Locator:
    """The card of that dot, once it has come; all of it can be read as it stands."""
    card = page.locator(f".situation [data-event-card='{dot.get_attribute('data-event')}']:not([aria-busy])")
    expect(card.locator(".record")).to_be_visible()
    assert card.evaluate(WHOLE_AND_FREE) == [], dot.get_attribute("title")
    return card


def is_back_on(dot: Locator) -> bool:
    """The card is closed, the focus is on the dot, and the dot is in sight."""
    expect(dot.page.locator(".situation [data-event-card]")).to_have_count(0)
    middle(dot)
    return dot.evaluate("(dot) => dot === document.activeElement")


def bring(dot: Locator, touch: bool) -> None:
    """A dot outside what the map shows is brought there as a reader does it: from the list."""
    if not dot.evaluate(
        """(dot) => {
          const [box, map] = [dot, dot.closest(".leaflet-container")].map((element) => element.getBoundingClientRect())
          return box.left > map.left && box.right < map.right && box.top > map.top && box.bottom < map.bottom
        }"""
    ):
        event = dot.get_attribute("data-event")
        press(dot.page.locator(f"[data-entry='{event}'] a.place"), touch=touch)


@pytest.mark.parametrize(("width", "height", "touch"), [(360, 780, True), (768, 1024, False), (1280, 800, False)])
def test_every_event_can_be_opened_read_and_closed(new_page, demo, width, height, touch):
    page = open_map(new_page(viewport={"width": width, "height": height}, has_touch=touch))
    dots = page.locator(".leaflet-container a[data-event]")
    expect(dots).to_have_count(HOW_MANY)
    for dot in dots.all():
        bring(dot, touch)
        press(dot, touch=touch)
        press(event_card(page, dot).get_by_role("button"), touch=touch)
        assert is_back_on(dot)
    page.locator(".leaflet-container").focus()
    for dot in dots.all():
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        card = event_card(page, dot)
        assert card.get_by_role("button").evaluate("(button) => button.matches(':focus-visible')")
        # Through all that can be reached in it, in the order in which it is read.
        for link in card.get_by_role("link").all():
            page.keyboard.press("Tab")
            assert link.evaluate("(link) => link === document.activeElement")
        page.keyboard.press("Escape")
        assert is_back_on(dot)
    assert page.evaluate("document.documentElement.scrollWidth") == width


# Lying on its place

PLACES = """() => {
  const map = document.querySelector(".leaflet-container")
  const frame = map.getBoundingClientRect()
  const within = ({ left, top, width, height }) => [left + width / 2 - frame.left, top + height / 2 - frame.top]
  const dots = [...map.querySelectorAll("a[data-event]")].map((dot) => [dot.title, within(dot.getBoundingClientRect())])
  const names = [...map.querySelectorAll("text")].filter((name) => name.getBoundingClientRect().width)
  const signs = names.map((name) => [name.textContent, within(name.getBoundingClientRect())])
  const ground = map.querySelector("path[data-party]").getBoundingClientRect()
  const corner = [ground.left - frame.left, ground.top - frame.top]
  return Object.fromEntries([...dots, ...signs, ["ground", corner], ["box", [frame.width, frame.height]]])
}"""
TURNS = [
    # A phone is turned, and back; a window is dragged over the width where the other view begins, and not.
    *[(740, 360), (360, 740), (740, 360), (1280, 800), (360, 740), (1280, 800), (1024, 768), (768, 1024), (700, 900)],
    *[(768, 1024), (703, 800), (704, 800), (703, 800)],
    # Zoomed to 200 and 400 %, a browser gives the page a half and a quarter of the window.
    *[(1280, 800), (640, 400), (320, 200), (1280, 800)],
]


def places(page: Page) -> dict[str, list[float]]:
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return page.evaluate(PLACES)


def differences(found: dict, expected: dict) -> dict:
    """What lies more than 2 px from where it should, and by how much."""
    assert found.keys() == expected.keys()
    away = {name: float(np.hypot(*np.subtract(found[name], expected[name]))) for name in expected}
    return {name: pixels for name, pixels in away.items() if pixels > 2}


def test_after_every_turn_all_lies_where_a_fresh_page_puts_it(new_page, demo):
    fresh = {}
    for width, height in dict.fromkeys(TURNS):
        page = open_map(new_page(viewport={"width": width, "height": height}))
        fresh[width, height] = places(page)
        assert len(page.locator(".leaflet-container a[data-event]").all()) == HOW_MANY
        page.close()
    first, *others = TURNS
    page = open_map(new_page(viewport={"width": first[0], "height": first[1]}))
    for width, height in others:
        page.set_viewport_size({"width": width, "height": height})
        assert differences(places(page), fresh[width, height]) == {}, f"{width} by {height}"


@pytest.mark.parametrize("letters", [32, 64])
def test_larger_letters_of_the_browser_leave_all_on_its_place(new_page, demo, letters):
    """At 200 and 400 % of the letters alone, as browsers can be set: on a wide screen the map becomes a phone's."""

    def larger(page: Page) -> Page:
        sizes = {"standard": letters, "fixed": letters}
        page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": sizes})
        return page

    fresh = places(open_map(larger(new_page())))
    page = open_map(new_page())
    before = places(page)
    assert differences(before, before) == {}
    assert before["box"] != fresh["box"]
    larger(page)
    assert differences(places(page), fresh) == {}


# On paper


def pictures_of(page: Page) -> dict[str, np.ndarray]:
    """What comes out of the printer, and the map as the window shows it for paper: pixels, red, green and blue."""
    # Photographs come when they come, and in the size that the printer asks for.
    page.evaluate("for (const picture of document.querySelectorAll('picture')) picture.remove()")
    pages = [page.render(scale=1.5).to_pil() for page in pypdfium2.PdfDocument(page.pdf(format="A4"))]
    page.emulate_media(media="print")
    shown = Image.open(BytesIO(page.locator("[data-situation] > figure").first.screenshot()))
    # Not "screen": the printer would get that, too.
    page.emulate_media(media="null")
    on_paper = np.concatenate([np.asarray(one.convert("RGB"), dtype=int) for one in pages])
    return {"PDF": on_paper, "media": np.asarray(shown, dtype=int)}


def red(pixels: np.ndarray) -> int:
    return int((pixels[..., 0] - pixels[..., 1:3].max(axis=-1) > 60).sum())


def dark_red(pixels: np.ndarray) -> int:
    """The dots: #7d0a1d."""
    return int((abs(pixels[..., :3] - (0x7D, 0x0A, 0x1D)).max(axis=-1) < 12).sum())


@pytest.mark.parametrize("width", [360, 1280])
def test_a_print_of_the_story_has_the_map_that_it_has_without_a_script(new_page, demo, width):
    size = {"width": width, "height": 900}
    plain = new_page(viewport=size, java_script_enabled=False)
    plain.goto(STORY)
    expected = pictures_of(plain)
    page = open_map(new_page(viewport=size), STORY)
    as_it_stands = pictures_of(page)
    # Also when a reader has opened an event and come closer.
    press(page.locator(".leaflet-control-zoom-in"))
    dot = page.locator(".leaflet-container a[data-event]").first
    dot.focus()
    page.keyboard.press("Enter")
    event_card(page, dot)
    for found in (as_it_stands, pictures_of(page)):
        for kind, pixels in expected.items():
            assert red(pixels) > 1000
            assert red(found[kind]) == pytest.approx(red(pixels), rel=0.05), kind
            assert dark_red(pixels) > 100
            assert dark_red(found[kind]) == pytest.approx(dark_red(pixels), rel=0.05), kind
