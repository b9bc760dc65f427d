"""A control file becomes an edition of a map: one file, one edition, all or nothing."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.db import models, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from shapely import box

from mapdata.ground.areas import Area, Holding
from mapdata.imports.control.assigning import Assignment, Reading, assign, read
from mapdata.imports.control.plan import ControlPlan, control_reading
from mapdata.imports.files.dating import Moment
from mapdata.imports.files.proposals import AS_IT_IS
from mapdata.imports.files.records import Refusal
from mapdata.imports.provenance import situation_of, source_of
from mapdata.models import Edition, SituationMap
from newsroom.accounts import machine
from newsroom.publishing import Kind, Refused


class Outcome(models.TextChoices):
    """What became of a file; the values are those of the JSON report and are not translated."""

    DRAFTED = "drafted"
    PUBLISHED = "published"
    UNCHANGED = "unchanged"
    WOULD_DRAFT = "would be drafted"
    WOULD_PUBLISH = "would be published"
    REFUSED = "refused"


@dataclass(frozen=True)
class Order:
    """What to do with each file: the map, what values mean (in order), and whether to publish.

    `source` is who the ground is attributed to; empty for the file itself. `publisher` is a user; None for the
    account of the command line. `writer` begins the drafts; None for the account of imports. With
    `anywhere` somebody said already that ground which does not lie on the map is right.
    """

    map: SituationMap
    meanings: Mapping[str, Holding]
    skip: Collection[str] = ()
    field: str = "status"
    at: Moment | None = None
    source: str = ""
    publish: bool = False
    publisher: Any = None
    writer: Any = None
    anywhere: bool = False
    dry_run: bool = False


@dataclass(frozen=True)
class Report:
    """What happened with one file, for people and as JSON (`as_json`)."""

    file: str
    outcome: Outcome
    reading: Reading
    assignment: Assignment
    refused: Sequence[Refusal] = ()
    situation_at: datetime | None = None
    edition: int | None = None
    notes: Sequence[str] = ()
    # The draft or edition itself; not in the report for others.
    made: Edition | None = None

    def as_json(self) -> dict:
        """`edition` is the number of a published edition; a draft has none yet. Areas in km²."""
        assignment = self.assignment
        return {
            "file": self.file,
            "outcome": self.outcome.value,
            "edition": self.edition,
            "situation_at": self.situation_at and self.situation_at.isoformat(),
            "features": self.reading.count,
            "repaired": len(assignment.repaired),
            "repaired_km2": round(sum(feature.changed_km2 for feature in assignment.repaired), 3),
            "repairs": [
                {"feature": feature.number, "repairs": list(feature.repairs), "km2": round(feature.changed_km2, 3)}
                for feature in assignment.repaired
            ],
            "refused": [{"feature": refusal.feature, "reason": refusal.reason} for refusal in self.refused],
            "overlap_km2": round(assignment.overlap_km2, 2),
            "overlaps": [
                {"kept": first, "lost": second, "km2": round(km2, 2)}
                for (first, second), km2 in assignment.overlaps.items()
            ],
            "area_km2": {value: round(km2, 2) for value, km2 in assignment.area_km2.items()},
            "notes": list(self.notes),
        }


def store(plan: ControlPlan, by=None, progress: Callable[[int, int], None] | None = None) -> Report:
    """A draft edition with the file's ground, in one transaction. Raises Undecided, or Refused with the reasons.

    The report says `unchanged` where the map has that ground at that moment already.
    """
    plan.refuse_undecided()
    decision = plan.decision
    order = Order(
        map=plan.map, meanings=decision.meanings, skip=decision.skip, field=plan.field, at=decision.at,
        source=decision.source, writer=by, anywhere=AS_IT_IS in decision.accept,
    )  # fmt: skip
    say = progress or (lambda done, total: None)
    with transaction.atomic():
        say(0, 1)
        reading = control_reading(plan.reading, (), plan.field)
        report = make(reading, plan.assignment, order, plan.reading.name)
        if report.outcome == Outcome.REFUSED:
            raise Refused(*(refusal.reason for refusal in report.refused))
        say(1, 1)
    return report


def import_file(path: Path, order: Order) -> Report:
    """Read a file and make an edition of it, unless the map has one of that moment with this ground already.

    Never raises for what is in the file: the report says why it was refused, and then nothing was written.
    """
    reading = read(path, order.field)
    return make(reading, assign(reading, order.meanings, order.skip, order.field), order, str(path))


def make(reading: Reading, assignment: Assignment, order: Order, file: str) -> Report:
    """Make an edition of what was read and assigned, as `import_file` does; `file` is what the report calls it."""
    notes = list(reading.notes)
    refused = list(assignment.refused)
    moment = order.at or reading.moment
    if moment is None and reading.count:
        refused.append(Refusal(None, _("Neither its name nor its content says which day it shows. Give it with --at.")))
    if assignment.areas and not order.anywhere and not _meets(assignment.areas, order.map.bounds):
        west, south, east, north = order.map.bounds
        if _meets(assignment.areas, (south, west, north, east)):
            refused.append(Refusal(None, _("Latitude and longitude seem to be swapped: nothing lies on this map.")))
        else:
            notes.append(_("Nothing in the file lies on this map."))
    situation_at = moment and situation_of(moment, order.map)
    if refused:
        return Report(file, Outcome.REFUSED, reading, assignment, refused, situation_at=situation_at, notes=notes)
    try:
        with transaction.atomic():
            outcome, edition = _store(reading.name, assignment.areas, moment, order)
    except Refused as why:
        reasons = [Refusal(None, reason) for reason in why.reasons]
        return Report(file, Outcome.REFUSED, reading, assignment, reasons, situation_at=situation_at, notes=notes)
    number = edition.number if edition else None
    if edition:
        situation_at = timezone.localtime(edition.situation_at, order.map.zone)
    return Report(file, outcome, reading, assignment, (), situation_at, number, notes, edition)


def _store(name: str, areas: Sequence[Area], moment: Moment, order: Order) -> tuple[Outcome, Edition | None]:
    """Within the caller's transaction; raises Refused where publishing does."""
    # Two imports of the same file at once: the second waits here, and then finds the first one's edition.
    SituationMap.objects.select_for_update().get(pk=order.map.pk)
    draft = _present(areas, moment, order.map)
    if draft and not (draft.is_draft and order.publish):
        return Outcome.UNCHANGED, draft
    if order.dry_run:
        return (Outcome.WOULD_PUBLISH if order.publish else Outcome.WOULD_DRAFT), None
    if draft is None:
        draft = Edition.begin(order.map, order.writer or machine("import"), situation_of(moment, order.map))
        draft.sources.add(source_of(name, order.source))
        draft.set_areas(areas)
    if not order.publish:
        return Outcome.DRAFTED, draft
    kind = draft.default_kind()
    note = note_en = ""
    if kind == Kind.CORRECTION:
        note = _correction()
        with translation.override("en"):
            note_en = _correction()
    draft.publish(order.publisher or machine("command-line"), kind=kind, note=note, note_en=note_en)
    return Outcome.PUBLISHED, draft


