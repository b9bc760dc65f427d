"""CSV as spreadsheets, registers and data sets write it: any separator, coordinates in any usual columns, WKT.

A row is a feature; its number is that of the row below the heading, as in a spreadsheet less one.
"""

import csv
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import islice

import shapely
from django.utils.translation import gettext as _
from shapely import Point
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry

from mapdata.exports.cells import as_written
from mapdata.imports.files import coordinates, geojson
from mapdata.imports.files.charsets import Text
from mapdata.imports.files.records import Contents, Record, Unreadable, plain

FORMAT = "CSV"
SEPARATORS = (";", ",", "\t", "|")
# A cell may hold a whole country's outline; the file's size is limited before it comes here.
csv.field_size_limit(sys.maxsize)

LAT, LON, WKT, BOTH = "lat", "lon", "wkt", "latlon"
# Headings, folded (`fold`), the usual ones first; Dutch, English, Ukrainian, Russian.
_WORDS = {
    LAT: "latitude lat breedtegraad breedte noorderbreedte широта шир latitud latitudine breite latwgs84 latdd ddlat "
    "declat geolat gpslat latdeg latdecimal decimallatitude pointy ycoord ycoordinate ycoordinaat coordy y nb",
    LON: "longitude lon long lng lengtegraad lengte oosterlengte довгота долгота довг longitud longitudine lange länge "
    "lonwgs84 londd ddlon declon geolon geolng gpslon londeg londecimal decimallongitude pointx xcoord xcoordinate "
    "xcoordinaat coordx x ol",
    WKT: "wkt geom geomwkt wktgeom geometry thegeom shape geometrie геометрія wkbgeometry geojson polygon",
    BOTH: "coordinates coordinate coords coord coordinaten coördinaten latlon latlong latlng location geo gps geopoint "
    "gpscoordinates geolocation координати координаты locatie positie position lonlat longlat lnglat",
}
HEADINGS = {role: words.split() for role, words in _WORDS.items()}
# A part of a heading that says enough: "Latitude (WGS84)", "Широта, град."
_PARTS = {LAT: ("latitude", "breedtegraad", "широта"), LON: ("longitude", "lengtegraad", "довгота", "долгота")}
_SHAPE = re.compile(
    r"\s*(SRID=\d+;)?\s*(MULTI)?(POINT|LINESTRING|POLYGON|GEOMETRYCOLLECTION)\b|\s*\{\s*\"(type|coordinates)\"",
    re.IGNORECASE,
)
_SAMPLE = 200
_DEEPEST = 50
_DEEPEST_HEADING = 10


@dataclass(frozen=True)
class Columns:
    """In which columns (by place) the coordinates are: two of numbers, one of both, or one of shapes."""

    lat: int | None = None
    lon: int | None = None
    both: int | None = None
    wkt: int | None = None
    lon_first: bool = False

    @property
    def found(self) -> bool:
        return None not in (self.lat, self.lon) or self.both is not None or self.wkt is not None


def read(text: Text, chosen: Mapping[str, str] | None = None) -> Contents:
    """The rows of a table; `chosen` are columns that somebody named for `lat`, `lon`, `latlon` or `wkt`.

    Raises Unreadable where it is no table.
    """
    body, separator = _hinted(text.text)
    separator = separator or separator_of(body)
    rows = _rows(body, separator)
    first = list(islice(_rows(body, separator), _SAMPLE))
    if not first:
        raise Unreadable(_("The file is empty."))
    heading = _heading_of(first)
    names = headings(first[heading])
    columns = find_columns(names, first[heading + 1 :], chosen or {})
    for _above in range(heading + 1):
        next(rows)
    contents = Contents(FORMAT, [], text.encoding, notes=list(text.notes))
    contents.members = {"separator": separator, "columns": {k: names[v] for k, v in _roles(columns).items()}}
    if not columns.found:
        contents.problem = _("No column has coordinates: none is called latitude and longitude, and none has shapes.")
    contents.records = _records(rows, names, columns)
    return contents


def _hinted(text: str) -> tuple[str, str]:
    """The table without the line by which Excel names the separator, and what that says, if it is there."""
    found = re.match(r"sep=(.)\r?\n", text, re.IGNORECASE)
    return (text[found.end() :], found[1]) if found else (text, "")


def _heading_of(rows: Sequence[Sequence[str]]) -> int:
    """Which row is the heading: the first that names coordinates, below titles and remarks; else the first of all."""
    for place, row in enumerate(rows[:_DEEPEST_HEADING]):
        names = headings(row)
        named = {role for role in (LAT, LON, WKT, BOTH) if _named(names, role) is not None}
        if {LAT, LON} <= named or WKT in named or BOTH in named:
            return place
    return 0


def separator_of(text: str) -> str:
    """The separator that divides the first rows most evenly."""
    sample = text[:200_000]
    best, most = ",", (0.0, 0)
    for separator in SEPARATORS:
        rows = list(islice(_rows(sample, separator), 50))
        # The last may have been cut off with the sample.
        rows = rows[:-1] if len(rows) > 1 and len(text) > len(sample) else rows
        widths = Counter(map(len, rows))
        width, times = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        if width > 1 and (times / len(rows), width) > most:
            best, most = separator, (times / len(rows), width)
    return best


def headings(row: Sequence[str]) -> list[str]:
    """The names of the columns; one without a name, or with that of another, gets its number."""
    names: list[str] = []
    for number, cell in enumerate(row, start=1):
        name = " ".join(cell.split()) or str(number)
        names.append(f"{name} ({number})" if name in names else name)
    return names


def fold(heading: str) -> str:
    """A heading without spaces, punctuation and capitals."""
    return re.sub(r"[\W_]+", "", heading.casefold())


