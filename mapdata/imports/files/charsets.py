"""Bytes into text: which encoding a file is in, by its mark, by being UTF-8, or as charset-normalizer judges.

Names are those of the IANA ("UTF-8", "Windows-1252"), which Python knows too.
"""

import codecs
import re
from typing import NamedTuple

from charset_normalizer import from_bytes
from django.utils.translation import gettext as _

from mapdata.imports.files.records import Unreadable

# What files about these parts are in when they are not in UTF-8. Where two give the same text, the first is named.
_LIKELY = {"cp1252": "Windows-1252", "cp1251": "Windows-1251", "koi8_u": "KOI8-U", "cp866": "IBM866"}
_MARKS = (
    (codecs.BOM_UTF8, "UTF-8"),
    (codecs.BOM_UTF32_LE, "UTF-32LE"),
    (codecs.BOM_UTF32_BE, "UTF-32BE"),
    (codecs.BOM_UTF16_LE, "UTF-16LE"),
    (codecs.BOM_UTF16_BE, "UTF-16BE"),
)
# Enough words to judge by; more only takes longer.
_SAMPLE = 60_000
_BEYOND_ASCII = re.compile(rb"[^\s,;\"<>]*[\x80-\xff][^\s,;\"<>]*")


class Text(NamedTuple):
    text: str
    encoding: str
    notes: tuple[str, ...] = ()


def decoded(data: bytes, encoding: str = "") -> Text:
    """The text, without a byte order mark. `encoding` is what somebody said it is; empty to find out.

    Raises Unreadable for an encoding that does not exist or does not fit.
    """
    if encoding:
        return Text(_decode(data, named(encoding)).removeprefix("\ufeff"), named(encoding))
    for mark, name in _MARKS:
        if data.startswith(mark):
            return Text(_decode(data[len(mark) :], name), name, (_("The file begins with a byte order mark."),))
    try:
        return Text(data.decode("utf-8"), "UTF-8")
    except UnicodeDecodeError:
        name = guessed(data)
    note = _("The file is not in UTF-8; read as %(encoding)s. If names look wrong, say which encoding it is in.")
    return Text(_decode(data, name), name, (note % {"encoding": name},))


def guessed(data: bytes) -> str:
    """The likeliest encoding of bytes that are text, by the words in them that are not plain ASCII."""
    words = _BEYOND_ASCII.findall(data[: 20 * _SAMPLE])
    sample = b" ".join(words)[:_SAMPLE]
    if not sample:
        return "UTF-8"
    if _is_utf8(b" ".join(words)):
        return "UTF-8"
    found = from_bytes(sample, cp_isolation=list(_LIKELY), threshold=1.0).best()
    if found is None:
        return "Windows-1252"
    same = {found.encoding, *found.could_be_from_charset}
    return next((name for codec, name in _LIKELY.items() if codec in same), "Windows-1252")


def named(encoding: str) -> str:
    """The name of an encoding as this module writes it. Raises Unreadable for one that does not exist."""
    try:
        codec = codecs.lookup(encoding.strip())
        # Some names are of codecs that make no text of bytes, or not of any.
        b"\xff".decode(codec.name, errors="replace")
    except (LookupError, ValueError, AssertionError) as error:
        raise Unreadable(_("There is no encoding “%(name)s”.") % {"name": encoding[:40]}) from error
    wanted = codec.name.replace("-", "_")
    return _LIKELY.get(wanted) or {"utf_8": "UTF-8", "utf_8_sig": "UTF-8", "ascii": "UTF-8"}.get(wanted, codec.name)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decode(data: bytes, encoding: str) -> str:
    """A byte here and there that the encoding does not have becomes �; a file full of them is in another one."""
    try:
        text = data.decode(encoding, errors="replace")
    except LookupError as error:
        raise Unreadable(_("There is no encoding “%(name)s”.") % {"name": encoding[:40]}) from error
    if text.count("\ufffd") > max(5, len(text) // 100):
        raise Unreadable(_("The file is not text in %(encoding)s.") % {"encoding": encoding})
    return text