def _correction() -> str:
    return _("The ground of this moment was imported again, from a newer or another file.")


def _present(areas: Sequence[Area], moment: Moment, map_: SituationMap) -> Edition | None:
    """The map's edition of that moment with this same ground, a published one before a draft; or None.

    A published one counts also where another has corrected it since: what was imported once is not imported again,
    in whatever order the files come.
    """
    editions = map_.editions.filter(withdrawn_at=None)
    if isinstance(moment, datetime):
        editions = editions.filter(situation_at=situation_of(moment, map_))
    else:
        midnight = datetime.combine(moment, time.min, tzinfo=map_.zone)
        tomorrow = datetime.combine(moment + timedelta(days=1), time.min, tzinfo=map_.zone)
        editions = editions.filter(situation_at__gte=midnight, situation_at__lt=tomorrow)
    ordered = editions.order_by(models.F("number").desc(nulls_last=True), "-id")
    return next((edition for edition in ordered if _same(edition, areas)), None)


def _same(edition: Edition, areas: Sequence[Area]) -> bool:
    return {area.holding: area.ground for area in edition.ground_areas()} == {
        area.holding: area.ground for area in areas
    }


def _meets(areas: Sequence[Area], bounds: tuple[float, float, float, float]) -> bool:
    frame = box(*bounds)
    return any(area.ground.intersects(frame) for area in areas)
