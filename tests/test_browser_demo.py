"""The demo in a real browser: what a small site does not show, such as many dots close together."""

import pytest

from mapdata.models import Event
from tests.browsing import expect_trouble, look
from tests.test_browser_pages import violations

MAP = "/maps/situatie-oekraine/"
STORY = "/stories/na-kyiv-de-donbas/"
# Each width with each language and scheme would say little more: sizes do not depend on colours, nor on words.
READERS = {"nl": [("light", 360), ("dark", 1280)], "en": [("dark", 360), ("light", 768)]}
# The least width that shows each of the map's two views: there the dots stand nearest to each other.
TIGHTEST = (320, 704)


@pytest.fixture
def pages(demo) -> list[str]:
    """The addresses of the demo's pages, those with a map first."""
    event = Event.objects.get(title__icontains="theater")
    with_map = ["/", MAP, STORY, event.get_absolute_url()]
    return [*with_map, "/people/serhiy-gaidai/", f"{STORY}versions/", f"{MAP}changes/"]


def open_page(page, address: str) -> None:
    """With Leaflet in the place of each drawing that the page has."""
    page.goto(address)
    for drawing in page.locator("svg[data-map]").all():
        drawing.scroll_into_view_if_needed()
    page.wait_for_function("() => [...document.querySelectorAll('svg[data-map]')].every((d) => d.closest('.map-box'))")


@pytest.mark.parametrize("language", READERS)
def test_no_page_of_the_demo_keeps_anybody_out(page, pages, language):
    for address in pages:
        open_page(page, f"{address}?lang={language}")
        for scheme, width in READERS[language]:
            look(page, scheme, width)
            assert violations(page) == [], f"{address} in {language}, {scheme}, {width} px"


@pytest.mark.parametrize("scripts", [True, False])
def test_every_dot_can_be_touched_where_they_stand_nearest(new_page, demo, scripts):
    for width in TIGHTEST:
        page = new_page(viewport={"width": width, "height": 900})
        if not scripts:
            page.route("**/*.js", lambda route: route.abort())
            expect_trouble(page, "failed request: .*[.]js net::ERR_FAILED")
        if scripts:
            open_page(page, MAP)
        else:
            page.goto(MAP)
        assert violations(page) == [], f"{width} px"
        assert missed_touches(page) == [], f"{width} px"


def missed_touches(page) -> list[str]:
    """Dots on the map that a finger within 12 px of their middle may miss, and what it finds there.

    Asked for 10.5 px, as a browser rounds to whole pixels what it is asked.
    """
    return page.evaluate(
        """() => [...document.querySelectorAll("a[data-event]")].flatMap((dot) => {
          const drawn = [...dot.querySelectorAll("use")].find((use) => use.getBoundingClientRect().width)
          if (dot.matches("svg a") && !drawn) return []
          dot.scrollIntoView({ block: "center", behavior: "instant" })
          const box = (drawn ?? dot).getBoundingClientRect()
          const map = dot.closest("svg, .map-box").getBoundingClientRect()
          const [x, y] = [box.left + box.width / 2, box.top + box.height / 2]
          if (x < map.left || x > map.right) return []
          return [...Array(16).keys()].flatMap((step) => {
            const angle = (step * Math.PI) / 8
            const hit = document.elementFromPoint(x + 10.5 * Math.cos(angle), y + 10.5 * Math.sin(angle))
            return dot.contains(hit) ? [] : [`${dot.title || dot.id}: ${hit?.outerHTML.slice(0, 80)}`]
          })
        })"""
    )
