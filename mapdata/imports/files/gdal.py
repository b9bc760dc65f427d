"""GDAL, through pyogrio, for files that were looked at before: it sees what it is meant to, and nothing else.

GDAL opens whatever it recognises, other files and addresses that a file names too. So it never gets a name that a
sender chose, only files in a folder of our own whose first bytes are those of their format.
"""

import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _
from shapely.errors import GEOSException

from mapdata.gdal import pyogrio
from mapdata.imports.files.records import Record, Unreadable, plain


def layers(path: Path) -> list[str]:
    """The names of the layers that have geometry."""
    return [str(name) for name, kind in _said(pyogrio().list_layers, path) if kind is not None]


def read(path: Path, layer: str | None = None, encoding: str = "") -> tuple[dict[str, Any], Iterator[Record]]:
    """What GDAL says of a layer (`crs`, `encoding`), and its features. Raises Unreadable where it cannot read it."""
    options: dict[str, Any] = {"encoding": encoding} if encoding else {}
    meta, _fids, geometries, columns = _said(pyogrio().raw.read, path, layer=layer, datetime_as_string=True, **options)
    return meta, _records([str(name) for name in meta["fields"]], geometries, columns)


def _records(names: list[str], geometries: Any, columns: Any) -> Iterator[Record]:
    for place in range(len(geometries) if geometries is not None else 0):
        properties = {name: _value(column[place]) for name, column in zip(names, columns, strict=True)}
        yield record(properties, geometries[place])


def record(properties: dict[str, Any], wkb: bytes | None) -> Record:
    """A feature from the WKB of its geometry."""
    if wkb is None:
        return Record(properties, None, problem=_("It has no geometry."))
    repairs: tuple[str, ...] = ()
    try:
        geometry = shapely.from_wkb(wkb)
    except GEOSException:
        try:
            geometry = shapely.from_wkb(wkb, on_invalid="fix")
        except GEOSException:
            return Record(properties, None, problem=_("Its geometry cannot be understood."))
        repairs = (_("rings closed"),)
    if geometry is None or geometry.is_empty:
        return Record(properties, None, problem=_("Its geometry is empty."))
    return Record(properties, shapely.force_2d(geometry), repairs, "", bool(geometry.has_z))


def _value(value: Any) -> Any:
    """A plain Python value: None for what is not there, text without markup, no numbers of numpy's."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, np.ndarray):
        value = ", ".join(map(str, value.tolist()))
    if value is None or (isinstance(value, float) and not np.isfinite(value)) or value == "NaT":
        return None
    return plain(value) if isinstance(value, str) else value if isinstance(value, int | float | bool) else str(value)


def _said(call: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """Whatever GDAL does not understand of a file, it says in many ways; for whoever sent the file it is one."""
    try:
        with warnings.catch_warnings():
            # Of measures beside coordinates, which are left out, and of what is read all the same.
            warnings.simplefilter("ignore")
            return call(*arguments, **options)
    except Exception as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        # Its words name the file in our folder, which says nothing to anybody.
        for part in map(str, arguments):
            reason = reason.replace(part, _("the file"))
        raise Unreadable(
            _("The file is damaged, or not what its name says: %(why)s") % {"why": reason[:200]}
        ) from error
