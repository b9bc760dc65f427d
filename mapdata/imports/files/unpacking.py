"""What is inside a file that somebody sent: gzip and zip, without being led outside of it or drowned by it.

Nothing is written under a name that the file chose, and nothing is unpacked that was not counted first.
"""

import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import gettext as _

from mapdata.imports.files.records import Unreadable

GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
# More in one archive than any data set has.
_MAX_MEMBERS = 1000
_CHUNK = 1 << 20
# What macOS, Windows and editors leave in archives.
_JUNK = re.compile(r"(^|/)(__MACOSX/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)


@dataclass(frozen=True)
class Archive:
    """The files in a zip by their whole names; each is unpacked when it is asked for, all within one limit."""

    zip: zipfile.ZipFile
    members: Mapping[str, zipfile.ZipInfo]
    limit: int

    def read(self, name: str) -> bytes:
        """Raises Unreadable where the file is damaged, or larger than it says."""
        return _read(self.zip, self.members[name], self.limit)

    def named(self, *endings: str) -> list[str]:
        """Names that end so, whatever their case, the shallowest first."""
        found = [name for name in self.members if name.lower().endswith(endings)]
        return sorted(found, key=lambda name: (name.count("/"), name))


def gunzip(data: bytes, limit: int) -> bytes:
    """Raises Unreadable where it is damaged, cut off, or larger than `limit` bytes when unpacked."""
    engine = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    parts: list[bytes] = []
    size = 0
    try:
        while data:
            part = engine.decompress(data, _CHUNK)
            size += len(part)
            if size > limit:
                raise too_large(limit)
            parts.append(part)
            if engine.eof:
                data = engine.unused_data if engine.unused_data.startswith(GZIP) else b""
                engine = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16) if data else engine
            else:
                data = engine.unconsumed_tail
                if not data and not part:
                    break
        if not engine.eof:
            raise Unreadable(_("The file stops in the middle: it was cut off."))
    except zlib.error as error:
        raise Unreadable(_("The file is compressed, but damaged.")) from error
    return b"".join(parts)


def open_zip(data: bytes, limit: int) -> Archive:
    """The files of a zip. Raises Unreadable where one would climb out of it, or all are larger than `limit`."""
    try:
        archive = zipfile.ZipFile(BytesIO(data))
        infos = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeDecodeError) as error:
        raise Unreadable(_("The zip file is damaged or cut off.")) from error
    if len(infos) > _MAX_MEMBERS:
        raise Unreadable(_("There are more than %(count)s files in the zip.") % {"count": _MAX_MEMBERS})
    members: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        name = info.filename.replace("\\", "/")
        if name.startswith("/") or re.match(r"[A-Za-z]:", name) or ".." in name.split("/"):
            raise Unreadable(_("A file in the zip has a name that leads outside of it: %(name)s") % {"name": name[:80]})
        if info.is_dir() or _JUNK.search(name):
            continue
        if info.flag_bits & 0x1:
            raise Unreadable(_("The zip is locked with a password."))
        members[name] = info
    if sum(info.file_size for info in members.values()) > limit:
        raise too_large(limit)
    if not members:
        raise Unreadable(_("There is nothing in the zip."))
    return Archive(archive, members, limit)


def too_large(limit: int) -> Unreadable:
    return Unreadable(
        _("Unpacked it is larger than %(limit)s MB. Leave out what is not needed, or divide it.")
        % {"limit": limit // 1_000_000}
    )


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    try:
        with archive.open(info) as stream:
            while part := stream.read(_CHUNK):
                size += len(part)
                if size > limit:
                    raise too_large(limit)
                parts.append(part)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise Unreadable(_("A file in the zip is damaged: %(name)s") % {"name": info.filename[:80]}) from error
    return b"".join(parts)
