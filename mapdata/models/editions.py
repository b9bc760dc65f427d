"""An edition is a complete picture of who holds what at one moment; it is its own draft until it is published."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from mapdata.ground.areas import Area, is_partition
from mapdata.models import derived
from mapdata.models.areas import ControlArea
from mapdata.models.derived import Difference, Drawing
from mapdata.models.maps import SituationMap
from mapdata.models.operations import OperationGround
from newsroom.models import Source
from newsroom.moments import in_words
from newsroom.publishing import (
    SEALED,
    Kind,
    Publishable,
    Refused,
    Stage,
    Version,
    VersionQuerySet,
    refusals_of_the_database,
    storable,
)


class EditionQuerySet(VersionQuerySet):
    def timeline(self, as_of: datetime | None = None) -> Self:
        """For each moment on the ground the edition published last, in the order of those moments."""
        return self.last_of_each("map", "situation_at", as_of=as_of).order_by("situation_at")

    def showing(self, at: datetime | None = None, as_of: datetime | None = None) -> "Edition | None":
        """The one edition to show for the situation `at`, given what was known `as_of`; or None."""
        editions = self.known(as_of).filter(situation_at__lte=at or timezone.now())
        return editions.order_by("-situation_at", "-number").first()


class Edition(Publishable, Version):
    """`situation_at` is the moment on the ground that it shows; `published_at` is when readers got it."""

    subject_field: ClassVar[str] = "map"

    map = models.ForeignKey(
        SituationMap, models.PROTECT, related_name="editions", verbose_name=_("situation map"), editable=False
    )
    situation_at = models.DateTimeField(
        _("situation at"), help_text=_("The moment on the ground that this edition shows.")
    )
    sources = models.ManyToManyField(Source, related_name="+", verbose_name=_("sources"), blank=True)
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now, editable=False)
    # The correction of an earlier moment that this one brings to its own; it goes where that goes.
    carries = models.ForeignKey(
        "self", models.CASCADE, related_name="carried", verbose_name=_("carries forward"), null=True, editable=False
    )
    # That correction's revision then: what was changed in it since is not here.
    carries_revision = models.PositiveIntegerField(null=True, editable=False)
    # The number of the edition that it was carried into: one that was published since would be undone.
    carries_into = models.PositiveIntegerField(null=True, editable=False)

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
        situation = in_words(self.situation_at, self.map.zone, "SHORT_DATETIME_FORMAT")
        number = _t("edition %(number)s") % {"number": self.number} if self.number else _t("draft edition")
        return f"{self.map}, {number} ({situation})"

    @property
    def is_draft(self) -> bool:
        return self.published_at is None

    @classmethod
    def begin(cls, map_: SituationMap, by, situation_at: datetime, copy_of: "Edition | None" = None) -> "Edition":
        """A new draft, with the ground of another edition if one is given."""
        with transaction.atomic():
            draft = cls.objects.create(map=map_, situation_at=situation_at, **cls.begun_by(by))
            if copy_of:
                draft.sources.set(copy_of.sources.all())
                draft.set_areas(copy_of.ground_areas())
        return draft

    # Its ground

    def ground_areas(self) -> tuple[Area, ...]:
        """Its control areas as the pure modules want them, in their order."""
        areas = (area.area for area in self.areas.select_related("party", "claimed_by"))
        return tuple(sorted(areas, key=lambda area: (area.holding.layer, area.holding)))

    def set_areas(self, areas: Sequence[Area]) -> None:
        """Replace the ground of a draft. The caller sees to it that the assessed layer is a partition."""
        with transaction.atomic():
            draft = self.locked_draft()
            self.areas.all().delete()
            ControlArea.objects.bulk_create(ControlArea.rows(areas, edition=self))
            self.count_change(draft)

    def locked_draft(self) -> "Edition":
        """Raises Refused where it is published."""
        draft = self.locked()
        draft.refuse_closed()
        return draft

    def count_change(self, draft, by=None) -> None:
        """`draft` is locked. Nobody is named where the one who began it gives it its first ground."""
        draft.revision, draft.changed_at = draft.revision + 1, timezone.now()
        if by:
            draft.note_contribution(by)
        counted = ["revision", "changed_at", "contributors", "unchecked"]
        draft.save(update_fields=counted)
        for name in counted:
            setattr(self, name, getattr(draft, name))

    # What it corrects

    def compared_with(self) -> "Edition | None":
        """What readers have of its moment, or else of the last one before it; had, once this one is published."""
        as_of = self.published_at and self.published_at - timedelta(microseconds=1)
        return self.map.editions.defer("content").showing(at=self.situation_at, as_of=as_of)

    def corrected(self) -> "Edition | None":
        """The edition that it corrects; None where it is no correction."""
        before = self.compared_with()
        return before if before and before.situation_at == self.situation_at else None

    def carrying_problems(self) -> list[str]:
        """What keeps a carried correction from being published."""
        if self.carries is None:
            return []
        found = []
        if not self.carries.is_released:
            found.append(_t("The correction that it carries forward is not published."))
        if self.carries_revision != self.carries.revision:
            found.append(_t("The correction that it carries forward has changed since. Carry it forward again."))
        standing = self.corrected()
        if standing and standing.number != self.carries_into:
            found.append(_t("Edition %(number)s of its moment was published since. Carry the correction forward again.")
                         % {"number": standing.number})  # fmt: skip
        return found

    # Publishing

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
        if areas and not is_partition(areas):
            found.append(_t("Some ground is held by two parties at once."))
        return found + self.carrying_problems()

    def complete_content(self) -> dict:
        areas = list(self.areas.select_related("party", "claimed_by").order_by("id"))
        parties = {area.party for area in areas} | {area.claimed_by for area in areas if area.claimed_by}
        return storable(
            {
                "map": self.map.content(),
                "situation_at": self.situation_at.isoformat(),
                **self.other_editions(),
                "parties": {party.slug: party.content() for party in sorted(parties, key=lambda party: party.slug)},
                "areas": [area.content() for area in areas],
                "sources": [source.content() for source in self.sources.all()],
            }
        )

    def other_editions(self) -> dict:
        """The numbers of editions that its content names; of those that readers have when it is published."""
        corrected = (
            Edition.objects.known().filter(map=self.map, situation_at=self.situation_at).order_by("number").last()
        )
        return {"corrects": corrected.number if corrected else None, "baseline": self._baseline_number()}

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

    @classmethod
    def version_model(cls) -> type[Version]:
        return cls

    @classmethod
    def versions_by_row(cls) -> EditionQuerySet:
        return cls.objects.sealed().filter(pk=models.OuterRef("pk"))

    def sealed_versions(self) -> EditionQuerySet:
        return Edition.objects.sealed().filter(pk=self.pk)

    def chain(self) -> EditionQuerySet:
        """An edition continues those of its map."""
        return Edition.chain_of(self.map).order_by("-number")

    @property
    def draft(self) -> "Edition":
        return self

    def get_absolute_url(self) -> str:
        return reverse("edition", args=[self.map.slug, self.number])

    @property
    def is_open(self) -> bool:
        return self.is_draft

    @property
    def has_changes(self) -> bool:
        return self.is_draft

    def refuse_closed(self) -> None:
        if not self.is_draft:
            raise Refused(_t("This edition is published already: make a new one to change the picture."))

    def changed_by(self, user) -> None:
        super().changed_by(user)
        self.changed_at = timezone.now()

    def publish(self, by, **words) -> "Edition":
        """Freeze the draft as the map's next edition. Raises Refused with every reason why not."""
        with transaction.atomic():
            # Before the edition, as whoever begins or carries a correction does.
            SituationMap.objects.select_for_update().get(pk=self.map_id)
            super().publish(by, **words)
        self.refresh_from_db()
        return self

    def new_version(self) -> "Edition":
        self.unchecked = []
        return self

    def note_published(self, version: Version) -> None:
        # What was done stays on record; what is needed to undo it does not.
        OperationGround.objects.filter(operation__edition=self).delete()
        derived.prepare(self)

    def withdraw(self, by, note: str = "") -> None:
        with transaction.atomic():
            super().withdraw(by, note)
            # Later ones may show its ground as held since before the beginning: they are drawn again when asked for.
            Drawing.objects.filter(edition__map=self.map).delete()
            derived.compare_neighbours(self.map, self.situation_at)

    def take_back(self) -> None:
        with refusals_of_the_database():
            taken = Edition.objects.pending().filter(pk=self.pk)
            writers = self.locked().writers
            if not taken.update(
                number=None, digest="", previous_digest="", published_at=None, published_by=None, content={},
                stage=Stage.IN_REVIEW, contributors=writers, unchecked=writers,
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
