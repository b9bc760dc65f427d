"""Dots and names: all there, told apart, and none in another's way."""

import math
import random
import time
import unittest

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mapdata.drawing.cropping import View, narrow_view, wide_view
from mapdata.drawing.dots import CLOSEST, DISTANCE, MANY, RADIUS, Dot, leaders, spread_dots
from mapdata.drawing.labels import name_candidates, place_names, text_width
from mapdata.drawing.picture import AreaShape, compose, draw_ground, scale_bar
from mapdata.drawing.projection import Frame
from tests.properties import examples
from tests.test_drawing import regions

FRAME = Frame((22.2, 44.2, 40.4, 52.5))
EAST = regions("UA-09", "UA-14")
VIEWS = (wide_view(FRAME), narrow_view(FRAME, draw_ground(EAST, FRAME)))
KYIV, MARIUPOL, LVIV = (30.52, 50.45), (37.54, 47.10), (24.03, 49.84)


def dot(number: int, lon: float, lat: float, **more) -> Dot:
    return Dot(
        id=str(number), lon=lon, lat=lat, title=f"Gebeurtenis {number}", when="6 april 2022", url=f"/{number}/", **more
    )


def dots_at(*places: tuple[float, float]) -> list[Dot]:
    return [dot(number, *place) for number, place in enumerate(places)]


def stacked(count: int) -> list[Dot]:
    """Many events at few places, as the news has them."""
    chosen = random.Random(7)
    return [
        dot(number, lon + chosen.gauss(0, 0.15), lat + chosen.gauss(0, 0.1))
        for number in range(count)
        for lon, lat in [chosen.choice([KYIV, MARIUPOL, (36.25, 49.98), (37.8, 48.0)])]
    ]


def nearest(places: np.ndarray) -> float:
    apart = np.hypot(*(places[:, None] - places[None]).T)
    np.fill_diagonal(apart, np.inf)
    return apart.min()


class SpreadTests(unittest.TestCase):
    @examples(60)
    @given(st.lists(st.tuples(st.floats(22, 41), st.floats(44, 53)), max_size=60))
    def test_no_two_dots_are_nearer_than_the_distance_and_all_are_inside(self, places):
        for view in VIEWS:
            spread = spread_dots(dots_at(*places), FRAME, view)
            self.assertEqual(len(spread.places), len(places))
            if len(places) > 1:
                self.assertGreaterEqual(nearest(spread.places), spread.distance)
            left, top, right, bottom = view.box
            if places:
                self.assertTrue(((spread.places > (left, top)) & (spread.places < (right, bottom))).all())

    def test_as_many_as_can_be_touched_apart_are(self):
        for view in VIEWS:
            self.assertGreaterEqual(spread_dots(stacked(MANY), FRAME, view).distance / view.pixel, 24)

    def test_150_stand_closer_but_do_not_cover_each_other(self):
        for view in VIEWS:
            spread = spread_dots(stacked(150), FRAME, view)
            self.assertGreaterEqual(nearest(spread.places), CLOSEST * view.pixel)

    def test_150_take_a_moment(self):
        start = time.process_time()
        spread_dots(stacked(150), FRAME, VIEWS[0])
        self.assertLess(time.process_time() - start, 0.05)

    def test_150_on_one_spot_come_apart_too(self):
        spread = spread_dots(dots_at(*[KYIV] * 150), FRAME, VIEWS[0])
        self.assertGreaterEqual(nearest(spread.places), spread.distance)

    def test_a_dot_alone_stands_on_its_place_and_needs_no_leader(self):
        spread = spread_dots(dots_at(KYIV, MARIUPOL), FRAME, VIEWS[0])
        np.testing.assert_allclose(spread.places, spread.anchors, atol=0.5)
        self.assertEqual(leaders(spread, VIEWS[0]), ("", ""))

    def test_dots_on_one_spot_part_and_point_back_to_it(self):
        spread = spread_dots(dots_at(KYIV, KYIV, KYIV), FRAME, VIEWS[0])
        lines, pins = leaders(spread, VIEWS[0])
        # The first keeps the place; it is the others that had to give way.
        self.assertEqual(lines.count("M"), 2)
        self.assertEqual(len(set(pins.split("M")[1:])), 1)

    def test_they_stay_near_their_place(self):
        spread = spread_dots(dots_at(*[KYIV] * 6), FRAME, VIEWS[0])
        self.assertLess(np.hypot(*(spread.places - spread.anchors).T).max(), 2 * DISTANCE["wide"])

    def test_a_dot_outside_of_the_view_stands_at_its_edge_and_points_out(self):
        spread = spread_dots(dots_at(LVIV), FRAME, VIEWS[1])
        left = VIEWS[1].box[0]
        self.assertLess(spread.anchors[0][0], left)
        self.assertLess(abs(spread.places[0][0] - left), 20 * VIEWS[1].pixel)
        self.assertIn("l-", leaders(spread, VIEWS[1])[0])

    def test_the_order_in_which_they_are_asked_for_does_not_matter(self):
        dots = stacked(30)
        mixed = random.Random(1).sample(dots, len(dots))
        places = dict(zip([d.id for d in dots], spread_dots(dots, FRAME, VIEWS[0]).places.tolist(), strict=True))
        again = dict(zip([d.id for d in mixed], spread_dots(mixed, FRAME, VIEWS[0]).places.tolist(), strict=True))
        self.assertEqual(places, again)


