"""Regions are written all or none; those that the table has by their code are brought up to date."""

from collections.abc import Callable, Iterator, Sequence

from django.db import transaction

from mapdata.drawing.basemap import RegionShape
from mapdata.imports.regions.plan import RegionsPlan
from mapdata.models import Region


def store(plan: RegionsPlan, by=None, progress: Callable[[int, int], None] | None = None) -> dict[str, int]:
    """Write all regions or none; how many were added, changed and unchanged. Raises Undecided."""
    plan.refuse_undecided()
    count = {"added": 0, "changed": 0, "unchanged": 0}
    with transaction.atomic():
        for done, (outcome, _region) in enumerate(write(plan.regions), start=1):
            count[outcome] += 1
            if progress:
                progress(done, len(plan.regions))
    return count


def write(regions: Sequence[RegionShape]) -> Iterator[tuple[str, Region]]:
    """Each region with what happened to its row: added, changed, or unchanged. Rows that are not named stay."""
    present = {region.code: region for region in Region.objects.filter(code__in=[shape.code for shape in regions])}
    for shape in regions:
        region = present.get(shape.code)
        # A name in a language that the file does not speak stays.
        names = {**(region.name if region else {}), **shape.names}
        fields = {"name": names, "kind": shape.kind, "level": shape.level, "boundary": shape.boundary}
        if region is None:
            yield "added", Region.objects.create(code=shape.code, **fields)
        elif all(getattr(region, name) == value for name, value in fields.items()):
            yield "unchanged", region
        else:
            for name, value in fields.items():
                setattr(region, name, value)
            region.save(update_fields=list(fields))
            yield "changed", region
