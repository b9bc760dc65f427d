"""The ground of an edition while it is a draft: read, replaced, and changed by operations that can be undone."""

import uuid
from collections.abc import Callable, Iterable, Sequence

import shapely
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _t
from shapely.geometry.base import BaseGeometry

from mapdata.ground import changes
from mapdata.ground.areas import ASSESSED, Area, Holding, area_km2, give, take
from mapdata.ground.moves import MeasuredMove, Move, ground_of, moved
from mapdata.models.areas import ControlArea
from mapdata.models.maps import Region
from mapdata.models.operations import Conflict, Operation, OperationGround
from newsroom.models import Source
from newsroom.publishing import Refused

# What an operation does: the areas of a picture in, those of the next one out.
Pictures = Callable[[Sequence[Area]], Sequence[Area]]


class DraftGround:
    """Mix-in for `Edition`. Whoever changes the same draft at the same time waits, and goes on from what was made."""

    def ground_areas(self) -> tuple[Area, ...]:
        """Its control areas as the pure modules want them, in their order."""
        areas = (area.area for area in self.areas.select_related("party", "claimed_by"))
        return tuple(sorted(areas, key=lambda area: (area.holding.layer, area.holding)))

    def set_areas(self, areas: Sequence[Area]) -> None:
        """Replace the ground of a draft. The caller sees to it that the assessed layer is a partition."""
        with transaction.atomic():
            draft = self._open_draft()
            self.areas.all().delete()
            ControlArea.objects.bulk_create(ControlArea.rows(areas, edition=self))
            self._count_change(draft)

    def give(self, given: BaseGeometry, holding: Holding, by) -> Operation | None:
        """Ground goes to a holding, and leaves whoever had it in that layer. Raises Refused unless this is a draft."""
        return self.operate(by, Operation.Kind.GROUND, lambda areas: give(areas, given, holding))

    def take(self, taken: BaseGeometry, by, basis: str = ASSESSED, claimed_by: str = "") -> Operation | None:
        """Ground goes back to nobody in particular, in one layer. Raises Refused unless this is a draft."""
        return self.operate(by, Operation.Kind.GROUND, lambda areas: take(areas, taken, basis, claimed_by))

    def operate(
        self,
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
            draft = self._open_draft()
            if asked := self.operations.filter(key=key).first():
                self.revision = draft.revision
                return asked
            before = self.ground_areas()
            after = tuple(change(before))
            moves = moved(before, after)
            if not moves:
                return None
            changed = ground_of(moves)
            if seen is not None and seen != draft.revision:
                self._refuse_unseen(changed, seen)
            self._put(before, after)
            self._count_change(draft, by)
            operation = self._record(by, kind, key, changed, flows_of(moves), note=note)
            OperationGround.objects.bulk_create(_grounds(operation, before, after))
            operation.sources.set(sources)
            self.sources.add(*sources)
        return operation

    def undo(self, by, of: int | None = None, key: uuid.UUID | None = None) -> Operation:
        """Take the last operation back; `of` is the one that the person saw as the last. Raises Refused or Conflict."""
        return self._turn(by, Operation.Kind.UNDO, of, key)

    def redo(self, by, of: int | None = None, key: uuid.UUID | None = None) -> Operation:
        """Do again what was undone last."""
        return self._turn(by, Operation.Kind.REDO, of, key)

    def _turn(self, by, kind: str, of: int | None, key: uuid.UUID | None) -> Operation:
        key, undoing = key or uuid.uuid4(), kind == Operation.Kind.UNDO
        with transaction.atomic():
            draft = self._open_draft()
            if asked := self.operations.filter(key=key).first():
                return asked
            done, undone = self.operations.stacks()
            stack = done if undoing else undone
            if not stack:
                raise Refused(_t("There is nothing to undo.") if undoing else _t("There is nothing to do again."))
            if of is not None and stack[-1].pk != of:
                last = self.operations.shown().last()
                raise Conflict(_t("Somebody did something else in the meantime. Look at it first."), [last])
            operation = Operation.objects.get(pk=stack[-1].pk)
            grounds = operation.grounds.select_related("party", "claimed_by")
            expected, wanted = ([row.area for row in grounds if row.after == side] for side in (undoing, not undoing))
            now = self.ground_areas()
            if not _holds(now, expected, {area.holding for area in [*expected, *wanted]}):
                raise Refused(_t("The ground was changed since, in another way than here; this cannot be undone."))
            touched = {area.holding for area in expected}
            self._put(now, [*(area for area in now if area.holding not in touched), *wanted])
            self._count_change(draft, by)
            flows = [MeasuredMove(flow.after, flow.before, *flow[2:]) if undoing else flow for flow in operation.moved]
            return self._record(by, kind, key, operation.changed, flows, of=operation)

    def _open_draft(self):
        draft = self.locked()
        draft.refuse_closed()
        return draft

    def _count_change(self, draft, by=None) -> None:
        """`draft` is locked. Nobody is named where the one who began it gives it its first ground."""
        draft.revision, draft.changed_at = draft.revision + 1, timezone.now()
        if by:
            draft.note_contribution(by)
        counted = ["revision", "changed_at", "contributors", "unchecked"]
        draft.save(update_fields=counted)
        for name in counted:
            setattr(self, name, getattr(draft, name))

    def _refuse_unseen(self, changed: BaseGeometry, seen: int) -> None:
        """`changed` is the ground that would change hands now."""
        since = self.operations.filter(revision__gt=seen).select_related("by").order_by("id")
        shapely.prepare(changed)
        if unseen := [operation for operation in since if shapely.area(operation.changed & changed) > 0]:
            raise Conflict(
                _t("%(who)s changed some of this ground after you looked; nothing was saved. Look, then try again.")
                % {"who": ", ".join(dict.fromkeys(str(operation.by) for operation in unseen))},
                unseen,
            )

    def _put(self, before: Sequence[Area], after: Sequence[Area]) -> None:
        """Write the areas that differ; the rows of the others stay."""
        rows = {row.holding: row for row in self.areas.select_related("party", "claimed_by")}
        old, new = ({area.holding: area.ground for area in areas} for areas in (before, after))
        self.areas.filter(pk__in=[rows[holding].pk for holding in old if holding not in new]).delete()
        for holding, held in new.items():
            if holding in old and old[holding].wkb != held.wkb:
                rows[holding].ground = held
                rows[holding].save(update_fields=["ground"])
        added = [Area(holding, held) for holding, held in new.items() if holding not in old]
        ControlArea.objects.bulk_create(ControlArea.rows(added, edition=self))

    def _record(self, by, kind, key, changed, flows: Iterable[MeasuredMove], **fields) -> Operation:
        return self.operations.create(
            by=by,
            kind=kind,
            key=key,
            revision=self.revision,
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
