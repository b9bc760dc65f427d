"""What an editor does with a line or a point, on drawn polygons: which ground changes hands, and when it is refused."""

import pytest
import shapely
from django.utils import translation
from shapely import LineString, MultiPolygon, Point, Polygon, box

from mapdata.ground.areas import ASSESSED, Area, Holding, area_km2, clean, hand_over, is_partition, merged
from mapdata.ground.redrawing import CannotBeDone, cut, dissolve, move_border, side_words, take_over

RED, BLUE, GREY = Holding("rusland"), Holding("oekraine", "liberated"), Holding("rusland", "contested")
CLAIM = Holding("rusland", "advance", "claimed", "rusland")
LAYER = (ASSESSED, "")
SQUARE = clean(box(30, 50, 32, 51))
AREAS = (Area(RED, SQUARE),)
NEIGHBOURS = (Area(BLUE, clean(box(30, 50, 31, 51))), Area(RED, clean(box(31, 50, 32, 51))))


def same(one, other):
    return one.symmetric_difference(other).area < 1e-9


class TestFrontLine:
    def test_it_divides_the_ground_that_it_crosses(self):
        sides = cut(AREAS, LAYER, LineString([(29, 50.5), (33, 50.5)]))
        assert same(sides.left, box(30, 50.5, 32, 51))
        assert same(sides.right, box(30, 50, 32, 50.5))

    def test_drawn_the_other_way_its_sides_change_places(self):
        line = LineString([(29, 50.4), (31, 50.7), (33, 50.5)])
        there, back = cut(AREAS, LAYER, line), cut(AREAS, LAYER, line.reverse())
        assert same(there.left, back.right)
        assert same(there.right, back.left)

    def test_ends_that_hang_over_cut_nothing(self):
        beside = (*NEIGHBOURS[1:], Area(BLUE, clean(box(30, 50, 31, 51))))
        sides = cut(beside, LAYER, LineString([(30.5, 50.5), (33, 50.5)]))
        assert same(sides.left, box(31, 50.5, 32, 51))

    def test_it_cuts_the_ground_of_all_whom_it_crosses(self):
        sides = cut(NEIGHBOURS, LAYER, LineString([(29, 50.5), (33, 50.5)]))
        assert same(sides.left, box(30, 50.5, 32, 51))

    def test_with_a_border_it_encloses_ground_of_nobody(self):
        sides = cut(AREAS, LAYER, LineString([(30.5, 51), (30.5, 51.5), (31.5, 51.5), (31.5, 51)]))
        assert same(sides.right, box(30.5, 51, 31.5, 51.5))

    def test_a_winding_line_gives_each_piece_to_its_side(self):
        line = LineString([(29, 50.5), (30.5, 50.5), (30.5, 51.5), (31, 51.5), (31, 50.5), (33, 50.5)])
        sides = cut(AREAS, LAYER, line)
        assert same(sides.left, shapely.union_all([box(30, 50.5, 30.5, 51), box(31, 50.5, 32, 51)]))

    def test_only_its_own_layer_is_cut(self):
        areas = (*AREAS, Area(CLAIM, clean(box(30, 49, 32, 50))))
        sides = cut(areas, LAYER, LineString([(31, 48), (31, 52)]))
        assert same(sides.left, box(30, 50, 31, 51))
        assert same(cut(areas, CLAIM.layer, LineString([(31, 48), (31, 52)])).left, box(30, 49, 31, 50))

    @pytest.mark.parametrize(
        "line",
        [
            LineString([(29, 50.5), (31, 50.5)]),
            LineString([(28, 50), (29, 51)]),
            LineString([(30.2, 50.5), (31, 50.5)]),
        ],
    )
    def test_one_that_cuts_nothing_in_two_is_refused(self, line):
        with pytest.raises(CannotBeDone):
            cut(AREAS, LAYER, line)

    @pytest.mark.parametrize(
        ("end", "left"),
        [((33, 50.5), "north"), ((27, 50.5), "south"), ((30, 53), "west"), ((30, 48), "east"), ((32, 52), "northwest")],
    )
    def test_its_sides_are_told_apart_by_the_compass(self, end, left):
        with translation.override("en"):
            words = side_words(LineString([(30, 50.5), end]))
        assert words["left"] == f"{left} of the line"
        assert words["right"] != words["left"]


