"""Files that readers download: what versions say, as tables, and each table written in several formats.

Pure: contents of versions in, bytes out, and the same bytes for the same input. Coordinates are WGS84 longitude and
latitude, in that order; moments are ISO 8601 in UTC; areas are km². Names of columns are
English, and those of the vocabulary.
"""

from collections.abc import Callable
from dataclasses import dataclass

from mapdata.exports import csv, geojson, geopackage, kml, shapefile
from mapdata.exports.tables import Table


@dataclass(frozen=True)
class Format:
    """A way to write a table."""

    extension: str
    name: str
    content_type: str
    write: Callable[[Table], bytes]


FORMATS = {
    one.extension: one
    for one in (
        Format("geojson", "GeoJSON", "application/geo+json", geojson.write),
        Format("csv", "CSV", "text/csv; charset=utf-8", csv.write),
        Format("kml", "KML", "application/vnd.google-earth.kml+xml", kml.write),
        Format("gpkg", "GeoPackage", "application/geopackage+sqlite3", geopackage.write),
        Format("shp.zip", "Shapefile", "application/zip", shapefile.write),
    )
}
# A Shapefile holds one kind of shape and short texts: it is for ground.
GROUND_FORMATS = ("geojson", "csv", "kml", "gpkg", "shp.zip")
# Events have points; quotes have no place on a map, which these formats allow.
OTHER_FORMATS = ("geojson", "csv", "kml", "gpkg")
