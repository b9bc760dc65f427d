"""Any file that the desk is sent, opened: what is in it, in degrees, what was repaired, what cannot be used and why.

`open_file` is the one way in, whatever the format; what is made of a reading is for `editions`, `regions`, `events` and
`places`. Nothing is written here, and nothing outside the file is looked at.
"""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.conf import settings
from django.utils.translation import gettext as _
from shapely import MultiPoint, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from mapdata.ground.measuring import area_km2
from mapdata.imports.files import dating, formats, geojson, proposals, reference
from mapdata.imports.files.columns import Field, fields_of
from mapdata.imports.files.proposals import Bounds, Proposal
from mapdata.imports.files.records import Contents, Record, Refusal, Unreadable

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Limits:
    """The most that a file may be: bytes as sent and unpacked, features, and points in all of them together."""

    packed: int
    unpacked: int
    features: int
    vertices: int

    @classmethod
    def from_settings(cls) -> "Limits":
        return cls(
            settings.IMPORT_MAX_MB * 1_000_000,
            settings.IMPORT_MAX_UNPACKED_MB * 1_000_000,
            settings.IMPORT_MAX_FEATURES,
            settings.IMPORT_MAX_VERTICES,
        )


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature or row. `number` counts from 1, refused ones too; `geometry` is WGS84 longitude/latitude, in 2D.

    Polygons are valid and on `GRID`, and what lay beside them in one feature is left out: that is a repair, and told.
    `area_km2` is of them, `changed_km2` what repairing changed.
    """

    number: int
    properties: Mapping[str, Any]
    geometry: BaseGeometry
    repairs: tuple[str, ...] = ()
    area_km2: float = 0.0
    changed_km2: float = 0.0

    @property
    def ground(self) -> MultiPolygon:
        """The polygons in it; empty where there are none."""
        return self.geometry if isinstance(self.geometry, MultiPolygon) else MultiPolygon()

    @property
    def point(self) -> Point | None:
        """The point that it is, if it is one and nothing else."""
        geometry = self.geometry
        if isinstance(geometry, MultiPoint) and len(geometry.geoms) == 1:
            return geometry.geoms[0]
        return geometry if isinstance(geometry, Point) else None

    def repairs_as_json(self) -> dict[str, Any]:
        return {"feature": self.number, "repairs": list(self.repairs), "km2": round(self.changed_km2, 3)}

    @property
    def kind(self) -> str:
        """ "ground", "point" or "line": what it is in the first place."""
        kinds = {part.geom_type for part in parts_of(self.geometry)}
        return "ground" if "Polygon" in kinds or not kinds else "line" if "LineString" in kinds else "point"


@dataclass(frozen=True)
class Reading:
    """What is in a file. `count` is of all features, refused ones too; `crs` is what its coordinates were in.

    `bounds` are (west, south, east, north) of what can be used, None where nothing can; `proposals` are what would
    bring features to the map that do not lie there. `warnings` name single features that are read but look wrong.
    """

    name: str
    digest: str
    format: str
    encoding: str = "UTF-8"
    crs: str = reference.DEGREES
    count: int = 0
    features: tuple[Feature, ...] = ()
    refused: tuple[Refusal, ...] = ()
    warnings: tuple[Refusal, ...] = ()
    notes: tuple[str, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    fields: tuple[Field, ...] = ()
    moment: dating.Moment | None = None
    vertices: int = 0
    members: Mapping[str, Any] | None = None

    @cached_property
    def bounds(self) -> Bounds | None:
        boxes = shapely.bounds(np.array([feature.geometry for feature in self.features], dtype=object))
        return None if not len(boxes) or np.isnan(boxes).all() else proposals.around(boxes)

    @cached_property
    def area_km2(self) -> float:
        """All features together; ground that two of them cover counts twice."""
        return sum(feature.area_km2 for feature in self.features)

    @property
    def repaired(self) -> tuple[Feature, ...]:
        return tuple(feature for feature in self.features if feature.repairs)

    def field(self, name: str) -> Field | None:
        return next((field for field in self.fields if field.name == name), None)


def open_file(
    path: Path,
    limits: Limits | None = None,
    *,
    frame: Bounds | None = None,
    encoding: str = "",
    crs: str = "",
    accept: Collection[str] = (),
    columns: Mapping[str, str] | None = None,
    layer: str = "",
    geojson_only: bool = False,
    progress: Progress | None = None,
) -> Reading:
    """Read a file of any format that is known. Raises Unreadable, with the reason, where it cannot be as a whole.

    `frame` is the map's bounds: what lies elsewhere is noticed by it. `encoding` and `crs` are what somebody said they
    are; `accept` what they accepted of a reading's proposals. `columns` name those of a table that have the coordinates
    (`lat`, `lon`, `latlon`, `wkt`). With `geojson_only` a file of another format is refused. `progress(done, total)` is
    told of features, with 0 for a total that is not known yet, and may raise to stop.
    """
    limits = limits or Limits.from_settings()
    data = _bytes(path, limits)
    digest = hashlib.sha256(data).hexdigest()
    if geojson_only:
        contents = formats.open_geojson(data, encoding)
    else:
        contents = formats.open_bytes(data, path.name, limits.unpacked, encoding, columns or {}, layer)
    # The file itself is not needed any more, and may be the largest thing here.
    del data
    records, geometries, vertices = _counted(contents, limits, progress)
    said = crs or _accepted_crs(accept) or contents.crs
    result = _Located(records, geometries, said, accept, progress)
    del geometries
    # A file that says "degrees" of metres says what everybody says.
    declared = reference.name_of(said) != reference.DEGREES
    usable = result.boxes[np.isfinite(result.boxes).all(axis=1)]
    found = () if proposals.AS_IT_IS in accept or contents.problem else proposals.propose(usable, frame, declared)
    features, refused = result.features()
    if problem := contents.problem or ("" if records else _("There are no features in the file.")):
        refused = [Refusal(None, problem)]
    properties = [record.properties for record in records]
    return Reading(
        name=path.name,
        digest=digest,
        format=contents.format,
        encoding=contents.encoding,
        crs=reference.name_of(said),
        count=len(records),
        features=tuple(features),
        refused=tuple(refused),
        warnings=tuple(_warnings(features, frame, bool(found))),
        notes=(*contents.notes, *_notes(records, reference.name_of(said))),
        proposals=tuple(found),
        fields=fields_of(properties),
        moment=dating.from_name(path.stem) or dating.from_members(contents.members) or dating.from_features(properties),
        vertices=vertices,
        members=contents.members,
    )


def parts_of(geometry: BaseGeometry) -> list[BaseGeometry]:
    """The single points, lines and polygons in a geometry, however deep."""
    if geometry.is_empty:
        return []
    if not hasattr(geometry, "geoms"):
        return [geometry]
    return list(chain.from_iterable(parts_of(part) for part in geometry.geoms))


def _bytes(path: Path, limits: Limits) -> bytes:
    try:
        if path.stat().st_size > limits.packed:
            raise Unreadable(
                _("The file is larger than %(limit)s MB. Leave out what is not needed, or divide it.")
                % {"limit": limits.packed // 1_000_000}
            )
        return path.read_bytes()
    except OSError as error:
        raise Unreadable(_("The file cannot be read: %s") % error.strerror) from error


def _counted(
    contents: Contents, limits: Limits, progress: Progress | None
) -> tuple[list[Record], list[BaseGeometry | None], int]:
    """All records and, apart from them, their geometries, as far as the limits go; and how many points these have."""
    records: list[Record] = []
    geometries: list[BaseGeometry | None] = []
    vertices = 0
    for record in contents.records:
        records.append(record._replace(geometry=None))
        geometries.append(record.geometry)
        vertices += int(shapely.get_num_coordinates(record.geometry)) if record.geometry is not None else 0
        if len(records) > limits.features:
            raise Unreadable(_("There are more than %(limit)s features in the file.") % {"limit": limits.features})
        if vertices > limits.vertices:
            raise Unreadable(_("There are more than %(limit)s points in the file.") % {"limit": limits.vertices})
        if progress and len(records) % 1000 == 0:
            progress(len(records), 0)
    return records, geometries, vertices


def _accepted_crs(accept: Collection[str]) -> str:
    """The reference system of a proposal that was accepted: crs:EPSG:3857 or crs:EPSG:3857+swap_axes."""
    found = [name.removeprefix("crs:").partition("+")[0] for name in accept if name.startswith("crs:")]
    return found[0] if found else ""


class _Located:
    """Records brought to where they lie: the accepted steps done, reprojected, out of range refused, repaired.

    A large file fills the memory with its shapes: of each there is one at a time, as it was drawn or as it is kept.
    """

    def __init__(
        self,
        records: Sequence[Record],
        geometries: Sequence[BaseGeometry | None],
        crs: str,
        accept: Collection[str],
        progress: Progress | None,
    ):
        self.records, self.progress = records, progress
        self.swap = any(name == proposals.SWAP or name.endswith(f"+{proposals.SWAP}") for name in accept)
        self.wrap = proposals.WRAP in accept
        self.convert = reference.to_degrees(crs) if crs else None
        self.geometries = np.empty(len(records), dtype=object)
        self.geometries[:] = geometries
        high = shapely.get_coordinate_dimension(self.geometries) > 2
        self.geometries[high] = shapely.force_2d(self.geometries[high])
        for step in self._steps():
            present = np.flatnonzero(~shapely.is_missing(self.geometries))
            if len(present):
                self.geometries[present] = shapely.transform(self.geometries[present], step)
        self.boxes = shapely.bounds(self.geometries).reshape(-1, 4)

    def _steps(self) -> Iterator[Callable[[np.ndarray], np.ndarray]]:
        if self.swap:
            yield proposals.swapped
        if self.convert:
            yield self.convert
        if self.wrap:
            yield proposals.wrapped

    def features(self) -> tuple[list[Feature], list[Refusal]]:
        features: list[Feature] = []
        refused: list[Refusal] = []
        astray = self._not_degrees()
        for place, record in enumerate(self.records):
            number = place + 1
            geometry, self.geometries[place] = self.geometries[place], None
            try:
                if geometry is None:
                    raise Unreadable(record.problem or _("It has no geometry."))
                if place in astray:
                    raise Unreadable(astray[place])
                features.append(_feature(number, record, geometry))
            except Unreadable as why:
                refused.append(Refusal(number, str(why), record.properties))
            if self.progress and number % 100 == 0:
                self.progress(number, len(self.records))
        return features, refused

    def _not_degrees(self) -> dict[int, str]:
        """By place, why coordinates are none."""
        points, owner = shapely.get_coordinates(self.geometries, return_index=True)
        wrong: dict[int, str] = {}
        with np.errstate(invalid="ignore"):
            bad = ~((np.abs(points[:, 0]) <= 180) & (np.abs(points[:, 1]) <= 90))
        for place in np.flatnonzero(bad)[::-1]:
            x, y = points[place]
            if not np.isfinite([x, y]).all():
                wrong[int(owner[place])] = _("A point in it is not a pair of numbers.")
            else:
                wrong[int(owner[place])] = _(
                    "%(x)s, %(y)s is no longitude and latitude in degrees; is the file in another reference system?"
                ) % {"x": f"{x:.6g}", "y": f"{y:.6g}"}
        return wrong


def _feature(number: int, record: Record, geometry: BaseGeometry) -> Feature:
    """Raises Unreadable for a geometry of which nothing is left."""
    if geometry.geom_type == "Point" and not geometry.is_empty:
        return Feature(number, record.properties, geometry, record.repairs)
    parts = parts_of(geometry)
    if not parts:
        raise Unreadable(_("Its geometry is empty."))
    polygons = [part for part in parts if isinstance(part, Polygon)]
    others = len(parts) - len(polygons)
    if not polygons:
        return Feature(number, record.properties, geometry, record.repairs)
    drawn = polygons[0] if len(polygons) == 1 else MultiPolygon(polygons)
    ground, repairs, changed_km2 = geojson.ground_of(drawn)
    if others:
        repairs = (_("points or lines left out: %(count)s") % {"count": others}, *repairs)
    return Feature(number, record.properties, ground, (*record.repairs, *repairs), area_km2(ground), changed_km2)


def _notes(records: Sequence[Record], crs: str) -> Iterator[str]:
    if crs != reference.DEGREES:
        yield _("The coordinates were in another reference system, and were converted to degrees.")
    if heights := sum(record.has_heights for record in records):
        yield _("Heights were left out in %(count)s features.") % {"count": heights}


def _warnings(features: Sequence[Feature], frame: Bounds | None, proposed: bool) -> Iterator[Refusal]:
    """Features that can be read but look wrong, each by itself."""
    if not features:
        return
    boxes = shapely.bounds(np.array([feature.geometry for feature in features], dtype=object)).reshape(-1, 4)
    exchanged = proposals.warn_of_single(boxes, None if proposed else frame)
    for feature, box, swap in zip(features, boxes, exchanged, strict=True):
        if swap:
            yield Refusal(feature.number, _("It lies off the map; latitude and longitude may be exchanged."))
        elif (box == 0).all():
            yield Refusal(feature.number, _("It lies at 0, 0: its place may be missing."))
        elif feature.kind == "point" and box[0] == box[1]:
            yield Refusal(feature.number, _("Its latitude and longitude are the same number."))
        elif box[2] - box[0] > 180:
            yield Refusal(feature.number, _("It is wider than half the globe; does it cross the 180th meridian?"))