class TestMovedBorder:
    def after(self, areas, line):
        moved = hand_over(areas, LAYER, move_border(areas, LAYER, line))
        assert is_partition(moved)
        return {area.holding: area.ground for area in moved}

    def test_both_neighbours_follow(self):
        after = self.after(NEIGHBOURS, LineString([(31, 50.2), (31.2, 50.5), (31, 50.8)]))
        bulge = Polygon([(31, 50.2), (31.2, 50.5), (31, 50.8)])
        assert same(after[BLUE], box(30, 50, 31, 51).union(bulge))
        assert same(after[RED], box(31, 50, 32, 51).difference(bulge))

    def test_a_line_on_both_sides_of_the_border_gives_and_takes(self):
        after = self.after(NEIGHBOURS, LineString([(31, 50.2), (31.2, 50.35), (30.8, 50.65), (31, 50.8)]))
        assert area_km2(after[BLUE]) == pytest.approx(area_km2(box(30, 50, 31, 51)), abs=15)
        assert after[BLUE].contains(Point(31.1, 50.35))
        assert after[RED].contains(Point(30.9, 50.65))

    def test_ends_near_the_border_are_taken_to_it(self):
        after = self.after(NEIGHBOURS, LineString([(31.003, 50.2), (31.2, 50.5), (30.997, 50.8)]))
        assert after[BLUE].contains(Point(31.05, 50.5))

    def test_a_border_with_nobody_moves_as_well(self):
        after = self.after(AREAS, LineString([(30.5, 51), (30.5, 51.2), (31.5, 51.2), (31.5, 51)]))
        assert same(after[RED], box(30, 50, 32, 51).union(box(30.5, 51, 31.5, 51.2)))
        after = self.after(AREAS, LineString([(30.5, 51), (30.5, 50.8), (31.5, 50.8), (31.5, 51)]))
        assert same(after[RED], box(30, 50, 32, 51).difference(box(30.5, 50.8, 31.5, 51)))

    def test_on_a_ring_the_stretch_that_encloses_less_is_meant(self):
        after = self.after(AREAS, LineString([(31, 50), (31, 50.3), (32, 50.3)]))
        assert same(after[RED], box(30, 50, 32, 51).difference(box(31, 50, 32, 50.3)))

    def test_third_parties_keep_their_ground(self):
        third = Area(GREY, clean(box(31, 50.4, 31.1, 50.6)))
        areas = (NEIGHBOURS[0], Area(RED, clean(box(31, 50, 32, 51).difference(third.ground))), third)
        line = LineString([(31, 50.05), (31.3, 50.05), (31.3, 50.95), (31, 50.95)])
        with pytest.raises(CannotBeDone):
            # Its ends lie on two borders: the one that they share is interrupted.
            self.after(areas, line)
        after = self.after(areas, LineString([(31, 50.05), (31.3, 50.05), (31.3, 50.35), (31, 50.35)]))
        assert same(after[GREY], third.ground)

    @pytest.mark.parametrize(
        "line",
        [
            LineString([(31, 50.2), (31.2, 50.5)]),
            LineString([(29, 50), (29, 51)]),
            LineString([(30, 50.5), (32, 50.5)]),
        ],
    )
    def test_one_that_does_not_begin_and_end_on_one_border_is_refused(self, line):
        with pytest.raises(CannotBeDone):
            move_border(NEIGHBOURS, LAYER, line)

    def test_one_that_runs_where_the_border_is_changes_nothing(self):
        with pytest.raises(CannotBeDone):
            move_border(NEIGHBOURS, LAYER, LineString([(31, 50.2), (31, 50.8)]))


class TestPocket:
    HOLE = box(30.4, 50.4, 30.6, 50.6)
    RING = clean(box(30, 50, 31, 51).difference(HOLE))

    def test_it_goes_to_who_lies_around_it(self):
        areas = merged([Area(BLUE, self.RING), Area(RED, clean(self.HOLE))])
        heir, pocket = dissolve(areas, LAYER, Point(30.5, 50.5))
        assert heir == BLUE
        assert same(pocket, self.HOLE)

    def test_a_gap_is_a_pocket_of_nobody(self):
        heir, pocket = dissolve((Area(BLUE, self.RING),), LAYER, Point(30.5, 50.5))
        assert heir == BLUE
        assert same(pocket, self.HOLE)

    def test_one_with_nobody_around_it_goes_to_nobody(self):
        heir, pocket = dissolve(AREAS, LAYER, Point(31, 50.5))
        assert heir is None
        assert same(pocket, SQUARE)

    def test_other_pockets_of_the_same_holding_stay(self):
        far = box(40, 48, 41, 49)
        areas = merged([Area(BLUE, self.RING), Area(RED, clean(MultiPolygon([self.HOLE, far])))])
        assert same(dissolve(areas, LAYER, Point(30.5, 50.5))[1], self.HOLE)

    def test_where_nobody_holds_anything_there_is_none(self):
        with pytest.raises(CannotBeDone):
            dissolve(AREAS, LAYER, Point(20, 40))


class TestTakingOver:
    def test_within_a_window_the_picture_is_the_other_one(self):
        picture = (Area(GREY, clean(box(30.5, 50, 31.5, 51))),)
        window = box(30, 50, 31, 51)
        after = hand_over(NEIGHBOURS, LAYER, take_over(picture, LAYER, window))
        held = {area.holding: area.ground for area in after}
        assert is_partition(after)
        assert BLUE not in held
        assert same(held[GREY], box(30.5, 50, 31, 51))
        assert same(held[RED], box(31, 50, 32, 51))
