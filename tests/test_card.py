"""The map as a picture for social cards."""

import io
import time
import unittest
from pathlib import Path

import pytest
from django.utils import translation
from PIL import Image

from mapdata.drawing.legend import LEGEND_ORDER, PALETTE
from mapdata.drawing.social_card import FILLS, MAP, card, font
from tests.test_drawing import areas_of
from tests.test_drawing_dots import stacked
from tests.test_drawing_markup import EVERY_KIND

BOUNDS = (22.2, 44.2, 40.4, 52.5)
CSS = Path(__file__).resolve().parent.parent / "mapdata" / "static" / "mapdata" / "map.css"


def drawn(areas=EVERY_KIND, dots=(), title="Situatie Oekraïne", language="nl", **more) -> bytes:
    words = {"stamp": "6 april 2022, 18.00 uur", "source_line": "Bron: beoordeling van de redactie"} | more
    with translation.override(language):
        return card(areas, list(dots), BOUNDS, title=title, language=language, **words)


def image(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


def near(colour: tuple, other: tuple, by: int = 30) -> bool:
    return all(abs(a - b) <= by for a, b in zip(colour, other, strict=True))


@pytest.mark.slow
class CardTests(unittest.TestCase):
    def test_it_is_a_png_of_the_size_that_networks_ask_for(self):
        png = drawn()
        self.assertEqual(Image.open(io.BytesIO(png)).format, "PNG")
        self.assertEqual(image(png).size, (1200, 630))
        self.assertLess(len(png), 150_000)

    def test_held_ground_is_red_and_other_ground_is_not(self):
        picture = image(drawn())
        luhansk, crimea, kirovohrad = (1140, 250), (925, 520), (840, 330)
        self.assertTrue(near(picture.getpixel(luhansk), (220, 84, 99)))
        self.assertGreater(picture.getpixel(crimea)[0], 100)
        self.assertTrue(near(picture.getpixel(kirovohrad), (251, 246, 232)))

    def test_the_title_is_written_and_kept_off_the_map(self):
        empty, titled = (image(drawn(title=title)).crop((0, 0, 396, 630)) for title in ("", "Situatie Oekraïne"))
        self.assertNotEqual(empty.tobytes(), titled.tobytes())

    def test_a_long_title_gets_smaller_and_still_fits(self):
        title = "Inwoners van Luhansk en Donetsk opgeroepen te vertrekken nu het nog veilig is, zegt hun gouverneur"
        picture = image(drawn(title=title))
        margin = picture.crop((0, 0, 38, 630))
        self.assertEqual(margin.getcolors(), [(38 * 630, (255, 255, 255))])
        self.assertTrue(near(picture.getpixel((398, 315)), (240, 238, 233)))

    def test_a_word_without_end_is_no_error(self):
        self.assertEqual(image(drawn(title="x" * 300)).size, (1200, 630))

    def test_its_fonts_have_the_letters_of_all_three_languages(self):
        for bold in (False, True):
            missing = bytes(font(40, bold).getmask("\uffff"))
            for letter in "ïëéÓŁżÄ–·“”’€²абвгґдеєжзиіїйклмнопрстуфхцчшщьюяЇҐЄ":
                self.assertNotEqual(bytes(font(40, bold).getmask(letter)), missing, letter)

    def test_names_and_words_are_in_the_language_asked_for(self):
        self.assertNotEqual(drawn(language="nl"), drawn(language="uk"))

    def test_the_same_edition_gives_the_same_bytes(self):
        self.assertEqual(drawn(dots=stacked(20)), drawn(dots=stacked(20)))

    def test_dots_are_seen(self):
        self.assertNotEqual(drawn(dots=stacked(20)), drawn())

    def test_its_colours_are_those_of_the_style_sheet(self):
        light = CSS.read_text().split("@media")[0]
        for name in [*PALETTE, "sea", "land", "country", "border", "dot", "dark", "halo", "river", "oblast"]:
            self.assertIn(f"--map-{name}: {MAP[name]}", light)

    def test_every_way_of_drawing_is_known(self):
        self.assertEqual(set(FILLS), set(LEGEND_ORDER))

    def test_a_real_day_takes_less_than_a_second(self):
        areas = areas_of("viina-voronoi/2022-04-06")
        drawn(areas)
        start = time.process_time()
        drawn(areas, stacked(26))
        self.assertLess(time.process_time() - start, 1)
