"""The ground of a draft edition, changed by operations that are on record and can be undone.

Whoever changes the same draft at the same time waits, and goes on from what was made.
"""

import uuid
from collections.abc import Callable, Iterable, Sequence

import shapely
from django.db import transaction
from django.utils.translation import gettext as _t
from shapely.geometry.base import BaseGeometry

from mapdata.ground import changes
from mapdata.ground.areas import ASSESSED, Area, Holding, area_km2
from mapdata.ground.areas import give as areas_given
from mapdata.ground.areas import take as areas_taken
from mapdata.ground.moves import MeasuredMove, Move, ground_of, moved
from mapdata.models.areas import ControlArea
from mapdata.models.editions import Edition
from mapdata.models.maps import Region
from mapdata.models.operations import Conflict, Operation, OperationGround
from newsroom.models import Source
from newsroom.publishing import Refused

# What an operation does: the areas of a picture in, those of the next one out.
Pictures = Callable[[Sequence[Area]], Sequence[Area]]


def give(edition: Edition, given: BaseGeometry, holding: Holding, by) -> Operation | None:
    """Ground goes to a holding, and leaves whoever had it in that layer. Raises Refused unless this is a draft."""
    return operate(edition, by, Operation.Kind.GROUND, lambda areas: areas_given(areas, given, holding))


def take(edition: Edition, taken: BaseGeometry, by, basis: str = ASSESSED, claimed_by: str = "") -> Operation | None:
    """Ground goes back to nobody in particular, in one layer. Raises Refused unless this is a draft."""
    return operate(edition, by, Operation.Kind.GROUND, lambda areas: areas_taken(areas, taken, basis, claimed_by))


def operate(
    edition: Edition,
    by,
    kind: str,
    change: Pictures,
    *,
    key: uuid.UUID | None = None,
    seen: int | None = None,
    sources: Iterable[Source] = (),
    note: str = "",
) -> Operation | None:
    """Change the picture and record what that did; None where it changes nothing.

    `key` names what is asked: asked again, it is answered and not done again. `seen` is the revision that the
    person looked at: raises Conflict where others changed some of the same ground since. Raises Refused unless
    this is a draft. The sources become the edition's, too.
    """
    key = key or uuid.uuid4()
    with transaction.atomic():
        draft = edition.locked_draft()
        if asked := edition.operations.filter(key=key).first():
            edition.revision = draft.revision
            return asked
        before = edition.ground_areas()
        after = tuple(change(before))
        moves = moved(before, after)
        if not moves:
            return None
        changed = ground_of(moves)
        if seen is not None and seen != draft.revision:
            _refuse_unseen(edition, changed, seen)
        _put(edition, before, after)
        edition.count_change(draft, by)
        operation = _record(edition, by, kind, key, changed, flows_of(moves), note=note)
        OperationGround.objects.bulk_create(_grounds(operation, before, after))
        operation.sources.set(sources)
        edition.sources.add(*sources)
    return operation


def undo(edition: Edition, by, of: int | None = None, key: uuid.UUID | None = None) -> Operation:
    """Take the last operation back; `of` is the one that the person saw as the last. Raises Refused or Conflict."""
    return _turn(edition, by, Operation.Kind.UNDO, of, key)


def redo(edition: Edition, by, of: int | None = None, key: uuid.UUID | None = None) -> Operation:
    """Do again what was undone last."""
    return _turn(edition, by, Operation.Kind.REDO, of, key)


