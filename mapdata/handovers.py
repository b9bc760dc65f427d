"""What one operation on an edition's ground did: km² that holdings gained and lost. Pure."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass

from mapdata.ground import Area, Holding, area_km2

# km²: what snapping to the grid (1e-5 degree) does to areas that nobody touched is far below this.
NOTICED_KM2 = 0.005


@dataclass(frozen=True)
class Handover:
    """km² gained and lost by holding, each greatest first, nothing under 0.005; false where no ground changed hands."""

    gained: dict[Holding, float]
    lost: dict[Holding, float]

    def __bool__(self) -> bool:
        return bool(self.gained or self.lost)

    @property
    def from_nobody_km2(self) -> float:
        """Ground that no holding had before, or, negative, that went back to nobody; 0 for what measuring leaves over.

        A border that gets another vertex is another geodesic: a straight line of 100 km encloses 0.1 km² more or less.
        """
        gained, lost = sum(self.gained.values()), sum(self.lost.values())
        return gained - lost if abs(gained - lost) > max(NOTICED_KM2, 1e-4 * max(gained, lost)) else 0.0

    def as_json(self) -> dict:
        """Plain lists, for storage; `from_json` reads them back unchanged."""
        return {
            side: [[*astuple(holding), km2] for holding, km2 in getattr(self, side).items()]
            for side in ("gained", "lost")
        }

    @classmethod
    def from_json(cls, data: dict) -> "Handover":
        return cls(**{side: {Holding(*holding): km2 for *holding, km2 in rows} for side, rows in data.items()})


def handover(before: Sequence[Area], after: Sequence[Area]) -> Handover:
    """What was gained and lost between two pictures, by comparing the area (km², WGS84 ellipsoid) of each holding.

    That is who gave what to whom as long as one operation lies between them: then all ground goes the same way.
    """
    km2: dict[Holding, float] = {}
    unchanged = {(area.holding, area.ground.wkb) for area in before} & {
        (area.holding, area.ground.wkb) for area in after
    }
    for areas, sign in ((after, 1), (before, -1)):
        for area in areas:
            if (area.holding, area.ground.wkb) not in unchanged:
                km2[area.holding] = km2.get(area.holding, 0.0) + sign * area_km2(area.ground)
    greatest = sorted(km2.items(), key=lambda item: -abs(item[1]))
    return Handover(
        gained={holding: value for holding, value in greatest if value >= NOTICED_KM2},
        lost={holding: -value for holding, value in greatest if value <= -NOTICED_KM2},
    )
