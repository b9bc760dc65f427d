"""What the template writes: the contract of the page with scripts, tests and readers."""

import html
import re
from html.parser import HTMLParser
from pathlib import Path

import brotli
import pytest
from django.template.loader import render_to_string
from django.test import SimpleTestCase, override_settings
from django.utils import translation

from mapdata.drawing.dots import Dot
from mapdata.drawing.legend import PALETTE, PARTY_PATTERNS, STATUSES, TILES
from mapdata.drawing.picture import AreaShape, compose, draw_ground
from tests.test_drawing import areas_of, regions
from tests.test_drawing_dots import FRAME, dot, stacked

CSS = Path(__file__).resolve().parent.parent / "mapdata" / "static" / "mapdata" / "map.css"
PARTIES = {"rusland": "Rusland", "oekraine": "Oekraïne"}


class Elements(HTMLParser):
    """All start tags as (name, attributes)."""

    def __init__(self, markup: str):
        super().__init__()
        self.found: list[tuple[str, dict]] = []
        self.feed(markup)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def area(code: str, status="controlled", basis="assessed", **more) -> AreaShape:
    return AreaShape(more.pop("party", "rusland"), status, basis, regions(code)[0].ground, **more)


EVERY_KIND = [
    area("UA-09"),
    area("UA-43", since="before"),
    area("UA-14", "contested"),
    area("UA-63", "advance"),
    area("UA-53", "infiltration"),
    area("UA-59", "liberated", party="oekraine", colour="blue"),
    area("UA-12", "unknown"),
    area("UA-23", basis="claimed", claimed_by="rusland"),
    area("UA-46", party="oekraine", colour="blue", pattern="quiet"),
    area("UA-05", party="lijnen", colour="ochre", pattern="lines"),
    area("UA-07", party="punten", colour="green", pattern="dots"),
    area("UA-26", party="raster", colour="purple", pattern="grid"),
]


def picture(areas=EVERY_KIND, dots=(), prefix="m1", language="nl"):
    return compose(
        draw_ground(areas, FRAME), dots, FRAME, language, title="Kaart van Oekraïne", prefix=prefix, parties=PARTIES
    )


def markup(*args, **more) -> str:
    return render_to_string("mapdata/_map.html", {"picture": picture(*args, **more)})


