"""Readers' pages in a real browser: open to everybody, strict, whole, and standing still."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browsing import expect_trouble, look, not_the_pages_own
from tests.small_site import Site, make_site

pytestmark = pytest.mark.django_db(transaction=True)

AXE = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
# Everything that moved on the page without the reader's doing, as the browser itself measures it.
WATCH_SHIFTS = """
window.shifts = 0
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts += entry.value
}).observe({ type: "layout-shift", buffered: true })
"""
WIDTHS = [360, 768, 1280]


@pytest.fixture
def site(live_server) -> Site:
    return make_site()


def other_pages(site: Site) -> list[str]:
    """What a reader may also come upon: looking back, nothing there, not a moment."""
    story = f"/stories/{site.story.slug}/"
    return [f"{story}?as_of=2022-04-05T20:00&at=2022-04-02", "/nowhere/", f"{story}?at=x"]


# Their status says so, which a browser counts as a failure.
NOT_THERE = r"failed request: \S*(/nowhere/\S* 404|at=x\S* 400)"


def violations(page) -> list[str]:
    # It styles what it measures, which the page's policy refuses it.
    with not_the_pages_own(page, "content security policy: .*inline style"):
        found = Axe().run(page, options=AXE).response["violations"]
    return [f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_page_keeps_anybody_out(page, site, language):
    expect_trouble(page, NOT_THERE)
    for address in [*site.addresses, *other_pages(site)]:
        page.goto(address + ("&" if "?" in address else "?") + f"lang={language}")
        for scheme, width in [("light", 1280), ("dark", 768), ("light", 360)]:
            look(page, scheme, width)
            assert violations(page) == [], f"{address} in {language}, {scheme}, {width} px"


def test_without_scripts_no_page_keeps_anybody_out(new_page, site):
    page = new_page()
    page.route("**/*.js", lambda route: route.abort())
    expect_trouble(page, "failed request: .*[.]js net::ERR_FAILED")
    for address in site.addresses:
        page.goto(address)
        assert violations(page) == [], address


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_fails_nothing_moves_and_no_other_host_is_asked(new_page, site, width):
    page = new_page(viewport={"width": width, "height": 900})
    page.add_init_script(WATCH_SHIFTS)
    for address in site.addresses:
        page.goto(address)
        scroll_through(page)
        assert page.trouble == [], address
        assert page.evaluate("window.shifts") == 0, address


def scroll_through(page) -> None:
    """As a reader does, so that what is loaded late is loaded."""
    page.evaluate(
        """async () => {
          for (let y = 0; y < document.documentElement.scrollHeight; y += 600) {
            scrollTo(0, y)
            await new Promise((done) => setTimeout(done, 60))
          }
        }"""
    )
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("width", [320, *WIDTHS])
def test_no_page_is_wider_than_the_screen(new_page, site, width):
    page = new_page(viewport={"width": width, "height": 900}, java_script_enabled=True)
    expect_trouble(page, NOT_THERE)
    for address in [*site.addresses, *other_pages(site)]:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") == width, address


def test_the_first_tab_leads_past_the_header_and_shows_where_it_is(page, site):
    page.goto(f"/stories/{site.story.slug}/")
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    assert skip.evaluate("link => link === document.activeElement && link.getBoundingClientRect().width > 40")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_the_text_is_as_wide_as_one_likes_to_read(page, site):
    """About 66 characters: what fits on a line of the body, in whatever font there is."""
    page.goto(f"/stories/{site.story.slug}/")
    characters = page.evaluate(
        """() => {
          const words = "De gouverneur van de oblast roept alle inwoners op om te gaan nu het nog veilig is."
          const paragraph = document.querySelector(".story > p")
          const column = paragraph.clientWidth
          const line = document.createElement("span")
          line.textContent = words
          paragraph.replaceChildren(line)
          document.querySelector("main").replaceWith(paragraph)
          paragraph.after(document.createElement("wbr"))
          return (column / line.getBoundingClientRect().width) * words.length
        }"""
    )
    assert 58 <= characters <= 76


def test_what_is_printed_has_nothing_to_press_and_says_where_sources_are(page, site):
    page.emulate_media(media="print", color_scheme="dark")
    page.goto(f"/stories/{site.story.slug}/")
    assert page.locator("form:visible, nav:visible, .skip:visible").count() == 0
    source = page.locator(".quote a[rel=external]").first
    assert "https://www.nato.int/x" in source.evaluate("link => getComputedStyle(link, '::after').content")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator("svg[data-map]").is_visible()


def test_a_dot_and_its_entry_in_the_list_point_at_each_other(page, site):
    page.goto(f"/maps/{site.map.slug}/")
    event = site.events[1].pk
    dot = page.locator(f".leaflet-container a[data-event='{event}']")
    entry = page.locator(f"[data-entry='{event}']")
    dot.hover()
    expect(entry).to_have_class("marked")
    entry.hover()
    expect(dot).to_contain_class("marked")
