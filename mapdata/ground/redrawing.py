"""What an editor does to a picture, beside giving a region or a polygon: lines in; ground that changes hands, out.

Pure. Everything here answers with gifts for `areas.hand_over`, in one layer, so that it keeps what that promises: a
partition without slivers. Lines and points are WGS84 longitude/latitude in degrees, as ground is.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import shapely
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from shapely import LineString, MultiLineString, MultiPolygon, Point
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from mapdata.ground.areas import GRID, Area, Holding, Layer, are_slivers, clean, faces_of, first_of
from mapdata.ground.measuring import area_km2, polygons_of

Gift = tuple[Holding | None, MultiPolygon]

# Degrees, about 500 m: how far from a border the ends of a line may lie that is to move it.
REACH = 0.005


class CannotBeDone(Exception):
    """The operation makes no sense on this picture; the message says why, for the person who drew."""


class Sides(NamedTuple):
    """What lies along a line as drawn: the ground that it cuts off, left and right."""

    left: MultiPolygon
    right: MultiPolygon


def cut(areas: Sequence[Area], layer: Layer, line: LineString) -> Sides:
    """The ground on either side of a line that is drawn across the ground of a layer.

    All borders of the layer and the line make faces together; a side is the faces that have a piece of the line as
    their border there: held ground, and gaps that the line closes. Ends that lie inside ground cut nothing.
    """
    own = [area.ground for area in areas if area.holding.layer == layer]
    faces, covered = faces_of(own, [line])
    faces = faces[~are_slivers(faces)]
    left, right = _along(faces, line)
    sides = Sides(*(clean(shapely.union_all(faces[chosen])) for chosen in (left > right, right > left)))
    if sides.left.is_empty and sides.right.is_empty:
        raise CannotBeDone(
            _("The line cuts no ground in two: let it begin and end outside the ground that changes hands.")
        )
    return sides


def move_border(areas: Sequence[Area], layer: Layer, line: LineString) -> list[Gift]:
    """The gifts that make a stretch of a border run along `line`: what lies between changes hands.

    The line begins and ends on (within `REACH` of) one border between two holdings, or between one and nobody; the
    stretch between these two points is the one that encloses less ground with the line. Third parties keep theirs.
    """
    start, end = Point(line.coords[0]), Point(line.coords[-1])
    first, second, border = _border_near(areas, layer, start, end)
    between = _between(border, line, start, end)
    if between.is_empty:
        raise CannotBeDone(_("The new line runs where the border is already."))
    ground = {area.holding: area.ground for area in areas if area.holding.layer == layer}
    everybody = shapely.union_all(list(ground.values()))
    gifts: list[Gift] = []
    for giver, receiver in ((first, second), (second, first)):
        if giver is None:
            piece = shapely.difference(between, everybody, grid_size=GRID)
        else:
            piece = shapely.intersection(between, ground[giver], grid_size=GRID)
        gifts.append((receiver, _without_slivers(piece)))
    return [gift for gift in gifts if not gift[1].is_empty]


def dissolve(areas: Sequence[Area], layer: Layer, point: Point) -> Gift:
    """The pocket that contains a point, and the neighbour with the longest shared border, to whom it goes.

    A pocket is one polygon of a holding, or a gap that is enclosed by others' ground.
    """
    own = [area for area in areas if area.holding.layer == layer]
    faces, covered = faces_of([area.ground for area in own])
    owner = first_of(covered)
    inside = next((index for index in np.flatnonzero(shapely.intersects(faces, point))), None)
    if inside is None:
        raise CannotBeDone(_("Nobody's ground surrounds this point, and nobody holds it."))
    holder = owner[inside]
    parts = shapely.get_parts(shapely.coverage_union_all(faces[owner == holder]))
    pocket = parts[shapely.intersects(parts, point)][0]
    border = shapely.boundary(pocket)
    shared: dict[Holding | None, float] = {
        area.holding: shapely.length(shapely.intersection(border, shapely.boundary(area.ground)))
        for index, area in enumerate(own)
        if index != holder
    }
    if holder != -1:
        shared[None] = border.length - sum(shared.values())
    heir = max(shared, key=shared.__getitem__, default=None)
    return heir, clean(pocket)


def take_over(picture: Sequence[Area], layer: Layer, window: BaseGeometry) -> list[Gift]:
    """The gifts that make a layer, within a window, what it is in another picture."""
    gifts: list[Gift] = [
        (area.holding, _without_slivers(shapely.intersection(area.ground, window, grid_size=GRID)))
        for area in picture
        if area.holding.layer == layer
    ]
    return [*(gift for gift in gifts if not gift[1].is_empty), (None, clean(window))]


def side_words(line: LineString) -> dict[str, str]:
    """How to tell the sides of a line apart: "north of the line" and so on, by the way from its begin to its end."""
    (x, y), (to_x, to_y) = line.coords[0], line.coords[-1]
    # To the left of somebody who goes east lies the north.
    east, north = -(to_y - y), (to_x - x) * np.cos(np.radians((y + to_y) / 2))
    compass = [
        pgettext("of a line", "east"),
        pgettext("of a line", "northeast"),
        pgettext("of a line", "north"),
        pgettext("of a line", "northwest"),
        pgettext("of a line", "west"),
        pgettext("of a line", "southwest"),
        pgettext("of a line", "south"),
        pgettext("of a line", "southeast"),
    ]
    eighth = round(np.degrees(np.arctan2(north, east)) / 45) % 8
    return {
        side: _("%(compass)s of the line") % {"compass": compass[(eighth + turn) % 8]}
        for side, turn in (("left", 0), ("right", 4))
    }


def _without_slivers(ground: BaseGeometry) -> MultiPolygon:
    """Nobody drew these: they are left over from computing, and whoever has them keeps them."""
    pieces = polygons_of(ground)
    return clean(MultiPolygon(list(pieces[~are_slivers(pieces)])))


def _along(faces: np.ndarray, line: LineString) -> tuple[np.ndarray, np.ndarray]:
    """For each face the length (degrees) of its border along the line where it lies to the left, and to the right."""
    lengths = np.zeros((2, len(faces)))
    rings, face = shapely.get_rings(shapely.orient_polygons(faces), return_index=True)
    coordinates, ring = shapely.get_coordinates(rings, return_index=True)
    edge = np.flatnonzero(ring[:-1] == ring[1:])
    begin, step = coordinates[edge], coordinates[edge + 1] - coordinates[edge]
    west, south, east, north = line.bounds
    middle = begin + step / 2
    near = ((middle >= (west - 2 * GRID, south - 2 * GRID)) & (middle <= (east + 2 * GRID, north + 2 * GRID))).all(
        axis=1
    )
    edge, step = edge[near], step[near]
    middles = np.asarray(shapely.points(middle[near]), dtype=object)
    shapely.prepare(line)
    beside = np.flatnonzero(shapely.dwithin(line, middles, 2 * GRID))
    at = shapely.line_locate_point(line, middles[beside])
    reach = min(line.length / 1000, 20 * GRID)
    before, after = (
        shapely.get_coordinates(shapely.line_interpolate_point(line, np.clip(at + way, 0, line.length)))
        for way in (-reach, reach)
    )
    # A ring that is oriented has its ground to the left.
    same = ((after - before) * step[beside]).sum(axis=1) > 0
    np.add.at(lengths, (np.where(same, 0, 1), face[ring[edge[beside]]]), np.hypot(*step[beside].T))
    return lengths[0], lengths[1]


def _border_near(
    areas: Sequence[Area], layer: Layer, start: Point, end: Point
) -> tuple[Holding | None, Holding | None, LineString]:
    """The one border near both points, as a line, and the two holdings (or None) that it divides."""
    own = [area for area in areas if area.holding.layer == layer]
    borders = {area.holding: shapely.boundary(area.ground) for area in own}
    near = [
        holding
        for holding, border in borders.items()
        if all(shapely.dwithin(border, point, REACH) for point in (start, end))
    ]
    found: list[tuple[float, Holding | None, Holding | None, LineString]] = []
    for index, first in enumerate(near):
        others = shapely.union_all([border for holding, border in borders.items() if holding != first])
        dividing: dict[Holding | None, BaseGeometry] = {
            second: shapely.intersection(borders[first], borders[second]) for second in near[index + 1 :]
        }
        dividing[None] = shapely.difference(borders[first], others)
        for second, shared in dividing.items():
            for part in shapely.get_parts(shapely.line_merge(_lines(shared))):
                away = [shapely.distance(part, point) for point in (start, end)]
                if max(away) <= REACH:
                    found.append((sum(away), first, second, part))
    if not found:
        raise CannotBeDone(_("Let the line begin and end on the same border, within 500 metres of it."))
    return min(found, key=lambda border: border[0])[1:]


def _lines(geometry: BaseGeometry) -> MultiLineString:
    parts = shapely.get_parts(geometry)
    return shapely.multilinestrings(parts[shapely.get_type_id(parts) == 1])


def _between(border: LineString, line: LineString, start: Point, end: Point) -> BaseGeometry:
    """The ground between a line and the stretch of a border from its begin to its end."""
    begin, stop = border.project(start), border.project(end)
    stretches = [substring(border, begin, stop)]
    if border.is_closed:
        low, high = sorted((begin, stop))
        rest = [*substring(border, high, border.length).coords, *substring(border, 0, low).coords[1:]]
        stretches.append(LineString(rest if begin >= stop else rest[::-1]))
    grounds = []
    for stretch in stretches:
        # From the border itself to the border itself, so that the two enclose ground whatever the ends' distance.
        closed = LineString([stretch.coords[0], *line.coords, stretch.coords[-1]])
        faces = shapely.polygonize(shapely.get_parts(shapely.union_all([stretch, closed], grid_size=GRID)))
        grounds.append(shapely.union_all(shapely.get_parts(faces)))
    return min(grounds, key=area_km2)
