"""Places are written all or none; those that the gazetteer has by their code are brought up to date."""

from collections.abc import Callable, Sequence

from django.db import transaction

from mapdata.imports.places.plan import PlacesPlan
from mapdata.models import Place

_FIELDS = ("name", "kind", "lon", "lat", "population", "region_id", "folded")
_BATCH = 1000


def store(plan: PlacesPlan, by=None, progress: Callable[[int, int], None] | None = None) -> dict[str, int]:
    """Write all places or none; how many were added, changed and unchanged. Raises Undecided."""
    plan.refuse_undecided()
    with transaction.atomic():
        return write(plan.places, progress)


def write(places: Sequence[Place], progress: Callable[[int, int], None] | None = None) -> dict[str, int]:
    """Add places, and bring those up to date that the table has by their code; within the caller's transaction."""
    count = {"added": 0, "changed": 0, "unchanged": 0}
    for start in range(0, len(places), _BATCH):
        batch = places[start : start + _BATCH]
        there = {place.code: place for place in Place.objects.filter(code__in=[place.code for place in batch])}
        new = [place for place in batch if place.code not in there]
        changed = []
        for place in batch:
            old = there.get(place.code)
            if old:
                # A name in a language that the file does not speak stays.
                place.name = {**old.name, **place.name}
                place.fold()
            if old and any(getattr(old, name) != getattr(place, name) for name in _FIELDS):
                for name in _FIELDS:
                    setattr(old, name, getattr(place, name))
                changed.append(old)
        Place.objects.bulk_create(new)
        Place.objects.bulk_update(changed, [name.removesuffix("_id") for name in _FIELDS], batch_size=200)
        count["added"] += len(new)
        count["changed"] += len(changed)
        count["unchanged"] += len(batch) - len(new) - len(changed)
        if progress:
            progress(min(start + _BATCH, len(places)), len(places))
    return count
