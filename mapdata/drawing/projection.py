"""Spherical Web Mercator (EPSG:3857), and the frame through which a drawing looks at it.

Formulas: Snyder, "Map Projections: A Working Manual" (USGS Professional Paper 1395, 1987), equations 7-1 and 7-2, on a
sphere; x grows to the east and, in a drawing, y grows downwards. The same projection as Leaflet's, so a
drawing and a Leaflet map of one frame show the same ground at the same place.
"""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike
from shapely.geometry.base import BaseGeometry

EARTH_RADIUS_KM = 6378.137
# Where Web Mercator stops: beyond it the world would not be a square.
MAX_LATITUDE = 85.0511287798066


def mercator_y(latitude: ArrayLike) -> Any:
    """Degrees of latitude (number or array, cut at MAX_LATITUDE) to radians northward on the unit sphere."""
    clipped = np.clip(latitude, -MAX_LATITUDE, MAX_LATITUDE)
    return np.arcsinh(np.tan(np.radians(clipped)))


@dataclass(frozen=True)
class Frame:
    """A drawing of `width` by `height` units that shows `bounds` (west, south, east, north in degrees) whole.

    One scale holds in both directions; where the shapes of bounds and drawing differ, the bounds are in the middle
    and the drawing shows more: `extent`. Raises ValueError for bounds or a size that enclose nothing.
    """

    bounds: tuple[float, float, float, float]
    width: int = 1040
    height: int = 700

    def __post_init__(self) -> None:
        west, south, east, north = self.bounds
        if not (-180 <= west < east <= 180 and -MAX_LATITUDE <= south < north <= MAX_LATITUDE):
            raise ValueError(f"Not bounds (west, south, east, north) in degrees: {self.bounds}.")
        if self.width <= 0 or self.height <= 0:
            raise ValueError(f"Not a size: {self.width} by {self.height}.")

    @cached_property
    def _view(self) -> tuple[float, float, float]:
        """Radians at the left and upper edge, and units per radian."""
        west, south, east, north = self.bounds
        left, right = math.radians(west), math.radians(east)
        bottom, top = float(mercator_y(south)), float(mercator_y(north))
        scale = min(self.width / (right - left), self.height / (top - bottom))
        return (left + right - self.width / scale) / 2, (top + bottom + self.height / scale) / 2, scale

    def to_xy(self, lon: ArrayLike, lat: ArrayLike) -> tuple[Any, Any]:
        """Degrees (numbers or arrays) to units of the drawing, not rounded."""
        left, top, scale = self._view
        return (np.radians(lon) - left) * scale, (top - mercator_y(lat)) * scale

    def to_lonlat(self, x: ArrayLike, y: ArrayLike) -> tuple[Any, Any]:
        """The inverse of `to_xy`."""
        left, top, scale = self._view
        return np.degrees(left + np.asarray(x) / scale), np.degrees(np.arctan(np.sinh(top - np.asarray(y) / scale)))

    @cached_property
    def extent(self) -> tuple[float, float, float, float]:
        """All that the drawing shows: west, south, east, north in degrees."""
        return self.bounds_of(0, 0, self.width, self.height)

    def bounds_of(self, x: float, y: float, width: float, height: float) -> tuple[float, float, float, float]:
        """What a rectangle of the drawing shows: west, south, east, north in degrees."""
        west, north = self.to_lonlat(x, y)
        east, south = self.to_lonlat(x + width, y + height)
        return float(west), float(south), float(east), float(north)

    def transform(self, geometry: BaseGeometry) -> BaseGeometry:
        """A geometry in longitude/latitude to units of the drawing, in two dimensions, not rounded, not cut."""
        return shapely.transform(geometry, lambda lonlat: np.column_stack(self.to_xy(lonlat[:, 0], lonlat[:, 1])))

    def km_per_unit(self, latitude: float) -> float:
        """Kilometres on the ground that one unit spans at that latitude: Mercator stretches by 1 / cos(latitude)."""
        return EARTH_RADIUS_KM * math.cos(math.radians(latitude)) / self._view[2]
