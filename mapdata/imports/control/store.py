"""A control file becomes an edition of a map: one file, one edition, all or nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.db import models, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from mapdata.ground.areas import Area
from mapdata.imports.control.plan import ControlPlan, no_day, plan
from mapdata.imports.decisions import Decision
from mapdata.imports.files.records import Refusal, Unreadable
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
    """What to do with each of several files: the map, what was decided of all of them, and whether to publish.

    `publisher` is a user; None for the account of the command line.
    """

    map: SituationMap
    decision: Decision
    publish: bool = False
    publisher: Any = None
    dry_run: bool = False


@dataclass(frozen=True)
class Report:
    """What became of one file, for people and as JSON (`as_json`). Without a plan it could not be read."""

    file: str
    outcome: Outcome
    plan: ControlPlan | None = None
    refused: Sequence[Refusal] = ()
    situation_at: datetime | None = None
    # The draft or edition itself; not in the report for others.
    made: Edition | None = None

    @property
    def edition(self) -> int | None:
        """The number of a published edition; a draft has none yet."""
        return self.made.number if self.made else None

    @property
    def notes(self) -> Sequence[str]:
        return self.plan.notes if self.plan else ()

    def as_json(self) -> dict:
        """Areas in km²."""
        plan = self.plan
        repaired = plan.repaired if plan else ()
        return {
            "file": self.file,
            "outcome": self.outcome.value,
            "edition": self.edition,
            "situation_at": self.situation_at and self.situation_at.isoformat(),
            "features": plan.reading.count if plan else 0,
            "repaired": len(repaired),
            "repaired_km2": round(sum(feature.changed_km2 for feature in repaired), 3),
            "repairs": [feature.repairs_as_json() for feature in repaired],
            "refused": [{"feature": refusal.feature, "reason": refusal.reason} for refusal in self.refused],
            "overlap_km2": round(plan.assignment.overlap_km2, 2) if plan else 0.0,
            "overlaps": plan.rounded_overlaps() if plan else [],
            "area_km2": plan.rounded_areas() if plan else {},
            "notes": list(self.notes),
        }


def import_file(path: Path, order: Order) -> Report:
    """Read a GeoJSON file and make an edition of it, unless the map has one of that moment with this ground already.

    Never raises for what is in the file: the report says why it was refused, and then nothing was written.
    """
    decision = order.decision.but(kind="control", whole=True)
    try:
        reading = decision.open(path, order.map.bounds, geojson_only=True)
    except Unreadable as why:
        return Report(str(path), Outcome.REFUSED, refused=[Refusal(None, str(why))])
    planned = plan(reading, order.map, decision)
    reasons = [*planned.refused, *(Refusal(None, _for_commands(words)) for words in planned.undecided)]
    if not reasons:
        try:
            report = store(planned, publish=order.publish, publisher=order.publisher, dry_run=order.dry_run)
            return replace(report, file=str(path))
        except Refused as why:
            reasons = [Refusal(None, reason) for reason in why.reasons]
    return Report(str(path), Outcome.REFUSED, planned, reasons, planned.situation_at)


def store(
    plan: ControlPlan,
    by=None,
    progress: Callable[[int, int], None] | None = None,
    *,
    publish: bool = False,
    publisher=None,
    dry_run: bool = False,
    name: str = "",
) -> Report:
    """The edition that was planned, in one transaction. Raises Undecided, or Refused with the reasons.

    `by` begins the draft; None for the account of imports. `name` is what the file is called, if not as it was read.
    The report says `unchanged` where the map has that ground at that moment already.
    """
    plan.refuse_undecided()
    name = name or plan.reading.name
    if not plan.areas:
        whole = [one.reason for one in plan.refused if one.feature is None]
        raise Refused(*(whole or [one.reason for one in (*plan.refused, *plan.left_out)[:3]]))
    say = progress or (lambda done, total: None)
    with transaction.atomic():
        say(0, 1)
        # Two imports of the same file at once: the second waits here, and then finds the first one's edition.
        SituationMap.objects.select_for_update().get(pk=plan.map.pk)
        edition = present(plan)
        if edition and not (edition.is_draft and publish):
            outcome = Outcome.UNCHANGED
        elif dry_run:
            outcome, edition = (Outcome.WOULD_PUBLISH if publish else Outcome.WOULD_DRAFT), None
        else:
            edition = edition or _drafted(plan, by or machine("import"), name)
            outcome = _published(edition, publisher or machine("command-line")) if publish else Outcome.DRAFTED
        say(1, 1)
    shown = timezone.localtime(edition.situation_at, plan.map.zone) if edition else plan.situation_at
    return Report(name, outcome, plan, (), shown, edition)


def _for_commands(undecided: str) -> str:
    """What must be said, and how it is said to a command."""
    return " ".join([undecided, _("Give it with --at.")]) if undecided == no_day() else undecided


def _drafted(plan: ControlPlan, by, name: str) -> Edition:
    draft = Edition.begin(plan.map, by, plan.situation_at)
    draft.sources.add(source_of(name, plan.decision.source))
    draft.set_areas(plan.areas)
    return draft


def _published(draft: Edition, by) -> Outcome:
    """Raises Refused where publishing does."""
    kind = draft.default_kind()
    note = note_en = ""
    if kind == Kind.CORRECTION:
        note = _correction()
        with translation.override("en"):
            note_en = _correction()
    draft.publish(by, kind=kind, note=note, note_en=note_en)
    return Outcome.PUBLISHED


def _correction() -> str:
    return _("The ground of this moment was imported again, from a newer or another file.")


def present(plan: ControlPlan) -> Edition | None:
    """The map's edition of that moment with this same ground, a published one before a draft; or None.

    A published one counts also where another has corrected it since: what was imported once is not imported again,
    in whatever order the files come.
    """
    moment, map_ = plan.moment, plan.map
    editions = map_.editions.not_withdrawn()
    if isinstance(moment, datetime):
        editions = editions.filter(situation_at=situation_of(moment, map_))
    else:
        midnight = datetime.combine(moment, time.min, tzinfo=map_.zone)
        tomorrow = datetime.combine(moment + timedelta(days=1), time.min, tzinfo=map_.zone)
        editions = editions.filter(situation_at__gte=midnight, situation_at__lt=tomorrow)
    ordered = editions.order_by(models.F("number").desc(nulls_last=True), "-id")
    return next((edition for edition in ordered if _same(edition, plan.areas)), None)


def _same(edition: Edition, areas: Sequence[Area]) -> bool:
    return {area.holding: area.ground for area in edition.ground_areas()} == {
        area.holding: area.ground for area in areas
    }
