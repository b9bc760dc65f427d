"""What was done to the ground of a draft, step by step: by whom, when, what it changed, and the picture before it."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict

import shapely
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from mapdata.ground import Area, Holding
from mapdata.handovers import Handover
from newsroom import digests
from newsroom.publishing import Refused


def as_json(areas: Sequence[Area]) -> list[dict]:
    """A picture as plain values; the ground is WKB in hexadecimal digits, which loses nothing."""
    return [asdict(area.holding) | {"ground": shapely.to_wkb(area.ground, hex=True, byte_order=1)} for area in areas]


def from_json(picture: list[dict]) -> tuple[Area, ...]:
    """What `as_json` was given."""
    return tuple(
        Area(
            Holding(**{name: value for name, value in area.items() if name != "ground"}),
            shapely.from_wkb(area["ground"]),
        )
        for area in picture
    )


def digest(picture: list[dict]) -> str:
    return hashlib.sha256(digests.canonical(sorted(picture, key=digests.canonical))).hexdigest()


class Step(models.Model):
    """One operation on a draft. Scratch: steps are kept until the edition is published."""

    edition = models.ForeignKey(
        "mapdata.Edition", models.CASCADE, related_name="steps", verbose_name=_("edition"), editable=False
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now)
    done = models.JSONField(_("what it changed"))
    before = models.JSONField(_("the picture before"))
    # The picture that it made: as long as that stands, going back to the one before undoes this step and no other.
    after_digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.by}, {date_format(timezone.localtime(self.at), 'SHORT_DATETIME_FORMAT')}"

    @classmethod
    def record(cls, edition, by, before: Sequence[Area], after: Sequence[Area], done: Handover) -> "Step":
        return cls.objects.create(
            edition=edition,
            by=by,
            done=done.as_json(),
            before=as_json(before),
            after_digest=digest(as_json(after)),
        )

    @property
    def handover(self) -> Handover:
        return Handover.from_json(self.done)

    def picture_before(self, now: Sequence[Area]) -> tuple[Area, ...]:
        """The picture to go back to. Raises Refused when something else than this step made the one that is `now`."""
        if digest(as_json(now)) != self.after_digest:
            raise Refused(_t("The ground was changed since, in another way than here; this cannot be undone."))
        return from_json(self.before)
