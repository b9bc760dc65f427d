"""KML and GPX: XML from a stranger. It is looked at here, simplified, and then read by GDAL.

A file with a document type is refused before anything in it is read: that is where entities come from, which expand
without end or stand for other files. What lies elsewhere (NetworkLink, addresses of icons) is left out.
"""

import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NoReturn
from xml.etree import ElementTree
from xml.parsers import expat

from django.utils.translation import gettext as _

from mapdata.imports.files import charsets, gdal
from mapdata.imports.files.records import Contents, Record, Unreadable
from mapdata.imports.files.unpacking import Archive

KML, KMZ, GPX = "KML", "KMZ", "GPX"
# Deeper than this nothing sensible is nested; GDAL and others follow each level with a call.
_DEEPEST = 100
_SPACE = "http://www.opengis.net/kml/2.2"
_SHAPES = {"Point", "LineString", "LinearRing", "Polygon", "MultiGeometry", "Track", "MultiTrack", "Model"}
_KEPT = {"name", "description", "address", "TimeStamp", "TimeSpan"}
# Columns that GDAL always makes for KML; none of them says anything of a feature.
_DISPLAY = {"altitudeMode", "tessellate", "extrude", "visibility", "drawOrder", "icon", "id", "snippet"}
_PLACE = {"lat", "lon"}
_LEFT_OUT = {"altitudeMode", "extrude", "extensions"}
# A placemark carries through GDAL why its coordinates are none: GDAL would take what is no number for 0.
_PROBLEM = "import_problem"
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_POINTS = re.compile(rf"(?:\s*{_NUMBER},{_NUMBER}(?:,{_NUMBER})?(?=\s|$))+\s*")


def checked(data: bytes) -> bytes:
    """The same bytes, if they are XML without a document type. Raises Unreadable where they are not."""
    parser = expat.ParserCreate()
    depth = 0

    def refuse(*_arguments: object) -> NoReturn:
        raise Unreadable(
            _("The file has a document type or entities (DOCTYPE, ENTITY), which is refused: they can be harmful.")
        )

    def begin(_name: str, _attributes: dict[str, str]) -> None:
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
    flat, problems = _plain_gpx(checked(data))
    contents = Contents(GPX, [], _declared_encoding(data))
    layers: dict[str, list[Record]] = {}
    with TemporaryDirectory(prefix="import-") as folder:
        path = Path(folder) / "points.gpx"
        path.write_bytes(flat)
        for layer in ("waypoints", "routes", "tracks"):
            _meta, found = gdal.read(path, layer)
            layers[layer] = [record._replace(properties=_said(record.properties)) for record in found]
    points = [
        record._replace(geometry=None, problem=why) if why else record
        for record, why in zip(layers["waypoints"], problems, strict=True)
    ]
    contents.records = [*points, *layers["routes"], *layers["tracks"]]
    return contents


def root_of(data: bytes) -> str:
    """The name of the outermost element, without its namespace."""
    for _event, element in ElementTree.iterparse(BytesIO(data), events=("start",)):
        return _local(element.tag)
    return ""


def _placemark(record: Record) -> Record:
    properties = _said({name: value for name, value in record.properties.items() if name not in _DISPLAY})
    if problem := properties.pop(_PROBLEM, ""):
        return record._replace(properties=properties, geometry=None, problem=problem)
    return record._replace(properties=properties)


def _said(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Without the columns that say nothing: GDAL makes some for whatever the format could have."""
    return {name: value for name, value in properties.items() if value is not None}


def _declared_encoding(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    found = re.match(rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]*encoding=[\"']([\w.-]+)", data[:200])
    return charsets.named(found[1].decode("ascii")) if found else "UTF-8"


def _plain_gpx(data: bytes) -> tuple[bytes, list[str]]:
    """Waypoints, routes and tracks without what others added; and for each waypoint why its place is none, if it is.

    GDAL would take what is no number for 0, and leave out a waypoint without a place.
    """
    whole = ElementTree.Element("gpx", {"version": "1.1", "xmlns": "http://www.topografix.com/GPX/1/1"})
    problems: list[str] = []
    for _event, element in ElementTree.iterparse(BytesIO(data)):
        kind = _local(element.tag)
        if kind not in {"wpt", "rte", "trk"}:
            continue
        copy = _without_space(element)
        if kind == "wpt":
            fine = all(re.fullmatch(_NUMBER, copy.get(name, "").strip()) for name in ("lat", "lon"))
            problems.append("" if fine else _("A point in it is not a pair of numbers."))
            copy.attrib.update({} if fine else {"lat": "0", "lon": "0"})
        whole.append(copy)
        element.clear()
    return ElementTree.tostring(whole, encoding="utf-8", xml_declaration=True), problems


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
        elif kind in _SHAPES:
            try:
                kept.append(_shape(child))
            except Unreadable as why:
                _add_data(extended, _PROBLEM, str(why))
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
    """A copy with plain names, and of attributes only where a point is; without what only concerns the drawing."""
    copy = ElementTree.Element(
        _local(element.tag), {name: element.attrib[name] for name in _PLACE & set(element.attrib)}
    )
    copy.text = element.text
    copy.extend([_without_space(child) for child in element if _local(child.tag) not in _LEFT_OUT])
    return copy


def _shape(element: ElementTree.Element) -> ElementTree.Element:
    """A geometry whose coordinates are numbers. Raises Unreadable where they are not, or where there are none."""
    copy = _without_space(element)
    for coordinates in copy.iter("coordinates"):
        # "30.5, 50.4": with a space in a point, which is where points end.
        coordinates.text = re.sub(r"\s*,\s*", ",", coordinates.text or "").strip()
        if not coordinates.text:
            raise Unreadable(_("Its geometry is empty."))
        if not _POINTS.fullmatch(coordinates.text):
            raise Unreadable(_("A point in it is not a pair of numbers."))
    return copy


def _local(tag: object) -> str:
    return str(tag).rpartition("}")[2]
