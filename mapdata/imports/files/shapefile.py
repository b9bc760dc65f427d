"""Zipped shapefiles, however deep in folders and with whatever else in the zip; GDAL reads them."""

import struct
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from django.utils.translation import gettext as _

from mapdata.imports.files import charsets, gdal
from mapdata.imports.files.records import Contents, Unreadable
from mapdata.imports.files.unpacking import Archive

FORMAT = "Shapefile"
_MAGIC = struct.pack(">i", 9994)
# What the byte at 29 of a DBF says its text is in; the others are left to detection.
_LANGUAGES = {0xC9: "Windows-1251", 0x26: "IBM866", 0x65: "IBM866"}


def read(archive: Archive, encoding: str = "", layer: str = "") -> Contents:
    """The shapefile that is named, or else the first. `encoding` is what somebody said that its table is in."""
    found = [name for name in archive.named(".shp") if not layer or PurePosixPath(name).stem == layer]
    if not found:
        raise Unreadable(_("There is no shapefile in the zip, nor anything else that can be read."))
    stem = str(PurePosixPath(found[0]).with_suffix(""))
    parts = {name[len(stem) :].lower(): name for name in archive.members if name.lower().startswith(f"{stem.lower()}.")}
    shapes = archive.read(found[0])
    if not shapes.startswith(_MAGIC):
        raise Unreadable(_("%(name)s is no shapefile.") % {"name": PurePosixPath(found[0]).name[:60]})
    table = archive.read(parts[".dbf"]) if ".dbf" in parts else b""
    said = charsets.named(encoding) if encoding else _said(archive, parts)
    found_encoding = said or _detected(table)
    contents = Contents(FORMAT, [], found_encoding)
    if table and not said and found_encoding != "UTF-8":
        contents.notes.append(
            _("The table does not say its encoding; read as %(encoding)s.") % {"encoding": found_encoding}
        )
    if len(found) > 1:
        others = ", ".join(PurePosixPath(name).name for name in found[1:6])
        contents.notes.append(_("Only %(name)s was read, not %(others)s.") % {"name": found[0], "others": others})
    with TemporaryDirectory(prefix="import-") as folder:
        target = Path(folder) / "shapes.shp"
        target.write_bytes(shapes)
        if table:
            target.with_suffix(".dbf").write_bytes(table)
        for ending in (".prj", ".shx"):
            if ending in parts:
                target.with_suffix(ending).write_bytes(archive.read(parts[ending]))
        meta, records = gdal.read(target, encoding=found_encoding)
    contents.crs, contents.records = meta["crs"] or "", records
    return contents


def _said(archive: Archive, parts: dict[str, str]) -> str:
    """What the .cpg file says, where Python knows it."""
    for ending in (".cpg", ".cst"):
        if ending in parts:
            said = archive.read(parts[ending])[:40].decode("ascii", "replace").strip()
            # Esri writes numbers of code pages: 1251, "ANSI 1251", 65001.
            digits = "".join(filter(str.isdigit, said))
            name = {"65001": "utf-8"}.get(digits, f"cp{digits}" if said.endswith(digits) and digits else said)
            for candidate in (said, name):
                try:
                    return charsets.named(candidate)
                except Unreadable:
                    continue
    return ""


def _detected(table: bytes) -> str:
    if len(table) < 32:
        return "UTF-8"
    start = int.from_bytes(table[8:10], "little")
    text = table[start:].replace(b"\0", b" ")
    guess = charsets.guessed(text)
    return guess if guess == "UTF-8" else _LANGUAGES.get(table[29], guess)
