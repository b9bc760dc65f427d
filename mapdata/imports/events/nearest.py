"""The place of the gazetteer that is nearest to a point."""

from collections.abc import Mapping, Sequence
from typing import Self

import numpy as np
import shapely

from mapdata.models import Place

# Degrees of latitude: about 20 km. What is farther from any place is named by its coordinates.
_FARTHEST = 0.18
# East and west count for less, as meridians converge; one factor does for a country.
_NARROWER = 0.66


class Nearest:
    """All places at once, in a tree."""

    def __init__(self, lons: np.ndarray, lats: np.ndarray, names: Sequence[Mapping[str, str]]):
        self.names = names
        self.tree = shapely.STRtree(shapely.points(lons * _NARROWER, lats)) if len(names) else None

    @classmethod
    def of_gazetteer(cls) -> Self:
        rows = list(Place.objects.values_list("lon", "lat", "name"))
        lons, lats = np.array([row[:2] for row in rows], dtype=float).reshape(-1, 2).T
        return cls(lons, lats, [row[2] for row in rows])

    def to(self, lon: float, lat: float) -> Mapping[str, str] | None:
        """Its names by language."""
        if self.tree is None:
            return None
        found = self.tree.query_nearest(shapely.Point(lon * _NARROWER, lat), max_distance=_FARTHEST)
        return self.names[int(found[0])] if len(found) else None
