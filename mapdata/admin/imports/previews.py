"""What of a file a small preview shows, however large the file is. Pure; WGS84 longitude/latitude in degrees."""

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

# As much as a browser draws at once without a pause.
MOST_VERTICES = 12_000
MOST_POINTS = 1_500


def simplified(geometries: Sequence[BaseGeometry], most: int = MOST_VERTICES) -> list[BaseGeometry]:
    """The same shapes with at most about `most` points together, each of them valid.

    Neighbours are simplified each by itself: for a look, not for keeping. Of a shape too small to be seen a triangle or
    nothing may be left, in which case it is empty.
    """
    shapes = np.array(list(geometries), dtype=object)
    if not len(shapes):
        return []
    extent = _extent(shapes)
    # A thousandth of the whole is a pixel of the map.
    tolerance = extent / 4000
    drawn = shapes
    while shapely.get_num_coordinates(drawn).sum() > most and tolerance < extent:
        drawn = shapely.make_valid(shapely.simplify(shapes, tolerance, preserve_topology=False))
        tolerance *= 2
    return list(shapely.set_precision(drawn, 1e-4)) if drawn is not shapes else list(drawn)


def thinned(points: np.ndarray, most: int = MOST_POINTS) -> np.ndarray:
    """Which of the points (n, 2) to show: all, or spread over the ground at most `most` of them."""
    if len(points) <= most:
        return np.arange(len(points))
    west, south = points.min(axis=0)
    step = max(np.ptp(points, axis=0).max(), 1e-9) / np.sqrt(most)
    while True:
        cells = np.floor((points - (west, south)) / step).astype(np.int64)
        _, first = np.unique(cells, axis=0, return_index=True)
        if len(first) <= most:
            return np.sort(first)
        step *= 1.5


def _extent(shapes: np.ndarray) -> float:
    bounds = shapely.total_bounds(shapes)
    return float(max(bounds[2] - bounds[0], bounds[3] - bounds[1])) if np.isfinite(bounds).all() else 1.0
