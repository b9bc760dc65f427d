"""Fills the table of regions: those that are shipped, or those of a GeoJSON file."""

import json
from pathlib import Path

import shapely
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from mapdata.drawing import basemap
from mapdata.drawing.basemap import RegionShape
from mapdata.fields import validate_geometry
from mapdata.ground.areas import clean
from mapdata.imports.matching import in_languages, texts
from mapdata.imports.regions.plan import LIMITS
from mapdata.imports.regions.store import write


def read_regions(path: Path) -> list[RegionShape]:
    """The regions of a GeoJSON FeatureCollection in WGS84, checked; boundaries are repaired where GEOS can.

    Each feature has the properties `iso_3166_2` and `name_nl` (the first of the site's content languages), and may have
    `name_en` and the like, and `type`. Raises CommandError with the first feature that cannot be used, and why.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise CommandError(_("%(file)s cannot be read: %(why)s.") % {"file": path, "why": error.strerror}) from error
    except ValueError as error:
        raise CommandError(_("%(file)s is not JSON in UTF-8: %(why)s.") % {"file": path, "why": error}) from error
    features = data.get("features") if isinstance(data, dict) else None
    if not isinstance(features, list) or not features:
        raise CommandError(_("%(file)s is not a GeoJSON FeatureCollection with features.") % {"file": path})
    found: dict[str, RegionShape] = {}
    for number, feature in enumerate(features, 1):
        try:
            region = _region(feature)
            if region.code in found:
                raise ValueError(_("%(code)s was there before.") % {"code": region.code})
        except ValueError as error:
            said = {"file": path, "number": number, "why": error}
            raise CommandError(_("%(file)s, feature %(number)s: %(why)s") % said) from error
        found[region.code] = region
    return list(found.values())


def _region(feature: dict) -> RegionShape:
    """ValueError, with the reason, for a feature that is not a region."""
    properties = feature.get("properties") if isinstance(feature, dict) else None
    properties = properties if isinstance(properties, dict) else {}
    names = in_languages("name")
    limits = {"iso_3166_2": LIMITS["code"], **dict.fromkeys(names, LIMITS["name"]), "type": LIMITS["kind"]}
    values = {name: str(properties.get(name) or "").strip() for name in limits}
    for name in ("iso_3166_2", next(iter(names))):
        if not values[name]:
            raise ValueError(_("it has no %(name)s.") % {"name": name})
    for name, limit in limits.items():
        if len(values[name]) > limit:
            raise ValueError(_("%(name)s is longer than %(limit)s characters.") % {"name": name, "limit": limit})
    if not feature.get("geometry"):
        raise ValueError(_("it has no geometry."))
    try:
        boundary = clean(shapely.from_geojson(json.dumps(feature.get("geometry"))))
    except shapely.errors.GEOSException as error:
        raise ValueError(_("its geometry is not GeoJSON.")) from error
    try:
        validate_geometry(boundary)
    except ValidationError as error:
        raise ValueError(" ".join(error.messages)) from error
    return RegionShape(
        code=values["iso_3166_2"],
        names=texts("name", values),
        kind=values["type"],
        boundary=boundary,
        label=shapely.point_on_surface(boundary),
    )


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
