"""An edition is a complete picture of who holds what at one moment; it is its own draft until it is published."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import ClassVar, Self

import shapely
from django.db import models, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from shapely.geometry.base import BaseGeometry

from mapdata import drawings, ground
from mapdata.fields import GroundField
from mapdata.ground import Area, Holding
from mapdata.handovers import Handover, handover
from mapdata.models.corrections import Correctable
from mapdata.models.maps import Party, SituationMap
from mapdata.models.steps import Step
from newsroom.models import Source
from newsroom.publishing import (
    SEALED,
    Kind,
    Refused,
    Stage,
    Version,
    VersionQuerySet,
    refusals_of_the_database,
    refuse_single_person,
    seal,
)


class EditionQuerySet(VersionQuerySet):
    def timeline(self, as_of: datetime | None = None) -> Self:
        """For each moment on the ground the edition published last, in the order of those moments."""
        return self.last_of_each("map", "situation_at", as_of=as_of).order_by("situation_at")

    def showing(self, at: datetime | None = None, as_of: datetime | None = None) -> "Edition | None":
        """The one edition to show for the situation `at`, given what was known `as_of`; or None."""
        editions = self.known(as_of).filter(situation_at__lte=at or timezone.now())
        return editions.order_by("-situation_at", "-number").first()


class Edition(Correctable, Version):
    """`situation_at` is the moment on the ground that it shows; `published_at` is when readers got it."""

    subject_field: ClassVar[str] = "map"

    map = models.ForeignKey(
        SituationMap, models.PROTECT, related_name="editions", verbose_name=_("situation map"), editable=False
    )
    situation_at = models.DateTimeField(
        _("situation at"), help_text=_("The moment on the ground that this edition shows.")
    )
    stage = models.CharField(_("stage"), max_length=10, choices=Stage, default=Stage.DRAFT, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)
    sources = models.ManyToManyField(Source, related_name="+", verbose_name=_("sources"), blank=True)
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now, editable=False)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["-situation_at", "-number"]
        permissions = [("publish_edition", _("Can publish an edition"))]
        constraints = [
            models.UniqueConstraint(fields=["map", "number"], name="mapdata_edition_number_once"),
            models.CheckConstraint(
                condition=models.Q(published_at=None, number=None, digest="") | SEALED,
                name="mapdata_edition_published_whole",
            ),
        ]
        indexes = [models.Index(fields=["map", "situation_at", "number"], name="mapdata_edition_shown")]

    def __str__(self) -> str:
        situation = date_format(timezone.localtime(self.situation_at, self.map.zone), "SHORT_DATETIME_FORMAT")
        number = _t("edition %(number)s") % {"number": self.number} if self.number else _t("draft edition")
        return f"{self.map}, {number} ({situation})"

    @property
    def is_draft(self) -> bool:
        return self.published_at is None

    @classmethod
    def begin(cls, map_: SituationMap, by, situation_at: datetime, copy_of: "Edition | None" = None) -> "Edition":
        """A new draft, with the ground of another edition if one is given."""
        with transaction.atomic():
            draft = cls.objects.create(map=map_, written_by=by, situation_at=situation_at)
            if copy_of:
                draft.sources.set(copy_of.sources.all())
                draft.set_areas(copy_of.ground_areas())
        return draft

    def ground_areas(self) -> tuple[Area, ...]:
        """Its control areas as the pure modules want them."""
        return tuple(
            Area(
                Holding(
                    area.party.slug, area.status, area.basis, area.claimed_by.slug if area.claimed_by else ""
                ),
                area.ground,
            )
            for area in self.areas.select_related("party", "claimed_by").order_by("id")
        )  # fmt: skip

    def set_areas(self, areas: Sequence[Area]) -> None:
        """Replace the ground of a draft. The caller sees to it that the assessed layer is a partition."""
        parties = {party.slug: party for party in Party.objects.all()}
        with transaction.atomic():
            # Whoever changes the same draft at the same time waits here.
            draft = Edition.objects.select_for_update().get(pk=self.pk)
            if not draft.is_draft:
                raise Refused(_t("This edition is published; make a new one to change the picture."))
            self.areas.all().delete()
            ControlArea.objects.bulk_create(
                ControlArea(
                    edition=self,
                    party=parties[area.holding.party],
                    status=area.holding.status,
                    basis=area.holding.basis,
                    claimed_by=parties[area.holding.claimed_by] if area.holding.claimed_by else None,
                    ground=area.ground,
                )
                for area in areas
            )
            self.revision = draft.revision + 1
            self.changed_at = timezone.now()
            Edition.objects.filter(pk=self.pk).update(revision=self.revision, changed_at=self.changed_at)

    def give(self, given: BaseGeometry, holding: Holding, by) -> Handover:
        """Ground goes to a holding, and leaves whoever had it in that layer. Raises Refused unless this is a draft."""
        return self._hand_over(by, lambda areas: ground.give(areas, given, holding))

    def take(self, taken: BaseGeometry, by, basis: str = ground.ASSESSED, claimed_by: str = "") -> Handover:
        """Ground goes back to nobody in particular, in one layer. Raises Refused unless this is a draft."""
        return self._hand_over(by, lambda areas: ground.take(areas, taken, basis, claimed_by))

    def _hand_over(self, by, operation: Callable[[Sequence[Area]], Sequence[Area]]) -> Handover:
        with transaction.atomic():
            # Whoever works on the same draft at the same time waits here, and goes on from the picture made here.
            Edition.objects.select_for_update().get(pk=self.pk)
            before = self.ground_areas()
            after = operation(before)
            done = handover(before, after)
            if after != before:
                self.set_areas(after)
                Step.record(self, by, before, after, done)
        return done

    def undo(self) -> Handover:
        """Go back to the picture before the last step; says what that step had done. Raises Refused where it cannot."""
        with transaction.atomic():
            Edition.objects.select_for_update().get(pk=self.pk)
            step = self.steps.last()
            if step is None:
                raise Refused(_t("There is nothing to undo."))
            self.set_areas(step.picture_before(self.ground_areas()))
            step.delete()
        return step.handover

    def problems(self) -> list[str]:
        """What keeps it from being published, for the person who asks."""
        found = []
        areas = self.ground_areas()
        if not areas:
            found.append(_t("Nobody holds any ground on this edition."))
        if self.situation_at > timezone.now():
            found.append(_t("The situation that it shows lies in the future."))
        if not self.sources.exists():
            found.append(_t("It names no source."))
        if areas and not ground.is_partition(areas):
            found.append(_t("Some ground is held by two parties at once."))
        return found + self.carrying_problems()

    def complete_content(self) -> dict:
        areas = list(self.areas.select_related("party", "claimed_by").order_by("id"))
        parties = {area.party for area in areas} | {area.claimed_by for area in areas if area.claimed_by}
        corrected = (
            Edition.objects.known().filter(map=self.map, situation_at=self.situation_at).order_by("number").last()
        )
        return {
            "map": self.map.content(),
            "situation_at": self.situation_at.isoformat(),
            "corrects": corrected.number if corrected else None,
            "baseline": self._baseline_number(),
            "parties": {party.slug: party.content() for party in sorted(parties, key=lambda party: party.slug)},
            "areas": [area.content() for area in areas],
            "sources": [source.content() for source in self.sources.all()],
        }

    def _baseline_number(self) -> int | None:
        """The edition that readers have of the last moment before the map's beginning; None for that one itself."""
        beginning = self.map.baseline_at
        if beginning is None or self.situation_at < beginning:
            return None
        last = self.map.editions.known().filter(situation_at__lt=beginning).order_by("-situation_at", "-number").first()
        return last and last.number

    def default_kind(self) -> str:
        """First for the first of a map, correction where readers already have this moment, or else update."""
        chain = Edition.chain_of(self.map)
        if not chain.exists():
            return Kind.FIRST
        return Kind.CORRECTION if chain.known().filter(situation_at=self.situation_at).exists() else Kind.UPDATE

    def submit(self) -> None:
        Edition.objects.filter(pk=self.pk, published_at=None).update(stage=Stage.IN_REVIEW)
        self.stage = Stage.IN_REVIEW

    def send_back(self) -> None:
        Edition.objects.filter(pk=self.pk, published_at=None).update(stage=Stage.DRAFT)
        self.stage = Stage.DRAFT

    def publish(
        self,
        by,
        *,
        kind: str = "",
        note: str = "",
        note_en: str = "",
        release_at: datetime | None = None,
        revision: int | None = None,
        published_before: datetime | None = None,
    ) -> "Edition":
        """Freeze the draft as the map's next edition. Raises Refused with every reason why not."""
        with transaction.atomic():
            SituationMap.objects.select_for_update().get(pk=self.map_id)
            edition = Edition.objects.select_for_update().get(pk=self.pk)
            if not edition.is_draft:
                raise Refused(_t("This edition is published already."))
            if revision is not None and revision != edition.revision:
                raise Refused(_t("Somebody changed this after you opened it. Look at it again, then publish."))
            refuse_single_person(edition.written_by, by)
            if problems := edition.problems():
                raise Refused(*problems)
            seal(
                edition,
                content=edition.complete_content(),
                by=by,
                kind=kind or edition.default_kind(),
                note=note,
                note_en=note_en,
                release_at=release_at,
                published_before=published_before,
            )
            edition.steps.all().delete()
            drawings.prepare(edition)
        self.refresh_from_db()
        return self

    def withdraw(self, by, note: str = "") -> None:
        with transaction.atomic():
            super().withdraw(by, note)
            # Later ones may show its ground as held since before the beginning: they are drawn again when asked for.
            Drawing.objects.filter(edition__map=self.map).delete()
            drawings.compare_neighbours(self.map, self.situation_at)

    def take_back(self) -> None:
        """A scheduled edition becomes a draft again."""
        with refusals_of_the_database():
            taken = Edition.objects.pending().filter(pk=self.pk)
            if not taken.update(
                number=None, digest="", previous_digest="", published_at=None, published_by=None, content={},
                stage=Stage.IN_REVIEW,
            ):  # fmt: skip
                raise Refused(_t("This version is published already; withdraw or correct it instead."))
            # Its ground may change now: what was computed from it is computed again.
            self.drawings.all().delete()
            Difference.objects.filter(models.Q(before=self) | models.Q(after=self)).delete()
        self.refresh_from_db()

    def faults(self) -> list[str]:
        found = []
        if self.situation_at != datetime.fromisoformat(self.content["situation_at"]):
            found.append(_t("its moment is not the one that was published"))
        compared = ("party", "status", "basis", "claimed_by", "ground_sha256")
        frozen = [tuple(area[name] for name in compared) for area in self.content["areas"]]
        present = [
            (
                area.party.slug,
                area.status,
                area.basis,
                area.claimed_by.slug if area.claimed_by else "",
                area.ground_sha256(),
            )
            for area in self.areas.select_related("party", "claimed_by").order_by("id")
        ]
        if frozen != present:
            found.append(_t("its control areas are not those that were published"))
        return found


