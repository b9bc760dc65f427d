"""Reference systems: what a file calls its own, and from there to WGS84 longitude/latitude in degrees."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from mapdata.imports.files.records import Unreadable

DEGREES = "EPSG:4326"
# What files call plain longitude/latitude. EPSG:4326 says latitude first, but no file of these formats means it.
_PLAIN = {"", "crs84", "4326", "wgs84", "crs:84"}


def name_of(crs: str) -> str:
    """A short name ("EPSG:3857"; that of `DEGREES` for plain degrees), or the system's own name where it has no number.

    Raises Unreadable for a system that nobody knows.
    """
    if crs.rsplit(":", 1)[-1].rsplit("/", 1)[-1].casefold() in _PLAIN:
        return DEGREES
    system = _system(crs)
    number = system.to_epsg(min_confidence=60)
    if number:
        return f"EPSG:{number}"
    authority = system.to_authority(min_confidence=60)
    return ":".join(authority) if authority else system.name


def to_degrees(crs: str) -> Callable[[np.ndarray], np.ndarray] | None:
    """What turns an array of points [x, y] in that system into [longitude, latitude]; None where they are that."""
    if name_of(crs) == DEGREES:
        return None
    try:
        transformer = _transformer(crs)
    except ProjError as error:
        # That of another planet, for one, or of heights alone.
        raise Unreadable(_("The coordinates cannot be converted from %(crs)s.") % {"crs": name_of(crs)}) from error

    def projected(points: np.ndarray) -> np.ndarray:
        try:
            return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))
        except ProjError as error:
            raise Unreadable(_("The coordinates cannot be converted from %(crs)s.") % {"crs": name_of(crs)}) from error

    return projected


def named_in(members: Mapping[str, Any]) -> str:
    """What the `crs` member of a GeoJSON file of before 2016 names; empty where there is none."""
    crs = members.get("crs")
    if crs is None:
        return ""
    try:
        properties = crs["properties"]
        return str(properties.get("name") or f"EPSG:{properties['code']}")
    except (AttributeError, KeyError, TypeError) as error:
        raise Unreadable(_("The file names a reference system that is not known here.")) from error


@lru_cache(maxsize=32)
def _system(crs: str) -> CRS:
    # PROJ takes the names of files and addresses too: a file that was sent gets to name neither.
    known = re.fullmatch(r"(?:urn:ogc:def:crs:)?(\w+):(?:[\w.]*:)?(\w+)", crs.strip())
    if known or crs.lstrip().upper().startswith(("PROJCS", "GEOGCS", "PROJCRS", "GEOGCRS", "COMPD", "BOUNDCRS")):
        try:
            return CRS.from_user_input(f"{known[1]}:{known[2]}" if known else crs)
        except CRSError:
            pass
    raise Unreadable(_("The file names a reference system that is not known here."))


@lru_cache(maxsize=32)
def _transformer(crs: str) -> Transformer:
    return Transformer.from_crs(_system(crs), CRS.from_epsg(4326), always_xy=True)
