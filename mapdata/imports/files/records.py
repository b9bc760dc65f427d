"""What every format gives: a file's features as they stand in it, before anybody asked where that is; and why not."""

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import nh3
from shapely.geometry.base import BaseGeometry

_MARKUP = re.compile(r"<[a-zA-Z/!?]|&[#\w]+;")
_BREAKS = re.compile(r"<(br|p|div|li|tr|h\d)\b[^>]*>", re.IGNORECASE)


class Unreadable(Exception):
    """A file or feature that cannot be understood; the message is the reason, in plain words."""


class Refusal(NamedTuple):
    """What cannot be imported and why; `feature` counts from 1, None is the file itself.

    `properties` are those of a feature that could not be read: what it would have been may be nothing to miss.
    """

    feature: int | None
    reason: str
    properties: Mapping[str, Any] = {}


class Record(NamedTuple):
    """One feature or row. Without a geometry it says in `problem` why it has none."""

    properties: Mapping[str, Any]
    geometry: BaseGeometry | None
    repairs: tuple[str, ...] = ()
    problem: str = ""
    has_heights: bool = False


@dataclass
class Contents:
    """A file, opened. `crs` is what it says of its coordinates, empty where it says nothing.

    `members` are what stands beside the features. `problem` is why none of its features can be put on a map; they are
    counted all the same.
    """

    format: str
    records: Iterable[Record]
    encoding: str = "UTF-8"
    crs: str = ""
    notes: list[str] = field(default_factory=list)
    members: Mapping[str, Any] = field(default_factory=dict)
    problem: str = ""


def plain(value: Any) -> Any:
    """A property without markup: what a browser would run or show as HTML becomes the text in it."""
    if not isinstance(value, str):
        return value
    if not value.isascii() or "\0" in value:
        # Halves of characters and NULs, which JSON can write and no database keeps.
        value = value.encode("utf-8", "replace").decode().replace("\0", "")
    if not _MARKUP.search(value):
        return value
    cleaned = html.unescape(nh3.clean(_BREAKS.sub("\n", value), tags=set()))
    # What was written as &lt;script&gt; reads as a tag now, and must not be one either.
    if re.search(r"<[a-zA-Z/!?]", cleaned):
        cleaned = html.unescape(nh3.clean(cleaned, tags=set()))
    return re.sub(r"\n\s*\n+", "\n", cleaned).strip()