class MarkupTests(SimpleTestCase):
    def test_every_area_says_whose_it_is_how_and_on_whose_word(self):
        paths = [found for tag, found in Elements(markup()).found if tag == "path" and "data-party" in found]
        self.assertEqual(len(paths), len(EVERY_KIND))
        self.assertEqual(
            {(path["data-party"], path["data-status"], path["data-basis"]) for path in paths},
            {(one.party, one.status, one.basis) for one in EVERY_KIND},
        )
        self.assertEqual(paths[-1]["data-basis"], "claimed")

    def test_what_is_claimed_is_never_drawn_like_what_is_assessed(self):
        paths = [found for tag, found in Elements(markup()).found if "data-basis" in found]
        looks = {
            basis: {path["class"] for path in paths if path["data-basis"] == basis} for basis in ("claimed", "assessed")
        }
        self.assertFalse(looks["claimed"] & looks["assessed"])
        self.assertTrue(all("m-claimed" in look for look in looks["claimed"]))

    def test_every_dot_links_to_its_event_and_has_a_name_with_its_day(self):
        dots = [
            dot(
                7,
                30.5,
                50.4,
            ),
            dot(8, 37.5, 47.1),
        ]
        text = markup(dots=dots)
        links = [found for tag, found in Elements(text).found if tag == "a"]
        self.assertEqual([link["data-event"] for link in links], ["7", "8"])
        self.assertEqual([link["href"] for link in links], ["/7/", "/8/"])
        self.assertIn("<title>Gebeurtenis 7, 6 april 2022</title>", text)
        self.assertEqual(links[0]["id"], "m1-7")
        self.assertEqual(links[0]["data-place"], "30.5,50.4")

    def test_a_title_can_hold_anything(self):
        evil = Dot("1", 30.5, 50.4, '<script>alert("1")</script> & "meer"', "6 april", "/1/")
        text = markup(dots=[evil])
        self.assertNotIn("<script", text)
        self.assertIn('<script>alert("1")</script> & "meer", 6 april', html.unescape(text))

    def test_the_drawing_is_one_svg_that_says_its_views(self):
        drawings = [found for tag, found in Elements(markup()).found if tag == "svg" and "data-map" in found]
        self.assertEqual(len(drawings), 1)
        self.assertEqual(drawings[0]["viewbox"], "0 0 1040 700")
        west, south, east, north = map(float, drawings[0]["data-bounds"].split(","))
        self.assertTrue(west < 22.2 and south <= 44.21 and east > 40.4 and north > 52.49)
        inner = list(map(float, drawings[0]["data-narrow"].split(",")))
        self.assertTrue(west <= inner[0] < inner[2] <= east and south <= inner[1] < inner[3] <= north)

    def test_there_is_no_inline_style_or_script_for_a_strict_policy_to_refuse(self):
        for tag, found in Elements(markup(dots=stacked(5))).found:
            self.assertNotIn(tag, ("style", "script"))
            self.assertFalse([name for name in found if name == "style" or name.startswith("on")])

    def test_two_maps_on_a_page_share_no_id_and_each_finds_its_own(self):
        both = [Elements(markup(dots=stacked(3), prefix=prefix)).found for prefix in ("m1", "m2")]
        ids = [{found["id"] for _, found in one if "id" in found} for one in both]
        self.assertFalse(ids[0] & ids[1])
        for one, known in zip(both, ids, strict=True):
            used = {found["href"][1:] for tag, found in one if tag == "use"}
            used |= {found["fill"][5:-1] for _, found in one if found.get("fill", "").startswith("url(#")}
            self.assertLessEqual(used, known)

    @override_settings(USE_THOUSAND_SEPARATOR=True)
    def test_numbers_are_written_for_machines_in_every_language(self):
        with translation.override("en"):
            english = markup(dots=stacked(5))
        with translation.override("nl"):
            self.assertEqual(markup(dots=stacked(5)), english)
        self.assertNotRegex(english, r' (x|y|width|height)="[^"]*,')

    def test_on_a_map_without_ground_or_events_nothing_is_amiss(self):
        text = markup(areas=[])
        self.assertNotIn("data-party", text)
        self.assertNotIn('d=""', text.replace('<path class="m-mark" d=""/>', ""))


class LegendTests(SimpleTestCase):
    def legend(self, *args, baseline="", **more):
        with translation.override("en"):
            return render_to_string("mapdata/_legend.html", {"picture": picture(*args, **more), "baseline": baseline})

    def test_it_explains_each_way_of_drawing_that_occurs_and_no_other(self):
        self.assertEqual(self.legend().count("<li>"), len(EVERY_KIND))
        self.assertEqual(self.legend(areas=[area("UA-09")]).count("<li>"), 1)
        self.assertNotIn("Event", self.legend())
        self.assertIn("Event", self.legend(dots=stacked(2)))

    def test_it_names_the_parties_and_who_claims(self):
        words = re.sub(r"<[^>]*>", "|", self.legend())
        for line in ("Held by Rusland", "Retaken by Oekraïne", "Claimed by Rusland, not confirmed", "Contested"):
            self.assertIn(line, words)

    def test_it_says_since_when_ground_was_held_before(self):
        self.assertIn("since before 24 februari 2022", self.legend(baseline="24 februari 2022"))
        self.assertIn("Held by Rusland for longer", self.legend())

    def test_its_swatches_have_the_patterns_of_the_map(self):
        swatches = {found.get("fill") for tag, found in Elements(self.legend()).found if tag == "path"}
        paths = {found.get("fill") for tag, found in Elements(markup()).found if "data-party" in found}
        self.assertEqual(swatches, paths)

    def test_a_place_known_only_roughly_has_a_dot_and_a_line_of_its_own(self):
        rough = [dot(1, 30.5, 50.4, precision="district")]
        self.assertIn("place known roughly", self.legend(dots=rough))
        self.assertIn("#m1-rough", markup(dots=rough))
        self.assertNotIn("roughly", self.legend(dots=stacked(2)))


