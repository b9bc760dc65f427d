"""How large ground is: km² and km on the WGS84 ellipsoid, of shapes in WGS84 longitude/latitude degrees.

Edges are straight in longitude and latitude, as RFC 7946 has them and as every operation here cuts them. So areas add
up: a border that gets another vertex encloses what it did before, and what one side loses the other gains, to the last
square metre. (Were edges geodesics, a straight border of 40 km from west to east would enclose half a square kilometre
more once it is cut in two: docs/decisions/0006-edges-are-straight-in-degrees.md.)
"""

import numpy as np
import shapely
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

ELLIPSOID = Geod(ellps="WGS84")
_KM2_PER_SQUARE_DEGREE = 111.19**2

# Gauss-Legendre nodes on [0, 1]: exact to a millionth for edges that cross ten degrees of latitude.
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(5)
_NODES, _WEIGHTS = (_NODES + 1) / 2, _WEIGHTS / 2


def area_km2(geometry: BaseGeometry) -> float:
    """Area in km²; holes are subtracted, however rings turn; what is not polygonal counts for nothing.

    The area between a meridian's arc and the equator has a closed form on the ellipsoid (Snyder 1987, Map Projections:
    A Working Manual, equation 3-12); along an edge it is integrated over longitude.
    """
    polygons = polygons_of(geometry)
    if not len(polygons):
        return 0.0
    rings, polygon = shapely.get_rings(polygons, return_index=True)
    coordinates, ring = shapely.get_coordinates(rings, return_index=True)
    edge = np.flatnonzero(ring[:-1] == ring[1:])
    (lon, lat), (next_lon, next_lat) = coordinates[edge].T, coordinates[edge + 1].T
    strips = (next_lon - lon) * sum(
        weight * _to_equator(lat + node * (next_lat - lat)) for node, weight in zip(_NODES, _WEIGHTS, strict=True)
    )
    enclosed = np.abs(np.bincount(ring[edge], strips, len(rings)))
    is_shell = np.append(True, polygon[1:] != polygon[:-1])
    return float(np.where(is_shell, enclosed, -enclosed).sum())


def perimeter_km(geometry: BaseGeometry) -> float:
    """Length of all rings, holes too, in km."""
    return sum(ELLIPSOID.geometry_length(shapely.boundary(polygon)) for polygon in polygons_of(geometry)) / 1000


def rough_km2(polygons: np.ndarray) -> np.ndarray:
    """The area of each polygon on a sphere: within a per cent, which does for a threshold, and fast."""
    if not len(polygons):
        return np.zeros(0)
    _, south, _, north = shapely.bounds(polygons).T
    return shapely.area(polygons) * _KM2_PER_SQUARE_DEGREE * np.cos(np.radians((south + north) / 2))


def polygons_of(geometry: BaseGeometry) -> np.ndarray:
    """The polygons of any geometry that are not empty, however deep in collections."""
    parts = shapely.get_parts(geometry)
    while (nested := shapely.get_type_id(parts) > 3).any():
        parts = np.concatenate([parts[~nested], shapely.get_parts(parts[nested])])
    return parts[(shapely.get_type_id(parts) == 3) & ~shapely.is_empty(parts)]


def _to_equator(latitude: np.ndarray) -> np.ndarray:
    """km² between the equator and a latitude (degrees), for one degree of longitude; south of it less than 0."""
    eccentricity = np.sqrt(ELLIPSOID.es)
    sine = np.sin(np.radians(latitude))
    curve = sine / (1 - (eccentricity * sine) ** 2) + np.arctanh(eccentricity * sine) / eccentricity
    return np.radians(1) * (ELLIPSOID.b / 1000) ** 2 / 2 * curve
