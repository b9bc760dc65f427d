"""GeoJSON as it is found in the world: bytes in; features, and polygons with what was repaired in them, out.

RFC 7946 is what files should follow. What breaks it without losing what was meant is repaired and named; what cannot be
understood is refused with a reason in plain words, for the people who look after the map.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import shapely
from django.utils.translation import gettext as _
from shapely import GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point
from shapely.geometry.base import BaseGeometry

from mapdata.ground.areas import clean
from mapdata.ground.measuring import area_km2
from mapdata.imports.files.records import Unreadable

GEOMETRIES = {"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"}
Coordinates = np.ndarray


@dataclass
class Document:
    """The features of a file as plain data, what stands beside them, and what was odd about it."""

    features: list[Any]
    members: dict[str, Any]
    notes: list[str] = field(default_factory=list)


class Drawn(NamedTuple):
    """What one geometry draws, before anybody asked where that is, and what was repaired in it."""

    geometry: BaseGeometry
    repairs: tuple[str, ...]
    has_heights: bool


def document_of(content: Any) -> Document:
    """The features in JSON, also where they are inside another object. Raises Unreadable where there are none."""
    notes: list[str] = []
    if isinstance(content, list):
        content = {"type": "FeatureCollection", "features": content}
        notes.append(_("The file is a bare list of features."))
    if not isinstance(content, dict):
        raise Unreadable(_("The file is JSON, but has no features."))
    if content.get("type") not in ("FeatureCollection", "Feature", "Topology", *GEOMETRIES):
        content, name = _unwrapped(content)
        notes.append(_("The features were inside “%(name)s”.") % {"name": name})
    return Document(_features(content), content, notes)


def ground_of(drawn: BaseGeometry) -> tuple[MultiPolygon, tuple[str, ...], float]:
    """The ground of polygons as they were drawn, in degrees; what was repaired, and by how many km² that changed it.

    Raises Unreadable where they enclose none.
    """
    ground, repairs, changed_km2 = clean(drawn), [], 0.0
    if not shapely.is_valid(drawn):
        repairs.append(_plain(shapely.is_valid_reason(drawn)))
        changed_km2 = abs(area_km2(ground) - area_km2(drawn))
    if ground.is_empty:
        if drawn.area == 0:
            raise Unreadable(_("Its outline encloses no ground."))
        repairs.append(_("it is narrower than a centimetre everywhere, so nothing is left of it"))
        changed_km2 = area_km2(drawn)
    return ground, tuple(repairs), changed_km2


def drawn(geometry: Any) -> Drawn:
    """Whatever a GeoJSON geometry draws, with the coordinates that stand there, whatever they mean.

    Raises Unreadable where there is nothing or where it cannot be understood. Repaired: rings left open, parts and
    holes without area, numbers written as text. Heights are left out.
    """
    if geometry is None:
        raise Unreadable(_("It has no geometry."))
    reader = _Reader()
    polygons = [reader.polygon(rings) for rings in reader.polygons(geometry)]
    parts: list[BaseGeometry] = [polygon for polygon in polygons if polygon is not None]
    parts += reader.others()
    if not parts:
        raise Unreadable(reader.why_nothing())
    return Drawn(gathered(parts), tuple(reader.repairs()), reader.heights)


def gathered(parts: Sequence[BaseGeometry]) -> BaseGeometry:
    """The only part, or all in one: a Multi-geometry where they are of one kind, else a GeometryCollection."""
    if len(parts) == 1:
        return parts[0]
    kinds = {part.geom_type for part in parts}
    multi: dict[str, Any] = {"Point": MultiPoint, "LineString": MultiLineString, "Polygon": MultiPolygon}
    return multi[kinds.pop()](parts) if len(kinds) == 1 else GeometryCollection(parts)


def is_something_else(data: bytes) -> str:
    """What a file is that cannot be GeoJSON, in words; empty for what may be."""
    if data.startswith((b"\x1f\x8b", b"PK\x03\x04")):
        return _("The file is compressed. Unpack it first.")
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _("The file is XML (KML, GPX or a web page), not GeoJSON.")
    return ""


def parsed(text: str) -> Any:
    """Any JSON. Raises Unreadable, which says where it stops being that."""
    try:
        return json.loads(text)
    except RecursionError as error:
        raise Unreadable(_("The file is nested too deeply to be GeoJSON.")) from error
    except json.JSONDecodeError as error:
        if not text.strip():
            raise Unreadable(_("The file is empty.")) from error
        if error.pos >= len(error.doc.rstrip()) - 1 or error.msg.startswith("Unterminated"):
            raise Unreadable(_("The file stops in the middle: it was cut off.")) from error
        raise Unreadable(
            _("The file is not JSON: line %(line)s, column %(column)s.") % {"line": error.lineno, "column": error.colno}
        ) from error
    except ValueError as error:
        raise Unreadable(_("There is a number in the file that is too long to be one.")) from error


def _unwrapped(content: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The one member of a JSON object that is a FeatureCollection, as some services wrap it."""
    inside = [
        (member, name)
        for name, member in content.items()
        if isinstance(member, dict) and member.get("type") == "FeatureCollection"
    ]
    if len(inside) != 1:
        raise Unreadable(_("The file is JSON, but not GeoJSON: it says no type that GeoJSON has."))
    return inside[0]


