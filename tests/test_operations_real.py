"""Thousands of operations at random on published control maps: what the editor promises holds after every one.

Nothing overlaps, no sliver appears, and the ground of the map is conserved to a hectare.
"""

import json
import math
import random

import pytest
import shapely
from shapely import LineString, Point, Polygon
from shapely.geometry import shape

from mapdata.ground.areas import (
    ASSESSED,
    SLIVER_KM2,
    Area,
    Holding,
    are_slivers,
    area_km2,
    clean,
    hand_over,
    is_partition,
    merged,
    partition,
)
from mapdata.ground.redrawing import CannotBeDone, cut, dissolve, move_border, take_over
from mapdata.models import drafting
from tests.makers import make_edition, make_party, writer
from tests.shared_data import shared

LAYER = (ASSESSED, "")
EACH = 240
FILES = [
    ("deepstate-2022/2022-04-06", "deepstate-2022/2022-11-30"),
    ("liveuamap-nzz/2022-03-26", "liveuamap-nzz/2022-04-30"),
    ("viina-voronoi/2022-03-16", "viina-voronoi/2022-04-06"),
]


pytestmark = pytest.mark.slow


def picture(name):
    by_status = {}
    for feature in json.loads(shared(f"control/{name}.geojson").read_text())["features"]:
        by_status.setdefault(feature["properties"]["status"], []).append(shape(feature["geometry"]))
    ground = partition(by_status.items()).ground
    return merged(Area(Holding("rusland" if "occupied" in key else key), part) for key, part in ground.items())


def united(areas):
    """Of areas that are a partition: those share their borders vertex by vertex, and only then is this right."""
    return shapely.coverage_union_all([area.ground for area in areas])


def slivers(areas):
    pieces = shapely.get_parts([area.ground for area in areas])
    return pieces[are_slivers(pieces)]


class Hand:
    """Somebody who works on a picture at random, most of the time near its borders."""

    def __init__(self, seed, areas, other):
        self.random, self.areas, self.other = random.Random(seed), areas, other
        self.receivers = [
            *(area.holding for area in areas),
            Holding("oekraine", "liberated"),
            Holding("rusland", "contested"),
            None,
        ]

    def place(self):
        points = shapely.get_coordinates(self.random.choice(self.areas).ground)
        x, y = points[self.random.randrange(len(points))]
        return x + self.random.gauss(0, 0.05), y + self.random.gauss(0, 0.05)

    def polygon(self):
        (x, y), size, corners = self.place(), self.random.uniform(0.02, 0.4), self.random.randrange(3, 12)
        reach = [size * self.random.uniform(0.3, 1) for _ in range(corners)]
        return Polygon(
            (x + r * math.cos(2 * math.pi * k / corners), y + r * math.sin(2 * math.pi * k / corners))
            for k, r in enumerate(reach)
        )

    def line(self):
        (x, y), turn, reach = self.place(), self.random.uniform(0, 2 * math.pi), self.random.uniform(0.1, 1.5)
        east, north = reach * math.cos(turn), reach * math.sin(turn)
        middle = (x + self.random.gauss(0, 0.1), y + self.random.gauss(0, 0.1))
        return LineString([(x - east, y - north), middle, (x + east, y + north)])

    def along_a_border(self):
        rings = shapely.get_parts(shapely.boundary(self.random.choice(self.areas).ground))
        ring = max(self.random.choices(rings, k=3), key=lambda ring: ring.length)
        begin = self.random.uniform(0, ring.length)
        ends = [ring.interpolate(at % ring.length) for at in (begin, begin + self.random.uniform(0.05, 0.5))]
        away = [(end.x + self.random.gauss(0, 0.05), end.y + self.random.gauss(0, 0.05)) for end in ends]
        return LineString([ends[0], *away, ends[1]])

    def gifts(self):
        """One operation: what goes to whom. Raises CannotBeDone where the hand slipped."""
        to = self.random.choice(self.receivers)
        match self.random.choice(["polygon", "line", "border", "pocket", "other"]):
            case "polygon":
                return [(to, clean(self.polygon()))]
            case "line":
                return [(to, self.random.choice(cut(self.areas, LAYER, self.line())))]
            case "border":
                return move_border(self.areas, LAYER, self.along_a_border())
            case "pocket":
                heir, pocket = dissolve(self.areas, LAYER, Point(self.place()))
                # Not the whole map: there would be nothing left to work on.
                return [(heir, pocket)] if area_km2(pocket) < 2000 else []
        return take_over(self.other, LAYER, self.polygon())


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("names", FILES, ids=lambda names: names[0].partition("/")[0])
def test_after_every_operation_the_picture_is_whole(names, seed):
    areas, other = map(picture, names)
    hand, done = Hand(f"{names} {seed}", areas, other), 0
    assert is_partition(areas)
    whole = shapely.union_all([area.ground for area in areas])
    while done < EACH:
        try:
            gifts = [gift for gift in hand.gifts() if not gift[1].is_empty]
        except CannotBeDone:
            continue
        before, after = hand.areas, hand_over(hand.areas, LAYER, gifts)
        expected, said = whole, shapely.MultiPolygon()
        for to, ground in gifts:
            # Where two pieces overlap, the one named first is given.
            own = ground.difference(said)
            expected = expected.difference(own) if to is None else expected.union(own)
            said = said.union(ground)
        assert is_partition(after), (done, gifts)
        whole = united(after)
        assert area_km2(whole.symmetric_difference(expected)) <= SLIVER_KM2, (done, gifts)
        small = shapely.STRtree(slivers(before))
        there, _ = small.query(shapely.point_on_surface(slivers(after)), predicate="intersects")
        assert len(set(there)) == len(slivers(after)), (done, gifts)
        hand.areas, done = after, done + 1


@pytest.mark.django_db
@pytest.mark.parametrize("names", FILES, ids=lambda names: names[0].partition("/")[0])
def test_a_draft_keeps_every_picture_of_them(names):
    """Through the database: what is stored is what was made, to the last digit, and undone it is what was there."""
    areas, other = map(picture, names)
    for slug in {area.holding.party for area in (*areas, *other)} | {"oekraine", "rusland"}:
        make_party(slug)
    draft = make_edition(areas=list(areas))
    hand, pictures = Hand(f"{names} stored", areas, other), [draft.ground_areas()]
    while len(pictures) <= 40:
        try:
            gifts = hand.gifts()
        except CannotBeDone:
            continue
        before = hand.areas
        if drafting.operate(draft, writer(), "ground", lambda areas, gifts=gifts: hand_over(areas, LAYER, gifts)):
            hand.areas = draft.ground_areas()
            assert hand.areas == hand_over(before, LAYER, gifts)
            assert is_partition(hand.areas)
            pictures.append(hand.areas)
    for shown in reversed(pictures[:-1]):
        drafting.undo(draft, writer())
        assert draft.ground_areas() == shown
