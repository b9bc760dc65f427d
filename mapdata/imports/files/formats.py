"""Which format a file is in, by what it begins with and not by its name; and what is in it, by that format's module."""

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from django.utils.translation import gettext as _

from mapdata.imports.files import charsets, geojson, markup, packages, reference, shapefile, tables, unpacking
from mapdata.imports.files.records import Contents, Record, Unreadable, plain

GEOJSON = "GeoJSON"
_TABLES = (".csv", ".tsv", ".txt", ".tab")
_JSON = (".geojson", ".json", ".topojson")


def open_bytes(
    data: bytes, name: str, limit: int, encoding: str = "", columns: Mapping[str, str] | None = None, layer: str = ""
) -> Contents:
    """The contents of a file; at most `limit` bytes when unpacked. Raises Unreadable.

    The name only decides between a table and what its first bytes do not say.
    """
    if data.startswith(unpacking.GZIP):
        return open_bytes(_gunzipped(data, limit), name.removesuffix(".gz"), limit, encoding, columns, layer)
    if data.startswith(unpacking.ZIP):
        return _zip(unpacking.open_zip(data, limit), limit, encoding, columns or {}, layer)
    if len(data) > limit:
        raise unpacking.too_large(limit)
    if data.startswith(packages.SQLITE):
        return packages.read_geopackage(data, layer)
    if data.startswith(b"\x00\x00\x27\x0a"):
        raise Unreadable(_("A shapefile is several files: send them together in a zip."))
    if not data.strip():
        raise Unreadable(_("The file is empty."))
    text = charsets.decoded(data, encoding)
    begins = text.text.lstrip()[:200]
    if begins.startswith("<"):
        return _xml(data if not encoding else text.text.encode(), begins)
    if begins.startswith(("{", "[")):
        return _json(text)
    if "\0" in text.text[:2000]:
        raise Unreadable(_("The file is of no kind that can be read here: %(kinds)s.") % {"kinds": KINDS})
    if PurePosixPath(name).suffix.lower() in _JSON:
        geojson.parsed(text.text)
    return tables.read(text, columns)


def open_geojson(data: bytes, encoding: str = "") -> Contents:
    """The contents of a file that must be GeoJSON; Unreadable, with what it is instead, where it is not."""
    if why := geojson.is_something_else(data):
        raise Unreadable(why)
    text = charsets.decoded(data, encoding)
    return _of_document(geojson.document_of(geojson.parsed(text.text)), text)


KINDS = "GeoJSON, TopoJSON, KML, KMZ, Shapefile (zip), GeoPackage, GPX, CSV"


def _gunzipped(data: bytes, limit: int) -> bytes:
    unpacked = unpacking.gunzip(data, limit)
    if unpacked.startswith((unpacking.GZIP, unpacking.ZIP)):
        raise Unreadable(_("The file is packed within a packed file. Unpack it once first."))
    return unpacked


def _zip(archive: unpacking.Archive, limit: int, encoding: str, columns: Mapping[str, str], layer: str) -> Contents:
    """A shapefile, a KMZ, or the only file of another kind in it."""
    if archive.named(".shp"):
        return shapefile.read(archive, encoding, layer)
    if archive.named(".kml"):
        return markup.read_kmz(archive)
    others = archive.named(*_JSON, ".gpkg", ".gpx", *_TABLES)
    if not others:
        raise Unreadable(_("There is nothing in the zip that can be read here: %(kinds)s.") % {"kinds": KINDS})
    inside = archive.read(others[0])
    if inside.startswith((unpacking.GZIP, unpacking.ZIP)):
        raise Unreadable(_("The file is packed within a packed file. Unpack it once first."))
    contents = open_bytes(inside, others[0], limit, encoding, columns, layer)
    if len(others) > 1:
        contents.notes.append(
            _("Only %(name)s was read, of %(count)s in the file.") % {"name": others[0], "count": len(others)}
        )
    return contents


def _xml(data: bytes, begins: str) -> Contents:
    if "<!doctype html" in begins.lower() or "<html" in begins.lower():
        raise Unreadable(_("The file is a web page, not map data."))
    markup.checked(data)
    return markup.read_gpx(data) if markup.root_of(data) == "gpx" else markup.read_kml(data)


def _json(text: charsets.Text) -> Contents:
    content = geojson.parsed(text.text)
    if isinstance(content, dict) and content.get("type") == "Topology":
        contents = packages.read_topojson(content)
        contents.encoding, contents.notes = text.encoding, [*text.notes, *contents.notes]
        return contents
    return _of_document(geojson.document_of(content), text)


def _of_document(document: geojson.Document, text: charsets.Text) -> Contents:
    members = {name: value for name, value in document.members.items() if name != "features"}
    crs = reference.named_in(members)
    contents = Contents(GEOJSON, [], text.encoding, crs, [*text.notes, *document.notes], members)
    contents.records = _features(document.features)
    return contents


def _features(features: list[Any]) -> Iterator[Record]:
    """One after the other, each forgotten when it was read: as plain data they take ten times the memory."""
    features.reverse()
    while features:
        yield _record(features.pop())


def _record(feature: Any) -> Record:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        return Record({}, None, problem=_("It is no feature."))
    said = feature.get("properties")
    properties = {plain(name): plain(value) for name, value in said.items()} if isinstance(said, dict) else {}
    if "id" in feature and "id" not in properties and isinstance(feature["id"], str | int):
        properties["id"] = feature["id"]
    try:
        drawn = geojson.drawn(feature.get("geometry"))
    except Unreadable as why:
        return Record(properties, None, problem=str(why))
    except RecursionError:
        return Record(properties, None, problem=_("Its geometry is nested too deeply."))
    return Record(properties, drawn.geometry, drawn.repairs, "", drawn.has_heights)
