"""Correcting a published edition, and carrying the correction forward into later ones that show the same ground."""

from collections.abc import Collection, Iterator

from django.core.cache import cache
from django.db import models, transaction
from django.utils.translation import gettext as _t

from mapdata.ground.carrying import carried, still_so
from mapdata.ground.measuring import area_km2
from mapdata.ground.moves import Move, changed_ground
from mapdata.models.editions import Edition
from mapdata.models.maps import SituationMap
from newsroom.publishing import Refused

KEPT_SECONDS = 6 * 3600


def begin_correction(edition: Edition, by) -> tuple[Edition, bool]:
    """A draft with this picture and its moment, and whether it is new: one that was begun already is gone on with.

    Raises Refused where readers do not see this edition, or have a correction of it.
    """
    with transaction.atomic():
        SituationMap.objects.select_for_update().get(pk=edition.map_id)
        if not edition.is_released or edition.is_withdrawn:
            raise Refused(_t("Only an edition that readers can see is corrected."))
        standing = edition.map.editions.showing(at=edition.situation_at)
        if standing.pk != edition.pk:
            raise Refused(_t("Edition %(number)s has corrected this one: correct that.") % {"number": standing.number})
        begun = edition.map.editions.drafts().filter(situation_at=edition.situation_at).first()
        return begun or Edition.begin(edition.map, by, edition.situation_at, copy_of=edition), begun is None


def reach(edition: Edition) -> list[tuple[Edition, tuple[Move, ...]]]:
    """The later editions that still show what this correction says was wrong, and that ground; by their moments."""
    corrected = edition.corrected()
    if corrected is None:
        return []
    return still_so(changed_ground(corrected.ground_areas(), edition.ground_areas()), _later(edition))


def reach_km2(edition: Edition) -> list[tuple[Edition, float]]:
    """The same, with how much ground; kept for the last revision, as it takes comparing many pictures."""
    corrected = edition.corrected()
    if corrected is None:
        return []
    later = edition.map.editions.filter(situation_at__gt=edition.situation_at).timeline().defer("content")
    editions = {one.pk: one for one in later}
    state = [edition.revision, corrected.pk, sorted(editions)]
    kept = cache.get(f"reach-{edition.pk}")
    if kept is None or kept[0] != state:
        found = [(one.pk, sum(area_km2(move.ground) for move in moved)) for one, moved in reach(edition)]
        kept = state, found
        cache.set(f"reach-{edition.pk}", kept, KEPT_SECONDS)
    return [(editions[pk], km2) for pk, km2 in kept[1]]


def _later(edition: Edition) -> Iterator[tuple[Edition, tuple]]:
    """One after the other, so that no more ground is fetched than is looked at."""
    later = edition.map.editions.filter(situation_at__gt=edition.situation_at).timeline().defer("content")
    for one in later:
        yield one, one.ground_areas()


def carry_forward(edition: Edition, by, chosen: Collection[int]) -> list[Edition]:
    """Drafts that correct the chosen later editions (keys) in the same way, made all at once.

    Each shows what the later edition shows, but for the ground that it still shows as it was; and names the sources
    of both. A draft that carried it there already makes way. Raises Refused where nothing is to be done.
    """
    with transaction.atomic():
        SituationMap.objects.select_for_update().get(pk=edition.map_id)
        edition.refresh_from_db()
        found = [(later, moved) for later, moved in reach(edition) if later.pk in chosen]
        if not found:
            raise Refused(_t("No later edition that was chosen shows this ground as it was."))
        return [_carry_into(edition, later, moved, by) for later, moved in found]


def _carry_into(edition: Edition, later: Edition, moved: tuple[Move, ...], by) -> Edition:
    edition.carried.drafts().filter(situation_at=later.situation_at).delete()
    draft = Edition.begin(edition.map, by, later.situation_at)
    draft.sources.set({*later.sources.all(), *edition.sources.all()})
    draft.set_areas(carried(later.ground_areas(), moved))
    draft.carries, draft.carries_revision, draft.carries_into = edition, edition.revision, later.number
    draft.save(update_fields=["carries", "carries_revision", "carries_into"])
    return draft


def carried_drafts(edition: Edition) -> models.QuerySet:
    """What was made of it for later moments and is not published."""
    return edition.carried.drafts().order_by("situation_at")


def publish_with_carried(
    edition: Edition, by, *, content: dict | None = None, carried: dict | None = None, **words
) -> Edition:
    """Publish it, and with the same words what carries it forward: all, or nothing. Raises Refused as `publish`.

    `content` is what it says, and `carried` what those say, by their keys, from a caller who has locked them all.
    """
    if words.get("release_at"):
        raise Refused(
            _t("Corrections of several editions are published together now, or one by one: they are not scheduled.")
        )
    with transaction.atomic():
        published = edition.publish(by, content=content, **words)
        for draft in carried_drafts(edition):
            said = carried and carried[draft.pk] | draft.other_editions()
            try:
                draft.publish(by, content=said, **words)
            except Refused as refusal:
                raise Refused(*(f"{draft}: {reason}" for reason in refusal.reasons)) from refusal
    return published
