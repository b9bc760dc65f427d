"""What changed between two pictures of who holds what: km² of assessed ground that went from one side to another.

WGS84 longitude/latitude in degrees; km² on the WGS84 ellipsoid, to two decimals. Claims are not counted: nobody has
confirmed that this ground changed hands.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import shapely
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from mapdata.ground.areas import ASSESSED, SLIVER_KM2, Area, Holding
from mapdata.ground.measuring import area_km2
from mapdata.ground.moves import Move, changed_ground


class Side(NamedTuple):
    """Whose ground, and how it is held; None stands for ground that no party is said to hold."""

    party: str
    status: str


class Flow(NamedTuple):
    """Ground that went from one side to another: km² in all, and by region code (ground outside every region is in
    none, so these can add up to less)."""

    before: Side | None
    after: Side | None
    km2: float
    regions: dict[str, float]


class Claim(NamedTuple):
    """Ground that is newly claimed for a party: km² in all, and by region code."""

    claimed_by: str
    party: str
    km2: float
    regions: dict[str, float]


@dataclass(frozen=True)
class Change:
    """The flows between two pictures, greatest first; false where nothing changed."""

    flows: tuple[Flow, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.flows)

    def gains(self, region: str | None = None) -> dict[str, float]:
        """km² by party that it holds and did not, anywhere or in one region; a change of status is no gain."""
        return self._between_parties("after", region)

    def losses(self, region: str | None = None) -> dict[str, float]:
        """km² by party that it held and no longer does, anywhere or in one region."""
        return self._between_parties("before", region)

    def regions(self) -> dict[str, float]:
        """km² that changed by region code, whoever has it now, greatest first."""
        total: dict[str, float] = {}
        for flow in self.flows:
            for code, km2 in flow.regions.items():
                total[code] = total.get(code, 0.0) + km2
        return {code: round(km2, 2) for code, km2 in sorted(total.items(), key=lambda item: -item[1])}

    def as_json(self) -> dict[str, Any]:
        """The change as plain lists and dicts, for storage; `from_json` reads it back unchanged."""
        return {
            "flows": [
                {
                    "before": flow.before and flow.before._asdict(),
                    "after": flow.after and flow.after._asdict(),
                    "km2": flow.km2,
                    "regions": dict(flow.regions),
                }
                for flow in self.flows
            ]
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Change":
        return cls(
            tuple(
                Flow(
                    Side(**flow["before"]) if flow["before"] else None,
                    Side(**flow["after"]) if flow["after"] else None,
                    flow["km2"],
                    dict(flow["regions"]),
                )
                for flow in data["flows"]
            )
        )

    def _between_parties(self, end: str, region: str | None) -> dict[str, float]:
        total: dict[str, float] = {}
        for flow in self.flows:
            side = getattr(flow, end)
            if side is None or (flow.before and flow.after and flow.before.party == flow.after.party):
                continue
            km2 = flow.km2 if region is None else flow.regions.get(region, 0.0)
            if km2:
                total[side.party] = round(total.get(side.party, 0.0) + km2, 2)
        return total


def difference(
    before: Sequence[Area], after: Sequence[Area], regions: Sequence[tuple[str, MultiPolygon]] = ()
) -> Change:
    """What changed hands from one picture to the other, in all and by region (code, boundary)."""
    return change_of(changed_ground(_assessed(before), _assessed(after)), Atlas(regions))


def change_of(moves: Sequence[Move], atlas: "Atlas") -> Change:
    """The flows of what changed hands in the assessed layer."""
    flows = []
    for move in moves:
        if move.layer[0] == ASSESSED:
            regions = atlas.km2_by_region(shapely.get_parts(move.ground))
            flows.append(Flow(_side(move.before), _side(move.after), round(area_km2(move.ground), 2), regions))
    return Change(tuple(sorted(flows, key=lambda flow: -flow.km2)))


def claims_of(moves: Sequence[Move], atlas: "Atlas") -> tuple[Claim, ...]:
    """What somebody claims for a party and did not before, greatest first."""
    found: dict[tuple[str, str], list[MultiPolygon]] = {}
    for move in moves:
        if move.layer[0] == ASSESSED or move.after is None:
            continue
        if move.before is None or move.before.party != move.after.party:
            found.setdefault((move.after.claimed_by, move.after.party), []).append(move.ground)
    claims = []
    for (claimed_by, party), grounds in found.items():
        pieces = shapely.get_parts(grounds)
        km2 = round(sum(map(area_km2, grounds)), 2)
        claims.append(Claim(claimed_by, party, km2, atlas.km2_by_region(pieces)))
    return tuple(sorted(claims, key=lambda claim: -claim.km2))


def _assessed(areas: Sequence[Area]) -> list[Area]:
    return [area for area in areas if area.holding.basis == ASSESSED]


def _side(holding: Holding | None) -> Side | None:
    return Side(holding.party, holding.status) if holding else None


class Atlas:
    """Regions with an index, to say how much of a piece of ground lies in each."""

    def __init__(self, regions: Sequence[tuple[str, MultiPolygon]]):
        self.codes = [code for code, _ in regions]
        self.boundaries = np.array([boundary for _, boundary in regions], dtype=object)
        self.tree = shapely.STRtree(self.boundaries)
        shapely.prepare(self.boundaries)

    def km2_by_region(self, pieces: Iterable[BaseGeometry]) -> dict[str, float]:
        total: dict[str, float] = {}
        for piece in pieces:
            for index in self.tree.query(piece, predicate="intersects"):
                boundary = self.boundaries[index]
                inside = piece if boundary.contains(piece) else shapely.intersection(piece, boundary)
                code = self.codes[index]
                total[code] = total.get(code, 0.0) + area_km2(inside)
        ordered = sorted(total.items(), key=lambda item: -item[1])
        return {code: round(km2, 2) for code, km2 in ordered if km2 >= SLIVER_KM2}
