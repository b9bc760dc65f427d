"""The ground of a change sheet: what changes hands, in figures and as paths, as plain values that a cache can keep."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import shapely

from mapdata.drawing.legend import Pattern, Style, Tile, patterns_of, style_of
from mapdata.drawing.picture import AreaShape, DrawnArea, draw_ground
from mapdata.ground.areas import ASSESSED, Area, Holding
from mapdata.ground.changes import Atlas, Change, Side, change_of, claims_of
from mapdata.ground.moves import Move, changed_ground, share_held
from mapdata.models import ControlArea, Edition, Party, Region
from mapdata.models.derived import frame_of, shapes_of

PREFIX = "sheet"
# Ground counts as retaken when the party held most of it before.
MOST = 0.5
# The picture comes as close as shows the change with this much around it (of its size), but shows at least this much.
AROUND = 0.35
LEAST_DEGREES = 1.2
STEP = 0.5
# What somebody lost is the last edition's ground, struck out.
LOST = Tile(9, 45, "", "pale", "M0 4.5h9")


def compute(edition: Edition, before: Edition | None, parties: Mapping[str, Party]) -> dict:
    """The change, in figures and as paths, as plain values."""
    moves = changed_ground(before.ground_areas(), edition.ground_areas()) if before else ()
    atlas = Atlas([(region.code, region.boundary) for region in Region.objects.filter(level=1)])
    change = change_of(moves, atlas)
    bounds = _bounds_around(moves, edition.map.bounds)
    frame = frame_of(bounds)
    return {
        "change": change.as_json(),
        "claims": [list(claim) for claim in claims_of(moves, atlas)],
        "retaken": _retaken(moves, change, before, parties) if before else [],
        "bounds": bounds,
        "under": draw_ground(shapes_of(before), frame) if before else [],
        "gained": draw_ground([_shape(move, move.after, parties) for move in moves if move.after], frame),
        "lost": draw_ground([_shape(move, move.before, parties) for move in moves if not move.after], frame),
    }


def _retaken(moves: Sequence[Move], change: Change, before: Edition, parties: Mapping[str, Party]) -> list:
    """The flows (side before, side after) to a party that had most of that ground before.

    It had what it was shown to hold in an earlier edition, that of the map's beginning too. A party whose own ground
    the map leaves plain (it is drawn quietly, or some ground is shown as liberated by it) had what others hold there.
    """
    liberated = ControlArea.objects.filter(edition__map=before.map, status="liberated")
    at_home = {party.slug for party in parties.values() if party.pattern == "quiet"}
    at_home |= set(liberated.values_list("party__slug", flat=True))
    in_regions = {(flow.before, flow.after): sum(flow.regions.values()) >= MOST * flow.km2 for flow in change.flows}
    found = []
    for move in moves:
        if not _is_taken(move):
            continue
        sides = tuple(holding and Side(holding.party, holding.status) for holding in (move.before, move.after))
        party = move.after.party
        own = move.before is not None and party in at_home and in_regions[sides]
        if own or share_held(move.ground, party, _earlier(before, party), MOST) >= MOST:
            found.append([side and list(side) for side in sides])
    return found


def _is_taken(move: Move) -> bool:
    """Whether a party controls now, by assessment, what was not its own."""
    after = move.after
    if after is None or after.basis != ASSESSED or after.status != "controlled":
        return False
    return move.before is None or move.before.party != after.party


def _earlier(before: Edition, party: str) -> Iterator[list[Area]]:
    """What a party held in the pictures until then, the latest first, fetched one after the other."""
    editions = Edition.objects.filter(map=before.map, situation_at__lte=before.situation_at).timeline()
    for pk in editions.order_by("-situation_at").values_list("pk", flat=True):
        held = ControlArea.objects.filter(edition=pk, party__slug=party, basis=ASSESSED)
        yield [Area(Holding(party, area.status), area.ground) for area in held]


def _bounds_around(moves: Sequence[Move], whole: tuple[float, float, float, float]) -> tuple[float, ...]:
    """What the picture shows: the change with some ground around it, within the map's bounds. In steps, so that what
    lies beneath need not be drawn anew for each revision."""
    if not moves:
        return whole
    west, south, east, north = shapely.total_bounds([move.ground for move in moves]).tolist()
    across = max(AROUND * (east - west), (LEAST_DEGREES * 1.5 - east + west) / 2)
    down = max(AROUND * (north - south), (LEAST_DEGREES - north + south) / 2)
    low = (math.floor((edge - around) / STEP) * STEP for edge, around in ((west, across), (south, down)))
    high = (math.ceil((edge + around) / STEP) * STEP for edge, around in ((east, across), (north, down)))
    found = (*low, *high)
    inside = tuple(limit(a, b) for limit, a, b in zip((max, max, min, min), found, whole, strict=True))
    # Ground that lies outside of the map's bounds is shown all the same.
    seen = inside[0] <= west and inside[1] <= south and inside[2] >= east and inside[3] >= north
    return inside if seen else found


def _shape(move: Move, holding: Holding, parties: Mapping[str, Party]) -> AreaShape:
    party = parties[holding.party]
    return AreaShape(
        holding.party,
        holding.status,
        holding.basis,
        move.ground,
        holding.claimed_by,
        party.colour,
        "solid" if party.pattern == "quiet" else party.pattern,
    )


def style_of_move(status: str | None, colour: str, basis: str) -> Style:
    """Ground that came has the readers' style with a bold outline; ground that went to nobody is struck out."""
    if status is None:
        return Style("lost", colour, f"{PREFIX}-lost-{colour}")
    look = {"basis": basis, "status": status, "since": "", "pattern": "solid", "colour": colour}
    style = style_of(look, PREFIX)
    return replace(style, kind=f"{style.kind} m-gained")


def drawn_areas(computed: Mapping) -> tuple[DrawnArea, ...]:
    """In the order to paint them: the last edition's ground, what nobody holds any more, what changed hands."""
    under = [_drawn(area, style_of(area, PREFIX)) for area in computed["under"]]
    gained = [_drawn(area, style_of_move(area["status"], area["colour"], area["basis"])) for area in computed["gained"]]
    lost = [_drawn(area, style_of_move(None, area["colour"], area["basis"])) for area in computed["lost"]]
    return (*under, *lost, *gained)


def patterns(areas: Sequence[DrawnArea]) -> list[Pattern]:
    """All that these areas are filled with."""
    lost = {area.style.colour for area in areas if area.style.kind == "lost"}
    plain = [replace(area.style, kind=area.style.kind.split()[0]) for area in areas if area.style.kind != "lost"]
    return [*patterns_of(plain), *(Pattern(f"{PREFIX}-lost-{colour}", colour, LOST) for colour in sorted(lost))]


def _drawn(area: Mapping[str, str], style: Style) -> DrawnArea:
    return DrawnArea(area["party"], area["status"], area["basis"], style, area["d"])
