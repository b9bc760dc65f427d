"""Fills the table of regions: those that are shipped, or those of a GeoJSON file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from mapdata.drawing import basemap
from mapdata.drawing.basemap import RegionShape
from mapdata.imports.files.columns import text_of
from mapdata.imports.files.reading import Feature, open_file
from mapdata.imports.files.records import Refusal, Unreadable
from mapdata.imports.matching import in_languages
from mapdata.imports.plans import split
from mapdata.imports.regions.plan import region_of
from mapdata.imports.regions.store import write


def read_regions(path: Path) -> list[RegionShape]:
    """The regions of a GeoJSON file, checked; boundaries are repaired as those of every file are.

    Each feature has the properties `iso_3166_2` and `name_nl` (the first of the site's content languages), and may have
    `name_en` and the like, and `type`. Raises CommandError with the first feature that cannot be used, and why.
    """
    try:
        reading = open_file(path, geojson_only=True)
    except Unreadable as why:
        raise CommandError(f"{path}: {why}") from why
    features, unfit = split(reading, "ground")
    wrong = [*reading.refused, *unfit]
    found: dict[str, RegionShape] = {}
    for feature in features:
        try:
            region = _region(feature)
            if region.code in found:
                raise Unreadable(_("%(code)s was there before.") % {"code": region.code})
            found[region.code] = region
        except Unreadable as why:
            wrong.append(Refusal(feature.number, str(why)))
    if wrong:
        first = min(wrong, key=lambda refusal: refusal.feature)
        said = {"file": path, "number": first.feature, "why": first.reason}
        raise CommandError(_("%(file)s, feature %(number)s: %(why)s") % said)
    return list(found.values())


def _region(feature: Feature) -> RegionShape:
    """Raises Unreadable, with the reason, for a feature that is not a region."""
    names = in_languages("name")
    for name in ("iso_3166_2", next(iter(names))):
        if not text_of(feature.properties.get(name)):
            raise Unreadable(_("it has no %(name)s.") % {"name": name})
    return region_of(feature, {"code": "iso_3166_2", "kind": "type", **{name: name for name in names}})


class Command(BaseCommand):
    help = (
        "Load the first-level regions that are shipped, or those of a GeoJSON file (properties iso_3166_2, type, and "
        "name_nl, name_en, ...: one for each content language). Regions are known by their code: loading twice changes "
        "nothing, and a region that is not in the file stays. A file with a mistake in it changes nothing at all."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="default: the regions that are shipped")

    def handle(self, *args, file: Path | None = None, **options) -> None:
        regions = read_regions(file) if file else basemap.regions()
        count = {"added": 0, "changed": 0, "unchanged": 0}
        with transaction.atomic():
            for outcome, region in write(regions):
                count[outcome] += 1
                if options["verbosity"] > 1:
                    self.stdout.write(f"{region.code} {region}: {outcome}")
        if options["verbosity"]:
            self.stdout.write(_("%(added)s added, %(changed)s changed, %(unchanged)s unchanged.") % count)
