"""The ground of an edition."""

import hashlib
from collections.abc import Sequence
from typing import ClassVar, Self

import shapely
from django.db import models
from django.utils.translation import gettext_lazy as _

from mapdata.fields import GroundField
from mapdata.ground.areas import Area, Holding, area_km2
from mapdata.models.maps import Party


class HeldGround(models.Model):
    """Ground that a party holds, with one status and basis."""

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

    party = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name=_("party"))
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.CONTROLLED)
    basis = models.CharField(_("basis"), max_length=8, choices=Basis, default=Basis.ASSESSED)
    claimed_by = models.ForeignKey(
        Party, models.PROTECT, related_name="+", verbose_name=_("claimed by"), null=True, blank=True
    )
    ground = GroundField(_("ground"))

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.party}: {self.get_status_display()}, {self.get_basis_display()}"

    @property
    def holding(self) -> Holding:
        return Holding(self.party.slug, self.status, self.basis, self.claimed_by.slug if self.claimed_by else "")

    @property
    def area(self) -> Area:
        """As the pure modules want it."""
        return Area(self.holding, self.ground)

    @classmethod
    def rows(cls, areas: Sequence[Area], **fields) -> list[Self]:
        """Unsaved rows for these areas."""
        parties = {party.slug: party for party in Party.objects.all()}
        return [
            cls(
                party=parties[area.holding.party],
                status=area.holding.status,
                basis=area.holding.basis,
                claimed_by=parties[area.holding.claimed_by] if area.holding.claimed_by else None,
                ground=area.ground,
                **fields,
            )
            for area in areas
        ]


class ControlArea(HeldGround):
    """Ground that a party holds in an edition, with one status and basis; frozen with its edition."""

    frozen_with: ClassVar[str] = "edition"

    edition = models.ForeignKey("mapdata.Edition", models.CASCADE, related_name="areas", verbose_name=_("edition"))

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

    def ground_sha256(self) -> str:
        return hashlib.sha256(shapely.to_wkb(self.ground, byte_order=1)).hexdigest()

    def content(self) -> dict:
        """What an edition says of this area; the ground itself lies, frozen, in this row."""
        return {
            "party": self.party.slug,
            "status": self.status,
            "basis": self.basis,
            "claimed_by": self.claimed_by.slug if self.claimed_by else "",
            "km2": round(area_km2(self.ground), 2),
            "ground_sha256": self.ground_sha256(),
        }
