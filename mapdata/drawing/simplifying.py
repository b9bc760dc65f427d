"""Simplify areas for a drawing of a given size, so that neighbours keep the border that they share.

The areas may lie in several layers (claims above what is assessed), and a border of one layer often runs along one of
another; so all of them are simplified together. Method: node all outlines together and make faces of them (an
arrangement); simplify the faces as a coverage (`coverage_simplify` of GEOS: Visvalingam and Whyatt, "Line
generalisation by repeated elimination of points", 1993, applied to each shared edge once); round to the grid by noding
again with snap rounding (Hobby, 1999), which keeps lines from crossing; and merge, for each area, the faces that are
its own.
"""

from collections.abc import Sequence

import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

# Units: outlines are noded on this grid before they are simplified; closes hairs between neighbours.
FINE = 0.02


def simplify_together(
    areas: Sequence[BaseGeometry], tolerance: float, grid: float = 1, smallest: float = 4
) -> list[MultiPolygon]:
    """Each area in units of the drawing, simplified: vertices on the grid, no gap or overlap between neighbours.

    `tolerance`: roughly the height in units of the bends that are left out. `smallest`: square units; smaller islands
    and smaller holes are left out. An area of which nothing is left is an empty MultiPolygon.
    """
    if not areas:
        return []
    faces, owners = _faces(areas, FINE)
    groups: dict[frozenset[int], list[Polygon]] = {}
    for face, owner in zip(faces, owners, strict=True):
        if owner:
            groups.setdefault(owner, []).append(face)
    if not groups:
        return [MultiPolygon() for _ in areas]
    merged = [shapely.coverage_union_all(group) for group in groups.values()]
    simple = list(shapely.coverage_simplify(merged, tolerance))
    faces, owners = _faces(simple, grid)
    keys = list(groups)
    parts: list[list[Polygon]] = [[] for _ in areas]
    for face, owner in zip(faces, owners, strict=True):
        for area in {area for group in owner for area in keys[group]}:
            parts[area].append(face)
    return [_without_crumbs(shapely.coverage_union_all(part), smallest) if part else MultiPolygon() for part in parts]


def _faces(areas: Sequence[BaseGeometry], grid: float) -> tuple[list[Polygon], list[frozenset[int]]]:
    """What the outlines of the areas divide the plane into, and the indexes of the areas that each face lies in."""
    lines = shapely.unary_union(shapely.boundary(list(areas)), grid_size=grid)
    faces = list(shapely.get_parts(shapely.polygonize([lines])))
    owners: list[set[int]] = [set() for _ in faces]
    if faces:
        tree = shapely.STRtree(shapely.point_on_surface(faces))
        for area, face in zip(*tree.query(list(areas), predicate="contains"), strict=True):
            owners[face].add(int(area))
    return faces, [frozenset(owner) for owner in owners]


def _without_crumbs(shape: BaseGeometry, smallest: float) -> MultiPolygon:
    kept = []
    for polygon in shapely.get_parts(shape):
        if abs(polygon.area) < smallest:
            continue
        holes = [ring for ring in polygon.interiors if Polygon(ring).area >= smallest]
        kept.append(Polygon(polygon.exterior, holes))
    return MultiPolygon(kept)
