"""SVG path data of geometry on a grid of whole numbers: short to send, and readable again.

Relative coordinates with as few separators as SVG allows: `m55 312 7 0 6-5z`. A drawing's paths are most of a page's
bytes, and small repeating numbers compress best. Grammar: SVG 1.1, section 8.3.
"""

import re
from collections.abc import Iterable

import numpy as np
import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

_SUBPATH = re.compile(r"m([-\d ]+)(z?)")
_NUMBER = re.compile(r"-?\d+")


def _numbers(numbers: Iterable[int]) -> str:
    """A minus sign separates as well as a space does."""
    return " ".join(map(str, numbers)).replace(" -", "-")


def _subpaths(lines: Iterable[np.ndarray], close: bool) -> str:
    """Arrays of points, rounded to whole numbers, as one path. Points that fall together become one."""
    pieces, at = [], np.zeros(2, dtype=np.int64)
    for line in lines:
        points = np.rint(line).astype(np.int64)
        points = points[np.concatenate(([True], np.any(np.diff(points, axis=0), axis=1)))]
        if close and len(points) > 1 and (points[0] == points[-1]).all():
            points = points[:-1]
        if len(points) < (3 if close else 2):
            continue
        steps = np.diff(points, axis=0, prepend=at[None])
        pieces.append(f"m{_numbers(steps.ravel().tolist())}" + ("z" if close else ""))
        # After z the pen is back where the subpath began.
        at = points[0] if close else points[-1]
    return "".join(pieces)


def path_of_polygons(geometry: BaseGeometry) -> str:
    """The polygons of a geometry, holes as subpaths of their own (they run the other way round, so either fill rule
    leaves them open)."""
    polygons = [part for part in shapely.get_parts(geometry) if isinstance(part, Polygon)]
    polygons.sort(key=lambda polygon: polygon.bounds)
    rings = [ring for polygon in polygons for ring in shapely.get_rings(shapely.orient_polygons(polygon)).tolist()]
    return _subpaths([shapely.get_coordinates(ring) for ring in rings], close=True)


def path_of_lines(geometry: BaseGeometry) -> str:
    """Lines, which may run the other way and in another order: each next one begins near where the last one ended, and
    where it begins on that very spot they are one."""
    lines = [np.rint(shapely.get_coordinates(line)) for line in shapely.get_parts(geometry)]
    return _subpaths(_in_a_row(lines), close=False)


def _in_a_row(lines: list[np.ndarray]) -> list[np.ndarray]:
    """The first line, then always the one of which an end is nearest; those that meet are joined."""
    chains, rest = lines[:1], lines[1:]
    while rest:
        pen = chains[-1][-1]
        ends = np.array([(line[0], line[-1]) for line in rest])
        which, reverse = divmod(int(np.abs(ends - pen).sum(axis=2).argmin()), 2)
        line = rest.pop(which)[:: -1 if reverse else 1]
        if (line[0] == pen).all():
            chains[-1] = np.concatenate((chains[-1], line[1:]))
        else:
            chains.append(line)
    return chains


def points_of_path(path: str) -> list[np.ndarray]:
    """The subpaths of what this module wrote, each an array of points (a closed one ends where it began)."""
    found, at = [], np.zeros(2, dtype=np.int64)
    for numbers, closed in _SUBPATH.findall(path):
        steps = np.array([int(number) for number in _NUMBER.findall(numbers)], dtype=np.int64).reshape(-1, 2)
        points = at + np.cumsum(steps, axis=0)
        at = points[0] if closed else points[-1]
        found.append(np.concatenate((points, points[:1])) if closed else points)
    return found


def polygons_of_path(path: str) -> BaseGeometry:
    """The polygons of a path of `path_of_polygons`: a ring that runs the other way is a hole in the one before it."""
    polygons: list[tuple[np.ndarray, list[np.ndarray]]] = []
    for ring in points_of_path(path):
        if shapely.is_ccw(shapely.linearrings(ring)):
            polygons.append((ring, []))
        else:
            polygons[-1][1].append(ring)
    return shapely.MultiPolygon(polygons)