def _turn(edition: Edition, by, kind: str, of: int | None, key: uuid.UUID | None) -> Operation:
    key, undoing = key or uuid.uuid4(), kind == Operation.Kind.UNDO
    with transaction.atomic():
        draft = edition.locked_draft()
        if asked := edition.operations.filter(key=key).first():
            return asked
        done, undone = edition.operations.stacks()
        stack = done if undoing else undone
        if not stack:
            raise Refused(_t("There is nothing to undo.") if undoing else _t("There is nothing to do again."))
        if of is not None and stack[-1].pk != of:
            last = edition.operations.shown().last()
            raise Conflict(_t("Somebody did something else in the meantime. Look at it first."), [last])
        operation = Operation.objects.get(pk=stack[-1].pk)
        grounds = operation.grounds.select_related("party", "claimed_by")
        expected, wanted = ([row.area for row in grounds if row.after == side] for side in (undoing, not undoing))
        now = edition.ground_areas()
        if not _holds(now, expected, {area.holding for area in [*expected, *wanted]}):
            raise Refused(_t("The ground was changed since, in another way than here; this cannot be undone."))
        touched = {area.holding for area in expected}
        _put(edition, now, [*(area for area in now if area.holding not in touched), *wanted])
        edition.count_change(draft, by)
        flows = [MeasuredMove(flow.after, flow.before, *flow[2:]) if undoing else flow for flow in operation.moved]
        return _record(edition, by, kind, key, operation.changed, flows, of=operation)


def _refuse_unseen(edition: Edition, changed: BaseGeometry, seen: int) -> None:
    """`changed` is the ground that would change hands now."""
    since = edition.operations.filter(revision__gt=seen).select_related("by").order_by("id")
    shapely.prepare(changed)
    if unseen := [operation for operation in since if shapely.area(operation.changed & changed) > 0]:
        raise Conflict(
            _t("%(who)s changed some of this ground after you looked; nothing was saved. Look, then try again.")
            % {"who": ", ".join(dict.fromkeys(str(operation.by) for operation in unseen))},
            unseen,
        )


def _put(edition: Edition, before: Sequence[Area], after: Sequence[Area]) -> None:
    """Write the areas that differ; the rows of the others stay."""
    rows = {row.holding: row for row in edition.areas.select_related("party", "claimed_by")}
    old, new = ({area.holding: area.ground for area in areas} for areas in (before, after))
    edition.areas.filter(pk__in=[rows[holding].pk for holding in old if holding not in new]).delete()
    for holding, held in new.items():
        if holding in old and old[holding].wkb != held.wkb:
            rows[holding].ground = held
            rows[holding].save(update_fields=["ground"])
    added = [Area(holding, held) for holding, held in new.items() if holding not in old]
    ControlArea.objects.bulk_create(ControlArea.rows(added, edition=edition))


def _record(edition: Edition, by, kind, key, changed, flows: Iterable[MeasuredMove], **fields) -> Operation:
    return edition.operations.create(
        by=by,
        kind=kind,
        key=key,
        revision=edition.revision,
        changed=changed,
        flows=[flow.as_json() for flow in flows],
        **fields,
    )


def flows_of(moves: Sequence[Move]) -> list[MeasuredMove]:
    """The moves in km², in all and by first-level region."""
    # Whole-country layers are read with each operation: 27 boundaries, three milliseconds.
    atlas = changes.Atlas([(region.code, region.boundary) for region in Region.objects.filter(level=1)])
    return [
        MeasuredMove(move.before, move.after, round(area_km2(move.ground), 3), atlas.km2_by_region(move.ground.geoms))
        for move in moves
    ]


def _grounds(operation: Operation, before: Sequence[Area], after: Sequence[Area]) -> list[OperationGround]:
    """Rows for what differs between two pictures."""
    same = {(area.holding, area.ground.wkb) for area in before} & {(area.holding, area.ground.wkb) for area in after}
    return [
        row
        for is_after, areas in ((False, before), (True, after))
        for row in OperationGround.rows(
            [area for area in areas if (area.holding, area.ground.wkb) not in same], operation=operation, after=is_after
        )
    ]


def _holds(now: Sequence[Area], expected: Sequence[Area], holdings: set[Holding]) -> bool:
    """Whether these holdings have exactly the expected ground now."""
    found, wanted = (
        {area.holding: area.ground.wkb for area in areas if area.holding in holdings} for areas in (now, expected)
    )
    return found == wanted
