"""Correcting a published edition, and carrying the correction forward into later ones that show the same ground."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.db import models, transaction
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from mapdata.ground.carrying import carried, still_so
from mapdata.ground.measuring import area_km2
from mapdata.ground.moves import Move, changed_ground
from mapdata.models.maps import SituationMap
from newsroom.publishing import Refused

if TYPE_CHECKING:
    from mapdata.models.editions import Edition

KEPT_SECONDS = 6 * 3600


class Correctable(models.Model):
    """What an edition knows of corrections: editions of a moment of which readers have one already."""

    # The correction of an earlier moment that this one brings to its own; it goes where that goes.
    carries = models.ForeignKey(
        "self", models.CASCADE, related_name="carried", verbose_name=_("carries forward"), null=True, editable=False
    )
    # That correction's revision then: what was changed in it since is not here.
    carries_revision = models.PositiveIntegerField(null=True, editable=False)
    # The number of the edition that it was carried into: one that was published since would be undone.
    carries_into = models.PositiveIntegerField(null=True, editable=False)

    class Meta:
        abstract = True

    def compared_with(self) -> Edition | None:
        """What readers have of its moment, or else of the last one before it; had, once this one is published."""
        as_of = self.published_at and self.published_at - timedelta(microseconds=1)
        return self.map.editions.defer("content").showing(at=self.situation_at, as_of=as_of)

    def corrected(self) -> Edition | None:
        """The edition that it corrects; None where it is no correction."""
        before = self.compared_with()
        return before if before and before.situation_at == self.situation_at else None

    def begin_correction(self, by) -> tuple[Edition, bool]:
        """A draft with this picture and its moment, and whether it is new: one that was begun already is gone on with.

        Raises Refused where readers do not see this edition, or have a correction of it.
        """
        with transaction.atomic():
            SituationMap.objects.select_for_update().get(pk=self.map_id)
            if not self.is_released or self.is_withdrawn:
                raise Refused(_t("Only an edition that readers can see is corrected."))
            standing = self.map.editions.showing(at=self.situation_at)
            if standing.pk != self.pk:
                raise Refused(
                    _t("Edition %(number)s has corrected this one: correct that.") % {"number": standing.number}
                )
            begun = self.map.editions.drafts().filter(situation_at=self.situation_at).first()
            return begun or type(self).begin(self.map, by, self.situation_at, copy_of=self), begun is None

    def reach(self) -> list[tuple[Edition, tuple[Move, ...]]]:
        """The later editions that still show what this correction says was wrong, and that ground; by their moments."""
        corrected = self.corrected()
        if corrected is None:
            return []
        return still_so(changed_ground(corrected.ground_areas(), self.ground_areas()), self._later())

    def reach_km2(self) -> list[tuple[Edition, float]]:
        """The same, with how much ground; kept for the last revision, as it takes comparing many pictures."""
        corrected = self.corrected()
        if corrected is None:
            return []
        later = self.map.editions.filter(situation_at__gt=self.situation_at).timeline().defer("content")
        editions = {edition.pk: edition for edition in later}
        state = [self.revision, corrected.pk, sorted(editions)]
        kept = cache.get(f"reach-{self.pk}")
        if kept is None or kept[0] != state:
            found = [(edition.pk, sum(area_km2(move.ground) for move in moved)) for edition, moved in self.reach()]
            kept = state, found
            cache.set(f"reach-{self.pk}", kept, KEPT_SECONDS)
        return [(editions[pk], km2) for pk, km2 in kept[1]]

    def _later(self) -> Iterator[tuple[Edition, tuple]]:
        """One after the other, so that no more ground is fetched than is looked at."""
        later = self.map.editions.filter(situation_at__gt=self.situation_at).timeline().defer("content")
        for edition in later:
            yield edition, edition.ground_areas()

    def carry_forward(self, by, chosen: Collection[int]) -> list[Edition]:
        """Drafts that correct the chosen later editions (keys) in the same way, made all at once.

        Each shows what the later edition shows, but for the ground that it still shows as it was; and names the sources
        of both. A draft that carried it there already makes way. Raises Refused where nothing is to be done.
        """
        with transaction.atomic():
            SituationMap.objects.select_for_update().get(pk=self.map_id)
            self.refresh_from_db()
            found = [(later, moved) for later, moved in self.reach() if later.pk in chosen]
            if not found:
                raise Refused(_t("No later edition that was chosen shows this ground as it was."))
            return [self._carry_into(later, moved, by) for later, moved in found]

    def _carry_into(self, later: Edition, moved: tuple[Move, ...], by) -> Edition:
        self.carried.drafts().filter(situation_at=later.situation_at).delete()
        draft = type(self).begin(self.map, by, later.situation_at)
        draft.sources.set({*later.sources.all(), *self.sources.all()})
        draft.set_areas(carried(later.ground_areas(), moved))
        draft.carries, draft.carries_revision, draft.carries_into = self, self.revision, later.number
        draft.save(update_fields=["carries", "carries_revision", "carries_into"])
        return draft

    def carried_drafts(self) -> models.QuerySet:
        """What was made of it for later moments and is not published."""
        return self.carried.drafts().order_by("situation_at")

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

    def publish_with_carried(self, by, *, content: dict | None = None, carried: dict | None = None, **words) -> Edition:
        """Publish it, and with the same words what carries it forward: all, or nothing. Raises Refused as `publish`.

        `content` is what it says, and `carried` what those say, by their keys, from a caller who has locked them all.
        """
        if words.get("release_at"):
            raise Refused(
                _t("Corrections of several editions are published together now, or one by one: they are not scheduled.")
            )
        with transaction.atomic():
            published = self.publish(by, content=content, **words)
            for draft in self.carried_drafts():
                said = carried and carried[draft.pk] | draft.other_editions()
                try:
                    draft.publish(by, content=said, **words)
                except Refused as refusal:
                    raise Refused(*(f"{draft}: {reason}" for reason in refusal.reasons)) from refusal
        return published
