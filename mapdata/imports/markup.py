"""KML and GPX: XML from a stranger. It is looked at here, simplified, and then read by GDAL.

A file with a document type is refused before anything in it is read: that is where entities come from, which expand
without end or stand for other files. What lies elsewhere (NetworkLink, addresses of icons) is left out.
"""

import re
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree
from xml.parsers import expat

from django.utils.translation import gettext as _

from mapdata.imports import gdal
from mapdata.imports.geojson import Unreadable
from mapdata.imports.records import Contents, Record
from mapdata.imports.unpacking import Archive

KML, KMZ, GPX = "KML", "KMZ", "GPX"
# Deeper than this nothing sensible is nested; GDAL and others follow each level with a call.
_DEEPEST = 100
_SPACE = "http://www.opengis.net/kml/2.2"
_SHAPES = {"Point", "LineString", "LinearRing", "Polygon", "MultiGeometry", "Track", "MultiTrack", "Model"}
_KEPT = {"name", "description", "address", "TimeStamp", "TimeSpan", "ExtendedData", *_SHAPES}
# Columns that GDAL always makes for KML; none of them says anything of a feature.
_DISPLAY = {"altitudeMode", "tessellate", "extrude", "visibility", "drawOrder", "icon", "id", "snippet"}
_TIMES = {"timestamp", "begin", "end"}


def checked(data: bytes) -> bytes:
    """The same bytes, if they are XML without a document type. Raises Unreadable where they are not."""
    parser = expat.ParserCreate()
    depth = 0

    def refuse(*_arguments) -> None:
        raise Unreadable(
            _("The file has a document type or entities (DOCTYPE, ENTITY), which is refused: they can be harmful.")
        )

    def begin(_name: str, _attributes: dict) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise Unreadable(_("The file is nested too deeply."))

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = parser.ExternalEntityRefHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise Unreadable(
            _("The file is not XML that can be read, or is cut off: line %(line)s.") % {"line": error.lineno}
        ) from error
    except (ValueError, LookupError) as error:
        raise Unreadable(_("The file is in an encoding that cannot be read.")) from error
    return data


def read_kmz(archive: Archive) -> Contents:
    """The first KML in the archive, `doc.kml` before others; pictures beside it are not looked at."""
    found = sorted(archive.named(".kml"), key=lambda name: (name.lower() != "doc.kml", name.count("/"), name))
    contents = read_kml(archive.read(found[0]))
    contents.format = KMZ
    if len(found) > 1:
        contents.notes.append(
            _("Only %(name)s was read, of %(count)s in the file.") % {"name": found[0], "count": len(found)}
        )
    return contents


def read_kml(data: bytes) -> Contents:
    """The placemarks, wherever in folders they are. Their style's name is the property `styleUrl`."""
    flat, links = _flattened(checked(data))
    contents = Contents(KML, [], _declared_encoding(data))
    if links:
        contents.notes.append(_("Links to other files were not followed: %(count)s.") % {"count": links})
    if flat is None:
        return contents
    with TemporaryDirectory(prefix="import-") as folder:
        path = Path(folder) / "placemarks.kml"
        path.write_bytes(flat)
        _meta, records = gdal.read(path)
        # Read to the end while the folder is there.
        contents.records = [_placemark(record) for record in records]
    return contents


def read_gpx(data: bytes) -> Contents:
    """The waypoints; tracks and routes are features that are left out, each with its reason."""
    checked(data)
    contents = Contents(GPX, [], _declared_encoding(data))
    with TemporaryDirectory(prefix="import-") as folder:
        path = Path(folder) / "points.gpx"
        path.write_bytes(data)
        records: list[Record] = []
        for layer in ("waypoints", "routes", "tracks"):
            _meta, found = gdal.read(path, layer)
            records += [record._replace(properties=_said(record.properties)) for record in found]
    contents.records = records
    return contents


def root_of(data: bytes) -> str:
    """The name of the outermost element, without its namespace."""
    for _event, element in ElementTree.iterparse(BytesIO(data), events=("start",)):
        return _local(element.tag)
    return ""


def _placemark(record: Record) -> Record:
    properties = {
        name: value
        for name, value in record.properties.items()
        if name not in _DISPLAY and not (name in _TIMES and value is None)
    }
    return record._replace(properties=_said(properties))


def _said(properties: dict) -> dict:
    """Without the columns that say nothing: GDAL makes some for whatever the format could have."""
    return {name: value for name, value in properties.items() if value is not None}


def _declared_encoding(data: bytes) -> str:
    found = re.match(rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]*encoding=[\"']([\w.-]+)", data[:200])
    return found[1].decode("ascii").upper() if found else "UTF-8"


def _flattened(data: bytes) -> tuple[bytes | None, int]:
    """The placemarks in order in one document, with a namespace; and how many links to elsewhere were left out."""
    document = ElementTree.Element("kml", {"xmlns": _SPACE})
    inside = ElementTree.SubElement(document, "Document")
    links = 0
    root = None
    for event, element in ElementTree.iterparse(BytesIO(data), events=("start", "end")):
        root = element if root is None else root
        if event == "start":
            continue
        kind = _local(element.tag)
        links += kind == "NetworkLink"
        if kind == "Placemark":
            inside.append(_simplified(element))
            element.clear()
    if root is None or _local(root.tag) != "kml":
        raise Unreadable(_("The file is XML, but neither KML nor GPX."))
    if not len(inside):
        return None, links
    return ElementTree.tostring(document, encoding="utf-8", xml_declaration=True), links


def _simplified(placemark: ElementTree.Element) -> ElementTree.Element:
    """Only what is read: names, times, data, shapes; the style's name becomes data."""
    kept = ElementTree.Element("Placemark")
    style = ""
    extended = ElementTree.Element("ExtendedData")
    for child in placemark:
        kind = _local(child.tag)
        if kind == "styleUrl":
            style = (child.text or "").strip()
        elif kind == "ExtendedData":
            for name, value in _data(child):
                _add_data(extended, name, value)
        elif kind in _KEPT:
            kept.append(_without_space(child))
    if style:
        _add_data(extended, "styleUrl", style)
    if len(extended):
        kept.append(extended)
    return kept


def _data(extended: ElementTree.Element) -> Iterator[tuple[str, str]]:
    """(name, value) of Data and of SchemaData alike."""
    for element in extended.iter():
        kind, name = _local(element.tag), element.get("name")
        if not name:
            continue
        if kind == "SimpleData":
            yield name, (element.text or "").strip()
        elif kind == "Data":
            values = [(child.text or "").strip() for child in element if _local(child.tag) == "value"]
            yield name, values[0] if values else ""


def _add_data(extended: ElementTree.Element, name: str, value: str) -> None:
    data = ElementTree.SubElement(extended, "Data", {"name": name})
    ElementTree.SubElement(data, "value").text = value


def _without_space(element: ElementTree.Element) -> ElementTree.Element:
    copy = ElementTree.Element(_local(element.tag))
    copy.text = element.text
    children: Sequence[ElementTree.Element] = list(element)
    copy.extend([_without_space(child) for child in children if _local(child.tag) not in {"altitudeMode", "extrude"}])
    return copy


def _local(tag: object) -> str:
    return str(tag).rpartition("}")[2]
