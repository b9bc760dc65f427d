"""What each piece of a file means makes the areas of an edition. Pure; coordinates and units as in `ground.areas`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from shapely import MultiPolygon

from mapdata.ground.areas import Area, Holding, area_km2, merged, partition
from mapdata.imports.files.columns import text_of
from mapdata.imports.files.reading import Feature


@dataclass(frozen=True)
class Assignment:
    """The areas that a file makes; km² by value, and of each overlap by (value that got it, value that lost it)."""

    areas: tuple[Area, ...] = ()
    area_km2: Mapping[str, float] = ()
    overlaps: Mapping[tuple[str, str], float] = ()

    @property
    def overlap_km2(self) -> float:
        return sum(self.overlaps.values(), 0.0)


NOTHING = Assignment(area_km2={}, overlaps={})


def pieces_of(features: Iterable[Feature], field: str) -> list[tuple[str, MultiPolygon]]:
    """What the field says of each feature, and its ground."""
    return [(text_of(feature.properties.get(field)), feature.ground) for feature in features]


def assign(pieces: Sequence[tuple[str, MultiPolygon]], meanings: Mapping[str, Holding]) -> Assignment:
    """The areas of an edition, from (value, ground) of each feature, given in order what each value means.

    Where the ground of two values overlaps it goes to the one that comes first in `meanings`, within a layer (claims
    do not take assessed ground).
    """
    areas: list[Area] = []
    by_value: dict[str, float] = {}
    overlaps: dict[tuple[str, str], float] = {}
    for layer in dict.fromkeys(holding.layer for holding in meanings.values()):
        claims = [
            (value, [ground for said, ground in pieces if said == value])
            for value, holding in meanings.items()
            if holding.layer == layer
        ]
        divided = partition((value, grounds) for value, grounds in claims if grounds)
        overlaps |= divided.overlap_km2
        by_value |= {value: area_km2(ground) for value, ground in divided.ground.items()}
        areas += [Area(meanings[value], ground) for value, ground in divided.ground.items()]
    return Assignment(merged(areas), by_value, overlaps)