class NameTests(unittest.TestCase):
    def placed(self, view: View, dots, language="nl"):
        spread = spread_dots(dots, FRAME, view)
        return spread, place_names(name_candidates(FRAME, view, language), spread, view)

    def test_names_cover_no_dot_and_not_each_other(self):
        for view in VIEWS:
            for dots in (dots_at(KYIV, KYIV, MARIUPOL, LVIV), stacked(26), stacked(150)):
                spread, placed = self.placed(view, dots)
                for name in placed.names:
                    left, top, right, bottom = name.box
                    for x, y in spread.places:
                        apart = math.hypot(max(left - x, 0, x - right), max(top - y, 0, y - bottom))
                        self.assertGreaterEqual(apart, RADIUS * view.pixel, name.text)
                boxes = np.array([name.box for name in placed.names])
                left, top, right, bottom = boxes.T
                across = (left[:, None] < right) & (left < right[:, None])
                down = (top[:, None] < bottom) & (top < bottom[:, None])
                self.assertEqual((across & down).sum(), len(boxes))

    def test_names_lie_inside_the_view(self):
        for view in VIEWS:
            left, top, right, bottom = view.box
            for name in self.placed(view, stacked(26))[1].names:
                self.assertTrue(
                    left < name.box[0] and top < name.box[1] and name.box[2] < right and name.box[3] < bottom
                )

    def test_the_place_of_an_event_is_named_even_under_a_heap_of_dots(self):
        for view, wanted in zip(VIEWS, ({"Kyiv", "Mariupol"}, {"Mariupol"}), strict=True):
            dots = dots_at(KYIV, KYIV, KYIV, MARIUPOL, MARIUPOL, MARIUPOL)
            self.assertLessEqual(wanted, {name.text for name in self.placed(view, dots)[1].names})

    def test_a_small_town_is_named_only_where_something_happened(self):
        bucha = (30.21, 50.55)
        self.assertNotIn("Bucha", {name.text for name in self.placed(VIEWS[0], [])[1].names})
        self.assertIn("Bucha", {name.text for name in self.placed(VIEWS[0], dots_at(bucha))[1].names})

    def test_a_phone_has_fewer_names_than_a_wide_screen(self):
        wide, narrow = (len(self.placed(view, [])[1].names) for view in VIEWS)
        self.assertLess(narrow, wide)
        self.assertGreater(narrow, 6)

    def test_names_are_in_the_language_of_the_page(self):
        for language, name, country in [
            ("nl", "Cherson", "POLEN"),
            ("en", "Kherson", "POLAND"),
            ("uk", "Херсон", "ПОЛЬЩА"),
        ]:
            texts = {found.text for found in self.placed(VIEWS[0], [], language)[1].names}
            self.assertLessEqual({name, country}, texts)

    def test_a_sea_keeps_its_own_name(self):
        names = {name.text: name for name in self.placed(VIEWS[0], [])[1].names}
        x, y = names["Zee van Azov"].x, names["Zee van Azov"].y
        lon, lat = FRAME.to_lonlat(x, y)
        self.assertTrue(34.9 < lon < 38.5 and 45.3 < lat < 47.2)

    def test_wide_letters_take_more_room_than_narrow_ones(self):
        self.assertGreater(text_width("MMM", 10), 2 * text_width("iii", 10))


