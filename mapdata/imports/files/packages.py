"""GeoPackage and TopoJSON, as GDAL reads them."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.utils.translation import gettext as _

from mapdata.imports.files import gdal
from mapdata.imports.files.records import Contents, Record, Unreadable

GEOPACKAGE, TOPOJSON = "GeoPackage", "TopoJSON"
SQLITE = b"SQLite format 3\x00"
# The file's own number for what it is, at 68: GPKG, or GP10 and GP11 of the first versions.
_APPLICATIONS = {b"GPKG", b"GP10", b"GP11"}


def read_geopackage(data: bytes, layer: str = "") -> Contents:
    """The layer that is named, or else the first with geometry."""
    if data[68:72] not in _APPLICATIONS:
        raise Unreadable(_("The file is a SQLite database, but no GeoPackage."))
    contents = Contents(GEOPACKAGE, [])
    with TemporaryDirectory(prefix="import-") as folder:
        path = Path(folder) / "layers.gpkg"
        path.write_bytes(data)
        names = gdal.layers(path)
        if not names:
            raise Unreadable(_("The file has no layer with geometry."))
        wanted = layer or names[0]
        if wanted not in names:
            raise Unreadable(
                _("There is no layer “%(name)s”; there are: %(names)s.") % {"name": wanted, "names": ", ".join(names)}
            )
        meta, records = gdal.read(path, wanted)
        contents.records = list(records)
    contents.crs = meta["crs"] or ""
    contents.members = {"layers": names, "layer": wanted}
    if len(names) > 1 and not layer:
        contents.notes.append(
            _("Only the layer “%(name)s” was read; there are also: %(names)s.")
            % {"name": wanted, "names": ", ".join(names[1:])}
        )
    return contents


def read_topojson(topology: dict[str, Any]) -> Contents:
    """All objects of a topology, in their order, as if they were one."""
    objects = topology.get("objects")
    if not isinstance(objects, dict) or not isinstance(topology.get("arcs"), list):
        raise Unreadable(_("The file says that it is TopoJSON, but has no objects or no arcs."))
    contents = Contents(TOPOJSON, [])
    with TemporaryDirectory(prefix="import-") as folder:
        path = Path(folder) / "topology.json"
        path.write_text(json.dumps(topology), encoding="utf-8")
        names = gdal.layers(path)
        found: list[Record] = []
        for name in names:
            meta, records = gdal.read(path, name)
            found += records
            contents.crs = contents.crs or meta["crs"] or ""
    contents.records = found
    if len(names) > 1:
        contents.notes.append(_("All objects of the file were read: %(names)s.") % {"names": ", ".join(names)})
    return contents
