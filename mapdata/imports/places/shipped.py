"""The gazetteer that is shipped (mapdata/data/places.csv.gz)."""

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path

from mapdata.drawing.basemap import LANGUAGES
from mapdata.imports.places.plan import regions_by_name
from mapdata.models import Place
from mapdata.models.places import folded

SHIPPED = Path(__file__).resolve().parent.parent.parent / "data" / "places.csv.gz"


def shipped() -> Iterator[Place]:
    """The places that come with the product, unsaved, with the regions that the table has."""
    regions = regions_by_name()
    with gzip.open(SHIPPED, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            place = Place(
                code=f"geonames:{row['geonameid']}",
                name={language: row[f"name_{language}"] for language in LANGUAGES},
                lon=float(row["lon"]),
                lat=float(row["lat"]),
                population=int(row["population"] or 0),
                region_id=regions.get(folded(row["region"])),
            )
            place.fold()
            yield place
