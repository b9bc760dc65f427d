"""What was done to the ground of a draft, one operation after another: by whom, when, on what grounds; to be undone.

The list only grows: undoing and doing again are operations themselves. Which ones stand follows from it (`stacks`).
Each operation keeps the ground of the holdings that it changed, before and after, until its edition is published.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mapdata.fields import GroundField
from mapdata.ground.moves import MeasuredMove
from mapdata.models.areas import HeldGround
from newsroom.models import Source
from newsroom.moments import in_words
from newsroom.publishing import Refused


class Conflict(Refused):
    """Others changed the same ground since the person looked; `operations` are theirs."""

    def __init__(self, reason: str, operations: list["Operation"]):
        super().__init__(reason)
        self.operations = operations


class Stacks(NamedTuple):
    """Operations that stand, and those that were undone and can be done again; the next to undo or redo is last."""

    done: list["Operation"]
    undone: list["Operation"]


class OperationQuerySet(models.QuerySet):
    def shown(self) -> Self:
        """In order, with all that a list of them says, and without their ground."""
        return self.select_related("by").defer("changed").order_by("id")

    def stacks(self) -> Stacks:
        return stacks(self.shown())


def stacks(operations: Iterable["Operation"]) -> Stacks:
    """Which operations stand, from the whole list in order."""
    done: list[Operation] = []
    undone: list[Operation] = []
    for operation in operations:
        if operation.kind == Operation.Kind.UNDO:
            undone.append(done.pop())
        elif operation.kind == Operation.Kind.REDO:
            done.append(undone.pop())
        else:
            done.append(operation)
            undone.clear()
    return Stacks(done, undone)


class Operation(models.Model):
    class Kind(models.TextChoices):
        REGION = "region", _("a region given")
        GROUND = "ground", _("drawn ground given")
        LINE = "line", _("a front line drawn")
        BORDER = "border", _("a border moved")
        POCKET = "pocket", _("a pocket dissolved")
        AREA = "area", _("all ground of one kind given")
        OTHER = "other", _("taken over from another edition")
        UNDO = "undo", _("undone")
        REDO = "redo", _("done again")

    edition = models.ForeignKey("mapdata.Edition", models.CASCADE, related_name="operations", verbose_name=_("edition"))
    # Made by whoever asks for it: what is asked twice, since no answer came, is done once.
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    # That of the edition when this was done.
    revision = models.PositiveIntegerField(editable=False)
    kind = models.CharField(_("kind"), max_length=6, choices=Kind)
    of = models.ForeignKey("self", models.CASCADE, null=True, related_name="+", verbose_name=_("of"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now)
    note = models.CharField(_("note"), max_length=300, blank=True)
    sources = models.ManyToManyField(Source, related_name="+", verbose_name=_("sources"), blank=True)
    flows = models.JSONField(_("what changed hands"))
    changed = GroundField(_("the ground that changed hands"))

    objects = OperationQuerySet.as_manager()

    class Meta:
        verbose_name = _("operation")
        verbose_name_plural = _("operations")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["edition", "key"], name="mapdata_operation_once")]

    def __str__(self) -> str:
        return f"{self.by}, {in_words(self.at, form='SHORT_DATETIME_FORMAT')}"

    @property
    def moved(self) -> list[MeasuredMove]:
        return [MeasuredMove.from_json(flow) for flow in self.flows]


class OperationGround(HeldGround):
    """All the ground of a holding that an operation changed: as it was before, or after. Scratch, for undoing."""

    operation = models.ForeignKey(Operation, models.CASCADE, related_name="grounds")
    after = models.BooleanField()

    class Meta:
        verbose_name = _("ground of an operation")
        verbose_name_plural = _("ground of operations")


class PresenceQuerySet(models.QuerySet):
    def others(self, edition, user) -> Self:
        """Who else has this draft open now."""
        lately = timezone.now() - Presence.LASTS
        return self.filter(edition=edition, seen_at__gte=lately).exclude(user=user).select_related("user")


class Presence(models.Model):
    """Somebody has a draft open to draw in it, and their page said so at `seen_at`."""

    LASTS = timedelta(seconds=20)
    # A page asks more often than this; not each time is worth a row written.
    WRITTEN_EVERY = timedelta(seconds=8)

    edition = models.ForeignKey("mapdata.Edition", models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    since = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)

    objects = PresenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        constraints = [models.UniqueConstraint(fields=["edition", "user"], name="mapdata_presence_once")]

    @classmethod
    def note(cls, edition, user, now: datetime | None = None) -> None:
        now = now or timezone.now()
        present = cls.objects.filter(edition=edition, user=user).first()
        if present is None:
            cls.objects.get_or_create(edition=edition, user=user, defaults={"since": now, "seen_at": now})
        elif present.seen_at < now - cls.LASTS:
            cls.objects.filter(pk=present.pk).update(since=now, seen_at=now)
        elif present.seen_at < now - cls.WRITTEN_EVERY:
            cls.objects.filter(pk=present.pk).update(seen_at=now)