class StyleTests(SimpleTestCase):
    def test_every_colour_kind_and_pattern_has_its_rule(self):
        css = CSS.read_text()
        for colour in PALETTE:
            self.assertEqual(css.count(f"--map-{colour}:"), 2, "one value for light pages and one for dark")
        for kind in {"solid", "quiet"} | set(TILES):
            self.assertTrue(kind in TILES or f".m-{kind}" in css)
        for tile in TILES.values():
            self.assertIn(f".p-{tile.line}", css)
            self.assertTrue(not tile.ground or f".p-{tile.ground}" in css)

    def test_every_status_and_pattern_of_a_party_can_be_drawn(self):
        for status in STATUSES[1:]:
            self.assertIn(status, TILES)
        for pattern in PARTY_PATTERNS:
            self.assertTrue(pattern in TILES or pattern in ("solid", "quiet"))

    def test_it_asks_for_nothing_from_elsewhere(self):
        self.assertNotRegex(CSS.read_text(), r"url\(|@import|http")


class SizeTests(SimpleTestCase):
    def test_the_map_of_a_real_day_with_26_events_is_small(self):
        whole = markup(areas=areas_of("viina-voronoi/2022-04-06"), dots=stacked(26))
        self.assertLess(len(brotli.compress(whole.encode(), quality=5)), 14_000)
        self.assertLess(len(brotli.compress(CSS.read_bytes(), quality=5)), 2_600)


# Pages as a browser lays them out: sizes, and what is shown.


@pytest.fixture
def drawn(browser):
    """A function that shows a map at a width and gives the page."""
    contexts = []

    def show(width: int, dots) -> object:
        context = browser.new_context(viewport={"width": width, "height": 900})
        contexts.append(context)
        page = context.new_page()
        style = f"<style>body {{ margin: 0 }} {CSS.read_text()}</style>"
        page.set_content(f"<!doctype html>{style}{markup(dots=dots)}")
        return page

    yield show
    for context in contexts:
        context.close()


BOXES = """() => [...document.querySelectorAll("a[data-event]")].map(link => {
  const box = link.getBoundingClientRect()
  const map = link.closest("svg").getBoundingClientRect()
  const inside = box.left >= map.left && box.right <= map.right && box.top >= map.top && box.bottom <= map.bottom
  return [box.width, box.height, inside]
})"""


@pytest.mark.parametrize("width", [1040, 768, 360])
def test_every_dot_can_be_touched_and_seen(drawn, width):
    boxes = drawn(width, stacked(26)).evaluate(BOXES)
    assert len(boxes) == 26
    assert min(min(box[:2]) for box in boxes) >= 24
    assert all(inside for _, _, inside in boxes)


@pytest.mark.parametrize("width", [1040, 360])
def test_a_dot_is_hit_where_it_is_seen(drawn, width):
    page = drawn(width, stacked(26))
    hit = """() => [...document.querySelectorAll("a[data-event]")].every(link => {
      const box = link.getBoundingClientRect()
      const top = document.elementFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2)
      return top.closest("a") === link
    })"""
    assert page.evaluate(hit)


def test_a_phone_shows_a_taller_map_and_its_own_names(drawn):
    sizes = {}
    for width in (1040, 360):
        page = drawn(width, stacked(3))
        box = page.locator("svg[data-map]").bounding_box()
        sizes[width] = (round(box["width"]), round(box["height"]))
        shown = "wide" if width == 1040 else "narrow"
        assert page.locator(f"g.m-{shown}").is_visible()
        assert page.locator("g.m-wide:visible, g.m-narrow:visible").count() == 1
        text = page.locator(f"g.m-{shown} text").first
        assert text.evaluate("node => parseFloat(getComputedStyle(node).fontSize) * node.getScreenCTM().a") >= 10
    assert sizes == {1040: (1040, 700), 360: (360, 400)}


def test_names_take_no_more_room_than_was_kept_for_them(drawn):
    """In this browser's system font, too, no name reaches another or a dot."""
    page = drawn(1040, stacked(26))
    overlap = """() => {
      const boxes = [...document.querySelectorAll("g.m-wide text")].map(node => node.getBBox())
      const across = (a, b) => a.x < b.x + b.width && b.x < a.x + a.width
      const down = (a, b) => a.y + 2 < b.y + b.height && b.y + 2 < a.y + a.height
      const touch = (a, b) => across(a, b) && down(a, b)
      return boxes.flatMap((a, i) => boxes.slice(i + 1).filter(b => touch(a, b))).length
    }"""
    assert page.evaluate(overlap) == 0
