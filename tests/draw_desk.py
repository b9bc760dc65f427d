"""The edition editor as tests use it: a draft of two squares, a person at work on it, and what they do there."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect
from shapely import MultiPolygon, Point, box

from mapdata.ground.areas import area_km2, is_partition
from mapdata.models import Edition
from tests.makers import day, held_by, make_event, make_map, make_party, make_region, make_user, publish_edition

# A degree by a degree each: the north of "Kyiv" is held by one, the south by the other.
NORTH = MultiPolygon([box(30, 51, 32, 52)])
SOUTH = MultiPolygon([box(30, 50, 32, 51)])


def make_draft() -> Edition:
    """A copy of a published edition, two regions, and two people: "wim" and "ans" (an editor)."""
    wim = make_user("wim", groups=["map editor"])
    make_user("ans", groups=["editor"])
    make_region("UA-74", name_nl="Tsjernihiv", name_en="Chernihiv", boundary=NORTH)
    make_region("UA-32", name_nl="Kyiv", name_en="Kyiv", boundary=SOUTH)
    make_party("oekraine", name_en="Ukraine", colour="blue")
    make_party("rusland", name_en="Russia", colour="red")
    newest = publish_edition(make_map("kaart"), day(3), [held_by("rusland", NORTH), held_by("oekraine", SOUTH)])
    make_event(newest.map, title_nl="Beschieting", lon=30.5, lat=50.5, happened_at=day(2))
    return Edition.begin(newest.map, wim, day(4), copy_of=newest)


def open_desk(new_page: Callable[..., Page], name: str, draft: Edition, **options) -> Page:
    """The editor of a draft, open for a person, in English: the language in which the tests are written."""
    page = new_page(person=name, language="en", **options)
    page.goto(f"/admin/mapdata/edition/{draft.pk}/draw/")
    return ready(page)


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


def would(page: Page) -> Locator:
    return page.locator(".draw-preview-box")


def status(page: Page) -> Locator:
    return page.locator("#draw-status")


def holder(draft: Edition, lon: float, lat: float) -> str:
    """Whose assessed ground a place is."""
    found = [area for area in draft.ground_areas() if area.holding.basis == "assessed"]
    return next((area.holding.party for area in found if area.ground.intersects(Point(lon, lat))), "")


def assert_whole(draft: Edition) -> None:
    areas = draft.ground_areas()
    assert is_partition(areas)
    assert sum(area_km2(area.ground) for area in areas) == pytest.approx(area_km2(box(30, 50, 32, 52)), abs=0.01)