def _features(content: dict[str, Any]) -> list[Any]:
    kind = content["type"]
    if kind == "Topology":
        raise Unreadable(_("The file is TopoJSON. Convert it to GeoJSON first."))
    if kind == "Feature":
        return [content]
    if kind in GEOMETRIES:
        return [{"type": "Feature", "properties": {}, "geometry": content}]
    features = content.get("features")
    if not isinstance(features, list):
        raise Unreadable(_("The file has no list of features."))
    if not features:
        raise Unreadable(_("There are no features in the file."))
    return features


class _Reader:
    """Reads one feature's geometry and keeps count of what it meets on the way."""

    def __init__(self) -> None:
        self.besides: list[tuple[str, list[Any]]] = []
        self.heights = False
        self.unclosed = self.without_area = self.as_text = 0

    def polygons(self, geometry: Any) -> Iterator[list[Any]]:
        """The rings of each polygon, however deep in collections."""
        kind = geometry.get("type") if isinstance(geometry, dict) else geometry
        if not isinstance(geometry, dict) or not isinstance(kind, str) or kind not in GEOMETRIES:
            raise Unreadable(_("Its geometry is of no kind that GeoJSON has: %(kind)s.") % {"kind": str(kind)[:40]})
        inside = geometry.get("geometries" if kind == "GeometryCollection" else "coordinates")
        if not isinstance(inside, list):
            raise Unreadable(_("Its geometry has no coordinates."))
        if kind == "GeometryCollection":
            for part in inside:
                yield from self.polygons(part)
        elif kind == "MultiPolygon":
            yield from inside
        elif kind == "Polygon":
            yield inside
        else:
            self.besides.append((kind, inside))

    def others(self) -> list[BaseGeometry]:
        """The points and lines that `polygons` met, as single parts."""
        found: list[BaseGeometry] = []
        for kind, inside in self.besides:
            if kind == "Point":
                found += [Point(point) for point in self.points([inside] if inside else [])]
            elif kind == "MultiPoint":
                found += [Point(point) for point in self.points(inside)]
            else:
                for line in inside if kind == "MultiLineString" else [inside]:
                    points = self.points(line)
                    found += [LineString(points)] if len(points) > 1 else []
        return found

    def polygon(self, rings: Any) -> shapely.Polygon | None:
        """One polygon, or None where its shell encloses nothing."""
        if not isinstance(rings, list):
            raise Unreadable(_("Its coordinates are not lists of rings of points."))
        shell, *holes = [self.ring(ring) for ring in rings] or [None]
        if shell is None:
            return None
        return shapely.Polygon(shell, [hole for hole in holes if hole is not None])

    def ring(self, ring: Any) -> Coordinates | None:
        """An array [point, (longitude, latitude)] that ends where it begins, or None for fewer than three points."""
        points = self.points(ring)
        if len(points) and (points[0] != points[-1]).any():
            self.unclosed += 1
            points = np.vstack([points, points[:1]])
        if len(np.unique(points, axis=0)) < 3:
            self.without_area += 1
            return None
        return points

    def points(self, ring: Any) -> Coordinates:
        try:
            if any(isinstance(number, str) for point in ring for number in point):
                self.as_text += 1
            self.heights = self.heights or any(len(point) > 2 for point in ring)
            points = np.array([(float(point[0]), float(point[1])) for point in ring]).reshape(-1, 2)
        except (TypeError, ValueError, IndexError, KeyError, OverflowError) as error:
            raise Unreadable(_("A point in it is not a pair of numbers.")) from error
        if not np.isfinite(points).all():
            raise Unreadable(_("A point in it is not a pair of numbers."))
        return points

    def repairs(self) -> list[str]:
        counted = [
            (self.unclosed, _("rings closed: %(count)s")),
            (self.without_area, _("parts without area left out: %(count)s")),
            (self.as_text, _("rings with numbers written as text: %(count)s")),
        ]
        return [text % {"count": count} for count, text in counted if count]

    def why_nothing(self) -> str:
        if self.without_area:
            return _("Its outline has fewer than three different points.")
        return _("Its geometry is empty.")


def _plain(reason: str) -> str:
    """What GEOS says of an invalid polygon, in words, with the place that it names."""
    kind, _bracket, place = reason.partition("[")
    text = {
        "Self-intersection": _("outlines that crossed"),
        "Ring Self-intersection": _("an outline that touched itself"),
        "Hole lies outside shell": _("a hole outside of its outline"),
        "Holes are nested": _("a hole within a hole"),
        "Nested shells": _("a part within a part"),
        "Duplicate Rings": _("the same outline twice"),
        "Interior is disconnected": _("holes that cut it in two"),
    }.get(kind, kind)
    try:
        lon, lat = (float(number) for number in place.rstrip("]").split()[:2])
    except ValueError:
        return text
    return _("%(what)s, near %(lon).4f, %(lat).4f") % {"what": text, "lon": lon, "lat": lat}