class ControlArea(models.Model):
    """Ground that a party holds in an edition, with one status and basis; frozen with its edition."""

    frozen_with: ClassVar[str] = "edition"

    class Status(models.TextChoices):
        CONTROLLED = "controlled", _("controlled")
        CONTESTED = "contested", _("contested")
        ADVANCE = "advance", _("advance")
        INFILTRATION = "infiltration", _("infiltration")
        LIBERATED = "liberated", _("liberated")
        UNKNOWN = "unknown", _("unknown")

    class Basis(models.TextChoices):
        ASSESSED = "assessed", _("assessed")
        CLAIMED = "claimed", _("claimed")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="areas", verbose_name=_("edition"))
    party = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name=_("party"))
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.CONTROLLED)
    basis = models.CharField(_("basis"), max_length=8, choices=Basis, default=Basis.ASSESSED)
    claimed_by = models.ForeignKey(
        Party, models.PROTECT, related_name="+", verbose_name=_("claimed by"), null=True, blank=True
    )
    ground = GroundField(_("ground"))

    class Meta:
        verbose_name = _("control area")
        verbose_name_plural = _("control areas")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(basis="assessed", claimed_by=None)
                | models.Q(basis="claimed", claimed_by__isnull=False),
                name="mapdata_controlarea_claim_has_claimant",
                violation_error_message=_("Say who claims this ground; assessed ground is claimed by nobody."),
            ),
            models.UniqueConstraint(
                fields=["edition", "party", "status"],
                condition=models.Q(basis="assessed"),
                name="mapdata_controlarea_assessed_once",
            ),
            models.UniqueConstraint(
                fields=["edition", "party", "status", "claimed_by"],
                condition=models.Q(basis="claimed"),
                name="mapdata_controlarea_claimed_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party}: {self.get_status_display()}, {self.get_basis_display()}"

    def ground_sha256(self) -> str:
        return hashlib.sha256(shapely.to_wkb(self.ground, byte_order=1)).hexdigest()

    def content(self) -> dict:
        """What an edition says of this area; the ground itself lies, frozen, in this row."""
        return {
            "party": self.party.slug,
            "status": self.status,
            "basis": self.basis,
            "claimed_by": self.claimed_by.slug if self.claimed_by else "",
            "km2": round(ground.area_km2(self.ground), 2),
            "ground_sha256": self.ground_sha256(),
        }


class Drawing(models.Model):
    """An edition's ground as paths in a frame, computed once. Derived: it may be thrown away and made again."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="drawings")
    frame = models.CharField(max_length=100)
    content = models.JSONField()

    class Meta:
        verbose_name = _("drawing")
        verbose_name_plural = _("drawings")
        constraints = [models.UniqueConstraint(fields=["edition", "frame"], name="mapdata_drawing_once")]


class Difference(models.Model):
    """What changed hands between two editions. Derived: it may be thrown away and made again."""

    before = models.ForeignKey(Edition, models.CASCADE, related_name="+")
    after = models.ForeignKey(Edition, models.CASCADE, related_name="differences")
    content = models.JSONField()

    class Meta:
        verbose_name = _("difference")
        verbose_name_plural = _("differences")
        constraints = [models.UniqueConstraint(fields=["before", "after"], name="mapdata_difference_once")]