class CropTests(unittest.TestCase):
    def test_a_phone_shows_the_part_where_it_is_fought(self):
        view = VIEWS[1]
        self.assertGreater(view.scale, 1.2)
        west, south, east, north = FRAME.bounds_of(view.x, view.y, view.width, view.height)
        self.assertTrue(west < 36.5 and east > 40.1 and south < 47 and north > 50)

    def test_without_ground_it_shows_where_the_events_are(self):
        places = [tuple(map(float, FRAME.to_xy(*place))) for place in (LVIV, (25.5, 49.5))]
        view = narrow_view(FRAME, [], places)
        self.assertLess(view.x, 100)
        self.assertGreater(view.scale, 1.2)

    def test_with_nothing_at_all_it_shows_the_middle(self):
        view = narrow_view(FRAME, [])
        self.assertEqual(view.scale, 1)
        self.assertLess(abs(view.x + view.width / 2 - 520), 40)

    def test_quiet_ground_does_not_draw_the_eye(self):
        quiet = AreaShape("oekraine", "controlled", "assessed", regions("UA-46")[0].ground, "", "blue", "quiet")
        self.assertEqual(narrow_view(FRAME, draw_ground([*EAST, quiet], FRAME)), VIEWS[1])

    def test_an_event_more_does_not_move_the_view(self):
        ground = draw_ground(EAST, FRAME)
        self.assertEqual(narrow_view(FRAME, ground, [(10, 10)]), narrow_view(FRAME, ground))

    def test_but_a_place_that_must_be_seen_does(self):
        ground = draw_ground(EAST, FRAME)
        for x, y in ((10, 10), (1030, 690), (500, 300), (-50, 300)):
            view = narrow_view(FRAME, ground, around=(x, y))
            self.assertTrue(view.x <= max(x, 0) <= view.x + view.width and view.y <= y <= view.y + view.height)
            self.assertTrue(0 <= view.x <= FRAME.width - view.width and 0 <= view.y <= FRAME.height - view.height)


class ScaleTests(unittest.TestCase):
    def test_the_bar_is_as_long_as_it_says(self):
        for view in VIEWS:
            path, text, _, _ = scale_bar(FRAME, view)
            left, _, right, bottom = view.box
            self.assertGreater(scale_bar(FRAME, view, [(left + 30, bottom - 30)])[2][0], (left + right) / 2)
            start, _, length = path.partition("h")
            x, y = (float(part) for part in start[1:].split("v")[0].split(" "))
            width = float(length.split("v")[0])
            # In the middle of the view, where it is true.
            middle = sum(view.box[1::2]) / 2
            ends = [
                ((u - view.left) / view.scale + view.x, (middle - view.top) / view.scale + view.y)
                for u in (x, x + width)
            ]
            (lon, lat), (other, _) = (FRAME.to_lonlat(*end) for end in ends)
            km = math.radians(other - lon) * 6378.137 * math.cos(math.radians(lat))
            self.assertAlmostEqual(km / float(text.split()[0]), 1, delta=0.03)


class PictureTests(unittest.TestCase):
    def test_the_newest_150_events_are_drawn_and_no_more(self):
        picture = compose([], stacked(170), FRAME, "nl", title="Kaart")
        self.assertEqual([drawn.id for drawn in picture.dots], [str(number) for number in range(150)])

    def test_a_map_of_a_part_has_the_events_of_that_part(self):
        east = Frame((36, 47, 40.5, 50))
        self.assertEqual(
            [drawn.id for drawn in compose([], dots_at(LVIV, MARIUPOL), east, "nl", title="Kaart").dots], ["1"]
        )

    def test_where_all_events_lie_outside_none_is_drawn(self):
        east = Frame((36, 47, 40.5, 50))
        self.assertEqual(compose([], dots_at(LVIV), east, "nl", title="Kaart").dots, ())

    def test_a_map_of_one_event_shows_its_place_on_a_phone_too(self):
        ground = draw_ground(EAST, FRAME)
        (drawn,) = compose(ground, dots_at(LVIV), FRAME, "nl", title="Kaart", one_event=True).dots
        left, _, right, _ = VIEWS[1].box
        self.assertTrue(left + 40 < drawn.narrow[0] < right - 40)

    def test_a_map_of_one_event_elsewhere_points_there(self):
        east = Frame((36, 47, 40.5, 50))
        picture = compose([], dots_at(LVIV), east, "nl", title="Kaart", one_event=True)
        self.assertLess(picture.dots[0].wide[0], 20)
        self.assertIn("l-", picture.layouts[0].leaders)

    def test_a_phone_does_not_draw_what_lies_outside_its_part(self):
        picture = compose(draw_ground(EAST, FRAME), dots_at(LVIV, MARIUPOL), FRAME, "nl", title="Kaart")
        self.assertEqual([drawn.narrow is None for drawn in picture.dots], [True, False])
        self.assertTrue(all(drawn.wide for drawn in picture.dots))
        self.assertEqual(picture.layouts[1].leaders, "")

    def test_the_same_input_gives_the_same_picture(self):
        ground = draw_ground(EAST, FRAME)
        self.assertEqual(
            compose(ground, stacked(26), FRAME, "nl", title="Kaart"),
            compose(ground, stacked(26), FRAME, "nl", title="Kaart"),
        )