def find_columns(names: Sequence[str], sample: Sequence[Sequence[str]], chosen: Mapping[str, str]) -> Columns:
    """Where the coordinates are. Raises Unreadable for a chosen column that is not there."""
    found: dict[str, int] = {}
    for role in (LAT, LON, WKT, BOTH):
        if role in chosen:
            if chosen[role] not in names:
                raise Unreadable(_("There is no column “%(name)s”.") % {"name": chosen[role]})
            found[role] = list(names).index(chosen[role])
        elif (place := _named(names, role)) is not None:
            found[role] = place
    shapes = [place for place in range(len(names)) if _looks(sample, place, _SHAPE)]
    if WKT not in chosen:
        found.pop(WKT, None)
        if shapes:
            found[WKT] = shapes[0]
    if BOTH not in chosen and not (BOTH in found and _pairs(sample, found[BOTH])):
        found.pop(BOTH, None)
    if LAT in found and LON in found and (WKT not in found or _only_points(sample, found[WKT])) and WKT not in chosen:
        return Columns(lat=found[LAT], lon=found[LON])
    if WKT in found:
        return Columns(wkt=found[WKT])
    if BOTH in found:
        return Columns(both=found[BOTH], lon_first=fold(names[found[BOTH]]).startswith(("lon", "lng")))
    return Columns()


def _named(names: Sequence[str], role: str) -> int | None:
    folded = [fold(name) for name in names]
    for heading in HEADINGS[role]:
        if heading in folded:
            return folded.index(heading)
    parts = _PARTS.get(role, ())
    return next((place for place, name in enumerate(folded) if any(part in name for part in parts)), None)


def _roles(columns: Columns) -> dict[str, int]:
    roles = {LAT: columns.lat, LON: columns.lon, BOTH: columns.both, WKT: columns.wkt}
    return {role: place for role, place in roles.items() if place is not None}


def _cells(sample: Sequence[Sequence[str]], place: int) -> list[str]:
    return [row[place] for row in sample if place < len(row) and row[place].strip()]


def _looks(sample: Sequence[Sequence[str]], place: int, pattern: re.Pattern[str]) -> bool:
    cells = _cells(sample, place)
    return bool(cells) and sum(bool(pattern.match(cell)) for cell in cells) * 2 > len(cells)


def _only_points(sample: Sequence[Sequence[str]], place: int) -> bool:
    return all("POINT" in cell[:40].upper() for cell in _cells(sample, place))


def _pairs(sample: Sequence[Sequence[str]], place: int) -> bool:
    def is_pair(cell: str) -> bool:
        try:
            coordinates.pair_in_one(cell)
        except Unreadable:
            return False
        return True

    cells = _cells(sample, place)[:20]
    return bool(cells) and sum(map(is_pair, cells)) * 2 > len(cells)


def _rows(text: str, separator: str) -> Iterator[list[str]]:
    """Rows with something in them."""
    try:
        for row in csv.reader(StringIO(text, newline=""), delimiter=separator):
            if any(cell.strip() for cell in row):
                yield row
    except csv.Error as error:
        raise Unreadable(_("The file is no table that can be read: %(why)s") % {"why": error}) from error


def _records(rows: Iterator[list[str]], names: Sequence[str], columns: Columns) -> Iterator[Record]:
    for row in rows:
        # The shape itself is in the geometry; a cell of half a megabyte is nothing to show.
        values = {name: _value(cell) for name, cell in zip(names, row, strict=False)}
        if columns.wkt is not None:
            values.pop(names[columns.wkt], None)
        try:
            geometry, repairs = _geometry(row, columns)
        except Unreadable as why:
            yield Record(values, None, problem=str(why))
        else:
            yield Record(values, geometry, repairs, "", columns.wkt is not None and bool(geometry.has_z))


def _value(cell: str) -> str | None:
    cell = as_written(cell).strip()
    return plain(cell) if cell else None


def _geometry(row: Sequence[str], columns: Columns) -> tuple[BaseGeometry, tuple[str, ...]]:
    def cell(place: int) -> str:
        return row[place] if place < len(row) else ""

    if columns.wkt is not None:
        return shape(cell(columns.wkt))
    if columns.both is not None:
        if not cell(columns.both).strip():
            raise Unreadable(_("It has no coordinates."))
        return Point(coordinates.pair_in_one(cell(columns.both), columns.lon_first)), ()
    if columns.lat is None or columns.lon is None:
        raise Unreadable(_("It has no coordinates."))
    return Point(coordinates.pair(cell(columns.lat), cell(columns.lon))), ()


def shape(text: str) -> tuple[BaseGeometry, tuple[str, ...]]:
    """A geometry from WKT (with SRID or without) or GeoJSON; and what was repaired."""
    text = re.sub(r"^\s*SRID=\d+;", "", text, flags=re.IGNORECASE).strip()
    if not text:
        raise Unreadable(_("It has no geometry."))
    if text.startswith("{"):
        drawn = geojson.drawn(geojson.parsed(text))
        return drawn.geometry, drawn.repairs
    if text.upper().count("COLLECTION") > _DEEPEST:
        # GEOS follows each level with a call of its own, until there is no more room for calls.
        raise Unreadable(_("Its geometry is nested too deeply."))
    repairs: tuple[str, ...] = ()
    try:
        geometry = shapely.from_wkt(text)
    except (GEOSException, ValueError, TypeError):
        try:
            geometry = shapely.from_wkt(text, on_invalid="fix")
        except (GEOSException, ValueError, TypeError) as error:
            raise Unreadable(_("Its shape cannot be understood: %(text)s") % {"text": text[:60]}) from error
        repairs = (_("rings closed"),)
    if geometry is None or geometry.is_empty:
        raise Unreadable(_("Its geometry is empty."))
    return geometry, repairs
