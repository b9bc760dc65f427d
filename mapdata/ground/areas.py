"""Who holds which ground: polygons in, polygons out, without a database.

All coordinates are WGS84 longitude/latitude in degrees, in that order, in two dimensions; all areas are km² on the
WGS84 ellipsoid (measuring.py). Ground is a valid MultiPolygon with its vertices on one grid (`GRID`).

An edition's areas form layers: the assessed one, and one for each claimant. Within a layer ground never overlaps, and
neighbours have the same vertices along the border they share (a coverage in the sense of OGC and GEOS), so that
simplifying, drawing and measuring them leaves neither gaps nor overlaps. To keep that exactly, an operation does not
cut polygons out of one another: it nodes all borders of the layer together on the grid (snap rounding), makes faces of
them, says for each face whose it is, and merges the faces of each holding.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import numpy as np
import shapely
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from mapdata.ground.measuring import area_km2, polygons_of, rough_km2

# Degrees: about a centimetre. A border bends to the grid where another crosses it, by half a step: on a border of 40 km
# that is 200 m², so ground is conserved far within `SLIVER_KM2` however often it changes hands.
GRID = 1e-7
_STEPS_PER_DEGREE = 10_000_000
# km²: one hectare. What an operation leaves behind that is smaller than this is an accident of drawing, not ground.
SLIVER_KM2 = 0.01

STATUSES = ("controlled", "contested", "advance", "infiltration", "liberated", "unknown")
ASSESSED, CLAIMED = "assessed", "claimed"
BASES = (ASSESSED, CLAIMED)
# Basis and claimant: ground of one layer does not overlap.
Layer = tuple[str, str]


@dataclass(frozen=True, order=True)
class Holding:
    """Who holds ground, how, and on whose word: `party` is a slug; `claimed_by` names the claimant of a claim."""

    party: str
    status: str = "controlled"
    basis: str = ASSESSED
    claimed_by: str = ""

    @property
    def layer(self) -> Layer:
        """What this holding may not overlap: the other holdings of the same layer."""
        return (self.basis, self.claimed_by if self.basis == CLAIMED else "")


@dataclass(frozen=True)
class Area:
    """All the ground of one holding in one picture."""

    holding: Holding
    ground: MultiPolygon


Key = TypeVar("Key", bound=Hashable)


class Partition(NamedTuple):
    """Ground without overlap, and for each pair (first, second) the km² that the second lost to the first."""

    ground: dict[Hashable, MultiPolygon]
    overlap_km2: dict[tuple[Hashable, Hashable], float]


class Fault(NamedTuple):
    """A holding whose ground breaks the rules of its layer, and where (lines, or the ground itself)."""

    holding: Holding
    reason: str
    where: BaseGeometry


def clean(geometry: BaseGeometry | None) -> MultiPolygon:
    """The polygonal part of any geometry: in two dimensions, valid, on the grid; empty where there is none.

    Invalid rings are repaired by GEOS's "structure" method: shells bound ground and are merged, holes take ground
    away. The other method ("linework", even-odd) makes a hole where two parts overlap; no map means that.
    """
    if geometry is None:
        return MultiPolygon()
    polygons = polygons_of(shapely.force_2d(geometry))
    if not len(polygons):
        return MultiPolygon()
    valid = polygons[0] if len(polygons) == 1 else MultiPolygon(list(polygons))
    if not shapely.is_valid(valid):
        valid = shapely.make_valid(valid, method="structure", keep_collapsed=False)
    # Rounding what is on the grid already can still bend it: a border may pass within half a step of a vertex.
    return _ground(valid if _is_on_grid(valid) else shapely.set_precision(valid, GRID))


def are_slivers(polygons: np.ndarray) -> np.ndarray:
    """Which polygons are under `SLIVER_KM2`."""
    return rough_km2(polygons) < SLIVER_KM2


def give(areas: Sequence[Area], ground: BaseGeometry, holding: Holding) -> tuple[Area, ...]:
    """The areas after `ground` went to `holding`; see `hand_over`."""
    return hand_over(areas, holding.layer, [(holding, ground)])


def take(areas: Sequence[Area], ground: BaseGeometry, basis: str = ASSESSED, claimed_by: str = "") -> tuple[Area, ...]:
    """The areas after `ground` went back to nobody in particular, in one layer; see `hand_over`."""
    return hand_over(areas, (basis, claimed_by), [(None, ground)])


def hand_over(
    areas: Sequence[Area], layer: Layer, gifts: Iterable[tuple[Holding | None, BaseGeometry]]
) -> tuple[Area, ...]:
    """The areas after pieces of ground changed hands in one layer, all at once: each goes to its holding (None: to
    nobody in particular) and leaves whoever had it. Where two pieces overlap, the one named first is given.

    What this leaves of others in pieces under 0.01 km² (`SLIVER_KM2`) beside the ground given goes to the neighbour
    with the longest shared border, or to nobody where there is none; gaps that small are closed in the same way.
    Pieces that were that small before, and the ground given itself, stay. Ground that the holding has already (but
    for strips narrower than two steps of the grid) changes nothing, so giving twice is giving once.
    """
    own = [area for area in areas if area.holding.layer == layer]
    given = [(to, clean(ground)) for to, ground in gifts]
    if all(_changes_nothing(own, ground, to) for to, ground in given):
        return merged(areas)
    claims = [*given, *((area.holding, area.ground) for area in own)]
    keys = list(dict.fromkeys(key for key, _ in claims))
    faces, covered = faces_of([claim for _, claim in claims])
    first = first_of(covered)
    position = np.array([keys.index(key) for key, _ in claims] + [-1])
    near = shapely.union_all([ground for _, ground in given])
    after = _merge(faces, position[first], keys, small=_small_pieces(claim for _, claim in claims), near=near)
    others = [area for area in areas if area.holding.layer != layer]
    return merged([*others, *(Area(key, part) for key, part in after.items() if key is not None)])


def partition(claims: Iterable[tuple[Hashable, Iterable[BaseGeometry]]]) -> Partition:
    """Ground by key, without overlap: where that of two keys overlaps it goes to the one named first.

    Keys are not None; a key named twice counts where it was named first. All keys are in the answer, those without
    ground with an empty one. Slivers (see `give`) that arise where keys meet go to a neighbour, those that came in
    with the claims stay.
    """
    gathered: dict[Hashable, list[MultiPolygon]] = {}
    for key, geometries in claims:
        gathered.setdefault(key, []).extend(clean(geometry) for geometry in geometries)
    united = {key: _ground(shapely.union_all(parts, grid_size=GRID)) for key, parts in gathered.items()}
    faces, covered = faces_of(list(united.values()))
    keys = list(united)
    ground = _merge(faces, first_of(covered), keys, small=_small_pieces(united.values()))
    return Partition(
        {key: ground.get(key, MultiPolygon()) for key in keys},
        {(keys[i], keys[j]): km2 for (i, j), km2 in _overlaps(faces, covered).items()},
    )


def coverage_faults(areas: Sequence[Area]) -> list[Fault]:
    """What keeps the areas from being a coverage in each layer: nothing, for all that this module makes."""
    faults: list[Fault] = []
    layers: dict[Layer, list[Area]] = {}
    for area in areas:
        layer = layers.setdefault(area.holding.layer, [])
        if any(other.holding == area.holding for other in layer):
            faults.append(Fault(area.holding, "two areas of one holding", area.ground))
        if not shapely.is_valid(area.ground):
            faults.append(Fault(area.holding, shapely.is_valid_reason(area.ground), area.ground))
        layer.append(area)
    for layer in layers.values():
        grounds = np.array([area.ground for area in layer], dtype=object)
        if shapely.coverage_is_valid(grounds) or _is_noded_apart(grounds):
            continue
        for area, where in zip(layer, shapely.coverage_invalid_edges(grounds), strict=True):
            if not shapely.is_empty(where):
                faults.append(Fault(area.holding, "overlaps a neighbour, or shares a border unevenly", where))
    return faults


def is_partition(areas: Sequence[Area]) -> bool:
    """Whether each point has at most one holding in each layer, and shared borders match exactly."""
    return not coverage_faults(areas)


def merged(areas: Iterable[Area]) -> tuple[Area, ...]:
    """One area a holding, in a fixed order, from areas that are a coverage already; empty ones are left out."""
    gathered: dict[Holding, list[MultiPolygon]] = {}
    for area in areas:
        if not area.ground.is_empty:
            gathered.setdefault(area.holding, []).append(area.ground)
    return tuple(
        Area(holding, parts[0] if len(parts) == 1 else _ground(shapely.coverage_union_all(parts)))
        for holding, parts in sorted(gathered.items(), key=lambda item: (item[0].layer, item[0]))
    )


def _is_noded_apart(grounds: np.ndarray) -> bool:
    """The same question as `coverage_is_valid`, asked from the definition; slower.

    GEOS 3.14 raises a false alarm where a hole touches its own shell in a vertex that a neighbour has too: it looks at
    one ring at a time. So what it calls invalid is looked at again: borders may meet in vertices only, and interiors
    may not meet at all.
    """
    borders = shapely.boundary(grounds)
    noded = shapely.get_parts([shapely.union_all(borders)])
    if not np.array_equal(_segments(borders), _segments(noded)):
        return False
    first, second = shapely.STRtree(grounds).query(grounds)
    apart = shapely.relate_pattern(grounds[first], grounds[second], "F********")
    return bool(apart[first < second].all())


def _segments(lines: np.ndarray) -> np.ndarray:
    """All distinct segments, each with its ends in a fixed order: an array of [x, y, x, y]."""
    parts, line = shapely.get_coordinates(shapely.get_parts(lines), return_index=True)
    pairs = np.hstack([parts[:-1], parts[1:]])[line[:-1] == line[1:]]
    turned = (pairs[:, 0] > pairs[:, 2]) | ((pairs[:, 0] == pairs[:, 2]) & (pairs[:, 1] > pairs[:, 3]))
    pairs[turned] = pairs[turned][:, [2, 3, 0, 1]]
    return np.unique(pairs, axis=0)


def _changes_nothing(areas: Sequence[Area], ground: MultiPolygon, to: Holding | None) -> bool:
    if ground.is_empty:
        return True
    if to is None:
        moving = [shapely.intersection(area.ground, ground, grid_size=GRID) for area in areas]
    else:
        held = [area.ground for area in areas if area.holding == to]
        moving = [shapely.difference(ground, part, grid_size=GRID) for part in held[:1]] or [ground]
    return all(shapely.is_empty(shapely.buffer(part, -GRID, quad_segs=1)) for part in moving)


def faces_of(
    claims: Sequence[MultiPolygon],
    lines: Sequence[BaseGeometry] = (),
    within: tuple[float, float, float, float] | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """The faces that the borders of all claims (and `lines`) make together, and a table [claim, face] of which claim
    covers it.

    The faces are an array of polygons that are a coverage, on the grid; bounded gaps that no claim covers are among
    them. Borders that lie within half a step of the grid of one another become one. Faces `within` a rectangle (west,
    south, east, north) are found sooner; its sides are borders then, too.
    """
    borders = [*shapely.boundary(np.array(claims, dtype=object)), *lines]
    if within:
        borders = [*shapely.clip_by_rect(borders, *within), shapely.boundary(shapely.box(*within))]
    noded = shapely.union_all(borders, grid_size=GRID)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    points = shapely.point_on_surface(faces)
    covered = np.zeros((len(claims), len(faces)), dtype=bool)
    for row, claim in zip(covered, claims, strict=True):
        shapely.prepare(claim)
        row[:] = shapely.intersects(claim, points)
    return faces, covered


def first_of(covered: np.ndarray) -> np.ndarray:
    """For each face the first claim that covers it, or -1."""
    if not len(covered):
        return np.full(covered.shape[1], -1)
    return np.where(covered.any(axis=0), covered.argmax(axis=0), -1)


def _overlaps(faces: np.ndarray, covered: np.ndarray) -> dict[tuple[int, int], float]:
    lost: dict[tuple[int, int], float] = {}
    for face in np.flatnonzero(covered.sum(axis=0) > 1):
        winner, *losers = np.flatnonzero(covered[:, face]).tolist()
        km2 = area_km2(faces[face])
        for loser in losers:
            lost[winner, loser] = lost.get((winner, loser), 0.0) + km2
    return lost


def _merge(
    faces: np.ndarray,
    owner: np.ndarray,
    keys: Sequence[Key],
    small: np.ndarray,
    near: BaseGeometry | None = None,
) -> dict[Key, MultiPolygon]:
    """The faces of each key as one MultiPolygon. `owner` has positions in `keys`, -1 for nobody's faces (gaps).

    Slivers move to a neighbour, except those that were as `small` in what came in, or that do not touch `near`.
    """
    parts = {
        index: shapely.get_parts(shapely.coverage_union_all(faces[owner == index])) for index in sorted(set(owner))
    }
    nobody = {-1} | {index for index, key in enumerate(keys) if key is None}
    gaps = [parts.pop(index) for index in nobody if index in parts]
    if gaps:
        parts[-1] = shapely.get_parts(shapely.coverage_union_all(np.concatenate(gaps)))
    _settle_slivers(parts, small, near)
    return {
        keys[index]: _ground(shapely.coverage_union_all(pieces))
        for index, pieces in parts.items()
        if index != -1 and len(pieces)
    }


def _settle_slivers(parts: dict[int, np.ndarray], small: np.ndarray, near: BaseGeometry | None) -> None:
    meant = shapely.STRtree(small)
    waiting: list[tuple[int, BaseGeometry]] = []
    for index, pieces in parts.items():
        stray = are_slivers(pieces)
        for place in np.flatnonzero(stray):
            piece = pieces[place]
            was_small = len(meant.query(shapely.point_on_surface(piece), predicate="intersects")) > 0
            if was_small or (near is not None and not shapely.dwithin(piece, near, 2 * GRID)):
                stray[place] = False
        waiting += [(index, piece) for piece in pieces[stray]]
        parts[index] = pieces[~stray]
    # A gap closes only once the slivers around it have found a holding, so more than one round can be needed.
    while waiting:
        heirs = [(piece, _heir(piece, index, parts)) for index, piece in waiting]
        left = [sliver for sliver, (_, heir) in zip(waiting, heirs, strict=True) if heir is None]
        for piece, heir in heirs:
            if heir is not None:
                parts[heir] = np.concatenate([parts[heir], [piece]])
        if len(left) == len(waiting):
            return
        waiting = left


def _heir(sliver: BaseGeometry, index: int, parts: dict[int, np.ndarray]) -> int | None:
    """Who gets a sliver: the neighbour with the longest shared border, or None. Gaps must be closed all around."""
    border = shapely.boundary(sliver)
    shared: dict[int, float] = {}
    for other, pieces in parts.items():
        if other != -1 and len(beside := _touching(pieces, sliver)):
            shared[other] = float(shapely.length(shapely.intersection(border, shapely.boundary(beside))).sum())
    if not shared or (index == -1 and sum(shared.values()) < border.length * (1 - 1e-9)):
        return None
    heir = max(shared, key=shared.__getitem__)
    return heir if shared[heir] > 0 else None


def _touching(pieces: np.ndarray, sliver: BaseGeometry) -> np.ndarray:
    west, south, east, north = shapely.bounds(pieces).T
    left, bottom, right, top = sliver.bounds
    return pieces[(west <= right) & (east >= left) & (south <= top) & (north >= bottom)]


def _small_pieces(claims: Iterable[MultiPolygon]) -> np.ndarray:
    """Parts and holes of what came in that are under the size of a sliver: they were meant, so they stay."""
    parts = shapely.get_parts(list(claims))
    holes = [shapely.Polygon(ring) for part in parts for ring in part.interiors]
    pieces = np.array([*parts, *holes], dtype=object)
    return pieces[are_slivers(pieces)]


def _is_on_grid(geometry: BaseGeometry) -> bool:
    coordinates = shapely.get_coordinates(geometry)
    return bool((coordinates == np.round(coordinates / GRID) / _STEPS_PER_DEGREE).all())


def _ground(geometry: BaseGeometry) -> MultiPolygon:
    """One fixed form of a valid polygonal geometry: the same ground gives the same bytes; shells turn left (RFC 7946).

    The grid that shapely attaches to a geometry is taken off, since it does not survive storage: operations name it.
    """
    multi = MultiPolygon(list(polygons_of(geometry)))
    return shapely.orient_polygons(shapely.normalize(shapely.set_precision(multi, 0)))
